// Package moodlexml reads and writes questions as Moodle's XML
// (https://docs.moodle.org/en/Moodle_XML_format). It reads what Moodle itself
// exports since version 1.9, and what is written by hand in that form, in the way
// Moodle takes it. It knows no course.
package moodlexml

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"tsunagari/courses/questions"
	"tsunagari/storage/table"
)

// Bounds of a file. A bank of 5,000 questions without pictures has about 15 MB.
const (
	maxBytes     = 32 << 20
	maxQuestions = 5000
	maxDepth     = 20
	maxElements  = 2000      // of one question
	maxSource    = 512 << 10 // bytes of all texts of one question
	maxFile      = 8 << 20   // bytes of one picture
	maxParts     = 30        // choices, pairs, answers of one question
	maxText      = 8 << 10   // bytes of one text in Markdown
)

// Read reads a Moodle XML file: whatever is good is in Questions, and everything
// else has a remark with its line. A broken question takes no other with it.
func Read(data []byte, _ questions.ReadOptions) *questions.Import {
	r := &reader{out: &questions.Import{}}
	if len(data) > maxBytes {
		r.look(1, "ファイルが大きすぎます（%dMBまで）。いくつかのファイルに分けてください。", maxBytes>>20)
		return r.out
	}
	source, err := utf8Source(data)
	if err != nil {
		r.look(1, "%s", err.Error())
		return r.out
	}
	r.d = xml.NewDecoder(source)
	r.d.Entity = xml.HTMLEntity // &nbsp; outside of CDATA, by hand
	r.d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	r.file()
	return r.out
}

// utf8Source is the file as UTF-8, whatever its first line says.
func utf8Source(data []byte) (io.Reader, error) {
	text, _, err := table.Decode(data)
	if err != nil {
		return nil, err
	}
	return strings.NewReader(strings.TrimLeft(text, " \t\r\n")), nil
}

type reader struct {
	out      *questions.Import
	d        *xml.Decoder
	category string
	count    int // questions so far
}

// look notes what should be looked at.
func (r *reader) look(line int, reason string, args ...any) {
	r.out.Problems = append(r.out.Problems, questions.Remark{Line: line, Reason: fmt.Sprintf(reason, args...)})
}

func (r *reader) line() int {
	line, _ := r.d.InputPos()
	return line
}

var errStop = errors.New("moodlexml: the rest of the file is not read")

// file reads the questions of the outermost element.
func (r *reader) file() {
	depth := 0
	for {
		line := r.line()
		token, err := r.d.Token()
		if err != nil {
			r.ended(err, depth)
			return
		}
		switch t := token.(type) {
		case xml.Directive:
			r.look(line, "DOCTYPEなどの宣言（<!…>）があるXMLは、安全のため読みこみません。Moodleから書き出したままのファイルを選んでください。")
			return
		case xml.StartElement:
			err = r.element(t, line, depth)
			if t.Name.Local != "question" {
				depth++
			}
		case xml.EndElement:
			depth--
		}
		if err != nil {
			r.ended(err, depth)
			return
		}
	}
}

// element takes an element outside of questions. The outermost is quiz; a file
// with one question may have only that.
func (r *reader) element(t xml.StartElement, line, depth int) error {
	switch name := t.Name.Local; {
	case name == "question":
		n, err := r.tree(t, line)
		if err != nil {
			return err
		}
		return r.question(n)
	case depth == 0 && name != "quiz":
		r.look(line, "MoodleのXMLではないようです（いちばん外側が <%s> です）。Moodleの「エクスポート」で「Moodle XMLフォーマット」を選んで書き出してください。", shorten(name))
		return errStop
	case depth > maxDepth:
		r.look(line, "XMLの入れ子が深すぎます。")
		return errStop
	}
	return nil
}

