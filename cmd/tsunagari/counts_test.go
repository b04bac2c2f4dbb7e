package main

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/uuid"

	"tsunagari/courses/accounts"
)

// The numbers of the demonstration are those of a recount, and what somebody wrote
// into the database by hand is found.
func TestCountsVerify(t *testing.T) {
	t.Parallel()
	everyDatabase(t, func(t *testing.T, flags []string, url string) {
		db := at(t, url).db
		if err := db.Migrate(ctx); err != nil {
			t.Fatal(err)
		}
		s := newSchool(t, db, 3)
		s.studies(s.pupil())
		one, two := s.pupil(), s.pupil()
		for _, rev := range s.revs {
			s.rev = rev
			for _, account := range []string{one, two} {
				for _, step := range rev.Steps() {
					s.must(s.step(ctx, account, step))
				}
			}
		}
		m := accounts.Merging{Operation: uuid.NewString(), From: one, Into: two, Why: "同じ方", Sure: "yes"}
		s.must(s.accounts.Merge(ctx, s.chief, m))
		s.must(s.counts.Fold(ctx))
		verify := append([]string{"counts", "verify"}, flags...)
		if out := must(t, verify...); !strings.Contains(out, "同じです") {
			t.Error(out)
		}
		pool, err := db.Pool()
		s.must(err)
		_, err = pool.Exec("UPDATE counts SET people = people + 1 WHERE course = '' AND geo = 'residence'")
		s.must(err)
		out, err := ran(t, verify...)
		if !errors.Is(err, errFaulty) || !strings.Contains(out, "北見市") && !strings.Contains(out, "網走市") {
			t.Errorf("%v\n%s", err, out)
		}
	})
}

func TestCountsRules(t *testing.T) {
	t.Parallel()
	everyDatabase(t, func(t *testing.T, flags []string, _ string) {
		rules := func(more ...string) []string { return append(append([]string{"counts", "rules"}, flags...), more...) }
		for _, of := range []struct {
			args []string
			want string
		}{
			{nil, "次の月の5日0時（3月は4月30日0時）|その市町村の係には5人、ほかの人には10人"},
			{[]string{"--day", "10", "--outside", "12"}, "次の月の10日0時（3月は4月30日0時）|その市町村の係には5人、ほかの人には12人"},
			{nil, "次の月の10日0時（3月は4月30日0時）|その市町村の係には5人、ほかの人には12人"},
		} {
			out := must(t, rules(of.args...)...)
			for _, want := range strings.Split(of.want, "|") {
				if !strings.Contains(out, want) {
					t.Errorf("%v: %s, want %s", of.args, out, want)
				}
			}
		}
		for _, wrong := range [][]string{{"--day", "1"}, {"--own", "2"}, {"--outside", "4"}, {"--march-day", "31"}} {
			if _, err := ran(t, rules(wrong...)...); !errors.Is(err, errRules) {
				t.Errorf("%v: %v", wrong, err)
			}
		}
	})
}
