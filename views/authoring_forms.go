package views

import (
	"errors"
	"slices"

	"github.com/gofiber/fiber/v2"

	"tsunagari/courses"
)

type modulePage struct {
	authorPage
	Piece     courses.Piece
	In        courses.ModuleInput
	NewLesson courses.NewPiece
	Adding    bool // the form of a new lesson is the one that could not be accepted
	Drawable  int  // questions that the check may draw
	Lessons   []draftLesson
	Others    []Choice // modules that a lesson can move to
}

// TitleFault is the sentence under the module's own title.
func (p *modulePage) TitleFault() string {
	if p.Adding {
		return ""
	}
	return p.Fault("title")
}

// moduleForm is a module with its lessons.
func (s *site) moduleForm(c *fiber.Ctx) error {
	p, err := s.modulePage(c)
	if err != nil {
		return err
	}
	return s.show(c, "author-module", p)
}

func (s *site) modulePage(c *fiber.Ctx) (*modulePage, error) {
	base, err := s.author(c, "")
	if err != nil {
		return nil, err
	}
	piece, err := base.Draft.Piece(courses.ModulePiece, c.Params("module"))
	if err != nil {
		return nil, err
	}
	p := &modulePage{authorPage: base, Piece: *piece, In: courses.ModuleForm(base.Draft.Module(piece.Name), piece.Version)}
	p.Title = "単元「" + p.Draft.Title(*piece) + "」"
	p.Path = piecePath(p.Base, *piece)
	for _, q := range p.Draft.Under(courses.QuestionPiece, piece.Name) {
		if p.Draft.Question(q.Name).For("check") {
			p.Drawable++
		}
	}
	p.Lessons = lessonsOf(p.Draft, piece.Name)
	for _, other := range p.Draft.Under(courses.ModulePiece, "") {
		if other.Name != piece.Name {
			p.Others = append(p.Others, Choice{Value: other.Name, Label: p.Draft.Title(other)})
		}
	}
	return p, nil
}

func (s *site) saveModule(c *fiber.Ctx) error {
	var in courses.ModuleInput
	if err := parse(c, &in); err != nil {
		return err
	}
	_, err := s.Courses.SaveModule(c.UserContext(), who(c).Access, c.Params("course"), c.Params("module"), in)
	if err != nil {
		return s.notSaved(c, err, func() error {
			p, pageErr := s.modulePage(c)
			if pageErr != nil {
				return pageErr
			}
			p.In = in
			return s.again(c, err, "author-module", p)
		})
	}
	return s.done(c, coursePath(c), flashSaved)
}

type settingsFormPage struct {
	authorPage
	In        courses.SettingsInput
	Published bool
	Rules     []Choice
	Shows     []Choice
	Bank      int // questions that まとめの確認 may draw
}

// quotaView is how many questions of one module まとめの確認 draws.
type quotaView struct{ Name, Title, Number string }

// Quotas are the modules with what was typed for them.
func (p *settingsFormPage) Quotas() []quotaView {
	if p.Draft == nil {
		return nil
	}
	var list []quotaView
	for _, m := range p.Draft.Under(courses.ModulePiece, "") {
		v := quotaView{Name: m.Name, Title: p.Draft.Title(m)}
		if i := slices.Index(p.In.Modules, m.Name); i >= 0 {
			v.Number = nth(p.In.Quotas, i)
		}
		list = append(list, v)
	}
	return list
}

// Quotaed says whether a number was typed for any module.
func (p *settingsFormPage) Quotaed() bool {
	return slices.ContainsFunc(p.In.Quotas, func(s string) bool { return s != "" })
}

// courseSettings is the form of what belongs to the course as a whole.
func (s *site) courseSettings(c *fiber.Ctx) error {
	p, err := s.settingsFormPage(c)
	if err != nil {
		return err
	}
	return s.show(c, "author-settings", p)
}

func (s *site) settingsFormPage(c *fiber.Ctx) (*settingsFormPage, error) {
	base, err := s.author(c, "講座の設定")
	if err != nil {
		return nil, err
	}
	p := &settingsFormPage{authorPage: base, In: courses.SettingsForm(base.Draft), Published: base.Draft.Course.NewestRevision != nil}
	p.Rules = []Choice{
		{Value: courses.Understood, Label: "わかるまで：まちがえた問題だけ、もう一度答える"},
		{Value: courses.Pass, Label: "割合で：決めた割合より多く正しければ修了"},
	}
	p.Shows = []Choice{
		{Value: "", Label: "ふつう：「わかるまで」はひとつ答えるたび、「割合で」は全部答えたあと"},
		{Value: courses.ShowEach, Label: "ひとつ答えるたび"},
		{Value: courses.ShowEnd, Label: "全部答えたあと"},
	}
	for _, m := range p.Draft.Package().Modules {
		for _, q := range m.Questions {
			if q.For("closing") {
				p.Bank++
			}
		}
	}
	return p, nil
}

func (s *site) saveCourseSettings(c *fiber.Ctx) error {
	var in courses.SettingsInput
	if err := parse(c, &in); err != nil {
		return err
	}
	_, err := s.Courses.SaveSettings(c.UserContext(), who(c).Access, c.Params("course"), in)
	if err != nil {
		return s.notSaved(c, err, func() error {
			p, pageErr := s.settingsFormPage(c)
			if pageErr != nil {
				return pageErr
			}
			p.In = in
			return s.again(c, err, "author-settings", p)
		})
	}
	return s.done(c, coursePath(c), flashSaved)
}

type conflictPage struct {
	authorPage
	By      string // who was first
	Texts   []courses.TextChange
	Typed   []hiddenField // the form as it was sent, with the version that is there now
	Theirs  string        // address of the piece
	Version int
}

type hiddenField struct{ Name, Value string }

// notSaved answers a form of a piece that could not be saved: with both texts
// when somebody else was first, else with otherwise.
func (s *site) notSaved(c *fiber.Ctx, err error, otherwise func() error) error {
	var conflict *courses.Conflict
	if !errors.As(err, &conflict) {
		return otherwise()
	}
	base, err := s.author(c, "ふたつの文があります")
	if err != nil {
		return err
	}
	p := &conflictPage{authorPage: base, By: conflict.ByName, Version: conflict.Theirs.Version}
	p.Theirs = piecePath(p.Base, conflict.Theirs)
	if p.Texts, err = courses.CompareBodies(conflict.Theirs.Kind, conflict.Theirs.Body, conflict.Mine); err != nil {
		return err
	}
	for key, value := range c.Request().PostArgs().All() {
		if name := string(key); name != "version" {
			p.Typed = append(p.Typed, hiddenField{name, string(value)})
		}
	}
	c.Status(fiber.StatusConflict)
	return s.show(c, "author-conflict", p)
}
