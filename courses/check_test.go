package courses

import (
	"strings"
	"testing"

	"tsunagari/courses/curriculum"
	"tsunagari/courses/questions"
)

func warnings(r *Report) string {
	var b strings.Builder
	for _, w := range r.Warnings {
		b.WriteString(string(w.Kind) + " " + w.Fault.String() + "\n")
	}
	return b.String()
}

func TestCheckWarns(t *testing.T) {
	lesson := func(body string) string {
		return "---\ntitle: つぎ\nsources: [ある資料]\n---\n" + body + "\n"
	}
	easy := func(body string) string { return "---\ntitle: つぎ\n---\n" + body + "\n" }
	question := func(old, new string) string { return strings.Replace(bankYAML, old, new, 1) }
	for name, test := range map[string]struct{ file, content, want string }{
		"path too long":        {"course.md", strings.Replace(courseMD, "minutes: 30", "minutes: 1", 1), "読む時間 course.md: 必ず読むところが"},
		"module too long":      {"hito/module.md", strings.Replace(moduleMD, "minutes: 20", "minutes: 1", 1), "読む時間 hito/module.md: 必ず読むところと確認が"},
		"one goal":             {"hito/module.md", strings.Replace(moduleMD, "  - 声をかけられる\n", "", 1), "学習目標が1つです"},
		"check of two":         {"hito/module.md", strings.Replace(moduleMD, "check: 3", "check: 2", 1), "単元の確認が2問です"},
		"small bank":           {"terms.yaml", "孤独: こどく\n", "学習目標・確認・問題の数 hito/questions.yaml: 問題が3問です。"},
		"no source":            {"hito/tsugi.md", "---\ntitle: つぎ\n---\na\n", "出典 hito/tsugi.md: 出典（sources）がありません。"},
		"long sentence":        {"hito/tsugi.md", lesson("みじかい文です。\n" + strings.Repeat("あ", 50) + "。"), "50字をこえる文 hito/tsugi.md:6: 51字："},
		"long in easy words":   {"hito/tsugi.easy.md", easy(strings.Repeat("い", 51)), "50字をこえる文 hito/tsugi.easy.md:4: 51字："},
		"long feedback":        {"hito/questions.yaml", question("自分がどう感じるか", strings.Repeat("う", 60)), "50字をこえる文 hito/questions.yaml:1: 7"},
		"term without reading": {"hito/tsugi.md", lesson("はじめの文です。\n\n孤独の話。{孤独|こどく}です。"), "初めて出る言葉のふりがな hito/tsugi.md:7: 「孤独」に"},
		"term in a question":   {"hito/questions.yaml", question(`text: "{孤独|こどく}とは`, `text: "孤独とは`), "初めて出る言葉のふりがな hito/questions.yaml:1: q-1「孤独」に"},
		"no feedback":          {"hito/questions.yaml", question("      feedback: \"自分がどう感じるか、ということですね。\"\n      feedback_easy: \"じぶんの{心|こころ}が{決|き}めます。\"\n", ""), "q-1「心が感じること」に、答えたあとの言葉がありません。"},
		"only right":           {"hito/questions.yaml", question("自分がどう感じるか、ということですね。", "正解です。そのとおり！"), "q-1「心が感じること」：正しいかどうかだけでなく"},
		"only the choice":      {"hito/questions.yaml", question("自分がどう感じるか、ということですね。", "正解です。心が感じることです。"), "q-1「心が感じること」：正しいかどうかだけでなく"},
		"the choice again":     {"hito/questions.yaml", question("自分がどう感じるか、ということですね。", "心が感じること。"), "答えたあとの言葉が、選ぶ言葉と同じです。"},
		"short feedback":       {"hito/questions.yaml", question("自分がどう感じるか、ということですね。", "気持ちの話です。"), "答えたあとの言葉が短すぎます（気持ちの話です。）"},
		"equal feedback":       {"hito/questions.yaml", question("自分がどう感じるか、ということですね。", "人の数だけでは決まりません。心の感じ方を見てみましょう。"), "q-1「人の数のこと」：答えたあとの言葉が、ほかの選び方と同じです"},
		"equal in an activity": {"hito/zenbu.md", "---\ntitle: ぜんぶ\nsources: [a]\n---\n" + strings.Replace(everything, "命にかかわるときは、ここです。", "身の危険があるときは、ここです。", 1), "kumi「119」：答えたあとの言葉が、ほかの選び方と同じです"},
		"no feedback there":    {"hito/zenbu.md", "---\ntitle: ぜんぶ\nsources: [a]\n---\n" + strings.Replace(everything, "  > 次につながる言葉です。\n", "", 1), "tonari「「また来週」」に、答えたあとの言葉がありません。"},
		"no easy lesson":       {"hito/zenbu.easy.md", "", "やさしい日本語 hito/zenbu.easy.md: やさしい日本語の文がありません。"},
		"no easy choice":       {"hito/questions.yaml", question("      text_easy: \"{心|こころ}の{気持|きも}ち\"\n", ""), "やさしい日本語 hito/questions.yaml:1: q-1「心が感じること」のやさしい日本語がありません。"},
		"no easy title":        {"course.easy.md", "", "やさしい日本語 course.easy.md: 「ためしの講座」のやさしい日本語がありません。"},
		"the same in kana": {
			"hito/questions.yaml",
			question("{人|ひと}の{数|かず}だけでは、わかりません。", "{人|ひと}の{数|かず}だけでは{決|き}まりません。{心|こころ}の{感|かん}じ{方|かた}を{見|み}てみましょう。"),
			"「人の数だけでは決まりません。心の感じ方を見てみま…」は、ふつうの日本語とほとんど同じです（一致100%）。",
		},
		"the same lesson":      {"hito/tsugi.easy.md", easy("つぎの{本文|ほんぶん}です。"), "やさしい日本語 hito/tsugi.easy.md: ふつうの日本語とほとんど同じです（一致100%）。"},
		"bare kanji":           {"hito/tsugi.easy.md", easy("よい{天気|てんき}。\n\n晴れた日と雨の{日|ひ}。"), "やさしい日本語のふりがな hito/tsugi.easy.md:6: ふりがながありません：晴、日、雨"},
		"word not used":        {"hito/tsugi.md", lesson("これは試験ではありません。"), "受講者に使わない言葉 hito/tsugi.md:5: 「試験」"},
		"alternative too poor": {"hito/tsugi.md", lesson("![図です](media/masu.svg)"), "図・写真・音声・資料 hito/tsugi.md:5: 図の説明が短すぎます。"},
		"picture with a style": {"media/masu.svg", strings.Replace(picture, "<rect", `<rect style="fill:red"`, 1), "図・写真・音声・資料 media/masu.svg: 使えないため外したものがあります：style"},
		"nothing to do":        {"hito/zenbu.md", "---\ntitle: a\nsources: [a]\n---\nb\n", "この単元には、やってみる活動がひとつもありません。"},
	} {
		t.Run(name, func(t *testing.T) {
			before, _ := ReadPackage(fixture())
			p, _ := ReadPackage(fixture(test.file, test.content))
			if got := warnings(Check(p)); !strings.Contains(got, test.want) {
				t.Errorf("no %q in\n%s", test.want, got)
			}
			if name != "small bank" && strings.Contains(warnings(Check(before)), test.want) {
				t.Error("the unchanged course is warned of too")
			}
		})
	}
}

