package gift

import (
	"math"
	"regexp"
	"strings"

	"tsunagari/courses/questions"
)

var (
	weight      = regexp.MustCompile(`^%(-?[0-9]+\.?[0-9]*)%`)
	maybeWeight = regexp.MustCompile(`^%[^%\n]{1,8}%`)
)

// weight takes the %50% off an answer, which has the weight otherwise without.
func (d *draft) weight(p part, otherwise, low float64) (rest part, share float64) {
	m := weight.FindStringSubmatch(p.text)
	if m == nil {
		if quoted := maybeWeight.FindString(p.text); quoted != "" {
			d.look(p.line, "%s は、点の割合として読めませんでした。%%50%% のように半角の数で書きます。", quoted)
		}
		return p, otherwise
	}
	share, ok := hundredth(m[1])
	if !ok || share < low || share > 1 {
		d.fail(p.line, "点の割合 %s は使えません。%g から 100 までの数を書いてください。", shorten(m[0]), low*100)
	}
	return p.from(len(m[0])).trim(), share
}

// enough checks the number of answers.
func (d *draft) enough(p part, parts []part, least int, what string) bool {
	switch {
	case len(parts) < least:
		d.fail(p.line, "%sが%dつ以上要ります。", what, least)
	case len(parts) > maxParts:
		d.fail(parts[maxParts].line, "%sが多すぎます（%dまで）。", what, maxParts)
	default:
		return true
	}
	return false
}

// choices reads a question with ~. One = makes it a choice of one; without, as
// many may be chosen as are right (Moodle: single).
func (d *draft) choices(p part) {
	d.Type = questions.Multiple
	if strings.Contains(p.text, "=") {
		d.Type = questions.Choice
	}
	p = p.trim()
	p.text = strings.ReplaceAll(p.text, "=", "~=")
	if p.text[0] != '~' {
		first, _, _ := p.cut("~")
		d.look(p.line, "「%s」の前に = も ~ もありません。正しくない選択肢として読みました。", shorten(restore(first.text)))
	}
	var parts []part
	for _, c := range p.split("~") {
		if c.text != "" && c.text != "=" { // Moodle skips empty choices
			parts = append(parts, c)
		}
	}
	if !d.enough(p, parts, 2, "選択肢") {
		return
	}
	for _, c := range parts {
		d.choice(c)
	}
	d.weights()
}

func (d *draft) choice(p part) {
	o := questions.Option{ID: number(len(d.Options))}
	if p.text[0] == '=' {
		p, o.Weight = p.from(1).trim(), 1
		if m := weight.FindString(p.text); m != "" {
			d.look(p.line, "選択肢では、= のあとの %s は点の割合になりません。文字として読みました。割合は ~%s のように書きます。", m, m)
		}
	} else {
		p, o.Weight = d.weight(p, 0, -1)
	}
	text, feedback, _ := p.cut("#")
	o.Text, o.Feedback = d.text(text, d.format), d.text(feedback, d.format)
	d.Options = append(d.Options, o)
}

// weights looks at the weights of all choices.
func (d *draft) weights() {
	full, sum := 0, 0.0
	for _, o := range d.Options {
		if o.Weight == 1 {
			full++
		}
		sum += max(o.Weight, 0)
	}
	switch {
	case d.Type == questions.Choice && full > 1:
		d.look(d.Line, "正しい選択肢（=）が%dつあります。どれを選んでも正解になります。すべて選んでほしい問題なら、~%%50%% のように割合を書いてください。", full)
	case d.Type == questions.Choice:
	case sum == 0:
		d.fail(d.Line, "正しい選択肢がありません。正しい選択肢の前に、~ ではなく = を書いてください。")
	case sum < 0.999:
		d.fail(d.Line, "正しい選択肢の割合を合わせても100%%になりません（いまは%.4g%%）。", sum*100)
	case sum > 1.001:
		d.look(d.Line, "正しい選択肢の割合を合わせると100%%をこえます（いまは%.4g%%）。一部を選ぶだけで満点になります。", sum*100)
	}
}

// trueFalse reads TRUE or FALSE with what is said to a wrong, then to a right
// answer.
func (d *draft) trueFalse(p part) {
	d.Type = questions.TrueFalse
	answer, rest, _ := p.cut("#")
	wrong, right, _ := rest.cut("#")
	said := [2]questions.Text{d.text(wrong, d.format), d.text(right, d.format)}
	truth := answer.text[0] == 'T'
	d.Options = questions.TrueOrFalse(truth)
	for i := range d.Options {
		if d.Options[i].Right() {
			d.Options[i].Feedback = said[1]
		} else {
			d.Options[i].Feedback = said[0]
		}
	}
}

