package gift

import (
	"bufio"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"tsunagari/courses/questions"
)

// Write writes questions so that Moodle and Read read the same again. What GIFT
// cannot hold is left out, and a remark says so; its Line is the number of the
// question in the list. Error: w's.
func Write(w io.Writer, list []questions.Imported) ([]questions.Remark, error) {
	out := bufio.NewWriter(w)
	var remarks []questions.Remark
	category := ""
	for i, q := range list {
		qw := &questionWriter{q: q, number: i + 1}
		text := qw.question()
		remarks = append(remarks, qw.remarks...)
		if qw.refused {
			continue
		}
		if q.Category != category {
			category = q.Category
			fmt.Fprintf(out, "%s %s\n\n", categoryMark, moodlePath(category))
		}
		out.WriteString(text)
	}
	return remarks, out.Flush()
}

// moodlePath is a path in the course's categories, all of which stand in top.
func moodlePath(category string) string {
	if category = oneLine(category); category == "" {
		return "$course$/top"
	}
	return "$course$/top/" + category
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

type questionWriter struct {
	q       questions.Imported
	number  int
	format  format
	lost    []string
	refused bool
	remarks []questions.Remark
}

func (w *questionWriter) remark(reason string) {
	name, _ := questions.ToWords(w.q.Text[questions.JA])
	if w.q.Name != "" {
		name = w.q.Name
	}
	w.remarks = append(w.remarks, questions.Remark{Line: w.number, Name: shorten(name), Reason: reason})
}

func (w *questionWriter) refuse(reason string) {
	w.refused = true
	w.remark(reason)
}

// lose notes what is left out of a question that is written.
func (w *questionWriter) lose(what string, gone bool) {
	if gone && !slices.Contains(w.lost, what) {
		w.lost = append(w.lost, what)
	}
}

func (w *questionWriter) question() string {
	q := &w.q
	if faults := q.Faults(); len(faults) > 0 {
		w.refuse("このままでは書き出せません。" + faults[0])
		return ""
	}
	var answers string
	body, labels := w.body(), w.labels()
	switch q.Type {
	case questions.Choice, questions.Multiple:
		answers = w.options()
	case questions.TrueFalse:
		answers = w.trueFalse()
	case questions.Matching:
		answers = w.pairs()
	case questions.Short:
		answers = w.short()
	case questions.Numerical:
		answers = w.numerical()
	default:
		w.refuse("この種類の問題は、GIFTでは書き出せません。")
	}
	if w.refused {
		return ""
	}
	if general := w.text(q.Explanation, true); general != "" {
		answers += "\t####" + general + "\n"
	}
	w.losses()
	if len(w.lost) > 0 {
		w.remark("GIFTでは書き出せないものを除きました：" + strings.Join(w.lost, "、") + "。")
	}
	return labels + body + "{" + answers + "}\n\n"
}

// losses finds what no question of GIFT has.
func (w *questionWriter) losses() {
	q := &w.q
	said := false
	easy := slices.ContainsFunc(texts(&q.Question), func(t questions.Text) bool { return t[questions.Easy] != "" })
	for _, p := range q.Pairs {
		said = said || len(p.Feedback) > 0
	}
	w.lose("やさしい日本語の文", easy)
	w.lose("組への説明", said)
	w.lose("単位", q.Unit != "")
	w.lose("図や音声のファイル", len(q.Files) > 0)
}

// texts are the texts of a question that somebody wrote.
func texts(q *questions.Question) []questions.Text {
	all := []questions.Text{q.Text, q.Explanation, q.Otherwise}
	for _, o := range q.Options {
		if all = append(all, o.Feedback); q.Type != questions.TrueFalse {
			all = append(all, o.Text)
		}
	}
	for _, p := range q.Pairs {
		all = append(all, p.Left, p.Right, p.Feedback)
	}
	for _, a := range q.Answers {
		all = append(all, a.Feedback)
	}
	return all
}

// What Moodle takes neither in an id nor in a tag.
var (
	notInID  = regexp.MustCompile(`[\x00-\x1f\x7f]|\\+$|\[(?:id|tag):`)
	notInTag = regexp.MustCompile("[<>`\\x00-\\x1f\\x7f]|\\\\+$|\\[(?:id|tag):")
)

// labels is the comment line with the id and the tags.
func (w *questionWriter) labels() string {
	id := w.q.ForeignID
	if id == "" {
		id = w.q.ID
	}
	bits := w.label(nil, "id", id, notInID)
	for _, tag := range w.q.Tags {
		bits = w.label(bits, "tag", tag, notInTag)
	}
	if len(bits) == 0 {
		return ""
	}
	return "// " + strings.Join(bits, " ") + "\n"
}

func (w *questionWriter) label(bits []string, kind, value string, not *regexp.Regexp) []string {
	value = strings.TrimSpace(value)
	clean := strings.TrimSpace(not.ReplaceAllString(value, ""))
	w.lose("番号やタグ「"+shorten(value)+"」の一部の文字", clean != value)
	if clean == "" {
		return bits
	}
	return append(bits, "["+kind+":"+strings.ReplaceAll(clean, "]", `\]`)+"]")
}

// body is the name and the text of the question; the format of the text is that
// of all the rest.
func (w *questionWriter) body() string {
	w.format = moodleFormat
	text := w.text(w.q.Text, false)
	if strings.HasPrefix(text, "["+string(htmlFormat)+"]") {
		w.format = htmlFormat
	}
	if name := oneLine(w.q.Name); name != "" {
		return "::" + escape(name) + "::" + text
	}
	if strings.HasPrefix(text, "//") { // no comment
		return "[" + string(moodleFormat) + "]" + text
	}
	return text
}

// text is a text with its format, where that is another than the question's. inside
// says that it stands between the braces, where -> is a sign that cannot be escaped.
func (w *questionWriter) text(t questions.Text, inside bool) string {
	source := t[questions.JA]
	if figure.MatchString(source) {
		w.lose("図や音声のファイル", true)
		source = withoutFigures(source)
	}
	plain, whole := questions.ToWords(source)
	whole = whole && !hasHTML(plain) && !(inside && strings.Contains(plain, "->"))
	switch {
	case source == "":
		return ""
	case whole && w.format == moodleFormat && !prefixed.MatchString(plain):
		return escape(plain)
	case whole && w.format == moodleFormat:
		return "[" + string(moodleFormat) + "]" + escape(plain)
	}
	text := escape(questions.ToHTML(source, ""))
	if w.format != htmlFormat || prefixed.MatchString(text) {
		text = "[" + string(htmlFormat) + "]" + text
	}
	return text
}

var prefixed = regexp.MustCompile(`^\[(?:moodle|html|plain|markdown)\]`)

// words is a text that has no format: the right side of a pair.
func (w *questionWriter) words(t questions.Text) string {
	plain, whole := questions.ToWords(t[questions.JA])
	w.lose("強調やリンク（右側の文）", !whole)
	return escape(plain)
}

// said is what follows an answer.
func (w *questionWriter) said(t questions.Text) string {
	if text := w.text(t, true); text != "" {
		return "#" + text
	}
	return ""
}

func (w *questionWriter) options() string {
	var b strings.Builder
	b.WriteByte('\n')
	single := w.q.Type == questions.Choice
	marked := false
	for _, o := range w.q.Options {
		sign := "~%" + percent(o.Weight) + "%"
		text := w.text(o.Text, true)
		switch {
		case single && o.Weight == 1 && !marked:
			sign, marked = "=", true // another one with 100% has a ~, without which it were a short answer
			if strings.HasPrefix(text, "%") {
				text = "[" + string(w.format) + "]" + text
			}
		case o.Weight == 0 && !strings.HasPrefix(text, "%"):
			sign = "~"
		}
		b.WriteString("\t" + sign + text + w.said(o.Feedback) + "\n")
	}
	return b.String()
}

func (w *questionWriter) trueFalse() string {
	answer, right, wrong := "FALSE", "", ""
	for _, o := range w.q.Options {
		text := w.text(o.Feedback, true)
		if !o.Right() {
			wrong = text
			continue
		}
		right = text
		if o.ID == "true" {
			answer = "TRUE"
		}
	}
	if right != "" {
		right = "#" + right
	}
	if wrong != "" || right != "" {
		wrong = "#" + wrong
	}
	return answer + wrong + right
}

func (w *questionWriter) pairs() string {
	var b strings.Builder
	b.WriteByte('\n')
	for _, p := range w.q.Pairs {
		b.WriteString("\t=" + w.text(p.Left, true) + " -> " + w.words(p.Right) + "\n")
	}
	return b.String()
}

func (w *questionWriter) short() string {
	var b strings.Builder
	b.WriteByte('\n')
	for _, a := range w.q.Answers {
		text := strings.ReplaceAll(a.Text, "*", `\*`)
		if strings.Contains(text, "->") {
			w.refuse("答え「" + shorten(a.Text) + "」の -> は、GIFTでは組み合わせの記号になるため、書き出せません。")
		}
		if prefixed.MatchString(text) {
			text = "[" + string(moodleFormat) + "]" + text
		}
		sign := "="
		if a.Weight != 1 || strings.HasPrefix(text, "%") {
			sign = "=%" + percent(a.Weight) + "%"
		}
		b.WriteString("\t" + sign + escape(text) + w.said(a.Feedback) + "\n")
	}
	if other := w.said(w.q.Otherwise); other != "" {
		b.WriteString("\t=%0%*" + other + "\n")
	}
	return b.String()
}

func (w *questionWriter) numerical() string {
	var b strings.Builder
	b.WriteString("#\n")
	for _, a := range w.q.Answers {
		b.WriteString("\t=%" + percent(a.Weight) + "%" + decimalOf(a.Value) + ":" + decimalOf(a.Tolerance) + w.said(a.Feedback) + "\n")
	}
	if other := w.said(w.q.Otherwise); other != "" {
		b.WriteString("\t~" + other + "\n")
	}
	return b.String()
}

func decimalOf(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }
