package accounts

import (
	"context"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"tsunagari/storage"
)

// PlaceKind says which of a municipality's two lists a place is on.
type PlaceKind string

// The lists of つながり先.
const (
	Support  PlaceKind = "support"  // 相談・支援の窓口
	Everyday PlaceKind = "everyday" // 日常的なつながり先（居場所）
)

// Label is the list's title.
func (k PlaceKind) Label() string {
	return map[PlaceKind]string{Support: "相談・支援の窓口", Everyday: "日常的なつながり先（居場所）"}[k]
}

// Place is one つながり先 of a municipality.
type Place struct {
	ID           string
	Municipality string
	Kind         PlaceKind
	Slot         string // which of the labelled blanks it fills, "" for others
	Name         string
	ForWhom      string
	Opens        Weekdays
	Hours        string
	Phone        string
	Address      string
	ConfirmedOn  string // 確認日 YYYY-MM-DD, "" for 未確認
	Version      int
	UpdatedAt    time.Time

	Stale bool `gorm:"-"` // confirmed, but longer than 12 months ago
}

// Blank says whether nobody has filled in the labelled blank yet.
func (p Place) Blank() bool { return p.Slot != "" && p.Phone == "" && p.ConfirmedOn == "" }

// slots are the labelled blanks that every municipality begins with.
var slots = []struct{ slot, name string }{
	{"office", "役場の福祉担当"},
	{"council", "社会福祉協議会"},
	{"center", "地域包括支援センター"},
}

// PlaceInput makes or changes a place. Version is the one that was shown.
type PlaceInput struct {
	Kind        PlaceKind `form:"kind" validate:"required,oneof=support everyday"`
	Name        string    `form:"name" validate:"required,max=60,name"`
	ForWhom     string    `form:"for_whom" validate:"max=100,name"`
	Opens       []string  `form:"opens" validate:"max=7,dive,oneof=1 2 3 4 5 6 7"` // see Weekdays
	Hours       string    `form:"hours" validate:"max=80,name"`
	Phone       string    `form:"phone" validate:"omitempty,max=40,phone"`
	Address     string    `form:"address" validate:"max=120,name"`
	ConfirmedOn string    `form:"confirmed_on" validate:"omitempty,datetime=2006-01-02"`
	Version     int       `form:"version"`
}

func (in PlaceInput) checked(now time.Time) (PlaceInput, error) {
	trim(&in.Name, &in.ForWhom, &in.Hours, &in.Phone, &in.Address, &in.ConfirmedOn)
	if err := validate.Struct(in); err != nil {
		return in, err
	}
	return in, confirmedBy(in.ConfirmedOn, now)
}

// Input is the place as its form has it.
func (p Place) Input() PlaceInput {
	return PlaceInput{
		Kind: p.Kind, Name: p.Name, ForWhom: p.ForWhom, Opens: p.Opens.Days(), Hours: p.Hours, Phone: p.Phone,
		Address: p.Address, ConfirmedOn: p.ConfirmedOn, Version: p.Version,
	}
}

// Places are a municipality's places for everybody: the labelled blanks first,
// also those that nobody has touched yet (without an id), then by name.
func (a *Accounts) Places(ctx context.Context, code string) ([]Place, error) {
	if _, known := ByCode(code); !known {
		return nil, storage.ErrNotFound
	}
	list, err := places(a.db.Read(ctx), code)
	if err != nil {
		return nil, err
	}
	have := map[string]Place{}
	var rest []Place
	for _, p := range list {
		if p.Slot == "" {
			rest = append(rest, p)
		} else {
			have[p.Slot] = p
		}
	}
	var all []Place
	for _, s := range slots {
		p, ok := have[s.slot]
		if !ok {
			p = Place{Municipality: code, Kind: Support, Slot: s.slot, Name: s.name}
		}
		all = append(all, p)
	}
	return append(all, rest...), nil
}

func places(tx *gorm.DB, code string) ([]Place, error) {
	var list []Place
	err := tx.Where("municipality = ?", code).Order("kind DESC, name, id").Find(&list).Error
	for i := range list {
		list[i].Stale = stale(list[i].ConfirmedOn, tx.NowFunc())
	}
	return list, err
}

// EditPlaces are a municipality's places for who may edit them: a desk or officer
// post of the municipality, or an administrator; else storage.ErrNotFound. Blanks
// that are missing are made, so that every place has an id.
func (a *Accounts) EditPlaces(ctx context.Context, by Access, code string) ([]Place, error) {
	if _, known := ByCode(code); !known || !by.Reaches(code, Desk, Officer) {
		return nil, storage.ErrNotFound
	}
	if err := a.db.Tx(ctx, func(tx *gorm.DB) error { return makeBlanks(tx, code) }); err != nil {
		return nil, err
	}
	return a.Places(ctx, code)
}

