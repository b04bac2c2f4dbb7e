package certificates

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"tsunagari/certificates/paper"
	"tsunagari/courses"
	"tsunagari/courses/accounts"
)

// The rules of ending a certificate.
var (
	ErrNotValid = errors.New("certificates: this certificate was replaced or revoked already")
	ErrSameName = errors.New("certificates: the name is printed like this already")
	ErrNoReason = errors.New("certificates: a reason is needed")
)

// Reissue replaces a valid certificate by one with the name that the person has
// now (再交付): a new number of the same issuer and 年度, everything else as it was,
// and the day of the reissue. The old one says which number took its place.
func (c *Certificates) Reissue(ctx context.Context, by accounts.Access, id, reason string) (next *Certificate, err error) {
	err = c.db.Tx(ctx, func(tx *gorm.DB) error {
		old, err := valid(tx, by, id)
		if err != nil {
			return err
		}
		next, err = c.reissue(tx, by, old, reason)
		return err
	})
	return next, err
}

// valid loads a certificate that can be ended, locked.
func valid(tx *gorm.DB, by accounts.Access, id string) (*Certificate, error) {
	var cert Certificate
	err := reach(tx.Clauses(clause.Locking{Strength: "UPDATE"}), by).Where("id = ?", id).Take(&cert).Error
	if err == nil && cert.State != Issued {
		err = ErrNotValid
	}
	return &cert, err
}

func (c *Certificates) reissue(tx *gorm.DB, by accounts.Access, old *Certificate, reason string) (*Certificate, error) {
	if old.AccountID == nil {
		return nil, ErrErased
	}
	account, err := accounts.Load(tx, *old.AccountID)
	if err != nil {
		return nil, err
	}
	next := &Certificate{
		ID: uuid.NewString(), CompletionID: old.CompletionID, AccountID: old.AccountID, IssuerID: old.IssuerID,
		FiscalYear: old.FiscalYear, Printed: old.Printed, Municipality: old.Municipality, Method: OnScreen, Replaces: &old.ID,
	}
	next.Printed.Name, next.Printed.Kana = namesOf(account)
	next.Printed.ReissuedOn = today(tx.NowFunc())
	if next.Printed.Name == old.Printed.Name && next.Printed.Kana == old.Printed.Kana {
		return nil, ErrSameName
	}
	if missing := next.Printed.unprintable(); len(missing) > 0 {
		return nil, &paper.UnprintableError{Char: missing[0]}
	}
	end := map[string]any{"replaced_by": next.ID}
	if err := c.end(tx, by.AccountID, old, Replaced, reason, end); err != nil {
		return nil, err
	}
	return next, c.number(tx, next)
}

var ended = map[State]string{Replaced: "certificate.reissue", Revoked: "certificate.revoke"}

// end ends a certificate with a reason.
func (c *Certificates) end(tx *gorm.DB, by string, cert *Certificate, state State, reason string, also map[string]any) error {
	if reason == "" {
		return ErrNoReason
	}
	now := tx.NowFunc()
	changes := map[string]any{"state": state, "reason": reason, "ended_at": now}
	for k, v := range also {
		changes[k] = v
	}
	res := tx.Model(&Certificate{}).Where("id = ? AND state = ?", cert.ID, Issued).Updates(changes)
	if res.Error == nil && res.RowsAffected == 0 {
		return ErrNotValid
	}
	cert.State, cert.Reason, cert.EndedAt = state, reason, &now
	return errors.Join(res.Error, accounts.Audit(tx, by, ended[state], cert.ID, cert.Number, reason))
}

// Revoke ends a certificate for good (取り消し). The reason is kept in the register;
// the verification says only that it was revoked.
func (c *Certificates) Revoke(ctx context.Context, by accounts.Access, id, reason string) error {
	return c.db.Tx(ctx, func(tx *gorm.DB) error {
		cert, err := valid(tx, by, id)
		if err != nil {
			return err
		}
		return c.end(tx, by.AccountID, cert, Revoked, reason, nil)
	})
}

// Withdrawn is how courses tells that a completion was withdrawn.
func (c *Certificates) Withdrawn(tx *gorm.DB, done *courses.Completion, by, why string) error {
	return c.Withdraw(tx, done.ID, by, why)
}

// Withdraw revokes the valid certificate of a completion that was withdrawn, and
// stops one that waits, in the transaction of the withdrawal.
func (c *Certificates) Withdraw(tx *gorm.DB, completionID, by, reason string) error {
	if err := tx.Where("completion_id = ?", completionID).Delete(&Wait{}).Error; err != nil {
		return err
	}
	var list []*Certificate
	if err := tx.Where("completion_id = ? AND state = ?", completionID, Issued).Find(&list).Error; err != nil {
		return err
	}
	for _, cert := range list {
		if err := c.end(tx, by, cert, Revoked, reason, nil); err != nil {
			return err
		}
	}
	return nil
}
