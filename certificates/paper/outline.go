package paper

import "strconv"

type vertex struct {
	x, y float64
	on   bool // on the curve
}

// contours are the closed curves of a glyph in units of the em, y upwards. The
// font composes no glyph of others (readFont makes sure of it).
// https://learn.microsoft.com/typography/opentype/spec/glyf
func (f *font) contours(glyph int) [][]vertex {
	at, size := f.outline(glyph)
	if size == 0 || f.i16(at) <= 0 {
		return nil
	}
	n, ends := f.i16(at), at+10
	count := f.u16(ends+2*(n-1)) + 1
	flags := make([]byte, 0, count)
	at = ends + 2*n + 2 + f.u16(ends+2*n)
	for len(flags) < count {
		flag, again := f.data[at], 0
		at++
		if flag&8 != 0 {
			again = int(f.data[at])
			at++
		}
		for range again + 1 {
			flags = append(flags, flag)
		}
	}
	points := make([]vertex, count)
	at = f.coordinates(at, flags, 2, 16, func(i, v int) { points[i].x = float64(v); points[i].on = flags[i]&1 != 0 })
	f.coordinates(at, flags, 4, 32, func(i, v int) { points[i].y = float64(v) })
	contours, from := make([][]vertex, n), 0
	for i := range n {
		to := f.u16(ends+2*i) + 1
		contours[i], from = points[from:to], to
	}
	return contours
}

// coordinates reads the x or the y of all points; short and same are the flags
// of that axis.
func (f *font) coordinates(at int, flags []byte, short, same byte, set func(i, v int)) int {
	v := 0
	for i, flag := range flags {
		switch {
		case flag&short != 0:
			d := int(f.data[at])
			at++
			if flag&same == 0 {
				d = -d
			}
			v += d
		case flag&same == 0:
			v += f.i16(at)
			at += 2
		}
		set(i, v)
	}
	return at
}

// svgPath is the outline of a glyph as the data of an SVG path, in units of the
// em with y downwards as on a screen.
func (f *font) svgPath(glyph int) []byte {
	var d []byte
	for _, c := range f.contours(glyph) {
		d = appendContour(d, c)
	}
	return d
}

func appendContour(d []byte, c []vertex) []byte {
	if len(c) == 0 {
		return d
	}
	start := c[0]
	if !start.on { // a contour may begin between two of its points
		start = middle(c[len(c)-1], c[0])
		if c[len(c)-1].on {
			start = c[len(c)-1]
		}
	}
	d = appendTo(d, 'M', start)
	for i, p := range c {
		next := c[(i+1)%len(c)]
		switch {
		case p.on && i > 0:
			if c[i-1].on {
				d = appendTo(d, 'L', p)
			}
		case !p.on && next.on:
			d = appendTo(appendTo(d, 'Q', p), ' ', next)
		case !p.on:
			d = appendTo(appendTo(d, 'Q', p), ' ', middle(p, next))
		}
	}
	return append(d, 'Z')
}

func middle(a, b vertex) vertex { return vertex{(a.x + b.x) / 2, (a.y + b.y) / 2, true} }

func appendTo(d []byte, command byte, p vertex) []byte {
	d = strconv.AppendFloat(append(d, command), p.x, 'f', -1, 64)
	return strconv.AppendFloat(append(d, ' '), 0-p.y, 'f', -1, 64)
}
