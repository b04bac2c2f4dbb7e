package gift

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

// snippets are what texts of a writer and of an attacker are made of.
var snippets = []string{
	"あ", "漢字", "𠮷", "Cafe\u0301", " ", "　", "\n\n", "…", "9時～17時", "＝", "＃いのち", "｛", "｝", "％", "→", "：：",
	"{", "}", "|", "*", "**", `\`, `\\`, `\n`, ":", "::", "#", "####", "=", "~", "->", "-", "%", "%50%", "$CATEGORY:", "//", "/", "[", "]", "[html]", "[plain]", "(", ")", "!",
	"&", "&amp;", "&lt;", "<", ">", "<b>", "<!--", "\"", "'", "_", "`", ";", ".", "..", "T", "TRUE", "3:2",
	"{孤独|こどく}", "{SOS|エスオーエス}", "{x|x>0}", "**強調**", "[言葉](https://example.jp/a?b=c&d)", "図",
}

func markdownOf(t *rapid.T, name string) string {
	return rapid.Custom(func(t *rapid.T) string {
		return questions.Normal(strings.Join(rapid.SliceOfN(rapid.SampledFrom(snippets), 1, 6).Draw(t, "snippets"), ""))
	}).Filter(func(s string) bool { return s != "" && !strings.Contains(s, "  ") && !figure.MatchString(s) }).Draw(t, name)
}

func textOf(t *rapid.T, name string) questions.Text {
	return questions.Text{questions.JA: markdownOf(t, name)}
}

func maybe(t *rapid.T, name string) questions.Text {
	if rapid.Bool().Draw(t, name+"?") {
		return textOf(t, name)
	}
	return nil
}

// wordsOf draws a text without markup, for where GIFT has none.
func wordsOf(t *rapid.T, name string) questions.Text {
	return questions.Text{questions.JA: rapid.Custom(func(t *rapid.T) string { return markdownOf(t, "words") }).
		Filter(func(s string) bool { _, whole := questions.ToWords(s); return whole }).Draw(t, name)}
}

func lineOf(t *rapid.T, name string) string {
	s := rapid.SliceOfN(rapid.SampledFrom(snippets), 0, 4).Draw(t, name)
	return strings.Join(strings.Fields(strings.Join(s, "")), " ")
}

func answerOf(t *rapid.T, name string) string {
	return rapid.Custom(func(t *rapid.T) string { return lineOf(t, "line") }).
		Filter(func(s string) bool { return s != "" && !strings.Contains(s, "->") }).Draw(t, name)
}

// question draws a question that GIFT can hold and that can be asked.
func question(t *rapid.T) questions.Imported {
	return rapid.Custom(drawQuestion).Filter(func(q questions.Imported) bool { return len(q.Faults()) == 0 }).Draw(t, "question")
}

func drawQuestion(t *rapid.T) questions.Imported {
	q := questions.Imported{Name: lineOf(t, "name"), Category: rapid.SampledFrom([]string{"", "top", "a/b", "町 と//村/top", "$x$"}).Draw(t, "category")}
	q.ForeignID = rapid.SampledFrom([]string{"", "abc", "a]b [c", `x\y`}).Draw(t, "id")
	q.Tags = rapid.SampledFrom([][]string{nil, {"防災"}, {"a]b", `c\d`, "[tag"}}).Draw(t, "tags")
	q.Type = rapid.SampledFrom([]questions.Type{questions.Choice, questions.Multiple, questions.TrueFalse, questions.Matching, questions.Short, questions.Numerical}).Draw(t, "type")
	q.Text, q.Explanation = textOf(t, "text"), maybe(t, "explanation")
	n := rapid.IntRange(2, 5).Draw(t, "n")
	for i := range n {
		full := i == 0 || rapid.IntRange(0, 9).Draw(t, "full") == 0
		drawPart(t, &q.Question, full)
	}
	if q.Type == questions.TrueFalse {
		q.Options = questions.TrueOrFalse(rapid.Bool().Draw(t, "truth"))
		q.Options[0].Feedback, q.Options[1].Feedback = maybe(t, "yes"), maybe(t, "no")
	}
	if q.Type == questions.Short || q.Type == questions.Numerical {
		q.Otherwise = maybe(t, "otherwise")
	}
	return q
}

func drawPart(t *rapid.T, q *questions.Question, full bool) {
	weight := 1.0
	if !full {
		weight = rapid.SampledFrom([]float64{0, 0, .5, 1 / 3., 0.3333333, 0.05, 0.00001}).Draw(t, "weight")
	}
	switch q.Type {
	case questions.Choice, questions.Multiple:
		if !full && rapid.Bool().Draw(t, "negative") {
			weight = -weight
		}
		q.Options = append(q.Options, questions.Option{ID: number(len(q.Options)), Text: textOf(t, "option"), Weight: weight, Feedback: maybe(t, "feedback")})
	case questions.Matching:
		p := questions.Pair{ID: number(len(q.Pairs)), Left: textOf(t, "left"), Right: wordsOf(t, "right")}
		if rapid.IntRange(0, 3).Draw(t, "extra") == 0 {
			p.Left = nil
		}
		q.Pairs = append(q.Pairs, p)
	case questions.Short:
		q.Answers = append(q.Answers, questions.Answer{Text: answerOf(t, "answer"), Weight: weight, Feedback: maybe(t, "feedback")})
	case questions.Numerical:
		q.Answers = append(q.Answers, questions.Answer{
			Value: rapid.OneOf(rapid.Float64Range(-1e15, 1e15), rapid.SampledFrom([]float64{0, 3, -0.1, 1e15, 3.1415})).Draw(t, "value"), Weight: weight,
			Tolerance: rapid.SampledFrom([]float64{0, .5, 1e-9, 1e15}).Draw(t, "tolerance"), Feedback: maybe(t, "feedback"),
		})
	}
}

