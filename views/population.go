package views

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"tsunagari/courses/accounts"
)

type populationPage struct {
	Page
	Code, Town string
	In         accounts.DenominatorInput
	Entered    []accounts.Denominator
}

// population is what a municipality has entered of how many people live there.
// ?day= asks for one day's figure to be corrected.
func (s *site) population(c *fiber.Ctx) error {
	p, err := s.populationPage(c)
	if err != nil {
		return err
	}
	for _, d := range p.Entered {
		if d.CountedOn == c.Query("day") {
			p.In = accounts.DenominatorInput{CountedOn: d.CountedOn, People: strconv.Itoa(d.People), Source: d.Source, Version: d.Version}
		}
	}
	return s.show(c, "municipality-population", p)
}

func (s *site) populationPage(c *fiber.Ctx) (*populationPage, error) {
	code := c.Params("code")
	p := &populationPage{Code: code, Town: accounts.PlaceName(code, "")}
	p.Page = s.page(c, p.Town+"の人口")
	p.Crumbs = []Crumb{{"/municipality", "修了者数"}, {"/municipality/areas/" + code, p.Town}}
	var err error
	p.Entered, err = s.Accounts.Denominators(c.UserContext(), p.Who.Access, code)
	return p, err
}

func (s *site) savePopulation(c *fiber.Ctx) error {
	var in accounts.DenominatorInput
	if err := parse(c, &in); err != nil {
		return err
	}
	code := c.Params("code")
	if err := s.Accounts.SetDenominator(c.UserContext(), who(c).Access, code, in); err != nil {
		p, broken := s.populationPage(c)
		if broken != nil {
			return broken
		}
		p.In = in
		return s.again(c, err, "municipality-population", p)
	}
	return s.done(c, "/municipality/areas/"+code+"/population", flashSaved)
}

func (s *site) removePopulation(c *fiber.Ctx) error {
	code := c.Params("code")
	if err := s.Accounts.RemoveDenominator(c.UserContext(), who(c).Access, code, c.Params("day")); err != nil {
		return err
	}
	return s.done(c, "/municipality/areas/"+code+"/population", flashRemoved)
}
