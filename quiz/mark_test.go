package quiz

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"tsunagari/courses/questions"
)

func text(s string) questions.Text { return questions.Text{questions.JA: s} }

func options(weights ...float64) []questions.Option {
	var list []questions.Option
	for i, w := range weights {
		list = append(list, questions.Option{ID: fmt.Sprint(i + 1), Text: text(fmt.Sprint("選択肢", i+1)), Weight: w, Feedback: text(fmt.Sprint("説明", i+1))})
	}
	return list
}

func TestMark(t *testing.T) {
	choice := &questions.Question{Type: questions.Choice, Options: options(1, 0, 0.5, -1)}
	multiple := &questions.Question{Type: questions.Multiple, Options: options(0.5, 0.5, -0.5, -0.5)}
	thirds := &questions.Question{Type: questions.Multiple, Options: options(1.0/3, 1.0/3, 1.0/3)}
	matching := &questions.Question{Type: questions.Matching, Pairs: []questions.Pair{
		{ID: "1", Left: text("a"), Right: text("A")},
		{ID: "2", Left: text("b"), Right: text("B")},
		{ID: "3", Left: text("c"), Right: text("B")},
		{ID: "4", Right: text("余り")},
	}}
	ordering := &questions.Question{Type: questions.Ordering, Items: []questions.Item{
		{ID: "1", Rank: 1}, {ID: "2", Rank: 2}, {ID: "3", Rank: 2}, {ID: "4", Rank: 4},
	}}
	sorting := &questions.Question{Type: questions.Sort, Items: []questions.Item{{ID: "1", Groups: []string{"a"}}, {ID: "2", Groups: []string{"a", "b"}}}}
	short := &questions.Question{Type: questions.Short, Answers: []questions.Answer{{Text: "つながり", Weight: 1}, {Text: "きずな", Weight: 0.5}, {Text: "１２ Km", Weight: 1}}}
	number := &questions.Question{Type: questions.Numerical, Unit: "点", Answers: []questions.Answer{{Value: 1234, Tolerance: 0, Weight: 1}, {Value: 0.3, Tolerance: 0.1, Weight: 1}}}
	for _, c := range []struct {
		name string
		q    *questions.Question
		r    Response
		want float64
	}{
		{"the right choice", choice, Response{Options: []string{"1"}}, 1},
		{"half right", choice, Response{Options: []string{"3"}}, 0.5},
		{"a negative weight is no less than nothing", choice, Response{Options: []string{"4"}}, 0},
		{"two of one choice", choice, Response{Options: []string{"1", "2"}}, 0},
		{"nothing", choice, Response{}, 0},
		{"both of several", multiple, Response{Options: []string{"1", "2"}}, 1},
		{"one of several", multiple, Response{Options: []string{"1"}}, 0.5},
		{"one right and one wrong", multiple, Response{Options: []string{"1", "3"}}, 0},
		{"all ticked", multiple, Response{Options: []string{"1", "2", "3", "4"}}, 0},
		{"three thirds", thirds, Response{Options: []string{"1", "2", "3"}}, 1},
		{"matching, equal right sides may be swapped", matching, Response{Pairs: map[string]string{"1": "1", "2": "3", "3": "2"}}, 1},
		{"matching, one of three", matching, Response{Pairs: map[string]string{"1": "1", "2": "4"}}, 1.0 / 3},
		{"ordering, ties either way", ordering, Response{Order: []string{"1", "3", "2", "4"}}, 1},
		{"ordering, two in place", ordering, Response{Order: []string{"4", "2", "3", "1"}}, 0.5},
		{"ordering, the same item over and over", ordering, Response{Order: []string{"1", "1", "1", "4"}}, 0.5},
		{"sorting, either of two", sorting, Response{Sorted: map[string]string{"1": "a", "2": "b"}}, 1},
		{"sorting, half", sorting, Response{Sorted: map[string]string{"1": "b", "2": "b"}}, 0.5},
		{"short, as written", short, Response{Text: "つながり"}, 1},
		{"short, half-width katakana is not hiragana", short, Response{Text: "ﾂﾅｶﾞﾘ"}, 0},
		{"short, folded", short, Response{Text: " 12km "}, 1},
		{"short, worth half", short, Response{Text: "きずな"}, 0.5},
		{"number, full width, with comma and unit", number, Response{Text: "１,２３４ 点"}, 1},
		{"number, at the edge", number, Response{Text: "0.4"}, 1},
		{"number, beyond it", number, Response{Text: "0.41"}, 0},
		{"number, no number", number, Response{Text: "NaN"}, 0},
		{"reflection", &questions.Question{Type: questions.Reflection}, Response{Text: "…"}, 0},
	} {
		if got := Mark(c.q, c.r); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// anyQuestion draws a question of any marked type, and one in ten with no parts.
func anyQuestion(t *rapid.T) *questions.Question {
	q := &questions.Question{
		Type: rapid.SampledFrom([]questions.Type{questions.Choice, questions.Multiple, questions.TrueFalse, questions.Matching, questions.Ordering, questions.Sort, questions.Short, questions.Numerical, questions.Reflection}).Draw(t, "type"),
		Text: text("問い"),
	}
	n := rapid.IntRange(0, 6).Draw(t, "parts")
	for i := range n {
		id := fmt.Sprint(i + 1)
		switch q.Type {
		case questions.Choice, questions.Multiple, questions.TrueFalse:
			q.Options = append(q.Options, questions.Option{ID: id, Text: text(id), Weight: rapid.Float64Range(-1, 1).Draw(t, "weight")})
		case questions.Matching:
			p := questions.Pair{ID: id, Left: text("l" + id), Right: text("r" + id)}
			if i > 3 {
				p.Left = nil
			}
			q.Pairs = append(q.Pairs, p)
		case questions.Ordering:
			q.Items = append(q.Items, questions.Item{ID: id, Text: text(id), Rank: rapid.IntRange(1, n).Draw(t, "rank")})
		case questions.Sort:
			if i == 0 {
				q.Groups = []questions.Group{{ID: "a", Text: text("A")}, {ID: "b", Text: text("B")}}
			}
			q.Items = append(q.Items, questions.Item{ID: id, Text: text(id), Groups: rapid.SampledFrom([][]string{{"a"}, {"b"}, {"a", "b"}}).Draw(t, "groups")})
		default:
			q.Answers = append(q.Answers, questions.Answer{Text: "答" + id, Value: float64(i), Weight: rapid.Float64Range(0, 1).Draw(t, "weight")})
		}
	}
	return q
}

func anyGiven(t *rapid.T) Given {
	return Given{
		Chosen: rapid.SliceOfN(rapid.IntRange(-2, 8), 0, 8).Draw(t, "chosen"),
		Placed: rapid.SliceOfN(rapid.IntRange(-2, 8), 0, 8).Draw(t, "placed"),
		Text:   rapid.String().Draw(t, "text"),
	}
}

// Whatever a browser sends, a mark is between 0 and 1, and what is kept is
// shown again where it was given.
func TestAnyAnswer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q, g := anyQuestion(t), anyGiven(t)
		d := shown(rapidRand(t), q)
		r, complete := response(q, d, g)
		if m := Mark(q, r); m < 0 || m > 1 || math.IsNaN(m) {
			t.Fatalf("mark %v", m)
		}
		again, completeAgain := response(q, d, *given(q, d, r))
		if fmt.Sprint(again) != fmt.Sprint(r) || completeAgain != complete {
			t.Fatalf("%+v is shown again as %+v", r, again)
		}
		review(q, d, r, ask(q, d, 1, 1))
	})
}

