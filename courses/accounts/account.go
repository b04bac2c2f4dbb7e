// Package accounts knows people and how they come in: guests, learners with a
// 受講カード, staff with a post (係), their sessions, roles and rights; and what
// belongs to a place: municipalities, つながり先 and help lines. It knows no
// course: what a person learned belongs to the packages above.
package accounts

import (
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
)

// State says how far an account came.
type State string

// A guest has not registered; an erased account is an empty row that counts and
// certificates may still refer to.
const (
	Guest  State = "guest"
	Active State = "active"
	Erased State = "erased"
)

// Account is one person: a guest, a learner or a member of staff.
type Account struct {
	ID     string `gorm:"primaryKey"`
	State  State
	Number string // 受講番号, 8 digits; "" without a card

	// Names are kept exactly as typed; kana are hiragana.
	FamilyName, GivenName, FamilyKana, GivenKana string

	PrintedName  string // 証に載せる表記, "" when it is the name itself
	SearchKana   string // normalised kana, for Find only
	Municipality string // 6-digit code, "" outside the home prefecture
	Prefecture   string // 2-digit code
	AgeBand      AgeBand
	Email        string // confirmed, as typed
	EmailKey     string
	Version      int

	CreatedAt    time.Time
	RegisteredAt *time.Time
	SeenAt       time.Time
	ErasedAt     *time.Time
	MergedInto   *string // of an empty row: the account that it became part of
}

// Name is the whole name with a space, as printed unless PrintedName says otherwise.
func (a *Account) Name() string { return FullName(a.FamilyName, a.GivenName) }

// Kana is the whole ふりがな with a space.
func (a *Account) Kana() string { return FullName(a.FamilyKana, a.GivenKana) }

// OnPaper is the name for a certificate.
func (a *Account) OnPaper() string {
	if a.PrintedName != "" {
		return a.PrintedName
	}
	return a.Name()
}

// FullName is a name or its ふりがな in one, with a space where there are two parts.
func FullName(family, given string) string {
	if family == "" || given == "" {
		return family + given
	}
	return family + " " + given
}

// Load is the account with the given id, or storage.ErrNotFound.
func Load(tx *gorm.DB, id string) (*Account, error) {
	var a Account
	if err := tx.Where("id = ?", id).Take(&a).Error; err != nil {
		return nil, err
	}
	return &a, nil
}

// Visitor makes a guest, for somebody who keeps progress before registering.
func Visitor(tx *gorm.DB) (*Account, error) {
	now := tx.NowFunc()
	a := &Account{ID: uuid.NewString(), State: Guest, Version: 1, CreatedAt: now, SeenAt: now}
	return a, tx.Create(a).Error
}
