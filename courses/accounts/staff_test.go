package accounts_test

import (
	"context"
	"errors"
	"regexp"
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

// mail takes what waits for sending.
func (s *site) mail() (list []storage.Mail) {
	s.t.Helper()
	_, err := s.db.SendDue(ctx, func(_ context.Context, m storage.Mail) error { list = append(list, m); return nil })
	s.must(err)
	return list
}

var codeDigits = regexp.MustCompile(`\d{6}`)

// code is the code in the one mail that waits, which goes to the address.
func (s *site) code(to string) string {
	s.t.Helper()
	list := s.mail()
	if len(list) != 1 || list[0].To != to {
		s.t.Fatalf("not one mail to %s: %+v", to, list)
	}
	return codeDigits.FindString(list[0].Body)
}

// enter signs somebody in as staff by both steps.
func (s *site) enter(email, office string) (session string) {
	s.t.Helper()
	second, err := s.SignInStaff(ctx, email, goodPassword, "192.0.2.1")
	s.must(err)
	session, err = s.VerifySecond(ctx, second.Browser, s.code(office), "パソコン")
	s.must(err)
	return session
}

// wrongCode is six digits that are not code.
func wrongCode(code string) string {
	if code == "000000" {
		return "111111"
	}
	return "000000"
}

func TestStaffSignIn(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		second, err := s.SignInStaff(ctx, " ＡＤＭＩＮ@example.jp", goodPassword, "192.0.2.1")
		s.must(err)
		if second.App || second.Office != "o***@example.jp" || !second.Until.Equal(s.clock.Now().Add(10*time.Minute)) {
			t.Errorf("the second step: %+v", second)
		}
		code := s.code("office@example.jp")
		_, err = s.VerifySecond(ctx, second.Browser, wrongCode(code), "")
		s.is(err, accounts.ErrWrongCode)
		_, err = s.VerifySecond(ctx, "another browser", code, "")
		s.is(err, accounts.ErrCodeExpired)
		wide := strings.Map(func(r rune) rune { return r - '0' + '０' }, code)
		session, err := s.VerifySecond(ctx, second.Browser, " "+wide[:9]+" "+wide[9:], "パソコン")
		s.must(err)
		if !s.access(session).Role(accounts.Admin) {
			t.Error("signed in without the role")
		}
		_, err = s.VerifySecond(ctx, second.Browser, code, "")
		s.is(err, accounts.ErrCodeExpired) // once
	})
}

func TestStaffCodeRunsOut(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		second, err := s.SignInStaff(ctx, firstAdmin.Email, goodPassword, "192.0.2.1")
		s.must(err)
		code := s.code("office@example.jp")
		s.clock.Add(10 * time.Minute)
		_, err = s.VerifySecond(ctx, second.Browser, code, "")
		s.is(err, accounts.ErrCodeExpired)

		second, err = s.SignInStaff(ctx, firstAdmin.Email, goodPassword, "192.0.2.1")
		s.must(err)
		code = s.code("office@example.jp")
		for range 5 {
			_, err = s.VerifySecond(ctx, second.Browser, wrongCode(code), "")
			s.is(err, accounts.ErrWrongCode)
		}
		_, err = s.VerifySecond(ctx, second.Browser, code, "")
		s.is(err, accounts.ErrCodeExpired)
	})
}

// Who knows a password cannot try codes for ever, also not over many challenges
// that were begun in advance.
func TestStaffCodesADay(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		var begun []*accounts.Second
		var codes []string
		for range 7 {
			second, err := s.SignInStaff(ctx, firstAdmin.Email, goodPassword, "192.0.2.1")
			s.must(err)
			begun, codes = append(begun, second), append(codes, s.code("office@example.jp"))
		}
		for i, second := range begun[:6] {
			for range 5 {
				_, err := s.VerifySecond(ctx, second.Browser, wrongCode(codes[i]), "")
				s.is(err, accounts.ErrWrongCode)
			}
		}
		var wait *accounts.WaitError
		if _, err := s.VerifySecond(ctx, begun[6].Browser, codes[6], ""); !errors.As(err, &wait) {
			t.Errorf("one more, begun before: %v", err)
		}
		if _, err := s.SignInStaff(ctx, firstAdmin.Email, goodPassword, "192.0.2.1"); !errors.As(err, &wait) {
			t.Errorf("one more: %v", err)
		}
		s.clock.Add(24 * time.Hour)
		s.enter(firstAdmin.Email, "office@example.jp")
	})
}

