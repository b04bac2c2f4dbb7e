package accounts

import (
	"context"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"gorm.io/gorm"

	"tsunagari/storage"
)

const (
	passwordMin = 12 // characters
	passwordMax = 200
)

// narrow makes one password of what different keyboards make of it: full-width
// letters are the narrow ones.
func narrow(password string) string { return norm.NFKC.String(password) }

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

// InviteToPassword makes the one-time link with which a member of staff sets a
// new password, for an administrator or the shell to hand over. Links before it
// stop working. storage.ErrNotFound for who is no staff.
func (a *Accounts) InviteToPassword(ctx context.Context, by Access, accountID, why string) (token string, err error) {
	if !by.Role(Admin) {
		return "", storage.ErrNotFound
	}
	err = a.db.Tx(ctx, func(tx *gorm.DB) error {
		if _, err := heldStaff(tx, accountID); err != nil {
			return err
		}
		if err := dropPasswordLinks(tx, accountID); err != nil {
			return err
		}
		if token, err = invite(tx, by, nil, &accountID); err != nil {
			return err
		}
		return Audit(tx, by.AccountID, "password.invite", accountID, "", why)
	})
	if err != nil {
		return "", err
	}
	return token, nil
}

func dropPasswordLinks(tx *gorm.DB, accountID string) error {
	return tx.Where("account_id = ? AND accepted_at IS NULL", accountID).Delete(&Invitation{}).Error
}

// NewPassword is a password that is set by a link.
type NewPassword struct {
	Password string `form:"password" validate:"required"`
}

// ResetPassword sets the password of whom the link is for. The app is forgotten
// with it, for it is mostly lost together: the next code goes to the office. Every
// session as staff ends. Errors: ErrInvitation, validator.ValidationErrors,
// ErrWeakPassword.
func (a *Accounts) ResetPassword(ctx context.Context, token string, in NewPassword) error {
	if err := validate.Struct(in); err != nil {
		return err
	}
	inv, err := a.Invitation(ctx, token)
	if err != nil {
		return err
	}
	if inv.AccountID == nil {
		return ErrInvitation
	}
	id := *inv.AccountID
	person, err := Load(a.db.Read(ctx), id)
	if err != nil {
		return err
	}
	var s staff
	if err := a.db.Read(ctx).Where("account_id = ?", id).Take(&s).Error; err != nil {
		return err
	}
	if err := passwordRule(in.Password, person.FamilyName, person.GivenName, s.EmailKey); err != nil {
		return err
	}
	hash := hashSecret(narrow(in.Password))
	return a.db.Tx(ctx, func(tx *gorm.DB) error {
		inv, err := openInvitation(tx, token)
		if err != nil {
			return err
		}
		if err := inv.use(tx); err != nil {
			return err
		}
		return resetPassword(tx, id, hash)
	})
}

func resetPassword(tx *gorm.DB, accountID, hash string) error {
	if err := dropTOTP(tx, accountID); err != nil {
		return err
	}
	if err := tx.Model(&staff{}).Where("account_id = ?", accountID).Update("password", hash).Error; err != nil {
		return err
	}
	if err := endStaffSessions(tx, accountID); err != nil {
		return err
	}
	return Audit(tx, accountID, "password.reset", accountID, "", "")
}
