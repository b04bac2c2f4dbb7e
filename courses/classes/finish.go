package classes

import (
	"context"
	"errors"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"tsunagari/courses"
	"tsunagari/courses/accounts"
	"tsunagari/storage"
)

// settle finishes the course for a seat when the rule of its class is met. It is
// called after every event that may be the last, in its transaction. The enrolment
// is locked first: of two last events at once, one sees the other.
func (k *Classes) settle(tx *gorm.DB, c *Class, seatID string) error {
	s, err := k.enrolled(tx, c, seatID)
	if err != nil || s == nil {
		return err
	}
	return k.finish(tx, c, s)
}

// settleAll is settle for every seat of the class. It locks all enrolments before
// the first certificate takes a number that others wait for.
func (k *Classes) settleAll(tx *gorm.DB, c *Class) error {
	var ids []string
	err := tx.Model(&Seat{}).Where("class_id = ? AND attendance = 'present'", c.ID).Order("number").Pluck("id", &ids).Error
	var seats []*Seat
	for _, id := range ids {
		if err == nil {
			var s *Seat
			if s, err = k.enrolled(tx, c, id); s != nil {
				seats = append(seats, s)
			}
		}
	}
	for _, s := range seats {
		if err == nil {
			err = k.finish(tx, c, s)
		}
	}
	return err
}

func lockedSeats(tx *gorm.DB, classID string) *gorm.DB {
	return tx.Clauses(clause.Locking{Strength: "UPDATE"}).Where("class_id = ? AND removed_at IS NULL", classID).Order("number")
}

// enrolled is the seat as it stands once nobody else works on the enrolment of its
// person, nil when the person was not there.
func (k *Classes) enrolled(tx *gorm.DB, c *Class, seatID string) (*Seat, error) {
	s, err := there(tx, c, seatID)
	if err != nil || s == nil {
		return nil, err
	}
	if _, err := k.courses.Enrol(tx, *s.AccountID, c.CourseID); err != nil {
		return nil, err
	}
	return there(tx, c, seatID)
}

func there(tx *gorm.DB, c *Class, seatID string) (*Seat, error) {
	var s Seat
	if err := tx.Where("id = ? AND class_id = ?", seatID, c.ID).Take(&s).Error; err != nil {
		return nil, err
	}
	if c.CancelledAt != nil || s.AccountID == nil || s.RemovedAt != nil || s.Attendance != Present {
		return nil, nil
	}
	return &s, nil
}

func (k *Classes) finish(tx *gorm.DB, c *Class, s *Seat) error {
	rev, err := k.courses.RevisionTx(tx, c.RevisionID)
	if err != nil {
		return err
	}
	standing, err := k.courses.StandingTx(tx, *s.AccountID, rev.Slug)
	if err != nil || c.left(s, standing) != "" {
		return err
	}
	on := c.HeldOn
	if today := dayOf(tx.NowFunc()); c.Rule == Study && s.GrantedAt == nil && on < today {
		on = today // nobody has finished before they did
	}
	_, err = k.courses.CompleteInClass(tx, courses.InClass{AccountID: *s.AccountID, Revision: rev, ClassID: c.ID, Host: c.Host, On: on})
	return err
}

// Outcome says how far a seat is: what it waits for, or how the person finished.
type Outcome string

// What a seat waits for, in the order in which it is asked.
const (
	Unmarked Outcome = "unmarked" // attendance is not known
	Missed   Outcome = "missed"   // was absent
	Partly   Outcome = "partly"   // came late or left early: the trainer decides
	NoSheet  Outcome = "no_sheet"
	NoCheck  Outcome = "no_check"
	NoStudy  Outcome = "no_study"
	Gone     Outcome = "gone" // the person is erased
)

// How the person finished: in this class, alone on or after its day, or before.
const (
	Here   Outcome = "here"
	Alone  Outcome = "alone"
	Before Outcome = "before"
)

// Finished says whether the person has finished the course, wherever.
func (o Outcome) Finished() bool { return o == Here || o == Alone || o == Before }

// left is what the rule of the class still waits for, "" when it is met.
func (c *Class) left(s *Seat, standing *courses.Standing) Outcome {
	switch {
	case s.AccountID == nil:
		return Gone
	case s.Attendance == "":
		return Unmarked
	case s.Attendance == Absent:
		return Missed
	case s.GrantedAt != nil:
		return ""
	case !s.Whole():
		return Partly
	case c.Rule == Sheet && s.SheetAt == nil:
		return NoSheet
	case c.Rule == Check && !standing.ClosingDone():
		return NoCheck
	case c.Rule == Study:
		if _, left := standing.Next(); left {
			return NoStudy
		}
	}
	return ""
}

