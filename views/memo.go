package views

import (
	"fmt"
	"strconv"
	"time"

	"tsunagari/certificates/paper"
	"tsunagari/courses/accounts"
	"tsunagari/courses/counts"
)

// memoTowns is up to how many municipalities the memo lists one by one.
const memoTowns = 40

// memoQuoted are the definitions on the memo.
var memoQuoted = []string{counts.DefPeople, counts.DefOnce, counts.DefResidence, counts.DefYearBefore, counts.DefStatus}

// memo is the answer to a question in the assembly (答弁用メモ): one number on A4, with
// everything that has to be said with it.
type memo struct {
	*counts.Report
	Operator
	Demo bool
}

// MemoPDF is the report as an A4 答弁用メモ with the operator to ask.
func MemoPDF(r *counts.Report, o accounts.Operator, demo bool) ([]byte, error) {
	return memo{r, Operator{Name: o.Name, Phone: o.Phone, Hours: o.Hours}, demo}.pdf()
}

func (m memo) pdf() ([]byte, error) {
	title := "答弁用メモ　" + counts.Title + "　" + m.Report.Name
	d := paper.New(paper.Info{Title: legible(title), Author: legible(m.Operator.Name), Created: m.Made})
	at := m.Made.In(japan)
	sized(d, m.Demo, m.draw).number(m.Report.Name + "　" + m.Status() + "　作成 " + paper.Wareki(at) + at.Format(" 15時04分"))
	return d.PDF()
}

func (m memo) draw(f *flow) {
	f.title(plainRuns("答弁用メモ　" + counts.Title))
	f.text(m.Report.Name, 1.3, paper.Style{})
	f.y += f.em(0.5)
	m.sentence(f)
	if !m.Unused() {
		m.facts(f)
	}
	m.apart(f)
	m.towns(f)
	f.heading(plainRuns("数え方（第"+strconv.Itoa(m.Definition())+"版）"), 3)
	for _, key := range memoQuoted {
		d := counts.Define(key)
		f.runs(append(strongly(plainRuns(d.Title+"　")), plainRuns(d.Text)...), 0.9, paper.Style{})
	}
	contact := m.Operator.Name
	if m.Phone != "" {
		contact += "　電話 " + m.Phone + "（" + m.Hours + "）"
	}
	f.y += f.em(0.4)
	f.runs(append(strongly(plainRuns("問い合わせ先　")), plainRuns(contact)...), 1, paper.Style{})
}

// sentence is what is read aloud.
func (m memo) sentence(f *flow) {
	f.aside(func(f *flow) {
		f.y += f.em(0.5)
		f.inside(f.em(1), f.em(1), func() {
			if m.Unused() {
				f.runs(strongly(plainRuns(jpDay(m.AsOf)+"現在　…")), 1.5, paper.Style{})
				f.text("このシステムをまだ使っていません（未利用）。0人という意味ではありません。", 1, paper.Style{})
				return
			}
			f.runs(strongly(plainRuns(m.Sentence())), 1.5, paper.Style{})
		})
		f.y += f.em(0.5)
	}, func(p *paper.Page, y, h float64) {
		p.Shape(paper.RoundBox(f.left, y, f.width, h, 2.2), paper.Paint{Fill: &flowTint, Line: &flowEdge, Width: 0.3})
	})
	f.y += f.em(0.5)
	if m.Closed == nil {
		f.text("速報値です。しめ切るまでは、変わることがあります。"+counts.ResidenceNote+"。", 0.95, paper.Style{})
	} else {
		f.text("確定値です（"+jp(&m.Closed.ClosedAt)+"にしめ切り）。"+counts.ResidenceNote+"。", 0.95, paper.Style{})
	}
	for _, line := range m.Corrected() {
		f.text(line, 0.95, paper.Style{})
	}
	f.y += f.em(0.5)
}

