package courses_test

import (
	"errors"
	"testing"
	"time"

	"gorm.io/gorm"

	"tsunagari/courses"
	"tsunagari/courses/accounts"
	"tsunagari/courses/coursetest"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

func TestStops(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		ctx := t.Context()
		c := courses.New(db)
		p := coursetest.Small("small")
		if _, _, err := c.Publish(ctx, p); err != nil {
			t.Fatal(err)
		}
		read := func(lessons ...string) {
			var me string
			err := db.Tx(ctx, func(tx *gorm.DB) error {
				a, err := accounts.Visitor(tx)
				me = a.ID
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			for _, l := range lessons {
				if _, err := c.MarkRead(ctx, me, "small", l); err != nil {
					t.Fatal(err)
				}
			}
		}
		read("ichi-1")
		read("ichi-1")
		read("ichi-1", "ichi-2")
		storagetest.Clock(db).Add(15 * 24 * time.Hour)
		read("ichi-1") // has only begun
		if _, _, _, err := c.Stops(ctx, accounts.Access{}, p.ID); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("for nobody: %v", err)
		}
		stops, all, finished, err := c.Stops(ctx, accounts.Shell(), p.ID)
		if err != nil || all != 4 || finished != 0 || len(stops) != 2 {
			t.Fatalf("%+v of %d, %d finished, %v", stops, all, finished, err)
		}
		if stops[0].Step.Key() != "lesson:ichi-2" || stops[0].People != 2 || stops[1].Step.Key() != "check:ichi" || stops[1].People != 1 {
			t.Errorf("%s %d, %s %d", stops[0].Step.Key(), stops[0].People, stops[1].Step.Key(), stops[1].People)
		}
	})
}
