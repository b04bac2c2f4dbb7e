package quiz

import (
	"context"
	"strings"

	"tsunagari/courses"
)

// View is an attempt as its owner sees it.
type View struct {
	*Attempt
	Revision *courses.Revision
	Module   *courses.Module // nil for まとめの確認
	Answered []bool          // by question
	answers  map[int]answer
	again    map[int]*regradeKey // how answers were marked again
}

// View is the account's attempt, or storage.ErrNotFound.
func (z *Quizzes) View(ctx context.Context, accountID, attemptID string) (*View, error) {
	db := z.db.Read(ctx)
	var a Attempt
	if err := db.Where("id = ? AND account_id = ?", attemptID, accountID).Take(&a).Error; err != nil {
		return nil, err
	}
	rev, err := z.courses.RevisionTx(db, a.RevisionID)
	if err != nil {
		return nil, err
	}
	v := &View{Attempt: &a, Revision: rev, Answered: make([]bool, len(a.Drawn))}
	if id, isCheck := strings.CutPrefix(a.Quiz, checkPrefix); isCheck {
		if v.Module, err = rev.Module(id); err != nil {
			return nil, err
		}
	}
	if v.answers, err = answersOf(db, a.ID); err != nil {
		return nil, err
	}
	if v.again, err = z.regradeKeys(db, v.answers); err != nil {
		return nil, err
	}
	for i, d := range a.Drawn {
		kept, there := v.answers[i]
		v.Answered[i] = there && (kept.ConfirmedAt != nil || !Immediate(rev, a.Quiz) && complete(rev.Question(d.ID), d, kept.Response))
	}
	return v, nil
}

// Confirmed says whether the answer to question number n is confirmed.
func (v *View) Confirmed(n int) bool { return v.answers[n-1].ConfirmedAt != nil }

// Next is the number of the first question left behind question number after,
// then from the beginning, and false when none is left.
func (v *View) Next(after int) (int, bool) {
	for i := range v.Answered {
		n := (max(after, 0)+i)%len(v.Answered) + 1
		if !v.Answered[n-1] {
			return n, true
		}
	}
	return len(v.Answered), false
}

// Ask is question number n, from 1, as it may be shown before it is confirmed.
func (v *View) Ask(n int) Asked {
	d := v.Drawn[n-1]
	q := v.Revision.Question(d.ID)
	a := ask(q, d, n, len(v.Drawn))
	if kept, there := v.answers[n-1]; there {
		a.Given, a.Sequence = given(q, d, kept.Response), kept.Sequence
	}
	return a
}

// Review is question number n with its feedback, and false before its answer is
// confirmed.
func (v *View) Review(n int) (Reviewed, bool) {
	kept := v.answers[n-1]
	if kept.ConfirmedAt == nil {
		return Reviewed{}, false
	}
	d := v.Drawn[n-1]
	q, asked := v.Revision.Question(d.ID), v.Ask(n)
	again := v.again[n-1]
	if again != nil && again.question != nil {
		q, asked = again.question, ask(again.question, d, n, len(v.Drawn))
		asked.Given, asked.Sequence = given(q, d, kept.Response), kept.Sequence
	}
	r := review(q, d, kept.Response, asked)
	if again != nil {
		r.Score, r.Right, r.Regraded = kept.Score, understood(q, kept.Score), again.rule
	}
	return r, true
}

// Missed are the reviews of what was not fully right in a finished attempt.
func (v *View) Missed() []Reviewed {
	var list []Reviewed
	for n := range v.Drawn {
		if r, ok := v.Review(n + 1); ok && !r.Right {
			list = append(list, r)
		}
	}
	return list
}
