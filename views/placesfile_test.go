package views

import (
	"bytes"
	"html"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"tsunagari/courses/accounts"
)

var hidden = regexp.MustCompile(`name="(kept|plan)" value="([^"]*)"`)

// carriedOn is what a preview hands to the import.
func carriedOn(body string) url.Values {
	form := url.Values{"do": {"import"}}
	for _, m := range hidden.FindAllStringSubmatch(body, -1) {
		form.Set(m[1], html.UnescapeString(m[2]))
	}
	return form
}

func TestPlacesFiles(t *testing.T) {
	h := readyHouse(t)
	h.list()
	_, err := h.deps.Accounts.AddPlace(t.Context(), h.access(h.desk), kitami, accounts.PlaceInput{Kind: accounts.Everyday, Name: "=HYPERLINK", ForWhom: "＋だれでも"})
	h.must(err)
	at := "/municipality/places/" + kitami
	res, sheet := h.get(at+"/places.xlsx", h.desk)
	if res.StatusCode != 200 || !strings.Contains(res.Header.Get("Content-Disposition"), "tsunagari_places_012084.xlsx") {
		t.Errorf("%d %v", res.StatusCode, res.Header)
	}
	x, err := excelize.OpenReader(strings.NewReader(sheet))
	h.must(err)
	rows, err := x.GetRows("つながり先")
	h.must(err)
	if len(rows) != 6 || rows[1][1] != kitami {
		t.Errorf("%q", rows)
	}
	for r, row := range rows {
		for c := range row {
			cell, _ := excelize.CoordinatesToCellName(c+1, r+1)
			if formula, _ := x.GetCellFormula("つながり先", cell); formula != "" {
				t.Errorf("%s has the formula %q", cell, formula)
			}
		}
	}
	_, csv := h.get(at+"/places.csv", h.desk)
	h.has(csv, "\ufeff番号,全国地方公共団体コード", ",'=HYPERLINK,'＋だれでも,", "\r\n")
	for _, file := range []string{sheet, csv} {
		_, body := do(t, h.app, sendFile(at+"/import", nil, "file", []byte(file), h.desk))
		h.has(body, "5行を読みました", "増えるところ0件、変わるところ0件、同じところ5件", "いまの一覧と同じなので")
	}
	changed := strings.Replace(csv, "お茶の間サロン", "お茶の間カフェ", 1) + ",,,居場所,新しい畑,,毎日,,,,\r\n"
	_, body := do(t, h.app, sendFile(at+"/import", nil, "file", []byte(changed), h.desk))
	h.has(body, "増えるところ1件、変わるところ1件、同じところ4件", "新しい畑", "毎日", "このとおりに入れる")
	h.lacks(h.shows("/places/"+kitami, "", 200), "新しい畑")
	if to := h.posts(at+"/import", h.desk, carriedOn(body)); to != at {
		t.Errorf("leads to %s", to)
	}
	h.shows("/places/"+kitami, "", 200, "新しい畑", "お茶の間カフェ")
	if res, _ := h.send(at+"/import", carriedOn(body), h.desk); res.StatusCode != 409 {
		t.Errorf("a plan that is over: %d", res.StatusCode)
	}
	res, body = do(t, h.app, sendFile(at+"/import", nil, "file", []byte("種類,名前,確認日\r\n公園,,きのう\r\n居場所,よい畑,\r\n"), h.desk))
	if res.StatusCode != 422 {
		t.Errorf("a wrong row: %d", res.StatusCode)
	}
	h.has(body, "2行目", "種類を、並んでいる中から選んでください。", "名前を入力してください。", "確認日を、2026-11-23のように入れてください。", "まだ何も入れていません")
	h.lacks(body, "このとおりに入れる")
	for _, file := range [][]byte{nil, []byte("x"), []byte("PK\x03\x04x"), bytes.Repeat([]byte("種類,名前\r\n"), 1002)} {
		if res, body := do(t, h.app, sendFile(at+"/import", nil, "file", file, h.desk)); res.StatusCode != 422 || !strings.Contains(body, `id="file-error"`) {
			t.Errorf("%.20q: %d", file, res.StatusCode)
		}
	}
	for _, path := range []string{"/places.xlsx", "/places.csv", "/import"} {
		h.shows(at+path, h.other, 404)
	}
	if res, _ := do(t, h.app, sendFile(at+"/import", nil, "file", []byte(csv), h.other)); res.StatusCode != 404 {
		t.Errorf("another desk's file: %d", res.StatusCode)
	}
}
