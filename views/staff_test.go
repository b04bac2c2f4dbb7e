package views

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"tsunagari/courses/accounts"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

func TestSetup(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		d := testDeps()
		d.Session, d.Now = nil, db.Now
		d.Accounts = accounts.New(db, accounts.Options{})
		h := &house{t: t, db: db, deps: d, app: New(d)}
		token, err := d.Accounts.SetupToken(t.Context())
		h.must(err)
		h.shows("/setup/wrong", "", 410, "新しいリンク")
		res, body := h.get("/setup/"+token, "")
		h.has(body, "運営団体の名前", "はじめの管理者")
		if res.Header.Get("Cache-Control") != "no-store" || res.Header.Get("X-Robots-Tag") == "" {
			t.Errorf("%v", res.Header)
		}
		for field, value := range map[string]string{"name": "", "phone": "なし", "email": "taro", "password": "tsunagari2026", "family_name": ""} {
			form := operatorForm()
			form.Set(field, value)
			res, body := h.send("/setup/"+token, form, "")
			if res.StatusCode != 422 || !strings.Contains(body, `id="`+field+`-error"`) {
				t.Errorf("%s %q: %d %s", field, value, res.StatusCode, mainOf(body))
			}
			h.has(body, "北海道網走市北7条西3丁目", `value="オホーツク総合振興局" selected`)
			h.lacks(body, password, "tsunagari2026")
		}
		form := operatorForm()
		for field, value := range map[string]string{"name": "", "prefecture": "13", "email": "taro", "password": "みじかい"} {
			form.Set(field, value)
		}
		_, body = h.send("/setup/"+token, form, "")
		h.has(body, `id="name-error"`, `id="bureau-error"`, `id="email-error"`, `id="password-error"`)
		form = operatorForm()
		form.Set("prefecture", "13")
		if res, body := h.send("/setup/"+token, form, ""); res.StatusCode != 422 || !strings.Contains(body, `id="bureau-error"`) {
			t.Errorf("a bureau of Tokyo: %d", res.StatusCode)
		}
		res, _ = h.send("/setup/"+token, operatorForm(), "")
		if res.StatusCode != 303 || sessionOf(res) == "" {
			t.Fatalf("%d", res.StatusCode)
		}
		h.shows("/help", sessionOf(res), 200, "オホーツクつながり協議会")
		h.shows("/setup/"+token, "", 410, "もう終わっています")
		if res, _ := h.send("/setup/"+token, operatorForm(), ""); res.StatusCode != 410 {
			t.Errorf("a second time: %d", res.StatusCode)
		}
	})
}

// cookieOf is one cookie of an answer, as a request sends it.
func cookieOf(res *http.Response, name string) string {
	for _, c := range res.Cookies() {
		if c.Name == name {
			return name + "=" + c.Value
		}
	}
	return ""
}

func TestStaffComeInByTwoSteps(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		h := newHouse(t, db)
		email := kitami + "desk-1@town.example.jp"
		res, body := h.send("/signin/staff", url.Values{"email": {email}, "password": {"ちがう パスワード です"}, "back": {"/desk/register"}}, "")
		if res.StatusCode != 422 {
			t.Fatalf("%d", res.StatusCode)
		}
		h.has(body, "組み合わせが、ちがう", `value="`+email+`"`, `value="/desk/register"`)
		h.lacks(body, "ちがう パスワード です")

		res, _ = h.send("/signin/staff", url.Values{"email": {email}, "password": {password}, "back": {"/desk/register"}}, "")
		second := cookieOf(res, "second")
		if res.StatusCode != 303 || second == "" || sessionOf(res) != "" || res.Header.Get("Location") != "/signin/staff/code?back=%2Fdesk%2Fregister" {
			t.Fatalf("%d %v", res.StatusCode, res.Header)
		}
		if res, _ := h.get("/signin/staff/code", ""); res.StatusCode != 303 {
			t.Errorf("the code without the first step: %d", res.StatusCode)
		}
		h.shows("/signin/staff/code?back=%2Fdesk%2Fregister", second, 200, "0***@town.example.jp", `value="/desk/register"`)
		code := sixDigits.FindString(h.mail(kitami + "desk@town.example.jp"))
		wrong := "000000"
		if code == wrong {
			wrong = "111111"
		}
		res, body = h.send("/signin/staff/code", url.Values{"code": {wrong}}, second)
		if res.StatusCode != 422 || sessionOf(res) != "" {
			t.Fatalf("%d", res.StatusCode)
		}
		h.has(body, "数字がちがう", `value="`+wrong+`"`)
		res, _ = h.send("/signin/staff/code", url.Values{"code": {code}, "back": {"https://evil.example"}}, second)
		if res.StatusCode != 303 || res.Header.Get("Location") != "/desk" || sessionOf(res) == "" {
			t.Fatalf("%d %v", res.StatusCode, res.Header)
		}
		h.shows("/staff", sessionOf(res), 200, "窓口 次郎", "北見市の窓口")
		res, body = h.send("/signin/staff/code", url.Values{"code": {code}}, second)
		if res.StatusCode != 410 || sessionOf(res) != "" {
			t.Errorf("the same code again: %d", res.StatusCode)
		}
		h.has(body, "はじめからやり直してください", "職員サインイン")
	})
}

