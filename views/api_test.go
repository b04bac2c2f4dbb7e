package views

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/uuid"

	"tsunagari/courses/accounts"
	"tsunagari/storage/storagetest"
)

var tokenOnPage = regexp.MustCompile(accounts.TokenPrefix + `[\w-]{43}`)

// tokenForm asks for a token of the officer's first post.
func (h *house) tokenForm(officer string, codes ...string) url.Values {
	h.t.Helper()
	by, err := h.deps.Accounts.BySession(h.t.Context(), strings.TrimPrefix(officer, "session="))
	h.must(err)
	posts, err := h.deps.Accounts.Tokens(h.t.Context(), by.Access)
	h.must(err)
	return url.Values{"operation": {uuid.NewString()}, "post": {posts[0].ID}, "municipalities": codes, "purpose": {"庁内の集計"}}
}

// tokenOf makes a token on the page and reads its secret there.
func (h *house) tokenOf(officer string, codes ...string) string {
	h.t.Helper()
	res, body := h.send("/municipality/tokens", h.tokenForm(officer, codes...), officer)
	token := tokenOnPage.FindString(body)
	if res.StatusCode != 200 || token == "" {
		h.t.Fatalf("no token: %d %s", res.StatusCode, mainOf(body))
	}
	return token
}

// pull asks the API; headers are pairs.
func (h *house) pull(path, token string, headers ...string) (*http.Response, string) {
	h.t.Helper()
	req := ask(path)
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	return do(h.t, h.app, req)
}

// pulls is an answer that has to come, and to be as the document says.
func (h *house) pulls(path, token string) string {
	h.t.Helper()
	res, body := h.pull(path, token)
	if res.StatusCode != 200 {
		h.t.Fatalf("%s: %d %s", path, res.StatusCode, body)
	}
	h.asDocumented(path, res, body)
	return body
}

// document is the API's own description, checked.
func document(t testing.TB) *openapi3.T {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(openAPIDocument)
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(t.Context(), openapi3.EnableSchemaFormatValidation(), openapi3.EnableExamplesValidation()); err != nil {
		t.Fatal(err)
	}
	return doc
}

// asDocumented fails unless the answer is what the document says of its address and
// status.
func (h *house) asDocumented(path string, res *http.Response, body string) {
	h.t.Helper()
	doc := document(h.t)
	path, _, _ = strings.Cut(strings.TrimPrefix(path, "/api/v1"), "?")
	item := doc.Paths.Find(path)
	if item == nil {
		h.t.Fatalf("%s is not in the document", path)
	}
	said := item.Get.Responses.Status(res.StatusCode)
	if said == nil {
		h.t.Fatalf("%s: the document knows no %d", path, res.StatusCode)
	}
	if res.StatusCode == http.StatusNotModified {
		return
	}
	kind, _, _ := strings.Cut(res.Header.Get("Content-Type"), ";")
	media := said.Value.Content.Get(kind)
	if media == nil {
		h.t.Fatalf("%s: the document knows no %s", path, kind)
	}
	var v any
	h.must(json.Unmarshal([]byte(body), &v))
	if err := media.Schema.Value.VisitJSON(v, openapi3.EnableJSONSchema2020()); err != nil {
		h.t.Errorf("%s: %v\n%s", path, err, body)
	}
}

// periods are the rows of an answer in a short form.
func (h *house) periods(body string) (said string) {
	h.t.Helper()
	var a countsAnswer
	h.must(json.Unmarshal([]byte(body), &a))
	for _, r := range a.Rows {
		said += fmt.Sprintf("%s/%s=%d ", r.Name, r.Period, r.People)
	}
	return said
}

func TestAPIDocument(t *testing.T) {
	h := readyHouse(t)
	res, body := h.get("/api/v1/openapi.json", "")
	if res.StatusCode != 200 || body != string(openAPIDocument) {
		t.Errorf("%d", res.StatusCode)
	}
	doc := document(t)
	paths := doc.Paths.Map()
	for _, r := range newSite(h.deps).routes() {
		path, api := strings.CutPrefix(r.path, "/api/v1")
		if !api || path == "/openapi.json" {
			continue
		}
		if r.rule != bearer || r.method != get {
			t.Errorf("%s %s is not for bearers of tokens alone", r.method, r.path)
		}
		if paths[path] == nil {
			t.Errorf("%s is not in the document", r.path)
		}
		delete(paths, path)
	}
	if len(paths) > 0 {
		t.Errorf("the document knows more than there is: %v", paths)
	}
}

