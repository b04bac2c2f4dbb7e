package quiz

import (
	"hash/fnv"
	"math/rand/v2"
	"slices"

	"tsunagari/courses/questions"
)

// Previewed is a question as it will be asked, with its key, for whoever writes it.
type Previewed struct {
	Asked
	Key       []Keyed
	Otherwise questions.Text // said to every other answer
	Said      questions.Text // to everybody
}

// Keyed is one part of the key: a choice, a pair, a place in the order, an answer.
type Keyed struct {
	Text     questions.Text
	Weight   float64 // share of the mark; of a pair, an item and a group always 1
	Feedback questions.Text
}

// Preview asks a question of nobody. The same question is always shown in the same
// order.
func Preview(q *questions.Question) Previewed {
	h := fnv.New64a()
	h.Write([]byte(q.Text[questions.JA]))
	rnd := rand.New(rand.NewPCG(h.Sum64(), 0))
	return Previewed{Asked: ask(q, shown(rnd, q), 1, 1), Key: key(q), Otherwise: q.Otherwise, Said: q.Explanation}
}

func key(q *questions.Question) (list []Keyed) {
	for _, o := range q.Options {
		list = append(list, Keyed{o.Text, o.Weight, o.Feedback})
	}
	for _, p := range lefts(q) {
		list = append(list, Keyed{joined(p.Left, " ― ", p.Right), 1, p.Feedback})
	}
	items := slices.Clone(q.Items)
	slices.SortStableFunc(items, func(a, b questions.Item) int { return a.Rank - b.Rank })
	for _, it := range items {
		text := it.Text
		if q.Type == questions.Sort {
			text = joined(text, " ― ", groupTexts(q, it))
		}
		list = append(list, Keyed{text, 1, it.Feedback})
	}
	for _, a := range q.Answers {
		text := a.Text
		if q.Type == questions.Numerical {
			text = formatNumber(a.Value) + q.Unit
			if a.Tolerance > 0 {
				text += "（±" + formatNumber(a.Tolerance) + "）"
			}
		}
		list = append(list, Keyed{questions.Text{questions.JA: text}, a.Weight, a.Feedback})
	}
	return list
}
