package courses_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"gorm.io/gorm"

	"tsunagari/courses"
	"tsunagari/courses/accounts"
	"tsunagari/courses/coursetest"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

func TestMain(m *testing.M) { storagetest.Main(m) }

func TestPublish(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		ctx := context.Background()
		first, second := courses.New(db), courses.New(db) // two programs
		var wg sync.WaitGroup
		for i := range 6 {
			wg.Go(func() {
				c := first
				if i%2 == 0 {
					c = second
				}
				if _, _, err := c.Publish(ctx, coursetest.Small("small")); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		list, err := first.List(ctx)
		if err != nil || len(list) != 1 || list[0].Number != 1 {
			t.Fatalf("published together: %v %v", list, err)
		}
		changed := coursetest.Small("small")
		changed.Modules[0].Lessons[0].Body["ja"] = "書き直しました。"
		rev, published, err := first.Publish(ctx, changed)
		if err != nil || !published || rev.Number != 2 {
			t.Fatalf("a change: %v %v %v", rev, published, err)
		}
		if s, err := second.Standing(ctx, "", "small"); err != nil || s.Revision.Number != 2 {
			t.Errorf("the other program shows %v, %v", s, err)
		}
		other := coursetest.Small("small")
		other.ID = "00000000-0000-4000-8000-00000000ffff"
		if _, _, err := first.Publish(ctx, other); !errors.Is(err, courses.ErrSlugTaken) {
			t.Errorf("another course with the same slug: %v", err)
		}
		faulty := coursetest.Small("faulty")
		faulty.Modules[0].Lessons[0].ID = ""
		if _, _, err := first.Publish(ctx, faulty); err == nil {
			t.Error("published a course with faults")
		}
	})
}

// What a new revision takes away is no longer needed to finish, what it adds is,
// and what was done stays done.
func TestStandingFollowsTheNewestRevision(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		ctx := context.Background()
		c := courses.New(db)
		p := coursetest.Small("small")
		if _, _, err := c.Publish(ctx, p); err != nil {
			t.Fatal(err)
		}
		var me string
		err := db.Tx(ctx, func(tx *gorm.DB) error {
			a, err := accounts.Visitor(tx)
			me = a.ID
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.MarkRead(ctx, me, "small", "ichi-1"); err != nil {
			t.Fatal(err)
		}
		if _, err := c.MarkRead(ctx, me, "small", "no-such"); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("an unknown lesson: %v", err)
		}
		p.Modules[0].Lessons = p.Modules[0].Lessons[:1]
		if _, _, err := c.Publish(ctx, p); err != nil {
			t.Fatal(err)
		}
		s, err := c.Standing(ctx, me, "small")
		if err != nil {
			t.Fatal(err)
		}
		next, left := s.Next()
		if !left || next.Key() != "check:ichi" || !s.Read("ichi-1") || s.ClosingOpen() {
			t.Errorf("next is %q", next.Key())
		}
		if done, all := s.Progress(); done != 1 || all != 6 {
			t.Errorf("%d of %d", done, all)
		}
		// module 1 takes 5 minutes, a lesson of 1 and a check of 2 among them; module 2
		// is untouched, まとめの確認 takes 3
		if got := s.MinutesLeft(); got != 4+5+3 {
			t.Errorf("%d minutes left", got)
		}
	})
}
