package views

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"tsunagari/views/browsertest"
)

// myPages are looked at as somebody about whom there is something of every kind.
var myPages = []struct {
	name, path, press string // the button that is pressed, "" for none
}{
	{"me", "/me", ""},
	{"me-form", "/me", "details.fold > summary"},
	{"me-email", "/me/email", ""},
	{"me-email-fault", "/me/email", `[action="/me/email"] button`},
	{"me-sessions", "/me/sessions", ""},
	{"me-contact", "/me/contact", ""},
	{"me-contact-form", "/me/contact", "details.fold > summary"},
	{"me-download", "/me/download", ""},
	{"me-delete", "/me/delete", ""},
	{"me-delete-fault", "/me/delete", `[action="/me/delete"] button`},
	{"places", "/places", ""},
	{"places-fault", "/places?town=", ""},
	{"town-empty", "/places/" + abashiri, ""},
	{"town", "/places/" + kitami, ""},
	{"town-everyday", "/places/" + kitami + "?kind=everyday", ""},
	{"town-sheet", "/places/" + kitami + "/sheet", ""},
}

func TestMyPagesInABrowser(t *testing.T) {
	b := browsertest.Start(t)
	h := readyHouse(t)
	h.list()
	id, cookie := h.life()
	h.sent("/me", map[string][]string{"residence": {kitami}, "age_band": {"70"}, "version": {"3"}, "printed_name": {"北見（旧姓 網走） 花子"}}, cookie)
	h.signInElsewhere(id, "iPhone", 0)
	at := browsertest.Serve(t, h.app)
	_, secret, _ := strings.Cut(cookie, "=")
	for _, screen := range []browsertest.Screen{browsertest.Phone, browsertest.Desk, browsertest.Phone.InDark()} {
		tab := b.Tab(t, screen)
		for _, p := range myPages {
			t.Run(screen.Name+"/"+p.name, func(t *testing.T) {
				if err := chromedp.Do(tab, cookieIn(at, secret), chromedp.Navigate(at+p.path)); err != nil {
					t.Fatal(err)
				}
				if p.press != "" {
					if err := chromedp.Do(tab, chromedp.Click(chromedp.CSS("main "+p.press)), chromedp.WaitReady(chromedp.CSS("main details[open], main .banner.error"))); err != nil {
						t.Fatal(err)
					}
				}
				fits(t, tab)
				browsertest.Shot(t, tab, p.name+"-"+screen.Name)
				browsertest.Axe(t, tab)
			})
		}
	}
}

// The largest letters still fit a phone.
func TestMyPagesInLargestLetters(t *testing.T) {
	b := browsertest.Start(t)
	h := readyHouse(t)
	h.list()
	_, session := h.life()
	at := browsertest.Serve(t, h.app)
	_, secret, _ := strings.Cut(session, "=")
	tab := b.Tab(t, browsertest.Phone)
	for _, p := range myPages {
		if p.press != "" {
			continue
		}
		t.Run(p.name, func(t *testing.T) {
			if err := chromedp.Do(tab, cookieIn(at, secret), cookie(at, readingCookie, "xfe"), chromedp.Navigate(at+p.path)); err != nil {
				t.Fatal(err)
			}
			fits(t, tab)
			browsertest.Shot(t, tab, p.name+"-largest")
		})
	}
}

func cookieIn(at, secret string) chromedp.Action[chromedp.Void] { return cookie(at, "session", secret) }

// Deleting oneself by hand: read, tick, press, gone, and the page says goodbye.
func TestDeleteInABrowser(t *testing.T) {
	b := browsertest.Start(t)
	h := readyHouse(t)
	_, cookie, _ := h.hanako()
	at := browsertest.Serve(t, h.app)
	_, secret, _ := strings.Cut(cookie, "=")
	tab := b.Tab(t, browsertest.Phone)
	if err := chromedp.Do(tab, cookieIn(at, secret), chromedp.Navigate(at+"/me"),
		chromedp.Click(chromedp.CSS(`main [href="/me/delete"]`)), chromedp.WaitReady(chromedp.CSS("#sure")),
		chromedp.Click(chromedp.CSS("#sure label")), chromedp.Click(chromedp.CSS(`[action="/me/delete"] button`)),
		chromedp.WaitReady(chromedp.CSS(`main [href="/verify"]`)),
	); err != nil {
		t.Fatal(err)
	}
	browsertest.Shot(t, tab, "me-deleted-phone")
	browsertest.Axe(t, tab)
	if door, err := chromedp.Run(tab, chromedp.Evaluate[int](`document.querySelectorAll('.head [href="/signin"]').length`)); err != nil || door != 1 {
		t.Error("still signed in", err)
	}
}

// The sheet prints without the site around it and without its buttons.
func TestSheetOnPaper(t *testing.T) {
	b := browsertest.Start(t)
	h := readyHouse(t)
	h.list()
	at := browsertest.Serve(t, h.app)
	tab := b.Tab(t, browsertest.Desk)
	if err := chromedp.Do(tab, chromedp.Navigate(at+"/places/"+kitami+"/sheet"), onPaper); err != nil {
		t.Fatal(err)
	}
	seen, err := chromedp.Run(tab, chromedp.Evaluate[string](`["main h1", "main table", ".head", ".noprint", "[data-print]", ".foot ul", ".foot address"]
		.filter(q => { const e = document.querySelector(q); return e && e.getClientRects().length; }).join(",")`))
	if err != nil || seen != "main h1,main table" {
		t.Errorf("%q %v", seen, err)
	}
	browsertest.Shot(t, tab, "town-sheet-paper")
	sheet, err := printed(tab)
	if err != nil {
		t.Fatal(err)
	}
	if pages := strings.Count(pdfText(t, sheet), "\f"); pages != 1 {
		t.Errorf("a short list takes %d pages", pages)
	}
}

// printed is the page on A4 paper, as a PDF.
func printed(tab context.Context) (file string, err error) {
	const inch = 25.4
	err = chromedp.Do(tab, chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		out, err := cdp.Call(ctx, tab, page.PrintToPDF, page.PrintToPDFParams{PaperWidth: 210 / inch, PaperHeight: 297 / inch})
		file = string(out.Data)
		return err
	}))
	return file, err
}
