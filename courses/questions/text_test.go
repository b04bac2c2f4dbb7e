package questions

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

const bank = `# every type once
- id: naze-1
  type: choice
  lesson: naze
  use: [check, closing]
  text: "なぜですか。"
  text_easy: "{何|なん}でですか。"
  choices:
    - text: "ひとつめ"
      text_easy: "1つめ"
      right: true
      feedback: "これが理由です。"
      feedback_easy: "これが{理由|りゆう}です。"
    - text: "ふたつめ"
      feedback: "惜しいところです。"

- id: many
  type: multiple
  lesson: naze
  use: check
  text: "どれですか。"
  choices:
    - {text: "a", right: true}
    - {text: "b", right: true}
    - {text: "c"}
    - {text: "d", weight: -10}

- id: tf
  type: truefalse
  lesson: naze
  text: "正しいですか。"
  answer: false
  if_true: "そう思った人へ"
  if_false: "そうでない人へ"
  explanation: "いつも見えます。"

- id: match
  type: matching
  lesson: naze
  text: "組にしましょう。"
  pairs:
    - left: "左1"
      right: "右1"
      feedback: "一組め"
    - left: "左2"
      right: "右2"
  extra:
    - text: "余り"

- id: order
  type: ordering
  lesson: naze
  text: "順に。"
  items:
    - text: "一"
    - text: "二"
      rank: 2
    - text: "二とおなじ"
      rank: 2

- id: groups
  type: sort
  lesson: naze
  text: "分けましょう。"
  groups:
    - id: kodoku
      text: "孤独"
    - id: koritsu
      text: "孤立"
  items:
    - text: "両方"
      group: [kodoku, koritsu]
      feedback: "どちらにも当てはまります。"
    - text: "片方"
      group: koritsu

- id: short
  type: short
  lesson: naze
  text: "番号は。"
  answers:
    - text: "110"
      feedback: "警察です。"
    - text: "119"
      weight: 50
  otherwise: "もういちど見ましょう。"

- id: number
  type: numerical
  lesson: naze
  text: "何人ですか。"
  unit: "人"
  answers:
    - value: 47
      tolerance: 0.5
`

