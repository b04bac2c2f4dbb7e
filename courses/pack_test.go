package courses

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"tsunagari/courses/curriculum"
	"tsunagari/courses/questions"
)

func TestPackFaultsNameFileAndLine(t *testing.T) {
	timetable := func(old, new string) string { return strings.Replace(packTimetable, old, new, 1) }
	slides := func(old, new string) string { return strings.Replace(packSlides, old, new, 1) }
	handout := func(old, new string) string { return strings.Replace(packHandout, old, new, 1) }
	sheets := func(old, new string) string { return strings.Replace(packSheets, old, new, 1) }
	for name, test := range map[string]struct{ file, content, want string }{
		"no timetable":          {"class/timetable.yaml", "", "class/timetable.yaml: 進行表（plans）がありません。"},
		"no slides":             {"class/slides.md", "", "class/slides.md: スライドがありません。"},
		"no handout":            {"class/handout.md", "", "class/handout.md: 配る資料の本文がありません。"},
		"no sheets":             {"class/sheets.yaml", "", "class/sheets.yaml: チェックリスト（checklist）がありません。"},
		"left over":             {"class/slides.easy.md", "x", "class/slides.easy.md: このファイルは使われていません。"},
		"minutes do not add up": {"class/timetable.yaml", timetable("minutes: 15", "minutes: 14"), "class/timetable.yaml:2: 進行表「20分の進行表」は20分ですが、足すと19分です。"},
		"slide missing":         {"class/timetable.yaml", timetable("2-3", "2-4"), "class/timetable.yaml:10: スライド4がありません。スライドは3枚です。"},
		"slide nowhere":         {"class/timetable.yaml", timetable("2-3", "2"), "class/timetable.yaml:2: スライド3が、進行表「20分の進行表」のどこにもありません。"},
		"slide twice":           {"class/timetable.yaml", timetable("2-3", "1-3"), "class/timetable.yaml:10: スライド1が、進行表「20分の進行表」に二度あります。"},
		"slides backwards":      {"class/timetable.yaml", timetable("1, 3", "3, 1"), "class/timetable.yaml:21: slides の番号は、小さいほうから"},
		"slides in words":       {"class/timetable.yaml", timetable("1, 3", "全部"), "class/timetable.yaml:21: slides は「3」「3-5」"},
		"who is missing":        {"class/timetable.yaml", timetable(`        who: "みんな"`+"\n", ""), "class/timetable.yaml:10: 「who」がありません。"},
		"slip of the pen":       {"class/timetable.yaml", timetable("note:", "notes:"), "class/timetable.yaml:14: 「notes」という名前は、ここでは使いません。"},
		"html in a part":        {"class/timetable.yaml", timetable("はじめに", "<b>はじめに</b>"), "class/timetable.yaml:5: HTMLは使えません"},
		"no title":              {"class/slides.md", slides("## おわりに\n", "おわりに\n"), "class/slides.md:35: スライドは「## 見出し」の行で始めてください。"},
		"second heading":        {"class/slides.md", slides("大きな文字です。", "大きな文字です。\n\n### 小さく"), "class/slides.md:13: スライドの見出しは、はじめの"},
		"no notes":              {"class/slides.md", slides(":::notes\nまた会いましょう。\n:::\n", ""), "class/slides.md:35: 講師の話す言葉（:::notes）がありません。"},
		"notes open":            {"class/slides.md", slides("また会いましょう。\n:::\n", "また会いましょう。\n"), "class/slides.md:42: 「:::notes」を閉じる ::: がありません。"},
		"notes twice":           {"class/slides.md", slides("大きな文字です。", ":::notes\n話します。\n:::"), "class/slides.md:15: ひとつのスライドに :::notes が二つあります。"},
		"empty slide":           {"class/slides.md", slides("---\n\n## 「", "---\n\n---\n\n## 「"), "class/slides.md:20: 中身のないスライドがあります。"},
		"picture unknown":       {"class/slides.md", slides("media/masu.svg", "media/b.svg"), "class/slides.md:23: media/b.svg がありません。"},
		"picture without words": {"class/slides.md", slides("![四つのますの図です。](media/masu.svg \"図\")", "![](media/masu.svg)"), "class/slides.md:23: 図の説明（見えない人のための文）がありません。"},
		"open emphasis":         {"class/slides.md", slides("**ようこそ**", "**ようこそ"), "class/slides.md:14: 「**」が対になっていません。"},
		"html on a slide":       {"class/slides.md", slides("大きな文字です。", "<br>"), "class/slides.md:11: HTMLは使えません"},
		"html in a title":       {"class/slides.md", slides("## おわりに", "## <b>おわり</b>"), "class/slides.md:35: HTMLは使えません"},
		"folded on a slide":     {"class/slides.md", slides(":::proposal", ":::more"), "class/slides.md:29: 「:::more」は画面で開くものです。"},
		"activity on a slide":   {"class/slides.md", slides("大きな文字です。", ":::chain x\n1. a\n2. b\n:::"), "class/slides.md:11: 「:::chain」は画面で動くものです。"},
		"activity on paper":     {"class/handout.md", handout(":::worksheet memo\nlines: 3\n\n- わたしの{町|まち}で\n:::", ":::chain x\n1. a\n2. b\n:::"), "class/handout.md:21: 「:::chain」は画面で動くものです。"},
		"empty page":            {"class/handout.md", handout("## 書いてみましょう", "---"), "class/handout.md:18: 中身のないページがあります。"},
		"page with a fault":     {"class/handout.md", handout("## はじめに", "# はじめに"), "class/handout.md:5: 見出しは ## か ### で始めてください。"},
		"other shape":           {"class/handout.easy.md", strings.Replace(packEasyHandout, "lines: 3", "lines: 2", 1), "class/handout.easy.md:12: 活動「memo」の"},
		"sheet twice":           {"class/handout.md", handout(":::worksheet tenken", ":::worksheet memo"), "class/handout.md:36: 「memo」という活動が二度あります。"},
		"unknown part":          {"class/sheets.yaml", sheets("poster:", "postar:"), "class/sheets.yaml:17: 「postar」という名前は、ここでは使いません。"},
		"nothing to answer":     {"class/sheets.yaml", sheets("      lines: 4\n", ""), "class/sheets.yaml:10: choices（丸をつける言葉）か lines（書く行の数）が要ります。"},
		"easy choices":          {"class/sheets.yaml", sheets(`, "わからなかった"]`, "]"), "class/sheets.yaml:9: 「choices_easy」の数が、「choices」（2）とちがいます。"},
		"easy alone":            {"class/sheets.yaml", sheets(`  intro: "思ったとおりに。"`+"\n", ""), "class/sheets.yaml:4: 「intro_easy」がありますが、「intro」がありません。"},
		"unknown question":      {"class/sheets.yaml", sheets("q-2", "q-9"), "class/sheets.yaml:16: 問題「q-9」がありません。"},
		"question twice":        {"class/sheets.yaml", sheets("q-2", "q-1"), "class/sheets.yaml:16: 問題「q-1」が二度あります。"},
		"question of the check": {"hito/questions.yaml", strings.Replace(bankYAML, "id: q-2\n", "id: q-2\n  use: [check]\n", 1), "class/sheets.yaml:16: 問題「q-2」は、まとめの確認に使わない問題です"},
		"no privacy":            {"class/sheets.yaml", sheets(`  privacy: "連絡のためだけに使います。"`+"\n", ""), "class/sheets.yaml:25: 「privacy」がありません。"},
		"field twice":           {"class/sheets.yaml", sheets(`name: "年代"`, `name: "お名前"`), "class/sheets.yaml:30: 「お名前」が二度あります。"},
		"too many lines":        {"class/sheets.yaml", sheets("lines: 4", "lines: 40"), "class/sheets.yaml:11: 「lines」には1から20までの整数"},
		"html in a sheet":       {"class/sheets.yaml", sheets("どうでしたか。", "<i>どう</i>"), "class/sheets.yaml:7: HTMLは使えません"},
		"html on the poster":    {"class/sheets.yaml", sheets("あいさつから", "<i>あいさつ</i>から"), "class/sheets.yaml:18: HTMLは使えません"},
		"html in the form":      {"class/sheets.yaml", sheets("ふりがなも", "<i>ふりがな</i>"), "class/sheets.yaml:28: HTMLは使えません"},
		"html in the checklist": {"class/sheets.yaml", sheets("印刷する", "<i>印刷</i>"), "class/sheets.yaml:35: HTMLは使えません"},
		"module named class":    {"course.md", strings.Replace(courseMD, "[hito]", "[hito, class]", 1), "class/module.md: 「class」は授業パックのフォルダーです。"},
	} {
		t.Run(name, func(t *testing.T) {
			_, faults := ReadPackage(packFixture(test.file, test.content))
			if got := faultLines(faults); !strings.Contains(got, test.want) {
				t.Errorf("got\n%s\nwant %s", got, test.want)
			}
		})
	}
}

