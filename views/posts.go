package views

import (
	"github.com/gofiber/fiber/v2"

	"tsunagari/courses/accounts"
)

type postsPage struct {
	Page
	Posts []accounts.PostMembers
}

// posts lists every 係 for an administrator.
func (s *site) posts(c *fiber.Ctx) error {
	p := &postsPage{Page: s.page(c, "係")}
	p.Crumbs = []Crumb{{"/admin", "管理"}}
	var err error
	if p.Posts, err = s.Accounts.Posts(c.UserContext(), p.Who.Access); err != nil {
		return err
	}
	return s.show(c, "admin-posts", p)
}

type postFormPage struct {
	Page
	In      accounts.PostInput
	ID      string // "" for a new one
	Towns   []Choice
	Chosen  []string
	RoleSet []Choice
}

func (s *site) postForm(c *fiber.Ctx, title string, in accounts.PostInput) *postFormPage {
	p := &postFormPage{Page: s.page(c, title), In: in, Chosen: in.Municipalities}
	if p.Chosen == nil {
		p.Chosen = []string{}
	}
	p.Crumbs = []Crumb{{"/admin", "管理"}, {"/admin/posts", "係"}}
	p.Towns = towns(p.Operator)
	p.RoleSet = []Choice{
		{Value: string(accounts.Desk), Label: "窓口担当", Hint: "カードをなくした人の新しいカード、修了証の印刷、名前の直し"},
		{Value: string(accounts.Officer), Label: "自治体担当", Hint: "町の人数と、つながり先の一覧"},
		{Value: string(accounts.Trainer), Label: "講師", Hint: "講座と教室"},
		{Value: string(accounts.Admin), Label: "管理者", Hint: "このサイトのすべて"},
	}
	return p
}

// Any says whether one of the group's choices was made.
func (f Field) Any(g Group) bool {
	for _, c := range g.Choices {
		if f.On(c) {
			return true
		}
	}
	return false
}

// towns are the municipalities of the home area first, then the rest of the prefecture.
func towns(o Operator) []Choice {
	var list []Choice
	for _, c := range residences(o) {
		if len(c.Value) == len("012084") {
			list = append(list, c)
		}
	}
	return list
}

func (s *site) newPost(c *fiber.Ctx) error {
	return s.show(c, "admin-post", s.postForm(c, "係を増やす", accounts.PostInput{}))
}

func (s *site) addPost(c *fiber.Ctx) error {
	var in accounts.PostInput
	if err := parse(c, &in); err != nil {
		return err
	}
	post, err := s.Accounts.AddPost(c.UserContext(), who(c).Access, in)
	if err != nil {
		return s.again(c, err, "admin-post", s.postForm(c, "係を増やす", in))
	}
	return s.done(c, "/staff/posts/"+post.ID, flashPostAdded)
}

func (s *site) editPost(c *fiber.Ctx) error {
	post, err := s.Accounts.Post(c.UserContext(), who(c).Access, c.Params("id"))
	if err != nil {
		return err
	}
	p := s.postForm(c, "係を変える", accounts.PostInput{
		Name: post.Name, Role: post.Role, Municipalities: post.Municipalities, OfficeEmail: post.OfficeEmail, Version: post.Version,
	})
	p.ID = post.ID
	return s.show(c, "admin-post", p)
}

func (s *site) savePost(c *fiber.Ctx) error {
	var in accounts.PostInput
	if err := parse(c, &in); err != nil {
		return err
	}
	id := c.Params("id")
	if err := s.Accounts.SetPost(c.UserContext(), who(c).Access, id, in); err != nil {
		p := s.postForm(c, "係を変える", in)
		p.ID = id
		return s.again(c, err, "admin-post", p)
	}
	return s.done(c, "/staff/posts/"+id, flashSaved)
}

type whyForm struct {
	Why string `form:"why"`
}

func (s *site) endPost(c *fiber.Ctx) error {
	var in whyForm
	if err := parse(c, &in); err != nil {
		return err
	}
	if err := s.Accounts.EndPost(c.UserContext(), who(c).Access, c.Params("id"), in.Why); err != nil {
		return s.postAgain(c, err)
	}
	return s.done(c, "/admin/posts", flashPostEnded)
}
