package counts

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/go-playground/validator/v10"
	"github.com/google/uuid"
	"golang.org/x/text/unicode/norm"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"tsunagari/courses"
	"tsunagari/courses/accounts"
	"tsunagari/storage"
)

// Separate is a class held before this system or outside it (別途報告): how many
// people, and who says so, without names. It is never added to what is counted.
type Separate struct {
	ID           string
	Municipality string
	HeldOn       string // YYYY-MM-DD
	Name         string // of the class
	People       int
	Source       string
	Version      int
	UpdatedAt    time.Time
}

// SeparateInput enters or changes one. People is as typed: 12, １２人. Version is the
// one that was shown, 0 for a new one.
type SeparateInput struct {
	Municipality string `form:"municipality" validate:"required"`
	HeldOn       string `form:"held_on" validate:"required,datetime=2006-01-02"`
	Name         string `form:"class_name" validate:"required,max=80,name"`
	People       string `form:"attended" validate:"required,max=20"`
	Source       string `form:"source" validate:"required,max=80,name"`
	Version      int    `form:"version"`
}

// What no tag can say of a Separate.
var (
	ErrAttended      = errors.New("counts: not a number of people who came to a class")
	ErrHeldOn        = errors.New("counts: the class is of a day to come, or of before 2015")
	ErrSeparateThere = errors.New("counts: this class has been entered already")
)

const (
	separatesFrom = "2015-01-01"
	mostAttended  = 100_000
)

// validate names fields in its errors as forms do.
var validate = sync.OnceValue(func() *validator.Validate {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(func(f reflect.StructField) string { return f.Tag.Get("form") })
	v.RegisterValidation("name", func(f validator.FieldLevel) bool {
		return !strings.ContainsFunc(f.Field().String(), func(r rune) bool { return unicode.IsControl(r) || unicode.In(r, unicode.Co, unicode.Cf) })
	})
	return v
})

// checked is what in says, trimmed, or why it cannot be kept.
func (in SeparateInput) checked(today string) (Separate, error) {
	for _, s := range []*string{&in.HeldOn, &in.Name, &in.People, &in.Source} {
		*s = strings.TrimSpace(*s)
	}
	if err := validate().Struct(in); err != nil {
		return Separate{}, err
	}
	people, err := attended(in.People)
	switch {
	case err != nil:
		return Separate{}, err
	case in.HeldOn > today, in.HeldOn < separatesFrom:
		return Separate{}, ErrHeldOn
	}
	return Separate{Municipality: in.Municipality, HeldOn: in.HeldOn, Name: in.Name, People: people, Source: in.Source}, nil
}

// attended reads a number of people as offices write it: 1,234 １２ 12人.
func attended(typed string) (int, error) {
	plain := strings.TrimSuffix(norm.NFKC.String(strings.TrimSpace(typed)), "人")
	plain = strings.NewReplacer(",", "", " ", "").Replace(plain)
	plain = strings.TrimSuffix(plain, ".0")
	people, err := strconv.Atoi(plain)
	if err != nil || strings.ContainsAny(plain, "+-") || people < 1 || people > mostAttended {
		return 0, ErrAttended
	}
	return people, nil
}

// Separates are what was entered for the areas (nil: all of the scope), by place and
// day. Errors: storage.ErrNotFound outside the scope.
func (c *Counts) Separates(ctx context.Context, s Scope, areas []string) (list []Separate, err error) {
	if areas, err = s.areas(areas); err != nil {
		return nil, err
	}
	return list, in(c.db.Read(ctx), "municipality", areas).Order("municipality, held_on, name").Find(&list).Error
}

// separatePeople is how many people were reported apart up to a day.
func separatePeople(tx *gorm.DB, areas []string, day string) (n int, err error) {
	return n, in(tx.Model(&Separate{}), "municipality", areas).Where("held_on <= ?", day).Select("COALESCE(sum(people), 0)").Scan(&n).Error
}

// Separate is one of them, for an officer of its municipality or an administrator;
// else storage.ErrNotFound.
func (c *Counts) Separate(ctx context.Context, by accounts.Access, id string) (*Separate, error) {
	return separateOf(c.db.Read(ctx), by, id)
}

func separateOf(tx *gorm.DB, by accounts.Access, id string) (*Separate, error) {
	var one Separate
	q := by.Within(tx.Clauses(clause.Locking{Strength: "UPDATE"}).Where("id = ?", id), "municipality", accounts.Officer)
	return &one, q.Take(&one).Error
}

// AddSeparate enters a class. Errors: validator.ValidationErrors, ErrAttended,
// ErrHeldOn, ErrSeparateThere, storage.ErrNotFound for who is no officer of the
// municipality.
func (c *Counts) AddSeparate(ctx context.Context, by accounts.Access, in SeparateInput) error {
	one, err := c.separate(by, in)
	if err != nil {
		return err
	}
	return c.db.Tx(ctx, func(tx *gorm.DB) error { return addSeparate(tx, by, one) })
}

