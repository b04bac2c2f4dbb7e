package views

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/gofiber/fiber/v2"

	"tsunagari/courses"
	"tsunagari/courses/curriculum"
	"tsunagari/storage/storagetest"
	"tsunagari/views/browsertest"
)

type galleryPage struct {
	Page
	Values  []string
	Receipt Receipt
}

// gallery is the site with one more page that shows every part of the design.
func gallery(t *testing.T, d Deps) *fiber.App {
	t.Helper()
	files := fstest.MapFS{}
	if err := fs.WalkDir(templateFiles, "templates", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := fs.ReadFile(templateFiles, name)
		files[name] = &fstest.MapFile{Data: data}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile("testdata/gallery.html")
	if err != nil {
		t.Fatal(err)
	}
	files["templates/gallery.html"] = &fstest.MapFile{Data: data}
	s := newSite(d)
	e, err := newEngine(files, s.funcs())
	if err != nil {
		t.Fatal(err)
	}
	app := s.app(e)
	app.Get("/gallery", s.gate(visitor), func(c *fiber.Ctx) error {
		p := galleryPage{Page: s.page(c, "部品の一覧"), Values: []string{"a"}}
		p.Faults = Faults{{"family_name", "姓を入力してください。"}}
		p.Receipt = Receipt{Name: "北見 花子", Number: "1234-5678", Words: []string{"さくら", "みかづき", "たんぽぽ", "こもれび"}, Address: "tsunagari.example.jp", Operator: p.Operator}
		return s.show(c, "gallery", &p)
	})
	app.Get("/broken", s.gate(visitor), func(*fiber.Ctx) error { return errFault })
	app.Get("/away", s.gate(visitor), func(*fiber.Ctx) error { return context.DeadlineExceeded })
	app.Get("/often", s.gate(visitor), func(*fiber.Ctx) error { return fiber.ErrTooManyRequests })
	app.Get("/forbidden", s.gate(visitor), func(*fiber.Ctx) error { return errForeign })
	return app
}

// courseDeps is a site that is set up, with the built-in courses.
func courseDeps(t *testing.T) Deps {
	t.Helper()
	db := storagetest.Open(t, storagetest.SQLite(t))
	h := &house{t: t, db: db, deps: wired(db)}
	h.app = New(h.deps)
	h.setUp()
	var builtIn []*courses.Package
	for _, name := range curriculum.Names() {
		dir, err := fs.Sub(curriculum.FS(), name)
		h.must(err)
		p, faults := courses.ReadPackage(dir)
		if len(faults) > 0 {
			t.Fatalf("course %s: %v", name, faults)
		}
		builtIn = append(builtIn, p)
	}
	slices.SortStableFunc(builtIn, func(a, b *courses.Package) int { return first(b.Supporters) - first(a.Supporters) })
	for _, p := range builtIn {
		_, _, err := h.deps.Courses.Publish(t.Context(), p)
		h.must(err)
	}
	return h.deps
}

// looks are the pages that are looked at, by the name of their picture.
var looks = map[string]string{
	"home": "/", "settings": "/settings", "help": "/help", "privacy": "/privacy", "accessibility": "/accessibility",
	"gallery": "/gallery", "404": "/nowhere", "500": "/broken", "503": "/away", "429": "/often", "403": "/forbidden",
	"learn": "/learn", "course": "/courses/supporter", "lesson-naze": "/courses/supporter/naze",
	"lesson-chigai": "/courses/supporter/chigai", "lesson-kosodate": "/courses/supporter/kosodate", "lesson-kaiwa": "/courses/supporter/kaiwa",
	"lesson-shakudo": "/courses/supporter/shakudo", "lesson-dochira": "/courses/supporter/dochira", "lesson-nenpyou": "/courses/supporter/nenpyou",
	"lesson-tsunagari-saki": "/courses/supporter/tsunagari-saki", "lesson-tenken": "/courses/supporter/tenken",
}

func TestPagesInABrowser(t *testing.T) {
	b := browsertest.Start(t)
	at := browsertest.Serve(t, gallery(t, courseDeps(t)))
	for _, screen := range []browsertest.Screen{browsertest.Phone, browsertest.Desk, browsertest.Phone.InDark()} {
		tab := b.Tab(t, screen)
		for name, path := range looks {
			t.Run(screen.Name+"/"+name, func(t *testing.T) {
				if err := chromedp.Do(tab, chromedp.Navigate(at+path)); err != nil {
					t.Fatal(err)
				}
				fits(t, tab)
				browsertest.Shot(t, tab, name+"-"+screen.Name)
				browsertest.Axe(t, tab)
			})
		}
	}
}

// fits fails when the page has to be moved sideways to be read.
func fits(t *testing.T, tab context.Context) {
	t.Helper()
	wide, err := chromedp.Run(tab, chromedp.Evaluate[string](`(() => {
		const w = document.documentElement.clientWidth;
		if (document.documentElement.scrollWidth <= w) return "";
		return [...document.body.querySelectorAll("*")].filter(e => e.getBoundingClientRect().right > w + 1 && !e.closest(".table, .rings, .garland, [hidden]")).slice(0, 3).map(e => e.outerHTML.slice(0, 120)).join("\n") || "something";
	})()`))
	if err != nil {
		t.Fatal(err)
	}
	if strings.TrimSpace(wide) != "" {
		t.Errorf("wider than the screen: %s", wide)
	}
}

var errFault = errors.New("a fault for the looks of it")

func TestMain(m *testing.M) { storagetest.Main(m) }

// The largest letters with furigana and easy Japanese still fit a phone.
func TestLargestLetters(t *testing.T) {
	b := browsertest.Start(t)
	at := browsertest.Serve(t, gallery(t, courseDeps(t)))
	tab := b.Tab(t, browsertest.Phone)
	for name, path := range looks {
		t.Run(name, func(t *testing.T) {
			if err := chromedp.Do(tab, cookie(at, readingCookie, "xfe"), chromedp.Navigate(at+path)); err != nil {
				t.Fatal(err)
			}
			fits(t, tab)
			browsertest.Shot(t, tab, name+"-largest")
		})
	}
}

func cookie(at, name, value string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, network.SetCookie, network.SetCookieParams{Name: name, Value: value, URL: at})
		return err
	})
}

