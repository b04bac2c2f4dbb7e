package accounts_test

import (
	"strings"
	"sync"
	"testing"

	"gorm.io/gorm"

	"tsunagari/courses/accounts"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

func TestEveryShowingMakesNewWordsUntilTheCardIsKept(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		secret, err := s.Register(ctx, "", registration(), "")
		s.must(err)
		signed, err := s.BySession(ctx, secret)
		s.must(err)
		first, err := s.ShowCard(ctx, signed.AccountID, signed.ID)
		s.must(err)
		second, err := s.ShowCard(ctx, signed.AccountID, signed.ID)
		s.must(err)
		if first.Number != second.Number || len(first.Words) != 4 || first.Token == second.Token ||
			strings.Join(first.Words, "") == strings.Join(second.Words, "") {
			t.Errorf("%+v, %+v", first, second)
		}
		_, err = s.SignInCard(ctx, first.Number, strings.Join(first.Words, " "), "1.2.3.4", accounts.Visit{})
		s.is(err, accounts.ErrWrongCard)
		_, err = s.SignInToken(ctx, first.Token, accounts.Visit{})
		s.is(err, accounts.ErrOldCard)
		if kept, err := s.CardKept(ctx, signed.AccountID); kept || err != nil {
			t.Errorf("kept before it was: %v %v", kept, err)
		}
		s.must(s.KeepCard(ctx, signed.AccountID, "another session"))
		if kept, _ := s.CardKept(ctx, signed.AccountID); kept {
			t.Error("another session kept the card")
		}
		for range 2 { // pressed twice
			s.must(s.KeepCard(ctx, signed.AccountID, signed.ID))
		}
		later, err := s.ShowCard(ctx, signed.AccountID, signed.ID)
		s.must(err)
		if len(later.Words) != 0 || later.Token != "" || later.Number != first.Number {
			t.Errorf("a kept card shows %+v", later)
		}
		in, err := s.SignInCard(ctx, second.Number, strings.Join(second.Words, " "), "1.2.3.4", accounts.Visit{})
		s.must(err)
		if s.whose(in) != signed.AccountID {
			t.Error("the words of the kept card lead elsewhere")
		}
	})
}

func TestNobodyWithoutANameHasACard(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		_, guest, err := s.Guest(ctx, "")
		s.must(err)
		_, err = s.ShowCard(ctx, guest, "x")
		s.is(err, accounts.ErrNoCard)
		_, err = s.ShowCard(ctx, "nobody", "x")
		s.is(err, storage.ErrNotFound)
		_, err = s.NewCard(ctx, s.admin, guest, "窓口で本人を確かめた")
		s.is(err, accounts.ErrNoCard)
	})
}

// Nothing that could be read as words or opened as a QR is in the database.
func TestNothingReadableIsStored(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		l := s.learner(registration())
		var words, token string
		s.must(db.Read(ctx).Raw("SELECT words, token_sha256 FROM cards WHERE ended_at IS NULL").Row().Scan(&words, &token))
		if !strings.HasPrefix(words, "$argon2id$v=19$m=19456,t=2,") || token == l.card.Token || strings.Contains(words, l.card.Words[0]) {
			t.Errorf("%s, %s", words, token)
		}
		var readable int64
		s.must(db.Read(ctx).Raw("SELECT COUNT(*) FROM sessions WHERE token_sha256 = ?", l.secret).Scan(&readable).Error)
		if readable != 0 {
			t.Error("the session's secret is stored")
		}
	})
}

