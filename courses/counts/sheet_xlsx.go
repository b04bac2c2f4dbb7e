package counts

import (
	"io"
	"time"

	"github.com/xuri/excelize/v2"
)

// textFormat keeps a cell text when somebody edits it.
const textFormat = 49

// XLSX writes the sheet to be printed: title, ruled table and notes on A4 across.
func (s *Sheet) XLSX(to io.Writer, made time.Time) error {
	return workbook(to, s.Title, made, func(b *book) { b.printed(s) })
}

// FlatXLSX writes the table alone to compute with, its head in the first row, and
// each of the others as a sheet of its own.
func (s *Sheet) FlatXLSX(to io.Writer, made time.Time, others ...*Sheet) error {
	return workbook(to, s.Title, made, func(b *book) {
		for _, one := range append([]*Sheet{s}, others...) {
			b.flat(one)
		}
	})
}

// book writes sheets row by row and keeps the first error.
type book struct {
	x      *excelize.File
	sheets int
	stream *excelize.StreamWriter
	row    int
	err    error
	styles map[string]int
}

func workbook(to io.Writer, title string, made time.Time, fill func(b *book)) error {
	b := &book{x: excelize.NewFile()}
	defer b.x.Close()
	b.keep(b.x.SetDefaultFont("游ゴシック"))
	stamp := made.UTC().Format(time.RFC3339)
	b.keep(b.x.SetDocProps(&excelize.DocProperties{Title: title, Creator: "つながりサポーター", Created: stamp, Modified: stamp, Language: "ja"}))
	b.style()
	fill(b)
	if b.err != nil {
		return b.err
	}
	_, err := b.x.WriteTo(to)
	return err
}

func (b *book) keep(err error) {
	if b.err == nil {
		b.err = err
	}
}

func (b *book) style() {
	var edge []excelize.Border
	for _, side := range []string{"left", "right", "top", "bottom"} {
		edge = append(edge, excelize.Border{Type: side, Style: 1, Color: "808080"})
	}
	top := &excelize.Alignment{Vertical: "center", WrapText: true}
	bold := &excelize.Font{Bold: true, Family: "游ゴシック", Size: 11}
	tint := excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"F2F6F3"}}
	share := "0.00"
	b.styles = map[string]int{}
	for name, style := range map[string]excelize.Style{
		"title":   {NumFmt: textFormat, Font: &excelize.Font{Bold: true, Size: 16, Family: "游ゴシック"}},
		"line":    {NumFmt: textFormat},
		"head":    {NumFmt: textFormat, Font: bold, Fill: tint, Border: edge, Alignment: &excelize.Alignment{Vertical: "center", Horizontal: "center", WrapText: true}},
		"text":    {NumFmt: textFormat, Border: edge, Alignment: top},
		"mark":    {NumFmt: textFormat, Border: edge, Alignment: &excelize.Alignment{Vertical: "center", Horizontal: "right"}},
		"number":  {NumFmt: 3, Border: edge},
		"share":   {CustomNumFmt: &share, Border: edge},
		"total":   {NumFmt: textFormat, Font: bold, Fill: tint, Border: edge},
		"sum":     {NumFmt: 3, Font: bold, Fill: tint, Border: edge},
		"rate":    {CustomNumFmt: &share, Font: bold, Fill: tint, Border: edge},
		"plain":   {NumFmt: textFormat},
		"integer": {NumFmt: 1},
		"decimal": {CustomNumFmt: &share},
	} {
		id, err := b.x.NewStyle(&style)
		b.keep(err)
		b.styles[name] = id
	}
}

