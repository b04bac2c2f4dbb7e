package quiz

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"golang.org/x/text/unicode/norm"
	"gorm.io/gorm"

	"tsunagari/courses"
	"tsunagari/courses/questions"
	"tsunagari/storage"
)

// onPaper is まとめの確認 of an edition as its 授業パック prints it: the same questions
// in the same order on every sheet.
func onPaper(rev *courses.Revision) []Drawn {
	if rev.Class == nil {
		return nil
	}
	var drawn []Drawn
	for _, q := range rev.Class.Paper.Questions {
		drawn = append(drawn, Drawn{ID: q.Question.ID, Show: q.Show})
	}
	return drawn
}

// Paper are the questions of まとめの確認 on paper, in the order of the sheet. What is
// typed for one is the circled numbers of its options from 1; with several lines
// one digit a line; what was written for a short answer.
func Paper(rev *courses.Revision) []Asked {
	drawn := onPaper(rev)
	list := make([]Asked, len(drawn))
	for i, d := range drawn {
		list[i] = ask(rev.Question(d.ID), d, i+1, len(drawn))
	}
	return list
}

// TypedError says that what was typed for one question is no answer to it.
type TypedError struct {
	Number int // of the question, from 1
	Most   int // the largest digit
	Digits int // how many digits it takes, 0 for any number
}

func (e *TypedError) Error() string { return fmt.Sprintf("quiz: no answer to question %d", e.Number) }

// read turns what was typed for one question into an answer; "" and 0 are none.
func read(q *questions.Question, a Asked, typed string) (Given, error) {
	switch q.Type {
	case questions.Short, questions.Numerical, questions.Reflection:
		return Given{Text: typed}, nil
	}
	typed = strings.Join(strings.Fields(norm.NFKC.String(typed)), "")
	if strings.Trim(typed, "0") == "" {
		return Given{}, nil
	}
	e := &TypedError{Number: a.Number, Most: max(len(a.Options), len(a.Places)), Digits: len(a.Lines)}
	first := 1 // the number of the first place
	switch q.Type {
	case questions.Ordering:
		e.Most, first = len(a.Lines), 0 // ranks are numbers from 1
	case questions.Choice, questions.TrueFalse:
		e.Digits = 1
	}
	if e.Digits > 0 && len(typed) != e.Digits {
		return Given{}, e
	}
	var g Given
	for _, r := range typed {
		n := int(r - '0')
		if n < 0 || n > e.Most {
			return Given{}, e
		}
		g.Chosen, g.Placed = append(g.Chosen, n-1), append(g.Placed, n-first)
	}
	return g, nil
}

// Typed keeps what somebody answered to まとめの確認 on paper as one go that is done,
// with who typed it, and reports the step when the rule of the quiz is met. Errors:
// *TypedError; storage.ErrNotFound where there are not as many answers as questions.
func (z *Quizzes) Typed(tx *gorm.DB, accountID string, rev *courses.Revision, by string, answers []string) error {
	drawn := onPaper(rev)
	if len(answers) != len(drawn) || len(drawn) == 0 {
		return storage.ErrNotFound
	}
	e, err := z.courses.Enrol(tx, accountID, rev.CourseID)
	if err != nil {
		return err
	}
	var before int64
	if err := tx.Model(&Attempt{}).Where("enrolment_id = ? AND quiz = ?", e.ID, Closing).Count(&before).Error; err != nil {
		return err
	}
	now := tx.NowFunc()
	a := &Attempt{
		ID: uuid.NewString(), AccountID: accountID, EnrolmentID: e.ID, RevisionID: rev.ID, Quiz: Closing,
		Round: int(before) + 1, Drawn: drawn, StartedAt: now, DoneAt: &now, TypedBy: by,
	}
	if err := tx.Create(a).Error; err != nil {
		return err
	}
	kept := map[int]answer{}
	for i, d := range drawn {
		q := rev.Question(d.ID)
		g, err := read(q, ask(q, d, i+1, len(drawn)), answers[i])
		if err != nil {
			return err
		}
		r, _ := response(q, d, g)
		row := answer{AttemptID: a.ID, Position: i, Response: r, Sequence: 1, AnsweredAt: now, ConfirmedAt: &now, Score: Mark(q, r)}
		if err := tx.Create(&row).Error; err != nil {
			return err
		}
		kept[i] = row
	}
	return z.finish(tx, a, rev, kept)
}

// TypedPaper is what came of somebody's answers on paper.
type TypedPaper struct {
	AccountID      string
	Understood, Of int
	Met            bool
	By             string // who typed it
}

// PapersOf are the newest goes at まとめの確認 of an edition that were typed from
// paper for these accounts.
func (z *Quizzes) PapersOf(ctx context.Context, rev *courses.Revision, accountIDs []string) (map[string]TypedPaper, error) {
	var list []Attempt
	err := z.db.Read(ctx).Where("account_id IN ? AND revision_id = ? AND quiz = ? AND typed_by <> ''", accountIDs, rev.ID, Closing).
		Order("started_at, round").Find(&list).Error
	papers := map[string]TypedPaper{}
	for _, a := range list {
		papers[a.AccountID] = TypedPaper{a.AccountID, a.Understood, len(a.Drawn), a.Met(rev), a.TypedBy}
	}
	return papers, err
}
