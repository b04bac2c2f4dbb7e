package views

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/chromedp/chromedp"

	"tsunagari/courses"
	"tsunagari/views/browsertest"
)

// activityCourse is a course of one lesson with every activity.
func activityCourse(t *testing.T) Deps {
	t.Helper()
	files := map[string]string{
		"course.md":   "---\nid: 6c1d3f0a-8f0e-4b7e-9a55-2f4f3c0b7d12\nslug: renshuu\ntitle: 練習\nsummary: 練習の講座です。\nminutes: 9\nmodules: [m]\n---\n",
		"m/module.md": "---\ntitle: 単元\nlessons: [zenbu]\n---\n",
		"m/zenbu.md": `---
title: 活動のすべて
---
:::sort wakeru
groups: 孤独 / 孤立

- ひとつめ => 孤独
  > 一つめの言葉です。
- ふたつめ => 孤独 / 孤立
  > 二つめの言葉です。
:::

:::match musubu
- 左一 => 右一
  > 一の組です。
- 左二 => 右二
  > 二の組です。
:::

:::order naraberu
1. 朝
   > 朝の言葉です。
2. 昼
   > 昼の言葉です。
3. 夜
   > 夜の言葉です。
:::

:::talk hanasu
# hajime
はじめの場面です。
- こんにちは => tsugi
  > あいさつの言葉です。
# tsugi
つぎの場面です。
- またね => owari
  > 別れの言葉です。
# owari
おわりの場面です。
:::

:::chain kusari
1. きっかけ
   > ここで声がかかったら。
2. つぎ
   > ここで電話があったら。
:::

:::worksheet tensuu
answers: 1 ない / 2 ある

- 問い一
- 問い二

total 2-3: 少ない合計の言葉です。
total 4-4: 多い合計の言葉です。
:::

:::worksheet tenken
answers: はい / いいえ

# 壁
- 文一
- 文二
> まず一歩です。
:::
`,
	}
	fsys := fstest.MapFS{}
	for name, content := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(content)}
	}
	p, faults := courses.ReadPackage(fsys)
	for _, f := range faults {
		t.Error(f)
	}
	d := readyHouse(t).deps
	if _, _, err := d.Courses.Publish(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	return d
}

// TestActivitiesByScript: everything is answered in the page, and nothing is
// sent while it is.
func TestActivitiesByScript(t *testing.T) {
	b := browsertest.Start(t)
	at := browsertest.Serve(t, New(activityCourse(t)))
	tab := b.Tab(t, browsertest.Phone)
	if err := chromedp.Do(tab, chromedp.Navigate(at+"/courses/renshuu/zenbu"), chromedp.Evaluate[chromedp.Void](`
		window.seen = (selector) => [...document.querySelectorAll(selector)].filter(e => e.checkVisibility()).map(e => e.innerText.trim()).join(" ");
		window.loads = performance.getEntriesByType("resource").length;
		addEventListener("beforeunload", () => { window.left = true; });`)); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct{ name, script, want string }{
		{"nothing is said before", `seen(".answer__text, .talk__reply, .worksheet__step, .worksheet__result, .order__right div")`, ""},

		{"sort: right", `document.querySelector("[name=card1][value='0']").click(); seen("#a-wakeru .answer__text")`, "「孤独」に当てはまります。\n一つめの言葉です。"},
		{"sort: changed", `document.querySelector("[name=card1][value='1']").click(); seen("#a-wakeru .answer__text")`, "「孤独」が、近い見方です。\n一つめの言葉です。"},
		{"sort: both", `document.querySelector("[name=card2][value='1']").click(); seen("#a-wakeru .card:nth-child(2) .answer__text")`, "「孤独」にも、「孤立」にも、当てはまります。\n二つめの言葉です。"},
		{"sort: button not needed", `seen("#a-wakeru [type=submit]")`, ""},

		{"match", `{const s = document.getElementById("musubu-card2"); s.value = [...s.options].find(o => o.text === "右二").value; s.dispatchEvent(new Event("change", {bubbles: true}));} seen("#a-musubu .answer__text")`, "この組み合わせです。\n二の組です。"},
		{"match: taken back", `{const s = document.getElementById("musubu-card2"); s.value = ""; s.dispatchEvent(new Event("change", {bubbles: true}));} seen("#a-musubu .answer__text")`, ""},

		{"order: buttons", `seen("#a-naraberu .card:first-child button") + seen("#a-naraberu select")`, "▲ 上へ ▼ 下へ"},
		{"order: moved to the right order", `for (let n = 0; n < 3; n++) for (const word of ["夜", "昼", "朝"]) {
			const card = [...document.querySelectorAll("#a-naraberu .card")].find(c => c.querySelector(".card__ask").innerText === word);
			for (let i = 0; i < 3; i++) card.querySelector("button").click();
		} seen("#a-naraberu .card__ask")`, "朝 昼 夜"},
		{"order: focus stays", `{const up = document.querySelector("#a-naraberu .card:nth-child(2) button"); up.focus(); up.click();
			[document.activeElement === up, seen("#a-naraberu .card__ask"), document.querySelector("#a-naraberu [role=status]").textContent].join(" ")}`, "true 昼 朝 夜 1番目"},
		{"order: answer", `document.querySelector("#a-naraberu [type=submit]").click(); seen("#a-naraberu .answer__verdict") + " " + seen(".order__right li")`, "もう少しあとかもしれません。 もう少し前かもしれません。 ここで合っています。 朝 昼 夜"},

		{"talk: begins", `seen("#a-hanasu .scene > p")`, "はじめの場面です。"},
		{"talk: reply", `document.querySelector("#a-hanasu .scene:not([hidden]) .option").click(); seen("#a-hanasu .talk__log li") + "/" + seen("#a-hanasu .scene > p")`, "はじめの場面です。\n\nあなたの選び方\nこんにちは\n\nあいさつの言葉です。/つぎの場面です。"},
		{"talk: reading goes on", `document.activeElement.innerText`, "あいさつの言葉です。"},
		{"talk: end", `document.querySelector("#a-hanasu .scene:not([hidden]) .option").click(); seen("#a-hanasu .scene > p")`, "おわりの場面です。 ここまでです。"},
		{"talk: back", `document.querySelector("#a-hanasu [name=back]").click(); seen("#a-hanasu .scene > p") + document.querySelectorAll(".talk__log li").length`, "つぎの場面です。1"},
		{"talk: again", `document.querySelector("#a-hanasu [name=again]").click(); seen("#a-hanasu .scene > p") + seen("#a-hanasu .talk__log li") + seen("#a-hanasu [name=again]")`, "はじめの場面です。"},

		{"chain", `document.querySelector("#a-kusari .card:nth-child(2) button").click(); seen("#a-kusari .answer__text")`, "ここで電話があったら。"},
		{"chain: open", `document.querySelector("#a-kusari .card:nth-child(2) button").getAttribute("aria-expanded")`, "true"},
		{"chain: folded", `document.querySelector("#a-kusari .card:nth-child(2) button").click(); seen("#a-kusari .answer__text")`, ""},

		{"score: half", `document.querySelector("[name=tensuu-1][value='2']").click(); seen("#a-tensuu .worksheet__result, #a-tensuu table")`, ""},
		{"score: whole", `document.querySelector("[name=tensuu-2][value='2']").click(); seen("#a-tensuu .worksheet__result")`, "あなたの合計 4\n\n多い合計の言葉です。"},
		{"score: changed", `document.querySelector("[name=tensuu-2][value='1']").click(); seen("#a-tensuu .worksheet__result")`, "あなたの合計 3\n\n少ない合計の言葉です。"},

		{"rows: no", `document.querySelector("[name=tenken-1-1][value='2']").click(); seen("#a-tenken .worksheet__step")`, ""},
		{"rows: yes", `document.querySelector("[name=tenken-1-2][value='1']").click(); seen("#a-tenken .worksheet__step")`, "「はい」→ はじめの一歩：まず一歩です。"},

		{"nothing was sent", `location.hash + !!window.left + (performance.getEntriesByType("resource").length - window.loads)`, "false0"},
	} {
		got, err := chromedp.Run(tab, chromedp.Evaluate[string](step.script))
		if err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		if strings.Join(strings.Fields(got), " ") != strings.Join(strings.Fields(step.want), " ") {
			t.Errorf("%s\n got %q\nwant %q", step.name, got, step.want)
		}
	}
	browsertest.Shot(t, tab, "activities-phone")
	t.Run("axe", func(t *testing.T) { browsertest.Axe(t, tab) })
}