func TestCheckLetsGoodTextPass(t *testing.T) {
	for name, body := range map[string]string{
		"furigana at first use":   "{孤独|こどく}です。孤独です。",
		"a longer word with it":   "{主観的|しゅかんてき}です。主観的です。",
		"quotation mark inside":   "「" + strings.Repeat("あ", 30) + "。」と" + strings.Repeat("い", 15) + "。",
		"fifty characters":        strings.Repeat("あ", 49) + "。",
		"furigana is not counted": "{" + strings.Repeat("漢", 40) + "|" + strings.Repeat("か", 40) + "}です。",
		"a foreign title":         "Holt-Lunstad J (2010) Social Relationships and Mortality Risk: A Meta-analytic Review. PLoS Med",
		"a quotation as it is":    "> " + strings.Repeat("あ", 80) + "\n> —— 資料",
	} {
		p := readFixture(t, "hito/tsugi.md", "---\ntitle: つぎ\nsources: [a]\n---\n"+body+"\n")
		for _, w := range Check(p).Warnings {
			if w.File == "hito/tsugi.md" {
				t.Errorf("%s: %s", name, w.Fault)
			}
		}
	}
}

func TestSentences(t *testing.T) {
	p := passage{line: 3, source: "一つめ。「二つめです。」と言う。\n**三つめ**！「四つめ。」五つめ"}
	var got []string
	for _, s := range p.sentences() {
		got = append(got, string(rune('0'+s.line))+s.text)
	}
	if want := "3一つめ。 3「二つめです。」と言う。 4三つめ！ 4「四つめ。」 4五つめ"; strings.Join(got, " ") != want {
		t.Errorf("got %v, want %s", got, want)
	}
}

