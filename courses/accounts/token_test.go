package accounts_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"tsunagari/courses/accounts"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

// tokens are the tokens of the first of somebody's posts.
func (s *site) tokens(by accounts.Access) []accounts.Token {
	s.t.Helper()
	posts, err := s.Tokens(ctx, by)
	s.must(err)
	return posts[0].Tokens
}

// officers are somebody's first post.
func (s *site) officers(by accounts.Access) string {
	s.t.Helper()
	posts, err := s.Tokens(ctx, by)
	s.must(err)
	return posts[0].ID
}

func (s *site) token(by accounts.Access, codes ...string) (id, plain string) {
	s.t.Helper()
	token, plain, err := s.AddToken(ctx, by, accounts.TokenInput{
		Operation: uuid.NewString(), PostID: s.officers(by), Municipalities: codes, Purpose: "庁内の集計",
	})
	s.must(err)
	return token.ID, plain
}

func TestTokenIsShownOnce(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		officer := s.staff(accounts.Officer, kitami, abashiri)
		in := accounts.TokenInput{Operation: uuid.NewString(), PostID: s.officers(officer), Municipalities: []string{kitami, kitami}, Purpose: " 庁内の集計 "}
		token, plain, err := s.AddToken(ctx, officer, in)
		s.must(err)
		if random := strings.TrimPrefix(plain, accounts.TokenPrefix); len(random) != 43 || random == plain {
			t.Errorf("%q is not 256 bits behind its prefix", plain)
		}
		if strings.Contains(token.TokenSHA256, plain) || len(token.TokenSHA256) != 64 {
			t.Error("the secret is stored")
		}
		again, none, err := s.AddToken(ctx, officer, in)
		if err != nil || none != "" || again.ID != token.ID || len(s.tokens(officer)) != 1 {
			t.Errorf("repeated: %v %q %v", again, none, err)
		}
		in.Municipalities = []string{abashiri}
		_, none, err = s.AddToken(ctx, officer, in)
		s.is(err, storage.ErrOperationReused)
		if none != "" {
			t.Error("a repeat with another body shows a secret")
		}
		pulled, err := s.Pull(ctx, plain)
		if err != nil || !slices.Equal(pulled.Municipalities, []string{kitami}) || pulled.Purpose != "庁内の集計" {
			t.Errorf("%+v %v", pulled, err)
		}
		if n := len(s.audited("token.new")); n != 1 {
			t.Errorf("%d lines of the record", n)
		}
	})
}

func TestTokenBelongsToItsPost(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		first := s.post(accounts.Officer, kitami, abashiri)
		one := s.in(s.takes(first, "one@example.jp"))
		id, plain := s.token(one)
		other, desk := s.staff(accounts.Officer, abashiri), s.staff(accounts.Desk, kitami)
		for _, by := range []accounts.Access{other, desk, {}} {
			in := accounts.TokenInput{Operation: uuid.NewString(), PostID: first.ID, Purpose: "x"}
			_, _, err := s.AddToken(ctx, by, in)
			s.is(err, storage.ErrNotFound)
			s.is(s.RevokeToken(ctx, by, id), storage.ErrNotFound)
		}
		_, err := s.Tokens(ctx, desk)
		s.is(err, storage.ErrNotFound)
		_, _, err = s.AddToken(ctx, other, accounts.TokenInput{Operation: uuid.NewString(), PostID: s.officers(other), Municipalities: []string{kitami}, Purpose: "x"})
		s.is(err, accounts.ErrTokenArea)
		if got := s.tokens(other); len(got) != 0 {
			t.Errorf("another post sees %v", got)
		}
		// People change, the token stays; what the post no longer has, the token neither.
		two := s.in(s.takes(first, "two@example.jp"))
		s.must(s.EndMember(ctx, two, s.member(first, one.AccountID).ID, "異動"))
		if got := s.tokens(two); len(got) != 1 || got[0].ID != id {
			t.Errorf("the successor sees %v", got)
		}
		set := accounts.PostInput{Name: first.Name, Role: accounts.Officer, Municipalities: []string{abashiri}, OfficeEmail: first.OfficeEmail, Version: 1}
		s.must(s.SetPost(ctx, s.admin, first.ID, set))
		if pulled, err := s.Pull(ctx, plain); err != nil || !slices.Equal(pulled.Municipalities, []string{abashiri}) {
			t.Errorf("%+v %v", pulled, err)
		}
		s.must(s.EndPost(ctx, s.admin, first.ID, "組織の見直し"))
		_, err = s.Pull(ctx, plain)
		s.is(err, accounts.ErrToken)
	})
}

func TestTokenIsRevoked(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		officer := s.staff(accounts.Officer, kitami)
		id, plain := s.token(officer)
		other, _ := s.token(officer)
		s.must(s.RevokeToken(ctx, officer, id))
		s.is(s.RevokeToken(ctx, officer, id), storage.ErrNotFound)
		s.must(s.RevokeToken(ctx, s.admin, other))
		for _, secret := range []string{plain, "", accounts.TokenPrefix, plain + "x"} {
			_, err := s.Pull(ctx, secret)
			s.is(err, accounts.ErrToken)
		}
		if n := len(s.audited("token.revoke")); n != 2 || len(s.tokens(officer)) != 0 {
			t.Errorf("%d lines of the record", n)
		}
	})
}

func TestTokenUseAndLimit(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		officer := s.staff(accounts.Officer, kitami)
		_, plain := s.token(officer)
		if used := s.tokens(officer)[0].UsedAt; used != nil {
			t.Errorf("used at %v", used)
		}
		first := db.Now()
		for _, c := range []struct {
			later time.Duration
			want  time.Time
		}{{0, first}, {59 * time.Minute, first}, {time.Minute, first.Add(time.Hour)}} {
			s.clock.Add(c.later)
			_, err := s.Pull(ctx, plain)
			s.must(err)
			if used := s.tokens(officer)[0].UsedAt; used == nil || !used.Equal(c.want) {
				t.Errorf("used at %v, want %v", used, c.want)
			}
		}
		// Two instances at once let no more in than one.
		s.clock.Add(time.Minute)
		second := accounts.New(db, accounts.Options{})
		var in, out atomic.Int32
		var wg sync.WaitGroup
		for _, a := range []*accounts.Accounts{s.Accounts, second, s.Accounts, second} {
			wg.Go(func() {
				for range accounts.PullsPerMinute / 3 {
					_, err := a.Pull(ctx, plain)
					var wait *accounts.WaitError
					switch {
					case err == nil:
						in.Add(1)
					case errors.As(err, &wait) && wait.For > 0 && wait.For <= time.Minute:
						out.Add(1)
					default:
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		if in.Load() != accounts.PullsPerMinute || out.Load() != accounts.PullsPerMinute/3 {
			t.Errorf("%d in, %d out", in.Load(), out.Load())
		}
		s.clock.Add(time.Minute)
		_, err := s.Pull(ctx, plain)
		s.must(err)
	})
}
