package views

import (
	"math"
	"strconv"

	"tsunagari/certificates/paper"
	"tsunagari/courses"
)

// flow sets the blocks of a course's text on the pages of a report. Its y is the
// upper edge of what comes next.
type flow struct {
	*report
	left, width float64           // mm
	lowest      float64           // where a page ends
	size        float64           // points of running text
	tallest     float64           // on a scratch: the end of the longest page
	pictures    map[string][]byte // photographs by SHA-256
}

// Sizes of a flow: of a line in em, of the space after a block, and the types that
// are tried so that each part of a text fits on a page.
const (
	flowLeading = 1.66
	flowAfter   = 0.45
	flowTop     = 16.0
	flowLowest  = a4Height - 17
)

var flowSizes = []float64{12, 11.5, 11, 10.5, 10, 9.5}

var (
	flowAccent = paper.Color{R: 0x00, G: 0x5a, B: 0x3c}
	flowTint   = paper.Color{R: 0xf2, G: 0xf6, B: 0xf3}
	flowCare   = paper.Color{R: 0xff, G: 0xf5, B: 0xe8}
	flowEdge   = paper.Color{R: 0x8f, G: 0xa8, B: 0x9b}
	flowLine   = paper.Color{R: 140, G: 140, B: 140}
)

// newFlow begins a flow on a new page of the document.
func newFlow(d *paper.Document, demo bool, size float64) *flow {
	f := &flow{report: reportOn(d, demo), left: a4Margin, width: printWidth, lowest: flowLowest, size: size}
	f.y = flowTop
	return f
}

// scratch is a flow of the same width on which nothing is printed.
func (f *flow) scratch() *flow {
	g := newFlow(paper.New(paper.Info{}), false, f.size)
	g.left, g.width, g.lowest, g.pictures = f.left, f.width, math.Inf(1), f.pictures
	return g
}

// height is how much room some drawing takes.
func (f *flow) height(draw func(*flow)) float64 {
	g := f.scratch()
	from := g.y
	draw(g)
	return g.y - from
}

func (f *flow) em(n float64) float64 { return n * f.size * 25.4 / 72 }

// next begins a new page; on a scratch, above what stands there.
func (f *flow) next() {
	if math.IsInf(f.lowest, 1) {
		f.tallest, f.y = max(f.tallest, f.y), flowTop
		return
	}
	f.page()
	f.y = flowTop
}

// fresh says whether nothing stands on the page yet.
func (f *flow) fresh() bool { return f.y <= flowTop }

// need begins a new page where fewer than so many millimetres are left, unless the
// page is new.
func (f *flow) need(mm float64) {
	if f.y+mm > f.lowest && !f.fresh() {
		f.next()
	}
}

// space leaves room below what stands there.
func (f *flow) space(em float64) {
	if !f.fresh() {
		f.y += f.em(em)
	}
}

// inside draws further to the right and narrower.
func (f *flow) inside(left, right float64, draw func()) {
	f.left, f.width = f.left+left, f.width-left-right
	draw()
	f.left, f.width = f.left-left, f.width+left+right
}

// runs sets runs from edge to edge, in type of so many times the flow's.
func (f *flow) runs(runs []paper.Run, times float64, st paper.Style) {
	st.Size = f.size * times
	high := f.em(flowLeading * times)
	for _, l := range paper.RunLines(runs, f.width, st) {
		f.need(high)
		f.here().RunLine(f.left+f.width*float64(st.Align)/2, f.y+high*0.74, l)
		f.y += high
	}
}

func (f *flow) text(s string, times float64, st paper.Style) { f.runs(plainRuns(s), times, st) }

// inked are runs for paper, with 〓 for what the font does not have.
func inked(runs []courses.Run) []paper.Run {
	list := make([]paper.Run, len(runs))
	for i, r := range runs {
		list[i] = paper.Run{Text: legible(r.Text), Ruby: legible(r.Ruby), Strong: r.Strong}
	}
	return list
}

func plainRuns(s string) []paper.Run { return []paper.Run{{Text: legible(s)}} }

// inline is an inline source of a course for paper.
func inline(source string) []paper.Run { return inked(courses.Runs(source)) }

// sized draws in the largest type in which nothing runs over a page that the text
// does not begin itself; where there is none, in a middling one.
func sized(d *paper.Document, demo bool, draw func(*flow)) *flow {
	size := 10.5
	for _, try := range flowSizes {
		g := newFlow(paper.New(paper.Info{}), false, try).scratch()
		draw(g)
		if max(g.tallest, g.y) <= flowLowest {
			size = try
			break
		}
	}
	f := newFlow(d, demo, size)
	draw(f)
	return f
}

func (f *flow) blocks(list []courses.Block) {
	for i := range list {
		f.block(&list[i])
	}
}

func (f *flow) block(b *courses.Block) {
	switch b.Kind {
	case courses.BlockHeading:
		f.heading(inked(b.Runs), b.Level)
	case courses.BlockParagraph:
		f.runs(inked(b.Runs), 1, paper.Style{})
		f.y += f.em(flowAfter)
	case courses.BlockList:
		f.list(b)
	case courses.BlockTable:
		f.grid(b.Rows)
	case courses.BlockQuote:
		f.quote(b)
	case courses.BlockCallout:
		f.callout(b)
	case courses.BlockFigure:
		f.figure(b)
	case courses.BlockLines:
		f.lines(inked(b.Runs), b.Lines)
	case courses.BlockBreak:
		if !f.fresh() {
			f.next()
		}
	}
}

