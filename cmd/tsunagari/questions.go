package main

import (
	"context"
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

	"tsunagari/courses/questions"
	"tsunagari/quiz/formats"
)

// formatNames are the formats of other systems, for the help.
func formatNames() string {
	var names []string
	for _, f := range formats.All {
		names = append(names, f.Name)
	}
	return strings.Join(names, ",")
}

// maxQuestionFile is more than any reader takes, in bytes.
const maxQuestionFile = 256 << 20

type questionsCheckCommand struct {
	Format    string `required:"" enum:"${formats}" help:"What the file is: ${enum}."`
	FullWidth bool   `help:"Take ｛｝＝～＃→％ as the signs of the format."`
	File      string `arg:"" type:"path" help:"The file of another system."`
}

func (c *questionsCheckCommand) run(_ context.Context, p *program) error {
	imp, err := readQuestions(c.Format, c.File, c.FullWidth)
	if err != nil {
		return err
	}
	out := json.NewEncoder(p.stdout)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	return out.Encode(checkedOf(imp))
}

// checked is an import as it is printed.
type checked struct {
	Questions   []checkedQuestion `json:"questions"`
	Unsupported []checkedRemark   `json:"unsupported"`
	Problems    []checkedRemark   `json:"problems"`
}

type checkedQuestion struct {
	Type            questions.Type  `json:"type"`
	Name            string          `json:"name"`
	Text            string          `json:"text"`
	Choices         []checkedChoice `json:"choices"`
	Pairs           []checkedPair   `json:"pairs"`
	Answers         []checkedAnswer `json:"answers"`
	GeneralFeedback string          `json:"general_feedback"`
	Tags            []string        `json:"tags"`
	ID              string          `json:"id"`
	Line            int             `json:"line"`
}

// Weights are shares of the mark, −1 to 1.
type checkedChoice struct {
	Text     string  `json:"text"`
	Weight   float64 `json:"weight"`
	Feedback string  `json:"feedback"`
}

type checkedPair struct {
	Left  string `json:"left"` // empty for an extra right side
	Right string `json:"right"`
}

type checkedAnswer struct {
	Text      string   `json:"text"`                // * for any other answer
	Value     *float64 `json:"value,omitempty"`     // of a number
	Tolerance *float64 `json:"tolerance,omitempty"` // of a number
	Weight    float64  `json:"weight"`
	Feedback  string   `json:"feedback"`
}

type checkedRemark struct {
	Line   int    `json:"line"`
	Reason string `json:"reason"`
}

func checkedOf(imp *questions.Import) checked {
	out := checked{Questions: []checkedQuestion{}, Unsupported: checkedRemarks(imp.Unsupported), Problems: checkedRemarks(imp.Problems)}
	for i := range imp.Questions {
		out.Questions = append(out.Questions, checkedQuestionOf(&imp.Questions[i]))
	}
	return out
}

func checkedRemarks(remarks []questions.Remark) []checkedRemark {
	out := []checkedRemark{}
	for _, r := range remarks {
		out = append(out, checkedRemark{r.Line, r.Reason})
	}
	return out
}

func checkedQuestionOf(q *questions.Imported) checkedQuestion {
	out := checkedQuestion{
		Type: q.Type, Name: q.Name, Text: asTyped(q.Text), GeneralFeedback: asTyped(q.Explanation), ID: q.ForeignID, Line: q.Line,
		Choices: []checkedChoice{}, Pairs: []checkedPair{}, Answers: []checkedAnswer{}, Tags: append([]string{}, q.Tags...),
	}
	for _, o := range q.Options {
		out.Choices = append(out.Choices, checkedChoice{asTyped(o.Text), o.Weight, asTyped(o.Feedback)})
	}
	for _, p := range q.Pairs {
		out.Pairs = append(out.Pairs, checkedPair{asTyped(p.Left), asTyped(p.Right)})
	}
	for _, a := range q.Answers {
		answer := checkedAnswer{Text: a.Text, Weight: a.Weight, Feedback: asTyped(a.Feedback)}
		if q.Type == questions.Numerical {
			answer.Text, answer.Value, answer.Tolerance = strconv.FormatFloat(a.Value, 'f', -1, 64), &a.Value, &a.Tolerance
		}
		out.Answers = append(out.Answers, answer)
	}
	if q.Otherwise != nil {
		out.Answers = append(out.Answers, checkedAnswer{Text: "*", Feedback: asTyped(q.Otherwise)})
	}
	return out
}

var escaped = regexp.MustCompile("\\\\([!-/:-@\\[-`{-~])")

// asTyped is a text as somebody would type it, without the \ before marks that are
// none and with one line end for each.
func asTyped(t questions.Text) string {
	return strings.ReplaceAll(escaped.ReplaceAllString(t[questions.JA], "$1"), "\n\n", "\n")
}
