package questions

import (
	"regexp"
	"strings"
)

// In files of other systems that know no furigana, {漢字|かんじ} is furigana where
// the reading is kana, and nothing but characters otherwise.

const kana = `[\p{Hiragana}\p{Katakana}ー・]`

var (
	kanaReading = regexp.MustCompile(`^` + kana + `+$`)
	plainRuby   = regexp.MustCompile(`\\\{([^{}|\\\s]+)\|(` + kana + `+)\\\}`)
	anyRuby     = regexp.MustCompile(`\\.|\{([^{}|\n]+)\|([^{}|\n]+)\}`)
)

// markers are the characters without which a text is the same as Markdown.
const markers = "\\*{}[]&<\u00a0\n\r\t\v\f\u2028\u2029"

// FromWords is a text without markup but for furigana as Markdown.
func FromWords(text string) string {
	if !strings.ContainsAny(text, markers) {
		if s := plainly(text); !strings.Contains(s, "  ") {
			return strings.TrimSpace(s)
		}
	}
	return plainRuby.ReplaceAllString(FromPlain(text), "{$1|$2}")
}

// ToWords is Markdown as a text without markup but for furigana, a line for each
// of its lines. whole says that FromWords makes the same Markdown of it again.
func ToWords(markdown string) (text string, whole bool) {
	var lines []string
	for _, l := range parse(markdown) {
		var b strings.Builder
		for _, r := range settled(l) {
			switch r.kind {
			case ruby:
				b.WriteString("{" + r.text + "|" + r.aside + "}")
			case picture:
				b.WriteString("（図：" + r.text + "）")
			default:
				b.WriteString(r.text)
			}
		}
		if b.Len() > 0 {
			lines = append(lines, b.String())
		}
	}
	text = strings.Join(lines, "\n")
	return text, FromWords(text) == Normal(markdown)
}

// OnlyFurigana escapes the braces in Markdown of other systems that are no
// furigana, as in {x|x>0}.
func OnlyFurigana(markdown string) string {
	return anyRuby.ReplaceAllStringFunc(markdown, func(s string) string {
		m := anyRuby.FindStringSubmatch(s)
		if s[0] == '\\' || kanaReading.MatchString(m[2]) {
			return s
		}
		return `\{` + m[1] + "|" + m[2] + `\}`
	})
}
