package views

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"tsunagari/courses/accounts"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

// Every address of staff: nobody is led to the door of staff, a learner and staff
// of another role find nothing there; whoever may come in finds a page.
func TestStaffAddressesByRole(t *testing.T) {
	h := readyHouse(t)
	_, hanako, _ := h.hanako()
	_, officerCookie := h.staff("北見市の担当", accounts.Officer, kitami, "市役所", "五郎")
	s := &site{Deps: h.deps}
	n := 0
	for _, r := range s.routes() {
		if r.rule&^staff != 0 {
			continue
		}
		n++
		path := regexp.MustCompile(`:[a-z]+`).ReplaceAllString(r.path, "x")
		plain := path == r.path
		for role, c := range map[Rule]struct{ name, cookie string }{
			0: {"nobody", ""}, learner: {"learner", hanako}, desk: {"desk", h.desk}, officer: {"officer", officerCookie}, admin: {"admin", h.admin},
		} {
			may := r.rule&role != 0 || role == admin
			if r.method != get {
				res, _ := h.send(path, nil, c.cookie)
				if want := map[bool]int{true: 401, false: 404}[role == 0]; !may && res.StatusCode != want {
					t.Errorf("%s %s as %s: %d, want %d", r.method, r.path, c.name, res.StatusCode, want)
				}
				continue
			}
			res, body := h.get(path, c.cookie)
			switch {
			case role == 0 && (res.StatusCode != 303 || !strings.HasPrefix(res.Header.Get("Location"), "/signin/staff?back=")):
				t.Errorf("%s as nobody: %d %s", r.path, res.StatusCode, res.Header.Get("Location"))
			case role != 0 && !may && res.StatusCode != 404:
				t.Errorf("%s as %s: %d, want 404", r.path, c.name, res.StatusCode)
			case may && plain && res.StatusCode != 200 && res.StatusCode != 303:
				t.Errorf("%s as %s: %d %s", r.path, c.name, res.StatusCode, mainOf(body))
			case may && !plain && res.StatusCode != 404:
				t.Errorf("%s of nobody as %s: %d, want 404", r.path, c.name, res.StatusCode)
			}
			if may && res.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s may be kept: %q", r.path, res.Header.Get("Cache-Control"))
			}
		}
	}
	if n < 50 {
		t.Errorf("%d addresses of staff", n)
	}
}

func TestAdminSaysHowBackupsGo(t *testing.T) {
	h := readyHouse(t)
	h.shows("/admin", h.admin, 200, "夜のバックアップを取らない設定")
	state, err := Backup{}, error(nil)
	h.deps.Backup = func(context.Context) (Backup, error) { return state, err }
	h.app = New(h.deps)
	h.shows("/admin", h.admin, 200, "まだ取っていません")
	state = Backup{LastGood: storagetest.Start.Add(-9 * time.Hour), Size: 2_345_678}
	h.shows("/admin", h.admin, 200, "さいごの成功：2026年11月23日 03時00分（2.3MB）")
	state.LastGood = storagetest.Start.Add(-50 * time.Hour)
	h.shows("/admin", h.admin, 200, "2日以上、新しいバックアップがありません")
	state.FailedAt, state.Error = storagetest.Start, "no space left on device"
	h.shows("/admin", h.admin, 200, "うまくいきませんでした", "no space left on device")
	err = errors.New("the state cannot be read")
	h.shows("/admin", h.admin, 500)
}

func TestOperatorForm(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		h := newHouse(t, db)
		h.shows("/admin/operator", h.admin, 200, "オホーツクつながり協議会", `value="オホーツク総合振興局" selected`)
		form := operatorForm()
		form.Set("name", "オホーツク総合振興局")
		form.Set("hours", "")
		form.Set("version", "1")
		res, body := h.send("/admin/operator", form, h.admin)
		if res.StatusCode != 422 || !strings.Contains(body, `id="hours-error"`) {
			t.Fatalf("%d", res.StatusCode)
		}
		h.has(body, `value="オホーツク総合振興局"`)
		form.Set("hours", "平日 10時から16時")
		if res, body := h.send("/admin/operator", form, h.admin); res.StatusCode != 303 {
			t.Fatalf("%d %s", res.StatusCode, mainOf(body))
		}
		h.shows("/help", "", 200, "平日 10時から16時")
		res, body = h.send("/admin/operator", form, h.admin) // the same version again
		if res.StatusCode != 409 {
			t.Errorf("%d", res.StatusCode)
		}
		h.has(body, "ほかの画面で先に変わった", `<a href="/admin/operator">いまの内容を開く`, "平日 10時から16時")
	})
}

