package storage

import (
	"archive/zip"
	"bufio"
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"gorm.io/gorm"
)

// Errors of Restore.
var (
	ErrNotEmpty  = errors.New("storage: restore needs an empty database")
	ErrNotBackup = errors.New("storage: this file is not a whole backup")
	ErrNewer     = errors.New("storage: the backup was made by a newer program")
)

// manifest is the backup's first file.
type manifest struct {
	Format     int            `json:"format"`
	CreatedAt  time.Time      `json:"created_at"`
	Migrations []string       `json:"migrations"`
	Rows       map[string]int `json:"rows"`
	Order      []string       `json:"order"` // tables, each after those it refers to
}

const backupFormat = 1

// Backup writes one zip of all tables, media included, from one snapshot: a file
// of JSON lines a table. It is the same for both databases, so a backup of one
// is restored into the other. Other work goes on meanwhile.
func (db *DB) Backup(ctx context.Context, w io.Writer) error {
	return db.Snapshot(ctx, func(tx *gorm.DB) error {
		m := manifest{Format: backupFormat, CreatedAt: db.Now(), Rows: map[string]int{}}
		if err := tx.Raw("SELECT id FROM migrations ORDER BY id").Scan(&m.Migrations).Error; err != nil {
			return err
		}
		var err error
		if m.Order, err = db.tables(tx); err != nil {
			return err
		}
		z := zip.NewWriter(w)
		for _, table := range m.Order {
			if m.Rows[table], err = dumpTable(tx, z, table); err != nil {
				return fmt.Errorf("backing up %s: %w", table, err)
			}
		}
		f, err := z.Create("manifest.json")
		if err != nil {
			return err
		}
		if err := json.NewEncoder(f).Encode(m); err != nil {
			return err
		}
		return z.Close()
	})
}

// Snapshot runs fn, which only reads, on one state of the whole database: whatever
// others commit meanwhile is not seen.
func (db *DB) Snapshot(ctx context.Context, fn func(tx *gorm.DB) error) error {
	o := &sql.TxOptions{} // a reading transaction of SQLite is a snapshot
	if db.postgres {
		o = &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
	}
	return db.read.WithContext(ctx).Transaction(fn, o)
}

const (
	sqliteTables       = `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`
	postgresTables     = `SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema() ORDER BY table_name`
	sqliteReferences   = `SELECT m.name AS child, f."table" AS parent FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table'`
	postgresReferences = `SELECT c.relname AS child, p.relname AS parent FROM pg_constraint f
		JOIN pg_class c ON c.oid = f.conrelid JOIN pg_class p ON p.oid = f.confrelid
		WHERE f.contype = 'f' AND c.relnamespace = current_schema()::regnamespace`
)

// tables are all tables but the migrations, each after the ones it refers to.
func (db *DB) tables(tx *gorm.DB) ([]string, error) {
	names, references := sqliteTables, sqliteReferences
	if db.postgres {
		names, references = postgresTables, postgresReferences
	}
	var all []string
	if err := tx.Raw(names).Scan(&all).Error; err != nil {
		return nil, err
	}
	var refs []struct{ Child, Parent string }
	if err := tx.Raw(references).Scan(&refs).Error; err != nil {
		return nil, err
	}
	parents := map[string][]string{}
	for _, r := range refs {
		parents[r.Child] = append(parents[r.Child], r.Parent)
	}
	slices.Sort(all)
	for _, p := range parents {
		slices.Sort(p)
	}
	var ordered []string
	var visit func(table string, path []string) error
	visit = func(table string, path []string) error {
		if slices.Contains(path, table) {
			return fmt.Errorf("storage: table %s refers to itself", table)
		}
		for _, p := range parents[table] {
			if err := visit(p, append(path, table)); err != nil {
				return err
			}
		}
		if table != "migrations" && !slices.Contains(ordered, table) {
			ordered = append(ordered, table)
		}
		return nil
	}
	for _, table := range all {
		if err := visit(table, nil); err != nil {
			return nil, err
		}
	}
	return ordered, nil
}

func dumpTable(tx *gorm.DB, z *zip.Writer, table string) (int, error) {
	f, err := z.Create("tables/" + table + ".jsonl")
	if err != nil {
		return 0, err
	}
	rows, err := tx.Raw(`SELECT * FROM "` + table + `"`).Rows()
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return 0, err
	}
	types, err := rows.ColumnTypes()
	if err != nil {
		return 0, err
	}
	out := json.NewEncoder(f)
	if err := out.Encode(columns); err != nil {
		return 0, err
	}
	values := make([]any, len(columns))
	places := make([]any, len(columns))
	for i := range values {
		places[i] = &values[i]
	}
	n := 0
	for ; rows.Next(); n++ {
		if err := rows.Scan(places...); err != nil {
			return n, err
		}
		line := make([]any, len(values))
		for i, v := range values {
			if n, ok := v.(int64); ok && types[i].DatabaseTypeName() == "BOOLEAN" { // SQLite's true is 1
				v = n != 0
			}
			line[i] = pack(v)
		}
		if err := out.Encode(line); err != nil {
			return n, err
		}
	}
	return n, rows.Err()
}

