package views

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"tsunagari/courses/accounts"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

func profileForm(version string) url.Values {
	return url.Values{"printed_name": {"北見（旧姓 網走） 花子"}, "residence": {abashiri}, "age_band": {"60"}, "version": {version}}
}

func (h *house) account(id string) *accounts.Account {
	h.t.Helper()
	a, err := h.deps.Accounts.Account(h.t.Context(), id)
	h.must(err)
	return a
}

// sent fails unless the form was accepted, and gives the address that follows.
func (h *house) sent(path string, form url.Values, cookie string) string {
	h.t.Helper()
	res, body := h.send(path, form, cookie)
	if res.StatusCode != 303 {
		h.t.Fatalf("%s: %d\n%s", path, res.StatusCode, mainOf(body))
	}
	return res.Header.Get("Location")
}

// guest is a visitor who has read something.
func (h *house) guest() (id, cookie string) {
	h.t.Helper()
	secret, id, err := h.deps.Accounts.Guest(h.t.Context(), "iPhone")
	h.must(err)
	return id, "session=" + secret
}

func TestMe(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		h := newHouse(t, db)
		id, cookie := h.learner("北見", "花子", "きたみ", kitami)
		h.shows("/me", cookie, 200, "北見 花子", "きたみ はなこ", accounts.ShowNumber(h.account(id).Number), "北見市", "70代", `value="1"`,
			"/me/email", "/me/sessions", "/me/contact", "/me/download", "/me/delete", "/certificates/correction", "/card", `action="/signout"`)
		if to := h.sent("/me", profileForm("1"), cookie); to != "/me" {
			t.Errorf("leads to %s", to)
		}
		h.shows("/me", cookie, 200, "北見（旧姓 網走） 花子", "網走市", "60代")
		if a := h.account(id); a.Municipality != abashiri || a.PrintedName != "北見（旧姓 網走） 花子" {
			t.Errorf("%+v", a)
		}
		h.sent("/me", profileForm("1"), cookie) // the second of two taps
		if a := h.account(id); a.Version != 2 {
			t.Errorf("written %d times", a.Version-1)
		}
	})
}

// Nothing typed is lost when another window was faster, and pressing once more
// keeps it.
func TestMeChangedElsewhere(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		h := newHouse(t, db)
		id, cookie := h.learner("北見", "花子", "きたみ", kitami)
		h.sent("/me", url.Values{"residence": {"p13"}, "age_band": {"none"}, "version": {"1"}}, cookie)
		res, body := h.send("/me", profileForm("1"), cookie)
		if res.StatusCode != 409 {
			t.Fatal(res.StatusCode)
		}
		h.has(body, "先に変わった", "東京都", "答えない", `value="北見（旧姓 網走） 花子"`, `value="012114" selected`, `name="version" value="2"`)
		h.sent("/me", profileForm("2"), cookie)
		if a := h.account(id); a.Municipality != abashiri || a.AgeBand != "60" {
			t.Errorf("%+v", a)
		}
	})
}

// A guest is asked first, for nobody comes back without a card; what is said at the
// door is true for everybody.
func TestLeaving(t *testing.T) {
	h := readyHouse(t)
	guest, cookie := h.guest()
	here, err := h.deps.Accounts.BySession(t.Context(), strings.TrimPrefix(cookie, "session="))
	h.must(err)
	h.shows("/signin", cookie, 200, "入ると、いっしょになります")
	for _, way := range []string{"/signout", "/me/sessions/" + here.ID + "/end"} {
		if to := h.sent(way, url.Values{}, cookie); to != "/signout" {
			t.Errorf("%s leads to %s", way, to)
		}
	}
	h.shows("/signout", cookie, 200, "もう戻れません", "/start", `name="sure"`)
	if h.account(guest).State != accounts.Guest {
		t.Error("no account any more")
	}
	_, learner := h.learner("北見", "花子", "きたみ", kitami)
	if res, _ := h.get("/signout", learner); res.StatusCode != 303 || res.Header.Get("Location") != "/me" {
		t.Errorf("a learner is asked: %d", res.StatusCode)
	}
	for cookie, c := range map[string]struct{ sure, says, not string }{
		cookie: {"yes", "はじめから読めます", "受講カード"}, learner: {"", "受講カードで入れます", ""}, h.desk: {"", "職員の方", "受講カード"},
	} {
		res, _ := h.send("/signout", url.Values{"sure": {c.sure}}, cookie)
		if res.StatusCode != 303 || res.Header.Get("Location") != "/" {
			t.Fatal(res.StatusCode, res.Header)
		}
		_, body := h.get("/", cookieOf(res, flashCookie))
		_, said, _ := strings.Cut(body, `role="status"`)
		said, _, _ = strings.Cut(said, "</div>")
		if !strings.Contains(said, c.says) || c.not != "" && strings.Contains(said, c.not) {
			t.Errorf("says %q", said)
		}
		if res, _ := h.get("/me/sessions", cookie); res.StatusCode != 303 {
			t.Errorf("still in: %d", res.StatusCode)
		}
	}
}