// TestPackAddedByHand: a package that was never a folder is checked too.
func TestPackAddedByHand(t *testing.T) {
	p := readFixture(t)
	p.faults, p.Class = nil, &ClassPack{}
	if _, err := p.Document(); err == nil {
		t.Error("an empty pack is published")
	}
}

func TestPackRoundTrip(t *testing.T) {
	p, faults := ReadPackage(packFixture())
	if len(faults) > 0 {
		t.Fatal(faultLines(faults))
	}
	before, err := p.Document()
	if err != nil {
		t.Fatal(err)
	}
	var zipped bytes.Buffer
	if err := WriteZip(&zipped, p); err != nil {
		t.Fatal(err)
	}
	folder, err := OpenZip(bytes.NewReader(zipped.Bytes()), int64(zipped.Len()))
	if err != nil {
		t.Fatal(err)
	}
	again, faults := ReadPackage(folder)
	if len(faults) > 0 {
		t.Fatal(faultLines(faults))
	}
	after, err := again.Document()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(before, after) {
		t.Errorf("before\n%s\nafter\n%s", before, after)
	}
	for _, want := range []string{`"slides":[1,3]`, `"personal":true`, `"unconfirmed":["まだの話"]`, `"questions":["q-1","q-2"]`, `"わからなかった"`} {
		if !bytes.Contains(after, []byte(want)) {
			t.Errorf("no %s in %s", want, after)
		}
	}
}

