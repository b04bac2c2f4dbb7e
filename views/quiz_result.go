package views

import (
	"html/template"
	"time"

	"github.com/gofiber/fiber/v2"

	"tsunagari/courses"
	"tsunagari/quiz"
)

type resultPage struct {
	Page
	Heading        template.HTML
	Understood, Of int
	Percent        int
	Met, Closing   bool
	Rule           string
	Pass           int
	Missed         []missedView
	Again          *Next // begin once more
	Next           *Next
	Completed      bool
	Course         string
	Register       bool
	Until          time.Time
}

type missedView struct {
	Number int
	Text   template.HTML
	*reviewView
}

func (s *site) result(c *fiber.Ctx, v *quiz.View) error {
	rev := v.Revision
	standing, err := s.Courses.Standing(c.UserContext(), v.AccountID, rev.Slug)
	if err != nil {
		return err
	}
	p := &resultPage{
		Page: s.page(c, "確認のけっか"), Understood: v.Understood, Of: len(v.Drawn), Percent: int(v.Score*100 + 1e-9),
		Met: v.Met(rev), Closing: v.Module == nil, Rule: rev.Closing.Rule, Pass: rev.Closing.Pass,
		Completed: standing.Completed, Course: "/courses/" + rev.Slug,
	}
	p.Path = "/quiz/" + v.ID
	p.Crumbs = []Crumb{{p.Course, courses.Plain(rev.Title.In("ja"))}}
	p.Heading = "まとめの確認"
	step := courses.Step{}
	if v.Module != nil {
		p.Heading = checkTitle(p.inline(v.Module.Title))
		step.Module = v.Module
	}
	for _, r := range v.Missed() {
		p.Missed = append(p.Missed, missedView{r.Number, p.inline(r.Text), p.review(rev, r)})
	}
	p.Again = p.toStep(rev, step)
	if next, left := standing.Next(); left {
		p.Next = p.toStep(rev, next)
		p.Register = p.Who.Guest() && next.Module != rev.Modules[0]
	}
	return s.show(c, "quiz-result", p)
}
