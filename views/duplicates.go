package views

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"tsunagari/certificates"
	"tsunagari/courses/accounts"
	"tsunagari/storage"
)

type duplicatesPage struct {
	Page
	Query accounts.DuplicateQuery
	List  []accounts.Duplicate
	More  bool
}

// Next and Before are the pages around this one.
func (p *duplicatesPage) Next() int   { return p.Query.Page + 1 }
func (p *duplicatesPage) Before() int { return p.Query.Page - 1 }

// duplicates lists the pairs of registrations that may be one person's.
func (s *site) duplicates(c *fiber.Ctx) error {
	p := &duplicatesPage{Page: s.page(c, "重複候補")}
	p.Crumbs = []Crumb{{"/desk", "窓口"}}
	if err := c.QueryParser(&p.Query); err != nil {
		return errUnreadable
	}
	p.Query.Page = max(p.Query.Page, 1)
	var err error
	if p.List, p.More, err = s.Accounts.Duplicates(c.UserContext(), p.Who.Access, p.Query); err != nil {
		return err
	}
	return s.show(c, "desk-duplicates", p)
}

// duplicateCrumbs is the way to a pair.
func duplicateCrumbs() []Crumb {
	return []Crumb{{"/desk", "窓口"}, {"/desk/duplicates", "重複候補"}}
}

type comparePage struct {
	Page
	Pair accounts.MergePreview
}

// compare puts two registrations beside each other, and asks which one stays.
func (s *site) compare(c *fiber.Ctx) error {
	p := &comparePage{Page: s.page(c, "見くらべる")}
	p.Crumbs = duplicateCrumbs()
	pair, err := s.Accounts.MergePreview(c.UserContext(), p.Who.Access, c.Params("a"), c.Params("b"))
	if err != nil {
		return err
	}
	p.Pair = *pair
	return s.show(c, "desk-compare", p)
}

// different keeps that the two are two people.
func (s *site) different(c *fiber.Ctx) error {
	if err := s.Accounts.Different(c.UserContext(), who(c).Access, c.Params("a"), c.Params("b")); err != nil {
		return err
	}
	return s.done(c, "/desk/duplicates", flashDifferent)
}

type mergePage struct {
	Page
	Pair accounts.MergePreview
	In   accounts.Merging
}

// askMerge says what merging would do, before it is done. Afterwards, as by the
// button Back, it leads to what was done.
func (s *site) askMerge(c *fiber.Ctx) error {
	p, err := s.mergePage(c)
	if errors.Is(err, storage.ErrNotFound) {
		if _, _, away := s.Accounts.Merged(c.UserContext(), who(c).Access, c.Params("from"), c.Params("into")); away == nil {
			return c.Redirect(donePath(c), fiber.StatusSeeOther)
		}
	}
	if err != nil {
		return err
	}
	return s.show(c, "desk-merge", p)
}

// donePath says what was done.
func donePath(c *fiber.Ctx) string {
	return "/desk/duplicates/" + c.Params("from") + "/" + c.Params("into") + "/done"
}

func (s *site) mergePage(c *fiber.Ctx) (*mergePage, error) {
	p := &mergePage{Page: s.page(c, "ひとつにまとめる")}
	from, into := c.Params("from"), c.Params("into")
	p.Crumbs = append(duplicateCrumbs(), Crumb{"/desk/duplicates/" + from + "/" + into, "見くらべる"})
	pair, err := s.Accounts.MergePreview(c.UserContext(), p.Who.Access, from, into)
	if err != nil {
		return nil, err
	}
	p.Pair = *pair
	return p, nil
}

// merge makes the two one. Which of them is written in the address: what was read
// is what is done.
func (s *site) merge(c *fiber.Ctx) error {
	var in accounts.Merging
	if err := parse(c, &in); err != nil {
		return err
	}
	in.From, in.Into = c.Params("from"), c.Params("into")
	if err := s.Accounts.Merge(c.UserContext(), who(c).Access, in); err != nil {
		p, away := s.mergePage(c)
		if away != nil {
			return away
		}
		p.In = in
		return s.again(c, err, "desk-merge", p)
	}
	return c.Redirect(donePath(c), fiber.StatusSeeOther)
}

type mergedPage struct {
	Page
	Old, Person accounts.Account
	Valid, Past []certificateView
	Waits       []*certificates.Wait
	Courses     []learnCourse
}

// merged says what was done, as it stands now.
func (s *site) merged(c *fiber.Ctx) error {
	p := &mergedPage{Page: s.page(c, "ひとつにまとめました")}
	p.Crumbs = duplicateCrumbs()
	old, person, err := s.Accounts.Merged(c.UserContext(), p.Who.Access, c.Params("from"), c.Params("into"))
	if err != nil {
		return err
	}
	p.Old, p.Person = *old, *person
	var list []*certificates.Certificate
	if list, p.Waits, err = s.Certificates.Of(c.UserContext(), person.ID); err != nil {
		return err
	}
	var sorted certificatesPage
	sorted.sort(list)
	p.Valid, p.Past = sorted.Valid, sorted.Past
	if p.Courses, err = s.learning(c.UserContext(), &p.Page, person.ID); err != nil {
		return err
	}
	return s.show(c, "desk-merged", p)
}
