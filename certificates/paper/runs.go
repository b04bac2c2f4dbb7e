package paper

import (
	"strings"
	"unicode"
)

// Run is a piece of a text that is set in one way. A line feed in Text ends the line.
type Run struct {
	Text   string
	Ruby   string // its reading, set above it; "" for none
	Strong bool
}

// RubySize is the size of a reading beside that of its text.
const RubySize = 0.5

// RunLine is one line of runs, set in a style.
type RunLine struct {
	Width float64 // mm
	Ruby  bool    // whether a reading stands above some of it
	style Style
	atoms []atom
}

// atom is what a line is never cut within: a character, or a word with its reading.
type atom struct {
	base, ruby []cluster
	strong     bool
	width      float64
}

// RunLines cuts runs into lines no wider than width (mm) by the rules of Lines. A
// word stays in one piece with its reading; one too long for a line has its reading
// behind it in brackets.
func RunLines(runs []Run, width float64, st Style) []RunLine {
	var lines []RunLine
	var open []atom
	for _, r := range runs {
		if r.Ruby != "" {
			open = append(open, rubyAtoms(r, width, st)...)
			continue
		}
		for i, part := range strings.Split(r.Text, "\n") {
			if i > 0 {
				lines = append(lines, wrapAtoms(open, width, st)...)
				open = nil
			}
			open = append(open, plainAtoms(part, r.Strong, st)...)
		}
	}
	return append(lines, wrapAtoms(open, width, st)...)
}

func plainAtoms(s string, strong bool, st Style) []atom {
	var list []atom
	for _, c := range serif().clusters(s) {
		a := atom{base: []cluster{c}, strong: strong}
		a.width = width(a.base, st) + st.Spacing*st.Size*point
		list = append(list, a)
	}
	return list
}

func rubyAtoms(r Run, limit float64, st Style) []atom {
	a := atom{base: serif().clusters(r.Text), ruby: serif().clusters(r.Ruby), strong: r.Strong}
	a.width = max(width(a.base, st), width(a.ruby, rubyStyle(st)))
	if a.width > limit {
		return plainAtoms(r.Text+"（"+r.Ruby+"）", r.Strong, st)
	}
	return []atom{a}
}

func rubyStyle(st Style) Style {
	st.Size *= RubySize
	st.Spacing, st.Strong = 0, false
	return st
}

func wrapAtoms(rest []atom, limit float64, st Style) []RunLine {
	var lines []RunLine
	for atomsWidth(rest) > limit {
		fit, wide := 1, rest[0].width
		for fit < len(rest) && wide+rest[fit].width <= limit {
			wide += rest[fit].width
			fit++
		}
		cut := fit
		for cut > 0 && !breakableAtoms(rest, cut) {
			cut--
		}
		if cut == 0 {
			cut = fit
		}
		lines = append(lines, newRunLine(rest[:cut], st))
		rest = rest[cut:]
		for len(rest) > 0 && rest[0].space() {
			rest = rest[1:]
		}
		if len(rest) == 0 {
			return lines
		}
	}
	return append(lines, newRunLine(rest, st))
}

// breakableAtoms says whether a line may end before rest[at], by the characters
// around the place.
func breakableAtoms(rest []atom, at int) bool {
	const around = 8 // characters; spaces there are few
	var line []cluster
	for _, a := range rest[max(0, at-around):at] {
		line = append(line, a.base...)
	}
	cut := len(line)
	for _, a := range rest[at:min(len(rest), at+around)] {
		line = append(line, a.base...)
	}
	return breakable(line, cut)
}

func (a atom) space() bool {
	return len(a.ruby) == 0 && len(a.base) == 1 && unicode.IsSpace(a.base[0].char)
}

func atomsWidth(list []atom) (w float64) {
	for _, a := range list {
		w += a.width
	}
	return w
}

func newRunLine(list []atom, st Style) RunLine {
	for len(list) > 0 && list[len(list)-1].space() {
		list = list[:len(list)-1]
	}
	l := RunLine{Width: atomsWidth(list), style: st, atoms: list}
	for _, a := range list {
		l.Ruby = l.Ruby || len(a.ruby) > 0
	}
	return l
}

// RunLine draws a line of runs with its baseline at y, aligned at x as its style says.
func (p *Page) RunLine(x, y float64, l RunLine) {
	x -= l.Width * float64(l.style.Align) / 2
	for i := 0; i < len(l.atoms); {
		a := l.atoms[i]
		st := l.style
		st.Align, st.Strong = Left, st.Strong || a.strong
		if len(a.ruby) > 0 {
			p.rubied(x, y, a, st)
			x += a.width
			i++
			continue
		}
		from, start := i, x
		for i < len(l.atoms) && len(l.atoms[i].ruby) == 0 && l.atoms[i].strong == a.strong {
			x += l.atoms[i].width
			i++
		}
		var s strings.Builder
		for _, a := range l.atoms[from:i] {
			s.WriteString(plain(a.base))
		}
		p.Text(start, y, s.String(), st)
	}
}

// rubied draws a word with its reading above; the shorter of the two is spread
// over the longer one.
func (p *Page) rubied(x, y float64, a atom, st Style) {
	p.Text(x+(a.width-width(a.base, st))/2, y, plain(a.base), st)
	above := rubyStyle(st)
	if gap := a.width - width(a.ruby, above); gap > 0 {
		each := gap / float64(len(a.ruby))
		above.Spacing = each / (above.Size * point)
		x += each / 2
	}
	p.Text(x, y-0.92*st.Size*point, plain(a.ruby), above)
}
