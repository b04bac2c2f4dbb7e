package views

import (
	"bytes"
	"fmt"
	"html"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

func TestSetup(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		d := wired(db)
		h := &house{t: t, db: db, deps: d, app: New(d)}
		token, err := d.Accounts.SetupToken(t.Context())
		h.must(err)
		res, body := h.send("/setup", url.Values{"token": {"wrong"}}, "")
		if res.StatusCode != 410 {
			t.Errorf("another secret: %d", res.StatusCode)
		}
		h.has(body, "新しいリンク", `value="wrong"`)
		h.shows("/setup", "", 200, `name="token"`)
		res, body = h.send("/setup", url.Values{"token": {" http://example.com/setup#" + token}}, "") // the whole link
		h.has(body, "運営団体の名前", "はじめの管理者", `name="token" value="`+token+`"`)
		if res.StatusCode != 200 || res.Header.Get("Cache-Control") != "no-store" || res.Header.Get("Content-Encoding") != "" {
			t.Errorf("%d %v", res.StatusCode, res.Header)
		}
		for field, value := range map[string]string{"name": "", "phone": "なし", "email": "taro", "password": "tsunagari2026", "family_name": ""} {
			form := operatorForm()
			form.Set(field, value)
			res, body := h.send("/setup", withToken(token, form), "")
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
		_, body = h.send("/setup", withToken(token, form), "")
		h.has(body, `id="name-error"`, `id="bureau-error"`, `id="email-error"`, `id="password-error"`)
		form = operatorForm()
		form.Set("prefecture", "13")
		if res, body := h.send("/setup", withToken(token, form), ""); res.StatusCode != 422 || !strings.Contains(body, `id="bureau-error"`) {
			t.Errorf("a bureau of Tokyo: %d", res.StatusCode)
		}
		res, _ = h.send("/setup", withToken(token, operatorForm()), "")
		if res.StatusCode != 303 || sessionOf(res) == "" {
			t.Fatalf("%d", res.StatusCode)
		}
		h.shows("/help", sessionOf(res), 200, "オホーツクつながり協議会")
		h.shows("/setup", "", 410, "もう終わっています")
		if res, _ := h.send("/setup", withToken(token, operatorForm()), ""); res.StatusCode != 410 {
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
	h := readyHouse(t)
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
	h := readyHouse(t)
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

var link = regexp.MustCompile(`http://example\.com/invitation#([A-Za-z0-9_-]+)`)

// codeIn is the secret of the link that a page shows, and the same beside it.
func (h *house) codeIn(body string) string {
	h.t.Helper()
	m := link.FindStringSubmatch(html.UnescapeString(body))
	if m == nil {
		h.t.Fatal(mainOf(body))
	}
	h.has(body, `<p class="secret">`+m[1]+"</p>")
	return m[1]
}

// follow is the first step behind the link with the code.
func (h *house) follow(code string) (*http.Response, string) {
	h.t.Helper()
	return h.send("/invitation", url.Values{"token": {code}}, "")
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
		code := h.codeIn(body)
		if mailed := h.mail("next@town.example.jp"); strings.Count(mailed, code) != 2 || !strings.Contains(mailed, "http://example.com/invitation#"+code+"\n") {
			t.Errorf("the mail has %q", mailed)
		}
		h.shows(page, h.desk, 200, "招待中")

		h.shows("/invitation", "", 200, `name="token"`)
		if res, body := h.follow("wrong"); res.StatusCode != 410 || !strings.Contains(body, "もう使えません") {
			t.Errorf("another code: %d", res.StatusCode)
		}
		if res, body = h.follow(code); res.StatusCode != 200 || res.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%d %v", res.StatusCode, res.Header)
		}
		h.has(body, "北見市の窓口", "窓口担当", `name="token" value="`+code+`"`)
		form := url.Values{"family_name": {""}, "given_name": {"四郎"}, "email": {"next@town.example.jp"}, "password": {password}}
		res, body = h.send("/invitation", withToken(code, form), "")
		if res.StatusCode != 422 {
			t.Fatalf("%d", res.StatusCode)
		}
		h.has(body, "お名前を入力してください", `value="四郎"`, `value="next@town.example.jp"`)
		h.lacks(body, password)
		form.Set("family_name", "後任")
		if res, body := h.send("/invitation", withToken(code, form), ""); res.StatusCode != 303 || res.Header.Get("Location") != "/signin/staff" {
			t.Fatalf("%d %s", res.StatusCode, mainOf(body))
		}
		if res, _ := h.follow(code); res.StatusCode != 410 {
			t.Errorf("a second time: %d", res.StatusCode)
		}

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

// The secret of a one-time link goes from form to form: into no address, header or
// line of the log.
func TestSecretsOfLinksStayInForms(t *testing.T) {
	h := readyHouse(t)
	var log bytes.Buffer
	h.deps.Log = slog.New(slog.NewTextHandler(&log, nil))
	h.app = New(h.deps)
	_, body := h.send("/staff/posts/"+h.post+"/invite", url.Values{"email": {""}}, h.desk)
	code := h.codeIn(body)
	form := url.Values{"family_name": {"後任"}, "given_name": {"四郎"}, "email": {"next"}, "password": {password}}
	for _, form := range []url.Values{{"token": {code}}, withToken(code, form), withToken(code+"x", form)} {
		res, body := h.send("/invitation", form, "")
		if !strings.Contains(body, code) {
			t.Fatalf("the form is lost: %s", mainOf(body))
		}
		if seen := fmt.Sprint(res.Header, log.String()); strings.Contains(seen, code) {
			t.Errorf("it is in %s", seen)
		}
	}
	form.Set("email", "next@town.example.jp")
	if res, _ := h.send("/invitation", withToken(code, form), ""); res.StatusCode != 303 || strings.Contains(fmt.Sprint(res.Header, log.String()), code) {
		t.Errorf("%d %v\n%s", res.StatusCode, res.Header, log.String())
	}
	if log.Len() == 0 {
		t.Error("there is no log")
	}
	h.shows("/invitation/"+code, "", 404)
	h.shows("/setup/"+code, "", 404)
}

func TestInvitationIsTakenBack(t *testing.T) {
	h := readyHouse(t)
	page := "/staff/posts/" + h.post
	_, body := h.send(page+"/invite", url.Values{"email": {""}}, h.desk)
	code := h.codeIn(body)
	id := regexp.MustCompile(`/invitations/([^/]+)/cancel`).FindStringSubmatch(h.shows(page, h.desk, 200))[1]
	for range 2 { // a second tap is fine
		if res, _ := h.send(page+"/invitations/"+id+"/cancel", nil, h.desk); res.StatusCode != 303 {
			t.Errorf("%d", res.StatusCode)
		}
	}
	if res, _ := h.follow(code); res.StatusCode != 410 {
		t.Errorf("taken back: %d", res.StatusCode)
	}
}

func TestForgottenPassword(t *testing.T) {
	h := readyHouse(t)
	page := "/staff/posts/" + h.post
	to := page + "/members/" + regexp.MustCompile(`/members/([^/]+)/password`).FindStringSubmatch(h.shows(page, h.admin, 200))[1] + "/password"
	if res, _ := h.send(to, nil, h.desk); res.StatusCode != 404 {
		t.Errorf("only an administrator: %d", res.StatusCode)
	}
	_, body := h.send(to, nil, h.admin)
	code := h.codeIn(body)
	_, body = h.follow(code)
	h.has(body, "新しいパスワードを決めてください")
	if res, body := h.send("/invitation", withToken(code, url.Values{"password": {"みじかい"}}), ""); res.StatusCode != 422 || !strings.Contains(body, `id="password-error"`) {
		t.Errorf("%d", res.StatusCode)
	}
	if res, _ := h.send("/invitation", withToken(code, url.Values{"password": {"まつぼっくり と 波の音 と 灯台"}}), ""); res.StatusCode != 303 {
		t.Fatalf("%d", res.StatusCode)
	}
	if res, _ := h.get("/desk", h.desk); res.StatusCode != 303 {
		t.Errorf("the old session goes on: %d", res.StatusCode)
	}
}
