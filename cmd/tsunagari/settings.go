package main

import (
	"context"
	"time"

	"gorm.io/gorm"

	"tsunagari/storage"
)

// claim takes the task name for the time given and says whether it was free: of
// several instances one does it. A claim is not given back, so that a task that
// failed is tried again only when the time is over.
func claim(ctx context.Context, db *storage.DB, name string, keep time.Duration) (mine bool, err error) {
	err = db.Tx(ctx, func(tx *gorm.DB) error {
		now := tx.NowFunc()
		res := tx.Exec(`INSERT INTO settings (name, value, updated_at) VALUES (?, ?, ?)
			ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at WHERE settings.value <= ?`,
			name, now.Add(keep).Format(time.RFC3339), now, now.Format(time.RFC3339))
		mine = res.RowsAffected == 1
		return res.Error
	})
	return mine && err == nil, err
}
