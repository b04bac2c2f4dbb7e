package paper_test

import (
	"errors"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"tsunagari/certificates/paper"
)

func TestMissing(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want []rune
	}{
		{"", nil},
		{"髙﨑𠮷𡈽𠮟 神 渡邊 邉 齋藤 ヴァイオレット・オノ－カー Ōno é", nil},
		{"葛\U000e0100城", nil},            // a variation sequence
		{"か\u3099は\u309a", nil},          // dakuten apart
		{"北\ufe00見", nil},                // a selector that the font ignores there
		{"山田😀花子😀", []rune{'😀'}},          // each once
		{"⼭田⺅", []rune{'⼭', '⺅'}},        // radicals, not 山
		{"山\u200b田", []rune{0x200b}},     // cannot be seen
		{"山\u202e田", []rune{0x202e}},     // turns the direction
		{"山\u00ad田", []rune{0x00ad}},     // a soft hyphen
		{"山\t田\n", []rune{'\t', '\n'}},   // control characters
		{"山\xff田", []rune{'\ufffd'}},     // not UTF-8
		{"\U000e0100山", []rune{0xe0100}}, // a selector without a character
		{"e\u0301", []rune{0x301}},       // a mark on another character
		{"\ue000", []rune{0xe000}},       // a private character (外字)
		{"\U0003134a", []rune{0x3134a}},  // an ideograph that the font lacks
	} {
		if got := paper.Missing(tt.in); !slices.Equal(got, tt.want) {
			t.Errorf("Missing(%q) = %U, not %U", tt.in, got, tt.want)
		}
	}
}

func TestUnprintableErrorNamesTheCharacter(t *testing.T) {
	for _, tt := range []struct {
		in, name string
		instead  rune
	}{
		{"⼭田", "「⼭」（U+2F2D）", '山'},
		{"山😀", "「😀」（U+1F600）", 0},
		{"山\u200b", "（U+200B）", 0},
		{"\ue000", "（U+E000）", 0},
	} {
		var e *paper.UnprintableError
		if err := paper.Check(tt.in); !errors.As(err, &e) || e.Name() != tt.name || e.Instead() != tt.instead {
			t.Errorf("%q: %v, instead %q", tt.in, err, e.Instead())
		}
	}
	if err := paper.Check("佐藤　花子"); err != nil {
		t.Error(err)
	}
}

// Whatever people type, paper says beforehand whether it can be printed, and is right.
func TestWhatIsNotMissingPrints(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.StringOf(rapid.SampledFrom([]rune("髙﨑𠮷葛\U000e0100\u3099か⼭😀\u200b　")))).Draw(t, "text")
		d := paper.New(paper.Info{Title: s})
		p := d.Page(100, 50)
		p.Text(5, 20, s, paper.Style{Size: 10})
		p.Paragraph(5, 30, 40, s, paper.Style{Size: 8}, 1.5)
		_, err := d.PDF()
		var e *paper.UnprintableError
		if missing := paper.Missing(s); len(missing) == 0 && err != nil || len(missing) > 0 && !errors.As(err, &e) {
			t.Fatalf("missing %U, error %v", missing, err)
		}
	})
}
