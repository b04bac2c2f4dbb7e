package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func questionFile(t *testing.T, content string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "questions.txt")
	if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// oneLine is printed JSON without its line breaks and indents.
func oneLine(json string) string {
	var b strings.Builder
	for line := range strings.Lines(json) {
		b.WriteString(strings.TrimSpace(line))
	}
	return b.String()
}

func TestQuestionsCheck(t *testing.T) {
	for name, test := range map[string]struct {
		format, file, want string
		flags              []string
	}{
		"a choice": {
			format: "gift", file: "// [id:q1] [tag:防災]\n::名::一\\n{漢字|かんじ} \\{x\\} **2** <3{=あ#よい ~%-50%い ####全体}\n",
			want: `{"questions": [{"type": "choice","name": "名","text": "一\n{漢字|かんじ} {x} **2** <3",` +
				`"choices": [{"text": "あ","weight": 1,"feedback": "よい"},{"text": "い","weight": -0.5,"feedback": ""}],"pairs": [],"answers": [],` +
				`"general_feedback": "全体","tags": ["防災"],"id": "q1","line": 2}],"unsupported": [],` +
				`"problems": [{"line": 2,"reason": "{漢字|かんじ} を、ふりがなとして読みました。GIFTでは \\{漢字|かんじ\\} のように、{ と } の前に \\ を書きます。"}]}`,
		},
		"pairs": {
			format: "gift", file: "組{=a -> b =c -> d = -> e}",
			want: `{"questions": [{"type": "matching","name": "","text": "組","choices": [],"pairs": [{"left": "a","right": "b"},{"left": "c","right": "d"},{"left": "","right": "e"}],"answers": [],` +
				`"general_feedback": "","tags": [],"id": "","line": 1}],"unsupported": [],"problems": []}`,
		},
		"numbers": {
			format: "gift", file: "何？{#1..4 =%50%0#near ~#ちがう}",
			want: `{"questions": [{"type": "numerical","name": "","text": "何？","choices": [],"pairs": [],"answers": [` +
				`{"text": "2.5","value": 2.5,"tolerance": 1.5,"weight": 1,"feedback": ""},{"text": "0","value": 0,"tolerance": 0,"weight": 0.5,"feedback": "near"},{"text": "*","weight": 0,"feedback": "ちがう"}],` +
				`"general_feedback": "","tags": [],"id": "","line": 1}],"unsupported": [],"problems": []}`,
		},
		"nothing that we can ask": {
			format: "gift", file: "書いて{}\n\n問い{=a",
			want: `{"questions": [],"unsupported": [{"line": 1,"reason": "自由に書く問題（作文）は、点をつけられません。"}],` +
				`"problems": [{"line": 3,"reason": "{ を閉じる } がありません。答えの終わりに } を書いてください。文字としての { は \\{ と書きます。"}]}`,
		},
		"full width": {
			format: "gift", file: "文｛Ｆ｝", flags: []string{"--full-width"},
			want: `{"questions": [{"type": "truefalse","name": "","text": "文","choices": [{"text": "正しい","weight": 0,"feedback": ""},{"text": "正しくない","weight": 1,"feedback": ""}],"pairs": [],"answers": [],` +
				`"general_feedback": "","tags": [],"id": "","line": 1}],"unsupported": [],"problems": []}`,
		},
		"aiken": {
			format: "aiken", file: "問い\nA) a\nB) b\nANSWER: B\n",
			want: `{"questions": [{"type": "choice","name": "","text": "問い","choices": [{"text": "a","weight": 0,"feedback": ""},{"text": "b","weight": 1,"feedback": ""}],"pairs": [],"answers": [],` +
				`"general_feedback": "","tags": [],"id": "","line": 1}],"unsupported": [],"problems": []}`,
		},
		"moodlexml": {
			format: "moodlexml", file: `<quiz><question type="truefalse"><name><text>名</text></name><questiontext format="html"><text>文</text></questiontext>` +
				`<answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text></answer></question></quiz>`,
			want: `{"questions": [{"type": "truefalse","name": "名","text": "文","choices": [{"text": "正しい","weight": 1,"feedback": ""},{"text": "正しくない","weight": 0,"feedback": ""}],"pairs": [],"answers": [],` +
				`"general_feedback": "","tags": [],"id": "","line": 1}],"unsupported": [],"problems": []}`,
		},
		"sheet": {
			format: "sheet", file: "形式,問題文,選択肢1,選択肢2,正解\r\n選択,問い,あ,い,2\r\n",
			want: `{"questions": [{"type": "choice","name": "","text": "問い","choices": [{"text": "あ","weight": 0,"feedback": ""},{"text": "い","weight": 1,"feedback": ""}],"pairs": [],"answers": [],` +
				`"general_feedback": "","tags": [],"id": "","line": 2}],"unsupported": [],"problems": []}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			args := append([]string{"questions", "check", "--format", test.format, questionFile(t, test.file)}, test.flags...)
			if got := oneLine(must(t, args...)); got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

func TestQuestionsCheckRefuses(t *testing.T) {
	file := questionFile(t, "文{T}")
	for name, args := range map[string][]string{
		"no format":      {file},
		"another format": {"--format", "word", file},
		"no file":        {"--format", "gift"},
		"no such file":   {"--format", "gift", file + ".none"},
	} {
		if out, err := ran(t, append([]string{"questions", "check"}, args...)...); err == nil || strings.Contains(out, "questions\":") {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}
