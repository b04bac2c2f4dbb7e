package views

import (
	"github.com/gofiber/fiber/v2"

	"tsunagari/certificates"
	"tsunagari/courses/accounts"
)

type correctionPage struct {
	Page
	In   certificates.AskCorrection
	Open bool // a request waits already; this one takes its place
}

// correction asks how the name should be.
func (s *site) correction(c *fiber.Ctx) error {
	if who(c).Guest() {
		return c.Redirect("/start?back=/certificates", fiber.StatusSeeOther)
	}
	p := &correctionPage{Page: s.page(c, "名前を直してほしい")}
	p.Crumbs = []Crumb{{"/certificates", "修了証"}}
	asked, err := s.Certificates.Corrections(c.UserContext(), p.Who.Account)
	if err != nil {
		return err
	}
	if p.Open = len(asked) > 0 && asked[0].State == certificates.Asked; p.Open {
		p.In = certificates.AskCorrection{Name: asked[0].Wanted(), Note: asked[0].Note}
		return s.show(c, "correction", p)
	}
	a, err := s.Accounts.Account(c.UserContext(), p.Who.Account)
	if err != nil {
		return err
	}
	p.In.Name = nameOfAccount(a)
	return s.show(c, "correction", p)
}

func nameOfAccount(a *accounts.Account) certificates.Name {
	return certificates.Name{
		Family: a.FamilyName, Given: a.GivenName, FamilyKana: a.FamilyKana, GivenKana: a.GivenKana, OwnForm: a.PrintedName,
	}
}

func (s *site) askCorrection(c *fiber.Ctx) error {
	if who(c).Guest() {
		return c.Redirect("/start?back=/certificates", fiber.StatusSeeOther)
	}
	var in certificates.AskCorrection
	if err := parse(c, &in); err != nil {
		return err
	}
	if err := s.Certificates.Ask(c.UserContext(), who(c).Account, in); err != nil {
		p := &correctionPage{Page: s.page(c, "名前を直してほしい"), In: in}
		p.Crumbs = []Crumb{{"/certificates", "修了証"}}
		return s.again(c, err, "correction", p)
	}
	return s.done(c, "/certificates", flashAsked)
}
