package sheet

import (
	"io"
	"maps"
	"strconv"
	"strings"
	"sync"

	"github.com/xuri/excelize/v2"

	"tsunagari/courses/questions"
)

// Template writes an Excel file to be filled in: three examples, which Read leaves
// out as long as nobody changes them, and how to write each type. Error: w's.
func Template(w io.Writer) error {
	rows := exampleCells()
	columns := columnsOf(rows)
	for _, f := range []field{optionField, rightField, feedbackField} {
		for n := 1; n <= 5; n++ {
			columns = append(columns, column{field: f, n: n})
		}
	}
	used := append([]map[column]string{}, rows...)
	all := map[column]string{}
	for _, c := range columns {
		all[c] = ""
	}
	return writeWorkbook(w, columnsOf(append(used, all)), rows)
}

// exampleCells are the rows of the examples.
var exampleCells = sync.OnceValue(func() (rows []map[column]string) {
	for i := range examples {
		cells, _, _ := cellsOf(&examples[i])
		rows = append(rows, cells)
	}
	return rows
})

// isExample says whether a row is an example that nobody touched.
func isExample(r record) bool {
	for _, e := range exampleCells() {
		if maps.Equal(e, r.cells) {
			return true
		}
	}
	return false
}

func said(s string) questions.Text { return questions.Text{questions.JA: s} }

var examples = []questions.Imported{
	{Question: questions.Question{
		Type: questions.Choice, Text: said("（見本）{孤独|こどく}とは、どのようなことでしょう。"),
		Options: []questions.Option{
			{ID: "1", Text: said("ひとりだと感じて、つらくなる気持ち"), Weight: 1, Feedback: said("はい。人がまわりにいても、感じることがあります。")},
			{ID: "2", Text: said("人とのつながりが少ないようす"), Feedback: said("それは「孤立」です。気持ちのほうを選んでみましょう。")},
			{ID: "3", Text: said("ひとりで暮らしていること"), Feedback: said("ひとり暮らしでも、つながりのある人はたくさんいます。")},
		},
		Explanation: said("孤独は気持ち、孤立はようすです。"), Tags: []string{"言葉"},
	}},
	{Question: questions.Question{
		Type: questions.TrueFalse, Text: said("（見本）あいさつだけでも、つながりになる。"),
		Options: trueExample("はい。短いあいさつも、大切なつながりです。", "長い話でなくても、だいじょうぶです。"),
	}},
	{Question: questions.Question{
		Type: questions.Matching, Text: said("（見本）困ったときの電話番号と、かける先を結びましょう。"),
		Pairs: []questions.Pair{
			{ID: "1", Left: said("110"), Right: said("警察"), Feedback: said("事件や事故のときの番号です。")},
			{ID: "2", Left: said("119"), Right: said("消防・救急"), Feedback: said("火事や急な病気のときの番号です。")},
			{ID: "3", Left: said("189"), Right: said("児童相談所")},
		},
	}},
}

func trueExample(yes, no string) []questions.Option {
	options := questions.TrueOrFalse(true)
	options[0].Feedback, options[1].Feedback = said(yes), said(no)
	return options
}

func excelRow(n int) string { return strconv.Itoa(n) }

// guide is the second sheet: what, how, an example.
var guide = [][]string{
	{"問題の書き方"},
	{"", "「問題」のシートに、ひとつの問題を1行に書きます。1行目の見出しは、そのまま残してください。列の順番は変わってもかまいません。空の行は読みとばします。"},
	{"", "見本の3行は、消しても、残しても、かまいません。そのままの見本は、取りこまれません。"},
	{},
	{"列", "書くこと", "例"},
	{"形式", "一覧から選びます。", "一つ選ぶ"},
	{"問題文", "受講者に見せる問題の文です。セルの中で改行できます（Altを押しながらEnter）。", ""},
	{"選択肢1、選択肢2…", "選ぶもの、並べるもの、分けるものを、1つずつ書きます。足りないときは、選択肢6、選択肢7…と列を足せます（30まで）。", ""},
	{"組1、組2…", "「組み合わせ」では選択肢の相手、「分ける」ではグループの名前です。", "警察"},
	{"正解", "選択肢の番号か、選択肢と同じ文を書きます。いくつかあるときは「、」で区切ります。", "1、3"},
	{"フィードバック1、2…", "その選択肢を選んだ人への言葉です。なぜそうなのかを、やさしく書きます。", ""},
	{"解説", "答えたあと、だれにでも見せる説明です。", ""},
	{"単位", "「数」で、答えのうしろに見せる単位です。", "人"},
	{"割合1、割合2…", "点の割合を変えたいときだけ、列を足して書きます（-100から100まで）。", "50"},
	{"グループ", "「分ける」で、グループの順番を決めたいときだけ、列を足して、1行に1つずつ書きます。", ""},
	{"ほかの答えへの言葉", "「みじかい答え」と「数」で、どの正解とも合わないときの言葉です。要るときだけ、列を足します。", ""},
	{"レッスン", "答えを読めるレッスンの名前かidです。", ""},
	{"タグ", "あとで探すときの言葉です。いくつかあるときは「、」で区切ります。", "言葉、入門"},
	{},
	{"形式", "書き方", "正解の例"},
	{"一つ選ぶ", "選択肢を2つ以上書き、正解の番号を書きます。", "2"},
	{"複数選ぶ", "選択肢を2つ以上書き、正解の番号をすべて書きます。ちがうものを選ぶと、その分だけ点が減ります。", "1、3"},
	{"○×", "選択肢は書きません。フィードバック1は「正しい」を、フィードバック2は「正しくない」を選んだ人への言葉です。", "○"},
	{"組み合わせ", "選択肢1の相手を組1に、選択肢2の相手を組2に…と書きます。組だけを書くと、相手のない「余り」になります。", ""},
	{"並べかえ", "選択肢を正しい順に書きます（受講者には、まぜて見せます）。どちらが先でもよいときは、正解に「1、2=3」のように書きます。", ""},
	{"分ける", "選択肢1のグループを組1に…と書きます。グループが2つ以上のときは「、」で区切ります。", ""},
	{"みじかい答え", "正しい答えを正解に書きます。いくつもあるときは、セルの中で改行して1つずつ書きます。全角と半角、大文字と小文字、空白のちがいは問いません。", "相談"},
	{"数", "正しい数を正解に書きます。はばを持たせるときは、3±0.5 や 2.5〜3.5 のように書きます。", "47"},
	{"ふり返り", "問題文だけを書きます。点はつきません。", ""},
	{},
	{"文の飾り", "ふりがなは {漢字|かんじ}、強調は **文字** と書きます。", "{孤独|こどく}は**気持ち**です。"},
	{"やさしい日本語", "見出しのうしろに（やさしい）とつけた列を足すと、やさしい日本語の文を書けます。", "問題文（やさしい）"},
}

func writeGuide(f *excelize.File, s styles) error {
	out, err := f.NewStreamWriter(guideSheet)
	if err != nil {
		return err
	}
	for i, w := range []float64{24, 76, 30} {
		if err := out.SetColWidth(i+1, i+1, w); err != nil {
			return err
		}
	}
	for n, line := range guide {
		style := s.cell
		switch {
		case n == 0:
			style = s.title
		case len(line) > 2 && strings.HasPrefix(line[1], "書") && strings.HasSuffix(line[2], "例"):
			style = s.head
		}
		cells := make([]any, len(line))
		for i, text := range line {
			cells[i] = excelize.Cell{StyleID: style, Value: text}
		}
		if err := out.SetRow("A"+excelRow(n+1), cells); err != nil {
			return err
		}
	}
	return out.Flush()
}
