package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/google/uuid"

	"tsunagari/courses"
	"tsunagari/courses/accounts"
	"tsunagari/courses/questions"
	"tsunagari/quiz/formats"
	"tsunagari/storage"
)

type questionsImportCommand struct {
	database  `embed:""`
	Format    string `required:"" enum:"${formats}" help:"What the file is: ${enum}."`
	Course    string `required:"" placeholder:"SLUG" help:"The course's address: supporter."`
	Module    string `required:"" placeholder:"ID" help:"The module of its draft that takes the questions."`
	Lesson    string `placeholder:"ID" help:"The lesson where the answers are read."`
	Keep      bool   `help:"Keep questions of types that there are not as reflections."`
	FullWidth bool   `help:"Take ｛｝＝～＃→％ as the signs of the format."`
	File      string `arg:"" type:"path" help:"The file of another system."`
}

func (c *questionsImportCommand) run(ctx context.Context, p *program) error {
	imp, err := readQuestions(c.Format, c.File, c.FullWidth)
	if err != nil {
		return err
	}
	left := printLeft(p.stdout, imp, c.Keep)
	in := courses.ImportInput{Lesson: c.Lesson, Operation: uuid.NewString(), Questions: imp.Questions}
	if c.Keep {
		for _, r := range imp.Unsupported {
			if r.Keep != nil {
				in.Questions = append(in.Questions, *r.Keep)
			}
		}
	}
	db, err := c.openMigrated(ctx, c.backups(""), p.stdout)
	if err != nil {
		return err
	}
	defer db.Close()
	all := courses.New(db)
	d, err := draftAt(ctx, all, c.Course)
	if err != nil {
		return err
	}
	n, err := all.ImportQuestions(ctx, accounts.Shell(), d.Course.ID, c.Module, in)
	switch {
	case errors.Is(err, storage.ErrNotFound):
		return fmt.Errorf("the draft of %s has no module %s, or no such lesson", c.Course, c.Module)
	case errors.Is(err, courses.ErrFull):
		return fmt.Errorf("module %s has room for %d more questions; nothing was imported", c.Module, d.Room(c.Module))
	case errors.Is(err, courses.ErrNoQuestions):
		fmt.Fprintln(p.stdout, "入れられる問題が、ひとつもありません。")
		return errFaulty
	case err != nil:
		return err
	}
	fmt.Fprintf(p.stdout, "%d問を下書きに入れました。入れなかったもの、見てほしいもの：%d件。\n", n, left)
	return nil
}

// printLeft prints what is not taken, or needs a look, by lines, and counts it.
func printLeft(out io.Writer, imp *questions.Import, keep bool) int {
	left := slices.Clone(imp.Problems)
	for _, r := range imp.Unsupported {
		if !keep || r.Keep == nil {
			left = append(left, r)
		}
	}
	for _, q := range imp.Questions {
		_, faults := courses.AsOurs(q)
		for _, reason := range faults {
			left = append(left, questions.Remark{Line: q.Line, Name: q.Name, Reason: reason})
		}
		for _, f := range q.Files {
			left = append(left, questions.Remark{Line: q.Line, Name: q.Name, Reason: "絵「" + f.Name + "」は、入りません。"})
		}
	}
	slices.SortStableFunc(left, func(a, b questions.Remark) int { return a.Line - b.Line })
	for _, r := range left {
		fmt.Fprintf(out, "%d行目：%s\n", r.Line, r.Reason)
	}
	return len(left)
}

type questionsExportCommand struct {
	database `embed:""`
	Format   string `required:"" enum:"${formats}" help:"What the file becomes: ${enum}."`
	Course   string `required:"" placeholder:"SLUG" help:"The course's address: supporter."`
	Module   string `placeholder:"ID" help:"The module; without it all of them."`
	File     string `arg:"" type:"path" help:"The file to write."`
}

func (c *questionsExportCommand) run(ctx context.Context, p *program) error {
	db, err := c.openMigrated(ctx, c.backups(""), p.stdout)
	if err != nil {
		return err
	}
	defer db.Close()
	d, err := draftAt(ctx, courses.New(db), c.Course)
	if err != nil {
		return err
	}
	list, err := d.Foreign(c.Module)
	if errors.Is(err, storage.ErrNotFound) {
		return fmt.Errorf("the draft of %s has no module %s", c.Course, c.Module)
	}
	if err != nil {
		return err
	}
	format, _ := formats.Find(c.Format)
	return createFile(c.File, func(f *os.File) error {
		lost, err := format.Write(f, list)
		for _, r := range lost {
			fmt.Fprintf(p.stdout, "%d問目「%s」：%s\n", r.Line, r.Name, r.Reason)
		}
		return err
	})
}

func draftAt(ctx context.Context, all *courses.Courses, slug string) (*courses.Draft, error) {
	d, err := all.DraftAt(ctx, accounts.Shell(), slug)
	if errors.Is(err, storage.ErrNotFound) {
		return nil, fmt.Errorf("there is no course %s", slug)
	}
	return d, err
}

// readQuestions reads a file of another system.
func readQuestions(format, name string, wide bool) (*questions.Import, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxQuestionFile))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	known, _ := formats.Find(format)
	return known.Read(data, questions.ReadOptions{FullWidth: wide}), nil
}
