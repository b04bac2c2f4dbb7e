package views

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"tsunagari/courses/accounts"
)

type townsPage struct {
	Page
	Towns []Choice
	Stale int64
}

// townPlaces lists the municipalities whose つながり先 the person keeps.
func (s *site) townPlaces(c *fiber.Ctx) error {
	p := &townsPage{Page: s.page(c, "つながり先")}
	access := p.Who.Access
	if p.Who.Is("admin") {
		p.Towns = towns(p.Operator)
	} else {
		codes := access.Of(accounts.Desk, accounts.Officer)
		if len(codes) == 1 {
			return c.Redirect("/municipality/places/"+codes[0], fiber.StatusSeeOther)
		}
		for _, code := range codes {
			p.Towns = append(p.Towns, Choice{Value: code, Label: accounts.PlaceName(code, "")})
		}
	}
	var err error
	if p.Stale, err = s.Accounts.StalePlaces(c.UserContext(), access); err != nil {
		return err
	}
	return s.show(c, "municipality-towns", p)
}

type townPlacesPage struct {
	Page
	Code, Town string
	Lists      []placeList
}

type placeList struct {
	Title  string
	Places []accounts.Place
}

// placesOf are one municipality's two lists.
func (s *site) placesOf(c *fiber.Ctx) error {
	code := c.Params("code")
	list, err := s.Accounts.EditPlaces(c.UserContext(), who(c).Access, code)
	if err != nil {
		return err
	}
	p := &townPlacesPage{Page: s.page(c, accounts.PlaceName(code, "")+"のつながり先"), Code: code, Town: accounts.PlaceName(code, "")}
	for _, kind := range []accounts.PlaceKind{accounts.Support, accounts.Everyday} {
		of := placeList{Title: kind.Label()}
		for _, place := range list {
			if place.Kind == kind {
				of.Places = append(of.Places, place)
			}
		}
		p.Lists = append(p.Lists, of)
	}
	return s.show(c, "municipality-places", p)
}

type placePage struct {
	Page
	In    accounts.PlaceInput
	Code  string
	ID    string // "" for a new one
	Slot  bool   // one of the labelled blanks: its kind is given
	Kinds []Choice
	Days  []Choice
	Open  []string // the days that are ticked
}

func (s *site) placePage(c *fiber.Ctx, code string, in accounts.PlaceInput) *placePage {
	p := &placePage{Page: s.page(c, "つながり先を増やす"), In: in, Code: code, ID: c.Params("id")}
	if p.ID != "" {
		p.Title = "つながり先を変える"
	}
	p.Open = append([]string{}, in.Opens...)
	for i, name := range []rune("月火水木金土日") {
		p.Days = append(p.Days, Choice{Value: strconv.Itoa(i + 1), Label: string(name)})
	}
	p.Crumbs = []Crumb{{"/municipality/places/" + code, accounts.PlaceName(code, "") + "のつながり先"}}
	for _, kind := range []accounts.PlaceKind{accounts.Support, accounts.Everyday} {
		p.Kinds = append(p.Kinds, Choice{Value: string(kind), Label: kind.Label()})
	}
	return p
}

func (s *site) newPlace(c *fiber.Ctx) error {
	code := c.Params("code")
	if _, err := s.Accounts.EditPlaces(c.UserContext(), who(c).Access, code); err != nil {
		return err
	}
	return s.show(c, "municipality-place", s.placePage(c, code, accounts.PlaceInput{Kind: accounts.Everyday}))
}

func (s *site) addPlace(c *fiber.Ctx) error {
	var in accounts.PlaceInput
	if err := parse(c, &in); err != nil {
		return err
	}
	code := c.Params("code")
	if _, err := s.Accounts.AddPlace(c.UserContext(), who(c).Access, code, in); err != nil {
		return s.again(c, err, "municipality-place", s.placePage(c, code, in))
	}
	return s.done(c, "/municipality/places/"+code, flashSaved)
}

func (s *site) editPlace(c *fiber.Ctx) error {
	place, err := s.Accounts.EditPlace(c.UserContext(), who(c).Access, c.Params("id"))
	if err != nil {
		return err
	}
	p := s.placePage(c, place.Municipality, place.Input())
	p.Slot = place.Slot != ""
	return s.show(c, "municipality-place", p)
}

func (s *site) savePlace(c *fiber.Ctx) error {
	var in accounts.PlaceInput
	if err := parse(c, &in); err != nil {
		return err
	}
	place, err := s.Accounts.EditPlace(c.UserContext(), who(c).Access, c.Params("id"))
	if err != nil {
		return err
	}
	if err := s.Accounts.SetPlace(c.UserContext(), who(c).Access, place.ID, in); err != nil {
		p := s.placePage(c, place.Municipality, in)
		p.Slot = place.Slot != ""
		return s.again(c, err, "municipality-place", p)
	}
	return s.done(c, "/municipality/places/"+place.Municipality, flashSaved)
}

func (s *site) removePlace(c *fiber.Ctx) error {
	place, err := s.Accounts.EditPlace(c.UserContext(), who(c).Access, c.Params("id"))
	if err != nil {
		return err
	}
	if err := s.Accounts.RemovePlace(c.UserContext(), who(c).Access, place.ID); err != nil {
		return err
	}
	return s.done(c, "/municipality/places/"+place.Municipality, flashRemoved)
}
