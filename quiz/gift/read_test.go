package gift

import (
	"fmt"
	"strings"
	"testing"

	"tsunagari/courses/questions"
)

// told is what was read, a line for each thing.
func told(imp *questions.Import) string {
	var b strings.Builder
	for _, q := range imp.Questions {
		fmt.Fprintf(&b, "%d %s %s\n", q.Line, q.Type, headed(q))
		tellParts(&b, &q.Question)
	}
	for _, r := range imp.Unsupported {
		fmt.Fprintf(&b, "%d unsupported: %s", r.Line, r.Reason)
		if r.Keep != nil {
			fmt.Fprintf(&b, " keep %s %s", r.Keep.Type, headed(*r.Keep))
		}
		b.WriteByte('\n')
	}
	for _, r := range imp.Problems {
		fmt.Fprintf(&b, "%d problem: %s\n", r.Line, r.Reason)
	}
	if imp.FullWidth {
		b.WriteString("full width\n")
	}
	return b.String()
}

func headed(q questions.Imported) string {
	var b strings.Builder
	for _, part := range []struct{ before, text, after string }{
		{"::", q.Name, ":: "},
		{"[id:", q.ForeignID, "] "},
		{"", strings.Join(q.Tags, ","), ": "},
		{"", q.Category, "/ "},
		{"", strings.ReplaceAll(q.Text[questions.JA], "\n\n", "⏎"), ""},
		{" ####", q.Explanation[questions.JA], ""},
	} {
		if part.text != "" {
			b.WriteString(part.before + part.text + part.after)
		}
	}
	return b.String()
}

func tellParts(b *strings.Builder, q *questions.Question) {
	tell := func(what string, said questions.Text) {
		if said != nil {
			what += " #" + strings.ReplaceAll(said[questions.JA], "\n\n", "⏎")
		}
		b.WriteString("  " + what + "\n")
	}
	for _, o := range q.Options {
		tell(fmt.Sprintf("%s. %g %s", o.ID, o.Weight, strings.ReplaceAll(o.Text[questions.JA], "\n\n", "⏎")), o.Feedback)
	}
	for _, p := range q.Pairs {
		tell(fmt.Sprintf("%s. %s -> %s", p.ID, p.Left[questions.JA], p.Right[questions.JA]), p.Feedback)
	}
	for _, a := range q.Answers {
		what := a.Text
		if q.Type == questions.Numerical {
			what = fmt.Sprintf("%g±%g", a.Value, a.Tolerance)
		}
		tell(fmt.Sprintf("%g %s", a.Weight, what), a.Feedback)
	}
	if q.Otherwise != nil {
		tell("otherwise", q.Otherwise)
	}
}

type reading struct {
	name, file, want string
}

