package counts

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/go-playground/validator/v10"
	"golang.org/x/text/unicode/norm"
	"gorm.io/gorm"

	"tsunagari/courses"
	"tsunagari/courses/accounts"
	"tsunagari/storage"
	"tsunagari/storage/table"
)

// The columns of the form on which a bureau asks its towns for classes outside the
// system (照会様式).
var inquiryHead = []string{"全国地方公共団体コード", "市町村名", "開催日", "講座・教室の名前", "人数", "出典"}

// InquiryRow is one line of a form that came back.
type InquiryRow struct {
	Number int // as the spreadsheet numbers it
	In     SeparateInput
	Town   string
	Fault  string // "" when it can be kept
	State  InquiryState
	Was    int // people, of what changes
}

// InquiryState is what a line does to what is kept already.
type InquiryState string

// The states of a line without a fault.
const (
	InquiryNew     InquiryState = "new"
	InquiryChanged InquiryState = "changed"
	InquirySame    InquiryState = "same"
)

// Inquiry is a form that came back, before anything of it is kept.
type Inquiry struct {
	Rows   []InquiryRow
	Faults []table.Fault // of the file as a whole
}

// Good says whether all of it can be kept and there is something to keep.
func (q *Inquiry) Good() bool {
	return len(q.Faults) == 0 && len(q.Rows) > 0 && !slices.ContainsFunc(q.Rows, func(r InquiryRow) bool { return r.Fault != "" })
}

// Inputs are its lines for TakeSeparates.
func (q *Inquiry) Inputs() (list []SeparateInput) {
	for _, r := range q.Rows {
		list = append(list, r.In)
	}
	return list
}

// Count is how many lines are in a state.
func (q *Inquiry) Count(state InquiryState) (n int) {
	for _, r := range q.Rows {
		if r.Fault == "" && r.State == state {
			n++
		}
	}
	return n
}

// ReadInquiry reads a form that came back and says of every line what it would do.
// Nothing is kept. Lines that nobody filled in are left out.
func (c *Counts) ReadInquiry(ctx context.Context, by accounts.Access, data []byte) (*Inquiry, error) {
	q := &Inquiry{}
	found := false
	q.Faults = table.Each(data, func(s table.Sheet) bool {
		columns, after := inquiryColumns(s)
		if columns == nil {
			return false
		}
		found = true
		for _, row := range s.Rows[after:] {
			if line := c.inquiryRow(by, row, columns); line != nil {
				q.Rows = append(q.Rows, *line)
			}
		}
		return true
	})
	if !found && len(q.Faults) == 0 {
		q.Faults = append(q.Faults, table.Fault{Row: 1, Reason: "照会様式の見出し（" + strings.Join(inquiryHead, "・") + "）が見つかりません。このページの様式に書いて、もう一度選んでください。"})
	}
	if found && len(q.Rows) == 0 && len(q.Faults) == 0 {
		q.Faults = append(q.Faults, table.Fault{Row: 1, Reason: "書きこまれた行が、ひとつもありません。"})
	}
	q.twice()
	return q, c.compare(ctx, q)
}

// inquiryColumns says in which column each of inquiryHead is, and after which row
// the lines begin; nil where there is no such head.
func inquiryColumns(s table.Sheet) (columns []int, after int) {
	for i, row := range s.Rows {
		if row.Number > table.HeaderWithin {
			return nil, 0
		}
		columns = columns[:0]
		for _, title := range inquiryHead {
			at := slices.IndexFunc(row.Cells, func(cell string) bool { return strings.HasPrefix(squeezed(cell), title) })
			if at < 0 {
				break
			}
			columns = append(columns, at)
		}
		if len(columns) == len(inquiryHead) {
			return columns, i + 1
		}
	}
	return nil, 0
}

// squeezed is a cell without spaces and line breaks.
func squeezed(cell string) string { return strings.Join(strings.Fields(norm.NFKC.String(cell)), "") }

// inquiryRow is what one line says; nil where nobody filled anything in.
func (c *Counts) inquiryRow(by accounts.Access, row table.Row, columns []int) *InquiryRow {
	cells := make([]string, len(columns))
	for i, at := range columns {
		cells[i] = strings.TrimSpace(row.Cell(at))
	}
	if strings.Join(cells[2:], "") == "" {
		return nil
	}
	r := &InquiryRow{Number: row.Number, In: SeparateInput{Name: oneLine(cells[3]), People: cells[4], Source: oneLine(cells[5])}}
	m, fault := townOf(by, cells[0], cells[1])
	if fault != "" {
		r.Town, r.Fault = cells[1], fault
		return r
	}
	r.In.Municipality, r.Town = m.Code, m.Name
	day, ok := table.Date(cells[2])
	if !ok {
		r.In.HeldOn = cells[2]
		r.Fault = "開催日が読めません。2026-11-23か、令和8年11月23日のように書いてください。"
		return r
	}
	r.In.HeldOn = day
	one, err := c.separate(by, r.In)
	if r.Fault = inquiryFault(err); r.Fault == "" {
		r.In.People = fmt.Sprint(one.People)
	}
	return r
}

