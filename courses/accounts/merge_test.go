package accounts_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"tsunagari/courses/accounts"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

func merging(from, into *learner) accounts.Merging {
	return accounts.Merging{Operation: uuid.NewString(), From: from.ID, Into: into.ID, Why: "カードをなくして登録し直した", Sure: "yes"}
}

// told keeps what OnMerge and OnMergePreview were told.
func (s *site) told() *[]string {
	list := &[]string{}
	s.OnMerge(func(tx *gorm.DB, from, into string) error {
		for _, id := range []string{from, into} {
			if a, err := accounts.Load(tx, id); err != nil || a.State == accounts.Erased {
				return fmt.Errorf("%s is not whole: %w", id, err)
			}
		}
		*list = append(*list, from+" "+into)
		return nil
	})
	return list
}

func (s *site) audited(act string) []accounts.Entry {
	s.t.Helper()
	list, _, err := s.AuditLog(ctx, accounts.AuditQuery{Act: act})
	s.must(err)
	return list
}

func TestMerge(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		told := s.told()
		old := s.withEmail("Hanako@example.jp")
		s.must(s.AgreeToContact(ctx, old.ID, accounts.ContactInput{How: "phone", Contact: "0157-11-2222"}))
		s.clock.Add(30 * 24 * time.Hour)
		in := registration()
		in.Residence = abashiri
		now := s.learner(in)
		desk := s.staff(accounts.Desk, kitami, abashiri)
		m := merging(old, now)
		for range 2 { // a second tap
			s.must(s.Merge(ctx, desk, m))
		}
		again := m
		again.Operation = uuid.NewString() // another window
		s.must(s.Merge(ctx, desk, again))

		if len(*told) != 1 || (*told)[0] != old.ID+" "+now.ID {
			t.Errorf("the rooms were told %q", *told)
		}
		a, err := s.Account(ctx, now.ID)
		s.must(err)
		if a.Email != "Hanako@example.jp" || a.EmailKey != "hanako@example.jp" || a.Number != now.Number || a.Municipality != abashiri ||
			!a.RegisteredAt.Equal(storagetest.Start) || a.Version <= now.Version {
			t.Errorf("what stays is %+v", a)
		}
		empty, err := s.Account(ctx, old.ID)
		s.must(err)
		if empty.State != accounts.Erased || empty.MergedInto == nil || *empty.MergedInto != now.ID || empty.Name()+empty.Email+empty.SearchKana+empty.Municipality != "" {
			t.Errorf("what ended is %+v", empty)
		}
		if s.whose(old.secret) != "" || s.whose(now.secret) != now.ID {
			t.Error("the wrong sessions ended")
		}
		if c, err := s.Contact(ctx, now.ID); err != nil || c.Contact != "0157-11-2222" {
			t.Errorf("%+v %v", c, err)
		}
		for day, want := range map[string]string{"2026-11-24": kitami, "2026-12-22": kitami, "2026-12-23": abashiri, "2027-01-01": abashiri} {
			if town, _, err := accounts.ResidenceOn(db.Read(ctx), now.ID, day); err != nil || town != want {
				t.Errorf("lived on %s in %s, %v", day, town, err)
			}
		}
		if list := s.audited("person.merge"); len(list) != 1 || list[0].ActorID != desk.AccountID || list[0].SubjectID != now.ID || list[0].Detail != old.ID || list[0].Why != m.Why {
			t.Errorf("%+v", list)
		}
		again.From, again.Into = now.ID, old.ID
		again.Operation = uuid.NewString()
		s.is(s.Merge(ctx, desk, again), storage.ErrNotFound)
		again.Operation = m.Operation
		s.is(s.Merge(ctx, desk, again), storage.ErrOperationReused)
	})
}

// What is chosen for the account that stays is not overwritten.
func TestMergeKeepsWhatStays(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		now := s.withEmail("new@example.jp")
		s.must(s.AgreeToContact(ctx, now.ID, accounts.ContactInput{How: "phone", Contact: "0157-11-2222"}))
		s.clock.Add(24 * time.Hour)
		later := s.withEmail("old@example.jp")
		s.must(s.AgreeToContact(ctx, later.ID, accounts.ContactInput{How: "mail", Contact: "old@example.jp"}))
		p, err := s.MergePreview(ctx, s.admin, later.ID, now.ID)
		s.must(err)
		if text := strings.Join(p.Changes, "\n"); !strings.Contains(text, "残す登録のものだけ") || !strings.Contains(text, accounts.ShowNumber(later.Number)) {
			t.Error(text)
		}
		s.must(s.Merge(ctx, s.admin, merging(later, now)))
		a, err := s.Account(ctx, now.ID)
		s.must(err)
		if a.Email != "new@example.jp" || !a.CreatedAt.Equal(now.CreatedAt) {
			t.Errorf("%+v", a)
		}
		if c, err := s.Contact(ctx, now.ID); err != nil || c.Contact != "0157-11-2222" {
			t.Errorf("%+v %v", c, err)
		}
		if where := s.search("old@example.jp"); where != "" && where != "outbox" {
			t.Errorf("the address that went is in %s", where)
		}
	})
}

