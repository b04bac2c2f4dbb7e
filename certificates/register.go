package certificates

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"tsunagari/courses/accounts"
	"tsunagari/storage"
)

// Entry is one line of the register (交付台帳). Dates are YYYY-MM-DD in Japan, ""
// where there is none.
type Entry struct {
	Number, Name, Kana    string // names are "" once they are erased
	Municipality          string // 市町村 by name, or prefecture
	CompletedOn, IssuedOn string
	Course                string
	Revision              int
	Method                Method
	ReissuedOn            string // of this number, when it replaced another
	ReplacedBy            string // number
	RevokedOn             string
	State                 State
	Reason                string // why it was replaced or revoked
}

// Register is the register of an issuer for one 年度 of the 修了日 (0: all), by
// number. Only the issuer's own desk reads it, for anybody else there is none
// (storage.ErrNotFound); every reading is noted with who asked for it.
func (c *Certificates) Register(ctx context.Context, by accounts.Access, issuerID string, fiscalYear int) (list []Entry, err error) {
	err = c.db.Tx(ctx, func(tx *gorm.DB) error {
		var issuer Issuer
		if err := tx.Where("id = ?", issuerID).Take(&issuer).Error; err != nil {
			return err
		}
		if !keeps(by, &issuer) {
			return storage.ErrNotFound
		}
		if list, err = entries(tx, issuerID, fiscalYear, today(tx.NowFunc())); err != nil {
			return err
		}
		return accounts.Audit(tx, by.AccountID, "certificate.register", issuerID, fmt.Sprintf("%d件", len(list)), "")
	})
	return list, err
}

func entries(tx *gorm.DB, issuerID string, fiscalYear int, on string) ([]Entry, error) {
	var rows []struct {
		Certificate
		Next       string
		Prefecture string
	}
	q := tx.Table("certificates AS c").
		Select("c.*, COALESCE(n.number, '') AS next, d.prefecture").
		Joins("LEFT JOIN certificates AS n ON n.id = c.replaced_by").
		Joins("JOIN completions AS d ON d.id = c.completion_id")
	if fiscalYear != 0 {
		q = q.Where("c.fiscal_year = ?", fiscalYear)
	}
	if err := q.Where("c.issuer_id = ?", issuerID).Order("c.fiscal_year, c.serial").Scan(&rows).Error; err != nil {
		return nil, err
	}
	list := make([]Entry, 0, len(rows))
	for _, r := range rows {
		e := entry(&r.Certificate, on)
		e.ReplacedBy, e.Municipality = r.Next, accounts.PlaceName(r.Municipality, r.Prefecture)
		list = append(list, e)
	}
	return list, nil
}

func entry(c *Certificate, on string) Entry {
	e := Entry{
		Number: c.Number, Name: c.Printed.Name, Kana: c.Printed.Kana,
		CompletedOn: c.Printed.CompletedOn, IssuedOn: c.Printed.IssuedOn, Course: c.Printed.Course, Revision: c.Printed.Revision,
		Method: c.Method, ReissuedOn: c.Printed.ReissuedOn, State: c.State, Reason: c.Reason,
	}
	if e.Name == "" && c.RegisterUntil >= on {
		e.Name, e.Kana = c.RegisterName, c.RegisterKana
	}
	if c.State == Revoked && c.EndedAt != nil {
		e.RevokedOn = today(*c.EndedAt)
	}
	return e
}

// registerUntil is the last day on which the register of an issuer keeps the name
// on a certificate: the years are counted from the end of the 年度 in which it was
// made, as offices count theirs. "" is not at all.
func registerUntil(i *Issuer, cert *Certificate) (string, error) {
	switch {
	case i.RegisterYears == 0:
		return "", nil
	case i.RegisterYears == Forever:
		return "9999-12-31", nil
	}
	year, err := FiscalYear(today(cert.IssuedAt))
	return time.Date(year+1+i.RegisterYears, time.March, 31, 0, 0, 0, 0, time.UTC).Format(time.DateOnly), err
}

// ForgetRegister removes erased people's names, and the reasons that may tell
// them, from the registers whose time is over, and says how many. It is called once a day.
func (c *Certificates) ForgetRegister(ctx context.Context) (n int64, err error) {
	err = c.db.Tx(ctx, func(tx *gorm.DB) error {
		res := tx.Model(&Certificate{}).Where("register_until <> '' AND register_until < ?", today(tx.NowFunc())).
			Updates(map[string]any{"register_name": "", "register_kana": "", "register_until": "", "reason": ""})
		n = res.RowsAffected
		return res.Error
	})
	return n, err
}