func oneLine(cell string) string { return strings.Join(strings.Fields(cell), " ") }

// townOf is the municipality of a line. A spreadsheet takes the first 0 off a code
// that it holds for a number.
func townOf(by accounts.Access, code, name string) (m accounts.Municipality, fault string) {
	digits := strings.TrimSuffix(strings.Trim(norm.NFKC.String(code), " '"), ".0")
	known := false
	for _, try := range []string{digits, "0" + digits} {
		if m, known = accounts.ByCode(try); known {
			break
		}
	}
	name = squeezed(name)
	switch {
	case digits == "" && name == "":
		return m, "市町村のコードがありません。"
	case digits == "":
		for _, own := range by.Of(accounts.Officer) {
			if m, _ = accounts.ByCode(own); m.Name == name {
				return m, ""
			}
		}
		return m, "市町村のコードを書いてください（6けた）。"
	case !known:
		return m, "「" + code + "」という市町村のコードはありません。6けたのコードを書いてください。"
	case name != "" && name != m.Name:
		return m, "コードは" + m.Name + "のもので、市町村名の「" + name + "」とちがいます。"
	case !by.Reaches(m.Code, accounts.Officer):
		return m, "あなたの係が受けもつ市町村ではありません。"
	}
	return m, ""
}

// inquiryFault says why a line cannot be kept, "" for no error.
func inquiryFault(err error) string {
	var invalid validator.ValidationErrors
	switch {
	case err == nil:
		return ""
	case errors.Is(err, ErrAttended):
		return "人数には、1からの数を書いてください。"
	case errors.Is(err, ErrHeldOn):
		return "開催日は、2015年から今日までの日にしてください。"
	case errors.Is(err, storage.ErrNotFound):
		return "あなたの係が受けもつ市町村ではありません。"
	case errors.As(err, &invalid):
		name := map[string]string{"class_name": "講座・教室の名前", "attended": "人数", "source": "出典", "held_on": "開催日"}[invalid[0].Field()]
		if invalid[0].Tag() == "required" {
			return name + "がありません。"
		}
		return name + "が長すぎるか、使えない記号があります（80文字まで）。"
	}
	return err.Error()
}

// twice marks lines that tell of the same class as one above.
func (q *Inquiry) twice() {
	seen := map[[3]string]int{}
	for i := range q.Rows {
		r := &q.Rows[i]
		key := [3]string{r.In.Municipality, r.In.HeldOn, r.In.Name}
		if first, again := seen[key]; again && r.Fault == "" {
			r.Fault = fmt.Sprintf("%d行目と同じ教室です。どちらかを消してください。", first)
		} else if r.Fault == "" {
			seen[key] = r.Number
		}
	}
}

// compare says of every line what it would change.
func (c *Counts) compare(ctx context.Context, q *Inquiry) error {
	return c.db.Snapshot(ctx, func(tx *gorm.DB) error {
		for i := range q.Rows {
			r := &q.Rows[i]
			if r.Fault != "" {
				continue
			}
			before, err := sameClass(tx, Separate{Municipality: r.In.Municipality, HeldOn: r.In.HeldOn, Name: r.In.Name})
			switch {
			case err != nil:
				return err
			case before == nil:
				r.State = InquiryNew
			case fmt.Sprint(before.People) == r.In.People && before.Source == r.In.Source:
				r.State = InquirySame
			default:
				r.State, r.Was = InquiryChanged, before.People
			}
		}
		return nil
	})
}

// InquiryForm is the form for the municipalities of the scope, a line for each.
// Errors: storage.ErrNotFound.
func (c *Counts) InquiryForm(ctx context.Context, s Scope) (*Sheet, error) {
	areas, err := s.areas(nil)
	if err != nil {
		return nil, err
	}
	if areas, err = c.towns(c.db.Read(ctx), areas); err != nil {
		return nil, err
	}
	form := &Sheet{
		Name: "照会様式", Title: "つながりサポーター養成講座　別途報告の照会",
		Said: []string{
			"このシステムを使わずに開いた教室（システムの前のもの、紙だけで開いたものなど）の、人数だけを書いてください。お名前は書かないでください。",
			"教室がいくつもあるときは、行を増やして、コードと市町村名も書いてください。ないときは、空けたままにしてください。",
			"開催日は、2026-11-23、令和8年11月23日のどちらでも書けます。",
			"作成日　" + dateLabel(c.db.Now().In(courses.Japan).Format(time.DateOnly)),
		},
		Form: true,
	}
	for i, title := range inquiryHead {
		form.Columns = append(form.Columns, Column{Title: title, Width: []float64{24, 18, 20, 40, 10, 40}[i]})
	}
	for _, code := range areas {
		m, _ := accounts.ByCode(code)
		form.Rows = append(form.Rows, []Value{Text(m.Code), Text(m.Name), Text(""), Text(""), Text(""), Text("")})
	}
	return form, nil
}
