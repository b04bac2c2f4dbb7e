package classes

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"tsunagari/courses"
	"tsunagari/courses/accounts"
	"tsunagari/storage"
)

// Seat is one person's place in a class (席). A removed one may be restored.
type Seat struct {
	ID, ClassID  string
	AccountID    *string // nil once the person is erased
	Number       int     // from 1, never given twice
	JoinedAt     time.Time
	TypedBy      string // 代行入力: staff account, "" for who came by code
	Attendance   string // "", Present or Absent
	LateAt       string // 14:05, "" for from the beginning
	LeftAt       string // "" for to the end
	AttendanceBy string
	SheetAt      *time.Time // ふり返りシート received
	SheetBy      string
	GrantedAt    *time.Time // 修了とする
	GrantedBy    string
	RemovedAt    *time.Time
	RemovedBy    string
}

// What is known of a seat's attendance; "" is nothing yet.
const (
	Present = "present"
	Absent  = "absent"
)

// Whole says whether the person was there from the beginning to the end.
func (s *Seat) Whole() bool { return s.Attendance == Present && s.LateAt == "" && s.LeftAt == "" }

// Why one cannot join.
var (
	ErrNoCode  = errors.New("classes: no class has this code")
	ErrClosed  = errors.New("classes: joining is closed")
	ErrFull    = errors.New("classes: all seats are taken")
	ErrRemoved = errors.New("classes: the trainer removed this seat")
	ErrNotHere = errors.New("classes: the number on the screen is missing or too old")
)

// NotOpenError says from when on one can join.
type NotOpenError struct{ Opens time.Time }

func (e *NotOpenError) Error() string {
	return "classes: joining opens at " + e.Opens.Format(time.RFC3339)
}

// Entrance is a class as everybody may see it who has its code.
type Entrance struct {
	Class
	Course courses.Text // title
	Taken  int
	Seat   *Seat // of the account that asked, nil for none
	Shut   error // why one cannot join now, nil when one can
}

// ByCode is the class with this code and, for the account (may be ""), its seat.
// ErrNoCode.
func (k *Classes) ByCode(ctx context.Context, code, accountID string) (*Entrance, error) {
	db := k.db.Read(ctx)
	e := &Entrance{}
	if err := byCode(db, code).Take(&e.Class).Error; err != nil {
		return nil, noCode(err)
	}
	rev, err := k.courses.RevisionTx(db, e.RevisionID)
	if err != nil {
		return nil, err
	}
	e.Course = rev.Title
	n, err := taken(db, e.ID)
	if err != nil {
		return nil, err
	}
	e.Taken = int(n)
	if accountID != "" {
		if e.Seat, err = seatOf(db, e.ID, accountID); err != nil {
			return nil, err
		}
	}
	e.Shut = e.Class.shut(k.db.Now(), n)
	if e.Seat != nil && e.Seat.RemovedAt != nil {
		if e.Seat.RemovedBy != accountID {
			e.Shut = errors.Join(ErrRemoved, e.Shut)
		}
		e.Seat = nil
	}
	return e, nil
}

func byCode(tx *gorm.DB, code string) *gorm.DB { return tx.Where("code = ? AND code <> ''", code) }

func noCode(err error) error {
	if errors.Is(err, storage.ErrNotFound) {
		return ErrNoCode
	}
	return err
}

// shut says why nobody can join now.
func (c *Class) shut(now time.Time, taken int64) error {
	switch {
	case c.CancelledAt != nil:
		return ErrCancelled
	case now.Before(c.OpensAt):
		return &NotOpenError{c.OpensAt}
	case !now.Before(c.ClosesAt):
		return ErrClosed
	case taken >= int64(c.Seats):
		return ErrFull
	}
	return nil
}

func taken(tx *gorm.DB, classID string) (n int64, err error) {
	err = tx.Model(&Seat{}).Where("class_id = ? AND removed_at IS NULL", classID).Count(&n).Error
	return n, err
}

// seatOf is the account's seat, nil for none.
func seatOf(tx *gorm.DB, classID, accountID string) (*Seat, error) {
	var list []Seat
	err := tx.Where("class_id = ? AND account_id = ?", classID, accountID).Limit(1).Find(&list).Error
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[0], nil
}

// Join gives the account a seat in the class with the code; who has one keeps it,
// also when joining is over. shown is what proves being in the room where the code
// rotates. Errors: ErrNoCode, ErrCancelled, *NotOpenError, ErrClosed, ErrFull,
// ErrRemoved, ErrNotHere, courses.ErrRegisterFirst.
func (k *Classes) Join(ctx context.Context, accountID, code, operation, shown string) (*Seat, error) {
	var seat *Seat
	err := k.db.Tx(ctx, func(tx *gorm.DB) error {
		var c Class
		if err := byCode(tx.Clauses(clause.Locking{Strength: "UPDATE"}), code).Take(&c).Error; err != nil {
			return noCode(err)
		}
		op := storage.Operation{ID: operation, Actor: accountID, Kind: "join", Body: c.ID}
		id, _, err := storage.Once(tx, op, func() (string, error) { return k.join(tx, &c, accountID, shown) })
		if err != nil {
			return err
		}
		seat = &Seat{}
		return tx.Where("id = ?", id).Take(seat).Error
	})
	if err != nil {
		return nil, err
	}
	return seat, nil
}

