package views

import (
	"html/template"
	"time"

	"github.com/gofiber/fiber/v2"

	"tsunagari/courses/accounts"
	"tsunagari/courses/classes"
)

type trainerPage struct {
	Page
	Next    []classLine
	Courses []courseLine
	Past    []classLine
	More    string // id of the last class of the list, where more follow
}

// classLine is a class in a list.
type classLine struct {
	classes.Listed
	Heading template.HTML
	When    string
	Town    string
	By      string // who holds it, when it is somebody else
}

type courseLine struct {
	Title   template.HTML
	Slug    string
	Minutes int
}

// shownPast is how many past classes the home of trainers shows.
const shownPast = 5

// trainer is the home of trainers: what comes next, and what can be held.
func (s *site) trainer(c *fiber.Ctx) error {
	p := &trainerPage{Page: s.page(c, "講師")}
	ctx, access := c.UserContext(), p.Who.Access
	next, err := s.Classes.Upcoming(ctx, access)
	if err != nil {
		return err
	}
	past, _, err := s.Classes.Past(ctx, access, "")
	if err != nil {
		return err
	}
	if len(past) > shownPast {
		past = past[:shownPast]
		p.More = past[shownPast-1].ID
	}
	p.Next, p.Past = p.classLines(next), p.classLines(past)
	revs, err := s.Courses.List(ctx)
	for _, rev := range revs {
		p.Courses = append(p.Courses, courseLine{p.inline(rev.Title), rev.Slug, rev.Minutes})
	}
	if err != nil {
		return err
	}
	return s.show(c, "trainer", p)
}

func (p *Page) classLines(list []classes.Listed) []classLine {
	lines := make([]classLine, len(list))
	for i, l := range list {
		lines[i] = classLine{Listed: l, Heading: p.inline(l.Title), When: classWhen(l.Class), Town: accounts.PlaceName(l.Host, "")}
		if l.Owner != p.Who.Account {
			lines[i].By = l.HeldBy
		}
	}
	return lines
}

type pastPage struct {
	Page
	Past []classLine
	More string
}

// pastClasses are the classes that are over, page by page.
func (s *site) pastClasses(c *fiber.Ctx) error {
	p := &pastPage{Page: s.page(c, "これまでの開催")}
	p.Crumbs = []Crumb{{"/trainer", "講師"}}
	list, next, err := s.Classes.Past(c.UserContext(), p.Who.Access, c.Query("before"))
	if err != nil {
		return err
	}
	p.Past, p.More = p.classLines(list), next
	return s.show(c, "classes", p)
}

// classWhen is 2026年11月26日（木）13:30から15:30.
func classWhen(c classes.Class) string {
	return classDay(c.HeldOn) + c.StartsAt + "から" + c.EndsAt
}

var weekdays = []string{"日", "月", "火", "水", "木", "金", "土"}

func classDay(day string) string {
	t, err := time.ParseInLocation(time.DateOnly, day, japan)
	if err != nil {
		return ""
	}
	return t.Format("2006年1月2日") + "（" + weekdays[t.Weekday()] + "）"
}
