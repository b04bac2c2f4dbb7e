package sheet

import (
	"encoding/csv"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"

	"tsunagari/courses/questions"
	"tsunagari/storage/table"
)

// WriteXLSX writes questions as an Excel file in the form of the template. Every
// cell is text: nothing in it is ever a formula. What a sheet cannot hold is left
// out, and a remark says so; its Line is the number of the question in the list.
// Error: w's.
func WriteXLSX(w io.Writer, list []questions.Imported) ([]questions.Remark, error) {
	rows, remarks := rowsOf(list)
	return remarks, writeWorkbook(w, columnsOf(rows), rows)
}

// WriteCSV writes questions as UTF-8 with a byte order mark, lines ending in CRLF,
// nothing in it that a spreadsheet would take for a formula. Remarks and errors
// are those of WriteXLSX.
func WriteCSV(w io.Writer, list []questions.Imported) ([]questions.Remark, error) {
	rows, remarks := rowsOf(list)
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return remarks, err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	columns := columnsOf(rows)
	cells := make([]string, len(columns))
	for i, c := range columns {
		cells[i] = c.String()
	}
	if err := out.Write(cells); err != nil {
		return remarks, err
	}
	for _, row := range rows {
		for i, c := range columns {
			cells[i] = table.Guarded(row[c])
		}
		if err := out.Write(cells); err != nil {
			return remarks, err
		}
	}
	out.Flush()
	return remarks, out.Error()
}

// rowsOf are the cells of every question that can be written.
func rowsOf(list []questions.Imported) (rows []map[column]string, remarks []questions.Remark) {
	for i := range list {
		cells, lost, refused := cellsOf(&list[i])
		remark := questions.Remark{Line: i + 1, Name: list[i].Name, Reason: refused}
		if remark.Name == "" {
			words, _ := questions.ToWords(list[i].Text[questions.JA])
			remark.Name = shorten(words)
		}
		if refused == "" {
			rows = append(rows, cells)
			if len(lost) == 0 {
				continue
			}
			remark.Reason = "表では書き出せないものを除きました：" + strings.Join(lost, "、") + "。"
		}
		remarks = append(remarks, remark)
	}
	return rows, remarks
}

const (
	questionSheet = "問題"
	guideSheet    = "書き方"
)

// writeWorkbook writes the two sheets: the questions and how to write them.
func writeWorkbook(w io.Writer, columns []column, rows []map[column]string) error {
	f := excelize.NewFile()
	defer f.Close()
	if err := f.SetSheetName("Sheet1", questionSheet); err != nil {
		return err
	}
	if _, err := f.NewSheet(guideSheet); err != nil {
		return err
	}
	if err := f.SetDefaultFont("游ゴシック"); err != nil {
		return err
	}
	styles, err := newStyles(f)
	if err != nil {
		return err
	}
	for _, name := range []string{questionSheet, guideSheet} {
		if err := onPaper(f, name); err != nil {
			return err
		}
	}
	if err := writeQuestions(f, styles, columns, rows); err != nil {
		return err
	}
	if err := writeGuide(f, styles); err != nil {
		return err
	}
	_, err = f.WriteTo(w)
	return err
}

// onPaper makes a sheet print on A4 pages that are as wide as it is.
func onPaper(f *excelize.File, name string) error {
	a4, landscape, wide, high, fit := 9, "landscape", 1, 0, true
	if err := f.SetSheetProps(name, &excelize.SheetPropsOptions{FitToPage: &fit}); err != nil {
		return err
	}
	return f.SetPageLayout(name, &excelize.PageLayoutOptions{Size: &a4, Orientation: &landscape, FitToWidth: &wide, FitToHeight: &high})
}

type styles struct{ head, cell, title int }

const textFormat = 49 // a cell stays text when somebody edits it

func newStyles(f *excelize.File) (s styles, err error) {
	top := &excelize.Alignment{Vertical: "top", WrapText: true}
	if s.cell, err = f.NewStyle(&excelize.Style{NumFmt: textFormat, Alignment: top}); err != nil {
		return s, err
	}
	s.title, err = f.NewStyle(&excelize.Style{NumFmt: textFormat, Alignment: top, Font: &excelize.Font{Bold: true, Size: 14, Family: "游ゴシック"}})
	if err != nil {
		return s, err
	}
	s.head, err = f.NewStyle(&excelize.Style{
		NumFmt: textFormat, Alignment: top, Font: &excelize.Font{Bold: true, Family: "游ゴシック"},
		Fill:   excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E8F1FE"}},
		Border: []excelize.Border{{Type: "bottom", Style: 1, Color: "264AF4"}},
	})
	return s, err
}

// freeRows is how many rows beside the written ones are prepared for typing.
const freeRows = 500

func writeQuestions(f *excelize.File, s styles, columns []column, rows []map[column]string) error {
	out, err := f.NewStreamWriter(questionSheet)
	if err != nil {
		return err
	}
	for i, c := range columns {
		if err := out.SetColWidth(i+1, i+1, width(c)); err != nil {
			return err
		}
		if err := out.SetColStyle(i+1, i+1, s.cell); err != nil {
			return err
		}
		if c.field == typeField {
			if err := chooseType(f, i+1, len(rows)+freeRows); err != nil {
				return err
			}
		}
	}
	if err := out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	cells := make([]any, len(columns))
	for i, c := range columns {
		cells[i] = excelize.Cell{StyleID: s.head, Value: c.String()}
	}
	if err := out.SetRow("A1", cells); err != nil {
		return err
	}
	for n, row := range rows {
		for i, c := range columns {
			cells[i] = excelize.Cell{StyleID: s.cell, Value: row[c]}
		}
		at, err := excelize.CoordinatesToCellName(1, n+2)
		if err != nil {
			return err
		}
		if err := out.SetRow(at, cells); err != nil {
			return err
		}
	}
	return out.Flush()
}

// chooseType lets the type be chosen from a list.
func chooseType(f *excelize.File, at, rows int) error {
	name, err := excelize.ColumnNumberToName(at)
	if err != nil {
		return err
	}
	choose := excelize.NewDataValidation(true)
	choose.SetSqref(name + "2:" + name + excelRow(rows+1))
	if err := choose.SetDropList(TypeNames); err != nil {
		return err
	}
	choose.SetInput("形式", "一覧から選んでください。書き方は「"+guideSheet+"」のシートにあります。")
	choose.SetError(excelize.DataValidationErrorStyleWarning, "形式", "一覧にない形式です。")
	return f.AddDataValidation(questionSheet, choose)
}

func width(c column) float64 {
	switch c.field {
	case textField, explanationField:
		return 44
	case feedbackField, otherwiseField:
		return 30
	case optionField, rightField:
		return 22
	}
	return 14
}
