package accounts

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestWordList(t *testing.T) {
	if len(wordList) != 2048 || len(byFold) != 2048 {
		t.Fatalf("%d words, %d when folded: 44 bits need 2,048", len(wordList), len(byFold))
	}
	if !slices.IsSorted(wordList) {
		t.Error("the list is not sorted")
	}
	for _, w := range wordList {
		if n := utf8.RuneCountInString(w); n < 3 || n > 5 || !isFurigana(w) || strings.ContainsAny(w, "づぢをゔ・ ") {
			t.Errorf("%q: three to five hiragana, without づ, ぢ and を", w)
		}
	}
}

// One wrong, missing or additional kana never leads to another word, whatever
// dakuten, small kana and long vowels look like.
func TestWordsAreTwoChangesApart(t *testing.T) {
	open := map[string]string{} // a word with one kana left open
	for f, w := range byFold {
		kana := []rune(f)
		for i := range kana {
			key := string(kana[:i]) + "*" + string(kana[i+1:])
			if other, ok := open[key]; ok {
				t.Errorf("%s and %s differ in one kana", w, other)
			}
			open[key] = w
			if other, ok := byFold[string(kana[:i])+string(kana[i+1:])]; ok {
				t.Errorf("%s is %s with one kana more", w, other)
			}
		}
	}
}

func TestNoWordBeginsAnother(t *testing.T) {
	for f, w := range byFold {
		kana := []rune(f)
		for n := 1; n < len(kana); n++ {
			if other, ok := byFold[string(kana[:n])]; ok {
				t.Errorf("%s begins with %s", w, other)
			}
		}
	}
}

func TestFold(t *testing.T) {
	for _, same := range [][]string{
		{"こうひい", "こーひー", "コーヒー", "ｺｰﾋｰ", "ごーびー", "こおひい", "こぉひぃ"},
		{"きって", "きつて", "キッテ", "ぎっで"},
		{"せんせい", "せんせえ", "せんせー"},
		{"みず", "みづ", "ﾐｽﾞ", "みず", "みす"},
		{"はなし", "はなぢ", "はなじ"},
		{"おおきい", "おうきい", "おーきー", "をうきい"},
	} {
		for _, s := range same {
			if got, want := fold(hiragana(s)), fold(same[0]); got != want {
				t.Errorf("%q folds to %q, want %q", s, got, want)
			}
		}
	}
	if fold("さくら") == fold("さくる") || fold("かい") == fold("かえ") {
		t.Error("different kana fold together")
	}
}

func TestDrawnWordsDiffer(t *testing.T) {
	seen := map[string]bool{}
	for range 200 {
		seen[drawWords().String()] = true
	}
	if len(seen) != 200 {
		t.Errorf("only %d of 200", len(seen))
	}
}

var fourWords = rapid.SliceOfN(rapid.SampledFrom(wordList), WordCount, WordCount)

// typist writes words as people do: each kana right, or another one of its fold.
func typist(t *rapid.T, words []string) string {
	between := rapid.SampledFrom([]string{"", " ", "　", "、", "・", "-", "\n", " - ", "／"}).Draw(t, "between")
	typed := strings.Join(words, between)
	switch rapid.IntRange(0, 5).Draw(t, "hand") {
	case 1:
		return katakana(typed)
	case 2:
		return strings.Map(func(r rune) rune { return or(small, r) }, typed)
	case 3:
		return strings.Map(func(r rune) rune { return or(unmark, r) }, typed)
	case 4:
		return strings.ReplaceAll(strings.Join(words, " "), "ー", "−")
	case 5:
		return strings.ReplaceAll(typed, "ず", "づ")
	}
	return typed
}

func katakana(s string) string {
	return strings.Map(func(r rune) rune {
		if 'ぁ' <= r && r <= 'ゖ' {
			return r - 'ぁ' + 'ァ'
		}
		return r
	}, s)
}

func TestWordsHoweverTyped(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := fourWords.Draw(t, "words")
		typed := typist(t, words)
		if got, err := ReadWords(typed); got.String() != strings.Join(words, " ") || err != nil {
			t.Fatalf("%q is read as %q %v", typed, got, err)
		}
	})
}

func TestDakutenOfTheirOwn(t *testing.T) {
	words := strings.Repeat("かもめ ", 3)
	for _, typed := range []string{"は゛けつ", "ﾊﾞｹﾂ", "は\u3099けつ", "はけつ", "バケツ"} {
		if got, err := ReadWords(words + typed); err != nil || got[3] != "ばけつ" {
			t.Errorf("%q is read as %q %v", typed, got[3], err)
		}
	}
}

func TestSearchKey(t *testing.T) {
	if a, b := searchKey("シライ シ", "ようすけ"), searchKey("しらいし", "ﾖｳｽｹ"); a != b {
		t.Errorf("%s, %s", a, b)
	}
	if a, b := searchKey("おおの"), searchKey("オーノ"); a != b {
		t.Errorf("%s, %s", a, b)
	}
	if searchKey("かとう") == searchKey("がとう") {
		t.Error("dakuten are lost")
	}
}

// A wrong kana is noticed: it never reads as other words.
func TestOneWrongKanaNeverReadsAsOtherWords(t *testing.T) {
	kana := []rune("あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわん")
	rapid.Check(t, func(t *rapid.T) {
		words := fourWords.Draw(t, "words")
		wrong := slices.Clone(words)
		i := rapid.IntRange(0, WordCount-1).Draw(t, "which")
		word := []rune(words[i])
		word[rapid.IntRange(0, len(word)-1).Draw(t, "place")] = rapid.SampledFrom(kana).Draw(t, "kana")
		wrong[i] = string(word)
		if got, err := ReadWords(strings.Join(wrong, " ")); err == nil && got.String() != strings.Join(words, " ") {
			t.Fatalf("%v is read as %q", wrong, got)
		}
	})
}

func TestWhichWordCannotBeRead(t *testing.T) {
	a, b, c, d := wordList[0], wordList[100], wordList[200], wordList[300]
	for typed, want := range map[string]WordError{
		"":                              {1, ""},
		"password":                      {1, "password"},
		a + " " + b:                     {3, ""},
		a + " 桜 " + c + " " + d:         {2, "桜"},
		a + b + c + " ぬぬぬぬ":             {4, "ぬぬぬぬ"},
		a + b + "ぬぬぬぬ":                  {3, "ぬぬぬぬ"},
		strings.Join(wordList[:5], "　"): {5, wordList[4]},
	} {
		_, err := ReadWords(typed)
		var got *WordError
		if !errors.As(err, &got) || *got != want {
			t.Errorf("%q: %v, want %+v", typed, err, want)
		}
	}
	if got, err := ReadWords(a + b + c + d); err != nil || got != (Words{a, b, c, d}) {
		t.Errorf("%v %v", got, err)
	}
}

func FuzzReadWords(f *testing.F) {
	f.Add("さくら ひまわり")
	f.Add(strings.Join(wordList[7:11], "-"))
	f.Fuzz(func(t *testing.T, typed string) {
		words, err := ReadWords(typed)
		if err != nil {
			return
		}
		if again, err := ReadWords(words.String()); again != words || err != nil {
			t.Errorf("%q is read as %q, and that as %q %v", typed, words, again, err)
		}
	})
}
