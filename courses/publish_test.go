package courses_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"gorm.io/gorm"

	"tsunagari/courses"
	"tsunagari/courses/coursetest"
	"tsunagari/courses/questions"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

// Publishing tells what happens to the people in the middle, and asks them again
// only for what the trainer says.
func TestPeopleInTheMiddle(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		d := newDesk(t, db)
		ctx := t.Context()
		_, _, err := d.c.Publish(ctx, coursetest.Small("small"))
		d.must(err)
		id := coursetest.Small("small").ID
		d.mine = d.admin // the operator's course
		me, finished := d.person(), d.person()
		for _, lesson := range []string{"ichi-1", "ichi-2"} {
			_, err := d.c.MarkRead(ctx, me, "small", lesson)
			d.must(err)
			_, err = d.c.MarkRead(ctx, finished, "small", lesson)
			d.must(err)
		}
		d.must(db.Tx(ctx, func(tx *gorm.DB) error {
			return tx.Exec(`INSERT INTO completions (id, enrolment_id, account_id, course_id, revision_id, cycle, supporters, completed_on, completed_at, municipality, prefecture, age_band)
				SELECT 'c', e.id, e.account_id, e.course_id, c.newest_revision, 1, ?, '2026-11-23', ?, '', '', '' FROM enrolments e JOIN courses c ON c.id = e.course_id WHERE e.account_id = ?`,
				true, tx.NowFunc(), finished).Error
		}))
		storagetest.Clock(db).Add(60e9)
		d.write(id, "ichi-1", "大きく書き直した本文です。")
		proof, err := d.c.Proof(ctx, d.mine, id)
		d.must(err)
		im := proof.Impact
		if im == nil || im.People != 1 || len(im.At) != 1 || im.At[0].People != 1 || !strings.Contains(im.At[0].Title, "単元1") {
			t.Fatalf("impact %+v", im)
		}
		for _, s := range im.Kept {
			if want := s.Key == "lesson:ichi-1"; s.Changed != want {
				t.Errorf("%s changed: %v", s.Key, s.Changed)
			}
		}
		if len(proof.Changes) != 1 || proof.Changes[0].How != courses.Altered || proof.Changes[0].Name != "ichi-1" {
			t.Errorf("changes %+v", proof.Changes)
		}
		d.publish(id, "lesson:ichi-1")
		s, err := d.c.Standing(ctx, me, "small")
		d.must(err)
		if s.Read("ichi-1") || !s.Read("ichi-2") {
			t.Error("asked again for the wrong lesson")
		}
		if s, err := d.c.Standing(ctx, finished, "small"); err != nil || !s.Read("ichi-1") || !s.Completed {
			t.Errorf("who has finished is asked again: %v", err)
		}
		storagetest.Clock(db).Add(60e9)
		_, err = d.c.MarkRead(ctx, me, "small", "ichi-1")
		d.must(err)
		if s, err = d.c.Standing(ctx, me, "small"); err != nil || !s.Read("ichi-1") {
			t.Errorf("read again and still asked for: %v", err)
		}
	})
}

// A draft is not lost when another edition is published over its head.
func TestDraftBehindTheNewestEdition(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		d := newDesk(t, db)
		d.mine = d.admin
		ctx := t.Context()
		p := coursetest.Small("small")
		_, _, err := d.c.Publish(ctx, p)
		d.must(err)
		if draft := d.draft(p.ID); draft.Behind || len(draft.Pieces) == 0 {
			t.Fatalf("a fresh draft is behind: %v", draft.Behind)
		}
		p.Modules[0].Lessons[0].Body["ja"] = "新しい版の本文です。"
		_, _, err = d.c.Publish(ctx, p)
		d.must(err)
		if draft := d.draft(p.ID); draft.Behind || draft.Lesson("ichi-1").Body["ja"] != "新しい版の本文です。" {
			t.Error("a draft that nobody touched does not follow")
		}
		d.write(p.ID, "ichi-1", "書きかけです。")
		p.Modules[0].Lessons[0].Body["ja"] = "もっと新しい本文です。"
		_, _, err = d.c.Publish(ctx, p)
		d.must(err)
		if draft := d.draft(p.ID); !draft.Behind || draft.Lesson("ichi-1").Body["ja"] != "書きかけです。" {
			t.Error("what was being written is gone")
		}
		d.must(d.c.Restart(ctx, d.mine, p.ID))
		if draft := d.draft(p.ID); draft.Behind || draft.Lesson("ichi-1").Body["ja"] != "もっと新しい本文です。" {
			t.Error("begun again, and not from the newest edition")
		}
	})
}

