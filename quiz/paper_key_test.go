package quiz_test

import (
	"io/fs"
	"testing"

	"gorm.io/gorm"

	"tsunagari/courses"
	"tsunagari/courses/accounts"
	"tsunagari/courses/curriculum"
	"tsunagari/courses/questions"
	"tsunagari/quiz"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

// What the printed sheet asks is what is typed, in the same order; who types the
// key has understood everything.
func TestPaperIsThatOfThePack(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		dir, err := fs.Sub(curriculum.FS(), "supporter")
		if err != nil {
			t.Fatal(err)
		}
		p, faults := courses.ReadPackage(dir)
		if p == nil {
			t.Fatal(faults)
		}
		p.Modules[0].Questions = append(p.Modules[0].Questions, every()...)
		for _, q := range every() {
			p.Class.Closing.Questions = append(p.Class.Closing.Questions, q.ID)
		}
		s := newSchool(t, db, p)
		standing, err := s.courses.Standing(ctx, "", "supporter")
		if err != nil {
			t.Fatal(err)
		}
		rev := standing.Revision
		sheet, key := quiz.Paper(rev), quiz.Key(rev)
		if len(sheet) != len(p.Class.Closing.Questions) || len(key) != len(sheet) {
			t.Fatalf("%d questions, %d answers, %d in the pack", len(sheet), len(key), len(p.Class.Closing.Questions))
		}
		var typed []string
		for i, q := range rev.Class.Paper.Questions {
			if sheet[i].Text.In("ja") != q.Question.Text.In("ja") {
				t.Errorf("question %d is %q", i+1, sheet[i].Text)
			}
			for place, o := range sheet[i].Options {
				if of := option(q.Question, q.Show[place]); of.Text.In("ja") != o.In("ja") {
					t.Errorf("option %d of question %d is %q", place+1, i+1, o)
				}
			}
			typed = append(typed, key[i].Right)
		}
		id := s.account(accounts.Active)
		if err := db.Tx(ctx, func(tx *gorm.DB) error { return s.quizzes.Typed(tx, id, rev, "講師", typed) }); err != nil {
			t.Fatal(err)
		}
		done, err := s.quizzes.PapersOf(ctx, rev, []string{id})
		if err != nil || done[id].Understood != len(sheet) || !done[id].Met {
			t.Errorf("%+v of %d: %v", done[id], len(sheet), err)
		}
	})
}

func option(q *questions.Question, id string) questions.Option {
	for _, o := range q.Options {
		if o.ID == id {
			return o
		}
	}
	return questions.Option{}
}

// every are questions of the types that the built-in sheet has not.
func every() []*questions.Question {
	text := func(s string) questions.Text { return questions.Text{questions.JA: s} }
	return []*questions.Question{
		{
			ID: "paper-multiple", Type: questions.Multiple, Lesson: "naze", Text: text("いくつでも"),
			Options: []questions.Option{{ID: "1", Text: text("あ"), Weight: 0.5}, {ID: "2", Text: text("い"), Weight: -0.5}, {ID: "3", Text: text("う"), Weight: 0.5}},
		},
		{
			ID: "paper-order", Type: questions.Ordering, Lesson: "naze", Text: text("順に"),
			Items: []questions.Item{{ID: "1", Text: text("一"), Rank: 1}, {ID: "2", Text: text("二"), Rank: 2}, {ID: "3", Text: text("二の別"), Rank: 2}, {ID: "4", Text: text("四"), Rank: 4}},
		},
		{
			ID: "paper-short", Type: questions.Short, Lesson: "naze", Text: text("書く"),
			Answers: []questions.Answer{{Text: "ほぼ", Weight: 0.5}, {Text: "つながり", Weight: 1}},
		},
		{
			ID: "paper-number", Type: questions.Numerical, Lesson: "naze", Text: text("何番ですか"),
			Answers: []questions.Answer{{Value: 119, Weight: 1}},
		},
		{
			ID: "paper-sort", Type: questions.Sort, Lesson: "naze", Text: text("分ける"),
			Groups: []questions.Group{{ID: "a", Text: text("甲")}, {ID: "b", Text: text("乙")}},
			Items:  []questions.Item{{ID: "1", Text: text("一"), Groups: []string{"b"}}, {ID: "2", Text: text("二"), Groups: []string{"a", "b"}}},
		},
	}
}
