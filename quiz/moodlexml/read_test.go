package moodlexml

import (
	"encoding/base64"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/unicode"

	"tsunagari/courses/questions"
)

func read(s string) *questions.Import { return Read([]byte(s), questions.ReadOptions{}) }

func ja(s string) questions.Text {
	if s == "" {
		return nil
	}
	return questions.Text{questions.JA: s}
}

func remarks(list []questions.Remark) string {
	var out []string
	for _, r := range list {
		out = append(out, fmt.Sprintf("%d %s: %s", r.Line, r.Name, r.Reason))
	}
	return strings.Join(out, "\n")
}

func TestReadAFileOfMoodle(t *testing.T) {
	data, err := os.ReadFile("testdata/bank.xml")
	if err != nil {
		t.Fatal(err)
	}
	want := []questions.Imported{{
		Question: questions.Question{
			Type: questions.Choice, Line: 11, Tags: []string{"入門", "用語"},
			Text:        ja("{孤独|こどく}とは、**どのような**ものですか。"),
			Explanation: ja("レッスン1を\n\n読み直しましょう。"),
			Options: []questions.Option{
				{ID: "1", Text: ja("気持ち & 主観"), Weight: 1, Feedback: ja("そう感じることです。")},
				{ID: "2", Text: ja("ひとり"), Weight: .5, Feedback: ja("もう一歩。")},
				{ID: "3", Text: ja("a < b"), Feedback: ja("それは孤立です。\n\nもう一度 **考えましょう**。")},
			},
		},
		Name: "孤独とは", ForeignID: "naze-1", Category: "孤独・孤立/基本//応用",
	}}
	got := Read(data, questions.ReadOptions{})
	if diff := cmp.Diff(want, got.Questions); diff != "" || len(got.Problems)+len(got.Unsupported) > 0 {
		t.Error(diff, remarks(got.Problems), remarks(got.Unsupported))
	}
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes(data)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(got, Read(wide, questions.ReadOptions{})); diff != "" {
		t.Error("in UTF-16:", diff)
	}
}

// one is a file with one question of the type, whose own elements are body.
func one(kind, body string) string {
	return `<quiz><question type="` + kind + `"><name><text>名</text></name><questiontext format="html"><text>問い</text></questiontext>` + body + `</question></quiz>`
}

func answer(fraction, text, feedback string) string {
	return `<answer fraction="` + fraction + `"><text>` + text + `</text><feedback><text>` + feedback + `</text></feedback></answer>`
}