func TestSlideRanges(t *testing.T) {
	for want, numbers := range map[string][]int{"": nil, "4": {4}, "1-3": {1, 2, 3}, "1-2, 5, 7-9": {1, 2, 5, 7, 8, 9}} {
		if got := slideRanges(numbers); got != want {
			t.Errorf("%v: %q, want %q", numbers, got, want)
		}
	}
}

func TestOpenedPack(t *testing.T) {
	p := openPack(t)
	if p.Derived || len(p.Slides) != 3 || p.Sources[0] != "ある資料" || p.Slides[1].Number != 2 || p.Slides[1].Title[questions.JA] != "「{孤独|こどく}」とは" {
		t.Fatalf("pack %+v", p)
	}
	holds(t, string(p.Slides[0].HTML(true)), "<p>大きな文字です。</p>")
	holds(t, string(p.Slides[0].NotesHTML(false)), "<strong>ようこそ</strong>", "<li>ひと息つきます。</li>")
	holds(t, string(p.Slides[1].HTML(false)), `aria-labelledby="f1-title"`, `block--proposal`, "この講座の提案")
	holds(t, string(p.Slides[2].HTML(true)), `aria-labelledby="f2-title"`, "<rt>しゅかんてき</rt>")
	if html := string(p.Slides[2].HTML(false)); strings.Contains(html, "ruby") || strings.Contains(html, "また会いましょう") {
		t.Errorf("slide %s", html)
	}
	if len(p.Paper.Questions) != 2 || p.Paper.Questions[1].Number != 2 || p.Paper.Questions[1].Question.ID != "q-2" ||
		!reflect.DeepEqual(p.Paper.Questions[0].Show, []string{"1", "2"}) {
		t.Errorf("paper %+v", p.Paper)
	}
	if !p.HasEasyHandout() || p.Handout(questions.Easy).Title != "くばる{紙|かみ}" || p.Handout("en").Title != "配る資料" {
		t.Error("the handout's languages")
	}
}

