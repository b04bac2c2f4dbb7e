package views

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"tsunagari/courses/accounts"
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
