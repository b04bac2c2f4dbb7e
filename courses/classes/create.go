package classes

import (
	"context"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/go-playground/validator/v10"
	"github.com/google/uuid"
	"gorm.io/gorm"

	"tsunagari/courses"
	"tsunagari/courses/accounts"
	"tsunagari/storage"
)

// Input makes or changes a class. Course and Operation count when it is made,
// Version, the one that was shown, when it is changed.
type Input struct {
	Course    string   `form:"course" validate:"max=100"` // slug
	Operation string   `form:"operation" validate:"omitempty,uuid"`
	HeldOn    string   `form:"held_on" validate:"required,datetime=2006-01-02"`
	StartsAt  string   `form:"starts_at" validate:"required,datetime=15:04"`
	EndsAt    string   `form:"ends_at" validate:"required,datetime=15:04"`
	Hall      string   `form:"hall" validate:"required,max=80"`
	Address   string   `form:"address" validate:"max=120"`
	Host      string   `form:"host" validate:"required,max=6"`
	HostName  string   `form:"host_name" validate:"max=60"` // "": the municipality's name
	Seats     int      `form:"seats" validate:"min=1,max=500"`
	Helpers   []string `form:"helpers" validate:"max=20"` // accounts
	Note      string   `form:"note" validate:"max=500"`
	Rule      Rule     `form:"rule" validate:"required,oneof=sheet check study"`
	Rotating  bool     `form:"rotating"`
	Version   int      `form:"version"`
}

// validate names fields in its errors as forms do.
var validate = sync.OnceValue(func() *validator.Validate {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(func(f reflect.StructField) string {
		name, _, _ := strings.Cut(f.Tag.Get("form"), ",")
		return name
	})
	return v
})

// How far from today a class may be: planned, and recorded afterwards.
const yearsAhead, yearsBack = 2, 10

func (in Input) checked(now time.Time) (Input, error) {
	for _, s := range []*string{&in.Hall, &in.Address, &in.HostName, &in.Note} {
		*s = strings.TrimSpace(*s)
	}
	if err := validate().Struct(in); err != nil {
		return in, err
	}
	m, known := accounts.ByCode(in.Host)
	switch {
	case !known:
		return in, ErrHost
	case in.EndsAt <= in.StartsAt:
		return in, ErrBackwards
	case in.HeldOn > dayOf(now.AddDate(yearsAhead, 0, 0)), in.HeldOn < dayOf(now.AddDate(-yearsBack, 0, 0)):
		return in, ErrDate
	}
	if in.HostName == "" {
		in.HostName = m.Name
	}
	in.Helpers = slices.Compact(slices.Sorted(slices.Values(in.Helpers)))
	return in, nil
}

// Create makes a class of a published course; a date in the past records one
// afterwards (事後登録), without a code. Sent once more with the same operation it
// leads to the same class. Errors: validator.ValidationErrors, ErrHost,
// ErrBackwards, ErrDate, ErrHelper; storage.ErrNotFound for who is no trainer and
// for an unknown course.
func (k *Classes) Create(ctx context.Context, by accounts.Access, in Input) (id string, err error) {
	if !by.Role(accounts.Trainer, accounts.Admin) {
		return "", storage.ErrNotFound
	}
	if in, err = in.checked(k.db.Now()); err != nil {
		return "", err
	}
	body, err := json.Marshal(in)
	if err != nil {
		return "", err
	}
	err = k.db.Tx(ctx, func(tx *gorm.DB) error {
		op := storage.Operation{ID: in.Operation, Actor: by.AccountID, Kind: "class", Body: string(body)}
		id, _, err = storage.Once(tx, op, func() (string, error) { return k.create(tx, by, in) })
		return err
	})
	return id, err
}

func (k *Classes) create(tx *gorm.DB, by accounts.Access, in Input) (string, error) {
	standing, err := k.courses.StandingTx(tx, "", in.Course)
	if err != nil {
		return "", err
	}
	rev := standing.Revision
	c := &Class{
		ID: uuid.NewString(), CourseID: rev.CourseID, RevisionID: rev.ID, Owner: by.AccountID,
		Secret: newSecret(), Version: 1, CreatedAt: tx.NowFunc(),
	}
	c.take(in)
	c.door()
	if err := c.code(tx); err != nil {
		return "", err
	}
	if err := tx.Create(c).Error; err != nil {
		return "", err
	}
	if err := setHelpers(tx, c, in.Helpers); err != nil {
		return "", err
	}
	return c.ID, accounts.Audit(tx, by.AccountID, "class.add", c.ID, c.HeldOn+" "+c.Host, "")
}

func (c *Class) take(in Input) {
	c.HeldOn, c.StartsAt, c.EndsAt, c.Hall, c.Address = in.HeldOn, in.StartsAt, in.EndsAt, in.Hall, in.Address
	c.Host, c.HostName, c.Seats, c.Note, c.Rule, c.Rotating = in.Host, in.HostName, in.Seats, in.Note, in.Rule, in.Rotating
}

// door sets when one can join: from the day before to the end of the day.
func (c *Class) door() {
	day := moment(c.HeldOn, "00:00")
	c.OpensAt, c.ClosesAt = day.Add(-24*time.Hour), day.Add(24*time.Hour)
}

// code gives a class that is still to come its code.
func (c *Class) code(tx *gorm.DB) (err error) {
	if c.Afterwards = c.Code == "" && c.Over(tx.NowFunc()); !c.Afterwards && c.Code == "" {
		c.Code, err = newCode(tx)
	}
	return err
}