// matching reads =left -> right. Without a left it is an extra right side.
func (d *draft) matching(p part) {
	d.Type = questions.Matching
	parts := p.split("=")
	if !d.enough(p, parts, 2, "組") {
		return
	}
	for _, pair := range parts {
		left, right, found := pair.cut("->")
		switch {
		case !found:
			d.fail(pair.line, "「%s」に -> がありません。組み合わせは =左 -> 右 の形で書いてください。", shorten(restore(pair.text)))
			continue
		case right.text == "":
			d.fail(pair.line, "-> の右に文がありません。")
			continue
		}
		d.Pairs = append(d.Pairs, questions.Pair{
			ID: number(len(d.Pairs)), Left: d.text(left, d.format), Right: d.words(right),
		})
	}
}

// words reads a text that has no format of its own.
func (d *draft) words(p part) questions.Text {
	if len(p.text) > maxText {
		d.fail(p.line, "文が長すぎます（%d字ほどまで）。短くしてください。", maxText/3)
	}
	return questions.Text{questions.JA: questions.FromWords(restore(p.text))}
}

// short reads the accepted answers of a short answer. A lone * stands for any
// other answer.
func (d *draft) short(p part) {
	d.Type = questions.Short
	if word := strings.ToUpper(p.text); word == "TRUE" || word == "FALSE" {
		d.look(p.line, "「%s」を、書いて答える問題の答えとして読みました。正しいか正しくないかを選ぶ問題なら、%s と大文字で書いてください。", p.text, word)
	}
	parts := p.split("=")
	if !d.enough(p, parts, 1, "答え") {
		return
	}
	for _, a := range parts {
		d.shortAnswer(a)
	}
	d.full(p)
}

func (d *draft) shortAnswer(p part) {
	p, share := d.weight(p, 1, 0)
	answer, feedback, _ := p.cut("#")
	said := d.text(feedback, d.format)
	bare, _ := d.formatOf(answer, d.format)
	text := strings.TrimSpace(restore(bare.text))
	switch {
	case text == "":
		if said != nil {
			d.fail(p.line, "答えに文がありません。")
		}
	case text == "*":
		d.otherwise(p.line, share, said)
	case anyText.MatchString(text):
		d.fail(p.line, "答え「%s」の * は「何でもよい」という印で、ここでは使えません。正しい答えを1つずつ書いてください。文字としての * は \\* と書きます。", shorten(text))
	case len(text) > maxText:
		d.fail(p.line, "答えが長すぎます。")
	default:
		d.Answers = append(d.Answers, questions.Answer{Text: strings.ReplaceAll(text, `\*`, "*"), Weight: share, Feedback: said})
	}
}

// anyText finds a * that stands for any text (in Moodle \* is the character).
var anyText = regexp.MustCompile(`(?:^|[^\\])\*`)

func (d *draft) otherwise(line int, share float64, said questions.Text) {
	if share != 0 {
		d.fail(line, "答え * （何でもよい）に点をつけることはできません。=%%0%%* と書くと、ほかの答えへの説明になります。")
	}
	if d.Otherwise == nil {
		d.Otherwise = said
	}
}

// full asks for an answer that gets the whole mark.
func (d *draft) full(p part) {
	for _, a := range d.Answers {
		if a.Weight == 1 {
			return
		}
	}
	if !d.broken {
		d.fail(p.line, "100%%になる答えがありません。正しい答えを =答え の形で書いてください。")
	}
}

// numerical reads numbers: 3, 3:0.5 (within ±0.5) or 2.5..3.5.
func (d *draft) numerical(p part) {
	d.Type = questions.Numerical
	p, other, _ := p.cut("~")
	parts := p.split("=")
	if !d.enough(p, parts, 1, "答えの数") {
		return
	}
	for _, a := range parts {
		d.numberAnswer(a)
	}
	if _, said, found := other.cut("#"); found && d.Otherwise == nil {
		d.Otherwise = d.text(said, d.format)
	}
	d.full(p)
}

func (d *draft) numberAnswer(p part) {
	p, share := d.weight(p, 1, 0)
	answer, feedback, _ := p.cut("#")
	said := d.text(feedback, d.format)
	text := restore(answer.text)
	if text == "*" {
		d.otherwise(p.line, share, said)
		return
	}
	value, tolerance, ok := within(text)
	switch {
	case !ok:
		d.fail(p.line, "「%s」は数として読めません。3 か 3:0.5（3±0.5）か 2.5..3.5 の形で、半角で書いてください。", shorten(text))
	case tolerance < 0:
		d.fail(p.line, "「%s」の範囲が逆です。小さい数..大きい数 の順に書いてください。誤差はマイナスにできません。", shorten(text))
	case math.Abs(value) > maxNumber || tolerance > maxNumber:
		d.fail(p.line, "「%s」は数が大きすぎます。", shorten(text))
	default:
		d.Answers = append(d.Answers, questions.Answer{Value: value, Tolerance: tolerance, Weight: share, Feedback: said})
	}
}
