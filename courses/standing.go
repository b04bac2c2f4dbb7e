package courses

import (
	"context"
	"errors"
	"strings"

	"gorm.io/gorm"

	"tsunagari/courses/accounts"
	"tsunagari/storage"
)

// stillDone says of a step p of the enrolment e with the completion f that it was
// not renewed since it was done; who has finished is not asked again.
const stillDone = `(f.id IS NOT NULL OR NOT EXISTS (SELECT 1 FROM renewals w
	WHERE w.course_id = e.course_id AND w.step = p.step AND w.renewed_at > p.done_at))`

// What a course or lesson page says about a person, in one row: standingColumns of
// the "person" with an account_id, in the course that standingJoins ends by naming.
const (
	standingColumns = `c.newest_revision, c.archived_at IS NOT NULL, e.id, f.id,
	(SELECT string_agg(p.step, ' ') FROM progress p WHERE p.enrolment_id = e.id AND ` + stillDone + `)`
	standingJoins = `
LEFT JOIN enrolments e ON e.course_id = c.id AND e.account_id = person.account_id
	AND e.cycle = (SELECT max(cycle) FROM enrolments WHERE account_id = e.account_id AND course_id = e.course_id)
LEFT JOIN completions f ON f.enrolment_id = e.id`

	standingSQL = `SELECT ` + standingColumns + ` FROM (SELECT $1 AS account_id) person JOIN courses c ON c.slug = $2` + standingJoins
	arrivalSQL  = `SELECT person.*, ` + standingColumns + ` FROM (` + accounts.SignedSQL + `) person LEFT JOIN courses c ON c.slug = $3` + standingJoins
)

// standingRow takes in the standingColumns.
type standingRow struct {
	revision, enrolment, completion *string
	steps                           *string // that are done, with a space between
	closed                          bool    // the course takes nobody new
}

func (r *standingRow) into() []any {
	return []any{&r.revision, &r.closed, &r.enrolment, &r.completion, &r.steps}
}

// Standing is how far the account (empty: a visitor without one) is in the
// course with this slug, or storage.ErrNotFound.
func (c *Courses) Standing(ctx context.Context, accountID, slug string) (*Standing, error) {
	return c.StandingTx(c.db.Read(ctx), accountID, slug)
}

// StandingTx is Standing inside a transaction.
func (c *Courses) StandingTx(db *gorm.DB, accountID, slug string) (*Standing, error) {
	var row standingRow
	if err := storage.One(db, row.into(), standingSQL, accountID, slug); err != nil {
		return nil, err
	}
	return c.standing(db, &row)
}

func (c *Courses) standing(db *gorm.DB, row *standingRow) (*Standing, error) {
	if row.revision == nil {
		return nil, storage.ErrNotFound
	}
	rev, err := c.RevisionTx(db, *row.revision)
	if err != nil {
		return nil, err
	}
	s := &Standing{Revision: rev, Closed: row.closed && row.enrolment == nil, Completed: row.completion != nil, done: map[string]bool{}}
	if row.enrolment != nil {
		s.EnrolmentID = *row.enrolment
	}
	if row.steps != nil {
		for step := range strings.SplitSeq(*row.steps, " ") {
			s.done[step] = true
		}
	}
	return s, nil
}

// Arrive is who the secret of a session belongs to and how far that person is in
// the course with this slug, in one query: most pages that are opened are lessons.
// The standing is nil when there is no such course; for the rest see
// (*accounts.Accounts).BySession.
func (c *Courses) Arrive(ctx context.Context, people *accounts.Accounts, secret, slug string) (*accounts.Signed, *Standing, error) {
	var person accounts.SignedRow
	var how standingRow
	db := c.db.Read(ctx)
	err := storage.One(db, append(person.Into(), how.into()...), arrivalSQL, append(people.SignedArgs(secret), slug)...)
	if err != nil {
		return nil, nil, err
	}
	signed, err := people.Recognise(ctx, &person)
	if err != nil {
		return nil, nil, err
	}
	standing, err := c.standing(db, &how)
	if errors.Is(err, storage.ErrNotFound) {
		return signed, nil, nil
	}
	return signed, standing, err
}
