package paper

import (
	"math"
	"strconv"
	"strings"
)

// outline is a shape of SVG, and false for what is none.
func (e *element) outline() (o Outline, ok bool) {
	n := func(name string) float64 { return number(e.attrs[name], 0) }
	switch e.name {
	case "path":
		return readPath(e.attrs["d"])
	case "rect":
		rx, ry := number(e.attrs["rx"], n("ry")), number(e.attrs["ry"], n("rx"))
		if rx == 0 || ry == 0 {
			return corners(true, n("x"), n("y"), n("x")+n("width"), n("y"), n("x")+n("width"), n("y")+n("height"), n("x"), n("y")+n("height")), true
		}
		return roundBox(n("x"), n("y"), n("width"), n("height"), rx, ry), true
	case "circle":
		return roundBox(n("cx")-n("r"), n("cy")-n("r"), 2*n("r"), 2*n("r"), n("r"), n("r")), true
	case "ellipse":
		return roundBox(n("cx")-n("rx"), n("cy")-n("ry"), 2*n("rx"), 2*n("ry"), n("rx"), n("ry")), true
	case "line":
		return corners(false, n("x1"), n("y1"), n("x2"), n("y2")), true
	case "polyline", "polygon":
		list, ok := numbers(e.attrs["points"])
		return corners(e.name == "polygon", list...), ok && len(list)%2 == 0
	}
	return o, false
}

// corners is straight lines from point to point.
func corners(closed bool, list ...float64) (o Outline) {
	for i := 0; i+1 < len(list); i += 2 {
		if i == 0 {
			o.MoveTo(list[0], list[1])
		} else {
			o.LineTo(list[i], list[i+1])
		}
	}
	if closed {
		o.Close()
	}
	return o
}

// pathReader reads the data of a path: https://www.w3.org/TR/SVG11/paths.html
type pathReader struct {
	rest       string
	o          Outline
	x, y       float64 // where the pen stands
	x0, y0     float64 // where this part began
	lastX      float64 // the last control point, for smooth curves
	lastY      float64
	smooth     byte // C or Q when the last step was such a curve
	incomplete bool
}

func readPath(d string) (Outline, bool) {
	r := &pathReader{rest: d}
	command := byte(0)
	for {
		r.skip()
		if r.rest == "" || r.incomplete {
			return r.o, !r.incomplete
		}
		if c := r.rest[0]; c >= 'A' && c <= 'z' {
			command, r.rest = c, r.rest[1:]
		} else if command == 0 {
			return r.o, false
		}
		if !r.step(command) {
			return r.o, false
		}
		switch command { // more pairs after a move are lines
		case 'M':
			command = 'L'
		case 'm':
			command = 'l'
		case 'Z', 'z':
			command = 0
		}
	}
}

func (r *pathReader) skip() { r.rest = strings.TrimLeft(r.rest, " ,\t\r\n") }

// next reads a number; of numbers in a row nothing need stand between.
func (r *pathReader) next() float64 {
	r.skip()
	end, point, exponent := 0, false, false
	for end < len(r.rest) {
		c := r.rest[end]
		switch {
		case c >= '0' && c <= '9':
		case (c == '-' || c == '+') && (end == 0 || r.rest[end-1]|0x20 == 'e'):
		case c == '.' && !point && !exponent:
			point = true
		case c|0x20 == 'e' && !exponent && end > 0:
			exponent = true
		default:
			goto done
		}
		end++
	}
done:
	n, err := strconv.ParseFloat(r.rest[:end], 64)
	if err != nil {
		r.incomplete = true
		return 0
	}
	r.rest = r.rest[end:]
	return n
}

// flag reads 0 or 1, after which a number may stand at once.
func (r *pathReader) flag() bool {
	r.skip()
	if r.rest == "" || r.rest[0] != '0' && r.rest[0] != '1' {
		r.incomplete = true
		return false
	}
	on := r.rest[0] == '1'
	r.rest = r.rest[1:]
	return on
}

// pair reads a point; small letters count from where the pen stands.
func (r *pathReader) pair(relative bool) (x, y float64) {
	x, y = r.next(), r.next()
	if relative {
		x, y = x+r.x, y+r.y
	}
	return x, y
}

func (r *pathReader) step(command byte) bool {
	relative := command >= 'a'
	smooth := byte(0)
	switch command &^ 0x20 {
	case 'M':
		r.x, r.y = r.pair(relative)
		r.x0, r.y0 = r.x, r.y
		r.o.MoveTo(r.x, r.y)
	case 'L':
		r.x, r.y = r.pair(relative)
		r.o.LineTo(r.x, r.y)
	case 'H':
		r.x = r.next() + on(relative, r.x)
		r.o.LineTo(r.x, r.y)
	case 'V':
		r.y = r.next() + on(relative, r.y)
		r.o.LineTo(r.x, r.y)
	case 'C', 'S':
		smooth = 'C'
		r.cubic(command, relative)
	case 'Q', 'T':
		smooth = 'Q'
		r.quadratic(command, relative)
	case 'A':
		rx, ry, turn := r.next(), r.next(), r.next()
		large, sweep := r.flag(), r.flag()
		x, y := r.pair(relative)
		r.o.arc(r.x, r.y, rx, ry, turn*math.Pi/180, large, sweep, x, y)
		r.x, r.y = x, y
	case 'Z':
		r.x, r.y = r.x0, r.y0
		r.o.Close()
	default:
		return false
	}
	r.smooth = smooth
	return !r.incomplete
}

