package views

import (
	"net/url"
	"strings"
	"testing"

	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

func TestVerifyByNumber(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		h := newHouse(t, db)
		_, _, cert := h.hanako()
		for _, typed := range []string{"R8-001-0001", "r8-001-0001", "第Ｒ８－００１－０００１号", " R8 ー 001 ー 0001 ", "R8−001‐0001"} {
			res, _ := h.get("/verify?number="+url.QueryEscape(typed), "")
			if res.StatusCode != 303 || res.Header.Get("Location") != "/verify/R8-001-0001" {
				t.Errorf("%q: %d %s", typed, res.StatusCode, res.Header.Get("Location"))
			}
			h.shows("/verify/"+url.PathEscape(typed), "", 200, "発行済み")
		}
		body := h.shows("/verify/"+cert.Number, "", 200, "発行済み", "小さな講座supporter", "令和8年11月", "オホーツクつながり協議会")
		h.lacks(body, "花子", "はなこ", "北見", "11月23日", *cert.Code)

		h.shows("/verify/R8-001-0002", "", 404, "該当なし", "第R8-001-0002号の修了証は、発行されていません")
		for _, typed := range []string{"123", "R8-001-0001'; --", "<script>"} {
			res, body := h.get("/verify?number="+url.QueryEscape(typed), "")
			if res.StatusCode != 422 {
				t.Errorf("%q: %d", typed, res.StatusCode)
			}
			h.has(body, "番号の形になっていません", "aria-invalid")
			h.shows("/verify/"+url.PathEscape(typed), "", 422, "番号の形になっていません")
		}
		h.shows("/verify", "", 200, "修了証の番号")
		h.has(func() string { _, b := h.get("/verify?number=abc", ""); return b }(), `value="abc"`)

		h.send("/desk/certificates/"+cert.ID+"/revoke", url.Values{"why": {"二重登録"}}, h.admin)
		body = h.shows("/verify/"+cert.Number, "", 200, "取り消し", "いまは有効ではありません")
		h.lacks(body, "二重登録", "花子")
	})
}

func TestVerifyByCode(t *testing.T) {
	h := readyHouse(t)
	_, _, cert := h.hanako()
	res, body := h.get("/v/"+*cert.Code, "")
	h.has(body, "発行済み", "北見　花子", "きたみ　はなこ", "令和8年11月23日", "オホーツクつながり協議会", "R8-001-0001", "所定の課程を修了されました")
	for name, want := range map[string]string{"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow", "ETag": ""} {
		if got := res.Header.Get(name); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
	if strings.Contains(body, "<form") {
		t.Error("without a referrer a form of this page could not be sent")
	}
	body = h.shows("/v/"+strings.Repeat("a", 26), "", 404, "該当なし")
	h.lacks(body, "花子")
}

func TestGuessingNumbersIsSlowed(t *testing.T) {
	h := readyHouse(t)
	for range verifiesPerAddress {
		h.shows("/verify/R8-001-0001", "", 404)
	}
	res, body := h.get("/verify/R8-001-0001", "")
	if res.StatusCode != 429 || res.Header.Get("Retry-After") == "" {
		t.Errorf("%d", res.StatusCode)
	}
	h.has(body, "お待ちいただいています")
}
