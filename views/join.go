package views

import (
	"context"
	"errors"
	"html/template"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"tsunagari/certificates/paper"
	"tsunagari/courses/accounts"
	"tsunagari/courses/classes"
)

type codePage struct {
	Page
	Code   string
	Course string // slug of the course whose page led here, "" for none
}

// typeCode is the place to type the code of a class.
func (s *site) typeCode(c *fiber.Ctx) error {
	p := &codePage{Page: s.page(c, "教室に参加する"), Course: c.Query("course")}
	return s.show(c, "join", p)
}

type codeOfClass struct {
	Code   string `form:"code"`
	Course string `form:"course"`
}

// findClass leads from the code to the class.
func (s *site) findClass(c *fiber.Ctx) error {
	var in codeOfClass
	if err := parse(c, &in); err != nil {
		return err
	}
	if _, err := s.byCode(c, in.Code); err != nil {
		return s.codeAgain(c, err, in)
	}
	code, _ := classes.ReadCode(in.Code)
	to := "/j/" + code
	if in.Course != "" {
		to += "?course=" + url.QueryEscape(in.Course)
	}
	return c.Redirect(to, fiber.StatusSeeOther)
}

func (s *site) codeAgain(c *fiber.Ctx, err error, in codeOfClass) error {
	p := &codePage{Page: s.page(c, "教室に参加する"), Code: in.Code, Course: in.Course}
	p.Path = "/join"
	return s.again(c, err, "join", p)
}

// byCode is the class with a code as typed. Codes are short: how often somebody
// guesses is limited by address.
func (s *site) byCode(c *fiber.Ctx, typed string) (*classes.Entrance, error) {
	code, ok := classes.ReadCode(typed)
	if !ok {
		return nil, classes.ErrNoCode
	}
	account := ""
	if who(c).Learner() {
		account = who(c).Account
	}
	e, err := s.Classes.ByCode(c.UserContext(), code, account)
	if err != nil && !errors.Is(err, classes.ErrNoCode) {
		return nil, err
	}
	if slow := s.Accounts.Guess(c.UserContext(), "class", c.IP(), err == nil); slow != nil {
		return nil, slow
	}
	return e, err
}

type joinPage struct {
	Page
	classes.Entrance
	Course  template.HTML
	Slug    string
	When    string
	Town    string
	Refused string        // why one cannot join, in a sentence
	Shown   string        // of the screen, as it came with the QR
	Need    bool          // the number on the screen is asked for
	Begun   bool          // the day has come
	Closing bool          // まとめの確認 can be done on the phone
	Done    bool          // the person has finished the course
	Other   template.HTML // the course that somebody came from, when the class is of another
	Back    string        // this page, for those who sign in first
	InLINE  string        // this page in the phone's own browser, where the card is; inside LINE only
}

const passCookie = "room"

// joinClass is the page of a class for those who come.
func (s *site) joinClass(c *fiber.Ctx) error {
	p, err := s.joinPage(c)
	if errors.Is(err, classes.ErrNoCode) {
		return s.codeAgain(c, err, codeOfClass{Code: c.Params("code")})
	}
	if err != nil {
		return err
	}
	return s.show(c, "class-join", p)
}

func (s *site) joinPage(c *fiber.Ctx) (*joinPage, error) {
	e, err := s.byCode(c, c.Params("code"))
	if err != nil {
		return nil, err
	}
	p := &joinPage{Page: s.page(c, "教室に参加する"), Entrance: *e}
	p.Path, p.Back = "/j/"+e.Code, "/j/"+e.Code
	p.Course, p.When, p.Town = p.inline(e.Course), classWhen(e.Class), accounts.PlaceName(e.Host, "")
	now := s.Now()
	p.Begun = e.Begun(now)
	if e.Shut != nil {
		if _, faults, ok := faultsOf(e.Shut); ok {
			p.Refused = faults[0].Say
		}
	}
	p.Shown = s.roomPass(c, &e.Class, c.Query("n"))
	p.Need = !e.Admits(now, p.Shown)
	if p.InLINE = s.outOfLINE(c); p.InLINE != "" && c.Query("n") != "" {
		p.InLINE += "&n=" + url.QueryEscape(c.Query("n"))
	}
	rev, err := s.Classes.Revision(c.UserContext(), &e.Class)
	if err != nil {
		return nil, err
	}
	p.Slug = rev.Slug
	if from := c.Query("course"); from != "" && from != rev.Slug {
		if other, err := s.Courses.Standing(c.UserContext(), "", from); err == nil {
			p.Other = p.inline(other.Revision.Title)
		}
	}
	if e.Seat == nil {
		return p, nil
	}
	standing, err := s.Courses.Standing(c.UserContext(), p.Who.Account, rev.Slug)
	if err != nil {
		return nil, err
	}
	p.Done = standing.Completed
	p.Closing = p.Begun && e.Rule == classes.Check && !standing.ClosingDone() && standing.Revision.Closing.Questions > 0
	return p, nil
}

