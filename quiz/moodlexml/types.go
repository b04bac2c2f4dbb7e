package moodlexml

import (
	"math"
	"regexp"
	"strconv"
	"strings"

	"tsunagari/courses/questions"
)

// types reads what is particular to each type.
var types = map[string]func(*draft){
	"multichoice": (*draft).choices,
	"truefalse":   (*draft).trueFalse,
	"shortanswer": (*draft).short,
	"numerical":   (*draft).numerical,
	"matching":    (*draft).matching,
	"match":       (*draft).matching,
	"ddmatch":     (*draft).matching,
	"ordering":    (*draft).ordering,
	"gapselect":   func(d *draft) { d.gaps("selectoption", "plain_text") },
	"ddwtos":      func(d *draft) { d.gaps("dragbox", "html") },
	"cloze":       (*draft).gapped,
	"multianswer": (*draft).gapped,
	"essay":       func(d *draft) { d.unfit = "自由に書く問題（作文）は、点をつけられません。" },
	"description": func(d *draft) { d.unfit = "説明だけの文は、問題として取りこめません。" },
}

// parts are the elements of the name, if there are enough and not too many.
func (d *draft) parts(name string, least int, what string) []*node {
	list := d.node.all(name)
	switch {
	case len(list) < least:
		d.fail(d.Line, "%sが%dつ以上要ります。", what, least)
	case len(list) > maxParts:
		d.fail(list[maxParts].line, "%sが多すぎます（%dまで）。", what, maxParts)
	default:
		return list
	}
	return nil
}

func (d *draft) said(n *node) questions.Text { return d.text(n.child("feedback"), d.format) }

func (d *draft) choices() {
	d.Type = questions.Multiple
	if d.node.yes("single", true) {
		d.Type = questions.Choice
	}
	sum, full := 0.0, false
	for i, a := range d.parts("answer", 2, "選択肢") {
		o := questions.Option{ID: number(i), Text: d.text(a, d.format), Weight: d.fraction(a, -1), Feedback: d.said(a)}
		full = full || o.Weight == 1
		sum += max(o.Weight, 0)
		d.Options = append(d.Options, o)
	}
	switch {
	case d.broken:
	case d.Type == questions.Choice && !full:
		d.fail(d.Line, "100%%になる選択肢がありません。正しい選択肢の割合（fraction）を 100 にしてください。")
	case d.Type == questions.Multiple && sum < 0.999:
		d.fail(d.Line, "正しい選択肢の割合を合わせても100%%になりません（いまは%.4g%%）。", sum*100)
	case d.Type == questions.Multiple && sum > 1.001:
		d.look(d.Line, "正しい選択肢の割合を合わせると100%%をこえます（いまは%.4g%%）。一部を選ぶだけで満点になります。", sum*100)
	}
	if d.node.has("shuffleanswers") && !d.node.yes("shuffleanswers", true) {
		d.lose("選択肢の順番（この講座では毎回入れかわります）")
	}
	d.combined()
}

// trueFalse reads the two answers by their text, or, in files of other languages,
// in the order true, false.
func (d *draft) trueFalse() {
	answers := d.parts("answer", 2, "「正しい」と「正しくない」の答え")
	if answers == nil {
		return
	}
	var said [2]questions.Text // to whoever chose true, false
	truth, known := false, false
	for i, a := range answers[:2] {
		place := i
		switch strings.ToLower(a.words()) {
		case "true":
			place = 0
		case "false":
			place = 1
		}
		said[place] = d.said(a)
		if d.fraction(a, 0) == 1 {
			known, truth = !known, place == 0
		}
	}
	if !known {
		d.fail(d.Line, "「正しい」と「正しくない」の、どちらか片方だけを 100%% にしてください。")
	}
	d.Type, d.Options = questions.TrueFalse, questions.TrueOrFalse(truth)
	for i := range d.Options {
		d.Options[i].Feedback = said[i]
	}
}

// anyText finds a * that stands for any text (in Moodle \* is the character).
var anyText = regexp.MustCompile(`(?:^|[^\\])\*`)

func (d *draft) short() {
	d.Type = questions.Short
	for _, a := range d.parts("answer", 1, "答え") {
		d.shortAnswer(a)
	}
	if d.node.yes("usecase", false) {
		d.lose("大文字と小文字の区別")
	}
	d.full()
}

func (d *draft) shortAnswer(a *node) {
	text, share, said := a.words(), d.fraction(a, 0), d.said(a)
	switch {
	case text == "*":
		d.otherwise(a, share, said)
	case text == "":
		d.fail(a.line, "答えに文がありません。")
	case anyText.MatchString(text):
		d.fail(a.line, "答え「%s」の * は「何でもよい」という印で、ここでは使えません。正しい答えを1つずつ書いてください。文字としての * は \\* と書きます。", shorten(text))
	case len(text) > maxText:
		d.fail(a.line, "答えが長すぎます。")
	default:
		d.Answers = append(d.Answers, questions.Answer{Text: strings.ReplaceAll(text, `\*`, "*"), Weight: share, Feedback: said})
	}
}

