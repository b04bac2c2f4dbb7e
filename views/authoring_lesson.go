package views

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"tsunagari/courses"
)

type editorPage struct {
	authorPage
	Piece    courses.Piece
	In       courses.LessonInput
	Preview  *courses.Preview
	Easy     bool // the preview shows やさしい日本語
	Pictures []courses.Drawing
	Module   string // title
}

func (s *site) editLesson(c *fiber.Ctx) error {
	p, err := s.editorPage(c)
	if err != nil {
		return err
	}
	p.In = courses.LessonForm(p.Draft.Lesson(p.Piece.Name), p.Piece.Version)
	return s.showEditor(c, p)
}

func (s *site) editorPage(c *fiber.Ctx) (*editorPage, error) {
	base, err := s.author(c, "")
	if err != nil {
		return nil, err
	}
	piece, err := base.Draft.Piece(courses.LessonPiece, c.Params("lesson"))
	if err != nil {
		return nil, err
	}
	p := &editorPage{authorPage: base, Piece: *piece}
	p.Title, p.Path = "レッスン「"+p.Draft.Title(*piece)+"」", piecePath(p.Base, *piece)
	p.Module = p.Draft.Title(courses.Piece{Kind: courses.ModulePiece, Name: piece.Parent})
	for _, picture := range p.Draft.Under(courses.PicturePiece, "") {
		p.Pictures = append(p.Pictures, p.Draft.Drawing(picture.Name))
	}
	p.Scripts = []string{"editor.js", "activities.js"}
	return p, nil
}

// showEditor draws the preview of what is typed beside it.
func (s *site) showEditor(c *fiber.Ctx, p *editorPage) error {
	var err error
	reading := courses.Reading{Easy: p.Easy, Furigana: true}
	p.Preview, err = s.Courses.Preview(c.UserContext(), p.Who.Access, c.Params("course"), p.Piece.Name, p.In, reading)
	if err != nil {
		return err
	}
	return s.show(c, "author-lesson", p)
}

func (s *site) saveLesson(c *fiber.Ctx) error {
	var in courses.LessonInput
	if err := parse(c, &in); err != nil {
		return err
	}
	_, err := s.Courses.SaveLesson(c.UserContext(), who(c).Access, c.Params("course"), c.Params("lesson"), in, courses.Saved)
	if err != nil {
		return s.notSaved(c, err, func() error { return s.editAgain(c, err, in) })
	}
	return s.done(c, coursePath(c)+"/lessons/"+c.Params("lesson"), flashSaved)
}

// editAgain shows the editor with what was typed and what was wrong with it.
func (s *site) editAgain(c *fiber.Ctx, err error, in courses.LessonInput) error {
	status, faults, ok := faultsOf(err)
	if !ok {
		return err
	}
	p, err := s.editorPage(c)
	if err != nil {
		return err
	}
	p.In, p.Faults = in, faults
	c.Status(status)
	return s.showEditor(c, p)
}

type previewForm struct {
	Show string `form:"show"`
}

// previewLesson shows what is typed, without saving it. The script of the editor
// takes the preview out of the page.
func (s *site) previewLesson(c *fiber.Ctx) error {
	var in courses.LessonInput
	var how previewForm
	if err := errors.Join(parse(c, &in), parse(c, &how)); err != nil {
		return err
	}
	p, err := s.editorPage(c)
	if err != nil {
		return err
	}
	p.In, p.Easy = in, how.Show == "easy"
	return s.showEditor(c, p)
}

// kept is what the editor's script is told about a save that it made.
type kept struct {
	Version int    `json:"version,omitempty"`
	Say     string `json:"say"`
	Stop    bool   `json:"stop,omitempty"` // no further one before the person has decided
}

// autosaveLesson keeps what is typed while somebody writes.
func (s *site) autosaveLesson(c *fiber.Ctx) error {
	var in courses.LessonInput
	if err := parse(c, &in); err != nil {
		return err
	}
	saved, err := s.Courses.SaveLesson(c.UserContext(), who(c).Access, c.Params("course"), c.Params("lesson"), in, courses.Auto)
	var conflict *courses.Conflict
	switch {
	case errors.As(err, &conflict):
		return c.Status(fiber.StatusConflict).JSON(kept{
			Say: "ほかの人が先に保存しました。「保存する」を押すと、ふたつの文をならべて見られます。あなたの文は控えてあります。", Stop: true,
		})
	case err != nil:
		status, faults, ok := faultsOf(err)
		if !ok {
			return err
		}
		return c.Status(status).JSON(kept{Say: "まだ保存できていません。" + faults[0].Say})
	}
	return c.JSON(kept{Version: saved.Version, Say: "保存しました " + s.Now().In(japan).Format("15:04")})
}

// Standard and EasyNotes are what is said beside the two texts.
func (p *editorPage) Standard() []courses.Note  { return p.notes(false) }
func (p *editorPage) EasyNotes() []courses.Note { return p.notes(true) }

func (p *editorPage) notes(easy bool) []courses.Note {
	var list []courses.Note
	if p.Preview == nil {
		return nil
	}
	for _, n := range p.Preview.Notes {
		if n.Easy == easy {
			list = append(list, n)
		}
	}
	return list
}
