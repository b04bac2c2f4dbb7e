package counts

import (
	"fmt"
	"slices"
	"strconv"

	"tsunagari/certificates/paper"
	"tsunagari/courses"
)

// quoted are the definitions that stand below a printed table.
var quoted = []string{DefPeople, DefOnce, DefDay, DefResidence, DefHost, DefStatus, DefSeparate, DefNone}

// said is what every file says above its table.
func (r *Report) said() []string {
	made := r.Made.In(courses.Japan)
	return []string{
		r.Name + "　" + dateLabel(r.AsOf) + "現在　" + r.Status() + r.closedOn(),
		"単位：人　" + ResidenceNote + "　作成　" + paper.Wareki(made) + made.Format(" 15時04分"),
	}
}

func (r *Report) closedOn() string {
	if r.Closed == nil {
		return "（しめ切り前。変わることがあります）"
	}
	return "（" + paper.Wareki(r.Closed.ClosedAt.In(courses.Japan)) + "にしめ切り）"
}

// Sentence is the number as it is said aloud: 令和8年11月23日現在、累計7人、今年度4人.
func (r *Report) Sentence() string {
	return fmt.Sprintf("%s現在、累計%s人、今年度%s人", dateLabel(r.AsOf), comma(r.Total), comma(r.Year))
}

// Unused says whether nobody in the area uses the system: 「…」, not 0.
func (r *Report) Unused() bool {
	return !slices.ContainsFunc(r.Lines, func(l Line) bool { return l.Using })
}

// Corrected are the corrections since the closing in words, one line each.
func (r *Report) Corrected() (list []string) {
	for _, one := range r.Corrections {
		i := slices.IndexFunc(r.Lines, func(l Line) bool { return l.Area == one.Area })
		if i >= 0 {
			list = append(list, fmt.Sprintf("訂正　%s　%s　%s分　%+d人（%s）", dateLabel(one.Day), r.Lines[i].Name, one.Month.Label(), one.People, one.Reason()))
		}
	}
	return list
}

