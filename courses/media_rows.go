package courses

import (
	"context"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"tsunagari/courses/accounts"
	"tsunagari/courses/media"
	"tsunagari/storage"
)

type revisionMedium struct {
	RevisionID string
	SHA256     string `gorm:"column:sha256"`
}

func (revisionMedium) TableName() string { return "revision_media" }

type draftMedium struct {
	CourseID string
	SHA256   string `gorm:"column:sha256"`
}

func (draftMedium) TableName() string { return "draft_media" }

// putMedia keeps the files that came with a package.
func putMedia(tx *gorm.DB, p *Package) error {
	return p.files(func(f *MediaFile, ext string) error {
		if f.content == nil {
			return nil // a copy: the rows are there
		}
		_, err := storage.PutMedium(tx, media.TypeOf(ext), f.content)
		return err
	})
}

// holdMedia keeps the files of a package and notes that the draft has them.
func holdMedia(tx *gorm.DB, courseID string, p *Package) error {
	if err := putMedia(tx, p); err != nil {
		return err
	}
	return p.files(func(f *MediaFile, _ string) error {
		return tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&draftMedium{courseID, f.SHA256}).Error
	})
}

// showMedia notes the files that everybody may have because of a revision.
func showMedia(tx *gorm.DB, row *revisionRow) error {
	p, err := ParseDocument([]byte(row.Document))
	if err != nil {
		return err
	}
	return p.files(func(f *MediaFile, _ string) error {
		return tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&revisionMedium{row.ID, f.SHA256}).Error
	})
}

// ForgetMedia drops the files that no draft and no edition holds any more: those of a
// draft that was begun anew, say. A file of today may be on its way into one.
func (c *Courses) ForgetMedia(ctx context.Context) error {
	var left []string
	err := c.db.Read(ctx).Model(&storage.Medium{}).Where("created_at < ?", c.db.Now().AddDate(0, 0, -1)).
		Where("NOT EXISTS (SELECT 1 FROM draft_media d WHERE d.sha256 = media.sha256)").
		Where("NOT EXISTS (SELECT 1 FROM revision_media r WHERE r.sha256 = media.sha256)").
		Order("sha256").Pluck("sha256", &left).Error
	for _, sha256 := range left {
		if err == nil {
			err = c.db.DropMedium(ctx, sha256) // what a room above refers to stays
		}
	}
	return err
}

// LoadMedia fills in the content of the files of a package, for WriteZip. The caller
// has asked whether the package may be seen.
func (c *Courses) LoadMedia(ctx context.Context, p *Package) error {
	tx := c.db.Read(ctx)
	for i := range p.Media {
		for _, f := range p.Media[i].File.all() {
			m, err := storage.MediumTx(tx, f.SHA256)
			if err != nil {
				return err
			}
			f.content = m.Content
		}
	}
	return nil
}

// Medium opens a file that a published revision shows, or storage.ErrNotFound.
func (c *Courses) Medium(ctx context.Context, sha256 string) (*storage.MediumReader, error) {
	var shown revisionMedium
	if err := c.db.Read(ctx).Where("sha256 = ?", sha256).Take(&shown).Error; err != nil {
		return nil, err
	}
	return c.db.OpenMedium(ctx, sha256)
}

// DraftMediaAt is the address before the names of a draft's files.
func DraftMediaAt(courseID string) string { return "/trainer/courses/" + courseID + "/media/" }

// DraftMedium opens a file of a draft for who may edit the course, or
// storage.ErrNotFound.
func (c *Courses) DraftMedium(ctx context.Context, by accounts.Access, courseID, sha256 string) (*storage.MediumReader, error) {
	tx := c.db.Read(ctx)
	if _, err := c.Editable(tx, by, courseID); err != nil {
		return nil, err
	}
	var held draftMedium
	if err := tx.Where("course_id = ? AND sha256 = ?", courseID, sha256).Take(&held).Error; err != nil {
		return nil, err
	}
	return c.db.OpenMedium(ctx, sha256)
}

// PackPictures are the photographs in a 授業パック by their SHA-256, for printing.
func (c *Courses) PackPictures(ctx context.Context, pack *Pack) (map[string][]byte, error) {
	found := map[string][]byte{}
	var lists [][]Block
	for _, h := range pack.handout {
		lists = append(lists, h.Blocks)
	}
	for _, s := range pack.Slides {
		lists = append(lists, s.Blocks, s.Notes)
	}
	tx := c.db.Read(ctx)
	for _, list := range lists {
		for _, sha := range photographs(list) {
			if found[sha] != nil {
				continue
			}
			m, err := storage.MediumTx(tx, sha)
			if err != nil {
				return nil, err
			}
			found[sha] = m.Content
		}
	}
	return found, nil
}

func photographs(list []Block) (shas []string) {
	for i := range list {
		if sha := list[i].Figure.SHA256; sha != "" {
			shas = append(shas, sha)
		}
		shas = append(shas, photographs(list[i].Inner)...)
	}
	return shas
}
