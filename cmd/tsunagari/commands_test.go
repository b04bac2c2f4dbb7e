package main

import (
	"errors"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gorm.io/gorm"

	"tsunagari/courses"
	"tsunagari/courses/coursetest"
)

const supporter = "../../courses/curriculum/supporter"

func TestCourseCheck(t *testing.T) {
	if out := must(t, "course", "check", supporter); !strings.Contains(out, "読む時間") {
		t.Errorf("no figures:\n%s", out)
	}
	broken := t.TempDir()
	if err := os.CopyFS(broken, os.DirFS(supporter)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(broken, "shiru", "naze.md"), []byte("---\ntitle: なぜ\n---\n\n:::nothing\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := ran(t, "course", "check", broken)
	if !errors.Is(err, errFaulty) || !regexp.MustCompile(`shiru/naze\.md:\d+: `).MatchString(out) {
		t.Errorf("a broken lesson: %v\n%s", err, out)
	}
	if out, err := ran(t, "course", "import", broken, "--data", t.TempDir()); !errors.Is(err, errFaulty) || !strings.Contains(out, "naze.md") {
		t.Errorf("importing it: %v\n%s", err, out)
	}
	if _, err := ran(t, "course", "check", filepath.Join(broken, "none")); err == nil {
		t.Error("a folder that is not there")
	}
}

func TestCourseImportAndExport(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "small.zip")
	err := createFile(file, func(f *os.File) error { return courses.WriteZip(f, coursetest.Small("small")) })
	if err != nil {
		t.Fatal(err)
	}
	data := []string{"--data", filepath.Join(dir, "data")}
	if out := must(t, append([]string{"course", "import", file}, data...)...); !strings.Contains(out, "第1版") {
		t.Error(out)
	}
	if out := must(t, append([]string{"course", "import", file}, data...)...); !strings.Contains(out, "同じ") {
		t.Errorf("once more: %s", out)
	}
	again := filepath.Join(dir, "again.zip")
	must(t, append([]string{"course", "export", "small", again}, data...)...)
	first, second := read(t, file), read(t, again)
	if first != second {
		t.Error("exported, the course is another one")
	}
	if _, err := ran(t, append([]string{"course", "export", "small", again}, data...)...); err == nil || read(t, again) != second {
		t.Errorf("exporting over a file: %v", err)
	}
	if _, err := ran(t, append([]string{"course", "export", "large", filepath.Join(dir, "x.zip")}, data...)...); err == nil || !strings.Contains(err.Error(), "large") {
		t.Errorf("a course that is not there: %v", err)
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// A course that was published over a built-in one outlives the next start; without
// that the built-in one is published once.
func TestBuiltInCourses(t *testing.T) {
	data := t.TempDir()
	flags := []string{"--data", data}
	start(t, flags...).stop()
	file := filepath.Join(t.TempDir(), "own")
	if err := os.CopyFS(file, os.DirFS(supporter)); err != nil {
		t.Fatal(err)
	}
	course := filepath.Join(file, "course.md")
	own := strings.Replace(read(t, course), "title: ", "title: 見本市の", 1)
	if err := os.WriteFile(course, []byte(own), 0o600); err != nil {
		t.Fatal(err)
	}
	if out := must(t, append([]string{"course", "import", file}, flags...)...); !strings.Contains(out, "第2版") {
		t.Fatal(out)
	}
	r := at(t, filepath.Join(data, "tsunagari.db"))
	// As if the next version of the program had other texts.
	if err := r.db.Tx(ctx, forgetFiles); err != nil {
		t.Fatal(err)
	}
	s := start(t, flags...)
	if _, page := s.get("/courses/supporter"); !strings.Contains(page, "見本市の") {
		t.Error("the own course was overwritten")
	}
	s.stop()
	list, err := r.courses.List(ctx)
	if err != nil || len(list) < 2 || list[0].Slug != "supporter" || list[0].Number != 2 || list[1].Number != 1 {
		t.Errorf("%d courses, %v", len(list), err)
	}
}

func TestCertificateSample(t *testing.T) {
	out := filepath.Join(t.TempDir(), "sample.pdf")
	flags := []string{"certificate", "sample", "--data", t.TempDir(), "--kana", "よしだ はなこ", "--out", out}
	must(t, append(flags, "--name", "𠮷田 花子", "--form", "card")...)
	if !strings.HasPrefix(read(t, out), "%PDF-") {
		t.Error("no PDF")
	}
	if text, err := exec.LookPath("pdftotext"); err == nil {
		said, err := exec.Command(text, out, "-").Output()
		if err != nil || !strings.Contains(string(said), "𠮷田") || !strings.Contains(string(said), "R8-000-0000") {
			t.Errorf("%v: %s", err, said)
		}
	}
	os.Remove(out)
	_, err := ran(t, append(flags, "--name", "吉田 花子\U0001F600")...)
	if err == nil || !strings.Contains(err.Error(), "U+1F600") {
		t.Errorf("an unprintable name: %v", err)
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("it was written all the same")
	}
	if _, err := ran(t, append(flags, "--name", "a", "--form", "a3")...); err == nil || !strings.Contains(err.Error(), "a4") {
		t.Errorf("another form: %v", err)
	}
}

// link is a one-time link and its code, as a secret never stands in a path.
var link = regexp.MustCompile(`http://\S+/(?:setup|invitation)#(\S+)`)

// withCode is the second step behind a link: the form with its code.
func withCode(code string, form url.Values) url.Values {
	form.Set("token", code)
	form.Set("step", "save")
	return form
}

// From the first link to a second administrator who lost the password.
func TestAccountCommands(t *testing.T) {
	data := []string{"--data", t.TempDir()}
	s := start(t, data...)
	if _, err := ran(t, append([]string{"account", "admin"}, data...)...); !errors.Is(err, errNotSetUp) {
		t.Errorf("an administrator before the set-up: %v", err)
	}
	printed := s.out.find(link.String(), s.ended)
	renewed := link.FindStringSubmatch(must(t, append([]string{"account", "setup"}, data...)...))
	if printed == "" || renewed == nil || printed == renewed[1] {
		t.Fatalf("links %v and %v", printed, renewed)
	}
	b := newBrowser(func() string { return s.addr })
	_, err := b.post("/setup", withCode(renewed[1], url.Values{
		"name": {"見本協議会"}, "address": {"北海道網走市"}, "phone": {"0152-00-0000"}, "hours": {"平日 9時から17時"}, "prefecture": {"01"},
		"bureau": {"オホーツク総合振興局"}, "family_name": {"流氷"}, "given_name": {"治"}, "email": {"a@example.jp"}, "password": {"しおさいのきこえるまどべで"},
	}))
	if err != nil {
		t.Fatal(err)
	}
	if got := b.get(t, "/admin"); got != 200 {
		t.Errorf("the administrator's page: %d", got)
	}
	if _, err := b.post("/setup", url.Values{"token": {printed}}); err == nil {
		t.Error("the other set-up link still works")
	}
	if out, err := ran(t, append([]string{"account", "setup"}, data...)...); err == nil {
		t.Errorf("a link after the set-up: %s", out)
	}
	second := newBrowser(func() string { return s.addr })
	invited := link.FindStringSubmatch(must(t, append([]string{"account", "admin"}, data...)...))
	if _, err := second.post("/invitation", withCode(invited[1], url.Values{
		"family_name": {"帆立"}, "given_name": {"恵"}, "email": {"b@example.jp"}, "password": {"ほたてのかいがらをみっつひろう"},
	})); err != nil {
		t.Fatal(err)
	}
	reset := link.FindStringSubmatch(must(t, append([]string{"account", "reset", "B@example.jp", "--why", "電話で本人を確かめた"}, data...)...))
	if _, err := second.post("/invitation", withCode(reset[1], url.Values{"password": {"あたらしいかいがらをよっつひろう"}})); err != nil {
		t.Fatal(err)
	}
	if _, err := second.post("/signin/staff", url.Values{"email": {"b@example.jp"}, "password": {"あたらしいかいがらをよっつひろう"}}); err != nil {
		t.Errorf("with the new password: %v", err)
	}
	if s.out.find(`宛先: (a@example.jp)`, s.ended) == "" {
		t.Errorf("no code went to the office:\n%s", s.out)
	}
	if _, err := ran(t, append([]string{"account", "reset", "c@example.jp", "--why", "x"}, data...)...); err == nil || !strings.Contains(err.Error(), "c@example.jp") {
		t.Errorf("a stranger: %v", err)
	}
	s.stop()
}

// forgetFiles makes the program believe that its courses have changed.
func forgetFiles(tx *gorm.DB) error {
	return tx.Exec("UPDATE settings SET value = 'other' || substr(value, 65) WHERE name LIKE 'builtin:%'").Error
}
