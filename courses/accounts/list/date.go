package list

import (
	"errors"
	"regexp"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"tsunagari/storage/table"
)

// ErrDate says that something typed is no day.
var ErrDate = errors.New("list: not a date")

var (
	year     = regexp.MustCompile(`^((?:18|19|20)[0-9]{2}|(?:明治|大正|昭和|平成|令和|[MTSHRmtshr明大昭平令])\.?(?:元|[0-9]{1,2}))年?$`)
	brackets = regexp.MustCompile(`\([^)]*\)`) // 昭和25年(1950年)4月1日
)

// ReadDate reads a day of birth as people write it: whatever table.Date reads, or a
// year alone (its 1 January). Error: ErrDate.
func ReadDate(typed string) (time.Time, error) {
	s := brackets.ReplaceAllString(strings.ReplaceAll(norm.NFKC.String(typed), " 00:00:00", ""), "")
	s = strings.ReplaceAll(strings.TrimSpace(s), " ", "")
	if m := year.FindStringSubmatch(s); m != nil {
		s = m[1] + "年1月1日"
	}
	day, ok := table.Date(s)
	if !ok {
		return time.Time{}, ErrDate
	}
	return time.Parse(time.DateOnly, day)
}
