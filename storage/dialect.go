package storage

import (
	"database/sql"
	"errors"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/callbacks"
	"gorm.io/gorm/clause"
	"gorm.io/gorm/logger"
	"gorm.io/gorm/migrator"
	"gorm.io/gorm/schema"
	"modernc.org/sqlite" // registers the driver "sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// sqliteDialect is GORM on modernc.org/sqlite, which prepares a statement once for
// a connection; the ready dialects stand on drivers that prepare it at every use,
// or need cgo. The tables are made by our migrations, so of GORM's migrator it
// knows no more than what the list of migrations itself needs.
type sqliteDialect struct{ dsn string }

func (d sqliteDialect) Name() string { return "sqlite" }

func (d sqliteDialect) Initialize(db *gorm.DB) error {
	pool, err := sql.Open("sqlite", d.dsn)
	if err != nil {
		return err
	}
	db.ConnPool = pool
	callbacks.RegisterDefaultCallbacks(db, &callbacks.Config{
		CreateClauses: []string{"INSERT", "VALUES", "ON CONFLICT", "RETURNING"},
		UpdateClauses: []string{"UPDATE", "SET", "FROM", "WHERE", "RETURNING"},
		DeleteClauses: []string{"DELETE", "FROM", "WHERE", "RETURNING"},
	})
	db.ClauseBuilders["FOR"] = noRowLock
	return nil
}

// noRowLock leaves FOR UPDATE out: a transaction that writes holds the whole
// database from its beginning.
func noRowLock(clause.Clause, clause.Builder) {}

func (d sqliteDialect) BindVarTo(w clause.Writer, _ *gorm.Statement, _ any) { w.WriteByte('?') }

// QuoteTo quotes a name, each part of "table.column" for itself.
func (d sqliteDialect) QuoteTo(w clause.Writer, name string) {
	for i, part := range strings.Split(name, ".") {
		if i > 0 {
			w.WriteByte('.')
		}
		w.WriteByte('"')
		w.WriteString(strings.ReplaceAll(part, `"`, `""`))
		w.WriteByte('"')
	}
}

func (d sqliteDialect) DefaultValueOf(*schema.Field) clause.Expression {
	return clause.Expr{SQL: "NULL"} // SQLite has no DEFAULT as a value
}

// DataTypeOf is the type of the one column that GORM makes: the names of the
// migrations that ran.
func (d sqliteDialect) DataTypeOf(*schema.Field) string { return "text" }

func (d sqliteDialect) Explain(sql string, vars ...any) string {
	return logger.ExplainSQL(sql, nil, `'`, vars...)
}

// Translate gives an error of SQLite the name that it has on PostgreSQL too.
func (d sqliteDialect) Translate(err error) error {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code() {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
		return gorm.ErrDuplicatedKey
	case sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
		return gorm.ErrForeignKeyViolated
	case sqlite3.SQLITE_CONSTRAINT_CHECK:
		return gorm.ErrCheckConstraintViolated
	}
	return err
}

func (d sqliteDialect) Migrator(db *gorm.DB) gorm.Migrator {
	return sqliteMigrator{migrator.Migrator{Config: migrator.Config{DB: db, Dialector: d}}}
}

// sqliteMigrator asks SQLite's own list of tables.
type sqliteMigrator struct{ migrator.Migrator }

func (m sqliteMigrator) GetTables() (tables []string, err error) {
	return tables, m.DB.Raw(sqliteTables).Scan(&tables).Error
}

func (m sqliteMigrator) HasTable(value any) bool {
	var n int64
	m.RunWithValue(value, func(stmt *gorm.Statement) error {
		return m.DB.Raw("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ?", stmt.Table).Scan(&n).Error
	})
	return n > 0
}
