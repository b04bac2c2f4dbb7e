package courses

import (
	"archive/zip"
	"bytes"
	"errors"
	"io/fs"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tsunagari/courses/curriculum"
	"tsunagari/courses/questions"
)

func documentOf(tb rapid.TB, p *Package) string {
	tb.Helper()
	document, err := p.Document()
	if err != nil {
		tb.Fatalf("%v", err)
	}
	return string(document)
}

// throughZip writes a package and reads it back.
func throughZip(tb rapid.TB, p *Package) *Package {
	tb.Helper()
	var b bytes.Buffer
	if err := WriteZip(&b, p); err != nil {
		tb.Fatalf("%v", err)
	}
	folder, err := OpenZip(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		tb.Fatalf("%v", err)
	}
	again, faults := ReadPackage(folder)
	if len(faults) > 0 {
		tb.Fatalf("%v", faults)
	}
	return again
}

func TestZipOfTheBuiltInCourses(t *testing.T) {
	for _, name := range curriculum.Names() {
		p := builtIn(t, name)
		if diff := cmp.Diff(documentOf(t, p), documentOf(t, throughZip(t, p))); diff != "" {
			t.Errorf("%s through a zip: %s", name, diff)
		}
	}
	p := readFixture(t)
	if diff := cmp.Diff(documentOf(t, p), documentOf(t, throughZip(t, p))); diff != "" {
		t.Error(diff)
	}
}

func TestZipIsDeterministic(t *testing.T) {
	var a, b bytes.Buffer
	if err := errors.Join(WriteZip(&a, readFixture(t)), WriteZip(&b, readFixture(t))); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("one course makes two zips")
	}
}

// TestZipProperty: whatever package can be published is the same after export
// and import.
func TestZipProperty(t *testing.T) {
	word := rapid.StringOfN(rapid.SampledFrom([]rune("あ漢a\"'\\:#-&!? …𠮷é%@,/()1")), 1, 20, -1).
		Filter(func(s string) bool { return strings.TrimSpace(s) == s })
	text := func(t *rapid.T, name string) Text {
		out := Text{questions.JA: word.Draw(t, name)}
		if rapid.Bool().Draw(t, name+" in easy words") {
			out[questions.Easy] = word.Draw(t, name+" easy")
		}
		return out
	}
	rapid.Check(t, func(t *rapid.T) {
		p := &Package{
			ID: "6c1d3f0a-8f0e-4b7e-9a55-2f4f3c0b7d11", Slug: rapid.StringMatching(`[a-z]{1,8}(-[0-9]{1,3})?`).Draw(t, "slug"),
			Title: text(t, "title"), Minutes: rapid.IntRange(0, 90).Draw(t, "minutes"), Supporters: rapid.Bool().Draw(t, "supporters"),
		}
		if rapid.Bool().Draw(t, "summary?") {
			p.Summary, p.Body = text(t, "summary"), text(t, "body")
		}
		if rapid.Bool().Draw(t, "pass?") {
			p.Closing = Closing{Minutes: 5, Questions: 1, Rule: Pass, Pass: 80}
		}
		for range rapid.IntRange(0, 3).Draw(t, "terms") {
			p.Terms = append(p.Terms, Term{word.Draw(t, "term") + strconv.Itoa(len(p.Terms)), word.Draw(t, "reading")})
		}
		for m := range rapid.IntRange(1, 3).Draw(t, "modules") {
			module := PackageModule{ID: "m" + strconv.Itoa(m), Title: text(t, "module"), Minutes: 5}
			for range rapid.IntRange(0, 3).Draw(t, "goals") {
				module.Goals = append(module.Goals, text(t, "goal"))
			}
			for l := range rapid.IntRange(1, 3).Draw(t, "lessons") {
				lesson := PackageLesson{ID: module.ID + "-" + strconv.Itoa(l), Title: text(t, "lesson"), Required: l == 0, Body: text(t, "text")}
				if lesson.Title[questions.Easy] == "" || lesson.Body[questions.Easy] == "" {
					delete(lesson.Title, questions.Easy)
					delete(lesson.Body, questions.Easy)
				}
				for range rapid.IntRange(0, 2).Draw(t, "sources") {
					lesson.Sources = append(lesson.Sources, word.Draw(t, "source"))
				}
				lesson.Unconfirmed = lesson.Sources
				module.Lessons = append(module.Lessons, lesson)
			}
			module.Questions = []*questions.Question{{
				ID: module.ID + "-q", Module: module.ID, Lesson: module.ID + "-0", Type: questions.TrueFalse, Text: text(t, "question"),
				Options: []questions.Option{
					{ID: "true", Text: Text{questions.JA: "正しい", questions.Easy: "{正|ただ}しい"}, Weight: 1, Feedback: text(t, "yes")},
					{ID: "false", Text: Text{questions.JA: "正しくない", questions.Easy: "{正|ただ}しくない"}},
				},
			}}
			p.Modules = append(p.Modules, module)
		}
		want, err := p.Document()
		if err != nil {
			t.Skip("cannot be published")
		}
		if diff := cmp.Diff(string(want), documentOf(t, throughZip(t, p))); diff != "" {
			t.Fatal(diff)
		}
		reread, err := ParseDocument(want)
		if err != nil {
			t.Fatal(err)
		}
		if again := documentOf(t, reread); again != string(want) {
			t.Fatalf("the document is not canonical:\n%s\n%s", want, again)
		}
	})
}

