package views

import (
	"bytes"
	"strings"
	"unicode"

	"github.com/gofiber/fiber/v2"
	"github.com/xuri/excelize/v2"

	"tsunagari/certificates/paper"
)

// reportPDF is the 実施報告書 on A4: one page, unless somebody wrote very much.
func (s *site) reportPDF(c *fiber.Ctx) error {
	p, err := s.reportPage(c)
	if err != nil {
		return err
	}
	title := "実施報告書　" + p.When
	d := paper.New(paper.Info{Title: legible(title), Author: legible(p.In.Office), Created: s.Now()})
	sized(d, p.Demo, p.draw).number(title + "　" + p.Class.HostName)
	file, err := d.PDF()
	if err != nil {
		return err
	}
	return sendPDF(c, "jisshi-houkoku-"+p.Class.HeldOn+".pdf", file)
}

func (p *classReportPage) draw(f *flow) {
	f.title(plainRuns("実施報告書"))
	var rows [][][]paper.Run
	for _, r := range p.fields() {
		rows = append(rows, [][]paper.Run{strongly(plainRuns(r[0])), plainRuns(r[1] + " ")})
	}
	f.plainCells(rows, []float64{48, f.width - 48})
	counts := p.counts()
	f.numbers(counts[:5])
	f.numbers(counts[5:])
	for _, part := range [][2]string{{"アンケート結果", p.In.Survey}, {"特記事項", p.In.Remarks}} {
		f.heading(plainRuns(part[0]), 3)
		if part[1] == "" {
			part[1] = "なし"
		}
		f.text(part[1], 1, paper.Style{})
	}
}

// plainCells is a table without a head.
func (f *flow) plainCells(rows [][][]paper.Run, widths []float64) {
	for _, row := range rows {
		f.need(f.rowHeight(row, widths))
		f.cellRow(row, widths, false)
	}
	f.y += f.em(flowAfter * 1.6)
}

// numbers is a table of labels with a number below each.
func (f *flow) numbers(list [][2]string) {
	rows := make([][][]paper.Run, 2)
	widths := make([]float64, len(list))
	for i, n := range list {
		widths[i] = f.width / float64(len(list))
		rows[0] = append(rows[0], plainRuns(n[0]))
		rows[1] = append(rows[1], plainRuns(n[1]+"人"))
	}
	f.cells(rows, widths)
}

// reportXLSX is the report as a sheet that prints on one A4 page. Every cell is
// text, and none can be taken for a formula.
func (s *site) reportXLSX(c *fiber.Ctx) error {
	p, err := s.reportPage(c)
	if err != nil {
		return err
	}
	file, err := p.xlsx()
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="jisshi-houkoku-`+p.Class.HeldOn+`.xlsx"`)
	return c.Send(file)
}

func (p *classReportPage) xlsx() ([]byte, error) {
	const sheet = "実施報告書"
	x := excelize.NewFile()
	defer x.Close()
	w := sheetWriter{x, sheet, nil}
	w.keep(x.SetSheetName("Sheet1", sheet))
	w.keep(x.SetColWidth(sheet, "A", "A", 24))
	w.keep(x.SetColWidth(sheet, "B", "B", 64))
	rows := append([][2]string{{"実施報告書", ""}}, p.fields()...)
	for _, r := range p.counts() {
		rows = append(rows, [2]string{r[0] + "（人）", r[1]})
	}
	rows = append(rows, [2]string{"アンケート結果", p.In.Survey}, [2]string{"特記事項", p.In.Remarks})
	for i, r := range rows {
		w.row(i+1, r)
	}
	w.look(len(rows))
	var b bytes.Buffer
	w.keep(x.Write(&b))
	return b.Bytes(), w.err
}

// sheetWriter writes a sheet and keeps the first error.
type sheetWriter struct {
	x     *excelize.File
	sheet string
	err   error
}

func (w *sheetWriter) keep(err error) {
	if w.err == nil {
		w.err = err
	}
}

func (w *sheetWriter) row(n int, cells [2]string) {
	for i, cell := range cells {
		at, err := excelize.CoordinatesToCellName(i+1, n)
		w.keep(err)
		w.keep(w.x.SetCellStr(w.sheet, at, harmlessLines(cell)))
	}
	w.keep(w.x.SetRowHeight(w.sheet, n, rowHigh(cells[1])))
}

// rowHigh is how high a row must be for what is in it, in points, up to what a
// spreadsheet allows.
func rowHigh(cell string) float64 {
	const perLine, high, most = 58, 15.5, 409 // narrow characters on a line
	lines := 0
	for line := range strings.SplitSeq(cell, "\n") {
		narrow := 0
		for _, r := range line {
			if narrow++; r > unicode.MaxASCII {
				narrow++
			}
		}
		lines += 1 + narrow/perLine
	}
	return min(most, 6+high*float64(lines))
}

// look sets borders, a head and one A4 page, upright.
func (w *sheetWriter) look(rows int) {
	edge := []excelize.Border{{Type: "left", Style: 1, Color: "808080"}, {Type: "right", Style: 1, Color: "808080"}, {Type: "top", Style: 1, Color: "808080"}, {Type: "bottom", Style: 1, Color: "808080"}}
	const text = 49 // the number format of text
	style := func(s excelize.Style, from, to string) {
		s.NumFmt = text
		id, err := w.x.NewStyle(&s)
		w.keep(err)
		w.keep(w.x.SetCellStyle(w.sheet, from, to, id))
	}
	last, err := excelize.CoordinatesToCellName(2, rows)
	w.keep(err)
	top := &excelize.Alignment{Vertical: "top", WrapText: true}
	style(excelize.Style{Border: edge, Alignment: top}, "A2", last)
	labels, err := excelize.CoordinatesToCellName(1, rows)
	w.keep(err)
	style(excelize.Style{Border: edge, Alignment: top, Font: &excelize.Font{Bold: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"F2F6F3"}}}, "A2", labels)
	style(excelize.Style{Font: &excelize.Font{Bold: true, Size: 16}}, "A1", "B1")
	a4, upright, one, yes := 9, "portrait", 1, true
	w.keep(w.x.SetPageLayout(w.sheet, &excelize.PageLayoutOptions{Size: &a4, Orientation: &upright, FitToWidth: &one, FitToHeight: &one}))
	w.keep(w.x.SetSheetProps(w.sheet, &excelize.SheetPropsOptions{FitToPage: &yes}))
}
