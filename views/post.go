package views

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"tsunagari/courses/accounts"
	"tsunagari/storage"
)

type postPage struct {
	Page
	Post  accounts.PostMembers
	Towns []string
	In    accounts.Invitee
	Link  string // of an invitation that was just made, shown once
	Code  string // the secret in it, to type
}

// post is one 係 with its people, for an administrator and whoever is in it.
func (s *site) post(c *fiber.Ctx) error {
	p, err := s.postPage(c)
	if err != nil {
		return err
	}
	return s.show(c, "post", p)
}

func (s *site) postPage(c *fiber.Ctx) (*postPage, error) {
	p := &postPage{Page: s.page(c, "係")}
	found, err := s.Accounts.Post(c.UserContext(), p.Who.Access, c.Params("id"))
	if err != nil {
		return nil, err
	}
	p.Post = *found
	p.Title, p.Path = p.Post.Name, "/staff/posts/"+p.Post.ID
	p.Crumbs = []Crumb{{"/staff", "職員のページ"}}
	switch {
	case p.Who.Is("admin"):
		p.Crumbs = []Crumb{{"/admin", "管理"}, {"/admin/posts", "係"}}
	case p.Post.Role == accounts.Trainer && p.Who.Is("desk"):
		p.Crumbs = []Crumb{{"/desk", "窓口"}, {"/desk/trainers", "講師"}}
	}
	for _, code := range p.Post.Municipalities {
		p.Towns = append(p.Towns, accounts.PlaceName(code, ""))
	}
	return p, nil
}

func (s *site) postAgain(c *fiber.Ctx, err error) error {
	p, pageErr := s.postPage(c)
	if pageErr != nil {
		return pageErr
	}
	return s.again(c, err, "post", p)
}

// invite makes the one-time link into the post and shows it once: the answer to
// this POST is the only place where it can be read.
func (s *site) invite(c *fiber.Ctx) error {
	var in accounts.Invitee
	if err := parse(c, &in); err != nil {
		return err
	}
	token, err := s.Accounts.Invite(c.UserContext(), who(c).Access, c.Params("id"), in, s.link(c))
	if err != nil {
		p, pageErr := s.postPage(c)
		if pageErr != nil {
			return pageErr
		}
		p.In = in
		return s.again(c, err, "post", p)
	}
	p, err := s.postPage(c)
	if err != nil {
		return err
	}
	p.Link, p.Code, p.In = s.link(c)(token), token, in
	secret(c)
	return s.show(c, "post", p)
}

func (s *site) uninvite(c *fiber.Ctx) error {
	if _, err := s.postPage(c); err != nil {
		return err
	}
	err := s.Accounts.Uninvite(c.UserContext(), who(c).Access, c.Params("invitation"))
	if err != nil && !errors.Is(err, storage.ErrNotFound) { // one that is gone already is fine
		return err
	}
	return s.done(c, "/staff/posts/"+c.Params("id"), flashUninvited)
}

// endMember ends somebody's time in the post: a successor ends the predecessor.
func (s *site) endMember(c *fiber.Ctx) error {
	var in whyForm
	if err := parse(c, &in); err != nil {
		return err
	}
	if err := s.Accounts.EndMember(c.UserContext(), who(c).Access, c.Params("member"), in.Why); err != nil {
		return s.postAgain(c, err)
	}
	to := "/staff/posts/" + c.Params("id")
	if _, err := s.Accounts.Post(c.UserContext(), who(c).Access, c.Params("id")); err != nil {
		to = "/" // who ended their own time may not look at it any more
	}
	return s.done(c, to, flashMemberEnded)
}

// invitePassword makes the link with which a member of staff sets a new password.
func (s *site) invitePassword(c *fiber.Ctx) error {
	var in whyForm
	if err := parse(c, &in); err != nil {
		return err
	}
	p, err := s.postPage(c)
	if err != nil {
		return err
	}
	id, err := p.account(c.Params("member"))
	if err != nil {
		return err
	}
	token, err := s.Accounts.InviteToPassword(c.UserContext(), p.Who.Access, id, in.Why)
	if err != nil {
		return err
	}
	p.Link, p.Code = s.link(c)(token), token
	secret(c)
	return s.show(c, "post", p)
}

// account is whose membership of this post it is.
func (p *postPage) account(member string) (string, error) {
	for _, m := range p.Post.Members {
		if m.ID == member {
			return m.AccountID, nil
		}
	}
	return "", storage.ErrNotFound
}
