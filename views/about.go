package views

import "github.com/gofiber/fiber/v2"

// aboutPage is a page of text only.
type aboutPage struct{ Page }

func (s *site) help(c *fiber.Ctx) error {
	return s.show(c, "help", &aboutPage{s.page(c, "使い方")})
}

func (s *site) privacy(c *fiber.Ctx) error {
	return s.show(c, "privacy", &aboutPage{s.page(c, "個人情報の取り扱い")})
}

func (s *site) accessibility(c *fiber.Ctx) error {
	return s.show(c, "accessibility", &aboutPage{s.page(c, "読みやすさ・使いやすさについて")})
}
