package sheet

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"

	"tsunagari/courses/questions"
	"tsunagari/storage/table"
)

func ja(s string) questions.Text {
	if s == "" {
		return nil
	}
	return questions.Text{questions.JA: s}
}

func remarks(list []questions.Remark) string {
	var out []string
	for _, r := range list {
		out = append(out, fmt.Sprintf("%d %s: %s", r.Line, r.Name, r.Reason))
	}
	return strings.Join(out, "\n")
}

func read(data string) *questions.Import { return Read([]byte(data), questions.ReadOptions{}) }

// csvFile is a CSV file of cells between |.
func csvFile(lines ...string) string {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	for _, l := range lines {
		var cells []string
		for _, cell := range strings.Split(l, "|") {
			cells = append(cells, strings.ReplaceAll(strings.TrimSpace(cell), "⏎", "\n"))
		}
		if err := w.Write(cells); err != nil {
			panic(err)
		}
	}
	w.Flush()
	return b.String()
}

func opt(id, text string, w float64, feedback string) questions.Option {
	return questions.Option{ID: id, Text: ja(text), Weight: w, Feedback: ja(feedback)}
}

func TestTypes(t *testing.T) {
	pair := func(id, left, right string) questions.Pair {
		return questions.Pair{ID: id, Left: ja(left), Right: ja(right)}
	}
	item := func(id, text string, rank int, groups ...string) questions.Item {
		return questions.Item{ID: id, Text: ja(text), Rank: rank, Groups: groups}
	}
	truth := questions.TrueOrFalse(false)
	truth[0].Feedback, truth[1].Feedback = ja("惜しい"), ja("はい")
	choice := func(right ...float64) questions.Question {
		q := questions.Question{Type: questions.Choice}
		for i, w := range right {
			q.Options = append(q.Options, opt(fmt.Sprint(i+1), []string{"孤独", "孤立", "１人"}[i], w, ""))
		}
		return q
	}
	groups := []questions.Group{{ID: "1", Text: ja("孤独")}, {ID: "2", Text: ja("孤立")}}
	for _, test := range []struct {
		about, header, row string
		want               questions.Question
		problem            string
	}{
		{"by number", "形式|問題文|選択肢1|選択肢2|選択肢3|正解", "一つ選ぶ|何|孤独|孤立|１人|2", choice(0, 1, 0), ""},
		{"in full width, with other names", "種類|設問|Ａ|Ｂ|Ｃ|正答", "択一問題|何|孤独|孤立|１人|Ｂ", choice(0, 1, 0), ""},
		{"by katakana", "問題形式|質問|選択肢ア|選択肢イ|選択肢ウ|答え", "単一選択|何|孤独|孤立|１人|イ", choice(0, 1, 0), ""},
		{"by a circled number", "形式|問い|選択肢①|選択肢②|選択肢③|正解", "4択|何|孤独|孤立|１人|②番", choice(0, 1, 0), ""},
		{"by its text", "形式|問題文|選択肢1|選択肢2|選択肢3|正解", "一つ選ぶ|何|孤独|孤立|１人| 孤 立 ", choice(0, 1, 0), ""},
		{"two are enough", "形式|問題文|選択肢1|選択肢2|選択肢3|正解", "一つ選ぶ|何|孤独|孤立|１人|1、3", choice(1, 0, 1), "どれを選んでも正解"},
		{"without a type", "問題文|選択肢1|選択肢2|選択肢3|正解", "何|孤独|孤立|１人|1", choice(1, 0, 0), "「一つ選ぶ」として読みました"},
		{"with furigana, lines and feedback", "形式|問題文|選択肢1|フィードバック1|選択肢2|選択肢2の説明|正解|解説|レッスン|タグ", "一つ選ぶ|{孤独|こどく}⏎とは|**気持ち**|はい|5 * 3|いいえ|1|見ましょう|naze|言葉、入門", questions.Question{}, ""},
		{"several", "形式|問題文|選択肢1|選択肢2|選択肢3|正解", "複数選ぶ|何|a|b|c|1・3", questions.Question{
			Type: questions.Multiple, Options: []questions.Option{opt("1", "a", .5, ""), opt("2", "b", -.5, ""), opt("3", "c", .5, "")},
		}, ""},
		{"several, by texts with commas", "形式|問題文|選択肢1|選択肢2|選択肢3|正解", "複数選択|何|a、b|c・d|e|a、b⏎c・d", questions.Question{
			Type: questions.Multiple, Options: []questions.Option{opt("1", "a、b", .5, ""), opt("2", "c・d", .5, ""), opt("3", "e", -.5, "")},
		}, ""},
		{"weighed", "形式|問題文|選択肢1|選択肢2|割合1|割合2|正解", "複数選ぶ|何|a|b|100％|－５０|1", questions.Question{
			Type: questions.Multiple, Options: []questions.Option{opt("1", "a", 1, ""), opt("2", "b", -.5, "")},
		}, ""},
		{"true or false", "形式|問題文|正解|フィードバック○|フィードバック×", "〇✕|何|✖|惜しい|はい", questions.Question{Type: questions.TrueFalse, Options: truth}, ""},
		{"true or false in words", "形式|問題文|正解|フィードバック1|フィードバック2", "正誤|何|正しくない|惜しい|はい", questions.Question{Type: questions.TrueFalse, Options: truth}, ""},
		{"matching", "形式|問題文|選択肢1|組1|選択肢2|組2|選択肢3|組3|フィードバック2", "組合せ|何|110|警察|119|消防||海|火事", questions.Question{
			Type: questions.Matching, Pairs: []questions.Pair{pair("1", "110", "警察"), {ID: "2", Left: ja("119"), Right: ja("消防"), Feedback: ja("火事")}, pair("3", "", "海")},
		}, ""},
		{"matching with arrows", "形式|問題文|選択肢1|選択肢2", "組み合わせ|何|110 → 警察|119⇒消防", questions.Question{
			Type: questions.Matching, Pairs: []questions.Pair{pair("1", "110", "警察"), pair("2", "119", "消防")},
		}, ""},
		{"ordering", "形式|問題文|選択肢1|選択肢2|選択肢3", "並べ替え|何|a|b|c", questions.Question{
			Type: questions.Ordering, Items: []questions.Item{item("1", "a", 1), item("2", "b", 2), item("3", "c", 3)},
		}, ""},
		{"ordering by numbers", "形式|問題文|選択肢1|選択肢2|選択肢3|正解", "並べかえ|何|a|b|c|3→1＝2", questions.Question{
			Type: questions.Ordering, Items: []questions.Item{item("1", "c", 1), item("2", "a", 2), item("3", "b", 2)},
		}, ""},
		{"sorting", "形式|問題文|選択肢1|組1|選択肢2|組2|選択肢3|グループ3", "分ける|何|a|孤独|b|孤立|c|孤立、孤独", questions.Question{
			Type: questions.Sort, Groups: groups, Items: []questions.Item{item("1", "a", 0, "1"), item("2", "b", 0, "2"), item("3", "c", 0, "2", "1")},
		}, ""},
		{"sorting into groups in order", "形式|問題文|グループ|選択肢1|組1|選択肢2|組2", "分ける|何|孤独⏎孤立|b|孤立|a|孤独", questions.Question{
			Type: questions.Sort, Groups: groups, Items: []questions.Item{item("1", "b", 0, "2"), item("2", "a", 0, "1")},
		}, ""},
		{"short", "形式|問題文|正解|その他の答え", "記述|何|110⏎１１０番|もう一度", questions.Question{
			Type: questions.Short, Otherwise: ja("もう一度"), Answers: []questions.Answer{{Text: "110", Weight: 1}, {Text: "１１０番", Weight: 1}},
		}, ""},
		{"short with shares", "形式|問題文|答え1|割合1|フィードバック1|答え2|正解", "みじかい答え|何|役場|50|ほぼ|市役所|市役所", questions.Question{
			Type: questions.Short, Answers: []questions.Answer{{Text: "役場", Weight: .5, Feedback: ja("ほぼ")}, {Text: "市役所", Weight: 1}},
		}, ""},
		{"number", "形式|問題文|正解|単位", "数|何人|１，２３４人|人", questions.Question{
			Type: questions.Numerical, Unit: "人", Answers: []questions.Answer{{Value: 1234, Weight: 1}},
		}, ""},
		{"number within", "形式|問題文|正解", "数値|何|−３．５±0.5", questions.Question{
			Type: questions.Numerical, Answers: []questions.Answer{{Value: -3.5, Tolerance: .5, Weight: 1}},
		}, ""},
		{"number between", "形式|問題文|正解|単位", "数値|何|2人〜4人|人", questions.Question{
			Type: questions.Numerical, Unit: "人", Answers: []questions.Answer{{Value: 3, Tolerance: 1, Weight: 1}},
		}, ""},
		{"number with an error", "形式|問題文|正解|誤差", "数値|何|10|±2", questions.Question{
			Type: questions.Numerical, Answers: []questions.Answer{{Value: 10, Tolerance: 2, Weight: 1}},
		}, ""},
		{"reflection", "形式|問題文|選択肢1", "ふり返り|何|", questions.Question{Type: questions.Reflection}, ""},
		{"easy words", "形式|問題文|問題文（やさしい）|正解", "○×|孤独か|さびしいか|○", questions.Question{
			Type: questions.TrueFalse, Text: questions.Text{questions.JA: "孤独か", questions.Easy: "さびしいか"}, Options: questions.TrueOrFalse(true),
		}, ""},
	} {
		t.Run(test.about, func(t *testing.T) {
			row := strings.ReplaceAll(test.row, "{孤独|こどく}", "{孤独\x00こどく}")
			file := strings.ReplaceAll(csvFile(test.header, row), "\x00", "|")
			if test.about == "with furigana, lines and feedback" {
				test.want = questions.Question{
					Type: questions.Choice, Text: ja("{孤独|こどく}\n\nとは"), Explanation: ja("見ましょう"), Lesson: "naze", Tags: []string{"言葉", "入門"},
					Options: []questions.Option{opt("1", "**気持ち**", 1, "はい"), opt("2", "5 * 3", 0, "いいえ")},
				}
			}
			if test.want.Text == nil {
				test.want.Text = ja(strings.Split(strings.TrimPrefix(test.row, strings.Split(test.row, "|")[0]+"|"), "|")[0])
				if strings.HasPrefix(test.header, "問題文") {
					test.want.Text = ja("何")
				}
			}
			test.want.Line = 2
			got := read(file)
			if len(got.Questions) != 1 {
				t.Fatal(remarks(got.Problems))
			}
			if diff := cmp.Diff(test.want, got.Questions[0].Question); diff != "" {
				t.Error(diff)
			}
			if said := remarks(got.Problems); !strings.Contains(said, test.problem) || (test.problem == "") != (said == "") {
				t.Errorf("problems %q, want %q", said, test.problem)
			}
		})
	}
}

