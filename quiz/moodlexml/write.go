package moodlexml

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"io"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"tsunagari/courses/questions"
)

// Write writes questions so that Moodle and Read read the same again. What Moodle
// does not have is left out, and a remark says so; its Line is the number of the
// question in the list. Error: w's.
func Write(w io.Writer, list []questions.Imported) ([]questions.Remark, error) {
	out := bufio.NewWriter(w)
	out.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<quiz>\n")
	var remarks []questions.Remark
	category := ""
	for i, q := range list {
		qw := &questionWriter{q: q, number: i + 1}
		qw.question()
		remarks = append(remarks, qw.remarks...)
		if qw.refused {
			continue
		}
		if q.Category != category {
			category = q.Category
			writeCategory(out, category)
		}
		out.WriteString(qw.b.String())
	}
	out.WriteString("</quiz>\n")
	return remarks, out.Flush()
}

func writeCategory(out *bufio.Writer, category string) {
	at := strings.TrimSuffix("$course$/top/"+strings.Join(strings.Fields(category), " "), "/")
	fmt.Fprintf(out, "  <question type=\"category\">\n    <category><text>%s</text></category>\n  </question>\n", escape(at))
}

type questionWriter struct {
	b       strings.Builder
	q       questions.Imported
	number  int
	lost    []string
	refused bool
	remarks []questions.Remark
}

// name is that of the question, or its first words: Moodle wants one.
func (w *questionWriter) name() string {
	if name := strings.Join(strings.Fields(w.q.Name), " "); name != "" {
		return name
	}
	words, _ := questions.ToWords(w.q.Text[questions.JA])
	return shorten(words)
}

