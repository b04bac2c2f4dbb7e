package courses

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"tsunagari/courses/accounts"
	"tsunagari/storage"
)

// PackageError says that a course package was refused whole, and why.
type PackageError struct {
	Faults []Fault
}

func (e *PackageError) Error() string {
	return fmt.Sprintf("courses: the package has %d faults, the first: %s", len(e.Faults), e.Faults[0])
}

// BringInput is a course package (zip) that is brought in.
type BringInput struct {
	Operation string `form:"operation" validate:"required,uuid"`
	Zip       []byte `form:"-"`
}

// read opens the package and looks at all of it before anything is written.
func (in BringInput) read() (*Package, error) {
	files, err := OpenZip(bytes.NewReader(in.Zip), int64(len(in.Zip)))
	if err != nil {
		return nil, err
	}
	p, faults := ReadPackage(files)
	if len(faults) > 0 {
		return nil, &PackageError{faults}
	}
	return p, nil
}

// Bring makes a new course of by's own from a package. Errors: the ErrZip…,
// *PackageError, validator.ValidationErrors, storage.ErrNotFound.
func (c *Courses) Bring(ctx context.Context, by accounts.Access, in BringInput) (id string, err error) {
	if !by.Role(accounts.Trainer, accounts.Admin) {
		return "", storage.ErrNotFound
	}
	if err := validate().Struct(in); err != nil {
		return "", err
	}
	p, err := in.read()
	if err != nil {
		return "", err
	}
	return c.begin(ctx, by, storage.Operation{ID: in.Operation, Kind: "course.import", Body: string(in.Zip)}, func(tx *gorm.DB) (*Package, error) {
		var taken int64
		if err := tx.Model(&Course{}).Where("slug = ?", p.Slug).Count(&taken).Error; err != nil {
			return nil, err
		}
		if taken > 0 {
			p.Slug = randomName("course")
		}
		return p, nil
	})
}

// BringInto takes a package as the draft of a course that by may edit, in place of
// what the draft was. Nothing changes for learners until it is published.
func (c *Courses) BringInto(ctx context.Context, by accounts.Access, courseID string, in BringInput) error {
	if err := validate().Struct(in); err != nil {
		return err
	}
	if _, err := c.Editable(c.db.Read(ctx), by, courseID); err != nil {
		return err
	}
	p, err := in.read()
	if err != nil {
		return err
	}
	return c.db.Tx(ctx, func(tx *gorm.DB) error {
		d, err := c.draft(tx, by, courseID)
		if err != nil {
			return err
		}
		p.ID, p.Slug = courseID, d.Course.Slug
		if !by.Role(accounts.Admin) {
			p.Supporters = d.course.Supporters
		}
		if err := d.replace(tx, p, by.AccountID); err != nil {
			return err
		}
		return accounts.Audit(tx, by.AccountID, "course.import", courseID, p.Slug, "")
	})
}

// replace makes the draft what the package says. Pieces that stay keep their
// saves, so that what was there before can be returned to; what is gone is
// archived.
func (d *Draft) replace(tx *gorm.DB, p *Package, by string) error {
	if err := holdMedia(tx, d.Course.ID, p); err != nil {
		return err
	}
	pieces, err := piecesOf(p)
	if err != nil {
		return err
	}
	now := tx.NowFunc()
	there := map[string]bool{}
	for i := range pieces {
		n := &pieces[i]
		there[string(n.Kind)+" "+n.Name] = true
		was, err := d.Piece(n.Kind, n.Name)
		if errors.Is(err, storage.ErrNotFound) {
			n.CourseID, n.Version, n.UpdatedBy, n.UpdatedAt = d.Course.ID, 1, by, now
			if err := tx.Create(n).Error; err != nil {
				return err
			}
			continue
		}
		if was.Body != n.Body {
			if err := write(tx, was, n.Body, Saved, by); err != nil {
				return err
			}
		}
		if err := change(tx, was, map[string]any{"parent": n.Parent, "position": n.Position, "archived_at": nil}); err != nil {
			return err
		}
	}
	for i := range d.Pieces {
		was := &d.Pieces[i]
		if there[string(was.Kind)+" "+was.Name] || was.ArchivedAt != nil {
			continue
		}
		if err := change(tx, was, map[string]any{"archived_at": now}); err != nil {
			return err
		}
	}
	return edited(tx, d.Course.ID)
}
