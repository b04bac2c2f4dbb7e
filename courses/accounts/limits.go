package accounts

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// guess is one wrong guess, or one mail that was asked for.
type guess struct {
	ID, Kind, Address string
	At                time.Time
}

func (guess) TableName() string { return "guesses" }

// WaitError says that too much was guessed lately: wait so long before the next.
// Right words are never held up by it.
type WaitError struct{ For time.Duration }

func (e *WaitError) Error() string { return "accounts: wait " + e.For.String() }

// Limits of wrong guesses within guessWindow. A class of 40 behind one address who
// all mistype twice stays below the first.
const (
	guessWindow     = 5 * time.Minute
	guessPerAddress = 100
	guessOverall    = 2000
)

// wrong keeps a wrong guess and says how long to wait when there were too many
// from this address, or from everywhere. It runs in a transaction of its own,
// for what it reports ends in an error.
func (a *Accounts) wrong(ctx context.Context, kind, address string) error {
	wait := false
	err := a.db.Tx(ctx, func(tx *gorm.DB) error {
		now := tx.NowFunc()
		hashed, err := hashAddress(tx, address)
		if err != nil {
			return err
		}
		if err := tx.Create(&guess{ID: uuid.NewString(), Kind: kind, Address: hashed, At: now}).Error; err != nil {
			return err
		}
		here, all, err := guesses(tx, kind, hashed)
		wait = here > guessPerAddress || all > guessOverall
		return err
	})
	if err == nil && wait {
		return &WaitError{guessWindow}
	}
	return err
}

func guesses(tx *gorm.DB, kind, hashed string) (here, all int64, err error) {
	since := tx.NowFunc().Add(-guessWindow)
	if err = tx.Model(&guess{}).Where("kind = ? AND address = ? AND at > ?", kind, hashed, since).Count(&here).Error; err != nil {
		return 0, 0, err
	}
	err = tx.Model(&guess{}).Where("kind = ? AND at > ?", kind, since).Count(&all).Error
	return here, all, err
}

// Guess limits how often one address guesses something short, as the code of a
// class: right says whether this one was. Unlike long words also right ones wait
// (*WaitError) once the address was wrong too often, or it could try them all.
func (a *Accounts) Guess(ctx context.Context, kind, address string, right bool) error {
	if !right {
		return a.wrong(ctx, kind, address)
	}
	db := a.db.Read(ctx)
	var salts []string
	if err := db.Table("settings").Where("name = ?", saltOf(db)).Pluck("value", &salts).Error; err != nil || len(salts) == 0 {
		return err // nobody was wrong today
	}
	here, _, err := guesses(db, kind, hashToken(salts[0]+address))
	if err == nil && here > guessPerAddress {
		return &WaitError{guessWindow}
	}
	return err
}

// Look limits how often one address asks something that could be guessed, as a
// certificate number: *WaitError beyond max within guessWindow.
func (a *Accounts) Look(ctx context.Context, kind, address string, max int64) error {
	wait := false
	err := a.db.Tx(ctx, func(tx *gorm.DB) error {
		hashed, err := hashAddress(tx, address)
		if err != nil {
			return err
		}
		if err := tx.Create(&guess{ID: uuid.NewString(), Kind: kind, Address: hashed, At: tx.NowFunc()}).Error; err != nil {
			return err
		}
		here, _, err := guesses(tx, kind, hashed)
		wait = here > max
		return err
	})
	if err == nil && wait {
		return &WaitError{guessWindow}
	}
	return err
}

// saltOf is the name of today's salt.
func saltOf(tx *gorm.DB) string { return "salt:" + tx.NowFunc().Format(time.DateOnly) }

// hashAddress makes an address unreadable: its salt is thrown away every day.
func hashAddress(tx *gorm.DB, address string) (string, error) {
	day := saltOf(tx)
	fresh := make([]byte, 16)
	rand.Read(fresh)
	err := tx.Table("settings").Clauses(clause.OnConflict{DoNothing: true}).
		Create(map[string]any{"name": day, "value": hex.EncodeToString(fresh), "updated_at": tx.NowFunc()}).Error
	if err != nil {
		return "", err
	}
	var salt string
	if err := tx.Table("settings").Where("name = ?", day).Pluck("value", &salt).Error; err != nil {
		return "", err
	}
	if salt == "" {
		return "", errors.New("accounts: no salt for addresses")
	}
	return hashToken(salt + address), tx.Exec("DELETE FROM settings WHERE name LIKE 'salt:%' AND name < ?", day).Error
}
