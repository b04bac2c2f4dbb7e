package views

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"tsunagari/courses/accounts"
)

type setupPage struct {
	Page
	Token       string
	In          accounts.Operator
	Admin       accounts.FirstAdmin
	Prefectures []Choice
	Bureaus     []Choice
}

type setupForm struct {
	linkForm
	accounts.Operator
	accounts.FirstAdmin
}

// setup is the door of the first run. The link to it, with its one-time secret, is
// shown where the program was started.
func (s *site) setup(c *fiber.Ctx) error {
	if err := s.Accounts.SetupOpen(c.UserContext(), ""); !errors.Is(err, accounts.ErrSetupToken) {
		return err
	}
	return s.show(c, "link", s.setupDoor(c, linkForm{}))
}

func (s *site) setupDoor(c *fiber.Ctx, in linkForm) *linkPage {
	return s.linkPage(c, "はじめの設定", "プログラムを動かしている画面に出ている、はじめての設定のコードを入れてください。", in)
}

func (s *site) setupPage(c *fiber.Ctx, token string) *setupPage {
	p := &setupPage{Page: s.page(c, "はじめの設定"), Token: token, Prefectures: prefectures(), Bureaus: bureaus()}
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

// saveSetup shows who runs the site and the first administrator to whoever has the
// secret, and keeps what was typed.
func (s *site) saveSetup(c *fiber.Ctx) error {
	secret(c)
	var in setupForm
	if err := parse(c, &in); err != nil {
		return err
	}
	err := s.Accounts.SetupOpen(c.UserContext(), in.token())
	if errors.Is(err, accounts.ErrSetupToken) {
		return s.again(c, err, "link", s.setupDoor(c, in.linkForm))
	} else if err != nil {
		return err
	}
	p := s.setupPage(c, in.token())
	if in.Step == "" {
		p.In.Prefecture = "01"
		return s.show(c, "setup", p)
	}
	session, err := s.Accounts.Setup(c.UserContext(), in.token(), in.Operator, in.FirstAdmin, device(c))
	if err != nil {
		p.In, p.Admin = in.Operator, in.FirstAdmin
		p.Admin.Password = ""
		return s.again(c, err, "setup", p)
	}
	s.lastKnown.Store(nil)
	s.setSession(c, session)
	return s.done(c, "/admin", flashSetUp)
}
