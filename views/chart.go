package views

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"
)

// Charts are drawn here as inline SVG: colours and letters come from classes of
// app.css, so that dark and forced colours and paper have their own, and nothing
// needs a script. A chart is a picture with a title; its numbers stand in a table
// beside it.

// The drawing of a chart, in its own units: a phone shows one as one pixel.
const (
	chartWide = 360
	chartHigh = 210
	chartTop  = 24  // above it nothing but the letters of the highest value
	chartBase = 180 // where zero is
	chartSide = 6
)

// bar is one column of a bar chart.
type bar struct {
	Label string // under the column
	Value int
	Later bool // has not begun yet: no column, no number
}

// bars draws columns with their values above. Nobody is no column but the number 0.
func bars(title string, list []bar) template.HTML {
	d := newDrawing("bars", title)
	most := 1
	for _, b := range list {
		most = max(most, b.Value)
	}
	step := float64(chartWide-2*chartSide) / float64(max(len(list), 1))
	for i, b := range list {
		middle := chartSide + step*(float64(i)+.5)
		d.text("x-label", middle, chartHigh-10, b.Label)
		if b.Later {
			continue
		}
		high := float64(chartBase-chartTop) * float64(b.Value) / float64(most)
		if b.Value > 0 {
			d.rect("column", middle-step*.35, chartBase-high, step*.7, high)
		}
		d.text(figureClass(b.Value), middle, chartBase-high-5, strconv.Itoa(b.Value))
	}
	d.line("axis", chartSide, chartBase, chartWide-chartSide, chartBase)
	return d.html()
}

// figureClass keeps long numbers above narrow columns apart.
func figureClass(n int) string {
	switch {
	case n >= 10_000:
		return "figure-label longest"
	case n >= 1000:
		return "figure-label long"
	}
	return "figure-label"
}

// point is one month of a curve.
type point struct {
	Label string // of the month; the first and the last are written
	Mark  bool   // a 年度 begins
	Value int
}

// curve draws how a total grows, from zero, with the last value beside its end. It
// needs two points to be one.
func curve(title string, list []point) template.HTML {
	if len(list) < 2 {
		return ""
	}
	d := newDrawing("curve", title)
	const left, right = chartSide, chartWide - 52
	last := list[len(list)-1]
	most := max(last.Value, 1)
	for _, p := range list {
		most = max(most, p.Value)
	}
	at := func(i int) (x, y float64) {
		return left + float64(right-left)*float64(i)/float64(len(list)-1), chartBase - float64(chartBase-chartTop)*float64(list[i].Value)/float64(most)
	}
	var way strings.Builder
	for i := range list {
		x, y := at(i)
		fmt.Fprintf(&way, " %.1f,%.1f", x, y)
	}
	fmt.Fprintf(&d.b, `<polygon class="under" points="%d,%d%s %d,%d"/><polyline class="way" points="%s"/>`,
		left, chartBase, way.String(), right, chartBase, strings.TrimSpace(way.String()))
	for i, p := range list {
		if x, _ := at(i); p.Mark {
			d.line("tick", x, chartBase, x, chartBase+7)
		}
	}
	x, y := at(len(list) - 1)
	fmt.Fprintf(&d.b, `<circle class="end" cx="%.1f" cy="%.1f" r="4"/>`, x, y)
	d.text("end-label", x+8, y+5, strconv.Itoa(last.Value))
	d.text("from-label", left, chartHigh-10, list[0].Label)
	d.text("until-label", right, chartHigh-10, last.Label)
	d.line("axis", left, chartBase, right, chartBase)
	return d.html()
}

// drawing is a picture being drawn: SVG with a title and nothing that acts.
type drawing struct{ b strings.Builder }

func newDrawing(class, title string) *drawing {
	d := &drawing{}
	fmt.Fprintf(&d.b, `<svg class="chart %s" viewBox="0 0 %d %d" role="img" aria-label="%s">`,
		class, chartWide, chartHigh, template.HTMLEscapeString(title))
	return d
}

func (d *drawing) html() template.HTML { return template.HTML(d.b.String() + "</svg>") }

func (d *drawing) rect(class string, x, y, wide, high float64) {
	fmt.Fprintf(&d.b, `<rect class="%s" x="%.1f" y="%.1f" width="%.1f" height="%.1f"/>`, class, x, y, wide, high)
}

func (d *drawing) line(class string, x1, y1, x2, y2 float64) {
	fmt.Fprintf(&d.b, `<line class="%s" x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f"/>`, class, x1, y1, x2, y2)
}

func (d *drawing) text(class string, x, y float64, say string) {
	fmt.Fprintf(&d.b, `<text class="%s" x="%.1f" y="%.1f">%s</text>`, class, x, y, template.HTMLEscapeString(say))
}
