package paper_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tsunagari/certificates/paper"
)

// printed is what of some runs stands on each line, and the file.
func printed(t *testing.T, width float64, runs ...paper.Run) (lines []paper.RunLine, pdf []byte) {
	t.Helper()
	st := paper.Style{Size: 12}
	d := paper.New(paper.Info{})
	p := d.Page(200, 100)
	lines = paper.RunLines(runs, width, st)
	for i, l := range lines {
		p.RunLine(10, 20+float64(i)*12, l)
	}
	return lines, build(t, d)
}

// A word and its reading stay on one line, and neither 、 begins a line nor 「 ends one.
func TestRunsAreCutAroundReadings(t *testing.T) {
	const em = 12 * 25.4 / 72
	kodoku := paper.Run{Text: "孤独", Ruby: "こどく"}
	for _, tt := range []struct {
		name  string
		runs  []paper.Run
		width float64 // em
		want  []float64
	}{
		{"fits", []paper.Run{{Text: "ああ"}, kodoku, {Text: "ああ"}}, 6, []float64{6}},
		{"the word goes over whole", []paper.Run{{Text: "あああ"}, kodoku, {Text: "あ"}}, 4, []float64{3, 3}},
		{"with its comma", []paper.Run{{Text: "ああ"}, kodoku, {Text: "、あ"}}, 4, []float64{2, 4}},
		{"with its bracket", []paper.Run{{Text: "ああ「"}, kodoku, {Text: "」あ"}}, 5, []float64{2, 5}},
		{"a wide reading", []paper.Run{{Text: "志", Ruby: "こころざし"}, {Text: "ああ"}}, 4, []float64{3.5, 1}},
		{"wanted break", []paper.Run{{Text: "あ\nああ"}, kodoku}, 9, []float64{1, 4}},
		{"too long for a line", []paper.Run{{Text: "官民連携", Ruby: "かんみんれんけい"}}, 3, []float64{3, 3, 3, 3, 2}},
		{"space at a cut", []paper.Run{{Text: "ああ　"}, kodoku, {Text: "　"}}, 3, []float64{2, 2}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			lines, _ := printed(t, tt.width*em+0.01, tt.runs...)
			if len(lines) != len(tt.want) {
				t.Fatalf("%d lines: %+v", len(lines), lines)
			}
			for i, l := range lines {
				if d := l.Width/em - tt.want[i]; d > 0.01 || d < -0.01 {
					t.Errorf("line %d is %.2f em wide, not %g", i+1, l.Width/em, tt.want[i])
				}
			}
		})
	}
}

func TestRunsCopyAsTyped(t *testing.T) {
	lines, pdf := printed(t, 150, paper.Run{Text: "これは、"}, paper.Run{Text: "孤独・孤立", Ruby: "こどく・こりつ"}, paper.Run{Text: "の"}, paper.Run{Text: "大事な", Strong: true}, paper.Run{Text: "話。"})
	text := run(t, pdf, "pdftotext")
	solid := strings.Join(strings.Fields(text), "") // a reading is spread over its word
	if !strings.Contains(text, "これは、孤独・孤立の大事な話。") || !strings.Contains(solid, "こどく・こりつ") || !lines[0].Ruby {
		t.Errorf("%q", text)
	}
	run(t, pdf, "qpdf", "--check")
}

// A strong letter is as wide as another and darker.
func TestStrongIsDarker(t *testing.T) {
	ink := func(strong bool) int {
		d := paper.New(paper.Info{})
		d.Page(100, 100).Text(10, 60, "鬱", paper.Style{Size: 150, Strong: strong})
		page, n := raster(t, build(t, d), "50"), 0
		for y := range page.Bounds().Dy() {
			for x := range page.Bounds().Dx() {
				if r, _, _, _ := page.At(x, y).RGBA(); r < 0x8000 {
					n++
				}
			}
		}
		return n
	}
	if plain, strong := ink(false), ink(true); strong < plain*110/100 || plain == 0 {
		t.Errorf("%d dark points, %d in strong", plain, strong)
	}
}

// Nothing is lost and nothing is wider than the line, whatever is typed.
func TestRunsKeepEverything(t *testing.T) {
	word := rapid.StringOf(rapid.SampledFrom([]rune("あ漢字、。「」abc 12ー")))
	rapid.Check(t, func(t *rapid.T) {
		var runs []paper.Run
		for range rapid.IntRange(1, 5).Draw(t, "runs") {
			r := paper.Run{Text: word.Draw(t, "text"), Strong: rapid.Bool().Draw(t, "strong")}
			if rapid.Bool().Draw(t, "ruby") && r.Text != "" {
				r.Ruby = "よみ"
			}
			runs = append(runs, r)
		}
		width := rapid.Float64Range(15, 60).Draw(t, "width")
		total := 0.0
		for _, l := range paper.RunLines(runs, width, paper.Style{Size: 10}) {
			if l.Width > width+1e-9 {
				t.Fatalf("%.2f in %.2f", l.Width, width)
			}
			total += l.Width
		}
		letters := 0.0
		for _, r := range runs {
			letters += paper.Width(strings.ReplaceAll(r.Text, " ", ""), paper.Style{Size: 10})
		}
		if total < letters-1e-6 {
			t.Fatalf("%.2f mm are set of %.2f", total, letters)
		}
	})
}
