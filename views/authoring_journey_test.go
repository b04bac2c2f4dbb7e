package views

import (
	"bytes"
	"context"
	"mime/multipart"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/google/uuid"

	"tsunagari/courses"
	"tsunagari/courses/coursetest"
	"tsunagari/storage/storagetest"
	"tsunagari/views/browsertest"
)

// desktop is a browser in which somebody works at a desk.
type desktop struct {
	*testing.T
	tab context.Context
	at  string
}

func (d *desktop) do(actions ...chromedp.Action[chromedp.Void]) {
	d.Helper()
	if err := chromedp.Do(d.tab, actions...); err != nil {
		d.Fatal(err)
	}
}

func (d *desktop) open(path string) {
	d.Helper()
	d.do(chromedp.Navigate(d.at + path))
}

// says is the button, link or fold of main that says label and can be seen.
func says(label string) chromedp.JSPath {
	return chromedp.JSPath(`[...document.querySelectorAll("main button, main a, main summary")].find(e => e.textContent.includes("` + label + `") && e.getClientRects().length)`)
}

func (d *desktop) press(label string) {
	d.Helper()
	d.do(chromedp.Click(says(label)))
}

// goes presses something that leads to another page.
func (d *desktop) goes(label string) {
	d.Helper()
	if _, err := chromedp.RunResponse(d.tab, chromedp.Click(says(label))); err != nil {
		d.Fatalf("%s: %v", label, err)
	}
}

func (d *desktop) script(js string) {
	d.Helper()
	d.do(chromedp.Evaluate[chromedp.Void](js))
}

func (d *desktop) asks(js string) string {
	d.Helper()
	got, err := chromedp.Run(d.tab, chromedp.Evaluate[string](js))
	if err != nil {
		d.Fatal(err)
	}
	return got
}

// waits until the page holds js.
func (d *desktop) waits(js string) {
	d.Helper()
	const until = `new Promise(done => { const look = () => (%) ? done("yes") : requestAnimationFrame(look); look(); })`
	if _, err := chromedp.Run(d.tab, chromedp.Evaluate[string](strings.Replace(until, "%", js, 1), chromedp.EvalAwaitPromise)); err != nil {
		d.Fatalf("%s: %v", js, err)
	}
}

