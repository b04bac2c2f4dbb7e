package quiz_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"

	"tsunagari/courses"
	"tsunagari/courses/accounts"
	"tsunagari/courses/coursetest"
	"tsunagari/courses/questions"
	"tsunagari/quiz"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

func TestMain(m *testing.M) { storagetest.Main(m) }

var ctx = context.Background()

type school struct {
	*testing.T
	db      *storage.DB
	courses *courses.Courses
	quizzes *quiz.Quizzes
	clock   *storagetest.Hand
}

func newSchool(t *testing.T, db *storage.DB, p *courses.Package) *school {
	t.Helper()
	c := courses.New(db)
	if _, _, err := c.Publish(ctx, p); err != nil {
		t.Fatal(err)
	}
	seed := uint64(0)
	return &school{t, db, c, quiz.New(db, c, func() uint64 { seed++; return seed }), storagetest.Clock(db)}
}

func (s *school) account(state accounts.State) string {
	s.Helper()
	var id string
	err := s.db.Tx(ctx, func(tx *gorm.DB) error {
		a, err := accounts.Visitor(tx)
		if err != nil {
			return err
		}
		id = a.ID
		return tx.Model(a).Update("state", state).Error
	})
	if err != nil {
		s.Fatal(err)
	}
	return id
}

func (s *school) start(account, key string) *quiz.Attempt {
	s.Helper()
	a, err := s.quizzes.Start(ctx, account, "small", key)
	if err != nil {
		s.Fatal(err)
	}
	return a
}

// place is where question n of the attempt shows its right option, or a wrong one.
func (s *school) place(account, attempt string, n int, right bool) quiz.Given {
	s.Helper()
	v := s.view(account, attempt)
	place := slices.Index(v.Drawn[n-1].Show, "1")
	if !right {
		place = slices.Index(v.Drawn[n-1].Show, "2")
	}
	return quiz.Given{Chosen: []int{place}}
}

func (s *school) view(account, attempt string) *quiz.View {
	s.Helper()
	v, err := s.quizzes.View(ctx, account, attempt)
	if err != nil {
		s.Fatal(err)
	}
	return v
}

func (s *school) confirmAll(account string, a *quiz.Attempt, right bool) {
	s.Helper()
	for n := range a.Drawn {
		if err := s.quizzes.Confirm(ctx, account, a.ID, n+1, s.place(account, a.ID, n+1, right), 0); err != nil {
			s.Fatal(err)
		}
	}
}

func (s *school) read(account string, lessons ...string) *courses.Completion {
	s.Helper()
	var done *courses.Completion
	for _, l := range lessons {
		var err error
		if done, err = s.courses.MarkRead(ctx, account, "small", l); err != nil {
			s.Fatal(err)
		}
	}
	return done
}

func (s *school) standing(account string) *courses.Standing {
	s.Helper()
	st, err := s.courses.Standing(ctx, account, "small")
	if err != nil {
		s.Fatal(err)
	}
	return st
}

func TestCheck(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSchool(t, db, coursetest.Small("small"))
		me, other := s.account(accounts.Active), s.account(accounts.Active)
		a := s.start(me, quiz.Check("ichi"))
		if again := s.start(me, quiz.Check("ichi")); again.ID != a.ID {
			t.Error("starting twice began two attempts")
		}
		if len(a.Drawn) != 2 {
			t.Fatalf("drew %d questions", len(a.Drawn))
		}
		if _, err := s.quizzes.View(ctx, other, a.ID); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("somebody else's attempt: %v", err)
		}
		wrong, right := s.place(me, a.ID, 1, false), s.place(me, a.ID, 1, true)
		if err := s.quizzes.Answer(ctx, other, a.ID, 1, right, 1); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("answering somebody else's attempt: %v", err)
		}
		for _, step := range []struct {
			given    quiz.Given
			sequence int64
		}{{wrong, 5}, {right, 9}, {wrong, 7}} { // the third comes late
			if err := s.quizzes.Answer(ctx, me, a.ID, 1, step.given, step.sequence); err != nil {
				t.Fatal(err)
			}
		}
		if got := s.view(me, a.ID).Ask(1).Given; !slices.Equal(got.Chosen, right.Chosen) {
			t.Errorf("kept %v, the newest was %v", got.Chosen, right.Chosen)
		}
		if _, shown := s.view(me, a.ID).Review(1); shown {
			t.Error("feedback before the answer is confirmed")
		}
		if err := s.quizzes.Confirm(ctx, me, a.ID, 1, quiz.Given{}, 0); !errors.Is(err, quiz.ErrIncomplete) {
			t.Errorf("confirming nothing: %v", err)
		}
		if err := s.quizzes.Confirm(ctx, me, a.ID, 1, wrong, 0); err != nil {
			t.Fatal(err)
		}
		if err := s.quizzes.Answer(ctx, me, a.ID, 1, right, 99); !errors.Is(err, quiz.ErrConfirmed) {
			t.Errorf("changing a confirmed answer: %v", err)
		}
		if err := s.quizzes.Confirm(ctx, me, a.ID, 1, right, 0); err != nil {
			t.Errorf("confirming twice: %v", err)
		}
		r, shown := s.view(me, a.ID).Review(1)
		if !shown || r.Right || !strings.Contains(r.Feedback[0].Text.In("ja"), "説明2") {
			t.Errorf("review %+v", r)
		}
		if s.standing(me).Done("check:ichi") {
			t.Error("done with a question left")
		}
		if err := s.quizzes.Confirm(ctx, me, a.ID, 2, s.place(me, a.ID, 2, true), 0); err != nil {
			t.Fatal(err)
		}
		v := s.view(me, a.ID)
		if v.DoneAt == nil || v.Understood != 1 || v.Score != 0.5 || !v.Met(v.Revision) || !s.standing(me).Done("check:ichi") {
			t.Errorf("the check is not done: %+v", v.Attempt)
		}
		if again := s.start(me, quiz.Check("ichi")); again.ID == a.ID {
			t.Error("a new go is the old one")
		}
	})
}