func TestWeight(t *testing.T) {
	b := browsertest.Start(t)
	at := browsertest.Serve(t, New(courseDeps(t)))
	for _, c := range []struct {
		path            string
		cold, requests  int
		warm, requests2 int
	}{
		{"/", 20 * kib, 3, 12 * kib, 1},
		{"/courses/supporter/naze", 30 * kib, 4, 12 * kib, 1},
		{"/courses/supporter/chigai", 30 * kib, 4, 12 * kib, 1},
	} {
		tab := b.Tab(t, browsertest.Phone)
		cold := browsertest.Weigh(t, tab, chromedp.Navigate(at+c.path))
		t.Logf("%s cold: %d requests, %d bytes", c.path, cold.Requests, cold.Bytes)
		if cold.Requests > c.requests || cold.Bytes > c.cold {
			t.Errorf("%s cold: %d requests, %d bytes: %v", c.path, cold.Requests, cold.Bytes, cold.URLs)
		}
		if err := chromedp.Do(tab, chromedp.Navigate(at+"/help")); err != nil {
			t.Fatal(err)
		}
		warm := browsertest.Weigh(t, tab, chromedp.Navigate(at+c.path))
		t.Logf("%s warm: %d requests, %d bytes", c.path, warm.Requests, warm.Bytes)
		if warm.Requests > c.requests2 || warm.Bytes > c.warm {
			t.Errorf("%s warm: %d requests, %d bytes: %v", c.path, warm.Requests, warm.Bytes, warm.URLs)
		}
	}
}

func TestSizeChangesWithoutReload(t *testing.T) {
	b := browsertest.Start(t)
	at := browsertest.Serve(t, readyHouse(t).app)
	tab := b.Tab(t, browsertest.Phone)
	if err := chromedp.Do(tab,
		chromedp.Navigate(at+"/help"),
		chromedp.Evaluate[chromedp.Void](`window.same = true`),
		chromedp.Click(chromedp.CSS(".reading summary")),
	); err != nil {
		t.Fatal(err)
	}
	// The cookie has come when the answer has.
	answered := func(e network.EventResponseReceivedExtraInfo) bool { return e.StatusCode == 303 }
	if _, err := chromedp.Run(tab, chromedp.WaitEvent(network.ResponseReceivedExtraInfo, answered, chromedp.Click(chromedp.CSS(".reading [name=size][value=x]")))); err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Do(tab, chromedp.WaitReady(chromedp.CSS("html.size-x .reading [value=x][aria-pressed=true]"))); err != nil {
		t.Fatal(err)
	}
	if same, err := chromedp.Run(tab, chromedp.Evaluate[bool](`window.same === true`)); err != nil || !same {
		t.Error("the page was loaded again", err)
	}
	if err := chromedp.Do(tab, chromedp.Navigate(at+"/"), chromedp.WaitReady(chromedp.CSS("html.size-x"))); err != nil {
		t.Error("the size was not remembered", err)
	}
}