func TestStaffPassword(t *testing.T) {
	h := newHouse(t, storagetest.Open(t, storagetest.SQLite(t)))
	h.shows("/staff/password", h.desk, 200, "いまのパスワード")
	for name, form := range map[string]url.Values{
		"old_password": {"old_password": {"ちがいます"}, "password": {"まつぼっくり と 波の音 と 灯台"}},
		"password":     {"old_password": {password}, "password": {"みじかい"}},
	} {
		res, body := h.send("/staff/password", form, h.desk)
		if res.StatusCode != 422 || !strings.Contains(body, `id="`+name+`-error"`) {
			t.Errorf("%s: %d %s", name, res.StatusCode, mainOf(body))
		}
	}
	res, body := h.send("/staff/password", url.Values{"old_password": {password}, "password": {"まつぼっくり と 波の音 と 灯台"}}, h.desk)
	if res.StatusCode != 303 {
		t.Fatalf("%d %s", res.StatusCode, mainOf(body))
	}
	h.shows("/staff", h.desk, 200)
}

var typedSecret = regexp.MustCompile(`class="secret">([A-Z2-7 ]+)<`)

func TestAuthenticatorApp(t *testing.T) {
	h := newHouse(t, storagetest.Open(t, storagetest.SQLite(t)))
	h.shows("/staff/app", h.desk, 200, "登録をはじめる")
	res, body := h.send("/staff/app", nil, h.desk)
	if res.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%v", res.Header)
	}
	secret := func(body string) string {
		m := typedSecret.FindStringSubmatch(body)
		if m == nil {
			t.Fatal(mainOf(body))
		}
		return strings.ReplaceAll(m[1], " ", "")
	}
	first := secret(body)
	res, body = h.send("/staff/app/confirm", url.Values{"code": {"12"}}, h.desk)
	if res.StatusCode != 422 {
		t.Fatalf("%d", res.StatusCode)
	}
	h.has(body, "新しいQRコード")
	next := secret(body)
	if next == first {
		t.Error("a secret that was shown is shown again")
	}
	code, err := totp.GenerateCode(next, h.db.Now())
	h.must(err)
	if res, body := h.send("/staff/app/confirm", url.Values{"code": {code}}, h.desk); res.StatusCode != 303 {
		t.Fatal(mainOf(body))
	}
	h.shows("/staff", h.desk, 200, "確認コードはアプリに出ます")

	clock := storagetest.Clock(h.db)
	clock.Add(time.Minute)
	res, _ = h.send("/signin/staff", url.Values{"email": {kitami + "desk-1@town.example.jp"}, "password": {password}}, "")
	second := cookieOf(res, "second")
	h.shows("/signin/staff/code", second, 200, "認証アプリに出ている")
	code, err = totp.GenerateCode(next, clock.Now())
	h.must(err)
	if res, _ := h.send("/signin/staff/code", url.Values{"code": {code}}, second); res.StatusCode != 303 || sessionOf(res) == "" {
		t.Errorf("with the app: %d", res.StatusCode)
	}

	if res, body := h.send("/staff/app/remove", url.Values{"old_password": {"x"}}, h.desk); res.StatusCode != 422 || !strings.Contains(body, "アプリをやめる") {
		t.Errorf("%d", res.StatusCode)
	}
	if res, _ := h.send("/staff/app/remove", url.Values{"old_password": {password}}, h.desk); res.StatusCode != 303 {
		t.Errorf("%d", res.StatusCode)
	}
}

var link = regexp.MustCompile(`http://example\.com(/invitation/[A-Za-z0-9_-]+)`)

func (h *house) linkIn(body string) string {
	h.t.Helper()
	m := link.FindStringSubmatch(html.UnescapeString(body))
	if m == nil {
		h.t.Fatal(mainOf(body))
	}
	return m[1]
}

