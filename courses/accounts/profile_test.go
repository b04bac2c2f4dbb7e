package accounts_test

import (
	"crypto/sha256"
	"encoding/hex"
	"testing"
	"time"

	"gorm.io/gorm"

	"tsunagari/courses/accounts"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

func sha256Hex(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

func TestWhoMovesCountsForTheNewPlaceFromThatDayOn(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		l := s.learner(registration()) // 2026-11-23 in 北見市
		s.clock.Set(time.Date(2027, 3, 31, 15, 0, 0, 0, time.UTC))
		s.must(s.UpdateProfile(ctx, l.ID, accounts.Profile{Residence: "p13", AgeBand: "80", Version: l.Version})) // 1 April in Japan
		a, err := s.Account(ctx, l.ID)
		s.must(err)
		if a.Municipality != "" || a.Prefecture != "13" || a.AgeBand != "80" || a.Version != l.Version+1 {
			t.Errorf("%+v", a)
		}
		for day, want := range map[string]string{
			"2026-11-01": "012084 01", "2026-11-23": "012084 01", "2027-03-31": "012084 01", "2027-04-01": " 13", "2030-01-01": " 13",
		} {
			municipality, prefecture, err := accounts.ResidenceOn(db.Read(ctx), l.ID, day)
			if got := municipality + " " + prefecture; got != want || err != nil {
				t.Errorf("%s: %q %v, want %q", day, got, err, want)
			}
		}
		if m, p, err := accounts.ResidenceOn(db.Read(ctx), "nobody", "2027-04-01"); m != "" || p != "" || err != nil {
			t.Errorf("nobody lives in %q %q %v", m, p, err)
		}
	})
}

func TestProfileOfTwoWindows(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		l := s.learner(registration())
		in := accounts.Profile{PrintedName: "きたみ花子", Residence: "012084", AgeBand: "none", Version: l.Version}
		s.must(s.UpdateProfile(ctx, l.ID, in))
		s.is(s.UpdateProfile(ctx, l.ID, in), storage.ErrConflict)
		a, err := s.Account(ctx, l.ID)
		s.must(err)
		if a.OnPaper() != "きたみ花子" || a.AgeBand != accounts.NoAge {
			t.Errorf("%+v", a)
		}
		for field, in := range map[string]accounts.Profile{
			"residence": {AgeBand: "70", Residence: "北見市"}, "age_band": {Residence: "012084"},
			"printed_name": {Residence: "012084", AgeBand: "70", PrintedName: "a\x00"},
		} {
			if err := s.UpdateProfile(ctx, l.ID, in); !invalid(err, field) {
				t.Errorf("%s: %v", field, err)
			}
		}
		s.is(s.UpdateProfile(ctx, l.ID, accounts.Profile{AgeBand: "70", Residence: "p01", Version: a.Version}), accounts.ErrHomePrefecture)
		s.is(s.UpdateProfile(ctx, "nobody", in), storage.ErrNotFound)
	})
}

func TestRename(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		l := s.learner(registration())
		rename := func(id string, n accounts.Names) error {
			return db.Tx(ctx, func(tx *gorm.DB) error { return s.Rename(tx, id, n, s.admin.AccountID, "戸籍の字で") })
		}
		s.must(rename(l.ID, accounts.Names{Family: "喜多見", Given: "花子", FamilyKana: "キタミ", GivenKana: "はなこ"}))
		a, err := s.Account(ctx, l.ID)
		s.must(err)
		if a.Name() != "喜多見 花子" || a.Kana() != "きたみ はなこ" || a.Version != l.Version+1 {
			t.Errorf("%+v", a)
		}
		if err := rename(l.ID, accounts.Names{Family: "喜多見", FamilyKana: "北見"}); !invalid(err, "family_kana") {
			t.Errorf("%v", err)
		}
		s.is(rename("nobody", accounts.Names{Family: "喜多見", FamilyKana: "きたみ"}), storage.ErrNotFound)
		entries, _, err := s.AuditLog(ctx, accounts.AuditQuery{Subject: l.ID, Act: "person.change"})
		s.must(err)
		if len(entries) != 1 || entries[0].Why != "戸籍の字で" {
			t.Errorf("%+v", entries)
		}
	})
}

