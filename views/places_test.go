package views

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"tsunagari/courses/accounts"
	"tsunagari/courses/coursetest"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

const emptyList = "まだ登録がありません。役場に聞いて書きこみましょう"

// access is what a cookie's person may do.
func (h *house) access(cookie string) accounts.Access {
	h.t.Helper()
	signed, err := h.deps.Accounts.BySession(h.t.Context(), strings.TrimPrefix(cookie, "session="))
	h.must(err)
	return signed.Access
}

// list fills in one blank and adds a place of each kind, and a help line.
func (h *house) list() {
	h.t.Helper()
	by, admin := h.access(h.desk), h.access(h.admin)
	blanks, err := h.deps.Accounts.EditPlaces(h.t.Context(), by, kitami)
	h.must(err)
	h.must(h.deps.Accounts.SetPlace(h.t.Context(), by, blanks[0].ID, accounts.PlaceInput{
		Kind: accounts.Support, Name: "北見市役所 福祉課", ForWhom: "どなたでも", Hours: "平日 9時から17時", Phone: "0157-00-1111", ConfirmedOn: "2026-11-01", Version: 1,
	}))
	_, err = h.deps.Accounts.AddPlace(h.t.Context(), by, kitami, accounts.PlaceInput{
		Kind: accounts.Everyday, Name: "お茶の間サロン", Hours: "毎週水曜 13時から", Address: "北見市のどこか", ConfirmedOn: "2025-10-01",
	})
	h.must(err)
	_, err = h.deps.Accounts.AddHelpline(h.t.Context(), admin, accounts.HelplineInput{
		Name: "よりそいの電話", Phone: "0120-000-000", Hours: "24時間", ConfirmedOn: "2026-04-01",
	})
	h.must(err)
}

func TestPlaces(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		h := newHouse(t, db)
		body := h.shows("/places", "", 200, `<optgroup label="オホーツク総合振興局">`, `value="012084"`, `href="tel:110"`, `href="tel:119"`, `href="tel:189"`, "いちはやく")
		if strings.Index(body, "オホーツク総合振興局") > strings.Index(body, "石狩振興局") {
			t.Error("the home area is not first")
		}
		for _, town := range []string{"", "999999", "p13", "北見市"} {
			h.has(h.shows("/places?town="+town, "", 422), "市町村を選んでください")
		}
		res, _ := h.get("/places?town="+kitami, "")
		if res.StatusCode != 303 || res.Header.Get("Location") != "/places/"+kitami || len(res.Cookies()) > 0 {
			t.Errorf("%d %v", res.StatusCode, res.Header)
		}
		for _, path := range []string{"/places/999999", "/places/x", "/places/999999/sheet"} {
			h.shows(path, "", 404)
		}

		body = h.shows("/places/"+kitami, "", 200, "北見市のつながり先", "役場の福祉担当", "社会福祉協議会", "地域包括支援センター", "未確認", "/places/"+kitami+"/sheet")
		if n := strings.Count(body, "<p>"+emptyList+"</p>"); n != 2 {
			t.Errorf("two empty lists say so %d times", n)
		}

		h.list()
		body = h.shows("/places/"+kitami, "", 200, "北見市役所 福祉課", "どなたでも", "平日 9時から17時", `href="tel:0157001111"`, "確認日 2026年11月1日",
			"お茶の間サロン", "確認日 2025年10月1日", "1年以上たっています", "まだ書かれていないところ：社会福祉協議会、地域包括支援センター",
			"よりそいの電話", `href="tel:0120000000"`, "確認日 2026年4月1日")
		h.lacks(body, emptyList, "役場の福祉担当")
		if strings.Count(body, "1年以上たっています") != 1 {
			t.Error("more than the old one is old")
		}
		body = h.shows("/places/"+kitami+"?kind=everyday", "", 200, "お茶の間サロン")
		h.lacks(body, "北見市役所 福祉課")
		body = h.shows("/places/"+kitami+"?kind=support", "", 200, "北見市役所 福祉課")
		h.lacks(body, "お茶の間サロン")
		h.shows("/places/"+kitami+"?kind=x", "", 200, "北見市役所 福祉課", "お茶の間サロン")
		h.lacks(h.shows("/places/"+abashiri, "", 200, emptyList), "北見市役所")

		storagetest.Clock(db).Add(365 * 24 * time.Hour)
		if body := h.shows("/places/"+kitami, "", 200); strings.Count(body, "1年以上たっています") != 3 {
			t.Error("a year later not all is old")
		}
	})
}

