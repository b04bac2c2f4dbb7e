package views

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/google/uuid"

	"tsunagari/courses"
	"tsunagari/courses/coursetest"
	"tsunagari/storage/storagetest"
	"tsunagari/views/browsertest"
)

// ranged asks for a part of a file.
func (h *house) ranged(path, part string) (*http.Response, string) {
	req := httptest.NewRequest("GET", path, nil)
	req.Header.Set("Range", part)
	return do(h.t, h.app, req)
}

var mediaAddress = regexp.MustCompile(`/media/[0-9a-f]{64}\.[a-z0-9]{3}`)

// illustrated is a house with a published course that has media, and the addresses of
// these in its first lesson.
func illustrated(t *testing.T) (h *house, addresses map[string]string) {
	t.Helper()
	h = readyHouse(t)
	_, _, err := h.deps.Courses.Publish(t.Context(), coursetest.WithMedia("media"))
	h.must(err)
	addresses = map[string]string{}
	page := h.shows("/courses/media/ichi-1", "", 200, "丘の上に青い空が広がる景色", "文字で読む", "つながりチェック表")
	for _, a := range mediaAddress.FindAllString(page, -1) {
		addresses[a[len(a)-3:]] = a
	}
	return h, addresses
}

func TestAMediumCannotRun(t *testing.T) {
	h, at := illustrated(t)
	for ext, kind := range map[string]string{"jpg": "image/jpeg", "mp3": "audio/mpeg", "pdf": "application/pdf"} {
		res, body := h.get(at[ext], "")
		if res.StatusCode != 200 || res.Header.Get("Content-Type") != kind || len(body) == 0 || strings.Contains(body, coursetest.Place) {
			t.Errorf("%s: %d %v, %d bytes", ext, res.StatusCode, res.Header, len(body))
		}
		for name, want := range map[string]string{
			"Content-Security-Policy": "default-src 'none'; sandbox", "X-Content-Type-Options": "nosniff",
			"Cache-Control": "public, max-age=31536000, immutable", "Content-Disposition": map[bool]string{true: "attachment"}[ext == "pdf"],
		} {
			if got := res.Header.Get(name); got != want {
				t.Errorf("%s: %s is %q", ext, name, got)
			}
		}
	}
	photo := at["jpg"]
	for _, wrong := range []string{
		strings.Replace(photo, ".jpg", ".pdf", 1), strings.Replace(photo, ".jpg", ".svg", 1), strings.TrimSuffix(photo, ".jpg"),
		"/media/" + strings.Repeat("0", 64) + ".jpg", "/media/../static/app.css", "/media/%00.jpg",
	} {
		if res, _ := h.get(wrong, ""); res.StatusCode != 404 {
			t.Errorf("%s: %d", wrong, res.StatusCode)
		}
	}
}

// A telephone asks for a recording part by part.
func TestPartsOfARecording(t *testing.T) {
	h, at := illustrated(t)
	_, whole := h.get(at["mp3"], "")
	for part, want := range map[string]string{
		"bytes=0-1": whole[:2], "bytes=600000-700000": whole[600000:700001], "bytes=1000-": whole[1000:], "bytes=-10": whole[len(whole)-10:],
	} {
		res, body := h.ranged(at["mp3"], part)
		if res.StatusCode != 206 || body != want || !strings.HasSuffix(res.Header.Get("Content-Range"), "/"+strconv.Itoa(len(whole))) {
			t.Errorf("%s: %d %q, %d bytes", part, res.StatusCode, res.Header.Get("Content-Range"), len(body))
		}
	}
	for _, part := range []string{"bytes=99999999-", "bytes=5", "bytes=0-1,5-6", "lines=0-1"} {
		if res, _ := h.ranged(at["mp3"], part); res.StatusCode != 416 {
			t.Errorf("%s: %d", part, res.StatusCode)
		}
	}
}