// Only the right words of the old card learn what became of it.
func TestAnOldCardIsTold(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		first, old, now := s.learner(registration()), s.learner(registration()), s.learner(registration())
		s.must(s.Merge(ctx, s.admin, merging(first, old)))
		s.must(s.Merge(ctx, s.admin, merging(old, now)))
		for _, l := range []*learner{first, old} {
			_, err := s.SignInCard(ctx, l.Number, l.words(), "1.2.3.4", accounts.Visit{})
			s.is(err, accounts.ErrMergedCard)
			_, err = s.SignInCard(ctx, l.Number, now.words(), "1.2.3.4", accounts.Visit{})
			s.is(err, accounts.ErrWrongCard)
			_, err = s.SignInToken(ctx, l.card.Token, accounts.Visit{})
			s.is(err, accounts.ErrMergedCard)
		}
		secret, err := s.SignInCard(ctx, now.Number, now.words(), "1.2.3.4", accounts.Visit{})
		s.must(err)
		if s.whose(secret) != now.ID {
			t.Error("the card that stays leads elsewhere")
		}
		text := s.export(now.ID)
		for _, l := range []*learner{first, old} {
			if want := "番号" + accounts.ShowNumber(l.Number) + "の登録をまとめた日時"; !strings.Contains(text, want) {
				t.Errorf("%q is missing in\n%s", want, text)
			}
		}
		if strings.Count(text, "理由：カードをなくして") != 2 {
			t.Errorf("reasons in\n%s", text)
		}

		s.must(s.Erase(ctx, now.ID, ""))
		for _, trace := range []string{first.Number, old.Number, now.Number, "カードをなくして", "$argon2id$"} {
			if where := s.search(trace); where != "" && where != "staff" {
				t.Errorf("%s is still in %s", trace, where)
			}
		}
		_, err = s.SignInCard(ctx, first.Number, first.words(), "1.2.3.4", accounts.Visit{})
		s.is(err, accounts.ErrWrongCard)
		_, err = s.SignInToken(ctx, first.card.Token, accounts.Visit{})
		s.is(err, accounts.ErrOldCard)
	})
}

func TestWhoMayMerge(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		here, other := s.learner(registration()), s.learner(registration())
		in := registration()
		in.Residence = abashiri
		there := s.learner(in)
		_, guest, err := s.Guest(ctx, "")
		s.must(err)
		for name, c := range map[string]struct {
			by         accounts.Access
			from, into string
		}{
			"a trainer":                {s.staff(accounts.Trainer), here.ID, other.ID},
			"an officer":               {s.staff(accounts.Officer, kitami), here.ID, other.ID},
			"a learner":                {accounts.Access{AccountID: here.ID}, here.ID, other.ID},
			"another town's desk":      {s.staff(accounts.Desk, abashiri), here.ID, other.ID},
			"one of them elsewhere":    {s.staff(accounts.Desk, kitami), there.ID, here.ID},
			"the other one elsewhere":  {s.staff(accounts.Desk, kitami), here.ID, there.ID},
			"one with itself":          {s.admin, here.ID, here.ID},
			"a guest":                  {s.admin, guest, here.ID},
			"staff without a card":     {s.admin, s.admin.AccountID, here.ID},
			"nobody":                   {s.admin, "nobody", here.ID},
			"into nobody":              {s.admin, here.ID, "nobody"},
			"no ids, of a broken form": {s.admin, "", ""},
		} {
			m := accounts.Merging{Operation: uuid.NewString(), From: c.from, Into: c.into, Why: "同じ方", Sure: "yes"}
			_, preview := s.MergePreview(ctx, c.by, c.from, c.into)
			_, _, merged := s.Merged(ctx, c.by, c.from, c.into)
			for act, err := range map[string]error{
				"merge": s.Merge(ctx, c.by, m), "preview": preview, "different": s.Different(ctx, c.by, c.from, c.into), "merged": merged,
			} {
				if !errors.Is(err, storage.ErrNotFound) {
					t.Errorf("%s, %s: %v", name, act, err)
				}
			}
		}
		m := merging(here, other)
		m.Why, m.Sure = " ", ""
		if err := fmt.Sprint(s.Merge(ctx, s.admin, m)); !strings.Contains(err, "why") || !strings.Contains(err, "sure") {
			t.Errorf("without a reason: %v", err)
		}
		if n := len(s.audited("person.merge")); n != 0 {
			t.Errorf("%d merges are written down", n)
		}
	})
}

