package views

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"net/url"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"tsunagari/certificates"
	"tsunagari/courses"
	"tsunagari/courses/accounts"
	"tsunagari/courses/coursetest"
	"tsunagari/courses/questions"
	"tsunagari/quiz"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

// nasty is what somebody may type: a formula, a line feed, a sign that no font has.
const nasty = "=HYPERLINK(\"x\")\nもう一行😀"

// answering is a second course whose check asks for a choice and for one's own words.
func (h *house) answering() {
	h.t.Helper()
	p := coursetest.Small("renshuu")
	p.Modules, p.Closing = p.Modules[:1], courses.Closing{}
	m := &p.Modules[0]
	m.Check = 2
	m.Questions = []*questions.Question{
		coursetest.Choice("q1", "ichi-1"),
		{ID: "q2", Type: questions.Reflection, Lesson: "ichi-1", Text: questions.Text{questions.JA: "{気|き}づいたことを、書いてみましょう。", questions.Easy: "{気|き}づいたことを、{書|か}きましょう。"}},
	}
	_, _, err := h.deps.Courses.Publish(h.t.Context(), p)
	h.must(err)
}

// answers takes the check of that course, the first choice and nasty; the last
// question stays open where all is false.
func (h *house) answers(accountID string, all bool) {
	h.t.Helper()
	a, err := h.deps.Quizzes.Start(h.t.Context(), accountID, "renshuu", quiz.Check("ichi"))
	h.must(err)
	for n := 1; n <= 2; n++ {
		if n == 2 && !all {
			return
		}
		h.must(h.deps.Quizzes.Confirm(h.t.Context(), accountID, a.ID, n, quiz.Given{Chosen: []int{0}, Text: nasty}, 0))
	}
}

// life is somebody about whom there is something of every kind.
func (h *house) life() (id, cookie string) {
	h.t.Helper()
	h.answering()
	id, cookie, cert := h.hanako()
	h.answers(id, true)
	trainer := h.trains()
	path, join := h.holds(trainer, "2026-11-23")
	h.joins(join, cookie)
	h.posts(path+"/seats/"+h.seats(path, trainer)[0]+"/attendance", trainer, url.Values{"attendance": {"present"}, "late_at": {"14:05"}})
	storagetest.Clock(h.db).Add(time.Minute)
	h.answers(id, false)
	h.sent("/me/contact", url.Values{"how": {"phone"}, "contact": {"0157-11-2222"}}, cookie)
	asked, code := h.askEmail(cookie, "hanako@example.jp")
	h.sent("/me/email/code", url.Values{"code": {code}}, cookie+"; "+asked)
	h.sent("/me", url.Values{"residence": {abashiri}, "age_band": {"70"}, "version": {fmt.Sprint(h.account(id).Version)}}, cookie)
	form := correctionForm()
	form.Set("note", "=1+1 字がちがいます")
	h.sent("/certificates/correction", form, cookie)
	if res, _ := h.get("/desk/certificates/"+cert.ID+".pdf", h.desk); res.StatusCode != 200 {
		h.t.Fatal(res.StatusCode)
	}
	return id, cookie
}

