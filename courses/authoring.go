package courses

import (
	"context"
	"crypto/rand"
	"errors"
	"reflect"
	"strings"
	"sync"

	"github.com/go-playground/validator/v10"
	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"tsunagari/courses/accounts"
	"tsunagari/courses/questions"
	"tsunagari/storage"
)

// validate names fields in its errors as forms do.
var validate = sync.OnceValue(func() *validator.Validate {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(func(f reflect.StructField) string {
		name, _, _ := strings.Cut(f.Tag.Get("form"), ",")
		return name
	})
	return v
})

// Editable is the course for whoever may write it: its owner, those it is shared
// with, and administrators. For everybody else it is storage.ErrNotFound. It is
// held until the transaction ends, so that one change is made at a time.
func (c *Courses) Editable(tx *gorm.DB, by accounts.Access, courseID string) (*Course, error) {
	if !by.Role(accounts.Trainer, accounts.Admin) {
		return nil, storage.ErrNotFound
	}
	find := tx.Clauses(clause.Locking{Strength: "UPDATE"}).Where("id = ?", courseID)
	if !by.Role(accounts.Admin) {
		find = find.Where("owner = ? OR id IN (SELECT course_id FROM course_shares WHERE account_id = ?)", by.AccountID, by.AccountID)
	}
	var course Course
	return &course, find.Take(&course).Error
}

// owned is Editable for what only the owner and administrators do.
func (c *Courses) owned(tx *gorm.DB, by accounts.Access, courseID string) (*Course, error) {
	course, err := c.Editable(tx, by, courseID)
	if err != nil {
		return nil, err
	}
	if !course.OwnedBy(by) {
		return nil, storage.ErrNotFound
	}
	return course, nil
}

// OwnedBy says whether by may share and archive the course.
func (c *Course) OwnedBy(by accounts.Access) bool {
	return by.Role(accounts.Admin) || c.Owner != nil && *c.Owner == by.AccountID
}

// NewCourse is what a course begins with. Operation makes it once only.
type NewCourse struct {
	Title     string `form:"title" validate:"required,max=60"`
	Operation string `form:"operation" validate:"required,uuid"`
}

// Create begins a course: a module with one lesson, and what is usual for the
// rest. It is nobody else's to see until it is published. Errors:
// validator.ValidationErrors, storage.ErrNotFound for who is no trainer.
func (c *Courses) Create(ctx context.Context, by accounts.Access, in NewCourse) (id string, err error) {
	in.Title = strings.TrimSpace(in.Title)
	if !by.Role(accounts.Trainer, accounts.Admin) {
		return "", storage.ErrNotFound
	}
	if err := validate().Struct(in); err != nil {
		return "", err
	}
	return c.begin(ctx, by, storage.Operation{ID: in.Operation, Kind: "course.new", Body: in.Title}, func(*gorm.DB) (*Package, error) {
		return firstDraft(in.Title), nil
	})
}

// firstDraft is a course to begin writing with.
func firstDraft(title string) *Package {
	lesson := randomName("lesson")
	return &Package{
		Slug: randomName("course"), Title: Text{questions.JA: title}, Minutes: 30,
		Modules: []PackageModule{{
			ID: randomName("unit"), Title: Text{questions.JA: "単元1"}, Minutes: 15,
			Lessons: []PackageLesson{{
				ID: lesson, Title: Text{questions.JA: "レッスン1"}, Required: true, Body: Text{questions.JA: firstText},
			}},
		}},
	}
}

const firstText = "ここに、はじめの文を書きます。一つの文は50字までにすると、読みやすくなります。\n\n## 見出し\n\n- 伝えたいこと\n- もうひとつ"

// CopyCourse names the course that is copied. Operation makes it once only.
type CopyCourse struct {
	Course    string `form:"course" validate:"required,max=60"`
	Operation string `form:"operation" validate:"required,uuid"`
}

// Copy begins a course as a copy of the newest revision of a published one, or of
// the draft of one that by may edit. Whether finishing it makes a supporter is
// for administrators to say, so the copy of a trainer does not.
func (c *Courses) Copy(ctx context.Context, by accounts.Access, in CopyCourse) (id string, err error) {
	if !by.Role(accounts.Trainer, accounts.Admin) {
		return "", storage.ErrNotFound
	}
	if err := validate().Struct(in); err != nil {
		return "", err
	}
	return c.begin(ctx, by, storage.Operation{ID: in.Operation, Kind: "course.copy", Body: in.Course}, func(tx *gorm.DB) (*Package, error) {
		p, err := c.copyable(tx, by, in.Course)
		if err != nil {
			return nil, err
		}
		p.Slug = randomName("course")
		for lang, title := range p.Title {
			p.Title[lang] = title + map[questions.Lang]string{questions.JA: "（写し）", questions.Easy: "（コピー）"}[lang]
		}
		return p, nil
	})
}

func (c *Courses) copyable(tx *gorm.DB, by accounts.Access, courseID string) (*Package, error) {
	if d, err := c.draft(tx, by, courseID); err == nil || !errors.Is(err, storage.ErrNotFound) {
		if err != nil {
			return nil, err
		}
		return d.Package(), nil
	}
	var row revisionRow
	err := tx.Joins("JOIN courses ON courses.newest_revision = revisions.id").
		Where("courses.id = ? AND courses.archived_at IS NULL", courseID).Take(&row).Error
	if err != nil {
		return nil, err
	}
	return ParseDocument([]byte(row.Document))
}

// begin makes a course of by's own with the package as its draft.
func (c *Courses) begin(ctx context.Context, by accounts.Access, op storage.Operation, from func(*gorm.DB) (*Package, error)) (id string, err error) {
	op.Actor = by.AccountID
	err = c.db.Tx(ctx, func(tx *gorm.DB) error {
		id, _, err = storage.Once(tx, op, func() (string, error) {
			p, err := from(tx)
			if err != nil {
				return "", err
			}
			p.ID = uuid.NewString()
			if !by.Role(accounts.Admin) {
				p.Supporters = false
			}
			course, err := lockedCourse(tx, p.ID, p.Slug)
			if err != nil {
				return "", err
			}
			if by.AccountID != accounts.Shell().AccountID {
				if err := tx.Model(course).Update("owner", by.AccountID).Error; err != nil {
					return "", err
				}
			}
			if err := putDraft(tx, course.ID, p, by.AccountID); err != nil {
				return "", err
			}
			return course.ID, accounts.Audit(tx, by.AccountID, op.Kind, course.ID, p.Slug, "")
		})
		return err
	})
	return id, err
}

// Characters of made-up names: none that is read for another.
const nameLetters = "abcdefghjkmnpqrstuvwxyz23456789"

// randomName is an id that nobody has to think of: lesson-k7f3qw.
func randomName(kind string) string {
	var b [6]byte
	rand.Read(b[:]) // never fails
	for i := range b {
		b[i] = nameLetters[int(b[i])%len(nameLetters)]
	}
	return kind + "-" + string(b[:])
}