func TestAPICounts(t *testing.T) {
	h := counted(t)
	h.must(h.deps.Counts.CloseDue(t.Context(), h.db.Now()))
	one, two := h.tokenOf(h.officer(kitami)), h.tokenOf(h.officer(okhotskCodes()...), kitami, abashiri)
	for _, c := range []struct{ token, query, want string }{
		{one, "", "北見市/2025-06=2 北見市/2025-12=1 北見市/2026-05=3 北見市/2026-11=1 "},
		{one, "?by=year", "北見市/2025=3 北見市/2026=4 "},
		{one, "?by=cumulative", "北見市/2025-06=2 北見市/2025-12=3 北見市/2026-05=6 北見市/2026-11=7 "},
		{one, "?by=cumulative&from=2026-04&until=2026-05", "北見市/2026-05=6 "},
		{one, "?from=2025-12&until=2026-05", "北見市/2025-12=1 北見市/2026-05=3 "},
		{one, "?by=year&from=2025-12", "北見市/2025=1 北見市/2026=4 "},
		{one, "?course=supporter&from=2026-11", "北見市/2026-11=1 "},
		{one, "?course=all&from=2026-11", "北見市/2026-11=1 "},
		{one, "?geo=host", ""},
		{one, "?status=closed", "北見市/2025-06=2 北見市/2025-12=1 北見市/2026-05=3 "},
		{one, "?status=closed&by=cumulative&from=2026-04", "北見市/2026-05=6 "},
		{two, "?status=closed&by=year&areas=" + abashiri, "網走市/2026=1 "},
		{one, "?status=provisional&areas=" + kitami + "&from=2026-11", "北見市/2026-11=1 "},
		{two, "?from=2026-04", "北見市/2026-05=3 北見市/2026-11=1 網走市/2026-05=1 "},
		{two, "?from=2026-04&areas=" + abashiri, "網走市/2026-05=1 "},
		{two, "?by=year&areas=" + abashiri + "," + kitami, "北見市/2025=3 北見市/2026=4 網走市/2026=1 "},
	} {
		body := h.pulls("/api/v1/counts"+c.query, c.token)
		if got := h.periods(body); got != c.want {
			t.Errorf("%s: %s, want %s", c.query, got, c.want)
		}
		h.has(body, "つながりサポーター 修了者数（実人数）", "居住地は受講者の申告による", `"next":null`)
	}
}

// What is corrected after the closing is listed beside the closed number.
func TestAPICorrections(t *testing.T) {
	h := counted(t)
	token := h.tokenOf(h.officer(kitami))
	h.has(h.pulls("/api/v1/closings", token), `{"closings":[]}`)
	h.must(h.deps.Counts.CloseDue(t.Context(), h.db.Now()))
	h.has(h.pulls("/api/v1/closings", token), `"month":"2026-10"`, `"edition":1`)
	h.lacks(h.pulls("/api/v1/closings", token), "2026-11\"")
	h.withdrawOne()
	body := h.pulls("/api/v1/counts?status=closed&from=2026-05&until=2026-05", token)
	if got := h.periods(body); got != "北見市/2026-05=3 " {
		t.Error(got)
	}
	h.has(body, `"corrections":[{"area":"012084","name":"北見市","course":"","month":"2026-05","people":-1,"on":"2026-11-23","reason":"修了の取り下げ"}]`)
}

func TestAPIPages(t *testing.T) {
	h := counted(t)
	token := h.tokenOf(h.officer(okhotskCodes()...))
	want, got := h.periods(h.pulls("/api/v1/counts", token)), ""
	path, pages := "/api/v1/counts?limit=2", 0
	for path != "" {
		res, body := h.pull(path, token)
		h.asDocumented(path, res, body)
		got += h.periods(body)
		var a countsAnswer
		h.must(json.Unmarshal([]byte(body), &a))
		path = ""
		if a.Next != nil {
			if link := res.Header.Get("Link"); link != "<"+*a.Next+`>; rel="next"` {
				t.Errorf("link %q", link)
			}
			path = strings.TrimPrefix(*a.Next, "http://example.com")
		}
		pages++
	}
	if got != want || pages != 3 {
		t.Errorf("%d pages: %s, want %s", pages, got, want)
	}
}

