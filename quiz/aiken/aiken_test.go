package aiken

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"tsunagari/courses/questions"
)

// told is what was read, a line for each thing.
func told(imp *questions.Import) string {
	var b strings.Builder
	for _, q := range imp.Questions {
		fmt.Fprintf(&b, "%d %s %s", q.Line, q.Type, strings.ReplaceAll(q.Text[questions.JA], "\n\n", "⏎"))
		for _, o := range q.Options {
			fmt.Fprintf(&b, " | %g %s", o.Weight, o.Text[questions.JA])
		}
		b.WriteByte('\n')
	}
	for _, r := range imp.Problems {
		fmt.Fprintf(&b, "%d %s\n", r.Line, r.Reason)
	}
	if imp.FullWidth {
		b.WriteString("full width\n")
	}
	return b.String()
}

func TestRead(t *testing.T) {
	const wide = "選択肢の「A)」や「ANSWER: A」が全角です。「全角の記号を直して読み直す」を押してください。\n"
	for name, test := range map[string]struct{ file, want string }{
		"points and brackets":    {"\ufeff問い\r\nA. はい\r\nB) いいえ\r\nANSWER: B\r\n\r\n次は？\nA)はい\nB)いいえ\nC)どちらでもない\nANSWER:A", "1 choice 問い | 0 はい | 1 いいえ\n6 choice 次は？ | 1 はい | 0 いいえ | 0 どちらでもない\n"},
		"empty lines between":    {"問い\n\nA) a\n\nB) b\n\nANSWER: A\n", "1 choice 問い | 1 a | 0 b\n"},
		"marks are words":        {"**2** {孤独|こどく} <b>\nA) {x|y}\nB) = ~ #\nANSWER: A", "1 choice \\*\\*2\\*\\* {孤独|こどく} \\<b> | 1 \\{x|y\\} | 0 = ~ #\n"},
		"two lines":              {"一行目\n二行目\nA) a\nB) b\nANSWER: A", "1 choice 一行目⏎二行目 | 1 a | 0 b\n2 問題文が2行以上あります。つづけて1つの問題文として読みました。Aikenでは1行に書きます。\n"},
		"a heading":              {"第1章\n\n問い\nA) a\nB) b\nANSWER: A", "3 choice 問い | 1 a | 0 b\n1 この行のあとに選択肢がありません。選択肢は「A) 」か「A. 」で始めてください。\n"},
		"no answer":              {"問い\nA) a\nB) b\n次\nA) c\nB) d\nANSWER: A", "4 choice 次 | 1 c | 0 d\n1 この問題には「ANSWER: A」の行がありません。選択肢のあとに、正しい選択肢の文字を書いてください。\n"},
		"no answer at the end":   {"問い\nA) a\nB) b", "1 この問題には「ANSWER: A」の行がありません。選択肢のあとに、正しい選択肢の文字を書いてください。\n"},
		"answer in small":        {"問い\nA) a\nB) b\nAnswer: A\n次\nA) c\nB) d\nANSWER: A", "5 choice 次 | 1 c | 0 d\n4 答えの行は「ANSWER: A」のように、半角の大文字で書いてください。\n"},
		"a small letter":         {"問い\nA) a\nB) b\nANSWER: a", "4 「ANSWER:」のあとには、正しい選択肢の文字を1つだけ、半角の大文字で書いてください。\n"},
		"two answers":            {"問い\nA) a\nB) b\nANSWER: A, B", "4 「ANSWER:」のあとには、正しい選択肢の文字を1つだけ、半角の大文字で書いてください。\n"},
		"no such choice":         {"問い\nA) a\nB) b\nANSWER: C", "4 「ANSWER: C」にあたる選択肢がありません。\n"},
		"a letter left out":      {"問い\nA) a\nC) b\nANSWER: A\n次\nA) c\nB) d\nANSWER: A", "5 choice 次 | 1 c | 0 d\n3 選択肢の文字が順番になっていません（B のはずが C です）。A, B, C の順に書いてください。\n"},
		"an empty choice":        {"問い\nA) a\nB) \nANSWER: A", "3 選択肢に文がありません。\n"},
		"one choice":             {"問い\nA) a\nANSWER: A", "1 選択肢が2つ以上要ります。\n"},
		"the same twice":         {"問い\nA) a\nB) a\nANSWER: A", "1 選択肢に「a」が二度あります。\n"},
		"a choice alone":         {"A) a\n\nANSWER: A\n\n問い\nA) a\nB) b\nANSWER: A", "5 choice 問い | 1 a | 0 b\n1 選択肢の前に問題文がありません。問題文は「A.」のような文字と点で始めないでください。\n3 「ANSWER:」の前に問題文がありません。\n"},
		"full width":             {"Ｑ．問い\nＡ．はい\nＢ）いいえ\nＡＮＳＷＥＲ：Ｂ\n\n次\nA) a\nB) Ａ．b\nANSWER: A", "6 choice 次 | 1 a | 0 Ａ．b\n2 " + wide + "full width\n"},
		"full width, only there": {"問い\nA) a\nB) b\nＡＮＳＷＥＲ：　Ｂ", "4 " + wide + "full width\n"},
		"nothing":                {"\n \n", ""},
		"no text":                {"PK\x03\x04\x00\x01", "1 文字だけのファイルではないようです（1行目に、文字でないデータがあります）。そのファイルを作ったソフトで、文字コードを「UTF-8」にして保存し直してください。\n"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := told(Read([]byte(test.file), questions.ReadOptions{})); got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

func TestReadFullWidth(t *testing.T) {
	const file = "Ｑ．問い：Ａ．Ｂ．\nＡ．はい（Ａ）\nＢ）いいえ\nＡＮＳＷＥＲ：　Ｂ\n"
	got := told(Read([]byte(file), questions.ReadOptions{FullWidth: true}))
	if want := "1 choice Ｑ．問い：Ａ．Ｂ． | 0 はい（Ａ） | 1 いいえ\n"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestReadRefuses(t *testing.T) {
	for reason, file := range map[string]string{
		"ファイルが大きすぎます": strings.Repeat(" ", maxBytes+1),
		"問題が多すぎます":    strings.Repeat("問い\nA) a\nB) b\nANSWER: A\n", maxQuestions+1),
		"選択肢が多すぎます":   "問い\nA) a\n" + alphabet() + "A) a\nANSWER: A\n",
		"選択肢が長すぎます":   "問い\nA) " + strings.Repeat("あ", maxText) + "\nB) b\nANSWER: A\n",
		"問題文が長すぎます":   strings.Repeat("あ", maxText) + "\nA) a\nB) b\nANSWER: A\n",
	} {
		imp := Read([]byte(file), questions.ReadOptions{})
		if len(imp.Questions) != 0 || len(imp.Problems) != 1 || !strings.HasPrefix(imp.Problems[0].Reason, reason) {
			t.Errorf("%s: %d questions, %v", reason, len(imp.Questions), imp.Problems)
		}
	}
}

// alphabet is the choices from B to Z.
func alphabet() string {
	var b strings.Builder
	for c := 'B'; c <= 'Z'; c++ {
		fmt.Fprintf(&b, "%c) %c\n", c, c)
	}
	return b.String()
}

var (
	snippets = []string{"あ", "漢字", "{孤独|こどく}", "{x|y}", "**", "*", `\`, "<b>", "&amp;", "A) ", "B. ", "ANSWER: A", "Ａ．", "正解：", "[", "](", ")", " ", "　", "𠮷", "1", ":"}
	same     = cmp.Options{cmpopts.IgnoreFields(questions.Question{}, "Line"), cmpopts.EquateEmpty()}
)

// line draws a text without markup on one line, as it is kept.
func line(t *rapid.T, name string) questions.Text {
	return questions.Text{questions.JA: rapid.Custom(func(t *rapid.T) string {
		return questions.FromWords(strings.Join(rapid.SliceOfN(rapid.SampledFrom(snippets), 1, 5).Draw(t, "snippets"), ""))
	}).Filter(func(s string) bool {
		words, whole := questions.ToWords(s)
		return s != "" && whole && !strings.Contains(s, "  ") && words == strings.TrimSpace(words)
	}).Draw(t, name)}
}

func TestWriteReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var want []questions.Imported
		for range rapid.IntRange(1, 3).Draw(t, "questions") {
			q := questions.Imported{Question: questions.Question{Type: questions.Choice, Text: line(t, "text")}}
			n := rapid.IntRange(2, maxChoices).Draw(t, "choices")
			for i := range n {
				text, _ := questions.ToWords(line(t, "choice")[questions.JA])
				o := questions.Option{ID: fmt.Sprint(i + 1), Text: words(fmt.Sprintf("%d番%s", i, text))} // no two are the same
				q.Options = append(q.Options, o)
			}
			q.Options[rapid.IntRange(0, n-1).Draw(t, "right")].Weight = 1
			want = append(want, q)
		}
		var file bytes.Buffer
		remarks, err := Write(&file, want)
		if err != nil {
			t.Fatal(err)
		}
		for i := len(remarks) - 1; i >= 0; i-- {
			if !strings.HasPrefix(remarks[i].Reason, "問題文が選択肢や答えの行のように見えるため") {
				t.Fatal(remarks)
			}
			want = append(want[:remarks[i].Line-1], want[remarks[i].Line:]...)
		}
		got := Read(file.Bytes(), questions.ReadOptions{})
		if diff := cmp.Diff(want, got.Questions, same); diff != "" || len(got.Problems) > 0 {
			t.Fatalf("%s\n%s\n%v", diff, file.String(), got.Problems)
		}
	})
}

func TestWriteRemarks(t *testing.T) {
	ja := func(s string) questions.Text { return questions.Text{questions.JA: s} }
	options := []questions.Option{{ID: "1", Text: ja("はい"), Weight: 1, Feedback: ja("そうです")}, {ID: "2", Text: ja("**いいえ**")}}
	list := []questions.Imported{
		{Name: "名", Category: "c", ForeignID: "i", Files: []questions.File{{}}, Question: questions.Question{Type: questions.Choice, Text: questions.Text{questions.JA: "一\n\n二", questions.Easy: "い"}, Tags: []string{"t"}, Options: options}},
		{Question: questions.Question{Type: questions.TrueFalse, Text: ja("文"), Options: questions.TrueOrFalse(true)}},
		{Question: questions.Question{Type: questions.Choice, Text: ja("問い"), Options: options[:1]}},
		{Question: questions.Question{Type: questions.Choice, Text: ja("A. 問い"), Options: options}},
		{Question: questions.Question{Type: questions.Choice, Text: ja("問い"), Options: []questions.Option{{ID: "1", Text: ja("a"), Weight: 1}, {ID: "2", Text: ja("b"), Weight: 1}}}},
	}
	var file bytes.Buffer
	remarks, err := Write(&file, list)
	var got []string
	for _, r := range remarks {
		got = append(got, fmt.Sprintf("%d %s %s", r.Line, r.Name, r.Reason))
	}
	want := []string{
		"1 名 Aikenでは書き出せないものを除きました：改行、やさしい日本語の文、説明（フィードバック）、強調やリンク、問題の名前、番号、タグ、カテゴリ、図や音声のファイル。",
		"2 文 この種類の問題は、Aikenでは書き出せません。正しい選択肢が1つの問題だけです。",
		"3 問い このままでは書き出せません。選択肢が2つ以上要ります。",
		"4 A. 問い 問題文が選択肢や答えの行のように見えるため、Aikenでは書き出せません。",
		"5 問い 正しい選択肢が2つ以上あるため、Aikenでは書き出せません。",
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(err, diff)
	}
	if want := "一 二\nA) はい\nB) いいえ\nANSWER: A\n\n"; file.String() != want {
		t.Errorf("got %q, want %q", file.String(), want)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("問い\nA) a\nB. b\nANSWER: B\n\nＱ\nＡ．い\nＢ）う\nＡＮＳＷＥＲ：Ａ\n"), true)
	f.Add([]byte("A) a\r\rANSWER: A\r\n一\n二\n\nA) \nC) d\nAnswer: x"), false)
	f.Fuzz(func(t *testing.T, data []byte, wide bool) {
		imp := Read(data, questions.ReadOptions{FullWidth: wide})
		lines := bytes.Count(data, []byte("\n")) + bytes.Count(data, []byte("\r")) + 1
		for _, q := range imp.Questions {
			if faults := q.Faults(); len(faults) > 0 || q.Line < 1 || q.Line > lines {
				t.Fatal(q.Line, faults)
			}
		}
		for _, r := range imp.Problems {
			if r.Line < 1 || r.Line > lines || r.Reason == "" {
				t.Fatal(r)
			}
		}
		if _, err := Write(&bytes.Buffer{}, imp.Questions); err != nil {
			t.Fatal(err)
		}
	})
}

// BenchmarkRead reads 5,000 questions.
func BenchmarkRead(b *testing.B) {
	data := []byte(strings.Repeat("孤独とは、どんな状態ですか？\nA) さびしいと感じること\nB) 人とのつながりが少ないこと\nC) ひとりでいること\nANSWER: A\n\n", maxQuestions))
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if imp := Read(data, questions.ReadOptions{}); len(imp.Questions) != maxQuestions {
			b.Fatal(len(imp.Questions), imp.Problems)
		}
	}
}
