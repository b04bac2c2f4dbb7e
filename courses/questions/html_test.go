package questions

import (
	"html"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestFromHTML(t *testing.T) {
	for _, test := range []struct{ about, html, want, lost string }{
		{"plain words", "孤独とは", "孤独とは", ""},
		{"a paragraph", "<p>一つ</p>", "一つ", ""},
		{"paragraphs", "<p>一つ</p>\r\n\r\n<p>二つ</p><p>&nbsp;</p>", "一つ\n\n二つ", ""},
		{"a paragraph without an end", "<p>一つ<p>二つ", "一つ\n\n二つ", ""},
		{"line breaks", "一つ<br>二つ<br />三つ", "一つ\n\n二つ\n\n三つ", ""},
		{"lines of Japanese", "<p>孤独は\n  とても</p>", "孤独はとても", ""},
		{"lines of English", "<p>to\n  be</p>", "to be", ""},
		{"bold", "これは<b>孤独</b>と<strong>孤立</strong>です", "これは**孤独**と**孤立**です", ""},
		{"emphasis", "<em>孤独</em>です", "**孤独**です", ""},
		{"bold twice", "<b>あ<strong>い</strong></b><b>う</b>", "**あいう**", ""},
		{"spaces in bold", "a<b> b </b>c", "a **b** c", ""},
		{"bold over lines", "<b>一<br>二</b>", "**一**\n\n**二**", ""},
		{"bold by style", `<span style="font-weight: 700">あ</span><span>い</span>`, "**あ**い", ""},
		{"furigana", "<ruby>孤独<rp>（</rp><rt>こどく</rt><rp>）</rp></ruby>とは", "{孤独|こどく}とは", ""},
		{"furigana by character", "<ruby>漢<rt>かん</rt>字<rt>じ</rt></ruby>", "{漢|かん}{字|じ}", ""},
		{"furigana in lists", "<ruby><rb>漢<rb>字<rt>かん<rt>じ</ruby>と", "{漢|かん}{字|じ}と", ""},
		{"furigana in bold", "<b>この<ruby>孤独<rt>こどく</rt></ruby>は</b>", "**この{孤独|こどく}は**", ""},
		{"furigana that cannot be written", "<ruby>a|b<rt>え</rt></ruby>", "a|b（え）", ""},
		{"furigana without an end", "<ruby>漢字<rt>かんじ", "{漢字|かんじ}", ""},
		{"ruby without furigana", "<ruby>漢字</ruby>", "漢字", ""},
		{"entities", "a &lt; b &amp; c &#x3042;&yen;", "a < b & c あ¥", ""},
		{"a lone hard space", "a&nbsp;b", "a b", ""},
		{"a gap", "答え（&nbsp;&nbsp;&nbsp;）", "答え（\u00a0\u00a0\u00a0）", ""},
		{"stars", "3 * 4、2**3、*", `3 * 4、2\*\*3、*`, ""},
		{"braces", "{a|b}", `\{a|b\}`, ""},
		{"brackets", "[1] と [a](https://a.jp)", `[1] と [a]\(https://a.jp)`, ""},
		{"backslash", `C:\temp と \*`, `C:\temp と \\*`, ""},
		{"a tag in words", "&lt;b&gt;とは", `\<b>とは`, ""},
		{"an entity in words", "&amp;lt;", `\&lt;`, ""},
		{"list", "<ul><li>一</li><li>二</li></ul>", "・一\n\n・二", ""},
		{"numbered list", `まず<ol start="3"><li>一</li><li><p>二</p></li></ol>つぎ`, "まず\n\n3. 一\n\n4. 二\n\nつぎ", ""},
		{"lettered list", `<ol type="A"><li>一<li>二</ol>`, "A. 一\n\nB. 二", ""},
		{"list in a list", "<ul><li>一<ul><li>細かく</li></ul></li><li>二</li></ul>", "・一\n\n　・細かく\n\n・二", ""},
		{"empty item", "<ul><li></li><li>二</li></ul><p>あと</p>", "・二\n\nあと", ""},
		{"heading", "<h3>見出し</h3>文", "**見出し**\n\n文", ""},
		{"definitions", "<dl><dt>孤独<dd>気持ち<dt>孤立<dd>状態</dl>", "**孤独**\n\n気持ち\n\n**孤立**\n\n状態", ""},
		{"above and below", "H<sub>2</sub>O、m<sup>2</sup>、x<sup>a b</sup>、y<sub>k</sub>", "H₂O、m²、x^(a b)、y_(k)", ""},
		{"link", `<a href="https://a.jp/x_(y)?a=1&amp;b=2">ここ</a>`, "[ここ](https://a.jp/x_%28y%29?a=1&b=2)", ""},
		{"telephone", `<a href="tel:110">110番</a>`, "[110番](tel:110)", ""},
		{"bold link", `<b>これ<a href="https://a.jp">を</a>読む</b>`, "**これ**[**を**](https://a.jp)**読む**", ""},
		{"link with brackets", `<a href="https://a.jp">[1]</a>と[2]`, `[\[1\]](https://a.jp)と\[2]`, ""},
		{"other link", `<a href="http://a.jp/">ここ</a>`, "ここ", "リンク先「http://a.jp/」"},
		{"dangerous link", `<a href="javascript:alert(1)">ここ</a>`, "ここ", "リンク先「javascript:alert(1)」"},
		{"link to a file", `<a href="@@PLUGINFILE@@/%E8%A1%A8.pdf">表</a>`, "表", "リンク先のファイル「表.pdf」"},
		{"picture", `見て<img src="@@PLUGINFILE@@/my%20map.png?time=1" alt="町の図" width="3">ください`, "見て\n\n![町の図](my%20map.png)\n\nください", ""},
		{"picture beside the file", `<img src="figs/map.png">`, "![図](map.png)", ""},
		{"picture elsewhere", `<img src="https://a.jp/b.png" alt="橋">`, "[図：橋](https://a.jp/b.png)", "ほかのサイトの図「橋」（リンクにしました）"},
		{"picture inside", `<img src="data:image/png;base64,AAAA" alt="橋">`, "（図：橋）", "文に埋めこまれた図「橋」"},
		{"table", "<table><caption>人数</caption><thead><tr><th>町</th><th>人</th></tr></thead><tbody><tr><td><p>網走</p></td><td>3</td></tr></tbody></table>あと", "人数\n\n**町**｜**人**\n\n網走｜3\n\nあと", "表（1行ずつの文にしました）"},
		{"table without ends", `<table><tr><td rowspan=2>a<td>b<tr><td>c</table>`, "a｜b\n\nc", "表（1行ずつの文にしました）・表のつながった欄"},
		{"table in a table", `<table><tr><td>a<table><tr><td>x<td>y</table><td>b</table>`, "a\n\nx｜y\n\n｜b", "表（1行ずつの文にしました）"},
		{"TeX", `\(x^2\)と$$\frac{1}{2}$$`, `\\(x^2\\)と$$\frac\{1\}\{2\}$$`, "数式（TeXの書き方のまま、文字で残しました）"},
		{"MathML", `<math><semantics><mi>x</mi><annotation encoding="application/x-tex">x^2</annotation></semantics></math>です`, "x^2です", "数式"},
		{"MathML with words", `<math alttext="xの2乗"><mi>x</mi></math>です`, "xの2乗です", "数式や図「xの2乗」"},
		{"underline", "<u>下線部</u>", "**下線部**", "下線（太字にしました）"},
		{"struck out", "<s>誤</s>正", "誤正", "取り消し線"},
		{"colour", `<span style="color: red">赤</span><span style="color: rgb(0, 0, 0);">黒</span>`, "赤黒", "文字の色"},
		{"hidden", `あ<span style="display: none">答<span>え</span></span>い`, "あい", "見えないようにした文字"},
		{"quoted", "<q>はい</q>と<blockquote>文</blockquote>", "「はい」と\n\n文", ""},
		{"script", "あ<script>alert('<b>')</script><style>p{}</style><!-- x -->い", "あい", "プログラム（script）"},
		{"sound", `<audio controls><source src="@@PLUGINFILE@@/koe.mp3">@@PLUGINFILE@@/koe.mp3</audio>を聞く`, "（音声：koe.mp3）を聞く", "音声「koe.mp3」"},
		{"page inside", `<iframe src="https://a.jp/v"></iframe>`, "[埋めこまれたページ](https://a.jp/v)", "埋めこまれたページ「https://a.jp/v」（リンクにしました）"},
		{"field", `名前<input name="a">`, "名前", "入力欄"},
		{"unknown element", "<blink>あ</blink></p>い", "あ\n\nい", ""},
		{"private character", "あ\ue000い\x01", "あ\ufffdい", ""},
		{"nothing", "<p> </p>", "", ""},
	} {
		t.Run(test.about, func(t *testing.T) {
			got, lost := FromHTML(test.html)
			if got != test.want || strings.Join(lost, "・") != test.lost {
				t.Errorf("%s\n got %q %q\nwant %q %q", test.html, got, lost, test.want, test.lost)
			}
			if n := Normal(got); n != got {
				t.Errorf("%q is written %q", got, n)
			}
		})
	}
}

func TestNormal(t *testing.T) {
	for source, want := range map[string]string{
		"ふつうの文":                            "ふつうの文",
		"一\n二":                             "一二",
		"one\ntwo":                         "one two",
		"一\\\n二":                           "一\n\n二",
		"一  \n二":                           "一\n\n二",
		"{孤独|こどく}は**強い**":                  "{孤独|こどく}は**強い**",
		"a {b} c":                          `a \{b\} c`,
		"** a":                             `\*\* a`,
		"**a":                              `\*\*a`,
		"a**":                              `a\*\*`,
		"****":                             "",
		"&lt;b&gt;":                        `\<b>`,
		"[a](https://a.jp \"題\")":          "[a](https://a.jp)",
		"[a](javascript:x)":                "a",
		"[a](/places)":                     "[a](/places)",
		"[a [b](https://b.jp)](https://c)": `\[a [b](https://b.jp)](https://c)`,
		"![a **b**](c.svg)":                "![a b](c.svg)",
		"**[a**](https://a.jp)":            `\*\*[a\*\*](https://a.jp)`,
		`\{a\|b\}`:                         `\{a|b\}`,
	} {
		if got := Normal(source); got != want {
			t.Errorf("%q\n got %q\nwant %q", source, got, want)
		}
	}
}

func TestFromPlain(t *testing.T) {
	if got, want := FromPlain("一つ\r\n\r\n <b>{二}</b>\n\n3**2"), "一つ\n\n\\<b>\\{二\\}\\</b>\n\n3\\*\\*2"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// marks are the characters that mean something in Markdown or HTML, among others.
var marks = []rune("あ漢a1 \u00a0　{|}*\\[]()!&;#<>\"'/.-_=~%@$`＝｛𠮷e\u0301")

func anyWords(t *rapid.T, name string) string {
	return rapid.StringOfN(rapid.SampledFrom(marks), 0, 12, -1).Draw(t, name)
}

func TestPlainTextStaysItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		typed := anyWords(t, "words")
		markdown, lost := FromHTML(html.EscapeString(typed))
		for _, l := range lost {
			if !strings.HasPrefix(l, "数式") {
				t.Fatalf("%q loses %s", typed, l)
			}
		}
		back, _ := FromHTML(ToHTML(markdown, ""))
		if back != markdown || Normal(markdown) != markdown {
			t.Fatalf("%q is %q, then %q, and %q", typed, markdown, back, Normal(markdown))
		}
		lines := parse(markdown)
		for _, l := range lines {
			for _, r := range l {
				if r.kind != words || r.bold || r.link != "" {
					t.Fatalf("%q has a mark: %+v", markdown, r)
				}
			}
		}
	})
}

