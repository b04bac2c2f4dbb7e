package quiz

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"tsunagari/courses"
	"tsunagari/courses/questions"
)

// Held is one attempt with all its answers, for the person to read.
type Held struct {
	Course, Quiz string // titles
	Round        int
	StartedAt    time.Time
	DoneAt       *time.Time
	Score        float64 // 0 to 1, once done
	Understood   int     // questions answered fully right, once done
	Typed        bool    // by a trainer, from paper
	Answers      []HeldAnswer
}

// HeldAnswer is one question that was asked, and what was answered.
type HeldAnswer struct {
	Number      int
	Question    string
	Answer      []string // part by part, in words
	AnsweredAt  *time.Time
	ConfirmedAt *time.Time
	Marked      bool // a reflection never is, others once confirmed: before, the score would tell what is right
	Score       float64
}

// Held are all attempts of the account, the oldest first.
func (z *Quizzes) Held(ctx context.Context, accountID string) ([]Held, error) {
	db := z.db.Read(ctx)
	var attempts []Attempt
	if err := db.Where("account_id = ?", accountID).Order("started_at, round, id").Find(&attempts).Error; err != nil {
		return nil, err
	}
	list := make([]Held, 0, len(attempts))
	for _, a := range attempts {
		rev, err := z.courses.RevisionTx(db, a.RevisionID)
		if err != nil {
			return nil, err
		}
		answers, err := answersOf(db, a.ID)
		if err != nil {
			return nil, err
		}
		h := Held{
			Course: words(rev.Title), Quiz: quizTitle(rev, a.Quiz), Round: a.Round,
			StartedAt: a.StartedAt, DoneAt: a.DoneAt, Score: a.Score, Understood: a.Understood, Typed: a.TypedBy != "",
		}
		for i, d := range a.Drawn {
			kept, there := answers[i]
			h.Answers = append(h.Answers, heldAnswer(rev.Question(d.ID), i+1, kept, there))
		}
		list = append(list, h)
	}
	return list, nil
}

func quizTitle(rev *courses.Revision, quiz string) string {
	if m, err := rev.Module(strings.TrimPrefix(quiz, checkPrefix)); err == nil {
		return words(m.Title) + "の確認"
	}
	return "まとめの確認"
}

func heldAnswer(q *questions.Question, number int, kept answer, there bool) HeldAnswer {
	h := HeldAnswer{Number: number}
	if q != nil {
		h.Question = words(q.Text)
	}
	if !there {
		return h
	}
	h.AnsweredAt, h.ConfirmedAt = &kept.AnsweredAt, kept.ConfirmedAt
	if q == nil {
		return h
	}
	h.Answer = inWords(q, kept.Response)
	if h.Marked = kept.ConfirmedAt != nil && marked(q); h.Marked {
		h.Score = kept.Score
	}
	return h
}

// inWords is an answer part by part, as it was shown: words, no ids.
func inWords(q *questions.Question, r Response) (parts []string) {
	for _, o := range q.Options {
		if slices.Contains(r.Options, o.ID) {
			parts = append(parts, words(o.Text))
		}
	}
	for _, left := range lefts(q) {
		for _, right := range q.Pairs {
			if right.ID == r.Pairs[left.ID] {
				parts = append(parts, words(left.Left)+" ― "+words(right.Right))
			}
		}
	}
	for _, it := range q.Items {
		for _, g := range q.Groups {
			if g.ID == r.Sorted[it.ID] {
				parts = append(parts, words(it.Text)+" ― "+words(g.Text))
			}
		}
	}
	for i, id := range r.Order {
		for _, it := range q.Items {
			if it.ID == id {
				parts = append(parts, strconv.Itoa(i+1)+"番目 ― "+words(it.Text))
			}
		}
	}
	if r.Text != "" {
		parts = append(parts, r.Text+q.Unit)
	}
	return parts
}

// words is the standard text without markup.
func words(t questions.Text) string { return courses.Plain(t.In(questions.JA)) }
