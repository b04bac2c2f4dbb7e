package views

import (
	"fmt"
	"strconv"
	"time"

	"tsunagari/certificates/paper"
	"tsunagari/courses"
	"tsunagari/courses/questions"
	"tsunagari/quiz"
)

// foot is what stands at the foot of every page of a class's papers; without a
// class, of a course's.
func (p *press) foot() string {
	if p.Class.ID == "" {
		return p.Course
	}
	return p.Course + "　" + p.When + "　" + p.Class.Hall
}

// title is the head of a paper.
func (f *flow) title(title []paper.Run) {
	f.runs(strongly(title), 1.6, paper.Style{})
	f.here().Line(f.left, f.y+f.em(0.3), f.left+f.width, f.y+f.em(0.3), 0.5, flowAccent)
	f.y += f.em(0.9)
}

func (p *press) handout(d *paper.Document)     { p.handoutIn(d, questions.JA) }
func (p *press) easyHandout(d *paper.Document) { p.handoutIn(d, questions.Easy) }

// handoutSide is the margin of a handout, mm: narrow, for type as large as may be.
const handoutSide = 14.0

func (p *press) handoutIn(d *paper.Document, lang questions.Lang) {
	h := p.Pack.Handout(lang)
	sized(d, p.Demo, func(f *flow) {
		f.left, f.width, f.pictures = handoutSide, a4Width-2*handoutSide, p.Pictures
		f.runs(strongly(inline(h.Title)), 1.4, paper.Style{})
		f.blocks(h.Blocks)
		f.sources(h.Sources)
	}).number(p.foot())
}

// sources are the 出典 at the end of a text, small and run together.
func (f *flow) sources(list []string) {
	if len(list) == 0 {
		return
	}
	runs := plainRuns("出典：")
	for i, s := range list {
		if i > 0 {
			runs = append(runs, paper.Run{Text: "　／　"})
		}
		runs = append(runs, inline(s)...)
	}
	f.space(0.3)
	f.runs(runs, 0.75, paper.Style{Color: reportSoft})
}

// timetable is every 進行表 of the pack, with the hours of this class.
func (p *press) timetable(d *paper.Document) {
	for i := range p.Pack.Plans {
		plan := &p.Pack.Plans[i]
		sized(d, p.Demo, func(f *flow) {
			f.title(inline(plan.Title))
			f.text(p.foot(), 1, paper.Style{})
			f.y += f.em(0.5)
			f.cells(p.planRows(plan), []float64{14, 10, 58, 17, 17, 58})
			f.text("時刻は、開始の時刻から数えたものです。おくれたときは、「分」の列を見て進めます。", 0.9, paper.Style{Color: reportSoft})
		}).number(p.foot())
	}
}

func (p *press) planRows(plan *courses.ClassPlan) [][][]paper.Run {
	head := []string{"時刻", "分", "すること", "進める人", "スライド", "使うもの・ひとこと"}
	rows := [][][]paper.Run{nil}
	for _, word := range head {
		rows[0] = append(rows[0], plainRuns(word))
	}
	at, err := time.Parse("15:04", p.Class.StartsAt)
	for _, part := range plan.Parts {
		clock := ""
		if err == nil {
			clock = at.Format("15:04")
			at = at.Add(time.Duration(part.Minutes) * time.Minute)
		}
		var beside []paper.Run
		for i, m := range part.Material {
			if i > 0 {
				beside = append(beside, paper.Run{Text: "、"})
			}
			beside = append(beside, inline(m)...)
		}
		if part.Note != "" {
			if len(beside) > 0 {
				beside = append(beside, paper.Run{Text: "\n"})
			}
			beside = append(beside, inline(part.Note)...)
		}
		if len(beside) == 0 {
			beside = plainRuns(" ") // not to be filled in
		}
		rows = append(rows, [][]paper.Run{
			plainRuns(clock), plainRuns(strconv.Itoa(part.Minutes)), inline(part.What), inline(part.Who), plainRuns(slideSpan(part.Slides) + " "), beside,
		})
	}
	return rows
}

// slideSpan is 1-4, 6 for the slides 1, 2, 3, 4, 6.
func slideSpan(list []int) string {
	out := ""
	for i := 0; i < len(list); {
		j := i
		for j+1 < len(list) && list[j+1] == list[j]+1 {
			j++
		}
		if out != "" {
			out += ", "
		}
		if out += strconv.Itoa(list[i]); j > i {
			out += "-" + strconv.Itoa(list[j])
		}
		i = j + 1
	}
	return out
}

// notes is what the trainer says, slide by slide.
func (p *press) notes(d *paper.Document) {
	f := newFlow(d, p.Demo, 11)
	f.pictures = p.Pictures
	f.title(plainRuns("話す言葉"))
	f.text("スライドごとに、話す言葉です。そのまま読んでも、自分の言葉に変えてもかまいません。", 1, paper.Style{Color: reportSoft})
	for _, s := range p.Pack.Slides {
		f.heading(append(plainRuns(strconv.Itoa(s.Number)+"　"), inline(s.Title.In(questions.JA))...), 2)
		f.blocks(s.Notes)
	}
	f.number(p.foot())
}

func (p *press) reflection(d *paper.Document)     { p.reflectionIn(d, questions.JA) }
func (p *press) easyReflection(d *paper.Document) { p.reflectionIn(d, questions.Easy) }

// reflectionIn is the ふり返りシート on one page.
func (p *press) reflectionIn(d *paper.Document, lang questions.Lang) {
	r := &p.Pack.Reflection
	sized(d, p.Demo, func(f *flow) {
		f.title(inline(r.Title.In(lang)))
		f.runs(inline(r.Intro.In(lang)), 1, paper.Style{})
		f.y += f.em(0.8)
		for i, item := range r.Items {
			f.reflect(i+1, item, lang)
		}
		f.runs(inline(r.Ending.In(lang)), 1, paper.Style{})
	}).number(p.foot())
}

