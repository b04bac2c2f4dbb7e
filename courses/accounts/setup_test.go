package accounts_test

import (
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-playground/validator/v10"
	"gorm.io/gorm"

	"tsunagari/courses/accounts"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

var operator = accounts.Operator{
	Name: "オホーツクつながり協議会", Address: "北海道網走市北7条西3丁目", Phone: "0152-00-0000",
	Hours: "平日 9時から17時", Prefecture: "01", Bureau: "オホーツク総合振興局",
}

const goodPassword = "みずうみの はくちょう 七羽"

var firstAdmin = accounts.FirstAdmin{
	FamilyName: "管理", GivenName: "花子", Email: "Admin@example.jp", OfficeEmail: "office@example.jp", Password: goodPassword,
}

// site is accounts with an operator and an administrator.
type site struct {
	*accounts.Accounts
	t     *testing.T
	db    *storage.DB
	clock *storagetest.Hand
	admin accounts.Access
}

func newSite(t *testing.T, db *storage.DB) *site {
	t.Helper()
	s := &site{Accounts: accounts.New(db, accounts.Options{}), t: t, db: db, clock: storagetest.Clock(db)}
	token, err := s.SetupToken(ctx)
	s.must(err)
	session, err := s.Setup(ctx, token, operator, firstAdmin, "test")
	s.must(err)
	s.admin = s.access(session)
	return s
}

func (s *site) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *site) is(err, want error) {
	s.t.Helper()
	if !errors.Is(err, want) {
		s.t.Errorf("error %v, not %v", err, want)
	}
}

// access is what a session may.
func (s *site) access(session string) accounts.Access {
	s.t.Helper()
	signed, err := s.BySession(ctx, session)
	s.must(err)
	return signed.Access
}

// acts are the acts in the record, the newest first.
func (s *site) acts() (list []string) {
	s.t.Helper()
	entries, _, err := s.AuditLog(ctx, accounts.AuditQuery{})
	s.must(err)
	for _, e := range entries {
		list = append(list, e.Act)
	}
	return list
}

func invalid(err error, field string) bool {
	var v validator.ValidationErrors
	return errors.As(err, &v) && len(v) == 1 && v[0].Field() == field
}

func TestSetup(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		a := accounts.New(db, accounts.Options{})
		var issuer string
		a.OnSetUp(func(tx *gorm.DB, o accounts.Operator, by string) error { issuer = o.Name + " " + by; return nil })
		if o, err := a.Operator(ctx); err != nil || o.SetUp() {
			t.Fatalf("before: %+v %v", o, err)
		}
		earlier, err := a.SetupToken(ctx)
		if err != nil {
			t.Fatal(err)
		}
		token, err := a.SetupToken(ctx)
		if err != nil || len(token) < 40 || token == earlier {
			t.Fatalf("token %q %v", token, err)
		}
		for _, link := range []string{earlier, token} {
			if err := a.SetupOpen(ctx, link); err != nil {
				t.Errorf("a link of one of two instances: %v", err)
			}
		}
		for _, bad := range []string{"", " ", "x", token + "x", strings.ToUpper(token)} {
			if _, err := a.Setup(ctx, bad, operator, firstAdmin, ""); !errors.Is(err, accounts.ErrSetupToken) {
				t.Errorf("link %q: %v", bad, err)
			}
		}
		session, err := a.Setup(ctx, token, operator, firstAdmin, "パソコン")
		if err != nil {
			t.Fatal(err)
		}
		signed, err := a.BySession(ctx, session)
		if err != nil || !signed.Access.Role(accounts.Admin) || signed.Kind != accounts.StaffSession || issuer != operator.Name+" "+signed.AccountID {
			t.Errorf("the first administrator: %+v %v %q", signed, err, issuer)
		}
		o, err := a.Operator(ctx)
		if err != nil || o.Name != operator.Name || o.Area != "オホーツク管内" || len(o.Municipalities()) != 18 {
			t.Errorf("the operator: %+v %v", o, err)
		}
		if _, err := a.SetupToken(ctx); !errors.Is(err, accounts.ErrSetUp) {
			t.Errorf("a link for a site that is set up: %v", err)
		}
		if _, err := a.Setup(ctx, earlier, operator, firstAdmin, ""); !errors.Is(err, accounts.ErrSetUp) {
			t.Errorf("the other link: %v", err)
		}
	})
}

