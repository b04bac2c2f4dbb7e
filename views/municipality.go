package views

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"tsunagari/courses/accounts"
	"tsunagari/courses/counts"
	"tsunagari/storage"
)

// area is the municipalities of which one page shows the figures.
type area struct {
	Name  string // 北見市, オホーツク総合振興局
	Code  string // of the one municipality, "" for several
	Codes []string
}

func townArea(code string) area {
	return area{Name: accounts.PlaceName(code, ""), Code: code, Codes: []string{code}}
}

func codesOf(list []accounts.Municipality) []string {
	codes := make([]string, len(list))
	for i, m := range list {
		codes[i] = m.Code
	}
	return codes
}

// areaOf is the area of somebody's posts, for an administrator the home area.
func areaOf(w Who, o Operator) area {
	if w.Is("admin") {
		return area{Name: o.Area, Codes: homeCodes(o)}
	}
	codes := w.Access.Of(accounts.Officer)
	if len(codes) == 1 {
		return townArea(codes[0])
	}
	return area{Name: nameOf(codes), Codes: codes}
}

// nameOf is what several municipalities are called together: the bureau or the
// prefecture that they are all of, else how many they are.
func nameOf(codes []string) string {
	if bureau := bureauOf(codes); bureau > 0 {
		return accounts.Bureaus[bureau-1].Name
	}
	if first, known := accounts.ByCode(codes[0]); known && sameCodes(codes, accounts.InPrefecture(first.PrefectureCode())) {
		return first.Prefecture
	}
	return "受けもちの" + strconv.Itoa(len(codes)) + "市町村"
}

// bureauOf is the number, from 1, of the bureau of which codes are the
// municipalities; 0 for none.
func bureauOf(codes []string) int {
	for i, b := range accounts.Bureaus {
		if sameCodes(codes, b.Municipalities) {
			return i + 1
		}
	}
	return 0
}

func sameCodes(codes []string, list []accounts.Municipality) bool {
	if len(codes) != len(list) {
		return false
	}
	have := map[string]bool{}
	for _, code := range codes {
		have[code] = true
	}
	for _, m := range list {
		if !have[m.Code] {
			return false
		}
	}
	return true
}

type municipalityPage struct {
	Page
	figures
	Home  bool // the page where the person lands
	Tasks []task

	StalePlaces int64 // of the person's posts
}

// municipality is where an officer lands: the number of the own post first.
func (s *site) municipality(c *fiber.Ctx) error {
	p := &municipalityPage{Page: s.page(c, "修了者数"), Home: true}
	return s.showFigures(c, p, areaOf(p.Who, p.Operator))
}

// municipalityArea is one municipality of the person's posts.
func (s *site) municipalityArea(c *fiber.Ctx) error {
	code := c.Params("code")
	if _, known := accounts.ByCode(code); !known {
		return storage.ErrNotFound
	}
	p := &municipalityPage{Page: s.page(c, accounts.PlaceName(code, "")+"の修了者数")}
	p.Crumbs = []Crumb{{"/municipality", "修了者数"}}
	return s.showFigures(c, p, townArea(code))
}

// municipalityBureau is one of Hokkaido's bureaus by its number in the usual order,
// for who sees all of it.
func (s *site) municipalityBureau(c *fiber.Ctx) error {
	number, err := c.ParamsInt("number")
	if err != nil || number < 1 || number > len(accounts.Bureaus) {
		return storage.ErrNotFound
	}
	b := accounts.Bureaus[number-1]
	p := &municipalityPage{Page: s.page(c, b.Name+"の修了者数")}
	p.Crumbs = []Crumb{{"/municipality", "修了者数"}}
	return s.showFigures(c, p, area{Name: b.Name, Codes: codesOf(b.Municipalities)})
}

// FilesKey is how the address of the area's files names it.
func (p *municipalityPage) FilesKey() string {
	if p.Home {
		return "own"
	}
	if p.Code != "" {
		return p.Code
	}
	return "b" + strconv.Itoa(bureauOf(p.Codes))
}

// showFigures answers with the page of the area's figures. What lies outside the
// person's posts is not found.
func (s *site) showFigures(c *fiber.Ctx, p *municipalityPage, of area) (err error) {
	if p.figures, err = s.figuresOf(c.UserContext(), counts.ScopeOf(p.Who.Access), of, figuresQuery{c.Query("sort"), c.Query("period")}); err != nil {
		return err
	}
	p.Tasks = tasks()
	if p.Home {
		if p.StalePlaces, err = s.Accounts.StalePlaces(c.UserContext(), p.Who.Access); err != nil {
			return err
		}
	}
	return s.show(c, "municipality", p)
}

// task is one more page for the people of a municipality's post.
type task struct{ Path, Label, About string }

func tasks() []task {
	return []task{
		{"/municipality/files", "ファイルで受け取る", "答弁用メモ、集計表、データ（Excel・CSV）"},
		{"/municipality/separate", "別途報告", "このシステムを使わずに開いた教室の人数"},
		{"/municipality/mail", "毎月のメール", "しめ切りのあとに、Excelとメモを係のメールへ"},
		{"/municipality/places", "つながり先", "町の相談先と居場所の一覧"},
		{"/municipality/closings", "確定値と訂正", "しめ切った月の数、あとで変わった分、照合値"},
		{"/municipality/tokens", "ほかのシステムとつなぐ（API）", "集計のシステムが、修了者数を自分で取りに来るためのトークン"},
		{"/municipality/definitions", "数え方", "だれを、いつ、どこで数えているか"},
		{"/municipality/settings", "みんなに公開する設定", "修了者数を、だれでも見られるページに出すか"},
		{"/staff", "係と引き継ぎ", "後任の招待、パスワード"},
	}
}
