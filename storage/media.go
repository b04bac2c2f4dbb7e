package storage

import (
	"context"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// Medium is a picture or another file, kept once per content in the database so
// that instances need no shared file system.
type Medium struct {
	SHA256    string `gorm:"column:sha256;primaryKey"`
	Type      string // media type, as image/svg+xml
	Content   []byte
	CreatedAt time.Time
}

// PutMedium keeps content and returns its SHA-256 in hex, its key.
func PutMedium(tx *gorm.DB, mediaType string, content []byte) (string, error) {
	m := Medium{SHA256: hash(string(content)), Type: mediaType, Content: content, CreatedAt: tx.NowFunc()}
	return m.SHA256, tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&m).Error
}

// Medium is the file with the given SHA-256, or ErrNotFound.
func (db *DB) Medium(ctx context.Context, sha256 string) (*Medium, error) {
	var m Medium
	if err := db.Read(ctx).Where("sha256 = ?", sha256).Take(&m).Error; err != nil {
		return nil, err
	}
	return &m, nil
}
