package quiz

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/go-playground/validator/v10"
	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"tsunagari/courses"
	"tsunagari/courses/accounts"
	"tsunagari/courses/questions"
	"tsunagari/storage"
)

// Regrade is one 採点のやり直し: a question was wrong, and the answers to it are
// marked again. Nobody loses a 修了 by it: the mistake was not theirs.
type Regrade struct {
	ID, CourseID, Question, RevisionID string
	Rule                               RegradeRule
	Why, MadeBy                        string
	MadeAt                             time.Time
	Regraded
}

// Regraded is what a regrade changes.
type Regraded struct {
	Answers  int // marked again
	Better   int // of them, with a higher score
	Worse    int
	Finished int // people who thereby finish the course

	Unfit    int      `gorm:"-"` // answers left alone: they chose parts that the corrected question has no more
	Finishes []string `gorm:"-"` // account ids of those who finish
}

// RegradeRule says how answers are marked again.
type RegradeRule string

// The rules: by the question as the newest edition has it, or as right for
// everybody, when the question could not be answered.
const (
	ByKey    RegradeRule = "key"
	ForAll   RegradeRule = "all"
	regraded             = "quiz.regrade"
)

// RegradeInput asks for a regrade.
type RegradeInput struct {
	Operation string      `form:"operation" validate:"required,uuid"`
	Rule      RegradeRule `form:"rule" validate:"required,oneof=key all"`
	Why       string      `form:"why" validate:"required,max=400"`
}

var validate = newValidator()

func newValidator() *validator.Validate {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(func(f reflect.StructField) string { return f.Tag.Get("form") })
	return v
}

// errOnlyLooked undoes what a preview did.
var errOnlyLooked = errors.New("quiz: only a preview")

// PreviewRegrade says what a regrade of the course's question would change, by
// doing it and undoing it. Error: storage.ErrNotFound for who may not edit the
// course, and for a question that the newest edition does not have.
func (z *Quizzes) PreviewRegrade(ctx context.Context, by accounts.Access, courseID, question string, rule RegradeRule) (*Regraded, error) {
	var r *Regrade
	err := z.db.Tx(ctx, func(tx *gorm.DB) (err error) {
		if r, err = z.regrade(tx, by, courseID, question, RegradeInput{Rule: rule}); err != nil {
			return err
		}
		return errOnlyLooked
	})
	if !errors.Is(err, errOnlyLooked) {
		return nil, err
	}
	return &r.Regraded, nil
}

// Regrade marks the answers to a question of the course again, in one
// transaction and once only, and completes the course for whoever has thereby
// understood or passed まとめの確認. Errors: as PreviewRegrade, and
// validator.ValidationErrors.
func (z *Quizzes) Regrade(ctx context.Context, by accounts.Access, courseID, question string, in RegradeInput) error {
	in.Why = strings.TrimSpace(in.Why)
	if err := validate.Struct(in); err != nil {
		return err
	}
	return z.db.Tx(ctx, func(tx *gorm.DB) error {
		op := storage.Operation{ID: in.Operation, Actor: by.AccountID, Kind: regraded, Body: fmt.Sprint(courseID, question, in.Rule, in.Why)}
		_, _, err := storage.Once(tx, op, func() (string, error) {
			r, err := z.regrade(tx, by, courseID, question, in)
			if err != nil {
				return "", err
			}
			return r.ID, accounts.Audit(tx, by.AccountID, regraded, r.ID, question+" "+string(in.Rule), in.Why)
		})
		return err
	})
}

// Regrades are those of a course, the newest first.
func (z *Quizzes) Regrades(ctx context.Context, by accounts.Access, courseID string) (list []Regrade, err error) {
	db := z.db.Read(ctx)
	if _, err := z.courses.Editable(db, by, courseID); err != nil {
		return nil, err
	}
	return list, db.Where("course_id = ?", courseID).Order("made_at DESC").Limit(100).Find(&list).Error
}

func (z *Quizzes) regrade(tx *gorm.DB, by accounts.Access, courseID, question string, in RegradeInput) (*Regrade, error) {
	rev, err := z.courses.PublishedTx(tx, by, courseID)
	if err != nil {
		return nil, err
	}
	q := rev.Question(question)
	if q == nil || !marked(q) {
		return nil, storage.ErrNotFound
	}
	r := &Regrade{
		ID: uuid.NewString(), CourseID: courseID, Question: question, RevisionID: rev.ID,
		Rule: in.Rule, Why: in.Why, MadeBy: by.AccountID, MadeAt: tx.NowFunc(),
	}
	if err := tx.Create(r).Error; err != nil {
		return nil, err
	}
	if err := z.markAgain(tx, r, rev, q); err != nil {
		return nil, err
	}
	r.Finished = len(r.Finishes)
	return r, tx.Model(r).Select("answers", "better", "worse", "finished").Updates(r).Error
}

// markAgain goes through the attempts that were asked the question, in the order
// of their ids so that nobody waits for somebody who waits for them.
func (z *Quizzes) markAgain(tx *gorm.DB, r *Regrade, rev *courses.Revision, q *questions.Question) error {
	var list []Attempt
	err := tx.Clauses(clause.Locking{Strength: "UPDATE"}).
		Where("enrolment_id IN (SELECT id FROM enrolments WHERE course_id = ?)", r.CourseID).
		Where("drawn LIKE ?", `%"`+q.ID+`"%`).Order("id").Find(&list).Error
	if err != nil {
		return err
	}
	touched := map[string]string{} // enrolment → account, of まとめの確認
	for i := range list {
		changed, err := z.markAttempt(tx, r, &list[i], q)
		if err != nil {
			return err
		}
		if changed && list[i].Quiz == Closing {
			touched[list[i].EnrolmentID] = list[i].AccountID
		}
	}
	for _, enrolment := range sortedKeys(touched) {
		if err := z.closeIfMet(tx, r, rev, enrolment, touched[enrolment]); err != nil {
			return err
		}
	}
	return nil
}