func TestPublishingWhatSomebodyElseChanged(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		d := newDesk(t, db)
		ctx := t.Context()
		id, _, lesson := d.begun()
		proof, err := d.c.Proof(ctx, d.mine, id)
		d.must(err)
		d.write(id, lesson, "あとから書きました。")
		if _, _, err := d.c.PublishDraft(ctx, d.mine, id, courses.Publication{Seen: proof.Seen}); !errors.Is(err, storage.ErrConflict) {
			t.Errorf("published what was not looked at: %v", err)
		}
		d.write(id, lesson, ":::sort\n")
		if proof, err = d.c.Proof(ctx, d.mine, id); err != nil || proof.Report.OK() {
			t.Fatalf("no faults: %v", err)
		}
		piece := proof.Draft.PieceOf(proof.Report.Faults[0])
		if piece == nil || piece.Name != lesson {
			t.Errorf("the fault is about %+v", piece)
		}
		if _, _, err := d.c.PublishDraft(ctx, d.mine, id, courses.Publication{Seen: proof.Seen}); !errors.Is(err, courses.ErrFaults) {
			t.Errorf("published with faults: %v", err)
		}
	})
}

func TestClosedCourse(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		d := newDesk(t, db)
		ctx := t.Context()
		id, _, lesson := d.begun()
		rev := d.publish(id)
		me, late := d.person(), d.person()
		_, err := d.c.AddLesson(ctx, d.mine, id, rev.Modules[0].ID, courses.NewPiece{Title: "二つめ", Operation: op()})
		d.must(err)
		second := d.publish(id)
		_, err = d.c.MarkRead(ctx, me, rev.Slug, lesson)
		d.must(err)
		d.must(d.c.Close(ctx, d.mine, id))
		if list, err := d.c.List(ctx); err != nil || len(list) != 0 {
			t.Errorf("still offered: %v %v", list, err)
		}
		if list, err := d.c.ListFor(ctx, me); err != nil || len(list) != 1 {
			t.Errorf("who is in the middle sees %v, %v", list, err)
		}
		if _, err := d.c.MarkRead(ctx, late, rev.Slug, lesson); !errors.Is(err, courses.ErrArchived) {
			t.Errorf("somebody new begins: %v", err)
		}
		if _, err := d.c.MarkRead(ctx, me, rev.Slug, second.Modules[0].Lessons[1].ID); err != nil {
			t.Errorf("who is in the middle goes on: %v", err)
		}
		if n, err := d.c.Newest(ctx, id); err != nil || n != second.SHA256 {
			t.Errorf("newest of a closed course: %v", err)
		}
		d.must(d.c.Open(ctx, d.mine, id))
		if _, err := d.c.MarkRead(ctx, late, rev.Slug, lesson); err != nil {
			t.Errorf("open again: %v", err)
		}
	})
}

func TestCopyOfACourse(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		d := newDesk(t, db)
		ctx := t.Context()
		from := coursetest.Small("small")
		_, _, err := d.c.Publish(ctx, from)
		d.must(err)
		id, err := d.c.Copy(ctx, d.mine, courses.CopyCourse{Course: from.ID, Operation: op()})
		d.must(err)
		p := d.draft(id).Package()
		if p.ID == from.ID || p.Slug == from.Slug || p.Supporters || len(p.Modules) != 2 || len(p.Modules[0].Questions) != 3 {
			t.Errorf("the copy %+v", p)
		}
		rev := d.publish(id)
		if rev.Supporters {
			t.Error("a trainer's copy makes supporters")
		}
		hidden, err := d.c.Create(ctx, d.mine, courses.NewCourse{Title: "ひみつ", Operation: op()})
		d.must(err)
		if _, err := d.c.Copy(ctx, d.other, courses.CopyCourse{Course: hidden, Operation: op()}); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("copied somebody's draft: %v", err)
		}
		list, err := d.c.Authoring(ctx, d.other)
		d.must(err)
		for _, a := range list {
			if a.ID == hidden || a.Writable {
				t.Errorf("another trainer sees %+v", a)
			}
		}
	})
}

func TestPackageInAndOut(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		d := newDesk(t, db)
		ctx := t.Context()
		zipped := func(p *courses.Package) []byte {
			var b bytes.Buffer
			d.must(courses.WriteZip(&b, p))
			return b.Bytes()
		}
		id, err := d.c.Bring(ctx, d.mine, courses.BringInput{Operation: op(), Zip: zipped(coursetest.Small("small"))})
		d.must(err)
		first := d.draft(id).Package()
		if len(first.Modules) != 2 || first.Slug != "small" {
			t.Fatalf("brought %+v", first)
		}
		again, err := d.c.Bring(ctx, d.mine, courses.BringInput{Operation: op(), Zip: zipped(coursetest.Small("small"))})
		d.must(err)
		if got := d.draft(again).Course.Slug; got == "small" {
			t.Error("two courses have one address")
		}
		changed := coursetest.Small("small")
		changed.Modules[0].Lessons[0].Body["ja"] = "ファイルの本文です。"
		changed.Modules = changed.Modules[:1]
		changed.Closing = courses.Closing{}
		d.must(d.c.BringInto(ctx, d.mine, id, courses.BringInput{Operation: op(), Zip: zipped(changed)}))
		draft := d.draft(id)
		if got := draft.Package(); len(got.Modules) != 1 || got.Modules[0].Lessons[0].Body["ja"] != "ファイルの本文です。" || got.ID != id {
			t.Errorf("brought into the draft: %+v", got)
		}
		if len(draft.Archived()) == 0 {
			t.Error("what the file did not have is gone")
		}
		faulty := coursetest.Small("small")
		faulty.Modules[0].Lessons[0].Body["ja"] = ":::sort\n"
		var refused *courses.PackageError
		if _, err := d.c.Bring(ctx, d.mine, courses.BringInput{Operation: op(), Zip: zipped(faulty)}); !errors.As(err, &refused) || len(refused.Faults) == 0 {
			t.Errorf("a package with faults: %v", err)
		}
		if _, err := d.c.Bring(ctx, d.mine, courses.BringInput{Operation: op(), Zip: []byte("PK no zip")}); !errors.Is(err, courses.ErrNotZip) {
			t.Errorf("no zip: %v", err)
		}
		if err := d.c.BringInto(ctx, d.other, id, courses.BringInput{Operation: op(), Zip: zipped(changed)}); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("into somebody's course: %v", err)
		}
	})
}

