package views

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tsunagari/courses/accounts"
	"tsunagari/courses/counts"
	"tsunagari/storage"
)

const xlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// fileMonths is for how many months back the page offers files.
const fileMonths = 36

type filesPage struct {
	Page
	Area   area
	Key    string // the area as an address names it
	Base   string // address of the area's files
	Month  counts.Month
	Months []Choice
	Closed *counts.Closing
	Areas  []Choice // whose files the person may have too
}

// files is where an officer gets files of the own post, or of one municipality of it
// (?area=), for a month (?month=).
func (s *site) files(c *fiber.Ctx) error {
	p := &filesPage{Page: s.page(c, "ファイルで受け取る")}
	p.Crumbs = []Crumb{{"/municipality", "修了者数"}}
	name := c.Query("area", "own")
	r, of, err := s.reportOf(c, p.Page, name)
	if err != nil {
		return err
	}
	p.Area, p.Key, p.Base, p.Month, p.Closed = of, name, "/municipality/files/"+name, r.Month, r.Closed
	closings, err := s.Counts.Closings(c.UserContext())
	if err != nil {
		return err
	}
	for _, m := range monthsBack(s.Now(), fileMonths) {
		label := m.Label() + "（速報値）"
		for _, one := range closings {
			if one.Month == m {
				label = m.Label() + "（確定値）"
			}
		}
		p.Months = append(p.Months, Choice{Value: string(m), Label: label})
	}
	own := areaOf(p.Who, p.Operator)
	if own.Code == "" {
		p.Areas = append(p.Areas, Choice{Value: "own", Label: own.Name + "の全体"})
		for _, code := range own.Codes {
			p.Areas = append(p.Areas, Choice{Value: code, Label: accounts.PlaceName(code, "")})
		}
	}
	p.Path = "/municipality/files?area=" + name
	return s.show(c, "municipality-files", p)
}

// reportOf is the report of an area as an address names it: own, a code, or b9 for a
// bureau. What lies outside the person's posts is not found.
func (s *site) reportOf(c *fiber.Ctx, p Page, name string) (*counts.Report, area, error) {
	of, err := namedArea(p, name)
	if err != nil {
		return nil, of, err
	}
	r, err := s.Counts.Report(c.UserContext(), counts.ScopeOf(p.Who.Access), of.Name, of.Codes, counts.Month(c.Query("month")))
	return r, of, err
}

func namedArea(p Page, name string) (area, error) {
	if name == "own" {
		return areaOf(p.Who, p.Operator), nil
	}
	if digits, bureau := strings.CutPrefix(name, "b"); bureau {
		n, err := strconv.Atoi(digits)
		if err != nil || n < 1 || n > len(accounts.Bureaus) {
			return area{}, storage.ErrNotFound
		}
		b := accounts.Bureaus[n-1]
		return area{Name: b.Name, Codes: codesOf(b.Municipalities)}, nil
	}
	if _, known := accounts.ByCode(name); !known {
		return area{}, storage.ErrNotFound
	}
	return townArea(name), nil
}

// short is the area in the name of a file: a code, the bureau's number, the prefecture.
func (a area) short() string {
	if a.Code != "" {
		return a.Code
	}
	if n := bureauOf(a.Codes); n > 0 {
		return fmt.Sprintf("bureau%02d", n)
	}
	if len(a.Codes) > 0 {
		if m, known := accounts.ByCode(a.Codes[0]); known && sameCodes(a.Codes, accounts.InPrefecture(m.PrefectureCode())) {
			return m.PrefectureCode() + "0000"
		}
	}
	return "area"
}

// countsFile is one file of figures. Each is made of the same report.
func (s *site) countsFile(c *fiber.Ctx) error {
	p := s.page(c, "修了者数のファイル")
	kind := c.Params("file")
	write, known := map[string]func(io.Writer, *counts.Report) error{
		"print.xlsx": func(w io.Writer, r *counts.Report) error { return r.Print().XLSX(w, r.Made) },
		"data.xlsx":  flatXLSX,
		"data.csv":   func(w io.Writer, r *counts.Report) error { return r.Data().CSV(w, counts.UTF8) },
		"cp932.csv":  func(w io.Writer, r *counts.Report) error { return r.Data().CSV(w, counts.CP932) },
		"memo.pdf":   func(w io.Writer, r *counts.Report) error { return memo{r, p.Operator, s.Demo}.write(w) },
	}[kind]
	if !known {
		return storage.ErrNotFound
	}
	r, of, err := s.reportOf(c, p, c.Params("area"))
	if err != nil {
		return err
	}
	if missing := r.Data().Unwritable(); kind == "cp932.csv" && len(missing) > 0 && c.Query("replace") == "" {
		return s.unwritable(c, p, r, missing)
	}
	var b bytes.Buffer
	if err := write(&b, r); err != nil {
		return err
	}
	return sendCounts(c, r.FileName(of.short(), fileTails[kind]), b.Bytes())
}

// fileTails are the ends of the files' names.
var fileTails = map[string]string{
	"print.xlsx": "_print.xlsx", "data.xlsx": ".xlsx", "data.csv": ".csv", "cp932.csv": "_cp932.csv", "memo.pdf": "_memo.pdf",
}

func flatXLSX(w io.Writer, r *counts.Report) error {
	others := []*counts.Sheet{r.Words()}
	if changes := r.Changes(); changes != nil {
		others = append(others, changes)
	}
	return r.Data().FlatXLSX(w, r.Made, others...)
}

func (m memo) write(w io.Writer) error {
	file, err := m.pdf()
	if err != nil {
		return err
	}
	_, err = w.Write(file)
	return err
}

func sendCounts(c *fiber.Ctx, name string, file []byte) error {
	secret(c)
	if strings.HasSuffix(name, ".pdf") {
		return sendPDF(c, name, file)
	}
	kind := xlsxType
	switch {
	case strings.HasSuffix(name, "_cp932.csv"):
		kind = "text/csv; charset=Shift_JIS"
	case strings.HasSuffix(name, ".csv"):
		kind = "text/csv; charset=utf-8"
	}
	c.Set(fiber.HeaderContentType, kind)
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="`+name+`"`)
	return c.Send(file)
}

type unwritablePage struct {
	Page
	Missing []string
	Base    string
	Month   counts.Month
}

// unwritable says which characters a file for older programs cannot have, before any
// of them is replaced.
func (s *site) unwritable(c *fiber.Ctx, page Page, r *counts.Report, missing []string) error {
	p := &unwritablePage{Page: page, Missing: missing, Base: "/municipality/files/" + c.Params("area"), Month: r.Month}
	p.Title = "シフトJISで書けない文字があります"
	p.Crumbs = []Crumb{{"/municipality", "修了者数"}, {"/municipality/files", "ファイルで受け取る"}}
	c.Status(fiber.StatusUnprocessableEntity)
	return s.show(c, "municipality-unwritable", p)
}
