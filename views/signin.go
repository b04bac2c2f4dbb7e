package views

import (
	"github.com/gofiber/fiber/v2"
)

type signinPage struct {
	Page
	Query string // leads back to where the person wanted to go
}

func (s *site) signin(c *fiber.Ctx) error {
	if who(c).Learner() {
		return c.Redirect("/learn", fiber.StatusSeeOther)
	}
	p := &signinPage{Page: s.page(c, "つづきから")}
	if back := local(c.Query("back"), ""); back != "" {
		p.Query = "?back=" + back
	}
	return s.show(c, "signin", p)
}

type cardForm struct {
	Number string `form:"number"`
	Words  string `form:"words"`
	Back   string `form:"back"`
}

type signinCardPage struct {
	Page
	In   cardForm
	Back string
}

func (s *site) signinCard(c *fiber.Ctx) error {
	p := &signinCardPage{Page: s.page(c, "受講カードで入る"), Back: local(c.Query("back"), "/learn")}
	return s.show(c, "signin-card", p)
}

func (s *site) enterWithCard(c *fiber.Ctx) error {
	var in cardForm
	if err := parse(c, &in); err != nil {
		return err
	}
	secret, err := s.Accounts.SignInCard(c.UserContext(), in.Number, in.Words, c.IP(), device(c))
	if err != nil {
		p := &signinCardPage{Page: s.page(c, "受講カードで入る"), In: in, Back: local(in.Back, "/learn")}
		return s.again(c, err, "signin-card", p)
	}
	s.setSession(c, secret)
	return c.Redirect(local(in.Back, "/learn"), fiber.StatusSeeOther)
}

// cardDoor is where the QR of a card leads: a button, for whatever opens links by
// itself must not sign in.
func (s *site) cardDoor(c *fiber.Ctx) error {
	return s.show(c, "card-door", &Page{Title: "受講カードで入る", Path: c.Path(), Reading: reading(c), Operator: s.operator(c.UserContext()), Demo: s.Demo, Bare: true})
}

func (s *site) enterByToken(c *fiber.Ctx) error {
	secret, err := s.Accounts.SignInToken(c.UserContext(), c.Params("token"), device(c))
	if err != nil {
		return err
	}
	s.setSession(c, secret)
	return c.Redirect("/learn", fiber.StatusSeeOther)
}

// signOut ends this browser's session and no other.
func (s *site) signOut(c *fiber.Ctx) error {
	w := who(c)
	if err := s.Accounts.EndSession(c.UserContext(), w.Account, w.Session); err != nil {
		return err
	}
	s.endSession(c)
	return s.done(c, "/", flashSignedOut)
}

type emailForm struct {
	Email string `form:"email"`
	Code  string `form:"code"`
	Back  string `form:"back"`
}

type signinEmailPage struct {
	Page
	In   emailForm
	Back string
	Sent bool
}
