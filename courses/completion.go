package courses

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"tsunagari/courses/accounts"
)

// Japan is the time zone of every calendar date.
var Japan = time.FixedZone("JST", 9*60*60)

// Completion says that a person finished a course (修了). It keeps the residence
// and age band of that day, because figures are counted by them. It is never
// changed; when the person is erased only the account and enrolment go.
type Completion struct {
	ID           string
	EnrolmentID  *string
	AccountID    *string
	CourseID     string
	RevisionID   string
	Cycle        int
	Supporters   bool   // the course makes つながりサポーター
	CompletedOn  string // 修了日 in Japan, 2026-11-23
	CompletedAt  time.Time
	Municipality string // of residence: six digits, empty outside the list
	Prefecture   string
	AgeBand      string
	ClassID      *string
}

// OnCompleted registers what else happens in the transaction that completes a
// course, as issuing its certificate. An error undoes the completion too.
func (c *Courses) OnCompleted(fn func(tx *gorm.DB, done *Completion) error) {
	c.completed = append(c.completed, fn)
}

// completeIfDone completes the course when nothing is left of its newest
// revision. Exactly one completion per enrolment: the enrolment is locked.
func (c *Courses) completeIfDone(tx *gorm.DB, e *Enrolment, slug string) (*Completion, error) {
	s, err := c.StandingTx(tx, e.AccountID, slug)
	if err != nil {
		return nil, err
	}
	if _, left := s.Next(); left || s.Completed {
		return nil, nil
	}
	a, err := accounts.Load(tx, e.AccountID)
	if err != nil {
		return nil, err
	}
	if a.State != accounts.Active {
		return nil, nil
	}
	now := tx.NowFunc()
	done := &Completion{
		ID: uuid.NewString(), EnrolmentID: &e.ID, AccountID: &e.AccountID, CourseID: e.CourseID,
		RevisionID: s.Revision.ID, Cycle: e.Cycle, Supporters: s.Revision.Supporters,
		CompletedOn: now.In(Japan).Format(time.DateOnly), CompletedAt: now,
		Municipality: a.Municipality, Prefecture: a.Prefecture, AgeBand: string(a.AgeBand),
	}
	if err := tx.Create(done).Error; err != nil {
		return nil, err
	}
	for _, fn := range c.completed {
		if err := fn(tx, done); err != nil {
			return nil, err
		}
	}
	return done, nil
}

// Registered completes what a visitor had finished before giving a name. It is
// called in the transaction of the registration.
func (c *Courses) Registered(tx *gorm.DB, accountID string) error {
	var rows []struct {
		Enrolment
		Slug string
	}
	err := tx.Raw(`SELECT e.*, c.slug FROM enrolments e JOIN courses c ON c.id = e.course_id WHERE e.account_id = ?`, accountID).
		Scan(&rows).Error
	for _, r := range rows {
		if err == nil {
			_, err = c.completeIfDone(tx, &r.Enrolment, r.Slug)
		}
	}
	return err
}

// Completion is the account's newest completion of the course, or storage.ErrNotFound.
func (c *Courses) Completion(ctx context.Context, accountID, courseID string) (*Completion, error) {
	var done Completion
	err := c.db.Read(ctx).Where("account_id = ? AND course_id = ?", accountID, courseID).
		Order("cycle DESC").Take(&done).Error
	if err != nil {
		return nil, err
	}
	return &done, nil
}

// Erase forgets how the account took its courses. Completions stay, without the
// person, because figures and certificate states stand on them.
func (c *Courses) Erase(tx *gorm.DB, accountID string) error {
	err := tx.Model(&Completion{}).Where("account_id = ?", accountID).
		Updates(map[string]any{"account_id": nil, "enrolment_id": nil}).Error
	return errors.Join(err, tx.Where("account_id = ?", accountID).Delete(&Enrolment{}).Error)
}
