package paper

import (
	"bytes"
	"image"
	_ "image/jpeg" // the two kinds of pictures that may be drawn
	_ "image/png"
	"time"
)

// Info is what a PDF says about itself.
type Info struct {
	Title, Author, Subject string
	// Created is the date in the file, never the clock: the same document gives
	// the same bytes. Zero leaves it out.
	Created time.Time
}

// Document is a number of pages. They are drawn first and turned into PDF or SVG
// afterwards, so that both look the same. The first error of a drawing call (a
// character that cannot be printed, a broken picture) is kept and returned by
// PDF and SVG.
type Document struct {
	info  Info
	pages []*Page
	err   error
}

// New begins a document without pages.
func New(info Info) *Document {
	d := &Document{info: info}
	return d
}

// Page adds a page; sizes and all positions are in millimetres from its upper
// left corner, sizes of type in points.
func (d *Document) Page(width, height float64) *Page {
	p := &Page{Width: width, Height: height, doc: d}
	d.pages = append(d.pages, p)
	return p
}

func (d *Document) fail(err error) {
	if d.err == nil {
		d.err = err
	}
}

// Page is one side of paper.
type Page struct {
	Width, Height float64
	doc           *Document
	marks         []mark
}

// Color is a colour of the screen's RGB; the zero Color is black.
type Color struct{ R, G, B uint8 }

// White is the colour of the paper.
var White = Color{255, 255, 255}

// Align says which part of a line stands at its x.
type Align int

// A line begins, is centred or ends at its x.
const (
	Left Align = iota
	Centre
	Right
)

// Style is how a text is set.
type Style struct {
	Size    float64 // points
	Spacing float64 // between two characters, in em
	Align   Align
	Color   Color
	Strong  bool // with a heavier stroke: the font has one weight
}

// point is the length of a typographic point in millimetres.
const point = 25.4 / 72

// canvas is what a page can be drawn on: a PDF or an SVG.
type canvas interface {
	text(text)
	rect(rect)
	line(line)
	picture(picture)
	shape(shape)
}

type mark interface{ put(canvas) }

type text struct {
	x, y, angle float64 // mm, baseline; degrees counter-clockwise about x, y
	line        []cluster
	style       Style
}

type rect struct {
	x, y, w, h, stroke float64 // stroke 0: filled
	color              Color
}

type line struct {
	x1, y1, x2, y2, stroke float64
	color                  Color
}

type picture struct {
	x, y, w, h float64
	kind       string // png or jpeg
	data       []byte
}

func (m text) put(c canvas)    { c.text(m) }
func (m rect) put(c canvas)    { c.rect(m) }
func (m line) put(c canvas)    { c.line(m) }
func (m picture) put(c canvas) { c.picture(m) }

// Text sets one line with its baseline at y.
func (p *Page) Text(x, y float64, s string, st Style) { p.Turned(x, y, 0, s, st) }

// Turned sets one line turned about x, y by an angle in degrees, counter-clockwise.
func (p *Page) Turned(x, y, angle float64, s string, st Style) {
	clusters := serif().clusters(s)
	for _, c := range clusters {
		if c.glyph == 0 {
			p.doc.fail(&UnprintableError{Char: c.char})
			return
		}
	}
	if len(clusters) > 0 {
		p.marks = append(p.marks, text{x, y, angle, clusters, st})
	}
}

// Paragraph sets s in lines of at most width, the first baseline at y and each
// other one leading (in em) below, and returns the baseline of the line that
// would follow.
func (p *Page) Paragraph(x, y, width float64, s string, st Style, leading float64) float64 {
	edge := x + width*float64(st.Align)/2
	for _, l := range Lines(s, width, st) {
		p.Text(edge, y, l, st)
		y += leading * st.Size * point
	}
	return y
}

// Line draws a line of the given thickness in millimetres.
func (p *Page) Line(x1, y1, x2, y2, stroke float64, c Color) {
	p.marks = append(p.marks, line{x1, y1, x2, y2, stroke, c})
}

// Frame draws a rectangle's edge; the edge lies half inside and half outside.
func (p *Page) Frame(x, y, w, h, stroke float64, c Color) {
	p.marks = append(p.marks, rect{x, y, w, h, stroke, c})
}

// Fill fills a rectangle.
func (p *Page) Fill(x, y, w, h float64, c Color) {
	p.marks = append(p.marks, rect{x, y, w, h, 0, c})
}

// Picture draws a PNG or JPEG as large as fits into the box, centred in it.
func (p *Page) Picture(x, y, w, h float64, data []byte) {
	size, kind, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		p.doc.fail(err)
		return
	}
	scale := min(w/float64(size.Width), h/float64(size.Height))
	pw, ph := scale*float64(size.Width), scale*float64(size.Height)
	p.marks = append(p.marks, picture{x + (w-pw)/2, y + (h-ph)/2, pw, ph, kind, data})
}

// Width is the length of a line in millimetres, spacing between its characters
// included.
func Width(s string, st Style) float64 { return width(serif().clusters(s), st) }

func width(line []cluster, st Style) float64 {
	f, units := serif(), 0
	for _, c := range line {
		units += f.advance(c.glyph)
	}
	em := float64(units)/float64(f.unitsPerEm) + st.Spacing*float64(max(len(line)-1, 0))
	return em * st.Size * point
}

// start is where the first character of an aligned line stands.
func (m text) start() float64 { return m.x - width(m.line, m.style)*float64(m.style.Align)/2 }

// Fitting is st with the largest size, at most its own, at which s is no wider
// than width (mm).
func Fitting(s string, width float64, st Style) Style {
	if w := Width(s, st); w > width {
		st.Size *= width / w
	}
	return st
}
