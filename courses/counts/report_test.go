package counts_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/japanese"
	"pgregory.net/rapid"

	"tsunagari/courses/accounts"
	"tsunagari/courses/counts"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
	"tsunagari/storage/table"
)

// reported is a town in which four finished before November 2026, and one in 北見市
// within it; of 西興部村 only a class outside the system is known.
func reported(t *testing.T, db *storage.DB) *town {
	w := newTown(t, db)
	w.clock.Set(japan(2025, 6, 10, 10, 0))
	w.studies(w.person(kitami), 0)
	w.clock.Set(japan(2026, 5, 20, 10, 0))
	twice := w.person(kitami)
	w.studies(twice, 0)
	w.studies(twice, 1)
	w.attends(w.person(kitami), 0, abashiri, "2026-05-20")
	w.studies(w.person("13"), 0)
	w.clock.Set(japan(2026, 11, 3, 10, 0))
	w.studies(w.person(kitami), 0)
	w.held = counts.Held{ByHost: map[string]int{abashiri: 1}}
	w.must(w.AddSeparate(ctx, accounts.Shell(), separateIn(nishiokopp, "2024-06-10", "=1+1", "24")))
	w.clock.Set(japan(2026, 11, 23, 9, 0))
	return w
}

var three = []string{kitami, abashiri, nishiokopp}

func (w *town) report(areas []string, m counts.Month) *counts.Report {
	w.t.Helper()
	r, err := w.Report(ctx, counts.ScopeOfCodes(three), "三つの町", areas, m)
	w.must(err)
	return r
}

// lines are a sheet's rows as text.
func lines(rows [][]counts.Value, columns ...int) (s string) {
	for _, row := range rows {
		for i, c := range columns {
			if i > 0 {
				s += ","
			}
			s += row[c].String()
		}
		s += "\n"
	}
	return s
}

func TestReport(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		w := reported(t, db)
		r := w.report(nil, "")
		if got := r.Sentence(); got != "令和8年11月23日現在、累計4人、今年度3人" || r.YearBefore != 1 || r.Separate != 24 || r.Status() != "速報値" {
			t.Errorf("%s, a year before %d, apart %d, %s", got, r.YearBefore, r.Separate, r.Status())
		}
		if got, want := lines(r.Print().Rows, 0, 1, 2, 3, 4, 5, 8), "012084,北見市,1,3,4,0,\n012114,網走市,0,0,0,1,\n015628,西興部村,（別途）,（別途）,（別途）,（別途）,24\n"; got != want {
			t.Errorf("to print:\n%s", got)
		}
		data := r.Data()
		want := "012084,修了者数（居住地別）,（実人数）,1,3,4,利用\n012084,修了者数（居住地別）,小さな講座,1,3,4,利用\n012084,修了者数（居住地別）,小さな講座,0,1,1,利用\n012084,修了者数（主催市町村別）,（実人数）,0,0,0,利用\n"
		if got := lines(data.Rows[:4], 5, 3, 9, 10, 11, 12, 19); courseless.ReplaceAllString(got, "講座") != courseless.ReplaceAllString(want, "講座") {
			t.Errorf("to compute:\n%s", got)
		}
		if got := lines(data.Rows[len(data.Rows)-1:], 5, 3, 10, 11, 12, 19); got != "015628,別途報告,0,0,24,未利用\n" {
			t.Errorf("reported apart: %s", got)
		}
		one := w.report([]string{kitami}, "2026-05")
		if got, want := lines(one.Print().Rows, 0, 1, 2, 3, 4), "令和8年4月,0,0,1,0\n令和8年5月,2,2,3,0\n"; got != want || one.AsOf != "2026-05-31" {
			t.Errorf("a month before, of one town: %s %s", one.AsOf, got)
		}
		w.refusesReports()
	})
}

var courseless = regexp.MustCompile(`(?:小さな|もうひとつの)?講座[^,]*`)

func (w *town) refusesReports() {
	w.t.Helper()
	for _, c := range []struct {
		areas []string
		month counts.Month
		want  error
	}{
		{[]string{"011002"}, "", storage.ErrNotFound},
		{[]string{kitami, "011002"}, "", storage.ErrNotFound},
		{[]string{}, "", storage.ErrNotFound},
		{nil, "2026-12", counts.ErrDay},
		{nil, "11月", counts.ErrDay},
	} {
		if _, err := w.Report(ctx, counts.ScopeOfCodes(three), "", c.areas, c.month); !errors.Is(err, c.want) {
			w.t.Errorf("%v %s: %v", c.areas, c.month, err)
		}
	}
	if _, err := w.Report(ctx, counts.Scope{}, "", nil, ""); !errors.Is(err, storage.ErrNotFound) {
		w.t.Errorf("no scope: %v", err)
	}
}