// sendFile is a multipart form with one file.
func sendFile(path string, form url.Values, field string, file []byte, cookie string) *http.Request {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for name, values := range form {
		for _, v := range values {
			w.WriteField(name, v)
		}
	}
	if file != nil {
		part, _ := w.CreateFormFile(field, "seal.png")
		part.Write(file)
	}
	w.Close()
	req := httptest.NewRequest(http.MethodPost, path, &b)
	req.Header.Set("Content-Type", w.FormDataContentType())
	req.Header.Set("Origin", "http://example.com")
	req.Header["Cookie"] = []string{cookie}
	return req
}

func TestIssuerAndProfile(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		h := newHouse(t, db)
		h.shows("/admin/issuers", h.admin, 200, "オホーツクつながり協議会", "運営団体")
		form := url.Values{"kind": {"municipality"}, "municipality": {""}, "name": {"北見市"}, "opted_in": {"true"}, "register_years": {"10"}}
		res, body := h.send("/admin/issuers", form, h.admin)
		if res.StatusCode != 422 || !strings.Contains(body, `id="municipality-error"`) {
			t.Fatalf("%d", res.StatusCode)
		}
		h.has(body, `value="北見市"`, `value="10" selected`, `name="opted_in" value="true" checked`)
		form.Set("municipality", kitami)
		res, body = h.send("/admin/issuers", form, h.admin)
		profiles := res.Header.Get("Location")
		if res.StatusCode != 303 {
			t.Fatal(mainOf(body))
		}
		if res, _ := h.send("/admin/issuers", form, h.admin); res.StatusCode != 409 {
			t.Errorf("the same town again: %d", res.StatusCode)
		}

		profile := url.Values{"name": {"北見市"}, "office": {"北見市長"}, "person": {"辻　直孝"}, "seal": {"picture"}, "idiom": {"administrative"}, "from_on": {"2026-04-01"}}
		res, body = do(t, h.app, sendFile(profiles, profile, "seal_picture", []byte("no picture"), h.admin))
		if res.StatusCode != 422 {
			t.Fatalf("a mayor without approval: %d", res.StatusCode)
		}
		for _, field := range []string{"approved_on", "document", "approved_by", "seal_approved_on", "seal_document", "seal_approved_by"} {
			h.has(body, `id="`+field+`-error"`)
		}
		h.has(body, `value="辻　直孝"`, `value="2026-04-01"`, `value="administrative" checked`)
		for field, value := range map[string]string{
			"approved_on": "2026-03-20", "document": "北総第12号", "approved_by": "総務課長",
			"seal_approved_on": "2026-03-21", "seal_document": "北総第13号", "seal_approved_by": "総務課長",
		} {
			profile.Set(field, value)
		}
		for name, file := range map[string][]byte{"none": nil, "no picture": []byte("<svg/>")} {
			res, body = do(t, h.app, sendFile(profiles, profile, "seal_picture", file, h.admin))
			if res.StatusCode != 422 || !strings.Contains(body, `id="seal_picture-error"`) {
				t.Errorf("%s: %d", name, res.StatusCode)
			}
		}
		var seal bytes.Buffer
		h.must(png.Encode(&seal, image.NewGray(image.Rect(0, 0, 60, 60))))
		if res, body = do(t, h.app, sendFile(profiles, profile, "seal_picture", seal.Bytes(), h.admin)); res.StatusCode != 303 {
			t.Fatalf("%d %s", res.StatusCode, mainOf(body))
		}
		issuer := strings.TrimSuffix(profiles, "/profiles")
		body = h.shows(issuer, h.admin, 200, "北見市長　辻　直孝", "北総第12号", "印影の画像", "令和8年4月1日から")
		h.has(h.shows("/admin/retention", h.admin, 200), "北見市", "10年")

		_, cookie, cert := h.hanako()
		if cert.Number != "R8-012084-0001" || cert.Printed.Person != "辻　直孝" {
			t.Errorf("%+v", cert)
		}
		h.shows("/certificates", cookie, 200, "北見市長　辻　直孝")
		h.shows("/desk/register", h.desk, 200, "北見市") // now the town's own desk keeps a register

		end := regexp.MustCompile(`action="([^"]+/end)"`).FindStringSubmatch(body)[1]
		if res, body := h.send(end, url.Values{"last_day": {"2026-03-31"}}, h.admin); res.StatusCode != 422 || !strings.Contains(body, "始まりの日より前") {
			t.Errorf("%d", res.StatusCode)
		}
		if res, _ := h.send(end, url.Values{"last_day": {"2027-03-31"}}, h.admin); res.StatusCode != 303 {
			t.Errorf("%d", res.StatusCode)
		}
		h.shows(issuer, h.admin, 200, "令和9年3月31日まで")
	})
}