func TestSetupRefuses(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		a := accounts.New(db, accounts.Options{})
		token, err := a.SetupToken(ctx)
		if err != nil {
			t.Fatal(err)
		}
		setup := func(o func(*accounts.Operator), f func(*accounts.FirstAdmin)) error {
			operator, admin := operator, firstAdmin
			o(&operator)
			f(&admin)
			_, err := a.Setup(ctx, token, operator, admin, "")
			return err
		}
		same, sameAdmin := func(*accounts.Operator) {}, func(*accounts.FirstAdmin) {}
		for field, fn := range map[string]func(*accounts.Operator){
			"name":       func(o *accounts.Operator) { o.Name = " " },
			"address":    func(o *accounts.Operator) { o.Address = "" },
			"phone":      func(o *accounts.Operator) { o.Phone = "なし" },
			"hours":      func(o *accounts.Operator) { o.Hours = "平日\n9時" },
			"prefecture": func(o *accounts.Operator) { o.Prefecture = "48" },
		} {
			if err := setup(fn, sameAdmin); !invalid(err, field) {
				t.Errorf("%s: %v", field, err)
			}
		}
		for field, fn := range map[string]func(*accounts.FirstAdmin){
			"family_name":  func(f *accounts.FirstAdmin) { f.FamilyName = "" },
			"email":        func(f *accounts.FirstAdmin) { f.Email = "admin" },
			"office_email": func(f *accounts.FirstAdmin) { f.OfficeEmail = "office" },
			"password":     func(f *accounts.FirstAdmin) { f.Password = "" },
		} {
			if err := setup(same, fn); !invalid(err, field) {
				t.Errorf("%s: %v", field, err)
			}
		}
		for _, bureau := range []func(*accounts.Operator){
			func(o *accounts.Operator) { o.Bureau = "オホーツク" },
			func(o *accounts.Operator) { o.Prefecture = "02" },
		} {
			if err := setup(bureau, sameAdmin); !errors.Is(err, accounts.ErrBureau) {
				t.Errorf("bureau: %v", err)
			}
		}
		if err := setup(same, func(f *accounts.FirstAdmin) { f.Password = "password1234" }); !errors.Is(err, accounts.ErrWeakPassword) {
			t.Errorf("weak password: %v", err)
		}
		everything := setup(func(o *accounts.Operator) { o.Name, o.Bureau = "", "東京" }, func(f *accounts.FirstAdmin) { f.Email, f.Password = "admin", "みじかい" })
		for _, wrong := range []string{"'name'", "'email'", accounts.ErrBureau.Error(), accounts.ErrWeakPassword.Error()} {
			if everything == nil || !strings.Contains(everything.Error(), wrong) {
				t.Errorf("all at once: %v, without %s", everything, wrong)
			}
		}
		if err := setup(same, sameAdmin); err != nil {
			t.Errorf("after all that was wrong: %v", err)
		}
	})
}

func TestSetupOnceWhenSentTogether(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		a := accounts.New(db, accounts.Options{})
		token, err := a.SetupToken(ctx)
		if err != nil {
			t.Fatal(err)
		}
		var done atomic.Int32
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				switch _, err := a.Setup(ctx, token, operator, firstAdmin, ""); {
				case err == nil:
					done.Add(1)
				case !errors.Is(err, accounts.ErrSetUp):
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if done.Load() != 1 {
			t.Errorf("set up %d times", done.Load())
		}
	})
}

// Instances that start together each print a link that works.
func TestSetupTokensMadeTogether(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		a := accounts.New(db, accounts.Options{})
		tokens := make([]string, 4)
		var wg sync.WaitGroup
		for i := range tokens {
			wg.Go(func() {
				var err error
				if tokens[i], err = a.SetupToken(ctx); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		for _, token := range tokens {
			if err := a.SetupOpen(ctx, token); err != nil {
				t.Error(err)
			}
		}
	})
}

func TestSetOperator(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		other := accounts.New(db, accounts.Options{}) // another instance
		before, err := other.Operator(ctx)
		s.must(err)
		in := before
		in.Phone, in.Bureau, in.Area = "0152-11-1111", "", ""
		s.is(s.SetOperator(ctx, accounts.Access{AccountID: "x"}, in), storage.ErrNotFound)
		s.must(s.SetOperator(ctx, s.admin, in))
		s.is(s.SetOperator(ctx, s.admin, in), storage.ErrConflict)
		if o, err := s.Operator(ctx); err != nil || o.Phone != in.Phone || o.Area != "北海道" || len(o.Municipalities()) != 179 {
			t.Errorf("changed: %+v %v", o, err)
		}
		s.clock.Add(15 * time.Second)
		if o, err := other.Operator(ctx); err != nil || o.Phone != in.Phone {
			t.Errorf("another instance still says %+v %v", o, err)
		}
		if acts := s.acts(); acts[0] != "operator.set" || acts[1] != "setup" {
			t.Errorf("the record says %v", acts)
		}
	})
}
