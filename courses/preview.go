package courses

import (
	"context"
	"html/template"
	"slices"
	"strings"

	"tsunagari/courses/accounts"
	"tsunagari/courses/questions"
)

// Preview is a lesson as learners would get it now, from the renderer that they
// get it from, with what is wrong or could be better in it.
type Preview struct {
	Title         template.HTML
	HTML          template.HTML
	Sources       []string
	Minutes       int
	HasActivities bool
	Notes         []Note
}

// Note is a fault or a warning beside a text that is being written.
type Note struct {
	Fault bool // keeps the course from being published
	Easy  bool // is about the やさしい日本語 text
	Line  int  // of the text, 0: all of it
	Say   string
}

// Preview draws a lesson as it was typed, saved or not, for who may edit the
// course. Whatever cannot be drawn is left out and noted.
func (c *Courses) Preview(ctx context.Context, by accounts.Access, courseID, name string, in LessonInput, reading Reading) (*Preview, error) {
	d, err := c.Draft(ctx, by, courseID)
	if err != nil {
		return nil, err
	}
	piece, err := d.Piece(LessonPiece, name)
	if err != nil {
		return nil, err
	}
	return d.preview(piece, in.lesson(name), reading), nil
}

func (d *Draft) preview(piece *Piece, l PackageLesson, reading Reading) *Preview {
	p := d.Package()
	m, at := p.lessonAt(piece, l)
	site := p.site()
	site.mediaAt = DraftMediaAt(d.Course.ID)
	page := newPage(site, l.ID, reading)
	out := &Preview{
		Title: Inline(l.Title, reading), Sources: l.Sources, Minutes: lessonMinutes(&l),
		HTML: template.HTML(page.render(parseBody(l.Body.In(reading.Lang()), 1).segments)),
	}
	out.HasActivities = len(page.activities) > 0
	out.Notes = p.lessonNotes(m, at)
	return out
}

// lessonAt puts the lesson as it is typed into the package, also when it or its
// module is archived, and says where.
func (p *Package) lessonAt(piece *Piece, l PackageLesson) (*PackageModule, int) {
	i := slices.IndexFunc(p.Modules, func(m PackageModule) bool { return m.ID == piece.Parent })
	if i < 0 {
		p.Modules, i = append(p.Modules, PackageModule{ID: piece.Parent}), len(p.Modules)
	}
	m := &p.Modules[i]
	at := slices.IndexFunc(m.Lessons, func(o PackageLesson) bool { return o.ID == l.ID })
	if at < 0 {
		m.Lessons, at = append(m.Lessons, l), len(m.Lessons)
	}
	m.Lessons[at] = l
	return m, at
}

// lessonNotes are the faults and warnings of one lesson, the faults first.
func (p *Package) lessonNotes(m *PackageModule, at int) []Note {
	l := &m.Lessons[at]
	base := m.ID + "/" + l.ID
	faults := &structure{p: p, bodies: true, site: p.site(), lessons: map[string]*PackageLesson{}, seen: map[string]string{}}
	for i := range p.Modules {
		for j := range p.Modules[i].Lessons {
			if other := &p.Modules[i].Lessons[j]; other != l {
				faults.claim(p.Modules[i].ID+"/"+other.ID, other)
			}
		}
	}
	faults.lesson(m, l)
	c := &critic{p: p, words: p.dictionary(), report: &Report{}}
	c.lesson(m, l)
	var notes []Note
	add := func(fault bool, f Fault) {
		if strings.TrimSuffix(strings.TrimSuffix(f.File, ".md"), ".easy") == base {
			notes = append(notes, Note{Fault: fault, Easy: f.File == fileOf(base, questions.Easy), Line: f.Line, Say: withoutKeys.ReplaceAllString(f.Reason, "")})
		}
	}
	for _, f := range faults.faults {
		add(true, f)
	}
	for _, w := range c.report.Warnings {
		add(false, w.Fault)
	}
	return notes
}

// claim notes the ids of a lesson that is not looked at itself.
func (c *structure) claim(base string, l *PackageLesson) {
	c.seen["レッスン "+l.ID] = base + ".md"
	for _, m := range activityLine.FindAllStringSubmatch(l.Body[questions.JA], -1) {
		c.seen["活動 "+m[2]] = base + ".md"
	}
}