func (w *questionWriter) remark(reason string) {
	w.remarks = append(w.remarks, questions.Remark{Line: w.number, Name: w.name(), Reason: reason})
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

var moodleTypes = map[questions.Type]string{
	questions.Choice: "multichoice", questions.Multiple: "multichoice", questions.TrueFalse: "truefalse",
	questions.Matching: "matching", questions.Sort: "matching", questions.Ordering: "ordering",
	questions.Short: "shortanswer", questions.Numerical: "numerical", questions.Reflection: "essay",
}

func (w *questionWriter) question() {
	q := &w.q
	if reasons := q.Faults(); len(reasons) > 0 {
		w.refuse("このままでは書き出せません。" + reasons[0])
		return
	}
	fmt.Fprintf(&w.b, "  <question type=\"%s\">\n", moodleTypes[q.Type])
	w.element("name", "<text>"+escape(w.name())+"</text>")
	w.text("questiontext", q.Text)
	w.text("generalfeedback", q.Explanation)
	w.b.WriteString("    <defaultgrade>1</defaultgrade>\n    <penalty>0.3333333</penalty>\n    <hidden>0</hidden>\n")
	id := q.ForeignID
	if id == "" {
		id = q.ID
	}
	w.element("idnumber", escape(id))
	w.answers()
	if len(q.Tags) > 0 {
		w.b.WriteString("    <tags>\n")
		for _, t := range q.Tags {
			w.element("tag", "<text>"+escape(t)+"</text>")
		}
		w.b.WriteString("    </tags>\n")
	}
	w.b.WriteString("  </question>\n")
	w.losses()
}

func (w *questionWriter) element(name, content string) {
	w.b.WriteString("    <" + name + ">" + content + "</" + name + ">\n")
}

func (w *questionWriter) answers() {
	switch q := &w.q; q.Type {
	case questions.Choice, questions.Multiple:
		w.element("single", strconv.FormatBool(q.Type == questions.Choice))
		w.b.WriteString("    <shuffleanswers>true</shuffleanswers>\n    <answernumbering>none</answernumbering>\n")
		for _, o := range q.Options {
			w.answer(o.Weight, w.rich(o.Text), o.Feedback, "")
		}
	case questions.TrueFalse:
		for _, o := range q.Options {
			w.answer(o.Weight, "<text>"+o.ID+"</text>", o.Feedback, "")
		}
	case questions.Matching:
		w.b.WriteString("    <shuffleanswers>true</shuffleanswers>\n")
		for _, p := range q.Pairs {
			w.pair(p.Left, p.Right)
			w.lose("組への説明", p.Feedback != nil)
		}
	case questions.Ordering:
		w.ordering()
	case questions.Sort:
		w.sort()
	case questions.Short:
		w.b.WriteString("    <usecase>0</usecase>\n")
		for _, a := range q.Answers {
			w.answer(a.Weight, "<text>"+escape(strings.ReplaceAll(a.Text, "*", `\*`))+"</text>", a.Feedback, "")
		}
		w.otherwise()
	case questions.Numerical:
		for _, a := range q.Answers {
			w.answer(a.Weight, "<text>"+plainNumber(a.Value)+"</text>", a.Feedback, "<tolerance>"+plainNumber(a.Tolerance)+"</tolerance>")
		}
		w.otherwise()
		w.unit()
	case questions.Reflection:
		w.b.WriteString("    <responseformat>editor</responseformat>\n    <responserequired>0</responserequired>\n    <responsefieldlines>10</responsefieldlines>\n    <attachments>0</attachments>\n")
	}
}

func plainNumber(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

func (w *questionWriter) answer(weight float64, content string, feedback questions.Text, more string) {
	format := "html"
	if w.q.Type == questions.TrueFalse || w.q.Type == questions.Short || w.q.Type == questions.Numerical {
		format = "moodle_auto_format"
	}
	fmt.Fprintf(&w.b, "    <answer fraction=\"%s\" format=\"%s\">%s\n      <feedback format=\"html\">%s</feedback>%s\n    </answer>\n",
		questions.Percent(weight), format, content, w.rich(feedback), more)
}

func (w *questionWriter) otherwise() {
	if w.q.Otherwise != nil {
		w.answer(0, "<text>*</text>", w.q.Otherwise, "")
	}
}

// unit is put down so that Moodle shows it and takes answers with or without it.
func (w *questionWriter) unit() {
	show := "3" // no unit
	if w.q.Unit != "" {
		show = "0"
		w.element("units", "<unit><multiplier>1</multiplier><unit_name>"+escape(w.q.Unit)+"</unit_name></unit>")
	}
	w.element("unitgradingtype", "0")
	w.element("unitpenalty", "0.1")
	w.element("showunits", show)
	w.element("unitsleft", "0")
}

// pair has its right side as plain words: that is all Moodle shows in its list.
func (w *questionWriter) pair(left, right questions.Text) {
	plain, whole := questions.ToWords(right[questions.JA])
	w.lose("強調やリンク（右側の文）", !whole)
	fmt.Fprintf(&w.b, "    <subquestion format=\"html\">%s\n      <answer><text>%s</text></answer>\n    </subquestion>\n", w.rich(left), escape(plain))
}

func (w *questionWriter) ordering() {
	w.b.WriteString("    <layouttype>VERTICAL</layouttype>\n    <selecttype>ALL</selecttype>\n    <selectcount>0</selectcount>\n    <gradingtype>ABSOLUTE_POSITION</gradingtype>\n    <numberingstyle>none</numberingstyle>\n")
	for i, item := range w.q.Items {
		w.lose("どちらが先でもよい順番", item.Rank != i+1)
		fmt.Fprintf(&w.b, "    <answer fraction=\"%d\" format=\"html\">%s\n      <feedback format=\"html\">%s</feedback>\n    </answer>\n", i+1, w.rich(item.Text), w.rich(item.Feedback))
	}
}

// sort is written as matching each item with the heading of its group.
func (w *questionWriter) sort() {
	w.b.WriteString("    <shuffleanswers>true</shuffleanswers>\n")
	w.lose("「分ける」形（組み合わせの問題にしました）", true)
	for _, item := range w.q.Items {
		w.lose("項目への説明", item.Feedback != nil)
		if len(item.Groups) > 1 {
			w.refuse("「" + shorten(item.Text[questions.JA]) + "」は、2つ以上のグループに当てはまります。Moodleにはこの形がないため、書き出せません。")
			return
		}
		at := slices.IndexFunc(w.q.Groups, func(g questions.Group) bool { return g.ID == item.Groups[0] })
		w.pair(item.Text, w.q.Groups[at].Text)
	}
	for _, g := range w.q.Groups {
		if !slices.ContainsFunc(w.q.Items, func(i questions.Item) bool { return i.Groups[0] == g.ID }) {
			w.pair(nil, g.Text)
		}
	}
}

func (w *questionWriter) text(name string, t questions.Text) {
	w.b.WriteString("    <" + name + " format=\"html\">" + w.rich(t))
	if name == "questiontext" { // with those that no text shows
		for _, f := range w.q.Files {
			if !slices.ContainsFunc(texts(&w.q.Question), func(t questions.Text) bool {
				return slices.Contains(questions.Pictures(t[questions.JA]), f.Name)
			}) {
				w.b.WriteString(w.file(f))
			}
		}
	}
	w.b.WriteString("</" + name + ">\n")
}

// rich is a text as HTML with its pictures: Moodle keeps those of each text apart.
func (w *questionWriter) rich(t questions.Text) string {
	s := "<text>" + escape(questions.ToHTML(t[questions.JA], "@@PLUGINFILE@@/")) + "</text>"
	for _, name := range questions.Pictures(t[questions.JA]) {
		at := slices.IndexFunc(w.q.Files, func(f questions.File) bool { return f.Name == name })
		if at >= 0 {
			s += w.file(w.q.Files[at])
		} else {
			w.lose("図「"+shorten(name)+"」のファイル", true)
		}
	}
	return s
}

func (w *questionWriter) file(f questions.File) string {
	name, err := url.PathUnescape(f.Name)
	if err != nil {
		name = f.Name
	}
	dir, base := path.Split("/" + name)
	return `<file name="` + attribute(base) + `" path="` + attribute(dir) + `" encoding="base64">` + base64.StdEncoding.EncodeToString(f.Content) + "</file>"
}

// losses finds what no question of Moodle has, and tells of everything lost.
func (w *questionWriter) losses() {
	q := &w.q
	written := texts(&q.Question)
	if q.Type == questions.TrueFalse { // whose options are worded by us
		written = []questions.Text{q.Text, q.Explanation, q.Options[0].Feedback, q.Options[1].Feedback}
	}
	w.lose("やさしい日本語の文", slices.ContainsFunc(written, func(t questions.Text) bool { return t[questions.Easy] != "" }))
	if len(w.lost) > 0 && !w.refused {
		w.remark("Moodleでは書き出せないものを除きました：" + strings.Join(w.lost, "、") + "。")
	}
}

// escape writes characters in XML: as they are, or in CDATA.
func escape(s string) string {
	s = strings.Map(printable, s)
	if !strings.ContainsAny(s, "<>&") {
		return s
	}
	return "<![CDATA[" + strings.ReplaceAll(s, "]]>", "]]]]><![CDATA[>") + "]]>"
}

var attributeMarks = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "\n", "&#10;", "\t", "&#9;", "\r", "&#13;")

func attribute(s string) string { return attributeMarks.Replace(strings.Map(printable, s)) }

// printable leaves out what no XML may have.
func printable(r rune) rune {
	if r < ' ' && r != '\n' && r != '\t' || r == 0xfffe || r == 0xffff || r == '\r' {
		return -1
	}
	return r
}
