package views

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"errors"
	"html/template"
	"io"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"tsunagari/courses"
	"tsunagari/courses/questions"
	"tsunagari/quiz/formats"
)

const (
	// importLimit is the largest file of questions in bytes. It goes to the browser
	// and back between the preview and the import, so that nothing is kept here.
	importLimit = 16 << 20
	// shownQuestions is how many questions and remarks a preview shows.
	shownQuestions = 50
	// correctable is the longest text in bytes that can be corrected on the page.
	correctable = 100 << 10
)

var (
	errNoFile     = errors.New("views: neither a file nor a text")
	errLargeFile  = errors.New("views: the file of questions is too large")
	errNoFormat   = errors.New("views: the format of the questions is not clear")
	errKeptBroken = errors.New("views: what the form carried cannot be read")
)

// importForm is what the pages of an import send. Kept carries the file from the
// preview to the import.
type importForm struct {
	Do     string   `form:"do"` // "import"; everything else is a preview
	Format string   `form:"format"`
	Text   string   `form:"text"`
	Kept   string   `form:"kept"`
	Wide   bool     `form:"wide"`
	Keep   []string `form:"keep"` // places of what is kept as a reflection
	courses.ImportInput
}

type importPage struct {
	authorPage
	Module  courses.Piece
	Name    string // title of the module
	In      importForm
	Formats []Choice
	Lessons []Choice
	Preview *importPreview // nil before there is a file
	data    []byte
}

// importPreview is a file as it will be taken.
type importPreview struct {
	Format      string
	Questions   []importedView // the first of the good ones
	Good, More  int            // how many are good; how many of them are not shown
	Room        int            // for how many the module has room
	Problems    []questions.Remark
	MoreTrouble int // problems that are not shown
	Unsupported []unsupportedView
	Kept        int // of the unsupported ones, ticked
	FullWidth   bool
	Likely      *formats.Format // the form in which it has questions, when the chosen one finds none
}

type importedView struct {
	askedView
	Number      int
	Line        int
	Name        string
	TypeName    string
	Key         []keyView
	Otherwise   template.HTML
	Explanation template.HTML
	Pictures    []string // that do not come along
	There       bool     // the module has a question with these words
}

type keyView struct {
	Text, Say template.HTML
	Percent   string // "" where it is the usual
	Right     bool
}

type unsupportedView struct {
	questions.Remark
	At int
	On bool
}

// importForm asks for a file of another system.
func (s *site) importForm(c *fiber.Ctx) error {
	p, err := s.importPage(c, importForm{})
	if err != nil {
		return err
	}
	return s.show(c, "author-import", p)
}

func (s *site) importPage(c *fiber.Ctx, in importForm) (*importPage, error) {
	base, m, err := s.inModule(c, "ほかのシステムから")
	if err != nil {
		return nil, err
	}
	p := &importPage{authorPage: base, Module: *m, Name: base.Draft.Title(*m), In: in}
	p.Path = p.Base + "/modules/" + m.Name + "/import"
	p.Crumbs = append(p.Crumbs, Crumb{p.Base + "/modules/" + m.Name + "/questions", "問題"})
	p.Formats = []Choice{{Value: "", Label: "自動で見分ける"}}
	for _, f := range formats.All {
		p.Formats = append(p.Formats, Choice{Value: f.Name, Label: f.Label})
	}
	for _, l := range p.Draft.Under(courses.LessonPiece, m.Name) {
		if p.Draft.Lesson(l.Name).Required {
			p.Lessons = append(p.Lessons, Choice{Value: l.Name, Label: p.Draft.Title(l)})
		}
	}
	return p, nil
}

// importQuestions shows a file as it will be taken, and takes it when that is asked
// for. Between the two nothing is kept.
func (s *site) importQuestions(c *fiber.Ctx) error {
	var in importForm
	if err := parse(c, &in); err != nil {
		return err
	}
	p, err := s.importPage(c, in)
	if err != nil {
		return err
	}
	if p.data, err = sentFile(c, &in); err != nil {
		return s.again(c, err, "author-import", p)
	}
	format, known := formats.Find(in.Format)
	if !known {
		if format, known = formats.Detect(p.data); !known {
			return s.again(c, errNoFormat, "author-import", p)
		}
	}
	imp := format.Read(p.data, questions.ReadOptions{FullWidth: in.Wide})
	if in.Do == "import" {
		in.Questions = append(imp.Questions, reflections(imp.Unsupported, in.Keep)...)
		_, err := s.Courses.ImportQuestions(c.UserContext(), who(c).Access, p.Draft.Course.ID, p.Module.Name, in.ImportInput)
		if err == nil {
			return s.done(c, p.Base+"/modules/"+p.Module.Name+"/questions", flashImported)
		}
		p.preview(format, imp)
		return s.again(c, err, "author-import", p)
	}
	p.preview(format, imp)
	if p.Preview.Good == 0 && !p.Preview.keepable() {
		return s.again(c, courses.ErrNoQuestions, "author-import", p)
	}
	return s.show(c, "author-import", p)
}

// sentFile is what was sent: a new file comes before a typed text, and that before
// what the preview carried.
func sentFile(c *fiber.Ctx, in *importForm) (data []byte, err error) {
	if data, err = picture(c, "file"); err != nil {
		return nil, err
	}
	switch {
	case len(data) > 0:
	case in.Text != "":
		data = []byte(in.Text)
	case in.Kept != "":
		if data, err = unpacked(in.Kept); err != nil {
			return nil, err
		}
	default:
		return nil, errNoFile
	}
	if len(data) > importLimit {
		return nil, errLargeFile
	}
	return data, nil
}

// reflections are the ticked ones of what we have no type for.
func reflections(list []questions.Remark, ticked []string) []questions.Imported {
	var out []questions.Imported
	for i, r := range list {
		if r.Keep != nil && slices.Contains(ticked, strconv.Itoa(i)) {
			out = append(out, *r.Keep)
		}
	}
	return out
}

// carried is a file as a field of a form carries it.
func carried(data []byte) string {
	var b bytes.Buffer
	to := base64.NewEncoder(base64.RawURLEncoding, &b)
	z := gzip.NewWriter(to)
	z.Write(data) // a buffer takes everything
	z.Close()
	to.Close()
	return b.String()
}

func unpacked(field string) ([]byte, error) {
	packed, err := base64.RawURLEncoding.DecodeString(field)
	if err != nil {
		return nil, errKeptBroken
	}
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, errKeptBroken
	}
	data, err := io.ReadAll(io.LimitReader(z, importLimit+1))
	if err != nil {
		return nil, errKeptBroken
	}
	return data, nil
}
