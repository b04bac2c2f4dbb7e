package courses

import (
	"strings"
	"unicode"
)

// stripInline takes the markup out of an inline source. covered says of each
// rune of the plain text whether it stands under furigana.
func stripInline(source string) (plain string, covered []bool) {
	var b strings.Builder
	put := func(s string, ruby bool) {
		for _, r := range s {
			b.WriteRune(r)
			covered = append(covered, ruby)
		}
	}
	for len(source) > 0 {
		switch {
		case source[0] == '{':
			if m := rubyWord.FindStringSubmatchIndex(source); m != nil && m[0] == 0 {
				put(source[m[2]:m[3]], true)
				source = source[m[1]:]
				continue
			}
		case strings.HasPrefix(source, "**"):
			source = source[2:]
			continue
		case source[0] == '[' || strings.HasPrefix(source, "!["):
			if words, rest, ok := linkWords(source); ok {
				source = words + rest
				continue
			}
		case source[0] == '\\' && len(source) > 1 && source[1] < 0x80 && !isWord(rune(source[1])):
			source = source[1:]
		}
		r := []rune(source[:min(len(source), 4)])[0]
		size := len(string(r))
		if r == unicode.ReplacementChar {
			size = 1
		}
		put(string(r), false)
		source = source[size:]
	}
	return b.String(), covered
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsSpace(r) }

// linkWords splits "[words](to)rest" and "![words](to)rest".
func linkWords(source string) (words, rest string, ok bool) {
	end := strings.Index(source, "](")
	if end < 0 || strings.ContainsAny(source[:end], "\n") {
		return "", "", false
	}
	to := strings.IndexAny(source[end:], ")\n")
	if to < 0 || source[end+to] != ')' {
		return "", "", false
	}
	return strings.TrimPrefix(source[:end], "!")[1:], source[end+to+1:], true
}