// A profile issues what waited for it.
func TestProfileIssuesWhatWaited(t *testing.T) {
	h := readyHouse(t)
	h.must(endOperatorsProfile(h))
	id, cookie := h.learner("北見", "花子", "きたみ", kitami)
	h.finish(id)
	h.shows("/certificates", cookie, 200, "発行待ち")
	at := regexp.MustCompile(`/admin/issuers/[0-9a-f-]{36}`).FindString(h.shows("/admin/issuers", h.admin, 200, "いま有効な書き方がありません"))
	profile := url.Values{"name": {"新しい協議会"}, "seal": {"omitted"}, "idiom": {"friendly"}, "from_on": {"2026-11-23"}}
	if res, body := do(t, h.app, sendFile(at+"/profiles", profile, "", nil, h.admin)); res.StatusCode != 303 {
		t.Fatal(mainOf(body))
	}
	h.shows("/certificates", cookie, 200, "R8-001-0001", "新しい協議会")
}

func TestHelplinesAndTheCard(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		h := newHouse(t, db)
		form := func(name, on string) url.Values {
			return url.Values{"name": {name}, "phone": {"0157-00-0000"}, "hours": {"平日 9時から17時"}, "note": {""}, "confirmed_on": {on}}
		}
		res, body := h.send("/admin/helplines", form("よりそい電話", "2026-11-24"), h.admin)
		if res.StatusCode != 422 || !strings.Contains(body, `id="confirmed_on-error"`) {
			t.Fatalf("confirmed tomorrow: %d", res.StatusCode)
		}
		h.has(body, `value="よりそい電話"`)
		for _, name := range []string{"よりそい電話", "いのちの電話"} {
			if res, body := h.send("/admin/helplines", form(name, "2025-11-23"), h.admin); res.StatusCode != 303 {
				t.Fatal(mainOf(body))
			}
		}
		body = h.shows("/admin/helplines", h.admin, 200, "1年以上たっています")
		ids := regexp.MustCompile(`/admin/helplines/([0-9a-f-]{36})"`).FindAllStringSubmatch(body, -1)
		if len(ids) != 2 {
			t.Fatal(mainOf(body))
		}
		h.shows("/admin", h.admin, 200, "確認が要る相談窓口が2件")
		h.send("/admin/helplines/"+ids[1][1]+"/move", url.Values{"do": {"up"}}, h.admin)
		body = h.shows("/admin/helplines", h.admin, 200)
		if strings.Index(body, "いのちの電話") > strings.Index(body, "よりそい電話") {
			t.Error("it was not moved")
		}
		change := form("こころの電話", "2026-11-23")
		change.Set("version", "1")
		h.shows("/admin/helplines/"+ids[0][1], h.admin, 200, `value="よりそい電話"`)
		if res, body := h.send("/admin/helplines/"+ids[0][1], change, h.admin); res.StatusCode != 303 {
			t.Fatal(mainOf(body))
		}
		if res, _ := h.send("/admin/helplines/"+ids[0][1], change, h.admin); res.StatusCode != 409 {
			t.Errorf("an old version: %d", res.StatusCode)
		}
		h.send("/admin/helplines/"+ids[1][1]+"/remove", nil, h.admin)
		h.lacks(h.shows("/admin/helplines", h.admin, 200, "こころの電話"), "いのちの電話")

		_, cookie, cert := h.hanako()
		_, with := h.get("/certificates/"+cert.ID+".pdf?form=card", cookie)
		h.send("/admin/helplines/"+ids[0][1]+"/remove", nil, h.admin)
		if _, without := h.get("/certificates/"+cert.ID+".pdf?form=card", cookie); with == without {
			t.Error("the help line is not on the card")
		}
	})
}

