package accounts_test

import (
	"slices"
	"sync"
	"testing"

	"tsunagari/courses/accounts"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

func TestDenominators(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		officer := s.staff(accounts.Officer, kitami)
		in := accounts.DenominatorInput{CountedOn: "2026-03-31", People: "１１２，３４５人", Source: "住民基本台帳"}
		s.must(s.SetDenominator(ctx, officer, kitami, in))
		s.is(s.SetDenominator(ctx, officer, kitami, in), accounts.ErrCountedThen)
		s.must(s.SetDenominator(ctx, officer, kitami, accounts.DenominatorInput{CountedOn: "2026-09-30", People: "112000", Source: "住民基本台帳"}))
		in.People, in.Version = "112,340", 1
		s.must(s.SetDenominator(ctx, officer, kitami, in))
		s.is(s.SetDenominator(ctx, officer, kitami, in), storage.ErrConflict)
		list, err := s.Denominators(ctx, officer, kitami)
		if err != nil || len(list) != 2 || list[0].CountedOn != "2026-09-30" || list[1].People != 112340 || list[1].Version != 2 {
			t.Errorf("entered: %+v %v", list, err)
		}
		for day, want := range map[string]int{"2026-03-30": 0, "2026-03-31": 112340, "2026-09-29": 112340, "2026-11-23": 112000} {
			latest, err := s.LatestDenominators(ctx, []string{kitami, abashiri}, day)
			if err != nil || latest[kitami].People != want || latest[abashiri].People != 0 {
				t.Errorf("on %s: %+v %v, want %d", day, latest, err, want)
			}
		}
		s.must(s.RemoveDenominator(ctx, officer, kitami, "2026-09-30"))
		s.is(s.RemoveDenominator(ctx, officer, kitami, "2026-09-30"), storage.ErrNotFound)
		if n := len(s.audited("denominator.set")) + len(s.audited("denominator.remove")); n != 4 {
			t.Errorf("%d lines of the record", n)
		}
	})
}

func TestDenominatorRules(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		officer := s.staff(accounts.Officer, kitami)
		for _, c := range []struct {
			day, people string
			want        error
		}{
			{"2026-11-24", "1", accounts.ErrCountedOn},
			{"2014-12-31", "1", accounts.ErrCountedOn},
			{"2026-11-23", "0", accounts.ErrPeople},
			{"2026-11-23", "-5", accounts.ErrPeople},
			{"2026-11-23", "約1万", accounts.ErrPeople},
			{"2026-11-23", "99999999999999", accounts.ErrPeople},
		} {
			in := accounts.DenominatorInput{CountedOn: c.day, People: c.people, Source: "国勢調査"}
			s.is(s.SetDenominator(ctx, officer, kitami, in), c.want)
		}
		for field, in := range map[string]accounts.DenominatorInput{
			"counted_on": {CountedOn: "2026-02-30", People: "1", Source: "x"}, "people": {CountedOn: "2026-02-01", Source: "x"}, "source": {CountedOn: "2026-02-01", People: "1"},
		} {
			if err := s.SetDenominator(ctx, officer, kitami, in); !invalid(err, field) {
				t.Errorf("%s: %v", field, err)
			}
		}
		in := accounts.DenominatorInput{CountedOn: "2026-11-23", People: "5", Source: "国勢調査"}
		s.must(s.SetDenominator(ctx, s.admin, kitami, in))
		in.Version = 1
		for name, by := range map[string]accounts.Access{"another town": s.staff(accounts.Officer, abashiri), "a desk": s.staff(accounts.Desk, kitami), "nobody": {}} {
			_, err := s.Denominators(ctx, by, kitami)
			for act, err := range map[string]error{
				"lists": err, "sets": s.SetDenominator(ctx, by, kitami, in), "removes": s.RemoveDenominator(ctx, by, kitami, "2026-11-23"),
			} {
				if err != storage.ErrNotFound {
					t.Errorf("%s %s: %v", name, act, err)
				}
			}
		}
	})
}

// Two who enter the same day at once leave one figure, and the second hears of it.
func TestDenominatorTwice(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		officer := s.staff(accounts.Officer, kitami)
		errs := make([]error, 4)
		var wg sync.WaitGroup
		for i := range errs {
			wg.Go(func() {
				errs[i] = s.SetDenominator(ctx, officer, kitami, accounts.DenominatorInput{CountedOn: "2026-11-01", People: "9", Source: "国勢調査"})
			})
		}
		wg.Wait()
		refused := 0
		for _, err := range errs {
			if err != nil {
				s.is(err, accounts.ErrCountedThen)
				refused++
			}
		}
		if refused != len(errs)-1 {
			t.Errorf("%d were refused: %v", refused, errs)
		}
	})
}

// A municipality's own post opens its figures to everybody; the bureau above it
// does not.
func TestShownMunicipalities(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		own := s.in(s.takes(s.post(accounts.Officer, kitami), "kitami@example.jp"))
		bureau := s.in(s.takes(s.post(accounts.Officer, kitami, abashiri), "bureau@example.jp"))
		desk := s.in(s.takes(s.post(accounts.Desk, kitami), "desk@example.jp"))
		for name, c := range map[string]struct {
			by   accounts.Access
			want []string
		}{"own": {own, []string{kitami}}, "bureau": {bureau, nil}, "desk": {desk, nil}} {
			if may, err := s.MayShow(ctx, c.by); err != nil || !slices.Equal(may, c.want) {
				t.Errorf("%s may show %v, %v", name, may, err)
			}
		}
		for _, by := range []accounts.Access{bureau, desk, {}} {
			s.is(s.Show(ctx, by, kitami, true), storage.ErrNotFound)
		}
		s.is(s.Show(ctx, own, abashiri, true), storage.ErrNotFound)
		s.must(s.Show(ctx, own, kitami, true))
		s.must(s.Show(ctx, own, kitami, true))
		s.must(s.Show(ctx, s.admin, abashiri, true))
		list, err := s.Shown(ctx)
		if err != nil || len(list) != 2 || list[0].Municipality != kitami || !list[0].Since.Equal(storagetest.Start) {
			t.Errorf("shown: %+v %v", list, err)
		}
		s.must(s.Show(ctx, own, kitami, false))
		s.must(s.Show(ctx, own, kitami, false))
		if list, err = s.Shown(ctx); err != nil || len(list) != 1 {
			t.Errorf("shown: %+v %v", list, err)
		}
		if on, off := len(s.audited("municipality.show")), len(s.audited("municipality.hide")); on != 2 || off != 1 {
			t.Errorf("the record says %d times opened, %d times closed", on, off)
		}
	})
}