func (m memo) facts(f *flow) {
	var host counts.Figures
	month := 0
	for _, l := range m.Lines {
		host.Total += l.Host.Total
		host.Year += l.Host.Year
		month += l.Residence.Month
	}
	rows := [][2]string{
		{"累計", people(m.Total)},
		{"今年度（" + counts.FiscalLabel(m.Month.FiscalYear()) + "）", people(m.Year)},
		{"前年同期", people(m.YearBefore) + "（前の年度の4月から、1年前の同じ日まで）"},
		{m.Month.Label() + "のうち", people(month)},
		{"主催市町村別", fmt.Sprintf("%s主催した教室で修了した方は、累計%s、今年度%s", m.host(), people(host.Total), people(host.Year))},
		{"教室", fmt.Sprintf("開催回数 %s回（今年度%s回）、講師 %s", comma(m.Classes), comma(m.ClassesYear), people(m.Trainers))},
	}
	if m.Code == "" {
		rows = append(rows, [2]string{"市町村", fmt.Sprintf("全%d市町村のうち、%d市町村で実施、%d市町村で利用", m.Towns, m.Holding, m.Using)})
	} else if d := m.Lines[0].Population; d != nil {
		rows = append(rows, [2]string{"人口比", fmt.Sprintf("%s％（人口%s、%s現在、%s）", percentOf(m.Total, d.People), people(d.People), jpDay(d.CountedOn), d.Source)})
	}
	var cells [][][]paper.Run
	for _, r := range rows {
		cells = append(cells, [][]paper.Run{strongly(plainRuns(r[0])), plainRuns(r[1])})
	}
	f.plainCells(cells, []float64{46, f.width - 46})
}

// host is who held the classes of the area.
func (m memo) host() string {
	if m.Code != "" {
		return m.Report.Name + "が"
	}
	return "この区域の市町村が"
}

func people(n int) string { return comma(n) + "人" }

// apart are the classes reported apart, which are in none of the figures.
func (m memo) apart(f *flow) {
	if m.Separate == 0 {
		return
	}
	f.runs(append(strongly(plainRuns("別途報告　"+people(m.Separate))), plainRuns("　このシステムを使わずに開いた教室の報告です。上の数には入っていません。"+counts.SeparateNote+"。")...), 1, paper.Style{})
	f.y += f.em(0.4)
}

// towns are the municipalities one by one, in two columns beside each other.
func (m memo) towns(f *flow) {
	if m.Code != "" || len(m.Lines) > memoTowns {
		return
	}
	head := [][]paper.Run{plainRuns("市町村"), plainRuns("累計"), plainRuns("今年度"), plainRuns("市町村"), plainRuns("累計"), plainRuns("今年度")}
	rows := [][][]paper.Run{head}
	half := (len(m.Lines) + 1) / 2
	for i := range half {
		row := memoTown(m.Lines[i])
		if i+half < len(m.Lines) {
			row = append(row, memoTown(m.Lines[i+half])...)
		} else {
			row = append(row, plainRuns("　"), plainRuns("　"), plainRuns("　"))
		}
		rows = append(rows, row)
	}
	w := f.width / 2
	f.cells(rows, []float64{w - 50, 25, 25, w - 50, 25, 25})
	f.text("「…」は未利用で、0人という意味ではありません。「（別途）」は、別途報告だけがあることです。", 0.85, paper.Style{})
}

func memoTown(l counts.Line) [][]paper.Run {
	total, year := people(l.Residence.Total), people(l.Residence.Year)
	if !l.Using {
		total, year = counts.NotUsed, counts.NotUsed
		if l.Separate.Total > 0 {
			total, year = counts.SeparateMark, counts.SeparateMark
		}
	}
	return [][]paper.Run{plainRuns(l.Name), plainRuns(total), plainRuns(year)}
}

// monthsBack are the months for which files can be had, the newest first.
func monthsBack(now time.Time, n int) (list []counts.Month) {
	for m := counts.MonthOf(now); len(list) < n; m = m.Add(-1) {
		list = append(list, m)
	}
	return list
}