// pack gives times and bytes, which JSON lacks, a form of their own.
func pack(v any) any {
	switch v := v.(type) {
	case time.Time:
		return map[string]string{"time": v.UTC().Format(time.RFC3339Nano)}
	case []byte:
		return map[string]string{"bytes": base64.StdEncoding.EncodeToString(v)}
	}
	return v
}

func unpack(v any) (any, error) {
	switch v := v.(type) {
	case json.Number:
		if i, err := v.Int64(); err == nil {
			return i, nil
		}
		return v.Float64()
	case map[string]any:
		if s, ok := v["time"].(string); ok {
			return time.Parse(time.RFC3339Nano, s)
		}
		if s, ok := v["bytes"].(string); ok {
			return base64.StdEncoding.DecodeString(s)
		}
		return nil, ErrNotBackup
	}
	return v, nil
}

// Restore fills an empty database, not yet migrated or without a row, with a
// backup of either database, all or nothing, and brings it to this program's
// version. Errors: ErrNotEmpty, ErrNotBackup, ErrNewer.
func (db *DB) Restore(ctx context.Context, r io.ReaderAt, size int64) error {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNotBackup, err)
	}
	m, err := readManifest(z)
	if err != nil {
		return err
	}
	known, err := db.migrations()
	if err != nil {
		return err
	}
	for i, id := range m.Migrations {
		if i >= len(known) || known[i].ID != id {
			return ErrNewer
		}
	}
	if len(m.Migrations) == 0 {
		return ErrNotBackup
	}
	err = db.Tx(ctx, func(tx *gorm.DB) error {
		if err := db.migrateTo(tx, m.Migrations[len(m.Migrations)-1]); err != nil {
			return err
		}
		for _, table := range m.Order {
			if err := db.restoreTable(tx, z, table, m.Rows[table]); err != nil {
				return fmt.Errorf("restoring %s: %w", table, err)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return db.Migrate(ctx)
}

func readManifest(z *zip.Reader) (*manifest, error) {
	f, err := z.Open("manifest.json")
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotBackup, err)
	}
	defer f.Close()
	var m manifest
	if err := json.NewDecoder(f).Decode(&m); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotBackup, err)
	}
	if m.Format > backupFormat {
		return nil, ErrNewer
	}
	return &m, nil
}

func (db *DB) restoreTable(tx *gorm.DB, z *zip.Reader, table string, want int) error {
	existing, err := db.tables(tx)
	if err != nil {
		return err
	}
	if !slices.Contains(existing, table) { // the name goes into SQL
		return ErrNotBackup
	}
	var n int64
	if err := tx.Table(table).Count(&n).Error; err != nil {
		return err
	}
	if n > 0 {
		return ErrNotEmpty
	}
	f, err := z.Open("tables/" + table + ".jsonl")
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNotBackup, err)
	}
	defer f.Close()
	in := json.NewDecoder(bufio.NewReader(f))
	in.UseNumber()
	var columns []string
	if err := in.Decode(&columns); err != nil {
		return fmt.Errorf("%w: %w", ErrNotBackup, err)
	}
	got, err := insertRows(tx, in, table, columns)
	if err == nil && got != want {
		err = ErrNotBackup
	}
	return err
}

func insertRows(tx *gorm.DB, in *json.Decoder, table string, columns []string) (int, error) {
	batch, n := []map[string]any{}, 0
	size := max(1, 500/max(1, len(columns)))
	flush := func() error {
		if len(batch) == 0 {
			return nil
		}
		err := tx.Table(table).Create(batch).Error
		batch = batch[:0]
		return err
	}
	for in.More() {
		var line []any
		if err := in.Decode(&line); err != nil || len(line) != len(columns) {
			return n, fmt.Errorf("%w: %w", ErrNotBackup, err)
		}
		row := map[string]any{}
		for i, c := range columns {
			v, err := unpack(line[i])
			if err != nil {
				return n, err
			}
			row[c] = v
		}
		batch = append(batch, row)
		n++
		if len(batch) == size {
			if err := flush(); err != nil {
				return n, err
			}
		}
	}
	return n, flush()
}
