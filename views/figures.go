package views

import (
	"context"
	"html/template"
	"slices"
	"strconv"
	"strings"

	"tsunagari/courses"
	"tsunagari/courses/accounts"
	"tsunagari/courses/counts"
)

// figures are everything that stands on an area's page. People are counted by
// residence unless a name says otherwise.
type figures struct {
	area
	counts.Headline
	FiscalYear    string     // 令和8年度
	Unused        bool       // nobody there uses the system: 「…」, not 0
	Months        []monthRow // of this 年度
	Years         []monthRow // from the first 年度 on
	Bars, Curve   template.HTML
	Share         *populationShare
	Host          twoFigures     // by the municipality that held the class
	hosts         map[string]int // people by the municipality that held the class
	apart         map[string]int // 別途報告 by municipality
	Courses       []courseRow
	Division      division // of one municipality
	Parts         string   // what Towns are: 市町村 or 振興局
	Towns         []townRow
	Sort          string
	Map           template.HTML
	Shades        []shade
	Elsewhere     []townRow // 道内（管外）, 道外, 不明; for who sees everything
	ResidenceNote string
}

type twoFigures struct{ Total, Year int }

// figuresQuery is what an address may ask of a page of figures; what it does not know
// is the same as nothing.
type figuresQuery struct{ Sort, Period string }

func (s *site) figuresOf(ctx context.Context, scope counts.Scope, of area, q figuresQuery) (f figures, err error) {
	head, err := s.Counts.Headline(ctx, scope, of.Codes, "")
	if err != nil {
		return f, err
	}
	f = figures{area: of, Headline: *head, ResidenceNote: counts.ResidenceNote}
	this := counts.Month(head.AsOf[:len("2026-11")])
	f.FiscalYear = counts.FiscalLabel(this.FiscalYear())
	rows, err := s.Counts.Rows(ctx, scope, counts.Filter{Areas: of.Codes, Until: this})
	if err != nil {
		return f, err
	}
	f.months(rows, this)
	for _, fill := range []func(context.Context, counts.Scope, *figures, counts.Month) error{s.hosted, s.reported, s.byCourse, s.closedMonths} {
		if err := fill(ctx, scope, &f, this); err != nil {
			return f, err
		}
	}
	using, err := s.Counts.Using(ctx, scope, of.Codes)
	if err != nil {
		return f, err
	}
	people, err := s.Accounts.LatestDenominators(ctx, of.Codes, head.AsOf)
	if err != nil {
		return f, err
	}
	f.Unused = of.Code != "" && !using[of.Code]
	f.Share = shareOf(of.Codes, people, head.Total)
	if of.Code != "" {
		f.Division, err = s.divide(ctx, scope, of.Code, q.Period)
		return f, err
	}
	f.towns(rows, this, using, people, q.Sort)
	if scope.All() {
		err = s.elsewhere(ctx, scope, &f, this)
	}
	return f, err
}

// hosted is how many finished in a class that the area held.
func (s *site) hosted(ctx context.Context, scope counts.Scope, f *figures, this counts.Month) error {
	rows, err := s.Counts.Rows(ctx, scope, counts.Filter{Geo: counts.Host, Areas: f.Codes, Until: this})
	f.hosts = map[string]int{}
	for _, r := range rows {
		f.Host.add(r, this)
		f.hosts[r.Area] += r.People
	}
	return err
}

// reported is who was in classes that were reported apart (別途報告).
func (s *site) reported(ctx context.Context, scope counts.Scope, f *figures, _ counts.Month) error {
	list, err := s.Counts.Separates(ctx, scope, f.Codes)
	f.apart = map[string]int{}
	for _, one := range list {
		f.apart[one.Municipality] += one.People
	}
	return err
}

// Mark is what stands in place of the number while nobody here uses the system.
func (f *figures) Mark() string { return unusedMark(f.Unused, f.Separate) }

// add counts a row: in all, and in the 年度 of the month this.
func (t *twoFigures) add(r counts.Row, this counts.Month) {
	t.Total += r.People
	if r.Month.FiscalYear() == this.FiscalYear() {
		t.Year += r.People
	}
}

// closedMonths says of each month of the 年度 whether it is closed, and whether it was
// corrected since: then the numbers of the page are no longer the closed ones.
func (s *site) closedMonths(ctx context.Context, scope counts.Scope, f *figures, _ counts.Month) error {
	list, err := s.Counts.Closings(ctx)
	if err != nil {
		return err
	}
	_, corrections, err := s.Counts.ClosedRows(ctx, scope, counts.Filter{Areas: f.Codes})
	for i := range f.Months {
		m := &f.Months[i]
		m.Standing = "速報値"
		if slices.ContainsFunc(list, func(c counts.Closing) bool { return c.Month == m.month }) {
			m.Standing = "確定値"
		}
		if slices.ContainsFunc(corrections, func(c counts.Correction) bool { return c.Month == m.month }) {
			m.Standing = "訂正あり"
		}
	}
	return err
}

