package courses

import (
	"fmt"
	"hash/fnv"
	"slices"
	"strings"

	"tsunagari/courses/questions/outline"
)

// Activity is a piece of practice in a lesson: never marked, never stored.
type Activity struct {
	ID       string
	Kind     string // sort, match, order, talk, chain, worksheet
	Proposal bool   // the whole is この講座の提案
	Intro    string // Markdown: the instruction
	Exercise Exercise

	line      int // of the file on which it opens
	introLine int
}

// Exercise is what is done in an activity: *Sorting, *Matching, *Ordering,
// *Talk, *Chain, *ScoreSheet, *CheckSheet or *WritingSheet.
type Exercise interface {
	// shape is equal for two texts of one activity in two languages.
	shape() string
	// say visits every source text in reading order.
	say(visit func(utterance))
}

// utterance is one text of an activity for whoever counts or checks it.
type utterance struct {
	line   int
	source string
	role   role
	group  string // utterances of one group stand instead of each other: a reader meets the longest
}

type role int

const (
	roleWords    role = iota // read by everybody
	roleFeedback             // said once something was answered
)

var activityKinds = []string{"sort", "match", "order", "talk", "chain", "worksheet"}

// Sorting sorts cards into groups.
type Sorting struct {
	Groups []string
	Cards  []Card
	line   int
}

// Card is a line with what is said about it. Groups are the indices of every
// group in which it may stand.
type Card struct {
	Text, Feedback string
	Groups         []int
	line           int
}

// Matching finds the right side of each left side.
type Matching struct {
	Pairs  []MatchPair
	Rights []string // each once, in the order in which they are offered
}

// MatchPair is a left side; Right is the index of its right side in Rights.
type MatchPair struct {
	Left, Feedback string
	Right          int
	line           int
}

// Ordering puts lines in order. Lines is the right order.
type Ordering struct {
	Lines []OrderLine
	Shown []int // indices into Lines, in the order in which they are shown
}

// OrderLine is a line with the first and last place (from 1) where it may stand.
type OrderLine struct {
	Text, Feedback string
	First, Last    int
	rank           int
	line           int
}

// Talk is a branching conversation; the first scene is the start.
type Talk struct{ Scenes []Scene }

// Scene is a moment of a conversation. One without choices is an end.
type Scene struct {
	Name    string
	Text    string // Markdown
	Choices []Reply
	line    int
}

// Reply is something to say or do, what is said about it, and where it leads.
type Reply struct {
	Text, Feedback string
	To             string // name of a scene
	next           int    // its index
	line           int
}

// Chain is a chain of events; Feedback of a link says where a small connection
// could break it.
type Chain struct{ Links []Card }

// ScoreSheet is a private worksheet whose points are added up.
type ScoreSheet struct {
	Answers []ScoreAnswer
	Rows    []Card
	Totals  []Total
	line    int
}

// ScoreAnswer is an answer with its points.
type ScoreAnswer struct {
	Points int
	Text   string
}

// Total is what a sum from Low to High says.
type Total struct {
	Low, High int
	Text      string
	line      int
}

// CheckSheet is a private worksheet of statements under headings. Step is said
// when the first answer was given to any statement of the part.
type CheckSheet struct {
	Answers []string
	Parts   []SheetPart
	line    int
}

// SheetPart is a part of a CheckSheet; the heading may be empty.
type SheetPart struct {
	Heading, Step  string
	Rows           []Card // Feedback is the statement's own first step
	line, stepLine int
}

// WritingSheet is a private worksheet of prompts with lines to write on.
type WritingSheet struct {
	Lines   int
	Prompts []Card
}

// activity reads the block of an activity that opens on line at.
func (b *body) activity(kind string, words []string, content []string, at int) *Activity {
	a := &Activity{Kind: kind, line: at, introLine: at + 1}
	if len(words) > 0 && lessonID.MatchString(words[0]) {
		a.ID = words[0]
	} else {
		b.fault(at, "「:::%s」のあとに、半角の小文字・数字・- でidを書いてください。", kind)
		return nil
	}
	for _, word := range words[1:] {
		if word != "proposal" {
			b.fault(at, "「%s」は、ここでは使いません。", word)
		}
		a.Proposal = a.Proposal || word == "proposal"
	}
	r := &activityReader{body: b, lines: content, first: at + 1, at: at}
	a.Intro = r.intro(kind)
	switch kind {
	case "sort":
		a.Exercise = r.sorting()
	case "match":
		a.Exercise = r.matching(a.ID)
	case "order":
		a.Exercise = r.ordering(a.ID)
	case "talk":
		a.Exercise = r.talk()
	case "chain":
		a.Exercise = r.chain()
	case "worksheet":
		a.Exercise = r.worksheet()
	}
	return a
}

// shuffled is the numbers below n in an order that depends on the seed alone
// and, for two or more, is not the plain one.
func shuffled(seed string, n int) []int {
	out := make([]int, n)
	key := make([]uint64, n)
	for i := range out {
		h := fnv.New64a()
		fmt.Fprintf(h, "%s/%d", seed, i)
		out[i], key[i] = i, h.Sum64()
	}
	slices.SortStableFunc(out, func(a, b int) int {
		if key[a] < key[b] {
			return -1
		}
		return 1
	})
	if slices.IsSorted(out) && n > 1 {
		out = append(out[1:], out[0])
	}
	return out
}

func (s *Sorting) shape() string {
	var b strings.Builder
	fmt.Fprintf(&b, "sort %d", len(s.Groups))
	for _, c := range s.Cards {
		fmt.Fprint(&b, c.Groups)
	}
	return b.String()
}

func (m *Matching) shape() string {
	var b strings.Builder
	b.WriteString("match")
	for _, p := range m.Pairs {
		fmt.Fprint(&b, " ", p.Right)
	}
	return b.String()
}

func (o *Ordering) shape() string {
	var b strings.Builder
	b.WriteString("order")
	for _, l := range o.Lines {
		fmt.Fprintf(&b, " %d-%d", l.First, l.Last)
	}
	return b.String()
}

func (t *Talk) shape() string {
	var b strings.Builder
	b.WriteString("talk")
	for _, s := range t.Scenes {
		fmt.Fprintf(&b, " %s:", s.Name)
		for _, c := range s.Choices {
			b.WriteString(" " + c.To)
		}
	}
	return b.String()
}

func (c *Chain) shape() string { return fmt.Sprint("chain ", len(c.Links)) }

func (s *ScoreSheet) shape() string {
	var b strings.Builder
	fmt.Fprintf(&b, "score %d", len(s.Rows))
	for _, a := range s.Answers {
		fmt.Fprint(&b, " ", a.Points)
	}
	for _, t := range s.Totals {
		fmt.Fprintf(&b, " %d-%d", t.Low, t.High)
	}
	return b.String()
}

func (s *CheckSheet) shape() string {
	var b strings.Builder
	fmt.Fprintf(&b, "rows %d", len(s.Answers))
	for _, p := range s.Parts {
		fmt.Fprintf(&b, " %d/%t", len(p.Rows), p.Step != "")
	}
	return b.String()
}

func (s *WritingSheet) shape() string { return fmt.Sprint("lines ", s.Lines, " ", len(s.Prompts)) }

// fault passes a fault on with a line of the file.
func (r *activityReader) fault(line int, format string, args ...any) {
	r.body.faults = append(r.body.faults, outline.Fault{Line: line, Reason: fmt.Sprintf(format, args...)})
}
