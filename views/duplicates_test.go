package views

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"tsunagari/certificates"
	"tsunagari/courses/accounts"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

// twice is somebody in 北見市 who finished the course, and registered and finished
// it again in the evening.
func (h *house) twice() (first, second, cookie string) {
	h.t.Helper()
	first, cookie, _ = h.hanako()
	storagetest.Clock(h.db).Add(10 * time.Hour)
	second, _ = h.learner("喜多見", "花子", "きたみ", kitami)
	h.finish(second)
	return first, second, cookie
}

func pairPath(a, b string) string { return "/desk/duplicates/" + a + "/" + b }

// merging is the form as the desk sends it.
func merging(why string) url.Values {
	return url.Values{"operation": {uuid.NewString()}, "why": {why}, "sure": {"yes"}}
}

func TestDeskMerges(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		h := newHouse(t, db)
		h.lacks(h.shows("/desk/duplicates", h.desk, 200, "いまは、ありません"), "つぎの20組")
		first, second, cookie := h.twice()
		one, two := h.account(first), h.account(second)
		h.shows("/desk", h.desk, 200, `href="/desk/duplicates"`)
		h.shows("/desk/duplicates", h.desk, 200, pairPath(first, second), "北見 花子・喜多見 花子", "70代", accounts.ShowNumber(one.Number))
		h.lacks(h.shows("/desk/duplicates", h.other, 200), "花子")

		path := pairPath(first, second)
		h.shows(path, h.desk, 200, "北見 花子", "喜多見 花子", "2のうち2が終わりました", "第R8-001-0001号（有効）", path+"/merge", pairPath(second, first)+"/merge", "別の人です")
		ask := path + "/merge"
		page := h.shows(ask, h.desk, 200, "番号"+accounts.ShowNumber(two.Number)+"のものだけ", "もとに戻せません",
			"北見市の修了者数（2026年11月）が、1人減ります", "第R8-001-0002号は「差し替え済み」になります")
		h.has(page, "残る第R8-001-0001号を案内", "お名前は「北見　花子」です")
		for name, form := range map[string]url.Values{
			"わけを入力してください": {"operation": {uuid.NewString()}, "why": {""}, "sure": {"yes"}},
			"同じ方だと確かめたら":  {"operation": {uuid.NewString()}, "why": {"登録し直した"}},
		} {
			res, body := h.send(ask, form, h.desk)
			if res.StatusCode != 422 {
				t.Errorf("%s: %d", name, res.StatusCode)
			}
			h.has(body, name, `value="`+form.Get("why")+`"`, "1人減ります")
		}
		if res, _ := h.send(ask, merging("登録し直した"), h.other); res.StatusCode != 404 {
			t.Errorf("another town's desk: %d", res.StatusCode)
		}
		h.shows(path+"/done", h.desk, 404)

		form := merging("登録し直したと聞いた")
		for range 2 {
			res, body := h.send(ask, form, h.desk)
			if res.StatusCode != 303 || res.Header.Get("Location") != path+"/done" {
				t.Fatalf("%d %s", res.StatusCode, mainOf(body))
			}
		}
		done := h.shows(path+"/done", h.desk, 200, "喜多見 花子さんの登録は、ひとつになりました", accounts.ShowNumber(two.Number),
			accounts.ShowNumber(one.Number), "第R8-001-0001号（有効", "第R8-001-0002号（差し替え済み、第R8-001-0001号へ）", "2のうち2が終わりました（修了）")
		h.has(done, "/desk/people/"+second)
		h.shows(path+"/done", h.other, 404)
		h.shows(pairPath(second, first)+"/done", h.desk, 404)
		if res, _ := h.get(ask, h.desk); res.StatusCode != 303 || res.Header.Get("Location") != path+"/done" { // the button Back
			t.Errorf("the form again: %d", res.StatusCode)
		}
		h.shows("/desk/duplicates", h.desk, 200, "いまは、ありません")
		h.shows("/verify/R8-001-0002", "", 200, "差し替え済み", "同じ方の修了証が2枚", "R8-001-0001")
		h.shows("/verify/R8-001-0001", "", 200, "発行済み")
		if res, _ := h.get("/certificates", cookie); res.StatusCode != 303 {
			t.Errorf("the account that ended is still in: %d", res.StatusCode)
		}
		h.shows("/admin/audit", h.admin, 200, "ふたつの登録をまとめた", "登録し直したと聞いた", "重複候補の表示")
		if list, _, err := h.deps.Certificates.Of(t.Context(), second); err != nil || len(list) != 2 || list[0].State != certificates.Replaced {
			t.Errorf("%+v %v", list, err)
		}
	})
}

