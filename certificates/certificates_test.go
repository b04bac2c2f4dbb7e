package certificates_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/go-playground/validator/v10"
	"github.com/google/uuid"
	"gorm.io/gorm"

	"tsunagari/certificates"
	"tsunagari/certificates/paper"
	"tsunagari/courses"
	"tsunagari/courses/accounts"
	"tsunagari/courses/coursetest"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

func TestMain(m *testing.M) { storagetest.Main(m) }

var (
	ctx   = context.Background()
	admin = accounts.Shell()
)

const kitami = "012084"

// office is a database with one course and certificates.
type office struct {
	*certificates.Certificates
	t   testing.TB
	db  *storage.DB
	rev *courses.Revision
}

func newOffice(t testing.TB, db *storage.DB, o certificates.Options) *office {
	t.Helper()
	c := courses.New(db)
	rev, _, err := c.Publish(ctx, coursetest.Small("supporter"))
	if err != nil {
		t.Fatal(err)
	}
	w := &office{t: t, db: db, rev: rev}
	if o.BaseURL == "" {
		o.BaseURL = "https://tsunagari.example.jp/"
	}
	o.Rename = accounts.New(db, accounts.Options{Printable: paper.Check}).Rename
	w.Certificates = certificates.New(db, c, o)
	return w
}

// run runs fn on both databases with the operator set up.
func run(t *testing.T, fn func(t *testing.T, w *office)) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		w := newOffice(t, db, certificates.Options{})
		w.must(db.Tx(ctx, func(tx *gorm.DB) error { return w.SetUp(tx, "つながり推進協議会", "admin") }))
		fn(t, w)
	})
}

func (w *office) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *office) wants(err, want error) {
	w.t.Helper()
	if !errors.Is(err, want) {
		w.t.Fatalf("%v, not %v", err, want)
	}
}

func (w *office) person(family, given string) *accounts.Account {
	a := &accounts.Account{
		ID: uuid.NewString(), State: accounts.Active, FamilyName: family, GivenName: given,
		FamilyKana: "たかさき", GivenKana: "よしこ", Municipality: kitami, Prefecture: "01", Version: 1,
		CreatedAt: w.db.Now(), SeenAt: w.db.Now(),
	}
	w.must(w.db.Tx(ctx, func(tx *gorm.DB) error { return tx.Create(a).Error }))
	return a
}

func (w *office) completion(a *accounts.Account, on string) *courses.Completion {
	return &courses.Completion{
		ID: uuid.NewString(), AccountID: &a.ID, CourseID: w.rev.CourseID, RevisionID: w.rev.ID, Cycle: 1,
		Supporters: true, CompletedOn: on, CompletedAt: w.db.Now(), Municipality: a.Municipality, Prefecture: a.Prefecture,
	}
}

// complete finishes the course for a on the given day, as courses does.
func (w *office) complete(done *courses.Completion) error {
	return w.db.Tx(ctx, func(tx *gorm.DB) error {
		if err := tx.Create(done).Error; err != nil {
			return err
		}
		return w.Issue(tx, done)
	})
}

// certificate completes the course and returns the person's newest certificate.
func (w *office) certificate(a *accounts.Account, on string) *certificates.Certificate {
	w.t.Helper()
	w.must(w.complete(w.completion(a, on)))
	return w.newest(a)
}

func (w *office) newest(a *accounts.Account) *certificates.Certificate {
	w.t.Helper()
	list, _, err := w.Of(ctx, a.ID)
	w.must(err)
	if len(list) == 0 {
		w.t.Fatal("no certificate")
	}
	return list[0]
}

// desk is a member of staff at the front desk of the municipalities.
func (w *office) desk(codes string) accounts.Access {
	w.t.Helper()
	a := w.person("窓口", "係")
	post, now := uuid.NewString(), w.db.Now()
	w.must(w.db.Tx(ctx, func(tx *gorm.DB) error {
		return errors.Join(
			tx.Exec(`INSERT INTO posts (id, name, role, municipalities, office_email, version, created_at) VALUES (?, '係', 'desk', ?, '', 1, ?)`, post, codes, now).Error,
			tx.Exec(`INSERT INTO members (id, post_id, account_id, began_at) VALUES (?, ?, ?, ?)`, uuid.NewString(), post, a.ID, now).Error,
		)
	}))
	access, err := accounts.AccessOf(w.db.Read(ctx), a.ID)
	w.must(err)
	return access
}

