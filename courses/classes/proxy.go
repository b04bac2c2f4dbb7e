package classes

import (
	"context"
	"errors"
	"strings"

	"gorm.io/gorm"

	"tsunagari/courses"
	"tsunagari/courses/accounts"
	"tsunagari/storage"
)

// Entry is somebody without a phone, typed in by the trainer (代行入力). Present is
// ticked for who is in the room already.
type Entry struct {
	Operation string `form:"operation" validate:"required,uuid"`
	accounts.Typed
	Present bool `form:"present"`
}

func (e Entry) body(classID string) string {
	return strings.Join([]string{classID, e.FamilyName, e.GivenName, e.FamilyKana, e.GivenKana, e.Residence, e.AgeBand}, "\x00")
}

// Enter gives somebody without a phone an account and a seat; a full class makes
// room, for the trainer sees the chairs. Sent once more with the same operation it
// leads to the same seat. Errors: validator.ValidationErrors, *accounts.NameError,
// accounts.ErrHomePrefecture, ErrCancelled, ErrTooEarly where somebody is present
// before the day, storage.ErrNotFound.
func (k *Classes) Enter(ctx context.Context, by accounts.Access, classID string, in Entry) (seatID string, err error) {
	if err := k.accounts.Check(ctx, in.Typed); err != nil {
		return "", err
	}
	if err := validate().Var(in.Operation, "required,uuid"); err != nil {
		return "", err
	}
	err = k.db.Tx(ctx, func(tx *gorm.DB) error {
		c, err := k.held(tx, by, classID)
		if err != nil {
			return err
		}
		op := storage.Operation{ID: in.Operation, Actor: by.AccountID, Kind: "seat.add", Body: in.body(classID)}
		seatID, _, err = storage.Once(tx, op, func() (string, error) { return k.enter(tx, by, c, in) })
		return err
	})
	return seatID, err
}

func (k *Classes) enter(tx *gorm.DB, by accounts.Access, c *Class, in Entry) (string, error) {
	account, err := k.accounts.Enter(tx, by, in.Typed)
	if err != nil {
		return "", err
	}
	return k.add(tx, by, c, account, in.Present)
}

// add gives a person a seat that the trainer types.
func (k *Classes) add(tx *gorm.DB, by accounts.Access, c *Class, account string, present bool) (string, error) {
	switch {
	case c.CancelledAt != nil:
		return "", ErrCancelled
	case present && !c.Begun(tx.NowFunc()):
		return "", ErrTooEarly
	}
	id, err := newSeat(tx, c, account, by.AccountID)
	if err != nil {
		return "", err
	}
	s := &Seat{ID: id, ClassID: c.ID, AccountID: &account}
	if err := s.audit(tx, by, "seat.add", "", ""); err != nil {
		return "", err
	}
	if !present {
		return id, nil
	}
	if err := s.attend(tx, by, Attendance{State: Present}); err != nil {
		return "", err
	}
	return id, k.settle(tx, c, id)
}

// Known is somebody who has a 受講カード, but no phone with them.
type Known struct {
	Number  string `form:"number" validate:"required,max=40"`
	Kana    string `form:"kana" validate:"required,max=80"` // of the family name: a number alone tells no name
	Present bool   `form:"present"`
}

// ErrUnknown says that number and ふりがな do not belong to one person.
var ErrUnknown = errors.New("classes: number and kana belong to nobody")

// Seat gives a seat to somebody by the number of their 受講カード; who has one keeps
// it. Guesses are limited by address. Errors: validator.ValidationErrors,
// accounts.ErrNumber, ErrUnknown, *accounts.WaitError, ErrCancelled, ErrTooEarly.
func (k *Classes) Seat(ctx context.Context, by accounts.Access, classID string, in Known, address string) (seatID string, err error) {
	if err := validate().Struct(in); err != nil {
		return "", err
	}
	if _, err := k.Class(ctx, by, classID); err != nil {
		return "", err
	}
	account, err := k.accounts.ByNumber(ctx, in.Number, in.Kana, address)
	if errors.Is(err, storage.ErrNotFound) {
		return "", ErrUnknown
	}
	if err != nil {
		return "", err
	}
	err = k.db.Tx(ctx, func(tx *gorm.DB) error {
		c, err := k.held(tx, by, classID)
		if err != nil {
			return err
		}
		s, err := seatOf(tx, classID, account)
		if err != nil {
			return err
		}
		if s == nil {
			seatID, err = k.add(tx, by, c, account, in.Present)
			return err
		}
		seatID = s.ID
		if s.RemovedAt == nil {
			return nil
		}
		if err := restore(tx, s.ID); err != nil {
			return err
		}
		return s.audit(tx, by, "seat.restore", "", "")
	})
	return seatID, err
}

// Paper is what somebody answered to まとめの確認 on paper, typed by a trainer: for
// each question the numbers that were circled.
type Paper struct {
	AccountID string
	Revision  *courses.Revision
	By        string
	Answers   []string
}

// OnPaper registers who marks answers on paper and reports the step to courses, in
// the transaction in which they are typed.
func (k *Classes) OnPaper(fn func(tx *gorm.DB, p Paper) error) { k.paper = fn }

// TypePaper keeps the answers of a seat's paper. Typed again, after people have
// corrected them together, they are one more go. Errors: those of whoever marks;
// ErrTooEarly, ErrCancelled, storage.ErrNotFound.
func (k *Classes) TypePaper(ctx context.Context, by accounts.Access, classID, seatID, operation string, answers []string) error {
	return k.withSeat(ctx, by, classID, seatID, func(tx *gorm.DB, c *Class, s *Seat) error {
		if s.AccountID == nil || s.RemovedAt != nil {
			return storage.ErrNotFound
		}
		if c.CancelledAt != nil {
			return ErrCancelled
		}
		if !c.Begun(tx.NowFunc()) {
			return ErrTooEarly
		}
		rev, err := k.courses.RevisionTx(tx, c.RevisionID)
		if err != nil {
			return err
		}
		op := storage.Operation{ID: operation, Actor: by.AccountID, Kind: "paper", Body: s.ID + "\x00" + strings.Join(answers, "\x00")}
		_, _, err = storage.Once(tx, op, func() (string, error) {
			if err := k.paper(tx, Paper{AccountID: *s.AccountID, Revision: rev, By: by.AccountID, Answers: answers}); err != nil {
				return "", err
			}
			return s.ID, s.audit(tx, by, "seat.paper", "", "")
		})
		return err
	})
}

// NewCard gives somebody with a seat in a class of by a new 受講カード; the old one
// stops. Errors: ErrNoWhy, accounts.ErrNoCard, storage.ErrNotFound.
func (k *Classes) NewCard(ctx context.Context, by accounts.Access, classID, seatID, why string) (shown *accounts.Shown, err error) {
	if why = strings.TrimSpace(why); why == "" {
		return nil, ErrNoWhy
	}
	draft := accounts.DraftCard()
	err = k.withSeat(ctx, by, classID, seatID, func(tx *gorm.DB, _ *Class, s *Seat) error {
		if s.AccountID == nil || s.RemovedAt != nil {
			return storage.ErrNotFound
		}
		shown, err = draft.Give(tx, by, *s.AccountID, why)
		return err
	})
	return shown, err
}
