package quiz_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"tsunagari/courses"
	"tsunagari/courses/accounts"
	"tsunagari/courses/coursetest"
	"tsunagari/courses/questions"
	"tsunagari/quiz"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

func ja(s string) questions.Text {
	return questions.Text{questions.JA: s, questions.Easy: "やさしい" + s}
}

// everyType is a course whose check asks one question of every type.
func everyType() *courses.Package {
	p := coursetest.Small("small")
	p.Modules, p.Closing = p.Modules[:1], courses.Closing{}
	choice := coursetest.Choice("a-choice", "ichi-1")
	choice.Text = ja("{問|と}いは、**どれ**ですか。")
	several := coursetest.Choice("b-several", "ichi-1")
	several.Type, several.Options[0].Weight, several.Options[1].Weight, several.Options[2].Weight = questions.Multiple, .5, .5, -1
	items := func(q *questions.Question) *questions.Question {
		for i, s := range []string{"朝", "昼"} {
			q.Items = append(q.Items, questions.Item{ID: []string{"am", "pm"}[i], Text: ja(s), Rank: i + 1, Groups: []string{"g"}, Feedback: ja(s + "の言葉、なぜならば")})
		}
		return q
	}
	p.Modules[0].Check = 8
	p.Modules[0].Questions = []*questions.Question{
		choice, several,
		{ID: "c-matching", Type: questions.Matching, Lesson: "ichi-1", Text: ja("結ぶ"), Pairs: []questions.Pair{
			{ID: "1", Left: ja("左一"), Right: ja("右一"), Feedback: ja("一の組、なぜならば")}, {ID: "2", Left: ja("左二"), Right: ja("右二"), Feedback: ja("二の組、なぜならば")},
		}},
		items(&questions.Question{ID: "d-ordering", Type: questions.Ordering, Lesson: "ichi-1", Text: ja("並べる")}),
		items(&questions.Question{ID: "e-sort", Type: questions.Sort, Lesson: "ichi-1", Text: ja("分ける"), Groups: []questions.Group{{ID: "g", Text: ja("組一")}, {ID: "h", Text: ja("組二")}}}),
		{ID: "f-short", Type: questions.Short, Lesson: "ichi-1", Text: ja("書く"), Answers: []questions.Answer{{Text: "つながり", Weight: 1, Feedback: ja("そうです、なぜならば")}}, Otherwise: ja("ほか、なぜならば")},
		{ID: "g-numerical", Type: questions.Numerical, Lesson: "ichi-1", Text: ja("数える"), Unit: "人", Answers: []questions.Answer{{Value: 3, Weight: 1, Feedback: ja("そうです、なぜならば")}}, Otherwise: ja("ほか、なぜならば")},
		{ID: "h-reflection", Type: questions.Reflection, Lesson: "ichi-1", Text: ja("思う")},
	}
	return p
}

func TestHeldSaysEveryAnswerInWords(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSchool(t, db, everyType())
		me, somebody := s.account(accounts.Active), s.account(accounts.Active)
		a := s.start(me, quiz.Check("ichi"))
		s.start(somebody, quiz.Check("ichi"))
		given := quiz.Given{Chosen: []int{0, 1}, Placed: []int{0, 1}, Text: "=3"}
		for n, d := range a.Drawn {
			g := given
			switch d.ID {
			case "a-choice":
				g.Chosen = []int{slices.Index(d.Show, "2")}
			case "b-several":
				g.Chosen = []int{slices.Index(d.Show, "1"), slices.Index(d.Show, "3")}
			case "c-matching":
				g.Placed = []int{slices.Index(d.Show, "2"), slices.Index(d.Show, "1")}
			case "d-ordering":
				g.Placed = []int{2, 1} // of what is shown: 昼 is to be first
				if d.Show[0] == "pm" {
					g.Placed = []int{1, 2}
				}
			case "e-sort":
				g.Placed = []int{0, 1}
				if d.Show[0] == "pm" {
					g.Placed = []int{1, 0}
				}
			case "h-reflection": // kept, not confirmed
				if err := s.quizzes.Answer(ctx, me, a.ID, n+1, g, 0); err != nil {
					t.Fatal(err)
				}
				continue
			}
			if err := s.quizzes.Confirm(ctx, me, a.ID, n+1, g, 0); err != nil {
				t.Fatal(d.ID, err)
			}
		}
		held, err := s.quizzes.Held(ctx, me)
		if err != nil || len(held) != 1 {
			t.Fatal(held, err)
		}
		h := held[0]
		if h.Course != "小さな講座small" || h.Quiz != "単元ichiの確認" || h.DoneAt != nil || !h.StartedAt.Equal(s.clock.Now()) || len(h.Answers) != 8 {
			t.Errorf("%+v", h)
		}
		want := map[string]string{
			"問いは、どれですか。": "a-choiceの選択肢2", "問いb-several": "b-severalの選択肢1／b-severalの選択肢3", "結ぶ": "左一 ― 右二／左二 ― 右一",
			"並べる": "1番目 ― 昼／2番目 ― 朝", "分ける": "朝 ― 組一／昼 ― 組二", "書く": "=3", "数える": "=3人", "思う": "=3",
		}
		for i, q := range h.Answers {
			if got := strings.Join(q.Answer, "／"); got != want[q.Question] || q.Number != i+1 || q.AnsweredAt == nil {
				t.Errorf("%+v, want %q", q, want[q.Question])
			}
			switch q.Question {
			case "思う":
				if q.Marked || q.ConfirmedAt != nil || q.Score != 0 {
					t.Errorf("%+v", q)
				}
			case "分ける":
				if !q.Marked || q.Score != .5 || q.ConfirmedAt == nil {
					t.Errorf("%+v", q)
				}
			}
		}
	})
}

// Nothing tells before it is confirmed what is right, and nothing of somebody else.
func TestHeldBeforeConfirming(t *testing.T) {
	s := newSchool(t, storagetest.Open(t, storagetest.SQLite(t)), coursetest.Small("small"))
	me, somebody := s.account(accounts.Active), s.account(accounts.Active)
	a := s.start(me, quiz.Check("ichi"))
	if err := s.quizzes.Answer(ctx, me, a.ID, 1, s.place(me, a.ID, 1, true), 0); err != nil {
		t.Fatal(err)
	}
	held, err := s.quizzes.Held(ctx, me)
	if err != nil {
		t.Fatal(err)
	}
	if q := held[0].Answers[0]; q.Marked || q.Score != 0 || len(q.Answer) != 1 {
		t.Errorf("%+v", q)
	}
	if q := held[0].Answers[1]; q.Question == "" || q.AnsweredAt != nil || len(q.Answer) != 0 {
		t.Errorf("%+v", q)
	}
	if none, err := s.quizzes.Held(ctx, somebody); err != nil || len(none) != 0 {
		t.Error(none, err)
	}
	s.clock.Add(time.Minute)
	if n := 2; s.quizzes.Confirm(ctx, me, a.ID, 1, s.place(me, a.ID, 1, true), 0) != nil || s.quizzes.Confirm(ctx, me, a.ID, n, s.place(me, a.ID, n, false), 0) != nil {
		t.Fatal("not confirmed")
	}
	held, err = s.quizzes.Held(ctx, me)
	if err != nil || held[0].DoneAt == nil || held[0].Understood != 1 || held[0].Score != .5 || held[0].Answers[0].Score != 1 {
		t.Errorf("%+v %v", held, err)
	}
}
