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

	"github.com/google/uuid"
	"gorm.io/gorm"

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

// finished puts a completion as it is stored, without the way to it.
func (w *town) finished(n int, municipality, band, host, on string) {
	w.t.Helper()
	w.tx(func(tx *gorm.DB) error {
		for range n {
			done := courses.Completion{
				ID: uuid.NewString(), CourseID: w.revs[0].CourseID, RevisionID: w.revs[0].ID, Cycle: 1, Supporters: true,
				CompletedOn: on, CompletedAt: tx.NowFunc(), Municipality: municipality, Prefecture: municipality[:2], AgeBand: band, Host: host,
				CountsPerson: true, CountsCourse: true,
			}
			month := on[:7]
			if host != "" {
				class := "class of " + on
				done.ClassID = &class
			}
			if err := tx.Create(&done).Error; err != nil {
				return err
			}
			err := tx.Exec("INSERT INTO count_deltas (area, host, course, month, person, finished) VALUES (?, ?, ?, ?, 1, 1)",
				municipality, host, done.CourseID, month).Error
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// said is a table in a short form.
func (w *town) table(s counts.Scope, of counts.Audience, g counts.Geo, area string, d counts.Dim, from, until counts.Month) string {
	w.t.Helper()
	t, err := w.Table(ctx, s, of, g, area, d, counts.Period{From: from, Until: until})
	if err != nil {
		return err.Error()
	}
	var b strings.Builder
	sum := t.Rest
	for i, c := range t.Cells {
		switch {
		case c.Hidden:
			fmt.Fprintf(&b, "%s=― ", t.Keys[i])
		case c.Value > 0 || d != counts.Band:
			fmt.Fprintf(&b, "%s=%d ", t.Keys[i], c.Value)
		}
		sum += c.Value
	}
	if sum != t.Total || t.Rule == "" || len(t.Labels) != len(t.Keys) {
		w.t.Errorf("%+v does not add up", t)
	}
	return fmt.Sprintf("%srest=%d total=%d", b.String(), t.Rest, t.Total)
}

// The village of 1,000 on the page of definitions.
func TestExampleOfTheDefinitions(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		w := newTown(t, db)
		for _, of := range []struct {
			n        int
			band, on string
		}{
			{6, "60", "2026-04-10"},
			{5, "60", "2026-05-10"},
			{2, "70", "2026-05-10"},
			{1, "70", "2026-06-10"},
			{4, "60", "2026-07-10"},
			{5, "70", "2026-08-10"},
			{4, "70", "2026-09-10"},
		} {
			w.finished(of.n, nishiokopp, of.band, nishiokopp, of.on)
		}
		w.must(w.Fold(ctx))
		w.closesAt(japan(2026, 10, 5, 0, 0))
		own := counts.ScopeOfCodes([]string{nishiokopp})
		const dark = "10=― 20=― 30=― 40=― 50=― 60=― 70=― 80=― none=― "
		for _, of := range []struct {
			from, until counts.Month
			want        string
		}{
			{"2026-04", "2026-06", dark + "rest=14 total=14"},
			{"2026-07", "2026-09", dark + "rest=13 total=13"},
			{"2026-04", "2026-09", "60=15 70=12 rest=0 total=27"},
		} {
			for _, audience := range []counts.Audience{counts.ToOwn, counts.ToOthers} {
				if got := w.table(own, audience, counts.Residence, nishiokopp, counts.Band, of.from, of.until); got != of.want {
					t.Errorf("%s %s: %s, want %s", audience, of.from, got, of.want)
				}
			}
		}
		if got, want := w.table(own, counts.ToOwn, counts.Host, nishiokopp, counts.Class, "2026-04", "2026-09"), "rest=27 total=27"; got != want {
			t.Errorf("classes: %s, want %s", got, want)
		}
	})
}

// Tables are told to who may see them, do not change, and the village's own post
// alone has the lower threshold.
func TestTables(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		w := newTown(t, db)
		for _, town := range []string{kitami, abashiri, nishiokopp} {
			for m := 4; m <= 6; m++ {
				w.finished(6, town, "60", town, fmt.Sprintf("2026-%02d-10", m))
				w.finished(5, town, "70", "", fmt.Sprintf("2026-%02d-11", m))
				w.finished(2, town, "30", town, fmt.Sprintf("2026-%02d-10", m))
				w.finished(2, town, "40", "", fmt.Sprintf("2026-%02d-11", m))
			}
		}
		w.finished(11, kitami, "50", abashiri, "2026-06-20")
		w.finished(3, "012025", "50", kitami, "2026-06-10") // of all areas three are not enough to learn alone
		w.closesAt(japan(2026, 7, 5, 0, 0))
		own, both := counts.ScopeOfCodes([]string{nishiokopp}), counts.ScopeOfCodes([]string{kitami, nishiokopp})
		const from, until = "2026-04", "2026-06"
		const ofOwn, ofOthers = "30=6 40=6 60=18 70=15 rest=0 total=45", "10=― 20=― 30=― 40=― 50=― 60=18 70=15 80=― none=― rest=12 total=45"
		is := func(what, got, want string) {
			t.Helper()
			if got != want {
				t.Errorf("%s: %s, want %s", what, got, want)
			}
		}
		is("own", w.table(own, counts.ToOwn, counts.Residence, nishiokopp, counts.Band, from, until), ofOwn)
		is("own, for others", w.table(own, counts.ToOthers, counts.Residence, nishiokopp, counts.Band, from, until), ofOthers)
		is("a bureau", w.table(both, counts.ToOwn, counts.Residence, nishiokopp, counts.Band, from, until), ofOthers)
		is("everything", w.table(counts.Everything(), counts.ToOwn, counts.Residence, nishiokopp, counts.Band, from, until), ofOthers)
		is("method", w.table(own, counts.ToOwn, counts.Residence, nishiokopp, counts.Method, from, until), "class=― self=― rest=45 total=45")
		is("classes", w.table(both, counts.ToOwn, counts.Host, kitami, counts.Class, from, until), "2026-06-10=11 rest=16 total=27")
		for what, got := range map[string]string{
			"another's":    w.table(own, counts.ToOwn, counts.Residence, kitami, counts.Band, from, until),
			"a month":      w.table(own, counts.ToOwn, counts.Residence, nishiokopp, counts.Band, from, from),
			"not closed":   w.table(own, counts.ToOwn, counts.Residence, nishiokopp, counts.Band, "2026-07", "2026-09"),
			"ages by host": w.table(own, counts.ToOwn, counts.Host, nishiokopp, counts.Band, from, until),
			"Tokyo":        w.table(counts.Everything(), counts.ToOthers, counts.Residence, "13", counts.Band, from, until),
		} {
			is(what, got, storage.ErrNotFound.Error())
		}
		// Afterwards much changes, and the closed quarter does not.
		w.finished(40, nishiokopp, "20", kitami, "2026-05-11")
		w.finished(12, kitami, "50", abashiri, "2026-07-20")
		w.finished(14, kitami, "60", abashiri, "2026-08-20")
		w.closesAt(japan(2026, 10, 5, 0, 0))
		is("later", w.table(own, counts.ToOwn, counts.Residence, nishiokopp, counts.Band, from, until), ofOwn)
		is("classes of both months", w.table(counts.Everything(), counts.ToOthers, counts.Host, abashiri, counts.Class, "2026-07", "2026-09"),
			"2026-07-20=12 2026-08-20=14 rest=0 total=26")
		periods, err := w.Periods(ctx)
		w.must(err)
		if got := fmt.Sprint(periods); got != "[{2026-07 2026-09} {2026-04 2026-09} {2026-04 2026-06}]" {
			t.Errorf("periods %s", got)
		}
	})
}

