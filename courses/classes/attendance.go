package classes

import (
	"context"
	"errors"

	"gorm.io/gorm"

	"tsunagari/courses/accounts"
)

// Attendance is what the trainer says of one seat. Times are of the class's day,
// and only for who was there.
type Attendance struct {
	State  string `form:"attendance" validate:"omitempty,oneof=present absent"` // "": not known yet
	LateAt string `form:"late_at" validate:"omitempty,datetime=15:04"`
	LeftAt string `form:"left_at" validate:"omitempty,datetime=15:04"`
}

// The rules of marking who was there.
var (
	ErrTooEarly  = errors.New("classes: the day of the class has not come")
	ErrFinished  = errors.New("classes: the person finished in this class, which is withdrawn first")
	ErrLeftFirst = errors.New("classes: somebody left before they came")
)

// Attend keeps who was there, and finishes the course where that was the last
// thing to know. Errors: validator.ValidationErrors, ErrTooEarly, ErrCancelled,
// ErrLeftFirst, ErrFinished, storage.ErrNotFound.
func (k *Classes) Attend(ctx context.Context, by accounts.Access, classID, seatID string, in Attendance) error {
	if err := validate().Struct(in); err != nil {
		return err
	}
	if in.State != Present {
		in.LateAt, in.LeftAt = "", ""
	}
	if in.LateAt != "" && in.LeftAt != "" && in.LeftAt <= in.LateAt {
		return ErrLeftFirst
	}
	return k.withSeat(ctx, by, classID, seatID, func(tx *gorm.DB, c *Class, s *Seat) error {
		if s.Attendance == in.State && s.LateAt == in.LateAt && s.LeftAt == in.LeftAt {
			return nil
		}
		if err := k.markable(tx, c, s); err != nil {
			return err
		}
		if err := s.attend(tx, by, in); err != nil {
			return err
		}
		return k.settle(tx, c, s.ID)
	})
}

// markable says whether results of the seat may change now.
func (k *Classes) markable(tx *gorm.DB, c *Class, s *Seat) error {
	switch {
	case c.CancelledAt != nil:
		return ErrCancelled
	case !c.Begun(tx.NowFunc()):
		return ErrTooEarly
	}
	done, err := finishedHere(tx, c, s)
	if err == nil && done != nil {
		err = ErrFinished
	}
	return err
}

func (s *Seat) attend(tx *gorm.DB, by accounts.Access, in Attendance) error {
	err := tx.Model(&Seat{}).Where("id = ?", s.ID).Updates(map[string]any{
		"attendance": in.State, "late_at": in.LateAt, "left_at": in.LeftAt, "attendance_by": by.AccountID,
	}).Error
	if err != nil {
		return err
	}
	detail := in.State
	if in.LateAt != "" {
		detail += " late " + in.LateAt
	}
	if in.LeftAt != "" {
		detail += " left " + in.LeftAt
	}
	return s.audit(tx, by, "seat.attendance", detail, "")
}

// AttendAll marks everybody as present of whom nothing is known yet, and says how
// many. Errors: ErrTooEarly, ErrCancelled, storage.ErrNotFound.
func (k *Classes) AttendAll(ctx context.Context, by accounts.Access, classID string) (n int, err error) {
	return k.markAll(ctx, by, classID, "attendance = ''", func(tx *gorm.DB, s *Seat) error {
		return s.attend(tx, by, Attendance{State: Present})
	})
}

// Sheet keeps whether the seat's ふり返りシート was received. Errors as of Attend.
func (k *Classes) Sheet(ctx context.Context, by accounts.Access, classID, seatID string, received bool) error {
	return k.withSeat(ctx, by, classID, seatID, func(tx *gorm.DB, c *Class, s *Seat) error {
		if (s.SheetAt != nil) == received {
			return nil
		}
		if err := k.markable(tx, c, s); err != nil && (!received || !errors.Is(err, ErrFinished)) {
			return err
		}
		if err := s.sheet(tx, by, received); err != nil {
			return err
		}
		return k.settle(tx, c, s.ID)
	})
}

func (s *Seat) sheet(tx *gorm.DB, by accounts.Access, received bool) error {
	values, detail := map[string]any{"sheet_at": nil, "sheet_by": ""}, "no"
	if received {
		values, detail = map[string]any{"sheet_at": tx.NowFunc(), "sheet_by": by.AccountID}, "yes"
	}
	if err := tx.Model(&Seat{}).Where("id = ?", s.ID).Updates(values).Error; err != nil {
		return err
	}
	return s.audit(tx, by, "seat.sheet", detail, "")
}

// SheetsAll keeps that the sheets of everybody who was there were received, and
// says how many were not noted yet. Errors as of AttendAll.
func (k *Classes) SheetsAll(ctx context.Context, by accounts.Access, classID string) (n int, err error) {
	return k.markAll(ctx, by, classID, "attendance = 'present' AND sheet_at IS NULL", func(tx *gorm.DB, s *Seat) error {
		return s.sheet(tx, by, true)
	})
}

// markAll runs mark on every seat of a class that where picks, then finishes who
// thereby has done everything.
func (k *Classes) markAll(ctx context.Context, by accounts.Access, classID, where string, mark func(tx *gorm.DB, s *Seat) error) (n int, err error) {
	err = k.db.Tx(ctx, func(tx *gorm.DB) error {
		c, err := k.held(tx, by, classID)
		if err != nil {
			return err
		}
		if c.CancelledAt != nil {
			return ErrCancelled
		}
		if !c.Begun(tx.NowFunc()) {
			return ErrTooEarly
		}
		var seats []Seat
		err = lockedSeats(tx, classID).Where(where).Find(&seats).Error
		n = len(seats)
		for i := range seats {
			if err == nil {
				err = mark(tx, &seats[i])
			}
		}
		if err != nil {
			return err
		}
		return k.settleAll(tx, c)
	})
	return n, err
}
