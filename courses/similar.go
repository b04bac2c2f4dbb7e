package courses

import (
	"strings"
	"unicode"

	"tsunagari/courses/questions"
)

// dictionary maps words written with kanji to their readings, as the course
// itself gives them.
type dictionary struct {
	readings map[string]string
	longest  int // runes
}

func (p *Package) dictionary() *dictionary {
	d := &dictionary{readings: map[string]string{}}
	for _, t := range p.Terms {
		d.add(t.Word, t.Reading)
	}
	for i := range p.Modules {
		m := &p.Modules[i]
		for _, l := range m.Lessons {
			d.learn(l.Body[questions.Easy])
		}
		for _, q := range m.Questions {
			for _, s := range sources(q) {
				d.learn(s)
			}
		}
	}
	return d
}

func (d *dictionary) learn(source string) {
	for _, m := range rubyWord.FindAllStringSubmatch(source, -1) {
		d.add(m[1], m[2])
	}
}

func (d *dictionary) add(word, reading string) {
	if d.readings[word] == "" {
		d.readings[word] = reading
		d.longest = max(d.longest, len([]rune(word)))
	}
}

// spoken is a source as it is read aloud, as far as the dictionary knows:
// hiragana without marks. A standard text and the same text in kana come out alike.
func (d *dictionary) spoken(source string) []rune {
	text := []rune(Plain(eachRuby(source, func(_, reading string) string { return reading })))
	var out []rune
	for i := 0; i < len(text); {
		n := min(d.longest, len(text)-i)
		for ; n > 0; n-- {
			if reading, ok := d.readings[string(text[i:i+n])]; ok {
				out = append(out, []rune(reading)...)
				break
			}
		}
		if n == 0 {
			out, n = append(out, text[i]), 1
		}
		i += n
	}
	return compared(out)
}

// compared leaves letters and digits, katakana as hiragana.
func compared(text []rune) []rune {
	var out []rune
	for _, r := range text {
		if r >= 'ァ' && r <= 'ヶ' {
			r -= 'ァ' - 'ぁ'
		}
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == 'ー' {
			out = append(out, unicode.ToLower(r))
		}
	}
	return out
}

// likeness of two texts is from 0 to 1: 1 − Levenshtein distance ÷ length, the
// higher of the two as written and as spoken. Long texts are compared by their
// pairs of characters (Dice), in time that grows with their length only.
func (d *dictionary) likeness(a, b string) float64 {
	written := alike(compared([]rune(Plain(a))), compared([]rune(Plain(b))))
	return max(written, alike(d.spoken(a), d.spoken(b)))
}

func alike(a, b []rune) float64 {
	if len(a) == 0 && len(b) == 0 {
		return 1
	}
	if len(a)+len(b) > 800 {
		return dice(a, b)
	}
	return 1 - float64(distance(a, b))/float64(max(len(a), len(b)))
}

func distance(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, r := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j, s := range b {
			cost := diagonal
			if r != s {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

func dice(a, b []rune) float64 {
	pairs := map[[2]rune]int{}
	for i := 1; i < len(a); i++ {
		pairs[[2]rune{a[i-1], a[i]}]++
	}
	common := 0
	for i := 1; i < len(b); i++ {
		key := [2]rune{b[i-1], b[i]}
		if pairs[key] > 0 {
			pairs[key]--
			common++
		}
	}
	return 2 * float64(common) / float64(max(1, len(a)+len(b)-2))
}

func hasKanji(s string) bool { return strings.ContainsFunc(s, isKanji) }

func isKanji(r rune) bool { return unicode.Is(unicode.Han, r) && r != '〇' || r == '々' }