// markAttempt marks the confirmed answers to q in one attempt again, and says
// whether a score changed.
func (z *Quizzes) markAttempt(tx *gorm.DB, r *Regrade, a *Attempt, q *questions.Question) (changed bool, err error) {
	answers, err := answersOf(tx, a.ID)
	if err != nil {
		return false, err
	}
	for i, d := range a.Drawn {
		kept := answers[i]
		if d.ID != q.ID || kept.ConfirmedAt == nil {
			continue
		}
		if r.Rule == ByKey && !fitsShown(q, d) {
			r.Unfit++
			continue
		}
		before := kept.Score
		kept.Score = 1
		if r.Rule == ByKey {
			kept.Score = Mark(q, kept.Response)
		}
		answers[i] = kept
		r.count(before, kept.Score)
		changed = changed || before != kept.Score
		err := tx.Model(&answer{}).Where("attempt_id = ? AND position = ?", a.ID, i).
			Updates(map[string]any{"score": kept.Score, "regrade_id": r.ID}).Error
		if err != nil {
			return false, err
		}
	}
	if !changed {
		return false, nil
	}
	if err := accounts.Audit(tx, r.MadeBy, "attempt.regrade", a.AccountID, q.ID, r.Why); err != nil {
		return false, err
	}
	return true, z.totalAgain(tx, a, answers)
}

func (r *Regraded) count(before, after float64) {
	r.Answers++
	switch {
	case after > before:
		r.Better++
	case after < before:
		r.Worse++
	}
}

// totalAgain adds up a finished attempt again.
func (z *Quizzes) totalAgain(tx *gorm.DB, a *Attempt, answers map[int]answer) error {
	if a.DoneAt == nil {
		return nil
	}
	rev, err := z.courses.RevisionTx(tx, a.RevisionID)
	if err != nil {
		return err
	}
	a.Score, a.Understood = result(rev, a.Drawn, answers)
	return tx.Model(&Attempt{}).Where("id = ?", a.ID).
		Updates(map[string]any{"score": a.Score, "understood": a.Understood}).Error
}

// closeIfMet reports まとめの確認 as done when the marks now say so, and drops the
// round that was still asking what no longer need be asked.
func (z *Quizzes) closeIfMet(tx *gorm.DB, r *Regrade, rev *courses.Revision, enrolment, account string) error {
	var rounds []Attempt
	err := tx.Where("enrolment_id = ? AND quiz = ?", enrolment, Closing).Order("started_at, round").Find(&rounds).Error
	if err != nil {
		return err
	}
	met, err := z.metOverRounds(tx, rounds, rev)
	if err != nil || !met {
		return err
	}
	if err := tx.Where("enrolment_id = ? AND quiz = ? AND done_at IS NULL", enrolment, Closing).Delete(&Attempt{}).Error; err != nil {
		return err
	}
	done, err := z.courses.ClosingDone(tx, account, rev)
	if err == nil && done != nil {
		r.Finishes = append(r.Finishes, account)
	}
	return err
}

// metOverRounds says whether a passing test was passed once, or everything that
// the last first round asked was understood in one of its rounds.
func (z *Quizzes) metOverRounds(tx *gorm.DB, rounds []Attempt, rev *courses.Revision) (bool, error) {
	if rev.Closing.Rule == courses.Pass {
		return slices.ContainsFunc(rounds, func(a Attempt) bool { return a.Met(rev) }), nil
	}
	open := map[string]bool{}
	finished := false
	for _, a := range rounds {
		if a.Round == 1 {
			clear(open)
			for _, d := range a.Drawn {
				open[d.ID] = true
			}
		}
		finished = finished || a.DoneAt != nil
		asked, err := z.courses.RevisionTx(tx, a.RevisionID)
		if err != nil {
			return false, err
		}
		answers, err := answersOf(tx, a.ID)
		if err != nil {
			return false, err
		}
		for i, d := range a.Drawn {
			q := asked.Question(d.ID)
			if q != nil && answers[i].ConfirmedAt != nil && understood(q, answers[i].Score) {
				delete(open, d.ID)
			}
		}
	}
	return finished && len(open) == 0, nil
}

// regradeKey is by what an answer was marked again.
type regradeKey struct {
	rule     RegradeRule
	question *questions.Question // corrected; nil when it was right for everybody
}

func (z *Quizzes) regradeKeys(db *gorm.DB, answers map[int]answer) (map[int]*regradeKey, error) {
	keys := map[int]*regradeKey{}
	for i, a := range answers {
		if a.RegradeID == nil {
			continue
		}
		var r Regrade
		if err := db.Where("id = ?", *a.RegradeID).Take(&r).Error; err != nil {
			return nil, err
		}
		keys[i] = &regradeKey{rule: r.Rule}
		if r.Rule == ForAll {
			continue
		}
		rev, err := z.courses.RevisionTx(db, r.RevisionID)
		if err != nil {
			return nil, err
		}
		keys[i].question = rev.Question(r.Question)
	}
	return keys, nil
}

// fitsShown says whether everything that was shown is still part of the question.
func fitsShown(q *questions.Question, d Drawn) bool {
	now := shownIDs(q)
	for _, id := range d.Show {
		if !slices.Contains(now, id) {
			return false
		}
	}
	return true
}

func sortedKeys(m map[string]string) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