func on(yes bool, v float64) float64 {
	if yes {
		return v
	}
	return 0
}

// mirrored is the control point of a smooth curve.
func (r *pathReader) mirrored(after byte) (x, y float64) {
	if r.smooth != after {
		return r.x, r.y
	}
	return 2*r.x - r.lastX, 2*r.y - r.lastY
}

func (r *pathReader) cubic(command byte, relative bool) {
	x1, y1 := r.mirrored('C')
	if command|0x20 == 'c' {
		x1, y1 = r.pair(relative)
	}
	r.lastX, r.lastY = r.pair(relative)
	x, y := r.pair(relative)
	r.o.CurveTo(x1, y1, r.lastX, r.lastY, x, y)
	r.x, r.y = x, y
}

func (r *pathReader) quadratic(command byte, relative bool) {
	cx, cy := r.mirrored('Q')
	if command|0x20 == 'q' {
		cx, cy = r.pair(relative)
	}
	x, y := r.pair(relative)
	r.o.CurveTo(r.x+2*(cx-r.x)/3, r.y+2*(cy-r.y)/3, x+2*(cx-x)/3, y+2*(cy-y)/3, x, y)
	r.lastX, r.lastY, r.x, r.y = cx, cy, x, y
}

// arc draws an arc of an ellipse as curves of at most a quarter each:
// https://www.w3.org/TR/SVG11/implnote.html#ArcImplementationNotes
func (o *Outline) arc(x1, y1, rx, ry, turn float64, large, sweep bool, x2, y2 float64) {
	rx, ry = math.Abs(rx), math.Abs(ry)
	if rx == 0 || ry == 0 || x1 == x2 && y1 == y2 {
		o.LineTo(x2, y2)
		return
	}
	sin, cos := math.Sincos(turn)
	px, py := cos*(x1-x2)/2+sin*(y1-y2)/2, -sin*(x1-x2)/2+cos*(y1-y2)/2
	if s := math.Sqrt(px*px/(rx*rx) + py*py/(ry*ry)); s > 1 {
		rx, ry = rx*s, ry*s
	}
	k := math.Sqrt(max(0, (rx*rx*ry*ry-rx*rx*py*py-ry*ry*px*px)/(rx*rx*py*py+ry*ry*px*px)))
	if large == sweep {
		k = -k
	}
	cx, cy := k*rx*py/ry, -k*ry*px/rx
	from := math.Atan2((py-cy)/ry, (px-cx)/rx)
	angle := math.Atan2((-py-cy)/ry, (-px-cx)/rx) - from
	if sweep && angle < 0 {
		angle += 2 * math.Pi
	} else if !sweep && angle > 0 {
		angle -= 2 * math.Pi
	}
	m := matrix{cos * rx, sin * rx, -sin * ry, cos * ry, cos*cx - sin*cy + (x1+x2)/2, sin*cx + cos*cy + (y1+y2)/2}
	n := max(1, int(math.Ceil(math.Abs(angle)/(math.Pi/2)-1e-9)))
	t := 4.0 / 3 * math.Tan(angle/float64(n)/4)
	for i := range n {
		s0, c0 := math.Sincos(from + angle*float64(i)/float64(n))
		s1, c1 := math.Sincos(from + angle*float64(i+1)/float64(n))
		o.add('C', m.at(c0-t*s0, s0+t*c0), m.at(c1+t*s1, s1-t*c1), m.at(c1, s1))
	}
}

// numbers reads a list of numbers.
func numbers(s string) (list []float64, ok bool) {
	r := &pathReader{rest: s}
	for r.skip(); r.rest != ""; r.skip() {
		n := r.next()
		if r.incomplete {
			return list, false
		}
		list = append(list, n)
	}
	return list, true
}

func readTransform(s string) (m matrix, ok bool) {
	m = matrix{1, 0, 0, 1, 0, 0}
	for s = strings.TrimLeft(s, " ,"); s != ""; s = strings.TrimLeft(s, " ,") {
		name, rest, found := strings.Cut(s, "(")
		inside, after, closed := strings.Cut(rest, ")")
		n, read := numbers(inside)
		one, known := transform(strings.TrimSpace(name), n)
		if !found || !closed || !read || !known {
			return m, false
		}
		m, s = m.times(one), after
	}
	return m, true
}

func transform(name string, n []float64) (matrix, bool) {
	switch {
	case name == "matrix" && len(n) == 6:
		return matrix(n), true
	case name == "translate" && (len(n) == 1 || len(n) == 2):
		return matrix{1, 0, 0, 1, n[0], append(n, 0)[1]}, true
	case name == "scale" && (len(n) == 1 || len(n) == 2):
		return matrix{n[0], 0, 0, append(n, n[0])[1], 0, 0}, true
	case name == "rotate" && len(n) == 1:
		sin, cos := math.Sincos(n[0] * math.Pi / 180)
		return matrix{cos, sin, -sin, cos, 0, 0}, true
	case name == "rotate" && len(n) == 3:
		turn, _ := transform("rotate", n[:1])
		return matrix{1, 0, 0, 1, n[1], n[2]}.times(turn).times(matrix{1, 0, 0, 1, -n[1], -n[2]}), true
	case name == "skewX" && len(n) == 1:
		return matrix{1, 0, math.Tan(n[0] * math.Pi / 180), 1, 0, 0}, true
	case name == "skewY" && len(n) == 1:
		return matrix{1, math.Tan(n[0] * math.Pi / 180), 0, 1, 0, 0}, true
	}
	return matrix{}, false
}
