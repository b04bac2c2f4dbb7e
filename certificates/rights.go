package certificates

import (
	"gorm.io/gorm"

	"tsunagari/courses/accounts"
)

// Held is everything that certificates keep about a person.
type Held struct {
	Certificates []*Certificate
	Waits        []*Wait
	Corrections  []*Correction
}

// Export is everything kept about the account.
func (c *Certificates) Export(tx *gorm.DB, accountID string) (*Held, error) {
	certs, waits, err := c.of(tx, accountID)
	if err != nil {
		return nil, err
	}
	held := &Held{Certificates: certs, Waits: waits}
	err = tx.Where("account_id = ?", accountID).Order("asked_at DESC, id").Find(&held.Corrections).Error
	return held, err
}

// Keeping says what stays of a certificate when its person is erased, beside
// number, state and hash: the name in an issuer's register until a day, if at all.
type Keeping struct {
	Number, Issuer string
	Until          string // "" no name stays, 9999-12-31 for ever
}

// Keeps says, before an erasure, what would stay of each of the person's certificates.
func (c *Certificates) Keeps(tx *gorm.DB, accountID string) ([]Keeping, error) {
	certs, _, err := c.of(tx, accountID)
	if err != nil {
		return nil, err
	}
	list := make([]Keeping, 0, len(certs))
	for _, cert := range certs {
		var issuer Issuer
		if err := tx.Where("id = ?", cert.IssuerID).Take(&issuer).Error; err != nil {
			return nil, err
		}
		until, err := registerUntil(&issuer, cert)
		if err != nil {
			return nil, err
		}
		list = append(list, Keeping{Number: cert.Number, Issuer: issuer.Name, Until: until})
	}
	return list, nil
}

// Erase forgets a person: name, ふりがな and code leave their certificates, what
// waits and what was asked is deleted. Number, state and hash stay, so that
// the verification stays true; the issuer's register keeps the name, and why a
// certificate ended, for as long as the issuer said beforehand (Keeps).
func (c *Certificates) Erase(tx *gorm.DB, accountID string) error {
	for _, table := range []any{&Wait{}, &Correction{}} {
		if err := tx.Where("account_id = ?", accountID).Delete(table).Error; err != nil {
			return err
		}
	}
	certs, _, err := c.of(tx, accountID)
	if err != nil {
		return err
	}
	for _, cert := range certs {
		if err := erase(tx, cert); err != nil {
			return err
		}
	}
	c.press.clear()
	return nil
}

func erase(tx *gorm.DB, cert *Certificate) error {
	var issuer Issuer
	if err := tx.Where("id = ?", cert.IssuerID).Take(&issuer).Error; err != nil {
		return err
	}
	until, err := registerUntil(&issuer, cert)
	if err != nil {
		return err
	}
	changes := map[string]any{"account_id": nil, "code": nil, "register_until": until}
	if until != "" {
		changes["register_name"], changes["register_kana"] = cert.Printed.Name, cert.Printed.Kana
	} else {
		changes["reason"] = "" // in somebody's own words: it may name the person
	}
	if err := accounts.ForgetReasons(tx, cert.ID); err != nil {
		return err
	}
	left := cert.Printed
	left.Name, left.Kana = "", ""
	changes["printed"] = left
	return tx.Model(&Certificate{}).Where("id = ?", cert.ID).Updates(changes).Error
}
