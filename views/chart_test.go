package views

import (
	"encoding/xml"
	"html/template"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"tsunagari/courses/accounts"
)

// wellFormed fails unless the picture is XML in which nothing acts and no colour is
// given away.
func wellFormed(t *testing.T, picture template.HTML) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(string(picture)))
	for {
		if _, err := d.Token(); err == io.EOF {
			break
		} else if err != nil {
			t.Fatalf("%v in %s", err, picture)
		}
	}
	for _, bad := range []string{"style=", "fill=", "stroke=", "<script", "onclick", "NaN", "Inf"} {
		if strings.Contains(string(picture), bad) {
			t.Errorf("%s in %s", bad, picture)
		}
	}
}

var columnHigh = regexp.MustCompile(`class="column" x="[\d.]+" y="([\d.]+)" width="[\d.]+" height="([\d.]+)"`)

func TestBars(t *testing.T) {
	picture := bars(`月ごとの<修了者>`, []bar{{"4月", 0, false}, {"5", 20, false}, {"6", 40, false}, {"7", 0, true}})
	wellFormed(t, picture)
	columns := columnHigh.FindAllStringSubmatch(string(picture), -1)
	if len(columns) != 2 {
		t.Fatalf("%d columns: %s", len(columns), picture)
	}
	small, _ := strconv.ParseFloat(columns[0][2], 64)
	large, _ := strconv.ParseFloat(columns[1][2], 64)
	if large != chartBase-chartTop || large != 2*small {
		t.Errorf("20 and 40 people are %v and %v high", small, large)
	}
	for label, times := range map[string]int{">0<": 1, ">20<": 1, ">40<": 1, ">7<": 1, "月ごとの&lt;修了者&gt;": 1} {
		if n := strings.Count(string(picture), label); n != times {
			t.Errorf("%s is there %d times", label, n)
		}
	}
	wellFormed(t, bars("だれもいない年度", make([]bar, 12)))
	wellFormed(t, bars("月がない", nil))
}

func TestCurve(t *testing.T) {
	picture := curve("累計", []point{{"4月", true, 0}, {"5月", false, 12345}, {"6月", false, 10}})
	wellFormed(t, picture)
	if !strings.Contains(string(picture), `points="6.0,180.0 157.0,24.0 308.0,179.9"`) || !strings.Contains(string(picture), `>10</text>`) ||
		strings.Contains(string(picture), "5月") || strings.Count(string(picture), `class="tick"`) != 1 {
		t.Error(picture)
	}
	if curve("累計", []point{{"4月", true, 3}}) != "" {
		t.Error("one month is a curve")
	}
}

// Every town of Okhotsk and every bureau has a place of its own on its map.
func TestTilesLieApart(t *testing.T) {
	towns := map[string]cell{}
	for _, m := range accounts.InBureau("オホーツク総合振興局") {
		at, drawn := okhotsk[m.Code]
		if !drawn {
			t.Errorf("%s is missing", m.Name)
		}
		towns[m.Name] = at
	}
	if len(okhotsk) != 18 || len(hokkaido) != len(accounts.Bureaus) {
		t.Fatalf("%d towns, %d bureaus", len(okhotsk), len(hokkaido))
	}
	bureaus := map[string]cell{}
	for i, b := range accounts.Bureaus {
		bureaus[b.Name] = hokkaido[i]
	}
	for _, drawn := range []map[string]cell{towns, bureaus} {
		taken := map[[2]int]string{}
		for name, at := range drawn {
			for x := range at.wide {
				if other, there := taken[[2]int{at.x + x, at.y}]; there {
					t.Errorf("%s lies on %s", name, other)
				}
				taken[[2]int{at.x + x, at.y}] = name
			}
		}
	}
	// West of, and north of: what a reader of the map expects.
	for _, c := range []struct {
		of          map[string]cell
		west, north string
		east, south string
	}{
		{towns, "雄武町", "雄武町", "斜里町", "津別町"},
		{towns, "北見市", "網走市", "網走市", "大空町"},
		{bureaus, "檜山振興局", "宗谷総合振興局", "根室振興局", "渡島総合振興局"},
		{bureaus, "十勝総合振興局", "オホーツク総合振興局", "釧路総合振興局", "十勝総合振興局"},
	} {
		if c.of[c.west].x >= c.of[c.east].x || c.of[c.north].y >= c.of[c.south].y {
			t.Errorf("%+v", c)
		}
	}
}

func TestShades(t *testing.T) {
	of := func(people ...int) (tiles []tile) {
		for _, n := range people {
			tiles = append(tiles, tile{People: n})
		}
		return tiles
	}
	for want, people := range map[string][]int{
		"":                      {0, 0},
		"7人":                    {7, 7, 0},
		"1人 2人":                 {1, 2, 2},
		"1〜2人 3〜4人 5〜6人 7〜500人": {500, 1, 2, 3, 4, 5, 6, 7},
		"1人 2〜3人 4人 5〜6人":       {1, 2, 3, 4, 5, 6},
	} {
		tiles := of(people...)
		shades := shadesOf(tiles)
		var labels []string
		for _, s := range shades {
			labels = append(labels, s.Label())
		}
		if got := strings.Join(labels, " "); got != want {
			t.Errorf("%v: %q, want %q", people, got, want)
		}
		for _, tl := range tiles {
			step := stepOf(tl, shades)
			if tl.People == 0 && step != "step-0" {
				t.Errorf("nobody is %s", step)
			}
			if i, err := strconv.Atoi(strings.TrimPrefix(step, "step-")); err != nil || i > 0 && (tl.People < shades[i-1].From || tl.People > shades[i-1].Until) {
				t.Errorf("%d people of %v are %s", tl.People, shades, step)
			}
		}
	}
}

func TestTileMap(t *testing.T) {
	tiles := []tile{
		{cell{0, 0, 1}, "北見", "/municipality/areas/012084", 12, ""},
		{cell{1, 0, 2}, "<網走>", "/municipality/areas/012114", 0, ""},
		{cell{0, 1, 1}, "西興部", "/municipality/areas/015628", 0, "…"},
	}
	picture := tileMap("管内", tiles, shadesOf(tiles))
	wellFormed(t, picture)
	for _, want := range []string{
		`viewBox="0 0 156 104"`, `class="tile step-1" href="/municipality/areas/012084"`, ">12<",
		`class="tile step-0"`, `class="tile unused"`, ">…<", "&lt;網走&gt;", `width="100"`,
	} {
		if !strings.Contains(string(picture), want) {
			t.Errorf("%s is missing in %s", want, picture)
		}
	}
	for full, short := range map[string]string{"北見市": "北見", "余市町": "余市", "西興部村": "西興部", "オホーツク総合振興局": "オホーツク", "檜山振興局": "檜山"} {
		if got := shortName(full); got != short {
			t.Errorf("%s is %s", full, got)
		}
	}
}
