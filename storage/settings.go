package storage

import (
	"errors"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// setting is one thing that the program remembers for all its instances.
type setting struct {
	Name, Value string
	UpdatedAt   time.Time
}

// Setting is the value under name, "" when there is none.
func Setting(tx *gorm.DB, name string) (string, error) {
	var s setting
	err := tx.Where("name = ?", name).Take(&s).Error
	if errors.Is(err, ErrNotFound) {
		return "", nil
	}
	return s.Value, err
}

// SetSetting keeps value under name, in place of what was there.
func SetSetting(tx *gorm.DB, name, value string) error {
	s := setting{Name: name, Value: value, UpdatedAt: tx.NowFunc()}
	return tx.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "name"}}, UpdateAll: true}).Create(&s).Error
}
