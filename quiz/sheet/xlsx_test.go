package sheet

import (
	"archive/zip"
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"tsunagari/courses/questions"
)

// book is an xlsx whose sheet change fills.
func book(t *testing.T, change func(f *excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for i, row := range [][]any{{"形式", "問題文", "選択肢1", "選択肢2", "正解", "分類"}, {"一つ選ぶ", "いくつ", 3, 4.5, 2, "数"}} {
		if err := f.SetSheetRow("Sheet1", "A"+excelRow(i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	change(f)
	var b bytes.Buffer
	if _, err := f.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestWorkbook(t *testing.T) {
	data := book(t, func(f *excelize.File) {
		must(t, f.SetSheetRow("Sheet1", "A4", &[]any{"○×", "はい", nil, nil, true}))
		must(t, f.SetSheetRow("Sheet1", "A5", &[]any{"数", "半分", nil, nil, 0.5}))
		must(t, f.SetSheetRow("Sheet1", "A6", &[]any{"  ", " "}))
		must(t, f.SetSheetRow("Sheet1", "A7", &[]any{"一つ選ぶ", " 空白 ", "a ", " b", "a"}))
		must(t, f.SetSheetRow("Sheet1", "A8", &[]any{"一つ選ぶ", "", "a", "b", "1"}))
		must(t, f.MergeCell("Sheet1", "F2", "F7"))
		must(t, f.MergeCell("Sheet1", "B7", "B8"))
	})
	got := Read(data, questions.ReadOptions{})
	var texts []string
	for _, q := range got.Questions {
		texts = append(texts, q.Text[questions.JA]+" "+q.Category+" "+excelRow(q.Line))
	}
	want := []string{"いくつ 数 2", "はい 数 4", "半分 数 5", "空白 数 7"}
	if diff := cmp.Diff(want, texts); diff != "" {
		t.Error(diff)
	}
	if o := got.Questions[0].Options; o[1].Text[questions.JA] != "4.5" || o[1].Weight != 1 {
		t.Errorf("%+v", o)
	}
	if a := got.Questions[2].Answers[0].Value; a != .5 {
		t.Error(a)
	}
	if want := "8 : この行のセルは、上の行とつながっています。セルの結合をやめて、ひとつの問題を1行に書いてください。"; remarks(got.Problems) != want {
		t.Error(remarks(got.Problems))
	}
}

func TestSheetsAreFoundByTheirHeader(t *testing.T) {
	data := book(t, func(f *excelize.File) {
		must(t, f.SetSheetName("Sheet1", "後ろ"))
		_, err := f.NewSheet("前")
		must(t, err)
		must(t, f.MoveSheet("前", "後ろ"))
		must(t, f.SetCellStr("前", "A1", "説明です"))
	})
	if got := Read(data, questions.ReadOptions{}); len(got.Questions) != 1 {
		t.Error(remarks(got.Problems))
	}
}

// withPart changes one part of an xlsx.
func withPart(t *testing.T, data []byte, name string, change func(string) string) []byte {
	t.Helper()
	in, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	must(t, err)
	var b bytes.Buffer
	out := zip.NewWriter(&b)
	for _, f := range in.File {
		r, err := f.Open()
		must(t, err)
		var text bytes.Buffer
		_, err = text.ReadFrom(r)
		must(t, err)
		w, err := out.Create(f.Name)
		must(t, err)
		s := text.String()
		if f.Name == name {
			if s = change(s); s == text.String() {
				t.Fatal("nothing changed in", name)
			}
		}
		_, err = w.Write([]byte(s))
		must(t, err)
	}
	must(t, out.Close())
	return b.Bytes()
}

// Of a formula the value that was shown counts; the readings that Japanese Excel
// keeps of kanji are no part of the text.
func TestFormulasAndReadings(t *testing.T) {
	data := book(t, func(f *excelize.File) {
		must(t, f.SetSheetRow("Sheet1", "A2", &[]any{"一つ選ぶ", "孤独", "a", "b", "FORMULA"}))
		must(t, f.SetSheetRow("Sheet1", "A3", &[]any{"○×", "孤立", nil, nil, "BROKEN"}))
	})
	data = withPart(t, data, "xl/sharedStrings.xml", func(s string) string {
		return strings.Replace(s, "<si><t>孤独</t></si>", `<si><t>孤独</t><rPh sb="0" eb="2"><t>コドク</t></rPh><phoneticPr fontId="1"/></si>`, 1)
	})
	data = withPart(t, data, "xl/worksheets/sheet1.xml", func(s string) string {
		s = cellXML(s, "E2", `<c r="E2" t="str"><f>WEBSERVICE("http://127.0.0.1/")&amp;1</f><v>b</v></c>`)
		return cellXML(s, "E3", `<c r="E3" t="e"><f>1/0</f><v>#DIV/0!</v></c>`)
	})
	got := Read(data, questions.ReadOptions{})
	if len(got.Questions) != 1 || got.Questions[0].Text[questions.JA] != "孤独" || got.Questions[0].Options[1].Weight != 1 {
		t.Errorf("%+v", got.Questions)
	}
	if want := "3 孤立: 「正解」の式の結果がエラー（#DIV/0!）になっています。式を直すか、文字を書いてください。"; remarks(got.Problems) != want {
		t.Error(remarks(got.Problems))
	}
}

// cellXML puts a cell into the place of another.
func cellXML(s, name, cell string) string {
	before, rest, _ := strings.Cut(s, `<c r="`+name+`"`)
	_, after, _ := strings.Cut(rest, "</c>")
	return before + cell + after
}

func TestHostileWorkbooks(t *testing.T) {
	plain := book(t, func(*excelize.File) {})
	strange := "xl/worksheets/sheet1.xml"
	for about, data := range map[string][]byte{
		"cut off":      plain[:len(plain)/2],
		"broken XML":   withPart(t, plain, strange, func(s string) string { return s[:len(s)-20] + "<<<" }),
		"a far row":    withPart(t, plain, strange, func(s string) string { return strings.ReplaceAll(s, `<row r="2"`, `<row r="1048576"`) }),
		"a far column": withPart(t, plain, strange, func(s string) string { return strings.ReplaceAll(s, `r="F2"`, `r="XFD2"`) }),
		"no such cell": withPart(t, plain, strange, func(s string) string { return strings.ReplaceAll(s, `r="F2"`, `r="??"`) }),
		"a bomb":       withPart(t, plain, strange, func(s string) string { return strings.Repeat(" ", 48<<20) + s }),
		"many strings": withPart(t, plain, "xl/sharedStrings.xml", func(s string) string {
			return strings.Replace(s, "<si>", strings.Repeat("<si/>", 1_000_000)+"<si>", 1)
		}),
		"a declaration": withPart(t, plain, strange, func(s string) string {
			return strings.Replace(s, "<worksheet", `<!DOCTYPE a [<!ENTITY b "bbbb">]><worksheet`, 1)
		}),
	} {
		got := Read(data, questions.ReadOptions{})
		if about != "a far column" && about != "a declaration" && about != "broken XML" && len(got.Problems) == 0 {
			t.Errorf("%s: %+v", about, got)
		}
	}
}

func TestTemplate(t *testing.T) {
	var b bytes.Buffer
	must(t, Template(&b))
	f, err := excelize.OpenReader(bytes.NewReader(b.Bytes()))
	must(t, err)
	defer f.Close()
	if diff := cmp.Diff([]string{"問題", "書き方"}, f.GetSheetList()); diff != "" {
		t.Error(diff)
	}
	rows, err := f.GetRows("問題")
	must(t, err)
	if len(rows) != 4 || rows[0][0] != "形式" || !slices.Contains(rows[0], "選択肢5") || !slices.Contains(rows[0], "組5") {
		t.Errorf("%q", rows)
	}
	lists, err := f.GetDataValidations("問題")
	must(t, err)
	if len(lists) != 1 || !strings.HasPrefix(lists[0].Sqref, "A2:A") || !strings.Contains(lists[0].Formula1, "一つ選ぶ,複数選ぶ,○×") {
		t.Errorf("%+v", lists)
	}
	help, err := f.GetRows("書き方")
	must(t, err)
	for _, name := range TypeNames {
		if !slices.ContainsFunc(help, func(row []string) bool { return len(row) > 1 && row[0] == name }) {
			t.Errorf("nothing is said about %s", name)
		}
	}
	got := Read(b.Bytes(), questions.ReadOptions{})
	if want := "2 : 見本のままの行（2・3・4行目）は、読みませんでした。"; remarks(got.Problems) != want || len(got.Questions) != 0 {
		t.Errorf("%s\n%+v", remarks(got.Problems), got.Questions)
	}
	must(t, f.SetCellStr("問題", "B3", "自分の問題"))
	b.Reset()
	_, err = f.WriteTo(&b)
	must(t, err)
	if got := Read(b.Bytes(), questions.ReadOptions{}); len(got.Questions) != 1 || got.Questions[0].Text[questions.JA] != "自分の問題" {
		t.Errorf("%+v %s", got.Questions, remarks(got.Problems))
	}
	for i := range examples {
		if reasons := examples[i].Faults(); len(reasons) > 0 {
			t.Error(reasons)
		}
	}
}

func TestEveryTypeHasAName(t *testing.T) {
	for kind, words := range typeWords {
		if !slices.Contains(TypeNames, words[0]) {
			t.Errorf("%s: %s", kind, words[0])
		}
	}
	if len(TypeNames) != len(typeWords) {
		t.Error(TypeNames)
	}
}
