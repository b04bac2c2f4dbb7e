package counts

import (
	"context"
	"slices"
	"strconv"
	"time"

	"gorm.io/gorm"

	"tsunagari/certificates/paper"
	"tsunagari/courses"
	"tsunagari/courses/accounts"
	"tsunagari/storage"
)

// Report is what all files of an area say of a month: the figures at its end, or of
// today while it lasts. A closed month's stay as they were closed; what was
// corrected since is beside them.
type Report struct {
	Headline
	Name        string // of the area
	Code        string // of the one municipality, "" for several
	Month       Month
	Closed      *Closing // nil while the figures are provisional
	Corrections []Correction
	Lines       []Line // by residence and host, municipality by municipality
	Elsewhere   []Line // 道内（管外）, 道外, 不明; for who sees everything
	Months      []MonthLine
	Made        time.Time

	courses []Course
}

// Course is a course as files name it.
type Course struct{ ID, Title string }

// Line is one municipality in a Report.
type Line struct {
	Area, Name, Bureau, Prefecture string
	Using                          bool // false: 未利用, not 0
	Residence, Host                Figures
	Courses                        map[string]Figures // by residence
	Classes, ClassesYear           int
	Separate                       Figures // never added in
	Population                     *accounts.Denominator
}

// Figures are the people of a month, of its 年度 until then, and since the beginning.
type Figures struct{ Month, Year, Total int }

func (f *Figures) add(m Month, people int, at Month) {
	f.Total += people
	if m.FiscalYear() == at.FiscalYear() {
		f.Year += people
	}
	if m == at {
		f.Month += people
	}
}

// MonthLine is one month of the 年度.
type MonthLine struct {
	Month               Month
	People, Year, Total int
	Host                int
}

// Status is 速報値 or 確定値.
func (r *Report) Status() string {
	if r.Closed != nil {
		return "確定値"
	}
	return "速報値"
}

// Definition is the edition of the definitions under which the figures stand.
func (r *Report) Definition() int {
	if r.Closed != nil {
		return r.Closed.Definition
	}
	return Edition
}

