package quiz_test

import (
	"slices"
	"strings"
	"testing"

	"gorm.io/gorm"

	"tsunagari/courses/accounts"
	"tsunagari/courses/coursetest"
	"tsunagari/quiz"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

// merge joins from to into, as the house wires it.
func (s *school) merge(from, into string) {
	s.Helper()
	err := s.db.Tx(ctx, func(tx *gorm.DB) error {
		if err := s.quizzes.Merge(tx, from, into); err != nil {
			return err
		}
		return s.courses.Merge(tx, from, into)
	})
	if err != nil {
		s.Fatal(err)
	}
}

func (s *school) held(account string) []quiz.Held {
	s.Helper()
	list, err := s.quizzes.Held(ctx, account)
	if err != nil {
		s.Fatal(err)
	}
	return list
}

// Of two open attempts the one with more answers goes on, whosever it is, and can be
// finished; what has a result is all there.
func TestMerge(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSchool(t, db, coursetest.Small("small"))
		check := quiz.Check("ichi")
		for name, answered := range map[string][2]int{"from ahead": {1, 0}, "into ahead": {0, 1}, "both alike": {1, 1}} {
			from, into := s.account(accounts.Active), s.account(accounts.Active)
			done := s.start(from, check)
			s.confirmAll(from, done, false)
			var open [2]*quiz.Attempt
			for i, account := range []string{from, into} {
				open[i] = s.start(account, check)
				for n := range answered[i] {
					if err := s.quizzes.Confirm(ctx, account, open[i].ID, n+1, s.place(account, open[i].ID, n+1, true), 0); err != nil {
						t.Fatal(err)
					}
				}
			}
			stays := open[1]
			if name == "from ahead" {
				stays = open[0]
			}
			var says accounts.MergePart
			err := db.Tx(ctx, func(tx *gorm.DB) (err error) {
				says, err = s.quizzes.PreviewMerge(tx, from, into)
				return err
			})
			if err != nil || len(says.Rows) != 1 || says.Rows[0].From != "2回" || says.Rows[0].Into != "1回" || !strings.Contains(strings.Join(says.Changes, ""), "「単元ichiの確認」が両方とも途中") {
				t.Errorf("%s: %+v %v", name, says, err)
			}
			s.merge(from, into)

			if got := s.start(into, check); got.ID != stays.ID {
				t.Errorf("%s: %s goes on, not %s", name, got.ID, stays.ID)
			}
			list := s.held(into)
			if len(list) != 2 || len(s.held(from)) != 0 {
				t.Fatalf("%s: %d and %d attempts", name, len(list), len(s.held(from)))
			}
			i := slices.IndexFunc(list, func(h quiz.Held) bool { return h.DoneAt != nil })
			if i < 0 || list[i].Answers[1].ConfirmedAt == nil || len(list[i].Answers[1].Answer) != 1 {
				t.Errorf("%s: the answers of the finished one are %+v", name, list)
			}
			if v := s.view(into, stays.ID); v.ID != stays.ID {
				t.Errorf("%+v", v)
			}
			s.confirmAll(into, stays, true)
			if st := s.standing(into); !st.Done("check:ichi") {
				t.Error("the step is not done")
			}
		}
	})
}

// An attempt in a course that only the one who ends had taken comes along with it.
func TestMergeMovesAWholeCourse(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSchool(t, db, coursetest.Small("small"))
		from, into := s.account(accounts.Guest), s.account(accounts.Active)
		s.read(from, "ichi-1")
		a := s.start(from, quiz.Check("ichi"))
		s.merge(from, into)
		if got := s.start(into, quiz.Check("ichi")); got.ID != a.ID {
			t.Errorf("%s is another attempt than %s", got.ID, a.ID)
		}
		if st := s.standing(into); !st.Read("ichi-1") {
			t.Error("what was read is lost")
		}
		if st := s.standing(from); st.EnrolmentID != "" {
			t.Error("both take the course")
		}
	})
}
