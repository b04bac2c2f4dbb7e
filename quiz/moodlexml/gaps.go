package moodlexml

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"

	"tsunagari/courses/questions"
)

var gap = regexp.MustCompile(`\[\[([0-9]{1,3})\]\]`)

// gaps reads a text with gaps [[1]] to fill from one list. With several gaps it is
// the same as matching 【1】, 【2】 … with the words of the list, and is marked the
// same; with one it is a choice. Lists apart for each gap cannot be kept.
func (d *draft) gaps(element, format string) {
	var words []questions.Text
	groups := map[string]bool{}
	for _, n := range d.parts(element, 2, "選ぶ言葉") {
		words = append(words, d.text(n, format))
		groups[n.child("group").text] = true
	}
	if d.broken {
		return
	}
	source := d.node.child("questiontext")
	var right []int // the word of each gap
	text := gap.ReplaceAllStringFunc(source.child("text").text, func(s string) string {
		n, _ := strconv.Atoi(gap.FindStringSubmatch(s)[1])
		right = append(right, n-1)
		return fmt.Sprintf("【%d】", len(right))
	})
	d.Text = d.convert(source, text, d.format)
	if len(groups) > 1 {
		d.unfit = "穴ごとにちがう言葉から選ぶ穴うめ問題は、この講座にはない種類です。"
		return
	}
	d.fill(words, right)
	d.combined()
}

// fill makes pairs of the gaps and their words, and extra right sides of the rest.
func (d *draft) fill(words []questions.Text, right []int) {
	for _, at := range right {
		if at < 0 || at >= len(words) || words[at] == nil {
			d.fail(d.Line, "問題文の [[%d]] に入る言葉がありません。", at+1)
			return
		}
	}
	switch len(right) {
	case 0:
		d.fail(d.Line, "問題文に、穴の印 [[1]] がありません。")
	case 1:
		d.Type = questions.Choice
		for i, w := range words {
			o := questions.Option{ID: number(i), Text: w}
			if i == right[0] {
				o.Weight = 1
			}
			d.Options = append(d.Options, o)
		}
	default:
		d.Type = questions.Matching
		for i, at := range right {
			d.pair(questions.Text{questions.JA: fmt.Sprintf("【%d】", i+1)}, words[at])
		}
		for i, w := range words {
			if !slices.Contains(right, i) && w != nil {
				d.pair(nil, w)
			}
		}
	}
}

func (d *draft) pair(left, right questions.Text) {
	d.Pairs = append(d.Pairs, questions.Pair{ID: number(len(d.Pairs)), Left: left, Right: right})
}

// ready is what Moodle puts into the combined feedback by itself.
var ready = regexp.MustCompile(`^(?:Your answer is (?:partially )?(?:in)?correct\.?|あなたの(?:答え|解答)は[^。]{0,12}(?:正解です|正しいです|正しくありません|不正解です)。?)$`)

// combined takes what is said to right, partly right and wrong answers as a whole.
// In a choice of one it goes to the choices. Elsewhere it is said to everybody
// behind the explanation, with words for whom it is.
func (d *draft) combined() {
	var said [3]questions.Text
	found := false
	for i, name := range []string{"correctfeedback", "partiallycorrectfeedback", "incorrectfeedback"} {
		t := d.text(d.node.child(name), d.format)
		if t != nil && !ready.MatchString(t[questions.JA]) {
			said[i], found = t, true
		}
	}
	if !found {
		return
	}
	if d.Type == questions.Choice {
		for i := range d.Options {
			o := &d.Options[i]
			switch {
			case o.Weight == 1:
				o.Feedback = behind(o.Feedback, "", said[0])
			case o.Weight > 0:
				o.Feedback = behind(o.Feedback, "", said[1])
			default:
				o.Feedback = behind(o.Feedback, "", said[2])
			}
		}
		return
	}
	for i, who := range []string{"すべて合っていた方へ：", "一部が合っていた方へ：", "もう一度考える方へ："} {
		d.Explanation = behind(d.Explanation, who, said[i])
	}
	d.look(d.Line, "答えが合っていた方・そうでない方への言葉は、だれにでも出る説明のうしろに書きました。読んで確かめてください。")
}

// behind adds a text on a new line.
func behind(t questions.Text, words string, more questions.Text) questions.Text {
	if more == nil {
		return t
	}
	added := words + more[questions.JA]
	if t != nil {
		added = t[questions.JA] + "\n\n" + added
	}
	return questions.Text{questions.JA: added}
}
