package accounts_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"tsunagari/courses/accounts"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

func TestASessionThatIsUsedLivesOn(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		l := s.learner(registration())
		const life = 400 * 24 * time.Hour
		s.clock.Add(life - time.Hour)
		signed, err := s.BySession(ctx, l.secret)
		s.must(err)
		if signed.AccountID != l.ID || signed.State != accounts.Active || signed.Name() != "北見 花子" || signed.Device != "Androidのスマホ" || len(signed.Access.Roles) != 0 {
			t.Errorf("%+v", signed)
		}
		s.clock.Add(life - time.Hour)
		if s.whose(l.secret) != l.ID {
			t.Error("the session was not prolonged")
		}
		s.clock.Add(life)
		if s.whose(l.secret) != "" {
			t.Error("an unused session lives for ever")
		}
		for _, secret := range []string{"", "x", l.secret + "x"} {
			if s.whose(secret) != "" {
				t.Errorf("%q is a session", secret)
			}
		}
	})
}

func TestLastSeenIsWrittenOnceAnHour(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		l := s.learner(registration())
		seen := func() time.Time {
			list, err := s.Sessions(ctx, l.ID)
			s.must(err)
			return list[0].SeenAt
		}
		first := seen()
		s.clock.Add(59 * time.Minute)
		s.whose(l.secret)
		if !seen().Equal(first) {
			t.Error("written within the hour")
		}
		s.clock.Add(2 * time.Minute)
		s.whose(l.secret)
		if !seen().Equal(db.Now()) {
			t.Error("not written after an hour")
		}
		a, err := s.Account(ctx, l.ID)
		s.must(err)
		if !a.SeenAt.Equal(db.Now()) {
			t.Error("the account was not seen")
		}
	})
}

func TestManyRequestsAfterAnHour(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		l := s.learner(registration())
		s.clock.Add(2 * time.Hour)
		var wg sync.WaitGroup
		for range 12 {
			wg.Go(func() {
				if signed, err := s.BySession(ctx, l.secret); err != nil || signed.AccountID != l.ID {
					t.Errorf("%v", err)
				}
			})
		}
		wg.Wait()
	})
}

func TestSessionsAreListedAndEnded(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		l, other := s.learner(registration()), s.learner(registration())
		second, err := s.SignInToken(ctx, l.card.Token, accounts.Visit{Device: "iPadのSafari"})
		s.must(err)
		list, err := s.Sessions(ctx, l.ID)
		s.must(err)
		if len(list) != 2 {
			t.Fatalf("%d sessions", len(list))
		}
		s.must(s.EndSession(ctx, other.ID, l.session))
		if s.whose(l.secret) == "" {
			t.Error("somebody else ended the session")
		}
		s.must(s.EndSession(ctx, l.ID, l.session))
		s.must(s.EndSession(ctx, l.ID, l.session))
		if s.whose(l.secret) != "" || s.whose(second) != l.ID {
			t.Error("not this one, or not only this one, ended")
		}
	})
}

// Posts count in a staff session only, and only while they last.
func TestRolesOfASession(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		l := s.learner(registration())
		desk := s.staff(accounts.Desk, "012084")
		s.must(db.Tx(ctx, func(tx *gorm.DB) error {
			return tx.Exec("UPDATE members SET account_id = ? WHERE account_id = ?", l.ID, desk.AccountID).Error
		}))
		if signed, err := s.BySession(ctx, l.secret); err != nil || len(signed.Access.Roles) != 0 {
			t.Errorf("a learner's session has roles: %+v %v", signed.Access, err)
		}
		s.must(db.Tx(ctx, func(tx *gorm.DB) error {
			return tx.Exec("UPDATE sessions SET kind = 'staff' WHERE id = ?", l.session).Error
		}))
		signed, err := s.BySession(ctx, l.secret)
		s.must(err)
		if !signed.Access.Role(accounts.Desk) || !signed.Access.Reaches("012084", accounts.Desk) || signed.Access.Reaches("012114", accounts.Desk) {
			t.Errorf("%+v", signed.Access)
		}
		s.must(db.Tx(ctx, func(tx *gorm.DB) error {
			return tx.Exec("UPDATE members SET ended_at = ? WHERE account_id = ?", db.Now(), l.ID).Error
		}))
		if signed, err := s.BySession(ctx, l.secret); err != nil || len(signed.Access.Roles) != 0 {
			t.Errorf("an ended post has roles: %+v %v", signed.Access, err)
		}
	})
}

func TestOldSessionsArePurged(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		s.learner(registration())
		s.clock.Add(401 * 24 * time.Hour)
		l := s.learner(registration())
		s.must(s.PurgeSessions(ctx))
		var left []string
		s.must(db.Read(ctx).Raw("SELECT account_id FROM sessions").Scan(&left).Error)
		if len(left) != 1 || left[0] != l.ID {
			t.Errorf("%v are left", left)
		}
	})
}

func BenchmarkBySession(b *testing.B) {
	for name, url := range map[string]func(testing.TB) string{"sqlite": storagetest.SQLite, "postgres": storagetest.Postgres} {
		b.Run(name, func(b *testing.B) {
			db := storagetest.Open(b, url(b))
			a := accounts.New(db, accounts.Options{})
			crowd(b, db)
			in := registration()
			in.Operation = uuid.NewString()
			secret, err := a.Register(ctx, "", in, "")
			if err != nil {
				b.Fatal(err)
			}
			b.ResetTimer()
			b.RunParallel(func(p *testing.PB) {
				for p.Next() {
					if _, err := a.BySession(ctx, secret); err != nil {
						b.Error(err)
					}
				}
			})
		})
	}
}

// crowd fills the tables, so that a missing index shows.
func crowd(b *testing.B, db *storage.DB) {
	err := db.Tx(ctx, func(tx *gorm.DB) error {
		now := tx.NowFunc()
		for i := range 20 {
			var people []accounts.Account
			var sessions []accounts.Session
			for j := range 500 {
				id := uuid.NewString()
				people = append(people, accounts.Account{ID: id, State: accounts.Active, Number: fmt.Sprintf("%08d", i*500+j), SearchKana: "きたみ", Municipality: "012084", CreatedAt: now, SeenAt: now})
				sessions = append(sessions, accounts.Session{TokenSHA256: id, ID: id, AccountID: id, Kind: accounts.LearnerSession, CreatedAt: now, SeenAt: now, ExpiresAt: now.Add(time.Hour)})
			}
			if err := tx.CreateInBatches(people, 500).Error; err != nil {
				return err
			}
			if err := tx.CreateInBatches(sessions, 500).Error; err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}
