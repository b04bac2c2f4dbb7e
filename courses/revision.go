package courses

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"html/template"

	"tsunagari/courses/questions"
	"tsunagari/courses/questions/outline"
)

// Revision is one published version of a course, parsed and rendered once. It
// never changes and may be read by everybody at the same time.
type Revision struct {
	ID, CourseID, Slug string
	Number             int
	SHA256             string // of the document, in hexadecimal
	Title, Summary     Text
	Supporters         bool
	Minutes            int // the most that the required path may take
	Closing            Closing
	Modules            []*Module
	Class              *Pack // 授業パック

	html [len(Readings)]template.HTML
}

// Module is a part of a revision.
type Module struct {
	ID        string
	Title     Text
	Goals     []Text
	Minutes   int // with its check
	Check     int // questions in the module check, 0: no check
	Lessons   []*Lesson
	Questions []*questions.Question

	html [len(Readings)]template.HTML
}

// Lesson is a page of a revision.
type Lesson struct {
	ID       string
	Title    Text
	Required bool
	Sources  []string
	Minutes  int  // at ReadingPace, at least 1
	HasEasy  bool // whether there is a やさしい日本語 text

	// HasActivities says whether the page needs activities.js.
	HasActivities bool

	html       [len(Readings)]template.HTML
	site       *site
	activities [len(Readings)]map[string]*Activity
}

// HTML is the introduction of the course, ready to send.
func (r *Revision) HTML(reading Reading) template.HTML { return r.html[reading.index()] }

// HTML is the welcome of the module, ready to send.
func (m *Module) HTML(reading Reading) template.HTML { return m.html[reading.index()] }

// HTML is the body of the lesson, ready to send: without its title, its
// sources and everything that depends on the reader.
func (l *Lesson) HTML(reading Reading) template.HTML { return l.html[reading.index()] }

// OpenDocument parses and renders the document of a revision. It fails when the
// document is not one that (*Package).Document wrote, or has structural faults.
func OpenDocument(id string, number int, document []byte) (*Revision, error) {
	p, err := ParseDocument(document)
	if err != nil {
		return nil, err
	}
	faults := p.check(false)
	sum := sha256.Sum256(document)
	rev := &Revision{
		ID: id, CourseID: p.ID, Slug: p.Slug, Number: number, SHA256: hex.EncodeToString(sum[:]),
		Title: p.Title, Summary: p.Summary, Supporters: p.Supporters, Minutes: p.Minutes, Closing: p.Closing,
	}
	o := &opener{site: p.site(), faults: faults}
	rev.html = o.short("course", p.Body)
	for i := range p.Modules {
		rev.Modules = append(rev.Modules, o.module(&p.Modules[i]))
	}
	rev.Class = o.pack(p)
	if len(o.faults) > 0 {
		return nil, fmt.Errorf("course %s has %d faults, the first: %s", p.Slug, len(o.faults), o.faults[0])
	}
	return rev, nil
}

// opener renders a package and collects what went wrong.
type opener struct {
	site   *site
	faults []Fault
}

func (o *opener) module(m *PackageModule) *Module {
	out := &Module{
		ID: m.ID, Title: m.Title, Goals: m.Goals, Minutes: m.Minutes, Check: m.Check, Questions: m.Questions,
		html: o.short(m.ID+"/module", m.Body),
	}
	for i := range m.Lessons {
		out.Lessons = append(out.Lessons, o.lesson(m.ID, &m.Lessons[i]))
	}
	return out
}

func (o *opener) lesson(module string, l *PackageLesson) *Lesson {
	out := &Lesson{
		ID: l.ID, Title: l.Title, Required: l.Required, Sources: l.Sources,
		Minutes: lessonMinutes(l), HasEasy: l.Body[questions.Easy] != "",
		site: o.site,
	}
	for _, lang := range languages {
		parsed := parseBody(l.Body.In(lang), 1)
		for i, reading := range Readings {
			if reading.Lang() != lang {
				continue
			}
			page := newPage(o.site, l.ID, reading)
			out.html[i] = template.HTML(page.render(parsed.segments))
			out.activities[i] = page.activities
			out.HasActivities = len(page.activities) > 0
			o.take(fileOf(module+"/"+l.ID, lang), append(parsed.faults, page.faults...))
		}
	}
	return out
}

func (o *opener) take(file string, faults []outline.Fault) {
	for _, f := range faults {
		o.faults = append(o.faults, Fault{file, 0, f.Reason})
	}
}

// short renders the introduction of a course or module in every reading.
func (o *opener) short(base string, body Text) (out [len(Readings)]template.HTML) {
	for i, reading := range Readings {
		page := newPage(o.site, "", reading)
		parsed := parseBody(body.In(reading.Lang()), 1)
		out[i] = template.HTML(page.render(parsed.segments))
		o.take(fileOf(base, reading.Lang()), append(parsed.faults, page.faults...))
	}
	return out
}
