package views

import (
	"bytes"
	"mime/multipart"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"tsunagari/courses/accounts"
	"tsunagari/courses/counts"
	"tsunagari/views/browsertest"
)

// paperText is the text of a PDF, and how many pages it has.
func (h *house) paperText(file string) (text string, pages int) {
	h.t.Helper()
	at := filepath.Join(h.t.TempDir(), "a.pdf")
	h.must(os.WriteFile(at, []byte(file), 0o600))
	out, err := exec.Command("pdftotext", "-layout", at, "-").Output()
	h.must(err)
	return string(out), strings.Count(string(out), "\f")
}

func TestMemo(t *testing.T) {
	h := counted(t)
	officer, bureau := h.officer(kitami), h.officer(okhotskCodes()...)
	h.posts("/municipality/separate", officer, url.Values{"municipality": {kitami}, "held_on": {"2024-06-10"}, "class_name": {"養成講座"}, "attended": {"24"}, "source": {"実績報告"}})
	for _, path := range []string{"/municipality/files/own/memo.pdf", "/municipality/files/" + kitami + "/memo.pdf"} {
		res, body := h.get(path, officer)
		if got := res.Header.Get("Content-Disposition"); !strings.Contains(got, `"R8_tsunagari_012084_202611_memo.pdf"`) {
			t.Error(got)
		}
		text, pages := h.paperText(body)
		h.has(text, "答弁用メモ", "北見市", "令和8年11月23日現在、累計7人、今年度4人", "前年同期", "2人", "速報値", "別途報告", "24人", "数え方（第1版）", "電話")
		if pages != 1 {
			t.Errorf("%d pages", pages)
		}
		h.keepShot("memo-"+strings.ReplaceAll(path[len("/municipality/files/"):], "/", "-"), body)
	}
	_, body := h.get("/municipality/files/own/memo.pdf", bureau)
	text, pages := h.paperText(body)
	h.has(text, "オホーツク総合振興局", "累計8人", "全18市町村のうち", "網走市", "…")
	if pages != 1 {
		t.Errorf("the bureau's memo has %d pages", pages)
	}
	h.keepShot("memo-bureau", body)
	if res, _ := h.get("/municipality/files/"+abashiri+"/memo.pdf", bureau); res.StatusCode != 200 {
		t.Errorf("a town of the bureau: %d", res.StatusCode)
	}
	_, body = h.get("/municipality/files/015636/memo.pdf", bureau)
	text, _ = h.paperText(body)
	h.has(text, "未利用", "0人という意味ではありません")
}

// Every file says what the page says.
func TestFilesSayThePage(t *testing.T) {
	h := counted(t)
	officer := h.officer(kitami)
	h.has(wordsOf(h.shows("/municipality", officer, 200, "/municipality/files/own/memo.pdf")), "累計7人、今年度4人")
	h.shows("/municipality/files", officer, 200, "北見市　令和8年11月", "速報値", "/municipality/files/own/data.xlsx?month=2026-11")
	h.shows("/municipality/files?month=2026-05", officer, 200, "北見市　令和8年5月")
	for file, name := range map[string]string{
		"data.csv": "R8_tsunagari_012084_202611.csv", "cp932.csv": "R8_tsunagari_012084_202611_cp932.csv",
		"data.xlsx": "R8_tsunagari_012084_202611.xlsx", "print.xlsx": "R8_tsunagari_012084_202611_print.xlsx",
	} {
		res, body := h.get("/municipality/files/own/"+file, officer)
		if got := res.Header.Get("Content-Disposition"); res.StatusCode != 200 || got != `attachment; filename="`+name+`"` {
			t.Errorf("%s: %d %s", file, res.StatusCode, got)
		}
		switch file {
		case "data.csv":
			h.has(body, ",012084,北海道,北見市,,（実人数）,1,4,7,", ",速報値,1,居住地は受講者の申告による\r\n")
		case "print.xlsx", "data.xlsx":
			x, err := excelize.OpenReader(strings.NewReader(body))
			h.must(err)
			text := ""
			for _, sheet := range x.GetSheetList() {
				rows, err := x.GetRows(sheet)
				h.must(err)
				for _, row := range rows {
					text += strings.Join(row, "|") + "\n"
				}
			}
			x.Close()
			h.has(text, "速報値", counts.Define(counts.DefPeople).Text[:60])
			h.keepShot(file, body)
		}
	}
	if res, _ := h.get("/municipality/files/own/data.csv?month=2026-12", officer); res.StatusCode != 422 {
		t.Errorf("a month to come: %d", res.StatusCode)
	}
	if res, _ := h.get("/municipality/files/own/x.csv", officer); res.StatusCode != 404 {
		t.Errorf("no such file: %d", res.StatusCode)
	}
}