// TestActivitiesByForm: without script the same is said on the page after the form.
func TestActivitiesByForm(t *testing.T) {
	b := browsertest.Start(t)
	at := browsertest.Serve(t, New(activityCourse(t)))
	tab := b.Tab(t, browsertest.Phone.WithoutScript())
	lesson := chromedp.Navigate(at + "/courses/renshuu/zenbu")
	answer := func(id string) chromedp.Action[chromedp.Void] {
		return chromedp.WaitReady(chromedp.CSS("article:has(#a-" + id + ") + .go > a.button"))
	}
	click := func(selector string) chromedp.Action[chromedp.Void] { return chromedp.Click(chromedp.CSS(selector)) }
	for _, step := range []struct {
		name     string
		actions  []chromedp.Action[chromedp.Void]
		selector string
		want     string
	}{
		{
			"sort",
			[]chromedp.Action[chromedp.Void]{lesson, click("#a-wakeru .card:nth-child(1) .option:nth-child(2)"), click("#a-wakeru [type=submit]"), answer("wakeru")},
			"#a-wakeru .cards", "「孤独」が、近い見方です。",
		},
		{"sort, left open", nil, "#a-wakeru .cards", "まだ選んでいません。"},
		{
			"talk",
			[]chromedp.Action[chromedp.Void]{lesson, click("#a-hanasu .scene:not([hidden]) .option"), answer("hanasu")},
			"#a-hanasu form", "つぎの場面です。",
		},
		{
			"talk goes on",
			[]chromedp.Action[chromedp.Void]{click("#a-hanasu .scene:not([hidden]) .option"), chromedp.WaitReady(chromedp.CSS(".talk__log li:nth-child(2)"))},
			"#a-hanasu form", "別れの言葉です。",
		},
		{
			"chain",
			[]chromedp.Action[chromedp.Void]{lesson, click("#a-kusari .card:nth-child(1) .option"), answer("kusari")},
			"#a-kusari form", "ここで声がかかったら。",
		},
		{"worksheet as paper", []chromedp.Action[chromedp.Void]{lesson}, "#a-tensuu .worksheet__totals", "多い合計の言葉です。"},
	} {
		if err := chromedp.Do(tab, step.actions...); err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		text, err := chromedp.Run(tab, chromedp.Text(chromedp.CSS(step.selector)))
		if err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		if !strings.Contains(text, step.want) {
			t.Errorf("%s: no %q in %q", step.name, step.want, text)
		}
	}
}