func TestTownPlaces(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		h := newHouse(t, db)
		town := "/municipality/places/" + kitami
		if res, _ := h.get("/municipality/places", h.desk); res.StatusCode != 303 || res.Header.Get("Location") != town {
			t.Errorf("%d", res.StatusCode)
		}
		h.shows("/municipality/places", h.admin, 200, "北見市", "網走市")
		body := h.shows(town, h.desk, 200, "役場の福祉担当", "社会福祉協議会", "地域包括支援センター", "未確認")
		h.shows(town, h.other, 404)
		h.shows(town+"/new", h.other, 404)
		form := url.Values{"kind": {"everyday"}, "name": {""}, "for_whom": {"どなたでも"}, "hours": {"毎週水曜"}, "phone": {"0157-11-1111"}, "confirmed_on": {"2026-11-20"}}
		res, again := h.send(town, form, h.desk)
		if res.StatusCode != 422 || !strings.Contains(again, `id="name-error"`) {
			t.Fatalf("%d", res.StatusCode)
		}
		h.has(again, `value="どなたでも"`, `value="everyday" checked`)
		form.Set("name", "ふれあいサロン")
		if res, _ := h.send(town, form, h.other); res.StatusCode != 404 {
			t.Errorf("another town: %d", res.StatusCode)
		}
		if res, body := h.send(town, form, h.desk); res.StatusCode != 303 {
			t.Fatal(mainOf(body))
		}
		h.shows(town, h.admin, 200, "ふれあいサロン", "確認日 2026年11月20日")

		blank := regexp.MustCompile(`/municipality/place/[0-9a-f-]{36}`).FindString(body)
		h.shows(blank, h.other, 404)
		h.shows(blank, h.desk, 200, `value="役場の福祉担当"`)
		fill := url.Values{"kind": {"support"}, "name": {"役場 福祉課"}, "phone": {"なし"}, "version": {"1"}}
		if res, body := h.send(blank, fill, h.desk); res.StatusCode != 422 || !strings.Contains(body, `id="phone-error"`) || !strings.Contains(body, `value="役場 福祉課"`) {
			t.Errorf("%d", res.StatusCode)
		}
		fill.Set("phone", "0157-22-2222")
		if res, _ := h.send(blank, fill, h.other); res.StatusCode != 404 {
			t.Errorf("another town: %d", res.StatusCode)
		}
		if res, body := h.send(blank, fill, h.desk); res.StatusCode != 303 {
			t.Fatal(mainOf(body))
		}
		h.shows(town, h.desk, 200, "役場 福祉課", "0157-22-2222")
		if res, _ := h.send(blank+"/remove", nil, h.other); res.StatusCode != 404 {
			t.Errorf("another town: %d", res.StatusCode)
		}
		if res, _ := h.send(blank+"/remove", nil, h.desk); res.StatusCode != 303 {
			t.Errorf("%d", res.StatusCode)
		}
		h.lacks(h.shows(town, h.desk, 200, "役場の福祉担当"), "0157-22-2222")
	})
}

