package views

import (
	"bytes"
	"encoding/csv"

	"github.com/gofiber/fiber/v2"
	"github.com/xuri/excelize/v2"

	"tsunagari/courses/accounts"
	"tsunagari/storage/table"
)

// placesXLSX is a municipality's list as a sheet in which every cell is text.
func (s *site) placesXLSX(c *fiber.Ctx) error {
	list, err := s.Accounts.EditPlaces(c.UserContext(), who(c).Access, c.Params("code"))
	if err != nil {
		return err
	}
	file, err := textSheet("つながり先", accounts.PlacesTable(list))
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="tsunagari_places_`+c.Params("code")+`.xlsx"`)
	return c.Send(file)
}

// asText is Excel's own number of the format that takes nothing for a date or number.
const asText = 49

// textSheet is a workbook of one sheet of text, the first row its header.
func textSheet(name string, rows [][]string) ([]byte, error) {
	x := excelize.NewFile()
	defer x.Close()
	if err := x.SetSheetName(x.GetSheetName(0), name); err != nil {
		return nil, err
	}
	style, err := x.NewStyle(&excelize.Style{NumFmt: asText})
	if err != nil {
		return nil, err
	}
	last, err := excelize.ColumnNumberToName(len(rows[0]))
	if err != nil {
		return nil, err
	}
	if err := x.SetColStyle(name, "A:"+last, style); err != nil {
		return nil, err
	}
	if err := x.SetColWidth(name, "A", last, 18); err != nil {
		return nil, err
	}
	for i, row := range rows {
		for j, text := range row {
			cell, err := excelize.CoordinatesToCellName(j+1, i+1)
			if err != nil {
				return nil, err
			}
			if err := x.SetCellStr(name, cell, text); err != nil {
				return nil, err
			}
			if err := x.SetCellStyle(name, cell, cell, style); err != nil {
				return nil, err
			}
		}
	}
	b, err := x.WriteToBuffer()
	if err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// placesCSV is the same as CSV. What could act as a formula is guarded, and read back
// without the guard.
func (s *site) placesCSV(c *fiber.Ctx) error {
	list, err := s.Accounts.EditPlaces(c.UserContext(), who(c).Access, c.Params("code"))
	if err != nil {
		return err
	}
	b := bytes.NewBufferString("\ufeff")
	w := csv.NewWriter(b)
	w.UseCRLF = true
	for _, row := range accounts.PlacesTable(list) {
		for i := range row {
			row[i] = table.Guarded(row[i])
		}
		if err := w.Write(row); err != nil {
			return err
		}
	}
	w.Flush()
	c.Set(fiber.HeaderContentType, "text/csv; charset=utf-8")
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="tsunagari_places_`+c.Params("code")+`.csv"`)
	return c.Send(b.Bytes())
}

// placesImport is what the pages of an import send: Kept carries the file from the
// preview to the import, Plan what the preview said.
type placesImport struct {
	Do   string `form:"do"` // "import"; everything else is a preview
	Kept string `form:"kept"`
	Plan string `form:"plan"`
}

type placesImportPage struct {
	Page
	Code, Town               string
	In                       placesImport
	Rows                     []accounts.PlaceRow // that change something
	Wrong                    []placeFault
	Read, New, Changed, Same int
}

type placeFault struct {
	Number int
	Name   string
	Say    string
}

func (s *site) placesImportPage(c *fiber.Ctx) (*placesImportPage, error) {
	code := c.Params("code")
	if _, err := s.Accounts.EditPlaces(c.UserContext(), who(c).Access, code); err != nil {
		return nil, err
	}
	p := &placesImportPage{Page: s.page(c, "つながり先をファイルから入れる"), Code: code, Town: accounts.PlaceName(code, "")}
	p.Crumbs = []Crumb{{"/municipality/places/" + code, p.Town + "のつながり先"}}
	return p, nil
}

// placesForm asks for a file of places.
func (s *site) placesForm(c *fiber.Ctx) error {
	p, err := s.placesImportPage(c)
	if err != nil {
		return err
	}
	return s.show(c, "municipality-places-import", p)
}

// importPlaces shows what a file would change, and changes it when that is asked for.
// Between the two nothing is kept.
func (s *site) importPlaces(c *fiber.Ctx) error {
	p, err := s.placesImportPage(c)
	if err != nil {
		return err
	}
	if err := parse(c, &p.In); err != nil {
		return err
	}
	data, err := sentPlaces(c, p.In)
	if err != nil {
		return s.again(c, err, "municipality-places-import", p)
	}
	rows, err := accounts.ReadPlaces(data)
	if err != nil {
		return s.again(c, err, "municipality-places-import", p)
	}
	if p.In.Do == "import" {
		err = s.Accounts.ImportPlaces(c.UserContext(), p.Who.Access, p.Code, rows, p.In.Plan)
		if err == nil {
			return s.done(c, "/municipality/places/"+p.Code, flashPlacesTaken)
		}
	}
	plan, planErr := s.Accounts.PreviewPlaces(c.UserContext(), p.Who.Access, p.Code, rows)
	if planErr != nil {
		return planErr
	}
	p.In.Kept, p.In.Plan = carried(data), plan
	p.preview(rows)
	if err == nil && len(p.Wrong) > 0 {
		err = accounts.ErrPlaceRows
	}
	if err != nil {
		return s.again(c, err, "municipality-places-import", p)
	}
	return s.show(c, "municipality-places-import", p)
}

func sentPlaces(c *fiber.Ctx, in placesImport) ([]byte, error) {
	data, err := picture(c, "file")
	switch {
	case err != nil || len(data) > 0:
		return data, err
	case in.Kept != "":
		return unpacked(in.Kept)
	}
	return nil, errNoPlaces
}

func (p *placesImportPage) preview(rows []accounts.PlaceRow) {
	p.Read = len(rows)
	for _, r := range rows {
		if r.Err != nil {
			p.Wrong = append(p.Wrong, placeFault{r.Number, r.Input.Name, rowFault(r.Err)})
			continue
		}
		switch r.Change {
		case accounts.PlaceNew:
			p.New++
		case accounts.PlaceChanged:
			p.Changed++
		case accounts.PlaceSame:
			p.Same++
			continue
		}
		p.Rows = append(p.Rows, r)
	}
}

// rowFault says what is wrong with a row.
func rowFault(err error) (say string) {
	_, faults, _ := faultsOf(err)
	for _, f := range faults {
		say += f.Say
	}
	return say
}
