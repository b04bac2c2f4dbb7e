package views

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"

	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

func TestCertificatesPage(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		h := newHouse(t, db)
		id, cookie := h.learner("北見", "花子", "きたみ", kitami)
		h.shows("/certificates", cookie, 200, "修了証は、まだありません", "/courses/supporter/ichi-1")
		h.finish(id)
		cert := h.newest(id)
		h.shows("/certificates", cookie, 200,
			"R8-001-0001", "北見　花子", "令和8年11月23日", "/certificates/"+cert.ID+".svg", "/certificates/"+cert.ID+".pdf?form=card",
			"/me/contact", "/places", "/verify/R8-001-0001")
		res, svg := h.get("/certificates/"+cert.ID+".svg", cookie)
		if res.StatusCode != 200 || res.Header.Get("Content-Type") != "image/svg+xml" || !strings.Contains(svg, "<svg") || strings.Contains(svg, "style=") {
			t.Errorf("%d %v", res.StatusCode, res.Header)
		}
		for path, name := range map[string]string{"": "shuryosho-R8-001-0001.pdf", "?form=card": "shuryosho-card-R8-001-0001.pdf"} {
			res, pdf := h.get("/certificates/"+cert.ID+".pdf"+path, cookie)
			if res.StatusCode != 200 || res.Header.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(pdf, "%PDF-1.7") ||
				res.Header.Get("Content-Disposition") != `inline; filename="`+name+`"` || res.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s: %d %v", path, res.StatusCode, res.Header)
			}
		}
	})
}

func TestCertificatesOfOthersAreNone(t *testing.T) {
	h := readyHouse(t)
	_, _, cert := h.hanako()
	_, jiro := h.learner("山田", "次郎", "やまだ", kitami)
	for _, path := range []string{"/certificates/" + cert.ID + ".pdf", "/certificates/" + cert.ID + ".svg", "/certificates/nobody.pdf"} {
		h.shows(path, jiro, 404)
		h.shows(path, h.desk, 404)
		if res, _ := h.get(path, ""); res.StatusCode != 303 {
			t.Errorf("%s without a session: %d", path, res.StatusCode)
		}
	}
}

// An ended certificate is explained and not printed.
func TestEndedCertificates(t *testing.T) {
	h := readyHouse(t)
	_, cookie, cert := h.hanako()
	if res, _ := h.send("/desk/certificates/"+cert.ID+"/revoke", url.Values{"why": {"二重に登録していたため"}}, h.admin); res.StatusCode != 303 {
		t.Fatal(res.StatusCode)
	}
	body := h.shows("/certificates", cookie, 200, "取り消されました。理由：二重に登録していたため")
	h.lacks(body, cert.ID+".pdf")
	if res, _ := h.get("/certificates/"+cert.ID+".pdf", cookie); res.StatusCode != 303 {
		t.Errorf("%d", res.StatusCode)
	}
}

func correctionForm() url.Values {
	return url.Values{
		"family_name": {"北見"}, "given_name": {"華子"}, "family_kana": {"きたみ"}, "given_kana": {"はなこ"},
		"printed_name": {""}, "note": {"「花」ではなく「華」です"},
	}
}

func TestCorrectionFromRequestToNewCertificate(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		h := newHouse(t, db)
		id, cookie, old := h.hanako()
		h.shows("/certificates/correction", cookie, 200, `value="北見"`, `value="花子"`, `value="きたみ"`)

		form := correctionForm()
		form.Set("given_name", "華😀")
		res, body := h.send("/certificates/correction", form, cookie)
		if res.StatusCode != 422 {
			t.Fatalf("%d", res.StatusCode)
		}
		h.has(body, "😀", "印刷できません", `value="華😀"`, "「花」ではなく「華」です", `aria-invalid="true"`)

		if res, body := h.send("/certificates/correction", correctionForm(), cookie); res.StatusCode != 303 {
			t.Fatalf("%d %s", res.StatusCode, body)
		}
		h.shows("/certificates", cookie, 200, "お名前の直しを受け付けています", "北見 華子")
		h.shows("/certificates/correction", cookie, 200, "前の申し出", `value="華子"`)

		list := h.shows("/desk", h.desk, 200, "お名前の直しの申し出", "北見 華子")
		h.lacks(h.shows("/desk", h.other, 200), "北見 華子")
		_, rest, _ := strings.Cut(list, `/desk/corrections/`)
		request, _, _ := strings.Cut(rest, `"`)
		h.shows("/desk/corrections/"+request, h.other, 404)
		h.shows("/desk/corrections/"+request, h.desk, 200, "北見 花子", "北見 華子", "「花」ではなく「華」です")

		res, body = h.send("/desk/corrections/"+request, url.Values{"do": {"accept"}, "reason": {""}}, h.desk)
		if res.StatusCode != 422 {
			t.Errorf("without a reason: %d", res.StatusCode)
		}
		h.has(body, "理由を入力してください")
		if res, _ := h.send("/desk/corrections/"+request, url.Values{"do": {"accept"}, "reason": {"戸籍で確かめた"}}, h.other); res.StatusCode != 404 {
			t.Errorf("another town's desk: %d", res.StatusCode)
		}
		if res, body := h.send("/desk/corrections/"+request, url.Values{"do": {"accept"}, "reason": {"戸籍で確かめた"}}, h.desk); res.StatusCode != 303 {
			t.Fatalf("%d %s", res.StatusCode, body)
		}
		cert := h.newest(id)
		if cert.ID == old.ID || cert.Printed.Name != "北見　華子" {
			t.Errorf("%+v", cert)
		}
		h.shows("/certificates", cookie, 200, "お名前を直しました", cert.Number, "差し替えました", "新しい番号：第"+cert.Number+"号")
		h.shows("/verify/"+old.Number, "", 200, "差し替え済み", cert.Number)
	})
}

