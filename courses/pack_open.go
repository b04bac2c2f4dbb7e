package courses

import (
	"html/template"

	"tsunagari/courses/questions"
)

// Pack is the 授業パック of a revision, ready to show and to print. It never
// changes. Texts that are not Blocks are inline Markdown: Inline or Runs.
type Pack struct {
	// Derived says that the course brings no pack of its own: slides and
	// handout are made from its lessons, the sheets are the usual ones.
	Derived bool

	Plans       []ClassPlan
	Slides      []*Slide
	Reflection  ReflectionSheet
	Paper       PaperQuiz
	Poster      Poster
	Application ApplicationForm
	Checklist   []ChecklistPart

	handout map[questions.Lang]Handout
}

// Slide is one slide with what the trainer says to it.
type Slide struct {
	Number int // from 1
	Title  Text
	Blocks []Block // without the title
	Notes  []Block

	html, notes [2]template.HTML // without furigana, with furigana
}

// HTML is the slide without its title, ready to send. The ids in it are unique
// among all slides of the pack.
func (s *Slide) HTML(furigana bool) template.HTML { return s.html[side(furigana)] }

// NotesHTML is what the trainer says, ready to send.
func (s *Slide) NotesHTML(furigana bool) template.HTML { return s.notes[side(furigana)] }

func side(furigana bool) int {
	if furigana {
		return 1
	}
	return 0
}

// Handout is the A4 handout in one language.
type Handout struct {
	Title   string // inline Markdown
	Sources []string
	Blocks  []Block
}

// Handout is the handout in a language, the standard one where there is no other.
func (p *Pack) Handout(lang questions.Lang) Handout {
	if h, ok := p.handout[lang]; ok {
		return h
	}
	return p.handout[questions.JA]
}

// HasEasyHandout says whether there is a handout in やさしい日本語.
func (p *Pack) HasEasyHandout() bool {
	_, ok := p.handout[questions.Easy]
	return ok
}

// PaperQuiz is まとめの確認 on paper.
type PaperQuiz struct {
	Title, Intro, Ending Text
	Questions            []PaperQuestion
}

// PaperQuestion is a question with the order in which its parts are printed: ids
// of options, of the pairs whose right sides are printed, or of items, like that
// of a drawn question. It is the same on every print of one revision, so that
// the answer key and what is typed afterwards fit the sheets.
type PaperQuestion struct {
	Number   int // from 1
	Question *questions.Question
	Show     []string
}