func TestTypes(t *testing.T) {
	opt := func(id, text string, w float64, feedback string) questions.Option {
		return questions.Option{ID: id, Text: ja(text), Weight: w, Feedback: ja(feedback)}
	}
	pair := func(id, left, right string) questions.Pair {
		return questions.Pair{ID: id, Left: ja(left), Right: ja(right)}
	}
	third := 1.0 / 3
	truth := questions.TrueOrFalse(false)
	truth[0].Feedback, truth[1].Feedback = ja("ちがう方へ"), ja("そのとおり")
	for _, test := range []struct {
		about, file string
		want        questions.Question
		problems    string
	}{
		{"several", one("multichoice", `<single>false</single>`+answer("33.33333", "a", "")+answer("33.33333", "b", "")+answer("33.33333", "c", "")+answer("-100", "d", "惜しい")), questions.Question{
			Type: questions.Multiple, Options: []questions.Option{opt("1", "a", third, ""), opt("2", "b", third, ""), opt("3", "c", third, ""), opt("4", "d", -1, "惜しい")},
		}, ""},
		{"several, said as a whole", one("multichoice", `<single>0</single><correctfeedback><text>よくできました</text></correctfeedback><incorrectfeedback><text>Your answer is incorrect.</text></incorrectfeedback>`+answer("100", "a", "")+answer("0", "b", "")), questions.Question{
			Type: questions.Multiple, Explanation: ja("すべて合っていた方へ：よくできました"), Options: []questions.Option{opt("1", "a", 1, ""), opt("2", "b", 0, "")},
		}, "だれにでも出る説明のうしろ"},
		{"several, easily full", one("multichoice", `<single>false</single>`+answer("100", "a", "")+answer("100", "b", "")), questions.Question{
			Type: questions.Multiple, Options: []questions.Option{opt("1", "a", 1, ""), opt("2", "b", 1, "")},
		}, "100%をこえます（いまは200%）"},
		{"one, in order, with hints", one("multichoice", `<shuffleanswers>false</shuffleanswers><hint><text>h</text></hint><hint><text>h</text></hint>`+answer("100", "a", "")+answer("0", "上のどれでもない", "")), questions.Question{
			Type: questions.Choice, Options: []questions.Option{opt("1", "a", 1, ""), opt("2", "上のどれでもない", 0, "")},
		}, "ヒント（2つ）、選択肢の順番（この講座では毎回入れかわります）"},
		{"a missing word", strings.Replace(one("multichoice", answer("100", "孤独", "")+answer("0", "孤立", "")), "問い", "つらいのは_____です。", 1), questions.Question{
			Type: questions.Choice, Text: ja("つらいのは_____です。"), Options: []questions.Option{opt("1", "孤独", 1, ""), opt("2", "孤立", 0, "")},
		}, ""},
		{"true or false", one("truefalse", answer("0", "true", "ちがう方へ")+answer("100", "false", "そのとおり")), questions.Question{Type: questions.TrueFalse, Options: truth}, ""},
		{"false first", one("truefalse", answer("100", "false", "そのとおり")+answer("0", "true", "ちがう方へ")), questions.Question{Type: questions.TrueFalse, Options: truth}, ""},
		{"true or false of another language", one("truefalse", answer("0", "○", "ちがう方へ")+answer("100", "×", "そのとおり")), questions.Question{Type: questions.TrueFalse, Options: truth}, ""},
		{"short answer", one("shortanswer", `<usecase>1</usecase>`+answer("100", "Yes", "はい")+answer("50", `5\*2`, "")+answer("0", "*", "もう一度")), questions.Question{
			Type: questions.Short, Otherwise: ja("もう一度"), Answers: []questions.Answer{{Text: "Yes", Weight: 1, Feedback: ja("はい")}, {Text: "5*2", Weight: .5}},
		}, "大文字と小文字の区別"},
		{"numerical", one("numerical", `<answer fraction="100"><text>-3.5e2</text><tolerance>0.5</tolerance><feedback format="html"><text>約</text></feedback></answer><answer fraction="0"><text>*</text><feedback><text>ほか</text></feedback></answer><units><unit><multiplier>1</multiplier><unit_name>人</unit_name></unit></units><unitgradingtype>0</unitgradingtype><showunits>0</showunits><unitsleft>0</unitsleft>`), questions.Question{
			Type: questions.Numerical, Unit: "人", Otherwise: ja("ほか"), Answers: []questions.Answer{{Value: -350, Tolerance: .5, Weight: 1, Feedback: ja("約")}},
		}, ""},
		{"numerical of old, with several units", one("numerical", `<answer>23<tolerance>0</tolerance><fraction>1</fraction></answer><units><unit><multiplier>1000</multiplier><unit_name>m</unit_name></unit><unit><multiplier>1</multiplier><unit_name>km</unit_name></unit></units><unitgradingtype>1</unitgradingtype>`), questions.Question{
			Type: questions.Numerical, Unit: "km", Answers: []questions.Answer{{Value: 23, Weight: 1}},
		}, "ほかの単位「m」、単位への点"},
		{"matching", one("matching", `<shuffleanswers>true</shuffleanswers><subquestion format="html"><text>&lt;b&gt;左&lt;/b&gt;1</text><answer><text>右*1</text></answer></subquestion><subquestion format="html"><text>左2</text><answer><text>a &lt; b</text></answer></subquestion><subquestion><text></text><answer><text>余り</text></answer></subquestion><subquestion><text></text><answer><text></text></answer></subquestion>`), questions.Question{
			Type: questions.Matching, Pairs: []questions.Pair{pair("1", "**左**1", "右*1"), pair("2", "左2", "a < b"), pair("3", "", "余り")},
		}, ""},
		{"matching by dragging", one("ddmatch", `<subquestion format="html"><text>左1</text><answer format="html"><text>&lt;i&gt;右&lt;/i&gt;</text></answer></subquestion><subquestion><text>左2</text><answer format="html"><text>右2</text></answer></subquestion>`), questions.Question{
			Type: questions.Matching, Pairs: []questions.Pair{pair("1", "左1", "**右**"), pair("2", "左2", "右2")},
		}, ""},
		{"ordering", one("ordering", `<layouttype>VERTICAL</layouttype><selecttype>RANDOM</selecttype><selectcount>2</selectcount><gradingtype>RELATIVE_TO_CORRECT</gradingtype>`+answer("1.0000000", "一", "最初")+answer("2.0000000", "二", "")+answer("3.0000000", "三", "")), questions.Question{
			Type: questions.Ordering, Items: []questions.Item{{ID: "1", Text: ja("一"), Rank: 1, Feedback: ja("最初")}, {ID: "2", Text: ja("二"), Rank: 2}, {ID: "3", Text: ja("三"), Rank: 3}},
		}, "項目の一部だけを出すこと、点のつけ方"},
		{"gaps", strings.Replace(one("gapselect", `<selectoption><text>孤独</text><group>1</group></selectoption><selectoption><text>孤立</text><group>1</group></selectoption><selectoption><text>独立</text><group>1</group></selectoption>`), "問い", "[[2]]は状態、[[1]]は気持ち", 1), questions.Question{
			Type: questions.Matching, Text: ja("【1】は状態、【2】は気持ち"), Pairs: []questions.Pair{pair("1", "【1】", "孤立"), pair("2", "【2】", "孤独"), pair("3", "", "独立")},
		}, ""},
		{"one gap", strings.Replace(one("ddwtos", `<dragbox><text>孤独</text><group>1</group></dragbox><dragbox><text>H&lt;sub&gt;2&lt;/sub&gt;O</text><group>1</group><infinite/></dragbox>`), "問い", "[[1]]は気持ち", 1), questions.Question{
			Type: questions.Choice, Text: ja("【1】は気持ち"), Options: []questions.Option{opt("1", "孤独", 1, ""), opt("2", "H₂O", 0, "")},
		}, ""},
	} {
		t.Run(test.about, func(t *testing.T) {
			got := read(test.file)
			if len(got.Questions) != 1 {
				t.Fatal(remarks(got.Problems), remarks(got.Unsupported))
			}
			if test.want.Text == nil {
				test.want.Text = ja("問い")
			}
			test.want.Line = 1
			if diff := cmp.Diff(test.want, got.Questions[0].Question); diff != "" {
				t.Error(diff)
			}
			if said := remarks(got.Problems); !strings.Contains(said, test.problems) || (test.problems == "") != (said == "") {
				t.Errorf("problems %q, want %q", said, test.problems)
			}
		})
	}
}

