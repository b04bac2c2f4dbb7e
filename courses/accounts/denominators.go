package accounts

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"tsunagari/storage"
)

// Denominator is how many people live in a municipality on a day, as its post says.
// A share of the population is never shown without the day and the source.
type Denominator struct {
	Municipality string
	CountedOn    string // YYYY-MM-DD
	People       int
	Source       string // 住民基本台帳 and the like
	Version      int
	UpdatedAt    time.Time
}

// DenominatorInput enters or corrects the figure of one day. People is as typed:
// 16,707 or １６７０７人. Version is the one that was shown, 0 for a new day.
type DenominatorInput struct {
	CountedOn string `form:"counted_on" validate:"required,datetime=2006-01-02"`
	People    string `form:"people" validate:"required,max=20"`
	Source    string `form:"source" validate:"required,max=60,name"`
	Version   int    `form:"version"`
}

// What no tag can say of a denominator.
var (
	ErrPeople      = errors.New("accounts: not a number of people")
	ErrCountedOn   = errors.New("accounts: the population is of a day to come, or of before 2015")
	ErrCountedThen = errors.New("accounts: the population of this day has been entered already")
)

// mostPeople is more than live in any municipality.
const mostPeople = 20_000_000

func (in DenominatorInput) checked(today string) (DenominatorInput, int, error) {
	trim(&in.CountedOn, &in.People, &in.Source)
	if err := validate.Struct(in); err != nil {
		return in, 0, err
	}
	plain := strings.NewReplacer(",", "", "、", "", " ", "").Replace(strings.TrimSuffix(norm.NFKC.String(in.People), "人"))
	people, err := strconv.Atoi(plain)
	switch {
	case err != nil, !digits(plain), people < 1, people > mostPeople:
		return in, 0, ErrPeople
	case in.CountedOn > today, in.CountedOn < "2015-01-01":
		return in, 0, ErrCountedOn
	}
	return in, people, nil
}

// Denominators are what a municipality has entered, the newest day first, for who
// may enter them: an officer post of the municipality, or an administrator; else
// storage.ErrNotFound.
func (a *Accounts) Denominators(ctx context.Context, by Access, code string) (list []Denominator, err error) {
	if _, known := ByCode(code); !known || !by.Reaches(code, Officer) {
		return nil, storage.ErrNotFound
	}
	err = a.db.Read(ctx).Where("municipality = ?", code).Order("counted_on DESC").Find(&list).Error
	return list, err
}

// LatestDenominators are the newest figures not later than day (YYYY-MM-DD) of the
// municipalities that have one, by code. It asks nobody's leave: the caller shows
// only what is its own to show.
func (a *Accounts) LatestDenominators(ctx context.Context, codes []string, day string) (map[string]Denominator, error) {
	var list []Denominator
	err := a.db.Read(ctx).Where("municipality IN ? AND counted_on <= ?", codes, day).Order("counted_on").Find(&list).Error
	latest := make(map[string]Denominator, len(list))
	for _, d := range list {
		latest[d.Municipality] = d
	}
	return latest, err
}

// SetDenominator enters the population of a day, or corrects it (Version).
// Errors: validator.ValidationErrors, ErrPeople, ErrCountedOn, ErrCountedThen when a
// day that was to be new is there, storage.ErrConflict when somebody else changed it
// meanwhile, storage.ErrNotFound as of Denominators.
func (a *Accounts) SetDenominator(ctx context.Context, by Access, code string, in DenominatorInput) error {
	if _, known := ByCode(code); !known || !by.Reaches(code, Officer) {
		return storage.ErrNotFound
	}
	in, people, err := in.checked(dayOf(a.db.Now()))
	if err != nil {
		return err
	}
	return a.db.Tx(ctx, func(tx *gorm.DB) error {
		now := Denominator{Municipality: code, CountedOn: in.CountedOn, People: people, Source: in.Source, Version: in.Version + 1, UpdatedAt: tx.NowFunc()}
		if err := now.keep(tx); err != nil {
			return err
		}
		return Audit(tx, by.AccountID, "denominator.set", code, in.CountedOn+" "+strconv.Itoa(people)+" "+in.Source, "")
	})
}

// keep stores d in place of the version before it.
func (d *Denominator) keep(tx *gorm.DB) error {
	if d.Version == 1 {
		made := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(d)
		if made.Error == nil && made.RowsAffected == 0 {
			return ErrCountedThen
		}
		return made.Error
	}
	changed := tx.Model(&Denominator{}).Where("municipality = ? AND counted_on = ? AND version = ?", d.Municipality, d.CountedOn, d.Version-1).
		Select("people", "source", "version", "updated_at").Updates(d)
	if changed.Error == nil && changed.RowsAffected == 0 {
		return storage.ErrConflict
	}
	return changed.Error
}

// RemoveDenominator takes away what was entered for a day. storage.ErrNotFound.
func (a *Accounts) RemoveDenominator(ctx context.Context, by Access, code, day string) error {
	if !by.Reaches(code, Officer) {
		return storage.ErrNotFound
	}
	return a.db.Tx(ctx, func(tx *gorm.DB) error {
		gone := tx.Where("municipality = ? AND counted_on = ?", code, day).Delete(&Denominator{})
		if gone.Error != nil {
			return gone.Error
		}
		if gone.RowsAffected == 0 {
			return storage.ErrNotFound
		}
		return Audit(tx, by.AccountID, "denominator.remove", code, day, "")
	})
}
