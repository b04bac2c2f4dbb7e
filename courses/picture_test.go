package courses_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"
	"pgregory.net/rapid"

	"tsunagari/courses"
	"tsunagari/courses/accounts"
	"tsunagari/courses/coursetest"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

func (d *desk) adds(course string, file []byte, said courses.Said) string {
	d.Helper()
	name, _, err := d.c.AddPicture(d.Context(), d.mine, course, courses.PictureInput{Said: said, Operation: op(), File: file})
	d.must(err)
	return name
}

func (d *desk) drawing(course, name string) courses.Drawing {
	d.Helper()
	draft, err := d.c.Draft(d.Context(), d.mine, course)
	d.must(err)
	return draft.Drawing(name)
}

var shown = courses.Said{Alt: "丘の上に青い空が広がる景色"}

// opens reads a file with open and returns it, or the error.
func opens(ctx context.Context, open func(context.Context, string) (*storage.MediumReader, error), sha string) ([]byte, error) {
	r, err := open(ctx, sha)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

func (d *desk) draftOf(by accounts.Access, course string) func(context.Context, string) (*storage.MediumReader, error) {
	return func(ctx context.Context, sha string) (*storage.MediumReader, error) {
		return d.c.DraftMedium(ctx, by, course, sha)
	}
}

func TestADraftsMediaAreItsWriters(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		d := newDesk(t, db)
		ctx := t.Context()
		course, _, lesson := d.begun()
		name := d.adds(course, coursetest.Photo(1200, 900), shown)
		file := d.drawing(course, name).File
		if !strings.HasSuffix(name, ".jpg") || file.Width != 960 || file.Height != 720 || file.Small.Width != 480 {
			t.Fatalf("%s: %+v", name, file)
		}
		data, err := opens(ctx, d.draftOf(d.mine, course), file.SHA256)
		d.must(err)
		if len(data) != file.Bytes || bytes.Contains(data, []byte(coursetest.Place)) || !bytes.HasPrefix(data, []byte("\xff\xd8\xff\xdb")) {
			t.Errorf("%d bytes of %d, beginning %x", len(data), file.Bytes, data[:8])
		}
		elsewhere, _, _ := d.begun()
		for who, open := range map[string]func(context.Context, string) (*storage.MediumReader, error){
			"another trainer": d.draftOf(d.other, course), "nobody": d.draftOf(accounts.Access{}, course),
			"by way of another course": d.draftOf(d.mine, elsewhere), "everybody": d.c.Medium,
		} {
			if _, err := opens(ctx, open, file.SHA256); !errors.Is(err, storage.ErrNotFound) {
				t.Errorf("%s: %v", who, err)
			}
		}
		_, err = d.c.SaveLesson(ctx, d.mine, course, lesson, courses.LessonInput{Title: "丘", Body: d.drawing(course, name).Markdown(), Version: 1}, courses.Saved)
		d.must(err)
		if err := d.c.RemovePicture(ctx, d.mine, course, name); !errors.Is(err, courses.ErrMediumUsed) {
			t.Errorf("removing what is shown: %v", err)
		}
		if err := d.c.RemovePicture(ctx, d.other, course, name); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("removing by another trainer: %v", err)
		}
	})
}

func TestRemovingTakesTheFileUnlessSomethingElseHasIt(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		d := newDesk(t, db)
		ctx := t.Context()
		course, _, _ := d.begun()
		photo := coursetest.Photo(700, 500)
		first, second := d.adds(course, photo, shown), d.adds(course, photo, shown)
		sha := d.drawing(course, first).File.SHA256
		kept, err := d.c.Copy(ctx, d.mine, courses.CopyCourse{Course: course, Operation: op()})
		d.must(err)
		there := func() bool {
			_, err := db.Medium(ctx, sha)
			if err != nil && !errors.Is(err, storage.ErrNotFound) {
				t.Fatal(err)
			}
			return err == nil
		}
		d.must(d.c.RemovePicture(ctx, d.mine, course, first))
		if _, err := opens(ctx, d.draftOf(d.mine, course), sha); err != nil {
			t.Errorf("the other picture lost its file: %v", err)
		}
		d.must(d.c.RemovePicture(ctx, d.mine, course, second))
		if _, err := opens(ctx, d.draftOf(d.mine, course), sha); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("the draft still has it: %v", err)
		}
		if _, err := opens(ctx, d.draftOf(d.mine, kept), sha); err != nil || !there() {
			t.Errorf("the copy lost it: %v", err)
		}
		for _, name := range []string{first, second} {
			d.must(d.c.RemovePicture(ctx, d.mine, kept, name))
		}
		if there() {
			t.Error("nothing shows it, and it is still there")
		}
	})
}

