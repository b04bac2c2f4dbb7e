package main

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

func TestLastNight(t *testing.T) {
	for now, want := range map[string]string{
		"2026-11-23T17:59:59Z": "2026-11-22T18:00:00Z", // 02:59:59 in Japan
		"2026-11-23T18:00:00Z": "2026-11-23T18:00:00Z",
		"2026-12-31T20:00:00Z": "2026-12-31T18:00:00Z",
	} {
		at, err := time.Parse(time.RFC3339, now)
		if err != nil {
			t.Fatal(err)
		}
		if got := lastNight(at).UTC().Format(time.RFC3339); got != want {
			t.Errorf("at %s: %s, want %s", now, got, want)
		}
	}
}

func backups(t *testing.T, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// Two instances look every few hours for twenty nights: one backup a night, and
// fourteen are kept.
func TestNightlyBackup(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		clock := storagetest.Clock(db)
		dir := t.TempDir()
		other := filepath.Join(dir, "before-0002_accounts-20261123-030000.zip")
		if err := os.WriteFile(other, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		n := &nightly{db: db, dir: dir}
		made := map[string]bool{}
		for range 20 * 6 {
			for range 2 {
				if err := n.check(ctx); err != nil {
					t.Fatal(err)
				}
			}
			state, err := n.state(ctx)
			if err != nil {
				t.Fatal(err)
			}
			if state.File != "" {
				made[state.File] = true
			}
			clock.Add(4 * time.Hour)
		}
		if len(made) != 20 {
			t.Errorf("%d backups in 20 nights", len(made))
		}
		if files := backups(t, dir); len(files) != keepBackups+1 || files[0] != other {
			t.Errorf("kept %v", files)
		}
		restored := storagetest.Open(t, storagetest.SQLite(t))
		newest, err := os.Open(backups(t, dir)[keepBackups])
		if err != nil {
			t.Fatal(err)
		}
		defer newest.Close()
		info, err := newest.Stat()
		if err != nil {
			t.Fatal(err)
		}
		if err := restored.Restore(ctx, newest, info.Size()); err != nil {
			t.Error(err)
		}
	})
}

func TestNightlyBackupFails(t *testing.T) {
	db := storagetest.Open(t, storagetest.SQLite(t))
	clock := storagetest.Clock(db)
	dir := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(dir, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	told := 0
	n := &nightly{db: db, dir: dir, failed: func(context.Context, error) error { told++; return nil }}
	if err := n.check(ctx); err != nil {
		t.Fatal(err)
	}
	clock.Add(24 * time.Hour)
	for range 3 { // the first fails, the second is within the hour, the third fails again
		err := n.check(ctx)
		state, _ := n.state(ctx)
		if state.FailedAt.IsZero() || state.Error == "" || !state.LastGood.IsZero() {
			t.Errorf("after %v: %+v", err, state)
		}
		clock.Add(31 * time.Minute)
	}
	if told != 1 {
		t.Errorf("told %d times", told)
	}
	if err := os.Remove(dir); err != nil {
		t.Fatal(err)
	}
	clock.Add(time.Hour)
	if err := n.check(ctx); err != nil {
		t.Fatal(err)
	}
	if state, _ := n.state(ctx); !state.FailedAt.IsZero() || state.LastGood.IsZero() || state.Size == 0 {
		t.Errorf("mended: %+v", state)
	}
}

func TestTask(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		clock := storagetest.Clock(db)
		ran := 0
		one := task{"test", time.Hour, true, func(context.Context) error { ran++; return nil }}
		for range 10 { // ten instances over ten periods
			for range 10 {
				if err := one.once(ctx, db); err != nil {
					t.Fatal(err)
				}
			}
			clock.Add(time.Hour)
		}
		if ran != 10 {
			t.Errorf("ran %d times", ran)
		}
		broken := task{"broken", time.Hour, false, func(context.Context) error { panic("no") }}
		if err := broken.once(ctx, db); err == nil {
			t.Error("a panic is no error")
		}
	})
}
