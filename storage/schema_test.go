package storage_test

import (
	"testing"

	"gorm.io/gorm"

	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

func TestSchema(t *testing.T) {
	fresh, err := storage.Open(ctx, storage.Options{URL: storagetest.SQLite(t)})
	if err != nil {
		t.Fatal(err)
	}
	defer fresh.Close()
	if s, err := fresh.Schema(ctx); err != nil || s.Applied != 0 || len(s.Missing) == 0 || len(s.Unknown) != 0 {
		t.Errorf("a new file: %+v %v", s, err)
	}
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		whole, err := db.Schema(ctx)
		if err != nil || whole.Applied == 0 || len(whole.Missing) != 0 || len(whole.Unknown) != 0 {
			t.Fatalf("a migrated database: %+v %v", whole, err)
		}
		err = db.Tx(ctx, func(tx *gorm.DB) error {
			return tx.Exec("UPDATE migrations SET id = '9999_later' WHERE id = (SELECT max(id) FROM migrations)").Error
		})
		if err != nil {
			t.Fatal(err)
		}
		s, err := db.Schema(ctx)
		if err != nil || s.Applied != whole.Applied-1 || len(s.Missing) != 1 || len(s.Unknown) != 1 || s.Unknown[0] != "9999_later" {
			t.Errorf("a newer database that lacks one of ours: %+v %v", s, err)
		}
	})
}