// otherwise takes the answer * , which stands for any other.
func (d *draft) otherwise(a *node, share float64, said questions.Text) {
	if share != 0 {
		d.fail(a.line, "答え「*」（何でもよい）に点をつけることはできません。")
	}
	if d.Otherwise == nil {
		d.Otherwise = said
	}
}

// full asks for an answer that gets the whole mark.
func (d *draft) full() {
	for _, a := range d.Answers {
		if a.Weight == 1 {
			return
		}
	}
	if !d.broken {
		d.fail(d.Line, "100%%になる答えがありません。正しい答えの割合（fraction）を 100 にしてください。")
	}
}

func (d *draft) numerical() {
	d.Type = questions.Numerical
	for _, a := range d.parts("answer", 1, "答えの数") {
		share, said := d.fraction(a, 0), d.said(a)
		if text := a.words(); text == "*" || text == "" {
			d.otherwise(a, share, said)
			continue
		}
		value, ok := decimal(a.words())
		tolerance, fine := decimal(a.child("tolerance").text)
		if !ok || !fine || tolerance < 0 {
			d.fail(a.line, "答え「%s」か、その誤差「%s」が、数として読めません。半角の数で書いてください。", shorten(a.words()), shorten(a.child("tolerance").text))
			continue
		}
		d.Answers = append(d.Answers, questions.Answer{Value: value, Tolerance: tolerance, Weight: share, Feedback: said})
	}
	d.units()
	d.full()
}

var decimalForm = regexp.MustCompile(`^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?$`)

const maxNumber = 1e15 // that of questions.yaml

// decimal reads a number; nothing is 0.
func decimal(s string) (float64, bool) {
	if s == "" {
		return 0, true
	}
	x, err := strconv.ParseFloat(s, 64)
	return x, err == nil && decimalForm.MatchString(s) && math.Abs(x) <= maxNumber
}

// units takes the unit of the answer. Moodle can have several, and marks for them.
func (d *draft) units() {
	for _, u := range d.node.child("units").all("unit") {
		name := u.child("unit_name").words()
		factor, ok := decimal(u.child("multiplier").text)
		if d.Unit == "" && ok && (factor == 1 || !u.has("multiplier")) {
			d.Unit = name
		} else if name != "" {
			d.lose("ほかの単位「" + shorten(name) + "」")
		}
	}
	if graded := d.node.child("unitgradingtype").text; graded != "" && graded != "0" {
		d.lose("単位への点")
	}
	if d.node.yes("unitsleft", false) && d.Unit != "" {
		d.lose("単位を数の前に書くこと")
	}
	if text := d.text(d.node.child("instructions"), d.format); text != nil {
		d.lose("単位についての説明「" + shorten(text[questions.JA]) + "」")
	}
}

// matching reads pairs. One without a left side is an extra right side.
func (d *draft) matching() {
	d.Type = questions.Matching
	for i, n := range d.parts("subquestion", 2, "組") {
		p := questions.Pair{ID: number(i), Left: d.text(n, d.format)}
		answer := n.child("answer")
		if answer.attribute("format") != "" { // of ddmatch
			p.Right = d.text(answer, d.format)
		} else {
			p.Right = d.convert(answer, answer.words(), "plain_text")
		}
		switch {
		case p.Right == nil && p.Left == nil: // Moodle skips empty rows
		case p.Right == nil:
			d.fail(n.line, "「%s」と組になる文がありません。", shorten(p.Left[questions.JA]))
		default:
			p.ID = number(len(d.Pairs))
			d.Pairs = append(d.Pairs, p)
		}
	}
	d.combined()
}

// ordering reads the items in their order: that of the file is the right one.
func (d *draft) ordering() {
	d.Type = questions.Ordering
	answers := d.parts("answer", 2, "項目")
	for i, a := range answers {
		d.Items = append(d.Items, questions.Item{ID: number(i), Text: d.text(a, d.format), Rank: i + 1, Feedback: d.said(a)})
	}
	count, err := strconv.Atoi(d.node.child("selectcount").text)
	if kind := d.node.child("selecttype").text; (kind == "RANDOM" || kind == "CONTIGUOUS") && err == nil && count > 0 && count < len(answers) {
		d.lose("項目の一部だけを出すこと")
	}
	if grading := d.node.child("gradingtype").text; grading != "" && !strings.HasPrefix(grading, "ABS") {
		d.lose("点のつけ方（この講座では、合っている場所の数で点がつきます）")
	}
	d.combined()
}
