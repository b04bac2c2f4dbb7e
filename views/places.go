package views

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"tsunagari/courses/accounts"
)

// urgent are the telephones that are the same everywhere and never change.
var urgent = []urgentLine{
	{"110", "警察", "事件や事故、暴力から身を守りたいとき"},
	{"119", "消防・救急", "急な病気やけが、火事、命が心配なとき"},
	{"189", "児童相談所 虐待対応ダイヤル「いちはやく」", "子どもの虐待かもしれないと思ったとき。通話は無料です"},
}

type urgentLine struct{ Phone, Name, When string }

// everywhere is what may be called wherever one lives.
type everywhere struct {
	Urgent []urgentLine
	Lines  []accounts.Helpline
}

func (s *site) everywhere(c *fiber.Ctx) (everywhere, error) {
	lines, err := s.Accounts.Helplines(c.UserContext())
	return everywhere{urgent, lines}, err
}

type placesPage struct {
	Page
	everywhere
	Town  string // chosen already
	Towns []Choice
	Kind  string
	Kinds []Choice
	Open  bool // only what is open today
}

// places asks for a municipality. What is chosen stands in the address and is kept
// nowhere; who has registered finds their own town chosen.
func (s *site) places(c *fiber.Ctx) error {
	p := &placesPage{Page: s.page(c, "つながり先をさがす"), Town: c.Query("town")}
	var err error
	if p.everywhere, err = s.everywhere(c); err != nil {
		return err
	}
	p.Towns = append([]Choice{{Label: "選んでください"}}, towns(p.Operator)...)
	p.Kind, p.Open = c.Query("kind"), c.Query("open") == openToday
	p.Kinds = []Choice{
		{Label: "どちらも"}, {Value: string(accounts.Support), Label: accounts.Support.Label()}, {Value: string(accounts.Everyday), Label: accounts.Everyday.Label()},
	}
	if c.Context().QueryArgs().Has("town") {
		if _, known := accounts.ByCode(p.Town); known {
			return c.Redirect("/places/"+p.Town+p.chosen(), fiber.StatusSeeOther)
		}
		return s.again(c, errNoTown, "places", p)
	}
	if p.Who.Learner() {
		a, err := s.Accounts.Account(c.UserContext(), p.Who.Account)
		if err != nil {
			return err
		}
		p.Town = a.Municipality
	}
	return s.show(c, "places", p)
}

// townOfLesson is the municipality of who reads a lesson that leads to the lists of
// つながり先, "" for other lessons and where nobody's is known.
func (s *site) townOfLesson(c *fiber.Ctx, p *lessonPage) (string, error) {
	if !p.Who.Learner() || !strings.Contains(string(p.Body), `href="/places"`) {
		return "", nil
	}
	a, err := s.Accounts.Account(c.UserContext(), p.Who.Account)
	if err != nil {
		return "", err
	}
	return a.Municipality, nil
}

// openToday is the value of the parameter open.
const openToday = "today"

// chosen is the kind and the day as the address of a list has them.
func (p *placesPage) chosen() string {
	q := url.Values{}
	if p.Kind == string(accounts.Support) || p.Kind == string(accounts.Everyday) {
		q.Set("kind", p.Kind)
	}
	if p.Open {
		q.Set("open", openToday)
	}
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

type townPage struct {
	Page
	everywhere
	Code, Town string
	Kind       accounts.PlaceKind // "" for both
	Lists      []townList
	Today      time.Time
	Open       bool   // only what is open today
	Day        string // 月
	NoDays     int    // places left out that do not say on which days they are open
}

// townList is one of a municipality's two lists.
type townList struct {
	Kind   accounts.PlaceKind
	Places []accounts.Place // what is filled in
	Blank  []accounts.Place // labelled, and not filled in yet
}

func (s *site) townPage(c *fiber.Ctx) (*townPage, error) {
	code := c.Params("code")
	list, err := s.Accounts.Places(c.UserContext(), code)
	if err != nil {
		return nil, err
	}
	p := &townPage{Page: s.page(c, accounts.PlaceName(code, "")+"のつながり先"), Code: code, Town: accounts.PlaceName(code, ""), Today: s.Now()}
	p.Crumbs = []Crumb{{"/places", "つながり先をさがす"}}
	if p.everywhere, err = s.everywhere(c); err != nil {
		return nil, err
	}
	for _, kind := range []accounts.PlaceKind{accounts.Support, accounts.Everyday} {
		of := townList{Kind: kind}
		for _, place := range list {
			switch {
			case place.Kind != kind:
			case place.Blank():
				of.Blank = append(of.Blank, place)
			default:
				of.Places = append(of.Places, place)
			}
		}
		p.Lists = append(p.Lists, of)
	}
	return p, nil
}

// town lists a municipality's places, both kinds or one (?kind=).
func (s *site) town(c *fiber.Ctx) error {
	p, err := s.townPage(c)
	if err != nil {
		return err
	}
	for _, list := range p.Lists {
		if c.Query("kind") == string(list.Kind) {
			p.Kind, p.Lists = list.Kind, []townList{list}
			break
		}
	}
	if c.Query("open") == openToday {
		p.onlyToday()
	}
	return s.show(c, "town", p)
}

// onlyToday leaves the places that are open every week on the day that it is in Japan.
func (p *townPage) onlyToday() {
	p.Open, p.Day = true, accounts.DayName(p.Today)
	for i := range p.Lists {
		list := &p.Lists[i]
		list.Blank = nil
		list.Places = slices.DeleteFunc(list.Places, func(place accounts.Place) bool {
			if place.Opens == "" {
				p.NoDays++
			}
			return !place.Opens.On(p.Today)
		})
	}
}

// townSheet is 「わたしのつながり先」: the same on paper, with lines to write on. It
// takes nothing from the person and keeps nothing.
func (s *site) townSheet(c *fiber.Ctx) error {
	p, err := s.townPage(c)
	if err != nil {
		return err
	}
	p.Title = "わたしのつながり先"
	p.Crumbs = append(p.Crumbs, Crumb{"/places/" + p.Code, p.Town})
	return s.show(c, "town-sheet", p)
}
