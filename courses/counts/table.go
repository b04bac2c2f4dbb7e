package counts

import (
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"tsunagari/courses/accounts"
	"tsunagari/storage"
)

// Period is a span of closed months: a quarter, a 年度, or everything from the
// beginning to the end of a quarter (累計).
type Period struct{ From, Until Month }

// Table divides the people of a closed period. Cells and Rest add up to Total.
type Table struct {
	Period Period
	Geo    Geo
	Area   Area
	Dim    Dim
	Keys   []string // stable
	Labels []string // in words, beside Keys
	Cells  []Cell
	Rest   int // people who are in no cell yet, or not in this period's
	Total  int // as closed; never hidden
	Rule   string
	AsOf   Month // the last month in it
}

// Cell is how many people there are; Hidden is not known, and not 0.
type Cell struct {
	Value  int
	Hidden bool
}

// Dims are by what tables divide the people of a geography.
func Dims(g Geo) []Dim {
	if g == Host {
		return []Dim{Class, OtherGeo}
	}
	return []Dim{Band, Method, OtherGeo}
}

// Periods are those of which there are tables, the newest first: every closed
// quarter, every 年度 that is closed, and 累計 to the end of the newest quarter.
func (c *Counts) Periods(ctx context.Context) ([]Period, error) {
	months, err := calendarOf(c.db.Read(ctx))
	if err != nil {
		return nil, err
	}
	return months.periods(), nil
}

func (c calendar) periods() (list []Period) {
	ends := c.quarters()
	for i, end := range ends {
		if i == len(ends)-1 {
			list = append(list, Period{c[0], c[end]})
		}
		list = append(list, Period{max(c[0], c[end].Add(-2)), c[end]})
		if y := FirstOf(c[end].FiscalYear()); c[end].Next() == FirstOf(c[end].FiscalYear()+1) {
			list = append(list, Period{max(c[0], y), c[end]})
		}
	}
	slices.Reverse(list)
	seen := map[Period]bool{}
	return slices.DeleteFunc(list, func(p Period) bool {
		double := seen[p]
		seen[p] = true
		return double
	})
}

// Table is one municipality's people of a period, divided, as far as the rule of
// disclosure shows them. The audience ToOwn is heard only for a scope of that one
// municipality. Once there, a table never changes. Errors: storage.ErrNotFound outside
// the scope, for a period that is not closed and for what is not divided so.
func (c *Counts) Table(ctx context.Context, s Scope, of Audience, g Geo, area Area, d Dim, p Period) (t *Table, err error) {
	if _, known := accounts.ByCode(area); !known || !s.Reaches(area) || !slices.Contains(Dims(g), d) {
		return nil, storage.ErrNotFound
	}
	if d != Band || len(s.codes) != 1 {
		of = ToOthers
	}
	err = c.db.Snapshot(ctx, func(tx *gorm.DB) error {
		months, err := calendarOf(tx)
		if err != nil {
			return err
		}
		if !months.spans(p) {
			return storage.ErrNotFound
		}
		t = &Table{Period: p, Geo: g, Area: area, Dim: d, AsOf: p.Until}
		return t.read(tx, of)
	})
	return t, err
}

// spans says whether the period is one of which tables are made, now or earlier.
func (c calendar) spans(p Period) bool {
	until := c.index(p.Until)
	return slices.Contains(c.quarters(), until) && (p.From == c[0] || slices.Contains(c.periods(), p))
}

func (t *Table) read(tx *gorm.DB, of Audience) error {
	rules, err := rulesTx(tx)
	if err != nil {
		return err
	}
	err = tx.Raw("SELECT COALESCE(sum(people), 0) FROM closed_counts WHERE geo = ? AND area = ? AND course = '' AND month BETWEEN ? AND ?",
		t.Geo, t.Area, t.Period.From, t.Period.Until).Scan(&t.Total).Error
	if err != nil {
		return err
	}
	var cells []cell
	err = tx.Raw(`SELECT item, sum(people) AS people FROM released_cells WHERE audience = ? AND dim = ? AND area = ?
		AND from_month >= ? AND until_month <= ? GROUP BY item ORDER BY item`, of, t.Dim, t.Area, t.Period.From, t.Period.Until).Scan(&cells).Error
	if err != nil {
		return err
	}
	t.fill(cells)
	least := rules.Outside
	if of == ToOwn {
		least = rules.Own
	}
	t.Rule = ruleText(t.Dim, least)
	return nil
}

// fill puts the cells in the order of the keys. Without a number and while people are
// left over it cannot be told whether a cell is 0.
func (t *Table) fill(cells []cell) {
	people := map[string]int{}
	for _, c := range cells {
		people[c.Item] = c.People
	}
	if t.Dim == OtherGeo && t.Geo == Host {
		people[There] = people[byHost+There]
	}
	t.Rest = t.Total
	for _, key := range t.keys(cells) {
		n := people[key]
		t.Rest -= n
		t.Keys, t.Cells, t.Labels = append(t.Keys, key), append(t.Cells, Cell{Value: n}), append(t.Labels, t.label(key))
	}
	for i := range t.Cells {
		t.Cells[i].Hidden = t.Rest > 0 && t.Cells[i].Value == 0
	}
}

func (t *Table) keys(cells []cell) (keys []string) {
	switch t.Dim {
	case Band:
		for _, b := range accounts.AgeBands {
			keys = append(keys, string(b))
		}
	case Method:
		keys = []string{InClass, AtHome}
	case OtherGeo:
		keys = []string{Here, There}
	default:
		for _, c := range cells {
			keys = append(keys, c.Item)
		}
	}
	return keys
}

func (t *Table) label(key string) string {
	switch {
	case t.Dim == Band:
		return accounts.AgeBand(key).Label()
	case key == InClass:
		return "教室（講師が確認）"
	case key == AtHome:
		return "自習（本人の申告）"
	case key == Here && t.Geo == Host:
		return "この市町村の住民"
	case key == There && t.Geo == Host:
		return "ほかの市町村の住民"
	case key == Here:
		return "この市町村の教室"
	case key == There:
		return "ほかの市町村の教室"
	}
	return key
}

// RestLabel is the words for Rest.
const RestLabel = "まだ分けて示していない人"

// ruleText is the sentence under a table.
func ruleText(d Dim, least int) string {
	if d == Class {
		return fmt.Sprintf("その月のどの教室も%d人以上だった月だけ、教室ごとの人数を示しています。ほかの月の教室は「%s」に入れています。", least, RestLabel)
	}
	return fmt.Sprintf("区分の人数は、前に示したあとの分が%d人以上になり、ほかの数からの引き算でも少ない人数が分からないときに、四半期のしめ切りでまとめて示しています。"+
		"それまでの人は「%s」に入れ、人数の分からない区分は「―」としています。", least, RestLabel)
}
