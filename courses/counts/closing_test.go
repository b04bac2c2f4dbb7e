package counts_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"tsunagari/courses"
	"tsunagari/courses/counts"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

func japan(year int, month time.Month, day, hour, minute int) time.Time {
	return time.Date(year, month, day, hour, minute, 0, 0, courses.Japan)
}

// closesAt lets the task run at a moment and says which months are closed then.
func (w *town) closesAt(at time.Time) string {
	w.t.Helper()
	w.clock.Set(at)
	w.must(w.CloseDue(ctx, w.db.Now()))
	list, err := w.Closings(ctx)
	w.must(err)
	var months []string
	for _, c := range list {
		months = append(months, string(c.Month))
	}
	return strings.Join(months, " ")
}

func TestClosingDays(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		w := newTown(t, db)
		is := func(at time.Time, want string) {
			t.Helper()
			if got := w.closesAt(at); got != want {
				t.Errorf("at %s: %s, want %s", at, got, want)
			}
		}
		is(japan(2026, 12, 31, 0, 0), "")
		w.clock.Set(japan(2026, 11, 24, 0, 0))
		w.studies(w.person(kitami), 0)
		is(japan(2026, 12, 4, 23, 59), "")
		is(japan(2026, 12, 5, 0, 0), "2026-11")
		is(japan(2026, 12, 5, 0, 0), "2026-11")
		// The machine was off; a month in which nobody finished closes too.
		is(japan(2027, 4, 29, 23, 59), "2026-11 2026-12 2027-01 2027-02")
		is(japan(2027, 4, 30, 0, 0), "2026-11 2026-12 2027-01 2027-02 2027-03")
		w.must(w.SetRules(ctx, counts.Rules{Day: 10, MarchDay: 15, Own: 5, Outside: 10}))
		is(japan(2027, 5, 9, 12, 0), "2026-11 2026-12 2027-01 2027-02 2027-03")
		is(japan(2027, 5, 10, 0, 0), "2026-11 2026-12 2027-01 2027-02 2027-03 2027-04")
		for _, wrong := range []counts.Rules{{Day: 1, MarchDay: 30, Own: 5, Outside: 10}, {Day: 5, MarchDay: 30, Own: 2, Outside: 10}, {Day: 5, MarchDay: 30, Own: 5, Outside: 4}} {
			if w.SetRules(ctx, wrong) == nil {
				t.Errorf("%+v was taken", wrong)
			}
		}
	})
}

// What comes after the closing is listed, and the closed number stands.
func TestCorrectionsOfClosedMonths(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		w := newTown(t, db)
		w.clock.Set(japan(2026, 12, 1, 9, 0))
		away := w.attends(w.enters(kitami), 0, abashiri, "2026-11-20")
		early := w.attends(w.enters(kitami), 0, abashiri, "2026-11-20")
		one, two := w.enters(kitami), w.enters(nishiokopp)
		w.attends(one, 0, abashiri, "2026-11-21")
		w.attends(two, 0, abashiri, "2026-11-22")
		w.must(w.withdraws(early)) // before the closing: no correction
		w.must(w.Fold(ctx))
		if got := w.closesAt(japan(2026, 12, 6, 0, 0)); got != "2026-11" {
			t.Fatal(got)
		}
		w.must(w.withdraws(away))
		w.clock.Add(24 * time.Hour)
		w.attends(w.enters(abashiri), 0, kitami, "2026-11-30")
		w.attends(w.enters(abashiri), 0, kitami, "2025-11-30") // before the first closed month
		w.clock.Add(24 * time.Hour)
		w.must(w.merges(two, one))
		w.must(w.Fold(ctx))
		rows, corrections, err := w.ClosedRows(ctx, counts.Everything(), counts.Filter{})
		w.must(err)
		if got, want := w.said(rows), kitami+"//2026-11=2 "+nishiokopp+"//2026-11=1 "; got != want {
			t.Errorf("closed: %s, want %s", got, want)
		}
		var said string
		for _, c := range corrections {
			said += fmt.Sprintf("%s %s%s %+d\n", c.Day, w.said([]counts.Row{c.Row}), c.Reason(), c.People)
		}
		want := "2026-12-06 012084//2026-11=-1 修了の取り下げ -1\n" +
			"2026-12-07 012114//2025-11=1 事後の登録 +1\n2026-12-07 012114//2026-11=1 事後の登録 +1\n" +
			"2026-12-08 015628//2026-11=-1 重複した登録の統合 -1\n"
		if said != want {
			t.Errorf("corrections:\n%swant\n%s", said, want)
		}
		w.addsUp()
		own := counts.ScopeOfCodes([]string{kitami})
		if rows, corrections, err := w.ClosedRows(ctx, own, counts.Filter{}); err != nil || len(rows) != 1 || len(corrections) != 1 {
			t.Errorf("own: %v %v %v", rows, corrections, err)
		}
		if _, _, err := w.ClosedRows(ctx, own, counts.Filter{Areas: []string{abashiri}}); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("another's: %v", err)
		}
	})
}

