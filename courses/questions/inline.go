package questions

import (
	"html"
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A text of a question is lines of runs: words, words with furigana, pictures.
// Its Markdown has {漢字|かんじ}, **強調**, [言葉](https://…), ![説明](file), and
// an empty line (or \ at the end of one) where a new line begins.

type runKind int

const (
	words   runKind = iota
	ruby            // text is what the reading stands above, aside the reading
	picture         // text is said instead of it, aside the name of its file
	lineEnd
)

type run struct {
	kind  runKind
	text  string
	aside string
	bold  bool
	link  string
}

type line []run

// PlacesPage is the one page of the site that a text may link to: the lists of
// つながり先 that each municipality keeps.
const PlacesPage = "/places"

var telephone = regexp.MustCompile(`^tel:\+?[0-9-]{2,20}$`)

// Linkable says whether a text may link to the address: pages by https,
// telephone numbers and PlacesPage.
func Linkable(to string) bool {
	if to == PlacesPage || telephone.MatchString(to) {
		return true
	}
	u, err := url.Parse(to)
	return err == nil && u.Scheme == "https" && u.Host != "" && u.User == nil
}

// Normal is the same text as this package writes it: a mark that opens or closes
// nothing is escaped, so that it stays what the reader sees.
func Normal(markdown string) string {
	if !strings.ContainsAny(markdown, "\\*{}[&<\n\r\t") {
		return strings.TrimSpace(markdown)
	}
	return write(parse(markdown))
}

// Pictures are the names of the files that a text shows.
func Pictures(markdown string) []string {
	if !strings.Contains(markdown, "![") {
		return nil
	}
	var names []string
	for _, l := range parse(markdown) {
		for _, r := range l {
			if r.kind == picture {
				names = append(names, r.aside)
			}
		}
	}
	return names
}

// FromPlain is a text without any markup as Markdown; its line ends stay.
func FromPlain(text string) string {
	var lines []line
	for _, s := range strings.Split(newLines.Replace(text), "\n") {
		lines = append(lines, line{{text: s}})
	}
	return write(lines)
}

// newLines makes one of the three ways to end a line.
var newLines = strings.NewReplacer("\r\n", "\n", "\r", "\n")

var blankLines = regexp.MustCompile(`\n[ \t]*\n\s*`)

// parse reads Markdown in the way that package courses shows it.
func parse(source string) []line {
	source = newLines.Replace(source)
	var lines []line
	for _, paragraph := range blankLines.Split(strings.TrimSpace(source), -1) {
		p := parser{source: strings.Trim(paragraph, " \t\n")}
		lines = append(lines, p.lines()...)
	}
	return lines
}

// piece is a run, or a mark whose meaning shows only later.
type piece struct {
	run
	mark        string // "**", "[" or "![": its text as long as it is only that
	open, close bool   // whether ** may begin, may end
	shift       int    // how many levels of bold begin or end here
	dead        bool   // a [ around a link is no link
}

type parser struct {
	source   string
	at       int
	text     strings.Builder // words that are not a piece yet
	pieces   []piece
	brackets []int
}

func (p *parser) lines() []line {
	for p.at < len(p.source) {
		p.next()
	}
	p.flush()
	p.embolden(0)
	var out []line
	var current line
	depth := 0
	for _, piece := range p.pieces {
		depth += piece.shift
		piece.bold = depth > 0
		if piece.kind == lineEnd {
			out, current = append(out, current), nil
			continue
		}
		current = append(current, piece.run)
	}
	return append(out, current)
}

func (p *parser) say(s string, size int) {
	p.text.WriteString(s)
	p.at += size
}

func (p *parser) flush() {
	if p.text.Len() > 0 {
		p.pieces = append(p.pieces, piece{run: run{text: p.text.String()}})
		p.text.Reset()
	}
}

func (p *parser) add(pc piece, size int) {
	p.flush()
	p.pieces = append(p.pieces, pc)
	p.at += size
}

func (p *parser) bracket(mark string) {
	p.flush()
	p.brackets = append(p.brackets, len(p.pieces))
	p.add(piece{run: run{text: mark}, mark: mark}, len(mark))
}

var (
	rubyMark = regexp.MustCompile(`^\{([^{}|\n\x{e000}]+)\|([^{}|\n\x{e000}]+)\}`)
	entity   = regexp.MustCompile(`^&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});`)

	entityAnywhere = regexp.MustCompile(entity.String()[1:])
)

func (p *parser) next() {
	rest := p.source[p.at:]
	switch {
	case rest[0] == '\\' && len(rest) > 1 && rest[1] == '\n':
		p.add(piece{run: run{kind: lineEnd}}, len(rest)-len(strings.TrimLeft(rest[1:], " \t\n")))
	case rest[0] == '\\' && len(rest) > 1 && isPunct(rest[1]):
		p.say(rest[1:2], 2)
	case rest[0] == '\n' || rest[0] == ' ':
		p.space(rest)
	case rest[0] == '{' && rubyMark.MatchString(rest):
		m := rubyMark.FindStringSubmatch(rest)
		p.add(piece{run: run{kind: ruby, text: m[1], aside: m[2]}}, len(m[0]))
	case strings.HasPrefix(rest, "**"):
		before, _ := utf8.DecodeLastRuneInString(p.source[:p.at])
		after, _ := utf8.DecodeRuneInString(rest[2:])
		p.add(piece{
			run: run{text: "**"}, mark: "**",
			open: len(rest) > 2 && !unicode.IsSpace(after), close: p.at > 0 && !unicode.IsSpace(before),
		}, 2)
	case strings.HasPrefix(rest, "!["):
		p.bracket("![")
	case rest[0] == '[':
		p.bracket("[")
	case rest[0] == ']':
		p.closeBracket(rest)
	case rest[0] == '&' && entity.MatchString(rest):
		m := entity.FindString(rest)
		p.say(html.UnescapeString(m), len(m))
	default:
		n := strings.IndexAny(rest[1:], "\\\n {*![]&") + 1
		if n == 0 {
			n = len(rest)
		}
		p.say(rest[:n], n)
	}
}

// lookAround is how many bytes around the end of a line tell whether it is Japanese.
const lookAround = 64

// space reads spaces and the end of a line of the file, which is no end of a line
// for the reader unless two spaces stand before it.
func (p *parser) space(rest string) {
	trimmed := strings.TrimLeft(rest, " ")
	spaces := len(rest) - len(trimmed)
	if !strings.HasPrefix(trimmed, "\n") {
		p.say(rest[:spaces], spaces)
		return
	}
	size := len(rest) - len(strings.TrimLeft(trimmed, " \t\n"))
	if spaces >= 2 {
		p.add(piece{run: run{kind: lineEnd}}, size)
		return
	}
	between := " "
	before := strings.TrimRight(p.source[max(0, p.at-lookAround):p.at], " \t\n}*")
	after := strings.TrimLeft(rest[:min(len(rest), lookAround)], " \t\n{*[")
	if before != "" && after != "" && before[len(before)-1] >= utf8.RuneSelf && after[0] >= utf8.RuneSelf {
		between = "" // Japanese has no spaces between words
	}
	p.say(between, size)
}

// embolden pairs the marks ** from a piece on.
func (p *parser) embolden(from int) {
	var open []int
	for i := from; i < len(p.pieces); i++ {
		pc := &p.pieces[i]
		if pc.mark != "**" {
			continue
		}
		pc.mark = "-"
		switch {
		case pc.close && len(open) > 0:
			begin := &p.pieces[open[len(open)-1]]
			open = open[:len(open)-1]
			begin.shift, begin.text, pc.shift, pc.text = 1, "", -1, ""
		case pc.open:
			open = append(open, i)
		}
	}
}

var destination = regexp.MustCompile(`^\]\([ \t\n]*(?:<([^<>\n]*)>|((?:[^\s()<]|\([^\s()]*\))(?:[^\s()]|\([^\s()]*\))*|))(?:[ \t\n]+(?:"[^"]*"|'[^']*'))?[ \t\n]*\)`)

// closeBracket makes a link or a picture of what stands between the brackets.
func (p *parser) closeBracket(rest string) {
	if len(p.brackets) == 0 {
		p.say("]", 1)
		return
	}
	begin := p.brackets[len(p.brackets)-1]
	p.brackets = p.brackets[:len(p.brackets)-1]
	m := destination.FindStringSubmatch(rest)
	if m == nil || p.pieces[begin].dead {
		p.say("]", 1)
		return
	}
	p.flush()
	to := unescapeEntities(m[1] + m[2])
	p.embolden(begin + 1)
	if p.pieces[begin].mark == "![" {
		p.pieces[begin] = piece{run: run{kind: picture, text: said(p.pieces[begin+1:]), aside: to}, mark: "-"}
		p.pieces = p.pieces[:begin+1]
	} else {
		p.pieces[begin] = piece{mark: "-"}
		p.link(begin+1, to)
	}
	p.at += len(m[0])
}

// link makes a link of the pieces from begin on. The brackets around it can be none then.
func (p *parser) link(begin int, to string) {
	if Linkable(to) {
		for i := range p.pieces[begin:] {
			p.pieces[begin+i].link = to
		}
	}
	for i := len(p.brackets) - 1; i >= 0; i-- {
		outer := &p.pieces[p.brackets[i]]
		if outer.dead {
			break
		}
		outer.dead = outer.mark == "["
	}
}

func unescapeEntities(s string) string {
	return entityAnywhere.ReplaceAllStringFunc(s, html.UnescapeString)
}

// said is the words of pieces.
func said(pieces []piece) string {
	var b strings.Builder
	for _, pc := range pieces {
		b.WriteString(pc.text)
	}
	return strings.TrimSpace(b.String())
}

func isPunct(b byte) bool {
	return b > ' ' && b < 0x7f && !(b >= '0' && b <= '9') && !isLetter(b)
}

func isLetter(b byte) bool { return b|0x20 >= 'a' && b|0x20 <= 'z' }
