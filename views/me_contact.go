package views

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"tsunagari/courses/accounts"
	"tsunagari/storage"
)

type contactPage struct {
	Page
	In       accounts.ContactInput
	Agreed   *accounts.Consent // nil when they do not want to hear
	Old      string            // the town of a consent that ended by moving
	Town     string            // "" where no town takes part
	Finished bool
	Ways     []Choice
}

var contactWays = []Choice{{Value: "mail", Label: "メール"}, {Value: "phone", Label: "電話"}, {Value: "letter", Label: "郵便"}}

func (s *site) contactPage(c *fiber.Ctx) (*contactPage, error) {
	ctx := c.UserContext()
	p := &contactPage{Page: s.page(c, "町からの連絡"), Ways: contactWays}
	p.Path, p.Crumbs = "/me/contact", []Crumb{{"/me", "わたしの情報"}}
	a, err := s.Accounts.Account(ctx, p.Who.Account)
	if err != nil {
		return nil, err
	}
	if a.Municipality != "" {
		p.Town = accounts.PlaceName(a.Municipality, a.Prefecture)
	}
	certs, waits, err := s.Certificates.Of(ctx, a.ID)
	if err != nil {
		return nil, err
	}
	p.Finished = len(certs)+len(waits) > 0
	agreed, err := s.Accounts.Contact(ctx, a.ID)
	switch {
	case errors.Is(err, storage.ErrNotFound):
		return p, nil
	case err != nil:
		return nil, err
	}
	p.Agreed = agreed
	if agreed.Municipality != a.Municipality {
		p.Old = accounts.PlaceName(agreed.Municipality, "")
	}
	return p, nil
}

// contact asks whether somebody who has finished wants to hear from their town.
func (s *site) contact(c *fiber.Ctx) error {
	if who(c).Guest() {
		return c.Redirect("/me", fiber.StatusSeeOther)
	}
	p, err := s.contactPage(c)
	if err != nil {
		return err
	}
	if p.Agreed != nil {
		p.In = accounts.ContactInput{How: p.Agreed.How, Contact: p.Agreed.Contact}
	}
	return s.show(c, "me-contact", p)
}

func (s *site) agreeToContact(c *fiber.Ctx) error {
	var in accounts.ContactInput
	if err := parse(c, &in); err != nil {
		return err
	}
	if who(c).Guest() {
		return c.Redirect("/me", fiber.StatusSeeOther)
	}
	p, err := s.contactPage(c)
	if err != nil {
		return err
	}
	if !p.Finished { // the page says when one can
		return c.Redirect("/me/contact", fiber.StatusSeeOther)
	}
	if err := s.Accounts.AgreeToContact(c.UserContext(), who(c).Account, in); err != nil {
		p.In = in
		return s.again(c, err, "me-contact", p)
	}
	return s.done(c, "/me/contact", flashContact)
}

func (s *site) withdrawContact(c *fiber.Ctx) error {
	if err := s.Accounts.WithdrawContact(c.UserContext(), who(c).Account); err != nil {
		return err
	}
	return s.done(c, "/me/contact", flashNoContact)
}