// An author writes a lesson with furigana, a figure and an activity, publishes it,
// writes on, and sees what differs.
func TestAuthorsJourney(t *testing.T) {
	b := browsertest.Start(t)
	h := newHouse(t, storagetest.Open(t, storagetest.SQLite(t)))
	h.deps.BaseURL = ""
	a := h.writes()
	a.uploads("/pictures", map[string]string{"alt": "二つの輪がならんでいる図です", "operation": uuid.NewString()}, "file", drawn, 303)
	at := browsertest.Serve(t, New(h.deps))
	d := &desktop{t, b.Tab(t, browsertest.Desk), at}
	name, value, _ := strings.Cut(a.cookie, "=")
	d.do(cookie(at, name, value))
	d.open(a.base)
	d.goes("レッスンを書く")

	// from the keyboard alone: the title, then the text
	d.script(`document.getElementById("title").focus(); document.getElementById("title").select()`)
	d.do(chromedp.KeyEvent("声をかける"))
	d.script(`const area = document.getElementById("body"); area.focus(); area.select()`)
	d.do(chromedp.KeyEvent("孤独は、だれにでもあります。"))
	d.script(`document.getElementById("body").setSelectionRange(0, 2)`)
	d.press("ふりがな")
	if got := d.asks(`document.getElementById("body").value`); got != "{孤独|よみ}は、だれにでもあります。" {
		t.Fatalf("furigana: %q", got)
	}
	d.script(`{ const a = document.getElementById("body"); a.value = a.value.replace("よみ", "こどく"); a.setSelectionRange(a.value.length, a.value.length); }`)
	d.press("見出し")
	d.script(`document.querySelector(".menu summary").focus()`)
	d.do(chromedp.KeyEvent(kb.Enter), chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent(kb.Enter)) // 囲み → 大切なこと
	d.press("図")
	d.press("二つの輪")
	d.press("れんしゅう")
	d.press("なかま分け")
	d.waits(`document.querySelector("[data-state]").textContent.startsWith("保存しました")`)
	d.waits(`!!document.querySelector("#preview figure.figure svg") && !!document.querySelector("#preview .activity") && !!document.querySelector("#preview .block--point") && !!document.querySelector("#preview ruby")`)
	body := a.draft().Lesson(a.lesson).Body["ja"]
	for _, want := range []string{"{孤独|こどく}", "## 見出し", ":::point 大切なこと", "![二つの輪がならんでいる図です](media/zu-", ":::sort r"} {
		if !strings.Contains(body, want) {
			t.Errorf("what was kept by itself lacks %q:\n%s", want, body)
		}
	}
	// the preview is alive: an answer shows what is said about it, and nothing is sent
	d.do(chromedp.Click(chromedp.CSS("#preview .activity input[type=radio]")))
	d.waits(`!!document.querySelector("#preview .answer__text:not([hidden])")`)
	fits(t, d.tab)
	browsertest.Shot(t, d.tab, "author-journey")
	browsertest.Axe(t, d.tab)

	d.goes("保存する")
	// questions of another system, three of them faulty
	d.open(a.base + "/modules/" + a.module + "/import")
	d.script(`document.getElementById("text").value = ` + strconv.Quote(faulty))
	d.goes("読んで、たしかめる")
	said := d.asks(`document.querySelector("main").innerText`)
	for _, want := range []string{"入れられる問題は2問", "7行目", "11行目", "16行目", "あいさつは、だれにでもできます。"} {
		if !strings.Contains(said, want) {
			t.Errorf("the preview lacks %q:\n%s", want, said)
		}
	}
	browsertest.Axe(t, d.tab)
	d.goes("2問を入れる")
	if got := len(a.asked()); got != 2 {
		t.Errorf("%d questions were taken", got)
	}
	d.open(a.base + "/publish")
	d.goes("第1版として公開する")
	d.waits(`document.querySelector("main").textContent.includes("第1版が見えています")`)
	d.open(a.base + "/lessons/" + a.lesson)
	d.script(`{ const a = document.getElementById("body"); a.value = a.value.replace("だれにでもあります", "めずらしいことではありません"); }`)
	d.goes("保存する")
	d.open(a.base + "/publish")
	d.press("変わったところを見る")
	if got := d.asks(`[...document.querySelectorAll("main ins")].map(e => e.textContent).join("")`); !strings.Contains(got, "めずらしい") {
		t.Errorf("added: %q", got)
	}
	d.goes("第2版として公開する")
	d.open(a.base + "/editions/2")
	d.press("変わったところを見る")
	if got := d.asks(`[...document.querySelectorAll("main del")].map(e => e.textContent).join("")`); !strings.Contains(got, "だれ") {
		t.Errorf("gone: %q", got)
	}
	browsertest.Shot(t, d.tab, "author-difference")
	browsertest.Axe(t, d.tab)
}

// Two people write the same lesson: the second is told while writing, and sees
// both texts when saving.
func TestSecondWriterIsTold(t *testing.T) {
	b := browsertest.Start(t)
	h := newHouse(t, storagetest.Open(t, storagetest.SQLite(t)))
	h.deps.BaseURL = ""
	a := h.writes()
	at := browsertest.Serve(t, New(h.deps))
	d := &desktop{t, b.Tab(t, browsertest.Phone), at}
	name, value, _ := strings.Cut(h.admin, "=")
	d.do(cookie(at, name, value))
	d.open(a.base + "/lessons/" + a.lesson)
	a.leads("/lessons/"+a.lesson, url.Values{"title": {"題"}, "body": {"講師の文。"}, "version": {"1"}})
	d.script(`{ const a = document.getElementById("body"); a.focus(); a.select(); }`)
	d.do(chromedp.KeyEvent("管理者の文。"))
	d.waits(`document.querySelector("[data-state]").textContent.includes("ほかの人が先に保存しました")`)
	d.goes("保存する")
	if got := d.asks(`document.querySelector("main").textContent`); !strings.Contains(got, "講師の文。") || !strings.Contains(got, "管理者の文。") {
		t.Errorf("both texts: %s", got)
	}
	d.goes("自分の文で保存")
	if got := a.draft().Lesson(a.lesson).Body["ja"]; got != "管理者の文。" {
		t.Errorf("the lesson is %q", got)
	}
}

