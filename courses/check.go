package courses

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"tsunagari/courses/questions"
)

// Report is what a course check found: faults keep a course from being
// published, warnings are for the writer to weigh, figures are for everybody.
type Report struct {
	Slug, Title string
	Faults      []Fault
	Warnings    []Warning
	Unconfirmed []Fault // 確認前
	Figures     Figures
}

// Warning is a fault of quality.
type Warning struct {
	Kind WarningKind
	Fault
}

// WarningKind says what a warning is about.
type WarningKind string

// The kinds of warning, in the order of the report.
const (
	WarnTime     WarningKind = "読む時間"
	WarnShape    WarningKind = "学習目標・確認・問題の数"
	WarnSources  WarningKind = "出典"
	WarnLong     WarningKind = "50字をこえる文"
	WarnTerm     WarningKind = "初めて出る言葉のふりがな"
	WarnFeedback WarningKind = "答えたあとの言葉"
	WarnEasy     WarningKind = "やさしい日本語"
	WarnFurigana WarningKind = "やさしい日本語のふりがな"
	WarnWord     WarningKind = "受講者に使わない言葉"
	WarnFigure   WarningKind = "図・写真・音声・資料"
	WarnPack     WarningKind = "授業パック"
)

// WarningKinds are all kinds in order.
var WarningKinds = []WarningKind{
	WarnTime, WarnShape, WarnSources, WarnLong, WarnTerm,
	WarnFeedback, WarnEasy, WarnFurigana, WarnWord, WarnFigure, WarnPack,
}

// OK says whether the course can be published.
func (r *Report) OK() bool { return len(r.Faults) == 0 }

// Count is the number of warnings of a kind.
func (r *Report) Count(kind WarningKind) int {
	n := 0
	for _, w := range r.Warnings {
		if w.Kind == kind {
			n++
		}
	}
	return n
}

// Check reads a course as a critical reader would. The faults are those of
// ReadPackage, or of the package itself when it was not read from files.
func Check(p *Package) *Report {
	c := &critic{p: p, words: p.dictionary(), report: &Report{
		Slug: p.Slug, Title: Plain(p.Title[questions.JA]), Faults: p.faults, Figures: p.figures(),
	}}
	if p.faults == nil {
		c.report.Faults = p.check(true)
	}
	c.time()
	c.course()
	for i := range p.Modules {
		c.module(&p.Modules[i])
	}
	c.pack()
	c.media()
	for _, picture := range p.Media {
		if len(picture.dropped) > 0 {
			c.warn(WarnFigure, "media/"+picture.Name, 0, "使えないため外したものがあります：%s", strings.Join(picture.dropped, "、"))
		}
	}
	return c.report
}

type critic struct {
	p      *Package
	words  *dictionary
	report *Report
}

func (c *critic) warn(kind WarningKind, file string, line int, format string, args ...any) {
	c.report.Warnings = append(c.report.Warnings, Warning{kind, Fault{file, line, fmt.Sprintf(format, args...)}})
}

func (c *critic) time() {
	f := c.report.Figures
	if f.Given > 0 && f.Required > float64(f.Given) {
		c.warn(WarnTime, "course.md", 0, "必ず読むところが%.1f分あります。%d分までです。", f.Required, f.Given)
	}
	for _, m := range f.Modules {
		if m.Given > 0 && m.Minutes > float64(m.Given) {
			c.warn(WarnTime, m.ID+"/module.md", 0, "必ず読むところと確認が%.1f分あります。%d分までです。", m.Minutes, m.Given)
		}
	}
}

func (c *critic) course() {
	c.short("course", c.p.Title, c.p.Summary)
	c.body("course", c.p.Body, c.p.lines, false)
}

func (c *critic) module(m *PackageModule) {
	base := m.ID + "/module"
	if n := len(m.Goals); n < 2 || n > 4 {
		c.warn(WarnShape, base+".md", 0, "学習目標が%dつです。2つから4つにしてください。", n)
	}
	if m.Check < 3 || m.Check > 5 {
		c.warn(WarnShape, base+".md", 0, "単元の確認が%d問です。3問から5問にしてください。", m.Check)
	}
	if n := len(m.Questions); n < 12 {
		c.warn(WarnShape, m.ID+"/questions.yaml", 0, "問題が%d問です。12問以上にしてください。", n)
	}
	if !slices.ContainsFunc(m.Lessons, hasActivity) {
		c.warn(WarnShape, base+".md", 0, "この単元には、やってみる活動がひとつもありません。")
	}
	c.short(base, append([]Text{m.Title}, m.Goals...)...)
	c.body(base, m.Body, m.lines, false)
	for i := range m.Lessons {
		c.lesson(m, &m.Lessons[i])
	}
	for _, q := range m.Questions {
		c.question(m.ID+"/questions.yaml", q)
	}
}

