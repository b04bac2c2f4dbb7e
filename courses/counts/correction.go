package counts

import (
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"tsunagari/courses"
)

// Kind is why a number changed after its month was over.
type Kind string

// The kinds of corrections.
const (
	Registered Kind = "registered"
	Withdrawn  Kind = "withdrawn"
	Merged     Kind = "merged"
)

// Reason is the kind in words.
func (k Kind) Reason() string {
	switch k {
	case Withdrawn:
		return "修了の取り下げ"
	case Merged:
		return "重複した登録の統合"
	}
	return "事後の登録"
}

// Correction is a change of a closed number (確定値), listed and never worked into it.
type Correction struct {
	Row        // People is what is added, negative for what is taken away
	Day string // on which it was noted, 2026-12-09
	Kind
}

// lateChange is a row of count_late.
type lateChange struct {
	Change  delta `gorm:"embedded"`
	Kind    Kind
	NotedOn string
}

func (lateChange) TableName() string { return "count_late" }

// kindOf says why one person's completions count otherwise than before. What only
// loses without being withdrawn was joined with something earlier.
func kindOf(changes []courses.Counted) Kind {
	has := func(is func(c courses.Counted) bool) bool { return slices.ContainsFunc(changes, is) }
	switch {
	case has(func(c courses.Counted) bool { return c.WithdrawnAt != nil }):
		return Withdrawn
	case !has(func(c courses.Counted) bool { return c.Person > 0 || c.Course > 0 }),
		has(func(c courses.Counted) bool { return c.MergedInto != nil }):
		return Merged
	}
	return Registered
}

// lateSQL are the changes of months that were over, one row for each number.
const lateSQL = `(SELECT 'residence' AS geo, area, '' AS course, month, person AS people, kind, noted_on FROM count_late WHERE person <> 0
	UNION ALL SELECT 'host', host, '', month, person, kind, noted_on FROM count_late WHERE person <> 0
	UNION ALL SELECT 'residence', area, course, month, finished, kind, noted_on FROM count_late WHERE finished <> 0
	UNION ALL SELECT 'host', host, course, month, finished, kind, noted_on FROM count_late WHERE finished <> 0)`

// ClosedRows are the numbers of closed months as they were closed (確定値), and what
// was corrected since: a number and its corrections add up to what Rows gives. What
// was finished before the first closed month is a correction too. Errors:
// storage.ErrNotFound outside the scope.
func (c *Counts) ClosedRows(ctx context.Context, s Scope, f Filter) (rows []Row, corrections []Correction, err error) {
	areas, err := s.areas(f.Areas)
	if err != nil {
		return nil, nil, err
	}
	err = c.db.Snapshot(ctx, func(tx *gorm.DB) error {
		where, args := f.where(areas)
		err := tx.Raw("SELECT area, course, month, people FROM closed_counts WHERE "+where+" ORDER BY area, course, month", args...).Scan(&rows).Error
		if err != nil {
			return err
		}
		return tx.Raw(fmt.Sprintf(`SELECT area, course, month, sum(people) AS people, noted_on AS day, kind FROM %s AS late WHERE %s
			AND month <= (SELECT max(month) FROM closings)
			GROUP BY area, course, month, noted_on, kind HAVING sum(people) <> 0
			ORDER BY noted_on, area, course, month, kind`, lateSQL, where), args...).Scan(&corrections).Error
	})
	return rows, corrections, err
}
