package courses

import (
	"cmp"
	"slices"

	"gorm.io/gorm"

	"tsunagari/storage"
)

// Counted is a change of what a completion counts for.
type Counted struct {
	*Completion     // as it is after the change
	Person      int // 1: bears its person from now on, −1: no more, 0: as before
	Course      int // the same of its course
}

// OnCounted registers what learns, in the transaction of every completion,
// withdrawal and merge, which completions count from now on and which no more.
func (c *Courses) OnCounted(fn func(tx *gorm.DB, changes []Counted) error) {
	c.counted = append(c.counted, fn)
}

// count writes down what counts from now on, and tells who registered.
func (c *Courses) count(tx *gorm.DB, changes []Counted) error {
	if err := mark(tx, changes); err != nil {
		return err
	}
	return c.tell(tx, changes)
}

func mark(tx *gorm.DB, changes []Counted) error {
	for _, change := range changes {
		err := tx.Model(&Completion{}).Where("id = ?", change.ID).
			Updates(map[string]any{"counts_person": change.CountsPerson, "counts_course": change.CountsCourse}).Error
		if err != nil {
			return err
		}
	}
	return nil
}

// insert keeps a new completion with what it counts for.
func (c *Courses) insert(tx *gorm.DB, done *Completion) error {
	list, err := finished(tx, done)
	if err != nil {
		return err
	}
	changes := settle(list)
	if err := tx.Create(done).Error; err != nil {
		return err
	}
	isDone := func(change Counted) bool { return change.Completion == done }
	if err := mark(tx, slices.DeleteFunc(slices.Clone(changes), isDone)); err != nil {
		return err
	}
	return c.tell(tx, changes)
}

func (c *Courses) tell(tx *gorm.DB, changes []Counted) error {
	if len(changes) == 0 {
		return nil
	}
	for _, fn := range c.counted {
		if err := fn(tx, changes); err != nil {
			return err
		}
	}
	return nil
}

// finished are everything that the person of done finished, done itself as it is
// given and not as it is stored. Nobody else decides about the person until the
// transaction ends. Of who is erased nothing else is known.
func finished(tx *gorm.DB, done *Completion) (list []*Completion, err error) {
	if done.AccountID == nil {
		return []*Completion{done}, nil
	}
	if err := done.alone(tx); err != nil {
		return nil, err
	}
	err = tx.Where("account_id = ? AND id <> ?", *done.AccountID, done.ID).Find(&list).Error
	return append(list, done), err
}

// countMerged decides anew what counts of a person to whom another account was
// just joined. The caller is alone with both.
func (c *Courses) countMerged(tx *gorm.DB, accountID string) error {
	var list []*Completion
	err := tx.Raw(`SELECT * FROM completions WHERE account_id = ? UNION ALL
		SELECT * FROM completions WHERE merged_into IN (SELECT id FROM completions WHERE account_id = ?)`, accountID, accountID).Scan(&list).Error
	if err != nil {
		return err
	}
	return c.count(tx, settle(list))
}

// settle decides what each of one person's completions counts for.
func settle(list []*Completion) (changes []Counted) {
	slices.SortFunc(list, func(a, b *Completion) int {
		return cmp.Or(cmp.Compare(a.CompletedOn, b.CompletedOn), a.CompletedAt.Compare(b.CompletedAt), cmp.Compare(a.ID, b.ID))
	})
	person, course := false, map[string]bool{}
	for _, done := range list {
		valid := done.WithdrawnAt == nil && done.MergedInto == nil
		bears, first := valid && done.Supporters && !person, valid && !course[done.CourseID]
		person, course[done.CourseID] = person || bears, course[done.CourseID] || first
		change := Counted{done, one(bears) - one(done.CountsPerson), one(first) - one(done.CountsCourse)}
		if change.Person != 0 || change.Course != 0 {
			done.CountsPerson, done.CountsCourse = bears, first
			changes = append(changes, change)
		}
	}
	return changes
}

func one(is bool) int {
	if is {
		return 1
	}
	return 0
}

// alone lets nobody else decide what counts of the person until the transaction ends.
func (d *Completion) alone(tx *gorm.DB) error {
	if d.AccountID == nil {
		return nil
	}
	return aloneWith(tx, *d.AccountID)
}

func aloneWith(tx *gorm.DB, accounts ...string) error {
	slices.Sort(accounts)
	for _, id := range accounts {
		if err := storage.Alone(tx, "counted:"+id); err != nil {
			return err
		}
	}
	return nil
}

func equal(a, b *string) bool { return a == b || a != nil && b != nil && *a == *b }
