package accounts

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"tsunagari/storage"
)

// PlaceRow is a row of a file of places, and what it would change.
type PlaceRow struct {
	Number int    // of the row, as a spreadsheet shows it
	ID     string // of a place that the list has; "" for one that is found by its name, or new
	Input  PlaceInput
	Err    error // why it cannot be taken; nil
	Change PlaceChange

	code    string         // of the municipality, where the file says it
	columns map[string]int // that the file has
	was     *Place
}

// PlaceChange is what a row would change.
type PlaceChange string

// The changes of a row.
const (
	PlaceNew     PlaceChange = "new"
	PlaceChanged PlaceChange = "changed"
	PlaceSame    PlaceChange = "same"
)

// Label is the change in Japanese.
func (c PlaceChange) Label() string {
	return map[PlaceChange]string{PlaceNew: "増えます", PlaceChanged: "変わります", PlaceSame: "同じです"}[c]
}

// Days are the row's days of the week in words.
func (r PlaceRow) Days() string { return weekdaysOf(r.Input.Opens).Label() }

// What is wrong with a file of places, or with one of its rows.
var (
	ErrPlaceHeader = errors.New("accounts: the file has no columns of places")
	ErrPlaceRows   = errors.New("accounts: rows of the file cannot be taken")
	ErrPlaceTown   = errors.New("accounts: the row is another municipality's")
	ErrPlaceNumber = errors.New("accounts: the municipality has no such place")
	ErrPlaceTwice  = errors.New("accounts: the place stands in an earlier row")
	ErrPlaceDays   = errors.New("accounts: not days of the week")
)

// PreviewPlaces says of every row what it would change in the municipality's list,
// and gives the plan by which ImportPlaces knows that it is still so.
// storage.ErrNotFound as of EditPlaces.
func (a *Accounts) PreviewPlaces(ctx context.Context, by Access, code string, rows []PlaceRow) (plan string, err error) {
	if _, err := a.EditPlaces(ctx, by, code); err != nil {
		return "", err
	}
	return planPlaces(a.db.Read(ctx), code, rows)
}

// ImportPlaces takes all rows into the municipality's list, or none. Places that the
// file leaves out stay. Errors: ErrPlaceRows when a row cannot be taken,
// storage.ErrConflict when the list is not as it was for the plan, storage.ErrNotFound
// as of EditPlaces.
func (a *Accounts) ImportPlaces(ctx context.Context, by Access, code string, rows []PlaceRow, plan string) error {
	if _, known := ByCode(code); !known || !by.Reaches(code, Desk, Officer) {
		return storage.ErrNotFound
	}
	return a.db.Tx(ctx, func(tx *gorm.DB) error {
		if err := holdPlaces(tx, code); err != nil {
			return err
		}
		now, err := planPlaces(tx, code, rows)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(rows, func(r PlaceRow) bool { return r.Err != nil }) {
			return ErrPlaceRows
		}
		if now != plan {
			return storage.ErrConflict
		}
		for _, r := range rows {
			if err := r.take(tx, by, code); err != nil {
				return err
			}
		}
		return nil
	})
}

// holdPlaces lets one after another change a whole list.
func holdPlaces(tx *gorm.DB, code string) error {
	if err := makeBlanks(tx, code); err != nil {
		return err
	}
	var held []string
	return tx.Model(&Place{}).Clauses(clause.Locking{Strength: "UPDATE"}).Where("municipality = ?", code).Order("id").Pluck("id", &held).Error
}

func (r *PlaceRow) take(tx *gorm.DB, by Access, code string) error {
	switch r.Change {
	case PlaceNew:
		return newPlace(code, r.Input, tx.NowFunc()).add(tx, by)
	case PlaceChanged:
		r.Input.Version = r.was.Version
		return r.was.set(tx, by, r.Input)
	}
	return nil
}

// planPlaces finds out what every row would change.
func planPlaces(tx *gorm.DB, code string, rows []PlaceRow) (plan string, err error) {
	list, err := places(tx, code)
	if err != nil {
		return "", err
	}
	seen := map[string]int{} // place or new name → row
	sum := sha256.New()
	for i := range rows {
		r := &rows[i]
		r.plan(list, code, tx.NowFunc())
		key := "new " + string(r.Input.Kind) + " " + r.Input.Name
		version := 0
		if r.was != nil {
			key, version = r.was.ID, r.was.Version
		}
		if first, twice := seen[key]; twice && first != i && r.Err == nil {
			r.Err = ErrPlaceTwice
		}
		seen[key] = i
		fmt.Fprintf(sum, "%s\n%s\n%d\n", key, r.Change, version)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

func (r *PlaceRow) plan(list []Place, code string, now time.Time) {
	if r.code != "" && r.code != code {
		r.Err = ErrPlaceTown
	}
	if r.Err != nil {
		return
	}
	if r.was = r.find(list); r.was != nil {
		r.keep()
	}
	in, err := r.Input.checked(now)
	switch {
	case r.ID != "" && r.was == nil:
		r.Err = ErrPlaceNumber
	case err != nil:
		r.Err = err
	}
	r.Input, r.Change = in, PlaceNew
	if r.was != nil {
		r.Change = PlaceChanged
		if r.was.says(in) {
			r.Change = PlaceSame
		}
	}
}

// keep leaves as it was what the file has no column for.
func (r *PlaceRow) keep() {
	was := r.was.Input()
	for column, field := range map[string][2]*string{
		"どんな人のため": {&r.Input.ForWhom, &was.ForWhom}, "時間": {&r.Input.Hours, &was.Hours}, "電話番号": {&r.Input.Phone, &was.Phone},
		"ところ": {&r.Input.Address, &was.Address}, "確認日": {&r.Input.ConfirmedOn, &was.ConfirmedOn},
	} {
		if r.columns[column] == 0 {
			*field[0] = *field[1]
		}
	}
	if r.columns["曜日"] == 0 {
		r.Input.Opens = was.Opens
	}
	if r.was.Slot != "" {
		r.Input.Kind = Support
	}
}

// find is the place that the row is about: by its number, else by list and name.
func (r *PlaceRow) find(list []Place) *Place {
	for i, p := range list {
		if r.ID == p.ID || r.ID == "" && p.Kind == r.Input.Kind && p.Name == r.Input.Name {
			return &list[i]
		}
	}
	return nil
}

// says is whether the place is already as the row has it.
func (p *Place) says(in PlaceInput) bool {
	return p.Kind == in.Kind && p.Name == in.Name && p.ForWhom == in.ForWhom && p.Opens == weekdaysOf(in.Opens) &&
		p.Hours == in.Hours && p.Phone == in.Phone && p.Address == in.Address && p.ConfirmedOn == in.ConfirmedOn
}
