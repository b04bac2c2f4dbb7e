package certificates

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// The rules of ending a certificate.
var (
	ErrNotValid = errors.New("certificates: this certificate was replaced or revoked already")
	ErrSameName = errors.New("certificates: the name is printed like this already")
	ErrNoReason = errors.New("certificates: a reason is needed")
)

// Name is a person's name as a correction gives it; OwnForm is what is printed
// in its place, if anything (証に載せる表記: 通称, 旧姓併記).
type Name struct {
	Family     string `form:"family_name" validate:"required,max=50,printable"`
	Given      string `form:"given_name" validate:"max=50,printable"`
	FamilyKana string `form:"family_kana" validate:"required,max=50,printable"`
	GivenKana  string `form:"given_kana" validate:"max=50,printable"`
	OwnForm    string `form:"printed_name" validate:"max=60,printable"`
}

func (n Name) printed() (name, kana string) {
	return onPaper(n.Family, n.Given, n.OwnForm), onPaper(n.FamilyKana, n.GivenKana, "")
}

// Reissue replaces a valid certificate by one with a corrected name (再交付): a new
// number of the same issuer and 年度, everything else as it was, and the day of the
// reissue. The old one says which number took its place.
func (c *Certificates) Reissue(ctx context.Context, by Desk, id string, n Name, reason string) (next *Certificate, err error) {
	if err := check().Struct(n); err != nil {
		return nil, err
	}
	err = c.db.Tx(ctx, func(tx *gorm.DB) error {
		old, err := valid(tx, by, id)
		if err != nil {
			return err
		}
		next, err = c.reissue(tx, by, old, n, reason)
		return err
	})
	return next, err
}

// valid loads a certificate that can be ended, locked.
func valid(tx *gorm.DB, by Desk, id string) (*Certificate, error) {
	var cert Certificate
	err := by.reach(tx.Clauses(clause.Locking{Strength: "UPDATE"})).Where("id = ?", id).Take(&cert).Error
	if err == nil && cert.State != Issued {
		err = ErrNotValid
	}
	return &cert, err
}

func (c *Certificates) reissue(tx *gorm.DB, by Desk, old *Certificate, n Name, reason string) (*Certificate, error) {
	if old.Code == nil {
		return nil, ErrErased
	}
	next := &Certificate{
		ID: uuid.NewString(), CompletionID: old.CompletionID, AccountID: old.AccountID, IssuerID: old.IssuerID,
		FiscalYear: old.FiscalYear, Printed: old.Printed, Municipality: old.Municipality, Method: OnScreen, Replaces: &old.ID,
	}
	next.Printed.Name, next.Printed.Kana = n.printed()
	next.Printed.ReissuedOn = today(tx.NowFunc())
	if next.Printed.Name == old.Printed.Name && next.Printed.Kana == old.Printed.Kana {
		return nil, ErrSameName
	}
	end := map[string]any{"replaced_by": next.ID}
	if err := c.end(tx, by, old, Replaced, reason, end); err != nil {
		return nil, err
	}
	return next, c.number(tx, next)
}

// end ends a certificate with a reason.
func (c *Certificates) end(tx *gorm.DB, by Desk, cert *Certificate, state State, reason string, also map[string]any) error {
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
	return errors.Join(res.Error, note(tx, by.ID, "certificate."+string(state), cert.ID, cert.Number, reason))
}

// Revoke ends a certificate for good (取り消し). The reason is kept in the register;
// the verification says only that it was revoked.
func (c *Certificates) Revoke(ctx context.Context, by Desk, id, reason string) error {
	return c.db.Tx(ctx, func(tx *gorm.DB) error {
		cert, err := valid(tx, by, id)
		if err != nil {
			return err
		}
		return c.end(tx, by, cert, Revoked, reason, nil)
	})
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
		if err := c.end(tx, Desk{ID: by, Everywhere: true}, cert, Revoked, reason, nil); err != nil {
			return err
		}
	}
	return nil
}

// audited is a row of accounts' audit: who did what to which certificate, and why.
type audited struct {
	ID, ActorID, Act, SubjectID, Detail, Why string
	At                                       time.Time
}

func (audited) TableName() string { return "audit" }

func note(tx *gorm.DB, actor, act, subject, detail, why string) error {
	return tx.Create(&audited{ID: uuid.NewString(), ActorID: actor, Act: act, SubjectID: subject, Detail: detail, Why: why, At: tx.NowFunc()}).Error
}
