package paper_test

import (
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"tsunagari/certificates/paper"
)

func TestLines(t *testing.T) {
	ten := paper.Width("一二三四五六七八九十", paper.Style{Size: 10}) // ten ems
	for _, tt := range []struct{ in, want string }{
		{"", ""},
		{"短い", "短い"},
		{"一二三四五六七八九十。", "一二三四五六七八九|十。"},                           // no 。 at the beginning
		{"一二三四五六七八九「十」", "一二三四五六七八九|「十」"},                         // no 「 at the end
		{"一二三四五六七八九きゃ", "一二三四五六七八九|きゃ"},                           // no small ゃ at the beginning
		{"一二三四五六七八九 word", "一二三四五六七八九|word"},                      // words stay whole, the space is dropped
		{"一二三四五六七八1234人", "一二三四五六七八|1234人"},                       // numbers stay whole
		{"一二\n三四", "一二|三四"},                                       // a line feed
		{"一二三四五六七八九……", "一二三四五六七八|九……"},                           // …… is one sign
		{"。。。。。。。。。。。。", "。。。。。。。。。。|。。"},                         // nothing else can be done
		{strings.Repeat("wwww", 6), "wwwwwwwwwww|wwwwwwwwwww|ww"}, // an endless word
	} {
		if got := strings.Join(paper.Lines(tt.in, ten+0.01, paper.Style{Size: 10}), "|"); got != tt.want {
			t.Errorf("%q is cut into %q, not %q", tt.in, got, tt.want)
		}
	}
}

func TestLinesKeepTheirRules(t *testing.T) {
	alphabet := []rune("一二三あいゃっー、。「」（）『』abc12 　…𠮷髙・")
	st := paper.Style{Size: 10}
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOfN(rapid.SampledFrom(alphabet), 0, 80, -1).Draw(t, "text")
		width := rapid.Float64Range(5, 60).Draw(t, "width")
		lines := paper.Lines(s, width, st)
		if got, want := squeeze(strings.Join(lines, "")), squeeze(s); got != want {
			t.Fatalf("the lines hold %q, not %q", got, want)
		}
		for i, l := range lines {
			if len([]rune(l)) > 1 && paper.Width(l, st) > width+1e-6 {
				t.Fatalf("%q is wider than %f", l, width)
			}
			if i > 0 && strings.ContainsAny(first(l), "、。」）』ゃっー…・") && !full(lines[i-1]) {
				t.Fatalf("%q begins with %q after %q", l, first(l), lines[i-1])
			}
		}
	})
}

// full says whether no earlier cut was allowed: then a rule may be broken.
func full(l string) bool {
	before, spaced := rune(0), false
	for _, r := range l {
		switch {
		case unicode.IsSpace(r):
			spaced = true
			continue
		case before != 0 && !strings.ContainsRune("、。」）』ゃっー…・", r) && !strings.ContainsRune("「（『", before) &&
			(spaced || !word(before) || !word(r)):
			return false
		}
		before, spaced = r, false
	}
	return true
}

func word(r rune) bool { return strings.ContainsRune("abc12", r) }

func first(s string) string {
	for _, r := range s {
		return string(r)
	}
	return ""
}

func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}
