package courses

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"gorm.io/gorm"

	"tsunagari/courses/accounts"
	"tsunagari/courses/questions"
)

// The rules of what is typed that no tag can say.
var (
	ErrGoals    = errors.New("courses: the easy goals are not as many as the goals")
	ErrTerms    = errors.New("courses: a line of the list of readings has no reading")
	ErrQuota    = errors.New("courses: a line of the quotas has no number")
	ErrSlug     = errors.New("courses: a slug is made of small letters, digits and hyphens")
	ErrSlugKept = errors.New("courses: the slug of a published course stays")
)

// LessonInput is a lesson as it is typed. Sources and Unconfirmed are one a line.
// Version is the one that was shown.
type LessonInput struct {
	Title       string `form:"title" validate:"required,max=100"`
	EasyTitle   string `form:"easy_title" validate:"max=200"`
	Body        string `form:"body"`
	EasyBody    string `form:"easy_body"`
	Optional    bool   `form:"optional"`
	Sources     string `form:"sources" validate:"max=4000"`
	Unconfirmed string `form:"unconfirmed" validate:"max=4000"`
	Version     int    `form:"version"`
}

// LessonForm is a lesson as its form shows it.
func LessonForm(l PackageLesson, version int) LessonInput {
	return LessonInput{
		Title: l.Title[questions.JA], EasyTitle: l.Title[questions.Easy], Body: l.Body[questions.JA], EasyBody: l.Body[questions.Easy],
		Optional: !l.Required, Sources: strings.Join(l.Sources, "\n"), Unconfirmed: strings.Join(l.Unconfirmed, "\n"), Version: version,
	}
}

// lesson is the lesson with this id as it was typed.
func (in LessonInput) lesson(id string) PackageLesson {
	return PackageLesson{
		ID: id, Title: typedText(tidyLine(in.Title), tidyLine(in.EasyTitle)), Required: !in.Optional,
		Sources: typedLines(in.Sources), Unconfirmed: typedLines(in.Unconfirmed), Body: typedText(tidy(in.Body), tidy(in.EasyBody)),
	}
}

// SaveLesson keeps a lesson as it was typed, faults and all: they are shown beside
// the text and keep it from being published only. Errors:
// validator.ValidationErrors, *Conflict, storage.ErrNotFound.
func (c *Courses) SaveLesson(ctx context.Context, by accounts.Access, courseID, name string, in LessonInput, how SaveHow) (*Piece, error) {
	in.Title = tidyLine(in.Title)
	if err := validate().Struct(in); err != nil {
		return nil, err
	}
	return c.save(ctx, by, courseID, saving{kind: LessonPiece, name: name, version: in.Version, how: how, body: func(*Draft) (any, error) {
		return in.lesson(name), nil
	}})
}

// ModuleInput is a module as it is typed. Goals are one a line.
type ModuleInput struct {
	Title     string `form:"title" validate:"required,max=100"`
	EasyTitle string `form:"easy_title" validate:"max=200"`
	Body      string `form:"body" validate:"max=4000"`
	EasyBody  string `form:"easy_body" validate:"max=4000"`
	Goals     string `form:"goals" validate:"max=2000"`
	EasyGoals string `form:"easy_goals" validate:"max=4000"`
	Minutes   int    `form:"minutes" validate:"gte=0,lte=600"`
	Check     int    `form:"check" validate:"gte=0,lte=20"`
	Version   int    `form:"version"`
}

// ModuleForm is a module as its form shows it.
func ModuleForm(m PackageModule, version int) ModuleInput {
	return ModuleInput{
		Title: m.Title[questions.JA], EasyTitle: m.Title[questions.Easy], Body: m.Body[questions.JA], EasyBody: m.Body[questions.Easy],
		Goals: strings.Join(goalsIn(&m, questions.JA), "\n"), EasyGoals: strings.Join(goalsIn(&m, questions.Easy), "\n"),
		Minutes: m.Minutes, Check: m.Check, Version: version,
	}
}

