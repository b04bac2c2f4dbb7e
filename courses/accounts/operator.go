package accounts

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"tsunagari/storage"
)

// Operator is who runs this site (運営団体), as every page names it, and the home
// area: one of Hokkaido's bureaus, or a whole prefecture. The zero Operator is a
// site that is not set up yet.
type Operator struct {
	Name       string `json:"name" form:"name" validate:"required,max=60,name"`
	Address    string `json:"address" form:"address" validate:"required,max=120,name"`
	Phone      string `json:"phone" form:"phone" validate:"required,max=40,phone"`
	Fax        string `json:"fax,omitempty" form:"fax" validate:"omitempty,max=40,phone"` // for 申込書; "" where there is none
	Hours      string `json:"hours" form:"hours" validate:"required,max=80,name"`         // as 平日 9時から17時
	Prefecture string `json:"prefecture" form:"prefecture" validate:"required,prefecture"`
	Bureau     string `json:"bureau" form:"bureau"`                    // 振興局, "" for the whole prefecture
	Area       string `json:"area" form:"area" validate:"max=40,name"` // as オホーツク管内; "" takes AreaOf
	Version    int    `json:"version" form:"version"`                  // the one that was shown
}

// ErrBureau says that the prefecture has no such bureau.
var ErrBureau = errors.New("accounts: the prefecture has no such bureau")

func init() {
	validate.RegisterValidation("phone", func(f fieldLevel) bool { return isPhone(f.Field().String()) })
	validate.RegisterValidation("prefecture", func(f fieldLevel) bool { return PrefectureName(f.Field().String()) != "" })
}

// isPhone lets through what a person can dial, with an extension or a remark.
func isPhone(s string) bool {
	return isName(s) && strings.ContainsAny(s, "0123456789０１２３４５６７８９")
}

// AreaOf is what people call the area: オホーツク管内, or the prefecture.
func AreaOf(prefecture, bureau string) string {
	if bureau == "" {
		return PrefectureName(prefecture)
	}
	return strings.TrimSuffix(strings.TrimSuffix(bureau, "振興局"), "総合") + "管内"
}

// Municipalities are those of the home area, which forms show first.
func (o Operator) Municipalities() []Municipality {
	if o.Bureau != "" {
		return InBureau(o.Bureau)
	}
	return InPrefecture(o.Prefecture)
}

// SetUp says whether somebody has said who runs the site.
func (o Operator) SetUp() bool { return o.Name != "" }

const (
	operatorSetting = "operator"
	operatorFresh   = 15 * time.Second // how soon another instance notices a change
)

type knownOperator struct {
	Operator
	at time.Time
}

// Operator is who runs the site; the zero Operator before it is set up. A change
// made on another instance is seen after a few seconds.
func (a *Accounts) Operator(ctx context.Context) (Operator, error) {
	now := a.db.Now()
	if k := a.operator.Load(); k != nil && now.Sub(k.at).Abs() < operatorFresh {
		return k.Operator, nil
	}
	o, err := loadOperator(a.db.Read(ctx))
	if err == nil && o.SetUp() { // one that is not set up yet is asked for again
		a.operator.Store(&knownOperator{o, now})
	}
	return o, err
}

func loadOperator(tx *gorm.DB) (o Operator, err error) {
	value, err := storage.Setting(tx, operatorSetting)
	if err != nil || value == "" {
		return o, err
	}
	return o, json.Unmarshal([]byte(value), &o)
}

// HomeTx are the municipalities of the home area; none before the site is set up.
func HomeTx(tx *gorm.DB) ([]Municipality, error) {
	o, err := loadOperator(tx)
	return o.Municipalities(), err
}

// SetOperator changes who runs the site; in.Version is the one that was shown.
// Errors: validator.ValidationErrors, ErrBureau, storage.ErrConflict when somebody
// else changed it meanwhile, storage.ErrNotFound for who is no administrator.
func (a *Accounts) SetOperator(ctx context.Context, by Access, in Operator) error {
	if !by.Role(Admin) {
		return storage.ErrNotFound
	}
	in, err := in.checked()
	if err != nil {
		return err
	}
	err = a.db.Tx(ctx, func(tx *gorm.DB) error {
		if err := lockSetting(tx, operatorSetting); err != nil {
			return err
		}
		before, err := loadOperator(tx)
		if err != nil {
			return err
		}
		if in.Version != before.Version {
			return storage.ErrConflict
		}
		in.Version++
		if err := saveOperator(tx, in); err != nil {
			return err
		}
		return Audit(tx, by.AccountID, "operator.set", "", in.Name, "")
	})
	a.operator.Store(nil)
	return err
}

// checked trims and validates in, and fills in the area's name.
func (o Operator) checked() (Operator, error) {
	for _, s := range []*string{&o.Name, &o.Address, &o.Phone, &o.Fax, &o.Hours, &o.Area} {
		*s = strings.TrimSpace(*s)
	}
	var bureau error
	if o.Bureau != "" && (o.Prefecture != "01" || InBureau(o.Bureau) == nil) {
		bureau = ErrBureau
	}
	if err := errors.Join(validate.Struct(o), bureau); err != nil {
		return o, err
	}
	if o.Area == "" {
		o.Area = AreaOf(o.Prefecture, o.Bureau)
	}
	return o, nil
}

func saveOperator(tx *gorm.DB, o Operator) error {
	value, err := json.Marshal(o)
	if err != nil {
		return err
	}
	return storage.SetSetting(tx, operatorSetting, string(value))
}

// lockSetting holds a setting, be it only its empty place, until the transaction ends.
func lockSetting(tx *gorm.DB, name string) error {
	place := map[string]any{"name": name, "value": "", "updated_at": tx.NowFunc()}
	if err := tx.Table("settings").Clauses(clause.OnConflict{DoNothing: true}).Create(place).Error; err != nil {
		return err
	}
	var held []string
	return tx.Table("settings").Clauses(clause.Locking{Strength: "UPDATE"}).Where("name = ?", name).Pluck("name", &held).Error
}