func TestRecordAsPDF(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		h := newHouse(t, db)
		id, cookie := h.life()
		res, file := h.get("/me/download/record.pdf", cookie)
		if res.StatusCode != 200 || res.Header.Get("Content-Type") != "application/pdf" ||
			res.Header.Get("Cache-Control") != "no-store" || !strings.Contains(res.Header.Get("Content-Disposition"), "tsunagari-kiroku-20261123.pdf") {
			t.Fatalf("%d %v", res.StatusCode, res.Header)
		}
		text := solid(pdfText(t, file))
		for _, want := range []string{
			"お預かりしている記録", "北見花子", "令和8年11月23日12時01分現在", "0152-00-0000", accounts.ShowNumber(h.account(id).Number),
			"きたみはなこ", "網走市", "70代", "hanako@example.jp", "Androidのスマホ", "北見市からの連絡（電話）", "0157-11-2222",
			"講座「小さな講座supporter」", "レッスンichi-1", "修了日令和8年11月23日", "北見市70代",
			"小テスト1", "問いq1", "q1の選択肢", "気づいたことを、書いてみましょう。", `=HYPERLINK("x")`, "もう一行〓", "2問のうち",
			"修了証第R8-001-0001号", "発行済み", "北見　花子", "お名前の直しの申し出", "北見華子", "=1+1字がちがいます", "修了証の印刷（係の人）", "1／",
			"教室　令和8年11月23日", "北見市民会館 小ホール", "出席 遅刻 14:05", "出欠の記録（係の人）",
		} {
			if !strings.Contains(text, solid(want)) {
				t.Errorf("%q is missing", want)
			}
		}
		for _, not := range []string{"窓口次郎", "窓口　次郎", "2026年11月", "argon2", "の説明1", "{気|"} {
			if strings.Contains(text, solid(not)) {
				t.Errorf("%q is in it", not)
			}
		}
		pages := regexp.MustCompile(`(\d+)／(\d+)`).FindAllStringSubmatch(text, -1)
		if len(pages) < 2 || pages[len(pages)-1][1] != pages[0][2] || pages[0][2] != fmt.Sprint(len(pages)) {
			t.Errorf("page numbers %v", pages)
		}
		if t.Failed() {
			t.Log(text)
		}
	})
}

// solid is text without the spaces at which pdftotext guesses.
func solid(s string) string { return strings.Join(strings.Fields(s), "") }

func pdfText(t *testing.T, file string) string {
	t.Helper()
	tool, err := exec.LookPath("pdftotext")
	if err != nil {
		storagetest.Missing(t, "no pdftotext on this machine")
	}
	cmd := exec.Command(tool, "-layout", "-", "-")
	cmd.Stdin = strings.NewReader(file)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// unzip reads the CSV files back as a spreadsheet does.
func unzip(t *testing.T, file string) map[string][][]string {
	t.Helper()
	z, err := zip.NewReader(strings.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][][]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		body, bom := bytes.CutPrefix(text, []byte("\ufeff"))
		if !bom || strings.Count(string(body), "\n") != strings.Count(string(body), "\r\n") {
			t.Errorf("%s: no mark, or not CRLF", f.Name)
		}
		rows, err := csv.NewReader(bytes.NewReader(body)).ReadAll() // each row as long as the first
		if err != nil {
			t.Errorf("%s: %v", f.Name, err)
		}
		for _, row := range rows {
			for _, cell := range row {
				if strings.IndexAny(cell, "=+-@") == 0 {
					t.Errorf("%s: a formula: %q", f.Name, cell)
				}
			}
		}
		files[f.Name] = rows
	}
	return files
}

