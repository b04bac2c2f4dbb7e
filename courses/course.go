package courses

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"tsunagari/storage"
)

// Courses keeps courses, their revisions, and how far everybody is in them.
type Courses struct {
	db        *storage.DB
	revisions sync.Map // revision id → *Revision
	completed []func(*gorm.DB, *Completion) error
	withdrawn []func(tx *gorm.DB, done *Completion, by, why string) error
	counted   []func(tx *gorm.DB, changes []Counted) error
	stepped   []func(tx *gorm.DB, accountID, courseID string) error
}

// New is the courses of db.
func New(db *storage.DB) *Courses { return &Courses{db: db} }

// Course is one course; its texts are in its revisions.
type Course struct {
	ID, Slug       string
	Position       int
	NewestRevision *string
	CreatedAt      time.Time
	Owner          *string    // account, nil: the operator's
	ArchivedAt     *time.Time // nobody new may begin it
	DraftBase      *string    // the revision that the draft began from or became last
	EditedAt       *time.Time // when the draft was changed last
}

type revisionRow struct {
	ID, CourseID string
	Number       int
	SHA256       string `gorm:"column:sha256"`
	Document     string
	PublishedAt  time.Time
	PublishedBy  *string // account; nil: the program or a command
}

func (revisionRow) TableName() string { return "revisions" }

// ErrSlugTaken says that another course has this address already.
var ErrSlugTaken = errors.New("courses: another course has this slug")

// Publish makes the package the newest revision of its course, which is made
// when it is new. A package equal to the newest revision changes nothing:
// published is then false. Two programs publishing together make one revision.
func (c *Courses) Publish(ctx context.Context, p *Package) (rev *Revision, published bool, err error) {
	document, err := p.Document()
	if err != nil {
		return nil, false, err
	}
	var row *revisionRow
	err = c.db.Tx(ctx, func(tx *gorm.DB) error {
		course, err := lockedCourse(tx, p.ID, p.Slug)
		if err != nil {
			return err
		}
		if err := putMedia(tx, p); err != nil {
			return err
		}
		row, published, err = publish(tx, course, document, nil)
		return err
	})
	if err != nil {
		return nil, false, err
	}
	rev, err = c.open(row)
	return rev, published, err
}

// publish makes the document the newest revision of a course that the caller
// holds, unless it is that already. by is the account, nil for the program.
func publish(tx *gorm.DB, course *Course, document []byte, by *string) (row *revisionRow, published bool, err error) {
	sum := sha256.Sum256(document)
	last := revisionRow{}
	if course.NewestRevision != nil {
		if err := tx.Where("id = ?", *course.NewestRevision).Take(&last).Error; err != nil {
			return nil, false, err
		}
		if last.SHA256 == hex.EncodeToString(sum[:]) {
			return &last, false, nil
		}
	}
	row = &revisionRow{
		ID: uuid.NewString(), CourseID: course.ID, Number: last.Number + 1, SHA256: hex.EncodeToString(sum[:]),
		Document: string(document), PublishedAt: tx.NowFunc(), PublishedBy: by,
	}
	if err := tx.Create(row).Error; err != nil {
		return nil, false, err
	}
	if err := showMedia(tx, row); err != nil {
		return nil, false, err
	}
	course.NewestRevision = &row.ID
	return row, true, tx.Model(&Course{}).Where("id = ?", course.ID).Update("newest_revision", row.ID).Error
}

func lockedCourse(tx *gorm.DB, id, slug string) (*Course, error) {
	var n int64
	if err := tx.Model(&Course{}).Count(&n).Error; err != nil {
		return nil, err
	}
	course := Course{ID: id, Slug: slug, Position: int(n), CreatedAt: tx.NowFunc()}
	if err := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&course).Error; err != nil {
		return nil, err
	}
	err := tx.Clauses(clause.Locking{Strength: "UPDATE"}).Where("id = ?", id).Take(&course).Error
	if errors.Is(err, storage.ErrNotFound) {
		return nil, ErrSlugTaken
	}
	return &course, err
}

// List is the newest revision of every published course that people may begin, in
// the order of publication.
func (c *Courses) List(ctx context.Context) ([]*Revision, error) {
	return c.list(ctx, c.db.Read(ctx).Where("archived_at IS NULL"))
}

// ListAll is List with the archived courses: whatever somebody may have finished.
func (c *Courses) ListAll(ctx context.Context) ([]*Revision, error) {
	return c.list(ctx, c.db.Read(ctx))
}

// ListFor is List with the archived courses that the account has begun.
func (c *Courses) ListFor(ctx context.Context, accountID string) ([]*Revision, error) {
	return c.list(ctx, c.db.Read(ctx).
		Where("archived_at IS NULL OR id IN (SELECT course_id FROM enrolments WHERE account_id = ?)", accountID))
}

func (c *Courses) list(ctx context.Context, of *gorm.DB) ([]*Revision, error) {
	var ids []string
	err := of.Model(&Course{}).Where("newest_revision IS NOT NULL").Order("position, slug").Pluck("newest_revision", &ids).Error
	if err != nil {
		return nil, err
	}
	list := make([]*Revision, 0, len(ids))
	for _, id := range ids {
		rev, err := c.Revision(ctx, id)
		if err != nil {
			return nil, err
		}
		list = append(list, rev)
	}
	return list, nil
}

// Newest is the SHA-256 of the course's newest revision, also of an archived
// course; storage.ErrNotFound when there is none.
func (c *Courses) Newest(ctx context.Context, courseID string) (sha256 string, err error) {
	var row revisionRow
	err = c.db.Read(ctx).Joins("JOIN courses ON courses.newest_revision = revisions.id").
		Where("courses.id = ?", courseID).Take(&row).Error
	return row.SHA256, err
}

// Revision is the revision with the given id, parsed and rendered once per
// program and then kept, or storage.ErrNotFound.
func (c *Courses) Revision(ctx context.Context, id string) (*Revision, error) {
	return c.RevisionTx(c.db.Read(ctx), id)
}

// RevisionTx is Revision inside a transaction.
func (c *Courses) RevisionTx(db *gorm.DB, id string) (*Revision, error) {
	if rev, ok := c.revisions.Load(id); ok {
		return rev.(*Revision), nil
	}
	var row revisionRow
	if err := db.Where("id = ?", id).Take(&row).Error; err != nil {
		return nil, err
	}
	return c.open(&row)
}

func (c *Courses) open(row *revisionRow) (*Revision, error) {
	if rev, ok := c.revisions.Load(row.ID); ok {
		return rev.(*Revision), nil
	}
	rev, err := OpenDocument(row.ID, row.Number, []byte(row.Document))
	if err != nil {
		return nil, fmt.Errorf("opening revision %s: %w", row.ID, err)
	}
	kept, _ := c.revisions.LoadOrStore(row.ID, rev)
	return kept.(*Revision), nil
}
