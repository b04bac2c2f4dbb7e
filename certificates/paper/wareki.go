package paper

import (
	"strconv"
	"time"
)

// Era is a year counted in a Japanese era.
type Era struct {
	Name   string // 令和
	Letter string // R
	Year   int    // 1 for 元年
}

// eras begin on the day of their cabinet order, newest first. Before 1873 Japan
// had another calendar, so 明治 is counted from there.
var eras = []struct {
	name, letter string
	from, first  int // from: 20190501; first: the western year of 元年
}{
	{"令和", "R", 20190501, 2019},
	{"平成", "H", 19890108, 1989},
	{"昭和", "S", 19261225, 1926},
	{"大正", "T", 19120730, 1912},
	{"明治", "M", 18730101, 1868},
}

// EraOf is the era of a calendar date, and false before 1873.
func EraOf(year int, month time.Month, day int) (Era, bool) {
	date := year*10000 + int(month)*100 + day
	for _, e := range eras {
		if date >= e.from {
			return Era{e.name, e.letter, year - e.first + 1}, true
		}
	}
	return Era{}, false
}

// String is the year as it is written: 令和元年, 令和8年.
func (e Era) String() string {
	if e.Year == 1 {
		return e.Name + "元年"
	}
	return e.Name + strconv.Itoa(e.Year) + "年"
}

// Wareki is the calendar date of t as certificates carry it, with half-width
// digits: 令和8年11月23日. A date before 1873 is written in western years.
// Times are first brought into Japan's zone by the caller; of a time only its
// own calendar date counts.
func Wareki(t time.Time) string {
	year, month, day := t.Date()
	y := strconv.Itoa(year) + "年"
	if e, ok := EraOf(year, month, day); ok {
		y = e.String()
	}
	return y + strconv.Itoa(int(month)) + "月" + strconv.Itoa(day) + "日"
}
