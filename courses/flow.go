package courses

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

// Figure is a picture of the course, cleaned by CleanSVG.
type Figure struct {
	Name, SVG string
	Alt       string // for someone who cannot see it; plain
}
