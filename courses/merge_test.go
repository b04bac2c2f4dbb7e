package courses_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"

	"tsunagari/courses"
	"tsunagari/courses/accounts"
	"tsunagari/courses/coursetest"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

// readers are a course that is finished by reading, and people who have registered.
type readers struct {
	*courses.Courses
	t     *testing.T
	db    *storage.DB
	clock *storagetest.Hand
}

func newReaders(t *testing.T, db *storage.DB) *readers {
	t.Helper()
	r := &readers{courses.New(db), t, db, storagetest.Clock(db)}
	p := coursetest.Small("small")
	p.Modules, p.Closing = p.Modules[:1], courses.Closing{}
	p.Modules[0].Check, p.Modules[0].Questions = 0, nil
	_, _, err := r.Publish(t.Context(), p)
	must(t, err)
	return r
}

func (r *readers) reader(town string) (id string) {
	r.t.Helper()
	must(r.t, r.db.Tx(r.t.Context(), func(tx *gorm.DB) error {
		a, err := accounts.Visitor(tx)
		if err != nil {
			return err
		}
		id = a.ID
		return tx.Model(a).Updates(map[string]any{"state": accounts.Active, "municipality": town, "prefecture": "01", "age_band": "70"}).Error
	}))
	return id
}

// reads reads lessons, an hour after another.
func (r *readers) reads(account string, lessons ...string) {
	r.t.Helper()
	for _, l := range lessons {
		r.clock.Add(time.Hour)
		_, err := r.MarkRead(r.t.Context(), account, "small", l)
		must(r.t, err)
	}
}

func (r *readers) merge(from, into string) {
	r.t.Helper()
	must(r.t, r.db.Tx(r.t.Context(), func(tx *gorm.DB) error {
		if err := r.Merge(tx, from, into); err != nil {
			return err
		}
		return tx.Model(&accounts.Account{}).Where("id = ?", from).Update("state", accounts.Erased).Error
	}))
}

func (r *readers) preview(from, into string) (part accounts.MergePart) {
	r.t.Helper()
	must(r.t, r.db.Tx(r.t.Context(), func(tx *gorm.DB) (err error) {
		part, err = r.PreviewMerge(tx, from, into)
		return err
	}))
	return part
}

// The earlier day counts for a step, and the earlier completion for the course; the
// later one stays on record, for its person to read and for nobody to count.
func TestMergeKeepsTheEarlier(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		r := newReaders(t, db)
		first, second, third := r.reader("012084"), r.reader("012114"), r.reader("012084")
		r.reads(first, "ichi-2", "ichi-1")
		r.reads(second, "ichi-1", "ichi-motto", "ichi-2")
		r.reads(third, "ichi-1", "ichi-2")
		part := r.preview(first, second)
		want := []string{"講座「小さな講座small」の修了は、早いほう（2026年11月23日）が残ります。", "網走市の修了者数（2026年11月）が、1人減ります。"}
		if len(part.Rows) != 1 || part.Rows[0].Label != "講座「小さな講座small」" || part.Rows[0].From != "2のうち2が終わりました。2026年11月23日に修了" ||
			len(part.Changes) != 2 || part.Changes[0] != want[0] || part.Changes[1] != want[1] {
			t.Errorf("%+v", part)
		}
		r.merge(second, third)
		r.merge(third, first)

		list, err := r.Held(t.Context(), first)
		must(t, err)
		if len(list) != 1 || len(list[0].Steps) != 3 || len(list[0].Merged) != 2 || list[0].Merged[0].Municipality != "012114" {
			t.Fatalf("%+v", list)
		}
		started := storagetest.Start.Add(time.Hour)
		d := list[0].Completion
		if d == nil || d.Municipality != "012084" || !d.CompletedAt.Equal(started.Add(time.Hour)) || !list[0].StartedAt.Equal(started) {
			t.Errorf("%+v", list[0])
		}
		for i, s := range list[0].Steps[:2] { // its own, not the others' later ones
			if !s.DoneAt.Equal(started.Add(time.Duration(i) * time.Hour)) {
				t.Errorf("%+v", s)
			}
		}
		var nobodys int64
		must(t, db.Read(t.Context()).Model(&courses.Completion{}).Where("merged_into = ? AND account_id IS NULL AND enrolment_id IS NULL", d.ID).Count(&nobodys).Error)
		if nobodys != 2 {
			t.Errorf("%d later completions", nobodys)
		}
		if done, err := r.Completion(t.Context(), first, d.CourseID); err != nil || done.ID != d.ID {
			t.Errorf("%+v %v", done, err)
		}
	})
}

// Nothing begins in an account that became part of another one.
func TestNothingBeginsInAnEndedAccount(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		r := newReaders(t, db)
		from, into := r.reader("012084"), r.reader("012084")
		r.reads(from, "ichi-1")
		r.merge(from, into)
		if _, err := r.MarkRead(t.Context(), from, "small", "ichi-1"); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("reading on: %v", err)
		}
		if list, err := r.Held(t.Context(), from); err != nil || len(list) != 0 {
			t.Errorf("%+v %v", list, err)
		}
	})
}

// Somebody reads on while the desk merges: what was acknowledged is there.
func TestReadingOnWhileMerging(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		r := newReaders(t, db)
		for range 10 {
			from, into := r.reader("012084"), r.reader("012084")
			r.reads(into, "ichi-motto")
			var wg sync.WaitGroup
			kept := false
			wg.Go(func() {
				_, err := r.MarkRead(t.Context(), from, "small", "ichi-1")
				if err != nil && !errors.Is(err, storage.ErrNotFound) {
					t.Error(err)
				}
				kept = err == nil
			})
			wg.Go(func() {
				err := db.Tx(t.Context(), func(tx *gorm.DB) error {
					if err := tx.Exec("UPDATE accounts SET state = 'erased' WHERE id = ?", from).Error; err != nil {
						return err
					}
					return r.Merge(tx, from, into)
				})
				if err != nil {
					t.Error(err)
				}
			})
			wg.Wait()
			s, err := r.Standing(t.Context(), into, "small")
			must(t, err)
			if s.Read("ichi-1") != kept {
				t.Errorf("acknowledged %v, and kept %v", kept, s.Read("ichi-1"))
			}
		}
	})
}
