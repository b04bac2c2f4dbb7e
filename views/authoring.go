package views

import (
	"net/url"

	"github.com/gofiber/fiber/v2"

	"tsunagari/courses"
)

const authoring = "/trainer/courses"

// coursePath is the address of a course that is being written.
func coursePath(c *fiber.Ctx) string { return authoring + "/" + c.Params("course") }

// authorPage is the part of every page about one course that is being written.
type authorPage struct {
	Page
	Base  string // address of the course's own page
	Draft *courses.Draft
}

// author begins a page about the draft of the course in the address.
func (s *site) author(c *fiber.Ctx, title string) (authorPage, error) {
	d, err := s.Courses.Draft(c.UserContext(), who(c).Access, c.Params("course"))
	if err != nil {
		return authorPage{}, err
	}
	p := authorPage{Page: s.page(c, title), Base: authoring + "/" + d.Course.ID, Draft: d}
	p.Crumbs = []Crumb{{authoring, "講座づくり"}, {p.Base, d.Title(courses.Piece{Kind: courses.CoursePiece})}}
	return p, nil
}

type authoringPage struct {
	Page
	Mine, Closed, Others []courses.Authored
	In                   courses.NewCourse
}

// authoring lists what may be written and what may be copied.
func (s *site) authoring(c *fiber.Ctx) error {
	p, err := s.authoringPage(c)
	if err != nil {
		return err
	}
	return s.show(c, "author-courses", p)
}

func (s *site) authoringPage(c *fiber.Ctx) (*authoringPage, error) {
	list, err := s.Courses.Authoring(c.UserContext(), who(c).Access)
	if err != nil {
		return nil, err
	}
	p := &authoringPage{Page: s.page(c, "講座づくり")}
	p.Crumbs = []Crumb{{"/staff", "職員のページ"}}
	for _, a := range list {
		switch {
		case a.Writable && a.ArchivedAt != nil:
			p.Closed = append(p.Closed, a)
		case a.Writable:
			p.Mine = append(p.Mine, a)
		default:
			p.Others = append(p.Others, a)
		}
	}
	return p, nil
}

func (s *site) newCourse(c *fiber.Ctx) error {
	p := &authoringPage{Page: s.page(c, "新しい講座")}
	p.Crumbs = []Crumb{{authoring, "講座づくり"}}
	return s.show(c, "author-new", p)
}

func (s *site) addCourse(c *fiber.Ctx) error {
	var in courses.NewCourse
	if err := parse(c, &in); err != nil {
		return err
	}
	id, err := s.Courses.Create(c.UserContext(), who(c).Access, in)
	if err != nil {
		p := &authoringPage{Page: s.page(c, "新しい講座"), In: in}
		p.Crumbs = []Crumb{{authoring, "講座づくり"}}
		return s.again(c, err, "author-new", p)
	}
	return s.done(c, authoring+"/"+id, flashCourseAdded)
}

func (s *site) copyCourse(c *fiber.Ctx) error {
	var in courses.CopyCourse
	if err := parse(c, &in); err != nil {
		return err
	}
	id, err := s.Courses.Copy(c.UserContext(), who(c).Access, in)
	if err != nil {
		return err
	}
	return s.done(c, authoring+"/"+id, flashCourseCopied)
}

type draftPage struct {
	authorPage
	Modules  []draftModule
	Pictures int
	Archived int
	Owned    bool
	NewUnit  courses.NewPiece
	Preview  string // address of the course for learners, "" before the first edition
	Number   int    // of the edition that learners see
	Edited   bool   // the draft has changes that are not published
	Behind   bool   // another edition was published meanwhile
	Closed   bool   // takes nobody new
	Todo     []todo // before the first edition
}

// todo is one step of the way to a first edition.
type todo struct {
	Done            bool
	Label, Hint, To string
}

type draftModule struct {
	courses.Piece
	Title     string
	Number    int
	First     bool
	Last      bool
	Lessons   []draftLesson
	Questions int
	Check     int
}

type draftLesson struct {
	courses.Piece
	Title       string
	Required    bool
	Easy        bool
	First, Last bool
}

// draft is the course as a tree: modules with their lessons and questions.
func (s *site) draft(c *fiber.Ctx) error {
	p, err := s.draftPage(c)
	if err != nil {
		return err
	}
	return s.show(c, "author-course", p)
}

