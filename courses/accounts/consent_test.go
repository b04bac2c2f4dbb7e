package accounts_test

import (
	"sync"
	"testing"

	"tsunagari/courses/accounts"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

func TestContact(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		l := s.learner(registration())
		desk := s.staff(accounts.Desk, kitami)
		names := func(by accounts.Access, code string) (text string) {
			list, err := s.Contacts(ctx, by, code, "サロンの案内のため")
			s.must(err)
			for _, r := range list {
				text += r.Name() + " " + r.Kana() + " " + r.HowLabel() + " " + r.Contact + "|"
			}
			return text
		}
		_, err := s.Contact(ctx, l.ID)
		s.is(err, storage.ErrNotFound)
		s.must(s.WithdrawContact(ctx, l.ID)) // nothing to withdraw
		for field, in := range map[string]accounts.ContactInput{
			"how": {How: "line", Contact: "x"}, "contact": {How: "mail", Contact: "x"},
		} {
			if err := s.AgreeToContact(ctx, l.ID, in); !invalid(err, field) {
				t.Errorf("%s: %v", field, err)
			}
		}
		if err := s.AgreeToContact(ctx, l.ID, accounts.ContactInput{How: "phone", Contact: "なし"}); !invalid(err, "contact") {
			t.Errorf("no number: %v", err)
		}
		var wg sync.WaitGroup
		for range 4 { // tapped together
			wg.Go(func() {
				if err := s.AgreeToContact(ctx, l.ID, accounts.ContactInput{How: "mail", Contact: " hana@example.jp "}); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if got := names(desk, kitami); got != "北見 花子 きたみ はなこ メール hana@example.jp|" {
			t.Errorf("the list: %s", got)
		}
		s.must(s.AgreeToContact(ctx, l.ID, accounts.ContactInput{How: "phone", Contact: "0157-00-0000"}))
		if got := names(s.admin, kitami); got != "北見 花子 きたみ はなこ 電話 0157-00-0000|" {
			t.Errorf("another way: %s", got)
		}
		if names(s.admin, abashiri) != "" {
			t.Error("on another town's list")
		}
		s.must(s.WithdrawContact(ctx, l.ID))
		if got := names(desk, kitami); got != "" {
			t.Errorf("withdrawn: %s", got)
		}
		var kept int64
		s.must(db.Read(ctx).Model(&accounts.Consent{}).Where("account_id = ? AND kind = 'contact' AND contact = '' AND withdrawn_at IS NOT NULL", l.ID).Count(&kept).Error)
		if kept != 2 {
			t.Errorf("%d withdrawn consents are kept without the address", kept)
		}
		looks := 0
		for _, act := range s.acts() {
			if act == "contact.list" {
				looks++
			}
		}
		if looks != 4 {
			t.Errorf("%d of 4 looks at the list were written down", looks)
		}
	})
}

func TestContactsForTheDeskOnly(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		for _, by := range []accounts.Access{{}, s.staff(accounts.Officer, kitami), s.staff(accounts.Desk, abashiri), s.staff(accounts.Trainer, kitami)} {
			_, err := s.Contacts(ctx, by, kitami, "")
			s.is(err, storage.ErrNotFound)
		}
		_, err := s.Contacts(ctx, s.admin, "012085", "")
		s.is(err, storage.ErrNotFound)
	})
}

// The consent is to one town; nobody's address wanders to another by moving.
func TestContactEndsByMoving(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		l := s.learner(registration())
		mail := accounts.ContactInput{How: "mail", Contact: "hana@example.jp"}
		s.must(s.AgreeToContact(ctx, l.ID, mail))
		s.must(s.UpdateProfile(ctx, l.ID, accounts.Profile{Residence: abashiri, AgeBand: "70", Version: l.Version}))
		for _, code := range []string{kitami, abashiri} {
			if list, err := s.Contacts(ctx, s.admin, code, ""); err != nil || len(list) != 0 {
				t.Errorf("%s may write after the move: %+v %v", code, list, err)
			}
		}
		if c, err := s.Contact(ctx, l.ID); err != nil || c.Municipality != kitami {
			t.Errorf("the page says %+v %v", c, err)
		}
		s.must(s.AgreeToContact(ctx, l.ID, mail))
		if list, err := s.Contacts(ctx, s.admin, abashiri, ""); err != nil || len(list) != 1 {
			t.Errorf("agreed anew: %+v %v", list, err)
		}
	})
}

func TestWhoCannotAgreeToContact(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		mail := accounts.ContactInput{How: "mail", Contact: "hana@example.jp"}
		_, guest, err := s.Guest(ctx, "")
		s.must(err)
		s.is(s.AgreeToContact(ctx, guest, mail), accounts.ErrNotRegistered)
		s.is(s.AgreeToContact(ctx, "nobody", mail), storage.ErrNotFound)
		in := registration()
		in.Residence = "p13"
		s.is(s.AgreeToContact(ctx, s.learner(in).ID, mail), accounts.ErrNoTown)
	})
}