// heading does not stand alone at the foot of a page.
func (f *flow) heading(runs []paper.Run, level int) {
	times, below := 1.35, f.em(7)
	if level > 2 {
		times, below = 1.12, f.em(4)
	}
	f.space(0.5)
	f.need(f.em(flowLeading*times) + below)
	if level > 2 {
		f.runs(runs, times, paper.Style{Strong: true})
		return
	}
	from, page := f.y, f.here()
	f.inside(f.em(0.8), 0, func() { f.runs(runs, times, paper.Style{Strong: true, Color: flowAccent}) })
	if f.here() == page {
		page.Fill(f.left, from+f.em(0.4), f.em(0.3), f.y-from-f.em(0.5), flowAccent)
	}
	f.y += f.em(0.25)
}

func (f *flow) list(b *courses.Block) {
	for i, item := range b.Items {
		sign, deep := "・", f.em(1.1)
		if b.Ordered {
			sign, deep = strconv.Itoa(b.Start+i)+".", f.em(1.6)
		}
		f.need(f.em(flowLeading))
		f.here().Text(f.left, f.y+f.em(flowLeading)*0.74, sign, paper.Style{Size: f.size})
		f.inside(deep, 0, func() {
			for j := range item {
				if item[j].Kind == courses.BlockParagraph { // no space within a list
					f.runs(inked(item[j].Runs), 1, paper.Style{})
					continue
				}
				f.block(&item[j])
			}
		})
	}
	f.y += f.em(flowAfter)
}

func (f *flow) quote(b *courses.Block) {
	f.aside(func(f *flow) {
		f.inside(f.em(1.2), 0, func() {
			f.blocks(b.Inner)
			f.y -= f.em(flowAfter)
			if len(b.Runs) > 0 {
				f.runs(append([]paper.Run{{Text: "—— "}}, inked(b.Runs)...), 0.85, paper.Style{Align: paper.Right, Color: reportSoft})
			}
		})
	}, func(p *paper.Page, y, h float64) {
		p.Fill(f.left+f.em(0.2), y, f.em(0.2), h, flowEdge)
	})
	f.y += f.em(flowAfter)
}

// aside draws something with a ground below it, in one piece if a page can hold it.
func (f *flow) aside(draw func(*flow), ground func(p *paper.Page, y, h float64)) {
	high := f.height(draw)
	f.need(min(high, f.lowest-flowTop))
	if f.y+high <= f.lowest {
		ground(f.here(), f.y, high)
	}
	draw(f)
}

func (f *flow) callout(b *courses.Block) {
	pad := f.em(0.7)
	tint := flowTint
	if b.Name == "care" {
		tint = flowCare
	}
	f.aside(func(f *flow) {
		f.y += pad * 0.6
		f.inside(pad*1.4, pad*1.4, func() {
			if len(b.Tag) > 0 {
				f.runs(inked(b.Tag), 0.8, paper.Style{Color: flowAccent})
				f.y -= f.em(0.15)
			}
			if len(b.Runs) > 0 {
				f.runs(strongly(inked(b.Runs)), 1.05, paper.Style{})
			}
			f.blocks(b.Inner)
		})
		f.y += pad*0.6 - f.em(flowAfter)
	}, func(p *paper.Page, y, h float64) {
		p.Shape(paper.RoundBox(f.left, y, f.width, h, 2.2), paper.Paint{Fill: &tint, Line: &flowEdge, Width: 0.3})
	})
	f.y += f.em(flowAfter * 1.6)
}

func strongly(runs []paper.Run) []paper.Run {
	for i := range runs {
		runs[i].Strong = true
	}
	return runs
}

// figureUnit is how wide a unit of a figure is, in em: its type of 15 to 16 units is
// about as large as the text.
const figureUnit = 0.068

func (f *flow) figure(b *courses.Block) {
	draw, high := f.drawing(&b.Figure)
	if draw == nil {
		return
	}
	f.aside(func(f *flow) {
		draw(f)
		f.y += high + f.em(0.2)
		if len(b.Runs) > 0 {
			f.runs(inked(b.Runs), 0.9, paper.Style{Align: paper.Centre, Color: reportSoft})
		}
	}, func(*paper.Page, float64, float64) {})
	f.y += f.em(flowAfter)
}

// Of a photograph on paper, mm: as wide as text of a telephone, and no taller than
// leaves room for words.
const (
	photoWide = 110.0
	photoHigh = 90.0
)

// drawing is what draws a figure at the flow's place, and how high that is; nil when it
// is of a kind that no package lets in. In place of a photograph that did not come
// along its alternative text is set.
func (f *flow) drawing(of *courses.Figure) (draw func(*flow), high float64) {
	if of.SHA256 == "" {
		w, h, err := paper.FigureSize(of.SVG)
		if err != nil {
			return nil, 0
		}
		high = h * min(f.em(figureUnit), f.width/w)
		return func(f *flow) { f.here().Figure(f.left, f.y, f.width, high, of.SVG) }, high
	}
	data := f.pictures[of.SHA256]
	if data == nil || of.Width < 1 {
		return func(f *flow) { f.text(of.Alt, 1, paper.Style{Color: reportSoft}) }, 0
	}
	high = min(photoHigh, float64(of.Height)/float64(of.Width)*min(photoWide, f.width))
	return func(f *flow) { f.here().Picture(f.left, f.y, f.width, high, data) }, high
}

// ruledHigh is the distance of lines to write on by hand, mm.
const ruledHigh = 8.5

func (f *flow) ruled(n int) {
	for range n {
		f.y += ruledHigh
		f.here().Line(f.left, f.y, f.left+f.width, f.y, 0.2, flowLine)
	}
}

func (f *flow) lines(asked []paper.Run, n int) {
	f.aside(func(f *flow) {
		f.runs(asked, 1, paper.Style{})
		f.ruled(n)
	}, func(*paper.Page, float64, float64) {})
	f.y += f.em(0.9)
}
