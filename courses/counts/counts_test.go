package counts_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"gorm.io/gorm"

	"tsunagari/courses"
	"tsunagari/courses/accounts"
	"tsunagari/courses/counts"
	"tsunagari/courses/coursetest"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

func TestMain(m *testing.M) { storagetest.Main(m) }

var ctx = context.Background()

const (
	kitami     = "012084"
	abashiri   = "012114"
	nishiokopp = "015628"
)

// town is the rooms that count, with three small courses of two lessons: the first
// two make supporters.
type town struct {
	*counts.Counts
	t        testing.TB
	db       *storage.DB
	clock    *storagetest.Hand
	accounts *accounts.Accounts
	courses  *courses.Courses
	revs     []*courses.Revision
	held     counts.Held
}

func newTown(t testing.TB, db *storage.DB) *town {
	t.Helper()
	w := &town{t: t, db: db, clock: storagetest.Clock(db), accounts: accounts.New(db, accounts.Options{}), courses: courses.New(db)}
	w.accounts.OnMerge(w.courses.Merge)
	w.accounts.OnErase(w.courses.Erase)
	w.Counts = counts.New(db, w.courses, counts.Options{
		Held: func(*gorm.DB, []string, string, string) (counts.Held, error) { return w.held, nil },
	})
	for _, slug := range []string{"first", "second", "other-one"} {
		p := coursetest.Small(slug)
		p.ID = fmt.Sprintf("00000000-0000-4000-8000-%012x", len(w.revs)+100)
		p.Modules, p.Closing = p.Modules[:1], courses.Closing{}
		p.Modules[0].Check, p.Modules[0].Questions = 0, nil
		p.Supporters = slug != "other-one"
		rev, _, err := w.courses.Publish(ctx, p)
		w.must(err)
		w.revs = append(w.revs, rev)
	}
	return w
}

func (w *town) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *town) tx(fn func(tx *gorm.DB) error) {
	w.t.Helper()
	w.must(w.db.Tx(ctx, fn))
}

// person lives in a municipality, or in a prefecture of two digits.
func (w *town) person(area string) (id string) {
	w.t.Helper()
	columns := map[string]any{"state": accounts.Active, "municipality": area, "prefecture": area, "age_band": "70"}
	switch len(area) {
	case 6:
		columns["prefecture"] = area[:2]
	case 2:
		columns["municipality"] = ""
	}
	w.tx(func(tx *gorm.DB) error {
		a, err := accounts.Visitor(tx)
		if err != nil {
			return err
		}
		id = a.ID
		return tx.Model(a).Updates(columns).Error
	})
	return id
}

// studies finishes a course alone, today.
func (w *town) studies(person string, course int) {
	w.t.Helper()
	for _, l := range []string{"ichi-1", "ichi-2"} {
		_, err := w.courses.MarkRead(ctx, person, w.revs[course].Slug, l)
		w.must(err)
	}
}

// attends finishes a course in a class of the host on a day.
func (w *town) attends(person string, course int, host, on string) (completion string) {
	w.t.Helper()
	w.tx(func(tx *gorm.DB) error {
		done, err := w.courses.CompleteInClass(tx, courses.InClass{AccountID: person, Revision: w.revs[course], ClassID: "class", Host: host, On: on})
		if err == nil && done != nil {
			completion = done.ID
		}
		return err
	})
	return completion
}

func (w *town) rows(f counts.Filter) string {
	w.t.Helper()
	rows, err := w.Rows(ctx, counts.Everything(), f)
	w.must(err)
	return w.said(rows)
}

// said are rows in a short form; a course is its place in the list.
func (w *town) said(rows []counts.Row) (s string) {
	for _, r := range rows {
		for i, rev := range w.revs {
			if r.Course == rev.CourseID {
				r.Course = fmt.Sprint(i)
			}
		}
		s += fmt.Sprintf("%s/%s/%s=%d ", r.Area, r.Course, r.Month, r.People)
	}
	return s
}

func (w *town) says(what string, f counts.Filter, want string) {
	w.t.Helper()
	if got := w.rows(f); got != want {
		w.t.Errorf("%s: %s, want %s", what, got, want)
	}
}

