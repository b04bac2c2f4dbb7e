package accounts_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tsunagari/courses/accounts"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

const (
	kitami   = "012084"
	abashiri = "012114"
)

func link(token string) string { return "https://tsunagari.example.jp/invitation#" + token }

// post makes a post with an office of its own.
func (s *site) post(role accounts.Role, codes ...string) *accounts.Post {
	s.t.Helper()
	p, err := s.AddPost(ctx, s.admin, accounts.PostInput{
		Name: role.Label(), Role: role, Municipalities: codes, OfficeEmail: string(role) + "@example.jp",
	})
	s.must(err)
	return p
}

// takes lets somebody follow an invitation into the post.
func (s *site) takes(p *accounts.Post, email string) (accountID string) {
	s.t.Helper()
	token, err := s.Invite(ctx, s.admin, p.ID, accounts.Invitee{}, link)
	s.must(err)
	id, err := s.Accept(ctx, token, accounts.Acceptance{FamilyName: "網走", GivenName: "太郎", Email: email, Password: goodPassword}, "192.0.2.1")
	s.must(err)
	return id
}

// in is what somebody's posts allow.
func (s *site) in(accountID string) accounts.Access {
	s.t.Helper()
	access, err := accounts.AccessOf(s.db.Read(ctx), accountID)
	s.must(err)
	return access
}

// member is the current membership of somebody in the post.
func (s *site) member(p *accounts.Post, accountID string) accounts.Member {
	s.t.Helper()
	people, err := s.Post(ctx, s.admin, p.ID)
	s.must(err)
	i := slices.IndexFunc(people.Members, func(m accounts.Member) bool { return m.AccountID == accountID })
	if i < 0 {
		s.t.Fatalf("%s is not in %s", accountID, p.Name)
	}
	return people.Members[i]
}

func TestAccess(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		desk := s.takes(s.post(accounts.Desk, kitami), "desk@example.jp")
		officer := s.post(accounts.Officer, abashiri, kitami)
		access := s.in(desk)
		if !access.Role(accounts.Desk) || access.Role(accounts.Admin, accounts.Officer, accounts.Trainer) {
			t.Errorf("roles %v", access.Roles)
		}
		if !access.Reaches(kitami, accounts.Desk) || access.Reaches(abashiri, accounts.Desk) || access.Reaches(kitami, accounts.Officer) {
			t.Error("a desk reaches its municipality, as desk")
		}
		s.takes(officer, "desk@example.jp") // the same person
		access = s.in(desk)
		if access.Reaches(abashiri, accounts.Desk) || !access.Reaches(abashiri, accounts.Officer) || !slices.Equal(access.Municipalities, []string{kitami, abashiri}) {
			t.Errorf("a second post widens another role: %+v", access)
		}
		if !s.admin.Reaches(abashiri, accounts.Desk) || accounts.Shell().Role(accounts.Desk) {
			t.Error("an administrator reaches all without the role")
		}
		if nobody := s.in("nobody"); len(nobody.Roles) != 0 || nobody.Reaches("", accounts.Desk) {
			t.Errorf("nobody may %+v", nobody)
		}
	})
}

