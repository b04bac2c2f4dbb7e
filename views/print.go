package views

import (
	"archive/zip"
	"bytes"
	"fmt"
	"html/template"
	"io"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tsunagari/certificates/paper"
	"tsunagari/courses"
	"tsunagari/courses/accounts"
	"tsunagari/courses/classes"
	"tsunagari/courses/questions"
	"tsunagari/storage"
)

// press is a class with everything that its papers say.
type press struct {
	Class    classes.Class
	Roster   *classes.Roster
	Rev      *courses.Revision
	Pack     *courses.Pack
	Course   string // title, plain
	When     string // 令和8年11月26日（木）13時30分から15時30分
	Town     string
	Operator Operator
	Join     string // address to join, "" without a code
	Demo     bool
	Pictures map[string][]byte // of the pack by SHA-256
}

// classPaper is a paper of a class.
type classPaper struct {
	Key  string // of the file's name and the address
	Name string
	For  string              // what it is for
	Many func(*press) string // how many to print
	Has  func(*press) bool   // nil for always
	draw func(*press, *paper.Document)
}

func perSeat(p *press) string {
	return fmt.Sprintf("%d部（定員%d人と、予備5部）", p.Class.Seats+5, p.Class.Seats)
}

func forTrainers(p *press) string {
	return fmt.Sprintf("%d部（講師の人数）", 1+len(p.Class.Helpers))
}

// sheets are the papers of a class, in the order in which they are needed.
var sheets = []classPaper{
	{"poster", "ポスター", "役場や店、集まりの場に貼ります。参加番号のQRコードがついています。", many("貼るところの数"), nil, (*press).poster},
	{"application", "申込書", "FAXでも、窓口でも使えます。", many("ポスターといっしょに置く数"), nil, (*press).application},
	{"roster", "出席名簿", "出口で丸をつけます。申し込みのない方のための、空いた行もあります。", many("2部（受付と控え）"), nil, (*press).roster},
	{"timetable", "進行表", "時刻と、進める人、スライドの番号です。", forTrainers, nil, (*press).timetable},
	{"notes", "話す言葉", "スライドごとに、講師が話す言葉です。そのまま読めます。", forTrainers, nil, (*press).notes},
	{"handout", "配る資料", "参加する方が、持ち帰ります。ふりがなつきです。", perSeat, nil, (*press).handout},
	{"handout-easy", "配る資料（やさしい日本語）", "希望する方に渡します。", many("希望する方の数"), (*press).hasEasyHandout, (*press).easyHandout},
	{"reflection", "ふり返りシート", "終わりに書いて、箱に入れてもらいます。", perSeat, nil, (*press).reflection},
	{"reflection-easy", "ふり返りシート（やさしい日本語）", "希望する方に渡します。", many("希望する方の数"), (*press).hasEasyReflection, (*press).easyReflection},
	{"closing", "まとめの確認", "番号に丸をつけて答えます。あとで、そのまま打ちこめます。", perSeat, (*press).hasClosing, (*press).closing},
	{"key", "まとめの確認の答え", "答えと、そのわけです。講師だけが持ちます。", forTrainers, (*press).hasClosing, (*press).key},
	{"checklist", "チェックリスト", "2週間前から、終わったあとまで、することの一覧です。", many("1部"), nil, (*press).checklist},
}

func many(words string) func(*press) string { return func(*press) string { return words } }

// papersOf are the papers that this class has.
func (p *press) papersOf() []classPaper {
	var list []classPaper
	for _, s := range sheets {
		if s.Has == nil || s.Has(p) {
			list = append(list, s)
		}
	}
	return list
}

func (p *press) hasEasyHandout() bool { return p.Pack.HasEasyHandout() }

func (p *press) hasEasyReflection() bool { return p.Pack.Reflection.Title[questions.Easy] != "" }

func (p *press) hasClosing() bool { return len(p.Pack.Paper.Questions) > 0 }

