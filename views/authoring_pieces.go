package views

import (
	"github.com/gofiber/fiber/v2"

	"tsunagari/courses"
	"tsunagari/storage"
)

// piece is the kind and name in the address of a piece.
func piece(c *fiber.Ctx) (courses.PieceKind, string, error) {
	kind, known := pieceKinds[c.Params("kind")]
	if !known || kind == courses.CoursePiece {
		return "", "", storage.ErrNotFound
	}
	return kind, c.Params("name"), nil
}

func (s *site) addModule(c *fiber.Ctx) error {
	var in courses.NewPiece
	if err := parse(c, &in); err != nil {
		return err
	}
	name, err := s.Courses.AddModule(c.UserContext(), who(c).Access, c.Params("course"), in)
	if err != nil {
		p, pageErr := s.draftPage(c)
		if pageErr != nil {
			return pageErr
		}
		p.NewUnit = in
		return s.again(c, err, "author-course", p)
	}
	return s.done(c, coursePath(c)+"#"+name, flashAdded)
}

func (s *site) addLesson(c *fiber.Ctx) error {
	var in courses.NewPiece
	if err := parse(c, &in); err != nil {
		return err
	}
	name, err := s.Courses.AddLesson(c.UserContext(), who(c).Access, c.Params("course"), c.Params("module"), in)
	if err != nil {
		p, pageErr := s.modulePage(c)
		if pageErr != nil {
			return pageErr
		}
		p.NewLesson, p.Adding = in, true
		return s.again(c, err, "author-module", p)
	}
	return s.done(c, coursePath(c)+"/lessons/"+name, flashAdded)
}

// afterwards is where a button of a piece leads back to: the page that it was on.
func afterwards(c *fiber.Ctx) string { return local(c.FormValue("back"), coursePath(c)) }

func (s *site) movePiece(c *fiber.Ctx) error {
	var in courses.PieceMove
	if err := parse(c, &in); err != nil {
		return err
	}
	kind, name, err := piece(c)
	if err != nil {
		return err
	}
	if err := s.Courses.Move(c.UserContext(), who(c).Access, c.Params("course"), kind, name, in); err != nil {
		return err
	}
	return c.Redirect(afterwards(c), fiber.StatusSeeOther)
}

type operationForm struct {
	Operation string `form:"operation"`
}

func (s *site) copyPiece(c *fiber.Ctx) error {
	var in operationForm
	if err := parse(c, &in); err != nil {
		return err
	}
	kind, name, err := piece(c)
	if err != nil {
		return err
	}
	copied, err := s.Courses.Repeat(c.UserContext(), who(c).Access, c.Params("course"), kind, name, in.Operation)
	if err != nil {
		return err
	}
	return s.done(c, piecePath(coursePath(c), courses.Piece{Kind: kind, Name: copied}), flashCopied)
}

func (s *site) archivePiece(c *fiber.Ctx) error {
	kind, name, err := piece(c)
	if err != nil {
		return err
	}
	if err := s.Courses.Archive(c.UserContext(), who(c).Access, c.Params("course"), kind, name); err != nil {
		return err
	}
	return s.done(c, afterwards(c), flashArchived)
}

func (s *site) unarchivePiece(c *fiber.Ctx) error {
	kind, name, err := piece(c)
	if err != nil {
		return err
	}
	if err := s.Courses.Unarchive(c.UserContext(), who(c).Access, c.Params("course"), kind, name); err != nil {
		return err
	}
	return s.done(c, coursePath(c), flashUnarchived)
}

type archivedPage struct {
	authorPage
	Pieces []archivedPiece
}

type archivedPiece struct {
	courses.Piece
	Title, Address string
}

// archived lists the pieces that were put away.
func (s *site) archived(c *fiber.Ctx) error {
	base, err := s.author(c, "しまったもの")
	if err != nil {
		return err
	}
	p := &archivedPage{authorPage: base}
	for _, piece := range p.Draft.Archived() {
		p.Pieces = append(p.Pieces, archivedPiece{piece, p.Draft.Title(piece), piecePath(p.Base, piece)})
	}
	return s.show(c, "author-archived", p)
}