// What has not changed costs nothing, and another token's answer is another one.
func TestAPITags(t *testing.T) {
	h := counted(t)
	officer := h.officer(okhotskCodes()...)
	token := h.tokenOf(officer)
	res, _ := h.pull("/api/v1/counts", token)
	etag := res.Header.Get("ETag")
	if !regexp.MustCompile(`^"[0-9a-f]{32}"$`).MatchString(etag) || res.Header.Get("Cache-Control") != "private, no-cache" {
		t.Errorf("%q %v", etag, res.Header)
	}
	if vary := strings.Join(res.Header.Values("Vary"), ","); !strings.Contains(vary, "Authorization") || !strings.Contains(vary, "Accept-Encoding") || strings.Contains(vary, "Cookie") {
		t.Errorf("Vary: %s", vary)
	}
	for _, known := range []string{etag, "W/" + etag, `"x", ` + etag} {
		if res, body := h.pull("/api/v1/counts", token, "If-None-Match", known); res.StatusCode != 304 || body != "" || res.Header.Get("ETag") != etag {
			t.Errorf("If-None-Match %s: %d %q", known, res.StatusCode, body)
		}
	}
	all, half := h.tokenOf(officer, okhotskCodes()...), h.tokenOf(officer, kitami, abashiri)
	if res, _ := h.pull("/api/v1/counts", all); res.Header.Get("ETag") != etag {
		t.Error("the same municipalities, another ETag")
	}
	if res, body := h.pull("/api/v1/counts", half, "If-None-Match", etag); res.StatusCode != 200 || h.periods(body) == "" {
		t.Errorf("another scope, the same ETag: %d", res.StatusCode)
	}
	id, _ := h.learner("北見", "次郎", "きたみ", kitami)
	h.finish(id)
	if res, _ := h.pull("/api/v1/counts", token, "If-None-Match", etag); res.StatusCode != 200 {
		t.Errorf("one more person: %d", res.StatusCode)
	}
	const long = "/api/v1/definitions"
	res, plain := h.pull(long, token)
	etag = res.Header.Get("ETag")
	res, body := h.pull(long, token, "Accept-Encoding", "gzip")
	zipped := res.Header.Get("ETag")
	if res.Header.Get("Content-Encoding") != "gzip" || zipped == etag {
		t.Errorf("gzip: %v", res.Header)
	}
	r, err := gzip.NewReader(strings.NewReader(body))
	h.must(err)
	if unzipped, err := io.ReadAll(r); err != nil || string(unzipped) != plain {
		t.Errorf("unzipped %v", err)
	}
	if res, _ := h.pull(long, token, "If-None-Match", zipped, "Accept-Encoding", "gzip"); res.StatusCode != 304 || res.Header.Get("ETag") != zipped {
		t.Errorf("gzip again: %d", res.StatusCode)
	}
}

func TestAPIChanges(t *testing.T) {
	h := counted(t)
	officer := h.officer(okhotskCodes()...)
	token := h.tokenOf(officer)
	asks := func(token, since string, want ...string) string {
		t.Helper()
		var a changesAnswer
		h.must(json.Unmarshal([]byte(h.pulls("/api/v1/changes"+since, token)), &a))
		if !slices.Equal(a.Areas, want) {
			t.Errorf("changes%s: %v, want %v", since, a.Areas, want)
		}
		return "?since=" + a.Cursor
	}
	h.must(h.deps.Counts.Fold(t.Context()))
	since := asks(token, "", kitami, abashiri)
	asks(token, since)
	id, _ := h.learner("紋別", "花子", "もんべつ", "012190")
	h.finish(id)
	since = asks(token, since, "012190")
	h.must(h.deps.Counts.Fold(t.Context()))
	since = asks(token, since, "012190")
	asks(token, since)
	asks(h.tokenOf(officer, kitami), since, kitami) // with other municipalities everything is new
}

func TestAPILists(t *testing.T) {
	h := counted(t)
	token := h.tokenOf(h.officer(okhotskCodes()...), kitami, "015636")
	h.has(h.pulls("/api/v1/municipalities", token), `{"municipalities":[{"code":"012084","name":"北見市","kana":"きたみし","prefecture":"北海道","bureau":"オホーツク総合振興局","using":true},{"code":"015636",`, `"using":false}]}`)
	h.has(h.pulls("/api/v1/courses", token), `"slug":"supporter"`, `"supporters":true`)
	h.has(h.pulls("/api/v1/definitions", token), `"edition":1`, `"key":"people"`)
}