// The key itself is always fully right, and review says so for each part.
func TestTheKeyIsRight(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := anyQuestion(t)
		r := Response{Pairs: map[string]string{}, Sorted: map[string]string{}}
		switch q.Type {
		case questions.Matching:
			for _, p := range q.Pairs {
				r.Pairs[p.ID] = p.ID
			}
		case questions.Ordering:
			for rank := 1; rank <= len(q.Items); rank++ {
				for _, it := range q.Items {
					if it.Rank == rank {
						r.Order = append(r.Order, it.ID)
					}
				}
			}
		case questions.Sort:
			for _, it := range q.Items {
				r.Sorted[it.ID] = it.Groups[0]
			}
		default:
			t.Skip("marked by weights")
		}
		d := shown(rapidRand(t), q)
		v := review(q, d, r, ask(q, d, 1, 1))
		if len(v.Feedback) > 0 && !v.Right {
			t.Fatalf("the key has mark %v", v.Score)
		}
		for _, s := range v.Feedback {
			if !s.Right {
				t.Fatalf("the key is said to be wrong about %v", s.About)
			}
		}
	})
}

func FuzzNumber(f *testing.F) {
	for _, s := range []string{"12", "１２", "1,234点", "-3", "−3", "1e9", "Inf", "0x10", "点"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if x, ok := Number(s, "点"); ok && (math.IsNaN(x) || math.IsInf(x, 0)) {
			t.Errorf("%q is %v", s, x)
		}
	})
}