// ended says why the file cannot be read any further.
func (r *reader) ended(err error, depth int) {
	var syntax *xml.SyntaxError
	switch {
	case errors.Is(err, errStop):
	case errors.Is(err, io.EOF) && depth == 0:
		if r.count == 0 && len(r.out.Problems) == 0 {
			r.look(1, "問題がひとつもありません。Moodleの「エクスポート」で「Moodle XMLフォーマット」を選んで書き出したファイルかどうか、確かめてください。")
		}
	case errors.As(err, &syntax) && strings.Contains(syntax.Msg, "unexpected EOF"):
		r.look(r.line(), "ファイルが途中で切れています。ここより前の問題だけを読みました。")
	case errors.As(err, &syntax):
		r.look(syntax.Line, "XMLの形がくずれています（%s）。ここより前の問題だけを読みました。", syntaxReason(syntax.Msg))
	default:
		r.look(r.line(), "XMLとして読めませんでした。ここより前の問題だけを読みました。")
	}
}

// syntaxReason says in Japanese what the decoder says in English.
func syntaxReason(message string) string {
	switch {
	case strings.Contains(message, "entity"):
		return "文字としての & は &amp; と書きます"
	case strings.Contains(message, "closed by"):
		return "始まりのタグと終わりのタグが合っていません"
	case strings.Contains(message, "attribute"):
		return "タグの中の 名前=\"値\" の形が合っていません"
	case strings.Contains(message, "end element"):
		return "始まりのない終わりのタグがあります"
	}
	return "文字としての < は &lt; と書きます"
}

// node is an element of a question.
type node struct {
	name     string
	attr     []xml.Attr
	line     int
	text     string // its own characters, without the spaces around them
	children []*node
}

// tree reads one question whole: it is small, and its parts stand in any order.
func (r *reader) tree(t xml.StartElement, line int) (*node, error) {
	type open struct {
		*node
		text bytes.Buffer
	}
	stack := []*open{{node: &node{name: t.Name.Local, attr: t.Attr, line: line}}}
	elements, source := 0, 0
	for {
		line = r.line()
		token, err := r.d.Token()
		if err != nil {
			return nil, err
		}
		top := stack[len(stack)-1]
		switch t := token.(type) {
		case xml.CharData:
			top.text.Write(t)
			if top.name != "file" && top.name != "image_base64" {
				source += len(t)
			}
		case xml.StartElement:
			elements++
			child := &node{name: t.Name.Local, attr: t.Attr, line: line}
			top.children = append(top.children, child)
			stack = append(stack, &open{node: child})
		case xml.EndElement:
			top.node.text = string(bytes.TrimSpace(top.text.Bytes()))
			if stack = stack[:len(stack)-1]; len(stack) == 0 {
				return top.node, nil
			}
		}
		if elements > maxElements || len(stack) > maxDepth || source > maxSource {
			r.look(stack[0].line, "この問題は大きすぎるか、XMLの入れ子が深すぎます。ここから後ろは読みませんでした。")
			return nil, errStop
		}
	}
}

// child is the first child of the name, or an empty node.
func (n *node) child(name string) *node {
	for _, c := range n.children {
		if c.name == name {
			return c
		}
	}
	return &node{name: name, line: n.line}
}

func (n *node) all(name string) []*node {
	var list []*node
	for _, c := range n.children {
		if c.name == name {
			list = append(list, c)
		}
	}
	return list
}

func (n *node) has(name string) bool { return len(n.all(name)) > 0 }

func (n *node) attribute(name string) string {
	for _, a := range n.attr {
		if a.Name.Local == name {
			return strings.TrimSpace(a.Value)
		}
	}
	return ""
}

// words is the text of an element that has no format: that of its <text>, or its own.
func (n *node) words() string {
	if n.has("text") {
		return n.child("text").text
	}
	return n.text
}

// yes reads true, 1, false, 0; otherwise is for an element that is not there.
func (n *node) yes(name string, otherwise bool) bool {
	if !n.has(name) {
		return otherwise
	}
	value := n.child(name).text
	return value != "" && value != "0" && value != "false"
}

// shorten is the beginning of what is quoted in a remark.
func shorten(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 30 {
		return string(r[:30]) + "…"
	}
	return s
}
