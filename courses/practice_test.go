package courses

import (
	"errors"
	"strings"
	"testing"

	"tsunagari/storage"
)

func practise(tb testing.TB, activity string, r Reading, values Values) string {
	tb.Helper()
	got, err := Practise(openFixture(tb).Modules[0].Lessons[0], activity, values, r)
	if err != nil {
		tb.Fatal(err)
	}
	wellFormed(tb, string(got))
	return string(got)
}

// holds reports which of the wanted texts are missing, and which unwanted are there.
func holds(tb testing.TB, got string, wanted ...string) {
	tb.Helper()
	for _, want := range wanted {
		if no, found := strings.CutPrefix(want, "no: "); found {
			if strings.Contains(got, no) {
				tb.Errorf("there is %q in\n%s", no, got)
			}
		} else if !strings.Contains(got, want) {
			tb.Errorf("no %q in\n%s", want, got)
		}
	}
}

func TestSortByForm(t *testing.T) {
	page := string(openFixture(t).Modules[0].Lessons[0].HTML(Reading{}))
	holds(t, page,
		`<form method="post" action="/courses/tameshi/zenbu/kodoku#a-kodoku" data-practice="sort">`,
		`<fieldset><legend>にぎやかな職場でも、本音を話せない。</legend>`,
		`<label class="option"><input type="radio" name="card1" value="0" data-right><span>孤独だけ</span></label>`,
		`<div class="answer__text" hidden>`, `<button class="button" type="submit">答えを見る</button>`)
	got := practise(t, "kodoku", Reading{}, Values{"card1": {"1"}})
	holds(t, got,
		`value="1" checked`,
		`<p class="answer__verdict" data-verdict="right" hidden>「孤独だけ」に当てはまります。</p><p class="answer__verdict" data-verdict="other">「孤独だけ」が、近い見方です。</p><p>まわりに人がいても、`,
		`<p class="answer__open">まだ選んでいません。よかったら、選んでみてください。</p>`)
	got = practise(t, "kodoku", Reading{}, Values{"card2": {"2"}})
	holds(t, got, `<p class="answer__verdict" data-verdict="right">「孤独だけ」にも、「どちらも」にも、当てはまります。</p>`)
	got = practise(t, "kodoku", Reading{Easy: true, Furigana: true}, Values{"card1": {"0"}})
	holds(t, got, `「孤独だけ」に<ruby>当<rp>（</rp><rt>あ</rt><rp>）</rp></ruby>てはまります。`, "こたえを<ruby>見")
}

func TestMatchByForm(t *testing.T) {
	l := openFixture(t).Modules[0].Lessons[0]
	m := l.activities[0]["kumi"].Exercise.(*Matching)
	if strings.Join(m.Rights, " ") == "警察 消防 児童相談所" {
		t.Error("the right sides are offered in the order of the left ones")
	}
	for i, want := range []string{"警察", "消防", "児童相談所"} {
		if got := m.Rights[m.Pairs[i].Right]; got != want {
			t.Errorf("pair %d leads to %s, want %s", i, got, want)
		}
	}
	values := Values{"card1": {string(rune('0' + m.Pairs[0].Right))}, "card2": {string(rune('0' + m.Pairs[0].Right))}}
	got := practise(t, "kumi", Reading{}, values)
	holds(t, got, `<label class="card__ask" for="kumi-card1">110</label><select id="kumi-card1" name="card1">`,
		`data-right selected>警察</option>`, ` selected>警察</option>`,
		`<p class="answer__verdict" data-verdict="right">この組み合わせです。</p>`,
		`<p class="answer__verdict" data-verdict="other">「消防」が、近い見方です。</p>`, "まだ選んでいません")
}

func TestOrderByForm(t *testing.T) {
	l := openFixture(t).Modules[0].Lessons[0]
	o := l.activities[0]["junban"].Exercise.(*Ordering)
	values := Values{}
	for at, i := range o.Shown {
		place := map[string]string{"気づく": "1", "声をかける": "3", "あいさつする": "4", "見守る": ""}[o.Lines[i].Text]
		values["card"+string(rune('1'+at))] = []string{place}
	}
	got := practise(t, "junban", Reading{}, values)
	for text, want := range map[string]string{
		"気づく": "ここで合っています。", "声をかける": "ここで合っています。", "あいさつする": "もう少し前かもしれません。", "見守る": "まだ選んでいません",
	} {
		_, card, _ := strings.Cut(got, ">"+text+"</label>")
		card, _, _ = strings.Cut(card, "</li>")
		for _, verdict := range []string{"ここで合っています。", "もう少し前かもしれません。", "まだ選んでいません"} {
			shown := strings.Contains(card, verdict) && !strings.Contains(card, " hidden>"+verdict)
			if shown != (verdict == want) {
				t.Errorf("%s: %q is shown: %v", text, verdict, shown)
			}
		}
	}
	holds(t, got, `data-first="2" data-last="3"`, "<div><p>順番にならべると</p><ol><li>気づく</li><li>声をかける</li><li>あいさつする</li><li>見守る</li></ol></div>")
}

