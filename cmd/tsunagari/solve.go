package main

import (
	"cmp"
	"slices"
	"strconv"

	"tsunagari/courses/questions"
	"tsunagari/quiz"
)

// solve answers a drawn question as the browser would: fully right, or not.
func solve(q *questions.Question, d quiz.Drawn, right bool) quiz.Given {
	var g quiz.Given
	switch q.Type {
	case questions.Choice, questions.Multiple, questions.TrueFalse:
		for place, id := range d.Show {
			i := slices.IndexFunc(q.Options, func(o questions.Option) bool { return o.ID == id })
			if q.Options[i].Right() == right && (right || len(g.Chosen) == 0) {
				g.Chosen = append(g.Chosen, place)
			}
		}
		if len(g.Chosen) == 0 {
			g.Chosen = []int{0} // where every option is right, or wrong
		}
		return g
	case questions.Matching:
		for _, p := range q.Pairs {
			if len(p.Left) > 0 {
				g.Placed = append(g.Placed, slices.Index(d.Show, p.ID))
			}
		}
	case questions.Sort:
		for _, id := range d.Show {
			i := slices.IndexFunc(q.Items, func(it questions.Item) bool { return it.ID == id })
			g.Placed = append(g.Placed, slices.IndexFunc(q.Groups, func(x questions.Group) bool { return x.ID == q.Items[i].Groups[0] }))
		}
	case questions.Ordering:
		g.Placed = ranks(q, d)
	default:
		g.Text = typed(q)
	}
	if !right {
		g.Placed = rotated(g.Placed)
		g.Text += "？"
	}
	return g
}

// ranks are the places of the items, as shown, in the right order.
func ranks(q *questions.Question, d quiz.Drawn) []int {
	items := slices.Clone(q.Items)
	slices.SortStableFunc(items, func(a, b questions.Item) int { return cmp.Compare(a.Rank, b.Rank) })
	var places []int
	for _, id := range d.Show {
		places = append(places, 1+slices.IndexFunc(items, func(it questions.Item) bool { return it.ID == id }))
	}
	return places
}

func typed(q *questions.Question) string {
	for _, a := range q.Answers {
		if a.Weight >= quiz.Full && q.Type == questions.Numerical {
			return strconv.FormatFloat(a.Value, 'f', -1, 64)
		} else if a.Weight >= quiz.Full {
			return a.Text
		}
	}
	return "人の話をゆっくり聞いてみたいと思いました。" // a reflection
}

// rotated gives every line its neighbour's place.
func rotated(places []int) []int {
	if len(places) < 2 {
		return places
	}
	return append(slices.Clone(places[1:]), places[0])
}