// Whatever is wrong is said in one form, with what to do.
func TestAPIProblems(t *testing.T) {
	h := counted(t)
	officer := h.officer(kitami)
	token := h.tokenOf(officer)
	const at = "/api/v1/counts"
	for _, c := range []struct {
		path, token    string
		status         int
		key, parameter string
	}{
		{at, "", 401, problemNoToken, ""},
		{at, "x", 401, problemToken, ""},
		{at, strings.ToUpper(token), 401, problemToken, ""},
		{at + "?token=" + token, "", 400, problemAddress, ""},
		{at + "?access_token=x", token, 400, problemAddress, ""},
		{at + "?areas=" + token, token, 400, problemAddress, ""},
		{at + "?month=2026-11", token, 400, problemUnknown, "month"},
		{at + "?Geo=host", token, 400, problemUnknown, "Geo"},
		{at + "?geo=host&geo=host", token, 400, problemParameter, "geo"},
		{at + "?geo=", token, 400, problemParameter, "geo"},
		{at + "?by=day", token, 400, problemParameter, "by"},
		{at + "?status=closing", token, 400, problemParameter, "status"},
		{at + "?from=2026-13", token, 400, problemParameter, "from"},
		{at + "?until=", token, 400, problemParameter, "until"},
		{at + "?limit=0", token, 400, problemParameter, "limit"},
		{at + "?limit=5001", token, 400, problemParameter, "limit"},
		{at + "?cursor=x", token, 400, problemParameter, "cursor"},
		{at + "?course=nothing", token, 400, problemParameter, "course"},
		{"/api/v1/changes?since=x", token, 400, problemParameter, "since"},
		{"/api/v1/changes?since=-1-00000000", token, 400, problemParameter, "since"},
		{"/api/v1/municipalities?areas=" + kitami, token, 400, problemUnknown, "areas"},
	} {
		res, body := h.pull(c.path, c.token)
		h.asDocumented(c.path, res, body)
		var p problemAnswer
		h.must(json.Unmarshal([]byte(body), &p))
		if res.StatusCode != c.status || p.Type != "http://example.com/municipality/api#"+c.key || p.Parameter != c.parameter || p.Detail == "" || p.DetailEn == "" {
			t.Errorf("%s: %d %s", c.path, res.StatusCode, body)
		}
		if strings.Contains(body, token) || res.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %v %s", c.path, res.Header, body)
		}
	}
	if res, _ := h.pull(at, "", "Authorization", "Basic "+token); res.StatusCode != 401 || res.Header.Get("WWW-Authenticate") != "Bearer" {
		t.Errorf("basic: %d %v", res.StatusCode, res.Header)
	}
	for _, cookie := range []string{officer, h.admin} {
		if res, _ := h.get(at, cookie); res.StatusCode != 401 || len(res.Cookies()) > 0 {
			t.Errorf("with a cookie: %d", res.StatusCode)
		}
	}
	res, body := do(t, h.app, send(at, url.Values{}))
	if res.StatusCode != 405 || !strings.Contains(body, problemMethod) {
		t.Errorf("POST: %d %s", res.StatusCode, body)
	}
}

// Whatever is not the token's is the same answer as what is nowhere.
func TestAPIScope(t *testing.T) {
	h := counted(t)
	token := h.tokenOf(h.officer(okhotskCodes()...), kitami)
	_, none := h.pull("/api/v1/nothing", token)
	for _, path := range []string{
		"/api/v1", "/api/v2/counts", "/api/v1/counts/" + abashiri,
		"/api/v1/counts?areas=" + abashiri, "/api/v1/counts?areas=" + kitami + "," + abashiri, "/api/v1/counts?areas=",
		"/api/v1/counts?areas=999999", "/api/v1/counts?areas=01", "/api/v1/counts?areas=%E5%8C%97%E8%A6%8B%E5%B8%82",
		"/api/v1/counts?geo=host&areas=" + abashiri, "/api/v1/counts?by=year&course=all&areas=" + abashiri,
	} {
		if res, body := h.pull(path, token); res.StatusCode != 404 || body != none {
			t.Errorf("%s: %d %s", path, res.StatusCode, body)
		}
	}
	for _, path := range []string{"/api/v1/counts", "/api/v1/counts?course=all&by=cumulative", "/api/v1/changes", "/api/v1/municipalities", "/api/v1/counts?cursor=" + place{Area: "000000"}.String()} {
		if body := h.pulls(path, token); strings.Contains(body, abashiri) || !strings.Contains(body, kitami) {
			t.Errorf("%s: %s", path, body)
		}
	}
}