type zipEntry struct {
	name, content string
	mode          fs.FileMode
}

func zipOf(tb testing.TB, entries ...zipEntry) []byte {
	tb.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, e := range entries {
		h := &zip.FileHeader{Name: e.name, Method: zip.Deflate}
		if e.mode != 0 {
			h.SetMode(e.mode)
		}
		f, err := w.CreateHeader(h)
		if err == nil {
			_, err = f.Write([]byte(e.content))
		}
		if err != nil {
			tb.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func TestOpenZipRefuses(t *testing.T) {
	course := zipEntry{name: "a/course.md", content: courseMD}
	var many []zipEntry
	for i := range maxFiles + 1 {
		many = append(many, zipEntry{name: "a/" + strconv.Itoa(i) + ".md"})
	}
	encrypted := zipOf(t, course)
	encrypted[6] |= 1                                                  // local header
	encrypted[bytes.LastIndex(encrypted, []byte("PK\x01\x02"))+8] |= 1 // directory
	for name, test := range map[string]struct {
		data []byte
		want error
	}{
		"no zip":             {[]byte("これはzipではありません"), ErrNotZip},
		"empty":              {nil, ErrNotZip},
		"too large":          {make([]byte, maxZip+1), ErrZipTooBig},
		"too many":           {zipOf(t, many...), ErrZipTooMany},
		"bomb":               {zipOf(t, course, zipEntry{name: "a/x.md", content: strings.Repeat("0", maxFile)}), ErrZipBomb},
		"too large inside":   {zipOf(t, course, zipEntry{name: "a/x.md", content: strings.Repeat("0", maxFile+1)}), ErrZipBomb},
		"upwards":            {zipOf(t, course, zipEntry{name: "../x.md"}), ErrZipPath},
		"upwards inside":     {zipOf(t, course, zipEntry{name: "a/../../x.md"}), ErrZipPath},
		"absolute":           {zipOf(t, course, zipEntry{name: "/etc/x.md"}), ErrZipPath},
		"drive":              {zipOf(t, course, zipEntry{name: "C:/x.md"}), ErrZipPath},
		"backslash":          {zipOf(t, course, zipEntry{name: `a\..\x.md`}), ErrZipPath},
		"control character":  {zipOf(t, course, zipEntry{name: "a/\x00.md"}), ErrZipPath},
		"symbolic link":      {zipOf(t, course, zipEntry{name: "a/x.md", content: "/etc/passwd", mode: fs.ModeSymlink | 0o777}), ErrZipPath},
		"deep":               {zipOf(t, course, zipEntry{name: "a/b/c/d/e.md"}), ErrZipPath},
		"program":            {zipOf(t, course, zipEntry{name: "a/x.exe"}), ErrZipType},
		"page":               {zipOf(t, course, zipEntry{name: "a/x.html"}), ErrZipType},
		"no ending":          {zipOf(t, course, zipEntry{name: "a/x"}), ErrZipType},
		"one name twice":     {zipOf(t, course, zipEntry{name: "a/COURSE.md"}), ErrZipTwice},
		"password":           {encrypted, ErrZipEncrypted},
		"no course":          {zipOf(t, zipEntry{name: "a/x.md"}), ErrZipNoCourse},
		"two courses":        {zipOf(t, course, zipEntry{name: "b/course.md"}), ErrZipTwoCourses},
		"nothing in the zip": {zipOf(t), ErrZipNoCourse},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := OpenZip(bytes.NewReader(test.data), int64(len(test.data)))
			if !errors.Is(err, test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
		})
	}
}

// TestOpenZipLyingSize: an archive that claims a small size and unpacks to more
// is refused while it is read.
func TestOpenZipLyingSize(t *testing.T) {
	data := zipOf(t, zipEntry{name: "course.md", content: strings.Repeat("0", maxFile+100)})
	at := bytes.LastIndex(data, []byte("PK\x01\x02"))
	copy(data[at+24:], []byte{10, 0, 0, 0}) // uncompressed size in the directory
	if folder, err := OpenZip(bytes.NewReader(data), int64(len(data))); err == nil {
		t.Errorf("opened as %v", folder)
	}
}

func TestOpenZipOfOtherComputers(t *testing.T) {
	entries := []zipEntry{{name: "講座/"}, {name: "__MACOSX/講座/._course.md", content: "x"}, {name: "講座/.DS_Store", content: "x"}}
	for name, file := range fixture() {
		entries = append(entries, zipEntry{name: "講座/" + name, content: string(file.Data)})
	}
	data := zipOf(t, entries...)
	folder, err := OpenZip(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	if _, faults := ReadPackage(folder); len(faults) > 0 {
		t.Error(faults)
	}
}

func FuzzOpenZip(f *testing.F) {
	f.Add(zipOf(f, zipEntry{name: "a/course.md", content: courseMD}))
	var b bytes.Buffer
	if err := WriteZip(&b, readFixture(f)); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		folder, err := OpenZip(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return
		}
		ReadPackage(folder)
	})
}
