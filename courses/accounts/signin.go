package accounts

import (
	"context"
	"errors"

	"gorm.io/gorm"

	"tsunagari/storage"
)

// Errors of signing in. None says which part was wrong.
var (
	ErrWrongCard = errors.New("accounts: the number and the words do not belong together")
	ErrNumber    = errors.New("accounts: this is no card number")
	ErrOldCard   = errors.New("accounts: this card has been replaced")
)

// SignInCard signs in with the number and words of a card, read generously.
// address is where the request comes from. What is no number is ErrNumber, words
// that are not on the list a *WordError. Right words always pass; wrong ones are
// ErrWrongCard, and *WaitError when there were too many of them lately. Right words
// of an account that became part of another one are ErrMergedCard.
func (a *Accounts) SignInCard(ctx context.Context, number, words, address string, v Visit) (secret string, err error) {
	digits, ok := ReadNumber(number)
	if !ok {
		return "", ErrNumber
	}
	said, err := ReadWords(words)
	if err != nil {
		return "", err
	}
	c := &card{}
	err = a.db.Read(ctx).Joins("JOIN accounts ON accounts.id = cards.account_id").
		Where("accounts.number = ? AND (accounts.state = 'active' AND cards.ended_at IS NULL OR accounts.merged_into IS NOT NULL)", digits).Take(c).Error
	if err != nil && !errors.Is(err, storage.ErrNotFound) {
		return "", err
	}
	if c.Words == "" {
		c.Words = nobodys() // takes as long as for somebody who exists
	}
	if !matches(c.Words, said.String()) {
		if err := a.wrong(ctx, "card", address); err != nil {
			return "", err
		}
		return "", ErrWrongCard
	}
	return a.signIn(ctx, c, v)
}

// SignInToken signs in with the secret of a card's QR. A replaced card is
// ErrOldCard; ErrMergedCard is as for SignInCard.
func (a *Accounts) SignInToken(ctx context.Context, token string, v Visit) (secret string, err error) {
	var c card
	err = a.db.Read(ctx).Where("token_sha256 = ?", hashToken(token)).Take(&c).Error
	if errors.Is(err, storage.ErrNotFound) {
		return "", ErrOldCard
	}
	if err != nil {
		return "", err
	}
	return a.signIn(ctx, &c, v)
}

// signIn signs in with a card that proved right: whoever came in with it has kept
// it, so showing it again makes no new words. ErrOldCard when it was replaced in
// this very moment. Only the last card of an account that became part of another
// keeps its secrets when it ends.
func (a *Accounts) signIn(ctx context.Context, c *card, v Visit) (secret string, err error) {
	if c.EndedAt != nil {
		return "", ErrMergedCard
	}
	err = a.db.Tx(ctx, func(tx *gorm.DB) error {
		if secret, err = a.comeIn(tx, c.AccountID, v); err != nil {
			return err
		}
		kept := tx.Model(&card{}).Where("id = ? AND ended_at IS NULL", c.ID).
			Updates(map[string]any{"kept_at": gorm.Expr("COALESCE(kept_at, ?)", tx.NowFunc()), "shown_in": nil})
		if kept.Error != nil {
			return kept.Error
		}
		if kept.RowsAffected == 0 {
			return ErrOldCard
		}
		return nil
	})
	return secret, err
}