func TestFormats(t *testing.T) {
	for _, test := range []struct{ format, text, want string }{
		{"html", "&lt;p&gt;一&lt;/p&gt;\n&lt;p&gt;二&amp;nbsp;&lt;/p&gt;", "一\n\n二"},
		{"moodle_auto_format", "一 &lt; 二\n**三**", "一 < 二\n\n\\*\\*三\\*\\*"},
		{"moodle_auto_format", "一\n&lt;b&gt;二&lt;/b&gt;", "一\n\n**二**"},
		{"plain_text", "&lt;b&gt;\n{漢字|かんじ}", "\\<b>\n\n{漢字|かんじ}"},
		{"markdown", "# 題\n\n*強く*と**「強く」**です\n\n- 一\n- 二\n\n1. 三", "**題**\n\n**強く**と**「強く」**です\n\n・一\n\n・二\n\n1. 三"},
		{"markdown", "&lt;ruby&gt;漢字&lt;rt&gt;かんじ&lt;/ruby&gt;と[ここ](https://a.jp)", "{漢字|かんじ}と[ここ](https://a.jp)"},
		{"nothing_known", "&lt;b&gt;あ", "**あ**"},
		{"", "<![CDATA[<b>あ</b>]]> と <![CDATA[い]]>", "**あ** と い"},
	} {
		file := `<quiz><question type="essay"><name><text>n</text></name><questiontext format="` + test.format + `"><text>` + test.text + `</text></questiontext></question></quiz>`
		got := read(file)
		if len(got.Unsupported) != 1 || got.Unsupported[0].Keep.Text[questions.JA] != test.want {
			t.Errorf("%s %q: %+v, want %q", test.format, test.text, got.Unsupported, test.want)
		}
	}
}