// SaveModule keeps a module as it was typed. Errors: validator.ValidationErrors,
// ErrGoals, *Conflict, storage.ErrNotFound.
func (c *Courses) SaveModule(ctx context.Context, by accounts.Access, courseID, name string, in ModuleInput) (*Piece, error) {
	in.Title = tidyLine(in.Title)
	if err := validate().Struct(in); err != nil {
		return nil, err
	}
	goals, easy := typedLines(in.Goals), typedLines(in.EasyGoals)
	if len(easy) > 0 && len(easy) != len(goals) {
		return nil, ErrGoals
	}
	return c.save(ctx, by, courseID, saving{kind: ModulePiece, name: name, version: in.Version, how: Saved, body: func(d *Draft) (any, error) {
		m := d.modules[name]
		m.Title, m.Body = typedText(in.Title, tidyLine(in.EasyTitle)), typedText(tidy(in.Body), tidy(in.EasyBody))
		m.Minutes, m.Check, m.Goals = in.Minutes, in.Check, nil
		for i, goal := range goals {
			text := Text{questions.JA: goal}
			if len(easy) > 0 {
				text[questions.Easy] = easy[i]
			}
			m.Goals = append(m.Goals, text)
		}
		return m, nil
	}})
}

// CheckInput is how many questions the check of a module asks.
type CheckInput struct {
	Check   int `form:"check" validate:"gte=0,lte=20"`
	Version int `form:"version"`
}

// SaveCheck keeps it. Errors as of SaveModule.
func (c *Courses) SaveCheck(ctx context.Context, by accounts.Access, courseID, module string, in CheckInput) (*Piece, error) {
	if err := validate().Struct(in); err != nil {
		return nil, err
	}
	return c.save(ctx, by, courseID, saving{kind: ModulePiece, name: module, version: in.Version, how: Saved, body: func(d *Draft) (any, error) {
		m := d.modules[module]
		m.Check = in.Check
		return m, nil
	}})
}

// SettingsInput is what belongs to the course as a whole. Terms are one a line,
// the word and its reading with a space between. Supporters counts for
// administrators only.
type SettingsInput struct {
	Title       string `form:"title" validate:"required,max=100"`
	EasyTitle   string `form:"easy_title" validate:"max=200"`
	Summary     string `form:"summary" validate:"max=400"`
	EasySummary string `form:"easy_summary" validate:"max=800"`
	Body        string `form:"body" validate:"max=8000"`
	EasyBody    string `form:"easy_body" validate:"max=8000"`
	Slug        string `form:"slug" validate:"max=60"`
	Minutes     int    `form:"minutes" validate:"gte=1,lte=6000"`
	Supporters  bool   `form:"supporters"`
	Questions   int    `form:"closing_questions" validate:"gte=0,lte=100"`
	Closing     int    `form:"closing_minutes" validate:"gte=0,lte=600"`
	Rule        string `form:"closing_rule" validate:"oneof=understood pass"`
	Pass        int    `form:"closing_pass" validate:"required_if=Rule pass,gte=0,lte=100"`
	Show        string `form:"closing_show" validate:"omitempty,oneof=each end"`
	Terms       string `form:"terms" validate:"max=20000"`

	Modules []string `form:"quota_module" validate:"max=40,dive,max=64"`
	Quotas  []string `form:"quota_questions" validate:"max=40,dive,omitempty,number,max=3"` // of the module in the same place; "" for none
	Tagged  string   `form:"quota_tags" validate:"max=2000"`                                // a tag and a number a line
	Version int      `form:"version"`
}

// SettingsForm is the course's own piece as its form shows it.
func SettingsForm(d *Draft) SettingsInput {
	p := d.course
	in := SettingsInput{
		Title: p.Title[questions.JA], EasyTitle: p.Title[questions.Easy],
		Summary: p.Summary[questions.JA], EasySummary: p.Summary[questions.Easy],
		Body: p.Body[questions.JA], EasyBody: p.Body[questions.Easy],
		Slug: d.Course.Slug, Minutes: p.Minutes, Supporters: p.Supporters,
		Questions: p.Closing.Questions, Closing: p.Closing.Minutes, Rule: p.Closing.Rule, Pass: p.Closing.Pass, Show: p.Closing.Show,
	}
	for _, m := range d.Under(ModulePiece, "") {
		in.Modules, in.Quotas = append(in.Modules, m.Name), append(in.Quotas, "")
	}
	for _, q := range p.Closing.Draw {
		if i := slices.Index(in.Modules, q.Module); i >= 0 && q.Tag == "" {
			in.Quotas[i] = strconv.Itoa(q.Questions)
		} else if q.Tag != "" {
			in.Tagged += q.Tag + "　" + strconv.Itoa(q.Questions) + "\n"
		}
	}
	if in.Rule == "" {
		in.Rule = Understood
	}
	if in.Pass == 0 {
		in.Pass = 80
	}
	for _, t := range p.Terms {
		in.Terms += t.Word + "　" + t.Reading + "\n"
	}
	if piece, err := d.Piece(CoursePiece, ""); err == nil {
		in.Version = piece.Version
	}
	return in
}

