package storage_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"syscall"
	"testing"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

func TestMain(m *testing.M) { storagetest.Main(m) }

var ctx = context.Background()

func TestMigrateTwiceAndTogether(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				if err := db.Migrate(ctx); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	})
}

func TestTwoProgramsStartTogether(t *testing.T) {
	path := storagetest.SQLite(t)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			db, err := storage.Open(ctx, storage.Options{URL: path})
			if err != nil {
				t.Error(err)
				return
			}
			defer db.Close()
			if err := db.Migrate(ctx); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

func TestOnce(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		op := storage.Operation{ID: uuid.NewString(), Actor: "a", Kind: "enrol", Body: "course 1"}
		do := func(op storage.Operation, effect func() (string, error)) (kept string, repeated bool, err error) {
			err = db.Tx(ctx, func(tx *gorm.DB) (err error) {
				kept, repeated, err = storage.Once(tx, op, effect)
				return err
			})
			return
		}
		failed := errors.New("failed")
		if _, _, err := do(op, func() (string, error) { return "", failed }); !errors.Is(err, failed) {
			t.Fatalf("a failed effect: %v", err)
		}
		if kept, repeated, err := do(op, func() (string, error) { return "first", nil }); kept != "first" || repeated || err != nil {
			t.Fatalf("after a failure the same id works: %q %v %v", kept, repeated, err)
		}
		if kept, repeated, err := do(op, func() (string, error) { return "second", nil }); kept != "first" || !repeated || err != nil {
			t.Fatalf("a repeat: %q %v %v", kept, repeated, err)
		}
		other := op
		other.Body = "course 2"
		if _, _, err := do(other, nil); !errors.Is(err, storage.ErrOperationReused) {
			t.Fatalf("another body: %v", err)
		}
		other = op
		other.Actor = "b"
		if _, _, err := do(other, nil); !errors.Is(err, storage.ErrOperationReused) {
			t.Fatalf("another actor: %v", err)
		}
	})
}

func TestOnceWhenTappedTogether(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		op := storage.Operation{ID: uuid.NewString(), Actor: "a", Kind: "enrol"}
		var wg sync.WaitGroup
		var mu sync.Mutex
		ran := 0
		for i := range 12 {
			wg.Go(func() {
				err := db.Tx(ctx, func(tx *gorm.DB) error {
					_, repeated, err := storage.Once(tx, op, func() (string, error) { return fmt.Sprint(i), nil })
					if err == nil && !repeated {
						mu.Lock()
						ran++
						mu.Unlock()
					}
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if ran != 1 {
			t.Errorf("the effect ran %d times", ran)
		}
	})
}

func TestReadCannotWriteOnSQLite(t *testing.T) {
	db := storagetest.Open(t, storagetest.SQLite(t))
	if err := db.Read(ctx).Exec("DELETE FROM receipts").Error; err == nil {
		t.Error("the reading pool wrote")
	}
}

func TestErrors(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		if _, err := db.Medium(ctx, "none"); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("no row: %v", err)
		}
		insert := func(tx *gorm.DB) error {
			return tx.Create(&storage.Medium{SHA256: "x", Content: []byte("x")}).Error
		}
		if err := db.Tx(ctx, insert); err != nil {
			t.Fatal(err)
		}
		if err := db.Tx(ctx, insert); !errors.Is(err, storage.ErrConflict) {
			t.Errorf("a second row: %v", err)
		}
		db.Close()
		if err := db.Tx(ctx, insert); err == nil {
			t.Error("a closed database took a row")
		}
	})
}

// A full disk is said as such, keeps nothing by halves, and is over when there is room.
func TestDiskFull(t *testing.T) {
	db := storagetest.Open(t, storagetest.SQLite(t))
	pages := func(n int) {
		t.Helper()
		pool, err := db.Pool()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := pool.Exec(fmt.Sprintf("PRAGMA max_page_count = %d", n)); err != nil {
			t.Fatal(err)
		}
	}
	put := func() error {
		return db.Tx(ctx, func(tx *gorm.DB) error {
			if err := tx.Exec("INSERT INTO receipts VALUES ('r', '', '', '', '', ?)", db.Now()).Error; err != nil {
				return err
			}
			_, err := storage.PutMedium(tx, "image/png", make([]byte, 1<<20))
			return err
		})
	}
	pages(1) // SQLite raises it to the size that the file has
	if err := put(); !errors.Is(err, storage.ErrUnavailable) {
		t.Fatalf("a full disk: %v", err)
	}
	var kept int64
	if err := db.Read(ctx).Table("receipts").Count(&kept).Error; err != nil || kept != 0 {
		t.Fatalf("%d rows of half a transaction, %v", kept, err)
	}
	pages(1 << 20)
	if err := put(); err != nil {
		t.Errorf("with room again: %v", err)
	}
}

// A database that goes away is said as such, and answers again when it is back.
func TestDatabaseGoesAndComesBack(t *testing.T) {
	c, err := storagetest.NewCluster()
	if errors.Is(err, storagetest.ErrNoPostgres) {
		storagetest.Missing(t, "%v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Stop(syscall.SIGQUIT); c.Remove() })
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	db := storagetest.Open(t, c.URL("postgres"))
	count := func() error {
		return db.Tx(ctx, func(tx *gorm.DB) error {
			_, err := storage.PutMedium(tx, "text/plain", []byte("x"))
			return err
		})
	}
	if err := count(); err != nil {
		t.Fatal(err)
	}
	c.Stop(syscall.SIGQUIT)
	if err := count(); !errors.Is(err, storage.ErrUnavailable) {
		t.Errorf("a database that is gone: %v", err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	for range 40 { // each broken connection of the pool is noticed once
		if err = count(); err == nil {
			return
		}
		if !errors.Is(err, storage.ErrUnavailable) {
			t.Fatal(err)
		}
	}
	t.Errorf("the database is back: %v", err)
}
