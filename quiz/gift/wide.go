package gift

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// Signs in full width, as Japanese keyboards write them. They are signs only
// where the format expects one: elsewhere ～ and ＝ are ordinary characters.

var (
	wideStart   = regexp.MustCompile(`(?m)^[\s　]*[＝～〜＃]`)
	wideInside  = regexp.MustCompile(`[\s　][＝～〜][^\s　]|[=~][%％][-－−0-9０-９.．]+％|[=~]％`)
	wideWeight  = regexp.MustCompile(`^[%％][-－−0-9０-９.．]+[%％]`)
	wideTruth   = regexp.MustCompile(`^[\s　]*([ＴＦＲＵＥＡＬＳ]+)[\s　]*(?:[#＃]|$)`)
	wideArrow   = regexp.MustCompile(`[＝=～~\s　][^→]*→`)
	numberSigns = strings.NewReplacer("‥", "..", "−", "-")
)

// seemsWide says whether the signs of a question seem to be in full width: all of
// them, so that nothing can be read (whole), or some of them.
func seemsWide(text string) (whole, some bool) {
	opens, closes := strings.IndexByte(text, '{'), strings.IndexByte(text, '}')
	if opens < 0 || closes < opens {
		at := wideOpening.FindStringIndex(text)
		return at != nil && strings.ContainsAny(text[at[0]:], "｝}") || opens >= 0 && strings.Contains(text[opens:], "｝"), false
	}
	answers := text[opens+1 : closes]
	if wideStart.MatchString(answers) {
		return true, false
	}
	signs := strings.Count(answers, "=") + strings.Count(answers, "~")
	return false, wideInside.MatchString(answers) || strings.HasPrefix(text, "：：") ||
		signs > 1 && (strings.Count(answers, "→") == signs || strings.Count(answers, "＃") >= signs && !strings.Contains(answers, "#"))
}

// narrow writes the full-width signs of a question, whose escapes are taken out,
// in ASCII.
func narrow(text string) string {
	for _, mark := range []string{"：：", "::"} {
		if rest, ok := strings.CutPrefix(text, mark); ok {
			text = "::" + rest
			if at := strings.Index(rest, "：："); at >= 0 && !strings.Contains(rest[:at], "::") {
				text = "::" + rest[:at] + "::" + rest[at+len("：："):]
			}
			break
		}
	}
	opens, begin := openingBrace(text)
	if opens < 0 {
		return text
	}
	closes, end := closingBrace(text, begin)
	if closes < 0 {
		return text[:opens] + "{" + text[begin:]
	}
	return text[:opens] + "{" + narrowAnswers(text[begin:closes]) + "}" + text[end:]
}

// openingBrace is where the brace before the answers begins and ends, or −1.
func openingBrace(text string) (at, end int) {
	if at := strings.IndexByte(text, '{'); at >= 0 {
		return at, at + 1
	}
	if m := wideOpening.FindStringIndex(text); m != nil {
		return m[0], m[0] + len("｛")
	}
	return -1, 0
}

// closingBrace is where the brace that ends the answers begins and ends, or −1.
func closingBrace(text string, from int) (at, end int) {
	if at := strings.IndexByte(text[from:], '}'); at >= 0 {
		return from + at, from + at + 1
	}
	depth := 0
	for i, r := range text[from:] {
		switch r {
		case '｛':
			depth++
		case '｝':
			if depth == 0 {
				return from + i, from + i + len("｝")
			}
			depth--
		}
	}
	return -1, 0
}

func narrowAnswers(answers string) string {
	if m := wideTruth.FindStringSubmatchIndex(answers); m != nil {
		answers = width.Fold.String(answers[:m[3]]) + answers[m[3]:]
	}
	trimmed := strings.TrimLeftFunc(answers, unicode.IsSpace)
	numerical := strings.HasPrefix(trimmed, "#") && !strings.HasPrefix(trimmed, "####") ||
		strings.HasPrefix(trimmed, "＃") && !strings.HasPrefix(trimmed, "＃＃＃＃")
	out := narrowSigns(answers, false)
	if !strings.ContainsAny(answers, "=~") && strings.Count(out, "=")+strings.Count(out, "~") == 1 && strings.ContainsAny(answers, "～〜") {
		out = narrowSigns(answers, true) // ｛＝a～b～c｝
	}
	if numerical {
		return narrowNumbers(out)
	}
	if n := strings.Count(out, "="); n > 1 && n == strings.Count(out, "→")+strings.Count(out, "->") && wideArrow.MatchString(out) {
		out = strings.ReplaceAll(out, "→", "->")
	}
	return out
}

// narrowSigns turns ＝ ～ ＃ and the weights behind them into ASCII where an
// answer begins: at the beginning and after a space, or anywhere.
func narrowSigns(s string, anywhere bool) string {
	var b strings.Builder
	start := true
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		sign := strings.ContainsRune("=~＝～〜", r)
		switch {
		case sign && (r < utf8.RuneSelf || start || anywhere):
			b.WriteString(map[rune]string{'=': "=", '~': "~", '＝': "=", '～': "~", '〜': "~"}[r])
			if m := wideWeight.FindString(s[size:]); m != "" {
				b.WriteString(width.Fold.String(strings.ReplaceAll(m, "−", "-")))
				size += len(m)
			}
		case r == '＃':
			b.WriteByte('#')
		default:
			b.WriteRune(r)
		}
		start = unicode.IsSpace(r)
		s = s[size:]
	}
	return b.String()
}

// narrowNumbers writes the numbers of a numerical question in ASCII, not what is
// said to those who gave them.
func narrowNumbers(s string) string {
	var b strings.Builder
	begun, words := false, false // whether the first # is past; whether this is behind the # of an answer
	for _, r := range s {
		switch {
		case r == '=' || r == '~':
			words = r == '~'
		case r == '#':
			words, begun = begun, true
		}
		if words {
			b.WriteRune(r)
		} else {
			b.WriteString(numberSigns.Replace(width.Fold.String(string(r))))
		}
	}
	return b.String()
}
