package paper

import (
	"bytes"
	"fmt"

	"github.com/signintech/gopdf"
)

// PDF is the document as a PDF 1.7 file with its font embedded. The same document
// gives the same bytes in every run of one program version.
func (d *Document) PDF() ([]byte, error) {
	if d.err != nil {
		return nil, d.err
	}
	glyphs := newGlyphSet(serif())
	for _, p := range d.pages {
		for _, m := range p.marks {
			if t, ok := m.(text); ok {
				glyphs.add(t.line)
			}
		}
	}
	c := &pdfCanvas{glyphs: glyphs, family: glyphs.name()}
	if err := c.draw(d.pages); err != nil {
		return nil, fmt.Errorf("drawing a PDF: %w", err)
	}
	var b bytes.Buffer
	if _, err := c.gp.WriteTo(&b); err != nil {
		return nil, fmt.Errorf("writing a PDF: %w", err)
	}
	return finish(b.Bytes(), d.info, glyphs, c.raws)
}

// pdfCanvas draws on gopdf, in points, and keeps the first error.
type pdfCanvas struct {
	gp     gopdf.GoPdf
	glyphs *glyphSet
	family string
	height float64  // of the page, mm
	raws   []string // operators that gopdf does not know
	err    error
}

func (c *pdfCanvas) draw(pages []*Page) error {
	size := func(p *Page) *gopdf.Rect { return &gopdf.Rect{W: p.Width / point, H: p.Height / point} }
	c.gp.Start(gopdf.Config{PageSize: *size(pages[0])})
	if len(c.glyphs.list) > 0 {
		if err := c.gp.AddTTFFontData(c.family, c.glyphs.file()); err != nil {
			return err
		}
	}
	for _, p := range pages {
		c.gp.AddPageWithOption(gopdf.PageOption{PageSize: size(p)})
		c.height = p.Height
		c.gp.SetLineWidth(1) // a page needs content, also when it is empty
		for _, m := range p.marks {
			m.put(c)
		}
	}
	return c.err
}

func (c *pdfCanvas) keep(err error) {
	if c.err == nil {
		c.err = err
	}
}

// heavier is how wide the line around a strong letter is, in em.
const heavier = 0.032

func (c *pdfCanvas) text(m text) {
	s := m.style
	if m.angle != 0 {
		c.gp.Rotate(m.angle, m.x/point, m.y/point)
		defer c.gp.RotateReset()
	}
	if s.Strong {
		c.raw(fmt.Sprintf("q\n2 Tr %.3f w %s RG\n", heavier*s.Size, pdfColor(s.Color)))
		defer c.raw("Q\n")
	}
	c.gp.SetTextColor(s.Color.R, s.Color.G, s.Color.B)
	c.keep(c.gp.SetFont(c.family, "", s.Size))
	c.keep(c.gp.SetCharSpacing(s.Spacing * s.Size))
	c.gp.SetXY(m.start()/point, m.y/point)
	c.keep(c.gp.Text(c.glyphs.chars(m.line)))
}

func (c *pdfCanvas) rect(m rect) {
	x, y, w, h := m.x/point, m.y/point, m.w/point, m.h/point
	if m.stroke == 0 {
		c.gp.SetFillColor(m.color.R, m.color.G, m.color.B)
		c.gp.RectFromUpperLeftWithStyle(x, y, w, h, "F")
		return
	}
	c.gp.SetStrokeColor(m.color.R, m.color.G, m.color.B)
	c.gp.SetLineWidth(m.stroke / point)
	c.gp.RectFromUpperLeftWithStyle(x, y, w, h, "D")
}

func (c *pdfCanvas) line(m line) {
	c.gp.SetStrokeColor(m.color.R, m.color.G, m.color.B)
	c.gp.SetLineWidth(m.stroke / point)
	c.gp.Line(m.x1/point, m.y1/point, m.x2/point, m.y2/point)
}

func (c *pdfCanvas) picture(m picture) {
	img, err := gopdf.ImageHolderByBytes(m.data)
	if err != nil {
		c.keep(err)
		return
	}
	c.keep(c.gp.ImageByHolder(img, m.x/point, m.y/point, &gopdf.Rect{W: m.w / point, H: m.h / point}))
}
