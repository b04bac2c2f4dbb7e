package moodlexml

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"tsunagari/courses/questions"
)

// draft is one question being read.
type draft struct {
	*reader
	questions.Imported
	node   *node
	format string // of its text, and of its parts unless they say otherwise
	lost   []string
	unfit  string // why it is no question of ours
	broken bool
}

func (d *draft) look(line int, reason string, args ...any) {
	d.out.Problems = append(d.out.Problems, questions.Remark{Line: line, Name: d.Name, Reason: fmt.Sprintf(reason, args...)})
}

// fail notes why the question cannot be taken.
func (d *draft) fail(line int, reason string, args ...any) {
	d.look(line, reason, args...)
	d.broken = true
}

// question reads one <question>.
func (r *reader) question(n *node) error {
	kind := n.attribute("type")
	if kind == "category" {
		r.category = categoryPath(n.child("category").words())
		return nil
	}
	if r.count++; r.count > maxQuestions {
		r.look(n.line, "問題が多すぎます（%d問まで）。いくつかのファイルに分けてください。", maxQuestions)
		return errStop
	}
	d := &draft{reader: r, node: n, Imported: questions.Imported{Question: questions.Question{Line: n.line}, Category: r.category}}
	d.head()
	if read, known := types[kind]; known {
		read(d)
	} else {
		d.unfit = foreignType(kind)
	}
	if d.unfit != "" {
		d.unsupported(d.unfit)
	} else {
		d.done()
	}
	return nil
}

// categoryPath is $course$/top/上/下 as 上/下. A / in a name is written //.
func categoryPath(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if strings.HasPrefix(s, "$") {
		_, s, _ = strings.Cut(s, "/")
	}
	if s == "top" {
		return ""
	}
	return strings.Trim(strings.TrimPrefix(s, "top/"), "/")
}

// head reads what every question has.
func (d *draft) head() {
	n := d.node
	d.Name = strings.Join(strings.Fields(n.child("name").words()), " ")
	d.ForeignID = n.child("idnumber").text
	if d.format = n.child("questiontext").attribute("format"); d.format == "" {
		d.format = "html"
	}
	d.Text = d.text(n.child("questiontext"), d.format)
	d.oldImage(n)
	d.Explanation = d.text(n.child("generalfeedback"), d.format)
	for _, list := range []string{"tags", "coursetags"} {
		for _, tag := range n.child(list).all("tag") {
			if t := tag.words(); t != "" && !slices.Contains(d.Tags, t) {
				d.Tags = append(d.Tags, t)
			}
		}
	}
	if hints := len(n.all("hint")); hints > 0 {
		d.lose(fmt.Sprintf("ヒント（%dつ）", hints))
	}
	if n.yes("hidden", false) {
		d.look(d.Line, "Moodleでは使わないように隠してある問題です。要らなければ、取りこまないでください。")
	}
}

// done adds the question, unless something in it is wrong.
func (d *draft) done() {
	if d.broken {
		return
	}
	for _, reason := range d.Faults() {
		d.fail(d.Line, "%s", reason)
	}
	if d.broken {
		return
	}
	d.missingFiles()
	if said := questions.Lost(d.lost); said != "" {
		d.look(d.Line, "%s", said)
	}
	d.out.Questions = append(d.out.Questions, d.Imported)
}

// unsupported lists a question of a type that we do not have; its text can be
// kept as a reflection.
func (d *draft) unsupported(reason string) {
	remark := questions.Remark{Line: d.Line, Name: d.Name, Reason: reason}
	if !d.broken && d.Text[questions.JA] != "" {
		d.missingFiles()
		keep := d.Imported
		keep.Type = questions.Reflection
		remark.Keep = &keep
	}
	if said := questions.Lost(d.lost); said != "" {
		remark.Reason += said
	}
	d.out.Unsupported = append(d.out.Unsupported, remark)
}

// What Moodle's other types are called.
var foreign = map[string]string{
	"random":           "くじ引きで選ぶ問題",
	"randomsamatch":    "くじ引きの組み合わせ問題",
	"calculated":       "計算問題（数が毎回かわる問題）",
	"calculatedsimple": "計算問題（数が毎回かわる問題）",
	"calculatedmulti":  "計算問題（数が毎回かわる問題）",
	"ddimageortext":    "図の上に置く問題",
	"ddmarker":         "図の上に印をつける問題",
	"multichoiceset":   "すべて正しく選んだときだけ点がつく問題",
	"oumultiresponse":  "すべて正しく選んだときだけ点がつく問題",
	"stack":            "数式の問題（STACK）",
	"coderunner":       "プログラムの問題",
	"recordrtc":        "声や動画をとる問題",
	"pmatch":           "文を照らし合わせる問題",
	"missingtype":      "種類のわからない問題",
}

func foreignType(kind string) string {
	if name := foreign[kind]; name != "" {
		return name + "は、この講座にはない種類です。"
	}
	if kind == "" {
		return "問題の種類（type）が書かれていません。"
	}
	return "「" + shorten(kind) + "」という種類は、この講座にはありません。"
}

var cloze = regexp.MustCompile(`\\\{[0-9]*:[^}]*\}`)

// gapped reads a text with answers in it, which is kept without them.
func (d *draft) gapped() {
	d.Text = questions.Text{questions.JA: cloze.ReplaceAllString(d.Text[questions.JA], "_____")}
	d.unfit = "穴うめ問題（Cloze）は、この講座にはない種類です。"
}

// fraction is a share of the mark in percent.
func (d *draft) fraction(n *node, low float64) float64 {
	s := n.attribute("fraction")
	if s == "" {
		s = "0"
	}
	share, ok := questions.ParsePercent(s)
	if f := n.child("fraction").text; f != "" { // before Moodle 1.6, of numbers
		var err error
		share, err = strconv.ParseFloat(f, 64)
		ok = err == nil
	}
	if !ok || !(share >= low && share <= 1) {
		d.fail(n.line, "点の割合「%s」は使えません。%g から 100 までの数を書いてください。", shorten(s), low*100)
		return 0
	}
	return share
}

func number(i int) string { return strconv.Itoa(i + 1) }

// texts are all texts of a question.
func texts(q *questions.Question) []questions.Text {
	all := []questions.Text{q.Text, q.Explanation, q.Otherwise}
	for _, o := range q.Options {
		all = append(all, o.Text, o.Feedback)
	}
	for _, p := range q.Pairs {
		all = append(all, p.Left, p.Right, p.Feedback)
	}
	for _, i := range q.Items {
		all = append(all, i.Text, i.Feedback)
	}
	for _, g := range q.Groups {
		all = append(all, g.Text)
	}
	for _, a := range q.Answers {
		all = append(all, a.Feedback)
	}
	return all
}
