package questions

import (
	"fmt"
	"html"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// write is lines as Markdown, with no more marks escaped than are needed.
func write(lines []line) string {
	var out []string
	for _, l := range lines {
		s := writeLine(l)
		if len(out) == 0 {
			s = strings.TrimSpace(s)
		}
		if s = strings.TrimRightFunc(s, unicode.IsSpace); s != "" {
			out = append(out, s)
		}
	}
	return strings.Join(out, "\n\n")
}

// writer of one line.
type lineWriter struct {
	b    strings.Builder
	link string
	bold bool
	any  bool // whether the line has links, beside which a lone [ is escaped too
	lone bool // whether there was a [ that is not escaped
}

func writeLine(l line) string {
	l = settled(l)
	w := &lineWriter{}
	for _, r := range l {
		w.any = w.any || r.link != "" || r.kind == picture
	}
	for i, r := range l {
		w.change(r.bold, r.link)
		switch r.kind {
		case ruby:
			w.b.WriteString("{" + r.text + "|" + r.aside + "}")
		case picture:
			w.b.WriteString("![" + w.escape(r.text, false, true) + "](" + r.aside + ")")
		default:
			next := run{}
			if i+1 < len(l) {
				next = l[i+1]
			}
			ends := next.bold != r.bold || next.link != r.link && r.bold
			w.b.WriteString(w.escape(r.text, ends, false))
		}
	}
	w.change(false, "")
	return w.b.String()
}

// change ends and begins bold and link as the next run needs it. Bold stands
// inside a link.
func (w *lineWriter) change(bold bool, link string) {
	if w.bold && (!bold || link != w.link) {
		w.b.WriteString("**")
		w.bold = false
	}
	if w.link != link {
		if w.link != "" {
			w.b.WriteString("](" + entityAnywhere.ReplaceAllStringFunc(w.link, func(s string) string { return "&amp;" + s[1:] }) + ")")
		}
		if link != "" {
			w.b.WriteString("[")
		}
		w.link = link
	}
	if bold && !w.bold {
		w.b.WriteString("**")
		w.bold = true
	}
}

var tagStart = regexp.MustCompile(`^</?[a-zA-Z]`)

// escape writes words so that none of their characters is a mark. ends says that
// ** may follow, label that the words stand in brackets.
func (w *lineWriter) escape(s string, ends, label bool) string {
	before := w.b.String()
	star := strings.HasSuffix(before, "*")
	label = label || w.link != ""
	var b strings.Builder
	for i, r := range s {
		rest := s[i+utf8.RuneLen(r):]
		mark := false
		switch r {
		case '\\':
			mark = rest == "" || isPunct(rest[0])
		case '*':
			mark = star || strings.HasPrefix(rest, "*") || rest == "" && ends
		case '{', '}':
			mark = true
		case '[', ']':
			mark = label || w.any && r == '['
			w.lone = w.lone || r == '[' && !mark
		case '(':
			mark = w.lone && strings.HasSuffix(s[:i], "]")
		case '!':
			mark = rest == "" && w.any
		case '&':
			mark = entity.MatchString(s[i:])
		case '<':
			mark = tagStart.MatchString(s[i:])
		}
		star = r == '*'
		if mark {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// settled is a line in the one form in which it is written.
func settled(l line) line {
	l = merge(l)
	for range 2 { // out of bold, then out of the link around it
		l = merge(tighten(l))
	}
	return trimmed(merge(spaced(l)))
}

// merge joins neighbours that differ in nothing, and cleans their characters.
func merge(l line) line {
	var out line
	var b strings.Builder
	for i, r := range l {
		l[i] = cleaned(r)
	}
	for i := 0; i < len(l); {
		r := l[i]
		i++
		if r.kind == words {
			b.Reset()
			b.WriteString(r.text)
			for ; i < len(l) && l[i].kind == words && l[i].bold == r.bold && l[i].link == r.link; i++ {
				b.WriteString(l[i].text)
			}
			r.text = b.String()
		}
		if r.text != "" || r.kind == picture {
			out = append(out, r)
		}
	}
	return out
}

// spaced has one space where there are several, even across runs.
func spaced(l line) line {
	space := false
	for i, r := range l {
		if r.kind != words {
			space = false
			continue
		}
		l[i].text = strings.Map(func(r rune) rune {
			again := space && r == ' '
			space = r == ' '
			if again {
				return -1
			}
			return r
		}, r.text)
	}
	return l
}

// cleaned has no characters that Markdown takes for more than themselves and that
// cannot be escaped; furigana that cannot be written is put in parentheses.
func cleaned(r run) run {
	r.text, r.link = plainly(r.text), address(r.link)
	switch r.kind {
	case picture:
		r.text, r.aside = oneLine(r.text), address(r.aside)
	case ruby:
		r.text, r.aside = oneLine(r.text), oneLine(plainly(r.aside))
		switch {
		case r.aside == "":
			r.kind = words
		case r.text == "" || strings.ContainsAny(r.text+r.aside, `{}|\`):
			r.kind, r.text, r.aside = words, r.text+"（"+r.aside+"）", ""
		}
	}
	return r
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// address is an address or the name of a file without the characters that would
// end it in Markdown.
func address(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		if strings.IndexByte(" ()<>{}|\\*\"`", c) >= 0 || c < ' ' {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

func plainly(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n' || r == '\r' || r == '\v' || r == '\f' || r == '\u2028' || r == '\u2029':
			return ' '
		case r < ' ' || r == 0x7f:
			return -1
		case r == '\ue000':
			return utf8.RuneError
		}
		return r
	}, s)
}

const edges = " \u00a0"

func trimmed(l line) line {
	for len(l) > 0 && l[0].kind == words {
		if l[0].text = strings.TrimLeft(l[0].text, edges); l[0].text != "" {
			break
		}
		l = l[1:]
	}
	for n := len(l); n > 0 && l[n-1].kind == words; n = len(l) {
		if l[n-1].text = strings.TrimRightFunc(l[n-1].text, unicode.IsSpace); l[n-1].text != "" {
			break
		}
		l = l[:n-1]
	}
	return l
}

// tighten takes the spaces at both ends out of bold and of links: ** beside a
// space is none.
func tighten(l line) line {
	var out line
	for i, r := range l {
		if r.kind != words || !r.bold && r.link == "" {
			out = append(out, r)
			continue
		}
		var left, right run
		if i > 0 {
			left = l[i-1]
		}
		if i+1 < len(l) {
			right = l[i+1]
		}
		var before, after run
		if !left.bold && r.bold || left.link != r.link {
			inner := strings.TrimLeftFunc(r.text, unicode.IsSpace)
			before.text, r.text = r.text[:len(r.text)-len(inner)], inner
			before.link = shared(left.link, r.link)
		}
		if !right.bold && r.bold || right.link != r.link {
			inner := strings.TrimRightFunc(r.text, unicode.IsSpace)
			after.text, r.text = r.text[len(inner):], inner
			after.link = shared(right.link, r.link)
		}
		out = append(out, before, r, after)
	}
	return out
}

func shared(a, b string) string {
	if a == b {
		return a
	}
	return ""
}

// ToHTML is a text as HTML for other systems. Pictures are at files followed by
// their name.
func ToHTML(markdown, files string) string {
	var out []string
	for _, l := range parse(markdown) {
		if s := lineHTML(settled(l), files); s != "" {
			out = append(out, s)
		}
	}
	if len(out) > 1 {
		return "<p>" + strings.Join(out, "</p>\n<p>") + "</p>"
	}
	return strings.Join(out, "")
}

func lineHTML(l line, files string) string {
	var b strings.Builder
	for _, r := range l {
		text := html.EscapeString(r.text)
		switch r.kind {
		case ruby:
			text = "<ruby>" + text + "<rp>（</rp><rt>" + html.EscapeString(r.aside) + "</rt><rp>）</rp></ruby>"
		case picture:
			text = `<img src="` + html.EscapeString(files+r.aside) + `" alt="` + text + `">`
		}
		if r.bold {
			text = "<strong>" + text + "</strong>"
		}
		if r.link != "" {
			text = `<a href="` + html.EscapeString(r.link) + `">` + text + "</a>"
		}
		b.WriteString(text)
	}
	return b.String()
}
