package views

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tsunagari/courses"
	"tsunagari/courses/accounts"
	"tsunagari/courses/classes"
	"tsunagari/courses/questions"
	"tsunagari/quiz"
	"tsunagari/storage"
)

type entryPage struct {
	Page
	Class      classes.Class
	In         classes.Entry
	Known      classes.Known
	Residences []Choice
	AgeBands   []Choice
	Begun      bool
	Last       *seatView // who was typed in just now
	Count      int
}

// people is the form for somebody without a phone, made to be filled in again and
// again.
func (s *site) people(c *fiber.Ctx) error {
	p, err := s.entryPage(c)
	if err != nil {
		return err
	}
	p.In.Present = p.Begun
	p.Known.Present = p.Begun
	if p.In.Residence = p.Class.Host; p.Last != nil && p.Last.Municipality != "" {
		p.In.Residence = p.Last.Municipality
	}
	return s.show(c, "class-people", p)
}

func (s *site) entryPage(c *fiber.Ctx) (*entryPage, error) {
	roster, err := s.rosterPage(c, s.page(c, "代行入力"))
	if err != nil {
		return nil, err
	}
	p := &entryPage{Page: roster.Page, Class: roster.Class, Begun: roster.Begun, Count: len(roster.Rows)}
	p.Path = "/trainer/classes/" + p.Class.ID + "/people"
	p.Crumbs = p.classCrumbs(&p.Class)
	p.Residences = residences(p.Operator)
	p.AgeBands = []Choice{{Label: "わからない"}}
	for _, b := range accounts.AgeBands {
		p.AgeBands = append(p.AgeBands, Choice{Value: string(b), Label: b.Label()})
	}
	for i, v := range roster.Rows {
		if v.ID == c.Query("last") {
			p.Last = &roster.Rows[i]
		}
	}
	return p, nil
}

// addPerson types one person in and leads to the empty form again.
func (s *site) addPerson(c *fiber.Ctx) error {
	var in classes.Entry
	if err := parse(c, &in); err != nil {
		return err
	}
	id, err := s.Classes.Enter(c.UserContext(), who(c).Access, c.Params("id"), in)
	if err != nil {
		p, pageErr := s.entryPage(c)
		if pageErr != nil {
			return pageErr
		}
		p.In = in
		return s.again(c, err, "class-people", p)
	}
	return s.done(c, "/trainer/classes/"+c.Params("id")+"/people?last="+id, flashEntered)
}

// addKnown gives a seat to somebody who has a 受講カード with them.
func (s *site) addKnown(c *fiber.Ctx) error {
	var in classes.Known
	if err := parse(c, &in); err != nil {
		return err
	}
	id, err := s.Classes.Seat(c.UserContext(), who(c).Access, c.Params("id"), in, c.IP())
	if err != nil {
		p, pageErr := s.entryPage(c)
		if pageErr != nil {
			return pageErr
		}
		p.Known = in
		return s.again(c, err, "class-people", p)
	}
	return s.done(c, "/trainer/classes/"+c.Params("id")+"/people?last="+id, flashEntered)
}

type papersPage struct {
	Page
	Class   classes.Class
	Asked   []paperQuestion
	Rows    []paperRow
	Edition int
	Begun   bool
	names   map[string]string // of who typed
}

// paperQuestion is a column of the form, as the sheet has it.
type paperQuestion struct {
	Number  int
	Text    string
	Choices []string // what the numbers stand for
	Hint    string   // what may be typed
	Max     int      // characters
	Words   bool     // what was written, not a number
}

// paperRow is one person's line.
type paperRow struct {
	seatView
	Answers   []paperCell
	Result    string // of the newest paper
	Operation string
	Next      bool // the line that is typed next
}

type paperCell struct {
	Name, ID, Label, Value string
	Max                    int
	Words                  bool
}

// papers is the form for まとめの確認 on paper: one person a line, number keys only.
func (s *site) papers(c *fiber.Ctx) error {
	p, err := s.papersPage(c)
	if err != nil {
		return err
	}
	return s.show(c, "class-papers", p)
}

