package accounts

import (
	"strings"
	"time"
)

// Weekdays are the days of the week on which a place is open every week, as digits in
// order: 1 is Monday, 7 Sunday. "" is not known, or not every week.
type Weekdays string

// EveryDay is all of them.
const EveryDay Weekdays = "1234567"

var dayNames = []rune("月火水木金土日")

// weekdaysOf are the days that are among the digits, in order and once.
func weekdaysOf(digits []string) (w Weekdays) {
	for _, d := range EveryDay {
		if strings.ContainsRune(strings.Join(digits, ""), d) {
			w += Weekdays(d)
		}
	}
	return w
}

// Days are the digits one by one, as a form has them.
func (w Weekdays) Days() []string { return strings.Split(string(w), "") }

// On says whether the day in Japan of the moment is one of them.
func (w Weekdays) On(t time.Time) bool { return strings.ContainsRune(string(w), dayOfWeek(t)) }

func dayOfWeek(t time.Time) rune { return '1' + rune((t.In(japan).Weekday()+6)%7) }

// DayName is the day of the week in Japan of a moment: 月.
func DayName(t time.Time) string { return string(dayNames[dayOfWeek(t)-'1']) }

// Label is the days in words: 月・水, 毎日, "" for none.
func (w Weekdays) Label() string {
	if w == EveryDay {
		return "毎日"
	}
	var names []string
	for i, d := range EveryDay {
		if strings.ContainsRune(string(w), d) {
			names = append(names, string(dayNames[i]))
		}
	}
	return strings.Join(names, "・")
}
