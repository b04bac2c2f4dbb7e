package views

import (
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
	if c.Context().QueryArgs().Has("town") {
		if _, known := accounts.ByCode(p.Town); known {
			return c.Redirect("/places/"+p.Town, fiber.StatusSeeOther)
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

type townPage struct {
	Page
	everywhere
	Code, Town string
	Kind       accounts.PlaceKind // "" for both
	Lists      []townList
	Today      time.Time
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
	return s.show(c, "town", p)
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
