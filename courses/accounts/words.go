package accounts

import (
	"crypto/rand"
	_ "embed"
	"fmt"
	"math/big"
	"strings"
	"unicode"
)

// wordsTXT holds 2,048 everyday words of three to five hiragana: four of them are
// 44 bits. One wrong kana never leads from one to another (folded, they are two
// changes apart), and none begins another one (so that they can be written without
// a space between). Cards in people's hands are made of it: never change a word.
//
//go:embed words.txt
var wordsTXT string

// WordCount is how many words a 合言葉 has.
const WordCount = 4

var (
	wordList = strings.Fields(wordsTXT)
	byFold   = foldAll(wordList)
)

func foldAll(list []string) map[string]string {
	m := make(map[string]string, len(list))
	for _, w := range list {
		m[fold(w)] = w
	}
	return m
}

// Words are the 合言葉 of a card.
type Words [WordCount]string

// String is the words with a space between: what is hashed.
func (w Words) String() string { return strings.Join(w[:], " ") }

// WordError says which of the words typed is none of the list, so that a page can
// point at it. The list is no secret: this tells nothing about anybody's card.
type WordError struct {
	Position int    // from 1; 5 when there are more than four
	Typed    string // what is written there, "" when the word is missing
}

func (e *WordError) Error() string {
	return fmt.Sprintf("accounts: word %d cannot be read: %q", e.Position, e.Typed)
}

// drawWords draws four words; the same one may come twice.
func drawWords() (w Words) {
	for i := range w {
		n, err := rand.Int(rand.Reader, big.NewInt(int64(len(wordList))))
		if err != nil {
			panic(err) // crypto/rand does not fail
		}
		w[i] = wordList[n.Int64()]
	}
	return w
}

// ReadWords reads a 合言葉 as people type it: hiragana or katakana of any width,
// with anything or nothing between the words, with dakuten, small kana or long
// vowels mistaken. A dash is a space between words, and where that cannot be read
// a long vowel. The error is a *WordError.
func ReadWords(typed string) (Words, error) {
	s := hiragana(typed)
	w, err := cut(strings.Map(dashAs(' '), s))
	if err != nil {
		if again, err := cut(strings.Map(dashAs('ー'), s)); err == nil {
			return again, nil
		}
	}
	return w, err
}

func dashAs(to rune) func(rune) rune {
	return func(r rune) rune {
		if r != 'ー' && (unicode.Is(unicode.Dash, r) || strings.ContainsRune("~_─━", r)) {
			return to
		}
		return r
	}
}

// cut finds the four words in s. No word begins another one, so that at most one
// can stand at any place.
func cut(s string) (w Words, err error) {
	text, pieces := kanaOf(s)
	at := 0
	for i := range w {
		if at == len(text) {
			return w, &WordError{Position: i + 1}
		}
		word, n := wordAt(text[at:])
		if n == 0 {
			return w, &WordError{i + 1, pieces[at]}
		}
		w[i] = word
		at += n
	}
	if at < len(text) {
		return w, &WordError{WordCount + 1, pieces[at]}
	}
	return w, nil
}

// kanaOf is the characters of s that matter, and for each what is written from it
// on to the next gap.
func kanaOf(s string) (text []rune, pieces []string) {
	for _, piece := range strings.FieldsFunc(s, between) {
		for i, r := range piece {
			if !unicode.In(r, unicode.Cf, unicode.Mn) {
				text, pieces = append(text, r), append(pieces, piece[i:])
			}
		}
	}
	return text, pieces
}

func between(r rune) bool {
	return unicode.IsSpace(r) || strings.ContainsRune("・、。,.;:/|+「」『』()", r)
}

func wordAt(text []rune) (word string, length int) {
	for n := 3; n <= min(5, len(text)); n++ {
		if word, ok := byFold[fold(string(text[:n]))]; ok {
			return word, n
		}
	}
	return "", 0
}
