package courses

import (
	"context"
	"time"

	"gorm.io/gorm"

	"tsunagari/courses/accounts"
	"tsunagari/storage"
)

// Published is the newest edition of a course for who may edit the course; else,
// and before the first edition, storage.ErrNotFound.
func (c *Courses) Published(ctx context.Context, by accounts.Access, courseID string) (*Revision, error) {
	return c.PublishedTx(c.db.Read(ctx), by, courseID)
}

// PublishedTx is Published inside a transaction.
func (c *Courses) PublishedTx(db *gorm.DB, by accounts.Access, courseID string) (*Revision, error) {
	course, err := c.Editable(db, by, courseID)
	if err != nil {
		return nil, err
	}
	if course.NewestRevision == nil {
		return nil, storage.ErrNotFound
	}
	return c.RevisionTx(db, *course.NewestRevision)
}

// Stop is a step before which people of a course have stopped.
type Stop struct {
	Step   Step
	People int
}

// stoppedFor is how long somebody has done nothing when they count as having stopped.
const stoppedFor = 14 * 24 * time.Hour

// newestEnrolments is of how many people, the newest first, it is said where they stop.
const newestEnrolments = 5000

// Stops says where people stop: for each required step of the newest edition how
// many of those who have not finished and did nothing for two weeks have it
// before them. all counts everybody looked at, finished those who finished. It
// holds numbers only. Error: storage.ErrNotFound for who may not edit the course.
func (c *Courses) Stops(ctx context.Context, by accounts.Access, courseID string) (stops []Stop, all, finished int, err error) {
	db := c.db.Read(ctx)
	rev, err := c.PublishedTx(db, by, courseID)
	if err != nil {
		return nil, 0, 0, err
	}
	var rows []struct {
		ID, Step     string
		CompletionID *string
		DoneAt       time.Time
	}
	err = db.Raw(`SELECT e.id, f.id AS completion_id, p.step, p.done_at FROM
		(SELECT id FROM enrolments WHERE course_id = ? ORDER BY started_at DESC, id LIMIT ?) e
		JOIN progress p ON p.enrolment_id = e.id LEFT JOIN completions f ON f.enrolment_id = e.id`, courseID, newestEnrolments).Scan(&rows).Error
	if err != nil {
		return nil, 0, 0, err
	}
	type person struct {
		Standing
		last time.Time
	}
	people := map[string]*person{}
	for _, r := range rows {
		p := people[r.ID]
		if p == nil {
			p = &person{Standing: Standing{Revision: rev, Completed: r.CompletionID != nil, done: map[string]bool{}}}
			people[r.ID] = p
		}
		p.done[r.Step] = true
		if r.DoneAt.After(p.last) {
			p.last = r.DoneAt
		}
	}
	counts := map[string]int{}
	for _, p := range people {
		next, left := p.Next()
		switch {
		case p.Completed:
			finished++
		case left && c.db.Now().Sub(p.last) > stoppedFor:
			counts[next.Key()]++
		}
	}
	for _, s := range rev.Steps() {
		if n := counts[s.Key()]; n > 0 {
			stops = append(stops, Stop{s, n})
		}
	}
	return stops, len(people), finished, nil
}