func TestAPILimit(t *testing.T) {
	h := readyHouse(t)
	token := h.tokenOf(h.officer(kitami))
	clock := storagetest.Clock(h.db)
	for range accounts.PullsPerMinute {
		h.pulls("/api/v1/changes", token)
	}
	clock.Add(20 * time.Second)
	res, body := h.pull("/api/v1/changes", token)
	h.asDocumented("/api/v1/changes", res, body)
	if res.StatusCode != 429 || res.Header.Get("Retry-After") != "40" {
		t.Errorf("%d %v", res.StatusCode, res.Header)
	}
	clock.Add(40 * time.Second)
	h.pulls("/api/v1/changes", token)
}

func TestTokensPage(t *testing.T) {
	h := readyHouse(t)
	officer, other := h.officer(kitami), h.officer(abashiri)
	h.has(h.shows("/municipality/tokens", officer, 200), "この係のトークンは、ありません。", `href="/municipality/api"`)
	form := h.tokenForm(officer)
	res, body := h.send("/municipality/tokens", form, officer)
	token := tokenOnPage.FindString(body)
	if res.StatusCode != 200 || res.Header.Get("Cache-Control") != "no-store" || token == "" {
		t.Errorf("%d %v", res.StatusCode, res.Header)
	}
	res, body = h.send("/municipality/tokens", form, officer)
	if res.StatusCode != 200 || tokenOnPage.MatchString(body) {
		t.Errorf("a repeat shows a secret: %d", res.StatusCode)
	}
	h.has(body, "このトークンは、もうできています")
	form.Set("purpose", "ほか")
	if res, body := h.send("/municipality/tokens", form, officer); res.StatusCode != 409 || tokenOnPage.MatchString(body) {
		t.Errorf("the same operation for something else: %d", res.StatusCode)
	}
	res, body = h.send("/municipality/tokens", url.Values{"operation": {uuid.NewString()}, "post": form["post"], "purpose": {""}}, officer)
	if res.StatusCode != 422 {
		t.Errorf("no purpose: %d", res.StatusCode)
	}
	h.has(body, "使いみちを入力してください。")
	body = h.shows("/municipality/tokens", officer, 200, "庁内の集計", "まだ使われていません")
	h.lacks(body, token)
	id := regexp.MustCompile(`/municipality/tokens/([^/]+)/revoke`).FindStringSubmatch(body)[1]
	h.pulls("/api/v1/changes", token)
	h.shows("/municipality/tokens", officer, 200, "2026年11月23日 ")
	// Another post neither sees it nor makes nor revokes one there.
	h.lacks(h.shows("/municipality/tokens", other, 200), "庁内の集計", id)
	for path, form := range map[string]url.Values{"/municipality/tokens": h.tokenForm(officer), "/municipality/tokens/" + id + "/revoke": {}} {
		for _, by := range []string{other, h.desk} {
			if res, body := h.send(path, form, by); res.StatusCode != 404 || tokenOnPage.MatchString(body) {
				t.Errorf("%s: %d", path, res.StatusCode)
			}
		}
	}
	res, _ = h.send("/municipality/tokens", func() url.Values { f := h.tokenForm(other); f["municipalities"] = []string{kitami}; return f }(), other)
	if res.StatusCode != 422 {
		t.Errorf("another town's code: %d", res.StatusCode)
	}
	h.shows("/municipality/tokens", h.desk, 404)
	h.shows("/municipality/tokens", h.admin, 200, "庁内の集計")
	h.posts("/municipality/tokens/"+id+"/revoke", officer, url.Values{})
	if res, _ := h.pull("/api/v1/changes", token); res.StatusCode != 401 {
		t.Errorf("revoked: %d", res.StatusCode)
	}
}
