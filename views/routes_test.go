package views

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"

	"tsunagari/courses"
	"tsunagari/courses/coursetest"
	"tsunagari/courses/questions"
	"tsunagari/storage"
)

// every rule that a line of the table may have.
const allRules = public | visitor | learner | staff | bearer

func TestEveryRouteHasARule(t *testing.T) {
	h := readyHouse(t)
	s := newSite(h.deps)
	table := map[string]bool{}
	for _, r := range s.routes() {
		if r.rule == 0 || r.rule&^allRules != 0 {
			t.Errorf("%s %s has no rule", r.method, r.path)
		}
		if r.rule&public != 0 && r.rule != public {
			t.Errorf("%s %s: public stands alone, it looks up no session", r.method, r.path)
		}
		method := r.method
		if method == upload {
			method = post
		}
		if table[method+r.path] {
			t.Errorf("%s %s is there twice", method, r.path)
		}
		table[method+r.path] = true
	}
	for _, stack := range h.app.Stack() {
		for _, r := range stack {
			if r.Path == "/" && !table[r.Method+"/"] || r.Method == "HEAD" {
				continue // the middleware round everything
			}
			if !table[r.Method+r.Path] {
				t.Errorf("%s %s is not in the table", r.Method, r.Path)
			}
		}
	}
}

// A word that is a page of its own must be refused as the id of what else stands at
// its place in an address: courses has to know every such page.
func TestNoIDOfACourseHidesAPage(t *testing.T) {
	found := 0
	for _, r := range (&site{}).routes() {
		parts := strings.Split(r.path, "/")
		for place := 2; place < len(parts) && parts[1] == "courses"; place++ {
			word := parts[place]
			if strings.HasPrefix(word, ":") {
				continue
			}
			found++
			p := coursetest.Small("supporter")
			lesson := &p.Modules[0].Lessons[2] // nothing asks about it
			switch place {
			case 2:
				p.Slug = word
			case 3:
				lesson.ID = word
			case 4:
				activity := "ひとつずつ考えます。\n\n:::chain " + word + "\n1. 気づく\n   > 気づいたところから始まります。\n2. 話す\n   > 話すと、つながります。\n:::"
				lesson.Body = questions.Text{questions.JA: activity, questions.Easy: activity}
			}
			if faults := courses.Check(p).Faults; len(faults) == 0 || !strings.Contains(faults[0].Reason, "「"+word+"」") {
				t.Errorf("%s: %q is no reserved word: %v", r.path, word, faults)
			}
		}
	}
	if found < 2 {
		t.Errorf("only %d such pages", found)
	}
}

// gated is an app with one route of each rule.
func (h *house) gated() *fiber.App {
	h.t.Helper()
	s := newSite(h.deps)
	e, err := newEngine(templateFiles, s.funcs())
	h.must(err)
	app := s.app(e)
	for path, r := range map[string]Rule{
		"/t/none": 0, "/t/public": public, "/t/visitor": visitor, "/t/learner": learner,
		"/t/desk": desk, "/t/officer": officer, "/t/trainer": trainer, "/t/admin": admin, "/t/two": desk | officer,
	} {
		app.All(path, s.gate(r), func(c *fiber.Ctx) error { return c.SendString("in " + utils.CopyString(who(c).Account)) })
	}
	return app
}

func TestAccess(t *testing.T) {
	h := readyHouse(t)
	app := h.gated()
	_, hanako := h.learner("北見", "花子", "きたみ", kitami)
	const in, door, staffDoor, none = 200, 303, 304, 404
	for _, c := range []struct {
		path                        string
		nobody, hanako, desk, admin int
	}{
		{"/t/none", staffDoor, none, none, none},
		{"/t/public", in, in, in, in},
		{"/t/visitor", in, in, in, in},
		{"/t/learner", door, in, in, in},
		{"/t/desk", staffDoor, none, in, in},
		{"/t/officer", staffDoor, none, none, in},
		{"/t/trainer", staffDoor, none, none, in},
		{"/t/admin", staffDoor, none, none, in},
		{"/t/two", staffDoor, none, in, in},
	} {
		for cookie, want := range map[string]int{"session=": c.nobody, "session=wrong": c.nobody, hanako: c.hanako, h.desk: c.desk, h.admin: c.admin} {
			res, _ := do(t, app, ask(c.path, cookie))
			got := res.StatusCode
			if to := res.Header.Get("Location"); got == 303 && strings.HasPrefix(to, "/signin/staff?") {
				got = staffDoor
			}
			if got != want {
				t.Errorf("%s as %q: %d, want %d", c.path, cookie, got, want)
			}
		}
	}
}

func TestSessionStoreAway(t *testing.T) {
	h := readyHouse(t)
	app := h.gated()
	do(t, app, ask("/nowhere")) // the telephone is known from an earlier page
	h.loseDisk()
	res, body := do(t, app, ask("/t/learner", h.desk))
	if res.StatusCode != 503 || !strings.Contains(body, "0152-00-0000") || res.Header.Get("Retry-After") == "" {
		t.Errorf("%d %s", res.StatusCode, body)
	}
}

func TestOnlyOurPagesChangeThings(t *testing.T) {
	app := readyHouse(t).gated()
	for _, c := range []struct {
		name          string
		header, value string
		want          int
	}{
		{"nothing said", "", "", 403},
		{"ours", "Sec-Fetch-Site", "same-origin", 200},
		{"a neighbour", "Sec-Fetch-Site", "same-site", 403},
		{"another site", "Sec-Fetch-Site", "cross-site", 403},
		{"typed", "Sec-Fetch-Site", "none", 403},
		{"our origin", "Origin", "http://example.com", 200},
		{"another origin", "Origin", "http://example.org", 403},
		{"another port", "Origin", "http://example.com:81", 403},
		{"no origin", "Origin", "null", 403},
		{"referer only", "Referer", "http://example.com/x", 403},
	} {
		for _, method := range []string{"POST", "PUT", "DELETE"} {
			req, _ := http.NewRequest(method, "http://example.com/t/visitor", http.NoBody)
			if c.header != "" {
				req.Header.Set(c.header, c.value)
			}
			if res, _ := do(t, app, req); res.StatusCode != c.want {
				t.Errorf("%s %s: %d, want %d", method, c.name, res.StatusCode, c.want)
			}
		}
	}
}

func TestExpiredSessionLosesNoForm(t *testing.T) {
	res, body := do(t, readyHouse(t).gated(), send("/t/learner", url.Values{"a": {"b"}}, "session=old"))
	if res.StatusCode != 401 || !strings.Contains(body, find401(t)) {
		t.Errorf("%d %s", res.StatusCode, body)
	}
}

func find401(t *testing.T) string {
	t.Helper()
	a, ok := find(errSignedOut)
	if !ok || a.status != 401 {
		t.Fatal(a, ok)
	}
	return a.say
}

func TestSomebodyElsesIsNone(t *testing.T) {
	if a, ok := find(storage.ErrNotFound); !ok || a.status != 404 {
		t.Error(a, ok)
	}
}
