package paper

import (
	"strings"
	"unicode"
)

// What may not begin a line and what may not end one (JIS X 4051, the simple
// classes of it).
const (
	notFirst = "、。，．,.・：；:;？！?!)）」』】〕］｝〉》’”]}»ー―…‥々〻ゝゞヽヾ゛゜％%‰℃°′″" +
		"ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ〜～"
	notLast = "(（「『【〔［｛〈《‘“[{«￥＄¥$№＃#"
)

// Lines cuts s into lines no wider than width (mm): at line feeds, between
// Japanese characters with simple kinsoku, and between words. Only what cannot
// be cut otherwise (one endless word) breaks a rule; spaces at a cut are dropped.
func Lines(s string, width float64, st Style) []string {
	var lines []string
	for paragraph := range strings.SplitSeq(s, "\n") {
		lines = append(lines, wrap(serif().clusters(paragraph), width, st)...)
	}
	return lines
}

func wrap(rest []cluster, limit float64, st Style) []string {
	var lines []string
	for width(rest, st) > limit {
		fit := fitting(rest, limit, st)
		cut := fit
		for cut > 0 && !breakable(rest, cut) {
			cut--
		}
		if cut == 0 {
			cut = fit
		}
		lines = append(lines, strings.TrimRightFunc(plain(rest[:cut]), unicode.IsSpace))
		rest = rest[cut:]
		for len(rest) > 0 && unicode.IsSpace(rest[0].char) {
			rest = rest[1:]
		}
		if len(rest) == 0 {
			return lines
		}
	}
	return append(lines, plain(rest))
}

// fitting is how many characters fit, at least one.
func fitting(line []cluster, limit float64, st Style) int {
	n := 1
	for n < len(line) && width(line[:n+1], st) <= limit {
		n++
	}
	return n
}

// breakable says whether a line may end before line[at]. Spaces there are
// dropped, so what stands around them decides.
func breakable(line []cluster, at int) bool {
	from, to := at-1, at
	for from >= 0 && unicode.IsSpace(line[from].char) {
		from--
	}
	for to < len(line) && unicode.IsSpace(line[to].char) {
		to++
	}
	if from < 0 || to == len(line) {
		return from >= 0
	}
	before, after := line[from].char, line[to].char
	switch {
	case strings.ContainsRune(notFirst, after), strings.ContainsRune(notLast, before):
		return false
	case to-from > 1:
		return true
	}
	return !(latin(before) && latin(after))
}

// latin says whether r belongs to a word or a number that is not cut.
func latin(r rune) bool {
	return r > ' ' && r < 0x2e80 && r != '—' && r != '―' && r != '…' && r != '‥'
}

func plain(line []cluster) string {
	var b strings.Builder
	for _, c := range line {
		b.WriteString(c.text)
	}
	return b.String()
}
