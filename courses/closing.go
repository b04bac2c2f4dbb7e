package courses

import (
	"slices"

	"tsunagari/courses/questions"
	"tsunagari/courses/questions/outline"
)

// Closing is the rule of まとめの確認. Questions 0 means that there is none.
type Closing struct {
	Minutes   int    `json:"minutes,omitempty"`
	Questions int    `json:"questions,omitempty"`
	Rule      string `json:"rule,omitempty"` // Understood or Pass
	Pass      int    `json:"pass,omitempty"` // percent, with rule Pass

	Draw []Quota `json:"draw,omitempty"` // of which so many at least; the rest evenly over the modules
	Show string  `json:"show,omitempty"` // when answers are explained: ShowEach, ShowEnd; "" as is usual for the rule
}

// Quota is how many questions of one module, or with one tag, are drawn.
type Quota struct {
	Module    string `json:"module,omitempty"`
	Tag       string `json:"tag,omitempty"`
	Questions int    `json:"questions"`
}

// Takes says whether the question counts for the quota.
func (q Quota) Takes(module string, question *questions.Question) bool {
	return question.For(questions.InClosing) && (q.Module == "" || q.Module == module) &&
		(q.Tag == "" || slices.Contains(question.Tags, q.Tag))
}

// When まとめの確認 explains its answers: each as soon as it is given, or all of
// them at the end. The rule Understood explains each, Pass all at the end.
const (
	ShowEach = "each"
	ShowEnd  = "end"
)

// Immediate says whether each answer is explained as soon as it is given.
func (k Closing) Immediate() bool {
	if k.Show == "" {
		return k.Rule != Pass
	}
	return k.Show == ShowEach
}

// The rules of まとめの確認: missed questions return until all are understood,
// or a share of right answers passes.
const (
	Understood = "understood"
	Pass       = "pass"
)

// readClosing reads the closing of course.md, which may be missing.
func readClosing(f *outline.Fields) Closing {
	if f == nil {
		return Closing{}
	}
	k := Closing{
		Minutes: f.Int("minutes", 1, 600), Questions: f.Int("questions", 1, 100),
		Rule: f.OneOf("rule", Understood, Pass), Pass: f.Int("pass", 1, 100),
	}
	if f.Has("show") {
		k.Show = f.OneOf("show", ShowEach, ShowEnd)
	}
	for _, item := range f.List("draw") {
		part := f.Part(item)
		part.Require("questions")
		k.Draw = append(k.Draw, Quota{part.Text("module"), part.Text("tag"), part.Int("questions", 1, 100)})
		part.Done()
	}
	f.Require("minutes", "questions", "rule")
	f.Done()
	return k
}
