package courses

import (
	"context"
	"strings"
	"time"

	"gorm.io/gorm"

	"tsunagari/courses/questions"
)

// Taken is everything that is held about a person in one course.
type Taken struct {
	Course     string // title
	Cycle      int
	StartedAt  time.Time
	Steps      []TakenStep
	Completion *Completion   // nil while it lasts
	Merged     []*Completion // later ones, of another registration: they count nowhere
}

// TakenStep is one thing that was done.
type TakenStep struct {
	Module, What string // in words; What is the key of a step that no longer is part of the course
	DoneAt       time.Time
}

// Held is everything that is held about how the account takes courses, for the
// person to read.
func (c *Courses) Held(ctx context.Context, accountID string) ([]Taken, error) {
	db := c.db.Read(ctx)
	var rows []struct {
		Enrolment
		NewestRevision string
	}
	err := db.Raw(`SELECT e.*, c.newest_revision FROM enrolments e JOIN courses c ON c.id = e.course_id
		WHERE e.account_id = ? ORDER BY e.started_at, e.id`, accountID).Scan(&rows).Error
	if err != nil {
		return nil, err
	}
	list := make([]Taken, 0, len(rows))
	for _, r := range rows {
		rev, err := c.RevisionTx(db, r.NewestRevision)
		if err != nil {
			return nil, err
		}
		t := Taken{Course: plainly(rev.Title), Cycle: r.Cycle, StartedAt: r.StartedAt}
		if t.Steps, err = stepsTaken(db, rev, r.ID); err != nil {
			return nil, err
		}
		if err := t.completed(db, r.ID); err != nil {
			return nil, err
		}
		list = append(list, t)
	}
	return list, nil
}

func (t *Taken) completed(db *gorm.DB, enrolmentID string) error {
	done, err := completionsOf(db, enrolmentID)
	if err != nil || len(done) == 0 {
		return err
	}
	t.Completion = done[0]
	return db.Where("merged_into = ?", t.Completion.ID).Order("completed_on, completed_at, id").Find(&t.Merged).Error
}

func stepsTaken(db *gorm.DB, rev *Revision, enrolmentID string) ([]TakenStep, error) {
	var rows []progressRow
	if err := db.Where("enrolment_id = ?", enrolmentID).Order("done_at, step").Find(&rows).Error; err != nil {
		return nil, err
	}
	list := make([]TakenStep, 0, len(rows))
	for _, r := range rows {
		module, what := rev.stepInWords(r.Step)
		list = append(list, TakenStep{Module: module, What: what, DoneAt: r.DoneAt})
	}
	return list, nil
}

func (r *Revision) stepInWords(key string) (module, what string) {
	if key == closingStep {
		return "", "まとめの確認"
	}
	kind, id, _ := strings.Cut(key, ":")
	if m, l, err := r.Find(id); err == nil && kind == "lesson" {
		return plainly(m.Title), plainly(l.Title)
	}
	if m, err := r.Module(id); err == nil && kind == "check" {
		return plainly(m.Title), "確認の小テスト"
	}
	return "", key
}

// plainly is the standard text without markup.
func plainly(t Text) string { return Plain(t.In(questions.JA)) }
