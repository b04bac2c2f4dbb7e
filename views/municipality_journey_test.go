package views

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"tsunagari/views/browsertest"
)

// tabTo walks with the Tab key to the element that is, and no further than a person
// would.
func (d *desktop) tabTo(is string) {
	d.Helper()
	for range 60 {
		d.do(chromedp.KeyEvent(kb.Tab))
		if d.asks(`(e => `+is+`)(document.activeElement) ? "yes" : ""`) != "" {
			return
		}
	}
	d.Fatalf("Tab never reaches %s", is)
}

// enters fills in the field that has the focus, and sends the form with Enter.
func (d *desktop) enters(text string) {
	d.Helper()
	d.do(chromedp.KeyEvent(text))
	if _, err := chromedp.RunResponse(d.tab, chromedp.KeyEvent(kb.Enter)); err != nil {
		d.Fatal(err)
	}
}

// A clerk who comes once a year signs in from the keyboard and stands before the
// number, which is seen without scrolling.
func TestClerksJourney(t *testing.T) {
	b := browsertest.Start(t)
	h := counted(t)
	h.deps.BaseURL = ""
	h.officer(kitami)
	d := &desktop{t, b.Tab(t, browsertest.Desk), browsertest.Serve(t, New(h.deps))}
	d.open("/")
	d.tabTo(`e.textContent === "職員の方"`)
	d.enters("")
	d.tabTo(`e.name === "email"`)
	d.do(chromedp.KeyEvent(kitami + "officer-1@town.example.jp"))
	d.tabTo(`e.name === "password"`)
	d.enters(password)
	d.tabTo(`e.name === "code"`)
	d.enters(sixDigits.FindString(h.mail(kitami + "officer@town.example.jp")))
	if at := d.asks(`location.pathname`); at != "/municipality" {
		t.Fatalf("signing in leads to %s", at)
	}
	seen := d.asks(`(() => { const e = document.querySelector(".sentence"), r = e.getBoundingClientRect(); return r.bottom < innerHeight ? e.textContent : ""; })()`)
	if seen != "令和8年11月23日現在、累計7人、今年度4人" {
		t.Errorf("at first sight: %q", seen)
	}
	d.memo("累計7人、今年度4人", "北見市")
	d.goes("人口を入れる")
	d.script(`document.getElementById("counted_on").value = "2026-09-30"; document.getElementById("people").value = "1,000"; document.getElementById("source").value = "住民基本台帳"`)
	d.goes("保存する")
	d.open("/municipality")
	if share := d.asks(`document.querySelector(".amount").textContent`); share != "0.70％" {
		t.Errorf("the share is %q", share)
	}
	d.goes("みんなに公開する設定")
	d.goes("北見市")
	d.goes("北見市の修了者数を公開する")
	d.open("/statistics")
	if main := d.asks(`document.querySelector("main").textContent`); !strings.Contains(main, "累計7人、今年度4人") {
		t.Error(main)
	}
	h.must(h.deps.Counts.CloseDue(t.Context(), h.db.Now()))
	h.withdrawOne()
	d.open("/municipality")
	d.goes("確定値と訂正")
	if main := d.asks(`document.querySelector("main").textContent`); !strings.Contains(main, "令和8年5月2026年11月23日に訂正-1修了の取り下げ") {
		t.Error(main)
	}
}

// A bureau walks from its map into a town and from Hokkaido into a bureau, by
// keyboard and by hand.
func TestBureausJourney(t *testing.T) {
	b := browsertest.Start(t)
	h := counted(t)
	h.deps.BaseURL = ""
	bureau := h.officer(okhotskCodes()...)
	d := &desktop{t, b.Tab(t, browsertest.Desk), browsertest.Serve(t, New(h.deps))}
	name, value, _ := strings.Cut(bureau, "=")
	d.do(cookie(d.at, name, value))
	d.open("/municipality")
	d.tabTo(`e.matches(".tile") && e.textContent.startsWith("北見")`)
	if line := d.asks(`getComputedStyle(document.activeElement.querySelector("rect")).strokeWidth`); line != "4px" {
		t.Errorf("the focus on a tile cannot be seen: %s", line)
	}
	d.enters("")
	if at, say := d.asks(`location.pathname`), d.asks(`document.querySelector(".sentence").textContent`); at != "/municipality/areas/"+kitami || !strings.Contains(say, "累計7人") {
		t.Errorf("the tile leads to %s: %s", at, say)
	}
	d.memo("累計7人、今年度4人", "北見市")
	d.goes("修了者数") // the way back above the title
	d.memo("累計8人、今年度5人", "オホーツク総合振興局")
	d.goes("累計の多い順")
	if first := d.asks(`document.querySelector("tbody a").textContent`); first != "北見市" {
		t.Errorf("the first of the order is %s", first)
	}
	d.goes("網走市")
	if say := d.asks(`document.querySelector(".sentence").textContent`); !strings.Contains(say, "累計1人、今年度1人") {
		t.Error(say)
	}
}

// takes is the file behind the page's first button, as the browser gets it.
func (d *desktop) takes() []byte {
	d.Helper()
	const get = `fetch(document.querySelector(".number .button").href).then(r => r.blob()).then(b => new Promise(done => {
		const reader = new FileReader(); reader.onload = () => done(reader.result); reader.readAsDataURL(b); }))`
	url, err := chromedp.Run(d.tab, chromedp.Evaluate[string](get, chromedp.EvalAwaitPromise))
	if err != nil {
		d.Fatal(err)
	}
	coded, isPDF := strings.CutPrefix(url, "data:application/pdf;base64,")
	file, err := base64.StdEncoding.DecodeString(coded)
	if !isPDF || err != nil {
		d.Fatalf("no PDF: %.80s %v", url, err)
	}
	return file
}

// memo fails unless the 答弁用メモ that the page offers first says the words.
func (d *desktop) memo(words ...string) {
	d.Helper()
	said := solid(pdfText(d.T, string(d.takes())))
	for _, want := range words {
		if !strings.Contains(said, want) {
			d.Errorf("%q is not on the memo:\n%s", want, said)
		}
	}
}
