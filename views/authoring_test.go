package views

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"tsunagari/courses"
	"tsunagari/courses/accounts"
	"tsunagari/courses/coursetest"
	"tsunagari/courses/questions"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

// author is a house with a trainer who has begun a course.
type author struct {
	*house
	cookie         string
	by             accounts.Access
	course, base   string // id and address of the course
	module, lesson string
}

// writes makes the trainer and the course.
func (h *house) writes() *author {
	h.t.Helper()
	a := &author{house: h}
	_, a.cookie = h.staff("講師の係", accounts.Trainer, kitami, "講師", "四郎")
	signed, err := h.deps.Accounts.BySession(h.t.Context(), strings.TrimPrefix(a.cookie, "session="))
	h.must(err)
	a.by = signed.Access
	a.course, err = h.deps.Courses.Create(h.t.Context(), a.by, courses.NewCourse{Title: "はじめての見守り講座", Operation: uuid.NewString()})
	h.must(err)
	a.base = authoring + "/" + a.course
	d := a.draft()
	a.module = d.Under(courses.ModulePiece, "")[0].Name
	a.lesson = d.Under(courses.LessonPiece, a.module)[0].Name
	return a
}

func (a *author) draft() *courses.Draft {
	a.t.Helper()
	d, err := a.deps.Courses.Draft(a.t.Context(), a.by, a.course)
	a.must(err)
	return d
}

// asks adds a question of the type to the module and returns its name.
func (a *author) asks(t questions.Type, text string) string {
	a.t.Helper()
	in := courses.QuestionForm(courses.Example(t), 0)
	in.Text, in.Lesson = text, a.lesson
	name, err := a.deps.Courses.AddQuestion(a.t.Context(), a.by, a.course, a.module, uuid.NewString(), in)
	a.must(err)
	return name
}

// sees asks for a page of the course and returns it.
func (a *author) sees(path string, words ...string) string {
	a.t.Helper()
	return a.shows(a.base+path, a.cookie, 200, words...)
}

// leads sends a form that must be accepted and returns where it leads.
func (a *author) leads(path string, form url.Values) string {
	a.t.Helper()
	res, body := a.send(a.base+path, form, a.cookie)
	if res.StatusCode != 303 {
		a.t.Fatalf("%s: %d %s", path, res.StatusCode, mainOf(body))
	}
	return res.Header.Get("Location")
}

// By hand, as the form without script goes: from a title to a published course of
// one module with five questions.
func TestACourseByForms(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		a := newHouse(t, db).writes()
		a.shows(authoring, a.cookie, 200, "はじめての見守り講座", "まだ公開していません", "写して始める")
		a.sees("", "単元1", "レッスン1", "まだ公開していません")
		a.sees("/lessons/"+a.lesson, "スマホでの見え方", "ここに、はじめの文を書きます")

		form := url.Values{"title": {"声をかける"}, "body": {"{孤独|こどく}のことを読みます。"}, "sources": {"ためしの資料"}, "version": {"1"}}
		res, body := a.send(a.base+"/lessons/"+a.lesson+"/preview", form, a.cookie)
		if res.StatusCode != 200 {
			t.Fatalf("preview: %d", res.StatusCode)
		}
		a.has(body, "<ruby>孤独", `value="声をかける"`)
		if got := a.draft().Lesson(a.lesson).Title["ja"]; got != "レッスン1" {
			t.Errorf("a preview saved %q", got)
		}
		if to := a.leads("/lessons/"+a.lesson, form); to != a.base+"/lessons/"+a.lesson {
			t.Errorf("saved, and led to %s", to)
		}
		if res, body := a.send(a.base+"/lessons/"+a.lesson, url.Values{"title": {""}, "body": {"消えない文"}, "version": {"2"}}, a.cookie); res.StatusCode != 422 || !strings.Contains(body, "消えない文") {
			t.Errorf("no title: %d", res.StatusCode)
		}

		for _, kind := range courses.QuestionTypes {
			a.sees("/modules/"+a.module+"/questions/new?type="+string(kind.Type), kind.Label, "こつ", "（例）")
		}
		asked := url.Values{
			"type": {"choice"}, "text": {"はじめにすることは、どれでしょう。"}, "lesson": {a.lesson}, "operation": {uuid.NewString()},
			"part_text": {"あいさつ", "そっとしておく", "", ""}, "part_feedback": {"声をかけるきっかけです。", "待つことも大切です。", "", ""}, "right": {"0"},
		}
		more := url.Values{"do": {"more"}}
		for k, v := range asked {
			more[k] = v
		}
		res, body = a.send(a.base+"/modules/"+a.module+"/questions", more, a.cookie)
		if res.StatusCode != 200 || strings.Count(body, `name="part_text"`) != 8 {
			t.Errorf("more rows: %d, %d of them", res.StatusCode, strings.Count(body, `name="part_text"`))
		}
		a.has(body, `value="そっとしておく"`)
		a.leads("/modules/"+a.module+"/questions", asked)
		a.leads("/modules/"+a.module+"/questions", asked) // once more, the same form
		if n := len(a.draft().Under(courses.QuestionPiece, a.module)); n != 1 {
			t.Errorf("%d questions of one form", n)
		}
		for _, kind := range []questions.Type{questions.TrueFalse, questions.Matching, questions.Ordering, questions.Short} {
			a.asks(kind, "問い"+string(kind))
		}
		a.leads("/modules/"+a.module, url.Values{"title": {"気づく"}, "goals": {"気づける\n声をかけられる"}, "minutes": {"10"}, "check": {"5"}, "version": {"1"}})
		page := a.sees("/publish", "公開できます", "第1版")
		seen := valueOf(page, "seen")
		if to := a.leads("/publish", url.Values{"seen": {seen}}); to != a.base {
			t.Errorf("published, and led to %s", to)
		}
		slug := a.draft().Course.Slug
		a.shows("/courses/"+slug, "", 200, "はじめての見守り講座", "気づく")
		a.shows("/courses/"+slug+"/"+a.lesson, "", 200, "のことを読みます")
		a.sees("/editions", "第1版", "講師 四郎さん")
	})
}

