package certificates_test

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/png"
	"slices"
	"testing"

	"github.com/go-playground/validator/v10"
	"gorm.io/gorm"

	"tsunagari/certificates"
	"tsunagari/courses/accounts"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

func (w *office) issuer(in certificates.NewIssuer, profiles ...certificates.NewProfile) *certificates.Issuer {
	w.t.Helper()
	i, err := w.AddIssuer(ctx, admin, in)
	w.must(err)
	for _, p := range profiles {
		_, err := w.AddProfile(ctx, admin, i.ID, p)
		w.must(err)
	}
	return i
}

// mayor is the profile of a town signed by its mayor.
func mayor(person, from, until string) certificates.NewProfile {
	return certificates.NewProfile{
		FromOn: from, UntilOn: until, Name: "北見市", Office: "北見市長", Person: person,
		ApprovedOn: "2026-03-01", Document: "北社第12号", ApprovedBy: "総務課長",
		Seal: certificates.SealOmitted, Idiom: certificates.Administrative,
	}
}

func plain(name string) certificates.NewProfile {
	return certificates.NewProfile{Name: name, Seal: certificates.NoSeal, Idiom: certificates.Friendly}
}

func TestWhoIssues(t *testing.T) {
	hosts := map[string][2]string{"approved": {"", "福祉の会"}, "unapproved": {"", "ある会"}, "chitose": {"012246", "ある会"}}
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		w := newOffice(t, db, certificates.Options{Host: func(_ *gorm.DB, class string) (string, string, error) {
			return hosts[class][0], hosts[class][1], nil
		}})
		w.must(db.Tx(ctx, func(tx *gorm.DB) error { return w.SetUp(tx, "協議会", "admin") }))
		approved := plain("福祉の会")
		approved.ApprovedOn, approved.ApprovedBy = "2026-03-01", "会長"
		w.issuer(certificates.NewIssuer{Kind: certificates.Host, Name: "福祉の会"}, approved)
		w.issuer(certificates.NewIssuer{Kind: certificates.Host, Name: "ある会"}, plain("ある会"))
		w.issuer(certificates.NewIssuer{Kind: certificates.Municipality, Municipality: kitami, Name: "北見市", OptedIn: true},
			mayor("一代　太郎", "2026-04-01", "2026-10-31"), mayor("二代　花子", "2026-11-01", ""))
		w.issuer(certificates.NewIssuer{Kind: certificates.Municipality, Municipality: "012246", Name: "千歳市"}, plain("千歳市"), mayor("北国　三郎", "2026-11-01", ""))

		for _, tt := range []struct{ on, town, class, number, person string }{
			{"2026-11-23", kitami, "approved", "R8-002-0001", ""},
			{"2026-11-23", kitami, "unapproved", "R8-012084-0001", "二代　花子"},
			{"2026-11-23", kitami, "unknown", "R8-012084-0002", "二代　花子"},
			{"2026-11-23", kitami, "chitose", "R8-012246-0001", "北国　三郎"}, // the town that holds the class, opted in or not
			{"2026-11-23", kitami, "", "R8-012084-0003", "二代　花子"},
			{"2026-11-01", kitami, "", "R8-012084-0004", "二代　花子"},
			{"2026-10-31", kitami, "", "R8-012084-0005", "一代　太郎"},
			{"2026-03-31", kitami, "", "R7-001-0001", ""},   // before any mayor's profile
			{"2026-11-23", "012246", "", "R8-001-0001", ""}, // has not opted in
			{"2026-11-23", "", "", "R8-001-0002", ""},
		} {
			a := w.person("山田", "花子")
			done := w.completion(a, tt.on)
			done.Municipality = tt.town
			if tt.class != "" {
				done.ClassID = &tt.class
			}
			w.must(w.complete(done))
			if got := w.newest(a); got.Number != tt.number || got.Printed.Person != tt.person {
				t.Errorf("%+v has %s by %q", tt, got.Number, got.Printed.Person)
			}
		}
	})
}

func TestMayorIsKeptByWhatWasIssued(t *testing.T) {
	run(t, func(t *testing.T, w *office) {
		town := w.issuer(certificates.NewIssuer{Kind: certificates.Municipality, Municipality: kitami, Name: "北見市", OptedIn: true}, mayor("一代　太郎", "2026-04-01", ""))
		a := w.person("山田", "花子")
		cert := w.certificate(a, "2026-11-23")
		profiles, err := w.Profiles(ctx, town.ID)
		w.must(err)
		w.wants(w.EndProfile(ctx, admin, town.ID, profiles[0].ID, "2026-03-31"), certificates.ErrBackwards)
		w.wants(w.EndProfile(ctx, admin, "another", profiles[0].ID, "2026-11-22"), storage.ErrNotFound)
		w.must(w.EndProfile(ctx, admin, town.ID, profiles[0].ID, "2026-11-22"))
		w.rename(a, "高崎　吉子")
		next, err := w.Reissue(ctx, admin, cert.ID, "字")
		if err != nil || next.Printed.Person != "一代　太郎" || next.Number != "R8-012084-0002" {
			t.Errorf("%+v %v", next, err)
		}
		if got := w.certificate(w.person("佐藤", "次郎"), "2026-11-23"); got.Number != "R8-001-0001" {
			t.Errorf("after the term: %s", got.Number)
		}
	})
}

