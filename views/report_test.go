package views

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tsunagari/certificates/paper"
)

// A row longer than a page runs on, each page has the head of the table, and
// nothing is lost or set beside the paper.
func TestReportRunsOverPages(t *testing.T) {
	r := newReport("ためし", "協議会", time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC), false)
	rows := [][]string{{"短い", strings.Repeat("長い答えです。", 600) + "おわり"}}
	for i := range 60 {
		rows = append(rows, []string{fmt.Sprintf("%d行目", i+1), "答え"})
	}
	r.table([]string{"見出し甲", "見出し乙"}, []float64{40, printWidth - 40}, rows)
	file, err := r.pdf("足もと")
	if err != nil {
		t.Fatal(err)
	}
	pages := strings.Split(strings.TrimSuffix(pdfText(t, string(file)), "\f"), "\f")
	if len(pages) < 4 {
		t.Errorf("%d pages", len(pages))
	}
	text := solid(strings.Join(pages, ""))
	if n := strings.Count(text, "長い答えです。"); n < 600-len(pages) { // one at the end of a page is cut by its foot
		t.Errorf("%d of 600 are left", n)
	}
	for i, p := range pages {
		if !strings.Contains(p, "見出し甲") || !strings.Contains(p, fmt.Sprintf("%d／%d", i+1, len(pages))) {
			t.Errorf("page %d:\n%s", i+1, p)
		}
	}
	for i := range 60 {
		if !strings.Contains(text, fmt.Sprintf("%d行目", i+1)) {
			t.Errorf("row %d is missing", i+1)
		}
	}
}

func TestLegible(t *testing.T) {
	for typed, want := range map[string]string{
		"": "", "一行目\r\n二行目\t字": "一行目\n二行目　字", "花😀子\u200b": "花〓子〓", "𠮷野家の髙﨑": "𠮷野家の髙﨑", "〓": "〓",
	} {
		got := legible(typed)
		if got != want {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
		if err := paper.Check(strings.ReplaceAll(got, "\n", "")); err != nil {
			t.Error(err)
		}
	}
}

func TestInWareki(t *testing.T) {
	for kept, want := range map[string]string{
		"2026年11月23日 15:04": "令和8年11月23日 15時04分", "2019-05-01 から": "令和元年5月1日 から", "0157-11-2222": "0157-11-2222",
		"2026年11月3日 09:00 から、最後に使ったのは 2026年12月1日 00:00": "令和8年11月3日 09時00分 から、最後に使ったのは 令和8年12月1日 00時00分", "北見市": "北見市",
	} {
		if got := inWareki(kept); got != want {
			t.Errorf("%q: %q, want %q", kept, got, want)
		}
	}
}
