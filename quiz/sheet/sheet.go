// Package sheet reads and writes questions in a spreadsheet, one a row: xlsx, or
// CSV in the encodings of Japanese programs. Its header names are read loosely and
// its template explains itself. It knows no course.
package sheet

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"tsunagari/courses/questions"
)

// Bounds of a file.
const (
	maxBytes     = 16 << 20
	maxUnzipped  = 48 << 20 // bytes of all parts of an xlsx
	maxRows      = 20000    // with blank ones
	maxQuestions = 5000
	maxParts     = 30      // choices, pairs, answers of one question
	maxText      = 8 << 10 // bytes of one text
	maxColumns   = 400
)

// Read reads a spreadsheet, xlsx or CSV by what the file is: whatever is good is in
// Questions, and everything else has a remark with its row. Rows of the template's
// examples that nobody touched are left out.
func Read(data []byte, _ questions.ReadOptions) *questions.Import {
	r := &reader{out: &questions.Import{}}
	switch {
	case len(data) > maxBytes:
		r.look(1, "ファイルが大きすぎます（%dMBまで）。いくつかのファイルに分けてください。", maxBytes>>20)
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		r.workbook(data)
	case bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0")):
		r.look(1, "古い形のExcel（.xls）か、パスワードのかかったファイルです。Excelで開いて、パスワードをはずし、「Excelブック（.xlsx）」で保存し直してください。")
	default:
		r.csv(data)
	}
	return r.out
}

type reader struct{ out *questions.Import }

// look notes what should be looked at.
func (r *reader) look(row int, reason string, args ...any) {
	r.out.Problems = append(r.out.Problems, questions.Remark{Line: row, Reason: fmt.Sprintf(reason, args...)})
}

// gridRow is a row that is not blank.
type gridRow struct {
	number int // 1 is the first
	cells  []string
}

func (g gridRow) cell(i int) string {
	if i < len(g.cells) {
		return g.cells[i]
	}
	return ""
}

func (g gridRow) blank() bool {
	return !slices.ContainsFunc(g.cells, func(s string) bool { return strings.TrimSpace(s) != "" })
}

// headerWithin is how many rows may stand above the header: a title, a date.
const headerWithin = 20

// table reads the rows of one sheet.
func (r *reader) table(rows []gridRow, merged merges) bool {
	for i, row := range rows[:min(len(rows), headerWithin)] {
		head, unknown := header(row.cells)
		if !head.enough() {
			continue
		}
		if len(unknown) > 0 {
			r.look(row.number, "つぎの列は読みませんでした：%s。", strings.Join(unknown, "、"))
		}
		r.rows(head, rows[i+1:], merged)
		return true
	}
	return false
}

func (r *reader) rows(head head, rows []gridRow, merged merges) {
	var untouched []int
	read := 0
	for _, row := range rows {
		rec := record{row: row.number, cells: map[column]string{}}
		for at, c := range head {
			value := strings.TrimSpace(row.cell(at))
			if from, joined := merged.above(row.number, at); joined && value == "" {
				rec.joined = true
				if c.field.downward() {
					value = strings.TrimSpace(from)
				}
			}
			if value != "" {
				rec.cells[c] = value
			}
		}
		switch {
		case len(rec.cells) == 0 || row.blank():
			continue
		case isExample(rec):
			untouched = append(untouched, row.number)
			continue
		}
		if read++; read > maxQuestions {
			r.look(row.number, "問題が多すぎます（%d問まで）。いくつかのファイルに分けてください。", maxQuestions)
			break
		}
		r.record(rec)
	}
	switch {
	case len(untouched) > 0:
		r.look(untouched[0], "見本のままの行（%s行目）は、読みませんでした。", joinNumbers(untouched))
	case read == 0:
		r.look(1, "見出しの下に、問題がひとつもありません。")
	}
}

func joinNumbers(list []int) string {
	var s []string
	for _, n := range list {
		s = append(s, fmt.Sprint(n))
	}
	return strings.Join(s, "・")
}

// noTable says what a file must have.
func (r *reader) noTable() {
	r.look(1, "見出しの行が見つかりません。1行目に「形式」「問題文」「選択肢1」「正解」のような見出しを書いてください。テンプレートを使うと確実です。")
}

// record is the cells of one question by column.
type record struct {
	row    int
	cells  map[column]string
	joined bool // a cell of it is merged with the row above
}

func (r record) cell(f field, n int) string { return r.cells[column{field: f, n: n}] }

// shorten is the beginning of what is quoted in a remark.
func shorten(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if runes := []rune(s); len(runes) > 30 {
		return string(runes[:30]) + "…"
	}
	return s
}
