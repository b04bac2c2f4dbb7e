package accounts_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"tsunagari/courses/accounts"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

func (s *site) export(accountID string) string {
	s.t.Helper()
	sections, err := accounts.Export(s.db.Read(ctx), accountID)
	s.must(err)
	var b strings.Builder
	for _, section := range sections {
		fmt.Fprintln(&b, "#", section.Title)
		for _, r := range section.Rows {
			fmt.Fprintln(&b, r.Label+":", r.Value)
		}
	}
	return b.String()
}

func TestExportTellsEverything(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		l := s.learner(registration())
		s.must(s.AgreeToContact(ctx, l.ID, accounts.ContactInput{How: "phone", Contact: "0157-00-0000"}))
		_, err := s.NewCard(ctx, s.admin, l.ID, "なくしたため")
		s.must(err)
		text := s.export(l.ID)
		for _, want := range []string{
			accounts.ShowNumber(l.Number), "お名前: 北見 花子", "ふりがな: きたみ はなこ", "お住まい: 北見市", "年代: 70代",
			"2026-11-23 から: 北見市", "作った日時（窓口）: 2026年11月23日 12:00", "個人情報の扱いに同意した日時",
			"北見市からの連絡（電話）の連絡先: 0157-00-0000", "新しい受講カード（係の人） 理由：なくしたため",
		} {
			if !strings.Contains(text, want) {
				t.Errorf("%q is missing in\n%s", want, text)
			}
		}
		if strings.Contains(text, "argon2") || strings.Contains(text, "管理 花子") {
			t.Errorf("secrets or somebody else in\n%s", text)
		}
		staff := s.export(s.admin.AccountID)
		for _, want := range []string{"係\n管理者: 2026年11月23日", "メールアドレス: admin@example.jp", "認証アプリ: 使っていない", "test: 2026年11月23日"} {
			if !strings.Contains(staff, want) {
				t.Errorf("%q is missing in\n%s", want, staff)
			}
		}
		_, err = accounts.Export(db.Read(ctx), "nobody")
		s.is(err, storage.ErrNotFound)
	})
}

// No text of the person is left anywhere in the database.
func TestEraseLeavesNothing(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		in := registration()
		in.FamilyName, in.GivenName, in.FamilyKana, in.GivenKana, in.PrintedName = "消失", "忘子", "しょうしつ", "わすれこ", "消失ワスレコ"
		l := s.learner(in)
		s.must(s.AgreeToContact(ctx, l.ID, accounts.ContactInput{How: "mail", Contact: "wasureko@example.jp"}))
		_, err := s.NewCard(ctx, s.admin, l.ID, "消失さん本人が来たため")
		s.must(err)
		s.must(db.Tx(ctx, func(tx *gorm.DB) error { // an address, confirmed, and a letter on its way
			if err := tx.Exec("UPDATE accounts SET email = ?, email_key = ? WHERE id = ?", "Wasureko@example.jp", "wasureko@example.jp", l.ID).Error; err != nil {
				return err
			}
			return storage.Queue(tx, storage.Mail{To: "Wasureko@example.jp", Subject: "消失 忘子さん"})
		}))
		var told []string
		s.OnErase(func(tx *gorm.DB, id string) error {
			person, err := accounts.Load(tx, id) // still whole
			told = append(told, person.FamilyName)
			return err
		})
		s.must(s.Erase(ctx, l.ID, ""))
		s.is(s.Erase(ctx, l.ID, ""), storage.ErrNotFound)
		if len(told) != 1 || told[0] != "消失" {
			t.Errorf("the other rooms were told %q", told)
		}
		a, err := s.Account(ctx, l.ID)
		if err != nil || a.State != accounts.Erased || a.ErasedAt == nil || a.Number != "" || a.Municipality != "" || a.AgeBand != "" {
			t.Errorf("what stays is %+v %v", a, err)
		}
		if s.whose(l.secret) != "" {
			t.Error("the session lives on")
		}
		_, err = s.SignInCard(ctx, l.Number, l.words(), "192.0.2.1", accounts.Visit{})
		s.is(err, accounts.ErrWrongCard)
		for _, trace := range []string{"消失", "忘子", "しょうしつ", "ワスレコ", "asureko@example.jp", l.Number} {
			if where := s.search(trace); where != "" {
				t.Errorf("%s is still in %s", trace, where)
			}
		}
	})
}

// search names the first table in which some column holds the text.
func (s *site) search(text string) string {
	s.t.Helper()
	tx := s.db.Read(ctx)
	tables, err := tx.Migrator().GetTables()
	s.must(err)
	if len(tables) < 15 {
		s.t.Fatalf("only the tables %v", tables)
	}
	for _, table := range tables {
		rows, err := tx.Raw(`SELECT * FROM "` + table + `"`).Rows()
		s.must(err)
		columns, err := rows.Columns()
		s.must(err)
		for rows.Next() {
			values, places := make([]any, len(columns)), make([]any, len(columns))
			for i := range values {
				places[i] = &values[i]
			}
			s.must(rows.Scan(places...))
			if strings.Contains(fmt.Sprint(values...), text) {
				rows.Close()
				return table
			}
		}
		s.must(rows.Err())
		rows.Close()
	}
	return ""
}

func TestEraseIsUndoneWhenARoomCannot(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		l := s.learner(registration())
		cannot := errors.New("cannot")
		s.OnErase(func(*gorm.DB, string) error { return cannot })
		s.is(s.Erase(ctx, l.ID, ""), cannot)
		if s.whose(l.secret) != l.ID {
			t.Error("half erased")
		}
	})
}

func TestEraseStaff(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		post := s.post(accounts.Desk, kitami)
		id := s.takes(post, "desk@example.jp")
		s.is(s.EraseFor(ctx, s.in(id), s.admin.AccountID, ""), storage.ErrNotFound)
		s.must(s.EraseFor(ctx, s.admin, id, "本人の求め"))
		_, err := s.SignInStaff(ctx, "desk@example.jp", goodPassword, "192.0.2.1")
		s.is(err, accounts.ErrWrongPassword)
		people, err := s.Post(ctx, s.admin, post.ID)
		if err != nil || len(people.Members) != 0 || len(people.Past) != 1 || people.Past[0].Name != "" {
			t.Errorf("the post remembers %+v %v", people, err)
		}
		s.takes(post, "desk@example.jp") // the address is free again
	})
}

func TestPurgeGuests(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		var forgotten []string
		s.OnErase(func(_ *gorm.DB, id string) error { forgotten = append(forgotten, id); return nil })
		l := s.learner(registration())
		old := map[string]bool{}
		for range 130 { // more than one batch
			_, id, err := s.Guest(ctx, "")
			s.must(err)
			old[id] = true
		}
		s.clock.Add(time.Hour)
		fresh, recent, err := s.Guest(ctx, "")
		s.must(err)
		s.clock.Add(90*24*time.Hour - time.Hour)
		if n, err := s.PurgeGuests(ctx); n != 130 || err != nil {
			t.Errorf("purged %d, %v", n, err)
		}
		if s.whose(fresh) != recent || s.whose(l.secret) != l.ID {
			t.Error("a recent guest or a learner is gone")
		}
		for _, id := range forgotten {
			if !old[id] {
				t.Errorf("the other rooms forgot %s", id)
			}
		}
		if len(forgotten) != 130 {
			t.Errorf("the other rooms forgot %d", len(forgotten))
		}
		if n, err := s.PurgeGuests(ctx); n != 0 || err != nil {
			t.Errorf("again: %d, %v", n, err)
		}
	})
}