func anyLine(t *rapid.T) line {
	var l line
	for range rapid.IntRange(0, 5).Draw(t, "runs") {
		r := run{
			kind: rapid.SampledFrom([]runKind{words, words, ruby, picture}).Draw(t, "kind"),
			text: anyWords(t, "text"),
			bold: rapid.Bool().Draw(t, "bold"),
			link: rapid.SampledFrom([]string{"", "", "https://a.jp/?a=1&lt;=(2)", "tel:110"}).Draw(t, "link"),
		}
		if r.kind == ruby {
			r.text, r.aside = "漢"+r.text, "か"+anyWords(t, "reading")
		}
		if r.kind == picture {
			r.text, r.aside, r.link, r.bold = "図"+r.text, "a b.png", "", false
		}
		l = append(l, r)
	}
	return l
}

func TestMarkdownIsReadAsItIsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var lines []line
		for range rapid.IntRange(1, 3).Draw(t, "lines") {
			lines = append(lines, anyLine(t))
		}
		markdown := write(lines)
		if again := write(parse(markdown)); again != markdown {
			t.Fatalf("%q is read as %q", markdown, again)
		}
		if n := Normal(markdown); n != markdown {
			t.Fatalf("%q is normally %q", markdown, n)
		}
	})
}

// Pictures stand on a line of their own in what comes from HTML.
func TestHTMLIsReadAsItIsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var lines []line
		for range rapid.IntRange(1, 3).Draw(t, "lines") {
			var l line
			for _, r := range anyLine(t) {
				if r.kind == picture {
					lines = append(lines, l, line{r})
					l = nil
					continue
				}
				l = append(l, r)
			}
			lines = append(lines, l)
		}
		markdown, _ := FromHTML(ToHTML(write(lines), "@@PLUGINFILE@@/"))
		again, _ := FromHTML(ToHTML(markdown, "@@PLUGINFILE@@/"))
		if diff := cmp.Diff(markdown, again); diff != "" {
			t.Fatalf("%s\n%s", ToHTML(markdown, "@@PLUGINFILE@@/"), diff)
		}
		bare := strings.NewReplacer(" ", "", "\u00a0", "")
		if want := Normal(write(lines)); bare.Replace(want) != bare.Replace(markdown) {
			t.Fatalf("%q came back as %q", want, markdown)
		}
	})
}

