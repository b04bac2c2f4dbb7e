package storage

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	"gorm.io/gorm"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// minSQLite is the first release without the WAL-reset bug.
const minSQLite = "3.51.3"

// openSQLite opens one connection for writing, so that writers queue in the
// program and not in SQLite's busy handler, and a pool that only reads.
func (db *DB) openSQLite(path string) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return fmt.Errorf("making the folder of the database: %w", err)
	}
	if db.write, err = gorm.Open(sqliteDialect{sqliteDSN(path, "immediate", false)}, db.config(true)); err != nil {
		return fmt.Errorf("opening %s: %w", path, err)
	}
	if err := limit(db.write, 1); err != nil {
		return err
	}
	var version string
	if err := db.write.Raw("SELECT sqlite_version()").Scan(&version).Error; err != nil {
		return fmt.Errorf("opening %s: %w", path, err)
	}
	if older(version, minSQLite) {
		return fmt.Errorf("SQLite %s is older than %s", version, minSQLite)
	}
	if db.read, err = gorm.Open(sqliteDialect{sqliteDSN(path, "deferred", true)}, db.config(true)); err != nil {
		return fmt.Errorf("opening %s: %w", path, err)
	}
	return limit(db.read, 8)
}

func sqliteDSN(path, lock string, readOnly bool) string {
	q := url.Values{"_txlock": {lock}, "_time_format": {"sqlite"}, "_dqs": {"0"}, "_pragma": {
		"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)",
	}}
	if readOnly {
		q.Add("_pragma", "query_only(1)")
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode()
}

func older(version, than string) bool {
	var a, b [3]int
	fmt.Sscanf(version, "%d.%d.%d", &a[0], &a[1], &a[2])
	fmt.Sscanf(than, "%d.%d.%d", &b[0], &b[1], &b[2])
	for i := range a {
		if a[i] != b[i] {
			return a[i] < b[i]
		}
	}
	return false
}

// sqliteUnavailable is a database that is locked by another process for too
// long, a full disk, or a disk that fails.
func sqliteUnavailable(err error) bool {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return false
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY:
		return true
	}
	return false
}