// A bad row takes no other with it.
func TestProblems(t *testing.T) {
	const header = "形式|問題文|選択肢1|選択肢2|組1|組2|割合1|正解|単位|誤差|問題文（やさしい）"
	for _, test := range []struct{ about, row, want string }{
		{"no text", "一つ選ぶ||a|b||||1", "2 : 問題文がありません"},
		{"no text but easy", "一つ選ぶ||a|b||||1|||あ", "「問題文（やさしい）」がありますが、「問題文」がありません"},
		{"no such type", "論述|何|a|b||||1", "「論述」という形式はありません"},
		{"no such number", "一つ選ぶ|何|a|b||||3", "「3」にあたる選択肢がありません"},
		{"no such text", "一つ選ぶ|何|a|b||||あ", "「あ」にあたる選択肢がありません"},
		{"a number or a text", "一つ選ぶ|何|2|1||||1", "選択肢の番号か選択肢の文か、わかりません"},
		{"no answer", "一つ選ぶ|何|a|b||||", "「正解」が空です"},
		{"one choice", "一つ選ぶ|何|a|||||1", "選択肢が2つ以上要ります"},
		{"equal choices", "一つ選ぶ|何|a|a||||1", "「a」が二度あります"},
		{"a share", "一つ選ぶ|何|a|b|||よい|1", "「割合1」の「よい」は使えません"},
		{"not true and not false", "○×|何|||||||", "○ か × を"},
		{"no partner", "組み合わせ|何|a|b|c||||", "「選択肢2」と組になる「組2」がありません"},
		{"no group", "分ける|何|a|b|c||||", "どのグループに分けるか"},
		{"an order too short", "並べかえ|何|a|b||||2", "番号が足りません"},
		{"an order twice", "並べかえ|何|a|b||||2、2", "「2」が読めません"},
		{"no short answer", "みじかい答え|何||||||", "「正解」が空です"},
		{"no number", "数|何||||||三つ", "「三つ」は、数として読めません"},
		{"no margin", "数|何||||||3||広い", "「誤差」の「広い」は"},
		{"a failed formula", "○×|何|||||||#REF!", "「単位」の式の結果がエラー（#REF!）"},
		{"long", "○×|" + strings.Repeat("あ", 3000) + "||||||○", "「問題文」の文が長すぎます"},
	} {
		t.Run(test.about, func(t *testing.T) {
			got := read(csvFile(header, test.row, "○×|つぎ||||||○"))
			if len(got.Questions) != 1 || got.Questions[0].Line != 3 {
				t.Errorf("%+v", got.Questions)
			}
			if said := remarks(got.Problems); !strings.HasPrefix(said, "2 ") || !strings.Contains(said, test.want) {
				t.Errorf("got %q, want %q", said, test.want)
			}
		})
	}
}

