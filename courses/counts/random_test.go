package counts_test

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"tsunagari/courses"
	"tsunagari/courses/accounts"
	"tsunagari/courses/counts"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

var (
	someAreas = []string{kitami, abashiri, nishiokopp, "012025", "p13"}
	someHosts = []string{kitami, abashiri, nishiokopp}
)

// enters registers somebody as the real program does.
func (w *town) enters(residence string) (id string) {
	w.t.Helper()
	w.tx(func(tx *gorm.DB) (err error) {
		id, err = w.accounts.Enter(tx, accounts.Shell(), accounts.Typed{
			FamilyName: "北見", GivenName: "花子", FamilyKana: "きたみ", GivenKana: "はなこ", Residence: residence, AgeBand: "70",
		})
		return err
	})
	return id
}

func (w *town) moves(person, residence string) error {
	a, err := w.accounts.Account(ctx, person)
	if err != nil {
		return err
	}
	return w.accounts.UpdateProfile(ctx, person, accounts.Profile{Residence: residence, AgeBand: "70", Version: a.Version})
}

func (w *town) merges(from, into string) error {
	m := accounts.Merging{Operation: uuid.NewString(), From: from, Into: into, Why: "同じ方", Sure: "yes"}
	return w.accounts.Merge(ctx, accounts.Shell(), m)
}

func (w *town) withdraws(completion string) error {
	return w.db.Tx(ctx, func(tx *gorm.DB) error { return w.courses.Withdraw(tx, completion, "shell", "まちがい") })
}

func (w *town) finishes(person string, course int, host, on string) (done *courses.Completion, err error) {
	err = w.db.Tx(ctx, func(tx *gorm.DB) error {
		done, err = w.courses.CompleteInClass(tx, courses.InClass{AccountID: person, Revision: w.revs[course], ClassID: "class", Host: host, On: on})
		return err
	})
	return done, err
}

func dayBefore(n int) string { return storagetest.Start.AddDate(0, 0, -n).Format(time.DateOnly) }

// ledger is what a person finished, as the test itself keeps it. Of who is erased
// each completion is alone, with what it bore on that day.
type ledger struct {
	done   []*courses.Completion
	erased bool
}

func (l *ledger) sort() {
	slices.SortFunc(l.done, func(a, b *courses.Completion) int {
		return cmp.Or(cmp.Compare(a.CompletedOn, b.CompletedOn), a.CompletedAt.Compare(b.CompletedAt), cmp.Compare(a.ID, b.ID))
	})
}

// settle keeps the first of each course, and says what counts.
func (l *ledger) settle() {
	if l.erased {
		return
	}
	l.sort()
	person, course := false, map[string]bool{}
	for _, d := range l.done {
		d.CountsPerson = d.Supporters && !person
		d.CountsCourse = !course[d.CourseID]
		person, course[d.CourseID] = person || d.Supporters, true
	}
}

// believed are the rows that the ledgers make.
func believed(all []*ledger, f counts.Filter) (rows []counts.Row) {
	people := map[counts.Row]int{}
	for _, l := range all {
		for _, d := range l.done {
			r := counts.Row{Area: cmp.Or(d.Municipality, d.Prefecture), Month: counts.Month(d.CompletedOn[:7])}
			if f.Geo == counts.Host {
				r.Area = d.Host
			}
			bears := d.CountsPerson
			if f.Course == counts.EachCourse {
				r.Course, bears = d.CourseID, d.CountsCourse
			}
			if bears {
				people[r]++
			}
		}
	}
	for r, n := range people {
		r.People = n
		rows = append(rows, r)
	}
	slices.SortFunc(rows, func(a, b counts.Row) int {
		return cmp.Or(cmp.Compare(a.Area, b.Area), cmp.Compare(a.Course, b.Course), cmp.Compare(a.Month, b.Month))
	})
	return rows
}

