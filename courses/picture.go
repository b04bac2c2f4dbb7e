package courses

import (
	"bytes"
	"context"
	"errors"
	"unicode/utf8"

	"gorm.io/gorm"

	"tsunagari/courses/accounts"
	"tsunagari/courses/media"
	"tsunagari/courses/questions"
	"tsunagari/storage"
)

// PictureError says in Japanese why a file is no medium of ours.
type PictureError struct{ Reason string }

func (e *PictureError) Error() string { return "courses: " + e.Reason }

// The rules of what is said about a medium that no tag can say.
var (
	ErrNoAlternative = errors.New("courses: a picture needs words for who cannot see it")
	ErrNoTitle       = errors.New("courses: a recording or hand-out needs a title")
	ErrNoTranscript  = errors.New("courses: a recording needs its words")
	ErrMediaFull     = errors.New("courses: no more files in this course")
	ErrMediumUsed    = errors.New("courses: a lesson still shows this medium")
)

// Said is what a trainer says about a medium: of a picture what it shows, for who
// cannot see it, unless it is for decoration only; of a recording and a hand-out its
// title; of a recording its words too.
type Said struct {
	Alt        string `form:"alt" validate:"max=600"`
	Decorative bool   `form:"decorative"`
	Text       string `form:"text" validate:"max=20000"`
	EasyText   string `form:"easy_text" validate:"max=20000"`
}

// about puts what was said on a medium. Errors: validator.ValidationErrors,
// ErrNoAlternative, ErrNoTitle, ErrNoTranscript.
func (in Said) about(d *Drawing) error {
	if err := validate().Struct(in); err != nil {
		return err
	}
	d.Alt, d.Text = tidyLine(in.Alt), nil
	switch n := utf8.RuneCountInString(d.Alt); {
	case d.IsPicture() && in.Decorative:
		d.Alt = decorative
	case d.IsPicture() && n < 10:
		return ErrNoAlternative
	case n < 2:
		return ErrNoTitle
	}
	if d.IsSound() {
		d.Text = typedText(tidy(in.Text), tidy(in.EasyText))
		if d.Text[questions.JA] == "" {
			return ErrNoTranscript
		}
	}
	return nil
}

// Said is what the form of a medium begins with.
func (d Drawing) Said() Said {
	in := Said{Alt: d.Alt, Text: d.Text[questions.JA], EasyText: d.Text[questions.Easy]}
	if in.Decorative = d.Alt == decorative; in.Decorative {
		in.Alt = ""
	}
	return in
}

// PictureInput is a new medium: a figure (SVG), a photograph, a recording or a PDF.
type PictureInput struct {
	Said
	Operation string `form:"operation" validate:"required,uuid"`
	File      []byte `form:"-"`
}

// AddPicture makes a medium of a file (CleanSVG, media.Read) and adds it to the draft.
// dropped names what was left out of a figure. Errors: validator.ValidationErrors,
// *PictureError, those of Said, ErrFull, ErrMediaFull, storage.ErrNotFound.
func (c *Courses) AddPicture(ctx context.Context, by accounts.Access, courseID string, in PictureInput) (name string, dropped []string, err error) {
	if err := validate().Struct(in); err != nil {
		return "", nil, err
	}
	if _, err := c.Editable(c.db.Read(ctx), by, courseID); err != nil {
		return "", nil, err // before anything is decoded
	}
	body, err := newDrawing(in.File)
	if err != nil {
		return "", nil, err
	}
	if err := in.about(&body); err != nil {
		return "", nil, err
	}
	content := body.SVG
	if body.File != nil {
		content = body.File.SHA256
	}
	op := storage.Operation{ID: in.Operation, Actor: by.AccountID, Kind: "draft.picture", Body: courseID + " " + in.Alt + " " + content}
	err = c.db.Tx(ctx, func(tx *gorm.DB) error {
		d, err := c.draft(tx, by, courseID)
		if err != nil {
			return err
		}
		name, _, err = storage.Once(tx, op, func() (string, error) {
			if d.mediaBytes()+body.bytes() > MaxMedia {
				return "", ErrMediaFull
			}
			if err := holdMedia(tx, courseID, &Package{Media: []Picture{body.Picture}}); err != nil {
				return "", err
			}
			return body.Name, d.insert(tx, by.AccountID, PicturePiece, body.Name, "", body)
		})
		return err
	})
	return name, body.dropped, err
}

