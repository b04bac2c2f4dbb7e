package accounts

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"tsunagari/storage"
)

// card is a 受講カード; the current one has no end. Neither its words nor the secret
// of its QR can be read back.
type card struct {
	ID, AccountID string
	Words         string  // argon2id, empty once ended
	TokenSHA256   *string `gorm:"column:token_sha256"`
	ShownIn       *string
	MadeBy        *string
	MadeAt        time.Time
	KeptAt        *time.Time
	EndedAt       *time.Time
}

// Shown is a card as it is shown the one time that it can be. Words is empty for
// a card that was kept already.
type Shown struct {
	Number string // 8 digits, see ShowNumber
	Name   string
	Words  []string
	Token  string // for the QR: /c/{token}
}

// ErrNoCard says that the account has no name yet, and so no card.
var ErrNoCard = errors.New("accounts: only who has registered has a card")

// ShowCard shows the account's card. Until KeepCard every showing makes new
// words, so nothing readable is ever stored and a lost answer harms nobody; the
// words before stop working. Errors: ErrNoCard, storage.ErrNotFound.
func (a *Accounts) ShowCard(ctx context.Context, accountID, sessionID string) (*Shown, error) {
	var shown *Shown
	words := drawWords()
	hash := hashSecret(words.String())
	err := a.db.Tx(ctx, func(tx *gorm.DB) error {
		person, err := hold(tx, accountID)
		if err != nil {
			return err
		}
		if person.State != Active || person.Number == "" {
			return ErrNoCard
		}
		current, err := currentCard(tx, accountID)
		if err != nil && !errors.Is(err, storage.ErrNotFound) {
			return err
		}
		shown = &Shown{Number: person.Number, Name: person.Name()}
		if err == nil && current.KeptAt != nil {
			return nil
		}
		shown.Words = words[:]
		shown.Token, err = replaceCard(tx, accountID, card{Words: hash, ShownIn: &sessionID})
		return err
	})
	return shown, err
}

func currentCard(tx *gorm.DB, accountID string) (*card, error) {
	var c card
	err := tx.Clauses(clause.Locking{Strength: "UPDATE"}).Where("account_id = ? AND ended_at IS NULL", accountID).Take(&c).Error
	return &c, err
}

// replaceCard ends the current card and makes the next.
func replaceCard(tx *gorm.DB, accountID string, next card) (token string, err error) {
	now := tx.NowFunc()
	err = tx.Model(&card{}).Where("account_id = ? AND ended_at IS NULL", accountID).
		Updates(map[string]any{"ended_at": now, "words": "", "token_sha256": nil, "shown_in": nil}).Error
	if err != nil {
		return "", err
	}
	token, hash := secret()
	next.ID, next.AccountID, next.TokenSHA256, next.MadeAt = uuid.NewString(), accountID, &hash, now
	return token, tx.Create(&next).Error
}

// KeepCard notes that the person has kept the card that this session showed: from
// now on its words change only with a new card.
func (a *Accounts) KeepCard(ctx context.Context, accountID, sessionID string) error {
	return a.db.Tx(ctx, func(tx *gorm.DB) error {
		return tx.Model(&card{}).
			Where("account_id = ? AND ended_at IS NULL AND kept_at IS NULL AND shown_in = ?", accountID, sessionID).
			Updates(map[string]any{"kept_at": tx.NowFunc(), "shown_in": nil}).Error
	})
}

// CardKept says whether the account's card was kept.
func (a *Accounts) CardKept(ctx context.Context, accountID string) (bool, error) {
	var n int64
	err := a.db.Read(ctx).Model(&card{}).Where("account_id = ? AND ended_at IS NULL AND kept_at IS NOT NULL", accountID).Count(&n).Error
	return n > 0, err
}

// CardDraft is a 受講カード before it is anybody's: hashing its words takes time, for
// which no transaction should wait.
type CardDraft struct {
	words Words
	hash  string
}

// DraftCard draws the words of a card.
func DraftCard() CardDraft {
	words := drawWords()
	return CardDraft{words, hashSecret(words.String())}
}

// NewCard gives somebody a new card, for whom by may look after (see Access): the
// old card, its QR and every session end at once. It is written down who and why.
func (a *Accounts) NewCard(ctx context.Context, by Access, accountID, why string) (*Shown, error) {
	draft := DraftCard()
	var shown *Shown
	err := a.db.Tx(ctx, func(tx *gorm.DB) error {
		_, err := by.person(tx, accountID)
		if err == nil {
			shown, err = draft.Give(tx, by, accountID, why)
		}
		return err
	})
	return shown, err
}

// Give is NewCard for a caller who has made sure that by looks after the person.
// Errors: ErrNoCard for a guest, storage.ErrNotFound.
func (d CardDraft) Give(tx *gorm.DB, by Access, accountID, why string) (*Shown, error) {
	person, err := hold(tx, accountID)
	if err != nil {
		return nil, err
	}
	if person.State != Active {
		return nil, ErrNoCard
	}
	if err := endSessions(tx, accountID, ""); err != nil {
		return nil, err
	}
	now := tx.NowFunc()
	shown := &Shown{Number: person.Number, Name: person.Name(), Words: d.words[:]}
	shown.Token, err = replaceCard(tx, accountID, card{Words: d.hash, MadeBy: &by.AccountID, KeptAt: &now})
	if err != nil {
		return nil, err
	}
	return shown, Audit(tx, by.AccountID, "card.new", accountID, "", why)
}

// person is the account if by may look after it: an administrator everybody, a
// front desk whoever lives in its municipalities. Else storage.ErrNotFound.
func (by Access) person(tx *gorm.DB, accountID string) (*Account, error) {
	if !by.Role(Admin, Desk) {
		return nil, storage.ErrNotFound
	}
	var person Account
	q := by.Within(tx.Clauses(clause.Locking{Strength: "UPDATE"}).Where("id = ? AND state <> ?", accountID, Erased), "municipality", Desk)
	return &person, q.Take(&person).Error
}
