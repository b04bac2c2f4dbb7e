package courses

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/google/uuid"

	"tsunagari/courses/questions"
	"tsunagari/courses/questions/outline"
)

var slugForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// The pages that have an address of their own where those of lessons and activities
// are: /courses/{slug}/closing and /courses/{slug}/{module}/check.
const (
	closingPage = "closing"
	checkPage   = "check"
)

// textLines remembers on which line of its file the body of each language begins.
type textLines struct{ lines map[questions.Lang]int }

func (t *textLines) setLine(lang questions.Lang, line int) {
	if t.lines == nil {
		t.lines = map[questions.Lang]int{}
	}
	t.lines[lang] = line
}

// lineOf is where a body begins; a body that was read from no file begins on line 1.
func lineOf(lines map[questions.Lang]int, lang questions.Lang) int { return max(1, lines[lang]) }

// check finds the structural faults of a package: whatever would keep a part of
// it from being shown, asked or found. Without bodies it leaves out the running
// text, for whoever renders that anyway.
func (p *Package) check(bodies bool) []Fault {
	c := &structure{p: p, bodies: bodies, site: p.site(), lessons: map[string]*PackageLesson{}, seen: map[string]string{}}
	c.course()
	for i := range p.Modules {
		c.module(&p.Modules[i])
	}
	for i := range p.Modules {
		c.bank(&p.Modules[i])
	}
	c.closing()
	c.media()
	c.class()
	return c.faults
}

type structure struct {
	p       *Package
	bodies  bool
	site    *site
	lessons map[string]*PackageLesson
	seen    map[string]string // what an id was used for: "lesson naze" → its file
	faults  []Fault
}

func (c *structure) fault(file string, line int, format string, args ...any) {
	c.faults = append(c.faults, Fault{file, line, fmt.Sprintf(format, args...)})
}

func (c *structure) take(file string, line int, faults []outline.Fault) {
	for _, f := range faults {
		c.faults = append(c.faults, Fault{file, f.Line + line, f.Reason})
	}
}

// once notes an id that is used twice in the course.
func (c *structure) once(kind, id, file string, line int) {
	if other, twice := c.seen[kind+" "+id]; twice {
		c.fault(file, line, "%sのid「%s」は、%s でも使われています。", kind, id, other)
		return
	}
	c.seen[kind+" "+id] = file
}

// texts checks titles, goals and summaries, which stand in front matter.
func (c *structure) texts(base string, texts ...Text) {
	for _, text := range texts {
		for _, lang := range languages {
			c.take(fileOf(base, lang), 1, inlineFaults(text[lang]))
		}
	}
}

func (c *structure) course() {
	p := c.p
	if _, err := uuid.Parse(p.ID); err != nil {
		c.fault("course.md", 0, "idには一度だけ作ったUUIDを書いてください。")
	}
	if !slugForm.MatchString(p.Slug) || len(p.Slug) > 60 {
		c.fault("course.md", 0, "slugには半角の小文字・数字・- を使ってください。")
	}
	if p.Title[questions.JA] == "" {
		c.fault("course.md", 0, "題（title）がありません。")
	}
	if len(p.Modules) == 0 {
		c.fault("course.md", 0, "単元（modules）がありません。")
	}
	c.texts("course", p.Title, p.Summary)
	for _, lang := range languages {
		c.render("course", "", p.Body, p.lines, lang)
	}
}

func (c *structure) closing() {
	k := c.p.Closing
	if k.Questions == 0 {
		return
	}
	if k.Rule != Understood && k.Rule != Pass {
		c.fault("course.md", 0, "closing の rule は understood か pass です。")
	}
	if k.Rule == Pass && k.Pass == 0 {
		c.fault("course.md", 0, "closing の rule: pass には、pass: 80 のように合格の割合が要ります。")
	}
	n := 0
	for _, m := range c.p.Modules {
		n += len(c.p.drawable(&m, questions.InClosing))
	}
	if n < k.Questions {
		c.fault("course.md", 0, "まとめの確認は%d問ですが、使える問題は%d問です。", k.Questions, n)
	}
	c.quotas(k)
}

// quotas: each can be met, and together they are no more than what is asked.
func (c *structure) quotas(k Closing) {
	sum := 0
	for _, quota := range k.Draw {
		name, there := "「"+quota.Tag+"」のしるしのある問題", 0
		known := quota.Module == "" && quota.Tag != ""
		for _, m := range c.p.Modules {
			if m.ID == quota.Module {
				name, known = "単元「"+Plain(m.Title[questions.JA])+"」の問題", true
			}
			for _, q := range m.Questions {
				if quota.Takes(m.ID, q) {
					there++
				}
			}
		}
		switch {
		case !known:
			c.fault("course.md", 0, "まとめの確認で数を決めた単元「%s」がありません。", quota.Module)
		case there < quota.Questions:
			c.fault("course.md", 0, "まとめの確認に%sを%d問と決めていますが、使えるのは%d問です。", name, quota.Questions, there)
		}
		sum += quota.Questions
	}
	if sum > k.Questions {
		c.fault("course.md", 0, "まとめの確認は%d問ですが、内わけを足すと%d問になります。", k.Questions, sum)
	}
}

// drawable are the questions of a module that a quiz may draw.
func (p *Package) drawable(m *PackageModule, use questions.Use) []*questions.Question {
	var out []*questions.Question
	for _, q := range m.Questions {
		if q.For(use) {
			out = append(out, q)
		}
	}
	return out
}

