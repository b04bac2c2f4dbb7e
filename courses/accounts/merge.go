package accounts

import (
	"context"
	"errors"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"tsunagari/storage"
)

// Merging says which account of a person becomes part of which other one.
type Merging struct {
	Operation string `form:"operation" validate:"required,uuid"`
	From      string `form:"from"` // ends
	Into      string `form:"into"` // stays, with its card
	Why       string `form:"why" validate:"required,max=200,name"`
	Sure      string `form:"sure" validate:"required"` // that they are one was checked
}

// ErrMergedCard says that a card was right, but that its account became part of
// another one of the same person. Only who holds the card is told.
var ErrMergedCard = errors.New("accounts: the account of this card became part of another one")

// OnMerge registers how another room joins what it keeps of one account to
// another one of the same person. It is called in the transaction that merges
// them, in the order of registering, while both accounts are still whole and
// nothing else changes them.
func (a *Accounts) OnMerge(fn func(tx *gorm.DB, from, into string) error) {
	a.merge = append(a.merge, fn)
}

// Merge makes two accounts of one person one, for whom by may look after both
// (see Access), and writes down why. From ends: its row stays empty and knows
// where it went. Sent again it changes nothing. Errors:
// validator.ValidationErrors, storage.ErrOperationReused, storage.ErrNotFound also
// for a guest and for somebody who is erased.
func (a *Accounts) Merge(ctx context.Context, by Access, in Merging) error {
	in.Why = strings.TrimSpace(in.Why)
	if err := validate.Struct(in); err != nil {
		return err
	}
	return a.db.Tx(ctx, func(tx *gorm.DB) error {
		// Without the reason: no name may be tried on what a receipt keeps.
		op := storage.Operation{ID: in.Operation, Actor: by.AccountID, Kind: "merge", Body: in.From + " " + in.Into}
		_, _, err := storage.Once(tx, op, func() (string, error) { return in.Into, a.mergeBy(tx, by, in) })
		return err
	})
}

func (a *Accounts) mergeBy(tx *gorm.DB, by Access, in Merging) error {
	from, into, err := by.pair(tx, in.From, in.Into)
	if errors.Is(err, storage.ErrNotFound) {
		_, _, err = by.merged(tx, in.From, in.Into) // in another window
		return err
	}
	if err != nil {
		return err
	}
	if err := a.join(tx, from.ID, into.ID); err != nil {
		return err
	}
	if err := joinPerson(tx, from, into); err != nil {
		return err
	}
	if err := tx.Model(&Account{}).Where("id = ?", from.ID).Updates(ended(tx, into.ID)).Error; err != nil {
		return err
	}
	return Audit(tx, by.AccountID, "person.merge", into.ID, from.ID, in.Why)
}

func (a *Accounts) join(tx *gorm.DB, from, into string) error {
	for _, fn := range a.merge {
		if err := fn(tx, from, into); err != nil {
			return err
		}
	}
	return nil
}

// pair is two learners whom by may look after, held until the transaction ends:
// always in the same order, so that of two merges with the same person one waits
// and neither blocks the other. Rows of theirs can still be read and written.
func (by Access) pair(tx *gorm.DB, first, second string) (*Account, *Account, error) {
	if !by.Role(Admin, Desk) || first == second {
		return nil, nil, storage.ErrNotFound
	}
	people, err := holdPeople(by.Within(tx, "municipality", Desk).Where("state = ? AND number <> ''", Active), first, second)
	if err == nil && len(people) != 2 {
		err = storage.ErrNotFound
	}
	return people[first], people[second], err
}

// holdPeople are those of the accounts that tx finds, in the order of their ids.
// NO KEY UPDATE lets others write rows that refer to them: they hold those rows
// already, and would wait for us while we wait for them.
func holdPeople(tx *gorm.DB, ids ...string) (map[string]*Account, error) {
	var list []*Account
	err := tx.Clauses(clause.Locking{Strength: "NO KEY UPDATE"}).Where("id IN ?", ids).Order("id").Find(&list).Error
	people := map[string]*Account{}
	for _, p := range list {
		people[p.ID] = p
	}
	return people, err
}

// ended are the columns of an account that became part of another. Its number
// stays for whoever comes with the old card.
func ended(tx *gorm.DB, into string) map[string]any {
	columns := emptied(tx.NowFunc())
	delete(columns, "number")
	columns["merged_into"] = into
	return columns
}

// merged are an account that became part of another one and that one, for whom by
// may look after the person; else storage.ErrNotFound.
func (by Access) merged(tx *gorm.DB, from, into string) (*Account, *Account, error) {
	person, err := by.person(tx, into)
	if err != nil {
		return nil, nil, err
	}
	var old Account
	return &old, person, tx.Where("id = ? AND merged_into = ?", from, into).Take(&old).Error
}

// Merged are the empty account and the one that it became part of, for who may
// look after the person; else storage.ErrNotFound.
func (a *Accounts) Merged(ctx context.Context, by Access, from, into string) (old, person *Account, err error) {
	err = a.db.Tx(ctx, func(tx *gorm.DB) error {
		if old, person, err = by.merged(tx, from, into); err != nil {
			return err
		}
		return Audit(tx, by.AccountID, "person.open", into, "", "")
	})
	return old, person, err
}

// Visit is the browser by which somebody comes in.
type Visit struct {
	Device  string // what the person recognises it by
	Session string // id of the session that it had: what its guest did comes along
}

// comeIn signs the browser in to the account. What a guest did in this very session
// is joined to it in the same transaction; no other account ever is. ErrOldCard
// when the account ended in this very moment.
func (a *Accounts) comeIn(tx *gorm.DB, accountID string, v Visit) (secret string, err error) {
	guest, err := v.guest(tx)
	if err != nil {
		return "", err
	}
	people, err := holdPeople(tx, accountID, guest)
	if err != nil {
		return "", err
	}
	if p := people[accountID]; p == nil || p.State != Active {
		return "", ErrOldCard
	}
	if g := people[guest]; g != nil && g.State == Guest {
		if err := a.absorb(tx, guest, accountID); err != nil {
			return "", err
		}
	}
	if secret, _, err = newSession(tx, accountID, LearnerSession, v.Device); err != nil {
		return "", err
	}
	return secret, tx.Model(&Account{}).Where("id = ?", accountID).Update("seen_at", tx.NowFunc()).Error
}

// guest is the account behind the session, "" when it is no guest's.
func (v Visit) guest(tx *gorm.DB) (id string, err error) {
	err = tx.Raw(`SELECT a.id FROM sessions s JOIN accounts a ON a.id = s.account_id
		WHERE s.id = ? AND s.kind = ? AND a.state = ?`, v.Session, LearnerSession, Guest).Scan(&id).Error
	return id, err
}

// absorb joins a guest to the account. Nothing refers to who never had a name, so
// nothing stays.
func (a *Accounts) absorb(tx *gorm.DB, guest, into string) error {
	if err := a.join(tx, guest, into); err != nil {
		return err
	}
	if err := endSessions(tx, guest, ""); err != nil {
		return err
	}
	return tx.Where("id = ? AND state = ?", guest, Guest).Delete(&Account{}).Error
}