// The predecessor invites the successor, who ends the predecessor: M10.
func TestPostGoesToASuccessor(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		h := newHouse(t, db)
		page := "/staff/posts/" + h.post
		h.shows(page, h.desk, 200, "窓口 次郎", "北見市", "招待のリンクを作る")
		h.shows(page, h.other, 404)
		if res, body := h.send(page+"/invite", url.Values{"email": {"koutarou"}}, h.desk); res.StatusCode != 422 || !strings.Contains(body, `value="koutarou"`) {
			t.Errorf("%d", res.StatusCode)
		}
		res, body := h.send(page+"/invite", url.Values{"email": {"next@town.example.jp"}}, h.desk)
		if res.StatusCode != 200 || res.Header.Get("Cache-Control") != "no-store" {
			t.Fatalf("%d", res.StatusCode)
		}
		at := h.linkIn(body)
		if mailed := h.mail("next@town.example.jp"); !strings.Contains(mailed, "http://example.com"+at) {
			t.Errorf("the mail has %q", mailed)
		}
		h.shows(page, h.desk, 200, "招待中")

		h.shows("/invitation/wrong", "", 410, "もう使えません")
		h.shows(at, "", 200, "北見市の窓口", "窓口担当")
		form := url.Values{"family_name": {""}, "given_name": {"四郎"}, "email": {"next@town.example.jp"}, "password": {password}}
		res, body = h.send(at, form, "")
		if res.StatusCode != 422 {
			t.Fatalf("%d", res.StatusCode)
		}
		h.has(body, "姓と名を入力してください", `value="四郎"`, `value="next@town.example.jp"`)
		h.lacks(body, password)
		form.Set("family_name", "後任")
		if res, body := h.send(at, form, ""); res.StatusCode != 303 || res.Header.Get("Location") != "/signin/staff" {
			t.Fatalf("%d %s", res.StatusCode, mainOf(body))
		}
		h.shows(at, "", 410)

		body = h.shows(page, h.admin, 200, "後任 四郎", "窓口 次郎")
		_, body, _ = strings.Cut(body, "<h3>窓口 次郎")
		member := regexp.MustCompile(`/members/([^/]+)/end`).FindStringSubmatch(body)[1]
		if res, _ := h.send(page+"/members/"+member+"/end", url.Values{"why": {"異動"}}, h.other); res.StatusCode != 404 {
			t.Errorf("another post's member: %d", res.StatusCode)
		}
		res, _ = h.send(page+"/members/"+member+"/end", url.Values{"why": {"4月1日の異動"}}, h.desk)
		if res.StatusCode != 303 || res.Header.Get("Location") != "/" {
			t.Errorf("%d %s", res.StatusCode, res.Header.Get("Location"))
		}
		if res, _ := h.get("/desk", h.desk); res.StatusCode != 303 {
			t.Errorf("the predecessor still comes in: %d", res.StatusCode)
		}
		h.shows(page, h.admin, 200, "前の人", "窓口 次郎")
	})
}

func TestInvitationIsTakenBack(t *testing.T) {
	h := newHouse(t, storagetest.Open(t, storagetest.SQLite(t)))
	page := "/staff/posts/" + h.post
	_, body := h.send(page+"/invite", url.Values{"email": {""}}, h.desk)
	at := h.linkIn(body)
	id := regexp.MustCompile(`/invitations/([^/]+)/cancel`).FindStringSubmatch(h.shows(page, h.desk, 200))[1]
	for range 2 { // a second tap is fine
		if res, _ := h.send(page+"/invitations/"+id+"/cancel", nil, h.desk); res.StatusCode != 303 {
			t.Errorf("%d", res.StatusCode)
		}
	}
	h.shows(at, "", 410)
}

func TestForgottenPassword(t *testing.T) {
	h := newHouse(t, storagetest.Open(t, storagetest.SQLite(t)))
	page := "/staff/posts/" + h.post
	to := page + "/members/" + regexp.MustCompile(`/members/([^/]+)/password`).FindStringSubmatch(h.shows(page, h.admin, 200))[1] + "/password"
	if res, _ := h.send(to, nil, h.desk); res.StatusCode != 404 {
		t.Errorf("only an administrator: %d", res.StatusCode)
	}
	_, body := h.send(to, nil, h.admin)
	at := h.linkIn(body)
	h.shows(at, "", 200, "新しいパスワードを決めてください")
	if res, body := h.send(at, url.Values{"password": {"みじかい"}}, ""); res.StatusCode != 422 || !strings.Contains(body, `id="password-error"`) {
		t.Errorf("%d", res.StatusCode)
	}
	if res, _ := h.send(at, url.Values{"password": {"まつぼっくり と 波の音 と 灯台"}}, ""); res.StatusCode != 303 {
		t.Fatalf("%d", res.StatusCode)
	}
	if res, _ := h.get("/desk", h.desk); res.StatusCode != 303 {
		t.Errorf("the old session goes on: %d", res.StatusCode)
	}
}
