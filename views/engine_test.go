package views

import (
	"bytes"
	"html/template"
	"io/fs"
	"path"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"
	"time"
	"unsafe"

	"github.com/gofiber/fiber/v2"
)

// pages says which struct each template shows. A template that is missing here
// fails TestEveryTemplateRenders.
var pages = map[string]pageOf{
	"home":          &homePage{},
	"settings":      &settingsPage{},
	"help":          &aboutPage{},
	"privacy":       &aboutPage{},
	"accessibility": &aboutPage{},
	"error":         &errorPage{},
	"certificates":  &certificatesPage{}, "correction": &correctionPage{}, "verify": &verifyPage{}, "verified": &verifyPage{},
	"signin-staff": &staffSigninPage{}, "signin-code": &staffCodePage{}, "staff": &staffPage{}, "staff-password": &passwordPage{},
	"staff-app": &appPage{}, "invitation": &invitationPage{}, "setup": &setupPage{}, "link": &linkPage{}, "post": &postPage{},
	"desk": &deskPage{}, "desk-person": &personPage{}, "desk-card": &deskCardPage{}, "desk-correction": &decidePage{},
	"desk-name": &namePage{}, "desk-register": &registerPage{}, "desk-trainers": &trainersPage{}, "list-import": &listPage{}, "cards": &cardsPage{},
	"desk-duplicates": &duplicatesPage{}, "desk-compare": &comparePage{}, "desk-merge": &mergePage{}, "desk-merged": &mergedPage{},
	"desk-contacts": &contactsPage{}, "admin": &adminPage{}, "admin-operator": &operatorPage{}, "admin-issuers": &issuersPage{},
	"admin-issuer": &issuerPage{}, "admin-issuer-new": &newIssuerPage{}, "admin-profile": &profilePage{},
	"admin-helplines": &helplinesPage{}, "admin-helpline": &helplinePage{}, "admin-audit": &auditPage{}, "admin-retention": &retentionPage{},
	"municipality": &municipalityPage{}, "definitions": &definitionsPage{}, "municipality-closings": &closingsPage{}, "statistics": &statisticsPage{},
	"municipality-files": &filesPage{}, "municipality-unwritable": &unwritablePage{}, "municipality-separate": &separatePage{},
	"municipality-separate-edit": &separatePage{}, "municipality-separate-remove": &separatePage{}, "municipality-inquiry": &inquiryPage{}, "municipality-mail": &mailingsPage{},
	"municipality-population": &populationPage{}, "municipality-settings": &municipalitySettingsPage{}, "municipality-show": &showPage{},
	"municipality-towns": &townsPage{}, "municipality-places": &townPlacesPage{}, "municipality-place": &placePage{},
	"municipality-tokens": &tokensPage{}, "municipality-places-import": &placesImportPage{}, "municipality-api": &apiDocPage{},
	"admin-posts": &postsPage{}, "admin-post": &postFormPage{},

	"trainer": &trainerPage{}, "classes": &pastPage{}, "class-form": &classFormPage{}, "class": &classPage{}, "class-cancel": &cancelPage{},
	"roster": &rosterPage{}, "seat": &seatPage{}, "seat-card": &seatPage{}, "class-people": &entryPage{}, "class-papers": &papersPage{},
	"class-certificates": &roomPage{}, "print": &printPage{}, "slides": &slidesPage{}, "slide-notes": &slidesPage{}, "class-report": &classReportPage{}, "join": &codePage{}, "class-join": &joinPage{}, "screen": &screenPage{},
	"author-courses": &authoringPage{}, "author-new": &authoringPage{}, "author-course": &draftPage{}, "author-module": &modulePage{},
	"author-settings": &settingsFormPage{}, "author-lesson": &editorPage{}, "author-conflict": &conflictPage{}, "author-saves": &savesPage{},
	"author-archived": &archivedPage{}, "author-bank": &bankPage{}, "author-choose": &chooseQuestionsPage{}, "author-question": &questionFormPage{},
	"author-pictures": &picturesPage{}, "author-publish": &publishPage{}, "author-editions": &editionsPage{}, "author-difference": &differencePage{},
	"author-import": &importPage{}, "author-export": &exportPage{}, "author-close": &closePage{}, "author-share": &sharePage{}, "author-bring": &bringPage{},
	"analysis": &analysisPage{}, "class-missed": &missedPage{}, "regrade": &regradePage{},

	"me": &mePage{}, "me-email": &meEmailPage{}, "me-sessions": &sessionsPage{}, "me-contact": &contactPage{},
	"me-download": &downloadPage{}, "me-delete": &deletePage{}, "me-deleted": &deletedPage{},
	"places": &placesPage{}, "town": &townPage{}, "town-sheet": &townPage{},

	"learn":        &learnPage{},
	"course":       &coursePage{},
	"lesson":       &lessonPage{},
	"practice":     &lessonPage{},
	"quiz-intro":   &quizIntroPage{},
	"question":     &questionPage{},
	"quiz-submit":  &submitPage{},
	"quiz-result":  &resultPage{},
	"start":        &startPage{},
	"card":         &cardPage{},
	"card-door":    &Page{},
	"signin":       &signinPage{},
	"signin-card":  &signinCardPage{},
	"signout":      &signOutPage{},
	"signin-email": &signinEmailPage{},
}

