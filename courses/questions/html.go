package questions

import (
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// FromHTML is the HTML of another system's question as Markdown. Paragraphs,
// list items and rows of a table become lines; words keep what they mean. lost
// names in Japanese what could not be kept as it was. It takes any text, well
// formed or not, in time proportional to its length.
func FromHTML(source string) (markdown string, lost []string) {
	if !strings.ContainsAny(source, "<&\\*{}[\u00a0\n\r\t\f") && !strings.Contains(source, "  ") {
		return strings.TrimSpace(plainly(source)), nil
	}
	r := &htmlReader{z: html.NewTokenizer(strings.NewReader(source))}
	for r.token() {
	}
	r.newLine()
	markdown = write(r.lines)
	if strings.Contains(markdown, `\\(`) || strings.Contains(markdown, `\\[`) || strings.Contains(markdown, "$$") {
		r.lose("数式（TeXの書き方のまま、文字で残しました）")
	}
	return markdown, r.lost
}

// Lost is the sentence about what FromHTML could not keep, "" for nothing.
func Lost(lost []string) string {
	if len(lost) == 0 {
		return ""
	}
	return "そのままでは残せないものがあります：" + strings.Join(lost, "、") + "。読んで確かめてください。"
}

// Bounds of what one text may open inside one another, and of what is told.
const (
	maxNesting = 200
	maxLists   = 10
	maxLost    = 20
)

// element is one that has begun, with what it does to its words.
type element struct {
	tag    atom.Atom
	bold   bool
	linked bool
	from   int // runs of the line before it
}

type htmlReader struct {
	z     *html.Tokenizer
	lines []line
	lost  []string

	current line
	words   strings.Builder
	space   bool // white space is due before the next word
	newline bool // it had the end of a line

	open  []element
	bold  int
	link  string
	lists []list
	begin string // what the line begins with: the mark of a list item
	cells []int  // of each open table: cells so far in its row, -1 outside of rows
	ruby  *rubyWord

	hiddenBy atom.Atom // what stands inside it is not shown
	hidden   int       // how many of them are open in one another
	media    string    // the kind of a player that did not yet name its file
}

func (r *htmlReader) lose(what string) {
	if !slices.Contains(r.lost, what) && len(r.lost) < maxLost {
		r.lost = append(r.lost, what)
	}
}

func (r *htmlReader) token() bool {
	kind := r.z.Next()
	switch kind {
	case html.ErrorToken:
		return false
	case html.TextToken:
		if r.hidden == 0 {
			r.text(string(r.z.Text()))
		}
	case html.StartTagToken, html.SelfClosingTagToken:
		t := r.z.Token()
		if r.hidden > 0 {
			r.startHidden(t)
			break
		}
		r.start(t)
		if kind == html.SelfClosingTagToken && r.hidden > 0 {
			r.hidden = 0
		}
	case html.EndTagToken:
		name, _ := r.z.TagName()
		tag := atom.Lookup(name)
		switch {
		case r.hidden > 0 && tag == r.hiddenBy:
			r.hidden--
		case r.hidden == 0:
			r.end(tag)
		}
	}
	return true
}

func (r *htmlReader) hide(tag atom.Atom) { r.hiddenBy, r.hidden = tag, 1 }

func (r *htmlReader) startHidden(t html.Token) {
	switch {
	case t.DataAtom == r.hiddenBy:
		r.hidden++
	case t.DataAtom == atom.Source && r.media != "":
		r.player(attr(t, "src"))
	}
}

// text adds words; white space between them is one space, and none between
// Japanese characters on two lines.
func (r *htmlReader) text(s string) {
	if r.ruby != nil {
		r.rubyText(s)
		return
	}
	for _, c := range s {
		if c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' {
			r.space = true
			r.newline = r.newline || c == '\n'
			continue
		}
		r.gap(c)
		r.words.WriteRune(c)
	}
}

// gap writes the white space that is due before c.
func (r *htmlReader) gap(c rune) {
	if r.space {
		before := r.before()
		if before != utf8.RuneError && !(r.newline && before >= 0x2e80 && c >= 0x2e80) {
			r.words.WriteByte(' ')
		}
	}
	r.space, r.newline = false, false
}

// before is the character before this place of the line.
func (r *htmlReader) before() rune {
	s := r.words.String()
	if s == "" && len(r.current) > 0 {
		s = r.current[len(r.current)-1].text
	}
	c, _ := utf8.DecodeLastRuneInString(s)
	return c
}

