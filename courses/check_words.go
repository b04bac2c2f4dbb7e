package courses

import (
	"slices"
	"strings"
)

// terms finds terms of art that come without furigana at their first use.
func (c *critic) terms(file string, all []passage) {
	seen := map[string]bool{}
	for _, p := range all {
		if p.kind == alternative {
			continue
		}
		for _, word := range c.bare(p.source, seen) {
			c.warn(WarnTerm, file, p.line, "「%s」に、初めて出るところでふりがながありません。", word)
		}
	}
}

// bare are the terms that stand in a source for the first time, without
// furigana over all of their kanji. A term inside a longer one that was given
// its reading counts as given. seen is what came before.
func (c *critic) bare(source string, seen map[string]bool) []string {
	plain, covered := stripInline(source)
	runes := []rune(plain)
	var out []string
	for i := 0; i < len(runes); {
		word := c.termAt(runes[i:])
		if word == "" {
			i++
			continue
		}
		n := len([]rune(word))
		if !seen[word] {
			if furigana := fullyCovered(runes[i:i+n], covered[i:i+n]); !furigana {
				out = append(out, word)
			}
			for _, t := range c.p.Terms {
				if strings.Contains(word, t.Word) {
					seen[t.Word] = true
				}
			}
		}
		i += n
	}
	return out
}

// termAt is the longest term that a text begins with, or "".
func (c *critic) termAt(text []rune) string {
	found := ""
	for _, t := range c.p.Terms {
		if len(t.Word) > len(found) && hasPrefix(text, t.Word) {
			found = t.Word
		}
	}
	return found
}

func hasPrefix(text []rune, word string) bool {
	i := 0
	for _, r := range word {
		if i >= len(text) || text[i] != r {
			return false
		}
		i++
	}
	return true
}

func fullyCovered(text []rune, covered []bool) bool {
	for i, r := range text {
		if isKanji(r) && !covered[i] {
			return false
		}
	}
	return true
}

// furigana finds words written with kanji but without reading in an easy text.
func (c *critic) furigana(file string, line int, source string) {
	plain, covered := stripInline(source)
	runes := []rune(plain)
	var bare []string
	for i := 0; i < len(runes); i++ {
		from := i
		for i < len(runes) && isKanji(runes[i]) && !covered[i] {
			i++
		}
		if word := string(runes[from:i]); word != "" && !slices.Contains(bare, word) {
			bare = append(bare, word)
		}
	}
	if len(bare) > 0 {
		c.warn(WarnFurigana, file, line, "ふりがながありません：%s", strings.Join(bare, "、"))
	}
}