func TestMediaByForms(t *testing.T) {
	h := newHouse(t, storagetest.Open(t, storagetest.SQLite(t)))
	a := h.writes()
	form := func(fields ...string) map[string]string {
		m := map[string]string{"operation": uuid.NewString()}
		for i := 0; i < len(fields); i += 2 {
			m[fields[i]] = fields[i+1]
		}
		return m
	}
	photo := string(coursetest.Photo(1000, 700))
	a.has(a.uploads("/pictures", form(), "file", photo, 422), "飾りの絵」にしるし", `href="#alt"`)
	a.has(a.uploads("/pictures", form("alt", "丘の上に青い空が広がる景色"), "file", "", 422), "空です")
	a.has(a.uploads("/pictures", form("alt", "丘の上に青い空が広がる景色"), "file", photo[:900], 422), "こわれて")
	a.has(a.uploads("/pictures", form("alt", "iPhoneでとった写真です。"), "file", "\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", 422), "互換性優先")
	a.has(a.uploads("/pictures", form("alt", "白鳥さんのお話"), "file", string(coursetest.Sound(3)), 422), "文字の版」を書いて", "<details class=\"fold\" open>")
	a.uploads("/pictures", form("alt", "丘の上に青い空が広がる景色"), "file", photo, 303)
	a.uploads("/pictures", form("decorative", "true"), "file", string(coursetest.Photo(300, 200)), 303)
	a.uploads("/pictures", form("alt", "白鳥さんのお話", "text", "白鳥です。"), "file", string(coursetest.Sound(3)), 303)
	a.uploads("/pictures", form("alt", "つながりチェック表"), "file", string(coursetest.Handout()), 303)
	page := a.sees("/pictures", "960×672", "3秒", "2ページ", "まだ使われていません", "飾りの絵")
	var names []string
	for _, p := range a.draft().Under(courses.PicturePiece, "") {
		names = append(names, p.Name)
	}
	at := regexp.MustCompile(a.base + `/media/[0-9a-f]{64}\.jpg`).FindString(page)
	res, _ := h.get(at, a.cookie)
	if res.StatusCode != 200 || res.Header.Get("Cache-Control") != "private, max-age=600" || res.Header.Get("Content-Security-Policy") != mediaPolicy {
		t.Errorf("%s: %d %v", at, res.StatusCode, res.Header)
	}
	_, stranger := h.staff("ほかの係", "trainer", abashiri, "講師", "五郎")
	for _, path := range []string{at, a.base + "/pictures"} {
		h.shows(path, stranger, 404)
		h.shows(path, h.desk, 404)
	}
	h.shows(strings.Replace(at, a.base, "", 1), a.cookie, 404) // not published
	for _, act := range []string{"", "/archive", "/remove"} {
		if res, _ := h.send(a.base+"/pictures/"+names[0]+act, map[string][]string{"alt": {"他人が変えた説明です。"}, "version": {"1"}}, stranger); res.StatusCode != 404 {
			t.Errorf("%q by a stranger: %d", act, res.StatusCode)
		}
	}
	body := ""
	for _, name := range names {
		body += a.draft().Drawing(name).Markdown() + "\n\n"
	}
	a.leads("/lessons/"+a.lesson, map[string][]string{"title": {"丘"}, "body": {body}, "version": {"1"}})
	editor := a.sees("/lessons/"+a.lesson, "写真：丘の上に青い空が広がる景色", "写真：飾りの絵", "音声：白鳥さんのお話", "配布資料（PDF）：つながりチェック表", a.base+"/media/")
	a.has(editor, `alt="" loading="lazy"`)
	a.sees("/pictures", "使っているところ：「丘」")
	if res, _ := h.send(a.base+"/pictures/"+names[0]+"/remove", nil, a.cookie); res.StatusCode != 409 {
		t.Errorf("removing what is used: %d", res.StatusCode)
	}
	a.leads("/lessons/"+a.lesson, map[string][]string{"title": {"丘"}, "body": {"文だけ。"}, "version": {"2"}})
	a.leads("/pictures/"+names[0]+"/archive", map[string][]string{"back": {a.base + "/pictures"}})
	a.sees("/archived", "丘の上に青い空が広がる景色")
	res, _ = h.get(a.base+"/pictures/"+names[1], a.cookie)
	if to := res.Header.Get("Location"); res.StatusCode != 303 || to != a.base+"/pictures#"+names[1] {
		t.Errorf("one medium: %d %s", res.StatusCode, to)
	}
	h.shows(a.base+"/pictures/nai.jpg", a.cookie, 404)
	h.shows(a.base+"/pictures/"+names[1], stranger, 404)
	a.sees("/publish", "どこにも使われていません", a.base+"/pictures/"+names[1])
	a.leads("/pictures/"+names[0]+"/unarchive", nil)
	a.leads("/pictures/"+names[0]+"/remove", nil)
	h.shows(at, a.cookie, 404)
	res, zip := h.get(a.base+"/export.zip", a.cookie)
	if res.StatusCode != 200 || !strings.Contains(zip, "media/"+names[2]) {
		t.Errorf("export: %d", res.StatusCode)
	}
	a.leads("/pictures/"+names[2], map[string][]string{"alt": {"白鳥さんの長いお話"}, "text": {"白鳥です。今日も歩きます。"}, "version": {"1"}})
	a.sees("/pictures", "白鳥さんの長いお話", "今日も歩きます")
}

