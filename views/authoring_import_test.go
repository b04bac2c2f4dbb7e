package views

import (
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"

	"tsunagari/courses"
	"tsunagari/courses/accounts"
	"tsunagari/courses/questions"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

// faulty has three faults on purpose: a brace that is never closed, a choice with
// nothing right, and an essay, which we cannot mark.
const faulty = `::あいさつ::朝、近所の人に会いました。はじめにすることは、どれでしょう。{
=あいさつをする #よいきっかけになります。
~急いで通りすぎる #声をかけてみましょう。
####あいさつは、だれにでもできます。
}

::閉じない::これは閉じません。{
=あ
~い

::正解なし::正しいものが、ひとつもありません。{
~あ
~い
}

::作文::気づいたことを書いてください。{}

::まる::孤独と孤立は、おなじことです。{F}
`

// everyType has a question of each type that GIFT knows.
const everyType = `
::組::合うものを選びましょう。{
=あいさつ -> 朝
=見守り -> 夕方
= -> 夜中
}

::数::オホーツク管内の市町村はいくつですか。{#18:0 #そのとおりです。}

::言葉::つながりサポーターが最初にするのは、何ですか。{=あいさつ #よくできました。 =%50%声かけ ~*#もう一度、読んでみましょう。}

::いくつも::あてはまるものは、どれですか。{~%50%あいさつをする#よいことです。 ~%50%話を聞く ~%-100%すぐに決めつける#まず聞きましょう。}
`

func (a *author) asked() []string {
	a.t.Helper()
	var list []string
	d := a.draft()
	for _, p := range d.Under(courses.QuestionPiece, a.module) {
		list = append(list, d.Title(p))
	}
	return list
}

func TestQuestionsOfAnotherSystem(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		a := newHouse(t, db).writes()
		address := "/modules/" + a.module + "/import"
		a.sees("/modules/"+a.module+"/questions", a.base+address)
		a.sees(address, "問題の文をはる", "自動で見分ける")

		res, page := a.send(a.base+address, url.Values{"text": {faulty}}, a.cookie)
		if res.StatusCode != 200 {
			t.Fatalf("preview: %d %s", res.StatusCode, mainOf(page))
		}
		a.has(page, "2問を入れる", "<b>7行目</b>", "<b>11行目</b>", "<b>16行目</b>", "ふり返りとして残す", "よいきっかけになります。", "あいさつは、だれにでもできます。", "::閉じない::")
		if n := len(a.asked()); n != 0 {
			t.Fatalf("a preview stored %d questions", n)
		}

		form := url.Values{"do": {"import"}, "kept": {valueOf(page, "kept")}, "format": {valueOf(page, "format")}, "lesson": {a.lesson}, "operation": {uuid.NewString()}, "keep": {"0"}}
		for range 2 {
			if to := a.leads(address, form); to != a.base+"/modules/"+a.module+"/questions" {
				t.Errorf("imported, and led to %s", to)
			}
			if got := strings.Join(a.asked(), "|"); got != "朝、近所の人に会いました。はじめにすることは、どれでしょう。|孤独と孤立は、おなじことです。|気づいたことを書いてください。" {
				t.Fatalf("the module has %s", got)
			}
		}
		d := a.draft()
		for _, p := range d.Under(courses.QuestionPiece, a.module) {
			q := d.Question(p.Name)
			if q.Lesson != a.lesson || len(courses.QuestionFaults(q)) > 0 {
				t.Errorf("%s: lesson %q, %v", q.Text["ja"], q.Lesson, courses.QuestionFaults(q))
			}
		}
	})
}

func TestImportRefuses(t *testing.T) {
	a := newHouse(t, storagetest.Open(t, storagetest.SQLite(t))).writes()
	address := a.base + "/modules/" + a.module + "/import"
	for name, test := range map[string]struct {
		form url.Values
		says string
	}{
		"nothing":      {url.Values{}, "ファイルを選ぶか"},
		"no format":    {url.Values{"text": {"ただの文です。"}}, "見分けられませんでした"},
		"none good":    {url.Values{"text": {"問い{~あ ~い}"}}, "入れられる問題が、ひとつもありません"},
		"broken":       {url.Values{"kept": {"%%%"}}, "とちゅうで失われました"},
		"no operation": {url.Values{"do": {"import"}, "text": {"問い{T}"}, "operation": {"x"}}, "1問を入れる"},
	} {
		res, page := a.send(address, test.form, a.cookie)
		if res.StatusCode != 422 || !strings.Contains(page, test.says) || !strings.Contains(page, test.form.Get("text")) {
			t.Errorf("%s: %d\n%s", name, res.StatusCode, mainOf(page))
		}
	}
	form := url.Values{"do": {"import"}, "text": {"問い{T}"}, "lesson": {"lesson-none"}, "operation": {uuid.NewString()}}
	if res, _ := a.send(address, form, a.cookie); res.StatusCode != 404 {
		t.Errorf("a lesson that is not there: %d", res.StatusCode)
	}
	if n := len(a.asked()); n != 0 {
		t.Errorf("%d questions came in", n)
	}
}

// A file with full-width signs is read again as it was meant.
func TestImportFullWidth(t *testing.T) {
	a := newHouse(t, storagetest.Open(t, storagetest.SQLite(t))).writes()
	address := a.base + "/modules/" + a.module + "/import"
	_, page := a.send(address, url.Values{"text": {"孤独は、ひとりでいることです。｛Ｆ｝\n"}}, a.cookie)
	a.has(page, "全角の記号を直して読み直す")
	_, page = a.send(address, url.Values{"kept": {valueOf(page, "kept")}, "format": {"gift"}, "wide": {"true"}}, a.cookie)
	a.has(page, "1問を入れる", `name="wide" value="true"`)
}

