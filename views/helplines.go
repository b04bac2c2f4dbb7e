package views

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"tsunagari/courses/accounts"
	"tsunagari/storage"
)

// helpLines are the lines on the back of the card: whom to call.
func (s *site) helpLines(ctx context.Context) ([]string, error) {
	list, err := s.Accounts.Helplines(ctx)
	var lines []string
	for _, l := range list {
		lines = append(lines, l.Name+"　"+l.Phone)
	}
	return lines, err
}

type helplinesPage struct {
	Page
	Lines []accounts.Helpline
}

func (s *site) helplines(c *fiber.Ctx) error {
	p := &helplinesPage{Page: s.page(c, "相談窓口")}
	p.Crumbs = []Crumb{{"/admin", "管理"}}
	var err error
	if p.Lines, err = s.Accounts.Helplines(c.UserContext()); err != nil {
		return err
	}
	return s.show(c, "admin-helplines", p)
}

type helplinePage struct {
	Page
	In accounts.HelplineInput
	ID string // "" for a new one
}

func (s *site) helplinePage(c *fiber.Ctx, in accounts.HelplineInput) *helplinePage {
	p := &helplinePage{Page: s.page(c, "相談窓口を増やす"), In: in, ID: c.Params("id")}
	if p.ID != "" {
		p.Title = "相談窓口を変える"
	}
	p.Crumbs = []Crumb{{"/admin", "管理"}, {"/admin/helplines", "相談窓口"}}
	return p
}

func (s *site) newHelpline(c *fiber.Ctx) error {
	return s.show(c, "admin-helpline", s.helplinePage(c, accounts.HelplineInput{}))
}

func (s *site) addHelpline(c *fiber.Ctx) error {
	var in accounts.HelplineInput
	if err := parse(c, &in); err != nil {
		return err
	}
	if _, err := s.Accounts.AddHelpline(c.UserContext(), who(c).Access, in); err != nil {
		return s.again(c, err, "admin-helpline", s.helplinePage(c, in))
	}
	return s.done(c, "/admin/helplines", flashSaved)
}

func (s *site) editHelpline(c *fiber.Ctx) error {
	list, err := s.Accounts.Helplines(c.UserContext())
	if err != nil {
		return err
	}
	for _, l := range list {
		if l.ID == c.Params("id") {
			in := accounts.HelplineInput{Name: l.Name, Phone: l.Phone, Hours: l.Hours, Note: l.Note, ConfirmedOn: l.ConfirmedOn, Version: l.Version}
			return s.show(c, "admin-helpline", s.helplinePage(c, in))
		}
	}
	return storage.ErrNotFound
}

func (s *site) saveHelpline(c *fiber.Ctx) error {
	var in accounts.HelplineInput
	if err := parse(c, &in); err != nil {
		return err
	}
	if err := s.Accounts.SetHelpline(c.UserContext(), who(c).Access, c.Params("id"), in); err != nil {
		return s.again(c, err, "admin-helpline", s.helplinePage(c, in))
	}
	return s.done(c, "/admin/helplines", flashSaved)
}

func (s *site) removeHelpline(c *fiber.Ctx) error {
	if err := s.Accounts.RemoveHelpline(c.UserContext(), who(c).Access, c.Params("id")); err != nil {
		return err
	}
	return s.done(c, "/admin/helplines", flashRemoved)
}

type moveForm struct {
	Do string `form:"do"` // up, down
}

func (s *site) moveHelpline(c *fiber.Ctx) error {
	var in moveForm
	if err := parse(c, &in); err != nil {
		return err
	}
	if err := s.Accounts.MoveHelpline(c.UserContext(), who(c).Access, c.Params("id"), in.Do == "up"); err != nil {
		return err
	}
	return c.Redirect("/admin/helplines", fiber.StatusSeeOther)
}