func TestUnsupported(t *testing.T) {
	for _, test := range []struct{ kind, text, want, keep string }{
		{"essay", "書きましょう", "自由に書く問題", "書きましょう"},
		{"description", "読みましょう", "説明だけの文", "読みましょう"},
		{"cloze", "空は{1:SHORTANSWER:=青い}です", "穴うめ", "空は_____です"},
		{"multianswer", "空は{:MC:=青い~赤い}です", "穴うめ", "空は_____です"},
		{"calculated", "{a} + {b}", "計算問題", `\{a\} + \{b\}`},
		{"random", "", "くじ引き", ""},
		{"ddmarker", "置きましょう", "図の上に印", "置きましょう"},
		{"myowntype", "何", "「myowntype」という種類", "何"},
		{"", "何", "種類（type）が書かれていません", "何"},
	} {
		got := read("\n<quiz>\n\n" + strings.Replace(one(test.kind, ""), "問い", test.text, 1)[len("<quiz>"):])
		if len(got.Unsupported) != 1 || len(got.Questions) != 0 {
			t.Errorf("%s: %+v", test.kind, got)
			continue
		}
		r := got.Unsupported[0]
		if r.Line != 3 || r.Name != "名" || !strings.Contains(r.Reason, test.want) {
			t.Errorf("%s: %+v", test.kind, r)
		}
		switch {
		case test.keep == "" && r.Keep != nil, test.keep != "" && (r.Keep == nil || r.Keep.Text[questions.JA] != test.keep || r.Keep.Type != questions.Reflection):
			t.Errorf("%s is kept as %+v", test.kind, r.Keep)
		}
	}
	apart := strings.Replace(one("gapselect", `<selectoption><text>a</text><group>1</group></selectoption><selectoption><text>b</text><group>2</group></selectoption>`), "問い", "[[1]]と[[2]]", 1)
	if got := read(apart); len(got.Unsupported) != 1 || got.Unsupported[0].Keep.Text[questions.JA] != "【1】と【2】" {
		t.Errorf("%+v", got)
	}
}

