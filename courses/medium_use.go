package courses

import (
	"slices"

	"tsunagari/courses/questions"
)

// uses says of each medium where it is shown, by title, in the order of the course.
type uses map[string][]string

// in notes the media of some texts that stand under one title.
func (u uses) in(title string, texts ...Text) {
	for _, text := range texts {
		for _, lang := range languages {
			for _, f := range figuresIn(parseBody(text[lang], 1).segments) {
				if !slices.Contains(u[f.name], title) {
					u[f.name] = append(u[f.name], title)
				}
			}
		}
	}
}

func (u uses) course(p *Package) {
	u.in("はじめの文", p.Body)
	if p.Class != nil {
		u.in("授業のスライド", p.Class.Slides.Body)
		u.in("授業で配る資料", p.Class.Handout.Body)
	}
}

// figuresIn are the media that a text shows.
func figuresIn(segments []segment) []figure {
	var list []figure
	for _, s := range segments {
		if s.kind == segmentFigure {
			list = append(list, s.figure)
		}
		list = append(list, figuresIn(s.inner)...)
	}
	return list
}

// Uses says of each medium by which titles it is shown, in lessons that are put away too.
func (d *Draft) Uses() map[string][]string {
	u := uses{}
	u.course(&d.course)
	for _, p := range d.Pieces {
		switch p.Kind {
		case ModulePiece:
			u.in(d.Title(p), d.modules[p.Name].Body)
		case LessonPiece:
			u.in(d.Title(p), d.lessons[p.Name].Body)
		}
	}
	return u
}

// uses is Uses of a package.
func (p *Package) uses() uses {
	u := uses{}
	u.course(p)
	for _, m := range p.Modules {
		u.in(Plain(m.Title[questions.JA]), m.Body)
		for _, l := range m.Lessons {
			u.in(Plain(l.Title[questions.JA]), l.Body)
		}
	}
	return u
}

// alternatives maps the media to the alternative text of their first use.
func (p *Package) alternatives() map[string]string {
	out := map[string]string{}
	take := func(text Text) {
		for _, f := range figuresIn(parseBody(text[questions.JA], 1).segments) {
			if out[f.name] == "" {
				out[f.name] = f.alt
			}
		}
	}
	for _, m := range p.Modules {
		for _, l := range m.Lessons {
			take(l.Body)
		}
	}
	if p.Class != nil {
		take(p.Class.Slides.Body)
		take(p.Class.Handout.Body)
	}
	return out
}

// heavyLesson is from how many bytes of photographs on a telephone a lesson is heavy:
// at 400 kbit/s they take six seconds.
const heavyLesson = 300 << 10

// pictureBytes is what the photographs of a text weigh on a telephone.
func (p *Package) pictureBytes(text string) int {
	sum, media := 0, p.media()
	for _, f := range figuresIn(parseBody(text, 1).segments) {
		if m := media[f.name]; m != nil && m.File != nil && m.IsPicture() {
			sum += m.File.light().Bytes
		}
	}
	return sum
}

// media looks at what is kept and at what it weighs.
func (c *critic) media() {
	used := c.p.uses()
	for i := range c.p.Media {
		m := &c.p.Media[i]
		if len(used[m.Name]) == 0 {
			c.warn(WarnFigure, "media/"+m.Name, 0, "%s「%s」は、どこにも使われていません。レッスンに入れるか、しまってください。", m.Kind(), m.Name)
		}
		for _, lang := range languages {
			if words := m.Text[lang]; words != "" {
				c.passages(fileOf("media/"+m.Name, lang), lang, passages(parseBody(words, 1).segments))
			}
		}
	}
	for i := range c.p.Modules {
		for _, l := range c.p.Modules[i].Lessons {
			if n := c.p.pictureBytes(l.Body[questions.JA]); n > heavyLesson {
				c.warn(WarnFigure, c.p.Modules[i].ID+"/"+l.ID+".md", 0,
					"写真を合わせると約%d KBです。電波の弱いところでは、全部出るまで%d秒ほどかかります。写真を減らすことを考えてください。", n>>10, n*8/400_000)
			}
		}
	}
}
