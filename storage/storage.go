// Package storage opens and migrates the database, runs transactions, keeps
// once-only receipts, media and outgoing mail, and backs everything up. It
// knows no course and no learner: rows live in the package that owns the table.
package storage

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// The errors that a query can end in. They are GORM's own, so that a query's
// error needs no translation on its way up.
var (
	ErrNotFound = gorm.ErrRecordNotFound // no such row, or somebody else's
	ErrConflict = gorm.ErrDuplicatedKey  // it exists already, or was changed meanwhile
)

// ErrUnavailable says that the database cannot answer for now: it is gone, busy
// for too long, or its disk is full. Nothing of the transaction was kept.
var ErrUnavailable = errors.New("storage: the database cannot answer for now")

// Options say which database to open.
type Options struct {
	// URL is postgres://… or the path of a SQLite file, made when missing.
	URL string
	// Now is the clock, time.Now when nil.
	Now func() time.Time
}

// DB is an open database. All its methods may be used at the same time.
type DB struct {
	write, read *gorm.DB
	postgres    bool
	now         atomic.Pointer[func() time.Time]
}

// Open opens the database of o without migrating it.
func Open(ctx context.Context, o Options) (*DB, error) {
	db := &DB{postgres: strings.HasPrefix(o.URL, "postgres://") || strings.HasPrefix(o.URL, "postgresql://")}
	if o.Now == nil {
		o.Now = time.Now
	}
	db.SetClock(o.Now)
	var err error
	if db.postgres {
		err = db.openPostgres(o.URL)
	} else {
		err = db.openSQLite(o.URL)
	}
	if err != nil {
		return nil, err
	}
	if err := db.Ping(ctx); err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

func (db *DB) config(prepare bool) *gorm.Config {
	return &gorm.Config{
		NowFunc:                db.Now,
		Logger:                 logger.Discard,
		TranslateError:         true,
		SkipDefaultTransaction: true,
		PrepareStmt:            prepare,
	}
}

func (db *DB) openPostgres(dsn string) (err error) {
	if db.write, err = gorm.Open(postgres.Open(dsn), db.config(false)); err != nil {
		return fmt.Errorf("opening PostgreSQL: %w", err)
	}
	db.read = db.write
	return limit(db.write, 32)
}

func limit(g *gorm.DB, conns int) error {
	pool, err := g.DB()
	if err != nil {
		return err
	}
	pool.SetMaxOpenConns(conns)
	pool.SetMaxIdleConns(conns)
	return nil
}

// Now is the one clock: UTC, whole microseconds, as both databases keep it.
func (db *DB) Now() time.Time { return (*db.now.Load())().UTC().Truncate(time.Microsecond) }

// SetClock replaces the clock.
func (db *DB) SetClock(now func() time.Time) { db.now.Store(&now) }

// Postgres says which of the two databases this is.
func (db *DB) Postgres() bool { return db.postgres }

// Read begins a query outside a transaction. On SQLite it cannot write.
func (db *DB) Read(ctx context.Context) *gorm.DB { return db.read.WithContext(ctx) }

// One fills into with the one row of a query that every page asks, and is
// ErrNotFound when there is none. The query is whole SQL with $1, $2 … for args: to
// build it again and to look at what it fills would take GORM longer than the
// database needs for the answer. g is what Read gave, or a transaction.
func One(g *gorm.DB, into []any, query string, args ...any) error {
	rows, err := g.Statement.ConnPool.QueryContext(g.Statement.Context, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	if !rows.Next() {
		return cmp.Or(rows.Err(), ErrNotFound)
	}
	if err := rows.Scan(into...); err != nil {
		return err
	}
	return rows.Close()
}

// Tx runs fn in one transaction: all of it is kept, or nothing. fn may run again
// when PostgreSQL gave the transaction up in favour of another one, so it changes
// nothing but the database. Its error is returned as it is, but for a database
// that cannot answer: ErrUnavailable.
func (db *DB) Tx(ctx context.Context, fn func(tx *gorm.DB) error) error {
	var err error
	for range 3 {
		if err = db.write.WithContext(ctx).Transaction(fn); !givenUp(err) {
			break
		}
	}
	return Unavailable(err)
}

// Alone lets one transaction at a time go on with the named thing, until it ends. On
// SQLite a transaction that writes is alone anyway.
func Alone(tx *gorm.DB, name string) error {
	if tx.Name() != "postgres" {
		return nil
	}
	return tx.Exec("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", name).Error
}

// Ping says whether the database answers.
func (db *DB) Ping(ctx context.Context) error {
	for _, g := range []*gorm.DB{db.write, db.read} {
		pool, err := g.DB()
		if err != nil {
			return err
		}
		if err := pool.PingContext(ctx); err != nil {
			return fmt.Errorf("%w: %w", ErrUnavailable, err)
		}
	}
	return nil
}

// Close closes every connection.
func (db *DB) Close() error {
	var errs []error
	for _, g := range []*gorm.DB{db.write, db.read} {
		if g == nil {
			continue
		}
		if pool, err := g.DB(); err == nil {
			errs = append(errs, pool.Close())
		}
	}
	return errors.Join(errs...)
}

// givenUp is a serialization failure or a deadlock of PostgreSQL.
func givenUp(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == "40001" || pg.Code == "40P01")
}

// Unavailable joins ErrUnavailable to an error that says that the database cannot
// answer, and leaves every other one alone.
func Unavailable(err error) error {
	if err == nil || errors.Is(err, ErrUnavailable) || !unavailable(err) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrUnavailable, err)
}

func unavailable(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch pg.Code[:2] {
		case "08", "53", "57", "58": // connection, resources (disk full), operator intervention, system
			return true
		}
		return false
	}
	var connect *pgconn.ConnectError
	if errors.As(err, &connect) || errors.Is(err, sql.ErrConnDone) || errors.Is(err, context.DeadlineExceeded) || pgconn.SafeToRetry(err) {
		return true
	}
	return sqliteUnavailable(err)
}

// Pool is the connections that write, for what only database/sql can do.
func (db *DB) Pool() (*sql.DB, error) { return db.write.DB() }