func TestWhatAGuestMay(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSchool(t, db, coursetest.Small("small"))
		guest := s.account(accounts.Guest)
		s.read(guest, "ichi-1", "ichi-2")
		s.confirmAll(guest, s.start(guest, quiz.Check("ichi")), true)
		if _, err := s.courses.MarkRead(ctx, guest, "small", "ni-1"); !errors.Is(err, courses.ErrRegisterFirst) {
			t.Errorf("reading on without a name: %v", err)
		}
		if _, err := s.quizzes.Start(ctx, guest, "small", quiz.Check("ni")); !errors.Is(err, courses.ErrRegisterFirst) {
			t.Errorf("the second check without a name: %v", err)
		}
		for _, key := range []string{"closing", "check:", "check:none", "none"} {
			if _, err := s.quizzes.Start(ctx, guest, "small", key); err == nil {
				t.Errorf("a guest began %q", key)
			}
		}
	})
}

// finishBut leaves only まとめの確認.
func (s *school) finishBut(account string) {
	s.read(account, "ichi-1", "ichi-2", "ni-1", "ni-2")
	for _, m := range []string{"ichi", "ni"} {
		s.confirmAll(account, s.start(account, quiz.Check(m)), false)
	}
}

func TestClosingAsksUntilUnderstood(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSchool(t, db, coursetest.Small("small"))
		me := s.account(accounts.Active)
		if _, err := s.quizzes.Start(ctx, me, "small", quiz.Closing); !errors.Is(err, quiz.ErrClosingNotOpen) {
			t.Errorf("before the rest is done: %v", err)
		}
		s.finishBut(me)
		var completed []string
		s.courses.OnCompleted(func(_ *gorm.DB, c *courses.Completion) error { completed = append(completed, c.ID); return nil })
		first := s.start(me, quiz.Closing)
		for n := range first.Drawn {
			if err := s.quizzes.Confirm(ctx, me, first.ID, n+1, s.place(me, first.ID, n+1, n == 0), 0); err != nil {
				t.Fatal(err)
			}
		}
		v := s.view(me, first.ID)
		if v.Met(v.Revision) || len(v.Missed()) != 2 || s.standing(me).Completed {
			t.Fatalf("two missed: %+v", v.Attempt)
		}
		second := s.start(me, quiz.Closing)
		if second.Round != 2 || len(second.Drawn) != 2 {
			t.Fatalf("round %d asks %d questions", second.Round, len(second.Drawn))
		}
		for _, d := range second.Drawn {
			if d.ID == first.Drawn[0].ID {
				t.Error("asks again what was understood")
			}
		}
		s.confirmAll(me, second, true)
		if !s.standing(me).Completed || len(completed) != 1 {
			t.Errorf("completed %v", completed)
		}
		s.confirmAll(me, s.start(me, quiz.Closing), true)
		if len(completed) != 1 {
			t.Error("completed twice")
		}
		done, err := s.courses.Completion(ctx, me, v.Revision.CourseID)
		if err != nil || done.CompletedOn != "2026-11-23" {
			t.Errorf("%+v %v", done, err)
		}
	})
}