func TestRecordAsCSV(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		h := newHouse(t, db)
		_, cookie := h.life()
		res, file := h.get("/me/download/record.zip", cookie)
		if res.StatusCode != 200 || res.Header.Get("Content-Type") != "application/zip" || res.Header.Get("Cache-Control") != "no-store" {
			t.Fatalf("%d %v", res.StatusCode, res.Header)
		}
		files := unzip(t, file)
		for name, lines := range map[string][]string{
			"1_account.csv":         {"ご本人,お名前,北見 花子", "お住まいの記録,2026-11-23 から,網走市", "同意,北見市からの連絡（電話）の連絡先,0157-11-2222"},
			"2_courses.csv":         {"小さな講座supporter,1,2026-11-23 12:00:00,2026-11-23,2026-11-23 12:00:00,北見市,70代"},
			"3_progress.csv":        {"小さな講座supporter,単元ichi,レッスンichi-1,2026-11-23 12:00:00", "小さな講座renshuu,単元ichi,確認の小テスト,2026-11-23 12:00:00"},
			"4_attempts.csv":        {"1,小さな講座renshuu,単元ichiの確認,1,2026-11-23 12:00:00,2026-11-23 12:00:00,", "2,小さな講座renshuu,単元ichiの確認,1,2026-11-23 12:01:00,,,,2"},
			"5_answers.csv":         {"気づいたことを、書いてみましょう。,'=HYPERLINK(\"x\") もう一行😀,2026-11-23 12:00:00,2026-11-23 12:00:00,"},
			"6_certificates.csv":    {"R8-001-0001,発行済み,北見　花子,きたみ　はなこ,"},
			"7_waiting.csv":         {},
			"8_corrections.csv":     {"2026-11-23 12:01:00,北見,華子,きたみ,はなこ,,'=1+1 字がちがいます,確かめています,,"},
			"10_classes.csv":        {"2026-11-23,小さな講座supporter,北見市民会館 小ホール,1,2026-11-23 12:00:00,ご本人,出席 遅刻 14:05,,,"},
			"9_certificate_log.csv": {"2026-11-23 12:01:00,R8-001-0001,修了証の印刷,係の人,"},
		} {
			var all []string
			for _, row := range files[name] {
				all = append(all, strings.Join(row, ","))
			}
			text := strings.Join(all, "\n")
			if len(all) == 0 || len(lines) > 0 && len(all) < 2 {
				t.Errorf("%s: %q", name, all)
			}
			for _, want := range lines {
				if !strings.Contains(text, want) {
					t.Errorf("%s: %q is missing in\n%s", name, want, text)
				}
			}
		}
		if len(files) != 10 {
			t.Errorf("%d files", len(files))
		}
		again := unzip(t, second(h.get("/me/download/record.zip", cookie)))
		if text := fmt.Sprint(again["1_account.csv"]); !strings.Contains(text, "本人の記録の書き出し（ご本人）") {
			t.Errorf("taking it was not noted: %s", text)
		}
	})
}

func second[A, B any](_ A, b B) B { return b }

// A guest's record is one too, and holds no name; the example says that it is one.
func TestRecordOfAGuest(t *testing.T) {
	h := readyHouse(t)
	id, cookie := h.guest()
	_, err := h.deps.Courses.MarkRead(t.Context(), id, "supporter", "ichi-1")
	h.must(err)
	text := solid(pdfText(t, second(h.get("/me/download/record.pdf", cookie))))
	h.deps.Demo = true
	example := pdfText(t, second(do(t, New(h.deps), ask("/me/download/record.pdf", cookie))))
	if strings.Count(example, "見") != strings.Count(text, "見")+1 { // the two signs stand apart, aslant
		t.Error("the example does not say so")
	}
	if !strings.Contains(text, "お名前をうかがっていない方") || !strings.Contains(text, "レッスンichi-1") {
		t.Error(text)
	}
}

func TestDelete(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		h := newHouse(t, db)
		id, cookie := h.life()
		number := h.account(id).Number
		_, rest, _ := strings.Cut(h.shows("/desk", h.other, 200), `/desk/corrections/`) // they have moved to 網走市
		request, _, _ := strings.Cut(rest, `"`)
		h.sent("/desk/corrections/"+request, url.Values{"do": {"accept"}, "reason": {"北見 花子さんの戸籍で確かめた"}}, h.other)
		h.shows("/me/delete", cookie, 200, "第R8-001-0002号、第R8-001-0001号", "本物かどうかを番号で", "人数のうちの「1人」", "空の記録", "/me/download", `name="sure"`)
		for _, form := range []url.Values{nil, {"sure": {"no"}}} {
			res, body := h.send("/me/delete", form, cookie)
			if res.StatusCode != 422 {
				t.Fatalf("without the tick: %d", res.StatusCode)
			}
			h.has(body, "しるしを付けてください", "第R8-001-0001号")
		}
		h.shows("/me", cookie, 200, "北見 華子")

		res, _ := h.send("/me/delete", url.Values{"sure": {"yes"}}, cookie)
		if res.StatusCode != 303 || res.Header.Get("Location") != "/me/deleted" || sessionOf(res) != "session=" {
			t.Fatalf("%d %v", res.StatusCode, res.Header)
		}
		h.shows("/me/deleted", "", 200, "すべて消しました", "ありがとうございました")
		h.shows("/verify/R8-001-0001", "", 200, "差し替え済み", "R8-001-0002")
		h.shows("/verify/R8-001-0002", "", 200, "発行済み")
		if res, _ := h.get("/me", cookie); res.StatusCode != 303 {
			t.Errorf("still signed in: %d", res.StatusCode)
		}
		res, body := h.send("/me/delete", url.Values{"sure": {"yes"}}, cookie) // the second tap
		if res.StatusCode != 200 {
			t.Errorf("the second tap: %d", res.StatusCode)
		}
		h.has(body, "もう消えています")

		for _, trace := range []string{"花子", "はなこ", "華子", "hanako@example.jp", "0157-11-2222", number, "もう一行", "字がちがいます"} {
			if where := h.search(trace); where != "" {
				t.Errorf("%s is still in %s", trace, where)
			}
		}
		var counted int64
		h.must(db.Read(t.Context()).Table("completions").Where("municipality = ? AND account_id IS NULL", kitami).Count(&counted).Error)
		if counted != 1 {
			t.Errorf("%d completions are counted", counted)
		}
	})
}

