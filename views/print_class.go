package views

import (
	"strconv"
	"strings"

	"tsunagari/certificates/paper"
	"tsunagari/courses"
)

// facts are what the poster and the 申込書 say of the class itself.
func (p *press) facts() [][2]string {
	hall := p.Class.Hall
	if p.Class.Address != "" {
		hall += "\n" + p.Class.Address
	}
	rows := [][2]string{
		{"日時", strings.Replace(p.When, "）", "）\n", 1)},
		{"会場", hall + "（" + p.Town + "）"},
		{"定員", strconv.Itoa(p.Class.Seats) + "人"},
		{"主催", p.Class.HostName},
		{"お問い合わせ", p.contact()},
		{"お知らせ", p.Class.Note},
	}
	var list [][2]string
	for _, r := range rows {
		if r[1] != "" {
			list = append(list, r)
		}
	}
	return list
}

func (p *press) contact() string {
	if p.Operator.Phone == "" {
		return p.Operator.Name
	}
	contact := p.Operator.Name + "\n電話 " + p.Operator.Phone
	if p.Operator.Hours != "" {
		contact += "\n" + p.Operator.Hours
	}
	return contact
}

// pairs sets labels and values in two columns.
func (f *flow) pairs(rows [][2]string, label float64) {
	for _, r := range rows {
		f.here().Text(f.left, f.y+f.em(flowLeading)*0.74, r[0], paper.Style{Size: f.size, Strong: true, Color: flowAccent})
		f.inside(label, 0, func() { f.text(r[1], 1, paper.Style{}) })
		f.y += f.em(0.25)
	}
}

// poster is one page to put up.
func (p *press) poster(d *paper.Document) {
	f := newFlow(d, p.Demo, 15)
	page := f.here()
	page.Fill(0, 0, a4Width, 10, flowAccent)
	f.left, f.width, f.y = 17, a4Width-34, 18
	f.catch(p.Pack.Poster.Catch)
	f.fit(inline(p.Pack.Poster.Title), 40, paper.Style{Align: paper.Centre, Strong: true, Color: flowAccent})
	f.y += 4
	p.posterWords(f)
	low := f.y + 2
	tint := flowTint
	high := a4Height - 17 - low
	page.Shape(paper.RoundBox(f.left-3, low, f.width+6, high, 4), paper.Paint{Fill: &tint, Line: &flowAccent, Width: 0.6})
	side := 0.0
	if p.Join != "" {
		side = 54
		p.door(page, f.left+f.width-50, low+6)
	}
	facts := func(g *flow) { g.inside(3, side, func() { g.pairs(p.facts(), g.em(6.6)) }) }
	for _, f.size = range []float64{17, 16, 15, 14, 13, 12, 11, 10} {
		if f.height(facts) <= high-10 {
			break
		}
	}
	f.y = low + 5
	facts(f)
	page.Fill(0, a4Height-10, a4Width, 10, flowAccent)
}

// catch is the sentence that catches the eye, a line a sentence.
func (f *flow) catch(words string) {
	for sentence := range strings.SplitAfterSeq(words, "。") {
		if sentence != "" {
			f.fit(inline(sentence), 21, paper.Style{Align: paper.Centre})
		}
	}
	f.y += 2
}

// fit sets runs on one line, as large as the width allows.
func (f *flow) fit(runs []paper.Run, size float64, st paper.Style) {
	st.Size = size
	wide := paper.RunLines(runs, 1e9, st)[0].Width
	f.runs(runs, min(size, size*f.width/wide*0.995)/f.size, st)
}

// posterWords are the three lists of a poster, with the badge 「無料です」.
func (p *press) posterWords(f *flow) {
	o := &p.Pack.Poster
	if o.Free != "" {
		l := paper.RunLines(inline(o.Free), 100, paper.Style{Size: 22, Align: paper.Centre, Strong: true, Color: paper.White})[0]
		red := paper.Color{R: 0xb0, G: 0x2a, B: 0x10}
		w := l.Width + 16
		f.here().Shape(paper.RoundBox(a4Width/2-w/2, f.y, w, 14, 7), paper.Paint{Fill: &red})
		f.here().RunLine(a4Width/2, f.y+9.8, l)
		f.y += 18
	}
	for _, part := range []struct {
		head string
		list []string
	}{{"内容", o.About}, {"来られる方", o.Who}, {"お渡しするもの", o.Gets}} {
		if len(part.list) == 0 {
			continue
		}
		f.here().Text(f.left, f.y+f.em(flowLeading)*0.74, part.head, paper.Style{Size: f.size, Strong: true, Color: flowAccent})
		f.inside(f.em(7.4), 0, func() {
			for _, words := range part.list {
				f.hung("・", inline(words))
			}
		})
		f.y += f.em(0.25)
	}
}

