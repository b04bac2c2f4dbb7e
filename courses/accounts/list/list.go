// Package list reads the list of people that a town hall has, as it comes: a
// spreadsheet with loose header names, dates in 和暦 and 西暦, names in one cell or
// two. It keeps nothing, and of a birth date only the age band leaves it.
package list

import (
	"fmt"
	"strings"
	"time"

	"tsunagari/courses/accounts"
	"tsunagari/storage/table"
)

// MaxPeople is how many people one file may hold.
const MaxPeople = 2000

// Column is a column of the file and what it is taken for.
type Column struct {
	Head   string
	Field  Field
	Sample string // the first cell that is filled in
}

// List is a file as it was understood.
type List struct {
	Sheet   string // name of the sheet, "" for CSV
	Columns []Column
	rows    []table.Row
}

// Options say what a list does not.
type Options struct {
	Home      string    // two digits of the prefecture where the list comes from
	Otherwise string    // residence of who has none, as in accounts.Typed; "" makes it a fault
	On        time.Time // the day on which people are as old as the list says
}

// Person is one row of the list.
type Person struct {
	Row int
	accounts.Typed
	Faults []string // why the row cannot be taken
	Notes  []string // what was understood in a way that is worth a look
	Twin   int      // the earlier row with the same person, 0 for none
}

// Good says whether the row can be taken.
func (p *Person) Good() bool { return len(p.Faults) == 0 && p.Twin == 0 }

// Name is the name as it was read.
func (p *Person) Name() string { return strings.TrimSpace(p.FamilyName + " " + p.GivenName) }

// Kana is the ふりがな as it was read.
func (p *Person) Kana() string { return strings.TrimSpace(p.FamilyKana + " " + p.GivenKana) }

// Read finds the header in a file and says what it takes each column for. faults
// say what could not be read; list is nil when there is no header.
func Read(data []byte) (list *List, faults []table.Fault) {
	faults = table.Each(data, func(s table.Sheet) bool {
		for i, row := range s.Rows[:min(len(s.Rows), table.HeaderWithin)] {
			if fields := header(row.Cells); enough(fields) {
				list = newList(s, row.Cells, fields, s.Rows[i+1:])
				return true
			}
		}
		return false
	})
	switch {
	case list == nil && len(faults) == 0:
		faults = append(faults, table.Fault{Row: 1, Reason: "見出しの行が見つかりません。「氏名」「ふりがな」「市町村」のような見出しの行を、表の上に書いてください。"})
	case list != nil && len(list.rows) > MaxPeople:
		faults = append(faults, table.Fault{Row: list.rows[MaxPeople].Number, Reason: fmt.Sprintf("人数が多すぎます（%d人まで）。ここから後ろは読みませんでした。", MaxPeople)})
		list.rows = list.rows[:MaxPeople]
	case list != nil && len(list.rows) == 0:
		faults = append(faults, table.Fault{Row: 1, Reason: "見出しの下に、だれもいません。"})
	}
	return list, faults
}

func newList(s table.Sheet, heads []string, fields []Field, rows []table.Row) *List {
	l := &List{Sheet: s.Name, rows: rows}
	for i, head := range heads {
		c := Column{Head: strings.Join(strings.Fields(head), " "), Field: fields[i]}
		for _, r := range rows {
			if c.Sample = strings.Join(strings.Fields(r.Cell(i)), " "); c.Sample != "" {
				break
			}
		}
		l.Columns = append(l.Columns, c)
	}
	return l
}

// As is the list with its columns taken for something else, as somebody who knows
// the file says; a field that is none of Fields is left out.
func (l *List) As(fields []Field) {
	for i := range l.Columns {
		if i < len(fields) {
			l.Columns[i].Field = fields[i]
		}
	}
}

// People are the rows as people. Rows in which no name stands, as notes below a
// table, are left out.
func (l *List) People(o Options) []Person {
	var people []Person
	seen := map[string]int{}
	for _, row := range l.rows {
		r := record{Options: o, cells: map[Field]string{}}
		for i, c := range l.Columns {
			if value := clean(row.Cell(i)); value != "" && r.cells[c.Field] == "" {
				r.cells[c.Field] = value
			}
		}
		if !someone(row.Cells, r.cells[FullName]+r.cells[FamilyName]) {
			continue
		}
		p := r.person()
		p.Row = row.Number
		if key := strings.Join([]string{p.FamilyName, p.GivenName, p.Kana(), p.Residence, p.AgeBand}, "\x00"); p.Good() {
			if p.Twin = seen[key]; p.Twin == 0 {
				seen[key] = row.Number
			}
		}
		people = append(people, p)
	}
	return people
}

// clean is a cell without line breaks and doubled spaces.
func clean(cell string) string { return strings.Join(strings.Fields(cell), " ") }
