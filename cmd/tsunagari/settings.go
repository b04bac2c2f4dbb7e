package main

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"tsunagari/storage"
)

// setting is one thing that the program remembers for all its instances.
type setting struct {
	Name      string `gorm:"primaryKey"`
	Value     string
	UpdatedAt time.Time
}

// readSetting is the value under name, "" when there is none.
func readSetting(tx *gorm.DB, name string) (string, error) {
	var s setting
	err := tx.Where("name = ?", name).Take(&s).Error
	if errors.Is(err, storage.ErrNotFound) {
		return "", nil
	}
	return s.Value, err
}

func writeSetting(tx *gorm.DB, name, value string) error {
	s := setting{Name: name, Value: value, UpdatedAt: tx.NowFunc()}
	return tx.Clauses(clause.OnConflict{UpdateAll: true}).Create(&s).Error
}

// claim takes the task name for the time given and says whether it was free: of
// several instances one does it. A claim is not given back, so that a task that
// failed is tried again only when the time is over.
func claim(ctx context.Context, db *storage.DB, name string, keep time.Duration) (mine bool, err error) {
	err = db.Tx(ctx, func(tx *gorm.DB) error {
		now := tx.NowFunc()
		until := now.Add(keep).Format(time.RFC3339)
		first := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&setting{Name: name, Value: until, UpdatedAt: now})
		if first.Error != nil || first.RowsAffected == 1 {
			mine = first.Error == nil
			return first.Error
		}
		later := tx.Model(&setting{}).Where("name = ? AND value <= ?", name, now.Format(time.RFC3339)).
			Updates(map[string]any{"value": until, "updated_at": now})
		mine = later.RowsAffected == 1
		return later.Error
	})
	return mine, err
}
