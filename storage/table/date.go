package table

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"
)

// eraYears are what to add to a year of an era.
var eraYears = map[string]int{
	"令和": 2018, "令": 2018, "R": 2018, "平成": 1988, "平": 1988, "H": 1988, "昭和": 1925, "昭": 1925, "S": 1925,
	"大正": 1911, "大": 1911, "T": 1911, "明治": 1867, "明": 1867, "M": 1867,
}

var (
	writtenDate = regexp.MustCompile(`^(令和|平成|昭和|大正|明治|令|平|昭|大|明|R|H|S|T|M)?\.?(\d{1,4}|元)[年./-](\d{1,2})[月./-](\d{1,2})日?(\([日月火水木金土]\))?( 0{1,2}:00(:00)?)?$`)
	plainDate   = regexp.MustCompile(`^(\d{4})(\d{2})(\d{2})$`)
	serialDate  = regexp.MustCompile(`^(\d{5})(\.0+)?$`)
)

// Date reads a calendar date as offices write it: 2026-11-23, 2026/11/23, 20261123,
// 令和8年11月23日, R8.11.23, in full width too, and the number that a spreadsheet
// keeps for a day. The answer is 2026-11-23; false for what is no such date.
func Date(cell string) (day string, ok bool) {
	s := strings.Trim(strings.ToUpper(norm.NFKC.String(cell)), " '")
	if at := serialDate.FindStringSubmatch(s); at != nil {
		days, _ := strconv.Atoi(at[1])
		return time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, days).Format(time.DateOnly), true
	}
	if at := plainDate.FindStringSubmatch(s); at != nil {
		return calendarDay(at[1], at[2], at[3], 0)
	}
	at := writtenDate.FindStringSubmatch(s)
	if at == nil {
		at = writtenDate.FindStringSubmatch(strings.ReplaceAll(s, " ", ""))
	}
	if at == nil || at[1] == "" && len(at[2]) != len("2026") {
		return "", false
	}
	if at[2] == "元" {
		at[2] = "1"
	}
	return calendarDay(at[2], at[3], at[4], eraYears[at[1]])
}

func calendarDay(year, month, day string, add int) (string, bool) {
	y, _ := strconv.Atoi(year)
	m, _ := strconv.Atoi(month)
	d, _ := strconv.Atoi(day)
	t := time.Date(y+add, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	return t.Format(time.DateOnly), t.Year() == y+add && int(t.Month()) == m && t.Day() == d && y > 0
}
