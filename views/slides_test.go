package views

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"tsunagari/courses/accounts"
	"tsunagari/storage/storagetest"
	"tsunagari/views/browsertest"
)

func TestSlides(t *testing.T) {
	db := storagetest.Open(t, storagetest.SQLite(t))
	h := newHouse(t, db)
	trainer := h.trains()
	path, _ := h.hallOf(trainer)
	slides := path + "/slides"
	body := h.shows(slides, trainer, 200, "あいさつから始まる、小さなつながり", `href="`+slides+`?n=2"`, "／40", "<rt>")
	h.lacks(body, "ようこそ、おいでくださいました。", `data-n="1" aria-label="スライド 1／40" hidden`)
	h.has(body, `data-n="2" aria-label="スライド 2／40" hidden`)
	h.lacks(h.shows(slides+"?f=0", trainer, 200), "<rt>")
	h.shows(slides+"?n=40", trainer, 200, `href="`+slides+`?n=39"`)
	h.shows(slides+"/notes", trainer, 200, "こんにちは。ようこそ、おいでくださいました。", "つぎのスライド", "13:30から13:35", `name="n" value="2"`)
	for _, n := range []string{"0", "41", "x", "-1"} {
		h.shows(slides+"?n="+n, trainer, 404)
	}

	at := func(want string) string {
		t.Helper()
		res, body := h.get(slides+"/at", trainer)
		if body != want {
			t.Errorf("slide %q, not %q", body, want)
		}
		return res.Header.Get("ETag")
	}
	tag := at("1")
	if to := h.posts(slides, trainer, url.Values{"n": {"7"}}); to != slides+"/notes" {
		t.Errorf("to %s", to)
	}
	if at("7") == tag {
		t.Error("the tag stays when the slide moves")
	}
	req := ask(slides+"/at", trainer)
	req.Header.Set("If-None-Match", at("7"))
	if res, body := do(t, h.app, req); res.StatusCode != 304 || body != "" {
		t.Errorf("%d %q", res.StatusCode, body)
	}
	h.shows(slides, trainer, 200, `data-at="7"`)
	h.refuses(slides, trainer, url.Values{"n": {"41"}}, 404)

	_, other := h.staff("網走市の講師", accounts.Trainer, abashiri, "講師", "二郎")
	for _, sub := range []string{"", "/at", "/notes"} {
		h.shows(slides+sub, other, 404)
	}
	h.refuses(slides, other, url.Values{"n": {"1"}}, 404)
	h.shows("/trainer/slides/tsunagari", other, 200, "あいさつから始まる、小さなつながり")
	h.shows("/trainer/slides/tsunagari/notes?n=2", other, 200, "おぼえる会ではありません")
	h.shows("/trainer/slides/nothing", other, 404)
	h.shows("/trainer/slides/nothing/handout.pdf", other, 404)
	_, file := h.get("/trainer/slides/tsunagari/handout.pdf", other)
	if text := solid(pdfText(t, file)); !strings.Contains(text, "きょうの、四つの約束") || pdfPages(t, file) != 6 {
		t.Errorf("%d pages: %s", pdfPages(t, file), text)
	}
	h.shows("/trainer", other, 200, `href="/trainer/slides/tsunagari"`)
}

// wall opens the slides of a class on a screen, signed in.
func (h *house) opens(b *browsertest.Browser, screen browsertest.Screen, at, path, session string) context.Context {
	h.t.Helper()
	tab := b.Tab(h.t, screen)
	_, value, _ := strings.Cut(session, "=")
	if err := chromedp.Do(tab, cookie(at, "session", value), chromedp.Navigate(at+path)); err != nil {
		h.t.Fatal(err)
	}
	return tab
}

// waits until the slide with this number is shown.
func showing(t *testing.T, tab context.Context, n string) {
	t.Helper()
	if err := chromedp.Do(tab, chromedp.WaitVisible(chromedp.CSS(`section[data-n="`+n+`"]`))); err != nil {
		t.Fatalf("slide %s: %v", n, err)
	}
	seen, err := chromedp.Run(tab, chromedp.Evaluate[int](`[...document.querySelectorAll("section[data-n]")].filter(s => s.getClientRects().length).length`))
	if err != nil || seen != 1 {
		t.Errorf("%d slides are shown: %v", seen, err)
	}
}

