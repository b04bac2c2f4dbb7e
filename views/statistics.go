package views

import (
	"context"
	"html/template"
	"slices"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"tsunagari/courses/accounts"
	"tsunagari/courses/counts"
)

type statisticsPage struct {
	Page
	AsOf       string
	FiscalYear string
	Towns      []publicTown
	Total      twoFigures // of the towns above, not of the area
	Bars       template.HTML
	Months     []monthRow
	Note       string
}

// publicTown is one municipality that shows its figures to everybody: only totals
// that are never hidden.
type publicTown struct {
	Municipality accounts.Municipality
	twoFigures   // by residence
	Host         twoFigures
	Denominator  *accounts.Denominator
	Percent      string
}

// statistics are the figures of the municipalities whose own post has opened them,
// for everybody.
func (s *site) statistics(c *fiber.Ctx) error {
	p := &statisticsPage{Page: s.page(c, "つながりサポーター 修了者数"), Note: counts.ResidenceNote}
	if err := s.publicFigures(c.UserContext(), p); err != nil {
		return err
	}
	return s.show(c, "statistics", p)
}

func (s *site) publicFigures(ctx context.Context, p *statisticsPage) error {
	open, err := s.Accounts.Shown(ctx)
	if err != nil {
		return err
	}
	p.AsOf = s.Now().In(japan).Format(time.DateOnly)
	this := counts.MonthOf(s.Now())
	p.FiscalYear = counts.FiscalLabel(this.FiscalYear())
	var codes []string
	for _, o := range open {
		if m, known := accounts.ByCode(o.Municipality); known {
			codes = append(codes, o.Municipality)
			p.Towns = append(p.Towns, publicTown{Municipality: m})
		}
	}
	if len(codes) == 0 {
		return nil
	}
	if err := s.publicPeople(ctx, p, codes, this); err != nil {
		return err
	}
	return s.publicShares(ctx, p, codes)
}

// publicPeople counts the towns of p by residence and by host.
func (s *site) publicPeople(ctx context.Context, p *statisticsPage, codes []string, this counts.Month) error {
	scope := counts.ScopeOfCodes(codes)
	lived, err := s.Counts.Rows(ctx, scope, counts.Filter{Until: this})
	if err != nil {
		return err
	}
	held, err := s.Counts.Rows(ctx, scope, counts.Filter{Geo: counts.Host, Until: this})
	if err != nil {
		return err
	}
	f := figures{FiscalYear: p.FiscalYear}
	for _, r := range lived {
		p.town(r.Area).add(r, this)
		p.Total.add(r, this)
	}
	for _, r := range held {
		p.town(r.Area).Host.add(r, this)
	}
	f.Total, f.Year = p.Total.Total, p.Total.Year
	f.months(lived, this)
	p.Bars, p.Months = f.Bars, f.Months
	return nil
}

func (p *statisticsPage) town(code string) *publicTown {
	i := slices.IndexFunc(p.Towns, func(t publicTown) bool { return t.Municipality.Code == code })
	return &p.Towns[i]
}

func (s *site) publicShares(ctx context.Context, p *statisticsPage, codes []string) error {
	people, err := s.Accounts.LatestDenominators(ctx, codes, p.AsOf)
	for code, d := range people {
		t := p.town(code)
		t.Denominator, t.Percent = &d, percentOf(t.Total, d.People)
	}
	return err
}

// statisticsCSV is the same as open data: one line a municipality, codes as text,
// 西暦 dates.
func (s *site) statisticsCSV(c *fiber.Ctx) error {
	p := &statisticsPage{}
	if err := s.publicFigures(c.UserContext(), p); err != nil {
		return err
	}
	year := strconv.Itoa(counts.MonthOf(s.Now()).FiscalYear())
	rows := [][]string{{
		"年度", "基準日", "振興局名", "全国地方公共団体コード", "都道府県名", "市区町村名", "修了者数（当年度）", "修了者数（累計）",
		"主催教室の修了者数（当年度）", "主催教室の修了者数（累計）", "人口", "人口基準日", "人口の出典", "人口比（％）", "速報値・確定値", "備考",
	}}
	for _, t := range p.Towns {
		row := []string{
			year, p.AsOf, t.Municipality.Bureau, t.Municipality.Code, t.Municipality.Prefecture, t.Municipality.Name,
			strconv.Itoa(t.Year), strconv.Itoa(t.Total), strconv.Itoa(t.Host.Year), strconv.Itoa(t.Host.Total), "", "", "", "", "速報値", counts.ResidenceNote,
		}
		if d := t.Denominator; d != nil {
			row[10], row[11], row[12], row[13] = strconv.Itoa(d.People), d.CountedOn, d.Source, t.Percent
		}
		rows = append(rows, row)
	}
	return sendCSV(c, "tsunagari_statistics_"+s.Now().In(japan).Format("20060102")+".csv", rows)
}