func TestOffline(t *testing.T) {
	b := browsertest.Start(t)
	at := browsertest.Serve(t, readyHouse(t).app)
	tab := b.Tab(t, browsertest.Phone)
	if err := chromedp.Do(tab, chromedp.Navigate(at+"/settings"),
		chromedp.Click(chromedp.CSS(".field [value=x]")),
		offline(true), chromedp.WaitVisible(chromedp.CSS("#net")),
		chromedp.Click(chromedp.CSS(".actions button")),
		chromedp.WaitVisible(chromedp.CSS("#net")),
	); err != nil {
		t.Fatal(err)
	}
	say, err := chromedp.Run(tab, chromedp.Text(chromedp.CSS("#net")))
	if err != nil || !strings.Contains(say, "まだ送れていません") {
		t.Error(say, err)
	}
	if err := chromedp.Do(tab, offline(false), chromedp.Click(chromedp.CSS(".actions button")), chromedp.WaitReady(chromedp.CSS("html.size-x"))); err != nil {
		t.Error("after the connection came back:", err)
	}
}

func offline(yes bool) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, network.OverrideNetworkState, network.OverrideNetworkStateParams{Offline: yes, DownloadThroughput: -1, UploadThroughput: -1})
		return err
	})
}

// Without script a choice in the line of settings is a form like any other.
func TestSettingsWithoutScriptInABrowser(t *testing.T) {
	b := browsertest.Start(t)
	at := browsertest.Serve(t, readyHouse(t).app)
	tab := b.Tab(t, browsertest.Phone.WithoutScript())
	if err := chromedp.Do(tab, chromedp.Navigate(at+"/help"),
		chromedp.Click(chromedp.CSS(".reading summary")),
		chromedp.Click(chromedp.CSS(".reading [name=furigana][value=on]")),
		chromedp.WaitReady(chromedp.CSS("html.furigana")),
	); err != nil {
		t.Fatal(err)
	}
	if at2, err := chromedp.Run(tab, chromedp.Location()); err != nil || at2 != at+"/help" {
		t.Error(at2, err)
	}
}

// The first stop of the keyboard leads past the head of the page.
func TestKeyboardReachesTheText(t *testing.T) {
	b := browsertest.Start(t)
	at := browsertest.Serve(t, readyHouse(t).app)
	tab := b.Tab(t, browsertest.Desk)
	if err := chromedp.Do(tab, chromedp.Navigate(at+"/help"), chromedp.KeyEvent("\t"), chromedp.KeyEvent("\r")); err != nil {
		t.Fatal(err)
	}
	if id, err := chromedp.Run(tab, chromedp.Evaluate[string](`document.activeElement.id`)); err != nil || id != "main" {
		t.Errorf("the focus is on %q, %v", id, err)
	}
}

// On paper stands what was read, and a card stands alone.
func TestPaper(t *testing.T) {
	b := browsertest.Start(t)
	at := browsertest.Serve(t, gallery(t, courseDeps(t)))
	tab := b.Tab(t, browsertest.Desk)
	for path, want := range map[string]string{
		"/courses/supporter/naze": "main h1,.foot address",
		"/gallery":                "main .receipt",
	} {
		if err := chromedp.Do(tab, chromedp.Navigate(at+path), onPaper); err != nil {
			t.Fatal(err)
		}
		seen, err := chromedp.Run(tab, chromedp.Evaluate[string](`["main h1", ".head", ".reading", ".go", "main .receipt", ".foot address", ".foot ul"]
			.filter(q => { const e = document.querySelector(q); return e && e.getClientRects().length; }).join(",")`))
		if err != nil || seen != want {
			t.Errorf("%s: %q, want %q, %v", path, seen, want, err)
		}
	}
}

var onPaper = chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
	_, err := cdp.Call(ctx, tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
	return err
})
