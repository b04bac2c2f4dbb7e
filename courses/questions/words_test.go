package questions

import (
	"testing"

	"pgregory.net/rapid"
)

func TestFromWords(t *testing.T) {
	for text, want := range map[string]string{
		"{孤独|こどく}と{SOS|エス・オー}": "{孤独|こどく}と{SOS|エス・オー}",
		"{x|x>0}":   `\{x|x>0\}`,
		"{a b|かな}":  `\{a b|かな\}`,
		"{**|かな}":   `\{\*\*|かな\}`,
		`\{孤独|こどく}`: `\\{孤独|こどく}`,
		"一\n二":      "一\n\n二",
	} {
		if got := FromWords(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

func TestToWords(t *testing.T) {
	for markdown, want := range map[string]struct {
		text  string
		whole bool
	}{
		`{孤独|こどく}は \*\*2\*\*`:      {"{孤独|こどく}は **2**", true},
		"一\n\n二":                   {"一\n二", true},
		"**強い**":                   {"強い", false},
		"[言葉](https://example.jp)": {"言葉", false},
		"![地図](a.png)":             {"（図：地図）", false},
		`\{孤独|こどく\}`:               {"{孤独|こどく}", false},
		"{孤独|loneliness}":          {"{孤独|loneliness}", false},
	} {
		if text, whole := ToWords(markdown); text != want.text || whole != want.whole {
			t.Errorf("%q is %q %v, want %q %v", markdown, text, whole, want.text, want.whole)
		}
	}
}

func TestOnlyFurigana(t *testing.T) {
	const markdown, want = `{孤独|こどく} {x|x>0} \{a|b}`, `{孤独|こどく} \{x|x>0\} \{a|b}`
	if got := OnlyFurigana(markdown); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// The short way of FromWords for texts without marks is the long one.
func TestFromWordsOfOrdinaryText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.SampledFrom([]rune("あ漢 　!?(){}*=~#_-+'\"|/;:.、\u0085\u00ad\u0001\ue000"))).Draw(t, "text")
		if got, want := FromWords(text), plainRuby.ReplaceAllString(FromPlain(text), "{$1|$2}"); got != want {
			t.Fatalf("%q is %q, want %q", text, got, want)
		}
	})
}

// What ToWords calls whole is the same again.
func TestWordsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		markdown := Normal(texts(t, "text")[JA])
		text, whole := ToWords(markdown)
		if again := FromWords(text); whole && again != markdown {
			t.Fatalf("%q became %q", markdown, again)
		}
		if again, _ := ToWords(FromWords(text)); again != text && whole {
			t.Fatalf("%q became %q", text, again)
		}
	})
}
