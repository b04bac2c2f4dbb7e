package views

import (
	"errors"
	"html/template"

	"github.com/gofiber/fiber/v2"

	"tsunagari/certificates/paper"
	"tsunagari/courses/accounts"
)

type appPage struct {
	Page
	QR     template.HTML
	Secret string // the same to type
	App    bool   // an app is registered
}

// staffApp says whether an app is registered, and offers to begin.
func (s *site) staffApp(c *fiber.Ctx) error {
	p, err := s.appPage(c)
	if err != nil {
		return err
	}
	return s.show(c, "staff-app", p)
}

func (s *site) appPage(c *fiber.Ctx) (*appPage, error) {
	p := &appPage{Page: s.page(c, "認証アプリ")}
	p.Path = "/staff/app"
	p.Crumbs = []Crumb{{"/staff", "職員のページ"}}
	var err error
	p.App, err = s.Accounts.HasTOTP(c.UserContext(), p.Who.Account)
	return p, err
}

// beginApp shows the secret for the app once; it counts when a code has proved it.
func (s *site) beginApp(c *fiber.Ctx) error {
	return s.showApp(c, nil)
}

// showApp shows a new secret, after a wrong code with what was wrong: the one
// before is never shown again.
func (s *site) showApp(c *fiber.Ctx, wrong error) error {
	p, err := s.appPage(c)
	if err != nil {
		return err
	}
	e, err := s.Accounts.BeginTOTP(c.UserContext(), p.Who.Account)
	if err != nil {
		return err
	}
	svg, err := paper.QRSVG(e.URL, "認証アプリで読みとるQRコード")
	if err != nil {
		return err
	}
	p.QR, p.Secret = template.HTML(svg), e.Secret
	secret(c)
	if wrong != nil {
		return s.again(c, wrong, "staff-app", p)
	}
	return s.show(c, "staff-app", p)
}

type appForm struct {
	Code string `form:"code"`
}

func (s *site) confirmApp(c *fiber.Ctx) error {
	var in appForm
	if err := parse(c, &in); err != nil {
		return err
	}
	err := s.Accounts.ConfirmTOTP(c.UserContext(), who(c).Account, in.Code)
	if errors.Is(err, accounts.ErrWrongCode) || errors.Is(err, accounts.ErrNoEnrolment) {
		return s.showApp(c, errAppCode)
	}
	if err != nil {
		return err
	}
	return s.done(c, "/staff", flashApp)
}

type removeAppForm struct {
	Password string `form:"old_password"`
}

func (s *site) removeApp(c *fiber.Ctx) error {
	var in removeAppForm
	if err := parse(c, &in); err != nil {
		return err
	}
	err := s.Accounts.RemoveTOTP(c.UserContext(), who(c).Account, in.Password, c.IP())
	if errors.Is(err, accounts.ErrWrongPassword) {
		err = errOldPassword
	}
	if err != nil {
		p, pageErr := s.appPage(c)
		if pageErr != nil {
			return pageErr
		}
		return s.again(c, err, "staff-app", p)
	}
	return s.done(c, "/staff", flashNoApp)
}
