package courses

import (
	"html"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tsunagari/courses/questions"
)

var (
	brokenLine = regexp.MustCompile(`<br ?/?>\s*`)
	markup     = regexp.MustCompile(`<[^>]*>`)
	image      = regexp.MustCompile(`<img [^>]*alt="([^"]*)">`) // shown by its words
	spaces     = regexp.MustCompile(`[ \n\t]+`)
)

// seen is what HTML looks like to a reader: its lines, each character behind a +
// where it is bold.
func seen(source string) string {
	s := strings.NewReplacer("<strong>", "⟦", "</strong>", "⟧", "\n", " ").Replace(source)
	s = brokenLine.ReplaceAllString(strings.ReplaceAll(s, "</p> <p>", "<br>"), "\v")
	s = html.UnescapeString(markup.ReplaceAllString(image.ReplaceAllString(s, "$1"), ""))
	var b strings.Builder
	bold := 0
	for _, r := range s {
		switch {
		case r == '⟦':
			bold++
			continue
		case r == '⟧':
			bold--
			continue
		case bold > 0 && r > ' ':
			b.WriteByte('+')
		}
		b.WriteRune(r)
	}
	var lines []string
	for _, l := range strings.Split(b.String(), "\v") {
		if l = strings.TrimSpace(spaces.ReplaceAllString(l, " ")); l != "" {
			lines = append(lines, l)
		}
	}
	return strings.Join(lines, "\n")
}

// What package questions writes and reads is what is shown: a text that comes in
// from elsewhere looks as it did there.
func TestTextsFromElsewhereAreShown(t *testing.T) {
	marks := []rune("あ漢a1 　{|}*\\[]()!&;#<>\"'/.-_=~%@$`＝｛𠮷")
	rapid.Check(t, func(t *rapid.T) {
		words := strings.Join(strings.Fields(rapid.StringOfN(rapid.SampledFrom(marks), 0, 20, -1).Draw(t, "words")), " ")
		markdown, _ := questions.FromHTML(html.EscapeString(words))
		if got := html.UnescapeString(string(renderInline(markdown, true))); got != words {
			t.Fatalf("%q is %q and is shown as %q", words, markdown, got)
		}
		if faults := inlineFaults(markdown); len(faults) > 0 {
			t.Fatalf("%q is %q, which has faults: %v", words, markdown, faults)
		}
		if got := strings.Join(strings.Fields(Plain(markdown)), " "); got != words {
			t.Fatalf("%q is %q and plainly %q", words, markdown, got)
		}
	})
}

func TestTextsForElsewhereAreWhatIsShown(t *testing.T) {
	parts := rapid.SampledFrom([]string{
		"あ", "漢", "a", "1", " ", "、", "**", "**", "{漢字|かんじ}", "{", "}", "*", "\\あ", "&lt;", "&", "<b>", "い\nう", "b\nc", "\n\n", "\\\n",
		"[ここ](https://a.jp/x?y=1)", "[a](naze)", "[", "]", "(", "\\*", "\\{a\\|b}", "[**b**](tel:110)", "! ", "![図](a.svg)",
	})
	rapid.Check(t, func(t *rapid.T) {
		source := strings.Join(rapid.SliceOfN(parts, 0, 12).Draw(t, "source"), "")
		shown := seen(string(renderInline(source, true)))
		if got := seen(questions.ToHTML(source, "")); got != shown {
			t.Fatalf("%q is shown as %q, written as %q", source, shown, got)
		}
		if got := seen(string(renderInline(questions.Normal(source), true))); got != shown {
			t.Fatalf("%q is shown as %q, but as %q when it is written %q", source, shown, got, questions.Normal(source))
		}
	})
}
