package views

import (
	"context"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"gorm.io/gorm"

	"tsunagari/certificates"
	"tsunagari/certificates/paper"
	"tsunagari/courses"
	"tsunagari/courses/accounts"
	"tsunagari/courses/classes"
	"tsunagari/courses/counts"
	"tsunagari/courses/coursetest"
	"tsunagari/quiz"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

const (
	kitami   = "012084"
	abashiri = "012114"
	password = "ゆきどけ の 小川 と わらび"
)

// house is the site on real rooms: set up, with an administrator, the desks of two
// towns and a course that is finished by reading.
type house struct {
	t     testing.TB
	db    *storage.DB
	deps  Deps
	app   *fiber.App
	post  string // id of the desk of 北見市
	admin string // cookie
	desk  string // cookie of the desk of 北見市
	other string // cookie of the desk of 網走市
	file  string // of a readyHouse's database
}

// wired are the real rooms on db, wired as cmd wires them.
func wired(db *storage.DB) Deps {
	d := &Deps{BaseURL: "http://example.com", Now: db.Now, Log: slog.New(slog.DiscardHandler), Ready: db.Ping}
	d.Accounts = accounts.New(db, accounts.Options{Printable: paper.Check})
	d.Courses = courses.New(db)
	d.Quizzes = quiz.New(db, d.Courses, nil)
	d.Classes = classes.New(db, d.Courses, d.Accounts)
	d.Certificates = certificates.New(db, d.Courses, certificates.Options{BaseURL: d.BaseURL, Host: d.Classes.Host, Rename: d.Accounts.Rename})
	d.Counts = counts.New(db, d.Courses, counts.Options{
		Population: d.Accounts.LatestDenominators,
		Held: func(tx *gorm.DB, hosts []string, from, until string) (h counts.Held, err error) {
			h.ByHost, h.Trainers, err = classes.HeldTx(tx, hosts, from, until)
			return h, err
		},
	})
	d.Courses.OnCompleted(d.Certificates.Issue)
	d.Courses.OnWithdrawn(d.Certificates.Withdrawn)
	d.Courses.OnStep(d.Classes.Stepped)
	d.Quizzes.OnClosing(d.Classes.OpensClosing)
	d.Classes.OnPaper(func(tx *gorm.DB, p classes.Paper) error {
		return d.Quizzes.Typed(tx, p.AccountID, p.Revision, p.By, p.Answers)
	})
	d.Accounts.OnRegistered(d.Courses.Registered)
	d.Accounts.OnSetUp(func(tx *gorm.DB, o accounts.Operator, by string) error { return d.Certificates.SetUp(tx, o.Name, by) })
	for _, join := range []func(tx *gorm.DB, from, into string) error{
		d.Classes.Merge, d.Quizzes.Merge, d.Courses.Merge, d.Certificates.Merge,
		func(tx *gorm.DB, _, into string) error { return d.Courses.Registered(tx, into) },
	} {
		d.Accounts.OnMerge(join)
	}
	for _, preview := range []func(tx *gorm.DB, from, into string) (accounts.MergePart, error){
		d.Courses.PreviewMerge, d.Quizzes.PreviewMerge, d.Classes.PreviewMerge, d.Certificates.PreviewMerge,
	} {
		d.Accounts.OnMergePreview(preview)
	}
	for _, forget := range []func(*gorm.DB, string) error{d.Quizzes.Erase, d.Certificates.Erase, d.Classes.Erase, d.Courses.Erase} {
		d.Accounts.OnErase(forget)
	}
	return *d
}

func newHouse(t testing.TB, db *storage.DB) *house {
	t.Helper()
	h := &house{t: t, db: db, deps: wired(db)}
	h.app = New(h.deps)
	h.publish()
	h.setUp()
	h.post, h.desk = h.staff("北見市の窓口", "desk", kitami, "窓口", "次郎")
	_, h.other = h.staff("網走市の窓口", "desk", abashiri, "港", "三郎")
	return h
}

// mould is a new house and the file of its database: passwords take their time, so
// it is made once and every test gets a copy.
var mould struct {
	sync.Once
	house
	content []byte
}

// readyHouse is a new house on SQLite.
func readyHouse(t testing.TB) *house {
	t.Helper()
	mould.Do(func() {
		at := storagetest.SQLite(t)
		mould.house = *newHouse(t, storagetest.Open(t, at))
		copied := at + ".copy"
		pool, err := mould.db.Pool()
		mould.must(err)
		_, err = pool.ExecContext(t.Context(), "VACUUM INTO ?", copied)
		mould.must(err)
		mould.content, err = os.ReadFile(copied)
		mould.must(err)
	})
	at := storagetest.SQLite(t)
	if err := os.WriteFile(at, mould.content, 0o600); err != nil {
		t.Fatal(err)
	}
	h := mould.house
	h.t, h.db, h.file = t, storagetest.Open(t, at), at
	h.deps = wired(h.db)
	h.app = New(h.deps)
	return &h
}

// loseDisk takes the database of a readyHouse away while it is open.
func (h *house) loseDisk() {
	h.t.Helper()
	pool, err := h.db.Read(h.t.Context()).DB()
	h.must(err)
	pool.SetMaxIdleConns(0) // an open file outlives its folder
	dir := filepath.Dir(h.file)
	h.must(os.Rename(dir, dir+"-gone"))
}

// publish puts a course of two lessons in place, without questions.
func (h *house) publish() {
	h.t.Helper()
	p := coursetest.Small("supporter")
	p.Modules, p.Closing = p.Modules[:1], courses.Closing{}
	p.Modules[0].Check, p.Modules[0].Questions = 0, nil
	_, _, err := h.deps.Courses.Publish(h.t.Context(), p)
	h.must(err)
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func operatorForm() url.Values {
	return url.Values{
		"name": {"オホーツクつながり協議会"}, "address": {"北海道網走市北7条西3丁目"}, "phone": {"0152-00-0000"}, "hours": {"平日 9時から17時"},
		"prefecture": {"01"}, "bureau": {"オホーツク総合振興局"}, "area": {""},
		"family_name": {"管理"}, "given_name": {"太郎"}, "email": {"taro@office.example.jp"}, "office_email": {""}, "password": {password},
	}
}

// withToken is the second step behind a one-time link: the form with its secret.
func withToken(token string, form url.Values) url.Values {
	form = maps.Clone(form)
	form.Set("token", token)
	form.Set("step", "save")
	return form
}

func (h *house) setUp() {
	h.t.Helper()
	token, err := h.deps.Accounts.SetupToken(h.t.Context())
	h.must(err)
	res, body := h.send("/setup", withToken(token, operatorForm()), "")
	if res.StatusCode != 303 || res.Header.Get("Location") != "/admin" {
		h.t.Fatalf("setup: %d %s", res.StatusCode, body)
	}
	h.admin = sessionOf(res)
}

// sessionOf is the session cookie that an answer sets, as a request sends it.
func sessionOf(res *http.Response) string {
	for _, c := range res.Cookies() {
		if c.Name == "session" {
			return "session=" + c.Value
		}
	}
	return ""
}

func (h *house) get(path, cookie string) (*http.Response, string) {
	h.t.Helper()
	return do(h.t, h.app, ask(path, cookie))
}

func (h *house) send(path string, form url.Values, cookie string) (*http.Response, string) {
	h.t.Helper()
	return do(h.t, h.app, send(path, form, cookie))
}

// shows fails unless the page at path answers with status and all of the words.
func (h *house) shows(path, cookie string, status int, words ...string) string {
	h.t.Helper()
	res, body := h.get(path, cookie)
	if res.StatusCode != status {
		h.t.Fatalf("%s: %d, want %d", path, res.StatusCode, status)
	}
	h.has(body, words...)
	return body
}

func (h *house) has(body string, words ...string) {
	h.t.Helper()
	for _, w := range words {
		if !strings.Contains(body, w) {
			h.t.Errorf("%q is missing in\n%s", w, mainOf(body))
		}
	}
}

func (h *house) lacks(body string, words ...string) {
	h.t.Helper()
	for _, w := range words {
		if strings.Contains(body, w) {
			h.t.Errorf("%q is in\n%s", w, mainOf(body))
		}
	}
}

// mainOf is the part of a page that is its own.
func mainOf(body string) string {
	_, rest, found := strings.Cut(body, "<main")
	if !found {
		return body
	}
	rest, _, _ = strings.Cut(rest, "</main>")
	return rest
}

// mail takes the letters that wait and returns the newest to the address.
func (h *house) mail(to string) string {
	h.t.Helper()
	body := ""
	_, err := h.db.SendDue(h.t.Context(), func(_ context.Context, m storage.Mail) error {
		if m.To == to {
			body = m.Body
		}
		return nil
	})
	h.must(err)
	return body
}

var sixDigits = regexp.MustCompile(`\d{6}`)

// staff makes a post with one member, who has signed in. town may be several codes
// with a space between.
func (h *house) staff(name string, role accounts.Role, town, family, given string) (post, cookie string) {
	h.t.Helper()
	by, err := h.deps.Accounts.BySession(h.t.Context(), strings.TrimPrefix(h.admin, "session="))
	h.must(err)
	codes := strings.Fields(town)
	box := codes[0] + string(role)
	if len(codes) > 1 {
		box += strconv.Itoa(len(codes))
	}
	office, email := box+"@town.example.jp", box+"-1@town.example.jp"
	made, err := h.deps.Accounts.AddPost(h.t.Context(), by.Access, accounts.PostInput{Name: name, Role: role, Municipalities: codes, OfficeEmail: office})
	h.must(err)
	token, err := h.deps.Accounts.Invite(h.t.Context(), by.Access, made.ID, accounts.Invitee{}, func(t string) string { return t })
	h.must(err)
	_, err = h.deps.Accounts.Accept(h.t.Context(), token, accounts.Acceptance{FamilyName: family, GivenName: given, Email: email, Password: password}, "")
	h.must(err)
	second, err := h.deps.Accounts.SignInStaff(h.t.Context(), email, password, "")
	h.must(err)
	secret, err := h.deps.Accounts.VerifySecond(h.t.Context(), second.Browser, sixDigits.FindString(h.mail(office)), "")
	h.must(err)
	return made.ID, "session=" + secret
}

// learner registers somebody and returns their id and cookie.
func (h *house) learner(family, given, kana, town string) (id, cookie string) {
	h.t.Helper()
	secret, err := h.deps.Accounts.Register(h.t.Context(), "", accounts.Registration{
		Operation: uuid.NewString(), FamilyName: family, GivenName: given, FamilyKana: kana, GivenKana: "はなこ",
		Residence: town, AgeBand: "70", Consent: "yes",
	}, "Androidのスマホ")
	h.must(err)
	signed, err := h.deps.Accounts.BySession(h.t.Context(), secret)
	h.must(err)
	return signed.AccountID, "session=" + secret
}

// finish reads everything, which completes the course.
func (h *house) finish(accountID string) {
	h.t.Helper()
	for _, lesson := range []string{"ichi-1", "ichi-2"} {
		_, err := h.deps.Courses.MarkRead(h.t.Context(), accountID, "supporter", lesson)
		h.must(err)
	}
}

// hanako has finished the course, and lives in 北見市.
func (h *house) hanako() (id, cookie string, cert *certificates.Certificate) {
	h.t.Helper()
	id, cookie = h.learner("北見", "花子", "きたみ", kitami)
	h.finish(id)
	return id, cookie, h.newest(id)
}

func (h *house) newest(accountID string) *certificates.Certificate {
	h.t.Helper()
	list, _, err := h.deps.Certificates.Of(h.t.Context(), accountID)
	h.must(err)
	if len(list) == 0 {
		h.t.Fatal("no certificate")
	}
	return list[0]
}
