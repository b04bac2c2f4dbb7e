package formats

import (
	"bytes"
	"testing"

	"tsunagari/courses/questions"
	"tsunagari/quiz/sheet"
)

func TestDetect(t *testing.T) {
	var template bytes.Buffer
	if err := sheet.Template(&template); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct{ file, want string }{
		"gift":          {"孤独、と孤立は、同じ？{F}", "gift"},
		"wide gift":     {"孤独と孤立は、同じ？｛Ｆ｝", "gift"},
		"aiken":         {"問い\nA) あ\nB) い\nANSWER: B\n", "aiken"},
		"xml":           {"\ufeff<?xml version=\"1.0\"?>\n<quiz></quiz>", "moodlexml"},
		"xlsx":          {template.String(), "sheet"},
		"csv":           {"形式,問題文,選択肢1,選択肢2,正解\n選択,{孤独|こどく}は？,あ,い,1\n", "csv"},
		"other xml":     {"<html>{T}</html>", ""},
		"a text":        {"ただの文です。", ""},
		"could be both": {"問い{T}\nANSWER: A", ""},
		"no characters": {"\xff\xfe\x00\x00", ""},
		"nothing":       {"", ""},
	} {
		if got, sure := Detect([]byte(test.file)); got.Name != test.want || sure != (test.want != "") {
			t.Errorf("%s: %q, %v", name, got.Name, sure)
		}
	}
}

// Every format reads what it writes of a question that all of them hold.
func TestFormatsReadWhatTheyWrite(t *testing.T) {
	q := questions.Imported{Question: questions.Question{Type: questions.Choice, Text: questions.Text{questions.JA: "はじめにすることは？"}, Options: []questions.Option{
		{ID: "1", Text: questions.Text{questions.JA: "あいさつ"}, Weight: 1}, {ID: "2", Text: questions.Text{questions.JA: "見ないふり"}},
	}}}
	for _, f := range All {
		var b bytes.Buffer
		if lost, err := f.Write(&b, []questions.Imported{q}); err != nil || len(lost) > 0 {
			t.Errorf("%s: %v %v", f.Name, lost, err)
		}
		if got, sure := Detect(b.Bytes()); !sure || got.Name != f.Name {
			t.Errorf("%s is taken for %q", f.Name, got.Name)
		}
		imp := f.Read(b.Bytes(), questions.ReadOptions{})
		if len(imp.Questions) != 1 || len(imp.Questions[0].Options) != 2 || !imp.Questions[0].Options[0].Right() {
			t.Errorf("%s: %+v", f.Name, imp)
		}
	}
}
