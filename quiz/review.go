package quiz

import (
	"cmp"
	"slices"

	"tsunagari/courses/questions"
)

// review explains a confirmed answer.
func review(q *questions.Question, d Drawn, r Response, asked Asked) Reviewed {
	score := Mark(q, r)
	v := Reviewed{Asked: asked, Score: score, Right: understood(q, score), Explanation: q.Explanation, Lesson: q.Lesson}
	switch q.Type {
	case questions.Choice, questions.Multiple, questions.TrueFalse:
		v.Feedback, v.Solution = reviewOptions(q, d, r)
	case questions.Matching:
		for _, p := range lefts(q) {
			v.Feedback = append(v.Feedback, Said{About: p.Left, Text: p.Feedback, Right: samePartner(q, p, r.Pairs[p.ID])})
			v.Solution = append(v.Solution, joined(p.Left, " ― ", p.Right))
		}
	case questions.Sort:
		for _, id := range d.Show {
			it := item(q, id)
			v.Feedback = append(v.Feedback, Said{About: it.Text, Text: it.Feedback, Right: slices.Contains(it.Groups, r.Sorted[id])})
			v.Solution = append(v.Solution, joined(it.Text, " ― ", groupTexts(q, it)))
		}
	case questions.Ordering:
		v.Feedback, v.Solution = reviewOrder(q, r)
	case questions.Short, questions.Numerical:
		v.Feedback, v.Solution = reviewText(q, r)
	}
	return v
}

// Solution says what is right, for whoever may edit the question.
func Solution(q *questions.Question) []questions.Text {
	return review(q, Drawn{ID: q.ID, Show: shownIDs(q)}, Response{}, Asked{}).Solution
}

func reviewOptions(q *questions.Question, d Drawn, r Response) (said []Said, solution []questions.Text) {
	for _, id := range d.Show {
		o := option(q, id)
		if slices.Contains(r.Options, id) {
			s := Said{Text: o.Feedback, Right: o.Right()}
			if q.Type == questions.Multiple {
				s.About = o.Text
			}
			said = append(said, s)
		} else if q.Type == questions.Multiple && o.Right() { // what was left out
			said = append(said, Said{About: o.Text, Text: o.Feedback})
		}
		if o.Right() {
			solution = append(solution, o.Text)
		}
	}
	return said, solution
}

func reviewOrder(q *questions.Question, r Response) (said []Said, solution []questions.Text) {
	items := slices.Clone(q.Items)
	slices.SortStableFunc(items, func(a, b questions.Item) int { return cmp.Compare(a.Rank, b.Rank) })
	for i, it := range items {
		there := i < len(r.Order) && r.Order[i] != "" && slices.ContainsFunc(q.Items, func(x questions.Item) bool {
			return x.ID == r.Order[i] && x.Rank == it.Rank
		})
		said = append(said, Said{About: it.Text, Text: it.Feedback, Right: there})
		solution = append(solution, it.Text)
	}
	return said, solution
}

func reviewText(q *questions.Question, r Response) (said []Said, solution []questions.Text) {
	if a := bestAnswer(q, r.Text); a != nil {
		said = append(said, Said{Text: a.Feedback, Right: a.Weight >= Full})
	} else {
		said = append(said, Said{Text: q.Otherwise})
	}
	for _, a := range q.Answers {
		if a.Weight >= Full {
			text := a.Text
			if q.Type == questions.Numerical {
				text = formatNumber(a.Value) + q.Unit
			}
			return said, []questions.Text{{questions.JA: text}}
		}
	}
	return said, nil
}

func joined(a questions.Text, between string, b questions.Text) questions.Text {
	t := questions.Text{}
	for _, lang := range []questions.Lang{questions.JA, questions.Easy} {
		t[lang] = a.In(lang) + between + b.In(lang)
	}
	return t
}

func groupTexts(q *questions.Question, it questions.Item) questions.Text {
	var t questions.Text
	for _, g := range q.Groups {
		if !slices.Contains(it.Groups, g.ID) {
			continue
		}
		if t == nil {
			t = g.Text
		} else {
			t = joined(t, "・", g.Text)
		}
	}
	return t
}