func TestFilesOfAllEncodings(t *testing.T) {
	file := csvFile("問題の表", "", "形式|問題文|正解|備考|問題文", "○×|孤独は気持ち。|○|x|", "", " | | ", "○×|\"二\"つめ|×||")
	file = "\n" + strings.Replace(file, "\n\"\"\n", "\n\n", 1)
	for name, encode := range map[string]func(string) (string, error){
		"UTF-8":         func(s string) (string, error) { return s, nil },
		"UTF-8, marked": func(s string) (string, error) { return "\ufeff" + s, nil },
		"CRLF":          func(s string) (string, error) { return strings.ReplaceAll(s, "\n", "\r\n"), nil },
		"CR":            func(s string) (string, error) { return strings.ReplaceAll(s, "\n", "\r"), nil },
		"CP932":         japanese.ShiftJIS.NewEncoder().String,
		"UTF-16":        unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String,
		"tabs":          func(s string) (string, error) { return strings.ReplaceAll(s, ",", "\t"), nil },
		"semicolons":    func(s string) (string, error) { return strings.ReplaceAll(s, ",", ";"), nil },
	} {
		data, err := encode(file)
		if err != nil {
			t.Fatal(err)
		}
		got := read(data)
		if len(got.Questions) != 2 || got.Questions[0].Line != 5 || got.Questions[1].Line != 8 || got.Questions[1].Text[questions.JA] != `"二"つめ` {
			t.Errorf("%s: %+v\n%s", name, got.Questions, remarks(got.Problems))
		}
		if want := "4 : つぎの列は読みませんでした：「備考」、「問題文」。"; remarks(got.Problems) != want {
			t.Errorf("%s: got %q, want %q", name, remarks(got.Problems), want)
		}
	}
}

func TestWhatIsNoTable(t *testing.T) {
	for _, test := range []struct{ about, file, want string }{
		{"nothing", "", "見出しの行が見つかりません"},
		{"no header", "あ,い\nう,え\n", "見出しの行が見つかりません"},
		{"only a header", "形式,問題文,正解\n", "問題がひとつもありません"},
		{"broken quotes", "形式,問題文,正解\n○×,\"何,○\n", "「\"」の組が合っていません"},
		{"an old Excel", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "古い形のExcel"},
		{"a zip of something else", "PK\x03\x04nothing", "Excelのファイルではないようです"},
		{"another encoding", "\xff\xfe\x00", "読めない文字"},
		{"too large", strings.Repeat("a", table.MaxBytes+1), "大きすぎます"},
		{"too many rows", "形式,問題文,正解\n" + strings.Repeat("○×,何,○\n", 20000), "行が多すぎます"},
		{"too many questions", "形式,問題文,正解\n" + strings.Repeat("○×,何,○\n", maxQuestions+1), "問題が多すぎます"},
	} {
		if got := read(test.file); !strings.Contains(remarks(got.Problems), test.want) {
			t.Errorf("%s: got %q, want %q", test.about, remarks(got.Problems), test.want)
		}
	}
}