func TestTalkByForm(t *testing.T) {
	page := string(openFixture(t).Modules[0].Lessons[0].HTML(Reading{}))
	holds(t, page, `<div class="scene" data-scene="0" tabindex="-1"><p>久しぶりに会いました。</p>`, `<div class="scene" data-scene="1" tabindex="-1" hidden>`)
	for name, test := range map[string]struct {
		values Values
		path   string
		now    string
	}{
		"first reply":         {Values{"choice": {"0.0"}}, "0.0", "1"},
		"second reply":        {Values{"path": {"0.0"}, "choice": {"1.0"}}, "0.0 1.0", "2"},
		"round again":         {Values{"path": {"0.0", "1.1"}, "choice": {"0.1"}}, "0.0 1.1 0.1", "2"},
		"back":                {Values{"path": {"0.0", "1.0"}, "back": {"1"}}, "0.0", "1"},
		"back at the start":   {Values{"back": {"1"}}, "", "0"},
		"again":               {Values{"path": {"0.0"}, "again": {"1"}}, "", "0"},
		"not from here":       {Values{"path": {"1.0"}}, "", "0"},
		"torn":                {Values{"path": {"0.0", "x", "1.0"}}, "0.0", "1"},
		"no such choice":      {Values{"choice": {"0.7"}}, "", "0"},
		"nothing to choose":   {Values{"path": {"0.1"}, "choice": {"2.0"}}, "0.1", "2"},
		"larger than numbers": {Values{"choice": {"0.99999999999999999999"}}, "", "0"},
	} {
		t.Run(name, func(t *testing.T) {
			got := practise(t, "tonari", Reading{}, test.values)
			var path []string
			for _, part := range strings.Split(got, `name="path" value="`)[1:] {
				value, _, _ := strings.Cut(part, `"`)
				path = append(path, value)
			}
			if strings.Join(path, " ") != test.path {
				t.Errorf("path %v, want %s", path, test.path)
			}
			holds(t, got, `data-scene="`+test.now+`" tabindex="-1">`)
			if n := strings.Count(got, `tabindex="-1">`); n != 1 {
				t.Errorf("%d scenes are shown", n)
			}
		})
	}
	got := practise(t, "tonari", Reading{}, Values{"choice": {"0.0"}})
	holds(t, got, `<p class="talk__said"><span class="talk__who">あなたの選び方</span> 「おはようございます」</p><p class="talk__reply">あいさつだけで、`)
	long := Values{}
	for range 1000 {
		long["path"] = append(long["path"], "0.0", "1.1")
	}
	if n := strings.Count(practise(t, "tonari", Reading{}, long), `name="path"`); n != longestTalk {
		t.Errorf("%d replies are carried along, want %d", n, longestTalk)
	}
}

func TestChainByForm(t *testing.T) {
	got := practise(t, "kusari", Reading{}, Values{"open": {"1"}, "link": {"2"}})
	holds(t, got, `name="open" value="1"`, `name="open" value="2"`, "no: answer__text\" hidden")
	got = practise(t, "kusari", Reading{}, Values{"link": {"9"}})
	holds(t, got, `no: name="open"`)
}

func TestWorksheetsSendNothing(t *testing.T) {
	page := string(openFixture(t).Modules[0].Lessons[0].HTML(Reading{}))
	for _, id := range []string{"kimochi", "tenken", "kakikomi"} {
		_, sheet, _ := strings.Cut(page, `id="a-`+id+`"`)
		if i := strings.Index(sheet, `<div class="activity`); i > 0 {
			sheet = sheet[:i]
		}
		holds(t, sheet, "no: <form", "no: <button", "no: formaction", "どこにも送られず、残りません", `autocomplete="off"`)
		if _, err := Practise(openFixture(t).Modules[0].Lessons[0], id, Values{}, Reading{}); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("%s can be posted: %v", id, err)
		}
	}
	holds(t, page,
		`<input type="radio" name="kimochi-1" value="2" autocomplete="off"><span>2 時々ある</span>`,
		`<table class="worksheet__sum"><caption>点を足す表</caption>`,
		`<tr data-low="3" data-high="4"><th scope="row">3〜4</th><td>感じる日もあるようです。</td></tr>`,
		`<p class="worksheet__step">「はい」→ はじめの一歩：まず、お茶に誘ってみましょう。</p>`,
		`<p class="worksheet__step">「はい」→ はじめの一歩：この文だけの一歩です。</p>`,
		`<textarea id="kakikomi-line1" rows="2" autocomplete="off"></textarea>`, "ほかの人の名前は、書かないでください")
}

func TestPractiseUnknown(t *testing.T) {
	if _, err := Practise(openFixture(t).Modules[0].Lessons[0], "nothing", nil, Reading{}); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("err %v", err)
	}
	if _, err := Practise(openFixture(t).Modules[0].Lessons[1], "kodoku", nil, Reading{}); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("an activity of another lesson: %v", err)
	}
}

// FuzzPractise posts hostile fields to every activity.
func FuzzPractise(f *testing.F) {
	l := openFixture(f).Modules[0].Lessons[0]
	f.Add("card1", "0", "path", "0.0")
	f.Add("choice", "1.1", "open", "-1")
	f.Fuzz(func(t *testing.T, name, value, other, another string) {
		for id := range l.activities[0] {
			for _, r := range Readings {
				got, err := Practise(l, id, Values{name: {value, another}, other: {another}}, r)
				if err == nil {
					wellFormed(t, string(got))
				}
			}
		}
	})
}