// uploads sends a form with a file.
func (a *author) uploads(path string, fields map[string]string, field, content string, status int) string {
	a.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for k, v := range fields {
		a.must(w.WriteField(k, v))
	}
	f, err := w.CreateFormFile(field, "file")
	a.must(err)
	_, err = f.Write([]byte(content))
	a.must(err)
	a.must(w.Close())
	to := path
	if !strings.HasPrefix(path, authoring) {
		to = a.base + path
	}
	req := httptest.NewRequest("POST", to, &b)
	req.Header.Set("Content-Type", w.FormDataContentType())
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	req.Header.Set("Cookie", a.cookie)
	res, body := do(a.t, a.app, req)
	if res.StatusCode != status {
		a.t.Fatalf("%s: %d %s", path, res.StatusCode, mainOf(body))
	}
	return body
}

func TestFilesInAndOut(t *testing.T) {
	h := newHouse(t, storagetest.Open(t, storagetest.SQLite(t)))
	a := h.writes()
	form := func(alt string) map[string]string {
		return map[string]string{"alt": alt, "operation": uuid.NewString()}
	}
	a.has(a.uploads("/pictures", form("みじかい"), "file", drawn, 422), "10文字以上で")
	a.has(a.uploads("/pictures", form("図の説明をここに書きます"), "file", "<html></html>", 422), "いちばん外側が")
	a.uploads("/pictures", form("図の説明をここに書きます"), "file", strings.Replace(drawn, "<circle", `<script>alert(1)</script><circle onclick="x"`, 1), 303)
	picture := a.draft().Under(courses.PicturePiece, "")[0].Name
	res, body := a.get(a.base+"/pictures/"+picture+"/file.svg", a.cookie)
	if res.StatusCode != 200 || res.Header.Get("Content-Type") != "image/svg+xml" || strings.Contains(body, "script") || strings.Contains(body, "onclick") {
		t.Errorf("%d %v %s", res.StatusCode, res.Header, body)
	}
	a.shows(a.base+"/pictures/"+picture+"/file.svg", h.desk, 404)

	var zip bytes.Buffer
	a.must(courses.WriteZip(&zip, coursetest.Small("small")))
	before := len(a.draft().Pieces)
	for _, try := range []struct{ content, say string }{
		{"no zip at all", "zipファイルとして開けませんでした"},
		{"", "zipファイルとして開けませんでした"},
		{strings.Repeat("x", 9<<20), "8 MBまで"},
	} {
		a.has(a.uploads("/import", form(""), "zip", try.content, 422), try.say)
	}
	faulty := coursetest.Small("small")
	faulty.Modules[0].Lessons[0].Body["ja"] = ":::sort\n"
	var bad bytes.Buffer
	a.must(courses.WriteZip(&bad, faulty))
	a.has(a.uploads("/import", form(""), "zip", bad.String(), 422), "直すところが", "ichi/ichi-1.md", "何も取りこんでいません")
	if n := len(a.draft().Pieces); n != before {
		t.Errorf("%d pieces, and %d before the refused packages", n, before)
	}
	a.uploads(authoring+"/import", form(""), "zip", zip.String(), 303)
	a.uploads("/import", form(""), "zip", zip.String(), 303)
	a.sees("", "単元ichi", "しまったもの")
	res, body = a.get(a.base+"/export.zip", a.cookie)
	if res.StatusCode != 200 || !strings.HasPrefix(body, "PK") || !strings.Contains(res.Header.Get("Content-Disposition"), ".zip") {
		t.Errorf("export: %d %v", res.StatusCode, res.Header)
	}
}
