package courses

import (
	"math"
	"unicode"
	"unicode/utf8"

	"tsunagari/courses/questions"
)

// ReadingPace is how many characters somebody reads in a minute without hurry
// (measured in 文字; a news reader on the radio speaks about as fast).
const ReadingPace = 300

// letters is the number of characters somebody reads: markup, furigana and
// spaces are not counted, punctuation is.
func letters(source string) int {
	n := 0
	for _, r := range Plain(source) {
		if !unicode.IsSpace(r) {
			n++
		}
	}
	return n
}

// lessonLetters counts a lesson's title, text, activities and feedback. What is
// folded away (:::more), alternative texts and sources are not counted. Of
// feedback that stands instead of each other, the longest is.
func lessonLetters(l *PackageLesson, lang questions.Lang) int {
	n := letters(l.Title[lang])
	longest := map[string]int{}
	for _, p := range l.passages(lang) {
		switch {
		case p.optional || p.kind == alternative || p.kind == attribution:
		case p.group != "":
			longest[p.group] = max(longest[p.group], letters(p.source))
		default:
			n += letters(p.source)
		}
	}
	for _, k := range longest {
		n += k
	}
	return n
}

func minutesOf(letters int) float64 { return float64(letters) / ReadingPace }

func lessonMinutes(l *PackageLesson) int {
	return max(1, int(math.Ceil(minutesOf(lessonLetters(l, questions.JA)))))
}

// questionLetters counts a question with everything to choose from and what is
// said to one answer: the longest feedback where one of several is chosen, all
// of it where every item is answered.
func questionLetters(q *questions.Question) int {
	n := letters(q.Text[questions.JA]) + letters(q.Explanation[questions.JA])
	longest := 0
	for _, o := range q.Options {
		n += letters(o.Text[questions.JA])
		longest = max(longest, letters(o.Feedback[questions.JA]))
	}
	for _, p := range q.Pairs {
		n += letters(p.Left[questions.JA]) + letters(p.Right[questions.JA]) + letters(p.Feedback[questions.JA])
	}
	for _, g := range q.Groups {
		n += letters(g.Text[questions.JA])
	}
	for _, i := range q.Items {
		n += letters(i.Text[questions.JA]) + letters(i.Feedback[questions.JA])
	}
	for _, a := range q.Answers {
		longest = max(longest, letters(a.Feedback[questions.JA]))
	}
	return n + max(longest, letters(q.Otherwise[questions.JA]))
}

// quizLetters is what n questions drawn from the bank come to, on the average.
func quizLetters(bank []*questions.Question, n int) int {
	if len(bank) == 0 {
		return 0
	}
	sum := 0
	for _, q := range bank {
		sum += questionLetters(q)
	}
	return (sum*n + len(bank) - 1) / len(bank)
}

// LessonFigures are the figures of one lesson.
type LessonFigures struct {
	Module, ID, Title string
	Required, HasEasy bool
	Letters           int
	Minutes           float64
	EasyLetters       int
	Pictures          int // bytes of its photographs on a telephone
}

// ModuleFigures are the figures of one module. Minutes are those of its
// required lessons and its check.
type ModuleFigures struct {
	ID, Title      string
	Letters        int
	Minutes, Check float64
	Given          int // minutes that module.md gives
	Bank           int // questions
}

// Figures are the figures of a course.
type Figures struct {
	Lessons  []LessonFigures
	Modules  []ModuleFigures
	Closing  float64 // minutes of まとめの確認
	Required float64 // minutes of the whole required path
	Given    int     // minutes that course.md gives
}

func (p *Package) figures() Figures {
	f := Figures{Given: p.Minutes}
	var closing []*questions.Question
	for i := range p.Modules {
		m := &p.Modules[i]
		closing = append(closing, p.drawable(m, questions.InClosing)...)
		module := ModuleFigures{ID: m.ID, Title: Plain(m.Title[questions.JA]), Given: m.Minutes, Bank: len(m.Questions)}
		for j := range m.Lessons {
			l := &m.Lessons[j]
			n := lessonLetters(l, questions.JA)
			f.Lessons = append(f.Lessons, LessonFigures{
				Module: m.ID, ID: l.ID, Title: Plain(l.Title[questions.JA]), Required: l.Required,
				HasEasy: l.Body[questions.Easy] != "", Letters: n, Minutes: minutesOf(n),
				EasyLetters: lessonLetters(l, questions.Easy), Pictures: p.pictureBytes(l.Body[questions.JA]),
			})
			if l.Required {
				module.Letters += n
			}
		}
		check := quizLetters(p.drawable(m, questions.InCheck), m.Check)
		module.Check = minutesOf(check)
		module.Letters += check
		module.Minutes = minutesOf(module.Letters)
		f.Required += module.Minutes
		f.Modules = append(f.Modules, module)
	}
	f.Closing = minutesOf(quizLetters(closing, p.Closing.Questions))
	f.Required += f.Closing
	return f
}

// shortened is the beginning of a text, for a message.
func shortened(s string) string {
	if utf8.RuneCountInString(s) <= 24 {
		return s
	}
	return string([]rune(s)[:24]) + "…"
}
