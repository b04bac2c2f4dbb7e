package views

import (
	"fmt"
	"html/template"
	"math"

	"github.com/gofiber/fiber/v2"

	"tsunagari/courses"
	"tsunagari/quiz"
	"tsunagari/storage"
)

type analysisPage struct {
	Page
	Course        string // id
	CourseTitle   template.HTML
	Quizzes       []quizLink
	Quiz          string // title of the one shown
	People        int
	Few           bool // so few people that figures may be chance
	Items         []itemView
	Stops         []stopView
	All, Finished int
	Regrades      []regradeView
}

type quizLink struct {
	Path, Title string
	Current     bool
}

type stopView struct {
	Title  template.HTML
	People int
}

// itemView is one question with its figures in words.
type itemView struct {
	Text, Lesson    template.HTML
	LessonPath      string
	RegradePath     string
	Answers, Missed int
	Facility        string
	FacilitySays    string
	Apart           string // discrimination
	ApartSays       string
	Worth           bool // worth a look
	Table           []distractorView
}

type distractorView struct {
	Text   template.HTML
	Right  bool
	Part   bool
	Chosen int
	Share  string
	Rest   string
}

type regradeView struct {
	quiz.Regrade
	Text template.HTML
}

// fewPeople is below how many people a figure says little.
const fewPeople = 20

// analysis is くわしい分析 of a course: numbers, never a name.
func (s *site) analysis(c *fiber.Ctx) error {
	id, access := c.Params("course"), who(c).Access
	rev, err := s.Courses.Published(c.UserContext(), access, id)
	if err != nil {
		return err
	}
	p := &analysisPage{Page: s.page(c, "くわしい分析"), Course: id}
	p.CourseTitle = p.inline(rev.Title)
	p.Crumbs = []Crumb{{"/trainer", "講師"}, {"/trainer/courses/" + id, "講座"}}
	keys := quiz.Keys(rev)
	key := c.Query("quiz")
	if key == "" && len(keys) > 0 {
		key = keys[len(keys)-1]
	}
	for _, k := range keys {
		l := quizLink{Path: c.Path() + "?quiz=" + k, Title: p.quizTitle(rev, k), Current: k == key}
		if l.Current {
			p.Quiz = l.Title
		}
		p.Quizzes = append(p.Quizzes, l)
	}
	if key != "" && p.Quiz == "" {
		return storage.ErrNotFound
	}
	a, err := s.Quizzes.Analysis(c.UserContext(), access, id, key)
	if err != nil {
		return err
	}
	p.People, p.Few = a.People, a.People < fewPeople
	for _, it := range a.Items {
		p.Items = append(p.Items, p.item(rev, id, it))
	}
	if err := s.stops(c, p, rev); err != nil {
		return err
	}
	return s.show(c, "analysis", p)
}

func (s *site) stops(c *fiber.Ctx, p *analysisPage, rev *courses.Revision) error {
	stops, all, finished, err := s.Courses.Stops(c.UserContext(), p.Who.Access, p.Course)
	if err != nil {
		return err
	}
	p.All, p.Finished = all, finished
	for _, st := range stops {
		p.Stops = append(p.Stops, stopView{p.stepTitle(rev, st.Step), st.People})
	}
	list, err := s.Quizzes.Regrades(c.UserContext(), p.Who.Access, p.Course)
	for _, r := range list {
		v := regradeView{Regrade: r, Text: template.HTML(template.HTMLEscapeString(r.Question))}
		if q := rev.Question(r.Question); q != nil {
			v.Text = p.inline(q.Text)
		}
		p.Regrades = append(p.Regrades, v)
	}
	return err
}

func (p *Page) quizTitle(rev *courses.Revision, key string) string {
	for i, m := range rev.Modules {
		if quiz.Check(m.ID) == key {
			return fmt.Sprintf("単元%d", i+1)
		}
	}
	return "まとめの確認"
}

