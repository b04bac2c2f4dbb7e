package views

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"tsunagari/courses/classes"
	"tsunagari/storage"
)

type seatPage struct {
	Page
	Class  classes.Class
	Seat   seatView
	In     classes.Attendance
	Why    string
	Sheets bool
	Card   *Receipt // a new card, on the one page that may show it
}

// seat is one person in a class: everything that is rarer than a button of the
// roster.
func (s *site) seat(c *fiber.Ctx) error {
	p, err := s.seatPage(c)
	if err != nil {
		return err
	}
	return s.show(c, "seat", p)
}

func (s *site) seatPage(c *fiber.Ctx) (*seatPage, error) {
	roster, err := s.rosterPage(c, s.page(c, "席"))
	if err != nil {
		return nil, err
	}
	p := &seatPage{Page: roster.Page, Class: roster.Class, Sheets: roster.Sheets}
	for _, list := range [][]seatView{roster.Rows, roster.Removed} {
		for _, v := range list {
			if v.ID == c.Params("seat") {
				p.Seat = v
			}
		}
	}
	if p.Seat.ID == "" {
		return nil, storage.ErrNotFound
	}
	p.In = classes.Attendance{State: p.Seat.Attendance, LateAt: p.Seat.LateAt, LeftAt: p.Seat.LeftAt}
	base := "/trainer/classes/" + p.Class.ID
	p.Path = base + "/seats/" + p.Seat.ID
	p.Crumbs = append(p.classCrumbs(&p.Class), Crumb{base + "/roster", "名簿と出席"})
	return p, nil
}

// seatAgain shows the page of the seat with what was wrong.
func (s *site) seatAgain(c *fiber.Ctx, err error) error {
	p, pageErr := s.seatPage(c)
	if pageErr != nil {
		return pageErr
	}
	var in classes.Attendance
	var why whyForm
	if parseErr := errors.Join(parse(c, &in), parse(c, &why)); parseErr != nil {
		return parseErr
	}
	p.Why = why.Why
	if in != (classes.Attendance{}) {
		p.In = in
	}
	return s.again(c, err, "seat", p)
}

// grant is 「修了とする」 for one seat.
func (s *site) grant(c *fiber.Ctx) error {
	var in whyForm
	if err := parse(c, &in); err != nil {
		return err
	}
	err := s.Classes.Grant(c.UserContext(), who(c).Access, c.Params("id"), []string{c.Params("seat")}, in.Why)
	if err != nil {
		return s.seatAgain(c, err)
	}
	return s.backToSeat(c, flashGranted)
}

// withdrawCompletion takes a completion back that was a mistake.
func (s *site) withdrawCompletion(c *fiber.Ctx) error {
	var in whyForm
	if err := parse(c, &in); err != nil {
		return err
	}
	err := s.Classes.Withdraw(c.UserContext(), who(c).Access, c.Params("id"), c.Params("seat"), in.Why)
	if err != nil {
		return s.seatAgain(c, err)
	}
	return s.backToSeat(c, flashWithdrawn)
}

func (s *site) removeSeat(c *fiber.Ctx) error {
	if err := s.Classes.Remove(c.UserContext(), who(c).Access, c.Params("id"), c.Params("seat")); err != nil {
		return s.seatAgain(c, err)
	}
	return s.done(c, "/trainer/classes/"+c.Params("id")+"/roster", flashSeatRemoved)
}

func (s *site) restoreSeat(c *fiber.Ctx) error {
	if err := s.Classes.Restore(c.UserContext(), who(c).Access, c.Params("id"), c.Params("seat")); err != nil {
		return s.seatAgain(c, err)
	}
	return s.done(c, "/trainer/classes/"+c.Params("id")+"/roster#s"+c.Params("seat"), flashSeatRestored)
}

// seatCard makes a new card for somebody in the room; its words are shown this
// one time.
func (s *site) seatCard(c *fiber.Ctx) error {
	var in whyForm
	if err := parse(c, &in); err != nil {
		return err
	}
	shown, err := s.Classes.NewCard(c.UserContext(), who(c).Access, c.Params("id"), c.Params("seat"), in.Why)
	if err != nil {
		return s.seatAgain(c, err)
	}
	p, err := s.seatPage(c)
	if err != nil {
		return err
	}
	p.Title, p.Bare = "新しい受講カード", true
	receipt, err := s.receipt(c, shown)
	if err != nil {
		return err
	}
	p.Card = &receipt
	secret(c)
	return s.show(c, "seat-card", p)
}
