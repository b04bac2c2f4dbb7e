package views

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"tsunagari/courses/accounts"
)

// changing is what differs between two answers to the same request.
var changing = regexp.MustCompile(`記録の番号[^<]*<b>[^<]*</b>|[A-Z2-7]{8}|name="back" value="[^"]*"`)

// Somebody else's town, a town that does not exist and a page that does not exist
// are the same answer.
func TestOtherTownsAreNotFound(t *testing.T) {
	h := counted(t)
	officer, bureau := h.officer(kitami), h.officer(okhotskCodes()...)
	population := url.Values{"counted_on": {"2026-09-30"}, "people": {"9"}, "source": {"国勢調査"}, "version": {"0"}}
	_, none := h.get("/municipality/nothing", officer)
	none = changing.ReplaceAllString(none, "")
	for _, c := range []struct{ who, path string }{
		{officer, "/municipality/areas/" + abashiri},
		{officer, "/municipality/areas/" + abashiri + "?areas=" + kitami},
		{officer, "/municipality/areas/999999"},
		{officer, "/municipality/areas/01"},
		{officer, "/municipality/areas/" + url.PathEscape(kitami+" "+abashiri)},
		{officer, "/municipality/areas/" + abashiri + "/population"},
		{officer, "/municipality/bureaus/9"},
		{officer, "/municipality/bureaus/0"},
		{officer, "/municipality/bureaus/x"},
		{officer, "/municipality/settings/" + abashiri},
		{officer, "/municipality/areas/" + abashiri + "/closings"},
		{officer, "/desk/contacts"},
		{officer, "/desk/register"},
		{bureau, "/municipality/areas/" + sapporo},
		{bureau, "/municipality/areas/" + sapporo + "/closings"},
		{bureau, "/municipality/bureaus/1"},
		{bureau, "/municipality/settings/" + kitami},
		{h.desk, "/municipality"},
		{h.desk, "/municipality/areas/" + kitami},
		{h.desk, "/municipality/areas/" + kitami + "/population"},
		{h.desk, "/municipality/settings"},
		{h.desk, "/municipality/definitions"},
	} {
		res, body := h.get(c.path, c.who)
		if got := changing.ReplaceAllString(body, ""); res.StatusCode != 404 || mainOf(got) != mainOf(none) {
			t.Errorf("%s: %d %s", c.path, res.StatusCode, mainOf(body))
		}
	}
	for path, form := range map[string]url.Values{
		"/municipality/areas/" + abashiri + "/population":                   population,
		"/municipality/areas/" + abashiri + "/population/2026-09-30/remove": {},
		"/municipality/areas/" + kitami + "/population/2026-09-30/remove":   {},
		"/municipality/settings/" + abashiri:                                {"public": {"true"}},
	} {
		if res, _ := h.send(path, form, officer); res.StatusCode != 404 {
			t.Errorf("POST %s: %d", path, res.StatusCode)
		}
	}
	if res, _ := h.send("/municipality/settings/"+kitami, url.Values{"public": {"true"}}, bureau); res.StatusCode != 404 {
		t.Errorf("the bureau opens a town's figures: %d", res.StatusCode)
	}
	if res, _ := h.get("/municipality", ""); res.StatusCode != 303 || !strings.HasPrefix(res.Header.Get("Location"), "/signin/staff") {
		t.Errorf("nobody: %d %s", res.StatusCode, res.Header.Get("Location"))
	}
}

// No parameter widens what stands on a page.
func TestNoParameterWidensAPage(t *testing.T) {
	h := counted(t)
	officer := h.officer(kitami)
	plain := mainOf(h.shows("/municipality", officer, 200))
	for _, query := range []string{
		"areas=" + abashiri, "area=" + abashiri, "code=" + abashiri, "codes=" + kitami + "," + abashiri, "municipality=" + abashiri,
		"bureau=9", "geo=host", "course=*", "sort=total", "sort=share", "filter=" + abashiri, "as_of=2030-01-01", "period=2026-04_2026-06", "period=" + abashiri,
	} {
		if got := mainOf(h.shows("/municipality?"+query, officer, 200)); got != plain {
			t.Errorf("?%s changes the page:\n%s", query, got)
		}
	}
	if h.deps.Accounts.Show(t.Context(), accounts.Shell(), abashiri, true) != nil {
		t.Fatal("not shown")
	}
	public := mainOf(h.shows("/statistics", "", 200, "網走市"))
	for _, query := range []string{"areas=" + kitami, "code=" + kitami, "municipality=" + kitami, "sort=total"} {
		if got := mainOf(h.shows("/statistics?"+query, "", 200)); got != public || strings.Contains(got, "北見市") {
			t.Errorf("?%s changes the public page:\n%s", query, got)
		}
	}
}