func makeBlanks(tx *gorm.DB, code string) error {
	for _, s := range slots {
		blank := blankPlace(code, s.slot, s.name, tx.NowFunc())
		if err := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&blank).Error; err != nil {
			return err
		}
	}
	return nil
}

func blankPlace(code, slot, name string, now time.Time) Place {
	return Place{ID: uuid.NewString(), Municipality: code, Kind: Support, Slot: slot, Name: name, Version: 1, UpdatedAt: now}
}

// EditPlace is one place for who may edit it, else storage.ErrNotFound.
func (a *Accounts) EditPlace(ctx context.Context, by Access, id string) (*Place, error) {
	p, err := editable(a.db.Read(ctx), by, id)
	if err != nil {
		return nil, err
	}
	p.Stale = stale(p.ConfirmedOn, a.db.Now())
	return p, nil
}

func editable(tx *gorm.DB, by Access, id string) (*Place, error) {
	var p Place
	q := by.Within(tx.Clauses(clause.Locking{Strength: "UPDATE"}).Where("id = ?", id), "municipality", Desk, Officer)
	return &p, q.Take(&p).Error
}

// AddPlace adds a place to a municipality. Errors: validator.ValidationErrors,
// ErrFuture, storage.ErrNotFound as of EditPlaces.
func (a *Accounts) AddPlace(ctx context.Context, by Access, code string, in PlaceInput) (place *Place, err error) {
	if _, known := ByCode(code); !known || !by.Reaches(code, Desk, Officer) {
		return nil, storage.ErrNotFound
	}
	if in, err = in.checked(a.db.Now()); err != nil {
		return nil, err
	}
	err = a.db.Tx(ctx, func(tx *gorm.DB) error {
		place = newPlace(code, in, tx.NowFunc())
		return place.add(tx, by)
	})
	return place, err
}

func newPlace(code string, in PlaceInput, now time.Time) *Place {
	return &Place{
		ID: uuid.NewString(), Municipality: code, Kind: in.Kind, Name: in.Name, ForWhom: in.ForWhom, Opens: weekdaysOf(in.Opens), Hours: in.Hours,
		Phone: in.Phone, Address: in.Address, ConfirmedOn: in.ConfirmedOn, Version: 1, UpdatedAt: now,
	}
}

func (p *Place) add(tx *gorm.DB, by Access) error {
	if err := tx.Create(p).Error; err != nil {
		return err
	}
	return Audit(tx, by.AccountID, "place.add", p.ID, p.Municipality+" "+p.Name, "")
}

// SetPlace changes a place; a labelled blank stays a 相談・支援の窓口. Errors as of
// AddPlace, and storage.ErrConflict when somebody else changed it meanwhile.
func (a *Accounts) SetPlace(ctx context.Context, by Access, id string, in PlaceInput) error {
	in, err := in.checked(a.db.Now())
	if err != nil {
		return err
	}
	return a.db.Tx(ctx, func(tx *gorm.DB) error {
		p, err := editable(tx, by, id)
		if err != nil {
			return err
		}
		return p.set(tx, by, in)
	})
}

func (p *Place) set(tx *gorm.DB, by Access, in PlaceInput) error {
	if p.Slot != "" {
		in.Kind = Support
	}
	err := update(tx, &Place{}, p.ID, in.Version, map[string]any{
		"kind": in.Kind, "name": in.Name, "for_whom": in.ForWhom, "opens": weekdaysOf(in.Opens), "hours": in.Hours,
		"phone": in.Phone, "address": in.Address, "confirmed_on": in.ConfirmedOn,
	})
	if err != nil {
		return err
	}
	return Audit(tx, by.AccountID, "place.set", p.ID, p.Municipality+" "+in.Name, "")
}

// RemovePlace takes a place off the list; a labelled blank becomes blank again.
// storage.ErrNotFound.
func (a *Accounts) RemovePlace(ctx context.Context, by Access, id string) error {
	return a.db.Tx(ctx, func(tx *gorm.DB) error {
		p, err := editable(tx, by, id)
		if err != nil {
			return err
		}
		if err := tx.Where("id = ?", id).Delete(&Place{}).Error; err != nil {
			return err
		}
		return Audit(tx, by.AccountID, "place.remove", id, p.Municipality+" "+p.Name, "")
	})
}

// StalePlaces is how many of the places that by may edit were never confirmed, or
// longer than 12 months ago: what their page nags about. A labelled blank says
// already that it is to be filled in.
func (a *Accounts) StalePlaces(ctx context.Context, by Access) (n int64, err error) {
	return n, stalePlaces(by.Within(a.db.Read(ctx), "municipality", Desk, Officer)).Count(&n).Error
}

func stalePlaces(q *gorm.DB) *gorm.DB {
	yearAgo := dayOf(q.NowFunc().In(japan).AddDate(-1, 0, 0))
	return q.Model(&Place{}).Where("confirmed_on <= ? AND NOT (slot <> '' AND phone = '' AND confirmed_on = '')", yearAgo)
}
