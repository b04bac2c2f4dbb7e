package accounts_test

import (
	"errors"
	"testing"

	"github.com/go-playground/validator/v10"
	"gorm.io/gorm"

	"tsunagari/courses/accounts"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

func typed() accounts.Typed {
	return accounts.Typed{FamilyName: " 紋別 ", GivenName: "和子", FamilyKana: "モンベツ", GivenKana: "かずこ", Residence: abashiri}
}

func (s *site) typedIn(t accounts.Typed) *accounts.Account {
	s.t.Helper()
	var id string
	s.must(s.db.Tx(ctx, func(tx *gorm.DB) (err error) { id, err = s.Enter(tx, s.admin, t); return err }))
	a, err := s.Account(ctx, id)
	s.must(err)
	return a
}

// Somebody typed in is a learner like any other, without a card until one is made.
func TestEnter(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		for _, change := range []func(*accounts.Typed){
			func(t *accounts.Typed) { t.FamilyName = "  " }, func(t *accounts.Typed) { t.FamilyKana = "紋別" },
			func(t *accounts.Typed) { t.Residence = "999999" }, func(t *accounts.Typed) { t.AgeBand = "71" },
		} {
			in := typed()
			change(&in)
			var invalid validator.ValidationErrors
			if err := s.Check(ctx, in); !errors.As(err, &invalid) {
				t.Errorf("%+v: %v", in, err)
			}
		}
		s.must(s.Check(ctx, typed()))
		a := s.typedIn(typed())
		if a.State != accounts.Active || a.Name() != "紋別 和子" || a.Kana() != "もんべつ かずこ" || a.AgeBand != accounts.NoAge || a.Municipality != abashiri || len(a.Number) != 8 {
			t.Errorf("%+v", a)
		}
		var how string
		s.must(db.Read(ctx).Table("consents").Where("account_id = ?", a.ID).Pluck("how", &how).Error)
		if how != "paper" {
			t.Errorf("they agreed by %q", how)
		}
		if kept, err := s.CardKept(ctx, a.ID); err != nil || kept {
			t.Errorf("a card that nobody has: %v", err)
		}
		shown, err := s.NewCard(ctx, s.admin, a.ID, "紙で渡す")
		s.must(err)
		if len(shown.Words) != accounts.WordCount {
			t.Errorf("%+v", shown)
		}
	})
}

func TestByNumber(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		a := s.typedIn(typed())
		for _, kana := range []string{"もんべつ", "モンベツ", "もんべつ かずこ"} {
			id, err := s.ByNumber(ctx, accounts.ShowNumber(a.Number), kana, "192.0.2.1")
			s.must(err)
			if id != a.ID {
				t.Errorf("%s leads to %s", kana, id)
			}
		}
		_, err := s.ByNumber(ctx, "1234", "もんべつ", "192.0.2.1")
		s.is(err, accounts.ErrNumber)
		for range 101 {
			_, err = s.ByNumber(ctx, a.Number, "かずこ", "192.0.2.1")
		}
		var wait *accounts.WaitError
		if !errors.As(err, &wait) {
			t.Errorf("after 101 wrong ones: %v", err)
		}
		if _, err = s.ByNumber(ctx, a.Number, "もんべつ", "192.0.2.1"); !errors.As(err, &wait) {
			t.Errorf("the right one from there: %v", err)
		}
		_, err = s.ByNumber(ctx, a.Number, "もんべつ", "192.0.2.2")
		s.must(err)
	})
}

// A front desk makes and keeps posts of trainers within its municipalities.
func TestDeskKeepsTrainers(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		desk := s.in(s.takes(s.post(accounts.Desk, kitami), "desk@example.jp"))
		in := accounts.PostInput{Name: "講師", Role: accounts.Trainer, Municipalities: []string{kitami}, OfficeEmail: "k@example.jp"}
		post, err := s.AddPost(ctx, desk, in)
		s.must(err)
		for name, change := range map[string]func(*accounts.PostInput){
			"another town": func(in *accounts.PostInput) { in.Municipalities = []string{abashiri} },
			"two towns":    func(in *accounts.PostInput) { in.Municipalities = []string{kitami, abashiri} },
			"everywhere":   func(in *accounts.PostInput) { in.Municipalities = nil },
			"a desk":       func(in *accounts.PostInput) { in.Role = accounts.Desk },
			"an admin":     func(in *accounts.PostInput) { in.Role = accounts.Admin },
		} {
			other := in
			change(&other)
			if _, err := s.AddPost(ctx, desk, other); !errors.Is(err, storage.ErrNotFound) {
				t.Errorf("%s: %v", name, err)
			}
		}
		trainer := s.takes(post, "trainer@example.jp")
		_, err = s.Invite(ctx, desk, post.ID, accounts.Invitee{}, link)
		s.must(err)
		s.must(s.EndMember(ctx, desk, s.member(post, trainer).ID, "異動"))
		elsewhere := s.post(accounts.Trainer, abashiri)
		nowhere := s.post(accounts.Trainer)
		for _, p := range []*accounts.Post{elsewhere, nowhere} {
			_, err = s.Invite(ctx, desk, p.ID, accounts.Invitee{}, link)
			s.is(err, storage.ErrNotFound)
		}
		list, err := s.TrainerPosts(ctx, desk)
		s.must(err)
		if len(list) != 1 || list[0].ID != post.ID {
			t.Errorf("%+v", list)
		}
		twice := s.takes(elsewhere, "both@example.jp")
		people, err := s.Trainers(ctx)
		s.must(err)
		if len(people) != 1 || people[0].AccountID != twice || people[0].Name == "" {
			t.Errorf("%+v", people)
		}
	})
}
