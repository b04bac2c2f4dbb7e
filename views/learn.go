package views

import (
	"context"
	"errors"
	"fmt"
	"html/template"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tsunagari/courses"
	"tsunagari/quiz"
	"tsunagari/storage"
)

// forCourse is the reading in the words of package courses.
func (r Reading) forCourse() courses.Reading {
	return courses.Reading{Easy: r.Easy, Furigana: r.Furigana}
}

func (p *Page) inline(t courses.Text) template.HTML {
	return courses.Inline(t, p.Reading.forCourse())
}

// Next is the one button that leads on: a link, or the form that begins a quiz.
type Next struct {
	Label, What string
	Path        string // of the page
	Course      string // slug, with Quiz
	Quiz        string // key of the quiz to begin, "" for a link
	Title       template.HTML
	Minutes     int
}

func (p *Page) next(s *courses.Standing) *Next {
	step, left := s.Next()
	if !left {
		return nil
	}
	n := p.toStep(s.Revision, step)
	if done, _ := s.Progress(); done > 0 {
		n.Label = "つづきから"
	} else {
		n.Label = "はじめから読む"
	}
	return n
}

func (p *Page) toStep(r *courses.Revision, step courses.Step) *Next {
	n := &Next{Course: r.Slug, Minutes: step.Minutes(r), Label: "つぎへ"}
	switch {
	case step.Lesson != nil:
		n.What, n.Title = "レッスン", p.inline(step.Lesson.Title)
		n.Path = "/courses/" + r.Slug + "/" + step.Lesson.ID
	case step.Module != nil:
		n.What, n.Title = "確認", p.inline(step.Module.Title)
		n.Path = "/courses/" + r.Slug + "/" + step.Module.ID + "/check"
		n.Quiz = quiz.Check(step.Module.ID)
	default:
		n.What, n.Title = "しあげ", "まとめの確認"
		n.Path = "/courses/" + r.Slug + "/closing"
		n.Quiz = quiz.Closing
	}
	return n
}

type learnPage struct {
	Page
	Courses []learnCourse
	Classes []seatLine // where the person has a seat, today and later
}

type seatLine struct{ Path, When, Hall, State string }

type learnCourse struct {
	Title, Summary    template.HTML
	Path, Certificate string
	Done, All, Left   int
	Next              *Next
	Completed         bool
}

// learn is where 「つづきから」 leads: every course with its next thing.
func (s *site) learn(c *fiber.Ctx) error {
	p := learnPage{Page: s.page(c, "わたしの講座")}
	var err error
	if p.Courses, err = s.learning(c.UserContext(), &p.Page, p.Who.Account); err != nil {
		return err
	}
	if p.Classes, err = s.coming(c.UserContext(), p.Who); err != nil {
		return err
	}
	return s.show(c, "learn", &p)
}

// learning is how far the account is in every course.
func (s *site) learning(ctx context.Context, p *Page, account string) (list []learnCourse, err error) {
	revs, err := s.Courses.ListFor(ctx, account)
	if err != nil {
		return nil, err
	}
	for _, rev := range revs {
		standing, err := s.Courses.Standing(ctx, account, rev.Slug)
		if err != nil {
			return nil, err
		}
		lc := learnCourse{
			Title: p.inline(rev.Title), Summary: p.inline(rev.Summary), Path: "/courses/" + rev.Slug,
			Left: standing.MinutesLeft(), Next: p.next(standing), Completed: standing.Completed,
		}
		lc.Done, lc.All = standing.Progress()
		list = append(list, lc)
	}
	return list, nil
}

type coursePage struct {
	Page
	Heading, Summary, Body template.HTML
	Done, All, Left        int
	Next                   *Next
	Modules                []moduleView
	Closing                stepView
	HasClosing             bool
	Closed                 bool // takes nobody new, and the person is new
	ClosingOpen            bool
	Completed              bool
	Edition                int
}

type moduleView struct {
	Title   template.HTML
	Minutes int
	Done    bool
	Current bool
	Goals   []template.HTML
	Steps   []stepView
	More    []stepView // もっと知りたい方へ
}

