package courses

import (
	"testing"
	"testing/fstest"
)

const packTimetable = `plans:
  - title: "20分の進行表"
    minutes: 20
    parts:
      - minutes: 5
        what: "はじめに"
        who: "講師"
        slides: 1
        material: ["名簿", "名札"]
      - minutes: 15
        what: "まとめ"
        who: "みんな"
        slides: "2-3"
        note: "急がずに進めます。"
  - title: "短い進行表"
    minutes: 10
    parts:
      - minutes: 10
        what: "全部"
        who: "講師"
        slides: "1, 3"
`

const packSlides = `---
title: "{孤独|こどく}を知る"
sources:
  - ある資料
unconfirmed:
  - まだの話
---

## ようこそ

大きな文字です。

:::notes
**ようこそ**と言います。

- ひと息つきます。
:::

---

## 「{孤独|こどく}」とは

![四つのますの図です。](media/masu.svg "図")

:::notes
ゆっくり話します。
:::

:::proposal わたしたちの考え
ひとつ。
:::

---

## おわりに

> {主観的|しゅかんてき}な言葉です
> —— ある資料

![四つのますの図です。](media/masu.svg)

:::notes
また会いましょう。
:::
`

const packHandout = `---
title: "配る資料"
sources: [ある資料]
---
## はじめに

{孤独|こどく}の話です。

1. ひとつ
2. ふたつ
   - なか

| 話 | はい |
|---|---|
| {孤立|こりつ} |  |

---

## 書いてみましょう

:::worksheet memo
lines: 3

- わたしの{町|まち}で
:::

:::worksheet kimochi
answers: 1 ない / 2 ある

- さびしい。

total 1-1: ない日です。
total 2-2: ある日です。
:::

:::worksheet tenken
answers: はい / いいえ

# 壁
- いつも同じ。
> お茶に誘います。
:::
`

const packEasyHandout = `---
title: "くばる{紙|かみ}"
---
## はじめに

さびしいと{思|おも}う{気持|きも}ちを{知|し}ります。

---

## {書|か}きましょう

:::worksheet memo
lines: 3

- {町|まち}
:::

:::worksheet kimochi
answers: 1 ない / 2 ある

- さびしい。

total 1-1: ないです。
total 2-2: あります。
:::

:::worksheet tenken
answers: はい / いいえ

# かべ
- いつもおなじ。
> おちゃをのみます。
:::
`

const packSheets = `reflection:
  title: "ふり返りシート"
  title_easy: "ふりかえりシート"
  intro: "思ったとおりに。"
  intro_easy: "{思|おも}ったことを。"
  items:
    - text: "どうでしたか。"
      choices: ["よかった", "むずかしかった"]
      choices_easy: ["よかった", "わからなかった"]
    - text: "わたしなら"
      lines: 4
      personal: true
  ending: "ありがとうございました。"
closing:
  title: "まとめの確認"
  questions: [q-1, q-2]
poster:
  title: "講座のご案内"
  catch: "あいさつから始まります"
  free: "無料です"
  about: ["知る"]
  who: ["どなたでも"]
  gets: ["配る資料"]
application:
  title: "申込書"
  intro: "FAXで送れます。"
  fields:
    - name: "お名前"
      hint: "ふりがなも"
    - name: "年代"
      choices: ["60代", "70代"]
      lines: 2
  privacy: "連絡のためだけに使います。"
checklist:
  - when: "前の日"
    items: ["印刷する"]
`

// packFixture is the fixture with a 授業パック.
func packFixture(changes ...string) fstest.MapFS {
	return fixture(append([]string{
		"class/timetable.yaml", packTimetable, "class/slides.md", packSlides, "class/handout.md", packHandout,
		"class/handout.easy.md", packEasyHandout, "class/sheets.yaml", packSheets,
	}, changes...)...)
}

func openPack(tb testing.TB, changes ...string) *Pack {
	tb.Helper()
	p, faults := ReadPackage(packFixture(changes...))
	if len(faults) > 0 {
		tb.Fatal(faultLines(faults))
	}
	document, err := p.Document()
	if err != nil {
		tb.Fatal(err)
	}
	rev, err := OpenDocument("rev", 1, document)
	if err != nil {
		tb.Fatal(err)
	}
	return rev.Class
}
