package views

import (
	"github.com/gofiber/fiber/v2"

	"tsunagari/courses"
	"tsunagari/storage"
)

type savesPage struct {
	authorPage
	Piece   courses.Piece
	Address string
	Saves   []saveView
}

type saveView struct {
	courses.Save
	Current bool
	Texts   []courses.TextChange // what going back would change
}

// saves lists the last states of a piece, each with what going back would change.
func (s *site) saves(c *fiber.Ctx) error {
	kind, known := pieceKinds[c.Params("kind")]
	if !known {
		return storage.ErrNotFound
	}
	base, err := s.author(c, "前の文にもどす")
	if err != nil {
		return err
	}
	name := c.Params("name")
	if kind == courses.CoursePiece {
		name = ""
	}
	piece, err := base.Draft.Piece(kind, name)
	if err != nil {
		return err
	}
	p := &savesPage{authorPage: base, Piece: *piece, Address: piecePath(base.Base, *piece)}
	p.Crumbs = append(p.Crumbs, Crumb{p.Address, p.Draft.Title(*piece)})
	list, err := s.Courses.Saves(c.UserContext(), p.Who.Access, c.Params("course"), kind, piece.Name)
	if err != nil {
		return err
	}
	for _, save := range list {
		v := saveView{Save: save, Current: save.Body == piece.Body}
		if v.Texts, err = courses.CompareBodies(kind, piece.Body, save.Body); err != nil {
			return err
		}
		p.Saves = append(p.Saves, v)
	}
	return s.show(c, "author-saves", p)
}

type restoreForm struct {
	Save string `form:"save"`
}

func (s *site) restoreSave(c *fiber.Ctx) error {
	var in restoreForm
	if err := parse(c, &in); err != nil {
		return err
	}
	piece, err := s.Courses.Restore(c.UserContext(), who(c).Access, c.Params("course"), in.Save)
	if err != nil {
		return err
	}
	return s.done(c, piecePath(coursePath(c), *piece), flashRestored)
}
