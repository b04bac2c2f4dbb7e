package sheet

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tsunagari/courses/questions"
)

// cellsOf writes a question as cells that record reads as the same question. lost
// names what no sheet holds; refused says why it cannot be written at all.
func cellsOf(q *questions.Imported) (cells map[column]string, lost []string, refused string) {
	if reasons := q.Faults(); len(reasons) > 0 {
		return nil, nil, "このままでは書き出せません。" + reasons[0]
	}
	w := &cellWriter{q: q, cells: map[column]string{}}
	w.word(typeField, typeWords[q.Type][0])
	w.text(textField, 0, q.Text)
	w.text(explanationField, 0, q.Explanation)
	w.text(otherwiseField, 0, q.Otherwise)
	w.word(lessonField, q.Lesson)
	w.word(nameField, q.Name)
	w.word(categoryField, q.Category)
	w.word(unitField, q.Unit)
	id := q.ForeignID
	if id == "" {
		id = q.ID
	}
	w.word(idField, id)
	w.tags()
	var uses []string
	for _, u := range q.Uses {
		uses = append(uses, useWords[u])
	}
	w.word(usesField, strings.Join(uses, "、"))
	w.parts()
	if len(q.Files) > 0 {
		w.lose("図や音声のファイル")
	}
	for c, value := range w.cells {
		if len(value) > maxText {
			w.refused = fmt.Sprintf("「%s」の文が長すぎて、表には書き出せません。", c)
		}
	}
	return w.cells, w.lost, w.refused
}

type cellWriter struct {
	q       *questions.Imported
	cells   map[column]string
	lost    []string
	refused string
}

func (w *cellWriter) lose(what string) {
	if !slices.Contains(w.lost, what) {
		w.lost = append(w.lost, what)
	}
}

func (w *cellWriter) set(f field, n int, value string) {
	if value = strings.TrimSpace(withoutControls(value)); value != "" {
		w.cells[column{field: f, n: n}] = value
	}
}

func (w *cellWriter) word(f field, value string) { w.set(f, 0, oneLine(value)) }

// withoutControls is a text without what no cell can hold.
func withoutControls(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return ' '
		case r < ' ' && r != '\n' || r == 0x7f || r == 0xfffe || r == 0xffff:
			return -1
		}
		return r
	}, s)
}

// text writes a text: a line of the cell for each of its lines.
func (w *cellWriter) text(f field, n int, t questions.Text) {
	for lang, easy := range map[questions.Lang]bool{questions.JA: false, questions.Easy: true} {
		if s := strings.ReplaceAll(questions.Normal(t[lang]), "\n\n", "\n"); s != "" {
			w.cells[column{f, n, easy}] = s
		}
	}
}

func (w *cellWriter) tags() {
	for _, t := range w.q.Tags {
		if len(listed(t)) > 1 {
			w.lose("タグ「" + shorten(t) + "」の中の読点")
		}
	}
	w.set(tagsField, 0, strings.Join(w.q.Tags, "、"))
}

func (w *cellWriter) parts() {
	q := w.q
	switch q.Type {
	case questions.Choice, questions.Multiple:
		w.options()
	case questions.TrueFalse:
		for i, o := range q.Options {
			w.text(feedbackField, i+1, o.Feedback)
			if o.Right() {
				w.word(answerField, map[string]string{"true": "○", "false": "×"}[o.ID])
			}
		}
	case questions.Matching:
		for i, p := range q.Pairs {
			w.text(optionField, i+1, p.Left)
			w.text(rightField, i+1, p.Right)
			w.text(feedbackField, i+1, p.Feedback)
		}
	case questions.Ordering:
		w.ordering()
	case questions.Sort:
		w.sorting()
	case questions.Short:
		w.answers(func(a questions.Answer) string { return a.Text })
	case questions.Numerical:
		w.answers(w.number)
	}
}

func (w *cellWriter) options() {
	var list []part
	right := map[int]bool{}
	for i, o := range w.q.Options {
		w.text(optionField, i+1, o.Text)
		w.text(feedbackField, i+1, o.Feedback)
		list = append(list, part{i + 1, o.Text})
		if o.Weight == 1 || w.q.Type == questions.Multiple && o.Right() {
			right[i+1] = true
		}
	}
	w.set(answerField, 0, w.references(list, right))
	yes, no := 1.0, 0.0
	if w.q.Type == questions.Multiple {
		yes, no = 1/float64(len(right)), -1/float64(len(right))
	}
	usual := func(o questions.Option, i int) bool {
		return o.Weight == yes && right[i+1] || o.Weight == no && !right[i+1]
	}
	for i, o := range w.q.Options {
		if !usual(o, i) {
			w.weights()
			return
		}
	}
}

func (w *cellWriter) weights() {
	for i, o := range w.q.Options {
		w.set(weightField, i+1, questions.Percent(o.Weight))
	}
}