// A reflection is never marked: it neither lowers a score nor is asked again.
func TestReflectionsDoNotCount(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		for _, c := range []struct {
			reflections  int
			right        bool
			score        float64
			understood   int
			missed, next int // questions of this round and of the one after it
		}{{1, true, 1, 2, 0, 2}, {1, false, 0, 1, 1, 1}, {2, true, 1, 2, 0, 2}} {
			p := coursetest.Small("small")
			p.Modules, p.Closing.Questions = p.Modules[:1], 2
			m := &p.Modules[0]
			m.Check, m.Questions = 0, m.Questions[:2]
			for i := range c.reflections {
				m.Questions[i] = &questions.Question{ID: fmt.Sprint("r", i), Type: questions.Reflection, Lesson: "ichi-1", Text: questions.Text{questions.JA: fmt.Sprint("思うこと", i)}}
			}
			s := newSchool(t, db, p)
			me := s.account(accounts.Active)
			s.read(me, "ichi-1", "ichi-2")
			a := s.start(me, quiz.Closing)
			for n, d := range a.Drawn {
				given := quiz.Given{Text: "隣の人に声をかける"}
				if d.ID[0] != 'r' {
					given = s.place(me, a.ID, n+1, c.right)
				}
				if err := s.quizzes.Confirm(ctx, me, a.ID, n+1, given, 0); err != nil {
					t.Fatal(err)
				}
			}
			v := s.view(me, a.ID)
			if v.Score != c.score || v.Understood != c.understood || len(v.Missed()) != c.missed || v.Met(v.Revision) != (c.missed == 0) {
				t.Errorf("%+v: %+v", c, v.Attempt)
			}
			if again := s.start(me, quiz.Closing); len(again.Drawn) != c.next {
				t.Errorf("%+v: the next round asks %d questions", c, len(again.Drawn))
			}
		}
	})
}

// Whatever comes last completes, also when two last things come together.
func TestTwoLastSteps(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		p := coursetest.Small("small")
		p.Closing = courses.Closing{}
		s := newSchool(t, db, p)
		var mu sync.Mutex
		completed := map[string]bool{}
		s.courses.OnCompleted(func(_ *gorm.DB, c *courses.Completion) error {
			mu.Lock()
			defer mu.Unlock()
			completed[c.ID] = true
			return nil
		})
		for range 5 {
			me := s.account(accounts.Active)
			s.read(me, "ichi-1", "ichi-2")
			for _, m := range []string{"ichi", "ni"} {
				s.confirmAll(me, s.start(me, quiz.Check(m)), true)
			}
			var wg sync.WaitGroup
			for _, l := range []string{"ni-1", "ni-2", "ni-1", "ni-2"} {
				wg.Go(func() {
					if _, err := s.courses.MarkRead(ctx, me, "small", l); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			if !s.standing(me).Completed {
				t.Error("all is done, and not completed")
			}
		}
		if len(completed) != 5 {
			t.Errorf("%d completions of 5 people", len(completed))
		}
	})
}

func TestPassing(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		p := coursetest.Small("small")
		p.Closing = courses.Closing{Minutes: 3, Questions: 5, Rule: courses.Pass, Pass: 80}
		s := newSchool(t, db, p)
		me := s.account(accounts.Active)
		s.finishBut(me)
		try := func(wrong int) *quiz.Attempt {
			t.Helper()
			a := s.start(me, quiz.Closing)
			if err := s.quizzes.Submit(ctx, me, a.ID); !errors.Is(err, quiz.ErrNotAnswered) {
				t.Errorf("submitting without answers: %v", err)
			}
			for n := range a.Drawn {
				if err := s.quizzes.Confirm(ctx, me, a.ID, n+1, s.place(me, a.ID, n+1, true), 0); !errors.Is(err, storage.ErrNotFound) {
					t.Errorf("confirming in a passing test: %v", err)
				}
				if err := s.quizzes.Answer(ctx, me, a.ID, n+1, s.place(me, a.ID, n+1, n >= wrong), 0); err != nil {
					t.Fatal(err)
				}
				if _, shown := s.view(me, a.ID).Review(n + 1); shown {
					t.Error("feedback before it is handed in")
				}
			}
			for range 2 {
				if err := s.quizzes.Submit(ctx, me, a.ID); err != nil {
					t.Fatal(err)
				}
			}
			return a
		}
		for _, wait := range []time.Duration{0, 0, 5 * time.Minute, 10 * time.Minute} {
			try(2)
			if s.standing(me).Completed {
				t.Fatal("60 % passed")
			}
			if wait == 0 {
				continue
			}
			s.clock.Add(wait - time.Second)
			var pause *quiz.PauseError
			if _, err := s.quizzes.Start(ctx, me, "small", quiz.Closing); !errors.As(err, &pause) || pause.Until.Sub(s.clock.Now()) != time.Second {
				t.Fatalf("after %s: %v", wait, err)
			}
			s.clock.Add(time.Second)
		}
		if try(1); !s.standing(me).Completed {
			t.Error("80 % did not pass")
		}
	})
}

func TestErase(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSchool(t, db, coursetest.Small("small"))
		me := s.account(accounts.Active)
		s.finishBut(me)
		s.confirmAll(me, s.start(me, quiz.Closing), true)
		err := db.Tx(ctx, func(tx *gorm.DB) error {
			if err := s.quizzes.Erase(tx, me); err != nil {
				return err
			}
			return s.courses.Erase(tx, me)
		})
		if err != nil {
			t.Fatal(err)
		}
		for table, want := range map[string]int64{"attempts": 0, "answers": 0, "enrolments": 0, "progress": 0, "completions": 1} {
			var n int64
			if err := db.Read(ctx).Table(table).Count(&n).Error; err != nil || n != want {
				t.Errorf("%s: %d rows, %v", table, n, err)
			}
		}
		if s.standing(me).Completed {
			t.Error("an erased person is still known to have finished")
		}
	})
}
