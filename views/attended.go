package views

import "tsunagari/certificates/paper"

// attended is a 受講証明（参加証）: that somebody was there. It has no number, no seal
// and no 修了 in it, so that nobody takes it for a 修了証.
type attended struct {
	Name, Kana, Course, Day, Hall, Host string
	Link                                string // of the site, without https://
	Demo                                bool
}

var attendedEdge = paper.Color{R: 90, G: 120, B: 100}

func (a attended) draw(p *paper.Page) {
	p.Frame(14, 14, 182, 269, 0.4, attendedEdge)
	if a.Demo {
		p.Turned(118, 205, 50, "見本", paper.Style{Size: 200, Align: paper.Centre, Spacing: 0.15, Color: reportSpecimen})
	}
	p.Text(105, 62, "受講証明", paper.Style{Size: 34, Align: paper.Centre, Spacing: 0.5})
	p.Text(105, 74, "（参加証）", paper.Style{Size: 15, Align: paper.Centre})
	kana := paper.Style{Size: 11, Align: paper.Centre}
	name := paper.Style{Size: 26, Align: paper.Centre}
	p.Text(34, 113, "氏　名", paper.Style{Size: 13})
	p.Text(114, 100, legible(a.Kana), paper.Fitting(legible(a.Kana), 112, kana))
	p.Text(114, 113, legible(a.Name), paper.Fitting(legible(a.Name), 112, name))
	p.Line(56, 118, 172, 118, 0.2, attendedEdge)
	text := "あなたは　次の講座に参加されました\nここに　それを証します"
	y := p.Paragraph(44, 142, 130, text, paper.Style{Size: 16, Spacing: 0.04}, 2)
	fact := paper.Style{Size: 13}
	for _, f := range [][2]string{{"講　座", a.Course}, {"開催日", a.Day}, {"会　場", a.Hall}} {
		p.Text(44, y+6, f[0], fact)
		y = p.Paragraph(66, y+6, 108, legible(f[1]), fact, 1.6)
	}
	host := legible("主催　" + a.Host)
	p.Text(176, 226, host, paper.Fitting(host, 130, paper.Style{Size: 15, Align: paper.Right}))
	p.Paragraph(34, 252, 142, "これは修了証ではありません。つづきを終えると、修了証を受け取れます。\nつづきは、受講カードの番号と合言葉で　"+a.Link,
		paper.Style{Size: 10, Color: reportSoft}, 1.7)
}
