package views

import (
	"html/template"
	"time"

	"github.com/gofiber/fiber/v2"

	"tsunagari/certificates/paper"
	"tsunagari/courses"
	"tsunagari/courses/accounts"
	"tsunagari/courses/classes"
)

type classFormPage struct {
	Page
	ID       string // "" for a new one
	Course   template.HTML
	In       classes.Input
	Towns    []Choice
	Rules    []Choice
	Trainers []Choice // who may help
	Chosen   []string
}

var ruleHints = map[classes.Rule]string{
	classes.Sheet: "はじめから終わりまで出席し、ふり返りシートを出した方が修了です。ふつうは、これを選びます。",
	classes.Check: "出席し、まとめの確認を、紙かスマホで終えた方が修了です。",
	classes.Study: "出席し、スマホで講座をすべて終えた方が修了です。前でも後でもかまいません。",
}

func (s *site) classForm(c *fiber.Ctx, title string, in classes.Input, course courses.Text) (*classFormPage, error) {
	p := &classFormPage{Page: s.page(c, title), In: in, Chosen: in.Helpers}
	p.Crumbs = []Crumb{{"/trainer", "講師"}}
	p.Course = p.inline(course)
	if p.Chosen == nil {
		p.Chosen = []string{}
	}
	p.Towns = append([]Choice{{Label: "選んでください"}}, towns(p.Operator)...)
	for _, r := range classes.Rules {
		p.Rules = append(p.Rules, Choice{Value: string(r), Label: r.Label(), Hint: ruleHints[r]})
	}
	list, err := s.Accounts.Trainers(c.UserContext())
	for _, m := range list {
		if m.AccountID != p.Who.Account && m.Name != "" {
			p.Trainers = append(p.Trainers, Choice{Value: m.AccountID, Label: m.Name})
		}
	}
	return p, err
}

// newClass is 「この講座で開催する」, filled in as far as it can be guessed: without a
// course, the first one.
func (s *site) newClass(c *fiber.Ctx) error {
	slug := c.Query("course")
	if revs, err := s.Courses.List(c.UserContext()); err != nil {
		return err
	} else if slug == "" && len(revs) > 0 {
		slug = revs[0].Slug
	}
	standing, err := s.Courses.Standing(c.UserContext(), "", slug)
	if err != nil {
		return err
	}
	in := classes.Input{
		Course: standing.Revision.Slug, HeldOn: nextThursday(s.Now()), StartsAt: "13:30", EndsAt: "15:30", Seats: 30, Rule: classes.Sheet,
	}
	if codes := who(c).Access.Of(accounts.Trainer); len(codes) > 0 {
		in.Host = codes[0]
	}
	p, err := s.classForm(c, "開催する", in, standing.Revision.Title)
	if err != nil {
		return err
	}
	return s.show(c, "class-form", p)
}

// nextThursday is the usual day of a class, after today.
func nextThursday(now time.Time) string {
	day := now.In(japan).AddDate(0, 0, 1)
	for day.Weekday() != time.Thursday {
		day = day.AddDate(0, 0, 1)
	}
	return day.Format(time.DateOnly)
}

func (s *site) addClass(c *fiber.Ctx) error {
	var in classes.Input
	if err := parse(c, &in); err != nil {
		return err
	}
	id, err := s.Classes.Create(c.UserContext(), who(c).Access, in)
	if err != nil {
		standing, notFound := s.Courses.Standing(c.UserContext(), "", in.Course)
		if notFound != nil {
			return notFound
		}
		p, formErr := s.classForm(c, "開催する", in, standing.Revision.Title)
		if formErr != nil {
			return formErr
		}
		return s.again(c, err, "class-form", p)
	}
	return s.done(c, "/trainer/classes/"+id, flashClassAdded)
}

type classPage struct {
	Page
	Class   classes.Class
	Course  template.HTML
	Edition int
	Newest  int // edition of the course, where that is a newer one
	When    string
	Town    string
	Tally   classes.Tally
	Joining string        // state of the door, in a sentence
	Open    bool          // one can join now
	Over    bool          // the day has passed
	Begun   bool          // the day has come
	Link    string        // where one joins
	QR      template.HTML // of Link
	Team    []string      // who holds it
	Finish  string        // the rule
}

// class is one class with everything that can be done with it.
func (s *site) class(c *fiber.Ctx) error {
	p, err := s.classPage(c)
	if err != nil {
		return err
	}
	return s.show(c, "class", p)
}

func (s *site) classPage(c *fiber.Ctx) (*classPage, error) {
	p := &classPage{Page: s.page(c, "開催")}
	ctx := c.UserContext()
	roster, err := s.Classes.Roster(ctx, p.Who.Access, c.Params("id"))
	if err != nil {
		return nil, err
	}
	p.Class, p.Tally = *roster.Class, roster.Tally()
	p.Title, p.Path = classDay(p.Class.HeldOn)+"の開催", "/trainer/classes/"+p.Class.ID
	p.Crumbs = []Crumb{{"/trainer", "講師"}}
	p.Course, p.When, p.Town = p.inline(roster.Title), classWhen(p.Class), accounts.PlaceName(p.Class.Host, "")
	p.Finish = p.Class.Rule.Label()
	now := s.Now()
	p.Open, p.Over, p.Begun, p.Joining = p.Class.Joining(now), p.Class.Over(now), p.Class.Begun(now), joining(&p.Class, now)
	rev, err := s.Classes.Revision(ctx, roster.Class)
	if err != nil {
		return nil, err
	}
	p.Edition = rev.Number
	newest, err := s.Courses.Standing(ctx, "", rev.Slug)
	if err != nil {
		return nil, err
	}
	if n := newest.Revision.Number; n > p.Edition && p.Tally.Finished == 0 {
		p.Newest = n
	}
	for _, id := range append([]string{p.Class.Owner}, p.Class.Helpers...) {
		a, err := s.Accounts.Account(ctx, id)
		if err != nil {
			return nil, err
		}
		if name := a.Name(); name != "" {
			p.Team = append(p.Team, name)
		}
	}
	if p.Class.Code == "" {
		return p, nil
	}
	p.Link = s.address(c) + "/j/" + p.Class.Code
	svg, err := paper.QRSVG(p.Link, "参加のページのQRコード")
	p.QR = template.HTML(svg)
	return p, err
}

