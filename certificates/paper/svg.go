package paper

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"io"
	"strings"
)

// SVG writes one page (0 is the first) as a picture that looks as it prints:
// letters are outlines of the same font, so the reader's fonts do not matter.
func (d *Document) SVG(w io.Writer, page int) error {
	if d.err != nil {
		return d.err
	}
	p := d.pages[page]
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, `<svg xmlns="http://www.w3.org/2000/svg" width="%gmm" height="%gmm" viewBox="0 0 %g %g" role="img"><title>%s</title>`,
		p.Width, p.Height, p.Width, p.Height, escape(d.info.Title))
	fmt.Fprintf(b, `<path fill="#fff" d="M0 0h%gv%gH0z"/>`, p.Width, p.Height)
	c := &svgCanvas{w: b, glyphs: newGlyphSet(serif())}
	for _, m := range p.marks {
		m.put(c)
	}
	b.WriteString(`</svg>`)
	return b.Flush()
}

// svgCanvas defines a glyph where it is first used and refers to it afterwards.
type svgCanvas struct {
	w      *bufio.Writer
	glyphs *glyphSet
}

func (c *svgCanvas) text(m text) {
	f := c.glyphs.font
	scale := m.style.Size * point / float64(f.unitsPerEm)
	turn := ""
	if m.angle != 0 {
		turn = fmt.Sprintf("rotate(%g %s %s) ", -m.angle, mm(m.x), mm(m.y))
	}
	paint := `fill="` + hex(m.style.Color) + `"`
	if m.style.Strong {
		paint += fmt.Sprintf(` stroke="%s" stroke-width="%.0f"`, hex(m.style.Color), heavier*float64(f.unitsPerEm))
	}
	fmt.Fprintf(c.w, `<g %s transform="%stranslate(%s %s) scale(%.6f)">`, paint, turn, mm(m.start()), mm(m.y), scale)
	x := 0.0
	for _, g := range m.line {
		c.glyph(g, x)
		x += float64(f.advance(g.glyph)) + m.style.Spacing*float64(f.unitsPerEm)
	}
	c.w.WriteString(`</g>`)
}

func (c *svgCanvas) glyph(g cluster, x float64) {
	n, seen := c.glyphs.numbers[g.text]
	if seen {
		fmt.Fprintf(c.w, `<use href="#g%d" x="%.0f"/>`, n, x)
		return
	}
	c.glyphs.add([]cluster{g})
	if d := c.glyphs.font.svgPath(g.glyph); len(d) > 0 {
		fmt.Fprintf(c.w, `<g transform="translate(%.0f)"><path id="g%d" d="%s"/></g>`, x, c.glyphs.numbers[g.text], d)
	} else {
		fmt.Fprintf(c.w, `<path id="g%d"/>`, c.glyphs.numbers[g.text])
	}
}

func (c *svgCanvas) rect(m rect) {
	paint := fmt.Sprintf(`fill="%s"`, hex(m.color))
	if m.stroke > 0 {
		paint = fmt.Sprintf(`fill="none" stroke="%s" stroke-width="%s"`, hex(m.color), mm(m.stroke))
	}
	fmt.Fprintf(c.w, `<path %s d="M%s %sh%sv%sh-%sz"/>`, paint, mm(m.x), mm(m.y), mm(m.w), mm(m.h), mm(m.w))
}

func (c *svgCanvas) line(m line) {
	fmt.Fprintf(c.w, `<path stroke="%s" stroke-width="%s" d="M%s %sL%s %s"/>`, hex(m.color), mm(m.stroke), mm(m.x1), mm(m.y1), mm(m.x2), mm(m.y2))
}

func (c *svgCanvas) picture(m picture) {
	fmt.Fprintf(c.w, `<image x="%s" y="%s" width="%s" height="%s" href="data:image/%s;base64,%s"/>`,
		mm(m.x), mm(m.y), mm(m.w), mm(m.h), m.kind, base64.StdEncoding.EncodeToString(m.data))
}

func hex(c Color) string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }

// mm is a length to a thousandth of a millimetre, without trailing zeros.
func mm(v float64) string {
	s := strings.TrimRight(strings.TrimRight(fmt.Sprintf("%.3f", v), "0"), ".")
	if s == "-0" {
		return "0"
	}
	return s
}

var escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;").Replace