// SaveSettings keeps what belongs to the course as a whole. The address can be
// chosen until the first edition. Errors: validator.ValidationErrors, ErrTerms,
// ErrSlug, ErrSlugKept, ErrSlugTaken, *Conflict, storage.ErrNotFound.
func (c *Courses) SaveSettings(ctx context.Context, by accounts.Access, courseID string, in SettingsInput) (*Piece, error) {
	in.Title, in.Slug = tidyLine(in.Title), strings.ToLower(tidyLine(in.Slug))
	if err := validate().Struct(in); err != nil {
		return nil, err
	}
	terms, err := typedTerms(in.Terms)
	if err != nil {
		return nil, err
	}
	draw, err := in.draw()
	if err != nil {
		return nil, err
	}
	set := func(d *Draft) (any, error) {
		p := d.course
		p.Title, p.Summary = typedText(in.Title, tidyLine(in.EasyTitle)), typedText(tidyLine(in.Summary), tidyLine(in.EasySummary))
		p.Body, p.Minutes, p.Terms = typedText(tidy(in.Body), tidy(in.EasyBody)), in.Minutes, terms
		p.Closing = in.closing(p.Closing, draw)
		if by.Role(accounts.Admin) {
			p.Supporters = in.Supporters
		}
		return p, nil
	}
	return c.save(ctx, by, courseID, saving{
		kind: CoursePiece, version: in.Version, how: Saved, body: set,
		also: func(tx *gorm.DB, d *Draft) error { return d.address(tx, in.Slug) },
	})
}

func (in SettingsInput) closing(was Closing, draw []Quota) Closing {
	if in.Questions == 0 {
		return Closing{}
	}
	was.Questions, was.Minutes, was.Rule, was.Pass, was.Show = in.Questions, max(1, in.Closing), in.Rule, 0, in.Show
	was.Draw = draw
	if in.Rule == Pass {
		was.Pass = in.Pass
	}
	return was
}

// draw is how many of which questions were asked for. ErrQuota.
func (in SettingsInput) draw() ([]Quota, error) {
	var out []Quota
	for i, module := range in.Modules {
		if typed := nth(in.Quotas, i); typed != "" && typed != "0" {
			n, err := strconv.Atoi(typed)
			if err != nil || n < 0 {
				return nil, ErrQuota
			}
			out = append(out, Quota{Module: module, Questions: n})
		}
	}
	for _, line := range typedLines(in.Tagged) {
		words := strings.Fields(line)
		if len(words) != 2 {
			return nil, ErrQuota
		}
		n, err := number(words[1])
		if err != nil || n != float64(int(n)) || n < 1 || n > 100 {
			return nil, ErrQuota
		}
		out = append(out, Quota{Tag: words[0], Questions: int(n)})
	}
	return out, nil
}

// address gives the course the address that was typed; "" keeps it.
func (d *Draft) address(tx *gorm.DB, slug string) error {
	switch {
	case slug == "" || slug == d.Course.Slug:
		return nil
	case d.Course.NewestRevision != nil:
		return ErrSlugKept
	case !slugForm.MatchString(slug):
		return ErrSlug
	}
	var taken int64
	if err := tx.Model(&Course{}).Where("slug = ? AND id <> ?", slug, d.Course.ID).Count(&taken).Error; err != nil {
		return err
	}
	if taken > 0 {
		return ErrSlugTaken
	}
	d.Course.Slug = slug
	return tx.Model(&Course{}).Where("id = ?", d.Course.ID).Update("slug", slug).Error
}

// typedText is a text in both languages, nil when there is none.
func typedText(standard, easy string) Text {
	var t Text
	put(&t, questions.JA, standard)
	put(&t, questions.Easy, easy)
	return t
}

// typedLines are the lines of a field that are not empty.
func typedLines(s string) []string {
	var out []string
	for line := range strings.Lines(tidy(s)) {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

func typedTerms(s string) ([]Term, error) {
	var terms []Term
	for _, line := range typedLines(s) {
		words := strings.Fields(line) // the wide space too
		if len(words) != 2 {
			return nil, ErrTerms
		}
		terms = append(terms, Term{words[0], words[1]})
	}
	return terms, nil
}