// door is the code with its QR.
func (p *press) door(page *paper.Page, x, y float64) {
	const wide = 50.0
	st := paper.Style{Size: 11, Align: paper.Centre}
	page.Text(x+wide/2, y+3.5, "スマホで参加する方は", st)
	page.QR(x+3, y+6, wide-6, p.Join)
	page.Text(x+wide/2, y+wide+5, "参加番号", st)
	page.Text(x+wide/2, y+wide+14, spacedCode(p.Class.Code), paper.Style{Size: 24, Align: paper.Centre, Strong: true})
	page.Text(x+wide/2, y+wide+20, "スマホがなくても参加できます", paper.Style{Size: 9, Align: paper.Centre})
}

// application is the 申込書, for FAX too: black on white, large boxes.
func (p *press) application(d *paper.Document) {
	o := &p.Pack.Application
	sized(d, p.Demo, func(f *flow) {
		f.title(inline(o.Title))
		f.runs(inline(o.Intro), 1, paper.Style{})
		f.y += f.em(0.6)
		fax := p.Operator.Fax
		if fax == "" {
			fax = "　　　　　　　　　　　　　" // to write it in
		}
		f.text("送り先のFAX番号（"+legible(fax)+"）", 1, paper.Style{Align: paper.Right})
		f.pairs(p.facts(), f.em(7))
		f.y += f.em(0.5)
		for i := range o.Fields {
			f.box(&o.Fields[i])
		}
		f.y += f.em(0.8)
		f.runs(inline(o.Privacy), 0.9, paper.Style{})
	}).number(p.foot())
}

// labelWide is the left column of the 申込書, mm.
const labelWide = 52.0

func (f *flow) box(field *courses.ApplicationField) {
	high := max(f.height(func(g *flow) { g.asks(field) }), 13)
	f.need(high)
	top := f.y
	f.here().Frame(f.left, top, labelWide, high, 0.3, paper.Color{})
	f.here().Frame(f.left+labelWide, top, f.width-labelWide, high, 0.3, paper.Color{})
	f.asks(field)
	f.y = top + high
}

// asks is the label and the room for one field of the 申込書.
func (f *flow) asks(field *courses.ApplicationField) {
	top := f.y
	f.y += 1
	f.inside(2, f.width-labelWide+1, func() {
		f.runs(strongly(inline(field.Name)), 1, paper.Style{})
		if field.Hint != "" {
			f.y -= f.em(0.2)
			f.runs(inline(field.Hint), 0.75, paper.Style{Color: reportSoft})
		}
	})
	low := f.y + 1
	f.y = top + 1
	f.inside(labelWide+2, 2, func() {
		if len(field.Choices) > 0 {
			words := make([]courses.Text, len(field.Choices))
			for i, c := range field.Choices {
				words[i] = courses.Text{"ja": c}
			}
			f.circles(words, "ja")
		}
		for i := range field.Lines {
			f.y += ruledHigh
			if i+1 < field.Lines {
				f.here().Line(f.left, f.y, f.left+f.width, f.y, 0.2, flowLine)
			}
		}
	})
	f.y = max(low, f.y+1)
}

// spareRows are how many lines of the 出席名簿 are left for who comes without having
// said so, at least.
const spareRows = 10

// roster is the 出席名簿: everybody with a seat, and lines for the others.
func (p *press) roster(d *paper.Document) {
	f := newFlow(d, p.Demo, 11)
	f.title(plainRuns("出席名簿"))
	f.text(p.foot()+"　主催 "+p.Class.HostName, 1, paper.Style{})
	f.text("個人情報です。終わったら、主催者の決まりのとおりに保管します。", 0.85, paper.Style{Color: reportSoft})
	f.y += f.em(0.5)
	rows := [][][]paper.Run{{plainRuns("席"), plainRuns("お名前"), plainRuns("ふりがな"), plainRuns("出席"), plainRuns("シート"), plainRuns("ひとこと")}}
	for _, r := range p.Roster.Rows {
		rows = append(rows, [][]paper.Run{plainRuns(strconv.Itoa(r.Number)), plainRuns(r.Name + " "), plainRuns(r.Kana + " "), nil, nil, nil})
	}
	for range max(p.Class.Seats-len(p.Roster.Rows), spareRows) {
		rows = append(rows, make([][]paper.Run, len(rows[0])))
	}
	f.cells(rows, []float64{12, 50, 50, 17, 17, 28})
	f.number(p.foot())
}
