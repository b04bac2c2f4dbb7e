package sheet

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"tsunagari/courses/questions"
)

var marks = []rune("あ漢ア1２aB 　{|}*\\[]()!&;#<>\"',、。・/.-_=+@＝＋－＠±%$`と→𠮷e\u0301\u200b")

func anyWords(t *rapid.T, name string) string {
	s := rapid.StringOfN(rapid.SampledFrom(marks), 1, 10, -1).Draw(t, name)
	return strings.TrimSpace(oneLine(s)) + rapid.SampledFrom([]string{"x", "1", "_x0041_"}).Draw(t, name+" end")
}

// drawnText is Markdown as it is written by this program, in one language or two.
func drawnText(t *rapid.T, name string) questions.Text {
	draw := func() string {
		words := questions.FromPlain(anyWords(t, name))
		return questions.Normal(rapid.SampledFrom([]string{
			words, "**" + words + "**", "{孤独|こどく}" + words, words + "\n\n" + words, "[ここ](https://a.jp/?a=1&b=2)" + words, "=" + words, "＠" + words,
		}).Draw(t, name+" form"))
	}
	text := questions.Text{questions.JA: draw()}
	if rapid.IntRange(0, 3).Draw(t, name+" easy") == 0 {
		text[questions.Easy] = draw()
	}
	return text
}

var allTypes = []questions.Type{
	questions.Choice, questions.Multiple, questions.TrueFalse, questions.Matching, questions.Ordering, questions.Sort,
	questions.Short, questions.Numerical, questions.Reflection,
}

// anyQuestion draws a question of any type.
func anyQuestion(t *rapid.T) questions.Imported {
	maybe := func(name string) questions.Text {
		if rapid.Bool().Draw(t, name+"?") {
			return drawnText(t, name)
		}
		return nil
	}
	word := func(name string) string {
		return rapid.SampledFrom([]string{"", "=1+1", "あ い", "-x", "'a", "''=b", "@c", "＝d"}).Draw(t, name)
	}
	q := questions.Imported{
		Name: word("name"), ForeignID: word("id"), Category: rapid.SampledFrom([]string{"", "a", "a/b"}).Draw(t, "category"),
		Question: questions.Question{
			Type: rapid.SampledFrom(allTypes).Draw(t, "type"), Lesson: word("lesson"),
			Tags: rapid.SampledFrom([][]string{nil, {"=a", "b c"}, {"+1"}}).Draw(t, "tags"),
			Uses: rapid.SampledFrom([][]questions.Use{nil, {questions.InCheck}, {questions.InCheck, questions.InClosing}}).Draw(t, "uses"),
			Text: drawnText(t, "text"), Explanation: maybe("explanation"),
		},
	}
	n := rapid.IntRange(2, 5).Draw(t, "n")
	unique := func(i int, t questions.Text) questions.Text {
		t[questions.JA] = string(rune('あ'+2*i)) + t[questions.JA]
		return t
	}
	for i := range n {
		id := fmt.Sprint(i + 1)
		weight := rapid.SampledFrom([]float64{0, 1.0 / 3, .5, .07, .1234567, 1}).Draw(t, "weight")
		if i == 0 {
			weight = 1
		}
		switch q.Type {
		case questions.Choice, questions.Multiple:
			if i > 0 {
				weight *= rapid.SampledFrom([]float64{1, -1}).Draw(t, "sign")
			}
			q.Options = append(q.Options, questions.Option{ID: id, Text: unique(i, drawnText(t, "option")), Weight: weight, Feedback: maybe("feedback")})
		case questions.Matching:
			p := questions.Pair{ID: id, Right: drawnText(t, "right"), Feedback: maybe("feedback")}
			if i < 2 {
				p.Left = unique(i, drawnText(t, "left"))
			}
			q.Pairs = append(q.Pairs, p)
		case questions.Ordering:
			rank := i + 1
			if i == n-1 && n > 2 && rapid.Bool().Draw(t, "either way") {
				rank = i
			}
			q.Items = append(q.Items, questions.Item{ID: id, Text: unique(i, drawnText(t, "item")), Rank: rank, Feedback: maybe("feedback")})
		case questions.Sort:
			q.Groups = append(q.Groups, questions.Group{ID: id, Text: questions.Text{questions.JA: id + "、" + questions.FromPlain(anyWords(t, "group")), questions.Easy: "g" + id}})
			groups := []string{"1"}
			if i > 0 && rapid.Bool().Draw(t, "two groups") {
				groups = []string{"1", id}
			}
			q.Items = append(q.Items, questions.Item{ID: id, Text: unique(i, drawnText(t, "item")), Groups: groups, Feedback: maybe("feedback")})
		case questions.Short:
			q.Answers = append(q.Answers, questions.Answer{Text: id + anyWords(t, "answer"), Weight: weight, Feedback: maybe("feedback")})
		case questions.Numerical:
			q.Answers = append(q.Answers, questions.Answer{
				Value: rapid.Float64Range(-1e9, 1e9).Draw(t, "value") + float64(i), Tolerance: rapid.SampledFrom([]float64{0, .5, 1e-9}).Draw(t, "tolerance"),
				Weight: weight, Feedback: maybe("feedback"),
			})
		}
	}
	if q.Type == questions.Short || q.Type == questions.Numerical {
		q.Otherwise = maybe("otherwise")
	}
	if q.Type == questions.Numerical {
		q.Unit = rapid.SampledFrom([]string{"", "人", "@km"}).Draw(t, "unit")
	}
	if q.Type == questions.TrueFalse {
		q.Options = questions.TrueOrFalse(rapid.Bool().Draw(t, "truth"))
		q.Options[0].Feedback, q.Options[1].Feedback = maybe("yes"), maybe("no")
	}
	return q
}

