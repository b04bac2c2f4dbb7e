package accounts_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"tsunagari/courses/accounts"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

func TestSignInHoweverTyped(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		l := s.learner(registration())
		katakana := strings.Map(func(r rune) rune {
			if 'ぁ' <= r && r <= 'ゖ' {
				return r - 'ぁ' + 'ァ'
			}
			return r
		}, l.words())
		wide := strings.Map(func(r rune) rune { return r - '0' + '０' }, l.Number)
		for _, typed := range [][2]string{
			{l.Number, l.words()},
			{accounts.ShowNumber(l.Number), katakana},
			{" " + wide, strings.Join(l.card.Words, "")},
			{l.Number[:4] + "　" + l.Number[4:], strings.Join(l.card.Words, "・")},
		} {
			secret, err := s.SignInCard(ctx, typed[0], typed[1], "1.2.3.4", accounts.Visit{})
			if err != nil {
				t.Errorf("%q: %v", typed, err)
			} else if s.whose(secret) != l.ID {
				t.Errorf("%q leads elsewhere", typed)
			}
		}
	})
}

func TestWhatSignsNobodyIn(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		l, other := s.learner(registration()), s.learner(registration())
		_, err := s.SignInCard(ctx, "1234", l.words(), "1.2.3.4", accounts.Visit{})
		s.is(err, accounts.ErrNumber)
		_, err = s.SignInCard(ctx, l.Number, "ひみつの あいことば", "1.2.3.4", accounts.Visit{})
		var word *accounts.WordError
		if !errors.As(err, &word) {
			t.Errorf("%v", err)
		}
		_, err = s.SignInCard(ctx, l.Number, other.words(), "1.2.3.4", accounts.Visit{})
		s.is(err, accounts.ErrWrongCard)
		_, err = s.SignInCard(ctx, "10000005", l.words(), "1.2.3.4", accounts.Visit{}) // nobody's number
		if !errors.Is(err, accounts.ErrWrongCard) && !errors.Is(err, accounts.ErrNumber) {
			t.Errorf("%v", err)
		}
		for _, token := range []string{"", "x", other.card.Token + "x"} {
			_, err = s.SignInToken(ctx, token, accounts.Visit{})
			s.is(err, accounts.ErrOldCard)
		}
	})
}

// 40 people behind one address, each of whom mistypes twice, come in within five
// minutes.
func TestAClassSignsInBehindOneAddress(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		l, other := s.learner(registration()), s.learner(registration())
		s.guessed("203.0.113.7", 60)
		var wg sync.WaitGroup
		for i := range 40 {
			wg.Go(func() {
				if i%2 == 0 {
					if _, err := s.SignInCard(ctx, l.Number, other.words(), "203.0.113.7", accounts.Visit{}); !errors.Is(err, accounts.ErrWrongCard) {
						t.Errorf("a wrong word: %v", err)
					}
				}
				if _, err := s.SignInCard(ctx, l.Number, l.words(), "203.0.113.7", accounts.Visit{}); err != nil {
					t.Errorf("the right words: %v", err)
				}
			})
		}
		wg.Wait()
	})
}

// guessed is n wrong guesses from the address, without the work that each costs.
func (s *site) guessed(address string, n int) {
	s.t.Helper()
	for range n {
		s.must(s.Look(ctx, "card", address, 1000))
	}
}

func TestGuessingIsSlowedAndLocksNobodyOut(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		l, other := s.learner(registration()), s.learner(registration())
		var wait *accounts.WaitError
		slowed := 0
		s.guessed("203.0.113.7", 98)
		for range 5 {
			if _, err := s.SignInCard(ctx, l.Number, other.words(), "203.0.113.7", accounts.Visit{}); errors.As(err, &wait) {
				slowed++
			}
		}
		if slowed != 3 || wait.For <= 0 {
			t.Errorf("%d of 5 were slowed", slowed)
		}
		if _, err := s.SignInCard(ctx, l.Number, l.words(), "203.0.113.7", accounts.Visit{}); err != nil {
			t.Errorf("the right words behind the same address: %v", err)
		}
		if _, err := s.SignInCard(ctx, l.Number, other.words(), "203.0.113.8", accounts.Visit{}); !errors.Is(err, accounts.ErrWrongCard) {
			t.Errorf("a wrong word elsewhere: %v", err)
		}
		s.clock.Add(wait.For)
		if _, err := s.SignInCard(ctx, l.Number, other.words(), "203.0.113.7", accounts.Visit{}); !errors.Is(err, accounts.ErrWrongCard) {
			t.Errorf("after the wait: %v", err)
		}
	})
}

func TestLook(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		for i := range 5 {
			err := s.Look(ctx, "verify", "203.0.113.7", 3)
			var wait *accounts.WaitError
			if errors.As(err, &wait) != (i >= 3) {
				t.Errorf("look %d: %v", i, err)
			}
		}
		s.must(s.Look(ctx, "verify", "203.0.113.8", 3))
		s.must(s.Look(ctx, "other", "203.0.113.7", 3))
	})
}

// Where a guess came from is stored as a hash whose salt is gone the next day.
func TestAddressesAreNotKept(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		for range 2 {
			s.must(s.Look(ctx, "verify", "203.0.113.7", 9))
			s.clock.Add(24 * time.Hour)
			s.must(s.Look(ctx, "verify", "203.0.113.7", 9))
		}
		var addresses, salts []string
		s.must(db.Read(ctx).Raw("SELECT DISTINCT address FROM guesses").Scan(&addresses).Error)
		s.must(db.Read(ctx).Raw("SELECT name FROM settings WHERE name LIKE 'salt:%'").Scan(&salts).Error)
		if len(addresses) != 3 || len(salts) != 1 || strings.Contains(fmt.Sprint(addresses), "203.0") {
			t.Errorf("%v, %v", addresses, salts)
		}
		s.clock.Add(72 * time.Hour)
		s.must(s.PurgeSessions(ctx))
		var left int64
		s.must(db.Read(ctx).Raw("SELECT COUNT(*) FROM guesses").Scan(&left).Error)
		if left != 0 {
			t.Errorf("%d guesses are kept", left)
		}
	})
}
