package views

import (
	"math"

	"tsunagari/certificates/paper"
	"tsunagari/courses"
)

// cellPad is the space around the words of a cell, emptyCell how high a row to be
// filled in is at least; mm.
const cellPad, emptyCell = 1.3, 9.5

// grid is a table with its first row as head; empty cells are left to be filled in.
func (f *flow) grid(rows [][][]courses.Run) {
	cells := make([][][]paper.Run, len(rows))
	for i, row := range rows {
		for _, cell := range row {
			cells[i] = append(cells[i], inked(cell))
		}
	}
	f.cells(cells, nil)
}

// cells is grid in columns of the given widths, nil for widths by what is in them.
// The head stands on every page again.
func (f *flow) cells(rows [][][]paper.Run, widths []float64) {
	if len(rows) == 0 {
		return
	}
	if widths == nil {
		widths = f.columns(rows)
	}
	f.need(f.rowHeight(rows[0], widths) + f.rowHeight(rows[min(1, len(rows)-1)], widths))
	for i, row := range rows {
		if high := f.rowHeight(row, widths); i > 0 && f.y+high > f.lowest && !f.fresh() {
			f.next()
			f.cellRow(rows[0], widths, true)
		}
		f.cellRow(row, widths, i == 0)
	}
	f.y += f.em(flowAfter * 1.6)
}

// columns shares the width: a column that needs less than its share has what it
// needs, the others share the rest.
func (f *flow) columns(rows [][][]paper.Run) []float64 {
	wanted := make([]float64, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row[:min(len(row), len(wanted))] {
			for _, l := range paper.RunLines(cell, math.Inf(1), paper.Style{Size: f.size * cellType}) {
				wanted[i] = max(wanted[i], l.Width+2*cellPad+0.5, 13)
			}
		}
	}
	widths := make([]float64, len(wanted))
	left, open := f.width, len(wanted)
	for settled := false; !settled && open > 0; {
		settled = true
		share := left / float64(open)
		for i, w := range wanted {
			if widths[i] == 0 && w <= share {
				widths[i], settled = w, false
				left -= w
				open--
			}
		}
	}
	for i := range widths {
		if widths[i] == 0 {
			widths[i] = left / float64(open)
		} else if open == 0 {
			widths[i] += left / float64(len(widths))
		}
	}
	return widths
}

const cellType = 0.95

func (f *flow) rowHeight(row [][]paper.Run, widths []float64) float64 {
	high := 0.0
	empty := false
	for i, cell := range row {
		if len(cell) == 0 {
			empty = true
			continue
		}
		n := len(paper.RunLines(cell, widths[i]-2*cellPad, paper.Style{Size: f.size * cellType}))
		high = max(high, float64(n)*f.em(flowLeading*cellType))
	}
	if empty {
		high = max(high, emptyCell-cellPad)
	}
	return high + cellPad
}

func (f *flow) cellRow(row [][]paper.Run, widths []float64, head bool) {
	high := f.rowHeight(row, widths)
	x := f.left
	if head {
		f.here().Fill(x, f.y, f.width, high, flowTint)
	}
	top := f.y
	for i, w := range widths {
		f.here().Frame(x, top, w, high, 0.25, flowEdge)
		if i < len(row) {
			f.cell(row[i], x+cellPad, w-2*cellPad, top+cellPad/2, head)
		}
		x += w
	}
	f.y = top + high
}

func (f *flow) cell(runs []paper.Run, x, width, top float64, head bool) {
	st := paper.Style{Size: f.size * cellType, Strong: head}
	high := f.em(flowLeading * cellType)
	for i, l := range paper.RunLines(runs, width, st) {
		f.here().RunLine(x, top+float64(i)*high+high*0.74, l)
	}
}