// Where four towns' people learned is told of those of whom it is enough, to the
// residents' municipality and to the host alike.
func TestTablesOfPlaces(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		w := newTown(t, db)
		for _, town := range []string{kitami, abashiri, nishiokopp, "015555"} {
			n := 5
			if town == nishiokopp || town == "015555" {
				n = 3
			}
			for m := 4; m <= 6; m++ {
				on := fmt.Sprintf("2026-%02d-10", m)
				w.finished(n, town, "60", town, on)
				w.finished(n, town, "60", kitami, on)
				w.finished(n, town, "60", abashiri, on)
				w.finished(n+1, town, "60", "", on)
			}
		}
		w.closesAt(japan(2026, 7, 5, 0, 0))
		for _, of := range []struct {
			geo        counts.Geo
			area       string
			dim        counts.Dim
			audience   counts.Audience
			want, said string
		}{
			{counts.Residence, kitami, counts.Method, counts.ToOthers, "class=45 self=18 rest=0 total=63", "教室（講師が確認） 自習（本人の申告）"},
			{counts.Residence, kitami, counts.OtherGeo, counts.ToOthers, "here=30 there=15 rest=18 total=63", "この市町村の教室 ほかの市町村の教室"},
			{counts.Host, kitami, counts.OtherGeo, counts.ToOwn, "here=30 there=33 rest=0 total=63", "この市町村の住民 ほかの市町村の住民"},
			{counts.Residence, nishiokopp, counts.Method, counts.ToOthers, "class=27 self=12 rest=0 total=39", "教室（講師が確認） 自習（本人の申告）"},
			{counts.Residence, nishiokopp, counts.OtherGeo, counts.ToOthers, "here=― there=― rest=39 total=39", "この市町村の教室 ほかの市町村の教室"},
		} {
			scope := counts.ScopeOfCodes([]string{of.area})
			if got := w.table(scope, of.audience, of.geo, of.area, of.dim, "2026-04", "2026-06"); got != of.want {
				t.Errorf("%s of %s: %s, want %s", of.dim, of.area, got, of.want)
			}
			table, err := w.Table(ctx, scope, of.audience, of.geo, of.area, of.dim, counts.Period{From: "2026-04", Until: "2026-06"})
			w.must(err)
			if got := strings.Join(table.Labels, " "); got != of.said {
				t.Errorf("labels %s, want %s", got, of.said)
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
