package main

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"gorm.io/gorm"

	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

// at opens the database of a test beside the program.
func at(t *testing.T, url string) *rooms {
	t.Helper()
	db, err := storage.Open(ctx, storage.Options{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return open(db, "http://example.jp", false)
}

// everyDatabase runs fn with the flags and the address of a new database.
func everyDatabase(t *testing.T, fn func(t *testing.T, flags []string, url string)) {
	t.Run("sqlite", func(t *testing.T) {
		data := t.TempDir()
		fn(t, []string{"--data", data}, filepath.Join(data, "tsunagari.db"))
	})
	t.Run("postgres", func(t *testing.T) {
		url := storagetest.Postgres(t)
		fn(t, []string{"--data", t.TempDir(), "--database-url", url}, url)
	})
}

// finished lets one person take the whole course on the server.
func finished(t *testing.T, s *server, r *rooms) *pupil {
	t.Helper()
	p := &pupil{browser: newBrowser(func() string { return s.addr }), rooms: r, name: "太郎"}
	if err := p.finish(ctx, "supporter"); err != nil {
		t.Fatalf("%v\n%s", err, s.log)
	}
	return p
}

func (b *browser) get(t *testing.T, path string) int {
	t.Helper()
	res, err := b.client.Get("http://" + b.addr() + path)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	return res.StatusCode
}

func TestRestartKeepsEverything(t *testing.T) {
	t.Parallel()
	everyDatabase(t, func(t *testing.T, flags []string, url string) {
		s := start(t, flags...)
		p := finished(t, s, at(t, url))
		s.stop()
		again := start(t, flags...)
		p.addr = func() string { return again.addr }
		if got := p.get(t, "/card"); got != 200 {
			t.Errorf("the session after a restart: %d", got)
		}
		standing, err := p.rooms.courses.Standing(ctx, p.account, "supporter")
		if err != nil || !standing.Completed {
			t.Errorf("the completion after a restart: %v", err)
		}
		if standing.Revision.Number != 1 {
			t.Errorf("a restart published revision %d", standing.Revision.Number)
		}
		again.stop()
	})
}

// Every request of one person goes to the other one of two instances.
func TestTwoInstances(t *testing.T) {
	url := storagetest.Postgres(t)
	both := [2]*server{
		start(t, "--data", t.TempDir(), "--database-url", url),
		start(t, "--data", t.TempDir(), "--database-url", url),
	}
	n := 0
	p := &pupil{rooms: at(t, url), name: "太郎"}
	p.browser = newBrowser(func() string { n++; return both[n%2].addr })
	if err := p.finish(ctx, "supporter"); err != nil {
		t.Fatalf("%v\n%s\n%s", err, both[0].log, both[1].log)
	}
	for range 4 {
		if got := p.get(t, "/card"); got != 200 {
			t.Errorf("instance %d does not know the session: %d", n%2, got)
		}
	}
	standing, err := p.rooms.courses.Standing(ctx, p.account, "supporter")
	if err != nil || !standing.Completed {
		t.Errorf("not completed: %v", err)
	}
	both[0].stop()
	both[1].stop()
}

// What was learned on one database is there after a move to the other.
func TestMove(t *testing.T) {
	t.Parallel()
	everyDatabase(t, func(t *testing.T, from []string, url string) {
		s := start(t, from...)
		p := finished(t, s, at(t, url))
		file := filepath.Join(t.TempDir(), "backup.zip")
		must(t, append([]string{"backup", file}, from...)...) // while it serves
		s.stop()

		var to []string
		if strings.HasPrefix(url, "postgres") {
			to = []string{"--data", t.TempDir()}
		} else {
			to = []string{"--data", t.TempDir(), "--database-url", storagetest.Postgres(t)}
		}
		must(t, append([]string{"restore", file}, to...)...)
		moved := start(t, to...)
		p.addr = func() string { return moved.addr }
		if got := p.get(t, "/card"); got != 200 {
			t.Errorf("the session after the move: %d", got)
		}
		moved.stop()
		second := filepath.Join(t.TempDir(), "second.zip")
		must(t, append([]string{"backup", second}, to...)...)

		if _, err := ran(t, append([]string{"restore", file}, to...)...); err == nil || !strings.Contains(err.Error(), "data") {
			t.Errorf("restoring over people: %v", err)
		}
		if _, err := ran(t, append([]string{"backup", file}, to...)...); err == nil || !strings.Contains(err.Error(), "exists") {
			t.Errorf("writing over a backup: %v", err)
		}
	})
}

func TestRestoreOfRubbish(t *testing.T) {
	file := filepath.Join(t.TempDir(), "photo.zip")
	if err := os.WriteFile(file, []byte("not a zip"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := ran(t, "restore", file, "--data", t.TempDir()); err == nil || !strings.Contains(err.Error(), "photo.zip") {
		t.Errorf("got %v", err)
	}
	if _, err := ran(t, "backup", filepath.Join(t.TempDir(), "x.zip"), "--data", t.TempDir()); err == nil || !strings.Contains(err.Error(), "no data") {
		t.Errorf("a backup of nothing: %v", err)
	}
}

// An older database is backed up before it is migrated; a newer one is left alone.
func TestMigrating(t *testing.T) {
	everyDatabase(t, func(t *testing.T, flags []string, url string) {
		start(t, flags...).stop()
		change := func(statements ...string) {
			t.Helper()
			err := at(t, url).db.Tx(ctx, func(tx *gorm.DB) error {
				for _, s := range statements {
					if err := tx.Exec(s).Error; err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		// As it was before the migration of the certificates, which adds tables only.
		change("DROP TABLE corrections", "DROP TABLE certificate_waits", "DROP TABLE certificates", "DROP TABLE certificate_counters",
			"DROP TABLE issuer_profiles", "DROP TABLE issuers", "DELETE FROM migrations WHERE id = '0005_certificates'")
		older := start(t, flags...)
		older.stop()
		made, err := filepath.Glob(filepath.Join(flags[1], "backups", "before-0005_certificates-*.zip"))
		if err != nil || len(made) != 1 {
			t.Errorf("backups before the migration: %v %v", made, err)
		}
		change("INSERT INTO migrations (id) VALUES ('9999_newer')")
		if _, err := ran(t, append([]string{"serve", "--addr=127.0.0.1:0"}, flags...)...); !errors.Is(err, errNewerDatabase) {
			t.Errorf("a newer database: %v", err)
		}
	})
}

func TestPortTaken(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if _, err := ran(t, "--addr", l.Addr().String(), "--data", t.TempDir()); err == nil || !strings.Contains(err.Error(), "--addr") {
		t.Errorf("got %v", err)
	}
}

// What people entrust to the program is not for every user of the machine.
func TestDataIsPrivate(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no such bits")
	}
	data := t.TempDir()
	start(t, "--data", data).stop()
	must(t, "backup", filepath.Join(data, "b.zip"), "--data", data)
	for _, name := range []string{"tsunagari.db", "b.zip"} {
		info, err := os.Stat(filepath.Join(data, name))
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %s", name, info.Mode())
		}
	}
}

func TestDataNotWritable(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := ran(t, "--addr=127.0.0.1:0", "--data", file); err == nil || !strings.Contains(err.Error(), "--data") {
		t.Errorf("got %v", err)
	}
}

// A form that is on its way when the program is told to stop is still answered.
func TestStopFinishesRequests(t *testing.T) {
	s := start(t, "--data", t.TempDir())
	silent, err := net.Dial("tcp", s.addr) // as browsers open them in advance
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	c, err := net.Dial("tcp", s.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	const body = "size=l&furigana=on&back=/"
	fmt.Fprintf(c, "POST /settings HTTP/1.1\r\nHost: %[1]s\r\nOrigin: http://%[1]s\r\nContent-Type: application/x-www-form-urlencoded\r\n"+
		"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n", s.addr, len(body))
	answer := bufio.NewReader(c)
	if line, err := answer.ReadString('\n'); err != nil || !strings.Contains(line, "100 Continue") {
		t.Fatalf("%q %v", line, err)
	}
	if _, err := answer.ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	s.cancel()
	if s.log.find(`msg=(stopping)`, s.ended) == "" {
		t.Fatal("it does not stop")
	}
	fmt.Fprint(c, body)
	res, err := http.ReadResponse(answer, nil)
	if err != nil {
		t.Fatalf("the open request was dropped: %v", err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusSeeOther {
		t.Errorf("the open request: %s", res.Status)
	}
	s.stop()
	if _, err := net.Dial("tcp", s.addr); err == nil {
		t.Error("it still takes connections")
	}
}