// roomPass is what proves that somebody is in the room: the number that came with
// the QR, kept as a pass while somebody new gives a name, or the pass.
func (s *site) roomPass(c *fiber.Ctx, class *classes.Class, number string) string {
	if !class.Rotating {
		return ""
	}
	if number != "" && class.Admits(s.Now(), number) {
		pass := class.Pass(s.Now())
		s.setCookie(c, passCookie, class.Code+"."+pass, time.Hour)
		return pass
	}
	code, pass, _ := strings.Cut(c.Cookies(passCookie), ".")
	if code == class.Code {
		return pass
	}
	return ""
}

type joinForm struct {
	Operation string `form:"operation"`
	Shown     string `form:"shown"`
}

// join takes a seat.
func (s *site) join(c *fiber.Ctx) error {
	var in joinForm
	if err := parse(c, &in); err != nil {
		return err
	}
	p, err := s.joinPage(c)
	if err != nil {
		return err
	}
	if p.Who.Guest() {
		return c.Redirect("/start?back="+p.Back, fiber.StatusSeeOther)
	}
	if p.Shown != "" {
		in.Shown = p.Shown
	}
	if _, err := uuid.Parse(in.Operation); err != nil {
		return errUnreadable
	}
	if _, err := s.Classes.Join(c.UserContext(), p.Who.Account, p.Code, in.Operation, strings.TrimSpace(in.Shown)); err != nil {
		return s.again(c, err, "class-join", p)
	}
	return s.done(c, p.Back, flashJoined)
}

// leaveClass gives one's own seat up.
func (s *site) leaveClass(c *fiber.Ctx) error {
	code, _ := classes.ReadCode(c.Params("code"))
	if err := s.Classes.Leave(c.UserContext(), who(c).Account, code); err != nil {
		return err
	}
	return s.done(c, "/j/"+code, flashLeft)
}

// joinAfterwards takes the seat for which somebody registered: back is the page of
// a class then. What refuses them is said there.
func (s *site) joinAfterwards(c *fiber.Ctx, secret, back string) error {
	code, ok := strings.CutPrefix(back, "/j/")
	if !ok {
		return nil
	}
	w, _, err := s.bySession(c.UserContext(), secret, "")
	if err != nil {
		return err
	}
	e, err := s.Classes.ByCode(c.UserContext(), code, w.Account)
	if errors.Is(err, classes.ErrNoCode) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = s.Classes.Join(c.UserContext(), w.Account, code, uuid.NewString(), s.roomPass(c, &e.Class, ""))
	if _, _, refused := faultsOf(err); refused {
		return nil
	}
	return err
}

type screenPage struct {
	Page
	classes.Entrance
	Heading template.HTML
	When    string
	QR      template.HTML
	Address string // of the site, without https://
	Turn    string // the number that changes, for a class whose code rotates
	Hidden  bool   // the code rotates, and whoever looks is not its trainer
}

// screen is the page for the projector. Nobody signs in for it, but where the code
// rotates: whoever saw that from home could join from there.
func (s *site) screen(c *fiber.Ctx) error {
	p, err := s.screenPage(c, s.page(c, "参加の番号"))
	if err != nil {
		return err
	}
	p.Bare, p.Refresh = true, 10
	p.Scripts = []string{"live.js"}
	return s.show(c, "screen", p)
}

func (s *site) screenLive(c *fiber.Ctx) error {
	p, err := s.screenPage(c, Page{Who: who(c)})
	if err != nil {
		return err
	}
	return s.part(c, "screen", p)
}

func (s *site) screenPage(c *fiber.Ctx, base Page) (*screenPage, error) {
	e, err := s.byCode(c, c.Params("code"))
	if err != nil {
		return nil, err
	}
	p := &screenPage{Page: base, Entrance: *e, When: classWhen(e.Class)}
	p.Page.Title, p.Path = "参加の番号", "/j/"+e.Code+"/screen"
	p.Heading = p.inline(e.Course)
	_, p.Address, _ = strings.Cut(s.address(c), "://")
	link := s.address(c) + "/j/" + e.Code
	if e.Rotating {
		if p.Hidden = !s.holds(c.UserContext(), p.Who, e.ID); p.Hidden {
			return p, nil
		}
		p.Turn = e.Turn(s.Now())
		link += "?n=" + p.Turn
	}
	svg, err := paper.QRSVG(link, "参加のページのQRコード")
	p.QR = template.HTML(svg)
	return p, err
}

// holds says whether the class is one of the person's own.
func (s *site) holds(ctx context.Context, w Who, classID string) bool {
	_, err := s.Classes.Class(ctx, w.Access, classID)
	return err == nil
}

// coming are the classes in which the person has a seat.
func (s *site) coming(ctx context.Context, w Who) ([]seatLine, error) {
	if !w.Learner() {
		return nil, nil
	}
	list, err := s.Classes.Coming(ctx, w.Account)
	var lines []seatLine
	for _, h := range list {
		line := seatLine{Path: "/j/" + h.Class.Code, When: classWhen(h.Class), Hall: h.Class.Hall, State: "席番号 " + strconv.Itoa(h.Number)}
		if h.Class.CancelledAt != nil {
			line.State = "中止になりました"
		}
		lines = append(lines, line)
	}
	return lines, err
}
