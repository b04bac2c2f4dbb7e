package views

import (
	"image/png"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"tsunagari/courses"
	"tsunagari/courses/accounts"
	"tsunagari/courses/curriculum"
	"tsunagari/storage/storagetest"
)

// builtin publishes a built-in course beside the small one.
func (h *house) builtin(name, slug string) {
	h.t.Helper()
	dir, err := fs.Sub(curriculum.FS(), name)
	h.must(err)
	p, faults := courses.ReadPackage(dir)
	if p == nil {
		h.t.Fatal(faults)
	}
	p.Slug = slug
	_, _, err = h.deps.Courses.Publish(h.t.Context(), p)
	h.must(err)
}

// hallOf makes a class of the built-in course for supporters, with three people.
func (h *house) hallOf(cookie string) (path, join string) {
	h.t.Helper()
	h.builtin("supporter", "tsunagari")
	form := classForm("2026-11-26")
	form.Set("course", "tsunagari")
	form.Set("address", "北見市北2条東6丁目1")
	form.Set("note", "駐車場があります。足もとに気をつけて、お越しください。")
	path = h.posts("/trainer/classes", cookie, form)
	join = joinPath.FindString(h.shows(path, cookie, 200, "印刷する"))
	for _, name := range [][2]string{{"北見", "きたみ"}, {"網走", "あばしり"}, {"紋別", "もんべつ"}} {
		h.posts(path+"/people", cookie, url.Values{
			"operation": {uuid.NewString()}, "family_name": {name[0]}, "given_name": {"花子"}, "family_kana": {name[1]}, "given_kana": {"はなこ"},
			"residence": {kitami}, "age_band": {"70"},
		})
	}
	return path, join
}

// What stands on each paper, and on how many pages.
func TestPrint(t *testing.T) {
	db := storagetest.Open(t, storagetest.SQLite(t))
	h := newHouse(t, db)
	trainer := h.trains()
	form := operatorForm()
	form.Set("version", "1")
	form.Set("fax", "0152-00-0009")
	h.posts("/admin/operator", h.admin, form)
	path, join := h.hallOf(trainer)
	h.shows(path+"/print", trainer, 200, "ポスター", "35部（定員30人と、予備5部）", "全部を1つのPDFで開く", "配る資料（やさしい日本語）")
	code := strings.TrimPrefix(join, "/j/")
	day, hall := "令和8年11月26日（木）13時30分から15時30分", "北見市民会館 小ホール"
	for key, want := range map[string]struct {
		pages int
		words []string
	}{
		"poster":          {1, []string{"そのひとことが、つながりになります。", "無料です", day, hall, "北見市北2条東6丁目1", "主催", "オホーツクつながり協議会", "0152-00-0000", "30人", code[:3] + code[3:], "駐車場があります"}},
		"application":     {1, []string{"申込書", "送り先のFAX番号（0152-00-0009）", day, hall, "お名前", "ふりがな", "車いすの席", "ほかのことには使いません"}},
		"roster":          {2, []string{"出席名簿", "1北見花子きたみはなこ", "3紋別花子もんべつはなこ"}},
		"timetable":       {2, []string{"90分の進行表", "13:30", "13:35", "14:56", "60分の進行表", "5-10", "39-40"}},
		"notes":           {0, []string{"話す言葉", "1つながりサポーター養成講座", "こんにちは。ようこそ、おいでくださいました。", "40"}},
		"handout":         {6, []string{"孤立", "きょうの、四つの約束", "どちらもない", "出典：", "こどく・こりつ"}},
		"handout-easy":    {6, []string{"出典："}},
		"reflection":      {1, []string{"ふり返りシート", "よくわかった", "個人ワーク", "箱に入れてください"}},
		"reflection-easy": {1, []string{"どうでしたか"}},
		"closing":         {2, []string{"まとめの確認", "席番号", "問1", "問10", "ひとつに丸", "に、下の番号を書いてください"}},
		"key":             {0, []string{"答えとわけ", "問1　答え", "問10　答え", "○"}},
		"checklist":       {1, []string{"2週間前まで", "終わったあと", "ポスターを貼り"}},
	} {
		t.Run(key, func(t *testing.T) {
			res, file := h.get(path+"/print/"+key+".pdf", trainer)
			if res.StatusCode != 200 || res.Header.Get("Content-Type") != "application/pdf" {
				t.Fatalf("%d %s", res.StatusCode, mainOf(file))
			}
			h.keepShot(key+".pdf", file)
			text := solid(pdfText(t, file))
			for _, w := range want.words {
				if !strings.Contains(text, solid(w)) {
					t.Errorf("%q is not in %s", w, text)
				}
			}
			if n := pdfPages(t, file); want.pages > 0 && n != want.pages {
				t.Errorf("%d pages, not %d", n, want.pages)
			}
			if strings.Contains(text, "〓") {
				t.Error("something could not be printed")
			}
		})
	}
	_, file := h.get(path+"/print/poster.pdf", trainer)
	if got := qrOf(t, file); got != "http://example.com"+join {
		t.Errorf("the QR of the poster leads to %q", got)
	}
	_, all := h.get(path+"/print/all.pdf", trainer)
	if n := pdfPages(t, all); n < 30 {
		t.Errorf("%d pages in one", n)
	}
	res, zipped := h.get(path+"/print.zip", trainer)
	h.zipped(res.Header.Get("Content-Disposition"), zipped, "01-poster.pdf", "02-application.pdf", "03-roster.pdf", "04-timetable.pdf", "05-notes.pdf",
		"06-handout.pdf", "07-handout-easy.pdf", "08-reflection.pdf", "09-reflection-easy.pdf", "10-closing.pdf", "11-key.pdf", "12-checklist.pdf")

	_, other := h.staff("網走市の講師", accounts.Trainer, abashiri, "講師", "二郎")
	for _, sub := range []string{"/print", "/print/roster.pdf", "/print/all.pdf", "/print.zip"} {
		h.shows(path+sub, other, 404)
	}
	h.shows(path+"/print/nothing.pdf", trainer, 404)
}