type writer func(io.Writer, []questions.Imported) ([]questions.Remark, error)

// Nothing is lost on the way out and back in, in either form.
func TestReadGetsWhatIsWritten(t *testing.T) {
	for name, write := range map[string]writer{"xlsx": WriteXLSX, "CSV": WriteCSV} {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				want := []questions.Imported{anyQuestion(t), anyQuestion(t)}
				var file bytes.Buffer
				lost, err := write(&file, want)
				if err != nil || len(lost) > 0 {
					t.Fatal(err, remarks(lost))
				}
				got := Read(file.Bytes(), questions.ReadOptions{})
				for _, p := range got.Problems {
					if !strings.Contains(p.Reason, "どれを選んでも正解") {
						t.Fatal(remarks(got.Problems))
					}
				}
				opts := cmp.Options{cmpopts.IgnoreFields(questions.Question{}, "Line"), cmpopts.EquateEmpty()}
				if diff := cmp.Diff(want, got.Questions, opts); diff != "" {
					t.Fatalf("%s\n%s", diff, remarks(got.Problems))
				}
			})
		})
	}
}

// formulas are what spreadsheets would calculate, or send to somebody.
var formulas = []string{
	"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠a", "−1", "'=1", " =1", "\u200b=1",
	`=HYPERLINK("http://127.0.0.1/?"&A1,"x")`, "=cmd|' /C calc'!A0", `"=1"`, "=1\n=2",
}

func TestNothingIsAFormula(t *testing.T) {
	var list []questions.Imported
	for i, s := range formulas {
		list = append(list, questions.Imported{
			Name: s, ForeignID: s, Category: "a" + s,
			Question: questions.Question{
				Type: questions.Short, Text: ja(questions.FromPlain(s + fmt.Sprint(i))), Explanation: ja(questions.FromPlain(s)), Lesson: s, Tags: []string{s},
				Answers: []questions.Answer{{Text: oneLine(s) + "1", Weight: 1}, {Text: oneLine(s), Weight: .5}},
			},
		})
	}
	var sheet, text bytes.Buffer
	if _, err := WriteXLSX(&sheet, list); err != nil {
		t.Fatal(err)
	}
	if _, err := WriteCSV(&text, list); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(sheet.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows("問題")
	if err != nil || len(rows) != len(list)+1 {
		t.Fatal(err, len(rows))
	}
	for r, row := range rows {
		for c := range row {
			at, err := excelize.CoordinatesToCellName(c+1, r+1)
			if err != nil {
				t.Fatal(err)
			}
			formula, err1 := f.GetCellFormula("問題", at)
			kind, err2 := f.GetCellType("問題", at)
			if err1 != nil || err2 != nil || formula != "" || kind != excelize.CellTypeInlineString && kind != excelize.CellTypeSharedString {
				t.Errorf("%s: %q %v %v %v", at, formula, kind, err1, err2)
			}
		}
	}
	if !bytes.HasPrefix(text.Bytes(), []byte("\ufeff")) || strings.Contains(strings.ReplaceAll(text.String(), "\r\n", ""), "\r") {
		t.Error("not UTF-8 with a mark and CRLF")
	}
	cells, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text.String(), "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range cells {
		for _, cell := range row {
			if begin := strings.TrimLeft(cell, " 　\u200b"); begin != "" && strings.ContainsRune("=+-@\t\r＝＋－＠−", []rune(begin)[0]) {
				t.Errorf("%q begins a formula", cell)
			}
		}
	}
	a, b := Read(sheet.Bytes(), questions.ReadOptions{}), Read(text.Bytes(), questions.ReadOptions{})
	if diff := cmp.Diff(a, b); diff != "" {
		t.Error(diff)
	}
	for i, q := range a.Questions {
		if q.Name != oneLine(formulas[i]) || q.Text[questions.JA] != questions.Normal(list[i].Text[questions.JA]) || q.Answers[0].Text != oneLine(formulas[i])+"1" {
			t.Errorf("%q came back as %q %q %q", formulas[i], q.Name, q.Text[questions.JA], q.Answers[0].Text)
		}
	}
}

