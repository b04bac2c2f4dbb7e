package views

import (
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"tsunagari/certificates"
	"tsunagari/courses/accounts"
)

type deskPage struct {
	Page
	In          accounts.Query
	Towns       []Choice
	Months      []Choice
	Searched    bool
	Found       []accounts.Found
	More        bool
	StalePlaces int64
	Corrections []*certificates.Correction
	Keeps       bool // a register, and people who want to hear of the town
}

// desk looks for a person: ふりがな, municipality, month in which they began.
func (s *site) desk(c *fiber.Ctx) error {
	p := &deskPage{Page: s.page(c, "窓口")}
	access := p.Who.Access
	p.Towns, p.Months = p.deskTowns(), s.months(36)
	var err error
	if p.Corrections, err = s.Certificates.OpenCorrections(c.UserContext(), access); err != nil {
		return err
	}
	if p.StalePlaces, err = s.Accounts.StalePlaces(c.UserContext(), access); err != nil {
		return err
	}
	issuers, err := s.registers(c)
	if err != nil {
		return err
	}
	p.Keeps = len(issuers) > 0
	if !c.Context().QueryArgs().Has("kana") {
		return s.show(c, "desk", p)
	}
	if err := c.QueryParser(&p.In); err != nil {
		return errUnreadable
	}
	if p.Found, p.More, err = s.Accounts.Find(c.UserContext(), access, p.In); err != nil {
		return s.again(c, err, "desk", p)
	}
	p.Searched = true
	return s.show(c, "desk", p)
}

// deskTowns are the municipalities in which the person may look: for an
// administrator all of the home area's prefecture.
func (p *Page) deskTowns() []Choice {
	list := []Choice{{Label: "どの町でも"}}
	if p.Who.Is("admin") {
		return append(list, towns(p.Operator)...)
	}
	for _, code := range p.Who.Access.Of(accounts.Desk) {
		list = append(list, Choice{Value: code, Label: accounts.PlaceName(code, "")})
	}
	return list
}

// months are this month and the ones before it.
func (s *site) months(n int) []Choice {
	list := []Choice{{Label: "わからない"}}
	now := s.Now().In(japan)
	first := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, japan)
	for i := range n {
		m := first.AddDate(0, -i, 0)
		list = append(list, Choice{Value: m.Format("2006-01"), Label: m.Format("2006年1月")})
	}
	return list
}

type personPage struct {
	Page
	Person accounts.Account
	Town   string
	Valid  []certificateView
	Past   []certificateView
	Waits  []certificates.Wait
	In     whyForm
}

// person is what the desk needs of one person, and nothing else.
func (s *site) person(c *fiber.Ctx) error {
	p, err := s.personPage(c)
	if err != nil {
		return err
	}
	return s.show(c, "desk-person", p)
}

func (s *site) personPage(c *fiber.Ctx) (*personPage, error) {
	p := &personPage{Page: s.page(c, "受講者")}
	p.Crumbs = []Crumb{{"/desk", "窓口"}}
	person, err := s.Accounts.Open(c.UserContext(), p.Who.Access, c.Params("id"))
	if err != nil {
		return nil, err
	}
	p.Person = *person
	p.Path = "/desk/people/" + p.Person.ID
	p.Town = accounts.PlaceName(p.Person.Municipality, p.Person.Prefecture)
	list, waits, err := s.Certificates.Of(c.UserContext(), p.Person.ID)
	if err != nil {
		return nil, err
	}
	var sorted certificatesPage
	sorted.sort(list)
	p.Valid, p.Past = sorted.Valid, sorted.Past
	for _, w := range waits {
		p.Waits = append(p.Waits, *w)
	}
	return p, nil
}

type deskCardPage struct {
	Page
	Receipt Receipt
	Person  string // id
}

// newCard makes a new card, whose words are shown this one time.
func (s *site) newCard(c *fiber.Ctx) error {
	var in whyForm
	if err := parse(c, &in); err != nil {
		return err
	}
	if in.Why == "" {
		p, err := s.personPage(c)
		if err != nil {
			return err
		}
		return s.again(c, errNoWhy, "desk-person", p)
	}
	shown, err := s.Accounts.NewCard(c.UserContext(), who(c).Access, c.Params("id"), in.Why)
	if err != nil {
		return err
	}
	p := &deskCardPage{Page: s.page(c, "新しい受講カード"), Person: c.Params("id")}
	p.Bare = true
	if p.Receipt, err = s.receipt(c, shown); err != nil {
		return err
	}
	secret(c)
	return s.show(c, "desk-card", p)
}

// printCertificate is the PDF for somebody at the desk; that it was handed out
// there is written into the register and the record.
func (s *site) printCertificate(c *fiber.Ctx) error {
	w := who(c)
	cert, err := s.Certificates.ForDesk(c.UserContext(), w.Access, c.Params("id"))
	if err != nil {
		return err
	}
	if cert.State != certificates.Issued {
		return certificates.ErrNotValid
	}
	if err := s.Certificates.Delivered(c.UserContext(), w.Access, cert.ID, certificates.AtDesk); err != nil {
		return err
	}
	return s.sendCertificate(c, cert)
}

// revoke ends a certificate for good.
func (s *site) revoke(c *fiber.Ctx) error {
	var in whyForm
	if err := parse(c, &in); err != nil {
		return err
	}
	cert, err := s.Certificates.ForDesk(c.UserContext(), who(c).Access, c.Params("id"))
	if err != nil {
		return err
	}
	if err := s.Certificates.Revoke(c.UserContext(), who(c).Access, cert.ID, in.Why); err != nil {
		return err
	}
	to := "/desk"
	if cert.AccountID != nil {
		to = "/desk/people/" + *cert.AccountID
	}
	return s.done(c, to, flashRevoked)
}

// registers are the issuers whose 交付台帳 the person keeps.
func (s *site) registers(c *fiber.Ctx) ([]*certificates.Issuer, error) {
	list, err := s.Certificates.Issuers(c.UserContext())
	access := who(c).Access
	return slices.DeleteFunc(list, func(i *certificates.Issuer) bool {
		return !access.Role(accounts.Admin) && (i.Kind != certificates.Municipality || !access.Reaches(i.Code, accounts.Desk))
	}), err
}
