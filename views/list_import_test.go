package views

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"

	"tsunagari/courses/accounts"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

const applicants = "申込者名簿,,,\n氏名,ふりがな,住所,生年月日\n" +
	"斜里　一郎,しゃり いちろう,北見市大通西1丁目,S25.4.1\n" +
	"置戸 和子,おけと かずこ,北見市,昭和30年1月2日\n" +
	"遠軽三郎,えんがる さぶろう,北見市,\n" +
	"網走 四郎,あばしり しろう,網走市,\n"

// brings sends a list, and then what its preview carries with the button.
func (h *house) brings(path, cookie, file string, more url.Values) (preview, location string) {
	h.t.Helper()
	res, preview := do(h.t, h.app, sendFile(path, nil, "file", []byte(file), cookie))
	if res.StatusCode != 200 {
		h.t.Fatalf("%d %s", res.StatusCode, mainOf(preview))
	}
	form := url.Values{
		"do": {"import"}, "operation": {opField.FindStringSubmatch(preview)[1]},
		"kept": {regexp.MustCompile(`name="kept" value="([^"]+)"`).FindStringSubmatch(preview)[1]},
	}
	for k, v := range more {
		form[k] = v
	}
	location = h.posts(path, cookie, form)
	if again := h.posts(path, cookie, form); again != location {
		h.t.Errorf("sent twice: %s and %s", location, again)
	}
	return preview, location
}

func TestListAtTheDesk(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		h := newHouse(t, db)
		h.shows("/desk", h.desk, 200, `href="/desk/import"`)
		h.shows("/desk/import", h.desk, 200, "個人情報の取り扱いに同意した方だけ")
		preview, at := h.brings("/desk/import", h.desk, applicants, nil)
		h.has(preview, "2人を入れられます", "5行目", "姓と名のあいだに空白", "6行目", "受けもちの町の方だけ", "<td>70代</td>", "<td>北見市</td>")
		page := h.shows(at, h.desk, 200, "斜里 一郎", "置戸 和子")
		h.lacks(page, "網走 四郎")
		h.shows(at, h.other, 404)
		if _, again := h.brings("/desk/import", h.desk, applicants, nil); again != "/desk/import" {
			t.Errorf("the same list again leads to %s", again)
		}
		if preview, _ := h.brings("/desk/import", h.desk, applicants, url.Values{"anyway": {"3"}}); !strings.Contains(preview, "別の方なので、入れる") {
			t.Error(mainOf(preview))
		}
		if pairs, _, err := h.deps.Accounts.Duplicates(t.Context(), h.access(h.desk), accounts.DuplicateQuery{}); err != nil || len(pairs) != 1 {
			t.Errorf("somebody else with the same name: %d candidates, %v", len(pairs), err)
		}

		people := regexp.MustCompile(`name="people" value="([^"]+)" checked`).FindAllStringSubmatch(page, -1)
		if len(people) != 2 {
			t.Fatalf("%d are ticked", len(people))
		}
		form := url.Values{"operation": {uuid.NewString()}, "people": {people[0][1], people[1][1]}}
		file := h.sheetOf(at, h.desk, form)
		text := solid(pdfText(t, file))
		for _, want := range []string{"受講カード", "斜里一郎", "置戸和子", "受講番号", "合言葉", "0152-00-0000"} {
			if !strings.Contains(text, want) {
				t.Errorf("the sheet lacks %s: %s", want, text)
			}
		}
		h.refuses(at, h.desk, form, 409, "この用紙は、もう作りました")
		h.refuses(at, h.desk, url.Values{"operation": {uuid.NewString()}}, 422, "だれも選ばれていません")
		h.shows(at, h.desk, 200, "カードは作ってあります")
		form.Set("operation", uuid.NewString())
		if res, _ := h.send(at, form, h.other); res.StatusCode != 404 {
			t.Errorf("another town's desk: %d", res.StatusCode)
		}
		link := qrOf(t, file)
		if !strings.Contains(link, "/c/") {
			t.Fatal(link)
		}
		h.shows(link[strings.Index(link, "/c/"):], "", 200, "受講カードで入る")
	})
}

// sheetOf posts a form that is answered with a PDF.
func (h *house) sheetOf(path, cookie string, form url.Values) string {
	h.t.Helper()
	res, file := h.send(path, form, cookie)
	if res.StatusCode != 200 || res.Header.Get("Cache-Control") != "no-store" || !strings.HasPrefix(file, "%PDF") {
		h.t.Fatalf("%d %v", res.StatusCode, res.Header)
	}
	return file
}

func TestListOfAClass(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		h := newHouse(t, db)
		trainer := h.trains()
		path, _ := h.holds(trainer, "2026-11-26")
		h.shows(path+"/people", trainer, 200, path+"/import", path+"/cards")
		preview, at := h.brings(path+"/import", trainer, applicants, nil)
		h.has(preview, "3人を入れられます", "姓と名のあいだに空白")
		if at != path+"/cards" || len(h.seats(path, trainer)) != 3 {
			t.Errorf("%s, %d seats", at, len(h.seats(path, trainer)))
		}
		if _, again := h.brings(path+"/import", trainer, applicants, nil); again != path+"/roster" || len(h.seats(path, trainer)) != 3 {
			t.Errorf("the same list again: %s, %d seats", again, len(h.seats(path, trainer)))
		}
		page := h.shows(at, trainer, 200, "網走 四郎")
		people := regexp.MustCompile(`name="people" value="([^"]+)" checked`).FindAllStringSubmatch(page, -1)
		form := url.Values{"operation": {uuid.NewString()}}
		for _, p := range people {
			form.Add("people", p[1])
		}
		if text := solid(pdfText(t, h.sheetOf(at, trainer, form))); strings.Count(text, "受講番号") != 3 {
			t.Error(text)
		}
		_, other := h.staff("網走市の講師", "trainer", abashiri, "講師", "五郎")
		for _, at := range []string{"/import", "/cards"} {
			h.shows(path+at, other, 404)
		}
		form.Set("operation", uuid.NewString())
		if res, _ := h.send(at, form, other); res.StatusCode != 404 {
			t.Errorf("%d", res.StatusCode)
		}
	})
}

// What cannot be read is said, and columns can be taken for something else.
func TestListThatIsMisunderstood(t *testing.T) {
	h := readyHouse(t)
	for file, words := range map[string]string{"": "名簿のファイルを選んでください", "ただの文": "見出しの行が見つかりません", "\xd0\xcf\x11\xe0": "古い形のExcel"} {
		res, body := do(t, h.app, sendFile("/desk/import", nil, "file", []byte(file), h.desk))
		if res.StatusCode != 422 {
			t.Errorf("%q: %d", file, res.StatusCode)
		}
		h.has(body, words)
	}
	_, body := do(t, h.app, sendFile("/desk/import", nil, "file", []byte("氏名,ふりがな,町\n斜里 一郎,しゃり いちろう,北見市\n"), h.desk))
	h.has(body, "お住まいの市町村がありません")
	kept := regexp.MustCompile(`name="kept" value="([^"]+)"`).FindStringSubmatch(body)[1]
	form := url.Values{"kept": {kept}, "fields": {"name", "kana", "town"}}
	_, body = h.send("/desk/import", form, h.desk)
	h.has(body, "1人を入れられます")
	form.Set("kept", "x")
	h.refuses("/desk/import", h.desk, form, 422)
}
