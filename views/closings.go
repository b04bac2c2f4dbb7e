package views

import (
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"tsunagari/courses/accounts"
	"tsunagari/courses/counts"
	"tsunagari/storage"
)

type closingsPage struct {
	Page
	Area        area
	Months      []closingRow // the newest first
	Corrections []correctionRow
	Open        string    // the month that closes next, in words
	OpenUntil   time.Time // when it closes
}

// closingRow is one month of the area as it was closed.
type closingRow struct {
	counts.Closing
	Label  string
	People int
	Seal   string // of the one municipality, "" for several
}

// correctionRow is one change since, in words.
type correctionRow struct {
	Day, Month, Town, Reason string
	People                   int
}

// closings are the 確定値 of the own area, and what was corrected since.
func (s *site) closings(c *fiber.Ctx) error {
	w := who(c)
	return s.showClosings(c, areaOf(w, s.operator(c.UserContext())), []Crumb{{"/municipality", "修了者数"}})
}

// closingsOf are those of one municipality of the person's posts.
func (s *site) closingsOf(c *fiber.Ctx) error {
	code := c.Params("code")
	if _, known := accounts.ByCode(code); !known {
		return storage.ErrNotFound
	}
	of := townArea(code)
	return s.showClosings(c, of, []Crumb{{"/municipality", "修了者数"}, {"/municipality/areas/" + code, of.Name}})
}

func (s *site) showClosings(c *fiber.Ctx, of area, crumbs []Crumb) error {
	p := &closingsPage{Page: s.page(c, "確定値と訂正"), Area: of}
	p.Crumbs = crumbs
	scope, ctx := counts.ScopeOf(p.Who.Access), c.UserContext()
	rows, corrections, err := s.Counts.ClosedRows(ctx, scope, counts.Filter{Areas: of.Codes})
	if err != nil {
		return err
	}
	list, err := s.Counts.Closings(ctx)
	if err != nil {
		return err
	}
	for _, closing := range slices.Backward(list) {
		row := closingRow{Closing: closing, Label: closing.Month.Label()}
		for _, r := range rows {
			if r.Month == closing.Month {
				row.People += r.People
			}
		}
		if of.Code != "" {
			if row.Seal, err = s.Counts.Seal(ctx, scope, of.Code, closing.Month); err != nil {
				return err
			}
		}
		p.Months = append(p.Months, row)
	}
	for _, r := range slices.Backward(corrections) {
		p.Corrections = append(p.Corrections, correctionRow{r.Day, r.Month.Label(), accounts.PlaceName(r.Area, ""), r.Reason(), r.People})
	}
	if err := s.nextClosing(c, p, list); err != nil {
		return err
	}
	return s.show(c, "municipality-closings", p)
}

// nextClosing says which month closes next, and when.
func (s *site) nextClosing(c *fiber.Ctx, p *closingsPage, list []counts.Closing) error {
	rules, err := s.Counts.Rules(c.UserContext())
	next := counts.MonthOf(s.Now())
	if n := len(list); n > 0 {
		next = list[n-1].Month.Next()
	}
	p.Open, p.OpenUntil = next.Label(), rules.ClosesAt(next)
	return err
}
