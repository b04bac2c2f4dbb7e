package paper

import (
	"fmt"
	"slices"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// cluster is what one glyph stands for: a character, with the variation selector
// or the dakuten that was typed after it.
type cluster struct {
	text  string // as typed, so that it copies as typed
	char  rune   // the character itself
	glyph int    // 0 when it cannot be printed
}

// clusters cuts s into what is drawn. A variation selector that the font does
// not know is dropped in the drawing and kept in the text.
func (f *font) clusters(s string) []cluster {
	list := make([]cluster, 0, len(s)/3+1)
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		c := cluster{char: r}
		if printable(r) {
			c.glyph = f.glyph(r)
		}
		next, m := utf8.DecodeRuneInString(s[n:])
		switch {
		case c.glyph == 0:
		case selector(next):
			n += m
			if g := f.variant(r, next); g != 0 {
				c.glyph = g
			}
		case next == '\u3099' || next == '\u309a': // dakuten typed apart from its kana
			if composed := []rune(norm.NFC.String(s[:n+m])); len(composed) == 1 {
				n += m
				c.glyph = f.glyph(composed[0])
			}
		}
		c.text, s = s[:n], s[n:]
		list = append(list, c)
	}
	return list
}

// selector says whether r is a variation selector (standardized or of an
// ideographic variation sequence, UTS #37).
func selector(r rune) bool { return r >= 0xfe00 && r <= 0xfe0f || r >= 0xe0100 && r <= 0xe01ef }

// printable refuses what a font may have and paper must not: what cannot be seen,
// what stands only on another character, private characters, and the radicals
// U+2E80-2FDF, which look like ideographs and are none (⼀ is not 一).
func printable(r rune) bool {
	switch {
	case r >= 0x2e80 && r <= 0x2fdf, r == utf8.RuneError:
		return false
	}
	return !unicode.In(r, unicode.C, unicode.M, unicode.Zl, unicode.Zp)
}

// Missing lists the characters of s that cannot be printed, each once, in order.
func Missing(s string) []rune {
	var list []rune
	for _, c := range serif().clusters(s) {
		if c.glyph == 0 && !slices.Contains(list, c.char) {
			list = append(list, c.char)
		}
	}
	return list
}

// Check is nil when all of s can be printed, else an *UnprintableError.
func Check(s string) error {
	if missing := Missing(s); len(missing) > 0 {
		return &UnprintableError{Char: missing[0]}
	}
	return nil
}

// UnprintableError names a character that cannot be printed.
type UnprintableError struct{ Char rune }

func (e *UnprintableError) Error() string { return "paper: cannot print " + e.Name() }

// Name shows the character and its code point, for a person who has to find it:
// 「⼀」（U+2F00）, or （U+200B） alone when it cannot be seen.
func (e *UnprintableError) Name() string {
	code := fmt.Sprintf("（U+%04X）", e.Char)
	if !unicode.IsGraphic(e.Char) || unicode.In(e.Char, unicode.M, unicode.Co) {
		return code
	}
	return "「" + string(e.Char) + "」" + code
}

// Instead is the printable character that was probably meant (一 for the radical
// ⼀), or 0.
func (e *UnprintableError) Instead() rune {
	meant := []rune(norm.NFKC.String(string(e.Char)))
	if len(meant) != 1 || meant[0] == e.Char || Check(string(meant)) != nil {
		return 0
	}
	return meant[0]
}
