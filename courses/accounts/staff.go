package accounts

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"golang.org/x/text/unicode/norm"
	"gorm.io/gorm"

	"tsunagari/storage"
)

// staff is how a member of staff signs in.
type staff struct {
	AccountID   string `gorm:"primaryKey"`
	EmailKey    string
	Password    string // argon2id
	TOTPSecret  string `gorm:"column:totp_secret"`
	TOTPPending string `gorm:"column:totp_pending"`
	TOTPStep    int64  `gorm:"column:totp_step"`
	UpdatedAt   time.Time
}

func (staff) TableName() string { return "staff" }

// Errors of staff's sign-in and passwords.
var (
	ErrWrongPassword = errors.New("accounts: the e-mail address and the password do not belong together")
	ErrNoPost        = errors.New("accounts: this person is in no post any more")
	ErrWeakPassword  = errors.New("accounts: the password is too short or easily guessed")
	ErrEmailTaken    = errors.New("accounts: somebody else signs in with this address")
)

// emailKey is an address as it is compared.
func emailKey(email string) string {
	return strings.ToLower(norm.NFKC.String(strings.TrimSpace(email)))
}

// newStaff is somebody who is about to become staff.
type newStaff struct {
	FamilyName, GivenName, Email, office, hash string
}

// create makes the account with its way in. ErrEmailTaken.
func (n newStaff) create(tx *gorm.DB) (accountID string, err error) {
	now := tx.NowFunc()
	account := &Account{
		ID: uuid.NewString(), State: Active, FamilyName: n.FamilyName, GivenName: n.GivenName,
		Version: 1, CreatedAt: now, RegisteredAt: &now, SeenAt: now,
	}
	if _, err := staffBy(tx, n.Email); err == nil {
		return "", ErrEmailTaken
	} else if !errors.Is(err, storage.ErrNotFound) {
		return "", err
	}
	if err := tx.Create(account).Error; err != nil {
		return "", err
	}
	return account.ID, tx.Create(&staff{AccountID: account.ID, EmailKey: emailKey(n.Email), Password: n.hash, UpdatedAt: now}).Error
}

// staffBy is who signs in with the address, or storage.ErrNotFound.
func staffBy(tx *gorm.DB, email string) (*staff, error) {
	var s staff
	return &s, tx.Where("email_key = ?", emailKey(email)).Take(&s).Error
}

// SignInStaff is the first step: address and password. address is where the
// request comes from. The right password always passes, and the second step is
// begun; what is wrong costs the same time whether the person exists or not.
// Errors: ErrWrongPassword, *WaitError after too many wrong ones, ErrNoPost.
func (a *Accounts) SignInStaff(ctx context.Context, email, password, address string) (*Second, error) {
	s, err := a.checkPassword(ctx, email, password, address)
	if err != nil {
		return nil, err
	}
	return a.beginSecond(ctx, s.AccountID)
}

func (a *Accounts) checkPassword(ctx context.Context, email, password, address string) (*staff, error) {
	s, err := staffBy(a.db.Read(ctx), email)
	exists, err := found(err)
	if err != nil {
		return nil, err
	}
	hash := nobodys()
	if exists {
		hash = s.Password
	}
	if utf8.RuneCountInString(password) <= passwordMax && matches(hash, narrow(password)) && exists {
		return s, nil
	}
	if err := a.wrong(ctx, "staff", address); err != nil {
		return nil, err
	}
	return nil, ErrWrongPassword
}
