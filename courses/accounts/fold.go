package accounts

import "strings"

var (
	small   = pairs("ぁぃぅぇぉゃゅょっゎゕゖ", "あいうえおやゆよつわかけ")
	unmark  = pairs("がぎぐげござじずぜぞだでどばびぶべぼぱぴぷぺぽゔ", "かきくけこさしすせそたてとはひふへほはひふへほう")
	voicing = pairs("ぢづを", "じずお")
	vowels  = vowelOf("あかさたなはまやらわがざだばぱゃぁゎ", "いきしちにひみりぎじぢびぴぃ",
		"うくすつぬふむゆるぐずづぶぷぅゅゔ", "えけせてねへめれげぜでべぺぇ", "おこそとのほもよろをごぞどぼぽぉょ")
	long = pairs("あいうえお", "あいういう")
)

func pairs(from, to string) map[rune]rune {
	m, t := map[rune]rune{}, []rune(to)
	for i, r := range []rune(from) {
		m[r] = t[i]
	}
	return m
}

func vowelOf(columns ...string) map[rune]rune {
	m := map[rune]rune{}
	for _, column := range columns {
		kana := []rune(column)
		for _, r := range kana {
			m[r] = kana[0]
		}
	}
	return m
}

func or(m map[rune]rune, r rune) rune {
	if to, ok := m[r]; ok {
		return to
	}
	return r
}

// fold is a hiragana word without what is easily misheard or miswritten: dakuten
// and handakuten, small kana, long vowels (こう, こお and こー are one), づ and ず,
// ぢ and じ, を and お. It keeps the number of characters, and a character's fold
// depends on nothing after it.
func fold(word string) string { return foldWith(word, unmark) }

// foldWith folds as fold does, and with marks what they say of dakuten.
func foldWith(word string, marks map[rune]rune) string {
	var b strings.Builder
	var before rune // vowel of the character before
	for _, r := range word {
		r = or(small, or(voicing, r))
		folded := or(marks, r)
		switch {
		case r == 'ー':
			folded = or(long, before)
		case r == before && (r == 'お' || r == 'え'):
			folded = long[r]
		}
		b.WriteRune(folded)
		if r != 'ー' {
			before = vowels[r]
		}
	}
	return b.String()
}
