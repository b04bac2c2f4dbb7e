package views

import (
	"encoding/csv"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"tsunagari/courses/accounts"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

func TestDeskFindsItsOwnPeople(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		h := newHouse(t, db)
		hanako, _, _ := h.hanako()
		jiro, _ := h.learner("北野", "次郎", "きたの", abashiri)

		body := h.shows("/desk?kana="+url.QueryEscape("キタ"), h.desk, 200, "さがした結果", "/desk/people/"+hanako, "北見 花子", "北見市")
		h.lacks(body, "北野", "網走市に")
		body = h.shows("/desk?kana="+url.QueryEscape("きた"), h.admin, 200, "/desk/people/"+hanako, "/desk/people/"+jiro)
		h.has(body, "2人")
		h.shows("/desk?kana="+url.QueryEscape("きた")+"&municipality="+abashiri, h.desk, 200, "見つかりませんでした")
		h.shows("/desk?kana="+url.QueryEscape("きたみ")+"&begun=2026-11", h.desk, 200, "北見 花子")
		h.shows("/desk?kana="+url.QueryEscape("きたみ")+"&begun=2026-10", h.desk, 200, "見つかりませんでした")

		res, body := h.get("/desk?kana="+url.QueryEscape("北見"), h.desk)
		if res.StatusCode != 422 {
			t.Errorf("kanji: %d", res.StatusCode)
		}
		h.has(body, `value="北見"`, "ひらがなで")
		if res, _ := h.get("/desk?kana=", h.desk); res.StatusCode != 422 {
			t.Errorf("nothing typed: %d", res.StatusCode)
		}

		body = h.shows("/desk/people/"+hanako, h.desk, 200, "北見 花子", "きたみ はなこ", "北見市", "R8-001-0001")
		h.lacks(body, "70代", "@")
		h.shows("/desk/people/"+jiro, h.desk, 404)
		h.shows("/desk/people/nobody", h.desk, 404)
		h.shows("/admin/audit", h.admin, 200, "受講者の検索", "受講者の内容の表示", "窓口 次郎")
	})
}

var (
	numberOnCard = regexp.MustCompile(`class="number">([0-9-]+)<`)
	listedWord   = regexp.MustCompile(`<li>([ぁ-ゖー]+)</li>`)
)

func TestDeskMakesANewCard(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		h := newHouse(t, db)
		id, old, _ := h.hanako()
		to := "/desk/people/" + id + "/card"

		res, body := h.send(to, url.Values{"why": {""}}, h.desk)
		if res.StatusCode != 422 {
			t.Fatalf("without a reason: %d", res.StatusCode)
		}
		h.has(body, "わけを入力してください")
		if res, _ := h.send(to, url.Values{"why": {"紛失"}}, h.other); res.StatusCode != 404 {
			t.Errorf("another town's desk: %d", res.StatusCode)
		}

		res, body = h.send(to, url.Values{"why": {"紛失、本人を確認"}}, h.desk)
		if res.StatusCode != 200 || res.Header.Get("Cache-Control") != "no-store" || res.Header.Get("Content-Encoding") != "" {
			t.Fatalf("%d %v", res.StatusCode, res.Header)
		}
		number := numberOnCard.FindStringSubmatch(body)
		var words []string
		for _, m := range listedWord.FindAllStringSubmatch(body, -1) {
			words = append(words, m[1])
		}
		if len(number) != 2 || len(words) != 4 {
			t.Fatalf("number %v words %v in %s", number, words, mainOf(body))
		}
		if res, _ := h.get("/certificates", old); res.StatusCode != 303 {
			t.Errorf("the old session goes on: %d", res.StatusCode)
		}
		res, _ = h.send("/signin/card", url.Values{"number": {number[1]}, "words": {strings.Join(words, " ")}}, "")
		if res.StatusCode != 303 || sessionOf(res) == "" {
			t.Fatalf("the new card: %d", res.StatusCode)
		}
		h.shows("/certificates", sessionOf(res), 200, "北見　花子")
		h.shows("/admin/audit", h.admin, 200, "新しい受講カード", "紛失、本人を確認")
	})
}

func TestDeskPrintsAndWritesItDown(t *testing.T) {
	h := readyHouse(t)
	_, _, cert := h.hanako()
	path := "/desk/certificates/" + cert.ID + ".pdf"
	h.shows(path, h.other, 404)
	res, pdf := h.get(path, h.desk)
	if res.StatusCode != 200 || res.Header.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(pdf, "%PDF-") || res.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%d %v", res.StatusCode, res.Header)
	}
	h.shows("/admin/audit", h.admin, 200, "修了証の印刷")
}