func TestProfilesNeedTheirApproval(t *testing.T) {
	run(t, func(t *testing.T, w *office) {
		town := w.issuer(certificates.NewIssuer{Kind: certificates.Municipality, Municipality: kitami, Name: "北見市"})
		for name, tt := range map[string]struct {
			change func(*certificates.NewProfile)
			fields []string
		}{
			"nothing":          {func(p *certificates.NewProfile) { *p = certificates.NewProfile{} }, []string{"name", "seal", "idiom"}},
			"mayor unapproved": {func(p *certificates.NewProfile) { p.ApprovedOn, p.Document, p.ApprovedBy = "", "", "" }, []string{"approved_on", "document", "approved_by"}},
			"mayor, no office": {func(p *certificates.NewProfile) { p.Office = "" }, []string{"office"}},
			"seal unapproved":  {func(p *certificates.NewProfile) { p.Seal = certificates.SealPicture }, []string{"seal_approved_on", "seal_document", "seal_approved_by"}},
			"a date":           {func(p *certificates.NewProfile) { p.FromOn = "令和8年4月1日" }, []string{"from_on"}},
			"a character":      {func(p *certificates.NewProfile) { p.Person = "⼭田　太郎" }, []string{"person"}},
			"a seal of ours":   {func(p *certificates.NewProfile) { p.Seal = "made" }, []string{"seal"}},
		} {
			p := mayor("山田　太郎", "2026-04-01", "")
			tt.change(&p)
			_, err := w.AddProfile(ctx, admin, town.ID, p)
			var invalid validator.ValidationErrors
			if !errors.As(err, &invalid) {
				t.Errorf("%s: %v", name, err)
				continue
			}
			var fields []string
			for _, f := range invalid {
				fields = append(fields, f.Field())
			}
			if !slices.Equal(fields, tt.fields) {
				t.Errorf("%s: %v", name, fields)
			}
		}
		_, err := w.AddProfile(ctx, admin, town.ID, mayor("山田　太郎", "2026-04-01", "2026-03-31"))
		w.wants(err, certificates.ErrBackwards)
		_, err = w.AddProfile(ctx, admin, "none", mayor("山田　太郎", "2026-04-01", ""))
		w.wants(err, storage.ErrNotFound)
		for _, picture := range [][]byte{nil, []byte("<svg/>"), stamp(t, 3000), stamp(t, 100)[:60]} {
			_, err = w.AddProfile(ctx, admin, town.ID, sealed(picture))
			w.wants(err, certificates.ErrSealPicture)
		}
		p, err := w.AddProfile(ctx, admin, town.ID, sealed(stamp(t, 100)))
		w.must(err)
		if m, err := w.db.Medium(ctx, *p.SealSHA256); err != nil || m.Type != "image/png" || !bytes.Equal(m.Content, stamp(t, 100)) {
			t.Errorf("the seal is %+v, %v", m, err)
		}
	})
}

func TestIssuersHaveCodesOfTheirOwn(t *testing.T) {
	run(t, func(t *testing.T, w *office) {
		w.issuer(certificates.NewIssuer{Kind: certificates.Host, Name: "社会福祉協議会"})
		w.issuer(certificates.NewIssuer{Kind: certificates.Municipality, Municipality: kitami, Name: "北見市"})
		w.issuer(certificates.NewIssuer{Kind: certificates.Host, Name: "福祉の会"})
		list, err := w.Issuers(ctx)
		w.must(err)
		var codes []string
		for _, i := range list {
			codes = append(codes, i.Code)
		}
		if !slices.Equal(codes, []string{"001", kitami, "002", "003"}) {
			t.Errorf("codes %v", codes)
		}
		_, err = w.AddIssuer(ctx, admin, certificates.NewIssuer{Kind: certificates.Municipality, Municipality: kitami, Name: "北見市"})
		w.wants(err, certificates.ErrIssuerExists)
		_, err = w.AddIssuer(ctx, admin, certificates.NewIssuer{Kind: certificates.Municipality, Municipality: "999999", Name: "ない町"})
		w.wants(err, certificates.ErrNoMunicipality)
		var invalid validator.ValidationErrors
		for _, in := range []certificates.NewIssuer{{}, {Kind: certificates.Municipality, Name: "町"}, {Kind: certificates.Host, Municipality: kitami, Name: "会"}, {Kind: certificates.Host, Name: "会", RegisterYears: -2}} {
			if _, err := w.AddIssuer(ctx, admin, in); !errors.As(err, &invalid) {
				t.Errorf("%+v: %v", in, err)
			}
		}
		w.wants(w.SetIssuer(ctx, admin, "none", certificates.IssuerSettings{Name: "会"}), storage.ErrNotFound)
	})
}