type courseRow struct {
	Title string
	twoFigures
	Supporters bool
}

// byCourse counts every course for itself. Courses that nobody finished have a row
// as long as people may begin them.
func (s *site) byCourse(ctx context.Context, scope counts.Scope, f *figures, this counts.Month) error {
	rows, err := s.Counts.Rows(ctx, scope, counts.Filter{Areas: f.Codes, Course: counts.EachCourse, Until: this})
	if err != nil {
		return err
	}
	by := map[string]*twoFigures{}
	for _, r := range rows {
		if by[r.Course] == nil {
			by[r.Course] = &twoFigures{}
		}
		by[r.Course].add(r, this)
	}
	list, err := s.Courses.ListAll(ctx)
	for _, rev := range list {
		if n := by[rev.CourseID]; n != nil {
			f.Courses = append(f.Courses, courseRow{courses.Plain(rev.Title.In("ja")), *n, rev.Supporters})
		}
	}
	return err
}

// months fills the 年度 month by month, and the curve of the total since the first.
func (f *figures) months(rows []counts.Row, this counts.Month) {
	people := map[counts.Month]int{}
	first := this
	for _, r := range rows {
		people[r.Month] += r.People
		first = min(first, r.Month)
	}
	total := 0
	var way []point
	for m := first; m <= this; m = m.Next() {
		total += people[m]
		way = append(way, point{m.Label(), m == counts.FirstOf(m.FiscalYear()), total})
		f.year(m, people[m], total)
	}
	total = f.Total - f.Year
	april := counts.FirstOf(this.FiscalYear())
	list := make([]bar, 0, 12)
	for m := april; m.FiscalYear() == this.FiscalYear(); m = m.Next() {
		list = append(list, bar{Label: monthDigits(m), Value: people[m], Later: m > this})
		if m <= this {
			total += people[m]
			f.Months = append(f.Months, monthRow{Label: m.Label(), People: people[m], Total: total, Quarter: m < this && quarterEnd(m), month: m})
		}
	}
	f.Bars = bars(f.FiscalYear+"の月ごとの修了者数。数は、下の表と同じです。", list)
	f.Curve = curve("修了者数の累計の動き。はじめは"+first.Label()+"、いまは"+comma(f.Total)+"人です。", way)
}

// year adds a month to the table of years.
func (f *figures) year(m counts.Month, people, total int) {
	label := counts.FiscalLabel(m.FiscalYear())
	if n := len(f.Years); n == 0 || f.Years[n-1].Label != label {
		f.Years = append(f.Years, monthRow{Label: label})
	}
	last := &f.Years[len(f.Years)-1]
	last.People += people
	last.Total = total
}

// monthRow is one line of the table of months, or of years.
type monthRow struct {
	Label         string
	People, Total int
	Quarter       bool   // a month that ends a quarter and is over
	Standing      string // 速報値, 確定値, or corrected since; only of months
	month         counts.Month
}

// quarterEnd says whether a quarter of the 年度 ends with the month.
func quarterEnd(m counts.Month) bool {
	switch monthDigits(m) {
	case "3", "6", "9", "12":
		return true
	}
	return false
}

// monthDigits is the month without its year: 4.
func monthDigits(m counts.Month) string { return strings.TrimPrefix(string(m[len("2026-"):]), "0") }

// populationShare is the part of the population, with all that has to be said with it.
type populationShare struct {
	Percent string // 0.11
	People  int
	Days    []accounts.Denominator // the one of a municipality; of several, how many days there are
}

// shareOf is the share of the population of the areas, nil unless everyone of them
// has entered one.
func shareOf(codes []string, people map[string]accounts.Denominator, total int) *populationShare {
	sh := &populationShare{}
	for _, code := range codes {
		d, entered := people[code]
		if !entered {
			return nil
		}
		sh.People += d.People
		sh.Days = append(sh.Days, d)
	}
	sh.Percent = percentOf(total, sh.People)
	return sh
}

// percentOf is n of people with two digits after the point.
func percentOf(n, people int) string {
	return strconv.FormatFloat(100*float64(n)/float64(people), 'f', 2, 64)
}

// One is the figure of a page of one municipality, nil on others.
func (sh *populationShare) One() *accounts.Denominator {
	if len(sh.Days) != 1 {
		return nil
	}
	return &sh.Days[0]
}