func run(t *testing.T, o questions.ReadOptions, tests []reading) {
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := told(Read([]byte(test.file), o))
			if want := strings.TrimPrefix(test.want, "\n"); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

func TestReadTypes(t *testing.T) {
	run(t, questions.ReadOptions{}, []reading{
		{"one choice", "問い{~あ ~い#ちがいます\n=う#そうです}", `
1 choice 問い
  1. 0 あ
  2. 0 い #ちがいます
  3. 1 う #そうです
`},
		{"partly right", "::名前:: 問い {~%50%半分 =全部 ~%-25%マイナス ~%33.33333%三分の一}", `
1 choice ::名前:: 問い
  1. 0.5 半分
  2. 1 全部
  3. -0.25 マイナス
  4. 0.3333333 三分の一
`},
		{"several", "2人は？{\n~%-50%だれでもない\n~%50%甲\n~%50%乙\n~丙}", `
1 multiple 2人は？
  1. -0.5 だれでもない
  2. 0.5 甲
  3. 0.5 乙
  4. 0 丙
`},
		{"several, one of them right", "問い{~%100%あ ~い}", "1 multiple 問い\n  1. 1 あ\n  2. 0 い\n"},
		{"several = in one choice", "問い{=あ =い ~う}", `
1 choice 問い
  1. 1 あ
  2. 1 い
  3. 0 う
1 problem: 正しい選択肢（=）が2つあります。どれを選んでも正解になります。すべて選んでほしい問題なら、~%50% のように割合を書いてください。
`},
		{"=%50% is no weight in a choice", "問い{=%50%あ ~い}", `
1 choice 問い
  1. 1 %50%あ
  2. 0 い
1 problem: 選択肢では、= のあとの %50% は点の割合になりません。文字として読みました。割合は ~%50% のように書きます。
`},
		{"=%50% is one in a short answer", "問い{=あ =%50%い#おしい =%0%う#ちがう}", `
1 short 問い
  1 あ
  0.5 い #おしい
  0 う #ちがう
`},
		{"a short answer without =", "問い{あ}", "1 short 問い\n  1 あ\n"},
		{"any other answer", "問い{=あ#よい\n=%0%*#ちがいます}", "1 short 問い\n  1 あ #よい\n  otherwise #ちがいます\n"},
		{"a star that is a star", `問い{=5 \* 3}`, "1 short 問い\n  1 5 * 3\n"},
		{"true", "正しい文。{T}", "1 truefalse 正しい文。\n  true. 1 正しい\n  false. 0 正しくない\n"},
		{"true, with feedback to the wrong answer first", "文。{TRUE#ちがいます#そうです}", `
1 truefalse 文。
  true. 1 正しい #そうです
  false. 0 正しくない #ちがいます
`},
		{"false, with feedback to the wrong answer first", "文。{ F # ちがいます # そう#です ####全体 }", `
1 truefalse 文。 ####全体
  true. 0 正しい #ちがいます
  false. 1 正しくない #そう#です
`},
		{"false, with feedback to the right answer only", "文。{FALSE##そうです}", `
1 truefalse 文。
  true. 0 正しい
  false. 1 正しくない #そうです
`},
		{"matching", "組{\n=札幌 -> 北海道\n=青森 -> 青森県\n= -> 沖縄県\n####おわり}", `
1 matching 組 ####おわり
  1. 札幌 -> 北海道
  2. 青森 -> 青森県
  3.  -> 沖縄県
`},
		{"a number", "何年？{#1822}", "1 numerical 何年？\n  1 1822±0\n"},
		{"a number and how far off", "何？{#3:2}", "1 numerical 何？\n  1 3±2\n"},
		{"from and to", "何？{#1..5}", "1 numerical 何？\n  1 3±2\n"},
		{"from and to, exactly", "円周率{#3.141..3.142#よし}.", "1 numerical 円周率_____.\n  1 3.1415±0.0005 #よし\n"},
		{"below zero", "気温{#-5.5..-2}", "1 numerical 気温\n  1 -3.75±1.75\n"},
		{"several numbers", "何年？{#\n=1822:0#ぴったり\n=%50%1822:2#おしい\n~#ちがう\n####全体}", `
1 numerical 何年？ ####全体
  1 1822±0 #ぴったり
  0.5 1822±2 #おしい
  otherwise #ちがう
`},
		{"any other number", "何？{#=3 =%0%*#ちがう}", "1 numerical 何？\n  1 3±0\n  otherwise #ちがう\n"},
		{"a missing word", "これは{~あ =い}です。", "1 choice これは_____です。\n  1. 0 あ\n  2. 1 い\n"},
		{"a missing word before a full stop", "2たす2は{=4 =四}。", "1 short 2たす2は_____。\n  1 4\n  1 四\n"},
	})
}

func TestReadSigns(t *testing.T) {
	run(t, questions.ReadOptions{}, []reading{
		{"escapes", `::a\:b:: 1 \= \{\~\#\}\: \\ C:\x 一行目\n二行目{=\= 2 ~\~x#\#3}`, `
1 choice ::a:b:: 1 = \{~#\}: \ C:\x 一行目⏎二行目
  1. 1 = 2
  2. 0 ~x ##3
`},
		{`\\n is no line`, `a\\nb{T}`, "1 truefalse a\\nb\n  true. 1 正しい\n  false. 0 正しくない\n"},
		{"marks of our own", `a **b** [c](d) <e &amp; {f|g}{T}`, "1 problem: 1つの問題に { } が2組以上あります。次の問題の前には空の行を入れてください。文字としての { と } は \\{ と \\} と書きます。\n"},
		{"marks of our own stay what they look like", `[plain]2**3**4 [c](https\://d) <b>e</b> &amp; \{f|g\}{T}`, "1 truefalse 2\\*\\*3\\*\\*4 [c]\\(https://d) \\<b>e\\</b> \\&amp; \\{f|g\\}\n  true. 1 正しい\n  false. 0 正しくない\n"},
		{"furigana", `\{孤独|こどく\}と\{SNS|エスエヌエス\}{=\{札幌|さっぽろ\} ~い#\{正解|せいかい\}}`, `
1 choice {孤独|こどく}と{SNS|エスエヌエス}
  1. 1 {札幌|さっぽろ}
  2. 0 い #{正解|せいかい}
`},
		{"furigana without escapes", `{孤独|こどく}とは{=あ ~い}`, `
1 choice {孤独|こどく}とは
  1. 1 あ
  2. 0 い
1 problem: {孤独|こどく} を、ふりがなとして読みました。GIFTでは \{漢字|かんじ\} のように、{ と } の前に \ を書きます。
`},
		{"html", `[html]<p>これは<b>大事</b>です。</p><p><ruby>孤独<rt>こどく</rt></ruby> &lt; 2</p>{=[plain]<あ> ~い<br>う#<i>え</i>####<strong>お</strong>}`, `
1 choice これは**大事**です。⏎{孤独|こどく} < 2 ####**お**
  1. 1 <あ>
  2. 0 い⏎う #**え**
`},
		{"some html in Moodle's own format", "[moodle]一行目\n<b>二行目</b>&nbsp;\\{孤独|こどく\\}{T}", "1 truefalse 一行目⏎**二行目** {孤独|こどく}\n  true. 1 正しい\n  false. 0 正しくない\n"},
		{"less and more are no html", "a < b > c かつ x<y & z{T}", "1 truefalse a < b > c かつ x\\<y & z\n  true. 1 正しい\n  false. 0 正しくない\n"},
		{"markdown", "[markdown]これは **強く** と *弱く* と __下__ と `code`、\\{x|x>0\\}、\\{孤独|こどく\\}<br>次{T}", "1 truefalse これは **強く** と **弱く** と **下** と code、\\{x|x>0\\}、{孤独|こどく}⏎次\n  true. 1 正しい\n  false. 0 正しくない\n"},
		{"a list in markdown", `[markdown]\# 題\n\n- あ\n- い{T}`, "1 truefalse **題**⏎・あ⏎・い\n  true. 1 正しい\n  false. 0 正しくない\n"},
		{"no format", "[zzz]問い{=[1] ~い}", "1 choice [zzz]問い\n  1. 1 [1]\n  2. 0 い\n"},
		{"general feedback alone leaves an essay", "問い{####まとめ}", "1 unsupported: 自由に書く問題（作文）は、点をつけられません。 keep reflection 問い ####まとめ\n"},
		{"a picture that is not there", `[html]<img src\="@@PLUGINFILE@@/a.png" alt\="地図">どこ？{T}`, `
1 truefalse （図：地図）⏎どこ？
  true. 1 正しい
  false. 0 正しくない
1 problem: そのままでは残せないものがあります：図「地図」（GIFTのファイルには図が入っていません）。読んで確かめてください。
`},
	})
}

func TestReadLines(t *testing.T) {
	run(t, questions.ReadOptions{}, []reading{
		{"names, comments, ids, tags, categories", `
// 見出し [id:zzz]

$CATEGORY: $course$/top/防災/基本

  // [id:q 1\]] [tag:防災] [tag: 冬 ] と [id:two] [tag:<no>]
::一問目
の名前::問い
つづき{
  // 中のコメント [tag:中]
  =あ
  ~い
}

$CATEGORY: 二つ目
問い{T}
// [id:つぎ]
::三問目::問い{F}

$CATEGORY: top

::四問目
問い{T}
`, `
7 choice ::一問目 の名前:: [id:q 1]] 防災,冬,中: 防災/基本/ 問い⏎つづき
  1. 1 あ
  2. 0 い
16 truefalse 二つ目/ 問い
  true. 1 正しい
  false. 0 正しくない
18 truefalse ::三問目:: [id:つぎ] 二つ目/ 問い
  true. 0 正しい
  false. 1 正しくない
22 truefalse 四問目⏎問い
  true. 1 正しい
  false. 0 正しくない
22 problem: 名前の終わりの :: がありません。::名前::問題文 の形に書きます。
`},
		{"CRLF, CR, tabs and white lines", "一{T}\r\n \t\r\n二\r\n{\r\n\t=あ\r\n\t~い\r\n}\r\r　\r三{T}", `
1 truefalse 一
  true. 1 正しい
  false. 0 正しくない
3 choice 二
  1. 1 あ
  2. 0 い
10 truefalse 三
  true. 1 正しい
  false. 0 正しくない
`},
		{"empty lines inside the braces", "問い {\n\n=あ#一\n\n// メモ [tag:x]\n\n~い\n\n}\n\n次{T}", `
1 choice x: 問い
  1. 1 あ #一
  2. 0 い
11 truefalse 次
  true. 1 正しい
  false. 0 正しくない
1 problem: { } の中に空の行があります。つづけて1つの問題として読みました。
`},
		{"lines of the faults", "::数::何？{#\n=3\n// メモ\n=三\n=5..1\n=1:-2\n=%200%4\n}", `
4 problem: 「三」は数として読めません。3 か 3:0.5（3±0.5）か 2.5..3.5 の形で、半角で書いてください。
5 problem: 「5..1」の範囲が逆です。小さい数..大きい数 の順に書いてください。誤差はマイナスにできません。
6 problem: 「1:-2」の範囲が逆です。小さい数..大きい数 の順に書いてください。誤差はマイナスにできません。
7 problem: 点の割合 %200% は使えません。0 から 100 までの数を書いてください。
`},
		{"nothing", "\n// ただのコメント\n\n", ""},
	})
}

func TestReadKeepsNeighbours(t *testing.T) {
	const before, after = "::前::前{T}\n\n", "\n\n::後::後{F}\n"
	for name, test := range map[string]struct{ file, want string }{
		"no end":                   {"問い{=あ ~い", "3 problem: { を閉じる } がありません。答えの終わりに } を書いてください。文字としての { は \\{ と書きます。"},
		"no end, empty lines":      {"問い{\n\n=あ\n\n~い", "3 problem: { を閉じる } がありません。答えの終わりに } を書いてください。文字としての { は \\{ と書きます。"},
		"no end, no empty line":    {"::中::問い{=あ ~い\n::次::文{T}", "3 problem: { を閉じる } がありません。答えの終わりに } を書いてください。文字としての { は \\{ と書きます。"},
		"no beginning":             {"問い =あ ~い}", "3 problem: } の前に { がありません。答えを { と } で囲んでください。文字としての } は \\} と書きます。"},
		"wrong way round":          {"問い}あ{", "3 problem: } の前に { がありません。答えを { と } で囲んでください。文字としての } は \\} と書きます。"},
		"braces in braces":         {"問い{=あ{い} ~う}", "3 problem: { } の中に、もう一つ { があります。文字としての { と } は \\{ と \\} と書きます。"},
		"no empty line between":    {"問い{T}\n問い{F}", "4 problem: 1つの問題に { } が2組以上あります。次の問題の前には空の行を入れてください。文字としての { と } は \\{ と \\} と書きます。"},
		"nothing right":            {"問い{~あ ~い}", "3 problem: 正しい選択肢がありません。正しい選択肢の前に、~ ではなく = を書いてください。"},
		"too little right":         {"問い{~%50%あ ~%25%い}", "3 problem: 正しい選択肢の割合を合わせても100%になりません（いまは75%）。"},
		"one choice":               {"問い{~あ}", "3 problem: 選択肢が2つ以上要ります。"},
		"the same twice":           {"問い{=あ ~あ}", "3 problem: 選択肢に「あ」が二度あります。"},
		"too much":                 {"問い{=あ ~%150%い}", "3 problem: 点の割合 %150% は使えません。-100 から 100 までの数を書いてください。"},
		"no text":                  {"::名::{=あ ~い}", "3 problem: 問題文がありません。"},
		"no arrow":                 {"組{=あ -> い\n=う - え}", "4 problem: 「う - え」に -> がありません。組み合わせは =左 -> 右 の形で書いてください。"},
		"no right side":            {"組{=あ -> い\n=う -> }", "4 problem: -> の右に文がありません。"},
		"one pair":                 {"組{=あ -> い}", "3 problem: 組が2つ以上要ります。"},
		"one pair and an extra":    {"組{=あ -> い = -> う}", "3 problem: 組が2つ以上要ります。"},
		"a wild card":              {"問い{=札幌*}", "3 problem: 答え「札幌*」の * は「何でもよい」という印で、ここでは使えません。正しい答えを1つずつ書いてください。文字としての * は \\* と書きます。"},
		"a wild card with marks":   {"問い{=札幌 =%50%*}", "3 problem: 答え * （何でもよい）に点をつけることはできません。=%0%* と書くと、ほかの答えへの説明になります。"},
		"nothing gets it all":      {"問い{=%50%あ}", "3 problem: 100%になる答えがありません。正しい答えを =答え の形で書いてください。"},
		"negative short answer":    {"問い{=あ =%-50%い}", "3 problem: 点の割合 %-50% は使えません。0 から 100 までの数を書いてください。"},
		"no number":                {"何？{#}", "3 problem: 答えの数が1つ以上要ります。"},
		"a number with a comma":    {"何？{#1,000}", "3 problem: 「1,000」は数として読めません。3 か 3:0.5（3±0.5）か 2.5..3.5 の形で、半角で書いてください。"},
		"a number too large":       {"何？{#1e16}", "3 problem: 「1e16」は数が大きすぎます。"},
		"a huge exponent":          {"何？{#1e999999999}", "3 problem: 「1e999999999」は数として読めません。3 か 3:0.5（3±0.5）か 2.5..3.5 の形で、半角で書いてください。"},
		"a character of one's own": {"外字\ue001{T}", "3 problem: 表示できない文字（外字など）があります。ふつうの文字に直してください。"},
		"too many choices":         {"問い{=あ" + strings.Repeat("\n~い", 30) + "}", "33 problem: 選択肢が多すぎます（30まで）。"},
		"too long":                 {"問い{=あ ~" + strings.Repeat("い", 3000) + "}", "3 problem: 文が長すぎます（2730字ほどまで）。短くしてください。"},
		"too long on the right":    {"組{=あ -> " + strings.Repeat("い", 3000) + " =う -> え}", "3 problem: 文が長すぎます（2730字ほどまで）。短くしてください。"},
		"too long an answer":       {"問い{=" + strings.Repeat("い", 3000) + "}", "3 problem: 答えが長すぎます。"},
		"no answer but feedback":   {"問い{=あ\n=#よい}", "4 problem: 答えに文がありません。"},
		"an essay":                 {"::作文::書いて\n{}", "3 unsupported: 自由に書く問題（作文）は、点をつけられません。 keep reflection ::作文:: 書いて"},
		"a description":            {"説明\nだけ", "3 unsupported: 答えの { } がありません。説明だけの文は、問題として取りこめません。 keep reflection 説明⏎だけ"},
		"cloze":                    {"首都は{1:SHORTANSWER:=東京#よい}で{2:MC:=あ~い}です", "3 unsupported: 穴うめ問題（Cloze）は、この講座にはない種類です。 keep reflection 首都は_____で_____です"},
		"calculated":               {"{a}たす{b}は{#={a}+{b}:0.1}", "3 unsupported: 計算問題（数が毎回かわる問題）は、この講座にはない種類です。 keep reflection \\{a\\}たす\\{b\\}は"},
	} {
		t.Run(name, func(t *testing.T) {
			imp := Read([]byte(before+test.file+after), questions.ReadOptions{})
			got := strings.Split(strings.TrimSpace(told(imp)), "\n")
			n := len(imp.Questions)
			if n < 2 || imp.Questions[0].Name != "前" || imp.Questions[n-1].Name != "後" || n > 2 && imp.Questions[1].Name != "次" {
				t.Errorf("the neighbours are not there: %s", got)
			}
			if got[len(got)-1] != test.want || len(imp.Problems)+len(imp.Unsupported) != 1 {
				t.Errorf("got  %q\nwant %q", got[3*n:], test.want)
			}
		})
	}
}

func TestReadLooks(t *testing.T) {
	for name, test := range map[string]struct{ file, want string }{
		"a weight in full width":  {"問い{=あ ~％50％い}", "記号の一部（＝ ～ ＃ ％ → ：：）が全角です。"},
		"a weight with a letter":  {"問い{=あ ~%5o%い}", "%5o% は、点の割合として読めませんでした。"},
		"a choice without a sign": {"問い{あ ~い =う}", "「あ」の前に = も ~ もありません。"},
		"more than everything":    {"問い{~%60%あ ~%60%い}", "正しい選択肢の割合を合わせると100%をこえます（いまは120%）。"},
		"true in small letters":   {"文{true}", "正しいか正しくないかを選ぶ問題なら、TRUE と大文字で書いてください。"},
	} {
		t.Run(name, func(t *testing.T) {
			imp := Read([]byte(test.file), questions.ReadOptions{})
			if got := told(imp); len(imp.Questions) != 1 || !strings.Contains(got, test.want) {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}
