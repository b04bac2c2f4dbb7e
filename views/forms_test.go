package views

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"tsunagari/storage"
	"tsunagari/views/browsertest"
)

// trying is a site with a form that fails with err, shown by the settings page.
func trying(t *testing.T, err error) *fiber.App {
	t.Helper()
	s := newSite(readyHouse(t).deps)
	e, bad := newEngine(templateFiles, s.funcs())
	if bad != nil {
		t.Fatal(bad)
	}
	app := s.app(e)
	app.Post("/t/form", s.gate(visitor), func(c *fiber.Ctx) error {
		var in readingForm
		if err := parse(c, &in); err != nil {
			return err
		}
		if err != nil {
			return s.again(c, err, "settings", &settingsPage{Page: s.page(c, "ためし"), Back: in.Back})
		}
		return s.done(c, "/t/after", flashSaved)
	})
	app.Get("/t/after", s.gate(visitor), func(c *fiber.Ctx) error { return s.show(c, "help", &aboutPage{s.page(c, "あと")}) })
	return app
}

func TestFormThatFailsKeepsWhatWasTyped(t *testing.T) {
	res, body := do(t, trying(t, storage.ErrUnavailable), send("/t/form", url.Values{"back": {"/x?a=<b>"}}))
	if res.StatusCode != 503 || !strings.Contains(body, `value="/x?a=&lt;b&gt;"`) {
		t.Errorf("%d %s", res.StatusCode, body)
	}
	res, _ = do(t, trying(t, storage.ErrNotFound), send("/t/form", url.Values{"back": {"/x"}}))
	if res.StatusCode != 404 {
		t.Errorf("not found became %d", res.StatusCode)
	}
}

func TestFlashIsSaidOnce(t *testing.T) {
	app := trying(t, nil)
	res, _ := do(t, app, send("/t/form", url.Values{}))
	if res.StatusCode != 303 || res.Header.Get("Location") != "/t/after" {
		t.Fatal(res.StatusCode, res.Header)
	}
	cookie := res.Cookies()[0]
	if !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || cookie.Path != "/" {
		t.Errorf("%+v", cookie)
	}
	res, body := do(t, app, ask("/t/after", cookie.Name+"="+cookie.Value))
	if !strings.Contains(body, flashes[flashSaved]) || len(res.Cookies()) != 1 || res.Cookies()[0].Value != "" {
		t.Errorf("%v %s", res.Cookies(), body)
	}
	if _, body := do(t, app, ask("/t/after", "flash=<script>")); strings.Contains(body, `role="status"`) {
		t.Error("a made-up flash was said")
	}
}

// A Flash without a sentence says nothing at all.
func TestEveryFlashHasASentence(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "forms.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	declared := 0
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if id, ok := spec.Type.(*ast.Ident); ok && id.Name == "Flash" && spec.Names[0].Name != "flashNone" {
			declared++
			value := spec.Values[0].(*ast.BasicLit).Value
			if flashes[Flash(strings.Trim(value, `"`))] == "" {
				t.Errorf("%s has no sentence", spec.Names[0].Name)
			}
		}
		return true
	})
	if declared != len(flashes) || declared == 0 {
		t.Errorf("%d flashes, %d sentences", declared, len(flashes))
	}
}

func TestLocal(t *testing.T) {
	for to, want := range map[string]string{
		"/learn": "/learn", "/courses/a/b?x=1#a": "/courses/a/b?x=1#a", "": "/", "learn": "/", "//evil.example": "/", "https://evil.example/": "/",
		"/\\evil.example": "/", "/a\r\nSet-Cookie: x": "/", "javascript:alert(1)": "/", "/\t/evil.example": "/", "/%2f/evil": "/%2f/evil",
	} {
		if got := local(to, "/"); got != want {
			t.Errorf("%q: %q, want %q", to, got, want)
		}
	}
}

func TestUnreadableBody(t *testing.T) {
	req := send("/settings", nil)
	req.Header.Set("Content-Type", "application/octet-stream")
	if res, _ := do(t, readyHouse(t).app, req); res.StatusCode != 400 {
		t.Errorf("status %d", res.StatusCode)
	}
}

// What never reaches a handler is answered by a page of ours too.
func TestBodyLimits(t *testing.T) {
	at := browsertest.Serve(t, readyHouse(t).app)
	for _, c := range []struct {
		name   string
		body   int
		header int
		want   int
	}{
		{"half the limit", bodyLimit / 2, 0, 303},
		{"over the limit", bodyLimit + kib, 0, 413},
		{"a long header", 1, 10 * kib, 303},
		{"a header without end", 1, 32 * kib, 431},
	} {
		req, err := http.NewRequest(http.MethodPost, at+"/settings", strings.NewReader("a="+strings.Repeat("a", c.body)))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Origin", at)
		req.Header.Set("Cookie", "a="+strings.Repeat("a", c.header))
		res, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			t.Fatal(c.name, err)
		}
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		if res.StatusCode != c.want || err != nil || c.want > 400 && !strings.Contains(string(body), "0152-00-0000") {
			t.Errorf("%s: %d %s", c.name, res.StatusCode, body)
		}
	}
}
