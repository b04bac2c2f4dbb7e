package views

import (
	"errors"
	"fmt"
	"html/template"
	"net/url"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"tsunagari/courses"
	"tsunagari/courses/questions"
	"tsunagari/quiz"
	"tsunagari/storage"
)

type quizIntroPage struct {
	Page
	Heading   template.HTML
	Next      *Next
	Questions int
	Again     bool // it was done before
	Closing   bool
	Rule      string
	Pass      int
	Register  bool
}

// check is the page before the check of a module.
func (s *site) check(c *fiber.Ctx) error {
	standing, err := s.standing(c)
	if err != nil {
		return err
	}
	m, err := standing.Revision.Module(c.Params("lesson"))
	if err != nil || m.Check == 0 {
		return storage.ErrNotFound
	}
	p := s.quizIntro(c, standing, courses.Step{Module: m})
	p.Questions = m.Check
	p.Register = m != standing.Revision.Modules[0] && p.Who.Guest()
	return s.show(c, "quiz-intro", p)
}

// closing is the page before まとめの確認.
func (s *site) closing(c *fiber.Ctx) error {
	standing, err := s.standing(c)
	if err != nil {
		return err
	}
	rule := standing.Revision.Closing
	if rule.Questions == 0 {
		return storage.ErrNotFound
	}
	if !standing.ClosingOpen() {
		return c.Redirect("/courses/"+standing.Revision.Slug, fiber.StatusSeeOther)
	}
	p := s.quizIntro(c, standing, courses.Step{})
	p.Closing, p.Questions, p.Rule, p.Pass, p.Register = true, rule.Questions, rule.Rule, rule.Pass, p.Who.Guest()
	return s.show(c, "quiz-intro", p)
}

func (s *site) quizIntro(c *fiber.Ctx, standing *courses.Standing, step courses.Step) *quizIntroPage {
	rev := standing.Revision
	p := &quizIntroPage{Page: s.page(c, ""), Again: standing.Done(step.Key())}
	p.Next = p.toStep(rev, step)
	p.Heading, p.Title = p.Next.Title, "まとめの確認"
	if step.Module != nil {
		p.Heading, p.Title = checkTitle(p.Heading), "「"+courses.Plain(step.Module.Title.In("ja"))+"」の確認"
	}
	p.Crumbs = []Crumb{{"/courses/" + rev.Slug, courses.Plain(rev.Title.In("ja"))}}
	return p
}

func checkTitle(module template.HTML) template.HTML { return "「" + module + "」の確認" }

type startQuizForm struct {
	Course string `form:"course"`
	Quiz   string `form:"quiz"`
}

// startQuiz begins a quiz, or leads to the one that is open.
func (s *site) startQuiz(c *fiber.Ctx) error {
	var in startQuizForm
	if err := parse(c, &in); err != nil {
		return err
	}
	if _, err := s.Courses.Standing(c.UserContext(), "", in.Course); err != nil {
		return err
	}
	account, err := s.guest(c)
	if err != nil {
		return err
	}
	a, err := s.Quizzes.Start(c.UserContext(), account, in.Course, in.Quiz)
	if errors.Is(err, courses.ErrRegisterFirst) {
		return c.Redirect("/start?back=/courses/"+url.PathEscape(in.Course), fiber.StatusSeeOther)
	}
	if err != nil {
		return err
	}
	return c.Redirect("/quiz/"+a.ID, fiber.StatusSeeOther)
}

// attempt leads to the first question that is left, or shows the result.
func (s *site) attempt(c *fiber.Ctx) error {
	v, err := s.Quizzes.View(c.UserContext(), who(c).Account, c.Params("attempt"))
	if err != nil {
		return err
	}
	if v.DoneAt != nil {
		return s.result(c, v)
	}
	n, _ := v.Next(0)
	return c.Redirect(fmt.Sprintf("/quiz/%s/%d", v.ID, n), fiber.StatusSeeOther)
}

type questionPage struct {
	Page
	Attempt    string
	Heading    template.HTML
	Number, Of int
	askedView
	Immediate     bool
	Review        *reviewView
	Before, After int // question numbers, 0 for none
	Last          bool
	Dots          []dotView
	Kept          bool // an answer is kept already
	Lesson        string
	Result        bool // the attempt is done
	LessonsOpen   string
	Closing       bool
}

