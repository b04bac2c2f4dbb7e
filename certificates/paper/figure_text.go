package paper

import (
	"math"
	"strings"
)

// chunk is a piece of a figure's text that is aligned as one: it begins where an x
// or a y is given.
type chunk struct {
	x, y   float64
	pieces []chunkPiece
}

type chunkPiece struct {
	text   string
	look   look
	dx, dy float64
}

// text draws <text> with its <tspan>s.
func (d *figureDrawing) text(e *element, l look, m matrix) {
	t := &figureText{drawing: d}
	t.gather(e, l)
	for _, c := range t.chunks {
		c.draw(d.page, m)
	}
}

type figureText struct {
	drawing *figureDrawing
	chunks  []chunk
	x, y    float64
}

func (t *figureText) gather(e *element, l look) {
	x, hasX := e.attrs["x"]
	y, hasY := e.attrs["y"]
	if len(t.chunks) == 0 || hasX || hasY {
		t.x, t.y = number(x, t.x), number(y, t.y)
		t.chunks = append(t.chunks, chunk{x: t.x, y: t.y})
	}
	dx, dy := number(e.attrs["dx"], 0), number(e.attrs["dy"], 0)
	for _, child := range e.inner {
		switch child.name {
		case "":
			if s := strings.Join(strings.Fields(child.text), " "); s != "" {
				c := &t.chunks[len(t.chunks)-1]
				c.pieces = append(c.pieces, chunkPiece{s, l, dx, dy})
				dx, dy = 0, 0
			}
		case "tspan":
			for name := range child.attrs {
				if name == "transform" {
					t.drawing.miss("tspan transform")
				}
			}
			t.gather(child, t.drawing.look(child, l))
		default:
			t.drawing.miss(child.name)
		}
	}
}

// draw sets a chunk along its baseline. A picture may be turned, but not slanted.
func (c chunk) draw(p *Page, m matrix) {
	if len(c.pieces) == 0 {
		return
	}
	size := m.scale() / point // of a unit, in points
	total := 0.0
	for _, piece := range c.pieces {
		total += Width(piece.text, piece.style(size))/m.scale() + piece.dx
	}
	x, y := c.x-total*float64(c.pieces[0].look.align)/2, c.y
	angle := -math.Atan2(m[1], m[0]) * 180 / math.Pi
	for _, piece := range c.pieces {
		st := piece.style(size)
		x, y = x+piece.dx, y+piece.dy
		down := 0.0
		if piece.look.middle {
			down = 0.35 * piece.look.size
		}
		if at := m.at(x, y+down); piece.look.fill != nil {
			p.Turned(at[0], at[1], angle, piece.text, st)
		}
		x += Width(piece.text, st) / m.scale()
	}
}

func (p chunkPiece) style(unit float64) Style {
	st := Style{Size: p.look.size * unit, Strong: p.look.strong}
	if fill := p.look.mixed(p.look.fill, p.look.fillOpacity); fill != nil {
		st.Color = *fill
	}
	return st
}
