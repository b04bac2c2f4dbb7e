package courses

import (
	"bufio"
	"bytes"
	"html"
	"strconv"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	gmhtml "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
)

// Block is a piece of a text for paper, in reading order. Which fields it has
// depends on its kind.
type Block struct {
	Kind BlockKind
	Name string // of a callout: point, proposal, care

	Level   int  // of a heading: 2 or 3
	Ordered bool // of a list
	Start   int  // of an ordered list: the first number
	Lines   int  // of lines to write on: how many

	Tag    []Run     // of a callout: 「この講座の提案」, else empty
	Runs   []Run     // words of a heading or paragraph, title of a callout, caption of a figure, source of a quotation, what is asked above lines
	Inner  []Block   // of a callout or quotation
	Items  [][]Block // of a list
	Rows   [][][]Run // of a table: rows of cells, the first is its head; an empty cell is to be filled in
	Figure Figure
}

// BlockKind says what a Block is.
type BlockKind string

// The kinds of Block. Break begins a new page.
const (
	BlockHeading   BlockKind = "heading"
	BlockParagraph BlockKind = "paragraph"
	BlockList      BlockKind = "list"
	BlockTable     BlockKind = "table"
	BlockQuote     BlockKind = "quote"
	BlockCallout   BlockKind = "callout"
	BlockFigure    BlockKind = "figure"
	BlockLines     BlockKind = "lines"
	BlockBreak     BlockKind = "break"
)

// Run is a piece of a line that is set in one way. A line feed in Text is a
// break that the writer wants.
type Run struct {
	Text   string
	Ruby   string // its reading, "" for none
	Strong bool
}

// Figure is a picture of the course: cleaned by CleanSVG, or a file among the media.
type Figure struct {
	Name, SVG string
	SHA256    string // of a photograph; see PackPictures
	Width     int    // of a photograph, in pixels
	Height    int
	Alt       string // for someone who cannot see it; plain
}

// Runs is an inline source (a title, a question, its feedback) for paper.
func Runs(source string) []Run {
	pg := newPage(&site{}, "", Reading{})
	doc, src := pg.parseInline(source)
	return pg.paragraphs(doc, src)
}

// flow is a text for paper. Of activities it has the worksheets: the others are
// for the screen.
func (pg *page) flow(segments []segment) []Block {
	var out []Block
	for i := range segments {
		seg := &segments[i]
		switch seg.kind {
		case segmentText:
			out = append(out, pg.flowText(seg.text, seg.line)...)
		case segmentQuote:
			out = append(out, Block{Kind: BlockQuote, Inner: pg.flowText(seg.text, seg.line), Runs: Runs(seg.source)})
		case segmentFigure:
			out = append(out, pg.flowMedium(seg.figure)...)
		case segmentBlock:
			b := Block{Kind: BlockCallout, Name: seg.name, Runs: Runs(seg.heading), Inner: pg.flow(seg.inner)}
			if seg.name == "proposal" {
				b.Tag = Runs(pg.word("Proposal"))
			}
			out = append(out, b)
		case segmentActivity:
			out = append(out, pg.flowSheet(seg.activity)...)
		}
	}
	return out
}

// flowMedium is a medium on paper: a picture itself, of everything else its name, and
// what is said in a recording.
func (pg *page) flowMedium(f figure) []Block {
	m := pg.site.media[f.name]
	if m == nil {
		return nil // the fault is noted where the text is rendered
	}
	if m.IsPicture() {
		b := Block{Kind: BlockFigure, Runs: Runs(f.caption), Figure: Figure{Name: f.name, SVG: m.SVG, Alt: f.alternative()}}
		if m.File != nil {
			b.Figure.SHA256, b.Figure.Width, b.Figure.Height = m.File.SHA256, m.File.Width, m.File.Height
		}
		return []Block{b}
	}
	label := map[bool]string{true: "Sound", false: "Sheets"}[m.IsSound()]
	out := []Block{{Kind: BlockParagraph, Runs: append(Runs("**"+pg.word(label)+"：**"), Runs(f.alt)...)}}
	return append(out, pg.flowText(m.Text.In(pg.reading.Lang()), 1)...)
}

func (pg *page) flowText(source string, line int) []Block {
	src := []byte(protectRuby(source))
	if deepList.Match(src) {
		return nil // the fault is noted where the text is rendered
	}
	doc := blockMarkdown.Parse(text.NewReader(src))
	walk := textWalk{page: pg, source: src, line: line}
	walk.visit(doc)
	return pg.blocks(doc, src)
}