// Whatever happens to people, in whatever order, the numbers are those of somebody
// who kept count on paper and remembers who was erased.
func TestNumbersAreThoseOfALedger(t *testing.T) {
	t.Parallel()
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		w := newTown(t, db)
		rnd := rand.New(rand.NewPCG(2026, 1123))
		people := map[string]*ledger{}
		var ids []string // of who is not erased
		var gone []*ledger
		for range 12 {
			id := w.enters(someAreas[rnd.IntN(len(someAreas))])
			people[id], ids = &ledger{}, append(ids, id)
		}
		happened := map[string]int{}
		for step := range 250 {
			w.clock.Add(time.Minute)
			at := rnd.IntN(len(ids))
			id := ids[at]
			l := people[id]
			act := []string{"finishes", "finishes", "finishes", "withdraws", "merges", "erased", "moves", "folds"}[rnd.IntN(8)]
			switch act {
			case "finishes":
				done, err := w.finishes(id, rnd.IntN(3), someHosts[rnd.IntN(3)], dayBefore(rnd.IntN(60)))
				w.must(err)
				if done != nil {
					kept := *done
					l.done = append(l.done, &kept)
				}
			case "withdraws":
				if len(gone) > 0 && rnd.IntN(3) == 0 {
					l = gone[rnd.IntN(len(gone))]
				}
				if len(l.done) == 0 {
					continue
				}
				i := rnd.IntN(len(l.done))
				w.must(w.withdraws(l.done[i].ID))
				l.done = slices.Delete(l.done, i, i+1)
			case "merges":
				into := ids[(at+1)%len(ids)]
				w.must(w.merges(id, into))
				both := people[into]
				both.done = append(both.done, l.done...)
				both.sort()
				seen := map[string]bool{}
				both.done = slices.DeleteFunc(both.done, func(d *courses.Completion) bool {
					twice := seen[d.CourseID]
					seen[d.CourseID] = true
					return twice
				})
				act += fmt.Sprint(" ", len(l.done) > 0)
				l = both
				ids = slices.Delete(ids, at, at+1)
				fresh := w.enters(someAreas[rnd.IntN(len(someAreas))])
				people[fresh], ids = &ledger{}, append(ids, fresh)
			case "erased":
				l.settle()
				l.erased = true
				gone = append(gone, l)
				w.must(w.accounts.Erase(ctx, id, ""))
				ids[at] = w.enters(someAreas[rnd.IntN(len(someAreas))])
				people[ids[at]] = &ledger{}
			case "moves":
				w.must(w.moves(id, someAreas[rnd.IntN(len(someAreas))]))
			case "folds":
				w.must(w.Fold(ctx))
			}
			happened[act]++
			l.settle()
			all := slices.Clone(gone)
			for _, id := range ids {
				all = append(all, people[id])
			}
			for _, f := range []counts.Filter{{}, {Geo: counts.Host}, {Course: counts.EachCourse}, {Geo: counts.Host, Course: counts.EachCourse}} {
				rows, err := w.Rows(ctx, counts.Everything(), f)
				w.must(err)
				if want := believed(all, f); !slices.Equal(rows, want) {
					t.Fatalf("step %d, %s: %+v\n%v\nwant\n%v", step, act, f, w.said(rows), w.said(want))
				}
			}
			if step%25 == 0 {
				w.exact()
			}
		}
		if len(happened) < 7 || len(gone) < 5 {
			t.Errorf("only %v", happened)
		}
	})
}

// exact fails unless every number is that of a recount.
func (w *town) exact() {
	w.t.Helper()
	if wrong, err := w.Verify(ctx); err != nil || len(wrong) > 0 {
		w.t.Errorf("counted anew: %+v %v", wrong, err)
	}
}

// Everything at once, on people who meet: at every look the numbers are those of a
// recount.
func TestExactAtEveryLook(t *testing.T) {
	t.Parallel()
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		w := newTown(t, db)
		people := make([]string, 16)
		for i := range people {
			people[i] = w.enters(someAreas[i%len(someAreas)])
		}
		var mu sync.Mutex
		var finished []string
		one := func(rnd *rand.Rand) error {
			mu.Lock()
			at := rnd.IntN(len(people))
			id, other := people[at], people[(at+1)%len(people)]
			var completion string
			if len(finished) > 0 {
				completion = finished[rnd.IntN(len(finished))]
			}
			mu.Unlock()
			anew := func(err error) error {
				if err == nil {
					fresh := w.enters(someAreas[rnd.IntN(len(someAreas))])
					mu.Lock()
					people[at] = fresh
					mu.Unlock()
				}
				return err
			}
			switch n := rnd.IntN(16); {
			case n < 10:
				done, err := w.finishes(id, rnd.IntN(3), someHosts[rnd.IntN(3)], dayBefore(rnd.IntN(60)))
				if done != nil && err == nil {
					mu.Lock()
					finished = append(finished, done.ID)
					mu.Unlock()
				}
				return err
			case n < 12:
				return w.withdraws(completion)
			case n < 13:
				return w.moves(id, someAreas[rnd.IntN(len(someAreas))])
			case n < 14:
				return anew(w.accounts.Erase(ctx, id, ""))
			}
			return anew(w.merges(id, other))
		}
		var work, watch sync.WaitGroup
		ended := make(chan struct{})
		var looks, done int
		for range 2 {
			watch.Go(func() {
				for {
					if err := w.Fold(ctx); err != nil {
						t.Error(err)
					}
					select {
					case <-ended:
						return
					default:
					}
				}
			})
		}
		watch.Go(func() {
			for ; ; looks++ {
				w.exact()
				select {
				case <-ended:
					return
				default:
				}
			}
		})
		for g := range 6 {
			work.Go(func() {
				rnd := rand.New(rand.NewPCG(uint64(g), 23))
				for range 60 {
					err := one(rnd)
					if err != nil && !errors.Is(err, storage.ErrNotFound) && !errors.Is(err, storage.ErrConflict) {
						t.Error(err)
					}
					mu.Lock()
					done++
					mu.Unlock()
				}
			})
		}
		work.Wait()
		close(ended)
		watch.Wait()
		w.exact()
		var withdrawn, erased, merged int
		for what, into := range map[string]*int{"withdrawn_at IS NOT NULL": &withdrawn, "account_id IS NULL AND merged_into IS NULL": &erased, "merged_into IS NOT NULL": &merged} {
			w.must(db.Read(ctx).Raw("SELECT count(*) FROM completions WHERE " + what).Scan(into).Error)
		}
		if len(finished) < 20 || withdrawn == 0 || erased == 0 || merged == 0 || looks < 3 {
			t.Errorf("too little happened: %d finished, %d withdrawn, %d erased, %d merged, %d looks", len(finished), withdrawn, erased, merged, looks)
		}
		t.Logf("%d acts, %d finished, %d looks", done, len(finished), looks)
	})
}