// open begins a sheet of so many columns.
func (b *book) open(s *Sheet, landscape bool) {
	if b.sheets++; b.sheets == 1 {
		b.keep(b.x.SetSheetName("Sheet1", s.Name))
	} else {
		_, err := b.x.NewSheet(s.Name)
		b.keep(err)
	}
	if landscape {
		a4, across, wide, high, fit := 9, "landscape", 1, 0, true
		b.keep(b.x.SetSheetProps(s.Name, &excelize.SheetPropsOptions{FitToPage: &fit}))
		b.keep(b.x.SetPageLayout(s.Name, &excelize.PageLayoutOptions{Size: &a4, Orientation: &across, FitToWidth: &wide, FitToHeight: &high}))
	}
	if b.err != nil {
		return
	}
	stream, err := b.x.NewStreamWriter(s.Name)
	b.keep(err)
	b.stream, b.row = stream, 0
	for i, c := range s.Columns {
		if width := c.Width; width > 0 && b.err == nil {
			b.keep(b.stream.SetColWidth(i+1, i+1, width))
		}
	}
}

func (b *book) line(high float64, cells ...any) {
	b.row++
	if b.err != nil {
		return
	}
	at, err := excelize.CoordinatesToCellName(1, b.row)
	b.keep(err)
	b.keep(b.stream.SetRow(at, cells, excelize.RowOpts{Height: high}))
}

func (b *book) close() {
	if b.err == nil {
		b.keep(b.stream.Flush())
	}
}

func (b *book) text(style, s string) excelize.Cell {
	return excelize.Cell{StyleID: b.styles[style], Value: harmless(s)}
}

// cells are the cells of a row in the styles for text, whole numbers and shares.
func (b *book) cells(row []Value, text, mark, number, share string) []any {
	list := make([]any, len(row))
	for i, c := range row {
		switch {
		case !c.numeric && i > 0 && (c.text == NotUsed || c.text == SeparateMark):
			list[i] = b.text(mark, c.text)
		case !c.numeric:
			list[i] = b.text(text, c.text)
		case c.decimals > 0:
			list[i] = excelize.Cell{StyleID: b.styles[share], Value: c.number}
		default:
			list[i] = excelize.Cell{StyleID: b.styles[number], Value: int64(c.number)}
		}
	}
	return list
}

func (b *book) head(s *Sheet, style string, high float64) {
	cells := make([]any, len(s.Columns))
	for i, c := range s.Columns {
		cells[i] = b.text(style, c.Title)
	}
	b.line(high, cells...)
}

func (b *book) printed(s *Sheet) {
	b.open(s, true)
	b.line(28, b.text("title", s.Title))
	for _, said := range s.fitted(s.Said) {
		b.line(18, b.text("line", said))
	}
	b.line(8)
	b.head(s, "head", 36)
	head := b.row
	high := 20.0
	if s.Form {
		high = 28
	}
	for _, row := range s.Rows {
		b.line(high, b.cells(row, "text", "mark", "number", "share")...)
	}
	if s.Total != nil {
		b.line(high, b.cells(s.Total, "total", "total", "sum", "rate")...)
	}
	b.line(8)
	for _, note := range s.fitted(s.Notes) {
		b.line(18, b.text("line", note))
	}
	b.close()
	if b.err == nil && len(s.Rows) > 20 {
		at, err := excelize.CoordinatesToCellName(1, head, true)
		b.keep(err)
		row := at[len("$A"):]
		b.keep(b.x.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: "'" + s.Name + "'!" + row + ":" + row, Scope: s.Name}))
	}
}

// fitted are lines no wider than the table: what runs over its last column would not
// be printed.
func (s *Sheet) fitted(list []string) (fitted []string) {
	wide := 0.0
	for _, c := range s.Columns {
		wide += c.Width
	}
	most := max(20, int(wide/2.2)) // of full-width characters
	for _, text := range list {
		line := []rune(text)
		for len(line) > most {
			fitted = append(fitted, string(line[:most]))
			line = append([]rune("　"), line[most:]...)
		}
		fitted = append(fitted, string(line))
	}
	return fitted
}

func (b *book) flat(s *Sheet) {
	b.open(s, false)
	b.head(s, "plain", 0)
	for _, row := range s.Rows {
		b.line(0, b.cells(row, "plain", "plain", "integer", "decimal")...)
	}
	b.close()
}
