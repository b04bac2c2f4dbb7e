package views

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"tsunagari/courses/coursetest"
	"tsunagari/quiz"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

func TestAnalysisAndRegrade(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		h := newHouse(t, db)
		p := coursetest.Small("supporter")
		p.Modules, p.Closing.Questions = p.Modules[:1], 1
		p.Modules[0].Check, p.Modules[0].Questions = 0, p.Modules[0].Questions[:1]
		publish := func() {
			_, _, err := h.deps.Courses.Publish(t.Context(), p)
			h.must(err)
		}
		publish()
		path := "/trainer/courses/" + p.ID
		h.shows(path+"/analysis", h.admin, 200, "くわしい分析", "まだ、だれも答えていません", "いません")
		for _, stranger := range []string{h.desk, h.other} {
			h.shows(path+"/analysis", stranger, 404)
			h.shows(path+"/regrade/ichi-q1", stranger, 404)
		}
		me, cookie := h.misled()
		h.shows(path+"/analysis", h.admin, 200, "1人中1人", "小さな", "まだ1人の答えです")
		p.Modules[0].Questions[0].Options[0].Weight, p.Modules[0].Questions[0].Options[1].Weight = 0, 1
		publish()
		regrade := path + "/regrade/ichi-q1"
		h.shows(regrade, h.admin, 200, "採点のやり直し", "どのように")
		h.shows(regrade+"?rule=key", h.admin, 200, "点が上がる", "1件", "これで修了する人", "1人")
		h.shows(path+"/regrade/none", h.admin, 404)
		form := url.Values{"operation": {uuid.NewString()}, "rule": {"key"}, "why": {""}}
		res, body := h.send(regrade, form, h.admin)
		if res.StatusCode != 422 {
			t.Fatalf("without a reason: %d", res.StatusCode)
		}
		h.has(body, "採点をやり直す")
		form.Set("why", "正解がまちがっていた")
		for range 2 {
			if res, body := h.send(regrade, form, h.admin); res.StatusCode != 303 {
				t.Fatalf("%d %s", res.StatusCode, body)
			}
		}
		h.shows(path+"/analysis", h.admin, 200, "これまでの採点のやり直し", "正解がまちがっていた")
		s, err := h.deps.Courses.Standing(t.Context(), me, "supporter")
		if err != nil || !s.Completed {
			t.Errorf("who answered right has not finished: %v", err)
		}
		h.shows("/certificates", cookie, 200, "修了、おめでとうございます")
		if body := h.shows(path+"/analysis", h.admin, 200); strings.Contains(body, "花子") {
			t.Error("a name in a statistic")
		}
	})
}

// misled is a registered person who has done everything and answered the
// one question with option 2.
func (h *house) misled() (account, cookie string) {
	h.t.Helper()
	account, cookie = h.learner("北見", "花子", "きたみ", kitami)
	for _, l := range []string{"ichi-1", "ichi-2"} {
		_, err := h.deps.Courses.MarkRead(h.t.Context(), account, "supporter", l)
		h.must(err)
	}
	a, err := h.deps.Quizzes.Start(h.t.Context(), account, "supporter", quiz.Closing)
	h.must(err)
	place := 0
	for i, id := range a.Drawn[0].Show {
		if id == "2" {
			place = i
		}
	}
	h.must(h.deps.Quizzes.Confirm(h.t.Context(), account, a.ID, 1, quiz.Given{Chosen: []int{place}}, 0))
	return account, cookie
}
