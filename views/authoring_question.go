package views

import (
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"tsunagari/courses"
	"tsunagari/courses/questions"
	"tsunagari/storage"
)

type bankPage struct {
	authorPage
	Module    courses.Piece
	Name      string // title of the module
	Questions []bankLine
	Types     []Choice
	Check     int
}

type bankLine struct {
	courses.Piece
	Text, Type, Lesson string
	Faults             []string
}

// bank lists the questions of a module.
func (s *site) bank(c *fiber.Ctx) error {
	p, err := s.bankPage(c)
	if err != nil {
		return err
	}
	return s.show(c, "author-bank", p)
}

func (s *site) saveCheck(c *fiber.Ctx) error {
	var in courses.CheckInput
	if err := parse(c, &in); err != nil {
		return err
	}
	_, err := s.Courses.SaveCheck(c.UserContext(), who(c).Access, c.Params("course"), c.Params("module"), in)
	if err != nil {
		return s.notSaved(c, err, func() error {
			p, pageErr := s.bankPage(c)
			if pageErr != nil {
				return pageErr
			}
			p.Check = in.Check
			return s.again(c, err, "author-bank", p)
		})
	}
	return s.done(c, coursePath(c)+"/modules/"+c.Params("module")+"/questions", flashSaved)
}

func (s *site) bankPage(c *fiber.Ctx) (*bankPage, error) {
	base, m, err := s.inModule(c, "")
	if err != nil {
		return nil, err
	}
	p := &bankPage{authorPage: base, Module: *m, Name: base.Draft.Title(*m), Check: base.Draft.Module(m.Name).Check}
	p.Title = "「" + p.Name + "」の問題"
	for _, piece := range p.Draft.Under(courses.QuestionPiece, m.Name) {
		q := p.Draft.Question(piece.Name)
		line := bankLine{Piece: piece, Text: p.Draft.Title(piece), Type: courses.TypeLabel(q.Type), Faults: courses.QuestionFaults(q)}
		if _, err := p.Draft.Piece(courses.LessonPiece, q.Lesson); err == nil {
			line.Lesson = p.Draft.Title(courses.Piece{Kind: courses.LessonPiece, Name: q.Lesson})
		}
		p.Questions = append(p.Questions, line)
	}
	for _, t := range courses.QuestionTypes {
		p.Types = append(p.Types, Choice{Value: string(t.Type), Label: t.Label})
	}
	p.Path = p.Base + "/modules/" + m.Name + "/questions"
	return p, nil
}

// inModule begins a page about the module in the address.
func (s *site) inModule(c *fiber.Ctx, title string) (authorPage, *courses.Piece, error) {
	base, err := s.author(c, title)
	if err != nil {
		return base, nil, err
	}
	m, err := base.Draft.Piece(courses.ModulePiece, c.Params("module"))
	return base, m, err
}

type questionFormPage struct {
	authorPage
	In      courses.QuestionInput
	Module  string
	Name    string // "" for a new one
	Type    string // in Japanese
	Hints   []string
	Lessons []Choice
	Parts   []partView
	Groups  []groupView
	Part    string        // what a part is called
	Wrong   []string      // what keeps it from being asked
	Address string        // where the form goes
	Preview *importedView // as it would be asked; nil before that is wanted
}

// UsedIn says whether the question is marked for one of the quizzes.
func (p *questionFormPage) UsedIn(use string) bool { return slices.Contains(p.In.Uses, use) }

// partView is one row of the form.
type partView struct {
	At                                   int
	ID, Text, Easy, Right, EasyRight     string
	Weight, Tolerance, Feedback, EasySay string
	Chosen, Same                         bool
	Groups                               []groupView
}

type groupView struct {
	At             int
	ID, Text, Easy string
	On             bool
}

// partNames are what the parts of a question are called.
var partNames = map[questions.Type]string{
	questions.Choice: "選択肢", questions.Multiple: "選択肢", questions.TrueFalse: "答え", questions.Matching: "組",
	questions.Ordering: "項目", questions.Sort: "項目", questions.Short: "正しい答え", questions.Numerical: "正しい答え",
}

// blankRows is how many rows are free for more.
const blankRows = 2

// newQuestion is the form of a type with an example in it.
func (s *site) newQuestion(c *fiber.Ctx) error {
	t := questions.Type(c.Query("type"))
	if courses.Hints(t) == nil {
		return storage.ErrNotFound
	}
	base, m, err := s.inModule(c, "新しい問題")
	if err != nil {
		return err
	}
	in := courses.QuestionForm(courses.Example(t), 0)
	if lessons := base.Draft.Under(courses.LessonPiece, m.Name); len(lessons) > 0 {
		in.Lesson = lessons[0].Name
	}
	return s.show(c, "author-question", questionForm(base, m.Name, "", in, 0))
}