func hasActivity(l PackageLesson) bool {
	return len(activities(parseBody(l.Body[questions.JA], 1).segments)) > 0
}

func (c *critic) lesson(m *PackageModule, l *PackageLesson) {
	base := m.ID + "/" + l.ID
	if len(l.Sources) == 0 {
		c.warn(WarnSources, base+".md", 0, "出典（sources）がありません。")
	}
	for _, s := range l.Unconfirmed {
		c.report.Unconfirmed = append(c.report.Unconfirmed, Fault{base + ".md", 0, s})
	}
	c.short(base, l.Title)
	c.body(base, l.Body, l.lines, true)
	if l.Body[questions.Easy] == "" {
		c.warn(WarnEasy, base+".easy.md", 0, "やさしい日本語の文がありません。")
		return
	}
	for _, a := range activities(parseBody(l.Body[questions.JA], lineOf(l.lines, questions.JA)).segments) {
		c.activity(base+".md", a)
	}
	if likeness := c.words.likeness(bodyText(l, questions.JA), bodyText(l, questions.Easy)); likeness >= sameLesson {
		c.warn(WarnEasy, base+".easy.md", 0, "ふつうの日本語とほとんど同じです（一致%.0f%%）。短い文と、やさしい言葉で書き直してください。", likeness*100)
	}
}

// The likeness from which an easy text counts as the standard one again.
const (
	sameLesson = 0.85
	sameText   = 0.92
	sameLength = 16 // shorter texts may well be the same
)

func bodyText(l *PackageLesson, lang questions.Lang) string {
	var b strings.Builder
	for _, p := range l.passages(lang) {
		b.WriteString(p.source + "\n")
	}
	return b.String()
}

// short looks at titles, goals and summaries.
func (c *critic) short(base string, texts ...Text) {
	for _, text := range texts {
		if text[questions.JA] == "" {
			continue
		}
		c.forbidden(base+".md", 1, text[questions.JA])
		if text[questions.Easy] == "" {
			if hasKanji(text[questions.JA]) {
				c.warn(WarnEasy, base+".easy.md", 0, "「%s」のやさしい日本語がありません。", shortened(Plain(text[questions.JA])))
			}
			continue
		}
		c.forbidden(base+".easy.md", 1, text[questions.Easy])
		c.furigana(base+".easy.md", 1, text[questions.Easy])
	}
}

// body looks at the running text of both languages.
func (c *critic) body(base string, text Text, lines map[questions.Lang]int, lesson bool) {
	for _, lang := range languages {
		file := fileOf(base, lang)
		all := passages(parseBody(text[lang], lineOf(lines, lang)).segments)
		c.passages(file, lang, all)
		if lang == questions.JA && lesson {
			c.terms(file, all)
		}
	}
}

func (c *critic) passages(file string, lang questions.Lang, all []passage) {
	for _, p := range all {
		if p.kind == alternative {
			c.alternative(file, p)
			continue
		}
		if p.kind != attribution && p.kind != quoted {
			c.long(file, p)
			c.forbidden(file, p.line, p.source)
		}
		if lang == questions.Easy && p.kind != attribution {
			c.furigana(file, p.line, p.source)
		}
	}
}

func (c *critic) alternative(file string, p passage) {
	if utf8.RuneCountInString(p.plain()) < 10 {
		c.warn(WarnFigure, file, p.line, "図の説明が短すぎます。見えない人にも伝わるように書いてください。")
	}
}

// longest is the length of a sentence for a reader of 70 on a phone.
const longest = 50

func (c *critic) long(file string, p passage) {
	for _, s := range p.sentences() {
		if n := letters(s.text); n > longest && japanese(s.text) {
			c.warn(WarnLong, file, s.line, "%d字：%s", n, shortened(s.text))
		}
	}
}

// japanese says whether a text is not mostly the title of a foreign work.
func japanese(s string) bool {
	ascii := 0
	for i := range len(s) {
		if s[i] < 0x80 {
			ascii++
		}
	}
	return ascii*3 < len(s)
}

// forbiddenWords are not used with learners: nobody is sorted or judged here.
var forbiddenWords = []string{"試験", "不合格", "診断", "資格", "認定", "テスト", "正解率"}

func (c *critic) forbidden(file string, line int, source string) {
	plain := Plain(source)
	for _, word := range forbiddenWords {
		if strings.Contains(plain, word) {
			c.warn(WarnWord, file, line, "「%s」：%s", word, shortened(plain))
		}
	}
}
