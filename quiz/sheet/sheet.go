// Package sheet reads and writes questions in a spreadsheet, one a row: xlsx, or
// CSV in the encodings of Japanese programs. Its header names are read loosely and
// its template explains itself. It knows no course.
package sheet

import (
	"fmt"
	"strings"

	"tsunagari/courses/questions"
	"tsunagari/storage/table"
)

// Bounds of a file.
const (
	maxQuestions = 5000
	maxParts     = 30      // choices, pairs, answers of one question
	maxText      = 8 << 10 // bytes of one text
)

// Read reads a spreadsheet, xlsx or CSV by what the file is: whatever is good is in
// Questions, and everything else has a remark with its row. Rows of the template's
// examples that nobody touched are left out.
func Read(data []byte, _ questions.ReadOptions) *questions.Import {
	r := &reader{out: &questions.Import{}}
	found := false
	for _, f := range table.Each(data, func(s table.Sheet) bool { found = found || r.table(s); return found }) {
		r.look(f.Row, "%s", f.Reason)
	}
	if !found && len(r.out.Problems) == 0 {
		r.noTable()
	}
	return r.out
}

type reader struct{ out *questions.Import }

// look notes what should be looked at.
func (r *reader) look(row int, reason string, args ...any) {
	r.out.Problems = append(r.out.Problems, questions.Remark{Line: row, Reason: fmt.Sprintf(reason, args...)})
}

// table reads the rows of one sheet.
func (r *reader) table(s table.Sheet) bool {
	for i, row := range s.Rows[:min(len(s.Rows), table.HeaderWithin)] {
		head, unknown := header(row.Cells)
		if !head.enough() {
			continue
		}
		if len(unknown) > 0 {
			r.look(row.Number, "つぎの列は読みませんでした：%s。", strings.Join(unknown, "、"))
		}
		r.rows(head, s, s.Rows[i+1:])
		return true
	}
	return false
}

func (r *reader) rows(head head, sheet table.Sheet, rows []table.Row) {
	var untouched []int
	read := 0
	for _, row := range rows {
		rec := record{row: row.Number, cells: map[column]string{}}
		for at, c := range head {
			value := strings.TrimSpace(row.Cell(at))
			if from, joined := sheet.Above(row.Number, at); joined && value == "" {
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
		case len(rec.cells) == 0:
			continue
		case isExample(rec):
			untouched = append(untouched, row.Number)
			continue
		}
		if read++; read > maxQuestions {
			r.look(row.Number, "問題が多すぎます（%d問まで）。いくつかのファイルに分けてください。", maxQuestions)
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