func TestPrintedOrder(t *testing.T) {
	q := &questions.Question{ID: "m", Type: questions.Matching, Pairs: []questions.Pair{{ID: "1"}, {ID: "2"}, {ID: "3"}}}
	first := printed(q)
	if reflect.DeepEqual(first, []string{"1", "2", "3"}) || len(first) != 3 {
		t.Errorf("the order %v tells the key", first)
	}
	if !reflect.DeepEqual(first, printed(q)) {
		t.Error("two prints differ")
	}
}

// TestDerivedPack: a course without class/ can be taught all the same.
func TestDerivedPack(t *testing.T) {
	p := openFixture(t).Class
	if !p.Derived || len(p.Slides) != 4 {
		t.Fatalf("%d slides: %+v", len(p.Slides), p)
	}
	holds(t, string(p.Slides[1].HTML(false)), "<li>ちがいを言える</li>")
	lesson := p.Slides[2]
	holds(t, string(lesson.HTML(false)), `<svg role="img"`, "block--point")
	holds(t, string(lesson.NotesHTML(false)), "これは")
	plan := p.Plans[0]
	sum, slides := 0, []int{}
	for _, part := range plan.Parts {
		sum += part.Minutes
		slides = append(slides, part.Slides...)
	}
	if sum != plan.Minutes || !reflect.DeepEqual(slides, []int{1, 2, 3, 4}) {
		t.Errorf("plan %+v", plan)
	}
	if len(p.Paper.Questions) != 2 || p.Poster.Catch != "一文の紹介です。" || len(p.Reflection.Items) < 4 || len(p.Application.Fields) < 4 || len(p.Checklist) != 4 {
		t.Errorf("sheets %+v", p)
	}
	if len(p.Handout(questions.JA).Blocks) == 0 || !p.HasEasyHandout() {
		t.Error("no handout")
	}
}

// TestBuiltInPacks: every built-in course can be taught in a hall.
func TestBuiltInPacks(t *testing.T) {
	for _, name := range curriculum.Names() {
		document, err := builtIn(t, name).Document()
		if err != nil {
			t.Fatal(err)
		}
		rev, err := OpenDocument("rev", 1, document)
		if err != nil {
			t.Fatal(err)
		}
		p := rev.Class
		if len(p.Slides) < 10 || len(p.Plans) == 0 || len(p.Paper.Questions) == 0 || !p.HasEasyHandout() {
			t.Errorf("%s: %d slides, %d plans, %d questions", name, len(p.Slides), len(p.Plans), len(p.Paper.Questions))
		}
		if rev.Supporters && (p.Derived || p.Plans[0].Minutes != 90 || len(p.Paper.Questions) != rev.Closing.Questions) {
			t.Errorf("%s: the pack of a class of 90 minutes: %+v", name, p.Plans)
		}
	}
}

// FuzzPackText: whatever stands in slides or a handout is read to the end.
func FuzzPackText(f *testing.F) {
	f.Add(packSlides)
	f.Add(packHandout)
	f.Add("## a\n:::notes\n:::notes\n---\n---\n:::")
	f.Fuzz(func(t *testing.T, source string) {
		slides := slideTexts(source, 1)
		if n := strings.Count(source, "\n") + 2; len(slides) > n {
			t.Errorf("%d slides of %d lines", len(slides), n)
		}
		for _, s := range slides {
			pg := newPage(&site{}, "", Reading{})
			pg.render(s.body)
			pg.flow(s.body)
			pg.flow(s.notes)
		}
		text := ClassText{Body: Text{questions.JA: source}}
		for _, page := range text.pages(questions.JA) {
			newPage(&site{}, "", Reading{}).flow(page.segments)
		}
		Runs(source)
	})
}
