package accounts_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tsunagari/courses/accounts"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

func TestInvitation(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		post := s.post(accounts.Desk, kitami)
		in := accounts.Acceptance{FamilyName: "北見", GivenName: "花", Email: "hana@example.jp", Password: goodPassword}
		invite := func() string {
			token, err := s.Invite(ctx, s.admin, post.ID, accounts.Invitee{}, link)
			s.must(err)
			return token
		}
		accept := func(token string, fn func(*accounts.Acceptance)) error {
			in := in
			fn(&in)
			_, err := s.Accept(ctx, token, in, "192.0.2.1")
			return err
		}
		asIs := func(*accounts.Acceptance) {}

		token := invite()
		open, err := s.Invitation(ctx, token)
		if err != nil || open.Post.Name != post.Name || open.AccountID != nil {
			t.Fatalf("the link shows %+v %v", open, err)
		}
		s.is(accept("none", asIs), accounts.ErrInvitation)
		s.is(accept(token, func(a *accounts.Acceptance) { a.FamilyName = " " }), accounts.ErrNoName)
		s.is(accept(token, func(a *accounts.Acceptance) { a.Password = "hana@example.jp" }), accounts.ErrWeakPassword)
		if err := accept(token, func(a *accounts.Acceptance) { a.Email = "hana" }); !invalid(err, "email") {
			t.Errorf("no address: %v", err)
		}
		s.is(accept(token, func(a *accounts.Acceptance) { a.Email, a.Password = firstAdmin.Email, "a good password of hana" }), accounts.ErrWrongPassword)
		s.must(accept(token, asIs))
		s.is(accept(token, asIs), accounts.ErrInvitation)
		_, err = s.Invitation(ctx, token)
		s.is(err, accounts.ErrInvitation)
		s.enter("hana@example.jp", "desk@example.jp")

		late := invite()
		s.clock.Add(7 * 24 * time.Hour)
		s.is(accept(late, asIs), accounts.ErrInvitation)
		if _, err := s.Invite(ctx, s.admin, post.ID, accounts.Invitee{Email: "x"}, link); !invalid(err, "email") {
			t.Errorf("an invitation to nowhere: %v", err)
		}

		withdrawn := invite()
		people, err := s.Post(ctx, s.admin, post.ID)
		s.must(err)
		if len(people.Open) != 1 {
			t.Fatalf("open invitations: %+v", people.Open)
		}
		s.is(s.Uninvite(ctx, accounts.Access{AccountID: "x"}, people.Open[0].ID), storage.ErrNotFound)
		s.must(s.Uninvite(ctx, s.admin, people.Open[0].ID))
		s.is(s.Uninvite(ctx, s.admin, people.Open[0].ID), storage.ErrNotFound)
		s.is(accept(withdrawn, asIs), accounts.ErrInvitation)

		ended := invite()
		s.must(s.EndPost(ctx, s.admin, post.ID, ""))
		s.is(accept(ended, asIs), accounts.ErrInvitation)
		_, err = s.Invite(ctx, s.admin, post.ID, accounts.Invitee{}, link)
		s.is(err, accounts.ErrPostEnded)
	})
}

// Who is staff already keeps one account, whoever holds the link.
func TestInvitationExtendsAnAccount(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		token, err := s.Invite(ctx, s.admin, s.post(accounts.Desk, kitami).ID, accounts.Invitee{}, link)
		s.must(err)
		id, err := s.Accept(ctx, token, accounts.Acceptance{Email: firstAdmin.Email, Password: goodPassword}, "")
		s.must(err)
		if access := s.in(id); id != s.admin.AccountID || !access.Role(accounts.Desk) || !access.Role(accounts.Admin) {
			t.Errorf("%s may %+v", id, access)
		}
	})
}

func TestInvitationOnceWhenSentTogether(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		post := s.post(accounts.Desk, kitami)
		token, err := s.Invite(ctx, s.admin, post.ID, accounts.Invitee{}, link)
		s.must(err)
		var in atomic.Int32
		var wg sync.WaitGroup
		for _, email := range []string{"a@example.jp", "b@example.jp", "a@example.jp"} {
			wg.Go(func() {
				_, err := s.Accept(ctx, token, accounts.Acceptance{FamilyName: "北見", GivenName: "花", Email: email, Password: goodPassword}, "")
				switch {
				case err == nil:
					in.Add(1)
				case !errors.Is(err, accounts.ErrInvitation):
					t.Error(err)
				}
			})
		}
		wg.Wait()
		people, err := s.Post(ctx, s.admin, post.ID)
		if err != nil || in.Load() != 1 || len(people.Members) != 1 {
			t.Errorf("%d followed one link, %d are in: %v", in.Load(), len(people.Members), err)
		}
	})
}

func TestPasswordLink(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		id := s.takes(s.post(accounts.Desk, kitami), "a@example.jp")
		session := s.enter("a@example.jp", "desk@example.jp")
		secret := s.enrol(id)
		_, err := s.InviteToPassword(ctx, s.in(id), s.admin.AccountID, "")
		s.is(err, storage.ErrNotFound)
		_, err = s.InviteToPassword(ctx, s.admin, "nobody", "")
		s.is(err, storage.ErrNotFound)
		first, err := s.InviteToPassword(ctx, s.admin, id, "電話で本人を確認")
		s.must(err)
		token, err := s.InviteToPassword(ctx, accounts.Shell(), id, "")
		s.must(err)

		const next = "ゆきどけの川 みんなで歩く"
		s.is(s.ResetPassword(ctx, first, accounts.NewPassword{Password: next}), accounts.ErrInvitation)
		s.is(s.ResetPassword(ctx, token, accounts.NewPassword{Password: "aaaaaaaaaaaaaaa"}), accounts.ErrWeakPassword)
		_, err = s.Accept(ctx, token, accounts.Acceptance{FamilyName: "x", GivenName: "y", Email: "x@example.jp", Password: goodPassword}, "")
		s.is(err, accounts.ErrInvitation) // it leads into no post
		s.must(s.ResetPassword(ctx, token, accounts.NewPassword{Password: next}))
		s.is(s.ResetPassword(ctx, token, accounts.NewPassword{Password: next}), accounts.ErrInvitation)
		_, err = s.BySession(ctx, session)
		s.is(err, storage.ErrNotFound)
		second, err := s.SignInStaff(ctx, "a@example.jp", next, "192.0.2.1")
		if err != nil || second.App || secret == "" {
			t.Errorf("the lost app is still asked for: %+v %v", second, err)
		}
		into, err := s.Invite(ctx, s.admin, s.post(accounts.Trainer).ID, accounts.Invitee{}, link)
		s.must(err)
		s.is(s.ResetPassword(ctx, into, accounts.NewPassword{Password: next}), accounts.ErrInvitation)
	})
}