func TestANewCardEndsTheOldOne(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		l := s.learner(registration())
		desk := s.staff(accounts.Desk, "012084")
		fresh, err := s.NewCard(ctx, desk, l.ID, "カードをなくした。窓口で本人を確かめた")
		s.must(err)
		if s.whose(l.secret) != "" {
			t.Error("a session of the old card lives on")
		}
		_, err = s.SignInCard(ctx, l.Number, l.words(), "1.2.3.4", accounts.Visit{})
		s.is(err, accounts.ErrWrongCard)
		_, err = s.SignInToken(ctx, l.card.Token, accounts.Visit{})
		s.is(err, accounts.ErrOldCard)
		for _, in := range []func() (string, error){
			func() (string, error) {
				return s.SignInCard(ctx, l.Number, strings.Join(fresh.Words, " "), "1.2.3.4", accounts.Visit{})
			},
			func() (string, error) { return s.SignInToken(ctx, fresh.Token, accounts.Visit{}) },
		} {
			secret, err := in()
			s.must(err)
			if s.whose(secret) != l.ID {
				t.Error("the new card leads elsewhere")
			}
		}
		entries, _, err := s.AuditLog(ctx, accounts.AuditQuery{Subject: l.ID})
		s.must(err)
		if len(entries) != 1 || entries[0].Act != "card.new" || entries[0].ActorID != desk.AccountID || !strings.Contains(entries[0].Why, "なくした") {
			t.Errorf("%+v", entries)
		}
	})
}

func TestWhoMayGiveANewCard(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		l := s.learner(registration())
		for name, by := range map[string]accounts.Access{
			"a learner": {AccountID: l.ID}, "another town's desk": s.staff(accounts.Desk, "012114"),
			"an officer": s.staff(accounts.Officer, "012084"), "a trainer": s.staff(accounts.Trainer),
		} {
			if _, err := s.NewCard(ctx, by, l.ID, "x"); err == nil {
				t.Errorf("%s gave a new card", name)
			} else {
				s.is(err, storage.ErrNotFound)
			}
		}
		if s.whose(l.secret) != l.ID {
			t.Error("a refused card ended the session")
		}
		_, err := s.NewCard(ctx, s.admin, l.ID, "電話で本人を確かめた")
		s.must(err)
	})
}

// Who came in with the words has them: looking at the card again, anywhere, does
// not make them void.
func TestComingInKeepsTheCard(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		secret, err := s.Register(ctx, "", registration(), "")
		s.must(err)
		signed, err := s.BySession(ctx, secret)
		s.must(err)
		card, err := s.ShowCard(ctx, signed.AccountID, signed.ID)
		s.must(err)
		_, err = s.SignInCard(ctx, card.Number, strings.Join(card.Words, " "), "1.2.3.4", accounts.Visit{})
		s.must(err)
		again, err := s.ShowCard(ctx, signed.AccountID, signed.ID)
		s.must(err)
		if kept, err := s.CardKept(ctx, signed.AccountID); len(again.Words) != 0 || !kept || err != nil {
			t.Errorf("%+v %v %v", again, kept, err)
		}
		_, err = s.SignInToken(ctx, card.Token, accounts.Visit{})
		s.must(err)
	})
}

// Taps at the same time leave one card, whose words are those of one of them.
func TestCardShownManyTimesAtOnce(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		secret, err := s.Register(ctx, "", registration(), "")
		s.must(err)
		signed, err := s.BySession(ctx, secret)
		s.must(err)
		var mu sync.Mutex
		var shown []*accounts.Shown
		var wg sync.WaitGroup
		for range 6 {
			wg.Go(func() {
				card, err := s.ShowCard(ctx, signed.AccountID, signed.ID)
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				shown = append(shown, card)
				mu.Unlock()
			})
		}
		wg.Wait()
		right := 0
		for _, card := range shown {
			if _, err := s.SignInToken(ctx, card.Token, accounts.Visit{}); err == nil {
				right++
			}
		}
		if right != 1 {
			t.Errorf("%d of the cards work", right)
		}
	})
}

func TestASpentCardKeepsNoHash(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		l := s.learner(registration())
		_, err := s.NewCard(ctx, s.admin, l.ID, "x")
		s.must(err)
		var left int64
		s.must(db.Tx(ctx, func(tx *gorm.DB) error {
			return tx.Raw("SELECT COUNT(*) FROM cards WHERE ended_at IS NOT NULL AND (words <> '' OR token_sha256 IS NOT NULL)").Scan(&left).Error
		}))
		if left != 0 {
			t.Errorf("%d ended cards keep a hash", left)
		}
	})
}