// askedView is a question with its fields, for the part "answerfields".
type askedView struct {
	Prefix  string // of the fields' names, where a page shows several questions
	Type    string
	Text    template.HTML
	Options []optionView
	Lines   []lineView
	Unit    string
	Typed   string
	Several bool
}

type optionView struct {
	Place  int
	Text   template.HTML
	Chosen bool
}

type lineView struct {
	Index  int
	Text   template.HTML
	Places []optionView
}

type dotView struct {
	Number        int
	Done, Current bool
}

type reviewView struct {
	Right                 bool
	Partly                bool
	Regraded              quiz.RegradeRule // the question was wrong, and its answers were marked again
	Feedback              []saidView
	Solution              []template.HTML
	Explanation           template.HTML
	LessonPath, LessonFor string
	LessonTitle           template.HTML
}

type saidView struct {
	About, Text template.HTML
	Right       bool
}

func (s *site) question(c *fiber.Ctx) error {
	v, n, err := s.viewQuestion(c)
	if err != nil {
		return err
	}
	return s.show(c, "question", s.questionPage(c, v, n, nil))
}

func (s *site) viewQuestion(c *fiber.Ctx) (*quiz.View, int, error) {
	v, err := s.Quizzes.View(c.UserContext(), who(c).Account, c.Params("attempt"))
	if err != nil {
		return nil, 0, err
	}
	n, err := strconv.Atoi(c.Params("number"))
	if err != nil || n < 1 || n > len(v.Drawn) {
		return nil, 0, storage.ErrNotFound
	}
	return v, n, nil
}

// questionPage shows question n; typed stands in for what is kept, where a form
// could not be accepted.
func (s *site) questionPage(c *fiber.Ctx, v *quiz.View, n int, typed *quiz.Given) *questionPage {
	a := v.Ask(n)
	if typed != nil {
		a.Given = typed
	}
	p := &questionPage{
		Page: s.page(c, fmt.Sprintf("問%d", n)), Attempt: v.ID, Number: n, Of: a.Total,
		Immediate: quiz.Immediate(v.Revision, v.Quiz), Kept: a.Given != nil, Result: v.DoneAt != nil,
		Closing: v.Module == nil,
	}
	p.Path = fmt.Sprintf("/quiz/%s/%d", v.ID, n)
	p.Scripts = []string{"quiz.js"}
	p.Heading = "まとめの確認"
	p.LessonsOpen = "/courses/" + v.Revision.Slug
	if v.Module != nil {
		p.Heading = checkTitle(p.inline(v.Module.Title))
	}
	p.askedView = p.asks(a)
	if r, ok := v.Review(n); ok {
		p.Review = p.review(v.Revision, r)
	}
	p.neighbours(v, n)
	return p
}

func (p *questionPage) neighbours(v *quiz.View, n int) {
	for i, done := range v.Answered {
		p.Dots = append(p.Dots, dotView{i + 1, done, i+1 == n})
	}
	if n > 1 {
		p.Before = n - 1
	}
	if n < len(v.Drawn) {
		p.After = n + 1
	} else {
		p.Last = true
	}
}

// asks shows a question with what was answered so far.
func (p *Page) asks(a quiz.Asked) askedView {
	g := quiz.Given{}
	if a.Given != nil {
		g = *a.Given
	}
	v := askedView{Type: string(a.Type), Text: p.inline(a.Text), Unit: a.Unit, Typed: g.Text, Several: a.Type == questions.Multiple}
	for i, t := range a.Options {
		v.Options = append(v.Options, optionView{i, p.inline(t), contains(g.Chosen, i)})
	}
	for i, t := range a.Lines {
		line := lineView{Index: i, Text: p.inline(t)}
		at := -1
		if i < len(g.Placed) {
			at = g.Placed[i]
		}
		if a.Type == questions.Ordering {
			for rank := range a.Lines {
				line.Places = append(line.Places, optionView{rank + 1, template.HTML(strconv.Itoa(rank + 1)), at == rank+1})
			}
		}
		for place, t := range a.Places {
			line.Places = append(line.Places, optionView{place, p.inline(t), at == place})
		}
		v.Lines = append(v.Lines, line)
	}
	return v
}

func contains(list []int, x int) bool {
	for _, y := range list {
		if x == y {
			return true
		}
	}
	return false
}

