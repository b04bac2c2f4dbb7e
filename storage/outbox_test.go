package storage_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"

	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

// box collects what was sent, and refuses whom refuse names.
type box struct {
	mu     sync.Mutex
	got    []string
	refuse string
}

func (b *box) send(_ context.Context, m storage.Mail) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.refuse != "" && strings.HasPrefix(m.To, b.refuse) {
		return fmt.Errorf("550 <%s>: unknown", m.To)
	}
	b.got = append(b.got, m.To+" "+m.Subject+" "+m.Body)
	return nil
}

func queue(t *testing.T, db *storage.DB, mails ...storage.Mail) {
	t.Helper()
	for _, m := range mails {
		if err := db.Tx(ctx, func(tx *gorm.DB) error { return storage.Queue(tx, m) }); err != nil {
			t.Fatal(err)
		}
	}
}

func waiting(t *testing.T, db *storage.DB) (n int64) {
	t.Helper()
	if err := db.Read(ctx).Table("outbox").Count(&n).Error; err != nil {
		t.Fatal(err)
	}
	return n
}

func TestMailIsSentOnceKept(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		undone := errors.New("undone")
		err := db.Tx(ctx, func(tx *gorm.DB) error {
			if err := storage.Queue(tx, storage.Mail{To: "a@example.jp"}); err != nil {
				return err
			}
			return undone
		})
		if !errors.Is(err, undone) {
			t.Fatal(err)
		}
		queue(t, db, storage.Mail{To: "b@example.jp", Subject: "件名", Body: "本文\n二行目"})
		b := &box{}
		if sent, err := db.SendDue(ctx, b.send); sent != 1 || err != nil {
			t.Errorf("sent %d, %v", sent, err)
		}
		if sent, err := db.SendDue(ctx, b.send); sent != 0 || err != nil {
			t.Errorf("again: sent %d, %v", sent, err)
		}
		if len(b.got) != 1 || b.got[0] != "b@example.jp 件名 本文\n二行目" || waiting(t, db) != 0 {
			t.Errorf("got %q, %d wait", b.got, waiting(t, db))
		}
	})
}

func TestMailIsTriedAgainWithGrowingPauses(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		clock := storagetest.Clock(db)
		queue(t, db, storage.Mail{To: "bad@example.jp"}, storage.Mail{To: "good@example.jp"})
		b := &box{refuse: "bad"}
		sent, err := db.SendDue(ctx, b.send)
		if sent != 1 || err == nil || strings.Contains(err.Error(), "bad@") || !strings.Contains(err.Error(), "unknown") {
			t.Errorf("one bad address among others: sent %d, %v", sent, err)
		}
		for _, pause := range []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 4 * time.Hour, 4 * time.Hour} {
			clock.Add(pause - time.Second)
			if _, err := db.SendDue(ctx, b.send); err != nil {
				t.Errorf("tried before %s were over: %v", pause, err)
			}
			clock.Add(time.Second)
			if _, err := db.SendDue(ctx, b.send); err == nil {
				t.Errorf("not tried after %s", pause)
			}
		}
		b.refuse = ""
		clock.Add(4 * time.Hour)
		if sent, err := db.SendDue(ctx, b.send); sent != 1 || err != nil || waiting(t, db) != 0 {
			t.Errorf("at last: sent %d, %v", sent, err)
		}
	})
}

func TestMailOfNoMoreUseIsThrownAway(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		clock := storagetest.Clock(db)
		queue(t, db, storage.Mail{To: "code@example.jp", Until: clock.Now().Add(10 * time.Minute)}, storage.Mail{To: "letter@example.jp"})
		clock.Add(10 * time.Minute)
		b := &box{}
		if sent, err := db.SendDue(ctx, b.send); sent != 1 || err != nil || waiting(t, db) != 0 || !strings.HasPrefix(b.got[0], "letter") {
			t.Errorf("a code that has run out: %d %v %q", sent, err, b.got)
		}
		queue(t, db, storage.Mail{To: "letter@example.jp"})
		clock.Add(3 * 24 * time.Hour)
		if sent, err := db.SendDue(ctx, b.send); sent != 0 || err != nil || waiting(t, db) != 0 {
			t.Errorf("after three days: %d %v", sent, err)
		}
	})
}

