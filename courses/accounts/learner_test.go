package accounts_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"tsunagari/courses/accounts"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

// learner is somebody who registered, with the card as it was last shown.
type learner struct {
	*accounts.Account
	secret  string // of the session
	session string // id
	card    *accounts.Shown
}

func registration() accounts.Registration {
	return accounts.Registration{
		Operation: uuid.NewString(), FamilyName: "北見", GivenName: "花子", FamilyKana: "きたみ", GivenKana: "はなこ",
		Residence: "012084", AgeBand: "70", Consent: "yes",
	}
}

// learner registers somebody as in with a card that was kept.
func (s *site) learner(in accounts.Registration) *learner {
	s.t.Helper()
	secret, err := s.Register(ctx, "", in, "Androidのスマホ")
	s.must(err)
	signed, err := s.BySession(ctx, secret)
	s.must(err)
	l := &learner{secret: secret, session: signed.ID}
	l.card, err = s.ShowCard(ctx, signed.AccountID, signed.ID)
	s.must(err)
	s.must(s.KeepCard(ctx, signed.AccountID, signed.ID))
	l.Account, err = s.Account(ctx, signed.AccountID)
	s.must(err)
	return l
}

func (l *learner) words() string { return strings.Join(l.card.Words, " ") }

// whose is the account of a session's secret, "" for none.
func (s *site) whose(secret string) string {
	s.t.Helper()
	signed, err := s.BySession(ctx, secret)
	if errors.Is(err, storage.ErrNotFound) {
		return ""
	}
	s.must(err)
	return signed.AccountID
}

// staff is the access of somebody with a post of the role.
func (s *site) staff(role accounts.Role, municipalities ...string) accounts.Access {
	s.t.Helper()
	post, err := s.AddPost(ctx, s.admin, accounts.PostInput{
		Name: role.Label() + uuid.NewString(), Role: role, Municipalities: municipalities, OfficeEmail: "office@example.jp",
	})
	s.must(err)
	account := uuid.NewString()
	s.must(s.db.Tx(ctx, func(tx *gorm.DB) error {
		now := tx.NowFunc()
		err := tx.Create(&accounts.Account{ID: account, State: accounts.Active, FamilyName: "職員", Version: 1, CreatedAt: now, SeenAt: now}).Error
		if err != nil {
			return err
		}
		return tx.Exec("INSERT INTO members (id, post_id, account_id, began_at) VALUES (?, ?, ?, ?)", uuid.NewString(), post.ID, account, now).Error
	}))
	access, err := accounts.AccessOf(s.db.Read(ctx), account)
	s.must(err)
	return access
}

func TestRegisterFillsTheGuest(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		registered := ""
		s.OnRegistered(func(_ *gorm.DB, id string) error { registered = id; return nil })
		before, guest, err := s.Guest(ctx, "スマホ")
		s.must(err)
		in := registration()
		in.FamilyName, in.GivenName, in.FamilyKana, in.GivenKana = " 神田　", "𠮷子", "カンダ", "ﾖｼｺ"
		secret, err := s.Register(ctx, guest, in, "スマホ")
		s.must(err)
		if s.whose(secret) != guest || registered != guest || s.whose(before) != "" || secret == before {
			t.Error("registering does not fill the guest's account, or keeps the guest's session")
		}
		a, err := s.Account(ctx, guest)
		s.must(err)
		if a.State != accounts.Active || a.Name() != "神田 𠮷子" || a.Kana() != "かんだ よしこ" || a.Municipality != "012084" ||
			a.Prefecture != "01" || a.AgeBand != "70" || a.RegisteredAt == nil {
			t.Errorf("%+v", a)
		}
		if _, ok := accounts.ReadNumber(a.Number); !ok {
			t.Errorf("number %q", a.Number)
		}
		if _, err := s.Register(ctx, guest, registration(), ""); !errors.Is(err, accounts.ErrRegistered) {
			t.Errorf("a second registration: %v", err)
		}
	})
}

