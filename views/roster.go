package views

import (
	"context"
	"errors"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tsunagari/courses/accounts"
	"tsunagari/courses/classes"
	"tsunagari/storage"
)

type rosterPage struct {
	Page
	Class   classes.Class
	When    string
	Rows    []seatView
	Removed []seatView
	Tally   classes.Tally
	Begun   bool
	Sheets  bool // the rule asks for the sheet
}

// seatView is one line of a roster.
type seatView struct {
	classes.Row
	State  string // in words: how the person finished, or what is waited for
	Good   bool   // finished
	Town   string
	Late   string // 遅刻 14:05, 早退 15:00
	Begun  bool
	Locked bool     // finished in this class: nothing of it changes by a button
	Typed  string   // who typed the person in
	Noted  []string // who noted what
}

// outcomes are what a roster says of a seat.
var outcomes = map[classes.Outcome]string{
	classes.Unmarked: "出席がまだ",
	classes.Missed:   "欠席",
	classes.Partly:   "遅刻・早退のため、講師の判断待ち",
	classes.NoSheet:  "ふり返りシート待ち",
	classes.NoCheck:  "まとめの確認待ち",
	classes.NoStudy:  "自習の終わり待ち",
	classes.Gone:     "ご本人が記録を消しました",
	classes.Here:     "修了",
	classes.Alone:    "自習で修了",
	classes.Before:   "前に修了ずみ",
}

// roster is the live list of a class.
func (s *site) roster(c *fiber.Ctx) error {
	p, err := s.rosterPage(c, s.page(c, "名簿と出席"))
	if err != nil {
		return err
	}
	p.Path = "/trainer/classes/" + p.Class.ID + "/roster"
	p.Crumbs = p.classCrumbs(&p.Class)
	p.Scripts = []string{"live.js"}
	return s.show(c, "roster", p)
}

// rosterLive is the part of it that changes by itself.
func (s *site) rosterLive(c *fiber.Ctx) error {
	p, err := s.rosterPage(c, Page{Who: who(c), Path: "/trainer/classes/" + c.Params("id") + "/roster"})
	if err != nil {
		return err
	}
	return s.part(c, "roster", p)
}

func (p *Page) classCrumbs(class *classes.Class) []Crumb {
	return []Crumb{{"/trainer", "講師"}, {"/trainer/classes/" + class.ID, classDay(class.HeldOn) + "の開催"}}
}

func (s *site) rosterPage(c *fiber.Ctx, base Page) (*rosterPage, error) {
	roster, err := s.Classes.Roster(c.UserContext(), who(c).Access, c.Params("id"))
	if err != nil {
		return nil, err
	}
	p := &rosterPage{Page: base, Class: *roster.Class, When: classWhen(*roster.Class), Tally: roster.Tally()}
	p.Begun = p.Class.Begun(s.Now()) && p.Class.CancelledAt == nil
	p.Sheets = p.Class.Rule == classes.Sheet
	names, err := s.typists(c, roster)
	if err != nil {
		return nil, err
	}
	for _, row := range roster.Rows {
		p.Rows = append(p.Rows, p.seatView(row, names))
	}
	for _, row := range roster.Removed {
		p.Removed = append(p.Removed, p.seatView(row, names))
	}
	return p, nil
}

// typists are the names of who typed or noted something of a class.
func (s *site) typists(c *fiber.Ctx, roster *classes.Roster) (map[string]string, error) {
	var ids []string
	for _, list := range [][]classes.Row{roster.Rows, roster.Removed} {
		for _, row := range list {
			ids = append(ids, row.TypedBy, row.AttendanceBy, row.SheetBy, row.GrantedBy)
		}
	}
	return s.namesOf(c.UserContext(), ids...)
}

// namesOf are the names of members of staff; who is erased, or worked in a command,
// has none.
func (s *site) namesOf(ctx context.Context, ids ...string) (map[string]string, error) {
	names := map[string]string{"": ""}
	for _, id := range ids {
		if _, known := names[id]; known {
			continue
		}
		a, err := s.Accounts.Account(ctx, id)
		if err != nil && !errors.Is(err, storage.ErrNotFound) {
			return nil, err
		}
		if names[id] = ""; err == nil {
			names[id] = a.Name()
		}
	}
	return names, nil
}

func (p *rosterPage) seatView(row classes.Row, names map[string]string) seatView {
	v := seatView{
		Row: row, State: outcomes[row.Outcome], Good: row.Outcome.Finished(), Begun: p.Begun,
		Town: accounts.PlaceName(row.Municipality, row.Prefecture), Locked: row.Outcome == classes.Here, Typed: names[row.TypedBy],
	}
	var late []string
	if row.LateAt != "" {
		late = append(late, "遅刻 "+row.LateAt)
	}
	if row.LeftAt != "" {
		late = append(late, "早退 "+row.LeftAt)
	}
	v.Late = strings.Join(late, "　")
	for _, n := range []struct{ what, by string }{{"出席", row.AttendanceBy}, {"シート", row.SheetBy}, {"修了とする", row.GrantedBy}} {
		if name := names[n.by]; name != "" {
			v.Noted = append(v.Noted, n.what+"："+name)
		}
	}
	return v
}

// attend keeps one seat's attendance. From the roster it leads back to the line,
// from the page of the seat to that.
func (s *site) attend(c *fiber.Ctx) error {
	var in classes.Attendance
	if err := parse(c, &in); err != nil {
		return err
	}
	err := s.Classes.Attend(c.UserContext(), who(c).Access, c.Params("id"), c.Params("seat"), in)
	if err != nil {
		return s.seatAgain(c, err)
	}
	return s.backToSeat(c, flashNone)
}

type backForm struct {
	Back string `form:"back"` // "seat": the page of the seat, else the roster
}

// backToSeat answers an act on a seat.
func (s *site) backToSeat(c *fiber.Ctx, say Flash) error {
	var in backForm
	if err := parse(c, &in); err != nil {
		return err
	}
	base := "/trainer/classes/" + c.Params("id")
	if in.Back == "seat" {
		if say == flashNone {
			say = flashSaved
		}
		return s.done(c, base+"/seats/"+c.Params("seat"), say)
	}
	return s.done(c, base+"/roster#s"+c.Params("seat"), say)
}

type sheetForm struct {
	Received bool `form:"received"`
}

// sheet keeps whether a ふり返りシート was received.
func (s *site) sheet(c *fiber.Ctx) error {
	var in sheetForm
	if err := parse(c, &in); err != nil {
		return err
	}
	err := s.Classes.Sheet(c.UserContext(), who(c).Access, c.Params("id"), c.Params("seat"), in.Received)
	if err != nil {
		return s.seatAgain(c, err)
	}
	return s.backToSeat(c, flashNone)
}

type allForm struct {
	Do string `form:"do"` // attendance, sheets
}

// markAll marks everybody at once; who is different is marked afterwards.
func (s *site) markAll(c *fiber.Ctx) error {
	var in allForm
	if err := parse(c, &in); err != nil {
		return err
	}
	var err error
	switch in.Do {
	case "attendance":
		_, err = s.Classes.AttendAll(c.UserContext(), who(c).Access, c.Params("id"))
	case "sheets":
		_, err = s.Classes.SheetsAll(c.UserContext(), who(c).Access, c.Params("id"))
	default:
		err = errUnreadable
	}
	if err != nil {
		return err
	}
	return s.done(c, "/trainer/classes/"+c.Params("id")+"/roster", flashAllMarked)
}
