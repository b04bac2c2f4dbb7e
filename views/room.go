package views

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"io"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tsunagari/certificates"
	"tsunagari/certificates/paper"
	"tsunagari/courses"
	"tsunagari/courses/classes"
)

type roomPage struct {
	Page
	Class   classes.Class
	Course  template.HTML
	title   string // of the course, plain
	When    string
	With    []roomLine // who has a certificate to be printed, in the order of the roster
	Without []roomLine
	There   []Choice // who was there without finishing: for them there is a 参加証, or 「修了とする」
	In      finishForm
}

// finishForm is 「修了とする」 for several at once.
type finishForm struct {
	Seats []string `form:"seats"`
	Why   string   `form:"why"`
}

// roomLine is somebody in the room, with their certificate or why there is none.
type roomLine struct {
	seatView
	Cert *certificates.Certificate
	Why  string
}

// errNoSeat says that nobody was chosen.
var errNoSeat = errors.New("views: no seat was chosen")

// errNobody says that nobody in the room has the paper that was asked for.
var errNobody = errors.New("views: there is nothing to print")

// room are the certificates of everybody in a class.
func (s *site) room(c *fiber.Ctx) error {
	p, err := s.roomPage(c)
	if err != nil {
		return err
	}
	return s.show(c, "class-certificates", p)
}

func (s *site) roomPage(c *fiber.Ctx) (*roomPage, error) {
	roster, err := s.rosterPage(c, s.page(c, "修了証"))
	if err != nil {
		return nil, err
	}
	p := &roomPage{Page: roster.Page, Class: roster.Class, When: roster.When}
	p.Path = "/trainer/classes/" + p.Class.ID + "/certificates"
	p.Crumbs = p.classCrumbs(&p.Class)
	rev, err := s.Classes.Revision(c.UserContext(), &p.Class)
	if err != nil {
		return nil, err
	}
	p.Course, p.title = p.inline(rev.Title), courses.Plain(rev.Title.In("ja"))
	var ids []string
	for _, v := range roster.Rows {
		if v.Completion != nil {
			ids = append(ids, v.Completion.ID)
		}
	}
	certs, waits, err := s.Certificates.ByCompletion(c.UserContext(), ids)
	if err != nil {
		return nil, err
	}
	for _, v := range roster.Rows {
		p.sort(v, certs, waits)
	}
	return p, nil
}

// sort puts a seat with those who get a certificate handed out, or says why not.
func (p *roomPage) sort(v seatView, certs map[string]*certificates.Certificate, waits map[string]*certificates.Wait) {
	line := roomLine{seatView: v, Why: v.State}
	if v.Outcome == classes.Here || v.Outcome == classes.Alone {
		if line.Cert = certs[v.Completion.ID]; line.Cert != nil {
			p.With = append(p.With, line)
			return
		}
		line.Why = whyNone(waits[v.Completion.ID])
	} else if v.Outcome == classes.Before {
		line.Why = "前に修了ずみ（" + jpDay(v.Completion.CompletedOn) + "。修了証は、ご本人のページにあります）"
	}
	if v.Attendance == classes.Present && !v.Outcome.Finished() && v.Outcome != classes.Gone {
		p.There = append(p.There, Choice{Value: v.ID, Label: strconv.Itoa(v.Number) + "　" + v.Name, Hint: line.Why})
	}
	p.Without = append(p.Without, line)
}

// finishSeats is the trainer's 「修了とする」 for several at once.
func (s *site) finishSeats(c *fiber.Ctx) error {
	var in finishForm
	if err := parse(c, &in); err != nil {
		return err
	}
	err := errNoSeat
	if len(in.Seats) > 0 {
		err = s.Classes.Grant(c.UserContext(), who(c).Access, c.Params("id"), in.Seats, in.Why)
	}
	if err != nil {
		p, pageErr := s.roomPage(c)
		if pageErr != nil {
			return pageErr
		}
		p.In = in
		return s.again(c, err, "class-certificates", p)
	}
	return s.done(c, "/trainer/classes/"+c.Params("id")+"/certificates", flashGranted)
}

func whyNone(w *certificates.Wait) string {
	switch {
	case w == nil:
		return "修了証が取り消されています"
	case w.Reason == certificates.Unprintable:
		return "お名前の「" + w.Detail + "」が印刷できません（窓口で、証に載せる表記を直すと出ます）"
	}
	return "修了証の発行者の準備を待っています"
}

