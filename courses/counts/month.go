package counts

import (
	"strconv"
	"time"

	"tsunagari/certificates/paper"
	"tsunagari/courses"
)

// Month is a calendar month in Japan as 2026-11. Months order as text.
type Month string

// MonthOf is the month in Japan of a moment.
func MonthOf(t time.Time) Month { return Month(t.In(courses.Japan).Format(monthLayout)) }

const monthLayout = "2006-01"

// Valid says whether m is a month as it is written here.
func (m Month) Valid() bool {
	t, err := time.Parse(monthLayout, string(m))
	return err == nil && t.Year() >= 1900
}

// first is the first day of the month; a zero time when m is no month.
func (m Month) first() time.Time {
	t, _ := time.Parse(monthLayout, string(m))
	return t
}

// FirstDay is the first day of the month, 2026-11-01.
func (m Month) FirstDay() string { return m.first().Format(time.DateOnly) }

// LastDay is the last day of the month, 2026-11-30.
func (m Month) LastDay() string { return m.first().AddDate(0, 1, -1).Format(time.DateOnly) }

// Next is the month after m.
func (m Month) Next() Month { return m.Add(1) }

// Add is the month n months after m.
func (m Month) Add(n int) Month { return Month(m.first().AddDate(0, n, 0).Format(monthLayout)) }

// FiscalYear is the 年度 of the month, April to March: 2026 for 2026-04 to 2027-03.
func (m Month) FiscalYear() int {
	t := m.first()
	if t.Month() < time.April {
		return t.Year() - 1
	}
	return t.Year()
}

// FirstOf is the April with which a 年度 begins.
func FirstOf(fiscalYear int) Month { return Month(strconv.Itoa(fiscalYear) + "-04") }

// Label is the month in words: 令和8年11月.
func (m Month) Label() string {
	t := m.first()
	return YearLabel(t) + strconv.Itoa(int(t.Month())) + "月"
}

// FiscalLabel is a 年度 in words: 令和8年度.
func FiscalLabel(fiscalYear int) string {
	return eraOf(fiscalYear, time.April) + "度"
}

// YearLabel is the year of a day in words: 令和8年.
func YearLabel(t time.Time) string { return eraOf(t.Year(), t.Month()) }

func eraOf(year int, month time.Month) string {
	// The first day of the month: a 年度 that begins before its era is named as the month is.
	if e, ok := paper.EraOf(year, month, 1); ok {
		return e.String()
	}
	return strconv.Itoa(year) + "年"
}
