package quiz_test

import (
	"errors"
	"slices"
	"testing"

	"tsunagari/courses"
	"tsunagari/courses/accounts"
	"tsunagari/courses/coursetest"
	"tsunagari/quiz"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

const again = "6b1f0f5e-8a37-4b51-9d1c-3d2f5b0a7c11"

// twoQuestions is a course of two lessons and まとめの確認 of two questions.
func twoQuestions() *courses.Package {
	p := coursetest.Small("small")
	p.Modules, p.Closing.Questions = p.Modules[:1], 2
	p.Modules[0].Check, p.Modules[0].Questions = 0, p.Modules[0].Questions[:2]
	return p
}

// choose confirms the option with this id to the question in まとめの確認.
func (s *school) choose(account string, a *quiz.Attempt, question, option string) {
	s.Helper()
	for n, d := range a.Drawn {
		if d.ID != question {
			continue
		}
		err := s.quizzes.Confirm(ctx, account, a.ID, n+1, quiz.Given{Chosen: []int{slices.Index(d.Show, option)}}, 0)
		if err != nil {
			s.Fatal(err)
		}
	}
}

func TestRegrade(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		p := twoQuestions()
		s := newSchool(t, db, p)
		misled, lucky := s.account(accounts.Active), s.account(accounts.Active)
		for account, option := range map[string]string{misled: "2", lucky: "1"} {
			s.read(account, "ichi-1", "ichi-2")
			a := s.start(account, quiz.Closing)
			s.choose(account, a, "ichi-q1", option)
			s.choose(account, a, "ichi-q2", "1")
		}
		first := s.newest(misled)
		s.start(misled, quiz.Closing) // asks once more what was no mistake
		if s.standing(misled).Completed || !s.standing(lucky).Completed {
			t.Fatal("the wrong key did not mark")
		}

		corrected := twoQuestions()
		key := corrected.Modules[0].Questions[0].Options
		key[0].Weight, key[1].Weight = 0, 1
		if _, _, err := s.courses.Publish(ctx, corrected); err != nil {
			t.Fatal(err)
		}
		trainer := accounts.Access{AccountID: misled, Roles: []accounts.Role{accounts.Trainer}}
		if _, err := s.quizzes.PreviewRegrade(ctx, trainer, p.ID, "ichi-q1", quiz.ByKey); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("somebody else's course: %v", err)
		}
		got, err := s.quizzes.PreviewRegrade(ctx, accounts.Shell(), p.ID, "ichi-q1", quiz.ByKey)
		if err != nil || got.Answers != 2 || got.Better != 1 || got.Worse != 1 || len(got.Finishes) != 1 {
			t.Fatalf("preview %+v %v", got, err)
		}
		if s.standing(misled).Completed {
			t.Fatal("the preview changed something")
		}
		in := quiz.RegradeInput{Operation: again, Rule: quiz.ByKey, Why: "正解がまちがっていた"}
		for range 2 {
			if err := s.quizzes.Regrade(ctx, accounts.Shell(), p.ID, "ichi-q1", in); err != nil {
				t.Fatal(err)
			}
		}
		if !s.standing(misled).Completed || !s.standing(lucky).Completed {
			t.Error("who answered right did not finish, or somebody lost their 修了")
		}
		v := s.view(misled, first)
		for n, d := range v.Drawn {
			if r, ok := v.Review(n + 1); !ok || !r.Right || d.ID == "ichi-q1" && r.Regraded != quiz.ByKey {
				t.Errorf("%s is reviewed as %+v", d.ID, r)
			}
		}
		list, err := s.quizzes.Regrades(ctx, accounts.Shell(), p.ID)
		if err != nil || len(list) != 1 || list[0].Finished != 1 || list[0].Better != 1 {
			t.Errorf("regrades %+v %v", list, err)
		}
		log, _, err := accounts.New(db, accounts.Options{}).AuditLog(ctx, accounts.AuditQuery{Subject: misled, Act: "attempt.regrade"})
		if err != nil || len(log) != 1 || log[0].Why != in.Why {
			t.Errorf("audit %+v %v", log, err)
		}
	})
}

func TestRegradeForAll(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		p := twoQuestions()
		s := newSchool(t, db, p)
		me := s.account(accounts.Active)
		s.read(me, "ichi-1", "ichi-2")
		a := s.start(me, quiz.Closing)
		s.choose(me, a, "ichi-q1", "3")
		s.choose(me, a, "ichi-q2", "1")
		if err := s.quizzes.Regrade(ctx, accounts.Shell(), p.ID, "ichi-q1", quiz.RegradeInput{Operation: again, Rule: quiz.ForAll}); err == nil {
			t.Error("without a reason")
		}
		if err := s.quizzes.Regrade(ctx, accounts.Shell(), p.ID, "ichi-q1", quiz.RegradeInput{Operation: again, Rule: quiz.ForAll, Why: "答えのない設問だった"}); err != nil {
			t.Fatal(err)
		}
		v := s.view(me, a.ID)
		if !s.standing(me).Completed || v.Understood != 2 || v.Score != 1 {
			t.Errorf("%+v", v.Attempt)
		}
		if err := s.quizzes.Regrade(ctx, accounts.Shell(), p.ID, "none", quiz.RegradeInput{Operation: again, Rule: quiz.ForAll, Why: "x"}); !errors.Is(err, storage.ErrNotFound) && !errors.Is(err, storage.ErrOperationReused) {
			t.Errorf("a question that is not there: %v", err)
		}
	})
}

// An answer that chose what the corrected question no longer has is left alone.
func TestRegradeLeavesWhatDoesNotFit(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		p := twoQuestions()
		s := newSchool(t, db, p)
		me := s.account(accounts.Active)
		s.read(me, "ichi-1", "ichi-2")
		s.choose(me, s.start(me, quiz.Closing), "ichi-q1", "3")
		fewer := twoQuestions()
		fewer.Modules[0].Questions[0].Options = fewer.Modules[0].Questions[0].Options[:2]
		if _, _, err := s.courses.Publish(ctx, fewer); err != nil {
			t.Fatal(err)
		}
		got, err := s.quizzes.PreviewRegrade(ctx, accounts.Shell(), p.ID, "ichi-q1", quiz.ByKey)
		if err != nil || got.Unfit != 1 || got.Answers != 0 {
			t.Errorf("%+v %v", got, err)
		}
	})
}

// newest is the account's newest attempt at まとめの確認.
func (s *school) newest(account string) string {
	s.Helper()
	var a quiz.Attempt
	if err := s.db.Read(ctx).Where("account_id = ?", account).Order("started_at DESC, round DESC").Take(&a).Error; err != nil {
		s.Fatal(err)
	}
	return a.ID
}
