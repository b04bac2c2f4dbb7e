package views

import (
	"github.com/gofiber/fiber/v2"

	"tsunagari/courses/accounts"
)

type setupPage struct {
	Page
	In          accounts.Operator
	Admin       accounts.FirstAdmin
	Prefectures []Choice
	Bureaus     []Choice
}

type setupForm struct {
	accounts.Operator
	accounts.FirstAdmin
}

// setup is the first run: who runs the site, and the first administrator. The link
// with its one-time secret is shown where the program was started.
func (s *site) setup(c *fiber.Ctx) error {
	if err := s.Accounts.SetupOpen(c.UserContext(), c.Params("token")); err != nil {
		return err
	}
	p := s.setupPage(c)
	p.In.Prefecture = "01"
	return s.show(c, "setup", p)
}

func (s *site) setupPage(c *fiber.Ctx) *setupPage {
	p := &setupPage{Page: s.page(c, "はじめの設定"), Prefectures: prefectures(), Bureaus: bureaus()}
	p.Bare = true
	return p
}

func prefectures() []Choice {
	list := []Choice{}
	for _, p := range accounts.Prefectures {
		list = append(list, Choice{Value: p.Code, Label: p.Name})
	}
	return list
}

func bureaus() []Choice {
	list := []Choice{{Label: "都道府県の全体"}}
	for _, b := range accounts.Bureaus {
		list = append(list, Choice{Value: b.Name, Label: b.Name, Group: "北海道の振興局"})
	}
	return list
}

func (s *site) saveSetup(c *fiber.Ctx) error {
	var in setupForm
	if err := parse(c, &in); err != nil {
		return err
	}
	secret, err := s.Accounts.Setup(c.UserContext(), c.Params("token"), in.Operator, in.FirstAdmin, device(c))
	if err != nil {
		p := s.setupPage(c)
		p.In, p.Admin = in.Operator, in.FirstAdmin
		p.Admin.Password = ""
		return s.again(c, err, "setup", p)
	}
	s.lastKnown.Store(nil)
	s.setSession(c, secret)
	return s.done(c, "/admin", flashSetUp)
}
