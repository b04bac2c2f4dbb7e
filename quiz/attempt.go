package quiz

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"tsunagari/courses"
	"tsunagari/courses/questions"
	"tsunagari/storage"
)

// Quizzes keeps everybody's attempts.
type Quizzes struct {
	db      *storage.DB
	courses *courses.Courses
	seed    func() uint64
	opens   func(tx *gorm.DB, accountID, courseID string) (bool, error)
}

// OnClosing registers who opens まとめの確認 to somebody before the rest is done: a
// class whose rule asks for it.
func (z *Quizzes) OnClosing(fn func(tx *gorm.DB, accountID, courseID string) (bool, error)) {
	z.opens = fn
}

// New is the quizzes of db. seed decides what is drawn; nil is chance.
func New(db *storage.DB, c *courses.Courses, seed func() uint64) *Quizzes {
	if seed == nil {
		seed = rand.Uint64
	}
	nobody := func(*gorm.DB, string, string) (bool, error) { return false, nil }
	return &Quizzes{db: db, courses: c, seed: seed, opens: nobody}
}

// Closing is the quiz key of まとめの確認; that of a module's check is "check:" and
// the module's id.
const Closing = "closing"

const checkPrefix = "check:"

// Check is the quiz key of the module's check.
func Check(moduleID string) string { return checkPrefix + moduleID }

// The ways in which an attempt can refuse.
var (
	ErrClosingNotOpen = errors.New("quiz: まとめの確認 opens when the rest is done")
	ErrIncomplete     = errors.New("quiz: part of the answer is missing")
	ErrConfirmed      = errors.New("quiz: this answer is confirmed already")
	ErrNotAnswered    = errors.New("quiz: questions are left without an answer")
)

// PauseError says that a passing quiz may be begun again only at Until.
type PauseError struct{ Until time.Time }

func (e *PauseError) Error() string { return "quiz: a pause until " + e.Until.Format(time.RFC3339) }

// Attempt is one go at a quiz, reserved on the server from its first second.
type Attempt struct {
	ID, AccountID, EnrolmentID, RevisionID, Quiz string
	Round                                        int
	Drawn                                        []Drawn `gorm:"serializer:json"`
	StartedAt                                    time.Time
	DoneAt                                       *time.Time
	Score                                        float64 // 0 to 1, of the questions that are marked
	Understood                                   int
	TypedBy                                      string // staff who typed it from paper, "" for the person
}

type answer struct {
	AttemptID   string
	Position    int
	Response    Response `gorm:"serializer:json"`
	Sequence    int64
	AnsweredAt  time.Time
	ConfirmedAt *time.Time
	Score       float64
	RegradeID   *string
}

// Start is the account's open attempt of the quiz in the course, begun when
// there is none: tapping twice, or on two phones, leads to the same one. Errors:
// storage.ErrNotFound, ErrClosingNotOpen, courses.ErrRegisterFirst, *PauseError.
func (z *Quizzes) Start(ctx context.Context, accountID, slug, quiz string) (*Attempt, error) {
	var a *Attempt
	err := z.db.Tx(ctx, func(tx *gorm.DB) error {
		s, err := z.courses.StandingTx(tx, accountID, slug)
		if err != nil {
			return err
		}
		if err := z.may(tx, accountID, s, quiz); err != nil {
			return err
		}
		e, err := z.courses.Enrol(tx, accountID, s.Revision.CourseID)
		if err != nil {
			return err
		}
		if a, err = open(tx, e.ID, quiz); err == nil || !errors.Is(err, storage.ErrNotFound) {
			return err
		}
		a, err = z.begin(tx, e, s.Revision, quiz)
		return err
	})
	return a, err
}

func (z *Quizzes) may(tx *gorm.DB, accountID string, s *courses.Standing, quiz string) error {
	if quiz == Closing {
		open := s.ClosingOpen()
		if !open {
			var err error
			if open, err = z.opens(tx, accountID, s.Revision.CourseID); err != nil {
				return err
			}
		}
		if !open || s.Revision.Closing.Questions == 0 {
			return ErrClosingNotOpen
		}
		return z.courses.MayStep(tx, s.Revision, nil, accountID)
	}
	id, isCheck := strings.CutPrefix(quiz, checkPrefix)
	m, err := s.Revision.Module(id)
	if err != nil || !isCheck || m.Check == 0 {
		return storage.ErrNotFound
	}
	return z.courses.MayStep(tx, s.Revision, m, accountID)
}

func open(tx *gorm.DB, enrolmentID, quiz string) (*Attempt, error) {
	var a Attempt
	err := tx.Where("enrolment_id = ? AND quiz = ? AND done_at IS NULL", enrolmentID, quiz).Take(&a).Error
	return &a, err
}

