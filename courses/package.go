package courses

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"tsunagari/courses/questions"
)

// Text is one text in several languages.
type Text = questions.Text

// Package is a course as it is written: what the files of a course folder hold,
// what a revision freezes, and what travels as a zip. Texts are Markdown
// (curriculum/README.md); nothing in it is rendered.
type Package struct {
	ID         string          `json:"id"`
	Slug       string          `json:"slug"`
	Title      Text            `json:"title"`
	Summary    Text            `json:"summary,omitempty"`
	Body       Text            `json:"body,omitempty"` // a short introduction
	Supporters bool            `json:"supporters,omitempty"`
	Minutes    int             `json:"minutes"` // the most that the required path may take
	Closing    Closing         `json:"closing"`
	Terms      []Term          `json:"terms,omitempty"`
	Modules    []PackageModule `json:"modules"`
	Media      []Picture       `json:"media,omitempty"`
	Class      *ClassPack      `json:"class,omitempty"` // nil: none of its own

	textLines
	faults []Fault // found by ReadPackage
}

// Term is a term of art with its reading.
type Term struct {
	Word    string `json:"word"`
	Reading string `json:"reading"`
}

// PackageModule is a module as it is written.
type PackageModule struct {
	ID        string                `json:"id"`
	Title     Text                  `json:"title"`
	Body      Text                  `json:"body,omitempty"` // one or two sentences of welcome
	Goals     []Text                `json:"goals,omitempty"`
	Minutes   int                   `json:"minutes,omitempty"`
	Check     int                   `json:"check,omitempty"` // questions in the module check
	Lessons   []PackageLesson       `json:"lessons"`
	Questions []*questions.Question `json:"questions,omitempty"`

	textLines
}

// PackageLesson is a lesson as it is written.
type PackageLesson struct {
	ID          string   `json:"id"`
	Title       Text     `json:"title"`
	Required    bool     `json:"required"`
	Sources     []string `json:"sources,omitempty"`
	Unconfirmed []string `json:"unconfirmed,omitempty"` // 確認前: for the trainer, not shown
	Body        Text     `json:"body"`

	textLines
}

// Fault is one thing wrong in a file of a course. Line 0 means the whole file.
type Fault struct {
	File   string
	Line   int
	Reason string // in plain Japanese: trainers read it
}

func (f Fault) String() string {
	if f.Line == 0 {
		return f.File + ": " + f.Reason
	}
	return fmt.Sprintf("%s:%d: %s", f.File, f.Line, f.Reason)
}

// ErrFaults says that a course with structural faults cannot be published.
var ErrFaults = errors.New("courses: the course has faults")

// Document is the package as canonical JSON: equal packages give equal bytes.
// Its SHA-256 names the revision. A package with faults has none: ErrFaults.
func (p *Package) Document() ([]byte, error) {
	faults := p.faults
	if faults == nil {
		faults = p.check(true)
	}
	if len(faults) > 0 {
		return nil, fmt.Errorf("%w: course %s has %d, the first: %s", ErrFaults, p.Slug, len(faults), faults[0])
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(p); err != nil {
		return nil, fmt.Errorf("writing the document of course %s: %w", p.Slug, err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// MaxDocument is the size of the largest document, in bytes.
const MaxDocument = 16 << 20

var errDocumentSize = errors.New("courses: document too large")

// ParseDocument reads a document back.
func ParseDocument(document []byte) (*Package, error) {
	if len(document) > MaxDocument {
		return nil, errDocumentSize
	}
	p := new(Package)
	if err := json.Unmarshal(document, p); err != nil {
		return nil, fmt.Errorf("reading a course document: %w", err)
	}
	for _, m := range p.Modules {
		if slices.Contains(m.Questions, nil) {
			return nil, fmt.Errorf("reading a course document: module %s has an empty question", m.ID)
		}
	}
	return p, nil
}

// media are the media by name.
func (p *Package) media() map[string]*Picture {
	out := make(map[string]*Picture, len(p.Media))
	for i := range p.Media {
		out[p.Media[i].Name] = &p.Media[i]
	}
	return out
}