func TestDeskCorrectsAName(t *testing.T) {
	h := readyHouse(t)
	id, _, cert := h.hanako()
	to := "/desk/people/" + id + "/name"
	h.shows(to, h.desk, 200, `value="花子"`)
	h.shows(to, h.other, 404)
	form := correctionForm()
	form.Set("reason", "")
	res, body := h.send(to, form, h.desk)
	if res.StatusCode != 422 {
		t.Errorf("%d", res.StatusCode)
	}
	h.has(body, `value="華子"`, "理由を入力してください")
	form.Set("reason", "戸籍の字に直した")
	if res, _ := h.send(to, form, h.other); res.StatusCode != 404 {
		t.Errorf("another town's desk: %d", res.StatusCode)
	}
	if res, body := h.send(to, form, h.desk); res.StatusCode != 303 {
		t.Fatalf("%d %s", res.StatusCode, mainOf(body))
	}
	if next := h.newest(id); next.Number == cert.Number || next.Printed.Name != "北見　華子" {
		t.Errorf("%+v", next)
	}
}

func TestRegisterFile(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		h := newHouse(t, db)
		id, _, cert := h.hanako()
		form := correctionForm()
		form.Set("printed_name", "=北見 華子")
		form.Set("reason", "+戸籍の字に直した")
		if res, body := h.send("/desk/people/"+id+"/name", form, h.desk); res.StatusCode != 303 {
			t.Fatal(mainOf(body))
		}
		issuers, err := h.deps.Certificates.Issuers(t.Context())
		h.must(err)
		path := "/desk/register/" + issuers[0].ID + ".csv?year=2026"
		h.shows(path, h.desk, 404) // the operator's register is the operator's
		h.lacks(h.shows("/desk/register", h.desk, 200), issuers[0].ID)
		h.shows("/desk/register", h.admin, 200, issuers[0].ID, "令和8年度（2026年度）")

		res, body := h.get(path, h.admin)
		if res.Header.Get("Content-Type") != "text/csv; charset=utf-8" || res.Header.Get("Content-Disposition") != `attachment; filename="register_001_R8_20261123.csv"` {
			t.Errorf("%v", res.Header)
		}
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(body, "\ufeff"))).ReadAll()
		h.must(err)
		if len(rows) != 3 || rows[0][0] != "番号" || rows[1][0] != cert.Number || rows[1][1] != "北見　花子" || rows[1][10] != "差し替え済み" || rows[1][11] != "R8-001-0002" {
			t.Fatalf("%q", rows)
		}
		if rows[1][13] != "'+戸籍の字に直した" || !strings.HasPrefix(rows[2][1], "'=北見") {
			t.Errorf("%q %q", rows[1][13], rows[2][1])
		}
		h.shows("/admin/audit", h.admin, 200, "交付台帳の書き出し", "2件")
		h.shows("/desk/register/"+issuers[0].ID+".csv?year=x", h.admin, 400)
	})
}

func TestContactsFile(t *testing.T) {
	h := readyHouse(t)
	id, _, _ := h.hanako()
	h.must(h.deps.Accounts.AgreeToContact(t.Context(), id, accounts.ContactInput{How: "letter", Contact: "=北1条1-1"}))
	h.shows("/desk/contacts", h.desk, 200, "北見市")
	for name, form := range map[string]url.Values{
		"no town":   {"municipality": {""}, "why": {"案内"}},
		"no reason": {"municipality": {kitami}, "why": {""}},
	} {
		if res, _ := h.send("/desk/contacts", form, h.desk); res.StatusCode != 422 {
			t.Errorf("%s: %d", name, res.StatusCode)
		}
	}
	form := url.Values{"municipality": {kitami}, "why": {"12月のサロンの案内"}}
	if res, _ := h.send("/desk/contacts", form, h.other); res.StatusCode != 404 {
		t.Errorf("another town's desk: %d", res.StatusCode)
	}
	res, body := h.send("/desk/contacts", form, h.desk)
	if res.StatusCode != 200 || res.Header.Get("Content-Disposition") != `attachment; filename="contacts_012084_20261123.csv"` {
		t.Errorf("%d %v", res.StatusCode, res.Header)
	}
	h.has(body, "北見 花子", "郵便", "'=北1条1-1", "2026-11-23")
	h.shows("/admin/audit", h.admin, 200, "連絡を受け取る人の名簿の閲覧", "12月のサロンの案内")
}