func (f *flow) reflect(number int, item courses.ReflectionItem, lang questions.Lang) {
	asked := append(plainRuns(strconv.Itoa(number)+"　"), inline(item.Text.In(lang))...)
	f.runs(strongly(asked), 1, paper.Style{})
	if len(item.Choices) > 0 {
		f.circles(item.Choices, lang)
	}
	f.ruled(item.Lines)
	f.y += f.em(1)
}

// circles are words to put a circle around, with room for it.
func (f *flow) circles(words []courses.Text, lang questions.Lang) {
	st := paper.Style{Size: f.size * 1.05}
	x, high := f.left+f.em(1), f.em(2.1)
	f.need(high)
	for _, w := range words {
		l := paper.RunLines(inline(w.In(lang)), f.width-f.em(2), st)[0]
		if x+l.Width > f.left+f.width {
			x, f.y = f.left+f.em(1), f.y+high
			f.need(high)
		}
		f.here().RunLine(x, f.y+high*0.74, l)
		x += l.Width + f.em(2.2)
	}
	f.y += high
}

// closing is まとめの確認 on paper: what is circled is what is typed afterwards.
func (p *press) closing(d *paper.Document) {
	c := &p.Pack.Paper
	f := newFlow(d, p.Demo, 10.5)
	f.title(inline(c.Title.In(questions.JA)))
	f.y += 3
	f.text("席番号（　　　　）　お名前（　　　　　　　　　　　　　　　）", 1.1, paper.Style{Align: paper.Right})
	f.y += 1
	f.runs(inline(c.Intro.In(questions.JA)), 1, paper.Style{})
	f.y += f.em(0.4)
	for _, q := range quiz.Paper(p.Rev) {
		f.aside(func(f *flow) { f.asked(q) }, func(*paper.Page, float64, float64) {})
	}
	f.runs(inline(c.Ending.In(questions.JA)), 1, paper.Style{})
	f.number(p.foot())
}

func (f *flow) asked(q quiz.Asked) {
	f.runs(append([]paper.Run{{Text: fmt.Sprintf("問%d　", q.Number), Strong: true}}, inline(q.Text.In(questions.JA))...), 1, paper.Style{})
	how := "ひとつに丸"
	switch {
	case len(q.Lines) > 0 && len(q.Places) > 0:
		how = "（　）に、下の番号を書いてください"
	case len(q.Lines) > 0:
		how = "（　）に、順番の数字を書いてください"
	case len(q.Options) == 0:
		how = "下の線に書いてください"
	case q.Type == questions.Multiple:
		how = "あてはまるもの、いくつでも丸"
	}
	f.inside(f.em(1.6), 0, func() {
		f.text(how, 0.85, paper.Style{Color: reportSoft})
		for _, line := range q.Lines {
			f.hung("（　　）", inline(line.In(questions.JA)))
		}
		for i, o := range append(q.Options, q.Places...) {
			f.hung(strconv.Itoa(i+1), inline(o.In(questions.JA)))
		}
		if len(q.Options)+len(q.Lines) == 0 {
			f.ruled(1)
		}
	})
	f.y += f.em(0.7)
}

// hung sets runs to the right of a sign.
func (f *flow) hung(sign string, runs []paper.Run) {
	st := paper.Style{Size: f.size}
	f.need(f.em(flowLeading))
	f.here().Text(f.left, f.y+f.em(flowLeading)*0.74, sign, st)
	f.inside(max(paper.Width(sign, st), f.em(1))+f.em(0.7), 0, func() { f.runs(runs, 1, paper.Style{}) })
}

// key is the answers with the reasons.
func (p *press) key(d *paper.Document) {
	f := newFlow(d, p.Demo, 10)
	f.title(append(inline(p.Pack.Paper.Title.In(questions.JA)), plainRuns("　答えとわけ（講師用）")...))
	f.text("点をつけるものではありません。わけを読みながら、みなさんで確かめてください。", 1, paper.Style{})
	for _, q := range quiz.Key(p.Rev) {
		f.heading(append(plainRuns(fmt.Sprintf("問%d　答え %s　", q.Number, q.Right)), inline(q.Text.In(questions.JA))...), 3)
		for i, said := range q.Each {
			sign := "　"
			if said.Right {
				sign = "○"
			}
			if len(q.Options) > 0 {
				sign += " " + strconv.Itoa(i+1)
			} else {
				sign = q.Right[i : i+1]
			}
			runs := strongly(inline(said.About.In(questions.JA)))
			if why := said.Text.In(questions.JA); why != "" {
				runs = append(append(runs, paper.Run{Text: "\n"}), inline(why)...)
			}
			f.hung(sign, runs)
		}
		if why := q.Explanation.In(questions.JA); why != "" {
			f.runs(inline(why), 1, paper.Style{Color: reportSoft})
		}
	}
	f.number(p.foot())
}

func (p *press) checklist(d *paper.Document) {
	sized(d, p.Demo, func(f *flow) {
		f.title(plainRuns("チェックリスト"))
		f.text(p.foot(), 1, paper.Style{})
		for _, part := range p.Pack.Checklist {
			f.heading(inline(part.When), 2)
			for _, item := range part.Items {
				f.need(f.em(flowLeading * 2))
				f.here().Frame(f.left+f.em(0.2), f.y+f.em(0.36), f.em(0.95), f.em(0.95), 0.3, paper.Color{})
				f.inside(f.em(2), 0, func() { f.runs(inline(item), 1, paper.Style{}) })
			}
			f.y += f.em(0.3)
		}
	}).number(p.foot())
}
