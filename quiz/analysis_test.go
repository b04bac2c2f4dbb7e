package quiz_test

import (
	"errors"
	"math"
	"testing"

	"tsunagari/courses/accounts"
	"tsunagari/quiz"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

func TestAnalysis(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		p := twoQuestions()
		s := newSchool(t, db, p)
		// the second line of each pair is what was chosen on a second go, which does not count
		for _, chosen := range [][2]string{{"1", "1"}, {"2", "1"}, {"2", "3"}, {"1", "1"}} {
			me := s.account(accounts.Active)
			s.read(me, "ichi-1", "ichi-2")
			a := s.start(me, quiz.Closing)
			s.choose(me, a, "ichi-q1", chosen[0])
			s.choose(me, a, "ichi-q2", chosen[1])
			if chosen[0] == "2" {
				s.confirmAll(me, s.start(me, quiz.Closing), true)
			}
		}
		if _, err := s.quizzes.Analysis(ctx, accounts.Access{}, p.ID, quiz.Closing); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("for nobody: %v", err)
		}
		a, err := s.quizzes.Analysis(ctx, accounts.Shell(), p.ID, quiz.Closing)
		if err != nil || a.People != 4 || len(a.Items) != 2 {
			t.Fatalf("%+v %v", a, err)
		}
		first := a.Items[0]
		if first.Question.ID != "ichi-q1" || first.Answers != 4 || first.Missed != 2 || first.Facility != 0.5 || first.Lesson.ID != "ichi-1" {
			t.Errorf("%+v", first)
		}
		for i, want := range []int{2, 2, 0} {
			if first.Table[i].Chosen != want || first.Table[i].Right != (i == 0) {
				t.Errorf("option %d: %+v", i+1, first.Table[i])
			}
		}
		if got := first.Table[1].Rest; got != 0.5 {
			t.Errorf("who chose 2 has %v in the rest", got)
		}
		if !math.IsNaN(first.Table[2].Rest) {
			t.Errorf("nobody chose 3: %v", first.Table[2].Rest)
		}
		hard := quiz.Hardest(a.Items)
		if len(hard) != 2 || hard[0].Question.ID != "ichi-q1" || hard[1].Missed != 1 {
			t.Errorf("hardest %+v", hard)
		}

		corrected := twoQuestions()
		corrected.Modules[0].Questions[0].Options[1].Weight = 1
		if _, _, err := s.courses.Publish(ctx, corrected); err != nil {
			t.Fatal(err)
		}
		if a, err = s.quizzes.Analysis(ctx, accounts.Shell(), p.ID, quiz.Closing); err != nil || len(a.Items) != 1 {
			t.Errorf("a corrected question begins anew: %+v %v", a, err)
		}
	})
}

func TestWhatAClassMissed(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSchool(t, db, twoQuestions())
		there, elsewhere := s.account(accounts.Active), s.account(accounts.Active)
		for _, me := range []string{there, elsewhere} {
			s.read(me, "ichi-1", "ichi-2")
			a := s.start(me, quiz.Closing)
			s.choose(me, a, "ichi-q1", "2")
			s.choose(me, a, "ichi-q2", "1")
		}
		rev := s.standing(there).Revision
		items, people, err := s.quizzes.Missed(ctx, rev.CourseID, rev.ID, []string{there})
		if err != nil || people != 1 || len(items) != 1 || items[0].Question.ID != "ichi-q1" || items[0].Missed != 1 || items[0].Answers != 1 {
			t.Errorf("%+v of %d, %v", items, people, err)
		}
	})
}
