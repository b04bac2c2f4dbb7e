package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"tsunagari/courses/accounts"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

const manyLearners = 100_000

// BenchmarkStart starts the program on a database of 100,000 learners, until the
// start page is answered; then somebody opens a lesson and types a name, which
// opens the course and the font. It also reports the memory of the process at both
// times, where the system tells.
func BenchmarkStart(b *testing.B) {
	for name, address := range map[string]func(testing.TB) string{"sqlite": storagetest.SQLite, "postgres": storagetest.Postgres} {
		b.Run(name, func(b *testing.B) {
			url := address(b)
			args := []string{"--database-url", url}
			if name == "sqlite" {
				dir := filepath.Dir(url)
				args, url = []string{"--data", dir}, filepath.Join(dir, "tsunagari.db")
			}
			newChild(b, args...).end(syscall.SIGTERM) // brings the courses in
			crowd(b, url)
			var took time.Duration
			var started, used float64
			for b.Loop() {
				began := time.Now()
				c := newChild(b, args...)
				c.open(b, "/")
				took += time.Since(began)
				started = c.memory()
				c.open(b, "/courses/supporter/naze")
				giveName(b, c.addr)
				used = c.memory()
				c.end(syscall.SIGTERM)
			}
			b.ReportMetric(0, "ns/op") // with the end of the program
			b.ReportMetric(float64(took.Milliseconds())/float64(b.N), "ms")
			b.ReportMetric(started, "MiB-started")
			b.ReportMetric(used, "MiB-used")
		})
	}
}

// crowd fills the database at url with people who have read the first lessons.
func crowd(b *testing.B, url string) {
	b.Helper()
	db, err := storage.Open(ctx, storage.Options{URL: url})
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	r := open(db, "http://example.jp", false)
	secret, err := r.accounts.Register(ctx, "", accounts.Registration{
		Operation: uuid.NewString(), FamilyName: "北見", GivenName: "花子", FamilyKana: "きたみ", GivenKana: "はなこ",
		Residence: "012084", AgeBand: "70", Consent: "yes",
	}, "")
	if err != nil {
		b.Fatal(err)
	}
	signed, standing, err := r.courses.Arrive(ctx, r.accounts, secret, "supporter")
	if err != nil {
		b.Fatal(err)
	}
	for _, l := range standing.Revision.Modules[0].Lessons {
		if _, err := r.courses.MarkRead(ctx, signed.AccountID, "supporter", l.ID); err != nil {
			b.Fatal(err)
		}
	}
	err = db.Tx(ctx, func(tx *gorm.DB) error {
		for _, t := range []struct{ table, fresh string }{
			{"accounts", "id number"},
			{"residences", "account_id"},
			{"sessions", "token_sha256 id account_id"},
			{"enrolments", "id account_id"},
			{"progress", "enrolment_id"},
		} {
			if err := multiply(tx, t.table, strings.Fields(t.fresh)); err != nil {
				return fmt.Errorf("%s: %w", t.table, err)
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}

// multiply gives every row of the table many others that differ in the columns fresh.
func multiply(tx *gorm.DB, table string, fresh []string) error {
	rows, err := tx.Raw("SELECT * FROM " + table + " LIMIT 0").Rows()
	if err != nil {
		return err
	}
	columns, err := rows.Columns()
	if err := rows.Close(); err != nil {
		return err
	}
	values := slices.Clone(columns)
	for i, c := range values {
		if slices.Contains(fresh, c) {
			values[i] = c + " || '-' || i"
		}
	}
	if err != nil {
		return err
	}
	return tx.Exec(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
		INSERT INTO `+table+` (`+strings.Join(columns, ", ")+`) SELECT `+strings.Join(values, ", ")+` FROM `+table+`, n`, manyLearners-1).Error
}

func (c *child) open(b *testing.B, path string) {
	b.Helper()
	res, err := http.Get("http://" + c.addr + path)
	if err != nil {
		b.Fatalf("%v\n%s", err, c.log)
	}
	defer res.Body.Close()
	if _, err := io.Copy(io.Discard, res.Body); err != nil || res.StatusCode != http.StatusOK {
		b.Fatalf("%s: %s %v", path, res.Status, err)
	}
}

// giveName types a name, which asks the font whether it can be printed.
func giveName(b *testing.B, addr string) {
	b.Helper()
	_, err := newBrowser(func() string { return addr }).post("/start", map[string][]string{
		"operation": {uuid.NewString()}, "family_name": {"髙﨑"}, "given_name": {"花子"}, "family_kana": {"たかさき"}, "given_kana": {"はなこ"},
		"residence": {"012084"}, "age_band": {"70"}, "consent": {"yes"},
	})
	if err != nil {
		b.Fatal(err)
	}
}

// memory is how many MiB of the process stand in memory, 0 where /proc does not say.
func (c *child) memory() float64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", c.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	m := regexp.MustCompile(`VmRSS:\s+(\d+) kB`).FindSubmatch(status)
	if m == nil {
		return 0
	}
	kb, err := strconv.Atoi(string(m[1]))
	if err != nil {
		return 0
	}
	return float64(kb) / 1024
}
