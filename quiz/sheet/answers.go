package sheet

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"tsunagari/courses/questions"
)

// part is one of the numbered cells.
type part struct {
	n    int // its number
	text questions.Text
}

func (d *draft) parts() []part {
	var list []part
	for n := 1; n <= maxParts; n++ {
		if t := d.text(optionField, n); t != nil {
			list = append(list, part{n, t})
		}
	}
	return list
}

// weight reads a share of the mark, 50 or 50%, and false for none.
func (d *draft) weight(n int, low float64) (float64, bool) {
	cell := strings.TrimSuffix(norm.NFKC.String(d.cell(weightField, n)), "%")
	if cell == "" {
		return 0, false
	}
	share, ok := questions.ParsePercent(strings.ReplaceAll(strings.TrimSpace(cell), "−", "-"))
	if !ok || share < low || share > 1 {
		d.fail("「割合%d」の「%s」は使えません。%g から 100 までの数を書いてください。", n, shorten(d.cell(weightField, n)), low*100)
		return 0, false
	}
	return share, true
}

// choices reads the choices and which of them are right.
func (d *draft) choices() {
	list := d.parts()
	right, ok := d.right(list)
	if !ok {
		return
	}
	weighed := false
	for i, p := range list {
		o := questions.Option{ID: strconv.Itoa(i + 1), Text: p.text, Feedback: d.text(feedbackField, p.n)}
		switch {
		case d.Type == questions.Choice && right[p.n]:
			o.Weight = 1
		case d.Type == questions.Multiple && right[p.n]:
			o.Weight = 1 / float64(len(right))
		case d.Type == questions.Multiple && len(right) > 0:
			o.Weight = -1 / float64(len(right))
		}
		if share, given := d.weight(p.n, -1); given {
			o.Weight, weighed = share, true
		}
		d.Options = append(d.Options, o)
	}
	switch {
	case len(right) == 0 && !weighed:
		d.fail("「正解」が空です。正しい選択肢の番号（1、2…）を書いてください。")
	case d.Type == questions.Choice && len(right) > 1:
		d.look("正しい選択肢が%dつあります。どれを選んでも正解になります。すべて選んでほしい問題なら、形式を「複数選ぶ」にしてください。", len(right))
	}
}

// right are the numbers of the choices that 正解 names: by number, by letter or by
// their text.
func (d *draft) right(list []part) (right map[int]bool, ok bool) {
	right, wrong, two := rightOf(d.cell(answerField, 0), list)
	switch {
	case wrong != "" && two:
		d.fail("「正解」の「%s」が、選択肢の番号か選択肢の文か、わかりません。「選択肢%s」のように書いてください。", shorten(wrong), shorten(wrong))
	case wrong != "":
		d.fail("「正解」の「%s」にあたる選択肢がありません。選択肢の番号（1、2…）か、選択肢と同じ文を書いてください。", shorten(wrong))
	}
	return right, wrong == ""
}

// rightOf reads a cell with the right choices: as one text, on lines, between
// commas, or between anything, whichever makes sense first. wrong is a word that
// names none, or with two one that may name two.
func rightOf(cell string, list []part) (right map[int]bool, wrong string, two bool) {
	if n, found := named(cell, list); found {
		return map[int]bool{n: true}, "", false
	}
	for _, marks := range []string{"\n", "\n、,，；;", anySeparator} {
		right, wrong = map[int]bool{}, ""
		for _, s := range separated(cell, marks) {
			n, found := named(s, list)
			if !found {
				wrong, two = s, n < 0
				break
			}
			right[n] = true
		}
		if wrong == "" {
			break
		}
	}
	return right, wrong, two
}

const anySeparator = "、,，；;\n・ 　/／&＆と"

// answers are the answers in one cell.
func answers(cell string) []string { return separated(cell, anySeparator) }

func separated(cell, marks string) []string {
	var list []string
	for _, s := range strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune(marks, r) }) {
		if s = strings.TrimSpace(s); s != "" {
			list = append(list, s)
		}
	}
	return list
}

var reference = regexp.MustCompile(`^\(?(?:選択肢|no\.?|番号)?\(?([0-9]{1,2}|[a-zア-コ])(?:番|つ目|\)|\.)*$`)

// named is the number of the choice that a word names, -1 when it may be two.
func named(word string, list []part) (n int, found bool) {
	fold := folded(word)
	if fold == "" {
		return 0, false
	}
	byText, byNumber := 0, 0
	for _, p := range list {
		words, _ := questions.ToWords(p.text[questions.JA])
		if folded(words) == fold || folded(p.text[questions.JA]) == fold {
			byText = p.n
		}
	}
	if m := reference.FindStringSubmatch(fold); m != nil {
		byNumber = place(m[1])
		if !slices.ContainsFunc(list, func(p part) bool { return p.n == byNumber }) {
			byNumber = 0
		}
	}
	switch {
	case byText > 0 && byNumber > 0 && byText != byNumber:
		return -1, false
	case byText > 0:
		return byText, true
	}
	return byNumber, byNumber > 0
}

// ordering reads items in their right order, or with 正解 2、1、3 in the order of
// its numbers; 1、2=3 says that two may stand either way.
func (d *draft) ordering() {
	list := d.parts()
	order, rank := list, make([]int, len(list))
	for i := range rank {
		rank[i] = i + 1
	}
	if cell := d.cell(answerField, 0); cell != "" {
		var ok bool
		if order, rank, ok = d.order(cell, list); !ok {
			return
		}
	}
	for i, p := range order {
		d.Items = append(d.Items, questions.Item{ID: strconv.Itoa(i + 1), Text: p.text, Rank: rank[i], Feedback: d.text(feedbackField, p.n)})
	}
}

