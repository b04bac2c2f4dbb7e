package accounts

import (
	"context"
	"crypto/subtle"
	"errors"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"github.com/pquerna/otp/totp"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"tsunagari/storage"
)

// The secrets of apps are stored as they are: RFC 6238 needs them in clear to
// compute a code. Encrypting them needs a key outside the database, which every
// instance must share and every restore must find, and whose loss locks all staff
// out; kept in the data folder it would lie beside what it protects. It would win
// little: who can read the database or a backup reads everything that a second
// step guards, and a secret without the password (argon2id) lets nobody in.
// Backups are to be kept as what they are, everybody's data; after a leak
// `tsunagari account reset` makes a new way in for one person.

// ErrNoEnrolment says that no app is being registered: begin again.
var ErrNoEnrolment = errors.New("accounts: no app is being registered")

// totpPeriod is RFC 6238's step; a code of the step before or after counts too,
// for clocks that are a little wrong.
const totpPeriod = 30

// Enrolment is an app (認証アプリ) that is being registered.
type Enrolment struct {
	URL    string // otpauth://…, for a QR
	Secret string // the same to type, in groups of four
}

// BeginTOTP makes a secret for the person's app. It counts only once ConfirmTOTP
// has seen a code made with it; until then the old way in stays.
// storage.ErrNotFound for who is no staff.
func (a *Accounts) BeginTOTP(ctx context.Context, accountID string) (*Enrolment, error) {
	operator, err := a.Operator(ctx)
	if err != nil {
		return nil, err
	}
	var e *Enrolment
	err = a.db.Tx(ctx, func(tx *gorm.DB) error {
		s, err := heldStaff(tx, accountID)
		if err != nil {
			return err
		}
		issuer := "つながりサポーター"
		if operator.SetUp() {
			issuer += "（" + operator.Name + "）"
		}
		key, err := totp.Generate(totp.GenerateOpts{Issuer: issuer, AccountName: s.EmailKey})
		if err != nil {
			return err
		}
		e = &Enrolment{URL: key.URL(), Secret: inFours(key.Secret())}
		return tx.Model(&staff{}).Where("account_id = ?", accountID).Update("totp_pending", key.Secret()).Error
	})
	return e, err
}

func inFours(s string) string {
	var b []byte
	for i := range len(s) {
		if i > 0 && i%4 == 0 {
			b = append(b, ' ')
		}
		b = append(b, s[i])
	}
	return string(b)
}

func heldStaff(tx *gorm.DB, accountID string) (*staff, error) {
	var s staff
	return &s, tx.Clauses(clause.Locking{Strength: "UPDATE"}).Where("account_id = ?", accountID).Take(&s).Error
}

// ConfirmTOTP finishes the registration with a first code of the app, which from
// now on is asked for instead of a mailed one. Errors: ErrNoEnrolment, ErrWrongCode.
func (a *Accounts) ConfirmTOTP(ctx context.Context, accountID, code string) error {
	return a.db.Tx(ctx, func(tx *gorm.DB) error {
		s, err := heldStaff(tx, accountID)
		if err != nil {
			return err
		}
		if s.TOTPPending == "" {
			return ErrNoEnrolment
		}
		step, ok := stepOf(s.TOTPPending, readCode(code), tx.NowFunc(), 0)
		if !ok {
			return ErrWrongCode
		}
		err = tx.Model(&staff{}).Where("account_id = ?", accountID).Updates(map[string]any{
			"totp_secret": s.TOTPPending, "totp_pending": "", "totp_step": step, "updated_at": tx.NowFunc(),
		}).Error
		if err != nil {
			return err
		}
		return Audit(tx, accountID, "totp.on", accountID, "", "")
	})
}

// RemoveTOTP goes back to codes by mail, for who still has the app or knows the
// password: password must be right. Errors: ErrWrongPassword, *WaitError.
func (a *Accounts) RemoveTOTP(ctx context.Context, accountID, password, address string) error {
	var s staff
	if err := a.db.Read(ctx).Where("account_id = ?", accountID).Take(&s).Error; err != nil {
		return err
	}
	if !matches(s.Password, narrow(password)) {
		if err := a.wrong(ctx, "staff", address); err != nil {
			return err
		}
		return ErrWrongPassword
	}
	return a.db.Tx(ctx, func(tx *gorm.DB) error {
		if err := dropTOTP(tx, accountID); err != nil {
			return err
		}
		return Audit(tx, accountID, "totp.off", accountID, "", "")
	})
}

func dropTOTP(tx *gorm.DB, accountID string) error {
	return tx.Model(&staff{}).Where("account_id = ?", accountID).Updates(map[string]any{
		"totp_secret": "", "totp_pending": "", "totp_step": 0, "updated_at": tx.NowFunc(),
	}).Error
}

// HasTOTP says whether the person signs in with an app.
func (a *Accounts) HasTOTP(ctx context.Context, accountID string) (bool, error) {
	var s staff
	err := a.db.Read(ctx).Where("account_id = ?", accountID).Take(&s).Error
	if errors.Is(err, storage.ErrNotFound) {
		return false, nil
	}
	return s.TOTPSecret != "", err
}

// useTOTP says whether the app shows code now, and uses its step up, so that no
// code works twice, not even for two browsers at the same moment.
func useTOTP(tx *gorm.DB, accountID, code string) (bool, error) {
	s, err := heldStaff(tx, accountID)
	if err != nil || s.TOTPSecret == "" {
		return false, err
	}
	step, ok := stepOf(s.TOTPSecret, code, tx.NowFunc(), s.TOTPStep)
	if !ok {
		return false, nil
	}
	return true, tx.Model(&staff{}).Where("account_id = ?", accountID).Update("totp_step", step).Error
}

// stepOf is the step after the last one used whose code this is.
func stepOf(secret, code string, now time.Time, used int64) (step int64, ok bool) {
	for step := now.Unix()/totpPeriod - 1; step <= now.Unix()/totpPeriod+1; step++ {
		want, err := hotp.GenerateCodeCustom(secret, uint64(step), hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err == nil && step > used && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			return step, true
		}
	}
	return 0, false
}