// A course without a pack of its own has papers too, and what cannot be printed
// stops nobody.
func TestPrintWithoutAPack(t *testing.T) {
	db := storagetest.Open(t, storagetest.SQLite(t))
	h := newHouse(t, db)
	trainer := h.trains()
	h.answering()
	form := classForm("2026-11-26")
	form.Set("course", "renshuu")
	form.Set("hall", "会館😀の広間"+strings.Repeat("とても長い名前の会場", 5))
	form.Set("note", "<b>太字</b> {{.}}")
	path := h.posts("/trainer/classes", trainer, form)
	h.shows(path+"/print", trainer, 200, "進行表", "ふり返りシート")
	_, file := h.get(path+"/print/all.pdf", trainer)
	text := solid(pdfText(t, file))
	for _, want := range []string{"会館〓の広間", "<b>太字</b>{{.}}", "ふり返りシート"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in %s", want, text)
		}
	}
}

// keepShot keeps a file for somebody to look at.
func (h *house) keepShot(name, file string) {
	if dir := os.Getenv("TSUNAGARI_SHOTS"); dir != "" {
		h.must(os.WriteFile(filepath.Join(dir, name), []byte(file), 0o644))
	}
}

func pdfTool(t *testing.T, file, program string, args ...string) string {
	t.Helper()
	tool, err := exec.LookPath(program)
	if err != nil {
		storagetest.Missing(t, "no %s on this machine", program)
	}
	cmd := exec.Command(tool, args...)
	cmd.Stdin = strings.NewReader(file)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func pdfPages(t *testing.T, file string) int {
	t.Helper()
	m := regexp.MustCompile(`Pages:\s+(\d+)`).FindStringSubmatch(pdfTool(t, file, "pdfinfo", "-"))
	n, err := strconv.Atoi(m[1])
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// qrOf reads the QR code from the first page as it prints, from nearer when it is
// not found at first.
func qrOf(t *testing.T, file string) string {
	t.Helper()
	var last error
	for _, dots := range []string{"110", "200", "300"} {
		img, err := png.Decode(strings.NewReader(pdfTool(t, file, "pdftoppm", "-png", "-r", dots, "-singlefile", "-")))
		if err != nil {
			t.Fatal(err)
		}
		bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
		if err != nil {
			t.Fatal(err)
		}
		result, err := qrcode.NewQRCodeReader().Decode(bitmap, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
		if err == nil {
			return result.GetText()
		}
		last = err
	}
	t.Fatal(last)
	return ""
}