func TestSlidesByKeyboard(t *testing.T) {
	b := browsertest.Start(t)
	db := storagetest.Open(t, storagetest.SQLite(t))
	h := newHouse(t, db)
	trainer := h.trains()
	path, _ := h.hallOf(trainer)
	at := browsertest.Serve(t, h.app)
	wall := h.opens(b, browsertest.Desk, at, path+"/slides", trainer)
	showing(t, wall, "1")
	for _, step := range [][2]string{{"ArrowRight", "2"}, {" ", "3"}, {"ArrowLeft", "2"}, {"End", "40"}, {"PageDown", "40"}, {"Home", "1"}, {"PageDown", "2"}} {
		hit(t, wall, step[0])
		showing(t, wall, step[1])
	}
	browsertest.Shot(t, wall, "slides-2")
	browsertest.Axe(t, wall)

	phone := h.opens(b, browsertest.Phone, at, path+"/slides/notes", trainer)
	showing(t, phone, "2") // what was done on the wall has arrived
	fits(t, phone)
	browsertest.Shot(t, phone, "slide-notes-phone")
	browsertest.Axe(t, phone)
	if err := chromedp.Do(phone, chromedp.Click(chromedp.CSS(`.remote [data-to="1"]`))); err != nil {
		t.Fatal(err)
	}
	showing(t, phone, "3")
	showing(t, wall, "3")
}

func hit(t *testing.T, tab context.Context, key string) {
	t.Helper()
	script := `document.body.dispatchEvent(new KeyboardEvent("keydown", {key: "` + key + `", bubbles: true, cancelable: true}))`
	if err := chromedp.Do(tab, chromedp.Evaluate[chromedp.Void](script)); err != nil {
		t.Fatal(err)
	}
}

// Without script each slide is a page, and the notes move the wall by a form.
func TestSlidesWithoutScript(t *testing.T) {
	b := browsertest.Start(t)
	db := storagetest.Open(t, storagetest.SQLite(t))
	h := newHouse(t, db)
	trainer := h.trains()
	path, _ := h.hallOf(trainer)
	at := browsertest.Serve(t, h.app)
	wall := h.opens(b, browsertest.Desk.WithoutScript(), at, path+"/slides", trainer)
	for _, n := range []string{"2", "3"} {
		if err := chromedp.Do(wall, chromedp.Click(chromedp.CSS(`.steer [rel=next]`)), chromedp.WaitVisible(chromedp.CSS(`section[data-n="`+n+`"]`))); err != nil {
			t.Fatal(n, err)
		}
	}
	phone := h.opens(b, browsertest.Phone.WithoutScript(), at, path+"/slides/notes", trainer)
	if err := chromedp.Do(phone, chromedp.Click(chromedp.CSS(`.remote [value="2"]`)), chromedp.WaitVisible(chromedp.CSS(`section[data-n="2"]`)),
		chromedp.Click(chromedp.CSS(`.remote [value="3"]`)), chromedp.WaitVisible(chromedp.CSS(`section[data-n="3"]`))); err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Do(wall, chromedp.Navigate(at+path+"/slides"), chromedp.WaitVisible(chromedp.CSS(`section[data-n="3"]`))); err != nil {
		t.Fatal(err)
	}
}

// Every slide of the built-in course fits on the usual walls.
func TestSlidesFitTheWall(t *testing.T) {
	b := browsertest.Start(t)
	db := storagetest.Open(t, storagetest.SQLite(t))
	h := newHouse(t, db)
	trainer := h.trains()
	h.builtin("supporter", "tsunagari")
	at := browsertest.Serve(t, h.app)
	for _, screen := range []browsertest.Screen{browsertest.Desk, {Name: "xga", Width: 1024, Height: 768}, {Name: "hd", Width: 1920, Height: 1080}} {
		tab := h.opens(b, screen, at, "/trainer/slides/tsunagari", trainer)
		high, err := chromedp.Run(tab, chromedp.Evaluate[string](`[...document.querySelectorAll("section[data-n]")].map(s => {
			for (const o of document.querySelectorAll("section[data-n]")) o.hidden = o !== s;
			const over = document.documentElement.scrollHeight - document.documentElement.clientHeight;
			return over > 1 ? s.dataset.n + ": " + over : "";
		}).filter(Boolean).join(", ")`))
		if err != nil || high != "" {
			t.Errorf("%s: higher than the wall: %s %v", screen.Name, high, err)
		}
		for _, n := range []string{"1", "7", "12", "18", "31"} {
			if err := chromedp.Do(tab, chromedp.Navigate(at+"/trainer/slides/tsunagari?n="+n)); err != nil {
				t.Fatal(err)
			}
			browsertest.Shot(t, tab, "slide-"+n+"-"+screen.Name)
		}
	}
}
