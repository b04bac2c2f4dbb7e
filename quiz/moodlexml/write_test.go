package moodlexml

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"tsunagari/courses/questions"
)

var marks = []rune("あ漢a1 　{|}*\\[]()!&;#<>\"'/.-_=~%@$`＝｛𠮷e\u0301")

// anyWords are plain words with what a writer and an attacker type.
func anyWords(t *rapid.T, name string) string {
	s := rapid.StringOfN(rapid.SampledFrom(marks), 1, 10, -1).Draw(t, name)
	return strings.Join(strings.Fields(s), " ") + "x"
}

// drawnText is Markdown as it is written by this program.
func drawnText(t *rapid.T, name string, files *[]questions.File) questions.Text {
	var parts []string
	for range rapid.IntRange(1, 3).Draw(t, name+" parts") {
		words := questions.FromPlain(anyWords(t, name))
		parts = append(parts, rapid.SampledFrom([]string{
			words, "**" + words + "**", "{孤独|こどく}" + words, words + "\n\n" + words, "[ここ](https://a.jp/?a=1&b=2)" + words,
		}).Draw(t, name+" form"))
	}
	if files != nil && rapid.IntRange(0, 5).Draw(t, name+" picture") == 0 {
		f := questions.File{Name: fmt.Sprintf("a%%20%d.png", len(*files)), Content: []byte(name)}
		*files = append(*files, f)
		parts = append(parts, "\n\n![図]("+f.Name+")\n\n")
	}
	return questions.Text{questions.JA: questions.Normal(strings.Join(parts, ""))}
}

// anyQuestion draws a question of any type that Moodle has.
func anyQuestion(t *rapid.T) questions.Imported {
	var files []questions.File
	text := func(name string) questions.Text { return drawnText(t, name, &files) }
	maybe := func(name string) questions.Text {
		if rapid.Bool().Draw(t, name+"?") {
			return text(name)
		}
		return nil
	}
	words := func(name string) questions.Text {
		return questions.Text{questions.JA: questions.FromWords(anyWords(t, name))}
	}
	q := questions.Imported{
		Name: anyWords(t, "name"), ForeignID: anyWords(t, "id"), Category: rapid.SampledFrom([]string{"", "a", "a/b//c"}).Draw(t, "category"),
		Question: questions.Question{
			Type: rapid.SampledFrom([]questions.Type{questions.Choice, questions.Multiple, questions.TrueFalse, questions.Matching, questions.Ordering, questions.Short, questions.Numerical}).Draw(t, "type"),
			Tags: rapid.SampledFrom([][]string{nil, {"a <b>", "& c"}}).Draw(t, "tags"),
			Text: text("text"), Explanation: maybe("explanation"),
		},
	}
	n := rapid.IntRange(2, 5).Draw(t, "n")
	weight := func() float64 {
		return rapid.SampledFrom([]float64{0, 1.0 / 3, .5, 2.0 / 3, .07, .1234567, 1}).Draw(t, "weight")
	}
	for i := range n {
		id, unique := number(i), func(t questions.Text) questions.Text {
			t[questions.JA] = number(i) + t[questions.JA]
			return t
		}
		switch q.Type {
		case questions.Choice, questions.Multiple:
			w := weight() * rapid.SampledFrom([]float64{1, -1}).Draw(t, "sign")
			if i == 0 {
				w = 1
			}
			q.Options = append(q.Options, questions.Option{ID: id, Text: unique(text("option")), Weight: w, Feedback: maybe("feedback")})
		case questions.Matching:
			p := questions.Pair{ID: id, Right: words("right")}
			if i < 2 {
				p.Left = unique(text("left"))
			}
			q.Pairs = append(q.Pairs, p)
		case questions.Ordering:
			q.Items = append(q.Items, questions.Item{ID: id, Text: unique(text("item")), Rank: i + 1, Feedback: maybe("feedback")})
		case questions.Short:
			w := weight()
			if i == 0 {
				w = 1
			}
			q.Answers = append(q.Answers, questions.Answer{Text: anyWords(t, "answer"), Weight: w, Feedback: maybe("feedback")})
		case questions.Numerical:
			q.Answers = append(q.Answers, questions.Answer{
				Value: rapid.Float64Range(-1e9, 1e9).Draw(t, "value"), Tolerance: rapid.SampledFrom([]float64{0, .5, 1e-9}).Draw(t, "tolerance"),
				Weight: 1, Feedback: maybe("feedback"),
			})
		}
	}
	if q.Type == questions.Short || q.Type == questions.Numerical {
		q.Otherwise = maybe("otherwise")
	}
	if q.Type == questions.Numerical {
		q.Unit = rapid.SampledFrom([]string{"", "人", "<b>"}).Draw(t, "unit")
	}
	if q.Type == questions.TrueFalse {
		q.Options = questions.TrueOrFalse(rapid.Bool().Draw(t, "truth"))
		q.Options[0].Feedback, q.Options[1].Feedback = maybe("yes"), maybe("no")
	}
	q.Files = files
	return q
}

func write(t interface{ Fatal(...any) }, list ...questions.Imported) (string, []questions.Remark) {
	var b bytes.Buffer
	lost, err := Write(&b, list)
	if err != nil {
		t.Fatal(err)
	}
	return b.String(), lost
}