func (p *Page) review(rev *courses.Revision, r quiz.Reviewed) *reviewView {
	v := &reviewView{Regraded: r.Regraded, Right: r.Right, Partly: !r.Right && r.Score > 0, Explanation: p.inline(r.Explanation)}
	for _, f := range r.Feedback {
		v.Feedback = append(v.Feedback, saidView{p.inline(f.About), p.inline(f.Text), f.Right})
	}
	for _, t := range r.Solution {
		v.Solution = append(v.Solution, p.inline(t))
	}
	if _, l, err := rev.Find(r.Lesson); err == nil {
		v.LessonPath, v.LessonTitle = "/courses/"+rev.Slug+"/"+l.ID, p.inline(l.Title)
	}
	return v
}

// answer keeps an answer, or confirms it so that its feedback is shown.
func (s *site) answer(c *fiber.Ctx) error {
	account, id := who(c).Account, c.Params("attempt")
	n, err := strconv.Atoi(c.Params("number"))
	if err != nil {
		return storage.ErrNotFound
	}
	form := c.Request().PostArgs()
	g := givenBy(form.PeekMulti("a"), func(name string) string { return string(form.Peek(name)) })
	sequence, _ := strconv.ParseInt(string(form.Peek("sequence")), 10, 64)
	if string(form.Peek("do")) == "confirm" {
		err = s.Quizzes.Confirm(c.UserContext(), account, id, n, g, 0)
	} else {
		err = s.Quizzes.Answer(c.UserContext(), account, id, n, g, sequence)
	}
	if c.Get(fiber.HeaderAccept) == fiber.MIMEApplicationJSON {
		if err != nil && !errors.Is(err, quiz.ErrConfirmed) {
			return err
		}
		return c.JSON(fiber.Map{"say": "答えを受け取りました"})
	}
	if errors.Is(err, quiz.ErrConfirmed) { // from an old page: show what is kept
		err = nil
	}
	if err != nil {
		v, number, viewErr := s.viewQuestion(c)
		if viewErr != nil {
			return viewErr
		}
		return s.again(c, err, "question", s.questionPage(c, v, number, &g))
	}
	to := fmt.Sprintf("/quiz/%s/%d", id, n)
	if string(form.Peek("do")) == "next" {
		to = fmt.Sprintf("/quiz/%s/next?after=%d", id, n)
	}
	return c.Redirect(to, fiber.StatusSeeOther)
}

// givenBy reads the places out of a form: a=2&a=3, p0=1&p1=0, text=….
func givenBy(chosen [][]byte, value func(string) string) quiz.Given {
	g := quiz.Given{Text: value("text")}
	for _, a := range chosen {
		if place, err := strconv.Atoi(string(a)); err == nil {
			g.Chosen = append(g.Chosen, place)
		}
	}
	for i := range maxLines {
		place, err := strconv.Atoi(value(fmt.Sprintf("p%d", i)))
		if err != nil {
			place = -1
		}
		g.Placed = append(g.Placed, place)
	}
	return g
}

// maxLines is how many lines of matching, ordering or sorting a form may send.
const maxLines = 20

// nextQuestion leads to the next question that is left, or, in a passing test, to
// the page that asks to hand in.
func (s *site) nextQuestion(c *fiber.Ctx) error {
	v, err := s.Quizzes.View(c.UserContext(), who(c).Account, c.Params("attempt"))
	if err != nil {
		return err
	}
	if n, left := v.Next(c.QueryInt("after")); left {
		return c.Redirect(fmt.Sprintf("/quiz/%s/%d", v.ID, n), fiber.StatusSeeOther)
	}
	if v.DoneAt != nil || quiz.Immediate(v.Revision, v.Quiz) {
		return c.Redirect("/quiz/"+v.ID, fiber.StatusSeeOther)
	}
	p := submitPage{Page: s.page(c, "答えを送る"), Attempt: v.ID, Of: len(v.Drawn)}
	return s.show(c, "quiz-submit", &p)
}

type submitPage struct {
	Page
	Attempt string
	Of      int
}

func (s *site) submit(c *fiber.Ctx) error {
	id := c.Params("attempt")
	err := s.Quizzes.Submit(c.UserContext(), who(c).Account, id)
	if errors.Is(err, quiz.ErrNotAnswered) {
		return c.Redirect("/quiz/"+id+"/next", fiber.StatusSeeOther)
	}
	if err != nil {
		return err
	}
	return c.Redirect("/quiz/"+id, fiber.StatusSeeOther)
}