func TestMeBadInput(t *testing.T) {
	h := readyHouse(t)
	id, cookie := h.learner("北見", "花子", "きたみ", kitami)
	for _, c := range []struct{ field, value, says string }{
		{"printed_name", "花子😀", "印刷できません"},
		{"printed_name", strings.Repeat("長", 61), "60文字まで"},
		{"residence", "", "お住まいの市町村を選んでください"},
		{"residence", "999999", "お住まいの市町村を選んでください"},
		{"age_band", "", "年代を選んでください"},
		{"age_band", "-1", "年代を選んでください"},
	} {
		form := profileForm("1")
		form.Set(c.field, c.value)
		res, body := h.send("/me", form, cookie)
		if res.StatusCode != 422 {
			t.Errorf("%s %q: %d", c.field, c.value, res.StatusCode)
		}
		h.has(body, c.says, `aria-invalid="true"`)
	}
	if res, _ := h.send("/me", url.Values{"version": {"x"}}, cookie); res.StatusCode != 400 {
		t.Errorf("a version that is no number: %d", res.StatusCode)
	}
	if res, _ := h.send("/me", profileForm("1"), ""); res.StatusCode != 401 {
		t.Errorf("without a session: %d", res.StatusCode)
	}
	if a := h.account(id); a.Version != 1 {
		t.Error("something was written")
	}
}

// Who chooses a form of the name that can be printed has the waiting certificate.
func TestChoosingAPrintableNameIssuesWhatWaited(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		h := newHouse(t, db)
		id, cookie := h.learner("北見", "花子", "きたみ", kitami)
		h.must(h.rename(id, "花𰻞"))
		h.finish(id)
		h.shows("/certificates", cookie, 200, "発行待ち")
		h.sent("/me", url.Values{"printed_name": {"北見 花子"}, "residence": {kitami}, "age_band": {"70"}, "version": {"1"}}, cookie)
		if cert := h.newest(id); cert.Printed.Name != "北見 花子" {
			t.Errorf("%+v", cert.Printed)
		}
	})
}

// rename writes a name that the font lacks, as one that an older program took.
func (h *house) rename(id, given string) error {
	return h.db.Tx(h.t.Context(), func(tx *gorm.DB) error {
		return tx.Exec("UPDATE accounts SET given_name = ? WHERE id = ?", given, id).Error
	})
}

func TestMeOfGuestsAndStaff(t *testing.T) {
	h := readyHouse(t)
	_, guest := h.guest()
	body := h.shows("/me", guest, 200, "まだうかがっていません", "/start?back=/me", "/me/download", "/me/delete")
	h.lacks(body, "受講番号", `name="residence"`, "/me/email")
	body = h.shows("/me", h.desk, 200, "窓口 次郎", "/me/sessions", "/me/download")
	h.lacks(body, "受講カード", `name="residence"`)
	for _, cookie := range []string{guest, h.desk} {
		for _, path := range []string{"/me/email", "/me/contact"} {
			if res, _ := h.get(path, cookie); res.StatusCode != 303 || res.Header.Get("Location") != "/me" {
				t.Errorf("%s: %d", path, res.StatusCode)
			}
		}
		for _, path := range []string{"/me", "/me/email", "/me/email/code", "/me/email/remove", "/me/contact"} {
			if to := h.sent(path, profileForm("1"), cookie); to != "/me" {
				t.Errorf("%s leads to %s", path, to)
			}
		}
	}
	for _, path := range []string{"/me", "/me/email", "/me/sessions", "/me/contact", "/me/download", "/me/download/record.pdf", "/me/download/record.zip", "/me/delete"} {
		if res, _ := h.get(path, ""); res.StatusCode != 303 || !strings.HasPrefix(res.Header.Get("Location"), "/signin?back=") {
			t.Errorf("%s without a session: %d", path, res.StatusCode)
		}
	}
}