// references names choices so that rightOf finds the same: by number, or in a
// longer way where a choice reads like a number itself.
func (w *cellWriter) references(list []part, right map[int]bool) string {
	for _, form := range []struct{ word, between string }{{"%d", "、"}, {"選択肢%d", "、"}, {"選択肢%d", "\n"}, {"%d番", "\n"}} {
		var words []string
		for i := range list {
			if right[i+1] {
				words = append(words, fmt.Sprintf(form.word, i+1))
			}
		}
		cell := strings.Join(words, form.between)
		found, wrong, _ := rightOf(cell, list)
		if wrong == "" && len(found) == len(right) && !slices.ContainsFunc(list, func(p part) bool { return found[p.n] != right[p.n] }) {
			return cell
		}
	}
	w.refused = "選択肢の文が番号と同じ形なので、正解を表に書けません。"
	return ""
}

func (w *cellWriter) ordering() {
	var list []part
	steps, plain := "", true
	for i, item := range w.q.Items {
		w.text(optionField, i+1, item.Text)
		w.text(feedbackField, i+1, item.Feedback)
		list = append(list, part{i + 1, item.Text})
		switch {
		case i == 0:
		case item.Rank == w.q.Items[i-1].Rank:
			steps, plain = steps+"=", false
		default:
			steps += "、"
		}
		steps += "選択肢" + strconv.Itoa(i+1)
	}
	if plain {
		return
	}
	for i := range list {
		if n, found := named("選択肢"+strconv.Itoa(i+1), list); !found || n != i+1 {
			w.lose("どちらが先でもよい順番")
			return
		}
	}
	w.set(answerField, 0, steps)
}

func (w *cellWriter) sorting() {
	for _, lang := range []questions.Lang{questions.JA, questions.Easy} {
		var names []string
		for _, g := range w.q.Groups {
			names = append(names, groupName(g.Text[lang]))
		}
		if cell := strings.Join(names, "\n"); strings.TrimSpace(cell) != "" {
			w.cells[column{groupsField, 0, lang == questions.Easy}] = cell
		}
	}
	for i, item := range w.q.Items {
		w.text(optionField, i+1, item.Text)
		w.text(feedbackField, i+1, item.Feedback)
		var names []string
		for _, g := range w.q.Groups {
			if slices.Contains(item.Groups, g.ID) {
				names = append(names, groupName(g.Text[questions.JA]))
			}
		}
		w.set(rightField, i+1, strings.Join(names, "\n"))
	}
}

func groupName(markdown string) string {
	return strings.ReplaceAll(questions.Normal(markdown), "\n\n", " ")
}

// answers go into 正解, a line each, or where there is more to say of one into the
// numbered cells.
func (w *cellWriter) answers(write func(questions.Answer) string) {
	together := !slices.ContainsFunc(w.q.Answers, func(a questions.Answer) bool {
		return a.Weight != 1 || a.Feedback != nil || strings.ContainsAny(write(a), "\n／")
	})
	var lines []string
	for i, a := range w.q.Answers {
		lines = append(lines, oneLine(write(a)))
		if together {
			continue
		}
		w.set(optionField, i+1, write(a))
		w.text(feedbackField, i+1, a.Feedback)
		if a.Weight != 1 {
			w.set(weightField, i+1, questions.Percent(a.Weight))
		}
	}
	if together {
		w.set(answerField, 0, strings.Join(lines, "\n"))
	}
}

func (w *cellWriter) number(a questions.Answer) string {
	cell := strconv.FormatFloat(a.Value, 'f', -1, 64)
	if a.Tolerance != 0 {
		cell += "±" + strconv.FormatFloat(a.Tolerance, 'f', -1, 64)
	}
	if back, ok := parseNumber(cell, w.q.Unit); !ok || back.Value != a.Value || back.Tolerance != a.Tolerance {
		w.refused = "単位が数と同じ形なので、答えを表に書けません。"
	}
	return cell
}

// fieldOrder is the order of the columns.
var fieldOrder = []field{
	idField, nameField, categoryField, typeField, textField, optionField, rightField, weightField, answerField, feedbackField,
	explanationField, otherwiseField, unitField, groupsField, lessonField, tagsField, usesField,
}

// columnsOf are the columns that the rows need, and the basic ones.
func columnsOf(rows []map[column]string) []column {
	used := map[column]bool{}
	for _, f := range []field{typeField, textField, answerField, explanationField, lessonField, tagsField} {
		used[column{field: f}] = true
	}
	for n := 1; n <= 4; n++ {
		used[column{field: optionField, n: n}] = true
		used[column{field: feedbackField, n: n}] = true
	}
	for _, row := range rows {
		for c := range row {
			used[c] = true
			used[column{field: c.field, n: c.n}] = true
		}
	}
	var list []column
	for c := range used {
		list = append(list, c)
	}
	slices.SortFunc(list, func(a, b column) int {
		return cmp.Or(
			cmp.Compare(slices.Index(fieldOrder, a.field), slices.Index(fieldOrder, b.field)), cmp.Compare(a.n, b.n),
			cmp.Compare(fmt.Sprint(a.easy), fmt.Sprint(b.easy)),
		)
	})
	return list
}