// stepTitle is a step with the number of its module.
func (p *Page) stepTitle(rev *courses.Revision, step courses.Step) template.HTML {
	if step.Module == nil {
		return "まとめの確認"
	}
	for i, m := range rev.Modules {
		if m != step.Module {
			continue
		}
		title := template.HTML("たしかめる")
		if step.Lesson != nil {
			title = p.inline(step.Lesson.Title)
		}
		return template.HTML(fmt.Sprintf("単元%d　", i+1)) + title
	}
	return ""
}

func (p *Page) item(rev *courses.Revision, course string, it quiz.Item) itemView {
	v := itemView{
		Text: p.inline(it.Question.Text), Answers: it.Answers, Missed: it.Missed,
		RegradePath: "/trainer/courses/" + course + "/regrade/" + it.Question.ID,
		Facility:    share(it.Facility), FacilitySays: facilitySays(it.Facility),
		Apart: figure(it.Discrimination), ApartSays: apartSays(it.Discrimination),
	}
	if it.Lesson != nil {
		v.Lesson, v.LessonPath = p.inline(it.Lesson.Title), "/courses/"+rev.Slug+"/"+it.Lesson.ID
	}
	v.Worth = it.Answers >= fewPeople && (it.Facility < 0.3 || it.Discrimination < 0.1)
	for _, d := range it.Table {
		v.Table = append(v.Table, distractorView{
			Text: p.inline(d.Text), Right: d.Right, Part: d.Part, Chosen: d.Chosen,
			Share: share(float64(d.Chosen) / float64(it.Answers)), Rest: share(d.Rest),
		})
	}
	return v
}

func share(x float64) string {
	if math.IsNaN(x) {
		return "—"
	}
	return fmt.Sprintf("%.0f%%", x*100)
}

func figure(x float64) string {
	if math.IsNaN(x) {
		return "—"
	}
	return fmt.Sprintf("%.2f", x)
}

func facilitySays(f float64) string {
	switch {
	case math.IsNaN(f):
		return ""
	case f >= 0.9:
		return "ほとんどの人が、はじめから答えられています。"
	case f >= 0.5:
		return "半分以上の人が、はじめから答えられています。"
	case f >= 0.3:
		return "迷う人が多い設問です。"
	}
	return "多くの人が迷っています。問い方か、レッスンの説明を見直してみましょう。"
}

func apartSays(d float64) string {
	switch {
	case math.IsNaN(d):
		return "答えがそろっているか、まだ人数が足りないため、計算できません。"
	case d < 0:
		return "ほかの設問がよくできた人ほど、迷っています。答えの設定がまちがっていないか、確かめてください。"
	case d < 0.2:
		return "ほかの設問のできぐあいと、あまり関係がありません。"
	}
	return "ほかの設問がよくできた人ほど、答えられています。"
}

type missedPage struct {
	Page
	Class  string
	People int
	Items  []itemView
}

// missed is what the people of a class missed, after it: always shown, with the
// lesson to speak about once more.
func (s *site) missed(c *fiber.Ctx) error {
	class, err := s.Classes.Class(c.UserContext(), who(c).Access, c.Params("id"))
	if err != nil {
		return err
	}
	rev, err := s.Classes.Revision(c.UserContext(), class)
	if err != nil {
		return err
	}
	seated, err := s.Classes.Seated(c.UserContext(), class)
	if err != nil {
		return err
	}
	items, people, err := s.Quizzes.Missed(c.UserContext(), class.CourseID, class.RevisionID, seated)
	if err != nil {
		return err
	}
	p := &missedPage{Page: s.page(c, "迷った問題"), Class: class.ID, People: people}
	p.Crumbs = []Crumb{{"/trainer", "講師"}, {"/trainer/classes/" + class.ID, "開催"}}
	for _, it := range items {
		p.Items = append(p.Items, p.item(rev, class.CourseID, it))
	}
	return s.show(c, "class-missed", p)
}