func TestMeEmail(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		h := newHouse(t, db)
		id, cookie := h.learner("北見", "花子", "きたみ", kitami)
		h.shows("/me/email", cookie, 200, "登録していません")
		res, body := h.send("/me/email", url.Values{"email": {"花子"}}, cookie)
		if res.StatusCode != 422 {
			t.Errorf("not an address: %d", res.StatusCode)
		}
		h.has(body, "メールアドレスの形", `value="花子"`)

		asked, code := h.askEmail(cookie, "hanako@example.jp")
		if h.account(id).Email != "" {
			t.Error("the address counts before it is confirmed")
		}
		res, body = h.send("/me/email/code", url.Values{"email": {"hanako@example.jp"}, "code": {"12345"}}, cookie+"; "+asked)
		if res.StatusCode != 422 {
			t.Errorf("a wrong code: %d", res.StatusCode)
		}
		h.has(body, "数字がちがう", "hanako@example.jp")
		if res, _ := h.send("/me/email/code", url.Values{"code": {code}}, cookie); res.StatusCode != 410 {
			t.Errorf("in another browser: %d", res.StatusCode)
		}
		_, jiro := h.learner("山田", "次郎", "やまだ", kitami)
		if res, _ := h.send("/me/email/code", url.Values{"code": {code}}, jiro+"; "+asked); res.StatusCode != 410 {
			t.Errorf("somebody else with the code: %d", res.StatusCode)
		}
		if to := h.sent("/me/email/code", url.Values{"code": {code}}, cookie+"; "+asked); to != "/me/email" {
			t.Errorf("leads to %s", to)
		}
		h.shows("/me/email", cookie, 200, "hanako@example.jp", "消す")
		if res, _ := h.send("/me/email/code", url.Values{"code": {code}}, cookie+"; "+asked); res.StatusCode != 410 {
			t.Errorf("the same code again: %d", res.StatusCode)
		}

		asked, code = h.askEmail(cookie, "kitami@example.jp")
		h.sent("/me/email/code", url.Values{"code": {code}}, cookie+"; "+asked)
		if mail := h.mail("hanako@example.jp"); !strings.Contains(mail, "別のアドレス") {
			t.Errorf("the old address was not told: %q", mail)
		}
		h.sent("/me/email/remove", nil, cookie)
		h.sent("/me/email/remove", nil, cookie)
		if h.account(id).Email != "" {
			t.Error("the address is still there")
		}
	})
}

// askEmail has a code sent and gives it with the cookie that it is bound to.
func (h *house) askEmail(cookie, address string) (asked, code string) {
	h.t.Helper()
	res, body := h.send("/me/email", url.Values{"email": {address}}, cookie)
	if res.StatusCode != 200 || !strings.Contains(body, address) {
		h.t.Fatalf("%d %s", res.StatusCode, mainOf(body))
	}
	return cookieOf(res, askedCookie), sixDigits.FindString(h.mail(address))
}

func TestMeSessions(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		h := newHouse(t, db)
		id, cookie := h.learner("北見", "花子", "きたみ", kitami)
		_, jiro := h.learner("山田", "次郎", "やまだ", kitami)
		h.signInElsewhere(id, "Mac", 40*24*time.Hour)
		h.signInElsewhere(id, "iPad", 3*24*time.Hour)
		last := h.signInElsewhere(id, "iPhone", 25*time.Hour)
		body := h.shows("/me/sessions", cookie, 200, "Androidのスマホ", "いま使っています", "さいごに使ったのは、きのう", "3日前", "2026年10月14日")
		if strings.Count(body, "いま使っています") != 1 {
			t.Error("not exactly one is this one")
		}
		h.lacks(body, "TokenSHA256", strings.TrimPrefix(last, "session="))

		theirs, err := h.deps.Accounts.Sessions(t.Context(), id)
		h.must(err)
		h.sent("/me/sessions/"+theirs[1].ID+"/end", nil, jiro) // no session of 次郎's
		h.shows("/me", last, 200)
		h.sent("/me/sessions/"+theirs[1].ID+"/end", nil, cookie)
		h.sent("/me/sessions/"+theirs[1].ID+"/end", nil, cookie)
		if res, _ := h.get("/me", last); res.StatusCode != 303 {
			t.Errorf("the ended session: %d", res.StatusCode)
		}
		h.sent("/me/sessions/end", nil, cookie)
		h.sent("/me/sessions/end", nil, cookie)
		h.lacks(h.shows("/me/sessions", cookie, 200, "ほかには、ありません"), "iPad")
		h.shows("/me", jiro, 200)

		if to := h.sent("/me/sessions/"+theirs[0].ID+"/end", nil, cookie); to != "/" {
			t.Errorf("ending one's own leads to %s", to)
		}
		if res, _ := h.get("/me", cookie); res.StatusCode != 303 {
			t.Errorf("one's own session lives: %d", res.StatusCode)
		}
	})
}

