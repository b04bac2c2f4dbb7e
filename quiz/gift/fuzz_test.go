package gift

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tsunagari/courses/questions"
)

// sound says what is wrong with an import, whatever the file was: every question
// can be asked, written and read again, and every remark stands in the file.
func sound(data []byte, o questions.ReadOptions) error {
	imp := Read(data, o)
	lines := bytes.Count(data, []byte("\n")) + bytes.Count(data, []byte("\r")) + 1
	for _, q := range imp.Questions {
		if faults := q.Faults(); len(faults) > 0 || q.Line < 1 || q.Line > lines {
			return fmt.Errorf("line %d: %v", q.Line, faults)
		}
	}
	for _, r := range append(imp.Unsupported, imp.Problems...) {
		if r.Line < 1 || r.Line > lines || r.Reason == "" {
			return fmt.Errorf("a remark on line %d: %s", r.Line, r.Reason)
		}
		if r.Keep != nil && (r.Keep.Type != questions.Reflection || r.Keep.Text[questions.JA] == "") {
			return fmt.Errorf("kept as %+v", r.Keep)
		}
	}
	var file bytes.Buffer
	remarks, err := Write(&file, imp.Questions)
	if err != nil || slices.ContainsFunc(remarks, unexpected) {
		return fmt.Errorf("not written: %v %v", remarks, err)
	}
	if len(remarks) > 0 {
		return nil
	}
	again := Read(file.Bytes(), questions.ReadOptions{})
	if diff := cmp.Diff(imp.Questions, again.Questions, same); diff != "" {
		return fmt.Errorf("%s\n%s\n%v", diff, file.String(), again.Problems)
	}
	return nil
}

// unexpected says that what was read should have been written: only an id or tag
// with marks of its own, and -> in a short answer without =, cannot be.
func unexpected(r questions.Remark) bool {
	return !strings.Contains(r.Reason, "番号やタグ") && !strings.Contains(r.Reason, "の -> は")
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		"::a::b{=c#d ~%50%e\n####f}\n\n// [id:x] [tag:y]\ng{#1..2 =%50%3:4 ~#h}\n\n$CATEGORY: i\n\nj{=k -> l =m -> n = -> o}",
		"a{T#b#c}\r\n\r\nd{=e =%0%*#f}\n\ng {} h\n\ni\n\n[html]<b>j</b>{=[plain]k ~l}",
		"：：あ：：い｛＝う＃え～％５０％お\n＃＃＃＃か｝\n\n｛＃１：２｝\n\n\\｛＝→",
		"{a|あ}{=b{ ~c}}\n\n{1:MC:=a}\n\n{#{a}}\n\n\\{\\}\\\\\\n\\",
	} {
		f.Add([]byte(seed), strings.Contains(seed, "｛"))
	}
	f.Fuzz(func(t *testing.T, data []byte, wide bool) {
		data = bytes.ReplaceAll(data, []byte("\u00a0"), []byte(" ")) // FromHTML makes a space of it
		if err := sound(data, questions.ReadOptions{FullWidth: wide}); err != nil {
			t.Fatal(err)
		}
	})
}

// TestReadAnything reads files made of signs: more often questions than those of
// the fuzzer.
func TestReadAnything(t *testing.T) {
	outside := append([]string{"\n", "\n\n", "// [id:", "// [tag:", "[markdown]", "<br>", "  "}, snippets...)
	inside := append([]string{"\n=", "\n~", "=", "~", "=あ", "~い", "=う", "=%50%", "~%-50%", "#", "####", " -> ", "1", "2..3", "*", `\*`, "～", "～％５０％", "＝", "＃", "\n\n"}, snippets...)
	rapid.Check(t, func(t *rapid.T) {
		some := func(from []string, least int) string {
			return strings.Join(rapid.SliceOfN(rapid.SampledFrom(from), least, 6).Draw(t, "signs"), "")
		}
		var file strings.Builder
		for range rapid.IntRange(1, 3).Draw(t, "questions") {
			begin := rapid.SampledFrom([]string{"{", "{=", "{=あ ~", "{#1", "{TRUE#", "｛＝", "{=あ->い=う->え", ""}).Draw(t, "begin")
			file.WriteString(some(outside, 1) + begin + some(inside, 0) + rapid.SampledFrom([]string{"}", "}\n\n", "｝", "} あ\n\n"}).Draw(t, "end"))
		}
		if err := sound([]byte(file.String()), questions.ReadOptions{FullWidth: rapid.Bool().Draw(t, "wide")}); err != nil {
			t.Fatalf("%s\n%v", file.String(), err)
		}
	})
}

