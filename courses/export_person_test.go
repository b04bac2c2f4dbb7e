package courses_test

import (
	"testing"
	"time"

	"gorm.io/gorm"

	"tsunagari/courses"
	"tsunagari/courses/accounts"
	"tsunagari/courses/coursetest"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

func TestHeld(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		ctx, c, clock := t.Context(), courses.New(db), storagetest.Clock(db)
		p := coursetest.Small("small")
		p.Modules, p.Closing = p.Modules[:1], courses.Closing{}
		p.Modules[0].Check, p.Modules[0].Questions = 0, nil
		_, _, err := c.Publish(ctx, p)
		must(t, err)
		var me, somebody string
		must(t, db.Tx(ctx, func(tx *gorm.DB) error {
			for _, id := range []*string{&me, &somebody} {
				a, err := accounts.Visitor(tx)
				if err != nil {
					return err
				}
				*id = a.ID
				values := map[string]any{"state": accounts.Active, "municipality": "012084", "prefecture": "01", "age_band": "70"}
				if err := tx.Model(a).Updates(values).Error; err != nil {
					return err
				}
			}
			return nil
		}))
		if list, err := c.Held(ctx, me); err != nil || len(list) != 0 {
			t.Fatal(list, err)
		}
		for _, lesson := range []string{"ichi-1", "ichi-motto", "ichi-2"} {
			_, err := c.MarkRead(ctx, me, "small", lesson)
			must(t, err)
			clock.Add(time.Minute)
		}
		_, err = c.MarkRead(ctx, somebody, "small", "ichi-1")
		must(t, err)
		p.Modules[0].Lessons = p.Modules[0].Lessons[1:] // what was done stays, under the name that it had
		_, _, err = c.Publish(ctx, p)
		must(t, err)

		list, err := c.Held(ctx, me)
		must(t, err)
		if len(list) != 1 || list[0].Course != "小さな講座small" || list[0].Cycle != 1 || len(list[0].Steps) != 3 {
			t.Fatalf("%+v", list)
		}
		for i, want := range []courses.TakenStep{{What: "lesson:ichi-1"}, {Module: "単元ichi", What: "もっとichi"}, {Module: "単元ichi", What: "レッスンichi-2"}} {
			got := list[0].Steps[i]
			if got.Module != want.Module || got.What != want.What || !got.DoneAt.Equal(list[0].StartedAt.Add(time.Duration(i)*time.Minute)) {
				t.Errorf("%+v, want %+v", got, want)
			}
		}
		if d := list[0].Completion; d == nil || d.Municipality != "012084" || d.AgeBand != "70" || d.CompletedOn != "2026-11-23" {
			t.Errorf("%+v", d)
		}
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
