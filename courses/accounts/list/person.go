package list

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"tsunagari/courses/accounts"
)

// record is the cells of one row.
type record struct {
	Options
	cells map[Field]string
	p     Person
}

// someone says whether the row is about a person and not a note or a sum.
func someone(cells []string, name string) bool {
	first := slices.IndexFunc(cells, func(cell string) bool { return clean(cell) != "" })
	return name != "" && !sums.MatchString(norm.NFKC.String(clean(cells[first])))
}

var sums = regexp.MustCompile(`^(?:合計|小計|総計|計|以上|以下余白|以下空白|備考.*|注[:意).].*|※.*)$`)

func (r *record) fault(format string, args ...any) {
	r.p.Faults = append(r.p.Faults, fmt.Sprintf(format, args...))
}

func (r *record) note(format string, args ...any) {
	r.p.Notes = append(r.p.Notes, fmt.Sprintf(format, args...))
}

func (r *record) person() Person {
	var one bool
	r.p.FamilyName, r.p.GivenName, one = r.name("名前", FullName, FamilyName, GivenName)
	r.p.FamilyKana, r.p.GivenKana, _ = r.name("ふりがな", FullKana, FamilyKana, GivenKana)
	if one && r.p.GivenKana == "" {
		r.p.OneName = "yes"
	}
	r.p.Residence = r.residence()
	r.p.AgeBand = string(r.band())
	return r.p
}

// name is a name from two cells or one. In one cell only a space tells where the
// given name begins; nobody's name is cut by guessing.
func (r *record) name(what string, full, family, given Field) (f, g string, one bool) {
	f, g = r.cells[family], r.cells[given]
	_, apart := r.cells[family]
	switch whole := r.cells[full]; {
	case apart:
		return f, g, g == ""
	case whole == "":
		r.fault("%sがありません。", what)
		return "", "", false
	default:
		parts := strings.Fields(whole)
		if len(parts) == 1 {
			r.fault("%s「%s」の、姓と名のあいだに空白を入れてください。", what, whole)
			return whole, "", false
		}
		if len(parts) > 2 {
			r.note("%s「%s」は、はじめの空白までを姓としました。", what, whole)
		}
		return parts[0], strings.Join(parts[1:], " "), false
	}
}

// residence is where the person lives, as accounts.Typed has it: by the code, else
// by the name, in the home prefecture first.
func (r *record) residence() string {
	if code := r.cells[Code]; code != "" {
		m, err := r.byCode(code)
		if err == nil {
			return r.placed(m)
		}
		if r.cells[Town] == "" {
			r.fault("市町村コード「%s」は、正しいコードではありません。", code)
			return ""
		}
		r.note("市町村コード「%s」は正しくないので、市町村の名前で読みました。", code)
	}
	town := strings.ReplaceAll(norm.NFKC.String(r.cells[Town]), " ", "")
	prefecture, rest := prefectureOf(strings.ReplaceAll(norm.NFKC.String(r.cells[Prefecture]), " ", "") + town)
	if rest == "" && prefecture == "" {
		if r.Otherwise == "" {
			r.fault("お住まいの市町村がありません。")
		}
		return r.Otherwise
	}
	if prefecture != "" && prefecture != r.Home {
		return "p" + prefecture
	}
	return r.named(rest, prefecture)
}

func (r *record) byCode(typed string) (accounts.Municipality, error) {
	code, err := accounts.ReadCode(typed)
	if err != nil {
		return accounts.Municipality{}, err
	}
	m, ok := accounts.ByCode(code)
	if !ok {
		return m, accounts.ErrCode
	}
	if town := strings.ReplaceAll(norm.NFKC.String(r.cells[Town]), " ", ""); town != "" && !strings.Contains(town, m.Name) {
		r.note("市町村コードは%sですが、「%s」とも書いてあります。コードのほうで読みました。", m.Name, r.cells[Town])
	}
	return m, nil
}

// placed: who lives in another prefecture counts for that.
func (r *record) placed(m accounts.Municipality) string {
	if m.PrefectureCode() != r.Home {
		return "p" + m.PrefectureCode()
	}
	return m.Code
}

var district = regexp.MustCompile(`^[^市区町村]{1,4}郡`)

// named is the municipality that a name or an address begins with.
func (r *record) named(town, prefecture string) string {
	town = district.ReplaceAllString(town, "")
	if found := begins(accounts.InPrefecture(r.Home), town); found != nil {
		return found.Code
	}
	if prefecture == "" {
		var at []string
		for _, p := range accounts.Prefectures {
			if found := begins(accounts.InPrefecture(p.Code), town); found != nil && p.Code != r.Home {
				at = append(at, p.Code)
			}
		}
		if len(at) == 1 {
			r.note("「%s」は%sの市町村として読みました。", r.cells[Town], accounts.PrefectureName(at[0]))
			return "p" + at[0]
		}
		if len(at) > 1 {
			r.fault("「%s」という市町村は、いくつかの都道府県にあります。都道府県を書いてください。", r.cells[Town])
			return ""
		}
	}
	r.fault("「%s」は、市町村の名前として読めませんでした。", r.cells[Town])
	return ""
}

// begins is the municipality with the longest name that text begins with; 北見 for
// 北見市 does too when nothing else follows.
func begins(list []accounts.Municipality, text string) (found *accounts.Municipality) {
	for i, m := range list {
		bare := strings.TrimRight(m.Name, "市町村区")
		if !strings.HasPrefix(text, m.Name) && text != bare {
			continue
		}
		if found == nil || len(m.Name) > len(found.Name) {
			found = &list[i]
		}
	}
	return found
}

// prefectureOf cuts the prefecture off an address.
func prefectureOf(text string) (code, rest string) {
	for _, p := range accounts.Prefectures {
		if rest, ok := strings.CutPrefix(text, p.Name); ok {
			return p.Code, rest
		}
		if bare := strings.TrimRight(p.Name, "都府県"); text == bare {
			return p.Code, ""
		}
	}
	return "", text
}

// band is the age band by the band, the age or the birth date, whichever there is.
func (r *record) band() accounts.AgeBand {
	if said := norm.NFKC.String(r.cells[Band]); said != "" {
		if m := decade.FindStringSubmatch(said); m != nil {
			n, _ := strconv.Atoi(m[1]) // two or three digits
			return decadeOf(n)
		}
		r.note("年代「%s」は読めませんでした。「答えない」にします。", r.cells[Band])
	}
	if said := norm.NFKC.String(r.cells[Age]); said != "" {
		if n, err := strconv.Atoi(strings.TrimRight(strings.TrimPrefix(said, "満"), "歳才")); err == nil && n >= 0 && n < 130 {
			return decadeOf(n)
		}
		r.note("年齢「%s」は読めませんでした。「答えない」にします。", r.cells[Age])
	}
	if said := r.cells[Birth]; said != "" {
		if born, err := ReadDate(said); err == nil && !born.After(r.On) {
			return decadeOf(ageOn(born, r.On))
		}
		r.note("生年月日「%s」は読めませんでした。年代は「答えない」にします。", said)
	}
	return accounts.NoAge
}

var decade = regexp.MustCompile(`^([0-9]{2,3})(?:歳?代|s)?(?:以上|以下)?$`)

func decadeOf(age int) accounts.AgeBand {
	return accounts.AgeBand(strconv.Itoa(min(max(age/10*10, 10), 80)))
}

func ageOn(born, day time.Time) int {
	age := day.Year() - born.Year()
	if day.Month() < born.Month() || day.Month() == born.Month() && day.Day() < born.Day() {
		age--
	}
	return age
}