func TestOnlyAnAdministratorChangesIssuers(t *testing.T) {
	run(t, func(t *testing.T, w *office) {
		town := w.issuer(certificates.NewIssuer{Kind: certificates.Municipality, Municipality: kitami, Name: "北見市"}, plain("北見市"))
		profiles, err := w.Profiles(ctx, town.ID)
		w.must(err)
		for _, by := range []accounts.Access{{}, w.desk(kitami)} {
			_, err := w.AddIssuer(ctx, by, certificates.NewIssuer{Kind: certificates.Host, Name: "会"})
			w.wants(err, storage.ErrNotFound)
			w.wants(w.SetIssuer(ctx, by, town.ID, certificates.IssuerSettings{Name: "会", Version: town.Version}), storage.ErrNotFound)
			_, err = w.AddProfile(ctx, by, town.ID, plain("会"))
			w.wants(err, storage.ErrNotFound)
			w.wants(w.EndProfile(ctx, by, town.ID, profiles[0].ID, "2026-11-22"), storage.ErrNotFound)
		}
		if left, err := w.Issuers(ctx); err != nil || len(left) != 2 || left[1].Name != "北見市" || left[1].Version != town.Version {
			t.Errorf("%+v %v", left, err)
		}
		if left, err := w.Profiles(ctx, town.ID); err != nil || len(left) != 1 || left[0].UntilOn != "" {
			t.Errorf("%+v %v", left, err)
		}
	})
}

func TestRegister(t *testing.T) {
	run(t, func(t *testing.T, w *office) {
		town := w.issuer(certificates.NewIssuer{Kind: certificates.Municipality, Municipality: kitami, Name: "北見市", OptedIn: true}, plain("北見市"))
		person := w.person("髙﨑", "𠮷子")
		first := w.certificate(person, "2026-11-22")
		w.rename(person, "高崎　吉子")
		second, err := w.Reissue(ctx, admin, first.ID, "字を直した")
		w.must(err)
		w.must(w.Delivered(ctx, admin, second.ID, certificates.AtDesk))
		w.must(w.Revoke(ctx, admin, second.ID, "人ちがい"))
		w.wants(w.Delivered(ctx, w.desk("012246"), second.ID, certificates.AtDesk), storage.ErrNotFound)
		w.certificate(w.person("山田", "花子"), "2026-03-31")
		desk := w.desk(kitami)
		list, err := w.Register(ctx, desk, town.ID, 2026)
		w.must(err)
		base := certificates.Entry{
			Kana: "たかさき　よしこ", Municipality: "北見市", CompletedOn: "2026-11-22", IssuedOn: "2026-11-23",
			Course: "小さな講座supporter", Revision: 1,
		}
		a, b := base, base
		a.Number, a.Name, a.State, a.Method, a.ReplacedBy, a.Reason = first.Number, "髙﨑　𠮷子", certificates.Replaced, certificates.OnScreen, second.Number, "字を直した"
		b.Number, b.Name, b.State, b.Method, b.ReissuedOn, b.RevokedOn, b.Reason = second.Number, "高崎　吉子", certificates.Revoked, certificates.AtDesk, "2026-11-23", "2026-11-23", "人ちがい"
		if !slices.Equal(list, []certificates.Entry{a, b}) {
			t.Errorf("%+v", list)
		}
		if list, err := w.Register(ctx, admin, town.ID, 0); err != nil || len(list) != 3 {
			t.Errorf("all years: %d, %v", len(list), err)
		}
		_, err = w.Register(ctx, w.desk("012246"), town.ID, 0)
		w.wants(err, storage.ErrNotFound)
		issuers, err := w.Issuers(ctx)
		w.must(err)
		_, err = w.Register(ctx, desk, issuers[0].ID, 0) // the operator's
		w.wants(err, storage.ErrNotFound)
		var read []string
		w.must(w.db.Read(ctx).Raw("SELECT actor_id || ' ' || detail FROM audit WHERE act = 'certificate.register' ORDER BY detail").Scan(&read).Error)
		if !slices.Equal(read, []string{desk.AccountID + " 2件", "shell 3件"}) {
			t.Errorf("noted %q", read)
		}
	})
}

func sealed(picture []byte) certificates.NewProfile {
	p := mayor("山田　太郎", "2026-04-01", "")
	p.Seal, p.SealPicture, p.SealApprovedOn, p.SealDocument, p.SealApprovedBy = certificates.SealPicture, picture, "2026-03-01", "北総第3号", "総務課長"
	return p
}

// stamp is a red square ring, as a seal that nobody owns.
func stamp(t testing.TB, size int) []byte {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, size, size))
	for y := range size {
		for x := range size {
			if min(x, y, size-1-x, size-1-y) < size/10 {
				img.Set(x, y, color.NRGBA{200, 30, 30, 255})
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
