package courses

import (
	"context"

	"gorm.io/gorm"

	"tsunagari/courses/accounts"
	"tsunagari/courses/questions"
	"tsunagari/storage"
)

// Authored is a course as the list of those who write shows it.
type Authored struct {
	Course
	Title     string
	Number    int    // of the newest edition, 0 before the first
	Writable  bool   // by may edit it
	Mine      bool   // by owns it
	OwnerName string // "" for the operator's
}

// Authoring lists the courses that by may edit and the published ones that may be
// copied. storage.ErrNotFound for who is no trainer.
func (c *Courses) Authoring(ctx context.Context, by accounts.Access) ([]Authored, error) {
	if !by.Role(accounts.Trainer, accounts.Admin) {
		return nil, storage.ErrNotFound
	}
	tx := c.db.Read(ctx)
	var rows []authoredRow
	err := tx.Raw(`SELECT c.*, COALESCE(r.number, 0) AS number, COALESCE(p.body, '') AS body, s.account_id AS shared,
			COALESCE(a.family_name || ' ' || a.given_name, '') AS owner_name
		FROM courses c LEFT JOIN revisions r ON r.id = c.newest_revision
		LEFT JOIN draft_pieces p ON p.course_id = c.id AND p.kind = ?
		LEFT JOIN course_shares s ON s.course_id = c.id AND s.account_id = ?
		LEFT JOIN accounts a ON a.id = c.owner
		ORDER BY c.position, c.slug`, CoursePiece, by.AccountID).Scan(&rows).Error
	if err != nil {
		return nil, err
	}
	var list []Authored
	for _, r := range rows {
		a := Authored{Course: r.Course, Number: r.Number, OwnerName: r.OwnerName}
		a.Mine = r.Owner != nil && *r.Owner == by.AccountID
		a.Writable = a.Mine || r.Shared != nil || by.Role(accounts.Admin)
		if !a.Writable && (r.NewestRevision == nil || r.ArchivedAt != nil) {
			continue
		}
		if a.Title, err = c.titleOf(tx, &r, a.Writable); err != nil {
			return nil, err
		}
		list = append(list, a)
	}
	return list, nil
}

type authoredRow struct {
	Course    `gorm:"embedded"`
	Number    int
	Body      string
	Shared    *string
	OwnerName string
}

// titleOf is the title in the draft for who may edit it, else the published one.
func (c *Courses) titleOf(tx *gorm.DB, r *authoredRow, writable bool) (string, error) {
	if writable && r.Body != "" {
		var p Package
		err := decode(r.Body, &p)
		return Plain(p.Title.In(questions.JA)), err
	}
	rev, err := c.RevisionTx(tx, *r.NewestRevision)
	if err != nil {
		return "", err
	}
	return Plain(rev.Title.In(questions.JA)), nil
}

// DraftAt is the draft of the course with this address; see Draft.
func (c *Courses) DraftAt(ctx context.Context, by accounts.Access, slug string) (*Draft, error) {
	var course Course
	if err := c.db.Read(ctx).Where("slug = ?", slug).Take(&course).Error; err != nil {
		return nil, err
	}
	return c.Draft(ctx, by, course.ID)
}
