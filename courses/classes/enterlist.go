package classes

import (
	"context"
	"fmt"
	"strconv"

	"gorm.io/gorm"

	"tsunagari/courses/accounts"
	"tsunagari/storage"
)

// ListInput is the people of a list who are to have seats.
type ListInput struct {
	Operation string `form:"operation" validate:"required,uuid"`
	People    []accounts.Typed
}

// EnterList gives everybody of a list an account and a seat, in one transaction.
// Who has a seat with the same name, ふりがな and residence is left out, so that the
// same list taken in again changes nothing. Errors: those of Enter,
// accounts.ErrNobody.
func (k *Classes) EnterList(ctx context.Context, by accounts.Access, classID string, in ListInput) (added int, err error) {
	if len(in.People) == 0 {
		return 0, accounts.ErrNobody
	}
	if err := validate().Var(in.Operation, "required,uuid"); err != nil {
		return 0, err
	}
	if _, err := k.Class(ctx, by, classID); err != nil {
		return 0, err
	}
	for _, t := range in.People {
		if err := k.accounts.Check(ctx, t); err != nil {
			return 0, err
		}
	}
	err = k.db.Tx(ctx, func(tx *gorm.DB) error {
		c, err := k.held(tx, by, classID)
		if err != nil {
			return err
		}
		op := storage.Operation{ID: in.Operation, Actor: by.AccountID, Kind: "seat.list", Body: classID + fmt.Sprint(in.People)}
		kept, _, err := storage.Once(tx, op, func() (string, error) {
			there, err := seatedAs(tx, classID)
			if err != nil {
				return "", err
			}
			n := 0
			for _, t := range in.People {
				if there[t.Key()] {
					continue
				}
				if _, err := k.enter(tx, by, c, Entry{Typed: t}); err != nil {
					return "", err
				}
				n++
			}
			return strconv.Itoa(n), nil
		})
		if err == nil {
			added, err = strconv.Atoi(kept)
		}
		return err
	})
	return added, err
}

// AlreadySeated says which of people have a seat in the class already.
func (k *Classes) AlreadySeated(ctx context.Context, by accounts.Access, classID string, people []accounts.Typed) ([]bool, error) {
	db := k.db.Read(ctx)
	if _, err := k.Own(db, by, classID); err != nil {
		return nil, err
	}
	there, err := seatedAs(db, classID)
	if err != nil {
		return nil, err
	}
	list := make([]bool, len(people))
	for i, t := range people {
		list[i] = there[t.Key()]
	}
	return list, nil
}

func seatedAs(tx *gorm.DB, classID string) (map[accounts.PersonKey]bool, error) {
	var list []accounts.Found
	err := tx.Model(&accounts.Account{}).
		Where("id IN (SELECT account_id FROM seats WHERE class_id = ? AND removed_at IS NULL)", classID).Find(&list).Error
	there := map[accounts.PersonKey]bool{}
	for _, f := range list {
		there[f.Key()] = true
	}
	return there, err
}

// WithCard says which of the class's people have a 受講カード, by account.
func (k *Classes) WithCard(ctx context.Context, by accounts.Access, classID string) (map[string]bool, error) {
	c, err := k.Class(ctx, by, classID)
	if err != nil {
		return nil, err
	}
	seated, err := k.Seated(ctx, c)
	if err != nil {
		return nil, err
	}
	return accounts.WithCard(k.db.Read(ctx), seated)
}

// Cards is accounts.CardSheet for seats of a class of by.
func (k *Classes) Cards(ctx context.Context, by accounts.Access, classID, operation string, seatIDs []string) ([]*accounts.Shown, error) {
	return k.accounts.CardSheet(ctx, by, operation, seatIDs, func(tx *gorm.DB, d accounts.CardDraft, seatID string) (*accounts.Shown, error) {
		_, s, err := k.seat(tx, by, classID, seatID)
		if err != nil {
			return nil, err
		}
		if s.AccountID == nil || s.RemovedAt != nil {
			return nil, storage.ErrNotFound
		}
		return d.Give(tx, by, *s.AccountID, accounts.SheetWhy)
	})
}
