package table

import (
	"bytes"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

func TestDate(t *testing.T) {
	for typed, want := range map[string]string{
		"2026-11-23": "2026-11-23", "2026/4/1": "2026-04-01", "２０２６年４月１日": "2026-04-01", "20261123": "2026-11-23",
		"令和8年11月23日": "2026-11-23", "令和元年５月１日": "2019-05-01", "平成31年4月30日": "2019-04-30", "R8.11.23": "2026-11-23",
		"Ｒ８／１１／２３": "2026-11-23", "r8-11-23": "2026-11-23", "令和 8年 4月 1日": "2026-04-01", "2026年4月1日(水)": "2026-04-01",
		"46349": "2026-11-23", "46349.0": "2026-11-23", "2026-11-23 00:00:00": "2026-11-23", "'2026-11-23": "2026-11-23",
	} {
		if got, ok := Date(typed); !ok || got != want {
			t.Errorf("%s: %s %v", typed, got, ok)
		}
	}
	for _, typed := range []string{"", "2026-02-29", "2026-13-01", "8.11.23", "11-23-26", "11月ごろ", "R8", "2026", "20261301", "令和8年11月"} {
		if got, ok := Date(typed); ok {
			t.Errorf("%q is read as %s", typed, got)
		}
	}
}

// A day that a spreadsheet keeps as a number is read as the day, however it is shown.
func TestDatesOfCells(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	day := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	look := `[$-411]ggge"年"m"月"d"日"`
	japanese, err := f.NewStyle(&excelize.Style{CustomNumFmt: &look})
	if err != nil {
		t.Fatal(err)
	}
	usual, err := f.NewStyle(&excelize.Style{NumFmt: 14})
	if err != nil {
		t.Fatal(err)
	}
	for cell, style := range map[string]int{"A1": 0, "B1": japanese, "C1": usual} {
		if err := f.SetCellValue("Sheet1", cell, day); err != nil {
			t.Fatal(err)
		}
		if style != 0 {
			if err := f.SetCellStyle("Sheet1", cell, cell, style); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := f.SetCellValue("Sheet1", "D1", 46349); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	faults := Each(b.Bytes(), func(s Sheet) bool {
		for i := range 4 {
			if got, ok := Date(s.Rows[0].Cell(i)); !ok || got != "2026-11-23" {
				t.Errorf("column %d: %q is read as %s", i, s.Rows[0].Cell(i), got)
			}
		}
		return true
	})
	if len(faults) > 0 {
		t.Error(faults)
	}
}
