package courses

import (
	"html/template"
	"strings"
	"sync"

	"tsunagari/courses/questions"
)

// Reading is how somebody likes to read: which text, and with furigana or not.
// Without furigana there is no ruby markup at all, for screen readers.
type Reading struct{ Easy, Furigana bool }

// Readings are the four readings, in which every text of a revision is kept.
var Readings = [...]Reading{{false, false}, {false, true}, {true, false}, {true, true}}

// Lang is the language of the texts of the reading.
func (r Reading) Lang() questions.Lang {
	if r.Easy {
		return questions.Easy
	}
	return questions.JA
}

func (r Reading) index() int {
	i := 0
	if r.Easy {
		i += 2
	}
	if r.Furigana {
		i++
	}
	return i
}

// Inline renders a title, a goal, a question or its feedback: furigana and
// **強調**, no blocks. The result of a text is remembered, so that a page with
// twenty of them costs twenty look-ups.
func Inline(text Text, r Reading) template.HTML {
	return inline(text.In(r.Lang()), r.Furigana)
}

func inline(source string, furigana bool) template.HTML {
	if !strings.ContainsAny(source, inlineMarks) {
		return template.HTML(template.HTMLEscapeString(source))
	}
	return inlined.get(inlineKey{source, furigana})
}

// inlineMarks are the characters with which a text may be more than itself.
const inlineMarks = "{*[\\&\n!"

type inlineKey struct {
	source   string
	furigana bool
}

// inlineMemo keeps the newest texts in two generations: when the young one is
// full it becomes the old one, so the memory is bounded and what is used stays.
type inlineMemo struct {
	mu         sync.RWMutex
	young, old map[inlineKey]template.HTML
}

const inlineGeneration = 8192

var inlined = inlineMemo{young: map[inlineKey]template.HTML{}}

func (m *inlineMemo) get(key inlineKey) template.HTML {
	m.mu.RLock()
	html, ok := m.young[key]
	if !ok {
		html, ok = m.old[key]
	}
	m.mu.RUnlock()
	if ok {
		return html
	}
	html = renderInline(key.source, key.furigana)
	m.mu.Lock()
	if len(m.young) >= inlineGeneration {
		m.old, m.young = m.young, map[inlineKey]template.HTML{}
	}
	m.young[key] = html
	m.mu.Unlock()
	return html
}

// Plain is the text of an inline source without markup and without readings:
// for places that take no HTML.
func Plain(source string) string {
	base, _ := stripInline(source)
	return base
}
