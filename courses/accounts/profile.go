package accounts

import (
	"context"
	"errors"
	"strings"

	"gorm.io/gorm"

	"tsunagari/storage"
)

// Profile is what people change about themselves. The name itself is corrected by
// request, for certificates bear it; Residence is as in a Registration.
type Profile struct {
	PrintedName string `form:"printed_name" validate:"max=60,name"`
	Residence   string `form:"residence" validate:"required,residence"`
	AgeBand     string `form:"age_band" validate:"required,ageband"`
	Version     int    `form:"version"` // the one that was shown
}

// Account is the account with the given id, or storage.ErrNotFound.
func (a *Accounts) Account(ctx context.Context, id string) (*Account, error) {
	return Load(a.db.Read(ctx), id)
}

// UpdateProfile changes a learner's own account. Who moves counts for the new
// place from today on; what was counted before stays. Errors:
// validator.ValidationErrors, *NameError, ErrHomePrefecture, storage.ErrConflict
// when it was changed meanwhile in another window.
func (a *Accounts) UpdateProfile(ctx context.Context, accountID string, in Profile) error {
	in.PrintedName = strings.TrimSpace(in.PrintedName)
	if err := validate.Struct(in); err != nil {
		return err
	}
	if err := a.checkPrintable("", "", in.PrintedName); err != nil {
		return err
	}
	if err := a.checkResidence(ctx, in.Residence); err != nil {
		return err
	}
	municipality, prefecture, _ := residence(in.Residence)
	return a.db.Tx(ctx, func(tx *gorm.DB) error {
		before, err := Load(tx, accountID)
		if err != nil {
			return err
		}
		err = change(tx, accountID, in.Version, map[string]any{
			"printed_name": in.PrintedName, "age_band": in.AgeBand, "municipality": municipality, "prefecture": prefecture,
		})
		if err != nil || before.Municipality == municipality && before.Prefecture == prefecture {
			return err
		}
		return live(tx, accountID, municipality, prefecture)
	})
}

// change writes to an active account of the version that was shown.
func change(tx *gorm.DB, accountID string, version int, values map[string]any) error {
	values["version"] = version + 1
	done := tx.Model(&Account{}).Where("id = ? AND state = ? AND version = ?", accountID, Active, version).Updates(values)
	if done.Error == nil && done.RowsAffected == 0 {
		return storage.ErrConflict
	}
	return done.Error
}

// Names are a person's names as they are to be. Who has one name only has no Given.
type Names struct {
	Family     string `form:"family_name" validate:"required,max=50,name"`
	Given      string `form:"given_name" validate:"max=50,name"`
	FamilyKana string `form:"family_kana" validate:"required,max=50,kana"`
	GivenKana  string `form:"given_kana" validate:"required_with=Given,excluded_without=Given,omitempty,max=50,kana"`
	Printed    string `form:"printed_name" validate:"max=60,name"`
}

// Rename corrects the names of an account, for by and for the reason why, which
// is written down. Errors: validator.ValidationErrors, *NameError,
// storage.ErrNotFound when the person is erased.
func (a *Accounts) Rename(tx *gorm.DB, accountID string, in Names, by, why string) error {
	for _, s := range []*string{&in.Family, &in.Given, &in.FamilyKana, &in.GivenKana, &in.Printed} {
		*s = strings.TrimSpace(*s)
	}
	if err := validate.Struct(in); err != nil {
		return err
	}
	if err := a.checkPrintable(in.Family, in.Given, in.Printed); err != nil {
		return err
	}
	family, given := furigana(in.FamilyKana), furigana(in.GivenKana)
	done := tx.Model(&Account{}).Where("id = ? AND state = ?", accountID, Active).Updates(map[string]any{
		"family_name": in.Family, "given_name": in.Given, "family_kana": family, "given_kana": given,
		"printed_name": in.Printed, "search_kana": searchKey(family, given), "version": gorm.Expr("version + 1"),
	})
	if done.Error != nil {
		return done.Error
	}
	if done.RowsAffected == 0 {
		return storage.ErrNotFound
	}
	return Audit(tx, by, "person.change", accountID, "", why)
}

// ResidenceOn is where the person lived on a day in Japan, YYYY-MM-DD: the first
// known place for a day before they registered, nothing for who is unknown.
func ResidenceOn(tx *gorm.DB, accountID, day string) (municipality, prefecture string, err error) {
	var r struct{ Municipality, Prefecture string }
	q := tx.Table("residences").Where("account_id = ?", accountID)
	err = q.Session(&gorm.Session{}).Where("since <= ?", day).Order("since DESC").Take(&r).Error
	if errors.Is(err, storage.ErrNotFound) {
		err = q.Session(&gorm.Session{}).Order("since").Take(&r).Error
	}
	if errors.Is(err, storage.ErrNotFound) {
		err = nil
	}
	return r.Municipality, r.Prefecture, err
}
