package accounts

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"tsunagari/storage"
)

// Helpline is a telephone that everybody may call, as the help page lists it. Only
// an administrator edits it.
type Helpline struct {
	ID          string
	Position    int
	Name        string
	Phone       string
	Hours       string
	Note        string
	ConfirmedOn string // 確認日 YYYY-MM-DD, "" for 未確認
	Version     int
	UpdatedAt   time.Time

	Stale bool `gorm:"-"` // confirmed, but longer than 12 months ago
}

// HelplineInput makes or changes a help line. Version is the one that was shown.
type HelplineInput struct {
	Name        string `form:"name" validate:"required,max=60,name"`
	Phone       string `form:"phone" validate:"required,max=40,phone"`
	Hours       string `form:"hours" validate:"required,max=80,name"`
	Note        string `form:"note" validate:"max=200,name"`
	ConfirmedOn string `form:"confirmed_on" validate:"omitempty,datetime=2006-01-02"`
	Version     int    `form:"version"`
}

// ErrFuture says that a 確認日 lies in the future.
var ErrFuture = errors.New("accounts: nothing is confirmed on a day to come")

// stale says whether what was confirmed on the day needs another look: after 12
// months, as numbers and hours change with the 年度.
func stale(confirmedOn string, now time.Time) bool {
	return confirmedOn != "" && confirmedOn <= dayOf(now.In(japan).AddDate(-1, 0, 0))
}

// confirmedBy refuses a 確認日 to come.
func confirmedBy(day string, now time.Time) error {
	if day > dayOf(now) {
		return ErrFuture
	}
	return nil
}

func trim(fields ...*string) {
	for _, f := range fields {
		*f = strings.TrimSpace(*f)
	}
}

func (in HelplineInput) checked(now time.Time) (HelplineInput, error) {
	trim(&in.Name, &in.Phone, &in.Hours, &in.Note, &in.ConfirmedOn)
	if err := validate.Struct(in); err != nil {
		return in, err
	}
	return in, confirmedBy(in.ConfirmedOn, now)
}

// Helplines are all, in their order.
func (a *Accounts) Helplines(ctx context.Context) ([]Helpline, error) {
	var list []Helpline
	err := a.db.Read(ctx).Order("position, id").Find(&list).Error
	for i := range list {
		list[i].Stale = stale(list[i].ConfirmedOn, a.db.Now())
	}
	return list, err
}

// AddHelpline adds one at the end. Errors: validator.ValidationErrors, ErrFuture,
// storage.ErrNotFound for who is no administrator.
func (a *Accounts) AddHelpline(ctx context.Context, by Access, in HelplineInput) (line *Helpline, err error) {
	if !by.Role(Admin) {
		return nil, storage.ErrNotFound
	}
	if in, err = in.checked(a.db.Now()); err != nil {
		return nil, err
	}
	err = a.db.Tx(ctx, func(tx *gorm.DB) error {
		var last int
		if err := tx.Model(&Helpline{}).Select("COALESCE(MAX(position), 0)").Scan(&last).Error; err != nil {
			return err
		}
		line = &Helpline{
			ID: uuid.NewString(), Position: last + 1, Name: in.Name, Phone: in.Phone, Hours: in.Hours, Note: in.Note,
			ConfirmedOn: in.ConfirmedOn, Version: 1, UpdatedAt: tx.NowFunc(),
		}
		if err := tx.Create(line).Error; err != nil {
			return err
		}
		return Audit(tx, by.AccountID, "helpline.add", line.ID, line.Name, "")
	})
	return line, err
}

// SetHelpline changes one. Errors as of AddHelpline, and storage.ErrConflict when
// somebody else changed it meanwhile.
func (a *Accounts) SetHelpline(ctx context.Context, by Access, id string, in HelplineInput) error {
	if !by.Role(Admin) {
		return storage.ErrNotFound
	}
	in, err := in.checked(a.db.Now())
	if err != nil {
		return err
	}
	return a.db.Tx(ctx, func(tx *gorm.DB) error {
		err := update(tx, &Helpline{}, id, in.Version, map[string]any{
			"name": in.Name, "phone": in.Phone, "hours": in.Hours, "note": in.Note, "confirmed_on": in.ConfirmedOn,
		})
		if err != nil {
			return err
		}
		return Audit(tx, by.AccountID, "helpline.set", id, in.Name, "")
	})
}

// update changes the row of the version that was shown; the caller has made sure
// that the row may be touched. storage.ErrNotFound, storage.ErrConflict.
func update(tx *gorm.DB, row any, id string, version int, changes map[string]any) error {
	changes["version"], changes["updated_at"] = version+1, tx.NowFunc()
	changed := tx.Model(row).Where("id = ? AND version = ?", id, version).Updates(changes)
	if changed.Error != nil || changed.RowsAffected == 1 {
		return changed.Error
	}
	if err := tx.Where("id = ?", id).Take(row).Error; err != nil {
		return err
	}
	return storage.ErrConflict
}

// RemoveHelpline takes one off the list. Errors: storage.ErrNotFound.
func (a *Accounts) RemoveHelpline(ctx context.Context, by Access, id string) error {
	if !by.Role(Admin) {
		return storage.ErrNotFound
	}
	return a.db.Tx(ctx, func(tx *gorm.DB) error {
		var line Helpline
		if err := tx.Where("id = ?", id).Take(&line).Error; err != nil {
			return err
		}
		if err := tx.Where("id = ?", id).Delete(&Helpline{}).Error; err != nil {
			return err
		}
		return Audit(tx, by.AccountID, "helpline.remove", id, line.Name, "")
	})
}

// MoveHelpline moves one up or down by one place; at the end it stays.
func (a *Accounts) MoveHelpline(ctx context.Context, by Access, id string, up bool) error {
	if !by.Role(Admin) {
		return storage.ErrNotFound
	}
	return a.db.Tx(ctx, func(tx *gorm.DB) error {
		var list []Helpline
		if err := tx.Clauses(clause.Locking{Strength: "UPDATE"}).Order("position, id").Find(&list).Error; err != nil {
			return err
		}
		at := -1
		for i, l := range list {
			if l.ID == id {
				at = i
			}
		}
		if at < 0 {
			return storage.ErrNotFound
		}
		to := at + 1
		if up {
			to = at - 1
		}
		if to < 0 || to == len(list) {
			return nil
		}
		list[at], list[to] = list[to], list[at]
		for i, l := range list {
			if err := tx.Model(&Helpline{}).Where("id = ?", l.ID).Update("position", i+1).Error; err != nil {
				return err
			}
		}
		return nil
	})
}
