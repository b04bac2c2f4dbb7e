package views

import (
	"html/template"

	"github.com/gofiber/fiber/v2"

	"tsunagari/quiz"
	"tsunagari/storage"
)

type regradePage struct {
	Page
	In       quiz.RegradeInput
	Text     template.HTML
	Solution []template.HTML
	EditPath string
	Preview  *quiz.Regraded // nil before a rule was chosen
}

// regradeForm asks how a question is marked again; with a rule it says what would change.
func (s *site) regradeForm(c *fiber.Ctx) error {
	p, err := s.regradePage(c, quiz.RegradeInput{Rule: quiz.RegradeRule(c.Query("rule")), Why: ""})
	if err != nil {
		return err
	}
	return s.show(c, "regrade", p)
}

func (s *site) regradePage(c *fiber.Ctx, in quiz.RegradeInput) (*regradePage, error) {
	id, question, access := c.Params("course"), c.Params("question"), who(c).Access
	rev, err := s.Courses.Published(c.UserContext(), access, id)
	if err != nil {
		return nil, err
	}
	q := rev.Question(question)
	if q == nil {
		return nil, storage.ErrNotFound
	}
	p := &regradePage{Page: s.page(c, "採点のやり直し"), In: in, EditPath: "/trainer/courses/" + id + "/questions/" + question}
	p.Crumbs = []Crumb{{"/trainer", "講師"}, {"/trainer/courses/" + id, "講座"}, {"/trainer/courses/" + id + "/analysis", "くわしい分析"}}
	p.Text = p.inline(q.Text)
	for _, t := range quiz.Solution(q) {
		p.Solution = append(p.Solution, p.inline(t))
	}
	if in.Rule != quiz.ByKey && in.Rule != quiz.ForAll {
		p.In.Rule = ""
		return p, nil
	}
	p.Preview, err = s.Quizzes.PreviewRegrade(c.UserContext(), access, id, question, in.Rule)
	return p, err
}

func (s *site) regrade(c *fiber.Ctx) error {
	var in quiz.RegradeInput
	if err := parse(c, &in); err != nil {
		return err
	}
	id := c.Params("course")
	err := s.Quizzes.Regrade(c.UserContext(), who(c).Access, id, c.Params("question"), in)
	if err != nil {
		p, broken := s.regradePage(c, in)
		if broken != nil {
			return broken
		}
		return s.again(c, err, "regrade", p)
	}
	return s.done(c, "/trainer/courses/"+id+"/analysis", flashRegraded)
}
