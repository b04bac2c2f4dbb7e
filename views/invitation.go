package views

import (
	"github.com/gofiber/fiber/v2"

	"tsunagari/courses/accounts"
)

type invitationPage struct {
	Page
	Post *accounts.Post // nil: a new password only
	In   accounts.Acceptance
}

// invitation is where a one-time link leads: into a post, or to a new password.
func (s *site) invitation(c *fiber.Ctx) error {
	p, err := s.invitationPage(c)
	if err != nil {
		return err
	}
	return s.show(c, "invitation", p)
}

func (s *site) invitationPage(c *fiber.Ctx) (*invitationPage, error) {
	inv, err := s.Accounts.Invitation(c.UserContext(), c.Params("token"))
	if err != nil {
		return nil, err
	}
	p := &invitationPage{Page: s.page(c, "パスワードを決める"), Post: inv.Post}
	if p.Post != nil {
		p.Title = "係への招待"
	}
	p.Bare = true
	return p, nil
}

// accept takes the person into the post, or sets the new password. They sign in next.
func (s *site) accept(c *fiber.Ctx) error {
	var in accounts.Acceptance
	if err := parse(c, &in); err != nil {
		return err
	}
	p, err := s.invitationPage(c)
	if err != nil {
		return err
	}
	if p.Post == nil {
		err = s.Accounts.ResetPassword(c.UserContext(), c.Params("token"), accounts.NewPassword{Password: in.Password})
	} else {
		_, err = s.Accounts.Accept(c.UserContext(), c.Params("token"), in, c.IP())
	}
	if err != nil {
		in.Password = ""
		p.In = in
		return s.again(c, err, "invitation", p)
	}
	return s.done(c, "/signin/staff", flashWelcome)
}
