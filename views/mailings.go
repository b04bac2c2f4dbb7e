package views

import (
	"github.com/gofiber/fiber/v2"

	"tsunagari/courses/accounts"
	"tsunagari/courses/counts"
)

type mailingsPage struct {
	Page
	Mailings []counts.Mailing
}

type mailingForm struct {
	On bool `form:"on"`
}

// mailings is where an officer post switches the monthly mail on, and sees what was
// sent.
func (s *site) mailings(c *fiber.Ctx) error {
	p := &mailingsPage{Page: s.page(c, "毎月のメール")}
	p.Crumbs = []Crumb{{"/municipality", "修了者数"}}
	posts, err := s.ownPosts(c)
	if err != nil {
		return err
	}
	if p.Mailings, err = s.Counts.Mailings(c.UserContext(), posts); err != nil {
		return err
	}
	return s.show(c, "municipality-mail", p)
}

func (s *site) ownPosts(c *fiber.Ctx) (list []accounts.Post, err error) {
	posts, err := s.Accounts.Posts(c.UserContext(), who(c).Access)
	for _, p := range posts {
		list = append(list, p.Post)
	}
	return list, err
}

func (s *site) saveMailing(c *fiber.Ctx) error {
	var in mailingForm
	if err := parse(c, &in); err != nil {
		return err
	}
	posts, err := s.ownPosts(c)
	if err != nil {
		return err
	}
	if err := s.Counts.SetMailing(c.UserContext(), who(c).Access, posts, c.Params("post"), in.On); err != nil {
		return err
	}
	if in.On {
		return s.done(c, "/municipality/mail", flashMailOn)
	}
	return s.done(c, "/municipality/mail", flashMailOff)
}