func TestPostRules(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		whole := accounts.PostInput{Name: "保健福祉課", Role: accounts.Desk, Municipalities: []string{kitami, kitami}, OfficeEmail: "fukushi@example.jp"}
		with := func(fn func(*accounts.PostInput)) accounts.PostInput { in := whole; fn(&in); return in }
		for field, in := range map[string]accounts.PostInput{
			"name":         with(func(in *accounts.PostInput) { in.Name = " " }),
			"role":         with(func(in *accounts.PostInput) { in.Role = "owner" }),
			"office_email": with(func(in *accounts.PostInput) { in.OfficeEmail = "" }),
		} {
			if _, err := s.AddPost(ctx, s.admin, in); !invalid(err, field) {
				t.Errorf("%s: %v", field, err)
			}
		}
		for _, codes := range [][]string{nil, {"012085"}, {kitami, ""}} {
			_, err := s.AddPost(ctx, s.admin, with(func(in *accounts.PostInput) { in.Municipalities = codes }))
			s.is(err, accounts.ErrPostArea)
		}
		post, err := s.AddPost(ctx, s.admin, whole)
		s.must(err)
		if !slices.Equal(post.Municipalities, []string{kitami}) {
			t.Errorf("codes %v", post.Municipalities)
		}
		desk := s.in(s.takes(post, "desk@example.jp"))
		_, err = s.AddPost(ctx, desk, whole)
		s.is(err, storage.ErrNotFound)
		s.is(s.SetPost(ctx, desk, post.ID, whole), storage.ErrNotFound)
		s.is(s.EndPost(ctx, desk, post.ID, ""), storage.ErrNotFound)
		s.is(s.SetPost(ctx, s.admin, "none", whole), storage.ErrNotFound)

		in := with(func(in *accounts.PostInput) { in.Role, in.Version = accounts.Trainer, 1; in.Municipalities = nil })
		s.must(s.SetPost(ctx, s.admin, post.ID, in))
		s.is(s.SetPost(ctx, s.admin, post.ID, in), storage.ErrConflict)
		if now := s.in(desk.AccountID); now.Role(accounts.Desk) || !now.Role(accounts.Trainer) {
			t.Errorf("after the change: %+v", now)
		}
		s.must(s.EndPost(ctx, s.admin, post.ID, "組織の見直し"))
		s.is(s.EndPost(ctx, s.admin, post.ID, ""), accounts.ErrPostEnded)
		s.is(s.SetPost(ctx, s.admin, post.ID, in), accounts.ErrPostEnded)
		if now := s.in(desk.AccountID); len(now.Roles) != 0 {
			t.Errorf("after the end: %+v", now)
		}
	})
}

// A predecessor invites the successor, who ends the predecessor: M10.
func TestSuccession(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		post, other := s.post(accounts.Desk, kitami), s.post(accounts.Officer, kitami)
		before := s.in(s.takes(post, "before@example.jp"))
		stranger := s.in(s.takes(other, "stranger@example.jp"))
		session := s.enter("before@example.jp", "desk@example.jp")
		half, err := s.SignInStaff(ctx, "before@example.jp", goodPassword, "192.0.2.1")
		s.must(err)
		code := s.code("desk@example.jp")

		_, err = s.Invite(ctx, stranger, post.ID, accounts.Invitee{}, link)
		s.is(err, storage.ErrNotFound)
		token, err := s.Invite(ctx, before, post.ID, accounts.Invitee{Email: "after@example.jp"}, link)
		s.must(err)
		if list := s.mail(); len(list) != 1 || list[0].To != "after@example.jp" || !strings.Contains(list[0].Body, link(token)) || !strings.Contains(list[0].Body, "11月30日まで") {
			t.Errorf("the invitation: %+v", list)
		}
		s.clock.Add(24 * time.Hour)
		next, err := s.Accept(ctx, token, accounts.Acceptance{FamilyName: "後", GivenName: "任", Email: "after@example.jp", Password: goodPassword}, "")
		s.must(err)
		after := s.in(next)

		left := s.member(post, before.AccountID)
		s.is(s.EndMember(ctx, stranger, left.ID, ""), storage.ErrNotFound)
		s.must(s.EndMember(ctx, after, left.ID, "異動のため"))
		s.is(s.EndMember(ctx, after, left.ID, ""), storage.ErrNotFound)
		_, err = s.BySession(ctx, session)
		s.is(err, storage.ErrNotFound)
		_, err = s.VerifySecond(ctx, half.Browser, code, "")
		s.is(err, accounts.ErrCodeExpired)
		_, err = s.SignInStaff(ctx, "before@example.jp", goodPassword, "192.0.2.1")
		s.is(err, accounts.ErrNoPost)

		people, err := s.Post(ctx, after, post.ID)
		s.must(err)
		if len(people.Members) != 1 || people.Members[0].Email != "after@example.jp" || len(people.Past) != 1 || people.Past[0].Name != "網走 太郎" || people.Past[0].EndedAt == nil {
			t.Errorf("the post's people: %+v", people)
		}
		_, err = s.Post(ctx, before, post.ID)
		s.is(err, storage.ErrNotFound)
		if mine, err := s.Posts(ctx, after); err != nil || len(mine) != 1 || mine[0].ID != post.ID {
			t.Errorf("the successor's posts: %+v %v", mine, err)
		}
		if all, err := s.Posts(ctx, s.admin); err != nil || len(all) != 3 {
			t.Errorf("all posts: %+v %v", all, err)
		}
	})
}