func TestWriteSaysWhatItLeavesOut(t *testing.T) {
	list := []questions.Imported{
		{Question: questions.Question{Type: questions.Reflection, Text: ja("ど**う**"), Tags: []string{"a、b"}}, Files: []questions.File{{Name: "a.png"}}},
		{Question: questions.Question{Type: questions.Choice, Text: ja("何")}},
		{Question: questions.Question{Type: questions.Reflection, Text: ja(strings.Repeat("あ", 4000))}, Name: "長い"},
		{Question: questions.Question{Type: questions.Numerical, Text: ja("何"), Unit: "0", Answers: []questions.Answer{{Value: 30, Weight: 1}}}},
	}
	lost, err := WriteCSV(io.Discard, list)
	want := `1 どう: 表では書き出せないものを除きました：タグ「a、b」の中の読点、図や音声のファイル。
2 何: このままでは書き出せません。選択肢が2つ以上要ります。
3 長い: 「問題文」の文が長すぎて、表には書き出せません。
4 何: 単位が数と同じ形なので、答えを表に書けません。`
	if diff := cmp.Diff(want, remarks(lost)); diff != "" || err != nil {
		t.Error(diff, err)
	}
}

func FuzzReadCSV(f *testing.F) {
	f.Add("形式,問題文,選択肢1,選択肢2,組1,組2,正解,割合1\n一つ選ぶ,何,a,b,c,d,1,50\n並べかえ,何,a,b,,,2=1\n")
	f.Add("設問,正解,単位,誤差,グループ\n何,3〜4,人,±2,a\n")
	f.Add("問題文（やさしい）,問題文,A,B,答え\n\"a\nb\",c,1,2,2\n")
	f.Fuzz(func(t *testing.T, file string) {
		began := time.Now()
		got := read(file)
		if took := time.Since(began); took > time.Second+time.Duration(len(file))*time.Millisecond {
			t.Fatalf("%d bytes took %v", len(file), took)
		}
		for i := range got.Questions {
			if reasons := got.Questions[i].Faults(); len(reasons) > 0 {
				t.Errorf("a question with faults: %v", reasons)
			}
		}
		var out bytes.Buffer
		refused, err := WriteCSV(&out, got.Questions)
		if err != nil {
			t.Fatal(err)
		}
		again := Read(out.Bytes(), questions.ReadOptions{})
		if len(again.Questions)+len(refused) < len(got.Questions) && !strings.Contains(remarks(again.Problems), "見本") {
			t.Errorf("%d questions were written, %d read: %s\n%s", len(got.Questions), len(again.Questions), remarks(again.Problems), out.String())
		}
	})
}

func FuzzReadXLSX(f *testing.F) {
	var b bytes.Buffer
	if err := Template(&b); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		began := time.Now()
		Read(data, questions.ReadOptions{})
		if took := time.Since(began); took > 10*time.Second {
			t.Fatalf("%d bytes took %v", len(data), took)
		}
	})
}