func TestRegisterAgainWithTheSameOperation(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		_, guest, err := s.Guest(ctx, "")
		s.must(err)
		in := registration()
		for range 2 {
			secret, err := s.Register(ctx, guest, in, "")
			s.must(err)
			if s.whose(secret) != guest {
				t.Error("a repeat leads elsewhere")
			}
		}
		in.GivenName = "太郎"
		_, err = s.Register(ctx, guest, in, "")
		s.is(err, storage.ErrOperationReused)
	})
}

// After erasing, nothing is left on which a name could be tried.
func TestErasingTakesTheReceiptOfRegistering(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		l := s.learner(registration())
		s.must(s.Erase(ctx, l.ID, ""))
		var receipts int64
		s.must(db.Read(ctx).Raw("SELECT COUNT(*) FROM receipts WHERE kind = 'register'").Scan(&receipts).Error)
		if receipts != 0 || s.whose(l.secret) != "" {
			t.Errorf("%d receipts", receipts)
		}
		_, err := s.SignInCard(ctx, l.Number, l.words(), "1.2.3.4", accounts.Visit{})
		s.is(err, accounts.ErrWrongCard)
		_, err = s.SignInToken(ctx, l.card.Token, accounts.Visit{})
		s.is(err, accounts.ErrOldCard)
	})
}

func TestRegisterWithoutAGuest(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		a, b := s.learner(registration()), s.learner(registration())
		if a.ID == b.ID || a.Number == b.Number {
			t.Error("two people are one")
		}
	})
}

func TestWhatARegistrationRefuses(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		for field, spoil := range map[string]func(*accounts.Registration){
			"family_name":  func(r *accounts.Registration) { r.FamilyName = " 　" },
			"given_name":   func(r *accounts.Registration) { r.GivenName = "花\n子" },
			"family_kana":  func(r *accounts.Registration) { r.FamilyKana = "北見" },
			"given_kana":   func(r *accounts.Registration) { r.GivenKana = "Hanako" },
			"printed_name": func(r *accounts.Registration) { r.PrintedName = "北見\u202e花子" },
			"residence":    func(r *accounts.Registration) { r.Residence = "012085" },
			"age_band":     func(r *accounts.Registration) { r.AgeBand = "65" },
			"consent":      func(r *accounts.Registration) { r.Consent = "" },
			"operation":    func(r *accounts.Registration) { r.Operation = "1" },
		} {
			in := registration()
			spoil(&in)
			if _, err := s.Register(ctx, "", in, ""); !invalid(err, field) {
				t.Errorf("%s: %v", field, err)
			}
		}
		in := registration()
		in.FamilyName = strings.Repeat("長", 41)
		if _, err := s.Register(ctx, "", in, ""); !invalid(err, "family_name") {
			t.Errorf("too long: %v", err)
		}
		in = registration()
		in.Residence = "p48"
		if _, err := s.Register(ctx, "", in, ""); !invalid(err, "residence") {
			t.Errorf("a 48th prefecture: %v", err)
		}
		in.Residence = "p01" // home
		_, err := s.Register(ctx, "", in, "")
		s.is(err, accounts.ErrHomePrefecture)
	})
}

// What somebody's name is made of is kept to the letter: U+FA19 is not 神.
func TestNamesStayAsTyped(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		for _, name := range []string{"\ufa19", "葛\U000e0100", "か\u3099", "𠮷", "Ｓｍｉｔｈ"} {
			in := registration()
			in.FamilyName = name
			if l := s.learner(in); l.FamilyName != name {
				t.Errorf("%+q became %+q", name, l.FamilyName)
			}
		}
	})
}