// blocks are the children of a node that holds blocks.
func (pg *page) blocks(parent ast.Node, src []byte) []Block {
	var out []Block
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Heading:
			out = append(out, Block{Kind: BlockHeading, Level: n.Level, Runs: runsIn(n, src)})
		case *ast.Paragraph, *ast.TextBlock:
			out = append(out, Block{Kind: BlockParagraph, Runs: runsIn(n, src)})
		case *ast.List:
			b := Block{Kind: BlockList, Ordered: n.IsOrdered(), Start: n.Start}
			for item := n.FirstChild(); item != nil; item = item.NextSibling() {
				b.Items = append(b.Items, pg.blocks(item, src))
			}
			out = append(out, b)
		case *extast.Table:
			b := Block{Kind: BlockTable}
			for row := n.FirstChild(); row != nil; row = row.NextSibling() {
				var cells [][]Run
				for cell := row.FirstChild(); cell != nil; cell = cell.NextSibling() {
					cells = append(cells, runsIn(cell, src))
				}
				b.Rows = append(b.Rows, cells)
			}
			out = append(out, b)
		}
	}
	return out
}

// paragraphs are the runs of all paragraphs of a document, one below the other.
func (pg *page) paragraphs(doc ast.Node, src []byte) []Run {
	var r runner
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		if n.PreviousSibling() != nil {
			r.add(Run{Text: "\n"})
		}
		r.visit(n, src, false)
	}
	return r.out
}

func runsIn(n ast.Node, src []byte) []Run {
	var r runner
	r.visit(n, src, false)
	return r.out
}

// runner collects runs; those that are set in one way become one.
type runner struct{ out []Run }

func (r *runner) add(run Run) {
	if last := len(r.out) - 1; last >= 0 && run.Ruby == "" && r.out[last].Ruby == "" && r.out[last].Strong == run.Strong {
		r.out[last].Text += run.Text
		return
	}
	if run.Text != "" {
		r.out = append(r.out, run)
	}
}

func (r *runner) visit(parent ast.Node, src []byte, strong bool) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Text:
			r.add(Run{Text: resolved(n.Segment.Value(src)), Strong: strong})
			if n.HardLineBreak() {
				r.add(Run{Text: "\n", Strong: strong})
			} else if n.SoftLineBreak() {
				r.add(Run{Text: " ", Strong: strong})
			}
		case *rubyNode:
			r.add(Run{Text: n.base, Ruby: n.reading, Strong: strong})
		default:
			r.visit(n, src, strong || n.Kind() == ast.KindEmphasis)
		}
	}
}

// resolved is the text that Markdown writes with escapes and entities.
func resolved(value []byte) string {
	if !bytes.ContainsAny(value, "\\&") {
		return string(value)
	}
	var b bytes.Buffer
	w := bufio.NewWriter(&b)
	gmhtml.DefaultWriter.Write(w, value)
	w.Flush() // a bytes.Buffer does not fail
	return html.UnescapeString(b.String())
}

// flowSheet is a worksheet with its boxes and lines.
func (pg *page) flowSheet(a *Activity) []Block {
	out := pg.flowText(a.Intro, a.introLine)
	switch e := a.Exercise.(type) {
	case *WritingSheet:
		for _, p := range e.Prompts {
			out = append(out, Block{Kind: BlockLines, Lines: e.Lines, Runs: Runs(p.Text)})
		}
	case *CheckSheet:
		for _, part := range e.Parts {
			if part.Heading != "" {
				out = append(out, Block{Kind: BlockHeading, Level: 3, Runs: Runs(part.Heading)})
			}
			out = append(out, boxes(e.Answers, part.Rows))
			if part.Step != "" {
				out = append(out, Block{Kind: BlockParagraph, Runs: Runs("**" + pg.word("First") + "**　" + part.Step)})
			}
		}
	case *ScoreSheet:
		var answers []string
		for _, answer := range e.Answers {
			answers = append(answers, strconv.Itoa(answer.Points)+" "+answer.Text)
		}
		totals := Block{Kind: BlockTable, Rows: [][][]Run{{Runs(pg.word("Total")), Runs(pg.word("Meaning"))}}}
		for _, t := range e.Totals {
			totals.Rows = append(totals.Rows, [][]Run{{{Text: t.span()}}, Runs(t.Text)})
		}
		out = append(out, boxes(answers, e.Rows), totals)
	}
	return out
}

// boxes is a table with a row to tick for each card.
func boxes(answers []string, cards []Card) Block {
	head := [][]Run{nil}
	for _, answer := range answers {
		head = append(head, Runs(answer))
	}
	b := Block{Kind: BlockTable, Rows: [][][]Run{head}}
	for _, card := range cards {
		row := make([][]Run, len(head))
		row[0] = Runs(card.Text)
		b.Rows = append(b.Rows, row)
	}
	return b
}