func TestPopulationForm(t *testing.T) {
	h := counted(t)
	officer := h.officer(kitami)
	at := "/municipality/areas/" + kitami + "/population"
	form := url.Values{"counted_on": {"2026-09-30"}, "people": {"約1万"}, "source": {""}, "version": {"0"}}
	res, body := h.send(at, form, officer)
	if res.StatusCode != 422 {
		t.Errorf("%d", res.StatusCode)
	}
	h.has(body, "出典を入力してください。", `value="約1万"`)
	form.Set("source", "住民基本台帳")
	_, body = h.send(at, form, officer)
	h.has(body, "人口には、1人からの数を入れてください。")
	form.Set("people", "１，０００人")
	h.posts(at, officer, form)
	h.has(wordsOf(h.shows("/municipality", officer, 200)), "0.70％", "累計7人 ÷ 人口1,000人", "令和8年9月30日現在（住民基本台帳）")
	_, body = h.send(at, form, officer)
	h.has(body, "この日の人口は、もう入っています。")
	h.shows(at+"?day=2026-09-30", officer, 200, "2026年9月30日の人口を直す", `name="version" value="1"`, `value="1000"`)
	form.Set("version", "1")
	form.Set("people", "2000")
	h.posts(at, officer, form)
	h.has(wordsOf(h.shows("/municipality", officer, 200)), "0.35％")
	res, body = h.send(at, form, officer)
	if res.StatusCode != 409 {
		t.Errorf("a change of what somebody else changed: %d", res.StatusCode)
	}
	h.has(body, "ほかの画面で先に変わったようです")
	h.posts(at+"/2026-09-30/remove", officer, url.Values{})
	h.has(wordsOf(h.shows("/municipality", officer, 200)), "人口がまだ入っていないため")
}

func TestPublicStatistics(t *testing.T) {
	h := counted(t)
	h.shows("/statistics", "", 200, "公開している市町村は、まだありません。")
	if _, body := h.get("/statistics.csv", ""); strings.Count(body, "\r\n") != 1 {
		t.Errorf("nobody shows anything, and the file has\n%s", body)
	}
	officer := h.officer(kitami)
	h.shows("/municipality/settings", officer, 200, "北見市", "公開していません")
	h.shows("/municipality/settings/"+kitami, officer, 200, "1人や2人でも、そのまま出ます", "北見市の修了者数を公開する")
	h.posts("/municipality/areas/"+kitami+"/population", officer, url.Values{"counted_on": {"2026-09-30"}, "people": {"1000"}, "source": {"=HYPERLINK"}, "version": {"0"}})
	h.posts("/municipality/settings/"+kitami, officer, url.Values{"public": {"true"}})
	words := wordsOf(h.shows("/statistics", "", 200, "/statistics.csv"))
	h.has(words, "令和8年11月23日現在、累計7人、今年度4人", "公開すると決めた1市町村", "北見市人口1,000人　2026年9月30日　=HYPERLINK7400.70", "令和8年5月36")
	h.lacks(words, "網走市", "札幌市")
	res, body := h.get("/statistics.csv", "")
	if res.StatusCode != 200 || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/csv") {
		t.Errorf("%d %v", res.StatusCode, res.Header)
	}
	h.has(body, "\ufeff年度,基準日,振興局名,全国地方公共団体コード,", "\r\n2026,2026-11-23,オホーツク総合振興局,012084,北海道,北見市,4,7,0,0,1000,2026-09-30,'=HYPERLINK,0.70,速報値,居住地は受講者の申告による\r\n")
	h.posts("/municipality/settings/"+kitami, officer, url.Values{"public": {"false"}})
	h.lacks(h.shows("/statistics", "", 200, "まだありません"), "北見市")
}

// The page of definitions has every definition at its anchor, for everybody.
func TestDefinitionsPage(t *testing.T) {
	h := readyHouse(t)
	officer := h.officer(kitami)
	for path, cookie := range map[string]string{"/municipality/definitions": officer, "/statistics/definitions": ""} {
		body := h.shows(path, cookie, 200, `href="#people"`, "第1版")
		for _, key := range []string{
			"people", "once", "day", "course", "residence", "host", "method", "area", "correction", "erased", "separate", "none", "using", "held", "status", "year_before", "closing", "seal", "rule", "example",
		} {
			h.has(body, `id="`+key+`"`)
		}
	}
}

// Who signs in to a municipality's post sees the number at once.
func TestOfficerLandsOnTheNumber(t *testing.T) {
	for _, c := range []struct {
		roles Rule
		want  string
	}{
		{officer, "/municipality"}, {officer | trainer, "/municipality"}, {officer | desk, "/desk"}, {officer | admin, "/admin"}, {trainer, "/trainer"},
	} {
		if got := staffHome(Who{Roles: c.roles}, ""); got != c.want {
			t.Errorf("%b lands on %s", c.roles, got)
		}
	}
	h := readyHouse(t)
	by := h.officer(kitami)
	h.shows("/staff", by, 200, `href="/municipality"`, `href="/municipality/places"`)
	h.shows("/municipality", by, 200, `href="/municipality/places"`, `href="/staff"`)
	h.shows("/admin", h.admin, 200, `href="/municipality"`)
	h.lacks(h.shows("/desk", h.desk, 200), `href="/municipality"`)
}
