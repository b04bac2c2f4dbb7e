package accounts

import (
	"context"

	"gorm.io/gorm"

	"tsunagari/storage"
)

// Typed is somebody without a phone, as staff types them in (代行入力) from an
// application on paper, which holds their consent. AgeBand may be left out.
type Typed struct {
	FamilyName string `form:"family_name" validate:"required,max=40,name"`
	GivenName  string `form:"given_name" validate:"required_without=OneName,excluded_with=OneName,max=40,name"`
	FamilyKana string `form:"family_kana" validate:"required,max=40,kana"`
	GivenKana  string `form:"given_kana" validate:"required_without=OneName,excluded_with=OneName,omitempty,max=40,kana"`
	OneName    string `form:"one_name"` // as in a Registration
	Residence  string `form:"residence" validate:"required,residence"`
	AgeBand    string `form:"age_band" validate:"omitempty,ageband"`
}

func (t Typed) registration() Registration {
	if t.AgeBand == "" {
		t.AgeBand = string(NoAge)
	}
	return Registration{
		FamilyName: t.FamilyName, GivenName: t.GivenName, FamilyKana: t.FamilyKana, GivenKana: t.GivenKana,
		Residence: t.Residence, AgeBand: t.AgeBand,
	}.trimmed()
}

// Check says what is wrong with a person before a transaction begins:
// validator.ValidationErrors, *NameError, ErrHomePrefecture.
func (a *Accounts) Check(ctx context.Context, t Typed) error {
	in := t.registration()
	t.FamilyName, t.GivenName, t.FamilyKana, t.GivenKana = in.FamilyName, in.GivenName, in.FamilyKana, in.GivenKana
	if err := validate.Struct(t); err != nil {
		return err
	}
	if err := a.checkPrintable(t.FamilyName, t.GivenName, ""); err != nil {
		return err
	}
	return a.checkResidence(ctx, t.Residence)
}

// Enter registers a checked person for whom by types, whose right to do so is the
// caller's to know. The person has a number, and no card before one is made.
func (a *Accounts) Enter(tx *gorm.DB, by Access, t Typed) (accountID string, err error) {
	if accountID, err = a.register(tx, "", t.registration(), "paper"); err != nil {
		return "", err
	}
	return accountID, Audit(tx, by.AccountID, "person.enter", accountID, "", "")
}

// ByNumber is the account with a 受講番号 and the ふりがな of its family name, or of
// the whole name: a number alone must tell nobody's name. Errors: ErrNumber,
// storage.ErrNotFound, *WaitError after too many wrong ones from the address.
func (a *Accounts) ByNumber(ctx context.Context, number, kana, address string) (accountID string, err error) {
	digits, ok := ReadNumber(number)
	if !ok {
		return "", ErrNumber
	}
	var p Account
	right, err := found(a.db.Read(ctx).Where("number = ? AND state = ?", digits, Active).Take(&p).Error)
	if err != nil {
		return "", err
	}
	key := searchKey(kana)
	right = right && (key == p.SearchKana || key == searchKey(p.FamilyKana))
	if err := a.Guess(ctx, "number", address, right); err != nil {
		return "", err
	}
	if !right {
		return "", storage.ErrNotFound
	}
	return p.ID, nil
}
