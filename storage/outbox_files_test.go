package storage_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

func files(t *testing.T, db *storage.DB) (n int64) {
	t.Helper()
	if err := db.Read(ctx).Table("outbox_files").Count(&n).Error; err != nil {
		t.Fatal(err)
	}
	return n
}

func state(t *testing.T, db *storage.DB, receipt string) storage.MailState {
	t.Helper()
	s, err := storage.MailStateOf(db.Read(ctx), receipt)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Files are kept until a server has taken the letter, and not longer; the receipt
// stays.
func TestMailWithFiles(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		clock := storagetest.Clock(db)
		attached := []storage.MailFile{{Name: "b.xlsx", Type: "application/x", Content: []byte("second\x00")}, {Name: "a.pdf", Type: "application/pdf", Content: []byte("first")}}
		queue(t, db, storage.Mail{To: "a@example.jp", Subject: "s", Receipt: "r", Files: attached})
		refuse := func(context.Context, storage.Mail) error { return errors.New("451 later") }
		if _, err := db.SendDue(ctx, refuse); err == nil {
			t.Error("a refusal is no error")
		}
		if s := state(t, db, "r"); !s.Waiting || s.Tries != 1 || s.AcceptedAt != nil || files(t, db) != 2 {
			t.Errorf("refused once: %+v, %d files", s, files(t, db))
		}
		clock.Add(time.Hour)
		var got []storage.MailFile
		sent, err := db.SendDue(ctx, func(_ context.Context, m storage.Mail) error { got = m.Files; return nil })
		if err != nil || sent != 1 || len(got) != 2 || got[0].Name != "b.xlsx" || string(got[0].Content) != "second\x00" || got[1].Type != "application/pdf" {
			t.Errorf("%d %v %+v", sent, err, got)
		}
		if s := state(t, db, "r"); s.Waiting || s.AcceptedAt == nil || !s.AcceptedAt.Equal(db.Now()) || files(t, db) != 0 {
			t.Errorf("taken: %+v, %d files", s, files(t, db))
		}
		queue(t, db, storage.Mail{To: "a@example.jp", Receipt: "old", Until: db.Now().Add(time.Minute), Files: attached})
		clock.Add(time.Hour)
		if sent, err := db.SendDue(ctx, refuse); sent != 0 || err != nil || files(t, db) != 0 {
			t.Errorf("of no more use: %d %v, %d files", sent, err, files(t, db))
		}
		if s := state(t, db, "old"); s.Waiting || s.AcceptedAt != nil {
			t.Errorf("given up: %+v", s)
		}
	})
}
