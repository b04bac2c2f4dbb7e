package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"tsunagari/storage"
)

type backupCommand struct {
	database `embed:""`
	File     string `arg:"" help:"The zip to write; - for standard output."`
}

func (b *backupCommand) run(ctx context.Context, p *program) error {
	db, err := b.open(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	if s, err := db.Schema(ctx); err != nil {
		return err
	} else if s.Applied == 0 {
		return fmt.Errorf("there is no data in %s", b.where())
	}
	if b.File == "-" {
		return db.Backup(ctx, p.stdout)
	}
	if _, err := os.Stat(b.File); err == nil {
		return fmt.Errorf("%s exists already; give a new name", b.File)
	}
	if err := writeBackup(ctx, db, b.File); err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "%s に控えを書きました。\n", b.File)
	return nil
}

// writeBackup writes a backup under its name only once it is whole and on disk.
func writeBackup(ctx context.Context, db *storage.DB, file string) (err error) {
	if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(file), ".backup-*") // 0600: people's data
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, f.Close(), os.Remove(f.Name()))
		}
	}()
	if err := db.Backup(ctx, f); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), file)
}

type restoreCommand struct {
	database `embed:""`
	File     string `arg:"" type:"existingfile" help:"The backup."`
}

func (r *restoreCommand) run(ctx context.Context, p *program) error {
	f, err := os.Open(r.File)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	db, err := r.open(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	if s, err := db.Schema(ctx); err != nil {
		return err
	} else if len(s.Unknown) > 0 {
		return errNewerDatabase
	}
	err = db.Restore(ctx, f, info.Size())
	switch {
	case errors.Is(err, storage.ErrNotEmpty):
		return fmt.Errorf("there is data in %s already; restore into an empty database or folder", r.where())
	case errors.Is(err, storage.ErrNotBackup):
		return fmt.Errorf("%s is not a whole backup of this program, so nothing was changed", r.File)
	case errors.Is(err, storage.ErrNewer):
		return fmt.Errorf("%s was made by a newer version of this program; use that version", r.File)
	case err != nil:
		return err
	}
	fmt.Fprintf(p.stdout, "%s を %s に戻しました。\n", r.File, r.where())
	return nil
}
