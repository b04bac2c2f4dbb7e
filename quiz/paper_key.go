package quiz

import (
	"cmp"
	"slices"
	"strconv"

	"tsunagari/courses"
	"tsunagari/courses/questions"
)

// Solved is a question on paper with its key, for the trainer.
type Solved struct {
	Asked
	Right       string // what is typed for the right answer
	Each        []Said // each option or line, in the order of the sheet
	Explanation questions.Text
}

// Key are the questions of Paper with their answers and the reasons.
func Key(rev *courses.Revision) []Solved {
	drawn := onPaper(rev)
	list := make([]Solved, len(drawn))
	for i, d := range drawn {
		q := rev.Question(d.ID)
		list[i] = Solved{Asked: ask(q, d, i+1, len(drawn)), Explanation: q.Explanation}
		list[i].solve(q, d)
	}
	return list
}

func (s *Solved) solve(q *questions.Question, d Drawn) {
	switch q.Type {
	case questions.Choice, questions.Multiple, questions.TrueFalse:
		for place, id := range d.Show {
			o := option(q, id)
			if s.Each = append(s.Each, Said{About: o.Text, Text: o.Feedback, Right: o.Right()}); o.Right() {
				s.Right += strconv.Itoa(place + 1)
			}
		}
	case questions.Matching:
		for _, p := range lefts(q) {
			place := slices.IndexFunc(d.Show, func(id string) bool { return samePartner(q, p, id) })
			s.line(place+1, Said{About: joined(p.Left, " ― ", p.Right), Text: p.Feedback, Right: true})
		}
	case questions.Sort:
		for _, id := range d.Show {
			it := item(q, id)
			place := slices.IndexFunc(q.Groups, func(g questions.Group) bool { return slices.Contains(it.Groups, g.ID) })
			s.line(place+1, Said{About: joined(it.Text, " ― ", groupTexts(q, it)), Text: it.Feedback, Right: true})
		}
	case questions.Ordering:
		s.order(q, d)
	case questions.Short, questions.Numerical:
		_, solution := reviewText(q, Response{})
		if len(solution) > 0 {
			s.Right = solution[0].In(questions.JA)
		}
	}
}

func (s *Solved) line(digit int, said Said) {
	s.Right += strconv.Itoa(digit)
	s.Each = append(s.Each, said)
}

// order numbers the lines in the right order; of two that may stand either way
// the one that was written first is first.
func (s *Solved) order(q *questions.Question, d Drawn) {
	items := slices.Clone(q.Items)
	slices.SortStableFunc(items, func(a, b questions.Item) int { return cmp.Compare(a.Rank, b.Rank) })
	for _, id := range d.Show {
		place := slices.IndexFunc(items, func(it questions.Item) bool { return it.ID == id })
		s.line(place+1, Said{About: items[place].Text, Text: items[place].Feedback, Right: true})
	}
}
