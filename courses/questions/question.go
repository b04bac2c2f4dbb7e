// Package questions knows what a question is: its data, its file form and the
// faults that can be found by looking at it. It does not draw, ask or mark
// questions (package quiz does) and knows no course and no learner.
package questions

import "slices"

// Type names the kind of a question; the names are those of questions.yaml.
type Type string

// The types of question. Reflection is never marked.
const (
	Choice     Type = "choice"
	Multiple   Type = "multiple"
	TrueFalse  Type = "truefalse"
	Matching   Type = "matching"
	Ordering   Type = "ordering"
	Sort       Type = "sort"
	Short      Type = "short"
	Numerical  Type = "numerical"
	Reflection Type = "reflection"
)

// Lang is a BCP 47 language tag of a text.
type Lang string

// The languages of a course's texts: standard Japanese and やさしい日本語.
const (
	JA   Lang = "ja"
	Easy Lang = "ja-x-easy"
)

// Text is one text in several languages, in the inline Markdown of lessons
// (furigana as {漢字|かんじ}).
type Text map[Lang]string

// In is the text in lang, or the standard text where lang has none.
func (t Text) In(lang Lang) string {
	if s := t[lang]; s != "" {
		return s
	}
	return t[JA]
}

// Use names a quiz that may draw a question.
type Use string

// A question serves in the check of its module, in まとめの確認, or in both.
const (
	InCheck   Use = "check"
	InClosing Use = "closing"
)

// Question is one question with its key and its explanations. It never reaches
// a browser as it is: package quiz makes the asked and the reviewed shape of it.
type Question struct {
	ID     string   `json:"id"`
	Type   Type     `json:"type"`
	Lesson string   `json:"lesson,omitempty"` // id of the lesson where the answer is read
	Module string   `json:"module,omitempty"`
	Uses   []Use    `json:"uses,omitempty"`
	Tags   []string `json:"tags,omitempty"`

	Text        Text `json:"text"`
	Explanation Text `json:"explanation,omitempty"` // shown with the feedback, whatever was answered

	Options   []Option `json:"options,omitempty"` // choice, multiple, truefalse (ids "true" and "false")
	Pairs     []Pair   `json:"pairs,omitempty"`   // matching
	Items     []Item   `json:"items,omitempty"`   // ordering, sort
	Groups    []Group  `json:"groups,omitempty"`  // sort
	Answers   []Answer `json:"answers,omitempty"` // short, numerical
	Otherwise Text     `json:"otherwise,omitempty"`
	Unit      string   `json:"unit,omitempty"`

	Line int `json:"-"` // in the file it was read from
}

// For says whether the quiz u may draw the question. Without uses it serves in both.
func (q *Question) For(u Use) bool { return len(q.Uses) == 0 || slices.Contains(q.Uses, u) }

// Option is one choice. Weight is its share of the mark, −1 to 1; in a question
// with one right choice that choice has weight 1.
type Option struct {
	ID       string  `json:"id"`
	Text     Text    `json:"text"`
	Weight   float64 `json:"weight"`
	Feedback Text    `json:"feedback,omitempty"`
}

// Right says whether choosing the option adds to the mark.
func (o Option) Right() bool { return o.Weight > 0 }

// Pair is one pair of a matching question. An extra right side has no Left.
type Pair struct {
	ID       string `json:"id"`
	Left     Text   `json:"left,omitempty"`
	Right    Text   `json:"right"`
	Feedback Text   `json:"feedback,omitempty"`
}

// Item is one line to be put in order (Rank: 1 is first, equal ranks may stand
// either way) or into a group (Groups: ids of every group that is right).
type Item struct {
	ID       string   `json:"id"`
	Text     Text     `json:"text"`
	Rank     int      `json:"rank,omitempty"`
	Groups   []string `json:"groups,omitempty"`
	Feedback Text     `json:"feedback,omitempty"`
}

// Group is one heading under which items are sorted.
type Group struct {
	ID   string `json:"id"`
	Text Text   `json:"text"`
}

// Answer is one accepted answer of a short or numerical question with its share
// of the mark, 0 to 1. Short answers are compared by Text, numerical ones by
// Value within ±Tolerance.
type Answer struct {
	Text      string  `json:"text,omitempty"`
	Value     float64 `json:"value,omitempty"`
	Tolerance float64 `json:"tolerance,omitempty"`
	Weight    float64 `json:"weight"`
	Feedback  Text    `json:"feedback,omitempty"`
}
