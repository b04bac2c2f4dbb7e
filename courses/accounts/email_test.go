package accounts_test

import (
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gorm.io/gorm"

	"tsunagari/courses/accounts"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

const from = "203.0.113.7"

// withEmail is somebody who confirmed the address.
func (s *site) withEmail(email string) *learner {
	s.t.Helper()
	l := s.learner(registration())
	browser, err := s.AskEmail(ctx, l.ID, accounts.EmailForm{Email: email}, from)
	s.must(err)
	s.must(s.ConfirmEmail(ctx, l.ID, browser, s.code(strings.TrimSpace(email))))
	return l
}

func TestSignInByCode(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		l := s.withEmail("Hanako@example.jp")
		browser, err := s.AskCode(ctx, accounts.EmailForm{Email: " hanako@EXAMPLE.jp"}, from)
		s.must(err)
		code := s.code("Hanako@example.jp") // as its owner wrote it
		_, _, err = s.SignInCode(ctx, "another browser", code, accounts.Visit{})
		s.is(err, accounts.ErrCodeExpired)
		_, _, err = s.SignInCode(ctx, browser, wrongCode(code), accounts.Visit{})
		s.is(err, accounts.ErrWrongCode)
		wide := strings.Map(func(r rune) rune { return r - '0' + '０' }, code)
		secret, people, err := s.SignInCode(ctx, browser, wide, accounts.Visit{Device: "スマホ"})
		s.must(err)
		if s.whose(secret) != l.ID || len(people) != 0 {
			t.Errorf("%q %v", secret, people)
		}
		_, _, err = s.SignInCode(ctx, browser, code, accounts.Visit{})
		s.is(err, accounts.ErrCodeExpired) // once
	})
}

func TestACodeRunsOut(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		s.withEmail("hanako@example.jp")
		browser, err := s.AskCode(ctx, accounts.EmailForm{Email: "hanako@example.jp"}, from)
		s.must(err)
		code := s.code("hanako@example.jp")
		s.clock.Add(10 * time.Minute)
		_, _, err = s.SignInCode(ctx, browser, code, accounts.Visit{})
		s.is(err, accounts.ErrCodeExpired)
	})
}

// Five tries, however many come at the same time; then the right code is too late.
func TestFiveTries(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		s.withEmail("hanako@example.jp")
		browser, err := s.AskCode(ctx, accounts.EmailForm{Email: "hanako@example.jp"}, from)
		s.must(err)
		code := s.code("hanako@example.jp")
		var tried atomic.Int32
		var wg sync.WaitGroup
		for range 12 {
			wg.Go(func() {
				_, _, err := s.SignInCode(ctx, browser, wrongCode(code), accounts.Visit{})
				if errors.Is(err, accounts.ErrWrongCode) {
					tried.Add(1)
				} else if !errors.Is(err, accounts.ErrCodeExpired) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n := tried.Load(); n != 5 {
			t.Errorf("%d tries", n)
		}
		_, _, err = s.SignInCode(ctx, browser, code, accounts.Visit{})
		s.is(err, accounts.ErrCodeExpired)
	})
}

// The answer does not say whether anybody has the address.
func TestAnUnknownAddressIsAnsweredAlike(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		browser, err := s.AskCode(ctx, accounts.EmailForm{Email: "nobody@example.jp"}, from)
		s.must(err)
		if len(browser) < 40 || len(s.mail()) != 0 {
			t.Errorf("%q", browser)
		}
		for _, code := range []string{"", "000000", "123456"} {
			_, _, err = s.SignInCode(ctx, browser, code, accounts.Visit{})
			s.is(err, accounts.ErrWrongCode)
		}
		for _, bad := range []string{"", "hanako", "a@b@c", strings.Repeat("a", 250) + "@example.jp"} {
			if _, err := s.AskCode(ctx, accounts.EmailForm{Email: bad}, from); !invalid(err, "email") {
				t.Errorf("%q: %v", bad, err)
			}
		}
	})
}

func TestACoupleSharesAnAddress(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		a := s.withEmail("fufu@example.jp")
		s.clock.Add(time.Minute)
		b, other := s.withEmail("FUFU@example.jp"), s.withEmail("other@example.jp")
		browser, err := s.AskCode(ctx, accounts.EmailForm{Email: "fufu@example.jp"}, from)
		s.must(err)
		secret, people, err := s.SignInCode(ctx, browser, s.code("fufu@example.jp"), accounts.Visit{})
		s.must(err)
		if secret != "" || len(people) != 2 || people[0].Name != "北見 花子" {
			t.Fatalf("%q %+v", secret, people)
		}
		_, err = s.ChoosePerson(ctx, browser, other.ID, accounts.Visit{})
		s.is(err, storage.ErrNotFound)
		_, err = s.ChoosePerson(ctx, "another browser", a.ID, accounts.Visit{})
		s.is(err, accounts.ErrCodeExpired)
		secret, err = s.ChoosePerson(ctx, browser, b.ID, accounts.Visit{})
		s.must(err)
		if s.whose(secret) != b.ID {
			t.Error("not who was chosen")
		}
		_, err = s.ChoosePerson(ctx, browser, a.ID, accounts.Visit{})
		s.is(err, accounts.ErrCodeExpired)
	})
}