// Nothing that Moodle has is lost on the way out and back in.
func TestReadGetsWhatIsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := []questions.Imported{anyQuestion(t), anyQuestion(t)}
		file, lost := write(t, want...)
		if len(lost) > 0 {
			t.Fatal(remarks(lost))
		}
		got := read(file)
		for _, p := range got.Problems {
			if !strings.Contains(p.Reason, "100%をこえます") && !strings.Contains(p.Reason, "数式（TeX") {
				t.Fatal(remarks(got.Problems), file)
			}
		}
		opts := cmp.Options{
			cmpopts.IgnoreFields(questions.Question{}, "Line"), cmpopts.EquateEmpty(),
			cmpopts.SortSlices(func(a, b questions.File) bool { return a.Name < b.Name }),
		}
		if diff := cmp.Diff(want, got.Questions, opts); diff != "" {
			t.Fatalf("%s\n%s\n%s", diff, remarks(got.Problems), file)
		}
	})
}

func TestReflectionsAreEssays(t *testing.T) {
	q := questions.Imported{Name: "ふり返り", Question: questions.Question{Type: questions.Reflection, Text: ja("どう**思い**ましたか。")}}
	file, lost := write(t, q)
	got := read(file)
	if len(lost) > 0 || len(got.Unsupported) != 1 {
		t.Fatal(file, remarks(lost))
	}
	got.Unsupported[0].Keep.Line = 0
	if diff := cmp.Diff(&q, got.Unsupported[0].Keep, cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
}

func TestWriteSaysWhatItLeavesOut(t *testing.T) {
	sort := questions.Question{
		ID: "s", Type: questions.Sort, Text: questions.Text{questions.JA: "分けましょう", questions.Easy: "{分|わ}けましょう"},
		Groups: []questions.Group{{ID: "a", Text: ja("孤独")}, {ID: "b", Text: ja("孤立")}},
		Items:  []questions.Item{{ID: "1", Text: ja("気持ち"), Groups: []string{"a"}}, {ID: "2", Text: ja("感じ"), Groups: []string{"a"}}},
	}
	both := sort
	both.Items = []questions.Item{{ID: "1", Text: ja("気持ち"), Groups: []string{"a", "b"}}, sort.Items[1]}
	pairs := questions.Question{ID: "p", Type: questions.Matching, Text: ja("組"), Pairs: []questions.Pair{
		{ID: "1", Left: ja("a"), Right: ja("**太い**"), Feedback: ja("説明")}, {ID: "2", Left: ja("b"), Right: ja("c")},
	}}
	order := questions.Question{ID: "o", Type: questions.Ordering, Text: ja("![図](x.png)"), Items: []questions.Item{{ID: "1", Text: ja("a"), Rank: 1}, {ID: "2", Text: ja("b"), Rank: 2}, {ID: "3", Text: ja("c"), Rank: 2}}}
	broken := questions.Question{ID: "x", Type: questions.Choice, Text: ja("何")}
	var list []questions.Imported
	for _, q := range []questions.Question{sort, both, pairs, order, broken} {
		list = append(list, questions.Imported{Question: q})
	}
	file, lost := write(t, list...)
	want := `1 分けましょう: Moodleでは書き出せないものを除きました：「分ける」形（組み合わせの問題にしました）、やさしい日本語の文。
2 分けましょう: 「気持ち」は、2つ以上のグループに当てはまります。Moodleにはこの形がないため、書き出せません。
3 組: Moodleでは書き出せないものを除きました：強調やリンク（右側の文）、組への説明。
4 （図：図）: Moodleでは書き出せないものを除きました：図「x.png」のファイル、どちらが先でもよい順番。
5 何: このままでは書き出せません。選択肢が2つ以上要ります。`
	if diff := cmp.Diff(want, remarks(lost)); diff != "" {
		t.Error(diff)
	}
	got := read(file)
	if len(got.Questions) != 3 || len(got.Questions[0].Pairs) != 3 || got.Questions[0].Pairs[2].Right[questions.JA] != "孤立" || got.Questions[0].ForeignID != "s" {
		t.Errorf("%+v", got.Questions)
	}
}

func TestNothingBreaksOutOfTheFile(t *testing.T) {
	q := questions.Imported{
		Name: "]]></text></name><question>", ForeignID: "\x00<x>", Category: "a]]>&<b>",
		Question: questions.Question{Type: questions.Short, Text: ja("]]>"), Tags: []string{"</tag>"}, Answers: []questions.Answer{{Text: "]]><&", Weight: 1}}},
		Files:    []questions.File{{Name: `"><a`, Content: []byte("x")}},
	}
	file, _ := write(t, q)
	got := read(file)
	if len(got.Questions) != 1 || got.Questions[0].Name != q.Name || got.Questions[0].Answers[0].Text != "]]><&" || got.Questions[0].Category != q.Category {
		t.Errorf("%+v\n%s", got, file)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(one("multichoice", answer("100", "a", "b")+answer("0", "c", "")))
	f.Add(one("numerical", answer("100", "1", "")+"<units><unit/></units>"))
	f.Add(one("gapselect", "<selectoption><text>[[1]]</text></selectoption>"))
	f.Add("<quiz><!DOCTYPE a><question type='cloze'><questiontext format='markdown'><text>{1:MC:=a}</text></questiontext>")
	f.Fuzz(func(t *testing.T, file string) {
		began := time.Now()
		got := read(file)
		if took := time.Since(began); took > time.Second+time.Duration(len(file))*time.Millisecond/4 {
			t.Fatalf("%d bytes took %v", len(file), took)
		}
		for i := range got.Questions {
			if reasons := got.Questions[i].Faults(); len(reasons) > 0 {
				t.Errorf("a question with faults: %v", reasons)
			}
		}
		out, _ := write(t, got.Questions...)
		if again := read(out); len(again.Questions) != len(got.Questions) {
			t.Errorf("%d questions were written, %d read: %s\n%s", len(got.Questions), len(again.Questions), remarks(again.Problems), out)
		}
	})
}
