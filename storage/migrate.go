package storage

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"text/template"

	"github.com/go-gormigrate/gormigrate/v2"
	"gorm.io/gorm"
)

//go:embed migrations/*.sql
var migrations embed.FS

// words are what a migration may say differently on the two databases.
type words struct {
	Postgres                      bool
	Time, Bytes, JSON, Big, Float string
}

var (
	sqliteWords   = words{Time: "datetime", Bytes: "blob", JSON: "text", Big: "integer", Float: "real"}
	postgresWords = words{Postgres: true, Time: "timestamptz", Bytes: "bytea", JSON: "text", Big: "bigint", Float: "double precision"}
)

// migrationLock is the key of PostgreSQL's advisory lock while migrating.
const migrationLock = 0x7473756e61 // "tsuna"

// Migrate brings the schema to this program's version: the migrations that are
// missing, in order, all or none. Two programs may start together: the second
// waits and finds nothing left to do. A database newer than the program is an
// error, so that an old program never writes into it.
func (db *DB) Migrate(ctx context.Context) error {
	err := db.Tx(ctx, func(tx *gorm.DB) error { return db.migrateTo(tx, "") })
	if err != nil {
		return fmt.Errorf("migrating: %w", err)
	}
	return nil
}

// migrateTo runs the migrations up to the one with the given id; all when empty.
func (db *DB) migrateTo(tx *gorm.DB, id string) error {
	list, err := db.migrations()
	if err != nil {
		return err
	}
	if db.postgres { // on SQLite BEGIN IMMEDIATE is the lock
		if err := tx.Exec("SELECT pg_advisory_xact_lock(?)", migrationLock).Error; err != nil {
			return err
		}
	}
	o := &gormigrate.Options{TableName: "migrations", IDColumnName: "id", IDColumnSize: 100, ValidateUnknownMigrations: true}
	m := gormigrate.New(tx, o, list)
	if id == "" {
		return m.Migrate()
	}
	return m.MigrateTo(id)
}

func (db *DB) migrations() ([]*gormigrate.Migration, error) {
	w := sqliteWords
	if db.postgres {
		w = postgresWords
	}
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	var list []*gormigrate.Migration
	for _, file := range files {
		statements, err := render(file, w)
		if err != nil {
			return nil, err
		}
		list = append(list, &gormigrate.Migration{
			ID:      strings.TrimSuffix(path.Base(file), ".sql"),
			Migrate: func(tx *gorm.DB) error { return execAll(tx, statements) },
		})
	}
	return list, nil
}

// render fills in the words and cuts the file into statements: each ends with
// a semicolon at the end of a line.
func render(file string, w words) ([]string, error) {
	t, err := template.ParseFS(migrations, file)
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	if err := t.Execute(&b, w); err != nil {
		return nil, err
	}
	var statements []string
	for s := range strings.SplitSeq(b.String(), ";\n") {
		if s = strings.TrimSpace(s); s != "" {
			statements = append(statements, s)
		}
	}
	return statements, nil
}

func execAll(tx *gorm.DB, statements []string) error {
	for _, s := range statements {
		if err := tx.Exec(s).Error; err != nil {
			return fmt.Errorf("%w in: %s", err, s)
		}
	}
	return nil
}
