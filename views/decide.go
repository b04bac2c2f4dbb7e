package views

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"tsunagari/certificates"
	"tsunagari/courses/accounts"
	"tsunagari/storage"
)

type decidePage struct {
	Page
	Asked  certificates.Correction
	Person accounts.Account
	Town   string
	In     decideForm
}

type decideForm struct {
	Do     string `form:"do"` // accept, decline
	Reason string `form:"reason"`
}

// askedCorrection shows a request beside what is on record.
func (s *site) askedCorrection(c *fiber.Ctx) error {
	p, err := s.decidePage(c)
	if err != nil {
		return err
	}
	return s.show(c, "desk-correction", p)
}

func (s *site) decidePage(c *fiber.Ctx) (*decidePage, error) {
	p := &decidePage{Page: s.page(c, "名前の直しの申し出")}
	p.Crumbs = []Crumb{{"/desk", "窓口"}}
	open, err := s.Certificates.OpenCorrections(c.UserContext(), p.Who.Access)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(open, func(r *certificates.Correction) bool { return r.ID == c.Params("id") })
	if i < 0 {
		return nil, storage.ErrNotFound
	}
	p.Asked = *open[i]
	person, err := s.Accounts.Open(c.UserContext(), p.Who.Access, p.Asked.AccountID)
	if err != nil {
		return nil, err
	}
	p.Person = *person
	p.Town = accounts.PlaceName(p.Person.Municipality, p.Person.Prefecture)
	return p, nil
}

func (s *site) decide(c *fiber.Ctx) error {
	var in decideForm
	if err := parse(c, &in); err != nil {
		return err
	}
	if in.Do != "accept" && in.Do != "decline" {
		return errUnreadable
	}
	err := s.Certificates.Decide(c.UserContext(), who(c).Access, c.Params("id"), in.Do == "accept", in.Reason)
	if err != nil {
		p, pageErr := s.decidePage(c)
		if pageErr != nil {
			return err
		}
		p.In = in
		return s.again(c, err, "desk-correction", p)
	}
	say := flashDeclined
	if in.Do == "accept" {
		say = flashCorrected
	}
	return s.done(c, "/desk", say)
}

type namePage struct {
	Page
	Person string // id
	In     nameForm
}

type nameForm struct {
	certificates.Name
	Reason string `form:"reason"`
}

// deskName corrects a name at the desk, for somebody who asks by telephone or visit.
func (s *site) deskName(c *fiber.Ctx) error {
	a, err := s.Accounts.Open(c.UserContext(), who(c).Access, c.Params("id"))
	if err != nil {
		return err
	}
	p := s.namePage(c)
	p.In.Name = nameOfAccount(a)
	return s.show(c, "desk-name", p)
}

func (s *site) namePage(c *fiber.Ctx) *namePage {
	p := &namePage{Page: s.page(c, "名前を直す"), Person: c.Params("id")}
	p.Crumbs = []Crumb{{"/desk", "窓口"}, {"/desk/people/" + p.Person, "受講者"}}
	return p
}

func (s *site) saveName(c *fiber.Ctx) error {
	var in nameForm
	if err := parse(c, &in); err != nil {
		return err
	}
	id := c.Params("id")
	if err := s.Certificates.Correct(c.UserContext(), who(c).Access, id, in.Name, in.Reason); err != nil {
		p := s.namePage(c)
		p.In = in
		return s.again(c, err, "desk-name", p)
	}
	return s.done(c, "/desk/people/"+id, flashCorrected)
}