// TestReadHostile reads large files made to be slow, and to be told much about.
func TestReadHostile(t *testing.T) {
	for _, piece := range []string{
		"{", "}", "{=a\n\n", "a{\n\n\n", "::a::", "::", "#", "####", "=", "~", "a{=b->", "{あ|あ}", "{~％5", "\\", "\\n", "// [tag:a]\n", "a{#1e999}\n\n",
		"$CATEGORY: a\n", "｛", "｛＝→", "｝", "：：", "～＃", " ", "\n", "[html]<b>", "&amp;", "a{=*}\n\n", "%1%", "_a_", "*",
	} {
		for _, before := range []string{"", "a{", "[html]a{=", "[markdown]", "a｛＝", "a{#"} {
			data := []byte(before + strings.Repeat(piece, (maxBytes-len(before))/len(piece)/64))
			for _, wide := range []bool{false, true} {
				imp := Read(data, questions.ReadOptions{FullWidth: wide})
				if n := len(imp.Problems) + len(imp.Unsupported); n > 2*maxQuestions {
					t.Errorf("%s%s…: %d remarks", before, piece, n)
				}
			}
		}
	}
}

func TestReadRefuses(t *testing.T) {
	for name, data := range map[string]string{
		"ファイルが大きすぎます": strings.Repeat(" ", maxBytes+1),
		"問題が多すぎます":    strings.Repeat("a{T}\n\n", maxQuestions+1),
	} {
		imp := Read([]byte(data), questions.ReadOptions{})
		if len(imp.Questions) != 0 || len(imp.Problems) != 1 || !strings.HasPrefix(imp.Problems[0].Reason, name) {
			t.Errorf("%s: %d questions, %v", name, len(imp.Questions), imp.Problems)
		}
	}
	if imp := Read([]byte(strings.Repeat("a{T}\n\n", maxQuestions)), questions.ReadOptions{}); len(imp.Questions) != maxQuestions {
		t.Errorf("%d questions, %v", len(imp.Questions), imp.Problems)
	}
}

// BenchmarkRead reads 5,000 questions of every type.
func BenchmarkRead(b *testing.B) {
	const block = "// [id:a] [tag:b]\n::問い::\\{孤独|こどく\\}とは、どんな状態ですか？{\n\t=あ#そうです\n\t~い#ちがいます\n\t~%-50%う\n\t####解説\n}\n\n" +
		"[html]<p>これは<b>大事</b>です。</p>{TRUE#ちがいます#そうです}\n\n組{\n=札幌 -> 北海道\n=青森 -> 青森県\n= -> 沖縄県\n}\n\n何？{#=1822:2#よし =%50%1800..1900 ~#ちがう}\n\n書いて{=あ =%50%い}\n\n"
	data := []byte(strings.Repeat(block, maxQuestions/5))
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if imp := Read(data, questions.ReadOptions{}); len(imp.Questions) != maxQuestions {
			b.Fatal(len(imp.Questions), imp.Problems)
		}
	}
}

// BenchmarkWrite writes 5,000 questions.
func BenchmarkWrite(b *testing.B) {
	list := Read([]byte(strings.Repeat("問い\\: \\{孤独|こどく\\}{\n\t=あ#そうです\n\t~い#ちがいます\n}\n\n", maxQuestions)), questions.ReadOptions{}).Questions
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Write(&bytes.Buffer{}, list); err != nil {
			b.Fatal(err)
		}
	}
}