// A person is one, at the earliest of what makes a supporter, wherever it was typed.
func TestAPersonCountsOnce(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		w := newTown(t, db)
		both, tokyo, unknown := w.person(kitami), w.person("13"), w.person("")
		w.studies(both, 2)
		w.says("a course of another kind", counts.Filter{}, "")
		w.studies(both, 0)
		w.studies(both, 1)
		w.studies(tokyo, 0)
		w.studies(unknown, 0)
		w.says("persons", counts.Filter{}, "//2026-11=1 "+kitami+"//2026-11=1 13//2026-11=1 ")
		w.says("courses", counts.Filter{Course: counts.EachCourse, Areas: []string{kitami}},
			kitami+"/0/2026-11=1 "+kitami+"/1/2026-11=1 "+kitami+"/2/2026-11=1 ")
		w.says("self-study", counts.Filter{Geo: counts.Host}, "//2026-11=3 ")
		// A class of October, typed late, with an earlier day than the own study.
		late := w.person(abashiri)
		w.studies(late, 0)
		w.attends(late, 1, nishiokopp, "2026-10-31")
		w.says("an earlier class", counts.Filter{Areas: []string{abashiri}}, abashiri+"//2026-10=1 ")
		w.says("by host", counts.Filter{Geo: counts.Host}, "//2026-11=3 "+nishiokopp+"//2026-10=1 ")
		w.says("months", counts.Filter{From: "2026-11", Until: "2026-11", Areas: []string{abashiri}}, "")
	})
}

// The month is Japan's.
func TestMonthEdge(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		w := newTown(t, db)
		w.clock.Set(time.Date(2026, 11, 30, 14, 59, 59, 0, time.UTC))
		w.studies(w.person(kitami), 0)
		w.clock.Set(time.Date(2026, 11, 30, 15, 0, 0, 0, time.UTC))
		w.studies(w.person(kitami), 0)
		w.says("the edge", counts.Filter{}, kitami+"//2026-11=1 "+kitami+"//2026-12=1 ")
	})
}

func TestScope(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		w := newTown(t, db)
		w.studies(w.person(kitami), 0)
		w.studies(w.person(abashiri), 0)
		own := counts.ScopeOfCodes([]string{kitami})
		rows, err := w.Rows(ctx, own, counts.Filter{})
		if got := w.said(rows); err != nil || got != kitami+"//2026-11=1 " {
			t.Errorf("%s %v", got, err)
		}
		for _, areas := range [][]string{{abashiri}, {kitami, abashiri}, {""}, {"13"}} {
			if _, err := w.Rows(ctx, own, counts.Filter{Areas: areas}); !errors.Is(err, storage.ErrNotFound) {
				t.Errorf("%q: %v", areas, err)
			}
			if _, err := w.Headline(ctx, own, areas, ""); !errors.Is(err, storage.ErrNotFound) {
				t.Errorf("headline %q: %v", areas, err)
			}
			if _, err := w.Using(ctx, own, areas); !errors.Is(err, storage.ErrNotFound) {
				t.Errorf("using %q: %v", areas, err)
			}
		}
		if _, err := w.Rows(ctx, counts.Scope{}, counts.Filter{}); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("no scope: %v", err)
		}
	})
}

func TestHeadline(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		w := newTown(t, db)
		for i, on := range []string{"2025-03-31", "2025-04-01", "2025-11-23", "2025-11-24", "2026-03-31", "2026-04-01", "2026-11-22", "2026-11-23"} {
			w.attends(w.person([]string{kitami, abashiri}[i%2]), 0, kitami, on)
		}
		w.held = counts.Held{ByHost: map[string]int{kitami: 3}, Trainers: 2}
		bureau := counts.ScopeOfCodes([]string{kitami, abashiri, nishiokopp})
		h, err := w.Headline(ctx, bureau, nil, "")
		w.must(err)
		want := counts.Headline{
			AsOf: "2026-11-23", Total: 8, Year: 3, YearBefore: 2,
			Classes: 3, ClassesYear: 3, Trainers: 2, Towns: 3, Using: 2, Holding: 1,
		}
		if *h != want {
			t.Errorf("%+v, want %+v", *h, want)
		}
		if h, err := w.Headline(ctx, bureau, []string{kitami}, "2026-11-21"); err != nil || h.Total != 3 || h.Year != 0 || h.YearBefore != 0 {
			t.Errorf("%+v %v", h, err)
		}
		for _, day := range []string{"2026-11-24", "2026-02-30", "x"} {
			if _, err := w.Headline(ctx, bureau, nil, day); !errors.Is(err, counts.ErrDay) {
				t.Errorf("%s: %v", day, err)
			}
		}
		using, err := w.Using(ctx, bureau, nil)
		if err != nil || fmt.Sprint(using) != fmt.Sprint(map[string]bool{kitami: true, abashiri: true, nishiokopp: false}) {
			t.Errorf("%v %v", using, err)
		}
	})
}

