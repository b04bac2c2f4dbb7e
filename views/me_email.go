package views

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"tsunagari/courses/accounts"
)

type meEmailForm struct {
	Email string `form:"email"`
	Code  string `form:"code"`
}

type meEmailPage struct {
	Page
	In      meEmailForm
	Current string // the confirmed address, "" without one
	Sent    bool
}

func (s *site) meEmailPage(c *fiber.Ctx, in meEmailForm) (*meEmailPage, error) {
	p := &meEmailPage{Page: s.page(c, "メールアドレス"), In: in}
	p.Path, p.Crumbs = "/me/email", []Crumb{{"/me", "わたしの情報"}}
	a, err := s.Accounts.Account(c.UserContext(), p.Who.Account)
	if err != nil {
		return nil, err
	}
	p.Current = a.Email
	return p, nil
}

// email shows the address that opens the account beside the card, and asks for
// another one.
func (s *site) email(c *fiber.Ctx) error {
	if who(c).Guest() {
		return c.Redirect("/me", fiber.StatusSeeOther)
	}
	p, err := s.meEmailPage(c, meEmailForm{})
	if err != nil {
		return err
	}
	return s.show(c, "me-email", p)
}

// askEmail sends a code to the address, which counts only with the code.
func (s *site) askEmail(c *fiber.Ctx) error {
	return s.emailStep(c, func(in meEmailForm, p *meEmailPage) error {
		browser, err := s.Accounts.AskEmail(c.UserContext(), who(c).Account, accounts.EmailForm{Email: in.Email}, c.IP())
		if err != nil {
			return s.again(c, err, "me-email", p)
		}
		s.setCookie(c, askedCookie, browser, 10*time.Minute)
		p.Sent = true
		return s.show(c, "me-email", p)
	})
}

func (s *site) confirmEmail(c *fiber.Ctx) error {
	return s.emailStep(c, func(in meEmailForm, p *meEmailPage) error {
		if err := s.Accounts.ConfirmEmail(c.UserContext(), who(c).Account, c.Cookies(askedCookie), in.Code); err != nil {
			p.Sent = true
			return s.again(c, err, "me-email", p)
		}
		s.dropCookie(c, askedCookie)
		return s.done(c, "/me/email", flashEmail)
	})
}

// emailStep reads the form and the page that shows it again.
func (s *site) emailStep(c *fiber.Ctx, step func(in meEmailForm, p *meEmailPage) error) error {
	var in meEmailForm
	if err := parse(c, &in); err != nil {
		return err
	}
	if who(c).Guest() {
		return c.Redirect("/me", fiber.StatusSeeOther)
	}
	p, err := s.meEmailPage(c, in)
	if err != nil {
		return err
	}
	return step(in, p)
}

func (s *site) removeEmail(c *fiber.Ctx) error {
	if who(c).Guest() {
		return c.Redirect("/me", fiber.StatusSeeOther)
	}
	if err := s.Accounts.RemoveEmail(c.UserContext(), who(c).Account); err != nil {
		return err
	}
	return s.done(c, "/me/email", flashNoEmail)
}