func TestDeskSaysTwoPeople(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		h := newHouse(t, db)
		first, second, _ := h.twice()
		path := pairPath(first, second)
		if res, _ := h.send(path+"/different", nil, h.other); res.StatusCode != 404 {
			t.Errorf("another town's desk: %d", res.StatusCode)
		}
		for range 2 {
			if res, _ := h.send(path+"/different", nil, h.desk); res.StatusCode != 303 || res.Header.Get("Location") != "/desk/duplicates" {
				t.Errorf("%d", res.StatusCode)
			}
		}
		h.shows("/desk/duplicates", h.desk, 200, "いまは、ありません")
		h.shows("/desk/duplicates?different=true", h.desk, 200, path, "窓口で「別の人」とした組")
		page := h.shows(path, h.desk, 200, "2026年11月23日に、窓口で「別の人」としています", "を残す")
		h.lacks(page, "別の人です")
		h.shows("/desk/duplicates?page=x", h.desk, 400)
		h.shows("/desk/duplicates?page=3", h.desk, 200)
	})
}

// Nothing about a registration shows whether somebody of the same name, place and
// age is there already.
func TestStartingTwiceIsNoOracle(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		h := newHouse(t, db)
		changing := regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}|[0-9]{4}-[0-9]{4}`)
		registers := func(given string) string {
			form := url.Values{
				"operation": {uuid.NewString()}, "family_name": {"北見"}, "given_name": {given}, "family_kana": {"きたみ"}, "given_kana": {given},
				"residence": {kitami}, "age_band": {"70"}, "consent": {"yes"},
			}
			before := h.shows("/start", "", 200)
			res, body := h.send("/start", form, "")
			if res.StatusCode != 303 || body != "" {
				t.Fatalf("%d %s", res.StatusCode, mainOf(body))
			}
			_, after := h.get("/courses/supporter", sessionOf(res))
			return changing.ReplaceAllString(before+res.Header.Get("Location")+after, "-")
		}
		nobody := registers("はなこ")
		h.has(nobody, "前に始めたことがありますか", "カードで続ける", "はじめての方")
		if twice := registers("はなこ"); twice != nobody {
			t.Errorf("who is there already sees\n%s", twice)
		}
		h.shows("/desk/duplicates", h.desk, 200, "北見 はなこ")
	})
}

// What was done before signing in comes along, by words, QR and mail.
func TestSigningInBringsTheGuestAlong(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		h := newHouse(t, db)
		id, cookie := h.learner("北見", "花子", "きたみ", kitami)
		asked, code := h.askEmail(cookie, "hanako@example.jp")
		h.sent("/me/email/code", url.Values{"code": {code}}, cookie+"; "+asked)
		by, err := h.deps.Accounts.BySession(t.Context(), strings.TrimPrefix(h.admin, "session="))
		h.must(err)
		shown, err := h.deps.Accounts.NewCard(t.Context(), by.Access, id, "紛失")
		h.must(err)

		guest := func(lesson string) string {
			guestID, cookie := h.guest()
			_, err := h.deps.Courses.MarkRead(t.Context(), guestID, "supporter", lesson)
			h.must(err)
			return cookie
		}
		mailed := func(cookie string) (path string, form url.Values, cookies string) {
			res, _ := h.send("/signin/email", url.Values{"email": {"hanako@example.jp"}}, cookie)
			return "/signin/email/code", url.Values{"code": {sixDigits.FindString(h.mail("hanako@example.jp"))}}, cookie + "; " + cookieOf(res, askedCookie)
		}
		form := url.Values{"number": {shown.Number}, "words": {strings.Join(shown.Words, " ")}, "back": {"/courses/supporter"}}
		res, _ := h.send("/signin/card", form, guest("ichi-1"))
		if to := res.Header.Get("Location"); to != "/courses/supporter" {
			t.Errorf("leads to %s", to)
		}
		h.joined(res, "2のうち<b>1</b>")
		path, form, cookies := mailed(guest("ichi-motto"))
		res, _ = h.send(path, form, cookies)
		h.joined(res, "2のうち<b>1</b>")
		res, _ = h.send("/c/"+shown.Token, nil, guest("ichi-2"))
		h.joined(res, "すべて終わりました")
		if cert := h.newest(id); cert.State != certificates.Issued {
			t.Errorf("%+v", cert)
		}

		// Without a guest, or with somebody else's session, nothing comes along.
		other, otherCookie := h.learner("港", "三郎", "みなと", kitami)
		for _, c := range []string{"", otherCookie, h.desk} {
			res, _ = h.send("/c/"+shown.Token, nil, c)
			if res.StatusCode != 303 || cookieOf(res, flashCookie) != "" {
				t.Errorf("%d %v", res.StatusCode, res.Header)
			}
		}
		if a := h.account(other); a.State != accounts.Active {
			t.Errorf("%+v", a)
		}
	})
}

// joined fails unless the sign-in went well, says that the guest came along, and
// the courses say the words.
func (h *house) joined(res *http.Response, words ...string) {
	h.t.Helper()
	flash := cookieOf(res, flashCookie)
	if res.StatusCode != 303 || sessionOf(res) == "" || flash != flashCookie+"="+string(flashBrought) {
		h.t.Fatalf("%d %v", res.StatusCode, res.Header)
	}
	h.shows("/learn", sessionOf(res)+"; "+flash, 200, append(words, "さきほどまでの分も、あわせました。")...)
}

// The old card is told where to go, and a stranger with its number is not.
func TestTheCardThatEnded(t *testing.T) {
	h := readyHouse(t)
	by, err := h.deps.Accounts.BySession(t.Context(), strings.TrimPrefix(h.admin, "session="))
	h.must(err)
	first, second, _ := h.twice()
	shown, err := h.deps.Accounts.NewCard(t.Context(), by.Access, first, "紛失")
	h.must(err)
	if res, _ := h.send(pairPath(first, second)+"/merge", merging("登録し直した"), h.desk); res.StatusCode != 303 {
		t.Fatal(res.StatusCode)
	}
	right := url.Values{"number": {shown.Number}, "words": {strings.Join(shown.Words, " ")}}
	res, body := h.send("/signin/card", right, "")
	if res.StatusCode != 410 || sessionOf(res) != "" {
		t.Errorf("%d", res.StatusCode)
	}
	h.has(body, "この番号は、ほかの番号とまとめられました")
	h.lacks(body, accounts.ShowNumber(h.account(second).Number), "花子")
	other, err := h.deps.Accounts.NewCard(t.Context(), by.Access, second, "紛失")
	h.must(err)
	res, body = h.send("/signin/card", url.Values{"number": {shown.Number}, "words": {strings.Join(other.Words, " ")}}, "")
	if res.StatusCode != 422 {
		t.Errorf("%d", res.StatusCode)
	}
	h.lacks(body, "まとめられました")
	if res, body := h.send("/c/"+shown.Token, nil, ""); res.StatusCode != 410 || !strings.Contains(body, "まとめられました") {
		t.Errorf("by QR: %d", res.StatusCode)
	}
}

// What is kept about a merged person is all in their record.
func TestRecordOfAMergedPerson(t *testing.T) {
	h := readyHouse(t)
	stays, ends, cookie := h.twice()
	number := h.account(ends).Number
	if res, _ := h.send(pairPath(ends, stays)+"/merge", merging("登録し直した"), h.desk); res.StatusCode != 303 {
		t.Fatal(res.StatusCode)
	}
	files := unzip(t, second(h.get("/me/download/record.zip", cookie)))
	text := joinRows(files)
	for _, want := range []string{
		"番号" + accounts.ShowNumber(number) + "の登録をまとめた日時", "小さな講座supporter," + beforeMerge + ",,2026-11-23", "R8-001-0002,差し替え済み", "登録し直した",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	if pdf := solid(pdfText(t, second(h.get("/me/download/record.pdf", cookie)))); !strings.Contains(pdf, beforeMerge) {
		t.Error(pdf)
	}
}

func joinRows(files map[string][][]string) string {
	var b strings.Builder
	for _, rows := range files {
		for _, row := range rows {
			b.WriteString(strings.Join(row, ",") + "\n")
		}
	}
	return b.String()
}