// valueOf is what a hidden field of a page holds.
func valueOf(page, name string) string {
	_, rest, _ := strings.Cut(page, `name="`+name+`" value="`)
	value, _, _ := strings.Cut(rest, `"`)
	return value
}

func TestTwoTextsSideBySide(t *testing.T) {
	h := readyHouse(t)
	a := h.writes()
	path := a.base + "/lessons/" + a.lesson
	a.leads("/lessons/"+a.lesson, url.Values{"title": {"題"}, "body": {"講師の文。"}, "version": {"1"}})
	res, body := h.send(path, url.Values{"title": {"題"}, "body": {"管理者の文。"}, "version": {"1"}}, h.admin)
	if res.StatusCode != 409 {
		t.Fatalf("the second: %d", res.StatusCode)
	}
	h.has(body, "ふたつの文があります", "講師 四郎さん", "講師の文。", "管理者の文。", "自分の文で保存", "相手の文を残す", `name="body" value="管理者の文。"`, `name="version" value="2"`)
	res, _ = h.send(path, url.Values{"title": {"題"}, "body": {"管理者の文。"}, "version": {valueOf(body, "version")}}, h.admin)
	if res.StatusCode != 303 || a.draft().Lesson(a.lesson).Body["ja"] != "管理者の文。" {
		t.Errorf("the own text: %d", res.StatusCode)
	}
	saves := a.sees("/lessons/"+a.lesson+"/saves", "いまの文", "ほかの人と重なった")
	id := valueOf(saves, "save")
	a.leads("/restore", url.Values{"save": {id}})

	for _, try := range []struct {
		form   url.Values
		status int
		say    string
	}{
		{url.Values{"title": {"題"}, "body": {"書きかけ。"}, "version": {"4"}}, 200, `"version":5`},
		{url.Values{"title": {"題"}, "body": {"古い版から。"}, "version": {"2"}}, 409, `"stop":true`},
		{url.Values{"title": {""}, "body": {"題がない。"}, "version": {"5"}}, 422, "題を入力してください"},
	} {
		res, body := h.send(path+"/autosave", try.form, a.cookie)
		if res.StatusCode != try.status || !strings.Contains(body, try.say) {
			t.Errorf("%v: %d %s", try.form, res.StatusCode, body)
		}
	}
}

