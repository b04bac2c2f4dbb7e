package moodlexml

import (
	"bytes"
	"encoding/base64"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	mdhtml "github.com/yuin/goldmark/renderer/html"
	"golang.org/x/net/html"

	"tsunagari/courses/questions"
)

// text reads a text with its format and its pictures, nil for none. otherwise is
// its format when it does not say.
func (d *draft) text(n *node, otherwise string) questions.Text {
	return d.convert(n, n.child("text").text, otherwise)
}

func (d *draft) convert(n *node, source, otherwise string) questions.Text {
	format := n.attribute("format")
	if format == "" {
		format = otherwise
	}
	names := d.takeFiles(n)
	markdown, lost := markdownOf(source, format)
	if len(markdown) > maxText {
		d.fail(n.line, "文が長すぎます（%d字ほどまで）。短くしてください。", maxText/3)
		return nil
	}
	for from, to := range names {
		markdown = strings.ReplaceAll(markdown, "]("+from+")", "]("+to+")")
	}
	for _, l := range lost {
		d.lose(l)
	}
	if markdown == "" {
		return nil
	}
	return questions.Text{questions.JA: markdown}
}

// lose notes what could not be kept as it was.
func (d *draft) lose(what string) {
	if !slices.Contains(d.lost, what) {
		d.lost = append(d.lost, what)
	}
}

// markdownOf is a text in our Markdown, and what of it could not be kept.
func markdownOf(s, format string) (markdown string, lost []string) {
	switch format {
	case "plain_text":
		return questions.FromWords(s), nil
	case "moodle_auto_format", "wiki_like":
		if !hasHTML(s) {
			return questions.FromWords(s), nil
		}
		s = strings.ReplaceAll(s, "\n", "<br>\n")
	case "markdown":
		s = fromMarkdown(s)
	}
	return questions.FromHTML(s)
}

// hasHTML says whether a text without a declared form has tags or entities.
func hasHTML(s string) bool {
	if !strings.ContainsAny(s, "<&") {
		return false
	}
	z := html.NewTokenizer(strings.NewReader(s))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return false
		case html.TextToken:
			raw := string(z.Raw())
			if string(z.Text()) != raw && strings.Contains(raw, ";") {
				return true
			}
		case html.CommentToken:
			return true
		default:
			if z.Token().DataAtom != 0 {
				return true
			}
		}
	}
}

// moodleMarkdown is near enough to what Moodle takes (Markdown Extra).
var moodleMarkdown = goldmark.New(
	goldmark.WithExtensions(extension.Table, extension.DefinitionList),
	goldmark.WithRendererOptions(mdhtml.WithUnsafe()), // FromHTML takes it apart, nothing is shown
)

// strong is emphasis beside Japanese, where CommonMark sees none.
var strong = regexp.MustCompile(`\*\*([^\s*<>](?:[^*<>]*[^\s*<>])?)\*\*`)

func fromMarkdown(s string) string {
	var b bytes.Buffer
	if err := moodleMarkdown.Convert([]byte(s), &b); err != nil {
		return s
	}
	return strong.ReplaceAllString(b.String(), "<b>$1</b>")
}

// takeFiles takes the files of one text. Moodle keeps those of each text apart:
// where two have one name, names says what the second is called here.
func (d *draft) takeFiles(n *node) (names map[string]string) {
	for _, f := range n.all("file") {
		name := questions.FileName(strings.TrimPrefix(f.attribute("path"), "/") + f.attribute("name"))
		content, ok := d.content(f, name)
		if !ok {
			continue
		}
		if to := d.takeFile(name, content); to != name {
			if names == nil {
				names = map[string]string{}
			}
			names[name] = to
		}
	}
	return names
}

func (d *draft) takeFile(name string, content []byte) string {
	for n := 1; ; n++ {
		as := name
		if n > 1 {
			as = number(n-1) + "-" + name
		}
		at := slices.IndexFunc(d.Files, func(f questions.File) bool { return f.Name == as })
		if at < 0 {
			d.Files = append(d.Files, questions.File{Name: as, Content: content})
			return as
		}
		if bytes.Equal(d.Files[at].Content, content) {
			return as
		}
	}
}

// content decodes a file.
func (d *draft) content(f *node, name string) ([]byte, bool) {
	encoded := strings.Map(func(r rune) rune {
		if r == ' ' || r == '\n' || r == '\r' || r == '\t' {
			return -1
		}
		return r
	}, f.text)
	encoding := f.attribute("encoding")
	switch {
	case name == "" || encoded == "":
		d.look(f.line, "ファイル「%s」の名前か中身がありません。", shorten(name))
		return nil, false
	case encoding != "base64" && encoding != "":
		d.look(f.line, "ファイル「%s」の書き方（%s）は読めません。", shorten(name), shorten(encoding))
		return nil, false
	case base64.StdEncoding.DecodedLen(len(encoded)) > maxFile:
		d.look(f.line, "ファイル「%s」が大きすぎます（%dMBまで）。小さくしてから、入れ直してください。", shorten(name), maxFile>>20)
		return nil, false
	}
	content, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		d.look(f.line, "ファイル「%s」の中身がこわれています。", shorten(name))
		return nil, false
	}
	return content, true
}

// oldImage takes the one picture of a question as Moodle 1.9 and before wrote it.
func (d *draft) oldImage(n *node) {
	data, name := n.child("image_base64"), n.child("image").text
	if data.text == "" || name == "" {
		return
	}
	name = questions.FileName(strings.ReplaceAll(name, "/", "_"))
	content, ok := d.content(data, name)
	if !ok {
		return
	}
	name = d.takeFile(name, content)
	d.Text = questions.Text{questions.JA: strings.TrimPrefix(d.Text[questions.JA]+"\n\n![図]("+name+")", "\n\n")}
}

// missingFiles notes the pictures in the texts whose files did not come along.
func (d *draft) missingFiles() {
	for _, text := range texts(&d.Question) {
		for _, name := range questions.Pictures(text[questions.JA]) {
			if !slices.ContainsFunc(d.Files, func(f questions.File) bool { return f.Name == name }) {
				d.look(d.Line, "図「%s」のファイルが入っていません。問題に図を入れ直してください。", shorten(name))
			}
		}
	}
}
