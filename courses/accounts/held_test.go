package accounts_test

import (
	"testing"

	"tsunagari/courses/accounts"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

// Taking one's record home is written in the record itself.
func TestHeld(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		l := s.learner(registration())
		first, err := s.Held(ctx, l.ID)
		s.must(err)
		second, err := s.Held(ctx, l.ID)
		s.must(err)
		if len(first) == 0 || len(second) != len(first)+1 || second[len(first)].Title != "操作の記録" {
			t.Errorf("%+v\n%+v", first, second)
		}
		log, _, err := s.AuditLog(ctx, accounts.AuditQuery{Act: "person.export", Subject: l.ID})
		s.must(err)
		if len(log) != 2 || log[0].ActorID != l.ID {
			t.Errorf("%+v", log)
		}
		_, err = s.Held(ctx, "nobody")
		s.is(err, storage.ErrNotFound)
	})
}

func TestEndOtherSessions(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		l, other := s.learner(registration()), s.learner(registration())
		elsewhere, err := s.SignInCard(ctx, l.Number, l.words(), "192.0.2.1", accounts.Visit{Device: "iPad"})
		s.must(err)
		here, err := s.BySession(ctx, l.secret)
		s.must(err)
		s.must(s.EndOtherSessions(ctx, l.ID, here.ID))
		s.must(s.EndOtherSessions(ctx, l.ID, here.ID))
		if s.whose(l.secret) != l.ID || s.whose(elsewhere) != "" || s.whose(other.secret) != other.ID {
			t.Error("not exactly the others have ended")
		}
	})
}