// A character that CP932 does not have is told before it is replaced.
func TestUnwritableFile(t *testing.T) {
	h := counted(t)
	officer := h.officer(kitami)
	h.posts("/municipality/areas/"+kitami+"/population", officer, url.Values{"counted_on": {"2026-09-30"}, "people": {"1000"}, "source": {"𠮷田台帳"}, "version": {"0"}})
	h.shows("/municipality/files/own/cp932.csv", officer, 422, "シフトJISで書けない文字があります", "𠮷（U&#43;20BB7）")
	if res, body := h.get("/municipality/files/own/cp932.csv?replace=yes", officer); res.StatusCode != 200 || !strings.Contains(body, "\x81\xac\x93\x63") {
		t.Errorf("%d", res.StatusCode)
	}
}

func TestOtherTownsFilesAreNotFound(t *testing.T) {
	h := counted(t)
	officer, bureau, stranger := h.officer(kitami), h.officer(okhotskCodes()...), h.officer(abashiri)
	h.posts("/municipality/separate", officer, url.Values{"municipality": {kitami}, "held_on": {"2024-06-10"}, "class_name": {"養成講座"}, "attended": {"24"}, "source": {"実績報告"}})
	list, err := h.deps.Counts.Separates(t.Context(), counts.Everything(), nil)
	h.must(err)
	own := "/municipality/separate/" + list[0].ID
	posts, err := h.deps.Accounts.Posts(t.Context(), accounts.Shell())
	h.must(err)
	mail := ""
	for _, p := range posts {
		if p.Role == accounts.Officer && strings.Join(p.Municipalities, "") == kitami {
			mail = "/municipality/mail/" + p.ID
		}
	}
	_, none := h.get("/municipality/nothing", stranger)
	none = mainOf(changing.ReplaceAllString(none, ""))
	for _, c := range []struct{ who, path string }{
		{stranger, "/municipality/files/" + kitami + "/memo.pdf"},
		{stranger, "/municipality/files/" + kitami + "/data.csv?month=2026-05"},
		{stranger, "/municipality/files/b10/data.xlsx"},
		{stranger, "/municipality/files/b99/data.xlsx"},
		{stranger, "/municipality/files/999999/data.xlsx"},
		{stranger, "/municipality/files?area=" + kitami},
		{stranger, "/municipality/files?area=b10"},
		{bureau, "/municipality/files/" + sapporo + "/memo.pdf"},
		{bureau, "/municipality/files/b1/memo.pdf"},
		{stranger, own},
		{stranger, own + "/remove"},
		{h.desk, "/municipality/files"},
		{h.desk, "/municipality/files/" + kitami + "/memo.pdf"},
		{h.desk, own},
		{h.desk, "/municipality/separate/inquiry.xlsx"},
		{h.desk, "/municipality/mail"},
	} {
		res, body := h.get(c.path, c.who)
		if got := mainOf(changing.ReplaceAllString(body, "")); res.StatusCode != 404 || got != none {
			t.Errorf("%s: %d %s", c.path, res.StatusCode, got)
		}
	}
	for path, form := range map[string]url.Values{
		own: {"held_on": {"2024-06-10"}, "class_name": {"x"}, "attended": {"1"}, "source": {"x"}, "version": {"1"}}, own + "/remove": {}, mail: {"on": {"true"}},
		"/municipality/separate": {"municipality": {kitami}, "held_on": {"2024-06-10"}, "class_name": {"x"}, "attended": {"1"}, "source": {"x"}},
	} {
		if res, _ := h.send(path, form, stranger); res.StatusCode != 404 {
			t.Errorf("POST %s: %d", path, res.StatusCode)
		}
	}
	h.lacks(h.shows("/municipality/separate", stranger, 200), "24人", "北見市")
}

