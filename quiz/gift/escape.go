package gift

import "strings"

// A sign that is escaped in the file becomes a character that no text has (one of
// Unicode's noncharacters from U+FDD0) until its text is taken out, so that
// signs and words cannot be mistaken for each other in between.
const (
	placeholders    = '\ufdd0'
	endPlaceholders = '\ufdef'
)

var (
	signs     = []rune(":#={}~\n")
	wideSigns = []rune("：＃＝｛｝～〜→％")
)

// protect takes the escapes out of a text: \: \# \= \{ \} \~ \n and \\, and with
// wide those of full-width signs. Any other \ stays, as in Moodle.
func protect(s string, wide bool) string {
	var b strings.Builder
	rest := []rune(s)
	for i := 0; i < len(rest); i++ {
		r := rest[i]
		if r >= placeholders && r <= endPlaceholders {
			continue // nobody's character
		}
		if r != '\\' || i+1 == len(rest) {
			b.WriteRune(r)
			continue
		}
		switch p := placeholder(rest[i+1], wide); {
		case rest[i+1] == '\\':
			b.WriteByte('\\')
			i++
		case p != 0:
			b.WriteRune(p)
			i++
		default:
			b.WriteByte('\\')
		}
	}
	return b.String()
}

// placeholder stands for the character after a \, 0 if that is none.
func placeholder(r rune, wide bool) rune {
	if r == 'n' {
		r = '\n'
	} else if r == '\n' {
		return 0
	}
	for i, sign := range signs {
		if r == sign {
			return placeholders + rune(i)
		}
	}
	for i, sign := range wideSigns {
		if wide && r == sign {
			return placeholders + rune(len(signs)+i)
		}
	}
	return 0
}

// restore puts the signs back where they are part of a text.
func restore(s string) string {
	return strings.Map(func(r rune) rune {
		at := int(r - placeholders)
		switch {
		case at < 0 || at >= len(signs)+len(wideSigns):
			return r
		case at < len(signs):
			return signs[at]
		}
		return wideSigns[at-len(signs)]
	}, s)
}

var escaper = strings.NewReplacer(`\`, `\\`, "#", `\#`, "=", `\=`, "~", `\~`, "{", `\{`, "}", `\}`, ":", `\:`, "\r", "", "\n", `\n`)

// escape writes a text so that none of it is a sign.
func escape(s string) string { return escaper.Replace(s) }

// part is a piece of the file that begins on line.
type part struct {
	text string
	line int
}

func (p part) trim() part {
	text := strings.TrimSpace(p.text)
	before := strings.Index(p.text, text)
	return part{text, p.line + strings.Count(p.text[:before], "\n")}
}

// cut splits p around the first sep.
func (p part) cut(sep string) (before, after part, found bool) {
	at := strings.Index(p.text, sep)
	if at < 0 {
		return p.trim(), part{"", p.line}, false
	}
	return p.to(at).trim(), p.from(at + len(sep)).trim(), true
}

func (p part) to(at int) part { return part{p.text[:at], p.line} }

func (p part) from(at int) part {
	return part{p.text[at:], p.line + strings.Count(p.text[:at], "\n")}
}

// split splits p at every sep. What stands before the first one is left out when
// it is empty.
func (p part) split(sep string) []part {
	var out []part
	for i, text := range strings.Split(p.text, sep) {
		trimmed := part{text, p.line}.trim()
		if i > 0 || trimmed.text != "" {
			out = append(out, trimmed)
		}
		p.line += strings.Count(text, "\n")
	}
	return out
}