// addsUp fails unless closed numbers and corrections are the numbers of now.
func (w *town) addsUp() {
	w.t.Helper()
	list, err := w.Closings(ctx)
	w.must(err)
	last := list[len(list)-1].Month
	for _, geo := range []counts.Geo{counts.Residence, counts.Host} {
		for _, course := range []string{"", counts.EachCourse} {
			f := counts.Filter{Geo: geo, Course: course, Until: last}
			people := map[counts.Row]int{}
			add := func(r counts.Row, sign int) {
				n := r.People
				r.People = 0
				people[r] += sign * n
			}
			closed, corrections, err := w.ClosedRows(ctx, counts.Everything(), f)
			w.must(err)
			now, err := w.Rows(ctx, counts.Everything(), f)
			w.must(err)
			for _, r := range closed {
				add(r, 1)
			}
			for _, c := range corrections {
				add(c.Row, 1)
			}
			for _, r := range now {
				add(r, -1)
			}
			for r, n := range people {
				if n != 0 {
					w.t.Errorf("%s %+v: closed and corrected differ from now by %d", geo, r, n)
				}
			}
		}
	}
}

// Closings, by several instances at once, miss nothing that is typed meanwhile.
func TestClosingWhileOthersType(t *testing.T) {
	t.Parallel()
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		w := newTown(t, db)
		people := make([]string, 24)
		for i := range people {
			people[i] = w.enters(someAreas[i%3])
		}
		w.attends(w.enters(kitami), 0, kitami, "2026-06-10")
		w.clock.Set(japan(2026, 11, 24, 0, 0))
		var work sync.WaitGroup
		for range 2 {
			work.Go(func() {
				// Of two that close the same month one is refused; the task comes again.
				for range 8 {
					_ = w.CloseDue(ctx, db.Now())
				}
			})
		}
		for g := range 4 {
			work.Go(func() {
				rnd := rand.New(rand.NewPCG(uint64(g), 5))
				for i := g * 6; i < g*6+6; i++ {
					done, err := w.finishes(people[i], rnd.IntN(3), someHosts[rnd.IntN(3)], fmt.Sprintf("2026-%02d-15", 6+rnd.IntN(5)))
					if err != nil {
						t.Error(err)
					} else if rnd.IntN(3) == 0 {
						if err := w.withdraws(done.ID); err != nil {
							t.Error(err)
						}
					}
				}
			})
		}
		work.Wait()
		if got := w.closesAt(japan(2026, 11, 24, 0, 1)); got != "2026-06 2026-07 2026-08 2026-09 2026-10" {
			t.Errorf("closed %s", got)
		}
		w.exact()
		w.addsUp()
	})
}

// A vendor makes the SHA-256 again from the numbers alone.
func TestSeal(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		w := newTown(t, db)
		w.clock.Set(japan(2026, 11, 24, 0, 0))
		w.studies(w.person(kitami), 0)
		w.attends(w.person(kitami), 0, kitami, "2026-11-20")
		w.closesAt(japan(2026, 12, 5, 0, 0))
		course := w.revs[0].CourseID
		text := "tsunagari-closing-1\nmonth,2026-11\ndefinition,1\nrule,1\narea,012084\n" +
			"residence,,2\nresidence," + course + ",2\nhost,,1\nhost," + course + ",1\n"
		own := counts.ScopeOfCodes([]string{kitami})
		got, err := w.Seal(ctx, own, kitami, "2026-11")
		if want := fmt.Sprintf("%x", sha256.Sum256([]byte(text))); err != nil || got != want {
			t.Errorf("%s %v, want %s", got, err, want)
		}
		none, err := w.Seal(ctx, counts.Everything(), "", "2026-11")
		w.must(err)
		list, err := w.Closings(ctx)
		w.must(err)
		all := fmt.Sprintf("%x", sha256.Sum256([]byte(","+none+"\n012084,"+got+"\n")))
		if list[0].SHA256 != all || list[0].Rows != 6 || list[0].Definition != counts.Edition || list[0].Rule != counts.RuleEdition {
			t.Errorf("%+v, want %s", list[0], all)
		}
		for _, ask := range []struct{ area, month string }{{abashiri, "2026-11"}, {kitami, "2026-12"}} {
			if _, err := w.Seal(ctx, own, ask.area, counts.Month(ask.month)); !errors.Is(err, storage.ErrNotFound) {
				t.Errorf("%v: %v", ask, err)
			}
		}
	})
}

// Erasing a person changes nothing that is closed, and nothing kept here names one.
func TestClosedNumbersNameNobody(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		w := newTown(t, db)
		w.clock.Set(japan(2026, 11, 24, 0, 0))
		id := w.enters(kitami)
		done := w.attends(id, 0, kitami, "2026-11-20")
		w.closesAt(japan(2026, 12, 5, 0, 0))
		before, err := w.Seal(ctx, counts.Everything(), kitami, "2026-11")
		w.must(err)
		for _, table := range []string{"closings", "closed_counts", "closed_ages", "closed_places", "closed_classes", "released_cells", "count_late"} {
			var rows []map[string]any
			w.must(db.Read(context.Background()).Table(table).Find(&rows).Error)
			if said := fmt.Sprint(rows); strings.Contains(said, id) || strings.Contains(said, done) || strings.Contains(said, "花子") {
				t.Errorf("%s knows the person: %s", table, said)
			}
		}
		w.must(w.accounts.Erase(ctx, id, ""))
		if after, err := w.Seal(ctx, counts.Everything(), kitami, "2026-11"); err != nil || after != before {
			t.Errorf("%s %v, was %s", after, err, before)
		}
		w.addsUp()
	})
}