// A broken question takes no other with it.
func TestProblems(t *testing.T) {
	good := one("shortanswer", answer("100", "あ", ""))[len("<quiz>"):]
	good = strings.TrimSuffix(good, "</quiz>")
	for _, test := range []struct{ about, body, kind, want string }{
		{"no right choice", answer("50", "a", "") + answer("0", "b", ""), "multichoice", "100%になる選択肢がありません"},
		{"too little", `<single>false</single>` + answer("50", "a", "") + answer("0", "b", ""), "multichoice", "100%になりません（いまは50%）"},
		{"one choice", answer("100", "a", ""), "multichoice", "選択肢が2つ以上要ります"},
		{"too many", strings.Repeat(answer("100", "a", ""), 31), "multichoice", "選択肢が多すぎます"},
		{"no share", answer("よい", "a", "") + answer("0", "b", ""), "multichoice", "点の割合「よい」は使えません"},
		{"a share out of range", answer("200", "a", "") + answer("0", "b", ""), "multichoice", "点の割合「200」は使えません"},
		{"no words", answer("100", "", "") + answer("0", "b", ""), "multichoice", "1番目に文がありません"},
		{"both true", answer("100", "true", "") + answer("100", "false", ""), "truefalse", "どちらか片方だけ"},
		{"any text", answer("100", "青*", ""), "shortanswer", "「何でもよい」という印"},
		{"marks for any text", answer("100", "*", ""), "shortanswer", "点をつけることはできません"},
		{"no full answer", answer("50", "a", ""), "shortanswer", "100%になる答えがありません"},
		{"no number", answer("100", "3,5", ""), "numerical", "数として読めません"},
		{"infinity", answer("100", "inf", ""), "numerical", "数として読めません"},
		{"no partner", `<subquestion><text>左</text><answer><text></text></answer></subquestion><subquestion><text>b</text><answer><text>c</text></answer></subquestion>`, "matching", "「左」と組になる文がありません"},
		{"one pair", `<subquestion><text>左</text><answer><text>右</text></answer></subquestion><subquestion><text></text><answer><text>c</text></answer></subquestion>`, "matching", "組が2つ以上要ります"},
		{"no gap", `<selectoption><text>a</text></selectoption><selectoption><text>b</text></selectoption>`, "gapselect", "穴の印"},
		{"long", answer("100", strings.Repeat("あ", 4000), "") + answer("0", "b", ""), "multichoice", "文が長すぎます"},
	} {
		t.Run(test.about, func(t *testing.T) {
			bad := strings.TrimSuffix(one(test.kind, test.body), "</quiz>")
			got := read(bad + "\n" + good + "</quiz>")
			if len(got.Questions) != 1 || got.Questions[0].Line != 2 || len(got.Unsupported) > 0 {
				t.Errorf("%+v", got.Questions)
			}
			if said := remarks(got.Problems); !strings.HasPrefix(said, "1 名: ") || !strings.Contains(said, test.want) {
				t.Errorf("got %q, want %q", said, test.want)
			}
		})
	}
}

func TestFiles(t *testing.T) {
	file := func(name, path, content string) string {
		return `<file name="` + name + `" path="` + path + `" encoding="base64">` + base64.StdEncoding.EncodeToString([]byte(content)) + "\n</file>"
	}
	body := `<answer fraction="100" format="html"><text>&lt;img src="@@PLUGINFILE@@/a%20b.png" alt="右"&gt;</text>` + file("a b.png", "/", "other") +
		`</answer><answer fraction="0"><text>b</text></answer>`
	source := strings.Replace(one("multichoice", body), "<text>問い</text>",
		`<text><![CDATA[<p>見て<img src="@@PLUGINFILE@@/a%20b.png" alt="町"><img src="@@PLUGINFILE@@/sub/c.svg"><img src="@@PLUGINFILE@@/d.png"></p>]]></text>`+file("a b.png", "/", "one")+file("c.svg", "/sub/", "two")+file("koe.mp3", "/", "three"), 1)
	got := read(source)
	if len(got.Questions) != 1 {
		t.Fatal(remarks(got.Problems))
	}
	q := got.Questions[0]
	if want := "見て\n\n![町](a%20b.png)\n\n![図](sub/c.svg)\n\n![図](d.png)"; q.Text[questions.JA] != want {
		t.Errorf("got %q, want %q", q.Text[questions.JA], want)
	}
	if want := "![右](2-a%20b.png)"; q.Options[0].Text[questions.JA] != want {
		t.Errorf("got %q, want %q", q.Options[0].Text[questions.JA], want)
	}
	want := []questions.File{{Name: "a%20b.png", Content: []byte("one")}, {Name: "sub/c.svg", Content: []byte("two")}, {Name: "koe.mp3", Content: []byte("three")}, {Name: "2-a%20b.png", Content: []byte("other")}}
	if diff := cmp.Diff(want, q.Files); diff != "" {
		t.Error(diff)
	}
	if said := remarks(got.Problems); said != "1 名: 図「d.png」のファイルが入っていません。問題に図を入れ直してください。" {
		t.Error(said)
	}
	old := read(one("essay", `<image>pics/x.gif</image><image_base64>`+base64.StdEncoding.EncodeToString([]byte("old"))+`</image_base64>`))
	if keep := old.Unsupported[0].Keep; keep.Text[questions.JA] != "問い\n\n![図](pics_x.gif)" || string(keep.Files[0].Content) != "old" {
		t.Errorf("%+v", keep)
	}
	for _, test := range []struct{ file, want string }{
		{`<file name="x.png" encoding="base64">***</file>`, "こわれています"},
		{`<file name="x.png" encoding="hex">00</file>`, "書き方（hex）は読めません"},
		{`<file name="" encoding="base64">AAAA</file>`, "名前か中身がありません"},
		{`<file name="x.png" encoding="base64">` + strings.Repeat("AAAA", maxFile/3+2) + `</file>`, "大きすぎます（8MBまで）"},
	} {
		got := read(strings.Replace(one("essay", ""), "<text>問い</text>", "<text>問い</text>"+test.file, 1))
		if said := remarks(got.Problems); !strings.Contains(said, test.want) || len(got.Unsupported) != 1 {
			t.Errorf("%s: %s", test.want, said)
		}
	}
}