// flush ends the run of words, since what follows looks otherwise.
func (r *htmlReader) flush() {
	if r.words.Len() > 0 {
		r.current = append(r.current, run{text: noBreaks(r.words.String()), bold: r.bold > 0, link: r.link})
		r.words.Reset()
	}
}

// noBreaks has an ordinary space for a lone U+00A0, which editors put anywhere;
// several are a gap to be filled in.
func noBreaks(s string) string {
	if !strings.Contains(s, "\u00a0") {
		return s
	}
	runes := []rune(s)
	for i := 0; i < len(runes); {
		n := 0
		for i+n < len(runes) && runes[i+n] == '\u00a0' {
			n++
		}
		if n == 1 {
			runes[i] = ' '
		}
		i += max(n, 1)
	}
	return string(runes)
}

// put adds a run that is no words.
func (r *htmlReader) put(x run) {
	first, _ := utf8.DecodeRuneInString(x.text)
	r.gap(first)
	r.flush()
	x.link = r.link
	r.current = append(r.current, x)
}

// say adds words of our own.
func (r *htmlReader) say(s string) { r.text(s) }

// endLine ends a line; inside the cell of a table it leaves a space.
func (r *htmlReader) endLine() {
	r.endRuby()
	if n := len(r.cells); n > 0 && r.cells[n-1] > 0 {
		r.space = true
		return
	}
	r.newLine()
}

func (r *htmlReader) newLine() {
	r.endRuby()
	r.flush()
	r.space, r.newline = false, false
	for i := range r.open {
		r.open[i].from = 0
	}
	if len(r.current) == 0 {
		return
	}
	if r.begin != "" {
		r.current = append(line{{text: r.begin}}, r.current...)
		r.begin = ""
	}
	r.lines = append(r.lines, r.current)
	r.current = nil
}

func (r *htmlReader) push(e element) {
	r.flush()
	if len(r.open) >= maxNesting {
		return
	}
	e.from = len(r.current)
	r.open = append(r.open, e)
	if e.bold {
		r.bold++
	}
}

// pop ends the innermost open element of the name, if there is one.
func (r *htmlReader) pop(tag atom.Atom) (e element, found bool) {
	for i := len(r.open) - 1; i >= 0; i-- {
		if e = r.open[i]; e.tag != tag {
			continue
		}
		r.flush()
		r.open = slices.Delete(r.open, i, i+1)
		if e.bold {
			r.bold--
		}
		if e.linked {
			r.link = ""
		}
		return e, true
	}
	return element{}, false
}

// rubyWord is a word whose furigana is being read.
type rubyWord struct {
	bases, readings []string
	in              atom.Atom
	bold            bool
}

func (r *htmlReader) rubyPart(tag atom.Atom) {
	w := r.ruby
	if w == nil {
		return
	}
	switch w.in = tag; tag {
	case atom.Rt:
		w.readings = append(w.readings, "")
	case atom.Rb:
		r.putRuby()
		w.bases = append(w.bases, "")
	}
}

func (r *htmlReader) rubyText(s string) {
	w := r.ruby
	s = strings.Join(strings.Fields(s), " ")
	switch {
	case s == "" || w.in == atom.Rp:
	case w.in == atom.Rt:
		w.readings[len(w.readings)-1] += s
	default:
		r.putRuby()
		w.bold = r.bold > 0
		if len(w.bases) == 0 {
			w.bases = []string{""}
		}
		w.bases[len(w.bases)-1] += s
	}
}

// putRuby adds the word so far, once it has a reading.
func (r *htmlReader) putRuby() {
	w := r.ruby
	if len(w.readings) == 0 {
		return
	}
	if len(w.bases) == len(w.readings) {
		for i := range w.bases {
			r.put(run{kind: ruby, text: w.bases[i], aside: w.readings[i], bold: w.bold})
		}
	} else {
		r.put(run{kind: ruby, text: strings.Join(w.bases, ""), aside: strings.Join(w.readings, ""), bold: w.bold})
	}
	w.bases, w.readings = nil, nil
}

func (r *htmlReader) endRuby() {
	if r.ruby == nil {
		return
	}
	r.putRuby()
	rest := strings.Join(r.ruby.bases, "")
	r.ruby = nil
	r.say(rest)
}
