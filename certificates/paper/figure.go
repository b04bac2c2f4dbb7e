package paper

import (
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
)

// FigureSize is the width and height of an SVG picture in its own units, from its
// viewBox.
func FigureSize(svg string) (w, h float64, err error) {
	root, err := readFigure(svg)
	if err != nil {
		return 0, 0, err
	}
	return root.box[2], root.box[3], nil
}

// Figure draws an SVG picture as large as fits into the box, centred in it: shapes
// and text as vectors. It knows the part of SVG that figures of courses are made
// of; missing names what it left out (a gradient, a mask), nothing for all of ours.
func (p *Page) Figure(x, y, w, h float64, svg string) (missing []string) {
	root, err := readFigure(svg)
	if err != nil {
		p.doc.fail(err)
		return nil
	}
	scale := min(w/root.box[2], h/root.box[3])
	d := &figureDrawing{page: p}
	at := matrix{scale, 0, 0, scale, x + (w-scale*root.box[2])/2 - scale*root.box[0], y + (h-scale*root.box[3])/2 - scale*root.box[1]}
	black := Color{}
	d.children(root.element, look{fill: &black, width: 1, size: 16, opacity: 1, fillOpacity: 1, lineOpacity: 1}, at)
	return d.missing
}

type figureRoot struct {
	*element
	box [4]float64
}

// element is an element of SVG with what is in it; text has no name.
type element struct {
	name  string
	attrs map[string]string
	text  string
	inner []*element
}

func readFigure(svg string) (*figureRoot, error) {
	dec := xml.NewDecoder(strings.NewReader(svg))
	top := &element{}
	open := []*element{top}
	for {
		token, err := dec.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("paper: reading a figure: %w", err)
		}
		here := open[len(open)-1]
		switch t := token.(type) {
		case xml.StartElement:
			e := &element{name: t.Name.Local, attrs: map[string]string{}}
			for _, a := range t.Attr {
				e.attrs[a.Name.Local] = a.Value
			}
			here.inner = append(here.inner, e)
			open = append(open, e)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			here.inner = append(here.inner, &element{text: string(t)})
		}
	}
	at := slices.IndexFunc(top.inner, func(e *element) bool { return e.name == "svg" })
	if at < 0 {
		return nil, fmt.Errorf("paper: a figure without <svg>")
	}
	root := &figureRoot{element: top.inner[at]}
	n, _ := numbers(root.attrs["viewBox"])
	if len(n) != 4 || n[2] <= 0 || n[3] <= 0 {
		return nil, fmt.Errorf("paper: a figure without a viewBox")
	}
	copy(root.box[:], n)
	return root, nil
}

// look is what an element inherits.
type look struct {
	fill, line  *Color
	width, size float64 // in units of the picture
	dash        []float64
	round       bool
	evenOdd     bool
	strong      bool
	align       Align
	opacity     float64
	fillOpacity float64
	lineOpacity float64
	middle      bool // dominant-baseline: central
}

// matrix is a transformation: x' = a·x + c·y + e, y' = b·x + d·y + f.
type matrix [6]float64

func (m matrix) times(n matrix) matrix {
	return matrix{
		m[0]*n[0] + m[2]*n[1], m[1]*n[0] + m[3]*n[1], m[0]*n[2] + m[2]*n[3], m[1]*n[2] + m[3]*n[3],
		m[0]*n[4] + m[2]*n[5] + m[4], m[1]*n[4] + m[3]*n[5] + m[5],
	}
}

func (m matrix) at(x, y float64) [2]float64 {
	return [2]float64{m[0]*x + m[2]*y + m[4], m[1]*x + m[3]*y + m[5]}
}

// scale is how long a unit becomes.
func (m matrix) scale() float64 { return math.Sqrt(math.Abs(m[0]*m[3] - m[1]*m[2])) }

type figureDrawing struct {
	page    *Page
	missing []string
}

func (d *figureDrawing) miss(what string) {
	if !slices.Contains(d.missing, what) {
		d.missing = append(d.missing, what)
	}
}

// drawn are the attributes that look, shapes and texts read, and those that change
// nothing here.
var drawn = strings.Fields(`viewBox width height x y x1 y1 x2 y2 cx cy r rx ry d points dx dy transform
	fill fill-opacity fill-rule stroke stroke-width stroke-linecap stroke-linejoin stroke-miterlimit
	stroke-dasharray stroke-opacity opacity color font-family font-size font-weight text-anchor dominant-baseline
	xmlns id role aria-labelledby aria-describedby preserveAspectRatio`)

func (d *figureDrawing) children(e *element, l look, m matrix) {
	for _, child := range e.inner {
		if child.name != "" {
			d.element(child, l, m)
		}
	}
}