// assets are the static files.
func assets(t testing.TB) *static {
	t.Helper()
	files, err := embedded()
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func testEngine(t testing.TB) *engine {
	t.Helper()
	s := &site{static: assets(t)}
	e, err := newEngine(templateFiles, s.funcs())
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestEveryTemplateRenders(t *testing.T) {
	e := testEngine(t)
	files, err := fs.Glob(templateFiles, "templates/*.html")
	if err != nil || len(files) < 2 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(path.Base(file), ".html")
		if name == "layout" {
			continue
		}
		page, ok := pages[name]
		if !ok {
			t.Errorf("templates/%s.html: say in pages which struct it shows", name)
			continue
		}
		for _, state := range []string{"zero", "filled"} {
			t.Run(name+"/"+state, func(t *testing.T) {
				v := reflect.New(reflect.TypeOf(page).Elem())
				if state == "filled" {
					fill(v.Elem(), 0)
				}
				var b bytes.Buffer
				if err := e.Render(&b, name, v.Interface()); err != nil {
					t.Fatal(err)
				}
				checkHTML(t, b.String())
			})
		}
	}
	for name := range pages {
		if _, ok := e.pages[name]; !ok {
			t.Errorf("pages names %q, and there is no such template", name)
		}
	}
}

// checkHTML finds what the content policy would block and what html/template could
// not put in safely.
func checkHTML(t *testing.T, html string) {
	t.Helper()
	for _, bad := range []string{"ZgotmplZ", " style=", "<style", " onclick=", " onsubmit=", "javascript:", "%!", "<no value>"} {
		if strings.Contains(html, bad) {
			t.Errorf("the page has %q", bad)
		}
	}
	if strings.Count(html, "<script") != strings.Count(html, "<script src=") {
		t.Error("the page has a script of its own")
	}
	if n := strings.Count(html, "<h1"); n != 1 {
		t.Errorf("the page has %d h1", n)
	}
}

// fill puts something into every field that a template can reach.
func fill(v reflect.Value, depth int) {
	if !v.CanSet() || depth > 8 {
		return
	}
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC)))
		return
	case template.HTML:
		v.SetString("<ruby>孤独<rp>（</rp><rt>こどく</rt><rp>）</rp></ruby>")
		return
	case Faults:
		v.Set(reflect.ValueOf(Faults{{"", "確かめてください。"}, {"family_name", "姓を入力してください。"}}))
		return
	case []string:
		v.Set(reflect.ValueOf([]string{"app.js"}))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString("2026-11-23")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64, reflect.Int32:
		v.SetInt(503)
	case reflect.Uint16, reflect.Uint8, reflect.Uint:
		v.SetUint(255)
	case reflect.Float64:
		v.SetFloat(0.5)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), depth+1)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			fill(v.Index(i), depth+1)
		}
	case reflect.Map:
		key, val := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(key, depth+1)
		fill(val, depth+1)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, val)
	case reflect.Struct:
		for i := range v.NumField() {
			f := v.Field(i)
			if v.Type().Field(i).Anonymous && !f.CanSet() { // its own fields may be exported
				f = reflect.NewAt(f.Type(), unsafe.Pointer(f.UnsafeAddr())).Elem()
			}
			fill(f, depth+1)
		}
	}
}

