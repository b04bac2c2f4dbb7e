package views

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"tsunagari/certificates"
)

// verifiesPerAddress is how many numbers one address may look up within five
// minutes: an office checks a list, and nobody learns all numbers.
const verifiesPerAddress = 60

type verifyPage struct {
	Page
	Typed string
	Found certificates.Verified // zero while nothing was looked up
	Month string                // of the 修了日, in words
	QR    bool                  // whoever asks holds the certificate
	Facts *certificates.Printed // all that is printed, with QR only
	By    string
}

// Statement is the wording of the certificate, line by line.
func (p *verifyPage) Statement() []string { return strings.Split(p.Facts.Statement, "\n") }

// State says in a template what became of the number.
func (p *verifyPage) State() string {
	return string(p.Found.State)
}

// verify asks for a number, and leads to its page.
func (s *site) verify(c *fiber.Ctx) error {
	p := &verifyPage{Page: s.page(c, "修了証を確かめる"), Typed: c.Query("number")}
	if !c.Context().QueryArgs().Has("number") {
		return s.show(c, "verify", p)
	}
	number, ok := certificates.ReadNumber(p.Typed)
	if !ok {
		return s.again(c, errNoNumber, "verify", p)
	}
	return c.Redirect("/verify/"+number, fiber.StatusSeeOther)
}

// verifyNumber says what became of a number, to anybody, without the name.
func (s *site) verifyNumber(c *fiber.Ctx) error {
	p := &verifyPage{Page: s.page(c, "修了証を確かめる"), Typed: c.Params("number")}
	if _, ok := certificates.ReadNumber(p.Typed); !ok {
		return s.again(c, errNoNumber, "verify", p)
	}
	if err := s.Accounts.Look(c.UserContext(), "verify", c.IP(), verifiesPerAddress); err != nil {
		return err
	}
	found, err := s.Certificates.ByNumber(c.UserContext(), p.Typed)
	if err != nil {
		return err
	}
	return s.showVerified(c, p, found)
}

// verifyCode is ByNumber for the QR: who has it has the paper, and sees all that
// stands on it.
func (s *site) verifyCode(c *fiber.Ctx) error {
	c.Set(fiber.HeaderReferrerPolicy, "no-referrer") // no form of this page needs an origin
	p := &verifyPage{Page: s.page(c, "修了証を確かめる"), QR: true}
	p.Bare = true
	found, facts, err := s.Certificates.ByCode(c.UserContext(), c.Params("code"))
	if err != nil {
		return err
	}
	if p.Facts = facts; facts != nil {
		p.By = signers(*facts)
	}
	return s.showVerified(c, p, found)
}

func (s *site) showVerified(c *fiber.Ctx, p *verifyPage, found *certificates.Verified) error {
	p.Found = *found
	if found.State == certificates.None {
		c.Status(fiber.StatusNotFound)
	} else {
		day, err := wareki(found.Month + "-01")
		if err != nil {
			return err
		}
		p.Month = strings.TrimSuffix(day, "1日")
	}
	return s.show(c, "verified", p)
}
