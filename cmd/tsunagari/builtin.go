package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"

	"gorm.io/gorm"

	"tsunagari/courses"
	"tsunagari/courses/curriculum"
	"tsunagari/storage"
)

// builtIn is a built-in course whose files are others than those published last.
type builtIn struct {
	*courses.Package
	setting, files string
	last           string // SHA-256 of the document published last
}

// publishBuiltIn publishes the built-in courses that are new or changed in this
// version of the program. A course that somebody published over a built-in one is
// theirs: it stays as it is.
func publishBuiltIn(ctx context.Context, db *storage.DB, c *courses.Courses, log *slog.Logger) error {
	changed, err := changedBuiltIn(db.Read(ctx), curriculum.FS(), curriculum.Names())
	if err != nil || len(changed) == 0 {
		return err
	}
	for _, b := range changed {
		newest, err := c.Newest(ctx, b.ID)
		if err != nil && !errors.Is(err, storage.ErrNotFound) {
			return err
		}
		if err == nil && newest != b.last {
			log.Info("built-in course left alone: another revision was published over it", "course", b.Slug)
			continue
		}
		rev, _, err := c.Publish(ctx, b.Package)
		if err != nil {
			return fmt.Errorf("publishing the built-in course %s: %w", b.Slug, err)
		}
		err = db.Tx(ctx, func(tx *gorm.DB) error { return storage.SetSetting(tx, b.setting, b.files+" "+rev.SHA256) })
		if err != nil {
			return err
		}
		log.Info("published the built-in course", "course", b.Slug, "revision", rev.Number)
	}
	return nil
}

// changedBuiltIn reads the built-in courses that the database does not have as
// they are, those that make supporters first.
func changedBuiltIn(tx *gorm.DB, files fs.FS, names []string) ([]builtIn, error) {
	var first, later []builtIn
	for _, name := range names {
		dir, err := fs.Sub(files, name)
		if err != nil {
			return nil, err
		}
		b := builtIn{setting: "builtin:" + name}
		if b.files, err = hashOf(dir); err != nil {
			return nil, err
		}
		kept, err := storage.Setting(tx, b.setting)
		if err != nil {
			return nil, err
		}
		before, last, _ := strings.Cut(kept, " ")
		if before == b.files {
			continue
		}
		b.last = last
		var faults []courses.Fault
		if b.Package, faults = courses.ReadPackage(dir); len(faults) > 0 {
			return nil, fmt.Errorf("the built-in course %s has %d faults, the first: %s", name, len(faults), faults[0])
		}
		if b.Supporters {
			first = append(first, b)
		} else {
			later = append(later, b)
		}
	}
	return append(first, later...), nil
}

// hashOf is the SHA-256 over the names and contents of all files.
func hashOf(files fs.FS) (string, error) {
	sum := sha256.New()
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := fs.ReadFile(files, name)
		fmt.Fprintf(sum, "%s\n%d\n%s", name, len(content), content)
		return err
	})
	return hex.EncodeToString(sum.Sum(nil)), err
}
