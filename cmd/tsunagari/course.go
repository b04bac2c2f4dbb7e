package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"tsunagari/courses"
	"tsunagari/storage"
)

// errFaulty says that what a command checked has faults; they are printed already.
var errFaulty = errors.New("there are faults")

type courseCheckCommand struct {
	Dir string `arg:"" type:"path" help:"A course folder, or a course package (zip)."`
}

func (c *courseCheckCommand) run(_ context.Context, p *program) error {
	pkg, _, err := readCourse(c.Dir)
	if err != nil {
		return err
	}
	report := courses.Check(pkg)
	if _, err := report.WriteTo(p.stdout); err != nil {
		return err
	}
	if !report.OK() {
		return errFaulty
	}
	return nil
}

type courseImportCommand struct {
	database `embed:""`
	File     string `arg:"" type:"path" help:"A course folder, or a course package (zip)."`
}

func (c *courseImportCommand) run(ctx context.Context, p *program) error {
	pkg, faults, err := readCourse(c.File)
	if err != nil {
		return err
	}
	for _, f := range faults {
		fmt.Fprintln(p.stdout, f)
	}
	if len(faults) > 0 {
		fmt.Fprintf(p.stdout, "まちがいが%d件あるため、公開しませんでした。\n", len(faults))
		return errFaulty
	}
	db, err := c.openMigrated(ctx, c.backups(""), p.stdout)
	if err != nil {
		return err
	}
	defer db.Close()
	rev, published, err := courses.New(db).Publish(ctx, pkg)
	switch {
	case errors.Is(err, courses.ErrSlugTaken):
		return fmt.Errorf("another course has the address %s already; change slug in course.md", pkg.Slug)
	case err != nil:
		return err
	case !published:
		fmt.Fprintf(p.stdout, "「%s」は、第%d版と同じ内容です。何も変えていません。\n", courses.Plain(rev.Title.In("ja")), rev.Number)
		return nil
	}
	fmt.Fprintf(p.stdout, "「%s」を第%d版として公開しました。\n", courses.Plain(rev.Title.In("ja")), rev.Number)
	return nil
}

type courseExportCommand struct {
	database `embed:""`
	Slug     string `arg:"" help:"The course's address: supporter."`
	File     string `arg:"" help:"The zip to write."`
}

func (c *courseExportCommand) run(ctx context.Context, p *program) error {
	db, err := c.openMigrated(ctx, c.backups(""), p.stdout)
	if err != nil {
		return err
	}
	defer db.Close()
	pkg, err := courses.New(db).Package(ctx, c.Slug)
	if errors.Is(err, storage.ErrNotFound) {
		return fmt.Errorf("there is no published course %s", c.Slug)
	}
	if err != nil {
		return err
	}
	return createFile(c.File, func(f *os.File) error { return courses.WriteZip(f, pkg) })
}

// readCourse reads a folder or a zip.
func readCourse(path string) (*courses.Package, []courses.Fault, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, nil, err
	}
	var files fs.FS
	if info.IsDir() {
		files = os.DirFS(path)
	} else {
		f, err := os.Open(path)
		if err != nil {
			return nil, nil, err
		}
		defer f.Close()
		if files, err = courses.OpenZip(f, info.Size()); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", path, err)
		}
	}
	pkg, faults := courses.ReadPackage(files)
	return pkg, faults, nil
}

// createFile makes a file that must not exist yet, and leaves none behind when
// fill fails.
func createFile(name string, fill func(*os.File) error) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s exists already; give a new name", name)
	}
	if err != nil {
		return err
	}
	if err := errors.Join(fill(f), f.Close()); err != nil {
		return errors.Join(err, os.Remove(name))
	}
	return nil
}