type stepView struct {
	Title   template.HTML
	Path    string
	Minutes int
	Done    bool
}

func (s *site) course(c *fiber.Ctx) error {
	standing, err := s.standing(c)
	if err != nil {
		return err
	}
	rev := standing.Revision
	p := coursePage{
		Page: s.page(c, rev.Title.In("ja")), Next: nil, Left: standing.MinutesLeft(),
		ClosingOpen: standing.ClosingOpen(), Completed: standing.Completed, Edition: rev.Number,
	}
	p.Heading, p.Summary, p.Body = p.inline(rev.Title), p.inline(rev.Summary), rev.HTML(p.Reading.forCourse())
	if p.Closed = standing.Closed; !p.Closed {
		p.Next = p.next(standing)
	}
	p.Done, p.All = standing.Progress()
	for _, m := range rev.Modules {
		p.Modules = append(p.Modules, p.module(rev, standing, m))
	}
	if p.HasClosing = rev.Closing.Questions > 0; p.HasClosing {
		p.Closing = p.step(rev, standing, courses.Step{})
	}
	return s.show(c, "course", &p)
}

func (p *Page) module(rev *courses.Revision, standing *courses.Standing, m *courses.Module) moduleView {
	v := moduleView{Title: p.inline(m.Title), Minutes: m.Minutes, Done: true}
	if next, left := standing.Next(); left && next.Module == m {
		v.Current = true
	}
	for _, g := range m.Goals {
		v.Goals = append(v.Goals, p.inline(g))
	}
	for _, l := range m.Lessons {
		step := p.step(rev, standing, courses.Step{Module: m, Lesson: l})
		if !l.Required {
			v.More = append(v.More, step)
			continue
		}
		v.Steps = append(v.Steps, step)
		v.Done = v.Done && step.Done
	}
	if m.Check > 0 {
		step := p.step(rev, standing, courses.Step{Module: m})
		v.Steps = append(v.Steps, step)
		v.Done = v.Done && step.Done
	}
	return v
}

func (p *Page) step(rev *courses.Revision, standing *courses.Standing, st courses.Step) stepView {
	n := p.toStep(rev, st)
	if st.Lesson == nil && st.Module != nil {
		n.Title = template.HTML(fmt.Sprintf("たしかめる（%d問）", st.Module.Check))
	}
	return stepView{Title: n.Title, Path: n.Path, Minutes: n.Minutes, Done: standing.Done(st.Key())}
}

type lessonPage struct {
	Page
	Head     lessonHead
	Body     template.HTML
	Sources  *courses.Lesson
	Before   *stepView
	Read     bool
	Register bool   // what follows needs a name first
	Town     string // code of the reader's municipality below a lesson about its つながり先
}

// lessonHead is what stands above the body: the same for every reader with the same
// settings, so it is drawn once, as the sources below.
type lessonHead struct {
	Heading, Module     template.HTML
	Number, Of, Minutes int
	Required            bool
}

func (s *site) lesson(c *fiber.Ctx) error {
	p, _, err := s.lessonPage(c)
	if err != nil {
		return err
	}
	return s.show(c, "lesson", p)
}

func (s *site) lessonPage(c *fiber.Ctx) (*lessonPage, *courses.Lesson, error) {
	standing, err := s.standing(c)
	if err != nil {
		return nil, nil, err
	}
	rev := standing.Revision
	m, l, err := rev.Find(c.Params("lesson"))
	if err != nil {
		return nil, nil, err
	}
	p := &lessonPage{Page: s.page(c, courses.Plain(l.Title.In("ja"))), Sources: l, Read: standing.Read(l.ID)}
	p.Body = l.HTML(p.Reading.forCourse())
	p.Head = lessonHead{
		Heading: p.inline(l.Title), Module: p.inline(m.Title), Number: slices.Index(m.Lessons, l) + 1, Of: len(m.Lessons),
		Minutes: l.Minutes, Required: l.Required,
	}
	p.Register = m != rev.Modules[0] && p.Who.Guest()
	p.Crumbs = []Crumb{{"/courses/" + rev.Slug, courses.Plain(rev.Title.In("ja"))}}
	if p.Town, err = s.townOfLesson(c, p); err != nil {
		return nil, nil, err
	}
	if l.HasActivities {
		p.Scripts = []string{"activities.js"}
	}
	if n := p.Head.Number; n > 1 {
		before := p.step(rev, standing, courses.Step{Module: m, Lesson: m.Lessons[n-2]})
		p.Before = &before
	}
	return p, l, nil
}

