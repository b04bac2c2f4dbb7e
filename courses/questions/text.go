package questions

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"tsunagari/courses/questions/outline"
)

// Fault is one thing wrong in a question bank.
type Fault = outline.Fault

// Bounds of a question bank.
const (
	maxQuestions = 500
	maxParts     = 30 // choices, pairs, items, answers of one question
)

// ReadText reads a question bank in the form of questions.yaml
// (curriculum/README.md). Whatever can be read is returned beside the faults.
func ReadText(data []byte) ([]*Question, []Fault) {
	root, fault := outline.Read(data, 1)
	if fault != nil {
		return nil, []Fault{*fault}
	}
	if root.Kind == outline.Empty {
		return nil, nil
	}
	if root.Kind != outline.List {
		return nil, []Fault{{Line: root.Line, Reason: "問題集は「- id: …」で始まる一覧です。"}}
	}
	var faults []Fault
	if len(root.Items) > maxQuestions {
		faults = append(faults, Fault{Line: root.Items[maxQuestions].Line, Reason: fmt.Sprintf("問題が多すぎます（%d問まで）。", maxQuestions)})
		root.Items = root.Items[:maxQuestions]
	}
	var bank []*Question
	for _, item := range root.Items {
		r := reader{outline.NewFields(item, &faults)}
		bank = append(bank, r.question())
	}
	return bank, faults
}

// reader reads the fields of one question or of one of its parts.
type reader struct{ *outline.Fields }