func TestCorrectionDeclined(t *testing.T) {
	h := readyHouse(t)
	_, cookie, cert := h.hanako()
	h.send("/certificates/correction", correctionForm(), cookie)
	_, rest, _ := strings.Cut(h.shows("/desk", h.desk, 200), `/desk/corrections/`)
	request, _, _ := strings.Cut(rest, `"`)
	if res, _ := h.send("/desk/corrections/"+request, url.Values{"do": {"decline"}, "reason": {"書類で確かめられませんでした"}}, h.desk); res.StatusCode != 303 {
		t.Fatal(res.StatusCode)
	}
	h.shows("/certificates", cookie, 200, "そのままになっています", "書類で確かめられませんでした", cert.ID+".pdf")
	h.shows("/desk/corrections/"+request, h.desk, 404)
}

func TestWaitingCertificates(t *testing.T) {
	h := readyHouse(t)
	h.must(endOperatorsProfile(h))
	id, cookie := h.learner("北見", "花子", "きたみ", kitami)
	h.finish(id)
	body := h.shows("/certificates", cookie, 200, "発行待ち", "令和8年11月23日に、「小さな講座supporter」を修了", "準備ができるのを、待っています")
	h.lacks(body, "<img")
	h.shows("/desk/people/"+id, h.desk, 200, "「小さな講座supporter」を令和8年11月23日に修了")
}

// endOperatorsProfile leaves nobody to issue today.
func endOperatorsProfile(h *house) error {
	by, err := h.deps.Accounts.BySession(h.t.Context(), strings.TrimPrefix(h.admin, "session="))
	if err != nil {
		return err
	}
	issuers, err := h.deps.Certificates.Issuers(h.t.Context())
	if err != nil {
		return err
	}
	profiles, err := h.deps.Certificates.Profiles(h.t.Context(), issuers[0].ID)
	if err != nil {
		return err
	}
	return h.deps.Certificates.EndProfile(h.t.Context(), by.Access, issuers[0].ID, profiles[0].ID, "2026-11-22")
}

func TestGuestsHaveNoCertificates(t *testing.T) {
	h := readyHouse(t)
	secret, _, err := h.deps.Accounts.Guest(t.Context(), "")
	h.must(err)
	h.shows("/certificates", "session="+secret, 200, "修了証は、まだありません")
	for _, path := range []string{"/certificates/correction"} {
		if res, _ := h.get(path, "session="+secret); res.StatusCode != 303 || !strings.HasPrefix(res.Header.Get("Location"), "/start") {
			t.Errorf("%s: %d", path, res.StatusCode)
		}
		if res, _ := h.send(path, correctionForm(), "session="+secret); res.StatusCode != 303 {
			t.Errorf("%s: %d", path, res.StatusCode)
		}
	}
}

// Somebody with one name only, from the form to the certificate.
func TestOneName(t *testing.T) {
	h := readyHouse(t)
	form := url.Values{
		"operation": {uuid.NewString()}, "family_name": {"スカルノ"}, "given_name": {""}, "family_kana": {"スカルノ"}, "given_kana": {""},
		"residence": {kitami}, "age_band": {"40"}, "consent": {"yes"},
	}
	res, body := h.send("/start", form, "")
	if res.StatusCode != 422 {
		t.Fatal(res.StatusCode)
	}
	h.has(body, "名を入力してください", "<details class=\"fold\" open><summary>名前が一つだけの方", `value="スカルノ"`)
	form.Set("one_name", "yes")
	form.Set("given_name", "スカルノ")
	_, body = h.send("/start", form, "")
	h.has(body, "名前が一つだけのときは、名のらんを空けておいてください", `name="one_name" value="yes" checked`)
	form.Set("given_name", "")
	res, body = h.send("/start", form, "")
	if res.StatusCode != 303 {
		t.Fatal(mainOf(body))
	}
	cookie := sessionOf(res)
	signed, err := h.deps.Accounts.BySession(t.Context(), strings.TrimPrefix(cookie, "session="))
	h.must(err)
	id := signed.AccountID
	h.finish(id)
	h.shows("/me", cookie, 200, "<dd>スカルノ</dd>", "<dd>すかるの</dd>")
	h.shows("/certificates", cookie, 200, "スカルノ（すかるの）")
	cert := h.newest(id)
	h.shows("/v/"+*cert.Code, "", 200, "スカルノ")
	correction := url.Values{"family_name": {"スハルト"}, "given_name": {""}, "family_kana": {"すはると"}, "given_kana": {"あ"}, "printed_name": {""}, "note": {""}}
	_, body = h.send("/certificates/correction", correction, cookie)
	h.has(body, "名を入れないときは、めい（ふりがな）のらんも空けておいてください")
	correction.Set("given_kana", "")
	if res, body := h.send("/certificates/correction", correction, cookie); res.StatusCode != 303 {
		t.Fatal(mainOf(body))
	}
	h.shows("/certificates", cookie, 200, "<dd>スハルト</dd>", "<dd>すはると</dd>")
	h.shows("/desk", h.desk, 200, "<span>スハルト<small>")
	request := regexp.MustCompile(`/desk/corrections/[0-9a-f-]{36}`).FindString(h.shows("/desk", h.desk, 200))
	h.shows(request, h.desk, 200, "<td>スカルノ</td><td>スハルト</td>", "<td>すかるの</td><td>すはると</td>")
	h.shows("/desk?kana="+url.QueryEscape("すか"), h.desk, 200, "スカルノ")
}