func (d *draft) order(cell string, list []part) (order []part, rank []int, ok bool) {
	for _, step := range answers(strings.NewReplacer("→", "、", "⇒", "、", ">", "、", "＞", "、", "＝", "=").Replace(cell)) {
		first := len(order) + 1
		for _, s := range strings.Split(step, "=") {
			n, found := named(s, list)
			at := slices.IndexFunc(list, func(p part) bool { return p.n == n })
			if !found || at < 0 || slices.ContainsFunc(order, func(p part) bool { return p.n == n }) {
				d.fail("「正解」の「%s」が読めません。並べかえの「正解」には、正しい順に番号を書きます（例：2、1、3）。選択肢が正しい順なら、空のままにします。", shorten(s))
				return nil, nil, false
			}
			order, rank = append(order, list[at]), append(rank, first)
		}
	}
	if len(order) != len(list) {
		d.fail("「正解」の番号が足りません。%d個の選択肢すべての番号を、正しい順に書いてください。", len(list))
		return nil, nil, false
	}
	return order, rank, true
}

// short reads the accepted answers: in 正解 a line each, or in the cells of the
// choices, each with its share of the mark and its feedback.
func (d *draft) short() {
	d.Otherwise = d.text(otherwiseField, 0)
	d.numbered(func(cell string) (questions.Answer, bool) {
		return questions.Answer{Text: cell}, true
	}, func(a, b questions.Answer) bool { return a.Text == b.Text })
	if len(d.Answers) == 0 {
		d.fail("「正解」が空です。正しい答えを書いてください。いくつかあるときは、改行して1つずつ書きます。")
	}
}

// numbered takes the answers of the numbered cells, then those of 正解 that are not
// among them.
func (d *draft) numbered(read func(cell string) (questions.Answer, bool), same func(a, b questions.Answer) bool) {
	for n := 1; n <= maxParts; n++ {
		a, ok := read(d.cell(optionField, n))
		if d.cell(optionField, n) == "" || !ok {
			continue
		}
		a.Weight, a.Feedback = 1, d.text(feedbackField, n)
		if share, given := d.weight(n, 0); given {
			a.Weight = share
		}
		d.Answers = append(d.Answers, a)
	}
	for _, cell := range strings.FieldsFunc(d.cell(answerField, 0), func(r rune) bool { return r == '\n' || r == '／' }) {
		if cell = strings.TrimSpace(cell); cell == "" {
			continue
		}
		a, ok := read(cell)
		a.Weight = 1
		if ok && !slices.ContainsFunc(d.Answers, func(b questions.Answer) bool { return same(a, b) }) {
			d.Answers = append(d.Answers, a)
		}
	}
}

// numerical reads numbers: 3, 3±0.5 or 2.5〜3.5, with or without the unit.
func (d *draft) numerical() {
	d.Otherwise, d.Unit = d.text(otherwiseField, 0), oneLine(d.cell(unitField, 0))
	margin := 0.0
	if cell := d.cell(toleranceField, 0); cell != "" {
		a, ok := parseNumber(strings.TrimPrefix(norm.NFKC.String(cell), "±"), d.Unit)
		if !ok || a.Value < 0 || a.Tolerance != 0 {
			d.fail("「誤差」の「%s」は、数として読めません。", shorten(cell))
		}
		margin = a.Value
	}
	d.numbered(func(cell string) (questions.Answer, bool) {
		if cell == "" {
			return questions.Answer{}, false
		}
		a, ok := parseNumber(cell, d.Unit)
		if !ok {
			d.fail("「%s」は、数として読めません。3 か 3±0.5 か 2.5〜3.5 の形で書いてください。", shorten(cell))
		}
		if a.Tolerance == 0 {
			a.Tolerance = margin
		}
		return a, ok
	}, func(a, b questions.Answer) bool { return a.Value == b.Value })
	if len(d.Answers) == 0 && !d.broken {
		d.fail("「正解」が空です。正しい数を書いてください。")
	}
}

const maxNumber = 1e15 // that of questions.yaml

var (
	decimal  = `([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]{1,3})?)`
	within   = regexp.MustCompile(`^` + decimal + `(?:±` + decimal + `)?$`)
	between  = regexp.MustCompile(`^` + decimal + `(?:〜|~|\.\.|から)` + decimal + `(?:まで)?$`)
	minus    = strings.NewReplacer("−", "-", "‐", "-", "–", "-", "+-", "±", "+/-", "±")
	thousand = regexp.MustCompile(`([0-9]),([0-9]{3})`)
)

// parseNumber reads a number as people type it.
func parseNumber(cell, unit string) (questions.Answer, bool) {
	s := minus.Replace(folded(cell))
	for thousand.MatchString(s) {
		s = thousand.ReplaceAllString(s, "$1$2")
	}
	if u := folded(unit); u != "" {
		s = strings.TrimSuffix(strings.ReplaceAll(strings.ReplaceAll(s, u+"±", "±"), u+"〜", "〜"), u)
	}
	var a questions.Answer
	if m := between.FindStringSubmatch(s); m != nil {
		low, high := float(m[1]), float(m[2])
		a.Value, a.Tolerance = (low+high)/2, (high-low)/2
	} else if m := within.FindStringSubmatch(s); m != nil {
		a.Value, a.Tolerance = float(m[1]), float(m[2])
	} else {
		return a, false
	}
	return a, a.Tolerance >= 0 && a.Tolerance <= maxNumber && math.Abs(a.Value) <= maxNumber
}

func float(s string) float64 {
	x, err := strconv.ParseFloat(s, 64)
	if s == "" {
		return 0
	}
	if err != nil {
		return math.Inf(1)
	}
	return x
}
