// Package table reads the tables of Japanese offices, xlsx or CSV in the encodings
// that are met there, into rows of text, and keeps cells that are written from
// acting as formulas. It knows nothing of what a table says.
package table

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Bounds of a file.
const (
	MaxBytes    = 16 << 20
	maxUnzipped = 48 << 20 // bytes of all parts of an xlsx
	maxRows     = 20000    // with blank ones
	maxColumns  = 400
)

// HeaderWithin is how many rows may stand above the header: a title, a date.
const HeaderWithin = 20

// Row is a row that is not blank.
type Row struct {
	Number int // 1 is the first
	Cells  []string
}

// Cell is the cell of a column from 0, "" beyond the last.
func (r Row) Cell(i int) string {
	if i < len(r.Cells) {
		return r.Cells[i]
	}
	return ""
}

func (r Row) blank() bool {
	return !slices.ContainsFunc(r.Cells, func(s string) bool { return strings.TrimSpace(s) != "" })
}

// Sheet is one sheet of a file; a CSV file has one without a name.
type Sheet struct {
	Name   string
	Rows   []Row
	merged []mergedRange
}

// Above is the value of the merged cell that this cell of a lower row is part of.
func (s Sheet) Above(row, column int) (value string, ok bool) {
	for _, g := range s.merged {
		if row > g.fromRow && row <= g.toRow && column >= g.fromColumn && column <= g.toColumn {
			return g.value, true
		}
	}
	return "", false
}

// mergedRange are cells that are shown as one.
type mergedRange struct {
	fromRow, toRow, fromColumn, toColumn int // columns from 0
	value                                string
}

// Fault says in plain Japanese what could not be read and what to do.
type Fault struct {
	Row    int
	Reason string
}

func (f Fault) Error() string { return f.Reason }

// Each reads a file, xlsx or CSV by what it is, and shows its sheets to use one
// after another until that answers true. What could not be read is in faults, and
// does not keep the rest from being read.
func Each(data []byte, use func(Sheet) (enough bool)) (faults []Fault) {
	r := &reader{use: use}
	switch {
	case len(data) > MaxBytes:
		r.fault(1, "ファイルが大きすぎます（%dMBまで）。いくつかのファイルに分けてください。", MaxBytes>>20)
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		r.workbook(data)
	case bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0")):
		r.fault(1, "古い形のExcel（.xls）か、パスワードのかかったファイルです。Excelで開いて、パスワードをはずし、「Excelブック（.xlsx）」で保存し直してください。")
	default:
		r.csv(data)
	}
	return r.faults
}

type reader struct {
	use    func(Sheet) bool
	faults []Fault
}

func (r *reader) fault(row int, reason string, args ...any) {
	r.faults = append(r.faults, Fault{row, fmt.Sprintf(reason, args...)})
}

func (r *reader) workbook(data []byte) {
	defer func() {
		if recover() != nil { // the parser of a large format meets what attackers make
			r.fault(1, "表のファイルとして読めませんでした。Excelで開いて、「Excelブック（.xlsx）」で保存し直してください。")
		}
	}()
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{UnzipSizeLimit: maxUnzipped, UnzipXMLSizeLimit: maxUnzipped, ShortDatePattern: "yyyy-mm-dd"})
	if err != nil {
		r.fault(1, "表のファイルとして読めませんでした。こわれているか、大きすぎるか、Excelのファイルではないようです。Excelで開いて、「Excelブック（.xlsx）」で保存し直してください。")
		return
	}
	defer f.Close()
	if tooManyStrings(f) {
		r.fault(1, "表が大きすぎます。いくつかのファイルに分けてください。")
		return
	}
	for _, name := range f.GetSheetList() {
		rows, err := r.sheetRows(f, name)
		if err != nil {
			r.fault(1, "シート「%s」が読めませんでした。Excelで開いて、保存し直してください。", name)
			continue
		}
		if r.use(Sheet{name, rows, merged(f, name)}) {
			return
		}
	}
}

// sheetRows streams the rows of a sheet. Of a formula it takes the value that was
// shown when the file was saved.
func (r *reader) sheetRows(f *excelize.File, name string) ([]Row, error) {
	stream, err := f.Rows(name)
	if err != nil {
		return nil, err
	}
	defer stream.Close()
	var rows []Row
	for n := 1; stream.Next(); n++ {
		if n > maxRows {
			r.fault(n, "行が多すぎます。ここから後ろは読みませんでした。")
			break
		}
		cells, err := stream.Columns()
		if err != nil {
			return nil, err
		}
		if row := (Row{n, cells[:min(len(cells), maxColumns)]}); !row.blank() {
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

// maxMerging is the size of a sheet up to which merged cells are looked for: that
// takes the whole of it into memory.
const maxMerging = 8 << 20

func merged(f *excelize.File, name string) (list []mergedRange) {
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
	text, _, err := Decode(data)
	if err != nil {
		r.fault(1, "%s", err.Error())
		return
	}
	if !strings.Contains(text, "\n") {
		text = strings.ReplaceAll(text, "\r", "\n")
	}
	rows, problem := csvRows(text)
	r.use(Sheet{Rows: rows})
	if problem != nil {
		r.faults = append(r.faults, *problem)
	}
}

func csvRows(text string) (rows []Row, problem *Fault) {
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
			return rows, &Fault{number + 1, "「\"」の組が合っていません。ここから後ろは読みませんでした。文の中の \" は \"\" と書きます。"}
		}
		if err != nil {
			return rows, &Fault{number + 1, "表として読めませんでした。ここから後ろは読みませんでした。"}
		}
		line, _ := c.FieldPos(0)
		number += 1 + line - next // blank lines are rows too
		next = line + 1
		for i, cell := range cells {
			next += strings.Count(cell, "\n")
			cells[i] = Unguarded(cell)
		}
		if number > maxRows {
			return rows, &Fault{number, "行が多すぎます。ここから後ろは読みませんでした。"}
		}
		if row := (Row{number, cells[:min(len(cells), maxColumns)]}); !row.blank() {
			rows = append(rows, row)
		}
	}
}

// separator is what the lines where the header may be have most of: commas, tabs
// or semicolons.
func separator(text string) rune {
	lines := strings.SplitN(text, "\n", HeaderWithin+1)
	first := strings.Join(lines[:min(len(lines), HeaderWithin)], "\n")
	best, most := ',', strings.Count(first, ",")
	for _, s := range "\t;" {
		if n := strings.Count(first, string(s)); n > most {
			best, most = s, n
		}
	}
	return best
}
