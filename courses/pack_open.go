package courses

import (
	"html/template"

	"tsunagari/courses/questions"
)

// Pack is the 授業パック of a revision, ready to show and to print. It never
// changes. Texts that are not Blocks are inline Markdown: Inline or Runs.
type Pack struct {
	// Derived says that the course brings no pack of its own: slides and
	// handout are made from its lessons, the sheets are the usual ones.
	Derived bool

	Plans       []ClassPlan
	Slides      []*Slide
	Sources     []string // 出典 of the slides
	Reflection  ReflectionSheet
	Paper       PaperQuiz
	Poster      Poster
	Application ApplicationForm
	Checklist   []ChecklistPart

	handout map[questions.Lang]Handout
}

// Slide is one slide with what the trainer says to it.
type Slide struct {
	Number int // from 1
	Title  Text
	Blocks []Block // without the title
	Notes  []Block

	html, notes [2]template.HTML // without furigana, with furigana
}

// HTML is the slide without its title, ready to send. The ids in it are unique
// among all slides of the pack.
func (s *Slide) HTML(furigana bool) template.HTML { return s.html[side(furigana)] }

// NotesHTML is what the trainer says, ready to send.
func (s *Slide) NotesHTML(furigana bool) template.HTML { return s.notes[side(furigana)] }

func side(furigana bool) int {
	if furigana {
		return 1
	}
	return 0
}

// Handout is the A4 handout in one language.
type Handout struct {
	Title   string // inline Markdown
	Sources []string
	Blocks  []Block
}

// Handout is the handout in a language, the standard one where there is no other.
func (p *Pack) Handout(lang questions.Lang) Handout {
	if h, ok := p.handout[lang]; ok {
		return h
	}
	return p.handout[questions.JA]
}

// HasEasyHandout says whether there is a handout in やさしい日本語.
func (p *Pack) HasEasyHandout() bool {
	_, ok := p.handout[questions.Easy]
	return ok
}

// PaperQuiz is まとめの確認 on paper.
type PaperQuiz struct {
	Title, Intro, Ending Text
	Questions            []PaperQuestion
}

// PaperQuestion is a question with the order in which its parts are printed: ids
// of options, of the pairs whose right sides are printed, or of items, like that
// of a drawn question. It is the same on every print of one revision, so that
// the answer key and what is typed afterwards fit the sheets.
type PaperQuestion struct {
	Number   int // from 1
	Question *questions.Question
	Show     []string
}

// pack opens the 授業パック of a course, or makes one of its lessons.
func (o *opener) pack(p *Package) *Pack {
	c, slides, pages := p.Class, []slideText(nil), map[questions.Lang][]handoutPage{}
	if c != nil {
		slides = c.Slides.slides()
		for _, lang := range languages {
			if c.Handout.Body[lang] != "" {
				pages[lang] = c.Handout.pages(lang)
			}
		}
	} else {
		c, slides, pages = derive(p)
	}
	out := &Pack{
		Derived: p.Class == nil, Plans: c.Plans, Slides: o.slides(slides), Sources: c.Slides.Sources,
		Reflection: c.Reflection, Paper: c.Closing.paper(p), Poster: c.Poster,
		Application: c.Application, Checklist: c.Checklist, handout: map[questions.Lang]Handout{},
	}
	for lang, pages := range pages {
		out.handout[lang] = o.handout(&c.Handout, pages, lang)
	}
	return out
}

func (o *opener) slides(texts []slideText) []*Slide {
	var out []*Slide
	figures := 0 // counted through all slides: their ids stand on one page
	for i := range texts {
		t := &texts[i]
		s := &Slide{Number: i + 1, Title: Text{questions.JA: t.title}}
		faults := t.faults
		for _, furigana := range []bool{false, true} {
			pg := newPage(o.site, "", Reading{Furigana: furigana})
			pg.section, pg.figures = true, figures
			s.html[side(furigana)] = template.HTML(pg.render(t.body))
			s.notes[side(furigana)] = template.HTML(pg.render(t.notes))
			if faults = append(faults, pg.faults...); furigana {
				figures = pg.figures
			}
		}
		pg := newPage(o.site, "", Reading{})
		s.Blocks, s.Notes = pg.flow(t.body), pg.flow(t.notes)
		o.take(slidesFile, faults)
		out = append(out, s)
	}
	return out
}

func (o *opener) handout(t *ClassText, pages []handoutPage, lang questions.Lang) Handout {
	h := Handout{Title: t.Title.In(lang), Sources: t.Sources}
	for i, page := range pages {
		if i > 0 {
			h.Blocks = append(h.Blocks, Block{Kind: BlockBreak})
		}
		pg := newPage(o.site, "", Reading{Easy: lang == questions.Easy})
		h.Blocks = append(h.Blocks, pg.flow(page.segments)...)
		o.take(fileOf(handoutBase, lang), append(page.faults, pg.faults...))
	}
	return h
}

// paper is まとめの確認 on paper with its questions.
func (k *ClosingSheet) paper(p *Package) PaperQuiz {
	out := PaperQuiz{Title: k.Title, Intro: k.Intro, Ending: k.Ending}
	for _, id := range k.Questions {
		q := p.question(id)
		if q == nil {
			continue // a fault of the package, named by its check
		}
		out.Questions = append(out.Questions, PaperQuestion{Number: len(out.Questions) + 1, Question: q, Show: printed(q)})
	}
	return out
}

// printed is the order in which the parts of a question stand on paper: as they
// were written, but for those whose order would tell the key.
func printed(q *questions.Question) []string {
	var ids []string
	for _, o := range q.Options {
		ids = append(ids, o.ID)
	}
	for _, p := range q.Pairs {
		ids = append(ids, p.ID)
	}
	for _, item := range q.Items {
		ids = append(ids, item.ID)
	}
	if q.Type != questions.Matching && q.Type != questions.Ordering {
		return ids
	}
	mixed := make([]string, len(ids))
	for i, from := range shuffled(q.ID, len(ids)) {
		mixed[i] = ids[from]
	}
	return mixed
}
