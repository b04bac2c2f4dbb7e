package courses

import (
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Furigana is written {漢字|かんじ}, one pair of braces a word. A table would
// split its cell at the bar, so before goldmark sees a text the bar of each word
// becomes rubyBar, a private character that no text may have.
const rubyBar = "\ue000"

var (
	rubyWord = regexp.MustCompile(`\{([^{}|\n\x{e000}]+)\|([^{}|\n\x{e000}]+)\}`)
	// escapedOrRuby finds what is escaped too, since \{ begins no word.
	escapedOrRuby = regexp.MustCompile(`\\[!-/:-@\[-` + "`" + `{-~]|` + rubyWord.String())
)

// eachRuby replaces every word that has furigana.
func eachRuby(source string, replace func(base, reading string) string) string {
	return escapedOrRuby.ReplaceAllStringFunc(source, func(found string) string {
		if found[0] == '\\' {
			return found
		}
		base, reading, _ := strings.Cut(found[1:len(found)-1], "|")
		return replace(base, reading)
	})
}

func protectRuby(source string) string {
	if strings.Contains(source, rubyBar) {
		source = strings.ReplaceAll(source, rubyBar, "\ufffd")
	}
	if !strings.Contains(source, "{") {
		return source
	}
	return eachRuby(source, func(base, reading string) string { return "{" + base + rubyBar + reading + "}" })
}

// rubyNode is one word with its reading.
type rubyNode struct {
	ast.BaseInline
	base, reading string
}

var kindRuby = ast.NewNodeKind("Ruby")

func (*rubyNode) Kind() ast.NodeKind { return kindRuby }

func (n *rubyNode) Dump(source []byte, level int) {
	ast.DumpHelper(n, source, level, map[string]string{"base": n.base, "reading": n.reading}, nil)
}

type rubyParser struct{}

func (rubyParser) Trigger() []byte { return []byte{'{'} }

func (rubyParser) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, _ := block.PeekLine()
	rest := string(line)
	end := strings.IndexByte(rest, '}')
	if end < 0 {
		return nil
	}
	base, reading, ok := strings.Cut(rest[1:end], rubyBar)
	if !ok || strings.Contains(base, "{") {
		return nil
	}
	block.Advance(end + 1)
	return &rubyNode{base: base, reading: reading}
}

// rubyRenderer writes a word with its reading, or without any ruby markup: a
// screen reader would read both.
type rubyRenderer struct{ furigana bool }

func (r rubyRenderer) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(kindRuby, r.render)
}

func (r rubyRenderer) render(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	n := node.(*rubyNode)
	base := util.EscapeHTML([]byte(n.base))
	if !r.furigana {
		_, err := w.Write(base)
		return ast.WalkContinue, err
	}
	_, err := w.WriteString("<ruby>" + string(base) + "<rp>（</rp><rt>" +
		string(util.EscapeHTML([]byte(n.reading))) + "</rt><rp>）</rp></ruby>")
	return ast.WalkContinue, err
}

// strongParser reads **強調**. CommonMark does not see the closing marks in
// これは**「重要」**です, because Japanese has no spaces between words: here marks
// open before and close after anything but a space. One * is only a star.
type strongParser struct{}

func (strongParser) Trigger() []byte { return []byte{'*'} }

func (strongParser) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	before := block.PrecendingCharacter()
	line, segment := block.PeekLine()
	if len(line) < 2 || line[1] != '*' {
		return nil
	}
	after := rune(' ')
	if len(line) > 2 {
		after = util.ToRune(line, 2)
	}
	node := parser.NewDelimiter(!util.IsSpaceRune(after), !util.IsSpaceRune(before), 2, '*', strongProcessor{})
	node.Segment = segment.WithStop(segment.Start + 2)
	block.Advance(2)
	pc.PushDelimiter(node)
	return node
}

type strongProcessor struct{}

func (strongProcessor) IsDelimiter(b byte) bool { return b == '*' }
func (strongProcessor) CanOpenCloser(opener, closer *parser.Delimiter) bool {
	return opener.Char == closer.Char
}
func (strongProcessor) OnMatch(consumes int) ast.Node { return ast.NewEmphasis(consumes) }
