package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode"

	"github.com/xuri/excelize/v2"

	"tsunagari/courses/questions"
)

// workbook reads the sheet of an xlsx that has the questions: the first with a
// header.
func (r *reader) workbook(data []byte) {
	defer func() {
		if recover() != nil { // the parser of a large format meets what attackers make
			r.look(1, "表のファイルとして読めませんでした。Excelで開いて、「Excelブック（.xlsx）」で保存し直してください。")
		}
	}()
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{UnzipSizeLimit: maxUnzipped, UnzipXMLSizeLimit: maxUnzipped})
	if err != nil {
		r.look(1, "表のファイルとして読めませんでした。こわれているか、大きすぎるか、Excelのファイルではないようです。Excelで開いて、「Excelブック（.xlsx）」で保存し直してください。")
		return
	}
	defer f.Close()
	if tooManyStrings(f) {
		r.look(1, "表が大きすぎます。いくつかのファイルに分けてください。")
		return
	}
	for _, name := range f.GetSheetList() {
		rows, err := r.sheetRows(f, name)
		if err != nil {
			r.look(1, "シート「%s」が読めませんでした。Excelで開いて、保存し直してください。", shorten(name))
			continue
		}
		if r.table(rows, r.merged(f, name)) {
			return
		}
	}
	if len(r.out.Problems) == 0 {
		r.noTable()
	}
}

// sheetRows streams the rows of a sheet. Of a formula it takes the value that was
// shown when the file was saved.
func (r *reader) sheetRows(f *excelize.File, name string) ([]gridRow, error) {
	stream, err := f.Rows(name)
	if err != nil {
		return nil, err
	}
	defer stream.Close()
	var rows []gridRow
	for n := 1; stream.Next(); n++ {
		if n > maxRows {
			r.look(n, "行が多すぎます。ここから後ろは読みませんでした。")
			break
		}
		cells, err := stream.Columns()
		if err != nil {
			return nil, err
		}
		if row := (gridRow{n, cells[:min(len(cells), maxColumns)]}); !row.blank() {
			rows = append(rows, row)
		}
	}
	return rows, stream.Error()
}

// maxStrings is how many texts of its own an xlsx may have; each costs memory even
// when it is empty.
const maxStrings = 500_000

func tooManyStrings(f *excelize.File) bool {
	part, ok := f.Pkg.Load("xl/sharedStrings.xml")
	if !ok {
		return false
	}
	text, _ := part.([]byte)
	return bytes.Count(text, []byte("si>"))+bytes.Count(text, []byte("si/>"))+bytes.Count(text, []byte("si ")) > 2*maxStrings
}

// merges are the cells that are shown as one with another.
type merges []mergedRange

type mergedRange struct {
	fromRow, toRow, fromColumn, toColumn int // columns from 0
	value                                string
}

// above is the value of the merged cell that this cell of a lower row is part of.
func (m merges) above(row, column int) (value string, ok bool) {
	for _, g := range m {
		if row > g.fromRow && row <= g.toRow && column >= g.fromColumn && column <= g.toColumn {
			return g.value, true
		}
	}
	return "", false
}

// maxMerging is the size of a sheet up to which merged cells are looked for: that
// takes the whole of it into memory.
const maxMerging = 8 << 20

func (r *reader) merged(f *excelize.File, name string) merges {
	found, large := false, false
	f.Pkg.Range(func(key, part any) bool {
		text, _ := part.([]byte)
		if path, _ := key.(string); strings.HasPrefix(path, "xl/worksheets/") && bytes.Contains(text, []byte("<mergeCell ")) {
			found, large = true, large || len(text) > maxMerging
		}
		return true
	})
	if !found || large {
		return nil
	}
	cells, err := f.GetMergeCells(name)
	if err != nil {
		return nil
	}
	var list merges
	for _, c := range cells[:min(len(cells), 1000)] {
		fromColumn, fromRow, err1 := excelize.CellNameToCoordinates(c.GetStartAxis())
		toColumn, toRow, err2 := excelize.CellNameToCoordinates(c.GetEndAxis())
		if err1 == nil && err2 == nil && toRow > fromRow {
			list = append(list, mergedRange{fromRow, toRow, fromColumn - 1, toColumn - 1, c.GetCellValue()})
		}
	}
	return list
}

// csv reads a text file of cells. Rows are numbered as a spreadsheet shows them.
func (r *reader) csv(data []byte) {
	text, _, err := questions.Decode(data)
	if err != nil {
		r.look(1, "%s", err.Error())
		return
	}
	if !strings.Contains(text, "\n") {
		text = strings.ReplaceAll(text, "\r", "\n")
	}
	rows, problem := r.csvRows(text)
	if !r.table(rows, nil) && problem == nil {
		r.noTable()
	}
	if problem != nil {
		r.out.Problems = append(r.out.Problems, *problem)
	}
}

func (r *reader) csvRows(text string) (rows []gridRow, problem *questions.Remark) {
	c := csv.NewReader(strings.NewReader(text))
	c.Comma, c.FieldsPerRecord, c.ReuseRecord = separator(text), -1, false
	number, next := 0, 1 // row; line on which the next row begins
	for {
		cells, err := c.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		var wrong *csv.ParseError
		if errors.As(err, &wrong) {
			return rows, &questions.Remark{Line: number + 1, Reason: "「\"」の組が合っていません。ここから後ろは読みませんでした。文の中の \" は \"\" と書きます。"}
		}
		if err != nil {
			return rows, &questions.Remark{Line: number + 1, Reason: "表として読めませんでした。ここから後ろは読みませんでした。"}
		}
		line, _ := c.FieldPos(0)
		number += 1 + line - next // blank lines are rows too
		next = line + 1
		for i, cell := range cells {
			next += strings.Count(cell, "\n")
			cells[i] = unguarded(cell)
		}
		if number > maxRows {
			return rows, &questions.Remark{Line: number, Reason: "行が多すぎます。ここから後ろは読みませんでした。"}
		}
		if row := (gridRow{number, cells[:min(len(cells), maxColumns)]}); !row.blank() {
			rows = append(rows, row)
		}
	}
}

// separator is what the lines where the header may be have most of: commas, tabs
// or semicolons.
func separator(text string) rune {
	lines := strings.SplitN(text, "\n", headerWithin+1)
	first := strings.Join(lines[:min(len(lines), headerWithin)], "\n")
	best, most := ',', strings.Count(first, ",")
	for _, s := range "\t;" {
		if n := strings.Count(first, string(s)); n > most {
			best, most = s, n
		}
	}
	return best
}

// guarded is a cell of a CSV file with an apostrophe before what a spreadsheet
// would take for a formula (OWASP, CSV Injection), be it after spaces and marks
// that nobody sees, or in full width. unguarded takes it away again.
func guarded(cell string) string {
	if dangerous(cell) {
		return "'" + cell
	}
	return cell
}

func unguarded(cell string) string {
	if rest, quoted := strings.CutPrefix(cell, "'"); quoted && dangerous(rest) {
		return rest
	}
	return cell
}

func dangerous(cell string) bool {
	begin := strings.TrimLeftFunc(cell, func(r rune) bool {
		return r != '\t' && r != '\r' && (unicode.IsSpace(r) || unicode.Is(unicode.Cf, r))
	})
	return begin != "" && strings.ContainsRune("=+-@\t\r＝＋－＠−'", []rune(begin)[0])
}
