package counts_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"tsunagari/courses"
	"tsunagari/courses/counts"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

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
