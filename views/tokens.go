package views

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"tsunagari/courses/accounts"
)

type tokensPage struct {
	Page
	Posts  []accounts.PostTokens
	Own    []Choice // posts that the person may make a token for
	Towns  []Choice // of these posts
	In     accounts.TokenInput
	Chosen []string
	Made   *accounts.Token // by this very request
	Plain  string          // its secret; "" when it was shown before
}

// tokens lists what pulls the figures of the person's posts.
func (s *site) tokens(c *fiber.Ctx) error {
	p, err := s.tokensPage(c, accounts.TokenInput{})
	if err != nil {
		return err
	}
	return s.show(c, "municipality-tokens", p)
}

func (s *site) tokensPage(c *fiber.Ctx, in accounts.TokenInput) (*tokensPage, error) {
	p := &tokensPage{Page: s.page(c, "ほかのシステムとつなぐ"), In: in, Chosen: in.Municipalities}
	p.Path = "/municipality/tokens"
	p.Crumbs = []Crumb{{"/municipality", "修了者数"}}
	if p.Chosen == nil {
		p.Chosen = []string{}
	}
	var err error
	if p.Posts, err = s.Accounts.Tokens(c.UserContext(), p.Who.Access); err != nil {
		return nil, err
	}
	var codes []string
	for _, post := range p.Posts {
		if post.Own {
			p.Own = append(p.Own, Choice{Value: post.ID, Label: post.Name})
			codes = append(codes, post.Municipalities...)
		}
	}
	if p.In.PostID == "" && len(p.Own) > 0 {
		p.In.PostID = p.Own[0].Value
	}
	p.Towns = choicesOf(codes)
	return p, nil
}

// choicesOf are municipalities to choose from: Hokkaido's by its bureaus, then others.
func choicesOf(codes []string) (list []Choice) {
	add := func(m accounts.Municipality, group string) {
		if slices.Contains(codes, m.Code) && !slices.ContainsFunc(list, func(c Choice) bool { return c.Value == m.Code }) {
			list = append(list, Choice{Value: m.Code, Label: m.Name, Group: group})
		}
	}
	for _, b := range accounts.Bureaus {
		for _, m := range b.Municipalities {
			add(m, b.Name)
		}
	}
	for _, code := range codes {
		if m, known := accounts.ByCode(code); known {
			add(m, m.Prefecture)
		}
	}
	return list
}

// addToken makes a token and shows it once: the answer to this POST is the only place
// where it can be read.
func (s *site) addToken(c *fiber.Ctx) error {
	var in accounts.TokenInput
	if err := parse(c, &in); err != nil {
		return err
	}
	made, plain, err := s.Accounts.AddToken(c.UserContext(), who(c).Access, in)
	if err != nil {
		p, pageErr := s.tokensPage(c, in)
		if pageErr != nil {
			return pageErr
		}
		return s.again(c, err, "municipality-tokens", p)
	}
	p, err := s.tokensPage(c, accounts.TokenInput{})
	if err != nil {
		return err
	}
	p.Made, p.Plain = made, plain
	secret(c)
	return s.show(c, "municipality-tokens", p)
}

func (s *site) revokeToken(c *fiber.Ctx) error {
	if err := s.Accounts.RevokeToken(c.UserContext(), who(c).Access, c.Params("id")); err != nil {
		return err
	}
	return s.done(c, "/municipality/tokens", flashTokenRevoked)
}