// join runs with the class locked: that is what keeps seats from being doubled.
func (k *Classes) join(tx *gorm.DB, c *Class, accountID, shown string) (string, error) {
	person, err := accounts.Load(tx, accountID)
	if err != nil {
		return "", err
	}
	if person.State != accounts.Active {
		return "", courses.ErrRegisterFirst
	}
	seat, err := seatOf(tx, c.ID, accountID)
	switch {
	case err != nil:
		return "", err
	case seat != nil && seat.RemovedAt == nil:
		return seat.ID, nil
	case seat != nil && seat.RemovedBy != accountID:
		return "", ErrRemoved
	}
	n, err := taken(tx, c.ID)
	if err != nil {
		return "", err
	}
	if err := c.shut(tx.NowFunc(), n); err != nil {
		return "", err
	}
	if !c.Admits(tx.NowFunc(), shown) {
		return "", ErrNotHere
	}
	if seat != nil {
		return seat.ID, restore(tx, seat.ID)
	}
	return newSeat(tx, c, accountID, "")
}

// newSeat adds a seat to a class that is locked.
func newSeat(tx *gorm.DB, c *Class, accountID, typedBy string) (string, error) {
	var last int
	if err := tx.Model(&Seat{}).Where("class_id = ?", c.ID).Select("COALESCE(MAX(number), 0)").Scan(&last).Error; err != nil {
		return "", err
	}
	s := &Seat{ID: uuid.NewString(), ClassID: c.ID, AccountID: &accountID, Number: last + 1, JoinedAt: tx.NowFunc(), TypedBy: typedBy}
	return s.ID, tx.Create(s).Error
}

func restore(tx *gorm.DB, id string) error {
	return tx.Model(&Seat{}).Where("id = ?", id).Updates(map[string]any{"removed_at": nil, "removed_by": ""}).Error
}

// ErrSeatKept says that a seat with an attendance or a completion cannot be given up.
var ErrSeatKept = errors.New("classes: the attendance of this seat is recorded")

// Leave gives up the account's own seat, which joining again gives back. Errors:
// ErrSeatKept once the attendance is recorded, storage.ErrNotFound.
func (k *Classes) Leave(ctx context.Context, accountID, code string) error {
	return k.db.Tx(ctx, func(tx *gorm.DB) error {
		var c Class
		if err := byCode(tx, code).Take(&c).Error; err != nil {
			return noCode(err)
		}
		s, err := seatOf(tx, c.ID, accountID)
		if err != nil {
			return err
		}
		if s == nil || s.RemovedAt != nil {
			return storage.ErrNotFound
		}
		return removeSeat(tx, s, accountID)
	})
}

func removeSeat(tx *gorm.DB, s *Seat, by string) error {
	if s.Attendance == Present || s.GrantedAt != nil {
		return ErrSeatKept
	}
	return tx.Model(&Seat{}).Where("id = ?", s.ID).Updates(map[string]any{"removed_at": tx.NowFunc(), "removed_by": by}).Error
}

// Remove takes a seat off the roster, Restore puts it back, with its number and
// everything else. Errors: ErrSeatKept, storage.ErrNotFound.
func (k *Classes) Remove(ctx context.Context, by accounts.Access, classID, seatID string) error {
	return k.withSeat(ctx, by, classID, seatID, func(tx *gorm.DB, _ *Class, s *Seat) error {
		if s.RemovedAt != nil {
			return nil
		}
		if err := removeSeat(tx, s, by.AccountID); err != nil {
			return err
		}
		return s.audit(tx, by, "seat.remove", "", "")
	})
}

// Restore undoes Remove.
func (k *Classes) Restore(ctx context.Context, by accounts.Access, classID, seatID string) error {
	return k.withSeat(ctx, by, classID, seatID, func(tx *gorm.DB, _ *Class, s *Seat) error {
		if s.RemovedAt == nil {
			return nil
		}
		if err := restore(tx, s.ID); err != nil {
			return err
		}
		return s.audit(tx, by, "seat.restore", "", "")
	})
}

// withSeat runs fn on a seat of a class that by may act on, the seat locked.
func (k *Classes) withSeat(ctx context.Context, by accounts.Access, classID, seatID string, fn func(tx *gorm.DB, c *Class, s *Seat) error) error {
	return k.db.Tx(ctx, func(tx *gorm.DB) error {
		c, s, err := k.seat(tx, by, classID, seatID)
		if err != nil {
			return err
		}
		return fn(tx, c, s)
	})
}

func (k *Classes) seat(tx *gorm.DB, by accounts.Access, classID, seatID string) (*Class, *Seat, error) {
	c, err := k.Own(tx, by, classID)
	if err != nil {
		return nil, nil, err
	}
	var s Seat
	err = tx.Clauses(clause.Locking{Strength: "UPDATE"}).Where("id = ? AND class_id = ?", seatID, classID).Take(&s).Error
	return c, &s, err
}

// audit writes down what was done to a seat: the subject is the person, the detail
// the class.
func (s *Seat) audit(tx *gorm.DB, by accounts.Access, act, detail, why string) error {
	subject := ""
	if s.AccountID != nil {
		subject = *s.AccountID
	}
	if detail != "" {
		detail = " " + detail
	}
	return accounts.Audit(tx, by.AccountID, act, subject, s.ClassID+detail, why)
}
