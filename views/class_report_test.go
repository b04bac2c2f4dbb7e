package views

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/xuri/excelize/v2"

	"tsunagari/courses/accounts"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
	"tsunagari/views/browsertest"
)

// heldClass is a class of today with two people who were there, one of whom
// finished.
func (h *house) heldClass(cookie string) string {
	h.t.Helper()
	path, _ := h.holds(cookie, "2026-11-23")
	for _, name := range [][2]string{{"北見", "70"}, {"網走", "80"}, {"紋別", "30"}} {
		h.posts(path+"/people", cookie, url.Values{
			"operation": {uuid.NewString()}, "family_name": {name[0]}, "given_name": {"花子"}, "family_kana": {"きたみ"}, "given_kana": {"はなこ"},
			"residence": {kitami}, "age_band": {name[1]},
		})
	}
	seats := h.seats(path, cookie)
	h.posts(path+"/seats/"+seats[0]+"/attendance", cookie, url.Values{"attendance": {"present"}})
	h.posts(path+"/seats/"+seats[1]+"/attendance", cookie, url.Values{"attendance": {"present"}})
	h.posts(path+"/seats/"+seats[2]+"/attendance", cookie, url.Values{"attendance": {"absent"}})
	h.posts(path+"/seats/"+seats[0]+"/sheet", cookie, url.Values{"received": {"true"}})
	return path
}

func TestClassReport(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		h := newHouse(t, db)
		trainer := h.trains()
		path := h.heldClass(trainer)
		report := path + "/report"
		h.shows(path, trainer, 200, `href="`+report+`"`)
		body := h.shows(report, trainer, 200, `value="オホーツクつながり協議会"`, `value="2026-11-23"`, `value="講師 一郎"`, `value="小さな講座supporter　第1版"`,
			`name="age70" type="number" value="2"`, `name="others" type="number" value="2"`, `name="cards" type="number" value="1"`, "出席2人、うち修了1人")
		h.lacks(body, "名簿の出席は2人です", report+".xlsx")

		form := url.Values{
			"version": {"0"}, "report_office": {"北見市社会福祉協議会"}, "reported_on": {"2026-11-24"}, "cohost": {"＝HYPERLINK(\"x\")"}, "audience": {"residents"},
			"group_name": {"=1+1"}, "men": {"１"}, "women": {"1"}, "others": {""}, "age70": {"1"}, "age": {"1"}, "trainers": {"講師 一郎"}, "materials": {"第1版"},
			"cards": {"2"}, "survey": {"よくわかった 2人\n+81 という声も"}, "remarks": {"大雪でした。"},
		}
		bad := url.Values{}
		for k, v := range form {
			bad[k] = v
		}
		bad.Set("men", "たくさん")
		bad.Set("cohost", strings.Repeat("長", 101))
		h.refuses(report, trainer, bad, 422, "共催", "大雪でした。")
		bad.Set("cohost", "")
		h.refuses(report, trainer, bad, 422, "人数は、0人から1000人まで")
		h.posts(report, trainer, form)
		h.refuses(report, trainer, form, 409, "大雪でした。") // somebody else was first
		h.shows(report, trainer, 200, `value="北見市社会福祉協議会"`, `name="version" value="1"`, report+".xlsx", "大雪でした。")
		h.shows("/admin/audit", h.admin, 200)

		_, file := h.get(report+".pdf", trainer)
		text := solid(pdfText(t, file))
		for _, want := range []string{
			"実施報告書", "北見市社会福祉協議会", "令和8年11月24日", "令和8年11月23日（月）", "13時30分から15時30分", "北見市民会館小ホール", "北見市",
			"住民", "=1+1", "講師一郎", "受講者数計", "2人1人1人1人0人", "70代以上", "よくわかった2人", "+81という声も", "大雪でした。",
		} {
			if !strings.Contains(text, want) {
				t.Errorf("%q is not in the PDF: %s", want, text)
			}
		}
		if n := pdfPages(t, file); n != 1 {
			t.Errorf("%d pages", n)
		}
		h.keepShot("report.pdf", file)
		_, file = h.get(report+".xlsx", trainer)
		h.keepShot("report.xlsx", file)
		h.sheetHas(file, map[string]string{
			"自治体名・事務局名": "北見市社会福祉協議会", "団体名": "'=1+1", "共催": "'＝HYPERLINK(\"x\")", "受講者数　計（人）": "2", "うち修了者数（人）": "1", "男（人）": "1", "女（人）": "1",
			"答えない・不明（人）": "0", "70代以上（人）": "1", "年代不明（人）": "1", "10代以下（人）": "0", "アンケート結果": "よくわかった 2人\n'+81 という声も", "特記事項": "大雪でした。", "配布したカード枚数": "2",
		})

		_, other := h.staff("網走市の講師", accounts.Trainer, abashiri, "講師", "二郎")
		for _, end := range []string{"", ".pdf", ".xlsx"} {
			h.shows(report+end, other, 404)
		}
		h.refuses(report, other, form, 404)
	})
}

// sheetHas reads a sheet of labels and values back, as a spreadsheet does.
func (h *house) sheetHas(file string, want map[string]string) {
	h.t.Helper()
	x, err := excelize.OpenReader(strings.NewReader(file))
	h.must(err)
	defer x.Close()
	if list := x.GetSheetList(); len(list) != 1 {
		h.t.Fatalf("sheets %q", list)
	}
	rows, err := x.GetRows("実施報告書")
	h.must(err)
	got := map[string]string{}
	for i, row := range rows {
		if len(row) == 2 {
			got[row[0]] = row[1]
		}
		for column := range 2 {
			at, err := excelize.CoordinatesToCellName(column+1, i+1)
			h.must(err)
			formula, err := x.GetCellFormula("実施報告書", at)
			h.must(err)
			if kind, err := x.GetCellType("実施報告書", at); err != nil || formula != "" || kind != excelize.CellTypeSharedString {
				h.t.Errorf("%s is no text: %v %q %v", at, kind, formula, err)
			}
		}
	}
	for label, value := range want {
		if got[label] != value {
			h.t.Errorf("%s is %q, not %q", label, got[label], value)
		}
	}
}

func TestPapersOfAClassInABrowser(t *testing.T) {
	b := browsertest.Start(t)
	db := storagetest.Open(t, storagetest.SQLite(t))
	h := newHouse(t, db)
	trainer := h.trains()
	path := h.heldClass(trainer)
	at := browsertest.Serve(t, h.app)
	for _, screen := range []browsertest.Screen{browsertest.Phone, browsertest.Desk, browsertest.Phone.InDark()} {
		for name, sub := range map[string]string{"class": "", "print": "/print", "report": "/report", "slides": "/slides", "slide-notes": "/slides/notes"} {
			t.Run(screen.Name+"/"+name, func(t *testing.T) {
				tab := h.opens(b, screen, at, path+sub, trainer)
				fits(t, tab)
				browsertest.Shot(t, tab, "papers-"+name+"-"+screen.Name)
				browsertest.Axe(t, tab)
			})
		}
	}
}
