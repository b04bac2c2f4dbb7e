package quiz

import (
	"slices"

	"tsunagari/courses/questions"
)

// Given is an answer as the browser sends it: by the places in which things were
// shown.
type Given struct {
	Chosen []int  // choice, multiple, truefalse: places of the chosen options
	Placed []int  // for each left side or item as shown: the place of its right side, its group, or its rank from 1; -1 when empty
	Text   string // short, numerical, reflection
}

// Asked is a question as it may reach a browser before its answer is confirmed:
// without key, weights, feedback or telling ids.
type Asked struct {
	Number, Total int // from 1
	Type          questions.Type
	Text          questions.Text
	Options       []questions.Text // choice, multiple, truefalse
	Lines         []questions.Text // left sides of matching; items of ordering and sort
	Places        []questions.Text // right sides of matching; groups of sort
	Unit          string
	Given         *Given // what was answered so far, nil when nothing
	Sequence      int64  // of that answer
}

// Reviewed is a question after its answer was confirmed, with what is right and
// why.
type Reviewed struct {
	Asked
	Score       float64
	Right       bool
	Feedback    []Said // what is said to this answer
	Solution    []questions.Text
	Explanation questions.Text
	Lesson      string      // id of the lesson to read again
	Regraded    RegradeRule // how it was marked again because the question was wrong, "" if it was not
}

// Said is the feedback to one part of an answer. About is the part, empty when
// the answer has only one.
type Said struct {
	About, Text questions.Text
	Right       bool
}

func ask(q *questions.Question, d Drawn, number, total int) Asked {
	a := Asked{Number: number, Total: total, Type: q.Type, Text: q.Text, Unit: q.Unit}
	switch q.Type {
	case questions.Choice, questions.Multiple, questions.TrueFalse:
		for _, id := range d.Show {
			a.Options = append(a.Options, option(q, id).Text)
		}
	case questions.Matching:
		for _, p := range lefts(q) {
			a.Lines = append(a.Lines, p.Left)
		}
		for _, id := range d.Show {
			a.Places = append(a.Places, pair(q, id).Right)
		}
	case questions.Ordering, questions.Sort:
		for _, id := range d.Show {
			a.Lines = append(a.Lines, item(q, id).Text)
		}
		for _, g := range q.Groups {
			a.Places = append(a.Places, g.Text)
		}
	}
	return a
}

// response turns places into ids. Places that were never shown are left out;
// complete says whether every part is answered.
func response(q *questions.Question, d Drawn, g Given) (r Response, complete bool) {
	switch q.Type {
	case questions.Choice, questions.Multiple, questions.TrueFalse:
		for place, id := range d.Show {
			if slices.Contains(g.Chosen, place) {
				r.Options = append(r.Options, id)
			}
		}
		return r, len(r.Options) == 1 || q.Type == questions.Multiple && len(r.Options) > 1
	case questions.Matching:
		r.Pairs = map[string]string{}
		for i, p := range lefts(q) {
			if place := placed(g, i); place >= 0 && place < len(d.Show) {
				r.Pairs[p.ID] = d.Show[place]
			}
		}
		return r, len(r.Pairs) == len(lefts(q))
	case questions.Sort:
		r.Sorted = map[string]string{}
		for i, id := range d.Show {
			if place := placed(g, i); place >= 0 && place < len(q.Groups) {
				r.Sorted[id] = q.Groups[place].ID
			}
		}
		return r, len(r.Sorted) == len(d.Show)
	case questions.Ordering:
		r.Order = make([]string, len(d.Show))
		for i, id := range d.Show {
			if rank := placed(g, i); rank >= 1 && rank <= len(d.Show) && r.Order[rank-1] == "" {
				r.Order[rank-1] = id
			}
		}
		return r, !slices.Contains(r.Order, "")
	}
	r.Text = g.Text
	return r, Fold(g.Text) != ""
}

func placed(g Given, i int) int {
	if i < len(g.Placed) {
		return g.Placed[i]
	}
	return -1
}

// given turns ids back into the places where they are shown.
func given(q *questions.Question, d Drawn, r Response) *Given {
	g := Given{Text: r.Text}
	for i, id := range d.Show {
		if slices.Contains(r.Options, id) {
			g.Chosen = append(g.Chosen, i)
		}
	}
	switch q.Type {
	case questions.Matching:
		for _, p := range lefts(q) {
			g.Placed = append(g.Placed, slices.Index(d.Show, r.Pairs[p.ID]))
		}
	case questions.Sort:
		for _, id := range d.Show {
			g.Placed = append(g.Placed, slices.IndexFunc(q.Groups, func(x questions.Group) bool { return x.ID == r.Sorted[id] }))
		}
	case questions.Ordering:
		for _, id := range d.Show {
			rank := slices.Index(r.Order, id) + 1
			if rank == 0 {
				rank = -1
			}
			g.Placed = append(g.Placed, rank)
		}
	}
	return &g
}

func lefts(q *questions.Question) []questions.Pair {
	var l []questions.Pair
	for _, p := range q.Pairs {
		if len(p.Left) > 0 {
			l = append(l, p)
		}
	}
	return l
}

func option(q *questions.Question, id string) questions.Option {
	return q.Options[slices.IndexFunc(q.Options, func(o questions.Option) bool { return o.ID == id })]
}

func pair(q *questions.Question, id string) questions.Pair {
	return q.Pairs[slices.IndexFunc(q.Pairs, func(p questions.Pair) bool { return p.ID == id })]
}

func item(q *questions.Question, id string) questions.Item {
	return q.Items[slices.IndexFunc(q.Items, func(it questions.Item) bool { return it.ID == id })]
}
