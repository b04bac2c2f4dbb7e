package courses

import (
	"slices"

	"tsunagari/courses/questions"
)

// fullestSlide is how many characters somebody in the last row reads without
// losing what the trainer says.
const fullestSlide = 130

// pack looks at the 授業パック. Furigana is due once a slide and once a section
// of the handout: nobody turns back in a hall.
func (c *critic) pack() {
	pack := c.p.Class
	if pack == nil {
		return
	}
	for _, s := range pack.Slides.Unconfirmed {
		c.report.Unconfirmed = append(c.report.Unconfirmed, Fault{slidesFile, 0, s})
	}
	for _, s := range pack.Handout.Unconfirmed {
		c.report.Unconfirmed = append(c.report.Unconfirmed, Fault{handoutBase + ".md", 0, s})
	}
	for _, s := range pack.Slides.slides() {
		c.slide(&s)
	}
	for _, lang := range languages {
		c.handout(&pack.Handout, lang)
	}
	if pack.Handout.Body[questions.Easy] == "" {
		c.warn(WarnEasy, fileOf(handoutBase, questions.Easy), 0, "やさしい日本語の文がありません。")
	}
	c.plans(pack.Plans)
	c.sheets(pack)
}

func (c *critic) slide(s *slideText) {
	title := passage{line: s.line, source: s.title, kind: heading}
	all := append([]passage{title}, passages(s.body)...)
	c.passages(slidesFile, questions.JA, all)
	c.passages(slidesFile, questions.JA, passages(s.notes))
	c.terms(slidesFile, all)
	n := 0
	for _, p := range all {
		if p.kind != alternative {
			n += letters(p.source)
		}
	}
	if n > fullestSlide {
		c.warn(WarnPack, slidesFile, s.line, "スライドに%d字あります。%d字までにして、あとは話す言葉（:::notes）に書いてください。", n, fullestSlide)
	}
}

func (c *critic) handout(t *ClassText, lang questions.Lang) {
	file := fileOf(handoutBase, lang)
	for _, page := range t.pages(lang) {
		var section []passage
		flush := func() {
			if lang == questions.JA {
				c.terms(file, section)
			}
			section = nil
		}
		for _, p := range passages(page.segments) {
			if p.kind == heading {
				flush()
			}
			section = append(section, p)
		}
		flush()
		c.passages(file, lang, passages(page.segments))
	}
}

func (c *critic) plans(plans []ClassPlan) {
	for _, plan := range plans {
		for _, part := range plan.Parts {
			for _, s := range append([]string{part.What, part.Note}, part.Material...) {
				c.forbidden(timetableFile, part.line, s)
				c.long(timetableFile, passage{line: part.line, source: s})
			}
		}
	}
}

func (c *critic) sheets(pack *ClassPack) {
	r, k := &pack.Reflection, &pack.Closing
	c.sheet(r.line, r.Title, r.Title, r.Intro, r.Ending)
	for _, item := range r.Items {
		c.sheet(item.line, r.Title, append([]Text{item.Text}, item.Choices...)...)
	}
	c.sheet(k.line, k.Title, k.Title, k.Intro, k.Ending)
	if n := c.p.Closing.Questions; len(k.Questions) > 0 && n > 0 && len(k.Questions) != n {
		c.warn(WarnPack, sheetsFile, k.line, "紙のまとめの確認は%d問ですが、講座のまとめの確認は%d問です。", len(k.Questions), n)
	}
	p, a := &pack.Poster, &pack.Application
	for _, s := range slices.Concat([]string{p.Title, p.Catch, p.Free}, p.About, p.Who, p.Gets) {
		c.sheet(p.line, nil, Text{questions.JA: s})
	}
	c.sheet(a.line, nil, Text{questions.JA: a.Intro}, Text{questions.JA: a.Privacy})
}

// sheet looks at texts near a line of the sheets. When the title of their sheet
// is there in easy words, they must be too.
func (c *critic) sheet(line int, title Text, texts ...Text) {
	for _, text := range texts {
		for _, lang := range languages {
			c.forbidden(sheetsFile, line, text[lang])
			c.long(sheetsFile, passage{line: line, source: text[lang]})
		}
		if title[questions.Easy] != "" && text[questions.Easy] == "" && hasKanji(Plain(text[questions.JA])) {
			c.warn(WarnEasy, sheetsFile, line, "「%s」のやさしい日本語がありません。", shortened(Plain(text[questions.JA])))
		}
		c.furigana(sheetsFile, line, text[questions.Easy])
	}
}
