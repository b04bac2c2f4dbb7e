package accounts

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"tsunagari/storage"
	"tsunagari/storage/table"
)

// PlaceRow is a row of a file of places, and what it would change.
type PlaceRow struct {
	Number int    // of the row, as a spreadsheet shows it
	ID     string // of a place that the list has; "" for one that is found by its name, or new
	Input  PlaceInput
	Err    error // why it cannot be taken; nil
	Change PlaceChange

	code string // of the municipality, where the file says it
	was  *Place
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

// What is wrong with a file of places, or with one of its rows.
var (
	ErrPlaceHeader = errors.New("accounts: the file has no columns of places")
	ErrPlaceRows   = errors.New("accounts: rows of the file cannot be taken")
	ErrPlaceTown   = errors.New("accounts: the row is another municipality's")
	ErrPlaceNumber = errors.New("accounts: the municipality has no such place")
	ErrPlaceTwice  = errors.New("accounts: the place stands in an earlier row")
	ErrPlaceDays   = errors.New("accounts: not days of the week")
)

// mostPlaces is how many rows a file may have.
const mostPlaces = 1000

var placeColumns = []string{"番号", "全国地方公共団体コード", "市町村名", "種類", "名前", "どんな人のため", "曜日", "時間", "電話番号", "ところ", "確認日"}

// PlacesTable is a list of places as a file has it, the header first.
func PlacesTable(list []Place) [][]string {
	rows := [][]string{placeColumns}
	for _, p := range list {
		rows = append(rows, []string{
			p.ID, p.Municipality, PlaceName(p.Municipality, ""), p.Kind.Label(), p.Name, p.ForWhom, p.Opens.Label(), p.Hours, p.Phone, p.Address, p.ConfirmedOn,
		})
	}
	return rows
}

// ReadPlaces reads a file of places, xlsx or CSV, by the names of its columns.
// Errors: ErrPlaceHeader, table.Fault.
func ReadPlaces(data []byte) (rows []PlaceRow, err error) {
	err = ErrPlaceHeader
	faults := table.Each(data, func(s table.Sheet) bool {
		for i, row := range s.Rows[:min(len(s.Rows), table.HeaderWithin)] {
			if at := columnsIn(row); at["種類"] > 0 && at["名前"] > 0 {
				rows, err = placeRows(s.Rows[i+1:], at), nil
				return true
			}
		}
		return false
	})
	if len(faults) > 0 {
		return nil, faults[0]
	}
	if len(rows) > mostPlaces {
		return nil, table.Fault{Row: rows[mostPlaces].Number, Reason: "行が多すぎます（1,000行まで）。いくつかのファイルに分けてください。"}
	}
	return rows, err
}

// columnsIn are the places from 1 at which a row names our columns.
func columnsIn(row table.Row) map[string]int {
	at := map[string]int{}
	for i, cell := range row.Cells {
		if name := strings.TrimSpace(norm.NFKC.String(cell)); slices.Contains(placeColumns, name) && at[name] == 0 {
			at[name] = i + 1
		}
	}
	return at
}

func placeRows(cells []table.Row, at map[string]int) (rows []PlaceRow) {
	for _, row := range cells {
		cell := func(name string) string {
			if at[name] == 0 {
				return ""
			}
			return strings.TrimSpace(table.Unguarded(row.Cell(at[name] - 1)))
		}
		r := PlaceRow{Number: row.Number, ID: cell("番号"), code: cell("全国地方公共団体コード"), Input: PlaceInput{
			Kind: kindIn(cell("種類")), Name: cell("名前"), ForWhom: cell("どんな人のため"), Hours: cell("時間"),
			Phone: cell("電話番号"), Address: cell("ところ"), ConfirmedOn: dayIn(cell("確認日")),
		}}
		days, known := daysIn(cell("曜日"))
		r.Input.Opens = days.Days()
		if !known {
			r.Err = ErrPlaceDays
		}
		rows = append(rows, r)
	}
	return rows
}

func kindIn(cell string) PlaceKind {
	switch {
	case strings.Contains(cell, "相談"):
		return Support
	case strings.Contains(cell, "日常"), strings.Contains(cell, "居場所"):
		return Everyday
	}
	return PlaceKind(cell)
}

// daysIn reads 月・水・金, 月曜日、水曜日, 毎日 and 平日.
func daysIn(cell string) (days Weekdays, known bool) {
	switch cell {
	case "毎日":
		return EveryDay, true
	case "平日":
		return EveryDay[:5], true
	}
	cell = strings.NewReplacer("曜日", "", "曜", "").Replace(cell)
	var digits []string
	for _, r := range norm.NFKC.String(cell) {
		switch i := slices.Index(dayNames, r); {
		case i >= 0:
			digits = append(digits, strconv.Itoa(i+1))
		case !strings.ContainsRune("・、,/ ･", r):
			return "", false
		}
	}
	return weekdaysOf(digits), true
}

var (
	dayWritten = regexp.MustCompile(`^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$`)
	dayOfExcel = regexp.MustCompile(`^(\d{2})-(\d{2})-(\d{2})$`) // month, day, year: a cell of Excel's own format of dates
)

// dayIn reads a day as people and spreadsheets write it; what is no day stays as it is.
func dayIn(cell string) string {
	text := norm.NFKC.String(cell)
	parts := dayWritten.FindStringSubmatch(text)
	if m := dayOfExcel.FindStringSubmatch(text); m != nil {
		parts = []string{"", "20" + m[3], m[1], m[2]}
	}
	if parts == nil {
		return cell
	}
	year, _ := strconv.Atoi(parts[1]) // digits, as the expressions ask for
	month, _ := strconv.Atoi(parts[2])
	day, _ := strconv.Atoi(parts[3])
	return fmt.Sprintf("%04d-%02d-%02d", year, month, day)
}

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
	if r.was = r.find(list); r.was != nil && r.was.Slot != "" {
		r.Input.Kind = Support
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

// Days are the row's days of the week in words.
func (r PlaceRow) Days() string { return weekdaysOf(r.Input.Opens).Label() }