func TestPostForms(t *testing.T) {
	h := readyHouse(t)
	h.shows("/admin/posts", h.admin, 200, "北見市の窓口", "窓口 次郎", "管理者")
	form := url.Values{"name": {"美幌町の窓口"}, "role": {"desk"}, "office_email": {"fukushi@town.bihoro.example.jp"}, "version": {"0"}}
	res, body := h.send("/admin/posts", form, h.admin)
	if res.StatusCode != 422 || !strings.Contains(body, `id="municipalities-error"`) {
		t.Fatalf("%d %s", res.StatusCode, mainOf(body))
	}
	h.has(body, `value="美幌町の窓口"`, `value="desk" checked`)
	form["municipalities"] = []string{"015431", kitami}
	form.Set("office_email", "fukushi")
	res, body = h.send("/admin/posts", form, h.admin)
	if res.StatusCode != 422 {
		t.Fatalf("%d", res.StatusCode)
	}
	h.has(body, `value="015431" checked`, `value="012084" checked`, `id="office_email-error"`)
	form.Set("office_email", "fukushi@town.bihoro.example.jp")
	res, body = h.send("/admin/posts", form, h.admin)
	if res.StatusCode != 303 {
		t.Fatal(mainOf(body))
	}
	page := res.Header.Get("Location")
	h.shows(page, h.admin, 200, "北見市、美幌町", "いまは、だれもいません")

	edit := "/admin/posts/" + strings.TrimPrefix(page, "/staff/posts/")
	h.shows(edit, h.admin, 200, `value="015431" checked`)
	form["municipalities"] = []string{"015431"}
	form.Set("version", "1")
	if res, body := h.send(edit, form, h.admin); res.StatusCode != 303 {
		t.Fatal(mainOf(body))
	}
	if res, _ := h.send(edit, form, h.admin); res.StatusCode != 409 {
		t.Errorf("an old version: %d", res.StatusCode)
	}
	if res, _ := h.send(edit+"/end", url.Values{"why": {"統合"}}, h.admin); res.StatusCode != 303 {
		t.Errorf("%d", res.StatusCode)
	}
	h.lacks(h.shows("/admin/posts", h.admin, 200), "美幌町の窓口")
	h.shows(page, h.admin, 200, "終わった日")

	last := regexp.MustCompile(`/staff/posts/([0-9a-f-]{36})"><span>管理者<`).FindStringSubmatch(h.shows("/admin/posts", h.admin, 200))
	res, body = h.send("/admin/posts/"+last[1]+"/end", nil, h.admin)
	if res.StatusCode != 409 {
		t.Fatalf("the last administrator: %d", res.StatusCode)
	}
	h.has(body, "ひとりもいなくなってしまいます")
}

func TestAuditPages(t *testing.T) {
	h := readyHouse(t)
	by, err := h.deps.Accounts.BySession(t.Context(), strings.TrimPrefix(h.desk, "session="))
	h.must(err)
	for i := range 60 {
		_, _, err := h.deps.Accounts.Find(t.Context(), by.Access, accounts.Query{Kana: "あ", Begun: fmt.Sprintf("20%02d-01", i)})
		h.must(err)
	}
	body := h.shows("/admin/audit?act=person.find", h.admin, 200, "2059-01", "2010-01", "窓口 次郎")
	h.lacks(body, "2009-01")
	next := regexp.MustCompile(`href="(/admin/audit\?before=[^"]+)"`).FindStringSubmatch(body)
	if next == nil {
		t.Fatal(mainOf(body))
	}
	body = h.shows(strings.ReplaceAll(next[1], "&amp;", "&"), h.admin, 200, "2009-01", "2000-01")
	h.lacks(body, "2010-01", "運営団体の初期設定", "前の50件")
	h.shows("/admin/audit?before=nothing", h.admin, 404)
	h.shows("/admin/audit?actor="+by.AccountID+"&act=person.find", h.admin, 200, "2059-01", "すべてを見る")
}

func TestSamplePDF(t *testing.T) {
	h := readyHouse(t)
	for _, path := range []string{"/admin/sample.pdf", "/admin/sample.pdf?form=card"} {
		if res, pdf := h.get(path, h.admin); res.StatusCode != 200 || !strings.HasPrefix(pdf, "%PDF-") {
			t.Errorf("%s: %d", path, res.StatusCode)
		}
	}
}

// What the page says is what the program does.
func TestRetentionSaysWhatIsDone(t *testing.T) {
	h := readyHouse(t)
	body := h.shows("/admin/retention", h.admin, 200,
		fmt.Sprintf("使ってから%d日", accounts.GuestLife/(24*time.Hour)), fmt.Sprintf("使ってから%d日、職員は%d時間", accounts.LearnerLife/(24*time.Hour), accounts.StaffLife/time.Hour),
		fmt.Sprintf("<td>%d日（", accounts.GuessLife/(24*time.Hour)), "作っていません")
	h.lacks(body, "回分")
	h.deps.Backup = func(context.Context) (Backup, error) { return Backup{Keep: 3}, nil }
	h.app = New(h.deps)
	h.shows("/admin/retention", h.admin, 200, "新しいもの3回分")
}
