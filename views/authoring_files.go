package views

import (
	"bytes"
	"errors"

	"github.com/gofiber/fiber/v2"

	"tsunagari/courses"
)

type picturesPage struct {
	authorPage
	In       courses.PictureInput
	Pictures []pictureView
}

type pictureView struct {
	courses.Piece
	courses.Drawing
	Used    []string // titles of what shows it
	Address string   // of its piece
	Src     string   // of the file, as it is for phones
	Written courses.Said
}

// pictures lists the media of a course and takes new ones.
func (s *site) pictures(c *fiber.Ctx) error {
	p, err := s.picturesPage(c)
	if err != nil {
		return err
	}
	return s.show(c, "author-pictures", p)
}

// pictureAt leads to the place of one medium among the others.
func (s *site) pictureAt(c *fiber.Ctx) error {
	base, err := s.author(c, "")
	if err != nil {
		return err
	}
	piece, err := base.Draft.Piece(courses.PicturePiece, c.Params("picture"))
	if err != nil {
		return err
	}
	return c.Redirect(base.Base+"/pictures#"+piece.Name, fiber.StatusSeeOther)
}

func (s *site) picturesPage(c *fiber.Ctx) (*picturesPage, error) {
	base, err := s.author(c, "図・写真・音声・資料")
	if err != nil {
		return nil, err
	}
	p := &picturesPage{authorPage: base}
	uses := p.Draft.Uses()
	for _, piece := range p.Draft.Under(courses.PicturePiece, "") {
		v := pictureView{Piece: piece, Drawing: p.Draft.Drawing(piece.Name), Used: uses[piece.Name], Address: piecePath(p.Base, piece)}
		v.Written, v.Src = v.Drawing.Said(), v.Address+"/file.svg"
		if v.File != nil {
			v.Src = v.Drawing.Address(courses.DraftMediaAt(p.Draft.Course.ID))
		}
		p.Pictures = append(p.Pictures, v)
	}
	return p, nil
}

func (s *site) addPicture(c *fiber.Ctx) error {
	var in courses.PictureInput
	if err := parse(c, &in); err != nil {
		return err
	}
	var err error
	if in.File, err = picture(c, "file"); err != nil {
		return err
	}
	_, dropped, err := s.Courses.AddPicture(c.UserContext(), who(c).Access, c.Params("course"), in)
	if err != nil {
		p, pageErr := s.picturesPage(c)
		if pageErr != nil {
			return pageErr
		}
		p.In = in
		return s.again(c, err, "author-pictures", p)
	}
	if len(dropped) > 0 {
		return s.done(c, coursePath(c)+"/pictures", flashPictureCleaned)
	}
	return s.done(c, coursePath(c)+"/pictures", flashAdded)
}

func (s *site) savePicture(c *fiber.Ctx) error {
	var in courses.Alternative
	if err := parse(c, &in); err != nil {
		return err
	}
	_, err := s.Courses.SavePicture(c.UserContext(), who(c).Access, c.Params("course"), c.Params("picture"), in)
	if err != nil {
		return s.notSaved(c, err, func() error {
			p, pageErr := s.picturesPage(c)
			if pageErr != nil {
				return pageErr
			}
			return s.again(c, err, "author-pictures", p)
		})
	}
	return s.done(c, coursePath(c)+"/pictures", flashSaved)
}

func (s *site) removePicture(c *fiber.Ctx) error {
	if err := s.Courses.RemovePicture(c.UserContext(), who(c).Access, c.Params("course"), c.Params("picture")); err != nil {
		return err
	}
	return s.done(c, coursePath(c)+"/pictures", flashRemoved)
}

// pictureFile is a figure by itself. It was cleaned when it came in, and as an
// image it could not run anything either.
func (s *site) pictureFile(c *fiber.Ctx) error {
	svg, err := s.Courses.PictureSVG(c.UserContext(), who(c).Access, c.Params("course"), c.Params("picture"))
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "image/svg+xml")
	return c.SendString(svg)
}

type bringPage struct {
	Page
	Course  string // title of the course whose draft it becomes, "" for a new one
	Address string // where the form goes
	Refused []courses.Fault
}

// bringForm takes a course package as a new course.
func (s *site) bringForm(c *fiber.Ctx) error { return s.show(c, "author-bring", s.bringPage(c)) }

func (s *site) bringPage(c *fiber.Ctx) *bringPage {
	p := &bringPage{Page: s.page(c, "講座のファイルを取りこむ"), Address: authoring + "/import"}
	p.Crumbs = []Crumb{{authoring, "講座づくり"}}
	return p
}

func (s *site) bring(c *fiber.Ctx) error {
	in, err := packed(c)
	if err != nil {
		return err
	}
	id, err := s.Courses.Bring(c.UserContext(), who(c).Access, in)
	if err != nil {
		return s.notBrought(c, err, s.bringPage(c))
	}
	return s.done(c, authoring+"/"+id, flashPackage)
}

func packed(c *fiber.Ctx) (in courses.BringInput, err error) {
	if err := parse(c, &in); err != nil {
		return in, err
	}
	in.Zip, err = picture(c, "zip")
	return in, err
}

// bringIntoForm takes a course package as the draft of a course that is there.
func (s *site) bringIntoForm(c *fiber.Ctx) error {
	p, err := s.bringIntoPage(c)
	if err != nil {
		return err
	}
	return s.show(c, "author-bring", p)
}

func (s *site) bringIntoPage(c *fiber.Ctx) (*bringPage, error) {
	base, err := s.author(c, "講座のファイルを取りこむ")
	if err != nil {
		return nil, err
	}
	return &bringPage{Page: base.Page, Course: base.Draft.Title(courses.Piece{Kind: courses.CoursePiece}), Address: base.Base + "/import"}, nil
}

func (s *site) bringInto(c *fiber.Ctx) error {
	in, err := packed(c)
	if err != nil {
		return err
	}
	if err := s.Courses.BringInto(c.UserContext(), who(c).Access, c.Params("course"), in); err != nil {
		p, pageErr := s.bringIntoPage(c)
		if pageErr != nil {
			return pageErr
		}
		return s.notBrought(c, err, p)
	}
	return s.done(c, coursePath(c), flashPackage)
}

// carryOff is the draft as a course package.
func (s *site) carryOff(c *fiber.Ctx) error {
	d, err := s.Courses.Draft(c.UserContext(), who(c).Access, c.Params("course"))
	if err != nil {
		return err
	}
	p := d.Package()
	if err := s.Courses.LoadMedia(c.UserContext(), p); err != nil {
		return err
	}
	var b bytes.Buffer
	if err := courses.WriteZip(&b, p); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "application/zip")
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="`+d.Course.Slug+`.zip"`)
	return c.Send(b.Bytes())
}

// notBrought shows the form again with what was wrong in the package.
func (s *site) notBrought(c *fiber.Ctx, err error, p *bringPage) error {
	var refused *courses.PackageError
	if errors.As(err, &refused) {
		p.Refused = refused.Faults
	}
	return s.again(c, err, "author-bring", p)
}