func (d *figureDrawing) element(e *element, l look, m matrix) {
	for name := range e.attrs {
		if !slices.Contains(drawn, name) {
			d.miss(name)
		}
	}
	l = d.look(e, l)
	if t := e.attrs["transform"]; t != "" {
		n, ok := readTransform(t)
		if !ok {
			d.miss("transform")
		}
		m = m.times(n)
	}
	switch e.name {
	case "g", "svg":
		d.children(e, l, m)
	case "text":
		d.text(e, l, m)
	case "title", "desc", "metadata", "defs":
		if e.name == "defs" && len(e.inner) > 0 {
			d.miss("defs")
		}
	default:
		o, ok := e.outline()
		if !ok {
			d.miss(e.name)
			return
		}
		d.shape(e.name, o, l, m)
	}
}

func (d *figureDrawing) shape(name string, o Outline, l look, m matrix) {
	for i := range o.steps {
		for j := range o.steps[i].points {
			o.steps[i].points[j] = m.at(o.steps[i].points[j][0], o.steps[i].points[j][1])
		}
	}
	paint := Paint{Fill: l.mixed(l.fill, l.fillOpacity), Line: l.mixed(l.line, l.lineOpacity), Width: l.width * m.scale(), Round: l.round, EvenOdd: l.evenOdd}
	if name == "line" {
		paint.Fill = nil
	}
	for _, n := range l.dash {
		paint.Dash = append(paint.Dash, n*m.scale())
	}
	d.page.Shape(o, paint)
}

// look is what e looks like among elements that look like l.
func (d *figureDrawing) look(e *element, l look) look {
	l.opacity *= number(e.attrs["opacity"], 1)
	l.fillOpacity, l.lineOpacity = number(e.attrs["fill-opacity"], l.fillOpacity), number(e.attrs["stroke-opacity"], l.lineOpacity)
	if v, set := e.attrs["fill"]; set {
		l.fill = d.color(v)
	}
	if v, set := e.attrs["stroke"]; set {
		l.line = d.color(v)
	}
	l.width, l.size = number(e.attrs["stroke-width"], l.width), number(e.attrs["font-size"], l.size)
	if v, set := e.attrs["stroke-dasharray"]; set {
		l.dash, _ = numbers(v)
	}
	if v := e.attrs["stroke-linecap"] + e.attrs["stroke-linejoin"]; v != "" {
		l.round = strings.Contains(v, "round")
	}
	if v := e.attrs["fill-rule"]; v != "" {
		l.evenOdd = v == "evenodd"
	}
	if v := e.attrs["font-weight"]; v != "" {
		l.strong = v == "bold" || number(v, 400) >= 600
	}
	if v := e.attrs["text-anchor"]; v != "" {
		l.align = map[string]Align{"middle": Centre, "end": Right}[v]
	}
	if v := e.attrs["dominant-baseline"]; v != "" {
		l.middle = v == "middle" || v == "central"
	}
	return l
}

// color reads a colour, nil for none.
func (d *figureDrawing) color(v string) *Color {
	c, known := readColor(strings.ToLower(strings.TrimSpace(v)))
	if !known {
		d.miss(v)
		return &Color{}
	}
	return c
}

// mixed is what is seen of a colour through which the white of the paper shines.
func (l look) mixed(c *Color, opacity float64) *Color {
	if opacity *= l.opacity; c == nil || opacity >= 1 {
		return c
	}
	mix := func(b uint8) uint8 { return uint8(math.Round(255 - opacity*(255-float64(b)))) }
	return &Color{mix(c.R), mix(c.G), mix(c.B)}
}

func readColor(v string) (c *Color, known bool) {
	switch {
	case v == "none" || v == "transparent":
		return nil, true
	case v == "black" || v == "currentcolor":
		return &Color{}, true
	case v == "white":
		return &Color{255, 255, 255}, true
	case strings.HasPrefix(v, "rgb("):
		n, ok := numbers(strings.TrimSuffix(strings.TrimPrefix(v, "rgb("), ")"))
		if !ok || len(n) != 3 {
			return nil, false
		}
		return &Color{uint8(n[0]), uint8(n[1]), uint8(n[2])}, true
	}
	hex, found := strings.CutPrefix(v, "#")
	if len(hex) == 3 {
		hex = string([]byte{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]})
	}
	n, err := strconv.ParseUint(hex, 16, 32)
	if !found || err != nil || len(hex) != 6 {
		return nil, false
	}
	return &Color{uint8(n >> 16), uint8(n >> 8), uint8(n)}, true
}

func number(s string, otherwise float64) float64 {
	if n, ok := numbers(strings.TrimSuffix(strings.TrimSpace(s), "px")); ok && len(n) == 1 {
		return n[0]
	}
	return otherwise
}
