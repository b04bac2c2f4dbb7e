package views

import (
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/google/uuid"

	"tsunagari/courses"
	"tsunagari/courses/questions"
	"tsunagari/views/browsertest"
)

const drawn = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 360 220"><rect width="360" height="220" rx="12" fill="#f8f8fb"/><circle cx="120" cy="110" r="50" fill="#264af4"/><circle cx="240" cy="110" r="50" fill="#197a4b"/></svg>`

// authorLooks is everything that a trainer sees while writing.
func authorLooks(t *testing.T, a *author) []look {
	t.Helper()
	a.leads("/lessons/"+a.lesson, url.Values{"title": {"声をかける"}, "easy_title": {"{声|こえ}をかける"}, "version": {"1"}, "sources": {"ためしの資料"}, "body": {
		"{孤独|こどく}と{孤立|こりつ}は、ちがうことがらです。\n\n## あいさつから\n\n:::point 大切なこと\n- あいさつをする\n- ゆっくり聞く\n:::\n\n" +
			":::sort wakeru\nあてはまるところを選びましょう。\n\ngroups: ひとりで / 窓口と\n\n- 毎朝、あいさつをする => ひとりで\n  > 今日から始められます。\n- お金の手続き => 窓口と\n  > 窓口がくわしく知っています。\n:::",
	}})
	for i, kind := range []questions.Type{questions.Choice, questions.Multiple, questions.TrueFalse, questions.Matching, questions.Ordering, questions.Sort, questions.Short, questions.Numerical, questions.Reflection} {
		a.asks(kind, "問い"+string(rune('1'+i))+"：近所の人の様子が、いつもとちがうと気づきました。はじめにするとよいことは、どれでしょう。")
	}
	_, _, err := a.deps.Courses.AddPicture(t.Context(), a.by, a.course, courses.PictureInput{Said: courses.Said{Alt: "二つの輪がならんでいる図"}, Operation: uuid.NewString(), File: []byte(drawn)})
	a.must(err)
	a.leads("/modules/"+a.module, url.Values{"title": {"気づくことから"}, "goals": {"気づける\n声をかけられる"}, "minutes": {"10"}, "check": {"4"}, "version": {"1"}})
	a.leads("/publish", url.Values{"seen": {valueOf(a.sees("/publish"), "seen")}})
	slug := a.draft().Course.Slug
	id, _ := a.learner("網走", "次郎", "あばしり", kitami)
	_, err = a.deps.Courses.MarkRead(t.Context(), id, slug, a.lesson)
	a.must(err)
	a.leads("/lessons/"+a.lesson, url.Values{"title": {"声をかける"}, "version": {"2"}, "sources": {"ためしの資料"}, "body": {"孤独と{孤立|こりつ}は、ちがうことがらです。とても長い文を書いてしまうと、読むのがたいへんになるので、五十文字をこえたところでお知らせが出るようになっています。\n\n## あいさつから\n\n:::point 大切なこと\n- あいさつをする\n- ゆっくり聞く\n- 急がない\n:::"}})
	a.leads("/modules/"+a.module+"/lessons", url.Values{"title": {"しまうレッスン"}, "operation": {uuid.NewString()}})
	second := a.draft().Under(courses.LessonPiece, a.module)[1].Name
	looks := []look{
		{"author-courses", a.cookie, authoring, nil},
		{"author-new", a.cookie, authoring + "/new", nil},
		{"author-new-fault", a.cookie, authoring + "/new", map[string]string{"title": ""}},
		{"author-bring", a.cookie, authoring + "/import", nil},
		{"author-course", a.cookie, a.base, nil},
		{"author-settings", a.cookie, a.base + "/settings", nil},
		{"author-module", a.cookie, a.base + "/modules/" + a.module, nil},
		{"author-lesson", a.cookie, a.base + "/lessons/" + a.lesson, nil},
		{"author-lesson-fault", a.cookie, a.base + "/lessons/" + a.lesson, map[string]string{"title": ""}},
		{"author-conflict", a.cookie, a.base + "/lessons/" + a.lesson, map[string]string{"body": "ほかの人の文です。\n\n二行目です。", "version": "1"}},
		{"author-saves", a.cookie, a.base + "/lessons/" + a.lesson + "/saves", nil},
		{"author-bank", a.cookie, a.base + "/modules/" + a.module + "/questions", nil},
		{"author-choose", a.cookie, a.base + "/modules/" + a.module + "/questions/choose", nil},
		{"author-import", a.cookie, a.base + "/modules/" + a.module + "/import", nil},
		{"author-import-preview", a.cookie, a.base + "/modules/" + a.module + "/import", map[string]string{"text": faulty + everyType}},
		{"author-import-wide", a.cookie, a.base + "/modules/" + a.module + "/import", map[string]string{"text": "孤独は、ひとりでいることです。｛Ｆ｝\n"}},
		{"author-import-fault", a.cookie, a.base + "/modules/" + a.module + "/import", map[string]string{"text": "ただの文です。"}},
		{"author-export", a.cookie, a.base + "/modules/" + a.module + "/export", nil},
		{"author-pictures", a.cookie, a.base + "/pictures", nil},
		{"author-publish", a.cookie, a.base + "/publish", nil},
		{"author-editions", a.cookie, a.base + "/editions", nil},
		{"author-share", a.cookie, a.base + "/share", nil},
		{"author-close", a.cookie, a.base + "/close", nil},
		{"author-broken", a.cookie, a.base + "/lessons/" + second, map[string]string{"body": ":::sort\n本文のない活動"}},
		{"author-publish-stopped", a.cookie, a.base + "/publish", nil},
	}
	for _, kind := range courses.QuestionTypes {
		looks = append(looks, look{"author-question-" + string(kind.Type), a.cookie, a.base + "/modules/" + a.module + "/questions/new?type=" + string(kind.Type), nil})
	}
	return looks
}

func TestAuthorPagesInABrowser(t *testing.T) {
	b := browsertest.Start(t)
	for _, screen := range []browsertest.Screen{browsertest.Phone, browsertest.Desk, browsertest.Phone.InDark()} {
		h := readyHouse(t)
		h.deps.BaseURL = ""
		looks := authorLooks(t, h.writes())
		at := browsertest.Serve(t, New(h.deps))
		tab := b.Tab(t, screen)
		for _, l := range looks {
			t.Run(screen.Name+"/"+l.name, func(t *testing.T) {
				name, value, _ := strings.Cut(l.cookie, "=")
				if err := chromedp.Do(tab, cookie(at, name, value), chromedp.Navigate(at+l.path)); err != nil {
					t.Fatal(err)
				}
				if l.fill != nil {
					if err := submit(l.fill, tab); err != nil {
						t.Fatal(err)
					}
				}
				fits(t, tab)
				browsertest.Shot(t, tab, l.name+"-"+screen.Name)
				browsertest.Axe(t, tab)
			})
		}
	}
}