// text reads name and name_easy.
func (r reader) text(name string) Text {
	out := Text{}
	if s := r.Text(name); s != "" {
		out[JA] = s
	}
	if s := r.Text(name + "_easy"); s != "" {
		out[Easy] = s
		if out[JA] == "" {
			r.Fault(r.LineOf(name+"_easy"), "「%s_easy」がありますが、「%s」がありません。", name, name)
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// parts reads a list of mappings.
func (r reader) parts(name string, read func(i int, part reader)) {
	items := r.List(name)
	if len(items) > maxParts {
		r.Fault(items[maxParts].Line, "「%s」が多すぎます（%dまで）。", name, maxParts)
		items = items[:maxParts]
	}
	for i, item := range items {
		part := reader{r.Part(item)}
		read(i, part)
		part.Done()
	}
}

// id is the part's id: its number unless the file gives one.
func (r reader) id(n int) string {
	if id := r.Text("id"); id != "" {
		return id
	}
	return strconv.Itoa(n + 1)
}

func (r reader) question() *Question {
	r.Require("id", "type", "text")
	q := &Question{
		ID: r.Text("id"), Lesson: r.Text("lesson"), Tags: r.Texts("tags"), Line: r.Line,
		Text: r.text("text"), Explanation: r.text("explanation"),
		Type: Type(r.OneOf("type", "choice", "multiple", "truefalse", "matching", "ordering", "sort", "short", "numerical", "reflection")),
	}
	for _, use := range r.Texts("use") {
		if use != string(InCheck) && use != string(InClosing) {
			r.Fault(r.LineOf("use"), "「use」に書けるのは check と closing です。")
			continue
		}
		if !slices.Contains(q.Uses, Use(use)) {
			q.Uses = append(q.Uses, Use(use))
		}
	}
	switch q.Type {
	case Choice, Multiple:
		r.options(q)
	case TrueFalse:
		r.trueFalse(q)
	case Matching:
		r.pairs(q)
	case Ordering:
		r.ordering(q)
	case Sort:
		r.sorting(q)
	case Short, Numerical:
		r.answers(q)
	}
	r.Done()
	return q
}

func (r reader) options(q *Question) {
	weighed := make([]bool, 0, maxParts)
	right := 0
	r.parts("choices", func(i int, part reader) {
		o := Option{ID: part.id(i), Text: part.text("text"), Feedback: part.text("feedback")}
		part.Require("text")
		if part.Bool("right", false) {
			o.Weight = 1
			right++
		}
		if part.Has("weight") {
			o.Weight = share(part.Number("weight", -100, 100))
		}
		weighed = append(weighed, part.Has("weight"))
		q.Options = append(q.Options, o)
	})
	if q.Type == Choice && right > 1 {
		r.Fault(r.LineOf("choices"), "正しい選択肢（right: true）は、ちょうど1つです（いまは%d）。どれを選んでも正解にするときは weight: 100 と書きます。", right)
	}
	if q.Type != Multiple || right == 0 {
		return
	}
	for i := range q.Options {
		if weighed[i] {
			continue
		}
		if q.Options[i].Weight == 1 {
			q.Options[i].Weight = 1 / float64(right)
		} else {
			q.Options[i].Weight = -1 / float64(right)
		}
	}
}

// share is a percentage as a share of the mark, to the seven places that a
// percentage with five has, so that it is written back exactly.
func share(percent float64) float64 { return math.Round(percent*1e5) / 1e7 }

// Words of a true or false question.
var (
	trueText  = Text{JA: "正しい", Easy: "{正|ただ}しい"}
	falseText = Text{JA: "正しくない", Easy: "{正|ただ}しくない"}
)

// TrueOrFalse are the two options of a question that is answered with 正しい or
// 正しくない; truth is the right one.
func TrueOrFalse(truth bool) []Option {
	yes, no := Option{ID: "true", Text: trueText}, Option{ID: "false", Text: falseText}
	if truth {
		yes.Weight = 1
	} else {
		no.Weight = 1
	}
	return []Option{yes, no}
}

func (r reader) trueFalse(q *Question) {
	r.Require("answer")
	q.Options = TrueOrFalse(r.Bool("answer", false))
	q.Options[0].Feedback, q.Options[1].Feedback = r.text("if_true"), r.text("if_false")
}

func (r reader) pairs(q *Question) {
	r.parts("pairs", func(i int, part reader) {
		part.Require("left", "right")
		q.Pairs = append(q.Pairs, Pair{
			ID: part.id(i), Left: part.text("left"), Right: part.text("right"), Feedback: part.text("feedback"),
		})
	})
	n := len(q.Pairs)
	r.parts("extra", func(i int, part reader) {
		part.Require("text")
		q.Pairs = append(q.Pairs, Pair{ID: part.id(n + i), Right: part.text("text"), Feedback: part.text("feedback")})
	})
}

func (r reader) ordering(q *Question) {
	r.parts("items", func(i int, part reader) {
		part.Require("text")
		rank := i + 1
		if part.Has("rank") {
			rank = part.Int("rank", 1, maxParts)
		}
		q.Items = append(q.Items, Item{ID: part.id(i), Text: part.text("text"), Rank: rank, Feedback: part.text("feedback")})
	})
}

func (r reader) sorting(q *Question) {
	r.parts("groups", func(i int, part reader) {
		part.Require("text")
		q.Groups = append(q.Groups, Group{ID: part.id(i), Text: part.text("text")})
	})
	r.parts("items", func(i int, part reader) {
		part.Require("text", "group")
		q.Items = append(q.Items, Item{
			ID: part.id(i), Text: part.text("text"), Groups: part.Texts("group"), Feedback: part.text("feedback"),
		})
	})
}

func (r reader) answers(q *Question) {
	q.Unit = r.Text("unit")
	q.Otherwise = r.text("otherwise")
	r.parts("answers", func(i int, part reader) {
		a := Answer{Weight: 1, Feedback: part.text("feedback")}
		if q.Type == Short {
			part.Require("text")
			a.Text = part.Text("text")
		} else {
			part.Require("value")
			a.Value = part.Number("value", -1e15, 1e15)
			a.Tolerance = part.Number("tolerance", 0, 1e15)
		}
		if part.Has("weight") {
			a.Weight = share(part.Number("weight", 0, 100))
		}
		q.Answers = append(q.Answers, a)
	})
}
