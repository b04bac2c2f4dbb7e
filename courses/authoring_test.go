package courses_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"tsunagari/courses"
	"tsunagari/courses/accounts"
	"tsunagari/courses/questions"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

// desk is a database with courses and the people who write them.
type desk struct {
	*testing.T
	db                  *storage.DB
	c                   *courses.Courses
	mine, other, nobody accounts.Access
	admin               accounts.Access
}

func newDesk(t *testing.T, db *storage.DB) *desk {
	d := &desk{T: t, db: db, c: courses.New(db)}
	d.admin = accounts.Access{AccountID: d.person(), Roles: []accounts.Role{accounts.Admin}}
	d.mine = accounts.Access{AccountID: d.person(), Roles: []accounts.Role{accounts.Trainer}}
	d.other = accounts.Access{AccountID: d.person(), Roles: []accounts.Role{accounts.Trainer}}
	d.nobody = accounts.Access{AccountID: d.person(), Roles: []accounts.Role{accounts.Desk}}
	return d
}

func (d *desk) must(err error) {
	d.Helper()
	if err != nil {
		d.Fatal(err)
	}
}

// person is an account; a visitor's is enough to own and to learn.
func (d *desk) person() (id string) {
	d.Helper()
	d.must(d.db.Tx(d.Context(), func(tx *gorm.DB) error {
		a, err := accounts.Visitor(tx)
		id = a.ID
		return err
	}))
	return id
}

func op() string { return uuid.NewString() }

// begun is a new course of mine, and the names of its one module and lesson.
func (d *desk) begun() (course, module, lesson string) {
	d.Helper()
	course, err := d.c.Create(d.Context(), d.mine, courses.NewCourse{Title: "はじめての見守り", Operation: op()})
	d.must(err)
	draft := d.draft(course)
	module = draft.Under(courses.ModulePiece, "")[0].Name
	return course, module, draft.Under(courses.LessonPiece, module)[0].Name
}

func (d *desk) draft(course string) *courses.Draft {
	d.Helper()
	draft, err := d.c.Draft(d.Context(), d.mine, course)
	d.must(err)
	return draft
}

// write saves the lesson with a text, from the version that is there.
func (d *desk) write(course, lesson, text string) {
	d.Helper()
	p, err := d.draft(course).Piece(courses.LessonPiece, lesson)
	d.must(err)
	_, err = d.c.SaveLesson(d.Context(), d.mine, course, lesson, courses.LessonInput{Title: "声をかける", Body: text, Sources: "ためしの資料", Version: p.Version}, courses.Saved)
	d.must(err)
}

func (d *desk) publish(course string, renew ...string) *courses.Revision {
	d.Helper()
	proof, err := d.c.Proof(d.Context(), d.mine, course)
	d.must(err)
	rev, published, err := d.c.PublishDraft(d.Context(), d.mine, course, courses.Publication{Seen: proof.Seen, Renew: renew})
	d.must(err)
	if !published {
		d.Fatal("nothing was published")
	}
	return rev
}

func TestACourseFromItsTitle(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		d := newDesk(t, db)
		ctx := t.Context()
		in := courses.NewCourse{Title: " はじめての見守り ", Operation: op()}
		id, err := d.c.Create(ctx, d.mine, in)
		d.must(err)
		if again, err := d.c.Create(ctx, d.mine, in); err != nil || again != id {
			t.Errorf("the same form twice: %v %v", again, err)
		}
		if _, err := d.c.Create(ctx, d.nobody, courses.NewCourse{Title: "x", Operation: op()}); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("a front desk begins a course: %v", err)
		}
		draft := d.draft(id)
		p := draft.Package()
		if len(p.Modules) != 1 || len(p.Modules[0].Lessons) != 1 || p.Title["ja"] != "はじめての見守り" {
			t.Fatalf("begins with %+v", p)
		}
		if report := courses.Check(p); !report.OK() {
			t.Errorf("a new course has faults: %v", report.Faults)
		}
		rev := d.publish(id)
		if rev.Number != 1 || len(rev.Modules) != 1 {
			t.Errorf("published %+v", rev)
		}
		proof, err := d.c.Proof(ctx, d.mine, id)
		d.must(err)
		if len(proof.Changes) != 0 {
			t.Errorf("just published and changed: %+v", proof.Changes)
		}
		if _, published, err := d.c.PublishDraft(ctx, d.mine, id, courses.Publication{Seen: proof.Seen}); err != nil || published {
			t.Errorf("the same again: %v %v", published, err)
		}
		editions, err := d.c.Editions(ctx, d.mine, id)
		d.must(err)
		if len(editions) != 1 || !editions[0].Newest {
			t.Errorf("editions %+v", editions)
		}
	})
}

