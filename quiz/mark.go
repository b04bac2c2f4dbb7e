// Package quiz draws, asks and marks questions and keeps attempts. What it
// shows has two shapes: Asked, without key and explanations, and Reviewed. It
// reports to courses that a quiz is finished; courses never asks it.
package quiz

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"tsunagari/courses/questions"
)

// Response is an answer in terms of the question's own ids, as it is stored.
type Response struct {
	Options []string          `json:"options,omitempty"` // choice, multiple, truefalse
	Pairs   map[string]string `json:"pairs,omitempty"`   // matching: left pair id → pair id of the chosen right side
	Order   []string          `json:"order,omitempty"`   // ordering: item ids, first to last
	Sorted  map[string]string `json:"sorted,omitempty"`  // sort: item id → group id
	Text    string            `json:"text,omitempty"`    // short, numerical, reflection
}

// Full is the least score that counts as fully right; sums of thirds fall short
// of 1 by a rounding error.
const Full = 1 - 1e-9

// Mark is the score of r, 0 to 1. It is Moodle's where Moodle has the type:
// one choice, its weight; several, the sum of their weights, clamped
// (qtype_multichoice); matching, right pairs ÷ pairs (qtype_match); ordering,
// items in their right place ÷ items (qtype_ordering, absolute position), items
// of equal rank in either order; short answer and numerical, the best weight of
// the answers that fit. Sorting is right items ÷ items. A reflection is not
// marked: 0.
func Mark(q *questions.Question, r Response) float64 {
	switch q.Type {
	case questions.Choice, questions.TrueFalse:
		if len(r.Options) != 1 {
			return 0
		}
		return clamp(weights(q, r.Options))
	case questions.Multiple:
		return clamp(weights(q, r.Options))
	case questions.Matching:
		return markMatching(q, r)
	case questions.Ordering:
		return markOrdering(q, r)
	case questions.Sort:
		return markSort(q, r)
	case questions.Short, questions.Numerical:
		if a := bestAnswer(q, r.Text); a != nil {
			return clamp(a.Weight)
		}
	}
	return 0
}

// marked says whether answers to q are marked at all.
func marked(q *questions.Question) bool { return q.Type != questions.Reflection }

// understood says whether an answer to q with this score need not be asked again.
func understood(q *questions.Question, score float64) bool { return !marked(q) || score >= Full }

func clamp(x float64) float64 {
	if math.IsNaN(x) {
		return 0
	}
	return min(max(x, 0), 1)
}

func weights(q *questions.Question, chosen []string) float64 {
	sum := 0.0
	for _, o := range q.Options {
		if slices.Contains(chosen, o.ID) {
			sum += o.Weight
		}
	}
	return sum
}

func markMatching(q *questions.Question, r Response) float64 {
	right, all := 0, 0
	for _, p := range q.Pairs {
		if len(p.Left) == 0 {
			continue
		}
		all++
		if samePartner(q, p, r.Pairs[p.ID]) {
			right++
		}
	}
	return share(right, all)
}

// samePartner holds for the pair's own right side and for one with the same text.
func samePartner(q *questions.Question, p questions.Pair, chosen string) bool {
	return slices.ContainsFunc(q.Pairs, func(c questions.Pair) bool {
		return c.ID == chosen && (c.ID == p.ID || c.Right[questions.JA] == p.Right[questions.JA])
	})
}

func markOrdering(q *questions.Question, r Response) float64 {
	if len(r.Order) != len(q.Items) {
		return 0
	}
	ranks := map[string]int{}
	var expected []int
	for _, it := range q.Items {
		ranks[it.ID] = it.Rank
		expected = append(expected, it.Rank)
	}
	slices.Sort(expected)
	right := 0
	for i, id := range r.Order {
		if rank, known := ranks[id]; known && rank == expected[i] {
			right++
		}
		delete(ranks, id) // each item counts once
	}
	return share(right, len(q.Items))
}

func markSort(q *questions.Question, r Response) float64 {
	right := 0
	for _, it := range q.Items {
		if slices.Contains(it.Groups, r.Sorted[it.ID]) {
			right++
		}
	}
	return share(right, len(q.Items))
}

func share(right, all int) float64 {
	if all == 0 {
		return 0
	}
	return float64(right) / float64(all)
}

// bestAnswer is the fitting answer with the highest weight, or nil.
func bestAnswer(q *questions.Question, text string) *questions.Answer {
	var best *questions.Answer
	for i, a := range q.Answers {
		if fits(q, a, text) && (best == nil || a.Weight > best.Weight) {
			best = &q.Answers[i]
		}
	}
	return best
}

func fits(q *questions.Question, a questions.Answer, text string) bool {
	if q.Type == questions.Short {
		return Fold(text) != "" && Fold(text) == Fold(a.Text)
	}
	x, ok := Number(text, q.Unit)
	return ok && math.Abs(x-a.Value) <= a.Tolerance+1e-9*max(1, math.Abs(a.Value))
}

// Fold makes a short answer comparable: NFKC (UAX #15), without white space and
// letter case.
func Fold(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, norm.NFKC.String(s))
	return norm.NFKC.String(strings.ToLower(s))
}

// Number reads a number as people type it: full-width digits, separators every
// three digits, the unit behind it.
func Number(s, unit string) (float64, bool) {
	s = strings.TrimSuffix(Fold(s), Fold(unit))
	s = strings.NewReplacer(",", "", "、", "", "−", "-", "ー", "-").Replace(s)
	x, err := strconv.ParseFloat(s, 64)
	return x, err == nil && !math.IsNaN(x) && !math.IsInf(x, 0)
}

func formatNumber(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
