package views

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/text/unicode/norm"

	"tsunagari/courses"
	"tsunagari/courses/accounts"
	"tsunagari/courses/classes"
	"tsunagari/courses/questions"
)

type classReportPage struct {
	Page
	Class     classes.Class
	Course    template.HTML
	When      string
	Town      string
	In        classes.Report
	Audiences []Choice
	Bands     []bandField
	Present   int
	Finished  int
	Notes     []string // what does not add up
	course    string   // plain, with its edition
}

// bandField is the field for one age band.
type bandField struct {
	Name, Label string
	Value       int
}

// classReport is the form of the 実施報告書, filled in beforehand as far as the
// class knows.
func (s *site) classReport(c *fiber.Ctx) error {
	p, err := s.reportPage(c)
	if err != nil {
		return err
	}
	return s.show(c, "class-report", p)
}

func (s *site) reportPage(c *fiber.Ctx) (*classReportPage, error) {
	ctx, access := c.UserContext(), who(c).Access
	roster, err := s.Classes.Roster(ctx, access, c.Params("id"))
	if err != nil {
		return nil, err
	}
	r, err := s.Classes.Report(ctx, access, roster.Class.ID)
	if err != nil {
		return nil, err
	}
	rev, err := s.Classes.Revision(ctx, roster.Class)
	if err != nil {
		return nil, err
	}
	p := &classReportPage{Page: s.page(c, "実施報告書"), Class: *roster.Class, When: classWhen(*roster.Class), In: *r}
	p.Path = "/trainer/classes/" + p.Class.ID + "/report"
	p.Crumbs = p.classCrumbs(&p.Class)
	p.Course, p.Town = p.inline(rev.Title), accounts.PlaceName(p.Class.Host, "")
	p.course = fmt.Sprintf("%s　第%d版", courses.Plain(rev.Title.In(questions.JA)), rev.Number)
	tally := roster.Tally()
	p.Present, p.Finished = tally.Present, tally.Finished
	for _, a := range classes.Audiences {
		p.Audiences = append(p.Audiences, Choice{Value: a, Label: classes.AudienceLabel(a)})
	}
	if p.In.Version == 0 {
		p.In.ReportedOn = s.Now().In(japan).Format(time.DateOnly)
		p.In.Materials, p.In.Cards = p.course, p.Finished
	}
	p.tell()
	return p, nil
}

// tell puts the head counts into the form's fields, and says what does not add up.
func (p *classReportPage) tell() {
	p.Bands, p.Notes = nil, nil
	t := p.In.Tallies
	aged := 0
	for _, band := range classes.ReportBands {
		p.Bands = append(p.Bands, bandField{"age" + band, classes.BandLabel(band), t.Ages[band]})
		aged += t.Ages[band]
	}
	if sexes := t.Men + t.Women + t.Others; sexes != p.Present {
		p.Notes = append(p.Notes, fmt.Sprintf("男女別の合計は%d人、名簿の出席は%d人です。", sexes, p.Present))
	}
	if aged != p.Present {
		p.Notes = append(p.Notes, fmt.Sprintf("年代別の合計は%d人、名簿の出席は%d人です。", aged, p.Present))
	}
}

// saveReport keeps what was written.
func (s *site) saveReport(c *fiber.Ctx) error {
	p, err := s.reportPage(c)
	if err != nil {
		return err
	}
	var in classes.Report
	if err := parse(c, &in); err != nil {
		return err
	}
	in.Tallies = classes.Counts{
		Men: headCount(c, "men"), Women: headCount(c, "women"), Others: headCount(c, "others"), Ages: map[string]int{},
	}
	for _, b := range p.Bands {
		if n := headCount(c, b.Name); n != 0 {
			in.Tallies.Ages[strings.TrimPrefix(b.Name, "age")] = n
		}
	}
	if err := s.Classes.SaveReport(c.UserContext(), p.Who.Access, p.Class.ID, in); err != nil {
		p.In = in
		p.tell()
		return s.again(c, err, "class-report", p)
	}
	return s.done(c, p.Path, flashReport)
}

// headCount is a number of people as typed, 0 for none, -1 for what is no number.
func headCount(c *fiber.Ctx, name string) int {
	typed := strings.TrimSpace(norm.NFKC.String(c.FormValue(name)))
	if typed == "" {
		return 0
	}
	n, err := strconv.Atoi(typed)
	if err != nil {
		return -1
	}
	return n
}

// fields are what the report says, label by label, in the order of the form; the
// head counts apart.
func (p *classReportPage) fields() [][2]string {
	return [][2]string{
		{"自治体名・事務局名", p.In.Office},
		{"報告日", jpDay(p.In.ReportedOn)},
		{"講座", p.course},
		{"開催日", jpDay(p.Class.HeldOn) + weekdayOf(p.Class.HeldOn)},
		{"開始から終了", spokenTime(p.Class.StartsAt) + "から" + spokenTime(p.Class.EndsAt)},
		{"会場名", p.Class.Hall},
		{"会場の所在市町村", p.Town},
		{"主催", p.Class.HostName},
		{"共催", p.In.Cohost},
		{"受講者区分", classes.AudienceLabel(p.In.Audience)},
		{"団体名", p.In.GroupName},
		{"講師氏名", p.In.Trainers},
		{"使用教材", p.In.Materials},
		{"配布したカード枚数", strconv.Itoa(p.In.Cards)},
	}
}

// counts are the head counts of the report: of all, by sex, by age.
func (p *classReportPage) counts() [][2]string {
	t := p.In.Tallies
	rows := [][2]string{
		{"受講者数　計", strconv.Itoa(p.Present)},
		{"うち修了者数", strconv.Itoa(p.Finished)},
		{"男", strconv.Itoa(t.Men)},
		{"女", strconv.Itoa(t.Women)},
		{"答えない・不明", strconv.Itoa(t.Others)},
	}
	for _, band := range classes.ReportBands {
		label := classes.BandLabel(band)
		if band == "" {
			label = "年代" + label
		}
		rows = append(rows, [2]string{label, strconv.Itoa(t.Ages[band])})
	}
	return rows
}
