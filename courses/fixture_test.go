package courses

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"tsunagari/courses/questions"
)

// picture is a figure as somebody draws it.
const picture = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><defs><linearGradient id="g"><stop offset="0" stop-color="#fff"/></linearGradient></defs><rect width="10" height="10" fill="url(#g)"/><text x="1" y="5">孤独 &amp; 孤立</text></svg>`

// everything is a lesson with every construct of curriculum/README.md.
const everything = `これは**「重要」**です。{孤独|こどく}と
孤立は、ちがいます。

## 見出し

> {主観的|しゅかんてき}な言葉です
> —— ある資料

![四つのますの図。くわしい説明です。](media/masu.svg "図の**見出し**")

:::point 持ち帰ること
- ひとつめ
- [次のレッスン](tsugi)
:::

| 窓口 | 番号 |
|---|---|
| {警察|けいさつ} | [110](tel:110) |

:::proposal
わたしたちの考えです。
:::

### 小さな見出し

:::care ひと息
[相談先](https://example.jp/a?b=1&c=2)もあります。
:::

:::more くわしく
ここは読まなくてもよいところです。
:::

:::sort kodoku proposal
あてはまるところを選びましょう。

groups: 孤独だけ / 孤立だけ / どちらも

- にぎやかな職場でも、本音を話せない。 => 孤独だけ
  > まわりに人がいても、心はひとりのことがあります。
- ひとり暮らしで、だれとも話さず、さびしい。 => 孤独だけ / どちらも
  > どちらにも当てはまる見方ができます。
:::

:::match kumi
結びましょう。

- 110 => 警察
  > 身の危険があるときは、ここです。
- 119 => 消防
  > 命にかかわるときは、ここです。
- 189 => 児童相談所
  > 子どものことが気になるときは、ここです。
:::

:::order junban
順にならべましょう。

1. 気づく
   > まず、いつもとちがうことに気づきます。
2. 声をかける
   > 気づいたら、声をかけます。
2. あいさつする
   > 声をかけるのと、どちらが先でもかまいません。
3. 見守る
   > それから、ゆっくり見守ります。
:::

:::talk tonari
となりの人と話します。

# hajime
久しぶりに会いました。
- 「おはようございます」 => henji
  > あいさつだけで、じゅうぶんな一歩です。
- だまって通る => owari
  > 声をかけにくい日も、だれにでもあります。

# henji
「おはよう」と返ってきました。
- 「また来週」 => owari
  > 次につながる言葉です。
- 「もう一度、はじめから」 => hajime
  > やり直すこともできます。

# owari
また会えるとよいですね。
:::

:::chain kusari
つながりを考えます。

1. 友だちと会わなくなる
   > ここで、だれかが電話をかけられたら。
2. 外に出なくなる
   > ここで、だれかが声をかけられたら。
:::

:::worksheet kimochi
近いものを選びましょう。

answers: 1 決してない / 2 時々ある

- 取り残されていると感じる。
- 孤立していると感じる。

total 2-2: いまは感じないようです。
total 3-4: 感じる日もあるようです。
:::

:::worksheet tenken
answers: はい / いいえ

# 縦割りの壁
- 福祉の人しか集まらない。
- 役員がいつも同じだ。
  > この文だけの一歩です。
> まず、お茶に誘ってみましょう。
:::

:::worksheet kakikomi
lines: 2

- わたしの町の相談先
:::`

const courseMD = `---
id: 6c1d3f0a-8f0e-4b7e-9a55-2f4f3c0b7d11
slug: tameshi
title: ためしの講座
summary: 一文の紹介です。
supporters: true
minutes: 30
modules: [hito]
closing:
  minutes: 5
  questions: 2
  rule: understood
---
はじめの言葉です。
`

const moduleMD = `---
title: "{孤独|こどく}を知る"
minutes: 20
goals:
  - ちがいを言える
  - 声をかけられる
lessons: [zenbu, tsugi]
check: 3
---
ようこそ。
`

const bankYAML = `- id: q-1
  type: choice
  lesson: zenbu
  text: "{孤独|こどく}とは、どんなことですか。"
  text_easy: "{孤独|こどく}は、{何|なん}ですか。"
  choices:
    - text: "心が感じること"
      text_easy: "{心|こころ}の{気持|きも}ち"
      right: true
      feedback: "自分がどう感じるか、ということですね。"
      feedback_easy: "じぶんの{心|こころ}が{決|き}めます。"
    - text: "人の数のこと"
      text_easy: "{人|ひと}の{数|かず}"
      feedback: "人の数だけでは決まりません。心の感じ方を見てみましょう。"
      feedback_easy: "{人|ひと}の{数|かず}だけでは、わかりません。"
- id: q-2
  type: truefalse
  lesson: zenbu
  text: "ひとりでいる人は、みんなさびしい。"
  answer: false
  if_true: "ひとりの時間を楽しむ人もいます。"
  if_false: "ひとりの時間が好きな人もいますね。"
- id: q-3
  type: short
  lesson: tsugi
  text: "身の危険があるときの番号は。"
  answers:
    - text: "110"
      feedback: "警察につながる番号です。覚えておきましょう。"
  otherwise: "もういちど、表を見てみましょう。"
`

// fixture is a small course with every construct. Changes replace, add or, with
// an empty text, take away files.
func fixture(changes ...string) fstest.MapFS {
	files := map[string]string{
		"course.md":           courseMD,
		"course.easy.md":      "---\ntitle: ためしの{講座|こうざ}\nsummary: ためしです。\n---\nはじめのことばです。\n",
		"terms.yaml":          "孤独: こどく\n主観的: しゅかんてき\n孤立: こりつ\n",
		"media/masu.svg":      picture,
		"hito/module.md":      moduleMD,
		"hito/module.easy.md": "---\ntitle: \"{孤独|こどく}をしる\"\ngoals:\n  - ちがいを{言|い}う\n  - \"{声|こえ}をかける\"\n---\nようこそ。\n",
		"hito/zenbu.md":       "---\ntitle: ぜんぶ\nsources:\n  - ある資料\nunconfirmed:\n  - 人の数\n---\n" + everything + "\n",
		"hito/zenbu.easy.md":  "---\ntitle: ぜんぶ\n---\n" + easyEverything() + "\n",
		"hito/tsugi.md":       "---\ntitle: つぎ\nsources:\n  - ある資料\n---\nつぎの本文です。\n",
		"hito/questions.yaml": bankYAML,
	}
	for i := 0; i+1 < len(changes); i += 2 {
		if files[changes[i]] = changes[i+1]; changes[i+1] == "" {
			delete(files, changes[i])
		}
	}
	fsys := fstest.MapFS{}
	for name, content := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(content)}
	}
	return fsys
}

// easyEverything is the lesson with every construct in other words of the same shape.
func easyEverything() string {
	return strings.NewReplacer("これは**「重要」**です。", "**{大切|たいせつ}**です。", "あいさつする", "{朝|あさ}のあいさつをする").Replace(everything)
}

// readFixture reads a fixture that must have no faults.
func readFixture(tb testing.TB, changes ...string) *Package {
	tb.Helper()
	p, faults := ReadPackage(fixture(changes...))
	for _, f := range faults {
		tb.Error(f)
	}
	return p
}

// openFixture opens a fixture as revision 1.
func openFixture(tb testing.TB, changes ...string) *Revision {
	tb.Helper()
	document, err := readFixture(tb, changes...).Document()
	if err != nil {
		tb.Fatal(err)
	}
	rev, err := OpenDocument("rev", 1, document)
	if err != nil {
		tb.Fatal(err)
	}
	return rev
}

// lessonOf is a lesson of the fixture whose body is the given text.
func lessonOf(tb testing.TB, body string) *Lesson {
	tb.Helper()
	rev := openFixture(tb, "hito/tsugi.md", "---\ntitle: つぎ\n---\n"+body+"\n")
	return rev.Modules[0].Lessons[1]
}

func faultLines(faults []Fault) string {
	var out []string
	for _, f := range faults {
		out = append(out, f.String())
	}
	return strings.Join(out, "\n")
}

func TestFixtureIsRead(t *testing.T) {
	p := readFixture(t)
	got := fmt.Sprintln(p.Slug, p.Supporters, p.Minutes, p.Closing, len(p.Terms), len(p.Media), len(p.Modules))
	if want := "tameshi true 30 {5 2 understood 0 [] } 3 1 1\n"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	m := p.Modules[0]
	if m.Check != 3 || len(m.Questions) != 3 || m.Questions[0].Module != "hito" || m.Goals[1][questions.Easy] != "{声|こえ}をかける" {
		t.Errorf("module %+v", m)
	}
	l := m.Lessons[0]
	if !l.Required || l.Sources[0] != "ある資料" || l.Unconfirmed[0] != "人の数" || l.lines[questions.JA] != 8 {
		t.Errorf("lesson %+v on lines %v", l.Title, l.lines)
	}
}