func TestAPhotographOnPaper(t *testing.T) {
	h, _ := illustrated(t)
	_, cookie := h.staff("講師の係", "trainer", kitami, "講師", "四郎")
	res, paper := h.get("/trainer/slides/media/handout.pdf", cookie)
	if res.StatusCode != 200 || !strings.Contains(paper, "/DCTDecode") {
		t.Errorf("%d, no photograph in %d bytes", res.StatusCode, len(paper))
	}
	h.shows("/trainer/slides/media", cookie, 200, "/media/")
}

// A lesson is light until somebody comes to its photograph, and then nothing jumps.
func TestALessonWithAPhotograph(t *testing.T) {
	h := readyHouse(t)
	p := coursetest.WithMedia("media")
	long := strings.Repeat("つながりは、毎日のあいさつから始まります。声をかけ、話を聞き、いっしょに考えます。\n\n", 60)
	p.Modules[0].Lessons[1].Body = courses.Text{"ja": long + coursetest.Media}
	_, _, err := h.deps.Courses.Publish(t.Context(), p)
	h.must(err)
	h.deps.BaseURL = ""
	a := h.writes()
	for _, m := range []struct {
		file []byte
		said courses.Said
	}{
		{coursetest.Photo(1600, 1200), courses.Said{Alt: "丘の上に青い空が広がる景色"}},
		{coursetest.Sound(75), courses.Said{Alt: "白鳥さんのお話", Text: "白鳥です。毎朝、あいさつをしています。"}},
		{coursetest.Handout(), courses.Said{Alt: "つながりチェック表"}},
	} {
		_, _, err := a.deps.Courses.AddPicture(t.Context(), a.by, a.course, courses.PictureInput{Said: m.said, Operation: uuid.NewString(), File: m.file})
		h.must(err)
	}
	at := browsertest.Serve(t, New(h.deps))
	b := browsertest.Start(t)
	name, value, _ := strings.Cut(a.cookie, "=")
	seen := chromedp.Poll[chromedp.Void](`document.querySelector(".figure img").naturalWidth > 0`)
	unseen := chromedp.Poll[chromedp.Void](`document.querySelector(".figure img").currentSrc === ""`)
	for _, screen := range []browsertest.Screen{browsertest.Phone, browsertest.Desk, browsertest.Phone.InDark()} {
		t.Run(screen.Name, func(t *testing.T) {
			far := browsertest.Weigh(t, b.Tab(t, screen), chromedp.Navigate(at+"/courses/media/ichi-2"), unseen)
			if far.Bytes > 30<<10 || far.Requests > 4 {
				t.Errorf("a lesson before its photograph: %d bytes in %v", far.Bytes, far.URLs)
			}
			tab := b.Tab(t, screen)
			near := browsertest.Weigh(t, tab, chromedp.Navigate(at+"/courses/media/ichi-1"), seen)
			t.Logf("before its photograph %d bytes, with it %d bytes in %v", far.Bytes, near.Bytes, near.URLs)
			for _, url := range near.URLs {
				if strings.HasSuffix(url, ".mp3") || strings.HasSuffix(url, ".pdf") {
					t.Errorf("%s was fetched unasked", url)
				}
			}
			for page, path := range map[string]string{"lesson-media": "/courses/media/ichi-1", "author-media": a.base + "/pictures"} {
				if err := chromedp.Do(tab, cookie(at, name, value), chromedp.Navigate(at+path), seen); err != nil {
					t.Fatal(err)
				}
				fits(t, tab)
				browsertest.Shot(t, tab, page+"-"+screen.Name)
				browsertest.Axe(t, tab)
			}
		})
	}
}
