// Package aiken reads and writes questions in the Aiken format
// (https://docs.moodle.org/en/Aiken_format): the question on one line, choices
// that begin with A. or A), and ANSWER: with the letter of the right one. It
// knows no course.
package aiken

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/text/width"

	"tsunagari/courses/questions"
	"tsunagari/storage/table"
)

// Bounds of a file.
const (
	maxBytes     = 4 << 20
	maxQuestions = 5000
	maxChoices   = 26      // A to Z
	maxText      = 8 << 10 // bytes of one text
)

var (
	choiceLine = regexp.MustCompile(`^([A-Z])[.)](.*)$`)
	answerLine = regexp.MustCompile(`^ANSWER:(.*)$`)
	wideLine   = regexp.MustCompile(`^(?:[A-ZＡ-Ｚ][.)．）]|[AＡ][NＮ][SＳ][WＷ][EＥ][RＲ][ 　]*[:：][ 　]*[A-ZＡ-Ｚ]?)`)
	nearAnswer = regexp.MustCompile(`^(?i:answers?|ans)[ 　]*[:：]|^(?:正解|答え|こたえ)[ 　]*[:：]`)
	letter     = regexp.MustCompile(`^[A-Z]$`)
)

// Read reads an Aiken file: whatever is good is in Questions, and everything else
// has a remark with its line. A broken question takes no other with it.
func Read(data []byte, o questions.ReadOptions) *questions.Import {
	if len(data) > maxBytes {
		return refuse(fmt.Sprintf("ファイルが大きすぎます（%dMBまで）。いくつかのファイルに分けてください。", maxBytes>>20))
	}
	text, _, err := table.Decode(data)
	if err != nil {
		return refuse(err.Error())
	}
	r := &reader{out: &questions.Import{}, wide: o.FullWidth}
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\v", " ", "\f", " ").Replace(text)
	for line := range strings.SplitSeq(text, "\n") {
		r.at++
		r.line(strings.TrimSpace(line))
		if r.questions > maxQuestions {
			return refuse(fmt.Sprintf("問題が多すぎます（%d問まで）。いくつかのファイルに分けてください。", maxQuestions))
		}
	}
	r.unfinished()
	return r.out
}

func refuse(reason string) *questions.Import {
	return &questions.Import{Problems: []questions.Remark{{Line: 1, Reason: reason}}}
}

type reader struct {
	out       *questions.Import
	wide      bool
	at        int // line
	questions int // begun so far

	q      *questions.Imported // nil between questions
	text   []string            // its lines
	gap    bool                // whether an empty line follows them
	seen   int                 // its choices so far, good or not
	broken bool
}

func (r *reader) problem(line int, reason string, args ...any) {
	r.out.Problems = append(r.out.Problems, questions.Remark{Line: line, Reason: fmt.Sprintf(reason, args...)})
}

func (r *reader) line(line string) {
	if len(line) < 2 { // Moodle skips one character too
		r.gap = true
		return
	}
	line = r.narrow(line)
	if m := choiceLine.FindStringSubmatch(line); m != nil {
		r.choice(m[1], strings.TrimSpace(m[2]))
	} else if m := answerLine.FindStringSubmatch(line); m != nil {
		r.answer(strings.TrimSpace(m[1]))
	} else {
		r.words(line)
	}
	r.gap = false
}

// narrow writes the beginning of a choice or of the answer in ASCII, and says that
// it is in full width unless that is wanted.
func (r *reader) narrow(line string) string {
	sign := wideLine.FindString(line)
	narrow := strings.ReplaceAll(width.Fold.String(sign), "ANSWER :", "ANSWER:")
	if r.q == nil || narrow == sign || len(narrow) == 2 && narrow[0] != r.label() {
		return line
	}
	if !r.wide {
		r.out.FullWidth = true
		r.fail("選択肢の「A)」や「ANSWER: A」が全角です。「全角の記号を直して読み直す」を押してください。")
	}
	return narrow + line[len(sign):]
}

// label is the letter of the next choice.
func (r *reader) label() byte { return 'A' + byte(min(r.seen, maxChoices)) }

// words takes a line of the question itself.
func (r *reader) words(line string) {
	switch {
	case r.q != nil && r.seen > 0 && nearAnswer.MatchString(line):
		r.fail("答えの行は「ANSWER: A」のように、半角の大文字で書いてください。")
		r.begin(nil)
	case r.q != nil && r.seen == 0 && !r.gap:
		if r.text = append(r.text, line); len(r.text) == 2 {
			r.problem(r.at, "問題文が2行以上あります。つづけて1つの問題文として読みました。Aikenでは1行に書きます。")
		}
	default:
		r.unfinished()
		r.questions++
		r.begin(&questions.Imported{Question: questions.Question{Type: questions.Choice, Line: r.at}}, line)
	}
}

func (r *reader) begin(q *questions.Imported, text ...string) {
	r.q, r.text, r.seen, r.broken = q, text, 0, false
}

// fail notes why the question cannot be taken, once.
func (r *reader) fail(reason string, args ...any) {
	if !r.broken {
		r.problem(r.at, reason, args...)
	}
	r.broken = true
}

// unfinished says that the question before has no answer.
func (r *reader) unfinished() {
	if r.q != nil && !r.broken {
		reason := "この問題には「ANSWER: A」の行がありません。選択肢のあとに、正しい選択肢の文字を書いてください。"
		if r.seen == 0 {
			reason = "この行のあとに選択肢がありません。選択肢は「A) 」か「A. 」で始めてください。"
		}
		r.problem(r.q.Line, "%s", reason)
	}
	r.begin(nil)
}

func (r *reader) choice(label, text string) {
	if r.q == nil {
		r.problem(r.at, "選択肢の前に問題文がありません。問題文は「A.」のような文字と点で始めないでください。")
		return
	}
	switch {
	case r.seen == maxChoices:
		r.fail("選択肢が多すぎます（%dまで）。", maxChoices)
	case label[0] != r.label():
		r.fail("選択肢の文字が順番になっていません（%c のはずが %s です）。A, B, C の順に書いてください。", r.label(), label)
	case text == "":
		r.fail("選択肢に文がありません。")
	case len(text) > maxText:
		r.fail("選択肢が長すぎます。短くしてください。")
	}
	r.seen++
	if !r.broken {
		r.q.Options = append(r.q.Options, questions.Option{ID: strconv.Itoa(r.seen), Text: words(text)})
	}
}

func (r *reader) answer(answer string) {
	switch {
	case r.q == nil:
		r.problem(r.at, "「ANSWER:」の前に問題文がありません。")
		return
	case !letter.MatchString(answer):
		r.fail("「ANSWER:」のあとには、正しい選択肢の文字を1つだけ、半角の大文字で書いてください。")
	case answer[0] >= r.label():
		r.fail("「ANSWER: %s」にあたる選択肢がありません。", answer)
	case !r.broken:
		r.q.Options[answer[0]-'A'].Weight = 1
		r.finish()
	}
	r.begin(nil)
}

// finish adds the question.
func (r *reader) finish() {
	text := strings.Join(r.text, "\n")
	if len(text) > maxText {
		r.problem(r.q.Line, "問題文が長すぎます。短くしてください。")
		return
	}
	r.q.Text = words(text)
	faults := r.q.Faults()
	for _, reason := range faults {
		r.problem(r.q.Line, "%s", reason)
	}
	if len(faults) == 0 {
		r.out.Questions = append(r.out.Questions, *r.q)
	}
}

func words(s string) questions.Text {
	if s = questions.FromWords(s); s == "" {
		return nil
	}
	return questions.Text{questions.JA: s}
}
