package storage_test

import (
	"fmt"
	"slices"
	"testing"

	"gorm.io/gorm"

	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

// What people finished before there were counts is counted by the migration.
func TestCountsOfAnOlderDatabase(t *testing.T) {
	old := func(t *testing.T, url string) {
		db, err := storage.Open(ctx, storage.Options{URL: url})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { db.Close() })
		if db.Postgres() { // it comes migrated
			for _, sql := range []string{"DROP SCHEMA public CASCADE", "CREATE SCHEMA public"} {
				if err := db.Tx(ctx, func(tx *gorm.DB) error { return tx.Exec(sql).Error }); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := db.MigrateTo(ctx, "0011_slides"); err != nil {
			t.Fatal(err)
		}
		if err := db.Tx(ctx, finishedBefore); err != nil {
			t.Fatal(err)
		}
		if err := db.Migrate(ctx); err != nil {
			t.Fatal(err)
		}
		var rows, heads []string
		err = db.Read(ctx).Raw(`SELECT geo || ' ' || area || ' ' || course || ' ' || month || ' ' || people FROM counts`).Scan(&rows).Error
		if err != nil {
			t.Fatal(err)
		}
		want := []string{
			"host   2026-11 2", "host  x 2026-10 1", "host  x 2026-11 1", "host 012114  2026-09 1", "host 012114 y 2026-09 1", "host  z 2026-11 1",
			"residence 012084  2026-09 1", "residence 012084 x 2026-10 1", "residence 012084 y 2026-09 1",
			"residence 13  2026-11 1", "residence 13 x 2026-11 1", "residence   2026-11 1", "residence  z 2026-11 1",
		}
		slices.Sort(rows)
		slices.Sort(want)
		if !slices.Equal(rows, want) {
			t.Errorf("%q\nwant\n%q", rows, want)
		}
		if err := db.Read(ctx).Raw("SELECT area FROM count_heads ORDER BY area").Scan(&heads).Error; err != nil || fmt.Sprint(heads) != "[ 012084 012114 13]" {
			t.Errorf("%q %v", heads, err)
		}
	}
	t.Run("sqlite", func(t *testing.T) { old(t, storagetest.SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { old(t, storagetest.Postgres(t)) })
}

// finishedBefore are two courses of one person, somebody of elsewhere, somebody who
// is erased and lived nowhere known, one that was withdrawn and one that was merged.
func finishedBefore(tx *gorm.DB) error {
	now := tx.NowFunc()
	for _, id := range []string{"a", "b", "c"} {
		err := tx.Table("accounts").Create(map[string]any{
			"id": id, "state": "active", "number": "", "family_name": "", "given_name": "", "family_kana": "", "given_kana": "", "printed_name": "",
			"search_kana": "", "municipality": "", "prefecture": "", "age_band": "", "email": "", "email_key": "", "version": 1, "created_at": now, "seen_at": now,
		}).Error
		if err != nil {
			return err
		}
	}
	for i, id := range []string{"x", "y", "z"} {
		if err := tx.Table("courses").Create(map[string]any{"id": id, "slug": id, "position": i, "created_at": now}).Error; err != nil {
			return err
		}
		err := tx.Table("revisions").Create(map[string]any{"id": id, "course_id": id, "number": 1, "sha256": "", "document": "{}", "published_at": now}).Error
		if err != nil {
			return err
		}
	}
	for i, c := range []struct {
		account, course, on, area, host string
		change                          map[string]any
	}{
		{"a", "x", "2026-10-05", "012084", "", nil},
		{"a", "y", "2026-09-30", "012084", "012114", nil},
		{"b", "x", "2026-11-01", "", "", map[string]any{"prefecture": "13"}},
		{"", "z", "2026-11-02", "", "", nil},
		{"c", "x", "2026-11-03", "012084", "", map[string]any{"withdrawn_at": now}},
		{"", "x", "2026-11-04", "012084", "", map[string]any{"merged_into": "0"}},
	} {
		row := map[string]any{
			"id": fmt.Sprint(i), "course_id": c.course, "revision_id": c.course, "cycle": 1, "supporters": true, "completed_on": c.on, "completed_at": now,
			"municipality": c.area, "prefecture": "", "age_band": "", "host": c.host,
		}
		if c.account != "" {
			row["account_id"] = c.account
		}
		for k, v := range c.change {
			row[k] = v
		}
		if err := tx.Table("completions").Create(row).Error; err != nil {
			return err
		}
	}
	return nil
}