func setHelpers(tx *gorm.DB, c *Class, ids []string) error {
	ids = slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return id == c.Owner })
	for _, id := range ids {
		access, err := accounts.AccessOf(tx, id)
		if err != nil {
			return err
		}
		if !access.Role(accounts.Trainer, accounts.Admin) && !slices.Contains(c.Helpers, id) {
			return ErrHelper
		}
	}
	if err := tx.Where("class_id = ?", c.ID).Delete(&helper{}).Error; err != nil {
		return err
	}
	for _, id := range ids {
		if err := tx.Create(&helper{c.ID, id}).Error; err != nil {
			return err
		}
	}
	return nil
}

// Change changes a class. Where another date or rule lets somebody finish, they
// do. Errors as of Create, and storage.ErrConflict when somebody else changed it
// meanwhile, ErrCancelled, ErrCompleted when the date or the host would change
// under somebody's certificate.
func (k *Classes) Change(ctx context.Context, by accounts.Access, id string, in Input) error {
	in, err := in.checked(k.db.Now())
	if err != nil {
		return err
	}
	return k.db.Tx(ctx, func(tx *gorm.DB) error {
		c, err := k.held(tx, by, id)
		switch {
		case err != nil:
			return err
		case c.CancelledAt != nil:
			return ErrCancelled
		case c.Version != in.Version:
			return storage.ErrConflict
		}
		if err := fixed(tx, c, in); err != nil {
			return err
		}
		moved := c.HeldOn != in.HeldOn
		if c.take(in); moved {
			c.door()
		}
		if err := c.code(tx); err != nil {
			return err
		}
		c.Version++
		if err := tx.Model(&Class{}).Where("id = ?", id).Select("*").Omit("id").Updates(c).Error; err != nil {
			return err
		}
		if err := setHelpers(tx, c, in.Helpers); err != nil {
			return err
		}
		if err := accounts.Audit(tx, by.AccountID, "class.set", id, c.HeldOn+" "+c.Host, ""); err != nil {
			return err
		}
		return k.settleAll(tx, c)
	})
}

// Renew gives the class the newest edition of its course: for papers that are still
// to be printed. Errors: ErrCancelled, ErrCompleted once somebody has finished with
// the edition, storage.ErrNotFound.
func (k *Classes) Renew(ctx context.Context, by accounts.Access, id string) error {
	return k.db.Tx(ctx, func(tx *gorm.DB) error {
		c, err := k.held(tx, by, id)
		if err != nil {
			return err
		}
		if c.CancelledAt != nil {
			return ErrCancelled
		}
		if err := fixed(tx, c, Input{}); err != nil {
			return err
		}
		var course courses.Course
		if err := tx.Where("id = ?", c.CourseID).Take(&course).Error; err != nil {
			return err
		}
		err = tx.Model(&Class{}).Where("id = ?", id).Updates(map[string]any{"revision_id": course.NewestRevision, "version": c.Version + 1}).Error
		if err != nil {
			return err
		}
		return accounts.Audit(tx, by.AccountID, "class.set", id, "newest edition", "")
	})
}

// fixed refuses a change under what certificates say.
func fixed(tx *gorm.DB, c *Class, in Input) error {
	if c.HeldOn == in.HeldOn && c.Host == in.Host && c.HostName == in.HostName {
		return nil
	}
	var n int64
	err := tx.Model(&courses.Completion{}).Where("class_id = ? AND withdrawn_at IS NULL", c.ID).Count(&n).Error
	if err == nil && n > 0 {
		err = ErrCompleted
	}
	return err
}

// Cancel ends a class before it is held. Who has joined is told the reason, which
// is needed then: ErrNoWhy. Errors: ErrCompleted, ErrCancelled, storage.ErrNotFound.
func (k *Classes) Cancel(ctx context.Context, by accounts.Access, id, why string) error {
	why = strings.TrimSpace(why)
	if err := validate().Var(why, "max=200"); err != nil {
		return err
	}
	return k.db.Tx(ctx, func(tx *gorm.DB) error {
		c, err := k.held(tx, by, id)
		if err != nil {
			return err
		}
		if c.CancelledAt != nil {
			return ErrCancelled
		}
		if err := fixed(tx, c, Input{}); err != nil {
			return err
		}
		taken, err := taken(tx, id)
		if err != nil {
			return err
		}
		if taken > 0 && why == "" {
			return ErrNoWhy
		}
		err = tx.Model(&Class{}).Where("id = ?", id).
			Updates(map[string]any{"cancelled_at": tx.NowFunc(), "cancel_why": why, "version": c.Version + 1}).Error
		if err != nil {
			return err
		}
		return accounts.Audit(tx, by.AccountID, "class.cancel", id, "", why)
	})
}

// reopened is how long joining stays open that is opened after the class's day.
const reopened = 24 * time.Hour

// Door opens or closes joining at once. Errors: ErrCancelled, storage.ErrNotFound.
func (k *Classes) Door(ctx context.Context, by accounts.Access, id string, open bool) error {
	return k.db.Tx(ctx, func(tx *gorm.DB) error {
		c, err := k.held(tx, by, id)
		if err != nil {
			return err
		}
		if c.CancelledAt != nil || c.Code == "" {
			return ErrCancelled
		}
		now := tx.NowFunc()
		from, until := c.OpensAt, now
		if open {
			from, until = now, moment(c.HeldOn, "00:00").Add(24*time.Hour)
			if !until.After(now) {
				until = now.Add(reopened)
			}
		}
		err = tx.Model(&Class{}).Where("id = ?", id).Updates(map[string]any{"opens_at": from, "closes_at": until, "version": c.Version + 1}).Error
		if err != nil {
			return err
		}
		return accounts.Audit(tx, by.AccountID, "class.door", id, map[bool]string{true: "open", false: "close"}[open], "")
	})
}