func TestFindIsLimitedToOnesOwnTowns(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		in := registration()
		in.FamilyKana = "しらいし"
		kitami := s.learner(in)
		in = registration()
		in.FamilyKana, in.Residence = "しらかわ", "012114"
		abashiri := s.learner(in)
		s.clock.Set(time.Date(2026, 11, 30, 15, 0, 0, 0, time.UTC)) // December in Japan
		in = registration()
		in.FamilyKana, in.Residence = "しらとり", "p13"
		tokyo := s.learner(in)
		_, _, err := s.Guest(ctx, "")
		s.must(err)
		desk := s.staff(accounts.Desk, "012084", "012190")
		for _, c := range []struct {
			by   accounts.Access
			q    accounts.Query
			want []string
		}{
			{desk, accounts.Query{Kana: "しら"}, []string{kitami.ID}},
			{desk, accounts.Query{Kana: "シライシ ハナ"}, []string{kitami.ID}},
			{desk, accounts.Query{Kana: "しらーし"}, nil},
			{desk, accounts.Query{Kana: "しら", Municipality: "012114"}, nil},
			{desk, accounts.Query{Kana: "しら", Begun: "2026-10"}, nil},
			{desk, accounts.Query{Kana: "し", Begun: "2026-11", Municipality: "012084"}, []string{kitami.ID}},
			{desk, accounts.Query{Kana: "ら"}, nil},
			{s.admin, accounts.Query{Kana: "しら"}, []string{kitami.ID, abashiri.ID, tokyo.ID}},
			{s.admin, accounts.Query{Kana: "しら", Begun: "2026-12"}, []string{tokyo.ID}},
			{s.admin, accounts.Query{Kana: "しら%"}, nil},
		} {
			list, more, err := s.Find(ctx, c.by, c.q)
			var got []string
			for _, f := range list {
				got = append(got, f.ID)
			}
			if c.q.Kana == "しら%" {
				if !invalid(err, "kana") {
					t.Errorf("%+v: %v", c.q, err)
				}
				continue
			}
			if err != nil || more || len(got) != len(c.want) || !sameSet(got, c.want) {
				t.Errorf("%+v finds %v %v, want %v", c.q, list, err, c.want)
			}
		}
	})
}

func sameSet(a, b []string) bool {
	in := map[string]bool{}
	for _, s := range b {
		in[s] = true
	}
	for _, s := range a {
		if !in[s] {
			return false
		}
	}
	return len(a) == len(b)
}

func TestWhoMayFindAndOpen(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		l := s.learner(registration())
		for _, by := range []accounts.Access{{AccountID: l.ID}, s.staff(accounts.Officer, "012084"), s.staff(accounts.Trainer)} {
			_, _, err := s.Find(ctx, by, accounts.Query{Kana: "きた"})
			s.is(err, storage.ErrNotFound)
			_, err = s.Open(ctx, by, l.ID)
			s.is(err, storage.ErrNotFound)
		}
		_, err := s.Open(ctx, s.staff(accounts.Desk, "012114"), l.ID)
		s.is(err, storage.ErrNotFound)
		desk := s.staff(accounts.Desk, "012084")
		a, err := s.Open(ctx, desk, l.ID)
		s.must(err)
		if a.ID != l.ID {
			t.Errorf("%+v", a)
		}
		_, _, err = s.Find(ctx, desk, accounts.Query{Kana: "きた", Municipality: "012084"})
		s.must(err)
		entries, _, err := s.AuditLog(ctx, accounts.AuditQuery{Actor: desk.AccountID})
		s.must(err)
		if len(entries) != 2 || entries[0].Act != "person.find" || entries[0].Detail != "012084" || entries[1].Act != "person.open" || entries[1].SubjectID != l.ID {
			t.Errorf("%+v", entries)
		}
		for field, q := range map[string]accounts.Query{"kana": {Kana: " "}, "begun": {Kana: "き", Begun: "2026"}, "municipality": {Kana: "き", Municipality: "北見"}} {
			if _, _, err := s.Find(ctx, desk, q); !invalid(err, field) {
				t.Errorf("%s: %v", field, err)
			}
		}
	})
}

func TestALongListSaysThatThereIsMore(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		s.must(db.Tx(ctx, func(tx *gorm.DB) error {
			var people []accounts.Account
			now := tx.NowFunc()
			for i := range 51 {
				n := string(rune('0'+i/10)) + string(rune('0'+i%10))
				people = append(people, accounts.Account{
					ID: "person" + n, State: accounts.Active, Number: "100000" + n, SearchKana: "きたみ", Municipality: "012084",
					CreatedAt: now, RegisteredAt: &now, SeenAt: now,
				})
			}
			return tx.Create(&people).Error
		}))
		list, more, err := s.Find(ctx, s.admin, accounts.Query{Kana: "きた"})
		if len(list) != 50 || !more || err != nil {
			t.Errorf("%d %v %v", len(list), more, err)
		}
	})
}