func FuzzFromHTML(f *testing.F) {
	for _, s := range []string{"<p>a<b>b</p>", "<table><tr><td>", "<ruby>a<rt>b", "<ul><li>a", "<math><annotation encoding=tex>", "<svg/><img src=a><video>", `<span style="display:none">`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, source string) {
		began := time.Now()
		got, _ := FromHTML(source)
		if n := Normal(got); n != got {
			t.Errorf("%q is %q, normally %q", source, got, n)
		}
		if took := time.Since(began); took > time.Second+time.Duration(len(source))*time.Millisecond {
			t.Errorf("%d bytes took %v", len(source), took)
		}
	})
}

func TestLargeHostileHTMLEnds(t *testing.T) {
	for _, unit := range []string{"<b>", "<b><i>", "<p><b>", "<ul><li>", "<table><tr><td>", "<ruby>a<rt>", "<a href=https://a.jp>", "<span>", "</b>", "<math>", "<q>", "&lt;", "*", "**a", "[", "![", "](a)", "{a|", "\\", "<", "<sub>a", "}\n", "a **"} {
		began := time.Now()
		markdown, _ := FromHTML(strings.Repeat(unit, 1<<17/len(unit)))
		Normal(strings.Repeat(unit, 1<<17/len(unit)))
		FromHTML(ToHTML(markdown, ""))
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("%q takes %v", unit, took)
		}
	}
}