func TestMailServerDownEndsTheRound(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		for range 10 {
			queue(t, db, storage.Mail{To: "a@example.jp"})
		}
		tries := 0
		_, err := db.SendDue(ctx, func(context.Context, storage.Mail) error { tries++; return errors.New("connection refused") })
		if err == nil || tries != 3 || waiting(t, db) != 10 {
			t.Errorf("%d tries, %d wait, %v", tries, waiting(t, db), err)
		}
	})
}

// Two instances, each with several rounds at once: every letter goes out once.
func TestMailGoesOutOnceFromSeveralInstances(t *testing.T) {
	each := func(t *testing.T, url string) {
		one, two := storagetest.Open(t, url), storagetest.Open(t, url)
		const letters = 40
		for i := range letters {
			queue(t, one, storage.Mail{To: fmt.Sprintf("%d@example.jp", i)})
		}
		b := &box{}
		var wg sync.WaitGroup
		for i := range 6 {
			wg.Go(func() {
				db := one
				if i%2 == 0 {
					db = two
				}
				if _, err := db.SendDue(ctx, b.send); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		seen := map[string]bool{}
		for _, m := range b.got {
			if seen[m] {
				t.Errorf("%s was sent twice", m)
			}
			seen[m] = true
		}
		if len(seen) != letters || waiting(t, one) != 0 {
			t.Errorf("%d of %d, %d wait", len(seen), letters, waiting(t, one))
		}
	}
	t.Run("sqlite", func(t *testing.T) { each(t, storagetest.SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { each(t, storagetest.Postgres(t)) })
}

func TestMailIsNotSentAgainWhenStopped(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		clock := storagetest.Clock(db)
		queue(t, db, storage.Mail{To: "a@example.jp"}, storage.Mail{To: "b@example.jp"})
		stopping, stop := context.WithCancel(ctx)
		b := &box{}
		sent, err := db.SendDue(stopping, func(ctx context.Context, m storage.Mail) error { stop(); return b.send(ctx, m) })
		if sent != 1 || err != nil || waiting(t, db) != 1 {
			t.Errorf("stopped while sending: sent %d, %v, %d wait", sent, err, waiting(t, db))
		}
		clock.Add(time.Hour)
		if sent, err := db.SendDue(ctx, b.send); sent != 1 || err != nil || len(b.got) != 2 {
			t.Errorf("after the start: sent %d, %v, %q", sent, err, b.got)
		}
	})
}

// Somebody who dies while sending leaves the letter to the next after a while.
func TestMailOfADeadInstanceIsTakenOver(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		clock := storagetest.Clock(db)
		queue(t, db, storage.Mail{To: "a@example.jp"})
		func() {
			defer func() { recover() }()
			db.SendDue(ctx, func(context.Context, storage.Mail) error { panic("killed") })
		}()
		b := &box{}
		if sent, err := db.SendDue(ctx, b.send); sent != 0 || err != nil {
			t.Errorf("taken from somebody who may still be sending: %d %v", sent, err)
		}
		clock.Add(6 * time.Minute)
		if sent, err := db.SendDue(ctx, b.send); sent != 1 || err != nil {
			t.Errorf("never taken over: %d %v", sent, err)
		}
	})
}

func TestUnqueue(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		queue(t, db, storage.Mail{To: "a@example.jp"}, storage.Mail{To: "b@example.jp"})
		if err := db.Tx(ctx, func(tx *gorm.DB) error { return storage.Unqueue(tx, "a@example.jp") }); err != nil {
			t.Fatal(err)
		}
		b := &box{}
		if sent, err := db.SendDue(ctx, b.send); sent != 1 || err != nil || !strings.HasPrefix(b.got[0], "b@") {
			t.Errorf("%d %v %q", sent, err, b.got)
		}
	})
}