func comma(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// notes are what every printed table says below it.
func (r *Report) notes() (list []string) {
	list = append(list, r.Corrected()...)
	list = append(list, "数え方（第"+strconv.Itoa(r.Definition())+"版）")
	for _, key := range quoted {
		d := Define(key)
		list = append(list, "・"+d.Title+"　"+d.Text)
	}
	return list
}

// Print is the table to be printed (集計表): of several municipalities a row each, of
// one the months of the 年度.
func (r *Report) Print() *Sheet {
	s := &Sheet{Name: "集計表", Title: Title + "　" + r.Month.Label(), Said: r.said(), Notes: r.notes()}
	if r.Code != "" {
		r.byMonth(s)
	} else {
		r.byTown(s)
	}
	return s
}

func (r *Report) byMonth(s *Sheet) {
	s.Columns = []Column{{"month", "月", 20}, {"people", "修了者数（人）", 20}, {"year", "年度の累計（人）", 20}, {"total", "はじめからの累計（人）", 24}, {"host", "主催した教室の修了者数（人）", 30}}
	if r.Unused() {
		mark := Text(NotUsed)
		if r.Lines[0].Separate.Total > 0 {
			mark = Text(SeparateMark)
		}
		for _, m := range r.Months {
			s.Rows = append(s.Rows, []Value{Text(m.Month.Label()), mark, mark, mark, mark})
		}
		return
	}
	host := 0
	for _, m := range r.Months {
		s.Rows = append(s.Rows, []Value{Text(m.Month.Label()), Number(m.People), Number(m.Year), Number(m.Total), Number(m.Host)})
		host += m.Host
	}
	s.Total = []Value{Text("合計"), Number(r.Year), Number(r.Year), Number(r.Total), Number(host)}
	if apart := r.Lines[0].Separate; apart.Total > 0 {
		s.Notes = append([]string{fmt.Sprintf("別途報告　累計%s人、今年度%s人（上の数には入っていません。%s）", comma(apart.Total), comma(apart.Year), SeparateNote)}, s.Notes...)
	}
}

func (r *Report) byTown(s *Sheet) {
	s.Columns = []Column{
		{"code", "全国地方公共\n団体コード", 14},
		{"town", "市町村", 16},
		{"month", r.Month.Label() + "\n（人）", 14},
		{"year", "今年度（人）", 14},
		{"total", "累計（人）", 14},
		{"host", "主催した教室の\n累計（人）", 16},
		{"classes", "今年度の\n開催回数（回）", 16},
		{"share", "人口比（％）", 14},
		{"separate", "別途報告\n（人）", 14},
	}
	var sum, host, apart Figures
	held := 0
	for _, l := range r.Lines {
		s.Rows = append(s.Rows, l.printed())
		sum, host, apart = sum.plus(l.Residence), host.plus(l.Host), apart.plus(l.Separate)
		held += l.ClassesYear
	}
	for _, l := range r.Elsewhere {
		s.Rows = append(s.Rows, []Value{{}, Text(l.Name), Number(l.Residence.Month), Number(l.Residence.Year), Number(l.Residence.Total), {}, {}, {}, {}})
	}
	s.Total = []Value{Text("合計（市町村）"), {}, Number(sum.Month), Number(sum.Year), Number(sum.Total), Number(host.Total), Number(held), {}, Number(apart.Total)}
	s.Notes = append([]string{
		fmt.Sprintf("全%d市町村のうち、%d市町村で実施、%d市町村で利用　別途報告は合計に入っていません（%s）", r.Towns, r.Holding, r.Using, SeparateNote),
		"「…」は未利用で、0人という意味ではありません。「（別途）」は、別途報告だけがあることです。",
	}, s.Notes...)
}

func (f Figures) plus(g Figures) Figures {
	return Figures{f.Month + g.Month, f.Year + g.Year, f.Total + g.Total}
}

func (l *Line) printed() []Value {
	row := []Value{Text(l.Area), Text(l.Name)}
	if !l.Using {
		mark := Text(NotUsed)
		if l.Separate.Total > 0 {
			mark = Text(SeparateMark)
		}
		return append(row, mark, mark, mark, mark, mark, mark, l.apart())
	}
	return append(row, Number(l.Residence.Month), Number(l.Residence.Year), Number(l.Residence.Total), Number(l.Host.Total), Number(l.ClassesYear), l.share(), l.apart())
}

// apart is empty where nothing was reported apart.
func (l *Line) apart() Value {
	if l.Separate.Total == 0 {
		return Value{}
	}
	return Number(l.Separate.Total)
}

func (l *Line) share() Value {
	if l.Population == nil {
		return Value{}
	}
	return Percent(l.Residence.Total, l.Population.People)
}

var dataColumns = []Column{
	{"fiscal_year", "年度（西暦）", 10},
	{"month", "年月", 10},
	{"as_of", "基準日", 12},
	{"kind", "区分", 24},
	{"bureau", "振興局名", 20},
	{"code", "全国地方公共団体コード", 12},
	{"prefecture", "都道府県名", 10},
	{"municipality", "市区町村名", 14},
	{"course_code", "講座コード", 14},
	{"course", "講座名", 30},
	{"people_month", "人数（当月・人）", 12},
	{"people_year", "人数（当年度・人）", 12},
	{"people_total", "人数（累計・人）", 12},
	{"classes_year", "開催回数（当年度・回）", 12},
	{"classes_total", "開催回数（累計・回）", 12},
	{"population", "人口（人）", 12},
	{"population_on", "人口基準日", 12},
	{"population_source", "人口の出典", 20},
	{"share", "人口比（％）", 10},
	{"use", "利用状況", 10},
	{"status", "速報値・確定値", 12},
	{"definitions", "数え方の版", 10},
	{"note", "備考", 40},
}

// The kinds of rows of Data.
const (
	KindResidence = "修了者数（居住地別）"
	KindHost      = "修了者数（主催市町村別）"
	KindSeparate  = "別途報告"
)

// Data is the table to compute with: one number a cell, units in the head, 西暦,
// codes as text, nothing left out and nothing merged. A figure that there is not
// (未利用) is empty, and 利用状況 says so.
func (r *Report) Data() *Sheet {
	s := &Sheet{Name: "データ", Title: Title + "　" + r.Name + "　" + r.Month.Label(), Said: r.said(), Columns: dataColumns, Notes: r.notes()}
	for i := range r.Lines {
		l := &r.Lines[i]
		s.Rows = append(s.Rows, r.row(l, KindResidence, Course{Title: "（実人数）"}, l.Residence))
		for _, course := range r.courses {
			if f, finished := l.Courses[course.ID]; finished {
				s.Rows = append(s.Rows, r.row(l, KindResidence, course, f))
			}
		}
		s.Rows = append(s.Rows, r.row(l, KindHost, Course{Title: "（実人数）"}, l.Host))
		if l.Separate.Total > 0 {
			s.Rows = append(s.Rows, r.row(l, KindSeparate, Course{}, l.Separate))
		}
	}
	for i := range r.Elsewhere {
		l := &r.Elsewhere[i]
		l.Using = true
		s.Rows = append(s.Rows, r.row(l, KindResidence, Course{Title: "（実人数）"}, l.Residence))
	}
	return s
}

func (r *Report) row(l *Line, kind string, course Course, f Figures) []Value {
	row := []Value{
		Text(strconv.Itoa(r.Month.FiscalYear())), Text(string(r.Month)), Text(r.AsOf), Text(kind), Text(l.Bureau), Text(l.Area), Text(l.Prefecture), Text(l.Name),
		Text(course.ID), Text(course.Title),
		{},
		{},
		{},
		{},
		{},
		{},
		{},
		{},
		{},
		Text("未利用"), Text(r.Status()), Number(r.Definition()), Text(noteOf(kind)),
	}
	if l.Using || kind == KindSeparate {
		row[10], row[11], row[12] = Number(f.Month), Number(f.Year), Number(f.Total)
	}
	if l.Using {
		row[19] = Text("利用")
	}
	if l.Using && kind == KindHost {
		row[13], row[14] = Number(l.ClassesYear), Number(l.Classes)
	}
	if d := l.Population; d != nil && kind == KindResidence && course.ID == "" {
		row[15], row[16], row[17] = Number(d.People), Text(d.CountedOn), Text(d.Source)
		if l.Using {
			row[18] = l.share()
		}
	}
	if kind == KindSeparate {
		row[20] = Value{}
	}
	return row
}

func noteOf(kind string) string {
	switch kind {
	case KindResidence:
		return ResidenceNote
	case KindSeparate:
		return "修了者数にはたしません。" + SeparateNote
	}
	return ""
}

// Words is the definitions as a table of their own.
func (r *Report) Words() *Sheet {
	s := &Sheet{Name: "数え方", Columns: []Column{{"edition", "版", 6}, {"key", "キー", 14}, {"title", "ことば", 34}, {"text", "意味", 120}}}
	for _, d := range Definitions() {
		s.Rows = append(s.Rows, []Value{Number(Edition), Text(d.Key), Text(d.Title), Text(d.Text)})
	}
	return s
}

// Changes are the corrections since the closing as a table of their own, nil for none.
func (r *Report) Changes() *Sheet {
	s := &Sheet{Name: "訂正", Columns: []Column{{"noted", "訂正した日", 12}, {"code", "全国地方公共団体コード", 12}, {"month", "年月", 10}, {"people", "人数の増減（人）", 14}, {"reason", "理由", 30}}}
	for _, one := range r.Corrections {
		s.Rows = append(s.Rows, []Value{Text(one.Day), Text(one.Area), Text(string(one.Month)), Number(one.People), Text(one.Reason())})
	}
	if len(s.Rows) == 0 {
		return nil
	}
	return s
}
