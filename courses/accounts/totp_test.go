package accounts_test

import (
	"errors"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"tsunagari/courses/accounts"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

// shows is what the app shows at the clock's time and d later.
func (s *site) shows(secret string, d time.Duration) string {
	s.t.Helper()
	code, err := totp.GenerateCode(secret, s.clock.Now().Add(d))
	s.must(err)
	return code
}

// enrol registers an app and returns its secret.
func (s *site) enrol(accountID string) string {
	s.t.Helper()
	e, err := s.BeginTOTP(ctx, accountID)
	s.must(err)
	secret := strings.ReplaceAll(e.Secret, " ", "")
	s.must(s.ConfirmTOTP(ctx, accountID, s.shows(secret, 0)))
	return secret
}

func TestTOTP(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		id := s.admin.AccountID
		s.is(s.ConfirmTOTP(ctx, id, "000000"), accounts.ErrNoEnrolment)
		e, err := s.BeginTOTP(ctx, id)
		s.must(err)
		secret := strings.ReplaceAll(e.Secret, " ", "")
		u, err := url.Parse(e.URL)
		if err != nil || u.Scheme != "otpauth" || u.Query().Get("secret") != secret || !strings.Contains(u.Path, operator.Name) || !strings.HasSuffix(u.Path, ":admin@example.jp") {
			t.Errorf("the QR says %s", e.URL)
		}
		s.is(s.ConfirmTOTP(ctx, id, wrongCode(s.shows(secret, 0))), accounts.ErrWrongCode)
		s.enter(firstAdmin.Email, "office@example.jp") // not confirmed: still by mail
		s.must(s.ConfirmTOTP(ctx, id, s.shows(secret, 0)))

		sign := func(code string) error {
			second, err := s.SignInStaff(ctx, firstAdmin.Email, goodPassword, "192.0.2.1")
			s.must(err)
			if !second.App || second.Office != "" || len(s.mail()) != 0 {
				t.Errorf("not the app is asked for: %+v", second)
			}
			_, err = s.VerifySecond(ctx, second.Browser, code, "")
			return err
		}
		s.is(sign(s.shows(secret, 0)), accounts.ErrWrongCode) // the one that confirmed
		s.is(sign(s.shows(secret, -time.Minute)), accounts.ErrWrongCode)
		s.is(sign(s.shows(secret, time.Minute)), accounts.ErrWrongCode)
		s.clock.Add(time.Minute)
		s.must(sign(s.shows(secret, -30*time.Second))) // a clock that is a little slow
		s.must(sign(s.shows(secret, 30*time.Second)))  // or fast
		s.is(sign(s.shows(secret, 0)), accounts.ErrWrongCode)
		s.is(sign(""), accounts.ErrWrongCode)
	})
}

func TestTOTPCodeOnceForTwoBrowsers(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		secret := s.enrol(s.admin.AccountID)
		s.clock.Add(time.Minute)
		code := s.shows(secret, 0)
		var in atomic.Int32
		var wg sync.WaitGroup
		for range 4 {
			second, err := s.SignInStaff(ctx, firstAdmin.Email, goodPassword, "192.0.2.1")
			s.must(err)
			wg.Go(func() {
				switch _, err := s.VerifySecond(ctx, second.Browser, code, ""); {
				case err == nil:
					in.Add(1)
				case !errors.Is(err, accounts.ErrWrongCode):
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if in.Load() != 1 {
			t.Errorf("one code let %d browsers in", in.Load())
		}
	})
}

func TestRemoveTOTP(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		id := s.admin.AccountID
		s.enrol(id)
		if has, err := s.HasTOTP(ctx, id); err != nil || !has {
			t.Errorf("has %v %v", has, err)
		}
		s.is(s.RemoveTOTP(ctx, id, "wrong", "192.0.2.1"), accounts.ErrWrongPassword)
		s.must(s.RemoveTOTP(ctx, id, goodPassword, "192.0.2.1"))
		if has, err := s.HasTOTP(ctx, id); err != nil || has {
			t.Errorf("has %v %v", has, err)
		}
		s.enter(firstAdmin.Email, "office@example.jp")
		_, err := s.BeginTOTP(ctx, "nobody")
		s.is(err, storage.ErrNotFound)
	})
}