// markRead keeps that the lesson was read and leads to the next thing.
func (s *site) markRead(c *fiber.Ctx) error {
	slug, lesson := c.Params("slug"), c.Params("lesson")
	standing, err := s.standing(c)
	if err != nil {
		return err
	}
	if _, _, err := standing.Revision.Find(lesson); err != nil {
		return err
	}
	account, err := s.guest(c)
	if err != nil {
		return err
	}
	_, err = s.Courses.MarkRead(c.UserContext(), account, slug, lesson)
	if errors.Is(err, courses.ErrRegisterFirst) {
		return c.Redirect("/start?back=/courses/"+slug+"/"+lesson, fiber.StatusSeeOther)
	}
	if err != nil {
		return err
	}
	to, err := s.after(c.UserContext(), account, slug, lesson)
	if err != nil {
		return err
	}
	return c.Redirect(to, fiber.StatusSeeOther)
}

// after is the address of the first thing left behind the lesson, else the first
// thing left, else the certificates.
func (s *site) after(ctx context.Context, account, slug, lesson string) (string, error) {
	standing, err := s.Courses.Standing(ctx, account, slug)
	if err != nil {
		return "", err
	}
	rev := standing.Revision
	if _, l, err := rev.Find(lesson); err == nil && !l.Required {
		return "/courses/" + slug, nil
	}
	next, left := standing.Next()
	if !left {
		return "/certificates", nil
	}
	passed := false
	for _, step := range rev.Steps() {
		if passed && !standing.Done(step.Key()) && (step.Key() != "closing" || standing.ClosingOpen()) {
			next = step
			break
		}
		passed = passed || step.Lesson != nil && step.Lesson.ID == lesson
	}
	var p Page
	return p.toStep(rev, next).Path, nil
}

// practice answers an activity without script: what was chosen, and what is said
// to it.
func (s *site) practice(c *fiber.Ctx) error {
	p, l, err := s.lessonPage(c)
	if err != nil {
		return err
	}
	values := map[string][]string{}
	for k, v := range c.Request().PostArgs().All() {
		values[string(k)] = append(values[string(k)], string(v))
	}
	p.Body, err = courses.Practise(l, c.Params("activity"), values, p.Reading.forCourse())
	if err != nil {
		return storage.ErrNotFound
	}
	p.Path = "/courses/" + c.Params("slug") + "/" + l.ID
	return s.show(c, "practice", p)
}

// guest is the account behind the request; a visitor without one is given one,
// so that progress is kept before a name is.
func (s *site) guest(c *fiber.Ctx) (string, error) {
	if w := who(c); w.SignedIn() {
		return w.Account, nil
	}
	secret, account, err := s.Accounts.Guest(c.UserContext(), device(c))
	if err != nil {
		return "", err
	}
	s.setSession(c, secret)
	return account, nil
}

// device is what a person recognises their phone by in the list of sessions; it
// holds no version and nothing of the person.
func device(c *fiber.Ctx) string {
	agent := c.Get(fiber.HeaderUserAgent)
	for _, d := range []struct{ mark, name string }{
		{"iPhone", "iPhone"},
		{"iPad", "iPad"},
		{"Android", "Androidのスマホ・タブレット"},
		{"Windows", "Windowsのパソコン"},
		{"Macintosh", "Mac"},
		{"CrOS", "Chromebook"},
		{"Linux", "Linuxのパソコン"},
	} {
		if strings.Contains(agent, d.mark) {
			return d.name
		}
	}
	return "そのほかの機器"
}
