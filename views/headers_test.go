package views

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/gofiber/fiber/v2"

	"tsunagari/storage/storagetest"
)

func TestEveryAnswerIsHardened(t *testing.T) {
	d := readyHouse(t).deps
	d.BaseURL = "https://tsunagari.example"
	app := New(d)
	for _, path := range []string{"/", "/help", "/nowhere", "/livez", "/static/nothing.css"} {
		res, _ := do(t, app, ask(path))
		for name, want := range map[string]string{
			"Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
			"Strict-Transport-Security": "max-age=31536000", "Cross-Origin-Opener-Policy": "same-origin",
		} {
			if got := res.Header.Get(name); got != want {
				t.Errorf("%s %s: %q", path, name, got)
			}
		}
		if res.Header.Get("Server") != "" {
			t.Errorf("%s names its server", path)
		}
	}
	if strings.Contains(policy, "unsafe") || strings.Contains(policy, "*") {
		t.Error(policy)
	}
}

func TestCookiesAreSecureWithHTTPS(t *testing.T) {
	d := readyHouse(t).deps
	d.BaseURL = "https://example.com"
	req := send("/settings", map[string][]string{"size": {"l"}})
	req.Header.Set("Origin", "https://example.com")
	res, _ := do(t, New(d), req)
	if c := res.Cookies(); len(c) != 1 || !c[0].Secure {
		t.Errorf("%v", c)
	}
	if (&site{https: true}).sessionCookie() != "__Host-session" {
		t.Error("the session cookie is not bound to its host")
	}
}

func TestSecretAddresses(t *testing.T) {
	app := readyHouse(t).gated()
	app.Get("/c/:token", func(c *fiber.Ctx) error { return c.SendString(strings.Repeat("ひみつ", kib)) })
	req := ask("/c/0123")
	req.Header.Set("Accept-Encoding", "br, gzip")
	res, _ := do(t, app, req)
	if res.Header.Get("Content-Encoding") != "" || res.Header.Get("Cache-Control") != "no-store" || res.Header.Get("Referrer-Policy") != "strict-origin" || res.Header.Get("ETag") != "" {
		t.Error(res.Header)
	}
}

func TestCompression(t *testing.T) {
	app := readyHouse(t).app
	_, plain := do(t, app, ask("/help"))
	for encoding, open := range map[string]func(io.Reader) io.Reader{
		"br": func(r io.Reader) io.Reader { return brotli.NewReader(r) },
		"gzip": func(r io.Reader) io.Reader {
			z, err := gzip.NewReader(r)
			if err != nil {
				t.Fatal(err)
			}
			return z
		},
	} {
		for _, path := range []string{"/help", mustURL(t, "app.css")} {
			req := ask(path)
			req.Header.Set("Accept-Encoding", encoding)
			res, body := do(t, app, req)
			if res.Header.Get("Content-Encoding") != encoding || !strings.Contains(res.Header.Get("Vary"), "Accept-Encoding") {
				t.Fatalf("%s %s: %v", encoding, path, res.Header)
			}
			text, err := io.ReadAll(open(strings.NewReader(body)))
			if err != nil {
				t.Fatal(err)
			}
			if path == "/help" && string(text) != plain {
				t.Errorf("%s changes the page", encoding)
			}
			if len(body) >= len(text) {
				t.Errorf("%s %s: %d bytes of %d", encoding, path, len(body), len(text))
			}
		}
	}
	if res, _ := do(t, app, ask("/help")); res.Header.Get("Content-Encoding") != "" {
		t.Error("compressed without being asked")
	}
}

func mustURL(t *testing.T, name string) string {
	t.Helper()
	u, err := assets(t).url(name)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestUnchangedPageCostsNothing(t *testing.T) {
	app := readyHouse(t).app
	res, _ := do(t, app, ask("/help"))
	etag := res.Header.Get("ETag")
	if etag == "" || res.Header.Get("Cache-Control") != "private, no-cache" || !strings.Contains(res.Header.Get("Vary"), "Cookie") {
		t.Fatal(res.Header)
	}
	again := ask("/help")
	again.Header.Set("If-None-Match", etag)
	if res, body := do(t, app, again); res.StatusCode != 304 || body != "" {
		t.Errorf("%d %q", res.StatusCode, body)
	}
	other := ask("/help", "reading=l")
	other.Header.Set("If-None-Match", etag)
	if res, _ := do(t, app, other); res.StatusCode != 200 {
		t.Errorf("another size: %d", res.StatusCode)
	}
}

func TestPersonalPagesAreNotStored(t *testing.T) {
	h := readyHouse(t)
	if res, _ := h.get("/help", h.desk); res.Header.Get("Cache-Control") != "no-store" || res.Header.Get("ETag") != "" {
		t.Error(res.Header)
	}
}

func TestStaticFiles(t *testing.T) {
	app := readyHouse(t).app
	url := mustURL(t, "app.css")
	res, body := do(t, app, ask(url))
	if res.StatusCode != 200 || res.Header.Get("Cache-Control") != "public, max-age=31536000, immutable" || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/css") || !strings.Contains(body, "--key") {
		t.Error(res.StatusCode, res.Header)
	}
	for _, path := range []string{"/static/app.css", "/static/../views.go", "/static/%2e%2e/go.mod", "/static/"} {
		if res, _ := do(t, app, ask(path)); res.StatusCode != 404 {
			t.Errorf("%s: %d", path, res.StatusCode)
		}
	}
	if _, err := assets(t).url("nothing.css"); err == nil {
		t.Error("a missing file has an address")
	}
}

