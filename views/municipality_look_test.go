package views

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"tsunagari/courses/accounts"
	"tsunagari/views/browsertest"
)

// municipalityLooks are the pages of a municipality's post, and what everybody sees.
func municipalityLooks(h *house) []look {
	officer, bureau := h.officer(kitami), h.officer(okhotskCodes()...)
	hokkaido := h.officer(codesOf(accounts.InPrefecture("01"))...)
	h.posts("/municipality/areas/"+kitami+"/population", officer, url.Values{"counted_on": {"2026-09-30"}, "people": {"112,345"}, "source": {"住民基本台帳"}, "version": {"0"}})
	h.posts("/municipality/settings/"+kitami, officer, url.Values{"public": {"true"}})
	h.must(h.deps.Counts.CloseDue(h.t.Context(), h.db.Now()))
	h.withdrawOne()
	own := "/municipality/areas/" + kitami
	return []look{
		{"municipality", officer, "/municipality", nil},
		{"municipality-bureau", bureau, "/municipality", nil},
		{"municipality-sorted", bureau, "/municipality?sort=share", nil},
		{"municipality-unused", bureau, "/municipality/areas/015636", nil},
		{"municipality-hokkaido", hokkaido, "/municipality", nil},
		{"municipality-admin", h.admin, "/municipality", nil},
		{"municipality-population", officer, own + "/population", nil},
		{"municipality-population-fault", officer, own + "/population", map[string]string{"people": "約1万", "counted_on": "2026-03-31", "source": "国勢調査"}},
		{"municipality-population-edit", officer, own + "/population?day=2026-09-30", nil},
		{"municipality-settings", officer, "/municipality/settings", nil},
		{"municipality-settings-bureau", bureau, "/municipality/settings", nil},
		{"municipality-show", officer, "/municipality/settings/" + kitami, nil},
		{"municipality-closings", officer, "/municipality/closings", nil},
		{"municipality-closings-bureau", bureau, "/municipality/closings", nil},
		{"municipality-definitions", officer, "/municipality/definitions", nil},
		{"statistics", "", "/statistics", nil},
		{"statistics-definitions", "", "/statistics/definitions", nil},
		{"staff-officer", officer, "/staff", nil},
	}
}

func TestMunicipalityPagesInABrowser(t *testing.T) {
	b := browsertest.Start(t)
	h := counted(t)
	h.deps.BaseURL = ""
	at := browsertest.Serve(t, New(h.deps))
	tab := b.Tab(t, browsertest.Phone)
	h.visit(tab, at, look{"statistics-none", "", "/statistics", nil})
	looked(t, tab, "statistics-none-phone")
	looks := municipalityLooks(h)
	for _, screen := range []browsertest.Screen{browsertest.Phone, browsertest.Desk, browsertest.Phone.InDark()} {
		tab := b.Tab(t, screen)
		for _, l := range looks {
			t.Run(screen.Name+"/"+l.name, func(t *testing.T) {
				h.t = t
				h.visit(tab, at, l)
				looked(t, tab, l.name+"-"+screen.Name)
			})
		}
	}
	h.t = t
	for name, how := range map[string]chromedp.Action[chromedp.Void]{"forced": forced, "paper": onPaper} {
		tab := b.Tab(t, browsertest.Desk)
		h.must(chromedp.Do(tab, how))
		for _, l := range looks[:2] {
			h.visit(tab, at, l)
			browsertest.Shot(t, tab, l.name+"-"+name)
		}
	}
}

// visit opens the page as the person, and sends its form where there is one to send.
func (h *house) visit(tab context.Context, at string, l look) {
	h.t.Helper()
	_, value, _ := strings.Cut(l.cookie, "=")
	h.must(chromedp.Do(tab, cookie(at, "session", value), chromedp.Navigate(at+l.path)))
	if l.fill != nil {
		h.must(submit(l.fill, tab))
	}
}

func looked(t *testing.T, tab context.Context, name string) {
	t.Helper()
	fits(t, tab)
	browsertest.Shot(t, tab, name)
	browsertest.Axe(t, tab)
}

var forced = chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
	_, err := cdp.Call(ctx, tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "forced-colors", Value: "active"}},
	})
	return err
})
