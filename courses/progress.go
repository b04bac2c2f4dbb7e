package courses

import (
	"context"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"tsunagari/courses/questions"
	"tsunagari/storage"
)

// Step is one thing that must be done to finish a course: a lesson to read, the
// check of a module (Lesson is nil), or まとめの確認 (Module is nil too).
type Step struct {
	Module *Module
	Lesson *Lesson
}

// The keys of steps in the database.
const closingStep = "closing"

func lessonStep(id string) string { return "lesson:" + id }
func checkStep(id string) string  { return "check:" + id }

// Key is the step's stable name inside its course.
func (s Step) Key() string {
	switch {
	case s.Lesson != nil:
		return lessonStep(s.Lesson.ID)
	case s.Module != nil:
		return checkStep(s.Module.ID)
	}
	return closingStep
}

// Minutes is about how long the step takes.
func (s Step) Minutes(r *Revision) int {
	switch {
	case s.Lesson != nil:
		return s.Lesson.Minutes
	case s.Module != nil:
		return s.Module.Check // a question takes about a minute
	}
	return r.Closing.Minutes
}

// Steps are the required steps in order.
func (r *Revision) Steps() []Step {
	var steps []Step
	for _, m := range r.Modules {
		for _, l := range m.Lessons {
			if l.Required {
				steps = append(steps, Step{m, l})
			}
		}
		if m.Check > 0 {
			steps = append(steps, Step{Module: m})
		}
	}
	if r.Closing.Questions > 0 {
		steps = append(steps, Step{})
	}
	return steps
}

// Find is the lesson with the given id and its module, or storage.ErrNotFound.
func (r *Revision) Find(lessonID string) (*Module, *Lesson, error) {
	for _, m := range r.Modules {
		for _, l := range m.Lessons {
			if l.ID == lessonID {
				return m, l, nil
			}
		}
	}
	return nil, nil, storage.ErrNotFound
}

// Module is the module with the given id, or storage.ErrNotFound.
func (r *Revision) Module(id string) (*Module, error) {
	for _, m := range r.Modules {
		if m.ID == id {
			return m, nil
		}
	}
	return nil, storage.ErrNotFound
}

// Question is the question with the given id, or nil.
func (r *Revision) Question(id string) *questions.Question {
	for _, m := range r.Modules {
		for _, q := range m.Questions {
			if q.ID == id {
				return q
			}
		}
	}
	return nil
}

// Standing is how far one person is in the newest revision of a course.
type Standing struct {
	Revision    *Revision
	EnrolmentID string // empty before the first step
	Completed   bool
	Closed      bool // the person has not begun, and the course takes nobody new
	done        map[string]bool
}

// Done says whether the step with this key is done. An optional lesson that was
// read is done too.
func (s *Standing) Done(key string) bool { return s.done[key] }

// Read says whether the lesson was marked as read.
func (s *Standing) Read(lessonID string) bool { return s.done[lessonStep(lessonID)] }

// Next is the first required step that is left, and false when all is done.
func (s *Standing) Next() (Step, bool) {
	for _, step := range s.Revision.Steps() {
		if !s.done[step.Key()] {
			return step, true
		}
	}
	return Step{}, false
}

// ClosingOpen says whether everything before まとめの確認 is done.
func (s *Standing) ClosingOpen() bool {
	next, left := s.Next()
	return !left || next.Key() == closingStep
}

// MinutesLeft is about how long the rest takes: of each module's minutes the
// share of its steps that are left.
func (s *Standing) MinutesLeft() int {
	all, left := map[*Module]int{}, map[*Module]int{}
	for _, step := range s.Revision.Steps() {
		n := step.Minutes(s.Revision)
		all[step.Module] += n
		if !s.done[step.Key()] {
			left[step.Module] += n
		}
	}
	n := left[nil] // まとめの確認 is in no module
	for _, m := range s.Revision.Modules {
		if left[m] > 0 {
			n += (m.Minutes*left[m] + all[m] - 1) / all[m]
		}
	}
	return n
}

// Progress counts the required steps that are done and all of them.
func (s *Standing) Progress() (done, all int) {
	for _, step := range s.Revision.Steps() {
		all++
		if s.done[step.Key()] {
			done++
		}
	}
	return done, all
}

