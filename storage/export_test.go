package storage

import (
	"context"

	"gorm.io/gorm"
)

// MigrateTo migrates up to the migration with the given id, as an older program did.
func (db *DB) MigrateTo(ctx context.Context, id string) error {
	return db.Tx(ctx, func(tx *gorm.DB) error { return db.migrateTo(tx, id) })
}