func TestWhatCannotBePrintedIsSaidWhenTyped(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		unprintable := errors.New("鿃")
		a := accounts.New(db, accounts.Options{Printable: func(s string) error {
			if strings.Contains(s, "鿃") {
				return unprintable
			}
			return nil
		}})
		in := registration()
		in.GivenName = "鿃子"
		_, err := a.Register(ctx, "", in, "")
		var name *accounts.NameError
		if !errors.As(err, &name) || name.Field != "given_name" || !errors.Is(err, unprintable) {
			t.Errorf("%v", err)
		}
	})
}

// Who has one name only says so, lest somebody forget half of theirs.
func TestOneName(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		in := registration()
		in.FamilyName, in.FamilyKana, in.GivenName, in.GivenKana, in.OneName = "スカルノ", "スカルノ", " ", "　", "yes"
		l := s.learner(in)
		signed, err := s.BySession(ctx, l.secret)
		s.must(err)
		found, _, err := s.Find(ctx, s.admin, accounts.Query{Kana: "すか"})
		s.must(err)
		if l.Name() != "スカルノ" || l.Kana() != "すかるの" || l.OnPaper() != "スカルノ" || signed.Name() != "スカルノ" ||
			len(found) != 1 || found[0].Name() != "スカルノ" || found[0].Kana() != "すかるの" {
			t.Errorf("%+v, found %+v", l.Account, found)
		}
		for field, spoil := range map[string]func(*accounts.Registration){
			"given_name": func(r *accounts.Registration) { r.GivenName = "花子" },
			"given_kana": func(r *accounts.Registration) { r.GivenKana = "はなこ" },
		} {
			in := in
			spoil(&in)
			if _, err := s.Register(ctx, "", in, ""); !invalid(err, field) {
				t.Errorf("one name, and a %s: %v", field, err)
			}
			in = registration()
			in.GivenName, in.GivenKana = "", ""
			spoil(&in)
			if _, err := s.Register(ctx, "", in, ""); err == nil || invalid(err, field) {
				t.Errorf("half a name, with a %s: %v", field, err)
			}
		}
		rename := func(n accounts.Names) error {
			return db.Tx(ctx, func(tx *gorm.DB) error { return s.Rename(tx, l.ID, n, s.admin.AccountID, "改名") })
		}
		if err := rename(accounts.Names{Family: "スカルノ", FamilyKana: "すかるの", GivenKana: "はなこ"}); !invalid(err, "given_kana") {
			t.Errorf("ふりがな of no name: %v", err)
		}
		if err := rename(accounts.Names{Family: "スカルノ", FamilyKana: "すかるの", Given: "花子"}); !invalid(err, "given_kana") {
			t.Errorf("a name without ふりがな: %v", err)
		}
		s.must(rename(accounts.Names{Family: "スハルト", FamilyKana: "すはると"}))
	})
}

// Staff type it in alike, and may have one name themselves.
func TestOneNameTypedByStaff(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		typed := accounts.Typed{FamilyName: "スカルノ", FamilyKana: "すかるの", Residence: "012084", OneName: "yes"}
		s.must(s.Check(ctx, typed))
		typed.OneName = ""
		if err := s.Check(ctx, typed); err == nil {
			t.Error("half a name is checked")
		}
		s.is(s.Check(ctx, accounts.Typed{FamilyName: "スカルノ", FamilyKana: "すかるの", Residence: "p01", OneName: "yes"}), accounts.ErrHomePrefecture)

		post, err := s.AddPost(ctx, s.admin, accounts.PostInput{Name: "係", Role: accounts.Admin, OfficeEmail: "office@example.jp"})
		s.must(err)
		token, err := s.Invite(ctx, s.admin, post.ID, accounts.Invitee{}, link)
		s.must(err)
		_, err = s.Accept(ctx, token, accounts.Acceptance{FamilyName: "スカルノ", Email: "one@example.jp", Password: goodPassword}, "")
		s.must(err)
		view, err := s.Post(ctx, s.admin, post.ID)
		s.must(err)
		if len(view.Members) != 1 || view.Members[0].Name != "スカルノ" {
			t.Errorf("%+v", view.Members)
		}
	})
}
