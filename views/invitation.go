package views

import (
	"errors"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tsunagari/courses/accounts"
)

// linkForm is the first step behind a one-time link of staff: its secret. The link
// has it behind #, which a browser tells nobody; a script puts it into the field,
// and whoever has no script types what stands beside the link. From there it goes
// from form to form and never into an address.
type linkForm struct {
	Token string `form:"token"`
	Step  string `form:"step"` // "" to see what the link is for, then "save"
}

// token is the secret, also of somebody who typed the whole link.
func (f linkForm) token() string {
	return strings.TrimSpace(f.Token[strings.LastIndex(f.Token, "#")+1:])
}

type linkPage struct {
	Page
	Lead string
	In   linkForm
}

func (s *site) linkPage(c *fiber.Ctx, title, lead string, in linkForm) *linkPage {
	p := &linkPage{Page: s.page(c, title), Lead: lead, In: in}
	p.Bare = true
	return p
}

// link is the address of a one-time link of staff.
func (s *site) link(c *fiber.Ctx) func(token string) string {
	return func(token string) string { return s.address(c) + "/invitation#" + token }
}

type invitationPage struct {
	Page
	Token string
	Post  *accounts.Post // nil: a new password only
	In    accounts.Acceptance
}

type invitationForm struct {
	linkForm
	accounts.Acceptance
}

// invitation is the door of a one-time link: into a post, or to a new password.
func (s *site) invitation(c *fiber.Ctx) error {
	return s.show(c, "link", s.invitationDoor(c, linkForm{}))
}

func (s *site) invitationDoor(c *fiber.Ctx, in linkForm) *linkPage {
	return s.linkPage(c, "招待・パスワードのリンク", "受け取ったコードを入れてください。", in)
}

// accept shows whoever has the secret what it is for, takes them into the post, or
// sets the new password. They sign in next.
func (s *site) accept(c *fiber.Ctx) error {
	secret(c)
	var in invitationForm
	if err := parse(c, &in); err != nil {
		return err
	}
	inv, err := s.Accounts.Invitation(c.UserContext(), in.token())
	if errors.Is(err, accounts.ErrInvitation) {
		return s.again(c, err, "link", s.invitationDoor(c, in.linkForm))
	} else if err != nil {
		return err
	}
	p := &invitationPage{Page: s.page(c, "パスワードを決める"), Token: in.token(), Post: inv.Post}
	p.Bare = true
	if p.Post != nil {
		p.Title = "係への招待"
	}
	if in.Step == "" {
		return s.show(c, "invitation", p)
	}
	if p.Post == nil {
		err = s.Accounts.ResetPassword(c.UserContext(), in.token(), accounts.NewPassword{Password: in.Password})
	} else {
		_, err = s.Accounts.Accept(c.UserContext(), in.token(), in.Acceptance, c.IP())
	}
	if err != nil {
		p.In = in.Acceptance
		p.In.Password = ""
		return s.again(c, err, "invitation", p)
	}
	return s.done(c, "/signin/staff", flashWelcome)
}