func TestReadText(t *testing.T) {
	got, faults := ReadText([]byte(bank))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	ja := func(s string) Text { return Text{JA: s} }
	want := []*Question{
		{
			ID: "naze-1", Type: Choice, Lesson: "naze", Uses: []Use{InCheck, InClosing}, Line: 2,
			Text: Text{JA: "なぜですか。", Easy: "{何|なん}でですか。"},
			Options: []Option{
				{ID: "1", Text: Text{JA: "ひとつめ", Easy: "1つめ"}, Weight: 1, Feedback: Text{JA: "これが理由です。", Easy: "これが{理由|りゆう}です。"}},
				{ID: "2", Text: ja("ふたつめ"), Feedback: ja("惜しいところです。")},
			},
		},
		{
			ID: "many", Type: Multiple, Lesson: "naze", Uses: []Use{InCheck}, Line: 17, Text: ja("どれですか。"),
			Options: []Option{{ID: "1", Text: ja("a"), Weight: .5}, {ID: "2", Text: ja("b"), Weight: .5}, {ID: "3", Text: ja("c"), Weight: -.5}, {ID: "4", Text: ja("d"), Weight: -.1}},
		},
		{
			ID: "tf", Type: TrueFalse, Lesson: "naze", Line: 28, Text: ja("正しいですか。"), Explanation: ja("いつも見えます。"),
			Options: []Option{{ID: "true", Text: trueText, Feedback: ja("そう思った人へ")}, {ID: "false", Text: falseText, Weight: 1, Feedback: ja("そうでない人へ")}},
		},
		{
			ID: "match", Type: Matching, Lesson: "naze", Line: 37, Text: ja("組にしましょう。"),
			Pairs: []Pair{{ID: "1", Left: ja("左1"), Right: ja("右1"), Feedback: ja("一組め")}, {ID: "2", Left: ja("左2"), Right: ja("右2")}, {ID: "3", Right: ja("余り")}},
		},
		{
			ID: "order", Type: Ordering, Lesson: "naze", Line: 50, Text: ja("順に。"),
			Items: []Item{{ID: "1", Text: ja("一"), Rank: 1}, {ID: "2", Text: ja("二"), Rank: 2}, {ID: "3", Text: ja("二とおなじ"), Rank: 2}},
		},
		{
			ID: "groups", Type: Sort, Lesson: "naze", Line: 61, Text: ja("分けましょう。"),
			Groups: []Group{{"kodoku", ja("孤独")}, {"koritsu", ja("孤立")}},
			Items:  []Item{{ID: "1", Text: ja("両方"), Groups: []string{"kodoku", "koritsu"}, Feedback: ja("どちらにも当てはまります。")}, {ID: "2", Text: ja("片方"), Groups: []string{"koritsu"}}},
		},
		{
			ID: "short", Type: Short, Lesson: "naze", Line: 77, Text: ja("番号は。"), Otherwise: ja("もういちど見ましょう。"),
			Answers: []Answer{{Text: "110", Weight: 1, Feedback: ja("警察です。")}, {Text: "119", Weight: .5}},
		},
		{
			ID: "number", Type: Numerical, Lesson: "naze", Line: 88, Text: ja("何人ですか。"), Unit: "人",
			Answers: []Answer{{Value: 47, Tolerance: .5, Weight: 1}},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, q := range got {
		if faults := Check(q); len(faults) > 0 {
			t.Error(faults)
		}
	}
}

func TestReadTextFaults(t *testing.T) {
	for name, test := range map[string]struct{ file, want string }{
		"no list":         {"id: a\n", "1: 問題集は「- id: …」で始まる一覧です。"},
		"slip of the pen": {"- id: a\n  type: reflection\n  text: b\n  feedbak: c\n", "4: 「feedbak」という名前は、ここでは使いません。"},
		"slip in a part":  {"- id: a\n  type: choice\n  text: b\n  choices:\n    - text: c\n      correct: true\n", "6: 「correct」という名前は、ここでは使いません。"},
		"unknown type":    {"- id: a\n  type: essay\n  text: b\n", "2: 「type」に書けるのは choice、multiple、truefalse、matching、ordering、sort、short、numerical、reflection です。"},
		"nothing to ask":  {"- id: a\n  type: reflection\n", "1: 「text」がありません。"},
		"use":             {"- id: a\n  type: reflection\n  text: b\n  use: exam\n", "4: 「use」に書けるのは check と closing です。"},
		"easy alone":      {"- id: a\n  type: reflection\n  text: b\n  explanation_easy: c\n", "4: 「explanation_easy」がありますが、「explanation」がありません。"},
		"weight":          {"- id: a\n  type: multiple\n  text: b\n  choices:\n    - text: c\n      weight: 101\n", "6: 「weight」には-100から100までの数を書いてください。"},
		"not a number":    {"- id: a\n  type: numerical\n  text: b\n  answers:\n    - value: NaN\n", "5: 「value」には-1e+15から1e+15までの数を書いてください。"},
		"a scalar part":   {"- id: a\n  type: choice\n  text: b\n  choices:\n    - c\n", "5: ここには「名前: 値」の形が要ります。"},
		"a scalar item":   {"- a\n", "1: ここには「名前: 値」の形が要ります。"},
	} {
		t.Run(name, func(t *testing.T) {
			_, faults := ReadText([]byte(test.file))
			var got []string
			for _, f := range faults {
				got = append(got, fmt.Sprintf("%d: %s", f.Line, f.Reason))
			}
			if !strings.Contains(strings.Join(got, "\n"), test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestCheck(t *testing.T) {
	opt := func(id, text string, w float64) Option { return Option{ID: id, Text: Text{JA: text}, Weight: w} }
	item := func(id string, rank int, groups ...string) Item {
		return Item{ID: id, Text: Text{JA: id}, Rank: rank, Groups: groups}
	}
	for name, test := range map[string]struct {
		q    Question
		want string
	}{
		"id":               {Question{ID: "Naze 1", Type: Reflection}, "idには半角"},
		"text":             {Question{ID: "a", Type: Reflection, Text: Text{}}, "問題文がありません"},
		"type":             {Question{ID: "a", Type: "essay"}, "という種類の問題はありません"},
		"no right choice":  {Question{ID: "a", Type: Choice, Options: []Option{opt("1", "a", 0), opt("2", "b", 0)}}, "正しい選択肢（right: true）がありません"},
		"true and false":   {Question{ID: "a", Type: TrueFalse, Options: []Option{opt("1", "a", 1), opt("2", "b", 1)}}, "ちょうど1つ"},
		"one choice":       {Question{ID: "a", Type: Choice, Options: []Option{opt("1", "a", 1)}}, "2つ以上"},
		"equal choices":    {Question{ID: "a", Type: Choice, Options: []Option{opt("1", "a", 1), opt("2", "a", 0)}}, "「a」が二度"},
		"equal ids":        {Question{ID: "a", Type: Choice, Options: []Option{opt("1", "a", 1), opt("1", "b", 0)}}, "id「1」が二度"},
		"not 100 percent":  {Question{ID: "a", Type: Multiple, Options: []Option{opt("1", "a", .5), opt("2", "b", 0)}}, "100%になりません"},
		"multiple, none":   {Question{ID: "a", Type: Multiple, Options: []Option{opt("1", "a", 0), opt("2", "b", 0)}}, "がありません"},
		"one pair":         {Question{ID: "a", Type: Matching, Pairs: []Pair{{ID: "1", Left: Text{JA: "a"}, Right: Text{JA: "b"}}}}, "組が2つ以上"},
		"wrong order":      {Question{ID: "a", Type: Ordering, Items: []Item{item("a", 2), item("b", 1)}}, "正しい順"},
		"all the same":     {Question{ID: "a", Type: Ordering, Items: []Item{item("a", 1), item("b", 1)}}, "すべて同じ"},
		"unknown group":    {Question{ID: "a", Type: Sort, Groups: []Group{{"x", Text{JA: "x"}}, {"y", Text{JA: "y"}}}, Items: []Item{item("a", 0, "z"), item("b", 0, "x")}}, "グループ「z」"},
		"no group":         {Question{ID: "a", Type: Sort, Groups: []Group{{"x", Text{JA: "x"}}, {"y", Text{JA: "y"}}}, Items: []Item{item("a", 0), item("b", 0, "x")}}, "グループがありません"},
		"no full answer":   {Question{ID: "a", Type: Short, Answers: []Answer{{Text: "a", Weight: .5}}}, "100%になる答え"},
		"no answer at all": {Question{ID: "a", Type: Numerical}, "100%になる答え"},
	} {
		t.Run(name, func(t *testing.T) {
			if test.q.Text == nil {
				test.q.Text = Text{JA: "問い"}
			}
			if got := fmt.Sprint(Check(&test.q)); !strings.Contains(got, test.want) {
				t.Errorf("got %s, want %q", got, test.want)
			}
		})
	}
}

// texts draws a text of one or two languages with what a writer and an attacker type.
func texts(t *rapid.T, name string) Text {
	word := rapid.StringOfN(rapid.SampledFrom([]rune("あ漢字{|}*\"'\\:#-&!?[]() \n\t…\u2028𠮷e\u0301%@`>")), 1, 12, -1).
		Filter(func(s string) bool { return strings.TrimSpace(s) == s && s != "" })
	out := Text{JA: word.Draw(t, name)}
	if rapid.Bool().Draw(t, name+" easy") {
		out[Easy] = word.Draw(t, name+" in easy words")
	}
	return out
}

func maybe(t *rapid.T, name string) Text {
	if rapid.Bool().Draw(t, name+"?") {
		return texts(t, name)
	}
	return nil
}

// anyQuestion draws a question of any type.
func anyQuestion(t *rapid.T) *Question {
	q := &Question{
		ID: rapid.StringMatching(`[a-z]{1,8}-[0-9]`).Draw(t, "id"), Lesson: "naze",
		Type: rapid.SampledFrom([]Type{Choice, Multiple, TrueFalse, Matching, Ordering, Sort, Short, Numerical, Reflection}).Draw(t, "type"),
		Text: texts(t, "text"), Explanation: maybe(t, "explanation"),
		Uses: rapid.SampledFrom([][]Use{nil, {InCheck}, {InClosing, InCheck}}).Draw(t, "uses"),
		Tags: rapid.SampledFrom([][]string{nil, {"a b", "10: x"}}).Draw(t, "tags"),
	}
	n := rapid.IntRange(1, 5).Draw(t, "n")
	id := func(i int) string {
		return rapid.SampledFrom([]string{fmt.Sprint(i + 1), fmt.Sprintf("x-%d", i)}).Draw(t, "part id")
	}
	weight := func() float64 { return float64(rapid.IntRange(-10000000, 10000000).Draw(t, "weight")) / 1e7 }
	for i := range n {
		switch q.Type {
		case Choice, Multiple:
			q.Options = append(q.Options, Option{ID: id(i), Text: texts(t, "option"), Weight: weight(), Feedback: maybe(t, "feedback")})
		case Matching:
			p := Pair{ID: id(i), Right: texts(t, "right"), Feedback: maybe(t, "feedback")}
			if i < (n+1)/2 {
				p.Left = texts(t, "left")
			}
			q.Pairs = append(q.Pairs, p)
		case Ordering:
			q.Items = append(q.Items, Item{ID: id(i), Text: texts(t, "item"), Rank: rapid.IntRange(1, 5).Draw(t, "rank"), Feedback: maybe(t, "feedback")})
		case Sort:
			q.Groups = append(q.Groups, Group{id(i), texts(t, "group")})
			q.Items = append(q.Items, Item{ID: id(i), Text: texts(t, "item"), Groups: []string{q.Groups[0].ID}, Feedback: maybe(t, "feedback")})
		case Short:
			q.Answers = append(q.Answers, Answer{Text: texts(t, "answer")[JA], Weight: max(0, weight()), Feedback: maybe(t, "feedback")})
		case Numerical:
			q.Answers = append(q.Answers, Answer{Value: rapid.Float64Range(-1e9, 1e9).Draw(t, "value"), Tolerance: rapid.SampledFrom([]float64{0, .5, 1e-9}).Draw(t, "tolerance"), Weight: 1})
		}
	}
	if q.Type == Short || q.Type == Numerical {
		q.Otherwise = maybe(t, "otherwise")
	}
	if q.Type == Numerical {
		q.Unit = "km: \"x\""
	}
	if q.Type == TrueFalse {
		q.Options = []Option{{ID: "true", Text: trueText, Feedback: maybe(t, "yes")}, {ID: "false", Text: falseText, Weight: 1, Feedback: maybe(t, "no")}}
	}
	if (q.Type == Multiple || q.Type == Choice) && rapid.Bool().Draw(t, "plain weights") {
		for i := range q.Options {
			q.Options[i].Weight = 1
			if q.Type == Multiple {
				q.Options[i].Weight = 1 / float64(n)
			}
		}
	}
	return q
}

func TestWriteTextReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := []*Question{anyQuestion(t), anyQuestion(t)}
		file := WriteText(want)
		got, faults := ReadText(file)
		if len(faults) > 0 {
			t.Fatalf("%v\n%s", faults, file)
		}
		for _, q := range got {
			q.Line = 0
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%s\n%s", diff, file)
		}
	})
}

func FuzzReadText(f *testing.F) {
	f.Add(bank)
	f.Add("- id: a\n  type: choice\n  choices: [1, {text: a}, [b]]\n")
	f.Fuzz(func(t *testing.T, file string) {
		got, faults := ReadText([]byte(file))
		for _, q := range got {
			Check(q)
		}
		if len(faults) > 0 || len(got) == 0 {
			return
		}
		again, faults := ReadText(WriteText(got))
		if len(faults) > 0 {
			t.Fatalf("written and read again: %v\n%s", faults, WriteText(got))
		}
		for i := range got {
			got[i].Line, again[i].Line = 0, 0
		}
		if diff := cmp.Diff(got, again); diff != "" {
			t.Fatal(diff)
		}
	})
}