// A closed month stays as it was closed, whatever is corrected later.
func TestClosedReport(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		w := reported(t, db)
		w.closesAt(japan(2026, 12, 5, 0, 0))
		before := lines(w.report(nil, "2026-10").Data().Rows, 5, 10, 11, 12, 20)
		if !strings.Contains(before, "確定値") || strings.Contains(before, "速報値") {
			t.Errorf("closed: %s", before)
		}
		w.clock.Set(japan(2026, 12, 9, 10, 0))
		w.attends(w.person(kitami), 0, kitami, "2026-05-21")
		r := w.report(nil, "2026-10")
		if got := lines(r.Data().Rows, 5, 10, 11, 12, 20); got != before || r.Total != 3 || r.Year != 2 || r.YearBefore != 1 {
			t.Errorf("restated: %d %d %d\n%s", r.Total, r.Year, r.YearBefore, got)
		}
		if got := strings.Join(r.Corrected(), "\n"); got != "訂正　令和8年12月9日　北見市　令和8年5月分　+1人（事後の登録）" {
			t.Errorf("corrections: %s", got)
		}
		if got := w.report(nil, "").Total; got != 5 {
			t.Errorf("today there are %d", got)
		}
		w.closesAt(japan(2027, 1, 5, 0, 0))
		if r := w.report(nil, "2026-12"); r.Total != 5 || len(r.Corrections) != 0 || r.Status() != "確定値" {
			t.Errorf("the month of the correction: %d %+v", r.Total, r.Corrections)
		}
	})
}

func TestFiles(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		w := reported(t, db)
		r := w.report(nil, "")
		if got := r.FileName("012084", ".xlsx"); got != "R8_tsunagari_012084_202611.xlsx" {
			t.Error(got)
		}
		var utf, sjis, js, x, p bytes.Buffer
		w.must(r.Data().CSV(&utf, counts.UTF8))
		w.must(r.Data().CSV(&sjis, counts.CP932))
		w.must(r.Data().JSON(&js))
		w.must(r.Data().FlatXLSX(&x, r.Made, r.Words()))
		w.must(r.Print().XLSX(&p, r.Made))
		if !strings.HasPrefix(utf.String(), "\ufeff年度（西暦）,") || strings.Count(utf.String(), "\r\n") != strings.Count(utf.String(), "\n") {
			t.Errorf("%q", utf.String()[:60])
		}
		rows, err := csv.NewReader(strings.NewReader(utf.String()[3:])).ReadAll()
		w.must(err)
		back, err := japanese.ShiftJIS.NewDecoder().String(sjis.String())
		w.must(err)
		if "\ufeff"+back != utf.String() {
			t.Error("CP932 says something else than UTF-8")
		}
		w.sameJSON(rows, js.Bytes())
		w.sameBook(rows, x.Bytes(), "データ", 1)
		if parts := zipped(t, p.Bytes()); !strings.Contains(parts, `orientation="landscape"`) || !strings.Contains(parts, `paperSize="9"`) {
			t.Error("not on A4 across")
		}
		w.converted(rows, x.Bytes())
	})
}

func (w *town) sameJSON(rows [][]string, file []byte) {
	w.t.Helper()
	var got struct {
		Title string
		Rows  []map[string]any
	}
	w.must(json.Unmarshal(file, &got))
	if len(got.Rows) != len(rows)-1 || got.Rows[0]["code"] != rows[1][5] || got.Rows[0]["people_total"] != 4.0 || !strings.HasPrefix(got.Title, counts.Title) {
		w.t.Errorf("%+v", got.Rows[0])
	}
}

// sameBook reads a workbook back: codes are texts, and nothing is a formula, a link,
// a macro or a merged cell.
func (w *town) sameBook(rows [][]string, file []byte, sheet string, from int) {
	w.t.Helper()
	x, err := excelize.OpenReader(bytes.NewReader(file))
	w.must(err)
	defer x.Close()
	got, err := x.GetRows(sheet, excelize.Options{RawCellValue: true})
	w.must(err)
	for i, row := range rows {
		for j, cell := range row {
			have := ""
			if j < len(got[i+from-1]) {
				have = got[i+from-1][j]
			}
			if have != cell {
				w.t.Errorf("row %d, column %d: %q, the CSV has %q", i, j, have, cell)
			}
		}
	}
	if kind, err := x.GetCellType(sheet, "F2"); err != nil || kind != excelize.CellTypeInlineString && kind != excelize.CellTypeSharedString {
		w.t.Errorf("the code is no text: %v %v", kind, err)
	}
	for _, bad := range []string{"<f>", "<f ", "<mergeCell", "<hyperlink", "vbaProject", "externalLink"} {
		if strings.Contains(zipped(w.t, file), bad) {
			w.t.Errorf("the file has %s", bad)
		}
	}
}

