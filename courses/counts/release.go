package counts

import (
	"fmt"
	"maps"
	"slices"

	"gorm.io/gorm"

	"tsunagari/courses/accounts"
)

// Dim is by what a table of a closed period divides people.
type Dim string

// What there is of them: Band and Method of residents, Class of hosts, OtherGeo of both.
const (
	Band     Dim = "band"      // age band; the keys are accounts.AgeBands
	Method   Dim = "method"    // 教室 and 自習
	Class    Dim = "class"     // classes; the keys are their days
	OtherGeo Dim = "other_geo" // classes of the own municipality or of others; by host, residents or others
)

// The keys of Method and of OtherGeo.
const (
	InClass = "class"
	AtHome  = "self"
	Here    = "here"
	There   = "there"
)

// Audience is who reads a table.
type Audience string

// ToOwn is a post of the one municipality that the table is about; ToOthers is
// everybody else. They differ only in Band: the others can be set against the public
// totals of other municipalities.
const (
	ToOwn    Audience = "own"
	ToOthers Audience = "outside"
)

// cell is a row of released_cells.
type cell struct {
	Audience   Audience
	Dim        Dim
	Area       Area
	Item       string
	FromMonth  Month
	UntilMonth Month
	People     int
}

func (cell) TableName() string { return "released_cells" }

// calendar are the closed months, without a gap.
type calendar []Month

func calendarOf(tx *gorm.DB) (c calendar, err error) {
	return c, tx.Raw("SELECT month FROM closings ORDER BY month").Scan(&c).Error
}

func (c calendar) index(m Month) int {
	if len(c) == 0 || m < c[0] {
		return -1
	}
	return (m.first().Year()-c[0].first().Year())*12 + int(m.first().Month()-c[0].first().Month())
}

// quarters are the indices of the last months of its quarters.
func (c calendar) quarters() (ends []int) {
	for i, m := range c {
		if m.first().Month()%3 == 0 {
			ends = append(ends, i)
		}
	}
	return ends
}

// release decides, as a quarter closes with month m, what tables may show from now on.
func release(tx *gorm.DB, m Month, rules Rules) error {
	months, err := calendarOf(tx)
	if err != nil {
		return err
	}
	var before []cell
	if err := tx.Find(&before).Error; err != nil {
		return err
	}
	r := &releasing{tx: tx, months: months, rules: rules, before: before}
	for _, step := range []func() error{r.bands, r.places, r.classes} {
		if err := step(); err != nil {
			return err
		}
	}
	if len(r.cells) == 0 {
		return nil
	}
	return tx.CreateInBatches(r.cells, 500).Error
}

// releasing is one quarter's decision.
type releasing struct {
	tx     *gorm.DB
	months calendar
	rules  Rules
	before []cell
	cells  []cell // new
}

// blocksOf are what is shown already of each item.
func (r *releasing) blocksOf(of Audience, dim Dim, area func(c cell) bool, items []string, item func(c cell) string) [][]block {
	blocks := make([][]block, len(items))
	for _, c := range r.before {
		if c.Audience == of && c.Dim == dim && area(c) {
			if i := slices.Index(items, item(c)); i >= 0 {
				blocks[i] = append(blocks[i], block{r.months.index(c.FromMonth), r.months.index(c.UntilMonth)})
			}
		}
	}
	for _, list := range blocks {
		slices.SortFunc(list, func(a, b block) int { return a.from - b.from })
	}
	return blocks
}

func (r *releasing) show(of Audience, dim Dim, area Area, item string, b block, people int) {
	r.cells = append(r.cells, cell{of, dim, area, item, r.months[b.from], r.months[b.until], people})
}

// bands are the age bands of each municipality's residents. Whatever is shown
// outside is the sum of what is shown to its own post, so that both together tell
// that post nothing more.
func (r *releasing) bands() error {
	var rows []struct {
		Month         Month
		Area, AgeBand string
		People        int
	}
	if err := r.tx.Raw("SELECT month, area, age_band, people FROM closed_ages").Scan(&rows).Error; err != nil {
		return err
	}
	items := make([]string, len(accounts.AgeBands))
	for i, b := range accounts.AgeBands {
		items[i] = string(b)
	}
	towns := map[Area][][]amount{}
	for _, row := range rows {
		if _, known := accounts.ByCode(row.Area); !known {
			continue
		}
		if towns[row.Area] == nil {
			towns[row.Area] = r.empty(len(items))
		}
		i := slices.Index(items, row.AgeBand)
		if i < 0 {
			i = slices.Index(items, string(accounts.NoAge))
		}
		towns[row.Area][i][r.months.index(row.Month)][0] += row.People
	}
	for _, area := range slices.Sorted(maps.Keys(towns)) {
		of := func(audience Audience) *sheet {
			return bandSheet(towns[area], r.months.quarters(), r.blocksOf(audience, Band,
				func(c cell) bool { return c.Area == area }, items, func(c cell) string { return c.Item }))
		}
		own, outside := of(ToOwn), of(ToOthers)
		shown := own.release(r.rules.Own, own.items())
		r.keep(ToOwn, area, items, own, shown)
		r.keep(ToOthers, area, items, outside, outside.release(r.rules.Outside, shown))
	}
	return nil
}

func (r *releasing) keep(of Audience, area Area, items []string, s *sheet, released []int) {
	for _, i := range released {
		b := s.blocks[i][len(s.blocks[i])-1]
		r.show(of, Band, area, items[i], b, s.sum(i, b.from, b.until).total())
	}
}

func (r *releasing) empty(items int) [][]amount {
	people := make([][]amount, items)
	for i := range people {
		people[i] = make([]amount, len(r.months))
	}
	return people
}

// bandSheet is the table of age bands of one municipality: anybody might be of
// another age.
func bandSheet(people [][]amount, quarters []int, blocks [][]block) *sheet {
	s := &sheet{
		people: people, quarters: quarters, parts: 1, others: 1, blocks: blocks,
		moves: func(m, i, j int) (there, back ways) {
			return ways(min(1, people[i][m][0])), ways(min(1, people[j][m][0]))
		},
	}
	s.prepare()
	return s
}

// classes are shown of the months in which every class of the host has enough people:
// of the others not even the days are told.
func (r *releasing) classes() error {
	var rows []struct {
		Month                 Month
		Host, ClassID, HeldOn string
		People                int
	}
	last := r.months[len(r.months)-1]
	err := r.tx.Raw(`SELECT month, host, class_id, held_on, people FROM closed_classes AS of WHERE month BETWEEN ? AND ? AND ? <=
		(SELECT min(people) FROM closed_classes WHERE month = of.month AND host = of.host) ORDER BY host, held_on, class_id`,
		last.Add(-2), last, r.rules.Outside).Scan(&rows).Error
	seen := map[string]int{}
	for _, row := range rows {
		key := row.HeldOn
		seen[row.Host+key]++
		if n := seen[row.Host+key]; n > 1 {
			key = fmt.Sprintf("%s (%d)", key, n)
		}
		m := r.months.index(row.Month)
		r.show(ToOthers, Class, row.Host, key, block{m, m}, row.People)
	}
	return err
}
