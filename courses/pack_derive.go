package courses

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"

	"tsunagari/courses/media"
	"tsunagari/courses/questions"
	"tsunagari/courses/questions/outline"
)

// pack_usual.yaml holds the sheets of a course that brings none, and what comes
// before and after its modules in a 進行表.
//
//go:embed pack_usual.yaml
var usualYAML []byte

var usual = sync.OnceValue(func() ClassPack {
	var c ClassPack
	var faults []outline.Fault
	root, fault := outline.Read(usualYAML, 1)
	if fault != nil {
		panic(fmt.Sprint("pack_usual.yaml: ", *fault)) // the file is in this package
	}
	f := outline.NewFields(root, &faults)
	c.Plans = plans(f)
	sheets(&c, f)
	f.Done()
	if len(faults) > 0 || len(c.Plans) != 1 || len(c.Plans[0].Parts) != 2 {
		panic(fmt.Sprint("pack_usual.yaml: ", faults))
	}
	return c
})

// derive makes a 授業パック of the lessons: a slide for each with what stands out
// in it, whose notes are its running text.
func derive(p *Package) (*ClassPack, []slideText, map[questions.Lang][]handoutPage) {
	c := usual()
	c.Poster.Title, c.Poster.Catch = p.Title[questions.JA], p.Summary[questions.JA]
	c.Handout.Title = p.Title
	c.Closing = derivedClosing(p)
	frame := c.Plans[0]
	plan := ClassPlan{Title: frame.Title, Parts: []ClassPart{frame.Parts[0]}}
	plan.Parts[0].Slides = []int{1}
	slides := []slideText{{title: oneLine(p.Title, questions.JA), body: ownText(p.Summary, questions.JA), notes: ownText(p.Body, questions.JA)}}
	pages := map[questions.Lang][]handoutPage{}
	for i := range p.Modules {
		m := &p.Modules[i]
		part := ClassPart{What: oneLine(m.Title, questions.JA), Who: frame.Parts[0].Who, Minutes: m.Minutes}
		for _, s := range moduleSlides(m) {
			slides = append(slides, s)
			part.Slides = append(part.Slides, len(slides))
		}
		if part.Minutes == 0 {
			part.Minutes = requiredMinutes(m)
		}
		plan.Parts = append(plan.Parts, part)
		for _, lang := range languages {
			if lang == questions.JA || p.Title[lang] != "" {
				pages[lang] = append(pages[lang], modulePage(m, lang))
			}
		}
	}
	plan.Parts = append(plan.Parts, frame.Parts[1])
	for _, part := range plan.Parts {
		plan.Minutes += part.Minutes
	}
	c.Plans = []ClassPlan{plan}
	return &c, slides, pages
}

func oneLine(t Text, lang questions.Lang) string {
	return strings.Join(strings.Fields(t.In(lang)), " ")
}

// ownText is a text of its own as segments.
func ownText(t Text, lang questions.Lang) []segment { return parseBody(t.In(lang), 1).segments }

func listed(texts []Text, lang questions.Lang) string {
	var b strings.Builder
	for _, t := range texts {
		b.WriteString("- " + oneLine(t, lang) + "\n")
	}
	return b.String()
}

func requiredMinutes(m *PackageModule) int {
	n := 0
	for i := range m.Lessons {
		if m.Lessons[i].Required {
			n += lessonMinutes(&m.Lessons[i])
		}
	}
	return max(1, n)
}

func moduleSlides(m *PackageModule) []slideText {
	out := []slideText{{
		title: oneLine(m.Title, questions.JA),
		body:  parseBody(listed(m.Goals, questions.JA), 1).segments,
		notes: ownText(m.Body, questions.JA),
	}}
	for i := range m.Lessons {
		l := &m.Lessons[i]
		if !l.Required {
			continue
		}
		s := slideText{title: oneLine(l.Title, questions.JA)}
		for _, seg := range parseBody(l.Body[questions.JA], 1).segments {
			switch {
			case seg.kind == segmentText:
				s.notes = append(s.notes, seg)
			case standsOut(seg) && (seg.kind != segmentFigure || mediumKind(seg.figure.name) != media.Handout): // nobody opens a file on the wall
				s.body = append(s.body, seg)
			}
		}
		out = append(out, s)
	}
	return out
}

// standsOut says whether a part of a lesson is for a slide and a handout.
func standsOut(seg segment) bool {
	return seg.kind == segmentFigure || seg.kind == segmentQuote || seg.kind == segmentBlock && seg.name != "more"
}

func modulePage(m *PackageModule, lang questions.Lang) handoutPage {
	page := handoutPage{segments: parseBody("## "+oneLine(m.Title, lang)+"\n\n"+listed(m.Goals, lang), 1).segments}
	for i := range m.Lessons {
		l := &m.Lessons[i]
		if !l.Required {
			continue
		}
		page.segments = append(page.segments, parseBody("### "+oneLine(l.Title, lang), 1).segments...)
		for _, seg := range parseBody(l.Body.In(lang), 1).segments {
			if standsOut(seg) || seg.kind == segmentActivity && seg.activity.Kind == "worksheet" {
				page.segments = append(page.segments, seg)
			}
		}
	}
	return page
}

// derivedClosing takes as many questions as まとめの確認 asks, as evenly over the
// modules as they allow, and in the order of the course.
func derivedClosing(p *Package) ClosingSheet {
	k := usual().Closing
	k.Questions = nil
	pools := make([][]*questions.Question, len(p.Modules))
	take := make([]int, len(p.Modules))
	for i := range p.Modules {
		for _, q := range p.drawable(&p.Modules[i], questions.InClosing) {
			if q.Type != questions.Reflection {
				pools[i] = append(pools[i], q)
			}
		}
	}
	for n, more := 0, true; n < p.Closing.Questions && more; {
		more = false
		for i := range pools {
			if take[i] < len(pools[i]) && n < p.Closing.Questions {
				take[i]++
				n++
				more = true
			}
		}
	}
	for i, pool := range pools {
		for _, q := range pool[:take[i]] {
			k.Questions = append(k.Questions, q.ID)
		}
	}
	return k
}
