package courses

import (
	"cmp"
	"fmt"
	"maps"
	"time"

	"gorm.io/gorm"

	"tsunagari/courses/accounts"
)

// PreviewMerge says what Merge would do, and what Registered would do after it.
func (c *Courses) PreviewMerge(tx *gorm.DB, from, into string) (part accounts.MergePart, err error) {
	list, err := coursesOfTwo(tx, from, into)
	for _, t := range list {
		if err != nil {
			return part, err
		}
		err = c.previewCourse(tx, &part, t)
	}
	return part, err
}

func (c *Courses) previewCourse(tx *gorm.DB, part *accounts.MergePart, t ofTwo) error {
	rev, err := c.newest(tx, cmp.Or(t.from, t.into).CourseID)
	if err != nil {
		return err
	}
	done, err := completionsOf(tx, t.ids()...)
	if err != nil {
		return err
	}
	from, err := shareOf(tx, rev, t.from)
	if err != nil {
		return err
	}
	into, err := shareOf(tx, rev, t.into)
	if err != nil {
		return err
	}
	title := "講座「" + plainly(rev.Title) + "」"
	part.Rows = append(part.Rows, accounts.MergeRow{Label: title, From: sayShare(from, t.from, done), Into: sayShare(into, t.into, done)})
	part.Changes = append(part.Changes, sayJoined(title, from, into, len(done) > 0)...)
	part.Changes = append(part.Changes, sayCompletions(title, done)...)
	return nil
}

// newest is the newest revision of a course.
func (c *Courses) newest(tx *gorm.DB, courseID string) (*Revision, error) {
	var course Course
	if err := tx.Where("id = ? AND newest_revision IS NOT NULL", courseID).Take(&course).Error; err != nil {
		return nil, err
	}
	return c.RevisionTx(tx, *course.NewestRevision)
}

// shareOf is how far one of the two came.
func shareOf(tx *gorm.DB, rev *Revision, e *Enrolment) (*Standing, error) {
	s := &Standing{Revision: rev, done: map[string]bool{}}
	if e == nil {
		return s, nil
	}
	var rows []progressRow
	err := tx.Where("enrolment_id = ?", e.ID).Find(&rows).Error
	for _, r := range rows {
		s.done[r.Step] = true
	}
	return s, err
}

func sayShare(s *Standing, e *Enrolment, done []*Completion) string {
	if e == nil {
		return ""
	}
	n, all := s.Progress()
	say := fmt.Sprintf("%dのうち%dが終わりました", all, n)
	for _, d := range done {
		if *d.EnrolmentID == e.ID {
			say += "。" + inWords(d.CompletedOn, "2006年1月2日") + "に修了"
		}
	}
	return say
}

// sayJoined says how far the two are together, when that is further than into.
func sayJoined(title string, from, into *Standing, completed bool) (say []string) {
	together := &Standing{Revision: into.Revision, done: maps.Clone(into.done)}
	maps.Copy(together.done, from.done)
	before, _ := into.Progress()
	after, all := together.Progress()
	if after > before {
		say = append(say, fmt.Sprintf("%sは、%dのうち%dが終わったことになります。", title, all, after))
	}
	if after == all && !completed {
		say = append(say, title+"がこれですべて終わるので、きょうの日付で修了になります。")
	}
	return say
}

func sayCompletions(title string, done []*Completion) []string {
	if len(done) < 2 {
		return nil
	}
	stays, later := done[0], done[1]
	return []string{
		fmt.Sprintf("%sの修了は、早いほう（%s）が残ります。", title, inWords(stays.CompletedOn, "2006年1月2日")),
		fmt.Sprintf("%sの修了者数（%s）が、1人減ります。", countsFor(later), inWords(later.CompletedOn, "2006年1月")),
	}
}

// countsFor is the place for which a completion counts: that of its class's host, or
// of residence.
func countsFor(d *Completion) string {
	if d.Host != "" {
		return accounts.PlaceName(d.Host, "")
	}
	return accounts.PlaceName(d.Municipality, d.Prefecture)
}

func inWords(date, layout string) string {
	t, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return date
	}
	return t.Format(layout)
}