func TestIssue(t *testing.T) {
	run(t, func(t *testing.T, w *office) {
		a := w.person("髙﨑", "𠮷子")
		cert := w.certificate(a, "2026-11-23")
		want := certificates.Printed{
			Number: "R8-001-0001", Name: "髙﨑　𠮷子", Kana: "たかさき　よしこ", Course: "小さな講座supporter", Revision: 1,
			Statement:   "あなたは\n小さな講座supporterの\n所定の課程を修了されましたので\nこれを証します",
			CompletedOn: "2026-11-23", IssuedOn: "2026-11-23", Issuer: "つながり推進協議会", Seal: certificates.NoSeal,
		}
		if cert.Printed != want || cert.State != certificates.Issued || cert.Number != want.Number || cert.Municipality != kitami {
			t.Errorf("%+v", cert)
		}
		if sum, err := cert.Printed.Sum(*cert.Code); err != nil || sum != cert.SHA256 || len(*cert.Code) != 26 {
			t.Errorf("hash %s of code %s: %v", sum, *cert.Code, err)
		}
		if sum, _ := cert.Printed.Sum("another"); sum == cert.SHA256 {
			t.Error("the hash does not depend on the salt")
		}
		own := w.person("山田", "花子")
		w.must(w.db.Tx(ctx, func(tx *gorm.DB) error {
			return tx.Model(own).Update("printed_name", "山田（旧姓 佐藤）花子").Error
		}))
		if got := w.certificate(own, "2026-11-23"); got.Printed.Name != "山田（旧姓 佐藤）花子" || got.Number != "R8-001-0002" {
			t.Errorf("%+v", got)
		}
		if _, err := w.Certificate(ctx, own.ID, cert.ID); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("somebody else's certificate: %v", err)
		}
		if got, err := w.Certificate(ctx, a.ID, cert.ID); err != nil || got.Number != cert.Number {
			t.Errorf("one's own: %v", err)
		}
	})
}

func TestIssueTwiceMakesOne(t *testing.T) {
	run(t, func(t *testing.T, w *office) {
		a := w.person("山田", "花子")
		done := w.completion(a, "2026-11-23")
		w.must(w.complete(done))
		w.must(w.db.Tx(ctx, func(tx *gorm.DB) error { return errors.Join(w.Issue(tx, done), w.Issue(tx, done)) }))
		if list, _, err := w.Of(ctx, a.ID); err != nil || len(list) != 1 {
			t.Errorf("%d certificates, %v", len(list), err)
		}
	})
}