// signInElsewhere signs the person in on another device, last used a while ago.
func (h *house) signInElsewhere(id, device string, ago time.Duration) string {
	h.t.Helper()
	a := h.account(id)
	asked, err := h.deps.Accounts.AskEmail(h.t.Context(), id, accounts.EmailForm{Email: "hanako@example.jp"}, device)
	h.must(err)
	h.must(h.deps.Accounts.ConfirmEmail(h.t.Context(), id, asked, sixDigits.FindString(h.mail("hanako@example.jp"))))
	asked, err = h.deps.Accounts.AskCode(h.t.Context(), accounts.EmailForm{Email: "hanako@example.jp"}, device)
	h.must(err)
	secret, _, err := h.deps.Accounts.SignInCode(h.t.Context(), asked, sixDigits.FindString(h.mail("hanako@example.jp")), accounts.Visit{Device: device})
	h.must(err)
	h.must(h.db.Tx(h.t.Context(), func(tx *gorm.DB) error {
		return tx.Exec("UPDATE sessions SET seen_at = ? WHERE account_id = ? AND device = ?", h.db.Now().Add(-ago), a.ID, device).Error
	}))
	return "session=" + secret
}

func TestAgo(t *testing.T) {
	now := time.Date(2026, 11, 22, 15, 30, 0, 0, time.UTC) // half past midnight on the 23rd in Japan
	for back, want := range map[time.Duration]string{
		-time.Minute: "きょう", 0: "きょう", 29 * time.Minute: "きょう", 31 * time.Minute: "きのう", 24 * time.Hour: "きのう",
		25 * time.Hour: "2日前", 30 * 24 * time.Hour: "30日前", 31 * 24 * time.Hour: "2026年10月23日",
	} {
		if got := ago(now.Add(-back), now); got != want {
			t.Errorf("%v: %s, want %s", back, got, want)
		}
	}
}

func TestMeContact(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		h := newHouse(t, db)
		id, cookie := h.learner("北見", "花子", "きたみ", kitami)
		form := url.Values{"how": {"mail"}, "contact": {"hanako@example.jp"}}
		h.lacks(h.shows("/me/contact", cookie, 200, "修了のあとに選べます"), `name="contact"`)
		h.sent("/me/contact", form, cookie)
		if _, err := h.deps.Accounts.Contact(t.Context(), id); err == nil {
			t.Error("agreed before the course was finished")
		}
		h.finish(id)
		h.shows("/me/contact", cookie, 200, "北見市", "だれに伝わりますか", "オホーツクつながり協議会の管理者", `name="contact"`)
		for _, c := range []struct{ how, contact, says string }{
			{"", "hanako@example.jp", "受け取り方を選んでください"},
			{"fax", "0157-00-0000", "受け取り方を、並んでいる中から"},
			{"mail", "", "連絡先を入力してください"},
			{"mail", "花子", "メールアドレスの形"},
			{"phone", "花子", "電話番号"},
			{"letter", strings.Repeat("長", 201), "200文字まで"},
		} {
			res, body := h.send("/me/contact", url.Values{"how": {c.how}, "contact": {c.contact}}, cookie)
			if res.StatusCode != 422 {
				t.Errorf("%s %s: %d", c.how, c.contact, res.StatusCode)
			}
			h.has(body, c.says)
		}
		h.sent("/me/contact", form, cookie)
		h.sent("/me/contact", form, cookie)
		h.shows("/me/contact", cookie, 200, "受け取ることになっています", "hanako@example.jp", "令和8年11月23日", "/me/contact/withdraw")

		h.sent("/me", url.Values{"residence": {abashiri}, "age_band": {"70"}, "version": {"1"}}, cookie)
		h.shows("/me/contact", cookie, 200, "北見市からの連絡は、止まっています", "網走市", "あらためて")
		h.sent("/me/contact/withdraw", nil, cookie)
		h.sent("/me/contact/withdraw", nil, cookie)
		h.lacks(h.shows("/me/contact", cookie, 200, "網走市から"), "止まっています", "hanako@example.jp")

		h.sent("/me", url.Values{"residence": {"p13"}, "age_band": {"70"}, "version": {"2"}}, cookie)
		h.lacks(h.shows("/me/contact", cookie, 200, "この都道府県の市町村にお住まいの方だけ"), `name="contact"`)
		if res, _ := h.send("/me/contact", form, cookie); res.StatusCode != 409 {
			t.Errorf("from elsewhere: %d", res.StatusCode)
		}
	})
}