func TestReadingTime(t *testing.T) {
	lesson := func(body string) int {
		return lessonLetters(&PackageLesson{Title: Text{questions.JA: "題"}, Body: Text{questions.JA: body}}, questions.JA)
	}
	for name, test := range map[string]struct {
		body string
		want int
	}{
		"plain":            {"あいう。", 5},
		"furigana":         {"{漢字|かんじ}", 3},
		"markup":           {"## 見出\n\n**あ**[い](naze)\n\n- う", 6},
		"folded away":      {"あ\n\n:::more い\nうえお\n:::", 2},
		"alternative text": {"![見えない人のための説明](media/a.svg \"題名\")", 3},
		"attribution":      {"> ことば\n> —— 出典", 4},
		"table":            {"| あ | い |\n|---|---|\n| う | え |", 5},
		"sort":             {":::sort x\nい\n\ngroups: ab / cd\n- うえ => ab\n  > おか\n- きく => cd\n  > けこさ\n:::", 16}, // 1 + 1 + "ab/cd" + 2 + 2 + 2 + 3
		"longest reply":    {":::talk x\n# a\nい\n- う => b\n  > え\n- お => b\n  > かきくけ\n# b\nこ\n:::", 9},
	} {
		if got := lesson(test.body); got != test.want {
			t.Errorf("%s: %d letters, want %d", name, got, test.want)
		}
	}
}

func TestReportText(t *testing.T) {
	p, _ := ReadPackage(fixture("hito/mori.md", "x"))
	r := Check(p)
	var b strings.Builder
	n, err := r.WriteTo(&b)
	if err != nil || int(n) != b.Len() {
		t.Errorf("wrote %d of %d: %v", n, b.Len(), err)
	}
	if r.OK() {
		t.Error("a course with a fault is OK")
	}
	holds(t, b.String(),
		"講座「ためしの講座」（tameshi）", "まちがい：1件（このままでは公開できません）\n  hito/mori.md: このファイルは使われていません。",
		"注意　学習目標・確認・問題の数：1件\n", "確認前：1件\n  hito/zenbu.md: 人の数", "hito 孤独を知る：", "／20分", "必ず読むところ全体：", "／30分")
	if r := Check(readFixture(t)); !r.OK() {
		t.Error(r.Faults)
	}
}

func TestLikeness(t *testing.T) {
	d := &dictionary{readings: map[string]string{}}
	d.learn("{人|ひと}{数|かず}{決|き}{心|こころ}")
	for _, test := range []struct {
		a, b      string
		low, high float64
	}{
		{"人の数で決まる心", "{人|ひと}の{数|かず}で{決|き}まる{心|こころ}", 1, 1},
		{"人の数で決まる心", "ひとのかずできまるこころ", 1, 1},
		{"人の数で決まる心", "ヒトの数で、決まる「心」。", 1, 1},
		{"人の数で決まる心", "だれといても、さびしいときがあります", 0, .4},
		{strings.Repeat("人の数で決まる心。", 100), strings.Repeat("人の数で決まる心！", 100), 1, 1},
		{strings.Repeat("人の数で決まる心。", 100), strings.Repeat("だれといてもさびしい。", 100), 0, .2},
		{"", "", 1, 1},
	} {
		if got := d.likeness(test.a, test.b); got < test.low || got > test.high {
			t.Errorf("%s ~ %s: %.2f, want %.2f to %.2f", shortened(test.a), shortened(test.b), got, test.low, test.high)
		}
	}
}

// TestBuiltInCourses: the courses that ship have no faults, and keep what was
// promised of them. The rest of the report is for their writers.
func TestBuiltInCourses(t *testing.T) {
	for _, name := range curriculum.Names() {
		r := Check(builtIn(t, name))
		for _, w := range r.Warnings {
			switch w.Kind {
			case WarnTime, WarnSources, WarnWord, WarnFigure, WarnFurigana:
				t.Errorf("%s/%s %s", name, w.Kind, w.Fault)
			}
		}
		for _, l := range r.Figures.Lessons {
			if !l.HasEasy {
				t.Errorf("%s/%s/%s has no easy text", name, l.Module, l.ID)
			}
		}
	}
}