func TestChoosingNeedsTheCodeFirst(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		l := s.withEmail("hanako@example.jp")
		browser, err := s.AskCode(ctx, accounts.EmailForm{Email: "hanako@example.jp"}, from)
		s.must(err)
		_, err = s.ChoosePerson(ctx, browser, l.ID, accounts.Visit{})
		s.is(err, accounts.ErrCodeExpired)
	})
}

func TestMailsAskedForAreLimited(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		ask := func(email, from string) bool {
			_, err := s.AskCode(ctx, accounts.EmailForm{Email: email}, from)
			var wait *accounts.WaitError
			if err != nil && !errors.As(err, &wait) {
				t.Error(err)
			}
			return err == nil
		}
		asked := 0
		for range 8 {
			if ask("hanako@example.jp", from) {
				asked++
			}
		}
		if asked != 5 {
			t.Errorf("%d mails for one recipient", asked)
		}
		if !ask("hanako@example.jp", "203.0.113.8") || !ask("taro@example.jp", from) {
			t.Error("somebody else is held back")
		}
		for range 100 {
			s.must(s.Look(ctx, "mail", "203.0.113.9", 1000))
		}
		if ask("jiro@example.jp", "203.0.113.9") {
			t.Error("one address asks without end")
		}
	})
}

func TestAnAddressCountsOnceConfirmed(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		l, other := s.learner(registration()), s.learner(registration())
		browser, err := s.AskEmail(ctx, l.ID, accounts.EmailForm{Email: "hanako@example.jp"}, from)
		s.must(err)
		code := s.code("hanako@example.jp")
		_, err = s.AskCode(ctx, accounts.EmailForm{Email: "hanako@example.jp"}, from)
		s.must(err)
		if n := len(s.mail()); n != 0 {
			t.Errorf("%d codes for an address that nobody confirmed", n)
		}
		s.is(s.ConfirmEmail(ctx, other.ID, browser, code), accounts.ErrCodeExpired)
		s.is(s.ConfirmEmail(ctx, l.ID, browser, wrongCode(code)), accounts.ErrWrongCode)
		if _, _, err := s.SignInCode(ctx, browser, code, accounts.Visit{}); !errors.Is(err, accounts.ErrCodeExpired) {
			t.Errorf("a code for confirming signs in: %v", err)
		}
		s.must(s.ConfirmEmail(ctx, l.ID, browser, code))
		a, err := s.Account(ctx, l.ID)
		s.must(err)
		if a.Email != "hanako@example.jp" {
			t.Errorf("%q", a.Email)
		}
	})
}

func TestTheAddressBeforeIsTold(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		l := s.withEmail("old@example.jp")
		browser, err := s.AskEmail(ctx, l.ID, accounts.EmailForm{Email: "new@example.jp"}, from)
		s.must(err)
		s.must(s.ConfirmEmail(ctx, l.ID, browser, s.code("new@example.jp")))
		if list := s.mail(); len(list) != 1 || list[0].To != "old@example.jp" || strings.Contains(list[0].Body, "new@") {
			t.Errorf("%+v", list)
		}
		s.must(s.RemoveEmail(ctx, l.ID))
		_, err = s.AskCode(ctx, accounts.EmailForm{Email: "new@example.jp"}, from)
		s.must(err)
		if len(s.mail()) != 0 {
			t.Error("an address that was taken away still gets codes")
		}
	})
}

func TestGuestsHaveNoAddress(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		_, guest, err := s.Guest(ctx, "")
		s.must(err)
		_, err = s.AskEmail(ctx, guest, accounts.EmailForm{Email: "hanako@example.jp"}, from)
		s.is(err, accounts.ErrNoCard)
	})
}

// What is kept of a code cannot be tried out without the browser's secret.
func TestTheCodeIsNotStored(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		s.withEmail("hanako@example.jp")
		browser, err := s.AskCode(ctx, accounts.EmailForm{Email: "hanako@example.jp"}, from)
		s.must(err)
		code := s.code("hanako@example.jp")
		var rows []struct{ BrowserSHA256, CodeSHA256 string }
		s.must(db.Tx(ctx, func(tx *gorm.DB) error {
			return tx.Raw("SELECT browser_sha256 AS browser_sha256, code_sha256 AS code_sha256 FROM challenges").Scan(&rows).Error
		}))
		for _, r := range rows {
			if r.BrowserSHA256 == browser || r.CodeSHA256 == code || r.CodeSHA256 == sha256Hex(code) {
				t.Errorf("%+v", r)
			}
		}
	})
}