func TestStaffWrongPassword(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		for _, try := range [][2]string{
			{firstAdmin.Email, "wrong"},
			{firstAdmin.Email, ""},
			{firstAdmin.Email, strings.Repeat("x", 1<<20)},
			{"nobody@example.jp", goodPassword},
			{"", ""},
			{"' OR 1=1 --", "x"},
		} {
			_, err := s.SignInStaff(ctx, try[0], try[1], "192.0.2.1")
			s.is(err, accounts.ErrWrongPassword)
		}
		if len(s.mail()) != 0 {
			t.Error("a code was sent for a wrong password")
		}
		s.must(s.db.Tx(ctx, func(tx *gorm.DB) error { // as if 192 had been tried from there
			for i := range 5 {
				if err := tx.Exec("INSERT INTO guesses (id, kind, address, at) SELECT id || ?, kind, address, at FROM guesses", string('a'+rune(i))).Error; err != nil {
					return err
				}
			}
			return nil
		}))
		var wait *accounts.WaitError
		if _, err := s.SignInStaff(ctx, firstAdmin.Email, "wrong", "192.0.2.1"); !errors.As(err, &wait) {
			t.Errorf("after many wrong ones: %v", err)
		}
		s.enter(firstAdmin.Email, "office@example.jp") // the right one passes
	})
}

// One code, sent twice at the same moment, signs in one browser.
func TestStaffCodeOnceWhenSentTogether(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		second, err := s.SignInStaff(ctx, firstAdmin.Email, goodPassword, "192.0.2.1")
		s.must(err)
		code := s.code("office@example.jp")
		var in atomic.Int32
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				switch _, err := s.VerifySecond(ctx, second.Browser, code, ""); {
				case err == nil:
					in.Add(1)
				case !errors.Is(err, accounts.ErrCodeExpired):
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if in.Load() != 1 {
			t.Errorf("%d browsers came in", in.Load())
		}
	})
}

func TestChangePassword(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		id := s.admin.AccountID
		mine, other := s.enter(firstAdmin.Email, "office@example.jp"), s.enter(firstAdmin.Email, "office@example.jp")
		signed, err := s.BySession(ctx, mine)
		s.must(err)
		const next = "ゆきどけの川 みんなで歩く"
		change := func(old, new string) error {
			return s.ChangePassword(ctx, id, signed.ID, accounts.PasswordChange{Old: old, New: new}, "192.0.2.1")
		}
		s.is(change("wrong", next), accounts.ErrWrongPassword)
		s.is(change(goodPassword, "admin@example.jp"), accounts.ErrWeakPassword)
		if err := change(goodPassword, ""); !invalid(err, "password") {
			t.Errorf("no new password: %v", err)
		}
		s.must(change(goodPassword, next))
		_, err = s.BySession(ctx, other)
		s.is(err, storage.ErrNotFound)
		s.access(mine) // stays
		_, err = s.SignInStaff(ctx, firstAdmin.Email, goodPassword, "192.0.2.1")
		s.is(err, accounts.ErrWrongPassword)
		_, err = s.SignInStaff(ctx, firstAdmin.Email, next, "192.0.2.1")
		s.must(err)
		s.is(s.ChangePassword(ctx, "nobody", "", accounts.PasswordChange{Old: "a", New: next}, ""), storage.ErrNotFound)
	})
}