// Stepped is how courses tells that the account did a step: it may be the last
// thing that a class waits for.
func (k *Classes) Stepped(tx *gorm.DB, accountID, courseID string) error {
	var rows []struct{ ClassID, SeatID string }
	err := tx.Raw(`SELECT c.id AS class_id, s.id AS seat_id FROM seats s JOIN classes c ON c.id = s.class_id
		WHERE s.account_id = ? AND c.course_id = ? AND s.attendance = 'present' AND s.removed_at IS NULL AND c.cancelled_at IS NULL
		ORDER BY c.held_on, c.id`, accountID, courseID).Scan(&rows).Error
	for _, r := range rows {
		var c Class
		if err == nil {
			err = tx.Where("id = ?", r.ClassID).Take(&c).Error
		}
		if err == nil {
			err = k.settle(tx, &c, r.SeatID)
		}
	}
	return err
}

// OpensClosing says whether the account may do まとめの確認 of the course before the
// rest: it has a seat in a class whose day has come and whose rule asks for it.
func (k *Classes) OpensClosing(tx *gorm.DB, accountID, courseID string) (bool, error) {
	var n int64
	err := tx.Raw(`SELECT count(*) FROM seats s JOIN classes c ON c.id = s.class_id
		WHERE s.account_id = ? AND c.course_id = ? AND s.removed_at IS NULL AND s.attendance <> 'absent'
		AND c.cancelled_at IS NULL AND c.rule = ? AND c.held_on <= ?`,
		accountID, courseID, Check, dayOf(tx.NowFunc())).Scan(&n).Error
	return n > 0, err
}

// finishedHere is the completion that this class made for the seat, nil for none.
func finishedHere(tx *gorm.DB, c *Class, s *Seat) (*courses.Completion, error) {
	if s.AccountID == nil {
		return nil, nil
	}
	var list []courses.Completion
	err := tx.Where("class_id = ? AND account_id = ? AND withdrawn_at IS NULL", c.ID, *s.AccountID).Limit(1).Find(&list).Error
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[0], nil
}

// ErrNotThere says that somebody cannot finish in a class in which they were not.
var ErrNotThere = errors.New("classes: only who was there can finish in the class")

// Grant is the trainer's 「修了とする」 for some seats, for a reason that is written
// down: whatever the rule still waits for but having been there. Errors: ErrNoWhy,
// ErrNotThere, ErrTooEarly, ErrCancelled, storage.ErrNotFound.
func (k *Classes) Grant(ctx context.Context, by accounts.Access, classID string, seatIDs []string, why string) error {
	if why = strings.TrimSpace(why); why == "" {
		return ErrNoWhy
	}
	if err := validate().Var(why, "max=200"); err != nil {
		return err
	}
	return k.db.Tx(ctx, func(tx *gorm.DB) error {
		c, err := k.held(tx, by, classID)
		if err != nil {
			return err
		}
		var seats []Seat
		if err := lockedSeats(tx, classID).Where("id IN ?", seatIDs).Find(&seats).Error; err != nil {
			return err
		}
		if len(seats) == 0 || len(seats) < len(seatIDs) {
			return storage.ErrNotFound
		}
		for i := range seats {
			if err := k.grant(tx, by, c, &seats[i], why); err != nil {
				return err
			}
		}
		return k.settleAll(tx, c)
	})
}

func (k *Classes) grant(tx *gorm.DB, by accounts.Access, c *Class, s *Seat, why string) error {
	if err := k.markable(tx, c, s); errors.Is(err, ErrFinished) {
		return nil
	} else if err != nil {
		return err
	}
	if s.Attendance != Present || s.AccountID == nil {
		return ErrNotThere
	}
	err := tx.Model(&Seat{}).Where("id = ?", s.ID).Updates(map[string]any{"granted_at": tx.NowFunc(), "granted_by": by.AccountID}).Error
	if err != nil {
		return err
	}
	return s.audit(tx, by, "completion.by_trainer", "", why)
}

// Withdraw takes back a completion that this class made by mistake: the certificate
// is revoked, and the attendance of the seat is open again. Errors: ErrNoWhy;
// storage.ErrNotFound, also when the person did not finish in this class.
func (k *Classes) Withdraw(ctx context.Context, by accounts.Access, classID, seatID, why string) error {
	if why = strings.TrimSpace(why); why == "" {
		return ErrNoWhy
	}
	if err := validate().Var(why, "max=200"); err != nil {
		return err
	}
	return k.withSeat(ctx, by, classID, seatID, func(tx *gorm.DB, c *Class, s *Seat) error {
		done, err := finishedHere(tx, c, s)
		if err != nil {
			return err
		}
		if done == nil {
			return storage.ErrNotFound
		}
		err = tx.Model(&Seat{}).Where("id = ?", s.ID).Updates(map[string]any{
			"attendance": "", "late_at": "", "left_at": "", "attendance_by": by.AccountID, "granted_at": nil, "granted_by": "",
		}).Error
		if err != nil {
			return err
		}
		if err := s.audit(tx, by, "completion.withdraw", done.ID, why); err != nil {
			return err
		}
		return k.courses.Withdraw(tx, done.ID, by.AccountID, why)
	})
}
