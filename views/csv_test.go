package views

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"
	"unicode"

	"github.com/gofiber/fiber/v2"
	"pgregory.net/rapid"
)

func TestHarmless(t *testing.T) {
	for cell, want := range map[string]string{
		"北見　花子": "北見　花子", "012084": "012084", "": "", "R8-001-0001": "R8-001-0001",
		"=1+1": "'=1+1", "+81": "'+81", "-1": "'-1", "@SUM(A1)": "'@SUM(A1)", "＝1": "'＝1", "　=1": "'　=1",
		"\t=1": "' =1", "a\r\n=1": "a  =1", "\x00=1": "' =1",
	} {
		if got := harmless(cell); got != want {
			t.Errorf("%q: %q, want %q", cell, got, want)
		}
	}
}

// Whatever was typed: the file has a byte order mark, ends its lines with CRLF,
// keeps its shape, and no cell begins a formula.
func TestCSVIsSafe(t *testing.T) {
	var rows [][]string
	app := fiber.New()
	app.Get("/", func(c *fiber.Ctx) error { return sendCSV(c, "x.csv", rows) })
	rapid.Check(t, func(rt *rapid.T) {
		cell := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"=cmd|' /C calc'!A0", "\r=1", "\u200b=1", " ＋1", `"`, "a,b", "a\nb"}))
		rows = rapid.SliceOfN(rapid.SliceOfN(cell, 2, 2), 1, 5).Draw(rt, "rows")
		res, body := do(t, app, ask("/"))
		if !strings.HasPrefix(body, "\ufeff") || strings.Count(body, "\n") != strings.Count(body, "\r\n") || res.Header.Get("Content-Disposition") != `attachment; filename="x.csv"` {
			rt.Fatalf("%q", body)
		}
		read, err := csv.NewReader(bytes.NewReader([]byte(strings.TrimPrefix(body, "\ufeff")))).ReadAll()
		if err != nil || len(read) != len(rows) {
			rt.Fatalf("%d rows of %d, %v", len(read), len(rows), err)
		}
		for _, row := range read {
			for _, cell := range row {
				begin := strings.TrimLeftFunc(cell, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) })
				if begin != "" && strings.ContainsAny(begin[:1], "=+-@") {
					rt.Fatalf("%q begins a formula", cell)
				}
			}
		}
	})
}
