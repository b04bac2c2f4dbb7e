package views

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"tsunagari/courses/accounts"
)

type trainersPage struct {
	Page
	Posts  []accounts.PostMembers
	In     accounts.PostInput
	Towns  []Choice
	Chosen []string
}

// trainers is where a front desk invites the trainers of its municipalities.
func (s *site) trainers(c *fiber.Ctx) error {
	p, err := s.trainersPage(c)
	if err != nil {
		return err
	}
	return s.show(c, "desk-trainers", p)
}

func (s *site) trainersPage(c *fiber.Ctx) (*trainersPage, error) {
	p := &trainersPage{Page: s.page(c, "講師")}
	p.Path, p.Crumbs = "/desk/trainers", []Crumb{{"/desk", "窓口"}}
	for _, t := range p.deskTowns() {
		if t.Value != "" {
			p.Towns = append(p.Towns, t)
		}
	}
	if p.Chosen = []string{}; len(p.Towns) == 1 {
		p.Chosen = []string{p.Towns[0].Value}
	}
	var err error
	p.Posts, err = s.Accounts.TrainerPosts(c.UserContext(), p.Who.Access)
	return p, err
}

// addTrainers makes a post of trainers; the next page invites people into it.
func (s *site) addTrainers(c *fiber.Ctx) error {
	var in accounts.PostInput
	if err := parse(c, &in); err != nil {
		return err
	}
	p, err := s.trainersPage(c)
	if err != nil {
		return err
	}
	in.Role = accounts.Trainer
	in.Municipalities = slices.DeleteFunc(in.Municipalities, func(code string) bool {
		return !slices.ContainsFunc(p.Towns, func(t Choice) bool { return t.Value == code })
	})
	var post *accounts.Post
	if err = accounts.ErrPostArea; len(in.Municipalities) > 0 {
		post, err = s.Accounts.AddPost(c.UserContext(), p.Who.Access, in)
	}
	if err != nil {
		p.In, p.Chosen = in, in.Municipalities
		if p.Chosen == nil {
			p.Chosen = []string{}
		}
		return s.again(c, err, "desk-trainers", p)
	}
	return s.done(c, "/staff/posts/"+post.ID, flashPostAdded)
}
