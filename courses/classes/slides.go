package classes

import (
	"context"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"tsunagari/courses/accounts"
	"tsunagari/storage"
)

// wall is the slide of a class that everybody sees.
type wall struct {
	ClassID string `gorm:"primaryKey"`
	Number  int
	MovedAt time.Time
}

func (wall) TableName() string { return "class_slides" }

// Slide is the number of the slide that is on the wall, 1 before anybody moved it,
// and never one that the class's edition does not have.
func (k *Classes) Slide(ctx context.Context, by accounts.Access, classID string) (int, error) {
	db := k.db.Read(ctx)
	c, err := k.Own(db, by, classID)
	if err != nil {
		return 0, err
	}
	last, err := k.lastSlide(db, c)
	if err != nil {
		return 0, err
	}
	var rows []wall
	if err := db.Where("class_id = ?", classID).Limit(1).Find(&rows).Error; err != nil || len(rows) == 0 {
		return 1, err
	}
	return max(1, min(rows[0].Number, last)), nil
}

// ShowSlide puts a slide on the wall; of two people who do so at once the later one
// counts. storage.ErrNotFound where there is no such slide.
func (k *Classes) ShowSlide(ctx context.Context, by accounts.Access, classID string, number int) error {
	return k.db.Tx(ctx, func(tx *gorm.DB) error {
		c, err := k.Own(tx, by, classID)
		if err != nil {
			return err
		}
		last, err := k.lastSlide(tx, c)
		if err != nil {
			return err
		}
		if number < 1 || number > last {
			return storage.ErrNotFound
		}
		return tx.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "class_id"}}, UpdateAll: true}).
			Create(&wall{classID, number, tx.NowFunc()}).Error
	})
}

func (k *Classes) lastSlide(db *gorm.DB, c *Class) (int, error) {
	rev, err := k.courses.RevisionTx(db, c.RevisionID)
	if err != nil {
		return 0, err
	}
	return len(rev.Class.Slides), nil
}
