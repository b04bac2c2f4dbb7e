package accounts

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// hiragana is s in NFKC with katakana as hiragana: ｻｸﾗ, サクラ and さくら are one.
func hiragana(s string) string {
	return strings.Map(func(r rune) rune {
		if 'ァ' <= r && r <= 'ヶ' {
			return r - 'ァ' + 'ぁ'
		}
		return r
	}, norm.NFKC.String(spacing.Replace(s)))
}

// spacing makes dakuten that stand for themselves combine with the kana before.
var spacing = strings.NewReplacer("゛", "\u3099", "゜", "\u309a")

// furigana is kana as typed in a form, made one: hiragana, single spaces.
func furigana(typed string) string {
	return strings.Join(strings.Fields(hiragana(typed)), " ")
}

// isFurigana says whether s is hiragana, with long vowel marks, dots and spaces.
func isFurigana(s string) bool {
	kana := false
	for _, r := range s {
		switch {
		case 'ぁ' <= r && r <= 'ゖ':
			kana = true
		case r != 'ー' && r != '・' && r != ' ':
			return false
		}
	}
	return kana
}

// searchKey is kana as people are looked up by it: without spaces and dots, and
// deaf to small kana, long vowels, づ and ず. Dakuten count: かとう is not がとう.
func searchKey(kana ...string) string {
	s := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '・' {
			return -1
		}
		return r
	}, hiragana(strings.Join(kana, "")))
	return foldWith(s, nil)
}
