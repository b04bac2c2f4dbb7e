package courses

import (
	"context"

	"gorm.io/gorm"

	"tsunagari/courses/accounts"
	"tsunagari/courses/questions"
	"tsunagari/storage"
)

// PictureError says in Japanese why a file is no picture of ours.
type PictureError struct{ Reason string }

func (e *PictureError) Error() string { return "courses: " + e.Reason }

// PictureInput is a new figure. Alt says what it shows, for who cannot see it.
type PictureInput struct {
	Alt       string `form:"alt" validate:"required,min=10,max=600"`
	Operation string `form:"operation" validate:"required,uuid"`
	SVG       []byte `form:"-"`
}

// AddPicture cleans a figure (CleanSVG) and adds it to the draft. dropped names
// what was left out of it. Errors: validator.ValidationErrors, *PictureError,
// ErrFull, storage.ErrNotFound.
func (c *Courses) AddPicture(ctx context.Context, by accounts.Access, courseID string, in PictureInput) (name string, dropped []string, err error) {
	in.Alt = tidyLine(in.Alt)
	if err := validate().Struct(in); err != nil {
		return "", nil, err
	}
	clean, dropped, err := CleanSVG(in.SVG)
	if err != nil {
		return "", nil, &PictureError{err.Error()}
	}
	body := Drawing{Picture{SVG: clean}, in.Alt}
	op := storage.Operation{ID: in.Operation, Actor: by.AccountID, Kind: "draft.picture", Body: courseID + " " + in.Alt + " " + clean}
	err = c.db.Tx(ctx, func(tx *gorm.DB) error {
		d, err := c.draft(tx, by, courseID)
		if err != nil {
			return err
		}
		name, _, err = storage.Once(tx, op, func() (string, error) {
			body.Name = randomName("zu") + ".svg"
			return body.Name, d.insert(tx, by.AccountID, PicturePiece, body.Name, "", body)
		})
		return err
	})
	return name, dropped, err
}

// Alternative changes what a figure is said to show; lessons that have the figure
// already keep their own words.
type Alternative struct {
	Alt     string `form:"alt" validate:"required,min=10,max=600"`
	Version int    `form:"version"`
}

// SavePicture keeps a figure's alternative text. Errors as of SaveLesson.
func (c *Courses) SavePicture(ctx context.Context, by accounts.Access, courseID, name string, in Alternative) (*Piece, error) {
	in.Alt = tidyLine(in.Alt)
	if err := validate().Struct(in); err != nil {
		return nil, err
	}
	return c.save(ctx, by, courseID, saving{kind: PicturePiece, name: name, version: in.Version, how: Saved, body: func(d *Draft) (any, error) {
		drawing := d.drawings[name]
		drawing.Alt = in.Alt
		return drawing, nil
	}})
}

// Markdown is the line that puts the figure into a lesson.
func (d Drawing) Markdown() string {
	return "![" + d.Alt + "](media/" + d.Name + ")"
}

// UsedIn are the titles of the lessons that show the picture.
func (d *Draft) UsedIn(picture string) []string {
	var titles []string
	for _, m := range d.Under(ModulePiece, "") {
		for _, l := range d.Under(LessonPiece, m.Name) {
			body := d.lessons[l.Name].Body
			for _, lang := range languages {
				if figureUsed(body[lang], picture) {
					titles = append(titles, d.Title(l))
					break
				}
			}
		}
	}
	return titles
}

func figureUsed(body, picture string) bool {
	p := Package{Modules: []PackageModule{{Lessons: []PackageLesson{{Body: Text{questions.JA: body}}}}}}
	_, used := p.alternatives()[picture]
	return used
}

// PictureSVG is a figure of the draft, for who may edit it.
func (c *Courses) PictureSVG(ctx context.Context, by accounts.Access, courseID, name string) (string, error) {
	d, err := c.Draft(ctx, by, courseID)
	if err != nil {
		return "", err
	}
	drawing, there := d.drawings[name]
	if !there {
		return "", storage.ErrNotFound
	}
	return drawing.SVG, nil
}
