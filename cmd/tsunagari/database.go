package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"tsunagari/storage"
)

// database says where the data is.
type database struct {
	Data        string `placeholder:"DIR" default:"./data" env:"TSUNAGARI_DATA" help:"Folder of the SQLite database, certificates for HTTPS and backups. Default: ./data."`
	DatabaseURL string `placeholder:"URL" env:"DATABASE_URL" secret:"" help:"PostgreSQL instead of SQLite: postgres://user:password@host/name."`
}

// errNewerDatabase says that an old program met the data of a newer one.
var errNewerDatabase = errors.New("the database was made by a newer version of this program: use that version, or restore the backup that it made before migrating")

// Validate is called by kong.
func (d *database) Validate() error {
	if d.DatabaseURL == "" {
		return nil
	}
	u, err := url.Parse(d.DatabaseURL)
	if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" { // not %w: the text holds the password
		return errors.New("--database-url must look like postgres://user:password@host/name")
	}
	return nil
}

func (d *database) path() string { return filepath.Join(d.Data, "tsunagari.db") }

// where names the database without its password.
func (d *database) where() string {
	if d.DatabaseURL == "" {
		return d.path()
	}
	u, _ := url.Parse(d.DatabaseURL)
	u.RawQuery = ""
	return u.Redacted()
}

// open opens the database without migrating it.
func (d *database) open(ctx context.Context) (*storage.DB, error) {
	where := d.DatabaseURL
	if where == "" {
		if err := writable(d.path()); err != nil {
			return nil, fmt.Errorf("the data folder %s cannot be written (choose another with --data): %w", d.Data, err)
		}
		where = filepath.ToSlash(d.path())
	}
	db, err := storage.Open(ctx, storage.Options{URL: where})
	if err != nil {
		return nil, fmt.Errorf("the database %s cannot be opened: %w", d.where(), err)
	}
	return db, nil
}

// writable makes the folder and the file, which is nobody else's to read, and tries
// to write, because SQLite's own word for a missing right helps nobody.
func writable(file string) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
		return err
	}
	f, err := os.OpenFile(file, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	beside, err := os.CreateTemp(filepath.Dir(file), ".try-*") // as SQLite's log
	if err != nil {
		return err
	}
	return errors.Join(beside.Close(), os.Remove(beside.Name()))
}

// openMigrated opens the database and brings it to this version. Where there is
// data already, a backup is written to backups first.
func (d *database) openMigrated(ctx context.Context, backups string, out io.Writer) (*storage.DB, error) {
	db, err := d.open(ctx)
	if err != nil {
		return nil, err
	}
	if err := migrate(ctx, db, backups, out); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

func migrate(ctx context.Context, db *storage.DB, backups string, out io.Writer) error {
	s, err := db.Schema(ctx)
	if err != nil {
		return err
	}
	switch {
	case len(s.Unknown) > 0:
		return errNewerDatabase
	case len(s.Missing) == 0:
		return nil
	case s.Applied > 0:
		name := fmt.Sprintf("before-%s-%s.zip", s.Missing[0], db.Now().Format("20060102-150405"))
		file := filepath.Join(backups, name)
		if err := writeBackup(ctx, db, file); err != nil {
			return fmt.Errorf("no backup could be written before migrating, so nothing was changed: %w", err)
		}
		fmt.Fprintf(out, "新しい版に合わせてデータを整えます。その前の控え: %s\n", file)
	}
	return db.Migrate(ctx)
}

func (d *database) backups(dir string) string {
	if dir != "" {
		return dir
	}
	return filepath.Join(d.Data, "backups")
}

// explain turns an error into one line.
func explain(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }

// comingUp says whether err is a database server that does not answer yet.
func comingUp(err error) bool {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		return pg.Code == "57P03" // cannot_connect_now
	}
	_, refused := errors.AsType[*net.OpError](err)
	return refused
}
