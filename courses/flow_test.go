package courses

import (
	"reflect"
	"strings"
	"testing"

	"tsunagari/courses/questions"
)

func TestHandoutBlocks(t *testing.T) {
	blocks := openPack(t).Handout(questions.JA).Blocks
	var kinds []string
	for _, b := range blocks {
		kinds = append(kinds, string(b.Kind))
	}
	want := "heading paragraph list table break heading lines table table heading table paragraph"
	if got := strings.Join(kinds, " "); got != want {
		t.Fatalf("got %s, want %s", got, want)
	}
	if got := blocks[1].Runs; !reflect.DeepEqual(got, []Run{{Text: "孤独", Ruby: "こどく"}, {Text: "の話です。"}}) {
		t.Errorf("paragraph %+v", got)
	}
	if l := blocks[2]; !l.Ordered || l.Start != 1 || len(l.Items) != 2 || l.Items[1][1].Kind != BlockList || l.Items[1][1].Items[0][0].Runs[0].Text != "なか" {
		t.Errorf("list %+v", l)
	}
	if rows := blocks[3].Rows; len(rows) != 2 || rows[0][1][0].Text != "はい" || rows[1][0][0].Ruby != "こりつ" || len(rows[1][1]) != 0 {
		t.Errorf("table %+v", rows)
	}
	if b := blocks[6]; b.Lines != 3 || b.Runs[1].Ruby != "まち" {
		t.Errorf("lines %+v", b)
	}
	if rows := blocks[7].Rows; len(rows[0]) != 3 || rows[0][2][0].Text != "2 ある" || rows[1][0][0].Text != "さびしい。" || rows[1][1] != nil {
		t.Errorf("boxes %+v", rows)
	}
	if rows := blocks[8].Rows; rows[2][0][0].Text != "2" || rows[2][1][0].Text != "ある日です。" {
		t.Errorf("totals %+v", rows)
	}
	if b := blocks[11]; !b.Runs[0].Strong || b.Runs[0].Text != "はじめの一歩" {
		t.Errorf("step %+v", b)
	}
}

func TestSlideBlocks(t *testing.T) {
	slides := openPack(t).Slides
	figure, callout := slides[1].Blocks[0], slides[1].Blocks[1]
	if figure.Kind != BlockFigure || figure.Figure.Alt != "四つのますの図です。" || !strings.HasPrefix(figure.Figure.SVG, "<svg") || figure.Runs[0].Text != "図" {
		t.Errorf("figure %+v", figure)
	}
	if callout.Kind != BlockCallout || callout.Name != "proposal" || callout.Tag[0].Text != "この講座の提案" || callout.Inner[0].Runs[0].Text != "ひとつ。" {
		t.Errorf("callout %+v", callout)
	}
	if q := slides[2].Blocks[0]; q.Kind != BlockQuote || q.Runs[0].Text != "ある資料" || q.Inner[0].Runs[0].Ruby != "しゅかんてき" {
		t.Errorf("quotation %+v", q)
	}
	if n := slides[0].Notes; len(n) != 2 || !n[0].Runs[0].Strong || n[1].Kind != BlockList {
		t.Errorf("notes %+v", n)
	}
}

func TestRuns(t *testing.T) {
	for source, want := range map[string][]Run{
		"":                 nil,
		"あ**い{漢|かん}**う":    {{Text: "あ"}, {Text: "い", Strong: true}, {Text: "漢", Ruby: "かん", Strong: true}, {Text: "う"}},
		`A\*B &amp; \&lt;`: {{Text: "A*B & &lt;"}},
		"[役場](tel:110)へ":   {{Text: "役場へ"}},
		"一行\n二行":           {{Text: "一行二行"}},
		"one\ntwo":         {{Text: "one two"}},
		"一\n\n二":           {{Text: "一\n二"}},
	} {
		if got := Runs(source); !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %+v, want %+v", source, got, want)
		}
	}
}