func (z *Quizzes) begin(tx *gorm.DB, e *courses.Enrolment, rev *courses.Revision, quiz string) (*Attempt, error) {
	rnd := rand.New(rand.NewPCG(z.seed(), z.seed()))
	a := &Attempt{ID: uuid.NewString(), AccountID: e.AccountID, EnrolmentID: e.ID, RevisionID: rev.ID, Quiz: quiz, Round: 1, StartedAt: tx.NowFunc()}
	if quiz == Closing {
		if err := z.drawClosing(tx, rnd, a, rev); err != nil {
			return nil, err
		}
	} else {
		m, err := rev.Module(strings.TrimPrefix(quiz, checkPrefix))
		if err != nil {
			return nil, err
		}
		a.Drawn = draw(rnd, checkPool(m), m.Check)
	}
	if len(a.Drawn) == 0 {
		return nil, storage.ErrNotFound
	}
	return a, tx.Create(a).Error
}

// drawClosing draws まとめの確認 anew, or, where everything is asked until it is
// understood, what the last round missed.
func (z *Quizzes) drawClosing(tx *gorm.DB, rnd *rand.Rand, a *Attempt, rev *courses.Revision) error {
	var before []Attempt
	err := tx.Where("enrolment_id = ? AND quiz = ?", a.EnrolmentID, Closing).Order("started_at, round").Find(&before).Error
	if err != nil {
		return err
	}
	if rev.Closing.Rule == courses.Pass {
		if err := pause(before, a.StartedAt); err != nil {
			return err
		}
	} else if len(before) > 0 {
		last := before[len(before)-1]
		missed, err := z.missed(tx, &last, rev)
		if err != nil {
			return err
		}
		if len(missed) > 0 {
			a.Round = last.Round + 1
			for _, q := range missed {
				a.Drawn = append(a.Drawn, shown(rnd, q))
			}
			return nil
		}
	}
	a.Drawn = drawQuotas(rnd, rev)
	return nil
}

// pause: none after the first two goes, then five minutes, then ten.
func pause(before []Attempt, now time.Time) error {
	wait := time.Duration(0)
	switch {
	case len(before) == 3:
		wait = 5 * time.Minute
	case len(before) > 3:
		wait = 10 * time.Minute
	}
	if len(before) == 0 || wait == 0 {
		return nil
	}
	if until := before[len(before)-1].DoneAt.Add(wait); until.After(now) {
		return &PauseError{until}
	}
	return nil
}

// missed are the questions of a finished attempt that were not fully right and
// are still part of the newest revision.
func (z *Quizzes) missed(tx *gorm.DB, a *Attempt, rev *courses.Revision) ([]*questions.Question, error) {
	answers, err := answersOf(tx, a.ID)
	if err != nil {
		return nil, err
	}
	var list []*questions.Question
	for i, d := range a.Drawn {
		if q := rev.Question(d.ID); q != nil && !understood(q, answers[i].Score) {
			list = append(list, q)
		}
	}
	return list, nil
}

func answersOf(tx *gorm.DB, attemptID string) (map[int]answer, error) {
	var rows []answer
	if err := tx.Where("attempt_id = ?", attemptID).Find(&rows).Error; err != nil {
		return nil, err
	}
	byPosition := map[int]answer{}
	for _, r := range rows {
		byPosition[r.Position] = r
	}
	return byPosition, nil
}

// Met says whether a finished attempt does its step: a check always, まとめの確認
// when all is understood or the pass mark reached.
func (a *Attempt) Met(rev *courses.Revision) bool {
	switch {
	case a.DoneAt == nil:
		return false
	case a.Quiz != Closing:
		return true
	case rev.Closing.Rule == courses.Pass:
		return a.Score*100 >= float64(rev.Closing.Pass)-1e-9
	}
	return a.Understood == len(a.Drawn)
}

// Immediate says whether a quiz shows feedback as soon as one answer is
// confirmed: every check, and まとめの確認 as the course says.
func Immediate(rev *courses.Revision, quiz string) bool {
	return quiz != Closing || rev.Closing.Immediate()
}

// own is the account's attempt, locked until the transaction ends, and its revision.
func (z *Quizzes) own(tx *gorm.DB, accountID, attemptID string) (*Attempt, *courses.Revision, error) {
	var a Attempt
	err := tx.Clauses(clause.Locking{Strength: "UPDATE"}).
		Where("id = ? AND account_id = ?", attemptID, accountID).Take(&a).Error
	if err != nil {
		return nil, nil, err
	}
	rev, err := z.courses.RevisionTx(tx, a.RevisionID)
	return &a, rev, err
}

func (z *Quizzes) question(tx *gorm.DB, accountID, attemptID string, n int) (*Attempt, *courses.Revision, *questions.Question, error) {
	a, rev, err := z.own(tx, accountID, attemptID)
	if err != nil {
		return nil, nil, nil, err
	}
	if n < 1 || n > len(a.Drawn) {
		return nil, nil, nil, storage.ErrNotFound
	}
	q := rev.Question(a.Drawn[n-1].ID)
	if q == nil {
		return nil, nil, nil, fmt.Errorf("quiz: attempt %s: question %s is not in its revision", a.ID, a.Drawn[n-1].ID)
	}
	return a, rev, q, nil
}

// Erase forgets the account's attempts and answers.
func (z *Quizzes) Erase(tx *gorm.DB, accountID string) error {
	return tx.Where("account_id = ?", accountID).Delete(&Attempt{}).Error
}