// Who is in a second post stays signed in, with what that post allows.
func TestEndOfOneOfTwoPosts(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		desk, trainer := s.post(accounts.Desk, kitami), s.post(accounts.Trainer)
		id := s.takes(desk, "a@example.jp")
		s.clock.Add(time.Hour) // codes go where somebody was first
		s.takes(trainer, "a@example.jp")
		session := s.enter("a@example.jp", "desk@example.jp")
		s.must(s.EndMember(ctx, s.admin, s.member(desk, id).ID, ""))
		if access := s.access(session); access.Role(accounts.Desk) || !access.Role(accounts.Trainer) {
			t.Errorf("after the end of one post: %+v", access)
		}
	})
}

func TestLastAdminStays(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		posts, err := s.Posts(ctx, s.admin)
		s.must(err)
		post := posts[0]
		s.is(s.EndMember(ctx, s.admin, post.Members[0].ID, ""), accounts.ErrLastAdmin)
		s.is(s.EndPost(ctx, s.admin, post.ID, ""), accounts.ErrLastAdmin)
		in := accounts.PostInput{Name: "係", Role: accounts.Trainer, OfficeEmail: "a@example.jp", Version: 1}
		s.is(s.SetPost(ctx, s.admin, post.ID, in), accounts.ErrLastAdmin)
		s.is(s.Erase(ctx, s.admin.AccountID, ""), accounts.ErrLastAdmin)

		// Two who end each other at the same moment: one remains.
		second := s.takes(&post.Post, "second@example.jp")
		ids := []string{post.Members[0].ID, s.member(&post.Post, second).ID}
		var wg sync.WaitGroup
		for _, id := range ids {
			wg.Go(func() {
				if err := s.EndMember(ctx, s.admin, id, ""); err != nil && !errors.Is(err, accounts.ErrLastAdmin) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if people, err := s.Post(ctx, s.admin, post.ID); err != nil || len(people.Members) != 1 {
			t.Errorf("%d administrators remain, %v", len(people.Members), err)
		}
	})
}

func TestMarchReminder(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		post := s.post(accounts.Desk, kitami)
		s.takes(post, "a@example.jp")
		empty := s.post(accounts.Officer, kitami)
		remind := func() int {
			n, err := s.RemindPosts(ctx, "https://tsunagari.example.jp/admin/posts")
			s.must(err)
			return n
		}
		if n := remind(); n != 0 {
			t.Errorf("%d in November", n)
		}
		s.clock.Set(time.Date(2027, 2, 28, 15, 0, 0, 0, time.UTC)) // 1 March in Japan
		var wg sync.WaitGroup
		total := make([]int, 3)
		for i := range total {
			wg.Go(func() { total[i], _ = s.RemindPosts(ctx, "") })
		}
		wg.Wait()
		if total[0]+total[1]+total[2] != 3 || remind() != 0 {
			t.Errorf("three instances sent %v", total)
		}
		bodies := map[string]string{}
		for _, m := range s.mail() {
			bodies[m.To] = m.Body
		}
		if !strings.Contains(bodies[post.OfficeEmail], "網走 太郎 さん（2026年11月から）") || !strings.Contains(bodies[empty.OfficeEmail], "どなたもいません") || len(bodies) != 3 {
			t.Errorf("the mails: %q", bodies)
		}
		s.clock.Set(time.Date(2028, 3, 5, 0, 0, 0, 0, time.UTC))
		if n := remind(); n != 3 {
			t.Errorf("%d a year later", n)
		}
	})
}