func TestSeparatePages(t *testing.T) {
	h := counted(t)
	officer := h.officer(kitami)
	form := url.Values{"municipality": {kitami}, "held_on": {"2024-06-10"}, "class_name": {"養成講座（第1回）"}, "attended": {"約24"}, "source": {""}}
	h.refuses("/municipality/separate", officer, form, 422, "出典を入力してください。", `value="約24"`)
	form.Set("source", "実績報告")
	h.refuses("/municipality/separate", officer, form, 422, "人数には、1人からの数を入れてください。")
	form.Set("attended", "24")
	h.posts("/municipality/separate", officer, form)
	h.refuses("/municipality/separate", officer, form, 409, "もう入っています")
	h.shows("/municipality/separate", officer, 200, "養成講座（第1回）", "24人", "出典：実績報告")
	h.has(wordsOf(h.shows("/municipality", officer, 200)), "別途報告が24人")
	list, err := h.deps.Counts.Separates(t.Context(), counts.Everything(), nil)
	h.must(err)
	own := "/municipality/separate/" + list[0].ID
	h.shows(own, officer, 200, `value="24"`)
	form.Set("version", "1")
	form.Set("attended", "30")
	h.posts(own, officer, form)
	h.refuses(own, officer, form, 409, "ほかの画面で先に変わったようです")
	h.shows(own+"/remove", officer, 200, "30人", "もとにもどせません")
	h.posts(own+"/remove", officer, url.Values{})
	h.shows("/municipality/separate", officer, 200, "まだ、ありません。")
}

// uploads sends a file or what a page carried.
func (h *house) uploads(path, cookie, name string, content []byte, fields url.Values) (status int, body string) {
	h.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for field, values := range fields {
		h.must(w.WriteField(field, values[0]))
	}
	if content != nil {
		f, err := w.CreateFormFile("file", name)
		h.must(err)
		_, err = f.Write(content)
		h.must(err)
	}
	h.must(w.Close())
	r := httptest.NewRequest("POST", path, &b)
	r.Header.Set("Content-Type", w.FormDataContentType())
	r.Header.Set("Cookie", cookie)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	res, err := h.app.Test(r, -1)
	h.must(err)
	var got bytes.Buffer
	_, err = got.ReadFrom(res.Body)
	h.must(err)
	return res.StatusCode, got.String()
}

var (
	keptIn   = regexp.MustCompile(`name="kept" value="([^"]+)"`)
	mailPost = regexp.MustCompile(`action="(/municipality/mail/[^"]+)"`)
)

const inquiryCSV = "全国地方公共団体コード,市町村名,開催日,講座・教室の名前,人数,出典\r\n12084,北見市,R6.6.10,第1回,２４,実績報告\r\n"