func TestNumbersAreGaplessWhenManyFinishAtOnce(t *testing.T) {
	run(t, func(t *testing.T, w *office) {
		const people = 40
		list := make([]*courses.Completion, people)
		for i := range list {
			list[i] = w.completion(w.person("山田", fmt.Sprint("花", i)), "2026-11-23")
		}
		failed := errors.New("something after the certificate failed")
		var wg sync.WaitGroup
		for i, done := range list {
			wg.Go(func() {
				if i%4 == 0 { // takes a number, and gives it back
					err := w.db.Tx(ctx, func(tx *gorm.DB) error {
						again := *done
						again.ID = uuid.NewString()
						return errors.Join(tx.Create(&again).Error, w.Issue(tx, &again), failed)
					})
					if !errors.Is(err, failed) {
						t.Error(err)
					}
				}
				if err := w.complete(done); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		var serials []int
		w.must(w.db.Read(ctx).Model(&certificates.Certificate{}).Order("serial").Pluck("serial", &serials).Error)
		want := make([]int, people)
		for i := range want {
			want[i] = i + 1
		}
		if !slices.Equal(serials, want) {
			t.Errorf("numbers %v", serials)
		}
	})
}

// Of two servers issuing for one completion at the same moment one wins, and the
// loser's number is not lost.
func TestOneValidCertificateForACompletion(t *testing.T) {
	run(t, func(t *testing.T, w *office) {
		done := w.completion(w.person("山田", "花子"), "2026-11-23")
		w.must(w.db.Tx(ctx, func(tx *gorm.DB) error { return tx.Create(done).Error }))
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				err := w.db.Tx(ctx, func(tx *gorm.DB) error { return w.Issue(tx, done) })
				if err != nil && !errors.Is(err, storage.ErrConflict) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if next := w.certificate(w.person("佐藤", "次郎"), "2026-11-23"); next.Serial != 2 {
			t.Errorf("the next number is %d", next.Serial)
		}
	})
}

func TestNumbersBeginAnewWithTheFiscalYear(t *testing.T) {
	run(t, func(t *testing.T, w *office) {
		clock := storagetest.Clock(w.db)
		clock.Set(time.Date(2027, 3, 31, 14, 59, 59, 0, time.UTC)) // 23:59:59 in Japan
		for on, want := range map[string]string{"2027-03-31": "R8-001-0001", "2027-04-01": "R9-001-0001", "2019-04-30": "R1-001-0001", "2019-03-31": "H30-001-0001"} {
			if got := w.certificate(w.person("山田", "花子"), on); got.Number != want || got.Printed.IssuedOn != "2027-03-31" {
				t.Errorf("%s has %s, issued on %s", on, got.Number, got.Printed.IssuedOn)
			}
		}
		clock.Add(time.Second)
		if got := w.certificate(w.person("山田", "花子"), "2027-03-31"); got.Number != "R8-001-0002" || got.Printed.IssuedOn != "2027-04-01" {
			t.Errorf("%s, issued on %s", got.Number, got.Printed.IssuedOn)
		}
	})
}

func TestWaiting(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		w := newOffice(t, db, certificates.Options{})
		a, b := w.person("山田", "花子"), w.person("⼭田", "😀子")
		w.must(w.complete(w.completion(a, "2026-11-22")))
		w.must(w.complete(w.completion(b, "2026-11-23")))
		if _, waits, err := w.Of(ctx, a.ID); err != nil || len(waits) != 1 || waits[0].Reason != certificates.NoIssuer ||
			waits[0].Course != "小さな講座supporter" || waits[0].CompletedOn != "2026-11-22" {
			t.Fatalf("%v %v", waits, err)
		}
		if n, err := w.IssueWaiting(ctx); n != 0 || err != nil {
			t.Fatalf("without an issuer %d were issued, %v", n, err)
		}
		w.must(db.Tx(ctx, func(tx *gorm.DB) error { return w.SetUp(tx, "つながり推進協議会", "admin") }))
		var wg sync.WaitGroup
		for range 3 { // several servers
			wg.Go(func() {
				if _, err := w.IssueWaiting(ctx); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if cert := w.newest(a); cert.Number != "R8-001-0001" {
			t.Errorf("%+v", cert)
		}
		list, waits, err := w.Of(ctx, b.ID)
		if err != nil || len(list) != 0 || len(waits) != 1 || waits[0].Reason != certificates.Unprintable || waits[0].Detail != "⼭😀" {
			t.Fatalf("%v %v %v", list, waits, err)
		}
		name := certificates.Name{Family: "山田", Given: "笑子", FamilyKana: "やまだ", GivenKana: "えみこ"}
		w.must(w.Ask(ctx, b.ID, certificates.AskCorrection{Name: name}))
		open, err := w.OpenCorrections(ctx, admin)
		w.must(err)
		w.must(w.Decide(ctx, admin, open[0].ID, true, "印刷できる字に"))
		if cert := w.newest(b); cert.Printed.Name != "山田　笑子" || cert.Number != "R8-001-0002" {
			t.Errorf("%+v", cert)
		}
	})
}

func TestSetUpOnlyOnce(t *testing.T) {
	run(t, func(t *testing.T, w *office) {
		err := w.db.Tx(ctx, func(tx *gorm.DB) error { return w.SetUp(tx, "別の団体", "admin") })
		w.wants(err, certificates.ErrIssuerExists)
		err = w.db.Tx(ctx, func(tx *gorm.DB) error { return w.SetUp(tx, "絵文字😀協議会", "admin") })
		var invalid validator.ValidationErrors
		if !errors.As(err, &invalid) || invalid[0].Field() != "name" || invalid[0].Tag() != "printable" {
			t.Errorf("%v", err)
		}
	})
}