func TestAFailingRoomUndoesTheMerge(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		old, now := s.learner(registration()), s.learner(registration())
		broken := errors.New("broken")
		fail := true
		s.OnMerge(func(*gorm.DB, string, string) error {
			if fail {
				return broken
			}
			return nil
		})
		m := merging(old, now)
		s.is(s.Merge(ctx, s.admin, m), broken)
		if s.whose(old.secret) != old.ID || len(s.audited("person.merge")) != 0 {
			t.Error("half of it was done")
		}
		fail = false
		s.must(s.Merge(ctx, s.admin, m)) // the same form again
		if s.whose(old.secret) != "" {
			t.Error("it was not done")
		}
	})
}

// Merges of the same people in all directions at once: none blocks another, one
// person is left, and every old card leads there.
func TestMergesAtOnce(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		people := make([]*learner, 4)
		for i := range people {
			people[i] = s.learner(registration())
		}
		var wg sync.WaitGroup
		for i, from := range people {
			for j, into := range people {
				if i == j {
					continue
				}
				wg.Go(func() {
					if err := s.Merge(ctx, s.admin, merging(from, into)); err != nil && !errors.Is(err, storage.ErrNotFound) {
						t.Errorf("%d into %d: %v", i, j, err)
					}
				})
			}
		}
		wg.Wait()
		alive := ""
		for _, l := range people {
			if a, err := s.Account(ctx, l.ID); err != nil || a.State == accounts.Active {
				alive += l.ID
			}
		}
		for _, l := range people {
			if a, err := s.Account(ctx, l.ID); err != nil || l.ID != alive && (a.MergedInto == nil || *a.MergedInto != alive) {
				t.Errorf("%+v %v, who is left is %s", a, err, alive)
			}
		}
		if n := len(s.audited("person.merge")); n != 3 {
			t.Errorf("%d merges", n)
		}
	})
}

func TestAGuestComesAlong(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		told := s.told()
		l := s.withEmail("hanako@example.jp")
		other := s.learner(registration())
		browser := func() string {
			s.clock.Add(6 * time.Minute) // not too many mails at once
			b, err := s.AskCode(ctx, accounts.EmailForm{Email: "hanako@example.jp"}, from)
			s.must(err)
			return b
		}
		for name, enter := range map[string]func(v accounts.Visit) (string, error){
			"words": func(v accounts.Visit) (string, error) { return s.SignInCard(ctx, l.Number, l.words(), "1.2.3.4", v) },
			"QR":    func(v accounts.Visit) (string, error) { return s.SignInToken(ctx, l.card.Token, v) },
			"mail": func(v accounts.Visit) (string, error) {
				secret, _, err := s.SignInCode(ctx, browser(), s.code("hanako@example.jp"), v)
				return secret, err
			},
		} {
			*told = nil
			secret, guest, err := s.Guest(ctx, "スマホ")
			s.must(err)
			session, err := s.BySession(ctx, secret)
			s.must(err)
			in, err := enter(accounts.Visit{Device: "スマホ", Session: session.ID})
			s.must(err)
			if s.whose(in) != l.ID || s.whose(secret) != "" || len(*told) != 1 || (*told)[0] != guest+" "+l.ID {
				t.Errorf("%s: told %q", name, *told)
			}
			if _, err := s.Account(ctx, guest); !errors.Is(err, storage.ErrNotFound) {
				t.Errorf("%s: the guest is left: %v", name, err)
			}
			*told = nil
			for _, v := range []accounts.Visit{{Session: other.session}, {Session: l.session}, {Session: s.session(s.admin)}, {Session: session.ID}, {}} {
				if _, err := enter(v); err != nil || len(*told) != 0 {
					t.Errorf("%s: somebody else came along: %q %v", name, *told, err)
				}
			}
		}
		if n := len(s.audited("person.merge")); n != 0 {
			t.Errorf("%d merges are written down", n)
		}
		if a, err := s.Account(ctx, other.ID); err != nil || a.State != accounts.Active {
			t.Errorf("%+v %v", a, err)
		}
	})
}

// session is one of the account's sessions.
func (s *site) session(by accounts.Access) string {
	s.t.Helper()
	list, err := s.Sessions(ctx, by.AccountID)
	s.must(err)
	if len(list) == 0 {
		s.t.Fatal("no session")
	}
	return list[0].ID
}

func TestAGuestIsNotLostWhenJoiningFails(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		l := s.learner(registration())
		broken := errors.New("broken")
		s.OnMerge(func(*gorm.DB, string, string) error { return broken })
		secret, guest, err := s.Guest(ctx, "スマホ")
		s.must(err)
		session, err := s.BySession(ctx, secret)
		s.must(err)
		_, err = s.SignInCard(ctx, l.Number, l.words(), "1.2.3.4", accounts.Visit{Session: session.ID})
		s.is(err, broken)
		if s.whose(secret) != guest {
			t.Error("the guest is gone")
		}
		if list, err := s.Sessions(ctx, l.ID); err != nil || len(list) != 1 {
			t.Errorf("%d sessions, %v", len(list), err)
		}
	})
}
