package paper_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"tsunagari/certificates/paper"
)

func TestWareki(t *testing.T) {
	for date, want := range map[string]string{
		"2026-11-23": "令和8年11月23日",
		"2019-05-01": "令和元年5月1日",
		"2019-04-30": "平成31年4月30日",
		"2019-12-31": "令和元年12月31日",
		"2020-01-01": "令和2年1月1日",
		"1989-01-08": "平成元年1月8日",
		"1989-01-07": "昭和64年1月7日",
		"1926-12-25": "昭和元年12月25日",
		"1926-12-24": "大正15年12月24日",
		"1912-07-30": "大正元年7月30日",
		"1912-07-29": "明治45年7月29日",
		"1873-01-01": "明治6年1月1日",
		"1872-12-31": "1872年12月31日",
	} {
		d, err := time.Parse(time.DateOnly, date)
		if err != nil {
			t.Fatal(err)
		}
		if got := paper.Wareki(d); got != want {
			t.Errorf("%s is %s, not %s", date, got, want)
		}
	}
}

// A day later is the same year of the same era, its next year, or the first year
// of the next era: no year is skipped and none comes twice.
func TestWarekiNeverSkipsAYear(t *testing.T) {
	start := time.Date(1873, 1, 1, 0, 0, 0, 0, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		day := start.AddDate(0, 0, rapid.IntRange(0, 200*365).Draw(t, "days"))
		next := day.AddDate(0, 0, 1)
		a, okA := paper.EraOf(day.Date())
		b, okB := paper.EraOf(next.Date())
		same := a == b
		newYear := a.Name == b.Name && b.Year == a.Year+1 && next.YearDay() == 1
		newEra := a.Name != b.Name && b.Year == 1
		if !okA || !okB || !(same && next.YearDay() != 1 || newYear || newEra) {
			t.Fatalf("%v is %v, %v is %v", day, a, next, b)
		}
	})
}
