package storage

import (
	"context"
	"errors"
	"io"
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
	return MediumTx(db.Read(ctx), sha256)
}

// MediumTx is Medium inside a transaction.
func MediumTx(tx *gorm.DB, sha256 string) (*Medium, error) {
	var m Medium
	if err := tx.Where("sha256 = ?", sha256).Take(&m).Error; err != nil {
		return nil, err
	}
	return &m, nil
}

// DropMedium forgets a file that no row refers to; one that is in use stays. It begins
// its own transaction, because a row that refers to it ends that.
func (db *DB) DropMedium(ctx context.Context, sha256 string) error {
	err := db.Tx(ctx, func(tx *gorm.DB) error { return tx.Where("sha256 = ?", sha256).Delete(&Medium{}).Error })
	if errors.Is(err, gorm.ErrForeignKeyViolated) {
		return nil
	}
	return err
}

// mediumPart is how much of a file is in memory at a time.
const mediumPart = 512 << 10

// MediumReader reads a file from the database part by part, so that forty people who
// listen to one recording do not take forty times its size.
type MediumReader struct {
	Type string
	Size int64

	db     *DB
	sha256 string
	at     int64 // of the file
	part   []byte
}

// OpenMedium finds the file with the given SHA-256, or ErrNotFound.
func (db *DB) OpenMedium(ctx context.Context, sha256 string) (*MediumReader, error) {
	r := &MediumReader{db: db, sha256: sha256}
	err := db.Read(ctx).Model(&Medium{}).Select("type, length(content) AS size").Where("sha256 = ?", sha256).Take(r).Error
	return r, err
}

// From goes to a place of the file.
func (r *MediumReader) From(at int64) { r.at, r.part = at, nil }

// Read is io.Reader's. It goes on after the request that began it.
func (r *MediumReader) Read(p []byte) (int, error) {
	if len(r.part) == 0 {
		if r.at >= r.Size {
			return 0, io.EOF
		}
		var parts [][]byte
		err := r.db.Read(context.Background()).
			Raw("SELECT substr(content, ?, ?) FROM media WHERE sha256 = ?", r.at+1, mediumPart, r.sha256).Scan(&parts).Error
		if err != nil {
			return 0, Unavailable(err)
		}
		if len(parts) == 0 || len(parts[0]) == 0 {
			return 0, io.ErrUnexpectedEOF
		}
		r.part = parts[0]
	}
	n := copy(p, r.part)
	r.part, r.at = r.part[n:], r.at+int64(n)
	return n, nil
}
