package paper

import (
	"bytes"
	"fmt"
	"strings"
)

// Outline is lines and curves on a page, in millimetres from its upper left
// corner. The zero Outline is empty.
type Outline struct{ steps []step }

// step goes to the last of its points: with one a straight line, with three a
// cubic Bézier curve.
type step struct {
	kind   byte // M, L, C, Z as in SVG
	points [3][2]float64
}

// MoveTo begins a new part of the outline.
func (o *Outline) MoveTo(x, y float64) { o.add('M', [2]float64{x, y}) }

// LineTo draws a straight line.
func (o *Outline) LineTo(x, y float64) { o.add('L', [2]float64{x, y}) }

// CurveTo draws a cubic Bézier curve with two control points.
func (o *Outline) CurveTo(x1, y1, x2, y2, x, y float64) {
	o.add('C', [2]float64{x1, y1}, [2]float64{x2, y2}, [2]float64{x, y})
}

// Close joins the part's end with its beginning.
func (o *Outline) Close() { o.add('Z') }

func (o *Outline) add(kind byte, points ...[2]float64) {
	s := step{kind: kind}
	copy(s.points[:], points)
	o.steps = append(o.steps, s)
}

// corner is how far the control points of a quarter of a circle stand out.
const corner = 0.5522847498

// RoundBox is a rectangle whose corners are rounded.
func RoundBox(x, y, w, h, radius float64) Outline { return roundBox(x, y, w, h, radius, radius) }

func roundBox(x, y, w, h, rx, ry float64) (o Outline) {
	rx, ry = min(rx, w/2), min(ry, h/2)
	cx, cy := rx*(1-corner), ry*(1-corner)
	o.MoveTo(x+rx, y)
	o.LineTo(x+w-rx, y)
	o.CurveTo(x+w-cx, y, x+w, y+cy, x+w, y+ry)
	o.LineTo(x+w, y+h-ry)
	o.CurveTo(x+w, y+h-cy, x+w-cx, y+h, x+w-rx, y+h)
	o.LineTo(x+rx, y+h)
	o.CurveTo(x+cx, y+h, x, y+h-cy, x, y+h-ry)
	o.LineTo(x, y+ry)
	o.CurveTo(x, y+cy, x+cx, y, x+rx, y)
	o.Close()
	return o
}

// Paint says how an outline is drawn; nil colours leave the inside or the line out.
type Paint struct {
	Fill, Line *Color
	Width      float64   // of the line, mm
	Dash       []float64 // mm drawn and left out by turns; empty for a whole line
	Round      bool      // ends and corners of the line
	EvenOdd    bool      // which parts are inside, as SVG's fill-rule evenodd
}

type shape struct {
	outline Outline
	paint   Paint
}

func (m shape) put(c canvas) { c.shape(m) }

// Shape draws an outline.
func (p *Page) Shape(o Outline, how Paint) {
	if len(o.steps) > 0 && (how.Fill != nil || how.Line != nil) {
		p.marks = append(p.marks, shape{o, how})
	}
}

// shape in a PDF is written in its own operators (PDF 32000-1, 8.5): gopdf has no
// curves with an inside.
func (c *pdfCanvas) shape(m shape) {
	var b bytes.Buffer
	b.WriteString("q\n")
	if f := m.paint.Fill; f != nil {
		fmt.Fprintf(&b, "%s rg\n", pdfColor(*f))
	}
	if l := m.paint.Line; l != nil {
		fmt.Fprintf(&b, "%s RG %.3f w\n", pdfColor(*l), m.paint.Width/point)
		if m.paint.Round {
			b.WriteString("1 J 1 j\n")
		}
		dash := make([]float64, len(m.paint.Dash))
		for i, d := range m.paint.Dash {
			dash[i] = d / point
		}
		fmt.Fprintf(&b, "%.3f 0 d\n", dash)
	}
	for _, s := range m.outline.steps {
		for _, at := range s.points[:s.count()] {
			fmt.Fprintf(&b, "%.3f %.3f ", at[0]/point, (c.height-at[1])/point)
		}
		b.WriteString(map[byte]string{'M': "m\n", 'L': "l\n", 'C': "c\n", 'Z': "h\n"}[s.kind])
	}
	b.WriteString(m.paint.operator() + "\nQ\n")
	c.raw(b.String())
}

func (s step) count() int { return map[byte]int{'M': 1, 'L': 1, 'C': 3}[s.kind] }

func (p Paint) operator() string {
	switch {
	case p.Fill == nil:
		return "S"
	case p.EvenOdd && p.Line == nil:
		return "f*"
	case p.EvenOdd:
		return "B*"
	case p.Line == nil:
		return "f"
	}
	return "B"
}

func pdfColor(c Color) string {
	return fmt.Sprintf("%.3f %.3f %.3f", float64(c.R)/255, float64(c.G)/255, float64(c.B)/255)
}

func (c *svgCanvas) shape(m shape) {
	var b strings.Builder
	for _, s := range m.outline.steps {
		b.WriteByte(s.kind)
		for _, at := range s.points[:s.count()] {
			b.WriteString(mm(at[0]) + " " + mm(at[1]) + " ")
		}
	}
	paint := `fill="none"`
	if f := m.paint.Fill; f != nil {
		paint = fmt.Sprintf(`fill="%s"`, hex(*f))
	}
	if m.paint.EvenOdd {
		paint += ` fill-rule="evenodd"`
	}
	if l := m.paint.Line; l != nil {
		paint += fmt.Sprintf(` stroke="%s" stroke-width="%s"`, hex(*l), mm(m.paint.Width))
		if m.paint.Round {
			paint += ` stroke-linecap="round" stroke-linejoin="round"`
		}
		if len(m.paint.Dash) > 0 {
			paint += fmt.Sprintf(` stroke-dasharray="%s"`, strings.Trim(fmt.Sprint(m.paint.Dash), "[]"))
		}
	}
	fmt.Fprintf(c.w, `<path %s d="%s"/>`, paint, strings.TrimSpace(b.String()))
}
