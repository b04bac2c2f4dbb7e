package quiz

import (
	"context"
	"errors"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"tsunagari/courses"
	"tsunagari/courses/questions"
	"tsunagari/storage"
)

// Answer keeps what was answered to question number n, from 1: the newest
// sequence wins, so that going back and changing one's mind always works;
// sequence 0 is after everything so far, for a form without a device's clock. It
// never says whether the answer is right. Errors: storage.ErrNotFound for
// somebody else's attempt, ErrConfirmed.
func (z *Quizzes) Answer(ctx context.Context, accountID, attemptID string, n int, g Given, sequence int64) error {
	return z.db.Tx(ctx, func(tx *gorm.DB) error {
		a, _, q, err := z.question(tx, accountID, attemptID, n)
		if err != nil {
			return err
		}
		r, _ := response(q, a.Drawn[n-1], g)
		return keep(tx, a, n, r, sequence)
	})
}

func keep(tx *gorm.DB, a *Attempt, n int, r Response, sequence int64) error {
	if a.DoneAt != nil {
		return ErrConfirmed
	}
	if sequence == 0 {
		var newest int64
		err := tx.Model(&answer{}).Where("attempt_id = ? AND position = ?", a.ID, n-1).Select("coalesce(max(sequence), 0)").Scan(&newest).Error
		if err != nil {
			return err
		}
		sequence = newest + 1
	}
	row := answer{AttemptID: a.ID, Position: n - 1, Response: r, Sequence: sequence, AnsweredAt: tx.NowFunc()}
	res := tx.Clauses(clause.OnConflict{
		Columns:   []clause.Column{{Name: "attempt_id"}, {Name: "position"}},
		DoUpdates: clause.AssignmentColumns([]string{"response", "sequence", "answered_at"}),
		Where:     clause.Where{Exprs: []clause.Expression{clause.Expr{SQL: "answers.confirmed_at IS NULL AND answers.sequence <= excluded.sequence"}}},
	}).Create(&row)
	if res.Error != nil || res.RowsAffected == 1 {
		return res.Error
	}
	var kept answer
	if err := tx.Where("attempt_id = ? AND position = ?", a.ID, n-1).Take(&kept).Error; err != nil {
		return err
	}
	if kept.ConfirmedAt != nil {
		return ErrConfirmed
	}
	return nil // an older answer came late
}

// Confirm keeps the answer to question number n for good, so that its feedback
// may be shown; confirming again changes nothing. Where the answer to the last
// question is confirmed, the attempt is done and the step reported. Only quizzes
// that show feedback at once are confirmed (see Immediate). Errors: as Answer,
// and ErrIncomplete; the answer is kept then.
func (z *Quizzes) Confirm(ctx context.Context, accountID, attemptID string, n int, g Given, sequence int64) error {
	incomplete := false
	err := z.db.Tx(ctx, func(tx *gorm.DB) error {
		a, rev, q, err := z.question(tx, accountID, attemptID, n)
		if err != nil {
			return err
		}
		if !Immediate(rev, a.Quiz) {
			return storage.ErrNotFound
		}
		r, complete := response(q, a.Drawn[n-1], g)
		if err := keep(tx, a, n, r, sequence); errors.Is(err, ErrConfirmed) {
			return nil
		} else if err != nil {
			return err
		}
		if incomplete = !complete; incomplete {
			return nil
		}
		err = tx.Model(&answer{}).Where("attempt_id = ? AND position = ?", a.ID, n-1).
			Updates(map[string]any{"confirmed_at": tx.NowFunc(), "score": Mark(q, r)}).Error
		if err != nil {
			return err
		}
		return z.finishIfAnswered(tx, a, rev)
	})
	if err == nil && incomplete {
		return ErrIncomplete
	}
	return err
}

func (z *Quizzes) finishIfAnswered(tx *gorm.DB, a *Attempt, rev *courses.Revision) error {
	answers, err := answersOf(tx, a.ID)
	if err != nil {
		return err
	}
	for i := range a.Drawn {
		if answers[i].ConfirmedAt == nil {
			return nil
		}
	}
	return z.finish(tx, a, rev, answers)
}

// Submit ends an attempt of a quiz that is marked as a whole. Once submitted,
// again changes nothing. Error: ErrNotAnswered while a question has no answer.
func (z *Quizzes) Submit(ctx context.Context, accountID, attemptID string) error {
	return z.db.Tx(ctx, func(tx *gorm.DB) error {
		a, rev, err := z.own(tx, accountID, attemptID)
		if err != nil || a.DoneAt != nil {
			return err
		}
		answers, err := answersOf(tx, a.ID)
		if err != nil {
			return err
		}
		if Immediate(rev, a.Quiz) {
			return ErrNotAnswered
		}
		now := tx.NowFunc()
		for i, d := range a.Drawn {
			kept, there := answers[i]
			q := rev.Question(d.ID)
			if !there || !complete(q, d, kept.Response) {
				return ErrNotAnswered
			}
			kept.Score, kept.ConfirmedAt = Mark(q, kept.Response), &now
			answers[i] = kept
			err := tx.Model(&answer{}).Where("attempt_id = ? AND position = ?", a.ID, i).
				Updates(map[string]any{"confirmed_at": now, "score": kept.Score}).Error
			if err != nil {
				return err
			}
		}
		return z.finish(tx, a, rev, answers)
	})
}

func complete(q *questions.Question, d Drawn, r Response) bool {
	_, ok := response(q, d, *given(q, d, r))
	return ok
}

// finish keeps the result and reports the step when the quiz's rule is met.
func (z *Quizzes) finish(tx *gorm.DB, a *Attempt, rev *courses.Revision, answers map[int]answer) error {
	a.Score, a.Understood = result(rev, a.Drawn, answers)
	now := tx.NowFunc()
	a.DoneAt = &now
	err := tx.Model(&Attempt{}).Where("id = ?", a.ID).
		Updates(map[string]any{"done_at": now, "score": a.Score, "understood": a.Understood}).Error
	if err != nil || !a.Met(rev) {
		return err
	}
	if a.Quiz == Closing {
		_, err = z.courses.ClosingDone(tx, a.AccountID, rev)
		return err
	}
	m, err := rev.Module(strings.TrimPrefix(a.Quiz, checkPrefix))
	if err != nil {
		return err
	}
	_, err = z.courses.CheckDone(tx, a.AccountID, rev, m)
	return err
}

// result is the mean over the questions that are marked, 1 where none is, and how
// many were understood.
func result(rev *courses.Revision, drawn []Drawn, answers map[int]answer) (score float64, count int) {
	sum, of := 0.0, 0
	for i, d := range drawn {
		q := rev.Question(d.ID)
		if understood(q, answers[i].Score) {
			count++
		}
		if marked(q) {
			sum += answers[i].Score
			of++
		}
	}
	if of == 0 {
		return 1, count
	}
	return sum / float64(of), count
}