// What まとめの確認 draws and when it explains is kept by the form, by the file, and
// checked.
func TestQuotas(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		d := newDesk(t, db)
		ctx := t.Context()
		id, module, _ := d.begun()
		for _, text := range []string{"一", "二", "三"} {
			in := courses.QuestionForm(courses.Example(questions.Choice), 0)
			in.Text, in.Lesson, in.Tags = text, d.draft(id).Under(courses.LessonPiece, module)[0].Name, "電話"
			_, err := d.c.AddQuestion(ctx, d.mine, id, module, op(), in)
			d.must(err)
		}
		form := courses.SettingsForm(d.draft(id))
		form.Questions, form.Quotas[0], form.Tagged, form.Show = 3, "2", "電話　１", courses.ShowEnd
		_, err := d.c.SaveSettings(ctx, d.mine, id, form)
		d.must(err)
		p := d.draft(id).Package()
		want := []courses.Quota{{Module: module, Questions: 2}, {Tag: "電話", Questions: 1}}
		if k := p.Closing; !slices.Equal(k.Draw, want) || k.Show != courses.ShowEnd || k.Immediate() {
			t.Errorf("kept %+v", k)
		}
		again := courses.SettingsForm(d.draft(id))
		if again.Quotas[0] != "2" || again.Tagged != "電話　1\n" {
			t.Errorf("the form shows %+v", again)
		}
		if report := courses.Check(p); !report.OK() {
			t.Errorf("faults: %v", report.Faults)
		}
		var b bytes.Buffer
		d.must(courses.WriteZip(&b, p))
		files, err := courses.OpenZip(bytes.NewReader(b.Bytes()), int64(b.Len()))
		d.must(err)
		if read, faults := courses.ReadPackage(files); len(faults) > 0 || !slices.Equal(read.Closing.Draw, want) || read.Closing.Show != courses.ShowEnd {
			t.Errorf("through a file: %+v %v", read.Closing, faults)
		}
		for _, draw := range [][]courses.Quota{{{Module: module, Questions: 4}}, {{Tag: "手紙", Questions: 1}}, {{Module: "no-such", Questions: 1}}, {{Questions: 1}}, {{Module: module, Questions: 2}, {Tag: "電話", Questions: 2}}} {
			p.Closing.Draw = draw
			if courses.Check(p).OK() {
				t.Errorf("%+v can be drawn", draw)
			}
		}
		form = again
		form.Tagged = "電話"
		if _, err := d.c.SaveSettings(ctx, d.mine, id, form); !errors.Is(err, courses.ErrQuota) {
			t.Errorf("a tag without a number: %v", err)
		}
	})
}

// What somebody wrote stays when they are erased, without them.
func TestErasedAuthor(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		d := newDesk(t, db)
		ctx := t.Context()
		id, _, lesson := d.begun()
		d.write(id, lesson, "この文は残ります。")
		d.publish(id)
		d.must(db.Tx(ctx, func(tx *gorm.DB) error { return d.c.Erase(tx, d.mine.AccountID) }))
		if _, err := d.c.Draft(ctx, d.mine, id); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("who was erased still owns it: %v", err)
		}
		draft, err := d.c.Draft(ctx, d.admin, id)
		d.must(err)
		if draft.Course.Owner != nil || draft.Lesson(lesson).Body["ja"] != "この文は残ります。" {
			t.Errorf("the course %+v", draft.Course)
		}
		for _, where := range []string{"courses WHERE owner", "revisions WHERE published_by", "draft_pieces WHERE updated_by", "draft_saves WHERE saved_by", "course_shares WHERE account_id"} {
			var n int64
			d.must(db.Read(ctx).Raw("SELECT count(*) FROM "+where+" = ?", d.mine.AccountID).Scan(&n).Error)
			if n > 0 {
				t.Errorf("%d rows of %s still name them", n, where)
			}
		}
	})
}
