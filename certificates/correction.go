package certificates

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"tsunagari/courses/accounts"
)

// CorrectionState says how far a request for a correction came.
type CorrectionState string

// A person asked; the desk corrected the name, or said why not.
const (
	Asked    CorrectionState = "asked"
	Accepted CorrectionState = "accepted"
	Declined CorrectionState = "declined"
)

// Correction is a person's request to correct their name (訂正の申し出).
type Correction struct {
	ID, AccountID string

	FamilyName, GivenName, FamilyKana, GivenKana, PrintedName string

	Note      string // in the person's words
	State     CorrectionState
	AskedAt   time.Time
	DecidedAt *time.Time
	DecidedBy string
	Reason    string
}

// Name is a person's name as a correction gives it; OwnForm is what is printed
// in its place, if anything (証に載せる表記: 通称, 旧姓併記). Who has one name only has
// no Given.
type Name struct {
	Family     string `form:"family_name" validate:"required,max=50,printable"`
	Given      string `form:"given_name" validate:"max=50,printable"`
	FamilyKana string `form:"family_kana" validate:"required,max=50,kana"`
	GivenKana  string `form:"given_kana" validate:"required_with=Given,excluded_without=Given,max=50,kana"`
	OwnForm    string `form:"printed_name" validate:"max=60,printable"`
}

// AskCorrection is what the person fills in.
type AskCorrection struct {
	Name
	Note string `form:"note" validate:"max=500"`
}

// ErrDecided says that somebody decided on the request already.
var ErrDecided = errors.New("certificates: this request was decided already")

// Wanted is how the person's name is to be.
func (r *Correction) Wanted() Name {
	return Name{Family: r.FamilyName, Given: r.GivenName, FamilyKana: r.FamilyKana, GivenKana: r.GivenKana, OwnForm: r.PrintedName}
}

// Name is the whole name that was asked for.
func (r *Correction) Name() string { return accounts.FullName(r.FamilyName, r.GivenName) }

// Kana is its ふりがな.
func (r *Correction) Kana() string { return accounts.FullName(r.FamilyKana, r.GivenKana) }

// Ask keeps a request for a correction; an open one of the same person is replaced.
func (c *Certificates) Ask(ctx context.Context, accountID string, in AskCorrection) error {
	if err := check().Struct(in); err != nil {
		return err
	}
	return c.db.Tx(ctx, func(tx *gorm.DB) error {
		r := &Correction{
			ID: uuid.NewString(), AccountID: accountID, FamilyName: in.Family, GivenName: in.Given,
			FamilyKana: in.FamilyKana, GivenKana: in.GivenKana, PrintedName: in.OwnForm,
			Note: in.Note, State: Asked, AskedAt: tx.NowFunc(),
		}
		return tx.Clauses(clause.OnConflict{
			Columns:     []clause.Column{{Name: "account_id"}},
			TargetWhere: clause.Where{Exprs: []clause.Expression{clause.Expr{SQL: "state = 'asked'"}}},
			DoUpdates: clause.AssignmentColumns([]string{
				"family_name", "given_name", "family_kana", "given_kana", "printed_name", "note", "asked_at",
			}),
		}).Create(r).Error
	})
}

// Corrections lists a person's requests, the newest first.
func (c *Certificates) Corrections(ctx context.Context, accountID string) ([]*Correction, error) {
	var list []*Correction
	err := c.db.Read(ctx).Where("account_id = ?", accountID).Order("asked_at DESC, id").Find(&list).Error
	return list, err
}

// OpenCorrections lists what the desk has to decide, the oldest first: requests of
// people who live where the desk is responsible.
func (c *Certificates) OpenCorrections(ctx context.Context, by accounts.Access) ([]*Correction, error) {
	var list []*Correction
	people := reach(c.db.Read(ctx).Table("accounts").Select("id"), by)
	err := c.db.Read(ctx).Where("state = ? AND account_id IN (?)", Asked, people).Order("asked_at, id").Find(&list).Error
	return list, err
}

// Decide answers a request. Accepting it corrects the name of the account, replaces
// every valid certificate of the person and issues what waited for the correction.
// Declining it needs a reason, which the person reads.
func (c *Certificates) Decide(ctx context.Context, by accounts.Access, id string, accept bool, reason string) error {
	if reason == "" {
		return ErrNoReason
	}
	return c.db.Tx(ctx, func(tx *gorm.DB) error {
		r, err := open(tx, by, id)
		if err != nil {
			return err
		}
		state, act := Declined, "correction.refuse"
		if accept {
			state, act = Accepted, "correction.accept"
			if err := c.correct(tx, by, r.AccountID, r.Wanted(), reason); err != nil {
				return err
			}
		}
		err = tx.Model(&Correction{}).Where("id = ?", r.ID).Updates(map[string]any{
			"state": state, "reason": reason, "decided_at": tx.NowFunc(), "decided_by": by.AccountID,
		}).Error
		return errors.Join(err, accounts.Audit(tx, by.AccountID, act, r.AccountID, r.ID, reason))
	})
}

// Correct corrects a person's name at the desk, without a request: as Decide does.
func (c *Certificates) Correct(ctx context.Context, by accounts.Access, accountID string, n Name, reason string) error {
	if err := check().Struct(n); err != nil {
		return err
	}
	if reason == "" {
		return ErrNoReason
	}
	return c.db.Tx(ctx, func(tx *gorm.DB) error {
		var id string
		if err := reach(tx.Table("accounts").Select("id"), by).Where("id = ?", accountID).Take(&id).Error; err != nil {
			return err
		}
		return c.correct(tx, by, id, n, reason)
	})
}

func (c *Certificates) correct(tx *gorm.DB, by accounts.Access, accountID string, n Name, reason string) error {
	names := accounts.Names{Family: n.Family, Given: n.Given, FamilyKana: n.FamilyKana, GivenKana: n.GivenKana, Printed: n.OwnForm}
	if err := c.options.Rename(tx, accountID, names, by.AccountID, reason); err != nil {
		return err
	}
	return c.Corrected(tx, by, accountID, reason)
}

func open(tx *gorm.DB, by accounts.Access, id string) (*Correction, error) {
	var r Correction
	people := reach(tx.Table("accounts").Select("id"), by)
	err := tx.Clauses(clause.Locking{Strength: "UPDATE"}).Where("id = ? AND account_id IN (?)", id, people).Take(&r).Error
	if err == nil && r.State != Asked {
		err = ErrDecided
	}
	return &r, err
}

// Corrected replaces every valid certificate of a person whose name was corrected
// and issues what waited for it, in the transaction of the correction.
func (c *Certificates) Corrected(tx *gorm.DB, by accounts.Access, accountID, reason string) error {
	certs, waits, err := c.of(tx, accountID)
	if err != nil {
		return err
	}
	for _, cert := range certs {
		if cert.State != Issued {
			continue
		}
		if _, err := c.reissue(tx, by, cert, reason); err != nil && !errors.Is(err, ErrSameName) {
			return err
		}
	}
	for _, w := range waits {
		if _, err := c.issueWaiting(tx, w.CompletionID); err != nil {
			return err
		}
	}
	return nil
}
