package accounts

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"tsunagari/storage"
)

// Registration is what a person says to keep their progress. Residence is a
// municipality's six digits, or "p" and two digits for another prefecture than home.
type Registration struct {
	Operation   string `form:"operation" validate:"required,uuid"`
	FamilyName  string `form:"family_name" validate:"required,max=40,name"`
	GivenName   string `form:"given_name" validate:"required_without=OneName,excluded_with=OneName,max=40,name"`
	FamilyKana  string `form:"family_kana" validate:"required,max=40,kana"`
	GivenKana   string `form:"given_kana" validate:"required_without=OneName,excluded_with=OneName,omitempty,max=40,kana"`
	OneName     string `form:"one_name"` // said by who has one name only: it stands as the family name
	PrintedName string `form:"printed_name" validate:"max=60,name"`
	Residence   string `form:"residence" validate:"required,residence"`
	AgeBand     string `form:"age_band" validate:"required,ageband"`
	Consent     string `form:"consent" validate:"required"`
}

func init() {
	validate.RegisterValidation("name", func(f fieldLevel) bool { return isName(f.Field().String()) })
	validate.RegisterValidation("kana", func(f fieldLevel) bool { return isFurigana(furigana(f.Field().String())) })
	validate.RegisterValidation("residence", func(f fieldLevel) bool { _, _, ok := residence(f.Field().String()); return ok })
	validate.RegisterValidation("ageband", func(f fieldLevel) bool { return AgeBand(f.Field().String()).Valid() })
}

// isName refuses what is no name: control and private characters, line breaks.
// Everything else is the person's own affair; whether it can be printed is asked
// of Options.Printable.
func isName(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsControl(r) || unicode.Is(unicode.Co, r) || unicode.Is(unicode.Cf, r) || r == utf8.RuneError
	})
}

// residence reads a Registration's Residence.
func residence(s string) (municipality, prefecture string, ok bool) {
	if code, found := strings.CutPrefix(s, "p"); found {
		return "", code, PrefectureName(code) != ""
	}
	m, ok := ByCode(s)
	if !ok {
		return "", "", false
	}
	return m.Code, m.Code[:2], true
}

// ErrHomePrefecture says that somebody of the home prefecture named no municipality.
var ErrHomePrefecture = errors.New("accounts: in the home prefecture a municipality is needed")

// checkResidence refuses the home prefecture as another one: who lives there counts
// for a municipality.
func (a *Accounts) checkResidence(ctx context.Context, typed string) error {
	o, err := a.Operator(ctx)
	if err == nil && typed == "p"+o.Prefecture {
		return ErrHomePrefecture
	}
	return err
}

// NameError says that a certificate cannot print a name; Err names the character.
type NameError struct {
	Field string // family_name, given_name or printed_name
	Err   error
}

func (e *NameError) Error() string { return "accounts: " + e.Field + ": " + e.Err.Error() }

// Unwrap is the reason.
func (e *NameError) Unwrap() error { return e.Err }

func (a *Accounts) checkPrintable(family, given, printed string) error {
	for _, f := range []struct{ field, value string }{{"family_name", family}, {"given_name", given}, {"printed_name", printed}} {
		if err := a.printable(f.value); err != nil {
			return &NameError{f.field, err}
		}
	}
	return nil
}

// ErrRegistered says that this account has a name already.
var ErrRegistered = errors.New("accounts: already registered")

// OnRegistered registers what else happens in the transaction of a registration.
func (a *Accounts) OnRegistered(fn func(tx *gorm.DB, accountID string) error) {
	a.registered = append(a.registered, fn)
}

// Register gives the guest (empty: a new account) its name, and signs the browser
// in anew. Sent once more with the same operation it leads to the same account.
// Errors: validator.ValidationErrors, *NameError, ErrHomePrefecture, ErrRegistered.
func (a *Accounts) Register(ctx context.Context, guestID string, in Registration, device string) (secret string, err error) {
	in = in.trimmed()
	if err := validate.Struct(in); err != nil {
		return "", err
	}
	if err := a.checkPrintable(in.FamilyName, in.GivenName, in.PrintedName); err != nil {
		return "", err
	}
	if err := a.checkResidence(ctx, in.Residence); err != nil {
		return "", err
	}
	err = a.db.Tx(ctx, func(tx *gorm.DB) error {
		op := storage.Operation{ID: in.Operation, Kind: "register", Body: in.body()}
		id, _, err := storage.Once(tx, op, func() (string, error) { return a.register(tx, guestID, in, "web") })
		if err != nil {
			return err
		}
		if err := endSessions(tx, id, ""); err != nil {
			return err
		}
		secret, _, err = newSession(tx, id, LearnerSession, device)
		return err
	})
	return secret, err
}

func (in Registration) trimmed() Registration {
	for _, s := range []*string{&in.FamilyName, &in.GivenName, &in.FamilyKana, &in.GivenKana, &in.PrintedName} {
		*s = strings.TrimFunc(*s, unicode.IsSpace)
	}
	return in
}

func (in Registration) body() string {
	return strings.Join([]string{in.FamilyName, in.GivenName, in.FamilyKana, in.GivenKana, in.PrintedName, in.Residence, in.AgeBand}, "\x00")
}

// register gives the guest its name; how is the way in which it agreed to the
// handling of its data: web or paper.
func (a *Accounts) register(tx *gorm.DB, guestID string, in Registration, how string) (string, error) {
	person, err := guestOrNew(tx, guestID)
	if err != nil {
		return "", err
	}
	number, err := newNumber(tx)
	if err != nil {
		return "", err
	}
	municipality, prefecture, _ := residence(in.Residence)
	now := tx.NowFunc()
	family, given := furigana(in.FamilyKana), furigana(in.GivenKana)
	err = tx.Model(person).Updates(map[string]any{
		"state": Active, "number": number, "family_name": in.FamilyName, "given_name": in.GivenName,
		"family_kana": family, "given_kana": given, "search_kana": searchKey(family, given),
		"printed_name": in.PrintedName, "municipality": municipality, "prefecture": prefecture,
		"age_band": in.AgeBand, "registered_at": now, "seen_at": now,
	}).Error
	if err != nil {
		return "", err
	}
	if err := live(tx, person.ID, municipality, prefecture); err != nil {
		return "", err
	}
	consent := map[string]any{"id": uuid.NewString(), "account_id": person.ID, "kind": "privacy", "how": how, "contact": "", "given_at": now}
	if err := tx.Table("consents").Create(consent).Error; err != nil {
		return "", err
	}
	for _, fn := range a.registered {
		if err := fn(tx, person.ID); err != nil {
			return "", err
		}
	}
	return person.ID, nil
}

func guestOrNew(tx *gorm.DB, guestID string) (*Account, error) {
	if guestID == "" {
		return Visitor(tx)
	}
	person, err := hold(tx, guestID)
	if err == nil && person.State != Guest {
		err = ErrRegistered
	}
	return person, err
}

// live keeps where somebody lives from today in Japan on.
func live(tx *gorm.DB, accountID, municipality, prefecture string) error {
	since := tx.NowFunc().In(time.FixedZone("JST", 9*60*60)).Format(time.DateOnly)
	if err := tx.Exec("DELETE FROM residences WHERE account_id = ? AND since = ?", accountID, since).Error; err != nil {
		return err
	}
	return tx.Table("residences").Create(map[string]any{
		"account_id": accountID, "since": since, "municipality": municipality, "prefecture": prefecture,
	}).Error
}