// questionForm lays a typed question out in rows, with more of them to fill in.
func questionForm(base authorPage, module, name string, in courses.QuestionInput, more int) *questionFormPage {
	p := &questionFormPage{
		authorPage: base, In: in, Module: module, Name: name, Type: courses.TypeLabel(in.Type),
		Hints: courses.Hints(in.Type), Part: partNames[in.Type],
	}
	p.Crumbs = append(p.Crumbs, Crumb{p.Base + "/modules/" + module + "/questions", "問題"})
	p.Address = p.Base + "/modules/" + module + "/questions"
	if name != "" {
		p.Address = p.Base + "/questions/" + name
	}
	for _, m := range p.Draft.Under(courses.ModulePiece, "") {
		for _, l := range p.Draft.Under(courses.LessonPiece, m.Name) {
			if p.Draft.Lesson(l.Name).Required {
				p.Lessons = append(p.Lessons, Choice{Value: l.Name, Label: p.Draft.Title(l), Group: p.Draft.Title(m)})
			}
		}
	}
	p.rows(more)
	return p
}

func (p *questionFormPage) rows(more int) {
	in := p.In
	parts, groups := 0, 0
	for i := range max(len(in.Texts), len(in.Rights)) {
		if nth(in.Texts, i) != "" || nth(in.Rights, i) != "" {
			parts = i + 1
		}
	}
	for i := range in.Groups {
		if in.Groups[i] != "" {
			groups = i + 1
		}
	}
	if in.Type == questions.Sort {
		for i := range min(groups+1+more/blankRows, 10) {
			p.Groups = append(p.Groups, groupView{At: i, ID: nth(in.GroupIDs, i), Text: nth(in.Groups, i), Easy: nth(in.EasyGroups, i)})
		}
	}
	n := parts + blankRows + more
	switch in.Type {
	case questions.TrueFalse:
		n = 2
	case questions.Reflection:
		n = 0
	}
	for i := range min(n, 30) {
		p.Parts = append(p.Parts, p.part(i))
	}
}

func (p *questionFormPage) part(i int) partView {
	in, at := p.In, strconv.Itoa(i)
	v := partView{
		At: i, ID: nth(in.IDs, i), Text: nth(in.Texts, i), Easy: nth(in.EasyTexts, i), Right: nth(in.Rights, i), EasyRight: nth(in.EasyRights, i),
		Weight: nth(in.Weights, i), Tolerance: nth(in.Tolerances, i), Feedback: nth(in.Feedback, i), EasySay: nth(in.EasyFeedback, i),
		Chosen: slices.Contains(in.Right, at), Same: slices.Contains(in.Same, at),
	}
	for _, g := range p.Groups {
		g.On = slices.Contains(in.Sorted, at+" "+strconv.Itoa(g.At))
		v.Groups = append(v.Groups, g)
	}
	return v
}

func nth(list []string, i int) string {
	if i < len(list) {
		return list[i]
	}
	return ""
}

type questionButtons struct {
	Do        string `form:"do"` // "more" shows further rows, "preview" the question; nothing is saved
	Operation string `form:"operation"`
}

func (s *site) addQuestion(c *fiber.Ctx) error {
	in, do, err := typedQuestion(c)
	if err != nil {
		return err
	}
	base, m, err := s.inModule(c, "新しい問題")
	if err != nil {
		return err
	}
	switch do.Do {
	case "more":
		return s.show(c, "author-question", questionForm(base, m.Name, "", in, 4))
	case "preview":
		return s.previewQuestion(c, questionForm(base, m.Name, "", in, 0))
	}
	name, err := s.Courses.AddQuestion(c.UserContext(), who(c).Access, c.Params("course"), m.Name, do.Operation, in)
	if err != nil {
		return s.again(c, err, "author-question", questionForm(base, m.Name, "", in, 0))
	}
	return s.afterQuestion(c, m.Name, name)
}

func typedQuestion(c *fiber.Ctx) (in courses.QuestionInput, do questionButtons, err error) {
	if err = parse(c, &in); err == nil {
		err = parse(c, &do)
	}
	return in, do, err
}

