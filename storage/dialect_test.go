package storage_test

import (
	"errors"
	"testing"
	"time"

	"gorm.io/gorm"

	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

// What a transaction has kept must survive a cut of power: both of SQLite's pools
// are told so, and the program relies on the rest of it too.
func TestSQLiteIsSetUp(t *testing.T) {
	db := storagetest.Open(t, storagetest.SQLite(t))
	err := db.Tx(ctx, func(tx *gorm.DB) error {
		for _, g := range []*gorm.DB{tx, db.Read(ctx)} {
			for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "10000"} {
				var is string
				if err := g.Raw("PRAGMA " + pragma).Scan(&is).Error; err != nil || is != want {
					t.Errorf("%s is %q, want %q, %v", pragma, is, want, err)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	if err := db.Read(ctx).Raw(`SELECT "a word"`).Scan(new(string)).Error; err == nil {
		t.Error("a name that is no column was taken for a text")
	}
}

type strict struct {
	ID    int64
	Above *int64
	At    time.Time
	Open  bool
	Bytes []byte
}

func (strict) TableName() string { return `strict"ly` }

func openStrict(t *testing.T, db *storage.DB) {
	t.Helper()
	timeType, bytesType := "datetime", "blob"
	if db.Postgres() {
		timeType, bytesType = "timestamptz", "bytea"
	}
	err := db.Tx(ctx, func(tx *gorm.DB) error {
		return tx.Exec(`CREATE TABLE "strict""ly" (id bigint PRIMARY KEY CHECK (id > 0), above bigint REFERENCES "strict""ly" (id),
			at ` + timeType + `, open boolean, bytes ` + bytesType + `)`).Error
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Both databases call what they refuse by the same name.
func TestRefused(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		openStrict(t, db)
		nobody := int64(9)
		for _, test := range []struct {
			row  strict
			want error
		}{
			{strict{ID: 1}, nil},
			{strict{ID: 1}, storage.ErrConflict},
			{strict{ID: 2, Above: &nobody}, gorm.ErrForeignKeyViolated},
			{strict{ID: -3}, gorm.ErrCheckConstraintViolated},
		} {
			if err := db.Tx(ctx, func(tx *gorm.DB) error { return tx.Create(&test.row).Error }); !errors.Is(err, test.want) {
				t.Errorf("%+v: %v, want %v", test.row, err, test.want)
			}
		}
	})
}

// Times come back as they went, and are in order inside the database, where
// SQLite compares them as texts.
func TestTimes(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		openStrict(t, db)
		var want []strict
		for i, d := range []time.Duration{0, time.Microsecond, 10 * time.Microsecond, time.Millisecond, time.Second, 24 * time.Hour} {
			want = append(want, strict{ID: int64(6 - i), At: storagetest.Start.Add(d), Open: i%2 == 0, Bytes: []byte{0, byte(i)}})
		}
		if err := db.Tx(ctx, func(tx *gorm.DB) error { return tx.Create(&want).Error }); err != nil {
			t.Fatal(err)
		}
		var got []strict
		if err := db.Read(ctx).Where("at <= ?", storagetest.Start.Add(time.Second)).Order("at").Find(&got).Error; err != nil {
			t.Fatal(err)
		}
		if len(got) != 5 {
			t.Fatalf("%d rows up to the second", len(got))
		}
		for i, g := range got {
			if w := want[i]; g.ID != w.ID || !g.At.Equal(w.At) || g.Open != w.Open || string(g.Bytes) != string(w.Bytes) {
				t.Errorf("%d: %+v, want %+v", i, g, w)
			}
		}
	})
}