// A guest is nobody yet; who erases everything and starts again is somebody else.
func TestGuestsAndNewBeginnings(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		w := newTown(t, db)
		_, guest, err := w.accounts.Guest(ctx, "スマホ")
		w.must(err)
		w.studies(guest, 0)
		w.says("a guest", counts.Filter{}, "")
		one := w.enters(kitami)
		w.studies(one, 0)
		w.must(w.moves(one, abashiri))
		w.says("who moved", counts.Filter{}, kitami+"//2026-11=1 ")
		w.must(w.accounts.Erase(ctx, one, ""))
		w.says("who is erased", counts.Filter{}, kitami+"//2026-11=1 ")
		w.must(w.Fold(ctx))
		w.studies(w.enters(kitami), 0)
		w.says("who started again", counts.Filter{}, kitami+"//2026-11=2 ")
		w.exact()
	})
}

// The earlier completion bears the person, before and after everything that is
// corrected.
func TestCorrections(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		w := newTown(t, db)
		one, two := w.enters(kitami), w.enters(abashiri)
		w.studies(one, 0)
		first := w.attends(one, 1, nishiokopp, "2026-09-01")
		w.clock.Add(time.Minute)
		w.studies(two, 0)
		w.must(w.Fold(ctx))
		w.says("before", counts.Filter{}, kitami+"//2026-09=1 "+abashiri+"//2026-11=1 ")
		w.must(w.withdraws(first))
		w.says("withdrawn", counts.Filter{}, kitami+"//2026-11=1 "+abashiri+"//2026-11=1 ")
		if err := w.withdraws(first); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("withdrawn twice: %v", err)
		}
		w.attends(two, 1, nishiokopp, "2026-10-01")
		w.must(w.merges(one, two))
		w.says("merged", counts.Filter{}, abashiri+"//2026-10=1 ")
		w.says("courses", counts.Filter{Course: counts.EachCourse}, kitami+"/0/2026-11=1 "+abashiri+"/1/2026-10=1 ")
		w.exact()
	})
}

// Who asks again with the epoch of the last answer hears of everything that changed
// since, and of nothing when nothing did.
func TestChanged(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		w := newTown(t, db)
		own := counts.ScopeOfCodes([]string{kitami, abashiri})
		var epoch int64
		asks := func(what string, want ...string) {
			t.Helper()
			areas, now, err := w.Changed(ctx, own, epoch)
			if err != nil || fmt.Sprint(areas) != fmt.Sprint(want) {
				t.Errorf("%s: %v %v, want %v", what, areas, err, want)
			}
			epoch = now
		}
		asks("nothing yet")
		w.studies(w.enters(kitami), 0)
		w.studies(w.enters("012025"), 0)
		asks("not folded", kitami)
		w.must(w.Fold(ctx))
		asks("folded", kitami)
		asks("nothing since")
		w.attends(w.enters("012025"), 0, abashiri, "2026-11-01")
		w.must(w.Fold(ctx))
		w.studies(w.enters(kitami), 0)
		asks("both", kitami, abashiri)
		w.must(w.Fold(ctx))
		asks("the one that was not folded", kitami)
		w.must(w.Fold(ctx))
		asks("nothing since")
		epoch = 1000
		asks("an epoch of another time", kitami, abashiri)
		if _, _, err := w.Changed(ctx, counts.Scope{}, 0); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("no scope: %v", err)
		}
	})
}