// ClosingDone says whether まとめの確認 is done, or, in a course without one, the
// checks of all modules: what a class on paper asks for.
func (s *Standing) ClosingDone() bool {
	for _, step := range s.Revision.Steps() {
		last := s.Revision.Closing.Questions == 0 && step.Lesson == nil
		if (last || step.Key() == closingStep) && !s.done[step.Key()] {
			return false
		}
	}
	return true
}

// StandingsTx is how far each of the accounts is in the course of the revision;
// who has not begun has no enrolment there.
func (c *Courses) StandingsTx(db *gorm.DB, rev *Revision, accountIDs []string) (map[string]*Standing, error) {
	list := map[string]*Standing{}
	for _, id := range accountIDs {
		list[id] = &Standing{Revision: rev, done: map[string]bool{}}
	}
	var rows []struct {
		AccountID, ID      string
		Step, CompletionID *string
	}
	err := db.Raw(`SELECT e.account_id, e.id, p.step, f.id AS completion_id FROM enrolments e
		LEFT JOIN completions f ON f.enrolment_id = e.id LEFT JOIN progress p ON p.enrolment_id = e.id AND `+stillDone+`
		WHERE e.course_id = ? AND e.account_id IN ?
		AND e.cycle = (SELECT max(cycle) FROM enrolments WHERE account_id = e.account_id AND course_id = e.course_id)`,
		rev.CourseID, accountIDs).Scan(&rows).Error
	for _, r := range rows {
		s := list[r.AccountID]
		s.EnrolmentID, s.Completed = r.ID, r.CompletionID != nil
		if r.Step != nil {
			s.done[*r.Step] = true
		}
	}
	return list, err
}

type progressRow struct {
	EnrolmentID, Step string
	DoneAt            time.Time
}

func (progressRow) TableName() string { return "progress" }

// MarkRead keeps that the account has read the lesson; once more changes
// nothing. The completion is not nil when this was the last step. Errors:
// storage.ErrNotFound, ErrRegisterFirst.
func (c *Courses) MarkRead(ctx context.Context, accountID, slug, lessonID string) (*Completion, error) {
	var done *Completion
	err := c.db.Tx(ctx, func(tx *gorm.DB) error {
		s, err := c.StandingTx(tx, "", slug)
		if err != nil {
			return err
		}
		m, l, err := s.Revision.Find(lessonID)
		if err != nil {
			return err
		}
		done, err = c.do(tx, accountID, s.Revision, Step{m, l})
		return err
	})
	return done, err
}

// CheckDone and ClosingDone are how package quiz reports that a quiz is
// finished, in the transaction of its submission.
func (c *Courses) CheckDone(tx *gorm.DB, accountID string, rev *Revision, m *Module) (*Completion, error) {
	return c.do(tx, accountID, rev, Step{Module: m})
}

// ClosingDone reports that まとめの確認 is understood or passed. See CheckDone.
func (c *Courses) ClosingDone(tx *gorm.DB, accountID string, rev *Revision) (*Completion, error) {
	return c.do(tx, accountID, rev, Step{})
}

// do keeps that a step is done and completes the course when it was the last.
func (c *Courses) do(tx *gorm.DB, accountID string, rev *Revision, step Step) (*Completion, error) {
	if err := c.MayStep(tx, rev, step.Module, accountID); err != nil {
		return nil, err
	}
	e, err := c.Enrol(tx, accountID, rev.CourseID)
	if err != nil {
		return nil, err
	}
	row := progressRow{EnrolmentID: e.ID, Step: step.Key(), DoneAt: tx.NowFunc()}
	if err := tx.Clauses(clause.OnConflict{
		Columns:   []clause.Column{{Name: "enrolment_id"}, {Name: "step"}},
		DoUpdates: clause.AssignmentColumns([]string{"done_at"}),
		Where: clause.Where{Exprs: []clause.Expression{gorm.Expr(`EXISTS (SELECT 1 FROM renewals w
			WHERE w.course_id = ? AND w.step = progress.step AND w.renewed_at > progress.done_at)`, e.CourseID)}},
	}).Create(&row).Error; err != nil {
		return nil, err
	}
	for _, fn := range c.stepped {
		if err := fn(tx, accountID, rev.CourseID); err != nil {
			return nil, err
		}
	}
	return c.completeIfDone(tx, e, rev.Slug)
}

// OnStep registers who else hears, in its transaction, that a step was done: a
// class whose rule waits for it. It runs before the course's own rule.
func (c *Courses) OnStep(fn func(tx *gorm.DB, accountID, courseID string) error) {
	c.stepped = append(c.stepped, fn)
}
