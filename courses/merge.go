package courses

import (
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// ofTwo is one course in one cycle as the two accounts of a person take it; nil for
// who does not.
type ofTwo struct{ from, into *Enrolment }

// coursesOfTwo are all courses of the two, always in the same order.
func coursesOfTwo(tx *gorm.DB, from, into string) (list []ofTwo, err error) {
	var rows []*Enrolment
	err = tx.Where("account_id IN ?", []string{from, into}).Order("course_id, cycle, id").Find(&rows).Error
	for i, e := range rows {
		if i == 0 || e.CourseID != rows[i-1].CourseID || e.Cycle != rows[i-1].Cycle {
			list = append(list, ofTwo{})
		}
		if last := &list[len(list)-1]; e.AccountID == from {
			last.from = e
		} else {
			last.into = e
		}
	}
	return list, err
}

func (t ofTwo) ids() (ids []string) {
	for _, e := range []*Enrolment{t.from, t.into} {
		if e != nil {
			ids = append(ids, e.ID)
		}
	}
	return ids
}

// Twins are the enrolments of from that into has as well, in the same course and
// cycle: which one of into each of them becomes part of. Until the transaction
// ends nobody else works on any enrolment of the two.
func (c *Courses) Twins(tx *gorm.DB, from, into string) (map[string]string, error) {
	list, err := coursesOfTwo(tx.Clauses(clause.Locking{Strength: "UPDATE"}), from, into)
	twins := map[string]string{}
	for _, t := range list {
		if t.from != nil && t.into != nil {
			twins[t.from.ID] = t.into.ID
		}
	}
	return twins, err
}

// Merge joins how one person took courses under two accounts: into has done every
// step that either of them did, on the earlier day. Of two completions of one
// course the earlier stays and the other counts nowhere. What hangs on from's
// enrolments and is to stay has to be moved before.
func (c *Courses) Merge(tx *gorm.DB, from, into string) error {
	twins, err := c.Twins(tx, from, into)
	if err != nil {
		return err
	}
	if err := aloneWith(tx, from, into); err != nil {
		return err
	}
	for twin, stays := range twins {
		if err := joinProgress(tx, twin, stays); err != nil {
			return err
		}
		if err := joinCompletions(tx, twin, stays, into); err != nil {
			return err
		}
		if err := tx.Where("id = ?", twin).Delete(&Enrolment{}).Error; err != nil {
			return err
		}
	}
	if err := tx.Model(&Enrolment{}).Where("account_id = ?", from).Update("account_id", into).Error; err != nil {
		return err
	}
	if err := forgetAuthor(tx, from, &into); err != nil {
		return err
	}
	if err := tx.Model(&Completion{}).Where("account_id = ?", from).Update("account_id", into).Error; err != nil {
		return err
	}
	return c.countMerged(tx, into)
}

func joinProgress(tx *gorm.DB, twin, stays string) error {
	err := tx.Exec(`INSERT INTO progress (enrolment_id, step, done_at)
		SELECT ?, step, done_at FROM progress WHERE enrolment_id = ?
		ON CONFLICT (enrolment_id, step) DO UPDATE SET done_at = excluded.done_at WHERE excluded.done_at < progress.done_at`, stays, twin).Error
	if err != nil {
		return err
	}
	return tx.Exec(`UPDATE enrolments SET started_at = (SELECT min(started_at) FROM enrolments WHERE id IN (?, ?)) WHERE id = ?`,
		twin, stays, stays).Error
}

// joinCompletions leaves one completion to the enrolment that stays.
func joinCompletions(tx *gorm.DB, twin, stays, account string) error {
	done, err := completionsOf(tx, twin, stays)
	if err != nil || len(done) == 0 {
		return err
	}
	for _, later := range done[1:] {
		err := tx.Model(&Completion{}).Where("id = ? OR merged_into = ?", later.ID, later.ID).
			Updates(map[string]any{"account_id": nil, "enrolment_id": nil, "merged_into": done[0].ID}).Error
		if err != nil {
			return err
		}
	}
	return tx.Model(&Completion{}).Where("id = ?", done[0].ID).
		Updates(map[string]any{"account_id": account, "enrolment_id": stays}).Error
}

// completionsOf are the completions of the enrolments, the earliest first.
func completionsOf(tx *gorm.DB, enrolments ...string) (done []*Completion, err error) {
	err = tx.Where("enrolment_id IN ?", enrolments).Order("completed_on, completed_at, id").Find(&done).Error
	return done, err
}

// Later are, before a merge, the completions that would count nowhere after it, and
// which one would stay in place of each.
func (c *Courses) Later(tx *gorm.DB, from, into string) (map[string]string, error) {
	stays := map[string]string{}
	list, err := coursesOfTwo(tx, from, into)
	for _, t := range list {
		if err != nil {
			return nil, err
		}
		var done []*Completion
		if done, err = completionsOf(tx, t.ids()...); len(done) == 2 {
			stays[done[1].ID] = done[0].ID
		}
	}
	return stays, err
}
