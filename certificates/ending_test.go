package certificates_test

import (
	"errors"
	"testing"
	"time"

	"github.com/go-playground/validator/v10"
	"gorm.io/gorm"

	"tsunagari/certificates"
	"tsunagari/certificates/paper"
	"tsunagari/courses/accounts"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

var right = certificates.Name{Family: "高崎", Given: "吉子", FamilyKana: "たかさき", GivenKana: "よしこ"}

func TestReissueChain(t *testing.T) {
	run(t, func(t *testing.T, w *office) {
		clock := storagetest.Clock(w.db)
		a := w.person("髙﨑", "𠮷子")
		first := w.certificate(a, "2026-11-23")
		clock.Set(time.Date(2027, 4, 5, 0, 0, 0, 0, time.UTC))
		w.must(w.Correct(ctx, admin, a.ID, right, "戸籍の字に直した"))
		second := w.newest(a)
		again := right
		again.OwnForm = "高﨑　吉子"
		w.must(w.Correct(ctx, admin, a.ID, again, "また直した"))
		third := w.newest(a)
		if third.Number != "R8-001-0003" || third.Printed.Name != "高﨑　吉子" || third.Printed.ReissuedOn != "2027-04-05" ||
			third.Printed.CompletedOn != "2026-11-23" || third.Printed.IssuedOn != "2026-11-23" || third.Printed.Issuer != first.Printed.Issuer {
			t.Errorf("%+v", third.Printed)
		}
		if *third.Code == *first.Code || third.SHA256 == first.SHA256 {
			t.Error("the code stayed")
		}
		for number, want := range map[string]certificates.Verified{
			first.Number:  {State: certificates.Replaced, ReplacedBy: second.Number},
			second.Number: {State: certificates.Replaced, ReplacedBy: third.Number},
			third.Number:  {State: certificates.Issued},
		} {
			want.Number, want.Course, want.Month, want.Issuer = number, "小さな講座supporter", "2026-11", "つながり推進協議会"
			if got, err := w.ByNumber(ctx, "第"+number+"号"); err != nil || *got != want {
				t.Errorf("%+v, not %+v: %v", got, want, err)
			}
		}
		_, err := w.Reissue(ctx, admin, first.ID, "もう一度")
		w.wants(err, certificates.ErrNotValid)
		_, err = w.Reissue(ctx, admin, third.ID, "同じ")
		w.wants(err, certificates.ErrSameName)
		w.must(w.Correct(ctx, admin, a.ID, again, "同じ")) // changes nothing
		w.wants(w.Correct(ctx, admin, a.ID, again, ""), certificates.ErrNoReason)
		w.wants(w.Correct(ctx, w.desk("012246"), a.ID, again, "別の町"), storage.ErrNotFound)
		again.Family = "⼭田"
		var invalid validator.ValidationErrors
		if err := w.Correct(ctx, admin, a.ID, again, "部首"); !errors.As(err, &invalid) || invalid[0].Field() != "family_name" || invalid[0].Tag() != "printable" {
			t.Errorf("%v", err)
		}
		w.rename(a, "⼭田")
		_, err = w.Reissue(ctx, admin, third.ID, "部首")
		var unprintable *paper.UnprintableError
		if !errors.As(err, &unprintable) || unprintable.Char != '⼭' {
			t.Errorf("%v", err)
		}
		w.rename(a, "山田")
		_, err = w.Reissue(ctx, admin, third.ID, "")
		w.wants(err, certificates.ErrNoReason)
		if got := w.certificate(w.person("山田", "花子"), "2026-11-23"); got.Serial != 4 {
			t.Errorf("what failed took a number: %d", got.Serial)
		}
	})
}

// Who has one name only has it everywhere without a space.
func TestOneName(t *testing.T) {
	run(t, func(t *testing.T, w *office) {
		a := w.person("髙﨑", "𠮷子")
		w.certificate(a, "2026-11-23")
		one := certificates.Name{Family: "スカルノ", FamilyKana: "すかるの"}
		for _, half := range []certificates.Name{
			{Family: "スカルノ", FamilyKana: "すかるの", GivenKana: "よしこ"}, {Family: "スカルノ", FamilyKana: "すかるの", Given: "吉子"},
		} {
			var invalid validator.ValidationErrors
			if err := w.Ask(ctx, a.ID, certificates.AskCorrection{Name: half}); !errors.As(err, &invalid) || invalid[0].Field() != "given_kana" {
				t.Errorf("%+v: %v", half, err)
			}
		}
		w.must(w.Ask(ctx, a.ID, certificates.AskCorrection{Name: one}))
		asked, err := w.OpenCorrections(ctx, admin)
		w.must(err)
		if asked[0].Name() != "スカルノ" || asked[0].Kana() != "すかるの" || asked[0].Wanted() != one {
			t.Errorf("%+v", asked[0])
		}
		w.must(w.Decide(ctx, admin, asked[0].ID, true, "改名"))
		if p := w.newest(a).Printed; p.Name != "スカルノ" || p.Kana != "すかるの" {
			t.Errorf("printed %q %q", p.Name, p.Kana)
		}
	})
}

// rename gives an account another printed name, as if it had been typed like that.
func (w *office) rename(a *accounts.Account, name string) {
	w.t.Helper()
	w.must(w.db.Tx(ctx, func(tx *gorm.DB) error { return tx.Model(a).Update("printed_name", name).Error }))
}

func TestReissueTappedTwiceReplacesOnce(t *testing.T) {
	run(t, func(t *testing.T, w *office) {
		a := w.person("髙﨑", "𠮷子")
		cert := w.certificate(a, "2026-11-23")
		w.rename(a, "高崎　吉子")
		errs := make(chan error)
		for range 5 {
			go func() { _, err := w.Reissue(ctx, admin, cert.ID, "字"); errs <- err }()
		}
		worked := 0
		for range 5 {
			switch err := <-errs; {
			case err == nil:
				worked++
			case !errors.Is(err, certificates.ErrNotValid):
				t.Error(err)
			}
		}
		if worked != 1 {
			t.Errorf("replaced %d times", worked)
		}
	})
}

func TestRevoke(t *testing.T) {
	run(t, func(t *testing.T, w *office) {
		a := w.person("山田", "花子")
		cert := w.certificate(a, "2026-11-23")
		elsewhere := w.desk("012246")
		w.wants(w.Revoke(ctx, elsewhere, cert.ID, "別の町"), storage.ErrNotFound)
		w.wants(w.Revoke(ctx, accounts.Access{AccountID: "nobody"}, cert.ID, "どこでもない"), storage.ErrNotFound)
		here := w.desk("012190 " + kitami)
		w.wants(w.Revoke(ctx, here, cert.ID, ""), certificates.ErrNoReason)
		w.must(w.Revoke(ctx, here, cert.ID, "別の人の修了でした"))
		w.wants(w.Revoke(ctx, here, cert.ID, "もう一度"), certificates.ErrNotValid)
		got, printed, err := w.ByCode(ctx, *cert.Code)
		if err != nil || got.State != certificates.Revoked || printed.Name != "山田　花子" {
			t.Errorf("%+v %+v %v", got, printed, err)
		}
		if again := w.newest(a); again.Reason != "別の人の修了でした" || again.EndedAt == nil {
			t.Errorf("%+v", again)
		}
		var acts []string
		w.must(w.db.Read(ctx).Raw("SELECT act || ' ' || actor_id || ' ' || why FROM audit").Scan(&acts).Error)
		if len(acts) != 1 || acts[0] != "certificate.revoke "+here.AccountID+" 別の人の修了でした" {
			t.Errorf("noted %q", acts)
		}
	})
}

func TestWithdraw(t *testing.T) {
	run(t, func(t *testing.T, w *office) {
		done := w.completion(w.person("山田", "花子"), "2026-11-23")
		w.must(w.complete(done))
		w.must(w.db.Tx(ctx, func(tx *gorm.DB) error { return w.Withdraw(tx, done.ID, "trainer", "採点のやり直し") }))
		if got, err := w.ByNumber(ctx, "R8-001-0001"); err != nil || got.State != certificates.Revoked {
			t.Errorf("%+v %v", got, err)
		}
		w.must(w.db.Tx(ctx, func(tx *gorm.DB) error { return w.Withdraw(tx, done.ID, "trainer", "もう一度") }))
	})
}

func TestVerifyUnknown(t *testing.T) {
	run(t, func(t *testing.T, w *office) {
		for _, typed := range []string{"", "R8-001-0001", "第R8-001-0001号", "でたらめ", "' OR 1=1 --"} {
			if got, err := w.ByNumber(ctx, typed); err != nil || got.State != certificates.None || got.Issuer != "" {
				t.Errorf("%q: %+v %v", typed, got, err)
			}
			if got, printed, err := w.ByCode(ctx, typed); err != nil || got.State != certificates.None || printed != nil {
				t.Errorf("code %q: %+v %v", typed, got, err)
			}
		}
	})
}

func TestCorrection(t *testing.T) {
	run(t, func(t *testing.T, w *office) {
		a := w.person("髙﨑", "𠮷子")
		first := w.certificate(a, "2026-11-23")
		wrong := right
		wrong.Given = "吉男"
		w.must(w.Ask(ctx, a.ID, certificates.AskCorrection{Name: wrong, Note: "まちがえました"}))
		w.must(w.Ask(ctx, a.ID, certificates.AskCorrection{Name: right, Note: "こちらです"}))
		here, elsewhere := w.desk(kitami), w.desk("012246")
		if list, err := w.OpenCorrections(ctx, elsewhere); err != nil || len(list) != 0 {
			t.Errorf("another town sees %v, %v", list, err)
		}
		open, err := w.OpenCorrections(ctx, here)
		if err != nil || len(open) != 1 || open[0].Note != "こちらです" || open[0].GivenName != "吉子" {
			t.Fatalf("%v %v", open, err)
		}
		w.wants(w.Decide(ctx, elsewhere, open[0].ID, true, "別の町"), storage.ErrNotFound)
		w.wants(w.Decide(ctx, here, open[0].ID, true, ""), certificates.ErrNoReason)
		w.must(w.Decide(ctx, here, open[0].ID, true, "本人確認書類で確認"))
		w.wants(w.Decide(ctx, here, open[0].ID, false, "もう一度"), certificates.ErrDecided)
		if got := w.newest(a); got.Printed.Name != "高崎　吉子" || got.Number != "R8-001-0002" {
			t.Errorf("%+v", got)
		}
		if a, err := accounts.Load(w.db.Read(ctx), a.ID); err != nil || a.Name() != "高崎 吉子" {
			t.Errorf("the account is %+v, %v", a, err)
		}
		if got, err := w.ByNumber(ctx, first.Number); err != nil || got.ReplacedBy != "R8-001-0002" {
			t.Errorf("%+v %v", got, err)
		}
		w.must(w.Ask(ctx, a.ID, certificates.AskCorrection{Name: wrong}))
		open, err = w.OpenCorrections(ctx, here)
		w.must(err)
		w.must(w.Decide(ctx, here, open[0].ID, false, "書類と違います"))
		list, err := w.Corrections(ctx, a.ID)
		if err != nil || len(list) != 2 || w.newest(a).Number != "R8-001-0002" {
			t.Errorf("%v %v", list, err)
		}
		wrong.FamilyKana = "高崎"
		var invalid validator.ValidationErrors
		if err := w.Ask(ctx, a.ID, certificates.AskCorrection{Name: wrong}); !errors.As(err, &invalid) || invalid[0].Tag() != "kana" {
			t.Errorf("%v", err)
		}
		w.wants(w.Ask(ctx, "nobody", certificates.AskCorrection{Name: right}), gorm.ErrForeignKeyViolated)
	})
}

func TestEraseKeepsWhatWasSaid(t *testing.T) {
	for years, until := range map[int]string{0: "", 10: "2037-03-31", certificates.Forever: "9999-12-31"} {
		run(t, func(t *testing.T, w *office) {
			issuers, err := w.Issuers(ctx)
			w.must(err)
			op := issuers[0]
			w.must(w.SetIssuer(ctx, admin, op.ID, certificates.IssuerSettings{Name: op.Name, RegisterYears: years, Version: op.Version}))
			w.wants(w.SetIssuer(ctx, admin, op.ID, certificates.IssuerSettings{Name: op.Name, Version: op.Version}), certificates.ErrStale)
			a := w.person("髙﨑", "𠮷子")
			first := w.certificate(a, "2026-11-23")
			w.rename(a, "高崎　吉子")
			second, err := w.Reissue(ctx, admin, first.ID, "字")
			w.must(err)
			w.must(w.Ask(ctx, a.ID, certificates.AskCorrection{Name: right}))
			w.must(w.db.Tx(ctx, func(tx *gorm.DB) error {
				keeps, err := w.Keeps(tx, a.ID)
				if err != nil || len(keeps) != 2 || keeps[0] != (certificates.Keeping{Number: second.Number, Issuer: op.Name, Until: until}) {
					t.Errorf("%v %v", keeps, err)
				}
				return errors.Join(err, w.Erase(tx, a.ID))
			}))
			erased(t, w, a, second)
			registered(t, w, op.ID, until != "")
			clock := storagetest.Clock(w.db)
			clock.Set(time.Date(2037, 3, 31, 16, 0, 0, 0, time.UTC)) // 1 April 2037 in Japan
			registered(t, w, op.ID, years == certificates.Forever)
			_, err = w.ForgetRegister(ctx)
			w.must(err)
			clock.Set(time.Date(2036, 1, 1, 0, 0, 0, 0, time.UTC)) // also with the clock turned back
			registered(t, w, op.ID, years == certificates.Forever)
		})
	}
}

// erased says that nothing but number, state and hash is left of a certificate.
func erased(t *testing.T, w *office, a *accounts.Account, cert *certificates.Certificate) {
	t.Helper()
	v, err := w.ByNumber(ctx, cert.Number)
	if err != nil || v.State != certificates.Issued || v.Course == "" {
		t.Errorf("the verification says %+v, %v", v, err)
	}
	if got, _, err := w.ByCode(ctx, *cert.Code); err != nil || got.State != certificates.None {
		t.Errorf("the code still opens %+v, %v", got, err)
	}
	var left certificates.Certificate
	w.must(w.db.Read(ctx).Where("id = ?", cert.ID).Take(&left).Error)
	if left.AccountID != nil || left.Code != nil || left.Printed.Name != "" || left.Printed.Kana != "" || left.SHA256 != cert.SHA256 {
		t.Errorf("left: %+v", left)
	}
	_, err = w.PDF(ctx, &left, certificates.A4, nil)
	w.wants(err, certificates.ErrErased)
	var n int64
	w.must(w.db.Read(ctx).Model(&certificates.Correction{}).Where("account_id = ?", a.ID).Count(&n).Error)
	if n != 0 {
		t.Error("a request for a correction was left")
	}
}

func registered(t *testing.T, w *office, issuer string, named bool) {
	t.Helper()
	list, err := w.Register(ctx, admin, issuer, 2026)
	w.must(err)
	if len(list) != 2 || (list[0].Name == "髙﨑　𠮷子" && list[1].Name == "高崎　吉子" && list[1].Kana == "たかさき　よしこ") != named {
		t.Errorf("named should be %v: %+v", named, list)
	}
}

func TestExport(t *testing.T) {
	run(t, func(t *testing.T, w *office) {
		a := w.person("髙﨑", "𠮷子")
		cert := w.certificate(a, "2026-11-23")
		w.certificate(w.person("山田", "花子"), "2026-11-23")
		w.must(w.Ask(ctx, a.ID, certificates.AskCorrection{Name: right}))
		w.must(w.db.Tx(ctx, func(tx *gorm.DB) error {
			held, err := w.Export(tx, a.ID)
			if err != nil || len(held.Certificates) != 1 || held.Certificates[0].Printed != cert.Printed || len(held.Corrections) != 1 || len(held.Waits) != 0 {
				t.Errorf("%+v %v", held, err)
			}
			return err
		}))
	})
}
