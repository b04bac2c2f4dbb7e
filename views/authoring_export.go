package views

import (
	"bytes"
	"io"

	"github.com/gofiber/fiber/v2"

	"tsunagari/courses"
	"tsunagari/courses/questions"
	"tsunagari/quiz/formats"
	"tsunagari/quiz/sheet"
	"tsunagari/storage"
)

type exportPage struct {
	authorPage
	Module  string // title of the module, "" for the whole course
	Of      int
	Formats []exportFormat
}

// exportFormat is one way out, with what it cannot hold.
type exportFormat struct {
	formats.Format
	Address string
	Lost    []questions.Remark
	More    int // of Lost, not shown
}

// exportQuestions offers the questions of a module, or of the whole course, to other
// systems and says before what each format cannot hold.
func (s *site) exportQuestions(c *fiber.Ctx) error {
	base, list, err := s.leaving(c)
	if err != nil {
		return err
	}
	p := &exportPage{authorPage: base, Of: len(list)}
	p.Path = p.Base + "/export"
	if m := c.Params("module"); m != "" {
		p.Module = p.Draft.Title(courses.Piece{Kind: courses.ModulePiece, Name: m})
		p.Path = p.Base + "/modules/" + m + "/export"
		p.Crumbs = append(p.Crumbs, Crumb{p.Base + "/modules/" + m + "/questions", "問題"})
	}
	for _, f := range formats.All {
		out := exportFormat{Format: f, Address: p.Path + "/" + f.Name}
		if out.Lost, err = f.Write(io.Discard, list); err != nil {
			return err
		}
		if more := len(out.Lost) - shownQuestions; more > 0 {
			out.Lost, out.More = out.Lost[:shownQuestions], more
		}
		p.Formats = append(p.Formats, out)
	}
	return s.show(c, "author-export", p)
}

// leaving begins a page about the questions in the address.
func (s *site) leaving(c *fiber.Ctx) (authorPage, []questions.Imported, error) {
	base, err := s.author(c, "ほかのシステムへ")
	if err != nil {
		return base, nil, err
	}
	list, err := base.Draft.Foreign(c.Params("module"))
	return base, list, err
}

// questionFile is the file of one format.
func (s *site) questionFile(c *fiber.Ctx) error {
	f, known := formats.Find(c.Params("format"))
	if !known {
		return storage.ErrNotFound
	}
	base, list, err := s.leaving(c)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if _, err := f.Write(&b, list); err != nil {
		return err
	}
	name := base.Draft.Course.Slug
	if m := c.Params("module"); m != "" {
		name += "-" + m
	}
	c.Set(fiber.HeaderContentType, f.Type)
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="`+name+"-"+f.Name+f.File+`"`)
	return c.Send(b.Bytes())
}

// questionTemplate is an Excel sheet that explains itself, to write questions in.
func (s *site) questionTemplate(c *fiber.Ctx) error {
	if _, _, err := s.inModule(c, ""); err != nil {
		return err
	}
	var b bytes.Buffer
	if err := sheet.Template(&b); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="mondai.xlsx"`)
	return c.Send(b.Bytes())
}
