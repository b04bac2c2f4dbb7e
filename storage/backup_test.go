package storage_test

import (
	"bytes"
	"errors"
	"testing"

	"gorm.io/gorm"

	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

func filled(t *testing.T, db *storage.DB) []byte {
	t.Helper()
	err := db.Tx(ctx, func(tx *gorm.DB) error {
		_, err := storage.PutMedium(tx, "image/png", []byte{0, 255, 'x', '\n'})
		if err != nil {
			return err
		}
		return tx.Exec(`INSERT INTO issuers (id, kind, code, name, opted_in, register_years, version, created_at)
			VALUES ('i', 'municipality', '012084', '北見市', ?, -1, 1, ?)`, true, tx.NowFunc()).Error
	})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := db.Backup(ctx, &b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A backup of either database restored into the other gives the same backup.
func TestBackupMoves(t *testing.T) {
	for _, way := range []struct {
		name     string
		from, to func(testing.TB) string
	}{
		{"sqlite to postgres", storagetest.SQLite, storagetest.Postgres},
		{"postgres to sqlite", storagetest.Postgres, storagetest.SQLite},
	} {
		t.Run(way.name, func(t *testing.T) {
			first := filled(t, storagetest.Open(t, way.from(t)))
			to := storagetest.Open(t, way.to(t))
			if err := to.Restore(ctx, bytes.NewReader(first), int64(len(first))); err != nil {
				t.Fatal(err)
			}
			var second bytes.Buffer
			if err := to.Backup(ctx, &second); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(first, second.Bytes()) {
				t.Error("the restored database gives another backup")
			}
			if err := to.Restore(ctx, bytes.NewReader(first), int64(len(first))); !errors.Is(err, storage.ErrNotEmpty) {
				t.Errorf("restoring over people: %v", err)
			}
		})
	}
}

func TestRestoreRefuses(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		whole := filled(t, storagetest.Open(t, storagetest.SQLite(t)))
		for name, b := range map[string][]byte{"nothing": nil, "half": whole[:len(whole)/2], "other": []byte("PK\x03\x04 hello")} {
			if err := db.Restore(ctx, bytes.NewReader(b), int64(len(b))); !errors.Is(err, storage.ErrNotBackup) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}