var same = cmp.Options{cmpopts.IgnoreFields(questions.Question{}, "Line"), cmpopts.EquateEmpty()}

func TestWriteReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var want []questions.Imported
		for range rapid.IntRange(1, 3).Draw(t, "questions") {
			want = append(want, question(t))
		}
		var file bytes.Buffer
		remarks, err := Write(&file, want)
		if err != nil || len(remarks) > 0 {
			t.Fatalf("%v %v", remarks, err)
		}
		written := file.String()
		if rapid.Bool().Draw(t, "CRLF") {
			written = strings.ReplaceAll(written, "\n", "\r\n")
		}
		got := Read([]byte(written), questions.ReadOptions{})
		if diff := cmp.Diff(want, got.Questions, same); diff != "" {
			t.Fatalf("%s\n%s\n%v", diff, file.String(), got.Problems)
		}
		if len(got.Unsupported) > 0 {
			t.Fatal(got.Unsupported)
		}
	})
}

func TestWrite(t *testing.T) {
	ja := func(s string) questions.Text { return questions.Text{questions.JA: s} }
	q := func(q questions.Question) questions.Imported { return questions.Imported{Question: q} }
	options := []questions.Option{{ID: "1", Text: ja("はい"), Weight: 1}, {ID: "2", Text: ja("いいえ")}}
	for name, test := range map[string]struct {
		q       questions.Imported
		file    string
		remarks string
	}{
		"plain": {
			questions.Imported{Name: "1: 名前", Category: "x/y", Question: questions.Question{ID: "naze-1", Tags: []string{"a]"}, Type: questions.Choice, Text: ja("a\n\nb = c"), Options: options}},
			"$CATEGORY: $course$/top/x/y\n\n// [id:naze-1] [tag:a\\]]\n::1\\: 名前::a\\nb \\= c{\n\t=はい\n\t~いいえ\n}\n\n", "",
		},
		"furigana stays furigana": {
			q(questions.Question{Type: questions.Choice, Text: ja("{孤独|こどく}とは"), Options: options}),
			"\\{孤独|こどく\\}とは{\n\t=はい\n\t~いいえ\n}\n\n", "",
		},
		"markup becomes HTML": {
			q(questions.Question{Type: questions.Choice, Text: ja("**強い**"), Explanation: ja("a < b"), Options: options}),
			"[html]<strong>強い</strong>{\n\t=はい\n\t~いいえ\n\t####a &lt; b\n}\n\n", "",
		},
		"an arrow on the left": {
			q(questions.Question{Type: questions.Matching, Text: ja("q"), Pairs: []questions.Pair{{ID: "1", Left: ja("a->b"), Right: ja("c->d")}, {ID: "2", Left: ja("e"), Right: ja("f")}}}),
			"q{\n\t=[html]a-&gt;b -> c->d\n\t=e -> f\n}\n\n", "",
		},
		"ordering": {
			q(questions.Question{Type: questions.Ordering, Text: ja("q"), Items: []questions.Item{{ID: "1", Text: ja("a"), Rank: 1}, {ID: "2", Text: ja("b"), Rank: 2}}}),
			"", "1 q この種類の問題は、GIFTでは書き出せません。",
		},
		"reflection": {q(questions.Question{Type: questions.Reflection, Text: ja("q")}), "", "1 q この種類の問題は、GIFTでは書き出せません。"},
		"broken":     {q(questions.Question{Type: questions.Short, Text: ja("q")}), "", "1 q このままでは書き出せません。100%になる答えがありません。"},
		"an arrow in a short answer": {
			q(questions.Question{Type: questions.Short, Text: ja("q"), Answers: []questions.Answer{{Text: "a->b", Weight: 1}}}),
			"", "1 q 答え「a->b」の -> は、GIFTでは組み合わせの記号になるため、書き出せません。",
		},
		"what GIFT has not": {
			questions.Imported{Name: "名", Files: []questions.File{{Name: "a.png"}}, Question: questions.Question{
				Type: questions.Numerical, Text: questions.Text{questions.JA: "q", questions.Easy: "k"}, Unit: "人", Tags: []string{"<b>"}, Answers: []questions.Answer{{Value: 3, Weight: 1}},
			}},
			"// [tag:b]\n::名::q{#\n\t=%100%3:0\n}\n\n",
			"1 名 GIFTでは書き出せないものを除きました：番号やタグ「<b>」の一部の文字、やさしい日本語の文、単位、図や音声のファイル。",
		},
		"what pairs have not": {
			q(questions.Question{Type: questions.Matching, Text: ja("q"), Pairs: []questions.Pair{{ID: "1", Left: ja("a"), Right: ja("**b**"), Feedback: ja("c")}, {ID: "2", Left: ja("d"), Right: ja("e")}}}),
			"q{\n\t=a -> b\n\t=d -> e\n}\n\n", "1 q GIFTでは書き出せないものを除きました：強調やリンク（右側の文）、組への説明。",
		},
	} {
		t.Run(name, func(t *testing.T) {
			var file bytes.Buffer
			remarks, err := Write(&file, []questions.Imported{test.q})
			var told []string
			for _, r := range remarks {
				told = append(told, fmt.Sprintf("%d %s %s", r.Line, r.Name, r.Reason))
			}
			if got := strings.Join(told, "\n"); err != nil || file.String() != test.file || got != test.remarks {
				t.Errorf("%v\n%s\n%q\nwant\n%s\n%q", err, got, file.String(), test.remarks, test.file)
			}
		})
	}
}
