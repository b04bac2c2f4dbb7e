package courses

import (
	"errors"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"tsunagari/courses/accounts"
	"tsunagari/storage"
)

// Enrolment is one person taking one course; a renewal is a later cycle.
type Enrolment struct {
	ID, AccountID, CourseID string
	Cycle                   int
	StartedAt               time.Time
}

// ErrRegisterFirst says that a visitor without a name has come to the end of
// what can be done without one: the first module.
var ErrRegisterFirst = errors.New("courses: the rest of the course needs a registration")

// Enrol is the account's newest enrolment in the course, made when there is
// none. Until the transaction ends nobody else works on it, so that of two last
// steps arriving together one sees the other.
func (c *Courses) Enrol(tx *gorm.DB, accountID, courseID string) (*Enrolment, error) {
	for range 2 {
		var e Enrolment
		err := tx.Clauses(clause.Locking{Strength: "UPDATE"}).
			Where("account_id = ? AND course_id = ?", accountID, courseID).
			Order("cycle DESC").Take(&e).Error
		if err == nil || !errors.Is(err, storage.ErrNotFound) {
			return &e, err
		}
		if err := mayBegin(tx, accountID); err != nil {
			return nil, err
		}
		if err := open(tx, courseID); err != nil {
			return nil, err
		}
		e = Enrolment{ID: uuid.NewString(), AccountID: accountID, CourseID: courseID, Cycle: 1, StartedAt: tx.NowFunc()}
		if err := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&e).Error; err != nil {
			return nil, err
		}
	}
	return nil, storage.ErrConflict
}

// mayBegin waits for a merge that is just under way: nothing begins in an account
// that ended, storage.ErrNotFound.
func mayBegin(tx *gorm.DB, accountID string) error {
	a, err := accounts.Load(tx.Clauses(clause.Locking{Strength: "SHARE"}), accountID)
	if err == nil && a.State == accounts.Erased {
		err = storage.ErrNotFound
	}
	return err
}

// open says whether somebody new may begin the course: else ErrArchived.
func open(tx *gorm.DB, courseID string) error {
	var closed int64
	err := tx.Model(&Course{}).Where("id = ? AND archived_at IS NOT NULL", courseID).Count(&closed).Error
	if err == nil && closed > 0 {
		err = ErrArchived
	}
	return err
}

// MayStep says whether the account may do a step of the module (nil: まとめの確認):
// everybody the first one, the rest only whoever has registered: else
// ErrRegisterFirst.
func (c *Courses) MayStep(tx *gorm.DB, rev *Revision, m *Module, accountID string) error {
	if m != nil && m == rev.Modules[0] {
		return nil
	}
	a, err := accounts.Load(tx, accountID)
	if err != nil {
		return err
	}
	if a.State != accounts.Active {
		return ErrRegisterFirst
	}
	return nil
}