func TestSizesOfStaticFiles(t *testing.T) {
	s := assets(t)
	for name, most := range map[string]int{"app.css": 10 * kib, "app.js": 4 * kib} {
		if got := len(s.files[s.urls[name]].br); got > most {
			t.Errorf("%s: %d bytes, the budget is %d", name, got, most)
		}
	}
}

func TestHealth(t *testing.T) {
	d := readyHouse(t).deps
	app := New(d)
	for _, path := range []string{"/livez", "/readyz"} {
		if res, body := do(t, app, ask(path)); res.StatusCode != 200 || body != "ok\n" {
			t.Errorf("%s: %d %q", path, res.StatusCode, body)
		}
	}
	d.Ready = func(context.Context) error { return errForeign }
	app = New(d)
	if res, body := do(t, app, ask("/readyz")); res.StatusCode != 503 || strings.Contains(body, errForeign.Error()) {
		t.Errorf("%d %q", res.StatusCode, body)
	}
	if res, _ := do(t, app, ask("/livez")); res.StatusCode != 200 {
		t.Error("not ready is not dead")
	}
}

func TestLogHoldsNoPerson(t *testing.T) {
	var log bytes.Buffer
	h := readyHouse(t)
	_, hanako := h.learner("北見", "花子", "きたみ", kitami)
	h.deps.Log = slog.New(slog.NewTextHandler(&log, nil))
	app := New(h.deps)
	req := ask("/c/topsecret?name=北見花子", hanako)
	req.Header.Set("Referer", "http://example.com/c/topsecret")
	req.Header.Set("User-Agent", "Telltale")
	do(t, app, req)
	do(t, app, ask("/help?name=北見花子", hanako))
	got := log.String()
	if !strings.Contains(got, "route=/help") || !strings.Contains(got, "status=200") {
		t.Error(got)
	}
	for _, secret := range []string{"topsecret", "北見", strings.TrimPrefix(hanako, "session="), "Telltale", "0.0.0.0"} {
		if strings.Contains(got, secret) {
			t.Errorf("the log has %q: %s", secret, got)
		}
	}
}

func TestTelephoneSurvivesTheDatabase(t *testing.T) {
	h := readyHouse(t)
	s := newSite(h.deps)
	if s.operator(t.Context()).Phone == "" {
		t.Fatal("no operator")
	}
	s.lastKnown.Load().at = s.lastKnown.Load().at.Add(-operatorKept - 1)
	storagetest.Clock(h.db).Add(operatorKept) // accounts forgets it too
	h.loseDisk()
	if _, err := s.Accounts.Operator(t.Context()); err == nil {
		t.Fatal("the database is still there")
	}
	if s.operator(t.Context()).Phone == "" {
		t.Error("the telephone went away with the database")
	}
}

func TestInsideLINE(t *testing.T) {
	app := readyHouse(t).app
	req := ask("/")
	req.Header.Set("User-Agent", "Mozilla/5.0 (Linux; Android 8.0) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36 Line/13.20.0")
	if _, body := do(t, app, req); !strings.Contains(body, `href="/?openExternalBrowser=1"`) {
		t.Error("no way out of LINE")
	}
	_, body := do(t, app, ask("/"))
	if strings.Contains(body, "openExternalBrowser") || !strings.Contains(body, "https://line.me/R/share?text=") || strings.Contains(body, "token") {
		t.Error("the share link")
	}
}

func TestHEAD(t *testing.T) {
	req := ask("/help")
	req.Method = http.MethodHead
	if res, body := do(t, readyHouse(t).app, req); res.StatusCode != 200 || body != "" {
		t.Errorf("%d %q", res.StatusCode, body)
	}
}
