package views

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"tsunagari/courses/accounts"
	"tsunagari/courses/counts"
)

// townRow is one line of a comparison: a municipality, or a bureau inside the
// prefecture.
type townRow struct {
	Code, Name string
	Path       string // "" when there is no page
	twoFigures
	Host   int              // by the municipality that held the class, since the beginning
	Unused bool             // 未利用: 「…」
	Apart  int              // people of 別途報告, never added in
	Share  *populationShare // nil: not all has been entered
	codes  []string
}

// towns compares what is inside the area: bureaus when it is all of Hokkaido, else
// municipalities; and draws the map where there is one.
func (f *figures) towns(rows []counts.Row, this counts.Month, using map[string]bool, people map[string]accounts.Denominator, sort string) {
	by := map[string]*twoFigures{}
	for _, code := range f.Codes {
		by[code] = &twoFigures{}
	}
	for _, r := range rows {
		by[r.Area].add(r, this)
	}
	f.Towns = f.parts()
	for i := range f.Towns {
		t := &f.Towns[i]
		t.Unused = true
		for _, code := range t.codes {
			t.Total += by[code].Total
			t.Year += by[code].Year
			t.Host += f.hosts[code]
			t.Apart += f.apart[code]
			t.Unused = t.Unused && !using[code]
		}
		t.Share = shareOf(t.codes, people, t.Total)
	}
	f.draw()
	f.order(sort)
}

// parts are the lines of the comparison, still without figures.
func (f *figures) parts() (list []townRow) {
	f.Parts = "市町村"
	if sameCodes(f.Codes, accounts.InPrefecture("01")) {
		f.Parts = "振興局"
		for i, b := range accounts.Bureaus {
			list = append(list, townRow{Name: b.Name, Path: "/municipality/bureaus/" + strconv.Itoa(i+1), codes: codesOf(b.Municipalities)})
		}
		return list
	}
	for _, code := range f.Codes {
		list = append(list, townRow{Code: code, Name: accounts.PlaceName(code, ""), Path: "/municipality/areas/" + code, codes: []string{code}})
	}
	return list
}

// draw makes the map of municipalities of Okhotsk, or of the bureaus. Elsewhere the table stands alone.
func (f *figures) draw() {
	var tiles []tile
	for i, t := range f.Towns {
		at, drawn := okhotsk[t.Code]
		if t.Code == "" {
			at, drawn = hokkaido[i], true
		}
		if !drawn {
			return
		}
		tiles = append(tiles, tile{at, shortName(t.Name), t.Path, t.Total, t.Mark()})
	}
	f.Shades = shadesOf(tiles)
	f.Map = tileMap("累計の修了者数（人）のタイル地図", tiles, f.Shades)
}

// Mark is what stands in place of the numbers of who does not use the system, "" for
// the others.
func (t townRow) Mark() string { return unusedMark(t.Unused, t.Apart) }

func unusedMark(unused bool, apart int) string {
	switch {
	case !unused:
		return ""
	case apart > 0:
		return counts.SeparateMark
	}
	return counts.NotUsed
}

// sorts are the orders in which a comparison may stand, beside the official one.
var sorts = map[string]func(a, b townRow) int{
	"total": func(a, b townRow) int { return cmp.Compare(b.Total, a.Total) },
	"year":  func(a, b townRow) int { return cmp.Compare(b.Year, a.Year) },
	"share": func(a, b townRow) int { return cmp.Compare(b.part(), a.part()) },
}

func (t townRow) part() float64 {
	if t.Share == nil {
		return -1
	}
	return float64(t.Total) / float64(t.Share.People)
}

func (f *figures) order(by string) {
	if less, known := sorts[by]; known {
		slices.SortStableFunc(f.Towns, less)
		f.Sort = by
	}
}

// elsewhere is who does not live in the home area, for who sees everything.
func (s *site) elsewhere(ctx context.Context, scope counts.Scope, f *figures, this counts.Month) error {
	rows, err := s.Counts.Rows(ctx, scope, counts.Filter{Until: this})
	if err != nil {
		return err
	}
	home := s.operator(ctx).Prefecture
	f.Elsewhere = []townRow{{Name: counts.OutsideArea}, {Name: counts.Outside}, {Name: counts.UnknownArea}}
	for _, r := range rows {
		town, known := accounts.ByCode(r.Area)
		switch {
		case slices.Contains(f.Codes, r.Area):
		case r.Area == counts.Unknown:
			f.Elsewhere[2].add(r, this)
		case r.Area == home, known && town.PrefectureCode() == home:
			f.Elsewhere[0].add(r, this)
		default:
			f.Elsewhere[1].add(r, this)
		}
	}
	return nil
}
