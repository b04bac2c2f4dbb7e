package questions

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// WriteText writes a question bank in the form that ReadText reads. Reading it
// back gives the same questions, but for Module and Line.
func WriteText(bank []*Question) []byte {
	w := &writer{}
	for i, q := range bank {
		if i > 0 {
			w.b.WriteByte('\n')
		}
		w.question(q)
	}
	return w.b.Bytes()
}

type writer struct {
	b bytes.Buffer
	// begins a list item with the next line
	dash   bool
	indent string
}

func (w *writer) line(name, value string) {
	if w.dash {
		w.b.WriteString(w.indent[2:] + "- ")
		w.dash = false
	} else {
		w.b.WriteString(w.indent)
	}
	w.b.WriteString(name + ":")
	if value != "" {
		w.b.WriteString(" " + value)
	}
	w.b.WriteByte('\n')
}

func (w *writer) text(name string, t Text) {
	if t[JA] != "" {
		w.line(name, Quote(t[JA]))
	}
	if t[Easy] != "" {
		w.line(name+"_easy", Quote(t[Easy]))
	}
}

func (w *writer) question(q *Question) {
	w.indent, w.dash = "  ", true
	w.line("id", Quote(q.ID))
	w.line("type", string(q.Type))
	if q.Lesson != "" {
		w.line("lesson", Quote(q.Lesson))
	}
	if len(q.Uses) > 0 {
		var uses []string
		for _, u := range q.Uses {
			uses = append(uses, string(u))
		}
		w.line("use", "["+strings.Join(uses, ", ")+"]")
	}
	if len(q.Tags) > 0 {
		w.line("tags", quoteList(q.Tags))
	}
	w.text("text", q.Text)
	w.text("explanation", q.Explanation)
	switch q.Type {
	case Choice, Multiple:
		w.options(q)
	case TrueFalse:
		w.trueFalse(q)
	case Matching:
		w.pairs(q)
	case Ordering, Sort:
		w.items(q)
	case Short, Numerical:
		w.answers(q)
	}
}

// part begins an item of a list with its id, when that is not its number.
func (w *writer) part(i int, id string) {
	w.dash = true
	if id != strconv.Itoa(i+1) {
		w.line("id", Quote(id))
	}
}

func (w *writer) list(name string, n int, item func(i int)) {
	if n == 0 {
		return
	}
	w.line(name, "")
	outer := w.indent
	w.indent += "    "
	for i := range n {
		item(i)
	}
	w.indent = outer
}

func quoteList(list []string) string {
	quoted := make([]string, len(list))
	for i, s := range list {
		quoted[i] = Quote(s)
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}

func (w *writer) options(q *Question) {
	plain := PlainWeights(q)
	w.list("choices", len(q.Options), func(i int) {
		o := q.Options[i]
		w.part(i, o.ID)
		w.text("text", o.Text)
		if plain && o.Right() {
			w.line("right", "true")
		}
		if !plain {
			w.line("weight", percent(o.Weight))
		}
		w.text("feedback", o.Feedback)
	})
}

// PlainWeights says whether the weights are those that ReadText gives to right
// and wrong choices by itself.
func PlainWeights(q *Question) bool {
	right := 0
	for _, o := range q.Options {
		if o.Right() {
			right++
		}
	}
	if q.Type == Choice && right > 1 {
		return false // right: true may stand once
	}
	if right == 0 {
		return !slices.ContainsFunc(q.Options, func(o Option) bool { return o.Weight != 0 })
	}
	yes, no := 1.0, 0.0
	if q.Type == Multiple {
		yes, no = 1/float64(right), -1/float64(right)
	}
	return !slices.ContainsFunc(q.Options, func(o Option) bool { return o.Weight != yes && o.Weight != no })
}

func percent(weight float64) string { return strconv.FormatFloat(weight*100, 'f', 5, 64) }

func (w *writer) trueFalse(q *Question) {
	for _, o := range q.Options {
		if o.ID == "true" {
			w.line("answer", strconv.FormatBool(o.Right()))
		}
	}
	for _, o := range q.Options {
		w.text("if_"+o.ID, o.Feedback)
	}
}

func (w *writer) pairs(q *Question) {
	var pairs, extra []Pair
	for _, p := range q.Pairs {
		if len(p.Left) > 0 {
			pairs = append(pairs, p)
		} else {
			extra = append(extra, p)
		}
	}
	w.list("pairs", len(pairs), func(i int) {
		w.part(i, pairs[i].ID)
		w.text("left", pairs[i].Left)
		w.text("right", pairs[i].Right)
		w.text("feedback", pairs[i].Feedback)
	})
	w.list("extra", len(extra), func(i int) {
		w.part(len(pairs)+i, extra[i].ID)
		w.text("text", extra[i].Right)
		w.text("feedback", extra[i].Feedback)
	})
}

func (w *writer) items(q *Question) {
	w.list("groups", len(q.Groups), func(i int) {
		w.part(i, q.Groups[i].ID)
		w.text("text", q.Groups[i].Text)
	})
	w.list("items", len(q.Items), func(i int) {
		item := q.Items[i]
		w.part(i, item.ID)
		w.text("text", item.Text)
		switch {
		case q.Type == Ordering && item.Rank != i+1:
			w.line("rank", strconv.Itoa(item.Rank))
		case q.Type == Sort && len(item.Groups) == 1:
			w.line("group", Quote(item.Groups[0]))
		case q.Type == Sort && len(item.Groups) > 1:
			w.line("group", quoteList(item.Groups))
		}
		w.text("feedback", item.Feedback)
	})
}

func (w *writer) answers(q *Question) {
	if q.Unit != "" {
		w.line("unit", Quote(q.Unit))
	}
	w.list("answers", len(q.Answers), func(i int) {
		a := q.Answers[i]
		w.dash = true
		if q.Type == Short {
			w.line("text", Quote(a.Text))
		} else {
			w.line("value", strconv.FormatFloat(a.Value, 'g', -1, 64))
			if a.Tolerance != 0 {
				w.line("tolerance", strconv.FormatFloat(a.Tolerance, 'g', -1, 64))
			}
		}
		if a.Weight != 1 {
			w.line("weight", percent(a.Weight))
		}
		w.text("feedback", a.Feedback)
	})
	w.text("otherwise", q.Otherwise)
}

// Quote writes a text in double quotes as YAML reads it.
func Quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < 0x20 || r == 0x7f || r == 0x85 || r == 0x2028 || r == 0x2029 || r == 0xfeff:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
