// Package storagetest gives tests real, migrated, empty databases: SQLite in a
// temporary file and PostgreSQL from the machine's own binaries. It is the one
// place beside cmd that reads the environment.
package storagetest

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"tsunagari/storage"
)

// Start is the time at which the clock of every test database stands still: noon
// in Japan on 23 November 2026.
var Start = time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC)

// Require says whether a part that the machine lacks is a failure
// (TSUNAGARI_REQUIRE_ALL=1, as in CI) and not a reason to skip.
func Require() bool { return os.Getenv("TSUNAGARI_REQUIRE_ALL") == "1" }

// Missing ends the test for want of a part of the machine: skipped on a laptop,
// failed where Require.
func Missing(t testing.TB, format string, args ...any) {
	t.Helper()
	if Require() {
		t.Fatalf(format, args...)
	}
	t.Skipf(format, args...)
}

// Main runs the tests of a package and stops the PostgreSQL that they started.
// Every package that uses Run or Postgres calls it from its TestMain.
func Main(m *testing.M) {
	code := m.Run()
	stopPostgres()
	os.Exit(code)
}

// Run runs fn twice, as subtests "sqlite" and "postgres".
func Run(t *testing.T, fn func(t *testing.T, db *storage.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { fn(t, Open(t, SQLite(t))) })
	t.Run("postgres", func(t *testing.T) { fn(t, Open(t, Postgres(t))) })
}

// SQLite is the address of a new database file, gone after the test.
func SQLite(t testing.TB) string { return filepath.Join(t.TempDir(), "test.db") }

// Open opens and migrates the database at url with a clock that stands still.
func Open(t testing.TB, url string) *storage.DB {
	t.Helper()
	db, err := storage.Open(context.Background(), storage.Options{URL: url, Now: func() time.Time { return Start }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if err := db.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	return db
}

// Hand is a clock that moves only by hand.
type Hand struct {
	mu  sync.Mutex
	now time.Time
}

// Clock gives db a clock that starts at Start.
func Clock(db *storage.DB) *Hand {
	h := &Hand{now: Start}
	db.SetClock(h.Now)
	return h
}

// Now is the time that the hand shows.
func (h *Hand) Now() time.Time { h.mu.Lock(); defer h.mu.Unlock(); return h.now }

// Set moves the hand to t.
func (h *Hand) Set(t time.Time) { h.mu.Lock(); defer h.mu.Unlock(); h.now = t }

// Add moves the hand by d.
func (h *Hand) Add(d time.Duration) { h.mu.Lock(); defer h.mu.Unlock(); h.now = h.now.Add(d) }