func TestWhatNothingHoldsIsForgotten(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		d := newDesk(t, db)
		ctx := t.Context()
		_, _, err := d.c.Publish(ctx, coursetest.WithMedia("small"))
		d.must(err)
		draft, err := d.c.DraftAt(ctx, d.admin, "small")
		d.must(err)
		name, _, err := d.c.AddPicture(ctx, d.admin, draft.Course.ID, courses.PictureInput{Said: shown, Operation: op(), File: coursetest.Photo(300, 200)})
		d.must(err)
		draft, err = d.c.Draft(ctx, d.admin, draft.Course.ID)
		d.must(err)
		alone, published := draft.Drawing(name).File.SHA256, draft.Drawing("oka.jpg").File.SHA256
		var seal string
		d.must(db.Tx(ctx, func(tx *gorm.DB) error {
			if seal, err = storage.PutMedium(tx, "image/png", []byte("a seal")); err != nil {
				return err
			}
			return errors.Join(tx.Exec("CREATE TABLE seals (sha256 text REFERENCES media (sha256))").Error, tx.Exec("INSERT INTO seals VALUES (?)", seal).Error)
		}))
		d.must(d.c.Restart(ctx, d.admin, draft.Course.ID))
		there := func(sha string) bool {
			_, err := db.Medium(ctx, sha)
			return err == nil
		}
		d.must(d.c.ForgetMedia(ctx))
		if !there(alone) {
			t.Error("forgotten on the same day")
		}
		storagetest.Clock(db).Add(25 * time.Hour)
		d.must(d.c.ForgetMedia(ctx))
		if there(alone) || !there(published) || !there(seal) {
			t.Errorf("left alone %v, published %v, a seal %v", there(alone), there(published), there(seal))
		}
	})
}

func TestPublishedMediaAreEverybodys(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		d := newDesk(t, db)
		ctx := t.Context()
		rev, _, err := d.c.Publish(ctx, coursetest.WithMedia("small"))
		d.must(err)
		html := string(rev.Modules[0].Lessons[0].HTML(courses.Reading{}))
		for _, want := range []string{
			`alt="丘の上に青い空が広がる景色" loading="lazy" decoding="async"`, `width="960" height="720"`, "480w", "960w", "<figcaption>丘から</figcaption>",
			`<audio controls preload="none" src="/media/`, "1分15秒", "文字で読む", "<strong>あいさつ</strong>", `download="hyou.pdf">つながりチェック表</a>`, "2ページ",
		} {
			if !strings.Contains(html, want) {
				t.Errorf("no %s in %s", want, html)
			}
		}
		addresses := regexp.MustCompile(`/media/([0-9a-f]{64})\.`).FindAllStringSubmatch(html, -1)
		if len(addresses) < 5 {
			t.Fatalf("%d addresses in %s", len(addresses), html)
		}
		for _, a := range addresses {
			if data, err := opens(ctx, d.c.Medium, a[1]); err != nil || len(data) == 0 {
				t.Errorf("%s: %d bytes, %v", a[0], len(data), err)
			}
			if err := db.DropMedium(ctx, a[1]); err != nil {
				t.Errorf("a file in use: %v", err)
			}
			if _, err := db.Medium(ctx, a[1]); err != nil {
				t.Errorf("a file in use was dropped: %v", err)
			}
		}
		p, err := d.c.Package(ctx, "small")
		d.must(err)
		again := throughZip(t, p)
		if diff := cmp.Diff(documentOf(t, p), documentOf(t, again)); diff != "" {
			t.Errorf("through the database and a zip: %s", diff)
		}
		if _, published, err := d.c.Publish(ctx, again); err != nil || published {
			t.Errorf("the same course made another edition: %v", err)
		}
		var zip bytes.Buffer
		d.must(courses.WriteZip(&zip, p))
		id, err := d.c.Bring(ctx, d.other, courses.BringInput{Operation: op(), Zip: zip.Bytes()})
		d.must(err)
		draft, err := d.c.Draft(ctx, d.other, id)
		d.must(err)
		for _, m := range draft.Package().Media {
			if _, err := opens(ctx, d.draftOf(d.other, id), m.File.SHA256); err != nil {
				t.Errorf("%s of the imported course: %v", m.Name, err)
			}
		}
		if drawing := draft.Drawing("oka.jpg"); drawing.Alt != "丘の上に青い空が広がる景色" || len(draft.Uses()["oka.jpg"]) != 1 {
			t.Errorf("%q, used in %v", drawing.Alt, draft.Uses())
		}
		changed := coursetest.WithMedia("small")
		changed.Media[1].File.SHA256 = strings.Repeat("0", 64)
		changed.Media[0].Text["ja"] += "夕方も。"
		var said []string
		for _, c := range courses.Difference(p, changed) {
			said = append(said, c.Title)
		}
		if diff := cmp.Diff([]string{"音声 hanashi.mp3", "配布資料（PDF） hyou.pdf"}, said); diff != "" {
			t.Errorf("the difference names %s", diff)
		}
	})
}

