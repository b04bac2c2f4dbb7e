package accounts

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"tsunagari/storage/table"
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
		r := PlaceRow{Number: row.Number, ID: cell("番号"), code: cell("全国地方公共団体コード"), columns: at, Input: PlaceInput{
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

// dayOfExcel is a day, month first, as a cell of Excel's own format of dates is read.
var dayOfExcel = regexp.MustCompile(`^(\d{2})-(\d{2})-(\d{2})$`)

// dayIn reads a day as people and spreadsheets write it; what is no day stays as it is.
func dayIn(cell string) string {
	text := cell
	if m := dayOfExcel.FindStringSubmatch(cell); m != nil {
		text = "20" + m[3] + "-" + m[1] + "-" + m[2]
	}
	if day, known := table.Date(text); known {
		return day
	}
	return cell
}
