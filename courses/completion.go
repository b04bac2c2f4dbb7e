package courses

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"tsunagari/courses/accounts"
)

// Japan is the time zone of every calendar date.
var Japan = time.FixedZone("JST", 9*60*60)

// Completion says that a person finished a course (修了). It keeps the residence
// and age band of that day, because figures are counted by them. It is never
// changed but withdrawn; when the person is erased only the account and enrolment go.
// The later of one person's two (MergedInto) is nobody's any more: it counts nowhere.
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
	Host         string     // municipality of the class's host, empty for self-study
	WithdrawnAt  *time.Time // it was a mistake and counts no more
	MergedInto   *string    // the completion that stays
	CountsPerson bool       // of all that its person finished it is the earliest that makes a supporter
	CountsCourse bool       // it is the person's earliest of its course
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
	return c.complete(tx, e, s.Revision, Completion{CompletedOn: tx.NowFunc().In(Japan).Format(time.DateOnly)})
}

// InClass is a completion as a class reports it.
type InClass struct {
	AccountID     string
	Revision      *Revision // whose papers the class had
	ClassID, Host string
	On            string // the 修了日: the class's date, whenever it is typed
}

// CompleteInClass completes the course by the rule of a class, whatever is left
// of the steps; nil when the person has finished it before. Nobody else works on
// the enrolment until the transaction ends.
func (c *Courses) CompleteInClass(tx *gorm.DB, in InClass) (*Completion, error) {
	e, err := c.Enrol(tx, in.AccountID, in.Revision.CourseID)
	if err != nil {
		return nil, err
	}
	var n int64
	if err := tx.Model(&Completion{}).Where("enrolment_id = ?", e.ID).Count(&n).Error; err != nil || n > 0 {
		return nil, err
	}
	return c.complete(tx, e, in.Revision, Completion{CompletedOn: in.On, ClassID: &in.ClassID, Host: in.Host})
}

// complete makes the completion of an enrolment, with the residence of its day;
// nil for a guest.
func (c *Courses) complete(tx *gorm.DB, e *Enrolment, rev *Revision, done Completion) (*Completion, error) {
	a, err := accounts.Load(tx, e.AccountID)
	if err != nil || a.State != accounts.Active {
		return nil, err
	}
	done.ID, done.EnrolmentID, done.AccountID, done.CourseID = uuid.NewString(), &e.ID, &e.AccountID, e.CourseID
	done.RevisionID, done.Cycle, done.Supporters = rev.ID, e.Cycle, rev.Supporters
	done.CompletedAt, done.AgeBand = tx.NowFunc(), string(a.AgeBand)
	if done.Municipality, done.Prefecture, err = accounts.ResidenceOn(tx, a.ID, done.CompletedOn); err != nil {
		return nil, err
	}
	if done.Prefecture == "" { // nothing is known of that day
		done.Municipality, done.Prefecture = a.Municipality, a.Prefecture
	}
	if err := c.insert(tx, &done); err != nil {
		return nil, err
	}
	for _, fn := range c.completed {
		if err := fn(tx, &done); err != nil {
			return nil, err
		}
	}
	return &done, nil
}

// OnWithdrawn registers what else ends in the transaction that withdraws a
// completion, as its certificate.
func (c *Courses) OnWithdrawn(fn func(tx *gorm.DB, done *Completion, by, why string) error) {
	c.withdrawn = append(c.withdrawn, fn)
}

// Withdraw takes back a completion that was a mistake: it counts no more, its
// certificate ends, and the course can be finished anew. Withdrawn already, it is
// storage.ErrNotFound.
func (c *Courses) Withdraw(tx *gorm.DB, completionID, by, why string) error {
	done, err := holdCompletion(tx, completionID)
	if err != nil {
		return err
	}
	now := tx.NowFunc()
	err = tx.Model(&Completion{}).Where("id = ?", done.ID).Updates(map[string]any{"withdrawn_at": now, "enrolment_id": nil}).Error
	if err != nil {
		return err
	}
	after := *done
	after.WithdrawnAt = &now
	list, err := finished(tx, &after)
	if err == nil {
		err = c.count(tx, settle(list))
	}
	if err != nil {
		return err
	}
	for _, fn := range c.withdrawn {
		if err := fn(tx, done, by, why); err != nil {
			return err
		}
	}
	return nil
}

// holdCompletion is a completion that is not withdrawn, held until the transaction
// ends, with everything that its person finished.
func holdCompletion(tx *gorm.DB, id string) (*Completion, error) {
	standing := func(tx *gorm.DB) (*Completion, error) {
		var done Completion
		return &done, tx.Where("id = ? AND withdrawn_at IS NULL", id).Take(&done).Error
	}
	before, err := standing(tx)
	if err == nil {
		err = before.alone(tx)
	}
	if err != nil {
		return nil, err
	}
	done, err := standing(tx.Clauses(clause.Locking{Strength: "UPDATE"}))
	if err == nil && !equal(done.AccountID, before.AccountID) { // merged or erased meanwhile
		err = done.alone(tx)
	}
	return done, err
}

// Registered completes what a visitor had finished before giving a name, and what
// two accounts of one person have finished only together. It is called in the
// transaction of the registration, or last in the one that merges them. As with a
// step, a class comes before the course's own rule.
func (c *Courses) Registered(tx *gorm.DB, accountID string) error {
	var rows []struct {
		Enrolment
		Slug string
	}
	err := tx.Raw(`SELECT e.*, c.slug FROM enrolments e JOIN courses c ON c.id = e.course_id WHERE e.account_id = ?`, accountID).
		Scan(&rows).Error
	for _, r := range rows {
		for _, fn := range c.stepped {
			if err == nil {
				err = fn(tx, accountID, r.CourseID)
			}
		}
		if err == nil {
			_, err = c.completeIfDone(tx, &r.Enrolment, r.Slug)
		}
	}
	return err
}

// Completion is the account's newest completion of the course, or storage.ErrNotFound.
func (c *Courses) Completion(ctx context.Context, accountID, courseID string) (*Completion, error) {
	var done Completion
	err := c.db.Read(ctx).Where("account_id = ? AND course_id = ? AND withdrawn_at IS NULL", accountID, courseID).
		Order("cycle DESC").Take(&done).Error
	if err != nil {
		return nil, err
	}
	return &done, nil
}

// CompletionsTx are the newest completions of the course by account; who has none
// is not in it.
func (c *Courses) CompletionsTx(db *gorm.DB, courseID string, accountIDs []string) (map[string]*Completion, error) {
	var list []*Completion
	err := db.Where("course_id = ? AND account_id IN ? AND withdrawn_at IS NULL", courseID, accountIDs).Order("cycle").Find(&list).Error
	byAccount := map[string]*Completion{}
	for _, done := range list {
		byAccount[*done.AccountID] = done
	}
	return byAccount, err
}

// Erase forgets how the account took its courses. Completions stay, without the
// person, because figures and certificate states stand on them: what counted goes
// on counting.
func (c *Courses) Erase(tx *gorm.DB, accountID string) error {
	var held []string // nobody completes just now
	err := tx.Model(&Enrolment{}).Clauses(clause.Locking{Strength: "UPDATE"}).Where("account_id = ?", accountID).Order("id").Pluck("id", &held).Error
	if err != nil {
		return err
	}
	err = tx.Model(&Completion{}).Where("account_id = ?", accountID).
		Updates(map[string]any{"account_id": nil, "enrolment_id": nil}).Error
	return errors.Join(err, tx.Where("account_id = ?", accountID).Delete(&Enrolment{}).Error, forgetAuthor(tx, accountID, nil))
}