// joining says how the door stands.
func joining(c *classes.Class, now time.Time) string {
	switch {
	case c.Code == "", c.CancelledAt != nil:
		return ""
	case now.Before(c.OpensAt):
		return c.OpensAt.In(japan).Format("1月2日 15時04分") + "から受け付けます。"
	case now.Before(c.ClosesAt):
		return "いま受け付けています（" + c.ClosesAt.Add(-time.Minute).In(japan).Format("1月2日 15時04分") + "まで）。"
	}
	return "受付は終わりました。"
}

func (s *site) editClass(c *fiber.Ctx) error {
	class, err := s.Classes.Class(c.UserContext(), who(c).Access, c.Params("id"))
	if err != nil {
		return err
	}
	p, err := s.editPage(c, class, classes.Input{
		HeldOn: class.HeldOn, StartsAt: class.StartsAt, EndsAt: class.EndsAt, Hall: class.Hall, Address: class.Address,
		Host: class.Host, HostName: class.HostName, Seats: class.Seats, Helpers: class.Helpers, Note: class.Note,
		Rule: class.Rule, Rotating: class.Rotating, Version: class.Version,
	})
	if err != nil {
		return err
	}
	return s.show(c, "class-form", p)
}

func (s *site) editPage(c *fiber.Ctx, class *classes.Class, in classes.Input) (*classFormPage, error) {
	rev, err := s.Classes.Revision(c.UserContext(), class)
	if err != nil {
		return nil, err
	}
	p, err := s.classForm(c, "開催を変える", in, rev.Title)
	if err != nil {
		return nil, err
	}
	p.ID = class.ID
	p.Path = "/trainer/classes/" + p.ID + "/edit"
	p.Crumbs = append(p.Crumbs, Crumb{"/trainer/classes/" + p.ID, classDay(class.HeldOn) + "の開催"})
	return p, nil
}

func (s *site) saveClass(c *fiber.Ctx) error {
	var in classes.Input
	if err := parse(c, &in); err != nil {
		return err
	}
	err := s.Classes.Change(c.UserContext(), who(c).Access, c.Params("id"), in)
	if err != nil {
		class, notFound := s.Classes.Class(c.UserContext(), who(c).Access, c.Params("id"))
		if notFound != nil {
			return notFound
		}
		p, pageErr := s.editPage(c, class, in)
		if pageErr != nil {
			return pageErr
		}
		return s.again(c, err, "class-form", p)
	}
	return s.done(c, "/trainer/classes/"+c.Params("id"), flashSaved)
}

// renewClass takes the newest edition of the course.
func (s *site) renewClass(c *fiber.Ctx) error {
	if err := s.Classes.Renew(c.UserContext(), who(c).Access, c.Params("id")); err != nil {
		return err
	}
	return s.done(c, "/trainer/classes/"+c.Params("id"), flashSaved)
}

type doorForm struct {
	Do string `form:"do"` // open, close
}

// door opens or closes joining.
func (s *site) door(c *fiber.Ctx) error {
	var in doorForm
	if err := parse(c, &in); err != nil {
		return err
	}
	if in.Do != "open" && in.Do != "close" {
		return errUnreadable
	}
	if err := s.Classes.Door(c.UserContext(), who(c).Access, c.Params("id"), in.Do == "open"); err != nil {
		return err
	}
	say := flashDoorClosed
	if in.Do == "open" {
		say = flashDoorOpen
	}
	return s.done(c, "/trainer/classes/"+c.Params("id"), say)
}

type cancelPage struct {
	classPage
	In whyForm
}

// askCancel is the question before a class is cancelled.
func (s *site) askCancel(c *fiber.Ctx) error {
	p, err := s.cancelPage(c)
	if err != nil {
		return err
	}
	return s.show(c, "class-cancel", p)
}

func (s *site) cancelPage(c *fiber.Ctx) (*cancelPage, error) {
	class, err := s.classPage(c)
	if err != nil {
		return nil, err
	}
	p := &cancelPage{classPage: *class}
	p.Crumbs, p.Title = append(p.Crumbs, Crumb{p.Path, p.Title}), "開催を中止する"
	return p, nil
}

func (s *site) cancelClass(c *fiber.Ctx) error {
	var in whyForm
	if err := parse(c, &in); err != nil {
		return err
	}
	if err := s.Classes.Cancel(c.UserContext(), who(c).Access, c.Params("id"), in.Why); err != nil {
		p, pageErr := s.cancelPage(c)
		if pageErr != nil {
			return pageErr
		}
		p.In = in
		return s.again(c, err, "class-cancel", p)
	}
	return s.done(c, "/trainer/classes/"+c.Params("id"), flashClassCancelled)
}
