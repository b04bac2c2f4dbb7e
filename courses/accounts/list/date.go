package list

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"
)

// ErrDate says that something typed is no day.
var ErrDate = errors.New("list: not a date")

// eras are the first years of the eras and their first days.
var eras = map[string]struct {
	first int // the year before 元年
	from  string
}{
	"明治": {1867, "1868-01-25"}, "大正": {1911, "1912-07-30"}, "昭和": {1925, "1926-12-25"},
	"平成": {1988, "1989-01-08"}, "令和": {2018, "2019-05-01"},
}

var eraLetters = map[string]string{"M": "明治", "T": "大正", "S": "昭和", "H": "平成", "R": "令和", "明": "明治", "大": "大正", "昭": "昭和", "平": "平成", "令": "令和"}

var (
	eraDate = regexp.MustCompile(`^(明治|大正|昭和|平成|令和|[MTSHR明大昭平令])\.?(元|[0-9]{1,2})(?:年|[./-])([0-9]{1,2})(?:月|[./-])([0-9]{1,2})日?$`)
	eraYear = regexp.MustCompile(`^(明治|大正|昭和|平成|令和|[MTSHR明大昭平令])\.?(元|[0-9]{1,2})年?$`)
	date    = regexp.MustCompile(`^([0-9]{4})(?:年|[./-])([0-9]{1,2})(?:月|[./-])([0-9]{1,2})日?(?:[T 0:]*)$`)
	compact = regexp.MustCompile(`^((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})$`)
	year    = regexp.MustCompile(`^((?:18|19|20)[0-9]{2})年?$`)
	serial  = regexp.MustCompile(`^[0-9]{4,5}(?:\.0+)?$`)
)

// ReadDate reads a day as people write it: 昭和25年4月1日, S25.4.1, 令和元年5月1日,
// 1950/4/1, 19500401, full-width digits, an Excel serial number, or a year alone
// (its 1 January). Error: ErrDate.
func ReadDate(typed string) (time.Time, error) {
	s := strings.ReplaceAll(strings.TrimSpace(norm.NFKC.String(typed)), " ", "")
	if at := strings.IndexByte(s, '('); at > 0 { // 昭和25年(1950年)4月1日, a weekday
		if end := strings.IndexByte(s, ')'); end > at {
			s = s[:at] + s[end+1:]
		}
	}
	s = strings.ToUpper(s)
	if m := eraDate.FindStringSubmatch(s); m != nil {
		return inEra(m[1], m[2], m[3], m[4])
	}
	if m := eraYear.FindStringSubmatch(s); m != nil {
		y, err := yearOf(m[1], m[2])
		return time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC), err
	}
	for _, pattern := range []*regexp.Regexp{date, compact} {
		if m := pattern.FindStringSubmatch(s); m != nil {
			y, _ := strconv.Atoi(m[1]) // digits
			return day(y, m[2], m[3])
		}
	}
	if m := year.FindStringSubmatch(s); m != nil {
		y, _ := strconv.Atoi(m[1]) // digits
		return time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC), nil
	}
	if serial.MatchString(s) {
		n, err := strconv.ParseFloat(s, 64)
		return time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(n)), err
	}
	return time.Time{}, ErrDate
}

func yearOf(era, n string) (int, error) {
	if full, ok := eraLetters[era]; ok {
		era = full
	}
	if n == "元" {
		return eras[era].first + 1, nil
	}
	y, err := strconv.Atoi(n)
	if err != nil || y == 0 {
		return 0, ErrDate
	}
	return eras[era].first + y, nil
}

// inEra refuses a day before the era began. After its end the old era is still
// read: forms go on saying 平成31年 and 昭和64年.
func inEra(era, n, month, dayOf string) (time.Time, error) {
	y, err := yearOf(era, n)
	if err != nil {
		return time.Time{}, err
	}
	t, err := day(y, month, dayOf)
	if full, ok := eraLetters[era]; ok {
		era = full
	}
	if err == nil && t.Format(time.DateOnly) < eras[era].from {
		return time.Time{}, ErrDate
	}
	return t, err
}

func day(y int, month, dayOf string) (time.Time, error) {
	m, err1 := strconv.Atoi(month)
	d, err2 := strconv.Atoi(dayOf)
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	if err1 != nil || err2 != nil || t.Day() != d || int(t.Month()) != m {
		return time.Time{}, ErrDate
	}
	return t, nil
}