func (c *structure) module(m *PackageModule) {
	base := m.ID + "/module"
	c.once("単元", m.ID, base+".md", 0)
	if m.ID == packFolder {
		c.fault(base+".md", 0, "「%s」は授業パックのフォルダーです。単元には別のidを付けてください。", packFolder)
	}
	if m.Title[questions.JA] == "" {
		c.fault(base+".md", 0, "題（title）がありません。")
	}
	if len(m.Lessons) == 0 {
		c.fault(base+".md", 0, "レッスン（lessons）がありません。")
	}
	c.texts(base, append([]Text{m.Title}, m.Goals...)...)
	for _, lang := range languages {
		c.render(base, "", m.Body, m.lines, lang)
	}
	for i := range m.Lessons {
		c.lesson(m, &m.Lessons[i])
	}
	if n := len(c.p.drawable(m, questions.InCheck)); n < m.Check {
		c.fault(m.ID+"/questions.yaml", 0, "単元の確認は%d問ですが、使える問題は%d問です。", m.Check, n)
	}
}

func (c *structure) lesson(m *PackageModule, l *PackageLesson) {
	base := m.ID + "/" + l.ID
	c.once("レッスン", l.ID, base+".md", 0)
	if l.ID == closingPage {
		c.fault(base+".md", 0, "「%s」は、まとめの確認のページのアドレスです。レッスンには別のidを付けてください。", l.ID)
	}
	c.lessons[l.ID] = l
	if l.Title[questions.JA] == "" || l.Body[questions.JA] == "" {
		c.fault(base+".md", 0, "題（title）か本文がありません。")
	}
	c.texts(base, l.Title)
	standard := c.render(base, l.ID, l.Body, l.lines, questions.JA)
	for _, a := range activities(standard) {
		c.once("活動", a.ID, base+".md", a.line)
		if a.ID == checkPage {
			c.fault(base+".md", a.line, "「%s」は、単元の確認のページのアドレスです。活動には別のidを付けてください。", a.ID)
		}
	}
	if l.Body[questions.Easy] == "" {
		return
	}
	easy := c.render(base, l.ID, l.Body, l.lines, questions.Easy)
	c.sameShape(fileOf(base, questions.Easy), activities(standard), activities(easy))
}

// render finds the faults of a body by rendering it.
func (c *structure) render(base, lesson string, text Text, lines map[questions.Lang]int, lang questions.Lang) []segment {
	if text[lang] == "" || !c.bodies {
		return nil
	}
	parsed := parseBody(text[lang], lineOf(lines, lang))
	pg := newPage(c.site, lesson, Reading{Easy: lang == questions.Easy})
	pg.render(parsed.segments)
	c.take(fileOf(base, lang), 0, append(parsed.faults, pg.faults...))
	return parsed.segments
}

func activities(segments []segment) []*Activity {
	var out []*Activity
	for _, seg := range segments {
		if seg.activity != nil {
			out = append(out, seg.activity)
		}
	}
	return out
}

// sameShape compares the activities of two languages: an answer given in one
// must mean the same in the other.
func (c *structure) sameShape(file string, standard, easy []*Activity) {
	byID := func(list []*Activity, id string) *Activity {
		if i := slices.IndexFunc(list, func(a *Activity) bool { return a.ID == id }); i >= 0 {
			return list[i]
		}
		return nil
	}
	for _, a := range standard {
		other := byID(easy, a.ID)
		switch {
		case other == nil:
			c.fault(file, 0, "活動「%s」が、やさしい日本語のほうにありません。", a.ID)
		case other.Kind != a.Kind || other.Exercise.shape() != a.Exercise.shape():
			c.fault(file, other.line, "活動「%s」の項目の数や正しい組み合わせが、ふつうの日本語とちがいます。", a.ID)
		}
	}
	for _, a := range easy {
		if byID(standard, a.ID) == nil {
			c.fault(file, a.line, "活動「%s」が、ふつうの日本語のほうにありません。", a.ID)
		}
	}
}

func (c *structure) bank(m *PackageModule) {
	file := m.ID + "/questions.yaml"
	for _, q := range m.Questions {
		c.once("問題", q.ID, file, q.Line)
		c.take(file, 0, questions.Check(q))
		lesson := c.lessons[q.Lesson]
		switch {
		case q.Lesson == "":
			c.fault(file, q.Line, "問題 %s：答えを読めるレッスン（lesson）が決まっていません。", q.ID)
		case lesson == nil:
			c.fault(file, q.Line, "問題 %s：レッスン「%s」がありません。", q.ID, q.Lesson)
		case !lesson.Required:
			c.fault(file, q.Line, "問題 %s：「%s」は、読まなくてもよいレッスンです。必ず読むレッスンからたずねてください。", q.ID, q.Lesson)
		}
		for _, text := range sources(q) {
			if !c.bodies {
				break
			}
			for _, f := range inlineFaults(text) {
				c.fault(file, q.Line, "問題 %s：%s", q.ID, f.Reason)
			}
		}
	}
}

// sources are all that is written for a question, in all languages.
func sources(q *questions.Question) []string {
	var out []string
	for _, text := range questionTexts(q) {
		for _, lang := range languages {
			if s := text[lang]; s != "" {
				out = append(out, s)
			}
		}
	}
	return out
}
