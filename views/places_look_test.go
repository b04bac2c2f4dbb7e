package views

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"

	"tsunagari/courses/accounts"
	"tsunagari/views/browsertest"
)

func TestPlacesInABrowser(t *testing.T) {
	b := browsertest.Start(t)
	h := readyHouse(t)
	h.list()
	for name, days := range map[string][]string{"まちの喫茶 ひだまり": {"1", "2", "3", "4", "5"}, "月に一度の会": nil} {
		_, err := h.deps.Accounts.AddPlace(t.Context(), h.access(h.desk), kitami, accounts.PlaceInput{
			Kind: accounts.Everyday, Name: name, Opens: days, Hours: "10時から15時", Phone: "0157-00-2222", ConfirmedOn: "2026-10-01",
		})
		h.must(err)
	}
	h.deps.BaseURL = ""
	at := browsertest.Serve(t, New(h.deps))
	looks := []look{
		{"places", "", "/places", nil},
		{"town-today", "", "/places/" + kitami + "?open=today", nil},
		{"town-all", "", "/places/" + kitami, nil},
		{"town-sheet", "", "/places/" + kitami + "/sheet", nil},
		{"townplaces", h.desk, "/municipality/places/" + kitami, nil},
		{"townplace-new", h.desk, "/municipality/places/" + kitami + "/new", nil},
		{"townplaces-import", h.desk, "/municipality/places/" + kitami + "/import", nil},
	}
	for _, screen := range []browsertest.Screen{browsertest.Phone, browsertest.Desk, browsertest.Phone.InDark()} {
		tab := b.Tab(t, screen)
		for _, l := range looks {
			t.Run(screen.Name+"/"+l.name, func(t *testing.T) {
				h.t = t
				h.visit(tab, at, l)
				looked(t, tab, l.name+"-"+screen.Name)
			})
		}
		h.t = t
		for name, rows := range map[string]string{"changes": "居場所,新しい畑,毎日\n居場所,お茶の間サロン,水\n", "faults": "公園,,第2水曜\n居場所,新しい畑,毎日\n"} {
			file := filepath.Join(t.TempDir(), "places.csv")
			h.must(os.WriteFile(file, []byte("種類,名前,曜日\n"+rows), 0o600))
			h.visit(tab, at, looks[len(looks)-1])
			h.must(chromedp.Do(tab, chromedp.SetUploadFiles("#file", []string{file})))
			h.must(submit(map[string]string{}, tab))
			looked(t, tab, "townplaces-"+name+"-"+screen.Name)
		}
	}
}