func (s *site) papersPage(c *fiber.Ctx) (*papersPage, error) {
	roster, err := s.rosterPage(c, s.page(c, "まとめの確認を打ちこむ"))
	if err != nil {
		return nil, err
	}
	p := &papersPage{Page: roster.Page, Class: roster.Class, Begun: roster.Begun}
	p.Path = "/trainer/classes/" + p.Class.ID + "/papers"
	p.Crumbs = p.classCrumbs(&p.Class)
	rev, err := s.Classes.Revision(c.UserContext(), &p.Class)
	if err != nil {
		return nil, err
	}
	p.Edition, p.Scripts = rev.Number, []string{"papers.js"}
	for _, a := range quiz.Paper(rev) {
		p.Asked = append(p.Asked, paperColumn(a))
	}
	var ids []string
	for _, v := range roster.Rows {
		if v.AccountID != nil {
			ids = append(ids, *v.AccountID)
		}
	}
	done, err := s.Quizzes.PapersOf(c.UserContext(), rev, ids)
	if err != nil {
		return nil, err
	}
	var typists []string
	for _, paper := range done {
		typists = append(typists, paper.By)
	}
	if p.names, err = s.namesOf(c.UserContext(), typists...); err != nil {
		return nil, err
	}
	for _, v := range roster.Rows {
		if v.AccountID == nil || v.Attendance == classes.Absent {
			continue
		}
		row := p.row(v, done[*v.AccountID])
		row.Next = v.ID == c.Query("next")
		p.Rows = append(p.Rows, row)
	}
	return p, nil
}

func (p *papersPage) row(v seatView, done quiz.TypedPaper) paperRow {
	row := paperRow{seatView: v, Operation: p.Operation}
	if done.Of > 0 {
		row.Result = fmt.Sprintf("%d問のうち%d問がわかりました", done.Of, done.Understood)
		if by := p.names[done.By]; by != "" {
			row.Result += "（" + by + "が入力）"
		}
	}
	for _, q := range p.Asked {
		n := strconv.Itoa(q.Number)
		row.Answers = append(row.Answers, paperCell{
			Name: "a" + n, ID: "a" + n + "-" + v.ID, Label: v.Name + " 問" + n, Max: q.Max, Words: q.Words,
		})
	}
	return row
}

func paperColumn(a quiz.Asked) paperQuestion {
	q := paperQuestion{Number: a.Number, Text: courses.Plain(a.Text.In("ja")), Max: 1, Hint: fmt.Sprintf("1から%d", max(len(a.Options), len(a.Places)))}
	for _, o := range append(a.Options, a.Places...) {
		q.Choices = append(q.Choices, courses.Plain(o.In("ja")))
	}
	switch {
	case len(a.Lines) > 0 && len(a.Places) == 0:
		q.Max, q.Hint = len(a.Lines), fmt.Sprintf("上から順に、1から%dの順番を%d個", len(a.Lines), len(a.Lines))
	case len(a.Lines) > 0:
		q.Max, q.Hint = len(a.Lines), fmt.Sprintf("上から順に、1から%dを%d個", len(a.Places), len(a.Lines))
	case a.Type == questions.Multiple:
		q.Max, q.Hint = len(a.Options), q.Hint+"を、いくつでも"
	case len(a.Options) == 0:
		q.Max, q.Hint, q.Words = 40, "書いてあるとおりに", true
	}
	return q
}

// typePaper keeps one person's line.
func (s *site) typePaper(c *fiber.Ctx) error {
	p, err := s.papersPage(c)
	if err != nil {
		return err
	}
	seat := c.Params("seat")
	at := slices.IndexFunc(p.Rows, func(row paperRow) bool { return row.ID == seat })
	if at < 0 {
		return storage.ErrNotFound
	}
	var answers []string
	for i, q := range p.Asked {
		typed := strings.TrimSpace(c.FormValue("a" + strconv.Itoa(q.Number)))
		answers = append(answers, typed)
		p.Rows[at].Answers[i].Value = typed
	}
	err = s.Classes.TypePaper(c.UserContext(), who(c).Access, p.Class.ID, seat, c.FormValue("operation"), answers)
	if err != nil {
		p.Rows[at].Next = true
		return s.again(c, err, "class-papers", p)
	}
	if at+1 < len(p.Rows) {
		next := p.Rows[at+1].ID
		return s.done(c, p.Path+"?next="+next+"#p"+next, flashPaper)
	}
	return s.done(c, p.Path, flashPaper)
}
