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