func TestWhatIsNoFileOfMoodle(t *testing.T) {
	essay := `<question type="essay"><name><text>n</text></name><questiontext><text>一</text></questiontext></question>`
	for _, test := range []struct {
		about, file, want string
		read              int
	}{
		{"nothing", "", "問題がひとつもありません", 0},
		{"no question", "<quiz></quiz>", "問題がひとつもありません", 0},
		{"a page", "<html><body>", "いちばん外側が <html> です", 0},
		{"not XML", "::問い:: {=a}", "問題がひとつもありません", 0},
		{"broken encoding", "<quiz>\xff\xff</quiz>", "文字コード", 0},
		{"a declaration", `<?xml version="1.0"?>` + "\n<!DOCTYPE quiz [<!ENTITY a \"aaaa\">]>\n<quiz>" + essay + "</quiz>", "宣言（<!…>）", 0},
		{"a declaration inside", "<quiz>" + essay + "<!ENTITY b SYSTEM \"file:///etc/passwd\"></quiz>", "宣言（<!…>）", 1},
		{"an entity", "<quiz>" + essay + "\n<question type=\"essay\"><name><text>&secret;</text></name></question></quiz>", "2 : XMLの形がくずれています（文字としての & は", 1},
		{"cut off", "<quiz>" + essay + "\n<question type=\"essay\">", "途中で切れています", 1},
		{"not closed", "<quiz>" + essay + "<a>\n</b></quiz>", "始まりのタグと終わりのタグ", 1},
		{"deep", "<quiz>" + essay + strings.Repeat("<a>", 100), "入れ子が深すぎます", 1},
		{"a deep question", "<quiz>" + essay + "<question>" + strings.Repeat("<a>", 100), "入れ子が深すぎます", 1},
		{"a question of a thousand parts", "<quiz>" + essay + "<question>" + strings.Repeat("<a/>", 5000), "大きすぎる", 1},
		{"a long question", "<quiz>" + essay + "<question><a>" + strings.Repeat("x<b/>", 200000), "大きすぎる", 1},
		{"too many", "<quiz>" + strings.Repeat(essay, maxQuestions+1) + "</quiz>", "問題が多すぎます（5000問まで）", maxQuestions},
		{"too large", "<quiz>" + strings.Repeat(" ", maxBytes), "ファイルが大きすぎます", 0},
	} {
		t.Run(test.about, func(t *testing.T) {
			got := read(test.file)
			if said := remarks(got.Problems); !strings.Contains(said, test.want) || len(got.Unsupported) != test.read {
				t.Errorf("%d read, %s; want %s", len(got.Unsupported), said, test.want)
			}
		})
	}
	if got := read(essay); len(got.Unsupported) != 1 || len(got.Problems) != 0 {
		t.Errorf("one question without <quiz>: %+v", got)
	}
	if got := read("<?xml version=\"1.0\" encoding=\"Shift_JIS\"?><quiz>" + essay + "</quiz>"); len(got.Unsupported) != 1 {
		t.Errorf("an encoding that is not true: %+v", got)
	}
}
