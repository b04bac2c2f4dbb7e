package courses

import (
	"slices"

	"tsunagari/courses/questions"
)

// class finds the structural faults of the 授業パック.
func (c *structure) class() {
	pack := c.p.Class
	if pack == nil {
		return
	}
	c.present(pack)
	n := c.slides(&pack.Slides)
	c.plans(pack.Plans, n)
	c.handout(&pack.Handout)
	c.sheets(pack)
}

// present names the parts that are missing: a pack is whole or not there.
func (c *structure) present(pack *ClassPack) {
	for _, part := range []struct {
		there      bool
		file, name string
	}{
		{len(pack.Plans) > 0, timetableFile, "進行表（plans）"},
		{pack.Slides.Body[questions.JA] != "", slidesFile, "スライド"},
		{pack.Handout.Body[questions.JA] != "", fileOf(handoutBase, questions.JA), "配る資料の本文"},
		{len(pack.Reflection.Items) > 0, sheetsFile, "ふり返りシート（reflection）の項目（items）"},
		{pack.Poster.Title != "" && pack.Poster.Catch != "", sheetsFile, "ポスター（poster）のtitleかcatch"},
		{len(pack.Application.Fields) > 0, sheetsFile, "申込書（application）の欄（fields）"},
		{pack.Application.Privacy != "", sheetsFile, "申込書（application）の個人情報の使い方（privacy）"},
		{len(pack.Checklist) > 0, sheetsFile, "チェックリスト（checklist）"},
	} {
		if !part.there {
			c.fault(part.file, 0, "%sがありません。", part.name)
		}
	}
}

// inline looks at texts that stand in a YAML file near a line.
func (c *structure) inline(file string, line int, texts ...string) {
	for _, text := range texts {
		for _, f := range inlineFaults(text) {
			c.fault(file, line, "%s", f.Reason)
		}
	}
}

func (c *structure) inlineTexts(file string, line int, texts ...Text) {
	for _, text := range texts {
		for _, lang := range languages {
			c.inline(file, line, text[lang])
		}
	}
}

// slides says how many there are.
func (c *structure) slides(t *ClassText) int {
	if t.Body[questions.JA] == "" {
		return 0
	}
	slides := t.slides()
	if len(slides) > maxSlides {
		c.fault(slidesFile, 0, "スライドが%d枚あります（%d枚まで）。", len(slides), maxSlides)
		return len(slides)
	}
	for i := range slides {
		s := &slides[i]
		c.take(slidesFile, 0, s.faults)
		c.take(slidesFile, s.line, inlineFaults(s.title))
		if c.bodies {
			pg := newPage(c.site, "", Reading{})
			pg.section = true
			pg.render(s.body)
			pg.render(s.notes)
			c.take(slidesFile, 0, pg.faults)
		}
	}
	return len(slides)
}

func (c *structure) plans(plans []ClassPlan, slides int) {
	for i := range plans {
		plan := &plans[i]
		sum, used := 0, map[int]bool{}
		for j := range plan.Parts {
			part := &plan.Parts[j]
			sum += part.Minutes
			for _, n := range part.Slides {
				switch {
				case n < 1 || n > slides:
					c.fault(timetableFile, part.line, "スライド%dがありません。スライドは%d枚です。", n, slides)
				case used[n]:
					c.fault(timetableFile, part.line, "スライド%dが、進行表「%s」に二度あります。", n, plan.Title)
				}
				used[n] = true
			}
			c.inline(timetableFile, part.line, append([]string{part.What, part.Who, part.Note}, part.Material...)...)
		}
		if sum != plan.Minutes {
			c.fault(timetableFile, plan.line, "進行表「%s」は%d分ですが、足すと%d分です。", plan.Title, plan.Minutes, sum)
		}
		for n := 1; i == 0 && n <= slides; n++ {
			if !used[n] {
				c.fault(timetableFile, plan.line, "スライド%dが、進行表「%s」のどこにもありません。", n, plan.Title)
			}
		}
		c.inline(timetableFile, plan.line, plan.Title)
	}
}

func (c *structure) handout(t *ClassText) {
	var shapes [2][]*Activity
	for i, lang := range languages {
		if t.Body[lang] == "" {
			continue
		}
		file := fileOf(handoutBase, lang)
		c.take(file, 1, inlineFaults(t.Title[lang]))
		pg := newPage(c.site, "", Reading{Easy: lang == questions.Easy})
		for _, page := range t.pages(lang) {
			c.take(file, 0, page.faults)
			shapes[i] = append(shapes[i], activities(page.segments)...)
			if c.bodies {
				pg.render(page.segments)
			}
		}
		c.take(file, 0, pg.faults)
	}
	if t.Body[questions.Easy] != "" {
		c.sameShape(fileOf(handoutBase, questions.Easy), shapes[0], shapes[1])
	}
}

func (c *structure) sheets(pack *ClassPack) {
	r := &pack.Reflection
	c.inlineTexts(sheetsFile, r.line, r.Title, r.Intro, r.Ending)
	for _, item := range r.Items {
		c.inlineTexts(sheetsFile, item.line, append([]Text{item.Text}, item.Choices...)...)
	}
	c.paper(&pack.Closing)
	poster := &pack.Poster
	c.inline(sheetsFile, poster.line, slices.Concat([]string{poster.Title, poster.Catch, poster.Free}, poster.About, poster.Who, poster.Gets)...)
	form := &pack.Application
	c.inline(sheetsFile, form.line, form.Title, form.Intro, form.Privacy)
	for _, field := range form.Fields {
		c.inline(sheetsFile, field.line, append([]string{field.Name, field.Hint}, field.Choices...)...)
	}
	for _, part := range pack.Checklist {
		c.inline(sheetsFile, part.line, append([]string{part.When}, part.Items...)...)
	}
}

func (c *structure) paper(k *ClosingSheet) {
	c.inlineTexts(sheetsFile, k.line, k.Title, k.Intro, k.Ending)
	seen := map[string]bool{}
	for _, id := range k.Questions {
		q := c.p.question(id)
		switch {
		case q == nil:
			c.fault(sheetsFile, k.line, "問題「%s」がありません。", id)
		case seen[id]:
			c.fault(sheetsFile, k.line, "問題「%s」が二度あります。", id)
		case !q.For(questions.InClosing):
			c.fault(sheetsFile, k.line, "問題「%s」は、まとめの確認に使わない問題です（use）。", id)
		case q.Type == questions.Reflection:
			c.fault(sheetsFile, k.line, "問題「%s」は、答え合わせをしない問題です。ふり返りシートに書いてください。", id)
		}
		seen[id] = true
	}
}

// question is the question with this id, or nil.
func (p *Package) question(id string) *questions.Question {
	for _, m := range p.Modules {
		for _, q := range m.Questions {
			if q.ID == id {
				return q
			}
		}
	}
	return nil
}
