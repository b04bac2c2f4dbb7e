package accounts

import (
	"context"
	"errors"
	"strings"

	"gorm.io/gorm"

	"tsunagari/storage"
)

// Errors of the first-run set-up.
var (
	ErrSetUp      = errors.New("accounts: there is an administrator already")
	ErrSetupToken = errors.New("accounts: this set-up link is not, or no longer, valid")
)

const (
	setupSetting = "setup"
	setupLinks   = 4 // instances that start together print a link each
)

// FirstAdmin is the administrator who sets the site up.
type FirstAdmin struct {
	FamilyName  string `form:"family_name" validate:"required,max=40,name"`
	GivenName   string `form:"given_name" validate:"max=40,name"` // "" for who has one name only
	Email       string `form:"email" validate:"required,max=254,email"`
	OfficeEmail string `form:"office_email" validate:"omitempty,max=254,email"` // for codes; "" is Email
	Password    string `form:"password" validate:"required"`
}

// OnSetUp registers what else is set up with the operator, in its transaction: the
// first issuer. by is the administrator's account.
func (a *Accounts) OnSetUp(fn func(tx *gorm.DB, operator Operator, by string) error) {
	a.setUp = append(a.setUp, fn)
}

// SetupToken makes the secret of the one-time set-up link, of which only the hash
// is kept. ErrSetUp once there is an administrator; the link of a start before
// stays good until then.
func (a *Accounts) SetupToken(ctx context.Context) (token string, err error) {
	token, hash := secret()
	err = a.db.Tx(ctx, func(tx *gorm.DB) error {
		if n, err := admins(tx); err != nil || n > 0 {
			return errors.Join(err, ErrSetUp)
		}
		if err := lockSetting(tx, setupSetting); err != nil {
			return err
		}
		old, err := storage.Setting(tx, setupSetting)
		if err != nil {
			return err
		}
		links := append([]string{hash}, strings.Fields(old)...)
		return storage.SetSetting(tx, setupSetting, strings.Join(links[:min(len(links), setupLinks)], " "))
	})
	if err != nil {
		return "", err
	}
	return token, nil
}

// SetupOpen says whether the set-up link with the token works: nil, ErrSetUp or
// ErrSetupToken.
func (a *Accounts) SetupOpen(ctx context.Context, token string) error {
	return setupOpen(a.db.Read(ctx), token)
}

func setupOpen(tx *gorm.DB, token string) error {
	if n, err := admins(tx); err != nil {
		return err
	} else if n > 0 {
		return ErrSetUp
	}
	links, err := storage.Setting(tx, setupSetting)
	if err != nil {
		return err
	}
	if !strings.Contains(" "+links+" ", " "+hashToken(token)+" ") {
		return ErrSetupToken
	}
	return nil
}

// Setup says who runs the site, makes the first post and its administrator, and
// signs the browser in as staff: whoever has the link stands at the machine. The
// link and its like are used up. Errors: ErrSetUp, ErrSetupToken; and joined, all
// that is wrong with the form: validator.ValidationErrors, ErrBureau,
// ErrWeakPassword.
func (a *Accounts) Setup(ctx context.Context, token string, operator Operator, admin FirstAdmin, device string) (session string, err error) {
	if err := a.SetupOpen(ctx, token); err != nil {
		return "", err
	}
	operator.Version = 1
	operator, wrong := operator.checked()
	next, alsoWrong := admin.checked()
	if err := errors.Join(wrong, alsoWrong); err != nil {
		return "", err
	}
	err = a.db.Tx(ctx, func(tx *gorm.DB) error {
		session, err = a.setup(tx, token, operator, next, device)
		return err
	})
	a.operator.Store(nil)
	if err != nil {
		return "", err
	}
	return session, nil
}

func (f FirstAdmin) checked() (newStaff, error) {
	f.FamilyName, f.GivenName = strings.TrimSpace(f.FamilyName), strings.TrimSpace(f.GivenName)
	f.Email, f.OfficeEmail = strings.TrimSpace(f.Email), strings.TrimSpace(f.OfficeEmail)
	if f.OfficeEmail == "" {
		f.OfficeEmail = f.Email
	}
	n := newStaff{FamilyName: f.FamilyName, GivenName: f.GivenName, Email: f.Email, office: f.OfficeEmail}
	var weak error
	if f.Password != "" {
		weak = passwordRule(f.Password, f.FamilyName, f.GivenName, f.Email)
	}
	if err := errors.Join(validate.Struct(f), weak); err != nil {
		return n, err
	}
	n.hash = hashSecret(narrow(f.Password))
	return n, nil
}

func (a *Accounts) setup(tx *gorm.DB, token string, operator Operator, admin newStaff, device string) (session string, err error) {
	if err := lockSetting(tx, setupSetting); err != nil { // of two at once one wins
		return "", err
	}
	if err := setupOpen(tx, token); err != nil {
		return "", err
	}
	if err := tx.Exec("DELETE FROM settings WHERE name = ?", setupSetting).Error; err != nil {
		return "", err
	}
	id, err := admin.create(tx)
	if err != nil {
		return "", err
	}
	if err := saveOperator(tx, operator); err != nil {
		return "", err
	}
	post, err := addPost(tx, PostInput{Name: "管理者", Role: Admin, OfficeEmail: admin.office})
	if err != nil {
		return "", err
	}
	if err := enter(tx, post.ID, id); err != nil {
		return "", err
	}
	if err := Audit(tx, id, "setup", id, operator.Name, ""); err != nil {
		return "", err
	}
	for _, fn := range a.setUp {
		if err := fn(tx, operator, id); err != nil {
			return "", err
		}
	}
	session, _, err = newSession(tx, id, StaffSession, device)
	return session, err
}