// press gathers what the papers of a class say.
func (s *site) press(c *fiber.Ctx) (*press, error) {
	ctx := c.UserContext()
	roster, err := s.Classes.Roster(ctx, who(c).Access, c.Params("id"))
	if err != nil {
		return nil, err
	}
	rev, err := s.Classes.Revision(ctx, roster.Class)
	if err != nil {
		return nil, err
	}
	p := &press{
		Class: *roster.Class, Roster: roster, Rev: rev, Pack: rev.Class, Course: courses.Plain(rev.Title.In(questions.JA)),
		Town: accounts.PlaceName(roster.Class.Host, ""), Operator: s.operator(ctx), Demo: s.Demo,
	}
	p.When = jpDay(p.Class.HeldOn) + weekdayOf(p.Class.HeldOn) + spokenTime(p.Class.StartsAt) + "から" + spokenTime(p.Class.EndsAt)
	if p.Class.Code != "" {
		p.Join = s.address(c) + "/j/" + p.Class.Code
	}
	return p, nil
}

type printPage struct {
	Page
	Class  classes.Class
	Course template.HTML
	When   string
	Sheets []printLine
}

type printLine struct {
	classPaper
	How string
}

// print lists the papers of a class.
func (s *site) print(c *fiber.Ctx) error {
	of, err := s.press(c)
	if err != nil {
		return err
	}
	p := &printPage{Page: s.page(c, "印刷する"), Class: of.Class, When: classWhen(of.Class)}
	p.Path = "/trainer/classes/" + p.Class.ID + "/print"
	p.Crumbs = p.classCrumbs(&p.Class)
	p.Course = p.inline(of.Rev.Title)
	for _, sheet := range of.papersOf() {
		p.Sheets = append(p.Sheets, printLine{sheet, sheet.Many(of)})
	}
	return s.show(c, "print", p)
}

// printPDF is one paper of a class, or all of them one after another.
func (s *site) printPDF(c *fiber.Ctx) error {
	p, err := s.press(c)
	if err != nil {
		return err
	}
	var list []classPaper
	for _, sheet := range p.papersOf() {
		if key := c.Params("sheet"); key == sheet.Key || key == "all" {
			list = append(list, sheet)
		}
	}
	if len(list) == 0 {
		return storage.ErrNotFound
	}
	if p.Pictures, err = s.Courses.PackPictures(c.UserContext(), p.Pack); err != nil {
		return err
	}
	file, err := p.pdf(list)
	if err != nil {
		return err
	}
	return sendPDF(c, c.Params("sheet")+"-"+p.Class.HeldOn+".pdf", file)
}

func (p *press) pdf(list []classPaper) ([]byte, error) {
	title := "印刷するもの"
	if len(list) == 1 {
		title = list[0].Name
	}
	d := paper.New(paper.Info{Title: legible(title + "　" + p.Course), Author: legible(p.Class.HostName), Subject: p.When})
	for _, s := range list {
		s.draw(p, d)
	}
	return d.PDF()
}

// printZip is every paper in a file of its own, numbered in order.
func (s *site) printZip(c *fiber.Ctx) error {
	p, err := s.press(c)
	if err != nil {
		return err
	}
	if p.Pictures, err = s.Courses.PackPictures(c.UserContext(), p.Pack); err != nil {
		return err
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i, one := range p.papersOf() {
		file, err := p.pdf([]classPaper{one})
		if err == nil {
			err = put(z, fmt.Sprintf("%02d-%s.pdf", i+1, one.Key), func(w io.Writer) error { _, err := w.Write(file); return err })
		}
		if err != nil {
			return err
		}
	}
	if err := z.Close(); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "application/zip")
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="insatsu-`+p.Class.HeldOn+`.zip"`)
	return c.Send(b.Bytes())
}

// weekdayOf is （木）.
func weekdayOf(day string) string {
	_, rest, _ := strings.Cut(classDay(day), "（")
	if rest == "" {
		return ""
	}
	return "（" + rest
}

// spokenTime is 13時30分 for 13:30, and 13時 for 13:00.
func spokenTime(clock string) string {
	hour, minute, _ := strings.Cut(clock, ":")
	hour = strings.TrimPrefix(hour, "0")
	if minute == "00" {
		return hour + "時"
	}
	return hour + "時" + minute + "分"
}