func TestOnlyThoseWhoMayWrite(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		d := newDesk(t, db)
		ctx := t.Context()
		id, module, lesson := d.begun()
		d.publish(id)
		acts := map[string]func(by accounts.Access) error{
			"draft":    func(by accounts.Access) error { _, err := d.c.Draft(ctx, by, id); return err },
			"proof":    func(by accounts.Access) error { _, err := d.c.Proof(ctx, by, id); return err },
			"editions": func(by accounts.Access) error { _, err := d.c.Editions(ctx, by, id); return err },
			"package":  func(by accounts.Access) error { _, err := d.c.PackageOf(ctx, by, id, 1); return err },
			"middle":   func(by accounts.Access) error { _, err := d.c.Middle(ctx, by, id); return err },
			"saves": func(by accounts.Access) error {
				_, err := d.c.Saves(ctx, by, id, courses.LessonPiece, lesson)
				return err
			},
			"lesson": func(by accounts.Access) error {
				_, err := d.c.SaveLesson(ctx, by, id, lesson, courses.LessonInput{Title: "x", Body: "y", Version: 99}, courses.Saved)
				return notConflict(err)
			},
			"preview": func(by accounts.Access) error {
				_, err := d.c.Preview(ctx, by, id, lesson, courses.LessonInput{}, courses.Reading{})
				return err
			},
			"move": func(by accounts.Access) error {
				return d.c.Move(ctx, by, id, courses.ModulePiece, module, courses.PieceMove{Do: "up"})
			},
			"add": func(by accounts.Access) error {
				_, err := d.c.AddModule(ctx, by, id, courses.NewPiece{Title: "x", Operation: op()})
				return err
			},
			"picture": func(by accounts.Access) error {
				_, _, err := d.c.AddPicture(ctx, by, id, courses.PictureInput{Said: courses.Said{Alt: "図の説明をここに書きます"}, Operation: op(), File: []byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>`)})
				return err
			},
		}
		for name, act := range acts {
			for who, by := range map[string]accounts.Access{"another trainer": d.other, "a front desk": d.nobody, "nobody": {}} {
				if err := act(by); !errors.Is(err, storage.ErrNotFound) {
					t.Errorf("%s by %s: %v", name, who, err)
				}
			}
		}
		owners := map[string]func(by accounts.Access) error{
			"close":   func(by accounts.Access) error { return d.c.Close(ctx, by, id) },
			"open":    func(by accounts.Access) error { return d.c.Open(ctx, by, id) },
			"sharing": func(by accounts.Access) error { _, err := d.c.Sharing(ctx, by, id); return err },
			"unshare": func(by accounts.Access) error { return d.c.Unshare(ctx, by, id, d.nobody.AccountID) },
		}
		d.must(db.Tx(ctx, func(tx *gorm.DB) error {
			return tx.Exec("INSERT INTO course_shares (course_id, account_id, shared_at) VALUES (?, ?, ?)", id, d.other.AccountID, tx.NowFunc()).Error
		}))
		for name, act := range acts {
			if err := act(d.other); err != nil {
				t.Errorf("%s by a trainer whom it is shared with: %v", name, err)
			}
			if err := act(d.admin); err != nil {
				t.Errorf("%s by an administrator: %v", name, err)
			}
		}
		for name, act := range owners {
			if err := act(d.other); !errors.Is(err, storage.ErrNotFound) {
				t.Errorf("%s by a trainer whom it is shared with: %v", name, err)
			}
			if err := act(d.mine); err != nil {
				t.Errorf("%s by the owner: %v", name, err)
			}
		}
		if err := d.c.Share(ctx, d.mine, id, courses.ShareInput{Account: d.nobody.AccountID}); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("shared with who is no trainer: %v", err)
		}
	})
}

func notConflict(err error) error {
	if errors.Is(err, storage.ErrConflict) {
		return nil
	}
	return err
}

// Of two people who save at the same time, neither loses a word.
func TestTwoWriters(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		d := newDesk(t, db)
		ctx := t.Context()
		id, _, lesson := d.begun()
		first, second := courses.LessonInput{Title: "題", Body: "はじめの人の文。", Version: 1}, courses.LessonInput{Title: "題", Body: "あとの人の文。", Version: 1}
		_, err := d.c.SaveLesson(ctx, d.mine, id, lesson, first, courses.Saved)
		d.must(err)
		_, err = d.c.SaveLesson(ctx, d.admin, id, lesson, second, courses.Saved)
		var conflict *courses.Conflict
		if !errors.As(err, &conflict) || !errors.Is(err, storage.ErrConflict) || conflict.Theirs.Version != 2 {
			t.Fatalf("the second: %v", err)
		}
		texts, err := courses.CompareBodies(courses.LessonPiece, conflict.Theirs.Body, conflict.Mine)
		d.must(err)
		if len(texts) != 1 || texts[0].Old != "はじめの人の文。" || texts[0].New != "あとの人の文。" {
			t.Errorf("side by side: %+v", texts)
		}
		saves, err := d.c.Saves(ctx, d.mine, id, courses.LessonPiece, lesson)
		d.must(err)
		if len(saves) != 3 || saves[0].How != courses.Beside || !strings.Contains(saves[0].Body, "あとの人の文") || !strings.Contains(saves[1].Body, "はじめの人の文") {
			t.Fatalf("saves %+v", saves)
		}
		if got := d.draft(id).Lesson(lesson).Body["ja"]; got != "はじめの人の文。" {
			t.Errorf("the lesson is %q", got)
		}
		_, err = d.c.Restore(ctx, d.mine, id, saves[0].ID)
		d.must(err)
		if got := d.draft(id).Lesson(lesson).Body["ja"]; got != "あとの人の文。" {
			t.Errorf("taken back: %q", got)
		}
		// whoever types what is there already is in nobody's way
		_, err = d.c.SaveLesson(ctx, d.mine, id, lesson, second, courses.Saved)
		d.must(err)
	})
}

func TestTwentySaves(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		d := newDesk(t, db)
		clock := storagetest.Clock(db)
		ctx := t.Context()
		id, _, lesson := d.begun()
		for i := range 30 {
			d.write(id, lesson, strings.Repeat("あ", i+1)+"。")
			clock.Add(1e9)
		}
		saves, err := d.c.Saves(ctx, d.mine, id, courses.LessonPiece, lesson)
		d.must(err)
		if len(saves) != 20 || !strings.Contains(saves[19].Body, strings.Repeat("あ", 11)) {
			t.Fatalf("%d saves, the oldest %s", len(saves), saves[len(saves)-1].Body)
		}
		// what is saved by itself while somebody writes is one state, for ten minutes
		auto := func(text string) {
			p, err := d.draft(id).Piece(courses.LessonPiece, lesson)
			d.must(err)
			_, err = d.c.SaveLesson(ctx, d.mine, id, lesson, courses.LessonInput{Title: "題", Body: text, Version: p.Version}, courses.Auto)
			d.must(err)
			clock.Add(4 * 60e9)
		}
		for _, text := range []string{"い", "いう", "いうえ", "いうえお", "いうえおか"} {
			auto(text)
		}
		saves, err = d.c.Saves(ctx, d.mine, id, courses.LessonPiece, lesson)
		d.must(err)
		var autos []string
		for _, s := range saves {
			if s.How == courses.Auto {
				autos = append(autos, s.Body)
			}
		}
		if len(saves) != 20 || len(autos) != 2 || !strings.Contains(autos[1], `"いうえ"`) || !strings.Contains(autos[0], `"いうえおか"`) {
			t.Errorf("%d saves, by themselves %q", len(saves), autos)
		}
	})
}

func TestPiecesInOrder(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		d := newDesk(t, db)
		ctx := t.Context()
		id, err := d.c.Create(ctx, d.mine, courses.NewCourse{Title: "順番", Operation: op()})
		d.must(err)
		for _, title := range []string{"二", "三"} {
			_, err := d.c.AddModule(ctx, d.mine, id, courses.NewPiece{Title: title, Operation: op()})
			d.must(err)
		}
		titles := func() string {
			var out []string
			draft := d.draft(id)
			for _, m := range draft.Under(courses.ModulePiece, "") {
				out = append(out, draft.Title(m))
			}
			return strings.Join(out, " ")
		}
		modules := d.draft(id).Under(courses.ModulePiece, "")
		d.must(d.c.Move(ctx, d.mine, id, courses.ModulePiece, modules[2].Name, courses.PieceMove{Do: "up"}))
		d.must(d.c.Move(ctx, d.mine, id, courses.ModulePiece, modules[0].Name, courses.PieceMove{Do: "up"}))
		if got := titles(); got != "単元1 三 二" {
			t.Errorf("order %s", got)
		}
		lesson := d.draft(id).Under(courses.LessonPiece, modules[0].Name)[0].Name
		d.must(d.c.Move(ctx, d.mine, id, courses.LessonPiece, lesson, courses.PieceMove{Do: "to", Module: modules[1].Name}))
		if list := d.draft(id).Under(courses.LessonPiece, modules[1].Name); len(list) != 2 || list[1].Name != lesson {
			t.Errorf("moved to %+v", list)
		}
		if err := d.c.Move(ctx, d.mine, id, courses.LessonPiece, lesson, courses.PieceMove{Do: "to", Module: "no-such"}); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("to a module that is not there: %v", err)
		}
		d.must(d.c.Archive(ctx, d.mine, id, courses.ModulePiece, modules[1].Name))
		if got := titles(); got != "単元1 三" {
			t.Errorf("archived: %s", got)
		}
		if n := len(d.draft(id).Package().Modules); n != 2 {
			t.Errorf("%d modules in the package", n)
		}
		d.must(d.c.Archive(ctx, d.mine, id, courses.LessonPiece, lesson))
		if err := d.c.Unarchive(ctx, d.mine, id, courses.LessonPiece, lesson); !errors.Is(err, courses.ErrParentArchived) {
			t.Errorf("back before its module: %v", err)
		}
		d.must(d.c.Unarchive(ctx, d.mine, id, courses.ModulePiece, modules[1].Name))
		d.must(d.c.Unarchive(ctx, d.mine, id, courses.LessonPiece, lesson))
		if got := titles(); got != "単元1 三 二" {
			t.Errorf("back: %s", got)
		}
	})
}

// A copied module has its own activities, and its links and questions lead to the
// copied lessons.
func TestCopyOfAModule(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		d := newDesk(t, db)
		ctx := t.Context()
		id, module, lesson := d.begun()
		d.write(id, lesson, "[ここ]("+lesson+")を読みます。\n\n:::sort wakeru\ngroups: 一 / 二\n\n- あいさつ => 一\n  > ひとりで始められます。\n- 手続き => 二\n  > 窓口がくわしいです。\n:::")
		in := courses.QuestionForm(courses.Example(questions.Choice), 0)
		in.Text, in.Lesson = "どれでしょう。", lesson
		_, err := d.c.AddQuestion(ctx, d.mine, id, module, op(), in)
		d.must(err)
		copied, err := d.c.Repeat(ctx, d.mine, id, courses.ModulePiece, module, op())
		d.must(err)
		draft := d.draft(id)
		p := draft.Package()
		if report := courses.Check(p); !report.OK() {
			t.Fatalf("faults: %v", report.Faults)
		}
		m := p.Modules[1]
		if m.ID != copied || m.Lessons[0].ID == lesson || !strings.Contains(m.Lessons[0].Body["ja"], "[ここ]("+m.Lessons[0].ID+")") {
			t.Errorf("the copy: %+v", m)
		}
		if m.Questions[0].Lesson != m.Lessons[0].ID {
			t.Errorf("the copied question is about %s", m.Questions[0].Lesson)
		}
	})
}