// The sheet takes nothing and keeps nothing: it has no field and sets no cookie.
func TestPlacesSheet(t *testing.T) {
	h := readyHouse(t)
	h.has(h.shows("/places/"+kitami+"/sheet", "", 200), emptyList, "役場の福祉担当")
	h.list()
	id, cookie := h.learner("北見", "花子", "きたみ", kitami)
	before := h.account(id)
	res, body := h.get("/places/"+kitami+"/sheet", cookie)
	if res.StatusCode != 200 || len(res.Cookies()) > 0 {
		t.Fatalf("%d %v", res.StatusCode, res.Cookies())
	}
	h.has(body, "わたしのつながり先", "北見市役所 福祉課", "0157-00-1111", "2026年11月1日", "お茶の間サロン", "令和8年11月23日", "119", "よりそいの電話", "data-print")
	h.lacks(mainOf(body), "<input", "<textarea", "北見 花子")
	if after := h.account(id); !reflect.DeepEqual(after, before) {
		t.Errorf("%+v became %+v", before, after)
	}
}

// Who has registered finds the town where they live chosen.
func TestPlacesBeginAtHome(t *testing.T) {
	h := readyHouse(t)
	_, cookie := h.learner("北見", "花子", "きたみ", abashiri)
	h.shows("/places", cookie, 200, `value="012114" selected`)
	h.lacks(h.shows("/places", h.desk, 200), `value="012114" selected`)
}

func TestWhatIsOpenToday(t *testing.T) {
	h := readyHouse(t) // on a Monday
	by := h.access(h.desk)
	for name, days := range map[string][]string{"月曜サロン": {"1"}, "火曜サロン": {"2"}, "毎日の喫茶": {"1", "2", "3", "4", "5", "6", "7"}, "月に一度の会": nil} {
		_, err := h.deps.Accounts.AddPlace(t.Context(), by, kitami, accounts.PlaceInput{Kind: accounts.Everyday, Name: name, Opens: days})
		h.must(err)
	}
	all := h.shows("/places/"+kitami, "", 200, "月曜サロン", "火曜サロン", "月に一度の会", "毎日", "きょう行けるところだけを見る")
	h.lacks(all, "曜日が書かれていない")
	today := h.shows("/places/"+kitami+"?kind=everyday&open=today", "", 200, "月曜サロン", "毎日の喫茶", "きょう（月曜日）", "曜日が書かれていないところが、ほかに1か所")
	h.lacks(today, "火曜サロン", "月に一度の会", "役場の福祉担当")
	h.shows("/places/"+kitami+"?open=today&kind=support", "", 200, "きょう開いているところは、書かれていません。")
	h.shows("/places/"+kitami+"/sheet", "", 200, "毎日")
	for query, want := range map[string]string{
		"&kind=&open=": "", "&kind=everyday": "?kind=everyday", "&open=today": "?open=today", "&kind=support&open=today": "?kind=support&open=today", "&kind=x&open=x": "",
	} {
		if res, _ := h.get("/places?town="+kitami+query, ""); res.Header.Get("Location") != "/places/"+kitami+want {
			t.Errorf("%s leads to %s", query, res.Header.Get("Location"))
		}
	}
}

// What was not confirmed for long is said where its keepers begin.
func TestStalePlacesNag(t *testing.T) {
	h := readyHouse(t)
	officer := h.officer(kitami)
	h.list()
	const nag = "確認が要るつながり先が1件あります"
	h.shows("/desk", h.desk, 200, nag)
	h.shows("/municipality", officer, 200, nag)
	h.lacks(h.shows("/desk", h.other, 200), "確認が要るつながり先")
	h.shows("/places/"+kitami, "", 200, "1年以上たっています", "変わっているかもしれません")
}

// A lesson that leads to the lists leads whoever lives in a known town to its own.
func TestLessonLeadsToTheTownsPlaces(t *testing.T) {
	h := readyHouse(t)
	p := coursetest.Small("tsunagari")
	p.ID = "00000000-0000-4000-8000-000000000200"
	l := &p.Modules[0].Lessons[0]
	for tag, text := range l.Body {
		l.Body[tag] = text + "\n\n[一覧](/places)"
	}
	_, _, err := h.deps.Courses.Publish(t.Context(), p)
	h.must(err)
	_, hanako := h.learner("北見", "花子", "きたみ", kitami)
	_, tokyoite := h.learner("東京", "一郎", "とうきょう", tokyo)
	at := "/courses/tsunagari/" + l.ID
	h.shows(at, hanako, 200, "北見市のつながり先", `href="/places/012084?kind=everyday&amp;open=today"`, `href="/places/012084/sheet"`)
	for _, cookie := range []string{"", tokyoite} {
		h.lacks(h.shows(at, cookie, 200, `href="/places"`), "のつながり先</h2>")
	}
	h.lacks(h.shows("/courses/tsunagari/"+p.Modules[0].Lessons[1].ID, hanako, 200), "のつながり先</h2>")
}