func TestEngineKeepsPagesApart(t *testing.T) {
	files := fstest.MapFS{
		"templates/layout.html":    {Data: []byte(`[{{block "main" .}}{{end}}]`)},
		"templates/parts/any.html": {Data: []byte(`{{define "part"}}p{{end}}`)},
		"templates/one.html":       {Data: []byte(`{{define "main"}}one {{template "part"}}{{end}}`)},
		"templates/two.html":       {Data: []byte(`{{define "main"}}two {{.Missing}}{{end}}`)},
	}
	e, err := newEngine(files, nil)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := e.Render(&b, "one", nil); err != nil || b.String() != "[one p]" {
		t.Errorf("%q %v", b.String(), err)
	}
	app := fiber.New(fiber.Config{Views: e})
	app.Get("/", func(c *fiber.Ctx) error {
		if err := c.Render("two", struct{}{}); err == nil {
			t.Error("a failing template rendered")
		}
		return c.SendString("left: " + string(c.Response().Body()))
	})
	if _, body := do(t, app, ask("/")); body != "left: " {
		t.Errorf("of a failing template %q", body)
	}
	if err := e.Render(&b, "three", nil); err == nil {
		t.Error("an unknown template rendered")
	}
}

func TestDates(t *testing.T) {
	late := time.Date(2027, 3, 31, 15, 30, 0, 0, time.UTC) // 1 April in Japan
	for _, c := range []struct{ got, want string }{
		{must(japanese(late, "2006年1月2日")), "2027年4月1日"},
		{must(japanese("2026-11-23", "2006年1月2日")), "2026年11月23日"},
		{must(japanese(time.Time{}, "2006年1月2日")), ""},
		{must(wareki(late)), "令和9年4月1日"},
		{must(wareki("2019-05-01")), "令和元年5月1日"},
		{must(wareki("2019-12-31")), "令和元年12月31日"},
		{must(wareki("2020-01-01")), "令和2年1月1日"},
		{must(wareki("2019-04-30")), "平成31年4月30日"},
		{must(wareki("")), ""},
		{dial("0152-00-0000（代表）"), "0152000000"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
	if _, err := wareki(5); err == nil {
		t.Error("5 is a date")
	}
}

func must(s string, err error) string {
	if err != nil {
		panic(err)
	}
	return s
}

func TestFixedPartsFollowTheirKey(t *testing.T) {
	files := fstest.MapFS{
		"templates/layout.html":     {Data: []byte(`{{fixed "part" .Key}}{{block "main" .}}{{end}}`)},
		"templates/parts/part.html": {Data: []byte(`{{define "part"}}[{{.}}]{{end}}`)},
		"templates/one.html":        {Data: []byte(`{{define "main"}}{{end}}`)},
	}
	e, err := newEngine(files, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"a", "<b>", "a"} {
		var b bytes.Buffer
		if err := e.Render(&b, "one", struct{ Key string }{key}); err != nil || b.String() != "["+template.HTMLEscapeString(key)+"]" {
			t.Errorf("%q: %q %v", key, b.String(), err)
		}
	}
}