// Report is the report of a month ("" for this one) of the municipalities areas (nil:
// of the scope). Errors: ErrDay for a month that is none or has not come yet,
// storage.ErrNotFound outside the scope.
func (c *Counts) Report(ctx context.Context, s Scope, name string, areas []string, m Month) (*Report, error) {
	now := c.db.Now()
	this := MonthOf(now)
	if m == "" {
		m = this
	}
	if !m.Valid() || m > this {
		return nil, ErrDay
	}
	r := &Report{Name: name, Month: m, Made: now}
	asOf := m.LastDay()
	if m == this {
		asOf = now.In(courses.Japan).Format(time.DateOnly)
	}
	towns, err := s.areas(areas)
	if err != nil {
		return nil, err
	}
	if towns, err = c.towns(c.db.Read(ctx), towns); err != nil {
		return nil, err
	}
	if len(towns) == 0 {
		return nil, storage.ErrNotFound // no such municipality, or a site that is not set up
	}
	head, err := c.Headline(ctx, s, towns, asOf)
	if err != nil {
		return nil, err
	}
	r.Headline = *head
	if len(towns) == 1 {
		r.Code = towns[0]
	}
	for _, fill := range []func(context.Context, Scope, *Report, []string) error{c.closing, c.lines, c.besides} {
		if err := fill(ctx, s, r, towns); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// lines counts every municipality by residence, course and host, and the months.
func (c *Counts) lines(ctx context.Context, s Scope, r *Report, towns []string) error {
	at := map[string]*Line{}
	r.Lines = make([]Line, len(towns))
	for i, code := range towns {
		m, _ := accounts.ByCode(code)
		r.Lines[i] = Line{Area: code, Name: m.Name, Bureau: m.Bureau, Prefecture: m.Prefecture, Courses: map[string]Figures{}}
		at[code] = &r.Lines[i]
	}
	lived, err := c.reported(ctx, s, r, Filter{Areas: towns, Until: r.Month})
	if err != nil {
		return err
	}
	held, err := c.reported(ctx, s, r, Filter{Geo: Host, Areas: towns, Until: r.Month})
	if err != nil {
		return err
	}
	each, err := c.reported(ctx, s, r, Filter{Areas: towns, Course: EachCourse, Until: r.Month})
	if err != nil {
		return err
	}
	for _, row := range lived {
		at[row.Area].Residence.add(row.Month, row.People, r.Month)
	}
	for _, row := range held {
		at[row.Area].Host.add(row.Month, row.People, r.Month)
	}
	for _, row := range each {
		f := at[row.Area].Courses[row.Course]
		f.add(row.Month, row.People, r.Month)
		at[row.Area].Courses[row.Course] = f
	}
	r.months(lived, held)
	if r.Closed != nil {
		r.restate(lived)
	}
	return c.named(ctx, r)
}

// restate puts what was closed in place of what is counted today.
func (r *Report) restate(lived []Row) {
	r.Total, r.Year, r.YearBefore = 0, 0, 0
	for _, l := range r.Lines {
		r.Total += l.Residence.Total
		r.Year += l.Residence.Year
	}
	for _, row := range lived {
		if row.Month.FiscalYear() == r.Month.FiscalYear()-1 && row.Month <= r.Month.Add(-12) {
			r.YearBefore += row.People
		}
	}
}

func (r *Report) months(lived, held []Row) {
	first := FirstOf(r.Month.FiscalYear())
	for m := first; m <= r.Month; m = m.Next() {
		r.Months = append(r.Months, MonthLine{Month: m})
	}
	for _, row := range lived {
		for i := range r.Months {
			l := &r.Months[i]
			if row.Month <= l.Month {
				l.Total += row.People
				if row.Month >= first {
					l.Year += row.People
				}
			}
			if row.Month == l.Month {
				l.People += row.People
			}
		}
	}
	for _, row := range held {
		for i := range r.Months {
			if row.Month == r.Months[i].Month {
				r.Months[i].Host += row.People
			}
		}
	}
}

// named gives the courses that somebody finished their titles.
func (c *Counts) named(ctx context.Context, r *Report) error {
	titles := map[string]string{}
	list, err := c.courses.ListAll(ctx)
	if err != nil {
		return err
	}
	for _, rev := range list {
		titles[rev.CourseID] = courses.Plain(rev.Title.In("ja"))
	}
	for _, l := range r.Lines {
		for id := range l.Courses {
			if !slices.ContainsFunc(r.courses, func(k Course) bool { return k.ID == id }) {
				r.courses = append(r.courses, Course{id, titles[id]})
			}
		}
	}
	slices.SortFunc(r.courses, func(a, b Course) int { return slices.Compare([]string{a.Title, a.ID}, []string{b.Title, b.ID}) })
	return nil
}

// besides adds what is no 修了者数: who uses the system, classes, 別途報告, population.
func (c *Counts) besides(ctx context.Context, s Scope, r *Report, towns []string) error {
	using, err := c.Using(ctx, s, towns)
	if err != nil {
		return err
	}
	people := map[string]accounts.Denominator{}
	if c.o.Population != nil {
		if people, err = c.o.Population(ctx, towns, r.AsOf); err != nil {
			return err
		}
	}
	apart, err := c.Separates(ctx, s, towns)
	if err != nil {
		return err
	}
	all, year, err := c.classes(ctx, r, towns)
	if err != nil {
		return err
	}
	for i := range r.Lines {
		l := &r.Lines[i]
		l.Using, l.Classes, l.ClassesYear = using[l.Area], all[l.Area], year[l.Area]
		if d, entered := people[l.Area]; entered {
			l.Population = &d
		}
		for _, one := range apart {
			if one.Municipality == l.Area && one.HeldOn <= r.AsOf {
				l.Separate.add(Month(one.HeldOn[:len(monthLayout)]), one.People, r.Month)
			}
		}
	}
	if !s.All() {
		return nil
	}
	return c.elsewhere(ctx, s, r, towns)
}

// classes are how many classes each municipality held, in all and in the 年度.
func (c *Counts) classes(ctx context.Context, r *Report, towns []string) (all, year map[string]int, err error) {
	if c.o.Held == nil {
		return nil, nil, nil
	}
	err = c.db.Snapshot(ctx, func(tx *gorm.DB) error {
		before, err := c.o.Held(tx, towns, "", r.AsOf)
		if err != nil {
			return err
		}
		now, err := c.o.Held(tx, towns, FirstOf(r.Month.FiscalYear()).FirstDay(), r.AsOf)
		all, year = before.ByHost, now.ByHost
		return err
	})
	return all, year, err
}

// elsewhere counts who lives in no municipality of the report.
func (c *Counts) elsewhere(ctx context.Context, s Scope, r *Report, towns []string) error {
	rows, err := c.reported(ctx, s, r, Filter{Until: r.Month})
	if err != nil {
		return err
	}
	home := towns[0][:2]
	r.Elsewhere = []Line{{Name: OutsideArea}, {Name: Outside}, {Name: UnknownArea}}
	for _, row := range rows {
		i := 1
		switch {
		case slices.Contains(towns, row.Area):
			continue
		case row.Area == Unknown:
			i = 2
		case row.Area[:2] == home:
			i = 0
		}
		r.Elsewhere[i].Residence.add(row.Month, row.People, r.Month)
	}
	return nil
}

// dateLabel is a day in words: 令和8年11月23日.
func dateLabel(day string) string {
	t, _ := time.Parse(time.DateOnly, day)
	return paper.Wareki(t)
}

// FileName is the ASCII name of a file of the report, as R8_tsunagari_012084_202611.xlsx.
// of is the code of the municipality or another short name, tail what tells the kinds
// of files apart, with the ending.
func (r *Report) FileName(of, tail string) string {
	year := strconv.Itoa(r.Month.FiscalYear())
	if e, ok := paper.EraOf(r.Month.FiscalYear(), time.May, 1); ok {
		year = e.Letter + strconv.Itoa(e.Year)
	}
	return year + "_tsunagari_" + of + "_" + string(r.Month[:4]) + string(r.Month[5:]) + tail
}