// separate is in, checked, for who may enter it.
func (c *Counts) separate(by accounts.Access, in SeparateInput) (Separate, error) {
	if _, known := accounts.ByCode(in.Municipality); !known || !by.Reaches(in.Municipality, accounts.Officer) {
		return Separate{}, storage.ErrNotFound
	}
	return in.checked(c.db.Now().In(courses.Japan).Format(time.DateOnly))
}

func addSeparate(tx *gorm.DB, by accounts.Access, one Separate) error {
	one.ID, one.Version, one.UpdatedAt = uuid.NewString(), 1, tx.NowFunc()
	made := tx.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "municipality"}, {Name: "held_on"}, {Name: "name"}}, DoNothing: true}).Create(&one)
	if made.Error != nil {
		return made.Error
	}
	if made.RowsAffected == 0 {
		return ErrSeparateThere
	}
	return accounts.Audit(tx, by.AccountID, "separate.add", one.ID, one.summary(), "")
}

func (one Separate) summary() string {
	return one.Municipality + " " + one.HeldOn + " " + one.Name + " " + strconv.Itoa(one.People)
}

// SetSeparate changes a class; its municipality stays. Errors as of AddSeparate, and
// storage.ErrConflict when somebody else changed it meanwhile.
func (c *Counts) SetSeparate(ctx context.Context, by accounts.Access, id string, in SeparateInput) error {
	return c.db.Tx(ctx, func(tx *gorm.DB) error {
		before, err := separateOf(tx, by, id)
		if err != nil {
			return err
		}
		in.Municipality = before.Municipality
		one, err := in.checked(tx.NowFunc().In(courses.Japan).Format(time.DateOnly))
		if err != nil {
			return err
		}
		one.ID, one.Version = id, in.Version
		return setSeparate(tx, by, one)
	})
}

// setSeparate keeps one in place of the version that it names.
func setSeparate(tx *gorm.DB, by accounts.Access, one Separate) error {
	var others int64
	err := tx.Model(&Separate{}).Where("municipality = ? AND held_on = ? AND name = ? AND id <> ?", one.Municipality, one.HeldOn, one.Name, one.ID).Count(&others).Error
	if err != nil {
		return err
	}
	if others > 0 {
		return ErrSeparateThere
	}
	changed := tx.Model(&Separate{}).Where("id = ? AND version = ?", one.ID, one.Version).Updates(map[string]any{
		"held_on": one.HeldOn, "name": one.Name, "people": one.People, "source": one.Source, "version": one.Version + 1, "updated_at": tx.NowFunc(),
	})
	if changed.Error != nil {
		return changed.Error
	}
	if changed.RowsAffected == 0 {
		return storage.ErrConflict
	}
	return accounts.Audit(tx, by.AccountID, "separate.set", one.ID, one.summary(), "")
}

// RemoveSeparate takes a class off the list. storage.ErrNotFound.
func (c *Counts) RemoveSeparate(ctx context.Context, by accounts.Access, id string) error {
	return c.db.Tx(ctx, func(tx *gorm.DB) error {
		one, err := separateOf(tx, by, id)
		if err != nil {
			return err
		}
		if err := tx.Where("id = ?", id).Delete(&Separate{}).Error; err != nil {
			return err
		}
		return accounts.Audit(tx, by.AccountID, "separate.remove", id, one.summary(), "")
	})
}

// TakeSeparates keeps what a filled-in form (照会様式) says, all of it or nothing, and
// says how many classes are new and how many changed. What is there already stays as
// it is. Errors as of AddSeparate, of the first that cannot be kept.
func (c *Counts) TakeSeparates(ctx context.Context, by accounts.Access, list []SeparateInput) (added, changed int, err error) {
	classes := make([]Separate, len(list))
	for i, in := range list {
		if classes[i], err = c.separate(by, in); err != nil {
			return 0, 0, err
		}
	}
	slices.SortStableFunc(classes, func(a, b Separate) int { return strings.Compare(a.Municipality, b.Municipality) }) // one order of locks
	err = c.db.Tx(ctx, func(tx *gorm.DB) error {
		added, changed = 0, 0
		for _, one := range classes {
			before, err := sameClass(tx, one)
			switch {
			case err != nil:
				return err
			case before == nil:
				added++
				err = addSeparate(tx, by, one)
			case before.People != one.People || before.Source != one.Source:
				changed++
				one.ID, one.Version = before.ID, before.Version
				err = setSeparate(tx, by, one)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	return added, changed, err
}

// sameClass is the class of that day and name as it is kept, nil for none.
func sameClass(tx *gorm.DB, one Separate) (*Separate, error) {
	var found []Separate
	err := tx.Where("municipality = ? AND held_on = ? AND name = ?", one.Municipality, one.HeldOn, one.Name).Limit(1).Find(&found).Error
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}
