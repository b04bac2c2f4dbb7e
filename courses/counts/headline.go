package counts

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"

	"tsunagari/courses"
)

// Headline is the one number of an area, with what is said beside it. People are
// counted by residence, classes by host.
type Headline struct {
	AsOf       string // day in Japan, 2026-11-23
	Total      int    // since the beginning
	Year       int    // from April of the 年度 to AsOf
	YearBefore int    // from April of the 年度 before to the same day a year ago

	Classes     int // held since the beginning
	ClassesYear int // of these in the 年度
	Trainers    int // people who held or helped one

	Towns   int // municipalities asked about
	Using   int // of these, use the system
	Holding int // of these, held a class
	// Separate are people of classes reported on paper (別途報告). They may be among
	// the others and are never added in.
	Separate int
}

// ErrDay says that a day is none, or has not come yet.
var ErrDay = errors.New("counts: no day up to today")

// Headline is the number of the areas (nil: all of the scope) on a day in Japan, ""
// for today. Errors: ErrDay, storage.ErrNotFound outside the scope.
func (c *Counts) Headline(ctx context.Context, s Scope, areas []string, asOf string) (*Headline, error) {
	today := c.db.Now().In(courses.Japan).Format(time.DateOnly)
	if asOf == "" {
		asOf = today
	}
	day, err := time.Parse(time.DateOnly, asOf)
	if err != nil || asOf > today {
		return nil, ErrDay
	}
	if areas, err = s.areas(areas); err != nil {
		return nil, err
	}
	h := &Headline{AsOf: asOf}
	err = c.db.Snapshot(ctx, func(tx *gorm.DB) error {
		if err := c.people(tx, h, day, areas); err != nil {
			return err
		}
		if h.Separate, err = separatePeople(tx, areas, asOf); err != nil {
			return err
		}
		return c.held(tx, h, day, areas)
	})
	return h, err
}

// yearBefore is the same day a year ago; 29 February is 28 February.
func yearBefore(day time.Time) time.Time {
	before := day.AddDate(-1, 0, 0)
	if before.Day() != day.Day() {
		before = before.AddDate(0, 0, -1)
	}
	return before
}

func dayMonth(day time.Time) Month { return Month(day.Format(monthLayout)) }

func (c *Counts) people(tx *gorm.DB, h *Headline, day time.Time, areas []string) (err error) {
	before := yearBefore(day)
	if h.Total, err = until(tx, areas, "", day); err != nil {
		return err
	}
	if h.Year, err = until(tx, areas, FirstOf(dayMonth(day).FiscalYear()), day); err != nil {
		return err
	}
	h.YearBefore, err = until(tx, areas, FirstOf(dayMonth(before).FiscalYear()), before)
	return err
}

// until is how many people of the areas finished from a month on up to a day. The
// days of its month are looked up one by one.
func until(tx *gorm.DB, areas []string, from Month, day time.Time) (int, error) {
	month, last := dayMonth(day), day.Format(time.DateOnly)
	n, err := total(tx, Filter{From: from, Until: month}, areas)
	if err != nil || last == month.LastDay() || last == tx.NowFunc().In(courses.Japan).Format(time.DateOnly) {
		return n, err // nobody has finished after today
	}
	var later int
	q := tx.Table("completions").Where("counts_person AND completed_on > ? AND completed_on <= ?", last, month.LastDay())
	if areas != nil {
		q = q.Where("(municipality IN ? OR municipality = '' AND prefecture IN ?)", areas, areas)
	}
	err = q.Select("count(*)").Scan(&later).Error
	return n - later, err
}

func (c *Counts) held(tx *gorm.DB, h *Headline, day time.Time, areas []string) error {
	towns, err := c.towns(tx, areas)
	if err != nil {
		return err
	}
	h.Towns = len(towns)
	using, err := c.using(tx, towns)
	if err != nil {
		return err
	}
	for _, town := range towns {
		if using[town] {
			h.Using++
		}
	}
	if c.o.Held == nil {
		return nil
	}
	all, err := c.o.Held(tx, areas, "", day.Format(time.DateOnly))
	if err != nil {
		return err
	}
	year, err := c.o.Held(tx, areas, FirstOf(dayMonth(day).FiscalYear()).FirstDay(), day.Format(time.DateOnly))
	h.Trainers = all.Trainers
	for host, n := range all.ByHost {
		h.Classes += n
		h.ClassesYear += year.ByHost[host]
		h.Holding++
	}
	return err
}
