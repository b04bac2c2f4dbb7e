package courses

import (
	"html/template"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"tsunagari/courses/questions"
)

func TestLessonHTML(t *testing.T) {
	for name, test := range map[string]struct{ body, want string }{
		"emphasis by a bracket": {"これは**「重要」**です。", "<p>これは<strong>「重要」</strong>です。</p>"},
		"emphasis, twice":       {"**あ**と**（い）**。", "<p><strong>あ</strong>と<strong>（い）</strong>。</p>"},
		"emphasis with ruby":    {"**{縦割り|たてわり}の壁**", "<p><strong>縦割りの壁</strong></p>"},
		"one star":              {"3*4*5", "<p>3*4*5</p>"},
		"underscores":           {"a_b_c __d__", "<p>a_b_c __d__</p>"},
		"escaped star":          {`\*\*そのまま\*\*`, "<p>**そのまま**</p>"},
		"ampersand":             {"A & B < C", "<p>A &amp; B &lt; C</p>"},
		"lines close up":        {"一行め\n二行め", "<p>一行め二行め</p>"},
		"lines after ruby":      {"これは{孤独|こどく}\n{孤立|こりつ}です", "<p>これは孤独孤立です</p>"},
		"latin lines":           {"one\ntwo", "<p>one\ntwo</p>"},
		"code stays text":       {"`a`\n\n    b", "<p>`a`</p>\n<p>b</p>"},
		"no rule, no underline": {"a\n---\nb", "<p>a\n---\nb</p>"},
		"lists":                 {"- a\n- b\n\n3. c\n4. d", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n<ol start=\"3\">\n<li>c</li>\n<li>d</li>\n</ol>"},
		"link to a lesson":      {"[**つぎ**](zenbu)", `<p><a href="/courses/tameshi/zenbu"><strong>つぎ</strong></a></p>`},
		"link out":              {"[a](https://example.jp/?a=1&b=2)", `<p><a href="https://example.jp/?a=1&amp;b=2">a</a></p>`},
		"telephone":             {"[110](tel:110)", `<p><a href="tel:110">110</a></p>`},
		"table with ruby": {
			"| a | b |\n|:--|--:|\n| {警察|けいさつ} | **c** |",
			"<div class=\"table\" tabindex=\"0\"><table>\n<thead>\n<tr>\n<th scope=\"col\">a</th>\n<th scope=\"col\">b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>警察</td>\n<td><strong>c</strong></td>\n</tr>\n</tbody>\n</table></div>",
		},
		"headings":          {"## あ\n\n### い\n\n## う", "<h2 id=\"s1\">あ</h2>\n<h3 id=\"s2\">い</h3>\n<h2 id=\"s3\">う</h2>"},
		"no level skipped":  {"### い", "<h2 id=\"s1\">い</h2>"},
		"quotation":         {"> 言葉\n> 二行め\n> —— {資料|しりょう}", "<figure class=\"quote\"><blockquote><p>言葉二行め</p>\n</blockquote><figcaption>—— 資料</figcaption></figure>"},
		"without a source":  {"> 言葉", "<figure class=\"quote\"><blockquote><p>言葉</p>\n</blockquote></figure>"},
		"point":             {":::point {要|かなめ}\na\n:::", "<aside class=\"block block--point\"><h2 class=\"block__title\">要</h2><p>a</p>\n</aside>"},
		"point below an h2": {"## a\n\n:::point b\nc\n:::", "<h2 id=\"s1\">a</h2>\n<aside class=\"block block--point\"><h3 class=\"block__title\">b</h3><p>c</p>\n</aside>"},
		"proposal":          {":::proposal\na\n:::", "<aside class=\"block block--proposal\"><p class=\"tag tag--proposal\">この講座の提案</p><p>a</p>\n</aside>"},
		"care":              {":::care ひと息\n- a\n:::", "<aside class=\"block block--care\"><h2 class=\"block__title\">ひと息</h2><ul>\n<li>a</li>\n</ul>\n</aside>"},
		"more":              {":::more\na\n:::", "<details class=\"block block--more\"><summary>もっと知りたい方へ</summary><p>a</p>\n</details>"},
		"quote in a block":  {":::point a\n> b\n:::", "<aside class=\"block block--point\"><h2 class=\"block__title\">a</h2><figure class=\"quote\"><blockquote><p>b</p>\n</blockquote></figure>\n</aside>"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := strings.TrimSpace(string(lessonOf(t, test.body).HTML(Reading{}))); got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

func TestFigureInALesson(t *testing.T) {
	got := string(lessonOf(t, "![四つのますの図。\"角\"に<人>。](media/masu.svg \"**図**\")").HTML(Reading{}))
	for _, want := range []string{
		`<figure class="figure"><svg role="img" aria-labelledby="f1-title" aria-describedby="f1-desc" viewBox="0 0 10 10"><title id="f1-title">四つのますの図。</title><desc id="f1-desc">&#34;角&#34;に&lt;人&gt;。</desc>`,
		`<linearGradient id="f1-g">`, `fill="url(#f1-g)"`, `<text x="1" y="5">孤独 &amp; 孤立</text>`,
		`</svg><figcaption><strong>図</strong></figcaption></figure>`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
}

func TestFourReadings(t *testing.T) {
	l := openFixture(t).Modules[0].Lessons[0]
	const ruby = "<ruby>孤独<rp>（</rp><rt>こどく</rt><rp>）</rp></ruby>"
	for _, r := range Readings {
		got := string(l.HTML(r))
		if strings.Contains(got, ruby) != r.Furigana {
			t.Errorf("%+v: furigana is wrong", r)
		}
		if !r.Furigana && (strings.Contains(got, "<ruby") || strings.Contains(got, "<rt")) {
			t.Errorf("%+v: ruby markup without furigana", r)
		}
		if strings.Contains(got, "こたえを") != r.Easy || strings.Contains(got, "「重要」") == r.Easy {
			t.Errorf("%+v: the wrong text", r)
		}
		if strings.Contains(got, "{") || strings.Contains(got, "|") {
			t.Errorf("%+v: furigana marks are left", r)
		}
		wellFormed(t, got)
	}
}

func TestMissingEasyTextFallsBack(t *testing.T) {
	l := openFixture(t).Modules[0].Lessons[1]
	if l.HasEasy || !strings.Contains(string(l.HTML(Reading{Easy: true})), "つぎの本文です。") {
		t.Errorf("an easy reading of a lesson without easy text: %s", l.HTML(Reading{Easy: true}))
	}
}

func TestInline(t *testing.T) {
	for source, want := range map[string]string{
		"ふつうの文":                    "ふつうの文",
		"**{孤独|こどく}**です":           "<strong><ruby>孤独<rp>（</rp><rt>こどく</rt><rp>）</rp></ruby></strong>です",
		"1. 番号":                    "1. 番号",
		"- 横線":                     "- 横線",
		"## 見出し":                   "## 見出し",
		"a < b & \"c\"":            "a &lt; b &amp; &#34;c&#34;",
		"<b>a</b>":                 "&lt;b&gt;a&lt;/b&gt;",
		"[a](naze)":                "a",
		"[a](https://b.jp)":        `<a href="https://b.jp">a</a>`,
		"{a|b}{c|<script>}":        "<ruby>a<rp>（</rp><rt>b</rt><rp>）</rp></ruby><ruby>c<rp>（</rp><rt>&lt;script&gt;</rt><rp>）</rp></ruby>",
		"一\n\n二":                   "一<br>二",
		"![a](https://b.jp/c.png)": "a",
		"[a](javascript:alert)":    "a",
		"{**a**|b}":                "<ruby>**a**<rp>（</rp><rt>b</rt><rp>）</rp></ruby>",
		"":                         "",
	} {
		if got := string(Inline(Text{questions.JA: source}, Reading{Furigana: true})); got != want {
			t.Errorf("%q\n got %s\nwant %s", source, got, want)
		}
	}
}

func TestInlineMemoIsBounded(t *testing.T) {
	memo := inlineMemo{young: map[inlineKey]template.HTML{}}
	for i := range 3 * inlineGeneration {
		memo.get(inlineKey{strings.Repeat("*", i%7) + string(rune('a'+i%26)) + strings.Repeat("b", i/1000) + string(rune(0x4e00+i%5000)), false})
	}
	if n := len(memo.young) + len(memo.old); n > 2*inlineGeneration {
		t.Errorf("%d texts are kept", n)
	}
}

func TestPlain(t *testing.T) {
	for source, want := range map[string]string{
		"**{孤独|こどく}**と[つぎ](naze)": "孤独とつぎ",
		"{a":        "{a",
		"a](b":      "a](b",
		`\*a`:       "*a",
		"a\nb":      "a\nb",
		"\xff[\xff": "\ufffd[\ufffd",
	} {
		if got := Plain(source); got != want {
			t.Errorf("%q: got %q, want %q", source, got, want)
		}
	}
}

// wellFormed finds tags that do not close in order, ids used twice, and
// anything that could run or be styled in place.
func wellFormed(tb testing.TB, source string) {
	tb.Helper()
	void := map[string]bool{"br": true, "input": true}
	var open []string
	ids := map[string]bool{}
	z := html.NewTokenizer(strings.NewReader(source))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			break
		}
		token := z.Token()
		for _, a := range token.Attr {
			if a.Key == "style" || strings.HasPrefix(a.Key, "on") || a.Key == "src" || strings.Contains(a.Val, "javascript:") {
				tb.Errorf("attribute %s=%q in %s", a.Key, a.Val, token)
			}
			if a.Key == "id" {
				if ids[a.Val] {
					tb.Errorf("id %s is used twice", a.Val)
				}
				ids[a.Val] = true
			}
		}
		switch kind {
		case html.StartTagToken:
			if token.Data == "script" || token.Data == "style" || token.Data == "iframe" {
				tb.Errorf("tag %s", token)
			}
			if !void[token.Data] {
				open = append(open, token.Data)
			}
		case html.EndTagToken:
			if len(open) == 0 || open[len(open)-1] != token.Data {
				tb.Fatalf("</%s> closes nothing; open are %v", token.Data, open)
			}
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 {
		tb.Errorf("not closed: %v", open)
	}
}

// FuzzLesson renders hostile text in every reading: no panic, little time, and
// nothing in it that runs.
func FuzzLesson(f *testing.F) {
	f.Add(everything)
	f.Add("<img src=x onerror=alert(1)> [a](javascript:alert(1)) {<b>|<i>}")
	f.Add("![a\"](media/masu.svg \"<b>\")")
	f.Add(":::talk x\n# a\n<b>\n- c => a\n:::\n:::sort y\ngroups: <a> / \"b\n- c => <a>\n:::")
	f.Add("| a |\n|---|\n| {b|c} | **d |")
	site := &site{slug: "tameshi", lessons: map[string]bool{"zenbu": true}, media: map[string]*Picture{"masu.svg": {Name: "masu.svg", SVG: picture}}}
	f.Fuzz(func(t *testing.T, source string) {
		began := time.Now()
		for _, r := range Readings {
			page := newPage(site, "zenbu", r)
			parsed := parseBody(source, 1)
			got := page.render(parsed.segments)
			if len(parsed.faults)+len(page.faults) == 0 {
				wellFormed(t, got)
			}
			z := html.NewTokenizer(strings.NewReader(got))
			for kind := z.Next(); kind != html.ErrorToken; kind = z.Next() {
				token := z.Token()
				if token.Data == "script" && kind == html.StartTagToken {
					t.Fatalf("a script: %s", got)
				}
				for _, a := range token.Attr {
					if kind != html.TextToken && (strings.HasPrefix(a.Key, "on") || strings.HasPrefix(strings.ToLower(strings.TrimSpace(a.Val)), "javascript:")) {
						t.Fatalf("%s runs", token)
					}
				}
			}
			passages(parsed.segments)
		}
		if took := time.Since(began); took > 5*time.Second {
			t.Fatalf("%d bytes took %v", len(source), took)
		}
	})
}

func TestLargeHostileTextsEnd(t *testing.T) {
	for _, unit := range []string{"**a", "{a|", "[", "![", "[a](", "- ", "> ", "|a", "<b", "`", "\\", "a\n\n", ":::x\n", "[a][", "***", "| - ", "* *a", "1) ", "#", "&amp", "]("} {
		began := time.Now()
		source := strings.Repeat(unit, maxBody/len(unit))
		page := newPage(&site{}, "a", Reading{})
		page.render(parseBody(source, 1).segments)
		renderInline(source[:maxText(source)], true)
		if took := time.Since(began); took > 10*time.Second {
			t.Errorf("%q takes %v", unit, took)
		}

	}
}

func maxText(s string) int { return min(len(s), 8<<10) }
