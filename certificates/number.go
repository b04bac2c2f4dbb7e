package certificates

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"
	"gorm.io/gorm"

	"tsunagari/courses"
)

// today is the calendar date in Japan.
func today(t time.Time) string { return t.In(courses.Japan).Format(time.DateOnly) }

// FiscalYear is the 年度 (April to March) of a calendar date YYYY-MM-DD, named by
// the western year in which it begins.
func FiscalYear(date string) (int, error) {
	d, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return 0, err
	}
	return d.AddDate(0, -3, 0).Year(), nil
}

// YearMark is how a number names a 年度: R8 for 令和8年度. The 年度 that began in
// April 2019 is 令和元年度, R1.
func YearMark(fiscalYear int) string {
	if fiscalYear < 2019 {
		return "H" + strconv.Itoa(fiscalYear-1988)
	}
	return "R" + strconv.Itoa(fiscalYear-2018)
}

// formatNumber makes R8-012084-0001; beyond 9999 the serial grows a digit.
func formatNumber(fiscalYear int, code string, serial int) string {
	return fmt.Sprintf("%s-%s-%04d", YearMark(fiscalYear), code, serial)
}

var numberShape = regexp.MustCompile(`^([RH][0-9]{1,2})-([0-9]{3}|[0-9]{6})-([0-9]{4,9})$`)

// ReadNumber reads a number as people type it (full-width, with or without 第 and
// 号, with any dash); false when it is none.
func ReadNumber(typed string) (string, bool) {
	s := strings.ToUpper(norm.NFKC.String(typed))
	s = strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune("-‐‑‒–—―−ー─", r):
			return '-'
		case r == '第' || r == '号' || r == ' ' || r == '\t':
			return -1
		}
		return r
	}, s)
	return s, numberShape.MatchString(s)
}

// take gives out the issuer's next serial of the 年度. Its row is the one deliberate
// meeting point of all issuing: the caller takes it last, and holds it until the
// transaction ends, so a number is never skipped and never given twice.
func take(tx *gorm.DB, issuerID string, fiscalYear int) (serial int, err error) {
	err = tx.Raw(`INSERT INTO certificate_counters (issuer_id, fiscal_year, last) VALUES (?, ?, 1)
		ON CONFLICT (issuer_id, fiscal_year) DO UPDATE SET last = certificate_counters.last + 1
		RETURNING last`, issuerID, fiscalYear).Scan(&serial).Error
	return serial, err
}
