package views

import (
	"bytes"
	"encoding/csv"
	"io"
	"strings"
	"unicode"

	"github.com/gofiber/fiber/v2"

	"tsunagari/storage/table"
)

// sendCSV answers with a file for spreadsheets (writeCSV). name is ASCII.
func sendCSV(c *fiber.Ctx, name string, rows [][]string) error {
	var b bytes.Buffer
	if err := writeCSV(&b, rows); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "text/csv; charset=utf-8")
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="`+name+`"`)
	secret(c)
	return c.Send(b.Bytes())
}

// writeCSV writes what spreadsheets read: UTF-8 with a byte order mark, lines
// ending in CRLF, nothing that they would take for a formula.
func writeCSV(to io.Writer, rows [][]string) error {
	if _, err := io.WriteString(to, "\ufeff"); err != nil {
		return err
	}
	w := csv.NewWriter(to)
	w.UseCRLF = true
	for _, row := range rows {
		cells := make([]string, len(row))
		for i, cell := range row {
			cells[i] = harmless(cell)
		}
		if err := w.Write(cells); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

// harmlessLines is harmless for a cell that may have several lines.
func harmlessLines(cell string) string {
	lines := strings.Split(strings.ReplaceAll(cell, "\r\n", "\n"), "\n")
	for i, line := range lines {
		lines[i] = harmless(line)
	}
	return strings.Join(lines, "\n")
}

// harmless is a cell without control characters that no spreadsheet takes for a formula.
func harmless(cell string) string {
	return table.Guarded(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, cell))
}