func (s *site) draftPage(c *fiber.Ctx) (*draftPage, error) {
	base, err := s.author(c, "")
	if err != nil {
		return nil, err
	}
	p := &draftPage{authorPage: base}
	d := p.Draft
	p.Title = d.Title(courses.Piece{Kind: courses.CoursePiece})
	p.Crumbs = p.Crumbs[:1]
	p.Pictures, p.Archived = len(d.Under(courses.PicturePiece, "")), len(d.Archived())
	p.Owned = d.Course.OwnedBy(p.Who.Access)
	p.Edited, p.Behind, p.Closed = d.Course.EditedAt != nil, d.Behind, d.Course.ArchivedAt != nil
	if d.Course.NewestRevision != nil {
		rev, err := s.Courses.Revision(c.UserContext(), *d.Course.NewestRevision)
		if err != nil {
			return nil, err
		}
		p.Preview, p.Number = "/courses/"+d.Course.Slug, rev.Number
	}
	modules := d.Under(courses.ModulePiece, "")
	for i, m := range modules {
		p.Modules = append(p.Modules, p.module(m, i, modules))
	}
	if p.Number == 0 && len(p.Modules) > 0 {
		p.Todo = p.way()
	}
	return p, nil
}

// way is the way to a first edition, through the first module.
func (p *draftPage) way() []todo {
	first, written, asked, checks := p.Modules[0], false, 0, false
	for _, m := range p.Modules {
		asked += m.Questions
		checks = checks || m.Check > 0
		for _, l := range m.Lessons {
			written = written || l.Version > 1
		}
	}
	to := p.Base + "/modules/" + first.Name
	lesson := to
	if len(first.Lessons) > 0 {
		lesson = p.Base + "/lessons/" + first.Lessons[0].Name
	}
	return []todo{
		{written, "レッスンを書く", "題と本文を書いて、スマホでの見え方を確かめます。", lesson},
		{asked >= 3, "確認の問題を入れる", "用意された問題から選ぶか、例を書きかえて作ります。5問ほどで始められます。12問ほどあると、人によって変えて出せます。", to + "/questions"},
		{checks, "確認で出す数を決める", "3問から5問が目安です。", to + "/questions#check"},
		{false, "確かめて公開する", "直すところがあれば、お知らせします。", p.Base + "/publish"},
	}
}

func (p *draftPage) module(m courses.Piece, i int, all []courses.Piece) draftModule {
	d := p.Draft
	v := draftModule{
		Piece: m, Title: d.Title(m), Number: i + 1, First: i == 0, Last: i == len(all)-1,
		Questions: len(d.Under(courses.QuestionPiece, m.Name)), Check: d.Module(m.Name).Check,
	}
	v.Lessons = lessonsOf(d, m.Name)
	return v
}

// lessonsOf are the lessons of a module, in order.
func lessonsOf(d *courses.Draft, module string) []draftLesson {
	var list []draftLesson
	lessons := d.Under(courses.LessonPiece, module)
	for j, l := range lessons {
		written := d.Lesson(l.Name)
		list = append(list, draftLesson{
			Piece: l, Title: d.Title(l), Required: written.Required, Easy: written.Body["ja-x-easy"] != "",
			First: j == 0, Last: j == len(lessons)-1,
		})
	}
	return list
}

// moves are the buttons that change the place of a piece, for the part
// "piecemoves".
type moves struct {
	Base, Kind, Name, Title, Back string
	First, Last                   bool
}

// newMoves: the page that the buttons lead back to is the course's own unless
// another is given.
func newMoves(base, kind, name, title string, first, last bool, back ...string) moves {
	m := moves{Base: base, Kind: kind, Name: name, Title: title, First: first, Last: last, Back: base}
	if len(back) > 0 {
		m.Back = back[0]
	}
	return m
}

// pieceKinds are the kinds as they stand in addresses.
var pieceKinds = map[string]courses.PieceKind{
	"settings": courses.CoursePiece, "modules": courses.ModulePiece, "lessons": courses.LessonPiece,
	"questions": courses.QuestionPiece, "pictures": courses.PicturePiece,
}

// piecePath is the address of a piece's own page.
func piecePath(base string, p courses.Piece) string {
	for address, kind := range pieceKinds {
		if kind == p.Kind && kind != courses.CoursePiece {
			return base + "/" + address + "/" + url.PathEscape(p.Name)
		}
	}
	return base + "/settings"
}
