package views

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"tsunagari/courses/coursetest"
	"tsunagari/storage/storagetest"
	"tsunagari/views/browsertest"
)

func TestAnalysisInABrowser(t *testing.T) {
	b := browsertest.Start(t)
	for _, screen := range []browsertest.Screen{browsertest.Phone, browsertest.Desk, browsertest.Phone.InDark()} {
		h := newHouse(t, storagetest.Open(t, storagetest.SQLite(t)))
		h.deps.BaseURL = ""
		p := coursetest.Small("supporter")
		p.Modules, p.Closing.Questions = p.Modules[:1], 1
		p.Modules[0].Check, p.Modules[0].Questions = 0, p.Modules[0].Questions[:1]
		_, _, err := h.deps.Courses.Publish(t.Context(), p)
		h.must(err)
		h.misled()
		at := browsertest.Serve(t, New(h.deps))
		tab := b.Tab(t, screen)
		for name, path := range map[string]string{
			"analysis": "/analysis", "regrade": "/regrade/ichi-q1", "regrade-preview": "/regrade/ichi-q1?rule=key",
		} {
			t.Run(fmt.Sprint(screen.Name, "/", name), func(t *testing.T) {
				key, value, _ := strings.Cut(h.admin, "=")
				if err := chromedp.Do(tab, cookie(at, key, value), chromedp.Navigate(at+"/trainer/courses/"+p.ID+path)); err != nil {
					t.Fatal(err)
				}
				fits(t, tab)
				browsertest.Shot(t, tab, name+"-"+screen.Name)
				browsertest.Axe(t, tab)
			})
		}
	}
}