// search names the first table in which some column holds the text.
func (h *house) search(text string) string {
	h.t.Helper()
	db := h.db.Read(h.t.Context())
	tables, err := db.Migrator().GetTables()
	h.must(err)
	if len(tables) < 25 {
		h.t.Fatalf("only the tables %v", tables)
	}
	for _, table := range tables {
		rows, err := db.Raw(`SELECT * FROM "` + table + `"`).Rows()
		h.must(err)
		if has(h.t, rows, text) {
			return table
		}
	}
	return ""
}

func has(t testing.TB, rows interface {
	Columns() ([]string, error)
	Next() bool
	Scan(...any) error
	Close() error
	Err() error
}, text string,
) bool {
	t.Helper()
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	values, places := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		places[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(places...); err != nil {
			t.Fatal(err)
		}
		for _, v := range values {
			if b, ok := v.([]byte); ok {
				v = string(b)
			}
			if strings.Contains(fmt.Sprint(v), text) {
				return true
			}
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return false
}

// Where the issuer keeps a register, the page says until when, and the name is
// there until then and nowhere else.
func TestDeleteWithARegister(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		h := newHouse(t, db)
		by, err := h.deps.Accounts.BySession(t.Context(), strings.TrimPrefix(h.admin, "session="))
		h.must(err)
		issuers, err := h.deps.Certificates.Issuers(t.Context())
		h.must(err)
		i := issuers[0]
		h.must(h.deps.Certificates.SetIssuer(t.Context(), by.Access, i.ID, certificates.IssuerSettings{Name: i.Name, RegisterYears: 5, Version: i.Version}))
		id, cookie := h.life()
		h.shows("/me/delete", cookie, 200, "交付台帳", i.Name, "令和14年3月31日まで残り")
		h.sent("/me/delete", url.Values{"sure": {"yes"}}, cookie)
		if where := h.search("花子"); where != "certificates" {
			t.Errorf("the name is in %q", where)
		}
		if a := h.account(id); a.State != accounts.Erased {
			t.Errorf("%+v", a)
		}
	})
}

func TestDeleteOfGuestAndLastAdmin(t *testing.T) {
	h := readyHouse(t)
	id, guest := h.guest()
	h.lacks(h.shows("/me/delete", guest, 200, "読んだところ"), "合言葉", "修了証の番号")
	h.sent("/me/delete", url.Values{"sure": {"yes"}}, guest)
	if a := h.account(id); a.State != accounts.Erased {
		t.Errorf("%+v", a)
	}
	res, body := h.send("/me/delete", url.Values{"sure": {"yes"}}, h.admin)
	if res.StatusCode != 409 {
		t.Errorf("the last administrator: %d", res.StatusCode)
	}
	h.has(body, "先に、ほかの人を管理者の係に招待")
	h.shows("/admin", h.admin, 200)
	if to := second(h.get("/me/deleted", h.admin)); strings.Contains(to, "すべて消しました") {
		t.Error("somebody who is there was told to be gone")
	}
}
