package quiz

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/google/uuid"
	"golang.org/x/text/unicode/norm"
	"gorm.io/gorm"

	"tsunagari/courses"
	"tsunagari/courses/questions"
	"tsunagari/storage"
)

// onPaper is まとめの確認 of an edition as it stands on paper: the same questions
// in the same order on every sheet, all of them answered by circling numbers.
func onPaper(rev *courses.Revision) []Drawn {
	sum := sha256.Sum256([]byte("paper " + rev.SHA256))
	rnd := rand.New(rand.NewPCG(binary.BigEndian.Uint64(sum[:]), binary.BigEndian.Uint64(sum[8:])))
	var groups [][]*questions.Question
	for _, bank := range closingPool(rev) {
		var usable []*questions.Question
		for _, q := range bank {
			if circled(q) {
				usable = append(usable, q)
			}
		}
		groups = append(groups, usable)
	}
	return draw(rnd, groups, rev.Closing.Questions)
}

// circled says whether a question is answered by numbers of one digit.
func circled(q *questions.Question) bool {
	switch q.Type {
	case questions.Choice, questions.Multiple, questions.TrueFalse:
		return len(q.Options) < 10
	case questions.Matching:
		return len(q.Pairs) < 10
	case questions.Ordering:
		return len(q.Items) < 10
	case questions.Sort:
		return len(q.Groups) < 10
	}
	return false
}

// Paper are the questions of まとめの確認 on paper, in the order of the sheet. The
// answer to one is the circled numbers of its options from 1; with several lines
// one digit a line.
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

// read turns the digits typed for one question into an answer; "" and 0 are none.
func read(q *questions.Question, a Asked, typed string) (Given, error) {
	typed = strings.Join(strings.Fields(norm.NFKC.String(typed)), "")
	e := &TypedError{Number: a.Number, Most: max(len(a.Options), len(a.Places)), Digits: len(a.Lines)}
	if q.Type == questions.Ordering {
		e.Most = len(a.Lines)
	}
	if q.Type == questions.Choice || q.Type == questions.TrueFalse {
		e.Digits = 1
	}
	if strings.Trim(typed, "0") == "" {
		return Given{}, nil
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
		g.Chosen = append(g.Chosen, n-1)
		if q.Type == questions.Ordering {
			n++ // ranks begin at 1
		}
		g.Placed = append(g.Placed, n-1)
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
}

// PapersOf are the newest goes at まとめの確認 of an edition that were typed from
// paper for these accounts.
func (z *Quizzes) PapersOf(ctx context.Context, rev *courses.Revision, accountIDs []string) (map[string]TypedPaper, error) {
	var list []Attempt
	err := z.db.Read(ctx).Where("account_id IN ? AND revision_id = ? AND quiz = ? AND typed_by <> ''", accountIDs, rev.ID, Closing).
		Order("started_at, round").Find(&list).Error
	papers := map[string]TypedPaper{}
	for _, a := range list {
		papers[a.AccountID] = TypedPaper{a.AccountID, a.Understood, len(a.Drawn), a.Met(rev)}
	}
	return papers, err
}
