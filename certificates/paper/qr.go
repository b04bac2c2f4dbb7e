package paper

import (
	"fmt"
	"strings"

	"rsc.io/qr"
)

// quiet is the margin that a reader needs around a QR code, in modules.
const quiet = 4

type block struct{ x, y, w, h int }

// QR draws the QR code of s (error correction M) on a white ground of the given
// size in millimetres, quiet zone included.
func (p *Page) QR(x, y, size float64, s string) {
	code, err := qr.Encode(s, qr.M)
	if err != nil {
		p.doc.fail(fmt.Errorf("QR code of %d bytes: %w", len(s), err))
		return
	}
	p.Fill(x, y, size, size, White)
	const seam = 0.01 // mm: neighbours overlap, or viewers show hairlines between them
	m := size / float64(code.Size+2*quiet)
	for _, b := range blocks(code) {
		p.Fill(x+float64(b.x+quiet)*m, y+float64(b.y+quiet)*m, float64(b.w)*m+seam, float64(b.h)*m+seam, Color{})
	}
}

// QRSVG is the QR code of s as an SVG element for a web page; label is its text
// alternative.
func QRSVG(s, label string) (string, error) {
	code, err := qr.Encode(s, qr.M)
	if err != nil {
		return "", fmt.Errorf("QR code of %d bytes: %w", len(s), err)
	}
	var b strings.Builder
	n := code.Size + 2*quiet
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" aria-label="%s" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h%dv%dH0z"/><path d="`, n, n, escape(label), n, n)
	for _, r := range blocks(code) {
		fmt.Fprintf(&b, "M%d %dh%dv%dh-%dz", r.x+quiet, r.y+quiet, r.w, r.h, r.w)
	}
	b.WriteString(`"/></svg>`)
	return b.String(), nil
}

// blocks merges the black modules of a code into rectangles: runs of a row, and
// equal runs of rows below each other.
func blocks(code *qr.Code) []block {
	var done []block
	open := map[[2]int]int{} // run (x, w) of the row above → its block
	for y := range code.Size {
		next := map[[2]int]int{}
		for x := 0; x < code.Size; x++ {
			from := x
			for x < code.Size && code.Black(x, y) {
				x++
			}
			if x == from {
				continue
			}
			run := [2]int{from, x - from}
			i, grows := open[run]
			if !grows {
				i = len(done)
				done = append(done, block{from, y, x - from, 0})
			}
			done[i].h++
			next[run] = i
		}
		open = next
	}
	return done
}
