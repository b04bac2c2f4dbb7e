package quiz

import (
	"math/rand/v2"
	"slices"

	"tsunagari/courses"
	"tsunagari/courses/questions"
)

// Drawn is one question of an attempt and the order in which its parts are
// shown. The browser sees places in that order, never ids, so that neither tells
// the key.
type Drawn struct {
	ID   string   `json:"id"`
	Show []string `json:"show,omitempty"` // option ids; matching: pair ids of the right sides; item ids
}

// draw takes n questions, as evenly over the groups as they allow, and shuffles
// them and their parts. The same source draws the same.
func draw(rnd *rand.Rand, groups [][]*questions.Question, n int) []Drawn {
	return deal(rnd, pick(rnd, groups, n))
}

// drawQuotas draws まとめの確認: first what its quotas ask for, then the rest evenly
// over the modules.
func drawQuotas(rnd *rand.Rand, rev *courses.Revision) []Drawn {
	var picked []*questions.Question
	for _, quota := range rev.Closing.Draw {
		groups := left(closingPool(rev), func(q *questions.Question) bool {
			return quota.Takes(moduleOf(rev, q), q) && !slices.Contains(picked, q)
		})
		picked = append(picked, pick(rnd, groups, quota.Questions)...)
	}
	rest := left(closingPool(rev), func(q *questions.Question) bool { return !slices.Contains(picked, q) })
	return deal(rnd, append(picked, pick(rnd, rest, rev.Closing.Questions-len(picked))...))
}

// left are the questions of the groups that may still be taken.
func left(groups [][]*questions.Question, may func(q *questions.Question) bool) [][]*questions.Question {
	var out [][]*questions.Question
	for _, g := range groups {
		if g = slices.DeleteFunc(g, func(q *questions.Question) bool { return !may(q) }); len(g) > 0 {
			out = append(out, g)
		}
	}
	return out
}

func moduleOf(rev *courses.Revision, q *questions.Question) string {
	for _, m := range rev.Modules {
		if slices.Contains(m.Questions, q) {
			return m.ID
		}
	}
	return ""
}

func pick(rnd *rand.Rand, groups [][]*questions.Question, n int) []*questions.Question {
	for _, g := range groups {
		rnd.Shuffle(len(g), func(i, j int) { g[i], g[j] = g[j], g[i] })
	}
	rnd.Shuffle(len(groups), func(i, j int) { groups[i], groups[j] = groups[j], groups[i] })
	var picked []*questions.Question
	for depth := 0; len(picked) < n; depth++ {
		before := len(picked)
		for _, g := range groups {
			if depth < len(g) && len(picked) < n {
				picked = append(picked, g[depth])
			}
		}
		if len(picked) == before {
			break
		}
	}
	return picked
}

func deal(rnd *rand.Rand, picked []*questions.Question) []Drawn {
	rnd.Shuffle(len(picked), func(i, j int) { picked[i], picked[j] = picked[j], picked[i] })
	drawn := make([]Drawn, len(picked))
	for i, q := range picked {
		drawn[i] = shown(rnd, q)
	}
	return drawn
}

// shown shuffles the parts of q. 「はい」 stays before 「いいえ」.
func shown(rnd *rand.Rand, q *questions.Question) Drawn {
	d := Drawn{ID: q.ID, Show: shownIDs(q)}
	if q.Type != questions.TrueFalse {
		rnd.Shuffle(len(d.Show), func(i, j int) { d.Show[i], d.Show[j] = d.Show[j], d.Show[i] })
	}
	return d
}

// shownIDs are the ids of the parts of q that are shown, in the order of the file.
func shownIDs(q *questions.Question) (ids []string) {
	for _, o := range q.Options {
		ids = append(ids, o.ID)
	}
	for _, p := range q.Pairs {
		ids = append(ids, p.ID)
	}
	for _, it := range q.Items {
		ids = append(ids, it.ID)
	}
	return ids
}

// checkPool is the module's bank by lesson, closingPool the course's by module.
func checkPool(m *courses.Module) [][]*questions.Question {
	return pool(m.Questions, questions.InCheck, func(q *questions.Question) string { return q.Lesson })
}

func closingPool(r *courses.Revision) [][]*questions.Question {
	var groups [][]*questions.Question
	for _, m := range r.Modules {
		groups = append(groups, pool(m.Questions, questions.InClosing, func(*questions.Question) string { return "" })...)
	}
	return groups
}

func pool(bank []*questions.Question, use questions.Use, key func(*questions.Question) string) [][]*questions.Question {
	var groups [][]*questions.Question
	at := map[string]int{}
	for _, q := range bank {
		if !q.For(use) {
			continue
		}
		i, known := at[key(q)]
		if !known {
			i = len(groups)
			at[key(q)] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], q)
	}
	return groups
}
