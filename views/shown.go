package views

import (
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"tsunagari/courses/accounts"
	"tsunagari/storage"
)

// shownTown is whether everybody may see the figures of one municipality.
type shownTown struct {
	Code, Town string
	Since      time.Time // zero: only its posts
}

// Open says whether everybody may see them.
func (t shownTown) Open() bool { return !t.Since.IsZero() }

type municipalitySettingsPage struct {
	Page
	Towns []shownTown
}

// municipalitySettings lists the municipalities whose public page the person may
// switch.
func (s *site) municipalitySettings(c *fiber.Ctx) error {
	p := &municipalitySettingsPage{Page: s.page(c, "みんなに公開する設定")}
	p.Crumbs = []Crumb{{"/municipality", "修了者数"}}
	var err error
	if p.Towns, err = s.mayShow(c); err != nil {
		return err
	}
	return s.show(c, "municipality-settings", p)
}

// mayShow are the municipalities of the person's own posts, for an administrator
// those of the home area.
func (s *site) mayShow(c *fiber.Ctx) ([]shownTown, error) {
	w := who(c)
	codes, err := s.Accounts.MayShow(c.UserContext(), w.Access)
	if err != nil {
		return nil, err
	}
	if w.Is("admin") {
		codes = homeCodes(s.operator(c.UserContext()))
	}
	open, err := s.Accounts.Shown(c.UserContext())
	if err != nil {
		return nil, err
	}
	var list []shownTown
	for _, code := range codes {
		t := shownTown{Code: code, Town: accounts.PlaceName(code, "")}
		if i := slices.IndexFunc(open, func(o accounts.ShownMunicipality) bool { return o.Municipality == code }); i >= 0 {
			t.Since = open[i].Since
		}
		list = append(list, t)
	}
	return list, nil
}

// homeCodes are the municipalities of the home area.
func homeCodes(o Operator) []string {
	return codesOf(accounts.Operator{Prefecture: o.Prefecture, Bureau: o.Bureau}.Municipalities())
}

type showPage struct {
	Page
	shownTown
}

// askShow says what opening or closing the public page means, and asks.
func (s *site) askShow(c *fiber.Ctx) error {
	list, err := s.mayShow(c)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(list, func(t shownTown) bool { return t.Code == c.Params("code") })
	if i < 0 {
		return storage.ErrNotFound
	}
	p := &showPage{Page: s.page(c, list[i].Town+"の修了者数の公開"), shownTown: list[i]}
	p.Crumbs = []Crumb{{"/municipality", "修了者数"}, {"/municipality/settings", "みんなに公開する設定"}}
	return s.show(c, "municipality-show", p)
}

type showForm struct {
	Public bool `form:"public"`
}

func (s *site) saveShow(c *fiber.Ctx) error {
	var in showForm
	if err := parse(c, &in); err != nil {
		return err
	}
	if err := s.Accounts.Show(c.UserContext(), who(c).Access, c.Params("code"), in.Public); err != nil {
		return err
	}
	if in.Public {
		return s.done(c, "/municipality/settings", flashShown)
	}
	return s.done(c, "/municipality/settings", flashHidden)
}