// Whatever somebody typed is inert wherever it is shown.
func TestTypedTextsAreInert(t *testing.T) {
	h := readyHouse(t)
	a := h.writes()
	const evil = `"><script>alert(1)</script><img src=x onerror=alert(1)>`
	a.leads("/lessons/"+a.lesson, url.Values{"title": {evil}, "easy_title": {evil}, "body": {evil + "\n\n[x](javascript:alert(1))\n\n## " + evil}, "sources": {evil}, "version": {"1"}})
	a.leads("/modules/"+a.module, url.Values{"title": {evil}, "goals": {evil}, "version": {"1"}})
	a.leads("/settings", url.Values{"title": {evil}, "minutes": {"10"}, "closing_rule": {"understood"}, "version": {"1"}})
	a.asks(questions.Choice, evil)
	for _, path := range []string{"", "/settings", "/publish", "/lessons/" + a.lesson, "/modules/" + a.module, "/modules/" + a.module + "/questions", "/lessons/" + a.lesson + "/saves"} {
		a.lacks(a.sees(path), "<script>alert", "<img src=x", `href="javascript:`)
	}
}

func TestBuiltInCourseIsWrittenByAdministrators(t *testing.T) {
	h := readyHouse(t)
	a := h.writes()
	id := coursetest.Small("supporter").ID
	h.shows(authoring+"/"+id, a.cookie, 404)
	h.shows(authoring+"/"+id, h.desk, 404)
	h.shows(authoring+"/"+id, h.admin, 200, "小さな講座supporter", "第1版")
	res, _ := h.send(authoring+"/copy", url.Values{"course": {id}, "operation": {uuid.NewString()}}, a.cookie)
	if res.StatusCode != 303 {
		t.Fatalf("a trainer copies it: %d", res.StatusCode)
	}
	h.shows(res.Header.Get("Location"), a.cookie, 200, "小さな講座supporter（写し）")
}

// A course that takes nobody new says so to whoever is new.
func TestClosedCourseSaysSo(t *testing.T) {
	a := newHouse(t, storagetest.Open(t, storagetest.SQLite(t))).writes()
	a.leads("/publish", url.Values{"seen": {valueOf(a.sees("/publish"), "seen")}})
	slug := a.draft().Course.Slug
	a.lacks(a.shows("/courses/"+slug, "", 200), "新しい受付を終えています")
	a.sees("/close", "いま途中の方は、いません")
	a.leads("/close", nil)
	a.shows("/courses/"+slug, "", 200, "新しい受付を終えています")
	id, cookie := a.learner("網走", "次郎", "あばしり", kitami)
	res, body := a.send("/courses/"+slug+"/"+a.lesson, nil, cookie)
	if res.StatusCode != 410 {
		t.Errorf("%s begins a closed course: %d", id, res.StatusCode)
	}
	a.has(body, "新しい受付を終えています")
	a.sees("", "受付を再開する")
	a.leads("/open", nil)
	a.lacks(a.shows("/courses/"+slug, "", 200), "新しい受付を終えています")
}

// A question is shown as learners will see it, of every type, and nothing is kept.
func TestQuestionIsPreviewed(t *testing.T) {
	a := readyHouse(t).writes()
	bank := "/modules/" + a.module + "/questions"
	for _, kind := range courses.QuestionTypes {
		in := courses.QuestionForm(courses.Example(kind.Type), 0)
		form := url.Values{
			"do": {"preview"}, "operation": {uuid.NewString()}, "type": {string(in.Type)}, "text": {in.Text}, "lesson": {a.lesson}, "explanation": {in.Explanation},
			"part_id": in.IDs, "part_text": in.Texts, "part_right": in.Rights, "right": in.Right, "part_feedback": in.Feedback, "part_weight": in.Weights,
			"group_id": in.GroupIDs, "group_text": in.Groups, "sorted": in.Sorted, "same": in.Same, "part_tolerance": in.Tolerances, "unit": {in.Unit}, "otherwise": {in.Otherwise},
		}
		res, body := a.send(a.base+bank, form, a.cookie)
		if res.StatusCode != 200 {
			t.Fatalf("%s: %d %s", kind.Type, res.StatusCode, wordsOf(body))
		}
		a.has(body, "受講者に見える形", "まだ保存していません", `<p class="question">`)
		a.lacks(body, "このままでは、出せません")
	}
	if n := len(a.asked()); n != 0 {
		t.Errorf("%d questions were kept", n)
	}
	name := a.asks(questions.Choice, "見守りとは")
	res, body := a.send(a.base+"/questions/"+name, url.Values{"do": {"preview"}, "type": {"choice"}, "version": {"1"}, "text": {"つながりとは"}}, a.cookie)
	if res.StatusCode != 200 {
		t.Fatal(res.StatusCode)
	}
	a.has(body, "受講者に見える形", "つながりとは", "このままでは、出せません")
	if got := a.asked(); len(got) != 1 || got[0] != "見守りとは" {
		t.Errorf("%q", got)
	}
}
