package views

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"tsunagari/certificates/paper"
)

// Sizes of a report on A4, in millimetres; type in points.
const (
	a4Width, a4Height = 210.0, 297.0
	a4Margin          = 18.0
	printWidth        = a4Width - 2*a4Margin
	a4Lowest          = a4Height - 22 // last baseline above the foot
	a4Type            = 10.0
	a4Leading         = 5.4 // from line to line
)

var (
	reportSoft     = paper.Color{R: 77, G: 77, B: 77}
	reportHair     = paper.Color{R: 179, G: 179, B: 179}
	reportSpecimen = paper.Color{R: 230, G: 230, B: 230}
)

// report is a document of headings and tables that runs over pages.
type report struct {
	doc   *paper.Document
	pages []*paper.Page
	y     float64 // baseline of the next line
	demo  bool
}

func newReport(title, author string, at time.Time, demo bool) *report {
	return reportOn(paper.New(paper.Info{Title: title, Author: author, Created: at}), demo)
}

// reportOn goes on in a document that has pages of its own already.
func reportOn(d *paper.Document, demo bool) *report {
	r := &report{doc: d, demo: demo}
	r.page()
	return r
}

func (r *report) page() {
	p := r.doc.Page(a4Width, a4Height)
	if r.demo {
		p.Turned(118, 205, 50, "見本", paper.Style{Size: 200, Align: paper.Centre, Spacing: 0.15, Color: reportSpecimen})
	}
	r.pages, r.y = append(r.pages, p), a4Margin+6
}

func (r *report) here() *paper.Page { return r.pages[len(r.pages)-1] }

// room begins a new page where fewer than so many millimetres are left.
func (r *report) room(mm float64) {
	if r.y+mm > a4Lowest {
		r.page()
	}
}

func (r *report) heading(text string, size float64) {
	st := paper.Style{Size: size}
	lines := paper.Lines(legible(text), printWidth, st)
	r.y += size * 0.35
	r.room(float64(len(lines))*size*0.5 + 3*a4Leading)
	for _, l := range lines {
		r.here().Text(a4Margin, r.y, l, st)
		r.y += size * 0.5
	}
	r.y += 1.5
}

func (r *report) paragraph(text string) {
	st := paper.Style{Size: a4Type}
	for _, l := range paper.Lines(legible(text), printWidth, st) {
		r.room(0)
		r.here().Text(a4Margin, r.y, l, st)
		r.y += a4Leading
	}
	r.y += 1.5
}

// facts is a table of labels and values; empty values are left out.
func (r *report) facts(rows [][2]string) {
	var list [][]string
	for _, f := range rows {
		if f[1] != "" {
			list = append(list, f[:])
		}
	}
	r.table(nil, []float64{62, printWidth - 62}, list)
}

// table sets rows in columns of the given widths, with the head again on every
// page. A row stays together unless it is longer than a page.
func (r *report) table(head []string, widths []float64, rows [][]string) {
	if head != nil {
		r.room(4 * a4Leading)
		r.row(head, nil, widths, reportSoft)
	}
	for _, row := range rows {
		r.row(row, head, widths, paper.Color{})
	}
	r.y += 3
}

func (r *report) row(cells, head []string, widths []float64, color paper.Color) {
	st := paper.Style{Size: a4Type, Color: color}
	columns, tallest := make([][]string, len(cells)), 0
	for i, cell := range cells {
		columns[i] = paper.Lines(legible(cell), widths[i]-3, st)
		tallest = max(tallest, len(columns[i]))
	}
	if high := float64(tallest) * a4Leading; r.y+high-a4Leading > a4Lowest && high < a4Lowest-a4Margin-3*a4Leading {
		r.over(head, widths)
	}
	for line := range tallest {
		if r.y > a4Lowest {
			r.over(head, widths)
		}
		x := a4Margin
		for i, column := range columns {
			if line < len(column) {
				r.here().Text(x, r.y, column[line], st)
			}
			x += widths[i]
		}
		r.y += a4Leading
	}
	r.here().Line(a4Margin, r.y-3.6, a4Margin+printWidth, r.y-3.6, 0.15, reportHair)
	r.y += 1.2
}

func (r *report) over(head []string, widths []float64) {
	r.page()
	if head != nil {
		r.row(head, nil, widths, reportSoft)
	}
}

// pdf numbers the pages and gives the file; foot stands at the left of each.
func (r *report) pdf(foot string) ([]byte, error) {
	r.number(foot)
	return r.doc.PDF()
}

// number writes the foot of each page.
func (r *report) number(foot string) {
	st := paper.Style{Size: 8.5, Color: reportSoft}
	for i, p := range r.pages {
		p.Text(a4Margin, a4Height-12, legible(foot), paper.Fitting(legible(foot), printWidth-30, st))
		st := st
		st.Align = paper.Right
		p.Text(a4Width-a4Margin, a4Height-12, fmt.Sprintf("%d／%d", i+1, len(r.pages)), st)
	}
}

// legible is s with 〓 for what the font does not have: a report that could not be
// printed for one sign that somebody typed would help nobody.
func legible(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\t", "　").Replace(s)
	missing := paper.Missing(strings.ReplaceAll(s, "\n", ""))
	return strings.Map(func(r rune) rune {
		if slices.Contains(missing, r) {
			return '〓'
		}
		return r
	}, s)
}