// A file that was said to be something else is offered as what it is.
func TestImportOfAnotherFormat(t *testing.T) {
	a := newHouse(t, storagetest.Open(t, storagetest.SQLite(t))).writes()
	address := a.base + "/modules/" + a.module + "/import"
	for _, chosen := range []string{"aiken", "moodlexml", "csv"} {
		res, page := a.send(address, url.Values{"text": {"孤独と孤立は、おなじことです。{F}"}, "format": {chosen}}, a.cookie)
		if res.StatusCode != 422 || !strings.Contains(page, "別の形のファイルのようです") {
			t.Errorf("GIFT as %s: %d\n%s", chosen, res.StatusCode, mainOf(page))
		}
		_, card, _ := strings.Cut(page, "別の形のファイルのようです")
		_, page = a.send(address, url.Values{"kept": {valueOf(card, "kept")}, "format": {valueOf(card, "format")}}, a.cookie)
		a.has(page, "1問を入れる")
	}
	_, page := a.send(address, url.Values{"text": {"問い\nA) a\nB) b\n"}, "format": {"aiken"}}, a.cookie)
	if strings.Contains(page, "別の形のファイルのようです") {
		t.Error("a broken Aiken file is taken for something else")
	}
}

// A long file shows its beginning; what a module has no room for is refused whole.
func TestImportOfMany(t *testing.T) {
	a := newHouse(t, storagetest.Open(t, storagetest.SQLite(t))).writes()
	address := a.base + "/modules/" + a.module + "/import"
	var many strings.Builder
	for i := range 501 {
		many.WriteString("問い" + strconv.Itoa(i) + "{T}\n\n")
	}
	_, page := a.send(address, url.Values{"text": {many.String()}}, a.cookie)
	a.has(page, "ほか451問", "あと500問まで入ります")
	form := url.Values{"do": {"import"}, "kept": {valueOf(page, "kept")}, "format": {"gift"}, "operation": {uuid.NewString()}}
	if res, _ := a.send(address, form, a.cookie); res.StatusCode != 422 {
		t.Errorf("too many: %d", res.StatusCode)
	}
	if n := len(a.asked()); n != 0 {
		t.Errorf("%d of too many questions came in", n)
	}
}

// What leaves comes back the same.
func TestQuestionsOutAndIn(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		a := newHouse(t, db).writes()
		for _, kind := range []questions.Type{questions.Choice, questions.Multiple, questions.TrueFalse, questions.Matching, questions.Short, questions.Numerical} {
			a.asks(kind, "問い"+string(kind))
		}
		bank := "/modules/" + a.module
		before := strings.Join(a.asked(), "|")
		a.sees(bank+"/export", "6問", "Aiken", "書き出せないものがあります")
		a.sees("/export", "この講座の問題6問")
		for _, format := range []string{"gift", "moodlexml", "csv"} {
			res, file := a.get(a.base+bank+"/export/"+format, a.cookie)
			if res.StatusCode != 200 || !strings.Contains(res.Header.Get("Content-Disposition"), "-"+format+".") {
				t.Fatalf("%s: %d %v", format, res.StatusCode, res.Header)
			}
			_, page := a.send(a.base+bank+"/import", url.Values{"text": {file}}, a.cookie)
			a.has(page, "6問を入れる", "同じ文の問題が、この単元にもうあります")
			for _, q := range a.draft().Under(courses.QuestionPiece, a.module) {
				a.must(a.deps.Courses.Archive(t.Context(), a.by, a.course, courses.QuestionPiece, q.Name))
			}
			a.leads(bank+"/import", url.Values{"do": {"import"}, "kept": {valueOf(page, "kept")}, "format": {format}, "operation": {uuid.NewString()}})
			if after := strings.Join(a.asked(), "|"); after != before {
				t.Errorf("%s: out went\n%s\nin came\n%s", format, before, after)
			}
		}
		if res, _ := a.get(a.base+bank+"/export/word", a.cookie); res.StatusCode != 404 {
			t.Errorf("an unknown format: %d", res.StatusCode)
		}
	})
}

func TestQuestionsOfSomebodyElse(t *testing.T) {
	a := newHouse(t, storagetest.Open(t, storagetest.SQLite(t))).writes()
	_, other := a.staff("ほかの係", accounts.Trainer, abashiri, "講師", "五郎")
	bank := a.base + "/modules/" + a.module
	if res, file := a.get(bank+"/import/template.xlsx", a.cookie); res.StatusCode != 200 || !strings.HasPrefix(file, "PK") {
		t.Errorf("the template: %d", res.StatusCode)
	}
	for _, path := range []string{bank + "/import", bank + "/import/template.xlsx", bank + "/export", bank + "/export/gift", a.base + "/export", a.base + "/export/gift"} {
		if res, _ := a.get(path, other); res.StatusCode != 404 {
			t.Errorf("%s: %d", path, res.StatusCode)
		}
	}
	form := url.Values{"do": {"import"}, "text": {"問い{T}"}, "operation": {uuid.NewString()}}
	if res, _ := a.send(bank+"/import", form, other); res.StatusCode != 404 {
		t.Errorf("import: %d", res.StatusCode)
	}
	if res, _ := a.send(a.base+"/modules/unit-none/import", form, a.cookie); res.StatusCode != 404 {
		t.Errorf("no such module: %d", res.StatusCode)
	}
}
