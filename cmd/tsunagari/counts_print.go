package main

import (
	"context"
	"errors"

	"tsunagari/courses/accounts"
	"tsunagari/courses/counts"
	"tsunagari/storage"
)

// countsPrintCommand prints what the files of the site hold, from the same table.
type countsPrintCommand struct {
	database `embed:""`
	Format   string `help:"csv (UTF-8), json or xlsx." enum:"csv,json,xlsx" default:"csv"`
	Month    string `help:"As 2026-11; else this month until today." placeholder:"MONTH"`
	Area     string `help:"Six-digit code of one municipality; else all of the home area." placeholder:"CODE"`
}

func (c *countsPrintCommand) run(ctx context.Context, p *program) error {
	db, err := c.openMigrated(ctx, c.backups(""), p.stderr)
	if err != nil {
		return err
	}
	defer db.Close()
	r := open(db, "", false)
	o, err := r.accounts.Operator(ctx)
	if err != nil {
		return err
	}
	scope, name := counts.Everything(), o.Area
	var areas []string
	if c.Area != "" {
		scope, name, areas = counts.ScopeOfCodes([]string{c.Area}), accounts.PlaceName(c.Area, ""), []string{c.Area}
	}
	report, err := r.counts.Report(ctx, scope, name, areas, counts.Month(c.Month))
	switch {
	case errors.Is(err, counts.ErrDay):
		return errors.New("--month must be a month that has come, as 2026-11")
	case errors.Is(err, storage.ErrNotFound):
		return errors.New("--area must be the six-digit code of a municipality, as 012084")
	case err != nil:
		return err
	}
	switch c.Format {
	case "json":
		return report.Data().JSON(p.stdout)
	case "xlsx":
		return report.Data().FlatXLSX(p.stdout, report.Made, report.Words())
	}
	return report.Data().CSV(p.stdout, counts.UTF8)
}