// converted lets LibreOffice read the workbook, once.
func (w *town) converted(rows [][]string, file []byte) {
	w.t.Helper()
	office, err := exec.LookPath("soffice")
	if err != nil {
		if os.Getenv("TSUNAGARI_REQUIRE_ALL") != "" {
			w.t.Fatal("soffice is missing")
		}
		return
	}
	dir := w.t.(*testing.T).TempDir()
	w.must(os.WriteFile(filepath.Join(dir, "data.xlsx"), file, 0o600))
	limited, stop := context.WithTimeout(ctx, 2*time.Minute)
	defer stop()
	out, err := exec.CommandContext(limited, office, "-env:UserInstallation=file://"+dir+"/profile", "--headless", "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1", "--outdir", dir, filepath.Join(dir, "data.xlsx")).CombinedOutput()
	if err != nil {
		w.t.Fatalf("%v %s", err, out)
	}
	text, err := os.ReadFile(filepath.Join(dir, "data.csv"))
	w.must(err)
	got, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	w.must(err)
	if len(got) != len(rows) || strings.Join(got[1], ",") != strings.Join(rows[1], ",") {
		w.t.Errorf("LibreOffice reads\n%v\nof\n%v", got[1], rows[1])
	}
}

// Whatever somebody types, no cell of any file can act as a formula, and what CP932
// cannot write is told.
func TestCellsAreHarmless(t *testing.T) {
	signs := []rune("=+-@＝＋－＠−\t\r\n' 　\u200b\u202e\"|%〜—𠮷髙①あA1(),;")
	rapid.Check(t, func(t *rapid.T) {
		typed := rapid.StringOfN(rapid.SampledFrom(signs), 0, 12, -1).Draw(t, "typed")
		s := &counts.Sheet{Name: "a", Title: typed, Said: []string{typed}, Columns: []counts.Column{{Key: "a", Title: "見出し"}}, Rows: [][]counts.Value{{counts.Text(typed)}}, Notes: []string{typed}}
		for _, e := range []counts.Encoding{counts.UTF8, counts.CP932} {
			var b bytes.Buffer
			if err := s.CSV(&b, e); err != nil {
				t.Fatal(err)
			}
			text := strings.TrimPrefix(b.String(), "\ufeff")
			if e == counts.CP932 {
				decoded, err := japanese.ShiftJIS.NewDecoder().String(text)
				if err != nil {
					t.Fatal(err)
				}
				if strings.ContainsRune(decoded, '〓') != (len(s.Unwritable()) > 0) {
					t.Fatalf("%q: %q, told %v", typed, decoded, s.Unwritable())
				}
				text = decoded
			}
			rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			if len(rows) > 1 && table.Formula(rows[1][0]) && !strings.HasPrefix(rows[1][0], "'") {
				t.Fatalf("%q becomes %q", typed, rows[1][0])
			}
		}
		var b bytes.Buffer
		if err := s.XLSX(&b, time.Unix(0, 0)); err != nil {
			t.Fatal(err)
		}
		x, err := excelize.OpenReader(&b)
		if err != nil {
			t.Fatal(err)
		}
		defer x.Close()
		rows, err := x.GetRows("a")
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			for _, cell := range row {
				if table.Formula(cell) && !strings.HasPrefix(cell, "'") {
					t.Fatalf("%q becomes %q", typed, cell)
				}
			}
		}
	})
}

func TestCP932(t *testing.T) {
	s := &counts.Sheet{Columns: []counts.Column{{Title: "名"}}, Rows: [][]counts.Value{{counts.Text("10〜12時−—¥𠮷𠮷鷗髙か\u3099葛\U000e0100")}}}
	var b bytes.Buffer
	if err := s.CSV(&b, counts.CP932); err != nil {
		t.Fatal(err)
	}
	text, err := japanese.ShiftJIS.NewDecoder().String(b.String())
	if err != nil || text != "名\r\n10～12時－―￥〓〓〓髙が葛〓\r\n" {
		t.Errorf("%q %v", text, err)
	}
	if got := strings.Join(s.Unwritable(), " "); got != "𠮷（U+20BB7） 鷗（U+9DD7） \U000e0100（U+E0100）" {
		t.Error(got)
	}
}

// zipped is the text of all parts of an xlsx.
func zipped(t testing.TB, file []byte) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b.WriteString(f.Name)
		if _, err := io.Copy(&b, r); err != nil {
			t.Fatal(err)
		}
		r.Close()
	}
	return b.String()
}
