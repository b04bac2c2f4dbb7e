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

const (
	passwordMin = 12 // characters
	passwordMax = 200
)

// narrow makes one password of what different keyboards make of it: full-width
// letters are the narrow ones.
func narrow(password string) string { return norm.NFKC.String(password) }

// emailKey is an address as it is compared.
func emailKey(email string) string {
	return strings.ToLower(norm.NFKC.String(strings.TrimSpace(email)))
}

// obvious are what guessers try first, as parts of a password.
var obvious = []string{
	"password", "passw0rd", "pasuwa-do", "ぱすわーど", "tsunagari", "つながり", "supporter", "okhotsk", "hokkaido",
	"administrator", "welcome", "letmein", "iloveyou", "sakura",
}

// rows are keys that lie side by side, and the alphabet.
var rows = []string{"1234567890", "0987654321", "qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz", "1q2w3e4r5t6y7u8i9o0p", "1qaz2wsx3edc4rfv"}

// passwordRule: at least 12 characters, and enough left once the person's names
// and address, what guessers try first, keys in a row and repetitions are taken
// out. ErrWeakPassword.
func passwordRule(password string, personal ...string) error {
	p := strings.ToLower(narrow(password))
	if n := utf8.RuneCountInString(p); n < passwordMin || n > passwordMax {
		return ErrWeakPassword
	}
	for _, s := range personal {
		s = emailKey(s)
		local, _, _ := strings.Cut(s, "@")
		for _, part := range []string{s, local} {
			if utf8.RuneCountInString(part) >= 2 {
				p = strings.ReplaceAll(p, part, "")
			}
		}
	}
	for _, s := range obvious {
		p = strings.ReplaceAll(p, s, "")
	}
	if effort(p) < 8 {
		return ErrWeakPassword
	}
	return nil
}

// effort counts the characters that do not follow from those before: no
// repetition, no next key in a row, and nothing that stood there already.
func effort(p string) int {
	n := 0
	runes := []rune(p)
	for i, r := range runes {
		if i > 0 && (runes[i-1] == r || inRow(runes[i-1], r)) {
			continue
		}
		if i > 1 && strings.Contains(string(runes[:i]), string(runes[i-1:i+1])) {
			continue
		}
		n++
	}
	return n
}

func inRow(a, b rune) bool {
	for _, row := range rows {
		if strings.Contains(row, string([]rune{a, b})) {
			return true
		}
	}
	return false
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

// PasswordChange is a person's own change of password.
type PasswordChange struct {
	Old string `form:"old_password" validate:"required"`
	New string `form:"password" validate:"required"`
}

// ChangePassword sets a new password for who knows the old one, and ends the
// person's other sessions as staff. session is the id of the one that stays.
// Errors: validator.ValidationErrors, ErrWrongPassword, *WaitError,
// ErrWeakPassword, storage.ErrNotFound for who is no staff.
func (a *Accounts) ChangePassword(ctx context.Context, accountID, session string, in PasswordChange, address string) error {
	if err := validate.Struct(in); err != nil {
		return err
	}
	var s staff
	if err := a.db.Read(ctx).Where("account_id = ?", accountID).Take(&s).Error; err != nil {
		return err
	}
	if !matches(s.Password, narrow(in.Old)) {
		if err := a.wrong(ctx, "staff", address); err != nil {
			return err
		}
		return ErrWrongPassword
	}
	person, err := Load(a.db.Read(ctx), accountID)
	if err != nil {
		return err
	}
	if err := passwordRule(in.New, person.FamilyName, person.GivenName, s.EmailKey); err != nil {
		return err
	}
	hash := hashSecret(narrow(in.New))
	return a.db.Tx(ctx, func(tx *gorm.DB) error {
		changed := tx.Model(&staff{}).Where("account_id = ? AND password = ?", accountID, s.Password).
			Updates(map[string]any{"password": hash, "updated_at": tx.NowFunc()})
		if changed.Error != nil {
			return changed.Error
		}
		if changed.RowsAffected == 0 {
			return storage.ErrConflict
		}
		if err := tx.Where("account_id = ? AND kind = ? AND id <> ?", accountID, StaffSession, session).Delete(&Session{}).Error; err != nil {
			return err
		}
		return Audit(tx, accountID, "password.change", accountID, "", "")
	})
}
