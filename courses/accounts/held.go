package accounts

import (
	"context"

	"gorm.io/gorm"
)

// Held is Export for the person themselves, who takes it with them; that they did
// is written down. Error: storage.ErrNotFound.
func (a *Accounts) Held(ctx context.Context, accountID string) (sections []Section, err error) {
	err = a.db.Tx(ctx, func(tx *gorm.DB) error {
		if sections, err = Export(tx, accountID); err != nil {
			return err
		}
		return Audit(tx, accountID, "person.export", accountID, "", "")
	})
	return sections, err
}

// ForgetReasons empties the reasons that were given for acts on a subject, as a
// certificate of somebody who is erased: they may name the person.
func ForgetReasons(tx *gorm.DB, subject string) error {
	return tx.Model(&Entry{}).Where("subject_id = ?", subject).Update("why", "").Error
}

// EndOtherSessions signs the account out everywhere but in the session with the
// id keep.
func (a *Accounts) EndOtherSessions(ctx context.Context, accountID, keep string) error {
	return a.db.Tx(ctx, func(tx *gorm.DB) error { return endSessions(tx, accountID, keep) })
}
