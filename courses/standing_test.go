package courses_test

import (
	"context"
	"errors"
	"reflect"
	"testing"

	"gorm.io/gorm"

	"tsunagari/courses"
	"tsunagari/courses/accounts"
	"tsunagari/courses/coursetest"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

// reader is a guest who has read two lessons of the small course.
func reader(t testing.TB, db *storage.DB) (*courses.Courses, *accounts.Accounts, string, string) {
	t.Helper()
	ctx := context.Background()
	c, people := courses.New(db), accounts.New(db, accounts.Options{})
	if _, _, err := c.Publish(ctx, coursetest.Small("small")); err != nil {
		t.Fatal(err)
	}
	secret, account, err := people.Guest(ctx, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, lesson := range []string{"ichi-1", "ichi-2"} {
		if _, err := c.MarkRead(ctx, account, "small", lesson); err != nil {
			t.Fatal(err)
		}
	}
	return c, people, secret, account
}

// The one query says what the two say, and nothing of other people.
func TestArrive(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		ctx := context.Background()
		c, people, secret, account := reader(t, db)
		newcomer, _, err := people.Guest(ctx, "Mac")
		if err != nil {
			t.Fatal(err)
		}
		signed, s, err := c.Arrive(ctx, people, secret, "small")
		if err != nil || signed.AccountID != account || !s.Read("ichi-1") || !s.Read("ichi-2") || s.Read("ni-1") || s.Completed {
			t.Errorf("who has read two lessons: %+v %+v %v", signed, s, err)
		}
		alone, err := c.Standing(ctx, account, "small")
		if err != nil || !reflect.DeepEqual(alone, s) {
			t.Errorf("asked alone: %+v, together: %+v, %v", alone, s, err)
		}
		if signed, s, err = c.Arrive(ctx, people, newcomer, "small"); err != nil || signed.Device != "Mac" || s.EnrolmentID != "" || s.Read("ichi-1") {
			t.Errorf("who has read nothing: %+v %+v %v", signed, s, err)
		}
		if signed, s, err = c.Arrive(ctx, people, secret, "none"); err != nil || signed.AccountID != account || s != nil {
			t.Errorf("a course that is not there: %+v %+v %v", signed, s, err)
		}
		if _, _, err = c.Arrive(ctx, people, "unknown", "small"); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("an unknown secret: %v", err)
		}
		if _, err = c.Standing(ctx, account, "none"); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("a standing in no course: %v", err)
		}
		// In a later cycle everything begins anew.
		err = db.Tx(ctx, func(tx *gorm.DB) error {
			return tx.Create(&courses.Enrolment{ID: "again", AccountID: account, CourseID: alone.Revision.CourseID, Cycle: 2, StartedAt: db.Now()}).Error
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, s, err = c.Arrive(ctx, people, secret, "small"); err != nil || s.EnrolmentID != "again" || s.Read("ichi-1") {
			t.Errorf("in the second cycle: %+v %v", s, err)
		}
	})
}

// BenchmarkArrive measures what a lesson page asks of the database: the person and
// the standing in one query, and in two.
func BenchmarkArrive(b *testing.B) {
	ctx := context.Background()
	for name, url := range map[string]func(testing.TB) string{"sqlite": storagetest.SQLite, "postgres": storagetest.Postgres} {
		c, people, secret, account := reader(b, storagetest.Open(b, url(b)))
		for way, arrive := range map[string]func() error{
			"one": func() error {
				_, _, err := c.Arrive(ctx, people, secret, "small")
				return err
			},
			"two": func() error {
				_, err := people.BySession(ctx, secret)
				if err == nil {
					_, err = c.Standing(ctx, account, "small")
				}
				return err
			},
		} {
			b.Run(name+"/"+way, func(b *testing.B) {
				b.RunParallel(func(p *testing.PB) {
					for p.Next() {
						if err := arrive(); err != nil {
							b.Error(err)
						}
					}
				})
			})
		}
	}
}
