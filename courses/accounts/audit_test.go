package accounts_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"gorm.io/gorm"

	"tsunagari/courses/accounts"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

func TestAuditLogByPages(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		for i := range 120 {
			s.must(db.Tx(ctx, func(tx *gorm.DB) error {
				return accounts.Audit(tx, "shell", "card.new", s.admin.AccountID, fmt.Sprint(i), "なくしたため")
			}))
			if i%7 == 0 { // several within one microsecond, others later
				s.clock.Add(time.Second)
			}
		}
		var all []accounts.Entry
		pages, before := 0, ""
		for {
			list, next, err := s.AuditLog(ctx, accounts.AuditQuery{Before: before, Act: "card.new", Subject: s.admin.AccountID, Actor: "shell"})
			s.must(err)
			all, before = append(all, list...), next
			pages++
			if next == "" {
				break
			}
		}
		if len(all) != 120 || pages != 3 {
			t.Fatalf("%d entries on %d pages", len(all), pages)
		}
		for i, e := range all {
			if e.Detail != fmt.Sprint(119-i) {
				t.Errorf("entry %d is %s", i, e.Detail)
			}
		}
		e := all[0]
		if e.ActorName != "このコンピューターの管理者" || e.SubjectName != "管理 花子" || e.Label() != "新しい受講カード" || e.Why != "なくしたため" {
			t.Errorf("%+v", e)
		}
		if list, _, err := s.AuditLog(ctx, accounts.AuditQuery{Actor: "nobody"}); err != nil || len(list) != 0 {
			t.Errorf("nobody did %v %v", list, err)
		}
		_, _, err := s.AuditLog(ctx, accounts.AuditQuery{Before: "none"})
		s.is(err, storage.ErrNotFound)
	})
}

func TestAuditIsUndoneWithItsAct(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		err := db.Tx(ctx, func(tx *gorm.DB) error {
			s.must(accounts.Audit(tx, "a", "card.new", "b", "", ""))
			return storage.ErrConflict
		})
		s.is(err, storage.ErrConflict)
		if acts := s.acts(); len(acts) != 1 {
			t.Errorf("the record says %v", acts)
		}
	})
}

// Every act that a room writes down has a name for people.
func TestEveryActHasAName(t *testing.T) {
	call := regexp.MustCompile(`(?:Audit|audit)\([^"\n]*"([a-z_]+\.[a-z_]+|setup)"`)
	n := 0
	for _, pattern := range []string{"*.go", "../*.go", "../../quiz/*.go", "../../certificates/*.go", "../../cmd/tsunagari/*.go", "../../views/*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range call.FindAllStringSubmatch(string(text), -1) {
				n++
				if accounts.ActLabel(m[1]) == m[1] {
					t.Errorf("%s: act %q has no name in audit.go", file, m[1])
				}
			}
		}
	}
	if n < 15 {
		t.Errorf("only %d acts were found", n)
	}
}