// previewQuestion shows what was typed as learners will see it, below the form.
func (s *site) previewQuestion(c *fiber.Ctx, p *questionFormPage) error {
	q, err := p.In.Previewed()
	if err != nil {
		return s.again(c, err, "author-question", p)
	}
	v := p.imported(1, &questions.Imported{Question: *q})
	p.Preview, p.Wrong = &v, courses.QuestionFaults(q)
	return s.show(c, "author-question", p)
}

// afterQuestion leads back to the bank, or to the question when it cannot be asked
// yet.
func (s *site) afterQuestion(c *fiber.Ctx, module, name string) error {
	d, err := s.Courses.Draft(c.UserContext(), who(c).Access, c.Params("course"))
	if err != nil {
		return err
	}
	if len(courses.QuestionFaults(d.Question(name))) > 0 {
		return s.done(c, coursePath(c)+"/questions/"+name, flashQuestionUnfinished)
	}
	return s.done(c, coursePath(c)+"/modules/"+module+"/questions", flashSaved)
}

func (s *site) editQuestion(c *fiber.Ctx) error {
	p, err := s.authoredQuestion(c, nil, 0)
	if err != nil {
		return err
	}
	return s.show(c, "author-question", p)
}

// authoredQuestion is the form of the question in the address, with what was typed.
func (s *site) authoredQuestion(c *fiber.Ctx, typed *courses.QuestionInput, more int) (*questionFormPage, error) {
	base, err := s.author(c, "問題を直す")
	if err != nil {
		return nil, err
	}
	piece, err := base.Draft.Piece(courses.QuestionPiece, c.Params("question"))
	if err != nil {
		return nil, err
	}
	q := base.Draft.Question(piece.Name)
	if typed == nil {
		in := courses.QuestionForm(q, piece.Version)
		typed = &in
	}
	p := questionForm(base, piece.Parent, piece.Name, *typed, more)
	p.Wrong = courses.QuestionFaults(q)
	return p, nil
}

func (s *site) saveQuestion(c *fiber.Ctx) error {
	in, do, err := typedQuestion(c)
	if err != nil {
		return err
	}
	switch do.Do {
	case "more", "preview":
		p, err := s.authoredQuestion(c, &in, map[string]int{"more": 4}[do.Do])
		if err != nil {
			return err
		}
		if do.Do == "preview" {
			return s.previewQuestion(c, p)
		}
		return s.show(c, "author-question", p)
	}
	saved, err := s.Courses.SaveQuestion(c.UserContext(), who(c).Access, c.Params("course"), c.Params("question"), in)
	if err != nil {
		return s.notSaved(c, err, func() error {
			p, pageErr := s.authoredQuestion(c, &in, 0)
			if pageErr != nil {
				return pageErr
			}
			return s.again(c, err, "author-question", p)
		})
	}
	return s.afterQuestion(c, saved.Parent, saved.Name)
}

type chooseQuestionsPage struct {
	authorPage
	Module  courses.Piece
	Banks   []courses.Bank
	Lessons []Choice
	In      courses.Chosen
}

// chooseQuestions lists the questions of published courses: 「用意された問題から選ぶ」.
func (s *site) chooseQuestions(c *fiber.Ctx) error {
	p, err := s.choosePage(c)
	if err != nil {
		return err
	}
	return s.show(c, "author-choose", p)
}

func (s *site) choosePage(c *fiber.Ctx) (*chooseQuestionsPage, error) {
	base, m, err := s.inModule(c, "用意された問題から選ぶ")
	if err != nil {
		return nil, err
	}
	p := &chooseQuestionsPage{authorPage: base, Module: *m}
	p.Crumbs = append(p.Crumbs, Crumb{p.Base + "/modules/" + m.Name + "/questions", "問題"})
	for _, l := range p.Draft.Under(courses.LessonPiece, m.Name) {
		if p.Draft.Lesson(l.Name).Required {
			p.Lessons = append(p.Lessons, Choice{Value: l.Name, Label: p.Draft.Title(l)})
		}
	}
	p.Banks, err = s.Courses.Banks(c.UserContext(), p.Who.Access)
	return p, err
}

func (s *site) takeQuestions(c *fiber.Ctx) error {
	var in courses.Chosen
	if err := parse(c, &in); err != nil {
		return err
	}
	err := s.Courses.TakeQuestions(c.UserContext(), who(c).Access, c.Params("course"), c.Params("module"), in)
	if err != nil {
		p, pageErr := s.choosePage(c)
		if pageErr != nil {
			return pageErr
		}
		p.In = in
		return s.again(c, err, "author-choose", p)
	}
	return s.done(c, coursePath(c)+"/modules/"+c.Params("module")+"/questions", flashTaken)
}