// newDrawing makes a medium of a file by its content.
func newDrawing(data []byte) (d Drawing, err error) {
	if looksLikeSVG(data) {
		d.SVG, d.dropped, err = CleanSVG(data)
		if err != nil {
			return d, &PictureError{err.Error()}
		}
		d.Name = randomName("zu") + ".svg"
		return d, nil
	}
	f, err := media.Read(data, "")
	if err != nil {
		return d, &PictureError{err.Error()}
	}
	prefix := map[media.Kind]string{media.Picture: "shashin", media.Sound: "onsei", media.Handout: "shiryou"}[f.Kind]
	d.Name, d.File = randomName(prefix)+"."+f.Ext, newFile(f)
	return d, nil
}

func looksLikeSVG(data []byte) bool {
	head := bytes.TrimLeft(bytes.TrimPrefix(data[:min(len(data), 4096)], []byte("\ufeff")), " \t\r\n")
	return bytes.HasPrefix(head, []byte("<"))
}

func (m *Picture) bytes() int {
	if m.File == nil {
		return 0
	}
	return m.File.Bytes
}

// mediaBytes is how much the files of a draft take, those put away included.
func (d *Draft) mediaBytes() int {
	sum := 0
	for _, drawing := range d.drawings {
		sum += drawing.bytes()
	}
	return sum
}

// Alternative changes what is said about a medium; lessons that have it already keep
// their own words for it.
type Alternative struct {
	Said
	Version int `form:"version"`
}

// SavePicture keeps what is said about a medium. Errors: those of Said, and as of
// SaveLesson.
func (c *Courses) SavePicture(ctx context.Context, by accounts.Access, courseID, name string, in Alternative) (*Piece, error) {
	return c.save(ctx, by, courseID, saving{kind: PicturePiece, name: name, version: in.Version, how: Saved, body: func(d *Draft) (any, error) {
		drawing := d.drawings[name]
		err := in.about(&drawing)
		return drawing, err
	}})
}

// Markdown is the line that puts the medium into a lesson.
func (d Drawing) Markdown() string {
	return "![" + d.Alt + "](media/" + d.Name + ")"
}

// RemovePicture takes a medium that nothing shows out of the draft for good. Its file
// is gone, unless a published edition or another course has it. ErrMediumUsed,
// storage.ErrNotFound.
func (c *Courses) RemovePicture(ctx context.Context, by accounts.Access, courseID, name string) error {
	var files []*MediaFile
	err := c.change(ctx, by, courseID, PicturePiece, name, func(tx *gorm.DB, d *Draft, p *Piece) error {
		if len(d.Uses()[name]) > 0 {
			return ErrMediumUsed
		}
		files = d.drawings[name].File.all()
		delete(d.drawings, name)
		if err := tx.Where("course_id = ? AND kind = ? AND name = ?", courseID, PicturePiece, name).Delete(&Piece{}).Error; err != nil {
			return err
		}
		for _, f := range files {
			if d.has(f.SHA256) {
				continue
			}
			if err := tx.Where("course_id = ? AND sha256 = ?", courseID, f.SHA256).Delete(&draftMedium{}).Error; err != nil {
				return err
			}
		}
		if err := edited(tx, courseID); err != nil {
			return err
		}
		return accounts.Audit(tx, by.AccountID, "course.medium.remove", courseID, name, "")
	})
	for _, f := range files {
		if err == nil {
			err = c.db.DropMedium(ctx, f.SHA256)
		}
	}
	return err
}

func (d *Draft) has(sha256 string) bool {
	for _, drawing := range d.drawings {
		for _, f := range drawing.File.all() {
			if f.SHA256 == sha256 {
				return true
			}
		}
	}
	return false
}

// PictureSVG is a figure of the draft, for who may edit it.
func (c *Courses) PictureSVG(ctx context.Context, by accounts.Access, courseID, name string) (string, error) {
	d, err := c.Draft(ctx, by, courseID)
	if err != nil {
		return "", err
	}
	drawing, there := d.drawings[name]
	if !there || drawing.SVG == "" {
		return "", storage.ErrNotFound
	}
	return drawing.SVG, nil
}
