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
	ErrOldCard   = errors.New("accounts: this card has been replaced")
)

// SignInCard signs in with the number and words of a card, read generously.
// address is where the request comes from. Right words always pass; wrong ones
// are ErrWrongCard, and *WaitError when there were too many of them lately.
func (a *Accounts) SignInCard(ctx context.Context, number, words, address, device string) (secret string, err error) {
	digits, numberOK := ReadNumber(number)
	said, wordsOK := readWords(words)
	c := &card{}
	if numberOK && wordsOK {
		err = a.db.Read(ctx).Raw(`SELECT c.* FROM cards c JOIN accounts a ON a.id = c.account_id
			WHERE a.number = ? AND a.number <> '' AND a.state = 'active' AND c.ended_at IS NULL`, digits).Take(c).Error
		if err != nil && !errors.Is(err, storage.ErrNotFound) {
			return "", err
		}
	}
	if !matches(c.Words, said) { // takes as long for a number that nobody has
		if err := a.wrong(ctx, "card", address); err != nil {
			return "", err
		}
		return "", ErrWrongCard
	}
	return a.signIn(ctx, c.AccountID, device)
}

// SignInToken signs in with the secret of a card's QR. A replaced card is
// ErrOldCard.
func (a *Accounts) SignInToken(ctx context.Context, token, device string) (secret string, err error) {
	var c card
	err = a.db.Read(ctx).Where("token_sha256 = ? AND ended_at IS NULL", hashToken(token)).Take(&c).Error
	if errors.Is(err, storage.ErrNotFound) {
		return "", ErrOldCard
	}
	if err != nil {
		return "", err
	}
	return a.signIn(ctx, c.AccountID, device)
}

func (a *Accounts) signIn(ctx context.Context, accountID, device string) (secret string, err error) {
	err = a.db.Tx(ctx, func(tx *gorm.DB) error {
		secret, _, err = newSession(tx, accountID, LearnerSession, device)
		if err != nil {
			return err
		}
		return tx.Model(&Account{}).Where("id = ?", accountID).Update("seen_at", tx.NowFunc()).Error
	})
	return secret, err
}
