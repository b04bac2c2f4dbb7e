package courses

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"tsunagari/courses/accounts"
	"tsunagari/storage"
)

// Edition is a published version of a course as a list shows it.
type Edition struct {
	ID          string
	Number      int
	PublishedAt time.Time
	ByName      string // "" when the program published it, or the person was erased
	Newest      bool
}

// Editions are the published versions of a course, the newest first, for who may
// edit it.
func (c *Courses) Editions(ctx context.Context, by accounts.Access, courseID string) ([]Edition, error) {
	tx := c.db.Read(ctx)
	course, err := c.Editable(tx, by, courseID)
	if err != nil {
		return nil, err
	}
	var rows []revisionRow
	err = tx.Select("id, number, published_at, published_by").Where("course_id = ?", courseID).Order("number DESC").Find(&rows).Error
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, r := range rows {
		if r.PublishedBy != nil {
			ids = append(ids, *r.PublishedBy)
		}
	}
	names, err := accounts.NamesOf(tx, ids...)
	var list []Edition
	for _, r := range rows {
		e := Edition{ID: r.ID, Number: r.Number, PublishedAt: r.PublishedAt, Newest: r.ID == *course.NewestRevision}
		if r.PublishedBy != nil {
			e.ByName = names[*r.PublishedBy]
		}
		list = append(list, e)
	}
	return list, err
}

// PackageOf is a published version of a course as it was written, for who may
// edit the course.
func (c *Courses) PackageOf(ctx context.Context, by accounts.Access, courseID string, number int) (*Package, error) {
	tx := c.db.Read(ctx)
	if _, err := c.Editable(tx, by, courseID); err != nil {
		return nil, err
	}
	var row revisionRow
	if err := tx.Where("course_id = ? AND number = ?", courseID, number).Take(&row).Error; err != nil {
		return nil, err
	}
	return ParseDocument([]byte(row.Document))
}

// Publication is what a trainer decides when publishing. Seen is Proof.Seen of
// the page on which they decided; Renew are the keys of the steps that everybody
// in the middle is asked for again.
type Publication struct {
	Seen  string   `form:"seen" validate:"required"`
	Renew []string `form:"renew" validate:"max=500"`
}

// Proof is a draft as it is looked at before it is published.
type Proof struct {
	Draft   *Draft
	Report  *Report
	Changes []Change // since the newest edition
	Impact  *Impact  // nil while there are faults, and before the first edition
	Seen    string   // names what was looked at
}

// Proof reads the draft as a critical reader would and says what publishing it
// would do.
func (c *Courses) Proof(ctx context.Context, by accounts.Access, courseID string) (proof *Proof, err error) {
	err = c.db.Tx(ctx, func(tx *gorm.DB) error {
		d, err := c.draft(tx, by, courseID)
		if err != nil {
			return err
		}
		p := d.Package()
		proof = &Proof{Draft: d, Report: Check(p)}
		if proof.Seen, err = stateOf(p); err != nil || d.Course.NewestRevision == nil {
			return err
		}
		var row revisionRow
		if err := tx.Where("id = ?", *d.Course.NewestRevision).Take(&row).Error; err != nil {
			return err
		}
		old, err := ParseDocument([]byte(row.Document))
		if err != nil {
			return err
		}
		proof.Changes = Difference(old, p)
		if proof.Report.OK() {
			proof.Impact, err = impact(tx, old, p)
		}
		return err
	})
	return proof, err
}

// stateOf names the state of a draft.
func stateOf(p *Package) (string, error) {
	text, err := encode(p)
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:16]), err
}

// PublishDraft makes the draft the next edition (第○版). A draft equal to the
// newest one changes nothing. Errors: ErrFaults, storage.ErrConflict when the
// draft is no longer what was looked at, or another edition was published
// meanwhile, storage.ErrNotFound.
func (c *Courses) PublishDraft(ctx context.Context, by accounts.Access, courseID string, in Publication) (rev *Revision, published bool, err error) {
	if err := validate().Struct(in); err != nil {
		return nil, false, err
	}
	var row *revisionRow
	err = c.db.Tx(ctx, func(tx *gorm.DB) error {
		d, err := c.draft(tx, by, courseID)
		if err != nil {
			return err
		}
		p := d.Package()
		if now, err := stateOf(p); err != nil || now != in.Seen {
			return conflictOr(err)
		}
		document, err := p.Document()
		if err != nil {
			return err
		}
		first := d.Course.NewestRevision == nil
		if row, published, err = publish(tx, d.Course, document, &by.AccountID); err != nil {
			return err
		}
		err = tx.Model(&Course{}).Where("id = ?", courseID).Updates(map[string]any{"draft_base": row.ID, "edited_at": nil}).Error
		if err != nil || !published {
			return err
		}
		if !first {
			if err := renew(tx, courseID, p, in.Renew); err != nil {
				return err
			}
		}
		return accounts.Audit(tx, by.AccountID, "course.publish", courseID, editionName(row.Number), "")
	})
	if err != nil {
		return nil, false, err
	}
	rev, err = c.open(row)
	return rev, published, err
}

func conflictOr(err error) error {
	if err != nil {
		return err
	}
	return storage.ErrConflict
}

// renewal says from when on a step must be done again.
type renewal struct {
	CourseID, Step string
	RenewedAt      time.Time
}

// renew asks everybody who has not finished for the steps again.
func renew(tx *gorm.DB, courseID string, p *Package, keys []string) error {
	for _, step := range p.steps() {
		if !slices.Contains(keys, step.key) {
			continue
		}
		row := renewal{CourseID: courseID, Step: step.key, RenewedAt: tx.NowFunc()}
		err := tx.Clauses(clause.OnConflict{
			Columns: []clause.Column{{Name: "course_id"}, {Name: "step"}}, DoUpdates: clause.AssignmentColumns([]string{"renewed_at"}),
		}).Create(&row).Error
		if err != nil {
			return err
		}
	}
	return nil
}