func TestInquiryPages(t *testing.T) {
	h := counted(t)
	officer := h.officer(kitami)
	res, body := h.get("/municipality/separate/inquiry.xlsx", officer)
	if res.Header.Get("Content-Disposition") != `attachment; filename="tsunagari_shokai_20261123.xlsx"` || !strings.HasPrefix(body, "PK") {
		t.Error(res.Header)
	}
	const at = "/municipality/separate/inquiry"
	h.shows(at, officer, 200, "書いてもらった照会様式")
	if status, body := h.uploads(at, officer, "", nil, url.Values{"do": {"look"}}); status != 422 || !strings.Contains(body, "ファイルを選んでください") {
		t.Errorf("no file: %d", status)
	}
	if status, body := h.uploads(at, officer, "a.csv", []byte(inquiryCSV+"012114,網走市,2024-06-10,第1回,3,実績\r\n"), nil); status != 422 || !strings.Contains(body, "あなたの係が受けもつ市町村ではありません") || strings.Contains(body, "この内容で保存する") {
		t.Errorf("another town: %d %s", status, mainOf(body))
	}
	status, body := h.uploads(at, officer, "a.csv", []byte(inquiryCSV), nil)
	if status != 200 {
		t.Fatalf("%d %s", status, body)
	}
	h.has(body, "新しいもの1件", "2024-06-10", "この内容で保存する")
	h.shows("/municipality/separate", officer, 200, "まだ、ありません。")
	kept := keptIn.FindStringSubmatch(body)[1]
	for range 2 {
		if status, body := h.uploads(at, officer, "", nil, url.Values{"kept": {kept}, "do": {"take"}}); status != 303 {
			t.Fatalf("%d %s", status, body)
		}
	}
	if body := h.shows("/municipality/separate", officer, 200, "第1回"); strings.Count(body, "出典：実績報告") != 1 {
		t.Error("the same file twice is kept twice")
	}
}

func TestMailPage(t *testing.T) {
	h := counted(t)
	officer := h.officer(kitami)
	body := h.shows("/municipality/mail", officer, 200, "送りません", "係のメールアドレス", "まだ、ありません。")
	path := mailPost.FindStringSubmatch(body)[1]
	h.posts(path, officer, url.Values{"on": {"true"}})
	h.shows("/municipality/mail", officer, 200, "送ります", "毎月のメールをやめる")
	h.posts(path, officer, url.Values{})
	h.shows("/municipality/mail", officer, 200, "送りません")
}

func TestFilePagesInABrowser(t *testing.T) {
	b := browsertest.Start(t)
	h := counted(t)
	h.deps.BaseURL = ""
	at := browsertest.Serve(t, New(h.deps))
	officer, bureau := h.officer(kitami), h.officer(okhotskCodes()...)
	h.posts("/municipality/separate", officer, url.Values{"municipality": {kitami}, "held_on": {"2024-06-10"}, "class_name": {"つながりサポーター養成講座（第1回）"}, "attended": {"24"}, "source": {"令和6年度 福祉課の実績報告"}})
	h.posts("/municipality/areas/"+kitami+"/population", officer, url.Values{"counted_on": {"2026-09-30"}, "people": {"1000"}, "source": {"𠮷田台帳"}, "version": {"0"}})
	list, err := h.deps.Counts.Separates(t.Context(), counts.Everything(), nil)
	h.must(err)
	own := "/municipality/separate/" + list[0].ID
	for _, screen := range []browsertest.Screen{browsertest.Phone, browsertest.Desk, browsertest.Phone.InDark()} {
		tab := b.Tab(t, screen)
		for _, l := range []look{
			{"files-number", officer, "/municipality", nil},
			{"files", officer, "/municipality/files", nil},
			{"files-bureau", bureau, "/municipality/files", nil},
			{"files-unwritable", officer, "/municipality/files/own/cp932.csv", nil},
			{"files-separate", officer, "/municipality/separate", nil},
			{"files-separate-bureau", bureau, "/municipality/separate", map[string]string{"attended": "約20"}},
			{"files-separate-edit", officer, own, nil},
			{"files-separate-remove", officer, own + "/remove", nil},
			{"files-inquiry", officer, "/municipality/separate/inquiry", nil},
			{"files-mail", officer, "/municipality/mail", nil},
		} {
			t.Run(screen.Name+"/"+l.name, func(t *testing.T) {
				h.t = t
				h.visit(tab, at, l)
				looked(t, tab, l.name+"-"+screen.Name)
			})
		}
	}
}
