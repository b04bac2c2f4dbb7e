package counts

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/unicode/norm"

	"tsunagari/storage/table"
)

// Sheet is one table as files carry it. What stands above and below it is for
// reading, and left out where the table is for computing.
type Sheet struct {
	Name    string   // of the tab
	Title   string   // in Japanese
	Said    []string // lines above the table
	Columns []Column
	Rows    [][]Value
	Total   []Value // the last row, nil for none
	Notes   []string
	Form    bool // to be filled in: every cell is ruled and text
}

// Column is a column of a Sheet. Its title says the unit.
type Column struct {
	Key   string // as JSON names it
	Title string
	Width float64 // in characters
}

// Value is what a cell of a Sheet holds, a text or a number. The zero Value is empty.
type Value struct {
	text     string
	number   float64
	numeric  bool
	decimals int
}

// Text is a cell of text: codes, days and marks such as 「…」 too.
func Text(s string) Value { return Value{text: s} }

// Number is a cell of a whole number.
func Number(n int) Value { return Value{number: float64(n), numeric: true} }

// Percent is a share of whole people, in percent with two digits.
func Percent(n, of int) Value {
	hundredths := (20000*n/of + 1) / 2 // rounded half up
	return Value{number: float64(hundredths) / 100, numeric: true, decimals: 2}
}

// String is the cell as it is read, unguarded.
func (c Value) String() string {
	if c.numeric {
		return strconv.FormatFloat(c.number, 'f', c.decimals, 64)
	}
	return c.text
}

// MarshalJSON is for JSON: a number, a text, or null when it is empty.
func (c Value) MarshalJSON() ([]byte, error) {
	switch {
	case c.numeric:
		return []byte(c.String()), nil
	case c.text == "":
		return []byte("null"), nil
	}
	return json.Marshal(c.text)
}

// harmless is the text of a cell that a spreadsheet cannot take for a formula and
// that has no control characters.
func harmless(s string) string {
	return table.Guarded(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s))
}

// Encoding is how a CSV file writes its characters.
type Encoding string

// The encodings of CSV files: UTF-8 with a byte order mark, and what older programs
// on Windows read (CP932, also called Shift_JIS).
const (
	UTF8  Encoding = "utf8"
	CP932 Encoding = "cp932"
)

// CSV writes the table alone, with CRLF at the end of each line. What CP932 does not
// have becomes 〓; Unwritable tells which characters these are.
func (s *Sheet) CSV(to io.Writer, e Encoding) error {
	if e == UTF8 {
		if _, err := io.WriteString(to, "\ufeff"); err != nil {
			return err
		}
	} else {
		to = japanese.ShiftJIS.NewEncoder().Writer(to)
	}
	w := csv.NewWriter(to)
	w.UseCRLF = true
	cells := make([]string, len(s.Columns))
	write := func(text func(i int) string) error {
		for i := range cells {
			cells[i] = text(i)
			if e == CP932 {
				cells[i], _ = inCP932(cells[i])
			}
		}
		return w.Write(cells)
	}
	if err := write(func(i int) string { return harmless(s.Columns[i].Title) }); err != nil {
		return err
	}
	for _, row := range s.Rows {
		err := write(func(i int) string {
			if row[i].numeric {
				return row[i].String()
			}
			return harmless(row[i].text)
		})
		if err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

// Unwritable are the characters of the table that CP932 does not have, each once in
// order, as 𠮷（U+20BB7）.
func (s *Sheet) Unwritable() (list []string) {
	note := func(text string) {
		_, missing := inCP932(text)
		for _, r := range missing {
			name := fmt.Sprintf("%c（U+%04X）", r, r)
			if !slices.Contains(list, name) {
				list = append(list, name)
			}
		}
	}
	for _, c := range s.Columns {
		note(c.Title)
	}
	for _, row := range s.Rows {
		for _, c := range row {
			note(c.text)
		}
	}
	return list
}

// alike are characters that CP932 has only as their Windows twins.
var alike = strings.NewReplacer("〜", "～", "−", "－", "—", "―", "–", "－", "‖", "∥", "¢", "￠", "£", "￡", "¬", "￢", "¥", "￥", "‾", "￣", "\u00a0", " ", "\u2010", "－", "\u2011", "－")

// inCP932 is s in characters that CP932 has, 〓 for each that is missing.
func inCP932(s string) (written string, missing []rune) {
	e := japanese.ShiftJIS.NewEncoder()
	return strings.Map(func(r rune) rune {
		e.Reset()
		if _, err := e.String(string(r)); err != nil {
			missing = append(missing, r)
			return '〓'
		}
		return r
	}, alike.Replace(norm.NFC.String(s))), missing
}

// JSON writes the table as a list of rows by the columns' keys, with what has to be
// said beside it.
func (s *Sheet) JSON(to io.Writer) error {
	rows := make([]map[string]Value, len(s.Rows))
	for i, row := range s.Rows {
		rows[i] = map[string]Value{}
		for k, c := range s.Columns {
			rows[i][c.Key] = row[k]
		}
	}
	titles := map[string]string{}
	for _, c := range s.Columns {
		titles[c.Key] = c.Title
	}
	e := json.NewEncoder(to)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	return e.Encode(struct {
		Title   string             `json:"title"`
		About   []string           `json:"about"`
		Columns map[string]string  `json:"columns"`
		Rows    []map[string]Value `json:"rows"`
		Notes   []string           `json:"notes"`
	}{s.Title, s.Said, titles, rows, s.Notes})
}