// roomPDF is one file to print: the certificates in the order of the roster, and
// last a page for the trainer with those who have none.
func (s *site) roomPDF(c *fiber.Ctx) error {
	p, err := s.roomPage(c)
	if err != nil {
		return err
	}
	if len(p.With) == 0 {
		return errNobody
	}
	var list []*certificates.Certificate
	for _, l := range p.With {
		list = append(list, l.Cert)
	}
	file, err := s.Certificates.Together(c.UserContext(), p.title+"　"+p.When, list, p.withoutPages)
	if err != nil {
		return err
	}
	if err := s.Certificates.Handed(c.UserContext(), p.Who.Access, p.Class.ID, strconv.Itoa(len(list))+"件"); err != nil {
		return err
	}
	return sendPDF(c, "shuryosho-"+p.Class.HeldOn+".pdf", file)
}

// withoutPages is the trainer's own list at the end of the certificates.
func (p *roomPage) withoutPages(d *paper.Document) {
	if len(p.Without) == 0 {
		return
	}
	out := reportOn(d, p.Demo)
	out.heading("修了証がない方（講師の控え）", 16)
	out.paragraph(p.title + "　" + p.When + "　" + p.Class.Hall)
	out.table([]string{"席", "お名前", "わけ"}, []float64{14, 60, printWidth - 74}, p.withoutRows())
}

func (p *roomPage) withoutRows() (rows [][]string) {
	for _, l := range p.Without {
		rows = append(rows, []string{strconv.Itoa(l.Number), l.Name, l.Why})
	}
	return rows
}

// roomZip is a file for each, with ASCII names, and the list of those without one.
func (s *site) roomZip(c *fiber.Ctx) error {
	p, err := s.roomPage(c)
	if err != nil {
		return err
	}
	if len(p.With) == 0 {
		return errNobody
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, l := range p.With {
		file, err := s.Certificates.PDF(c.UserContext(), l.Cert, certificates.A4, nil)
		if err == nil {
			err = put(z, fmt.Sprintf("%03d_%s.pdf", l.Number, l.Cert.Number), func(w io.Writer) error { _, err := w.Write(file); return err })
		}
		if err != nil {
			return err
		}
	}
	rows := append([][]string{{"席", "お名前", "修了証がないわけ"}}, p.withoutRows()...)
	if err := put(z, "without.csv", func(w io.Writer) error { return writeCSV(w, rows) }); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	if err := s.Certificates.Handed(c.UserContext(), p.Who.Access, p.Class.ID, strconv.Itoa(len(p.With))+"件 zip"); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "application/zip")
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="shuryosho-`+p.Class.HeldOn+`.zip"`)
	secret(c)
	return c.Send(b.Bytes())
}

func put(z *zip.Writer, name string, write func(io.Writer) error) error {
	w, err := z.Create(name)
	if err != nil {
		return err
	}
	return write(w)
}

// attendedPDF are the 参加証 of those who were there and have not finished.
func (s *site) attendedPDF(c *fiber.Ctx) error {
	p, err := s.roomPage(c)
	if err != nil {
		return err
	}
	a := attended{
		Course: p.title, Day: jpDay(p.Class.HeldOn), Hall: p.Class.Hall, Host: p.Class.HostName,
		Link: withoutScheme(s.address(c)), Demo: s.Demo,
	}
	d := paper.New(paper.Info{Title: "参加証　" + p.title + "　" + p.When, Created: s.Now()})
	n := 0
	for _, l := range p.Without {
		if l.Attendance == classes.Present && !l.Outcome.Finished() && l.Outcome != classes.Gone {
			a.Name, a.Kana = strings.Replace(l.Name, " ", "　", 1), strings.Replace(l.Kana, " ", "　", 1)
			a.draw(d.Page(a4Width, a4Height))
			n++
		}
	}
	if n == 0 {
		return errNobody
	}
	file, err := d.PDF()
	if err != nil {
		return err
	}
	return sendPDF(c, "sankasho-"+p.Class.HeldOn+".pdf", file)
}

func withoutScheme(address string) string {
	_, rest, found := strings.Cut(address, "://")
	if !found {
		return address
	}
	return rest
}
