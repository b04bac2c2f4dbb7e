package views

import (
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"strings"
)

// A tile map is a map of equal squares, drawn by us: it says which town lies beside
// which, and claims no borders. Every tile is a link that carries its number as
// text; the colour only repeats it.

// cell is where a tile lies: column, row, and how many columns it fills.
type cell struct{ x, y, wide int }

// okhotsk are the 18 municipalities of オホーツク総合振興局 by code.
var okhotsk = map[string]cell{
	"015636": {0, 0, 1},                      // 雄武
	"015628": {0, 1, 1}, "015610": {1, 1, 1}, // 西興部 興部
	"015601": {0, 2, 1}, "012190": {1, 2, 1}, "015598": {2, 2, 1}, // 滝上 紋別 湧別
	"015555": {1, 3, 1}, "015521": {2, 3, 1}, "012084": {3, 3, 1}, "012114": {4, 3, 1}, "015458": {6, 3, 1}, // 遠軽 佐呂間 北見 網走 斜里
	"015504": {1, 4, 1}, "015491": {2, 4, 1}, "015431": {3, 4, 1}, "015644": {4, 4, 1}, "015474": {5, 4, 1}, "015466": {6, 4, 1}, // 置戸 訓子府 美幌 大空 小清水 清里
	"015440": {3, 5, 1}, // 津別
}

// hokkaido are the 14 bureaus in the order of accounts.Bureaus: 石狩 渡島 檜山 後志
// 空知 上川 留萌 宗谷 オホーツク 胆振 日高 十勝 釧路 根室.
var hokkaido = []cell{
	{1, 2, 1}, {1, 4, 1}, {0, 4, 1}, {0, 3, 1}, {2, 2, 1}, {2, 1, 1}, {1, 1, 1}, {2, 0, 1}, {3, 1, 2}, {1, 3, 1}, {2, 3, 1}, {3, 2, 1}, {4, 2, 1}, {5, 2, 1},
}

// tile is one square of a tile map.
type tile struct {
	cell
	Name   string // as it fits: 北見
	Path   string
	People int
	Mark   string // in place of people who does not use the system: 「…」, which is not 0
}

const (
	tileSide = 52
	tileGap  = 4
)

// tileMap draws the tiles in the steps of shades.
func tileMap(title string, tiles []tile, shades []shade) template.HTML {
	cols, rows := 0, 0
	for _, t := range tiles {
		cols, rows = max(cols, t.x+t.wide), max(rows, t.y+1)
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="tiles" viewBox="0 0 %d %d" role="group" aria-label="%s">`,
		cols*tileSide, rows*tileSide, template.HTMLEscapeString(title))
	for _, t := range tiles {
		t.draw(&b, shades)
	}
	b.WriteString("</svg>")
	return template.HTML(b.String())
}

func (t tile) draw(b *strings.Builder, shades []shade) {
	x, y := t.x*tileSide+tileGap/2, t.y*tileSide+tileGap/2
	wide, high := t.wide*tileSide-tileGap, tileSide-tileGap
	number := comma(t.People)
	if t.Mark != "" {
		number = strings.Trim(t.Mark, "（）")
	}
	esc := template.HTMLEscapeString
	fmt.Fprintf(b, `<a class="tile %s" href="%s"><rect x="%d" y="%d" width="%d" height="%d" rx="6"/>`, stepOf(t, shades), esc(t.Path), x, y, wide, high)
	fmt.Fprintf(b, `<text class="tile-name" x="%d" y="%d">%s</text> <text class="tile-n" x="%d" y="%d">%s</text></a>`,
		x+wide/2, y+19, esc(t.Name), x+wide/2, y+39, number)
}

// stepOf is the class of the tile's shade.
func stepOf(t tile, shades []shade) string {
	switch {
	case t.Mark != "":
		return "unused"
	case t.People == 0:
		return "step-0"
	}
	for i, s := range shades {
		if t.People <= s.Until {
			return "step-" + strconv.Itoa(i+1)
		}
	}
	return "step-" + strconv.Itoa(len(shades))
}

// shade is one step of colour: the people it stands for, both ends included.
type shade struct{ From, Until int }

// mostShades is as many as the eye tells apart without looking twice.
const mostShades = 4

// shadesOf parts what is above zero into steps that hold about as many tiles each,
// so that one large town does not leave all others pale. The same number is always
// the same shade.
func shadesOf(tiles []tile) []shade {
	var values []int
	for _, t := range tiles {
		if t.People > 0 && t.Mark == "" {
			values = append(values, t.People)
		}
	}
	slices.Sort(values)
	values = slices.Compact(values)
	n := min(mostShades, len(values))
	list := make([]shade, n)
	for i := range list {
		list[i] = shade{values[i*len(values)/n], values[(i+1)*len(values)/n-1]}
	}
	return list
}

// Label is the step in the legend: 1〜3人.
func (s shade) Label() string {
	if s.From == s.Until {
		return strconv.Itoa(s.From) + "人"
	}
	return fmt.Sprintf("%d〜%d人", s.From, s.Until)
}

// shortName is a municipality's name as a tile holds it: without 市, 町 or 村.
func shortName(full string) string {
	for _, end := range []string{"市", "町", "村"} {
		if short, ok := strings.CutSuffix(full, end); ok {
			return short
		}
	}
	return strings.TrimSuffix(strings.TrimSuffix(full, "振興局"), "総合")
}
