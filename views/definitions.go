package views

import (
	"github.com/gofiber/fiber/v2"

	"tsunagari/courses/counts"
)

type definitionsPage struct {
	Page
	Definitions []counts.Definition
	Edition     int
	Public      bool // read without signing in
}

// definitions says what is counted: the page that figures everywhere point to. Each
// definition keeps its anchor for ever.
func (s *site) definitions(c *fiber.Ctx) error {
	p := s.definitionsPage(c)
	p.Crumbs = []Crumb{{"/municipality", "修了者数"}}
	return s.show(c, "definitions", p)
}

func (s *site) publicDefinitions(c *fiber.Ctx) error {
	p := s.definitionsPage(c)
	p.Crumbs, p.Public = []Crumb{{"/statistics", "修了者数"}}, true
	return s.show(c, "definitions", p)
}

func (s *site) definitionsPage(c *fiber.Ctx) *definitionsPage {
	return &definitionsPage{Page: s.page(c, "数え方"), Definitions: counts.Definitions(), Edition: counts.Edition}
}