func TestMediaSurviveABackup(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		d := newDesk(t, db)
		rev, _, err := d.c.Publish(t.Context(), coursetest.WithMedia("small"))
		d.must(err)
		var b bytes.Buffer
		d.must(db.Backup(t.Context(), &b))
		other := storagetest.Open(t, storagetest.SQLite(t))
		d.must(other.Restore(t.Context(), bytes.NewReader(b.Bytes()), int64(b.Len())))
		sha := regexp.MustCompile(`/media/([0-9a-f]{64})\.mp3`).FindStringSubmatch(string(rev.Modules[0].Lessons[0].HTML(courses.Reading{})))[1]
		was, err := opens(t.Context(), d.c.Medium, sha)
		d.must(err)
		now, err := opens(t.Context(), courses.New(other).Medium, sha)
		d.must(err)
		if len(was) < 1<<20 || !bytes.Equal(was, now) {
			t.Errorf("%d bytes before, %d after", len(was), len(now))
		}
	})
}

func TestWhatIsSaidAboutAMedium(t *testing.T) {
	d := newDesk(t, storagetest.Open(t, storagetest.SQLite(t)))
	course, _, _ := d.begun()
	photo, sound, pdf := coursetest.Photo(300, 200), coursetest.Sound(2), coursetest.Handout()
	for name, c := range map[string]struct {
		file []byte
		said courses.Said
		want error
	}{
		"photograph":            {photo, shown, nil},
		"decoration":            {photo, courses.Said{Decorative: true}, nil},
		"photograph and no alt": {photo, courses.Said{}, courses.ErrNoAlternative},
		"too little alt":        {photo, courses.Said{Alt: "写真です"}, courses.ErrNoAlternative},
		"recording":             {sound, courses.Said{Alt: "お話", Text: "こんにちは。"}, nil},
		"recording unsaid":      {sound, courses.Said{Alt: "お話"}, courses.ErrNoTranscript},
		"recording untitled":    {sound, courses.Said{Decorative: true, Text: "こんにちは。"}, courses.ErrNoTitle},
		"hand-out":              {pdf, courses.Said{Alt: "表"}, courses.ErrNoTitle},
	} {
		_, _, err := d.c.AddPicture(t.Context(), d.mine, course, courses.PictureInput{Said: c.said, Operation: op(), File: c.file})
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	var refused *courses.PictureError
	_, _, err := d.c.AddPicture(t.Context(), d.mine, course, courses.PictureInput{Said: shown, Operation: op(), File: []byte("MZ")})
	if !errors.As(err, &refused) {
		t.Errorf("a program: %v", err)
	}
	d.must(d.db.Tx(t.Context(), func(tx *gorm.DB) error { // as if the course were full
		return tx.Exec(`UPDATE draft_pieces SET body = replace(body, '"bytes":', '"bytes":9900') WHERE kind = 'picture' AND name LIKE 'onsei%'`).Error
	}))
	if _, _, err := d.c.AddPicture(t.Context(), d.mine, course, courses.PictureInput{Said: shown, Operation: op(), File: photo}); !errors.Is(err, courses.ErrMediaFull) {
		t.Errorf("into a full course: %v", err)
	}
}

// written is the course with media as files.
var written = sync.OnceValue(func() []courses.File { return coursetest.WithMedia("small").Files() })

// folderOf is the course with media as files, some replaced; nil takes one out.
func folderOf(t *testing.T, replaced map[string][]byte) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	for _, f := range written() {
		files[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	for name, data := range replaced {
		if files[name] = (&fstest.MapFile{Data: data}); data == nil {
			delete(files, name)
		}
	}
	return files
}

func TestFaultsOfMediaInAFolder(t *testing.T) {
	if _, faults := courses.ReadPackage(folderOf(t, nil)); len(faults) > 0 {
		t.Fatalf("the course itself: %v", faults)
	}
	for name, c := range map[string]struct {
		replaced map[string][]byte
		want     string
	}{
		"SVG named .jpg":       {map[string][]byte{"media/oka.jpg": []byte("<svg/>")}, "media/oka.jpg: この種類"},
		"no words":             {map[string][]byte{"media/hanashi.mp3.md": nil, "media/hanashi.mp3.easy.md": nil}, "media/hanashi.mp3: 音声の文字の版"},
		"words of a picture":   {map[string][]byte{"media/oka.jpg.md": []byte("丘")}, "media/oka.jpg.md: media/ には"},
		"words of nothing":     {map[string][]byte{"media/nai.mp3.md": []byte("声")}, "media/nai.mp3.md: このファイルは使われていません"},
		"medium that is not":   {map[string][]byte{"media/hyou.pdf": nil}, "media/hyou.pdf がありません"},
		"a name with capitals": {map[string][]byte{"media/Oka.jpg": coursetest.Photo(20, 20)}, "media/Oka.jpg: media/ には"},
		"a web page":           {map[string][]byte{"media/oka.html": []byte("<script>")}, "media/oka.html: media/ には"},
		"markup in the words":  {map[string][]byte{"media/hanashi.mp3.md": []byte("<script>alert(1)</script>")}, "media/hanashi.mp3.md:1: HTMLは使えません"},
	} {
		_, faults := courses.ReadPackage(folderOf(t, c.replaced))
		found := false
		for _, f := range faults {
			found = found || strings.Contains(f.String(), c.want)
		}
		if !found {
			t.Errorf("%s: %v", name, faults)
		}
	}
	p, _ := courses.ReadPackage(folderOf(t, map[string][]byte{"media/yobun.jpg": coursetest.Photo(500, 400)}))
	var b bytes.Buffer
	if _, err := courses.Check(p).WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	report := b.String()
	if !strings.Contains(report, "写真「yobun.jpg」は、どこにも使われていません") || !strings.Contains(report, "写真 ") {
		t.Errorf("course check: %s", report)
	}
}

// Any media in any words come back from a zip as they went in.
func TestMediaThroughAZip(t *testing.T) {
	words := rapid.StringOfN(rapid.SampledFrom([]rune("あいう孤独立カタabc12。、 ")), 1, 30, -1)
	rapid.Check(t, func(rt *rapid.T) {
		p, faults := courses.ReadPackage(folderOf(t, map[string][]byte{
			"media/oka.jpg":        coursetest.Photo(rapid.IntRange(1, 520).Draw(rt, "w"), rapid.IntRange(1, 60).Draw(rt, "h")),
			"media/hanashi.mp3":    coursetest.Sound(rapid.IntRange(1, 3).Draw(rt, "seconds")),
			"media/hanashi.mp3.md": []byte("話：" + words.Draw(rt, "words")),
		}))
		if len(faults) > 0 {
			rt.Fatalf("%v", faults)
		}
		if diff := cmp.Diff(documentOf(rt, p), documentOf(rt, throughZip(rt, p))); diff != "" {
			rt.Errorf("%s", diff)
		}
	})
}

func documentOf(tb rapid.TB, p *courses.Package) string {
	tb.Helper()
	document, err := p.Document()
	if err != nil {
		tb.Fatalf("%v", err)
	}
	return string(document)
}

func throughZip(tb rapid.TB, p *courses.Package) *courses.Package {
	tb.Helper()
	var b bytes.Buffer
	if err := courses.WriteZip(&b, p); err != nil {
		tb.Fatalf("%v", err)
	}
	folder, err := courses.OpenZip(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		tb.Fatalf("%v", err)
	}
	again, faults := courses.ReadPackage(folder)
	if len(faults) > 0 {
		tb.Fatalf("%v", faults)
	}
	return again
}
