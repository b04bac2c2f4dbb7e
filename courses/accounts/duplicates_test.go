package accounts_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tsunagari/courses/accounts"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

// candidates are the pairs that a desk sees, as "first second".
func (s *site) candidates(by accounts.Access, q accounts.DuplicateQuery) (pairs []string, more bool) {
	s.t.Helper()
	list, more, err := s.Duplicates(ctx, by, q)
	s.must(err)
	for _, d := range list {
		pairs = append(pairs, d.A.ID+" "+d.B.ID)
	}
	return pairs, more
}

func (s *site) sees(by accounts.Access, q accounts.DuplicateQuery, want ...string) {
	s.t.Helper()
	if got, _ := s.candidates(by, q); fmt.Sprint(got) != fmt.Sprint(want) {
		s.t.Errorf("candidates %q, want %q", got, want)
	}
}

func TestDuplicates(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		made := func(change func(r *accounts.Registration)) *learner {
			in := registration()
			change(&in)
			s.clock.Add(time.Minute)
			return s.learner(in)
		}
		first := made(func(*accounts.Registration) {})
		second := made(func(r *accounts.Registration) {
			r.FamilyName, r.FamilyKana, r.GivenKana = "喜多見", "キタミ", "はな こ"
		})
		made(func(r *accounts.Registration) { r.AgeBand = "60" })
		made(func(r *accounts.Registration) { r.Residence = abashiri })
		made(func(r *accounts.Registration) { r.GivenKana = "はなご" })
		away := made(func(r *accounts.Registration) { r.Residence = "p13" })
		made(func(r *accounts.Registration) { r.Residence = "p14" })
		away2 := made(func(r *accounts.Registration) { r.Residence = "p13" })
		desk := s.staff(accounts.Desk, kitami)
		pair, far := first.ID+" "+second.ID, away.ID+" "+away2.ID

		s.sees(desk, accounts.DuplicateQuery{}, pair)
		s.sees(s.staff(accounts.Desk, abashiri), accounts.DuplicateQuery{})
		if got, _ := s.candidates(s.admin, accounts.DuplicateQuery{}); len(got) != 2 || !strings.Contains(fmt.Sprint(got), far) || !strings.Contains(fmt.Sprint(got), pair) {
			t.Errorf("an administrator sees %q", got)
		}
		for _, by := range []accounts.Access{s.staff(accounts.Officer, kitami), s.staff(accounts.Trainer), {}} {
			_, _, err := s.Duplicates(ctx, by, accounts.DuplicateQuery{})
			s.is(err, storage.ErrNotFound)
		}

		for range 2 {
			s.must(s.Different(ctx, desk, second.ID, first.ID))
			s.clock.Add(time.Hour)
		}
		s.sees(desk, accounts.DuplicateQuery{})
		s.sees(desk, accounts.DuplicateQuery{Different: true}, pair)
		p, err := s.MergePreview(ctx, desk, first.ID, second.ID)
		if err != nil || p.DifferentAt == nil || !p.DifferentAt.Equal(s.clock.Now().Add(-2*time.Hour)) {
			t.Errorf("%+v %v", p, err)
		}
		if list := s.audited("person.different"); len(list) != 1 || list[0].ActorID != desk.AccountID {
			t.Errorf("%+v", list)
		}
		if len(s.audited("person.duplicates")) == 0 {
			t.Error("looking was not written down")
		}

		// Who is not the first is not whoever becomes the first either.
		third := made(func(*accounts.Registration) {})
		s.sees(desk, accounts.DuplicateQuery{}, inOrder([2]string{first.ID, third.ID}, [2]string{second.ID, third.ID})...)
		s.must(s.Merge(ctx, desk, merging(first, third)))
		s.sees(desk, accounts.DuplicateQuery{})
		s.sees(desk, accounts.DuplicateQuery{Different: true}, third.ID+" "+second.ID) // registered on the day of the first
		if text := s.export(third.ID); !strings.Contains(text, "ふりがなの同じ方とは別の人だと、窓口が確かめた日時") || strings.Contains(text, "喜多見") {
			t.Error(text)
		}
		s.must(s.Merge(ctx, desk, merging(second, third))) // it was a mistake
		s.sees(desk, accounts.DuplicateQuery{Different: true})
		s.must(s.Erase(ctx, third.ID, ""))
		var left int64
		s.must(db.Read(ctx).Table("different_people").Count(&left).Error)
		if left != 0 {
			t.Errorf("%d decisions are left", left)
		}
	})
}

// inOrder are pairs as the list has them: by the ids, the smaller one first.
func inOrder(a, b [2]string) []string {
	key := func(p [2]string) string { return min(p[0], p[1]) + max(p[0], p[1]) }
	if key(b) < key(a) {
		a, b = b, a
	}
	return []string{a[0] + " " + a[1], b[0] + " " + b[1]}
}

func TestDuplicatesByPages(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		for range 8 { // 28 pairs
			s.learner(registration())
		}
		seen := map[string]bool{}
		for page, want := range map[int]int{0: 20, 1: 20, 2: 8, 3: 0, -5: 20, 1 << 40: 0} {
			list, more := s.candidates(s.admin, accounts.DuplicateQuery{Page: page})
			if len(list) != want || more != (want == 20) {
				t.Errorf("page %d: %d pairs, more %v", page, len(list), more)
			}
			for _, p := range list {
				seen[p] = true
			}
		}
		if len(seen) != 28 {
			t.Errorf("%d pairs", len(seen))
		}
	})
}
