package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"tsunagari/storage"
)

// task is something that is done again and again beside the requests.
type task struct {
	name  string
	every time.Duration
	// alone: of several instances one does it. The claim lasts one period.
	alone bool
	do    func(ctx context.Context) error
}

// loop does the task at once and then every period until ctx ends. What fails is
// logged and tried again the next time.
func (t task) loop(ctx context.Context, db *storage.DB, log *slog.Logger) {
	tick := time.NewTicker(t.every)
	defer tick.Stop()
	for {
		if err := t.once(ctx, db); err != nil && ctx.Err() == nil {
			log.Error("task failed", "task", t.name, "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (t task) once(ctx context.Context, db *storage.DB) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
		}
	}()
	if t.alone {
		// A little less than the period, so that the next tick finds it free.
		mine, err := claim(ctx, db, "task:"+t.name, t.every-t.every/10)
		if err != nil || !mine {
			return err
		}
	}
	return t.do(ctx)
}

// tasks are what goes on beside the requests.
func (s *serveCommand) tasks(r *rooms) []task {
	list := []task{
		{"mail", 2 * time.Second, false, func(ctx context.Context) error {
			_, err := r.db.SendDue(ctx, r.post.send)
			return err
		}},
		{"counts", 2 * time.Second, false, r.counts.Fold},
		{"waiting certificates", time.Hour, true, func(ctx context.Context) error {
			n, err := r.certificates.IssueWaiting(ctx)
			if n > 0 {
				r.log.Info("issued waiting certificates", "count", n)
			}
			return err
		}},
		{"closing months", 10 * time.Minute, true, func(ctx context.Context) error {
			return r.counts.CloseDue(ctx, r.db.Now())
		}},
		{"monthly mail", 10 * time.Minute, true, r.sendMonthly},
		{"forgetting", 6 * time.Hour, true, func(ctx context.Context) error {
			_, forgot := r.certificates.ForgetRegister(ctx)
			_, purged := r.accounts.PurgeGuests(ctx)
			return errors.Join(forgot, purged, r.accounts.PurgeSessions(ctx), r.courses.ForgetMedia(ctx))
		}},
		{"reminder of March", 12 * time.Hour, true, func(ctx context.Context) error {
			_, err := r.accounts.RemindPosts(ctx, r.base+"/staff")
			return err
		}},
	}
	if s.Backup {
		n := &nightly{db: r.db, dir: s.backups(s.BackupDir), failed: r.backupFailed}
		list = append(list, task{"nightly backup", time.Minute, false, n.check})
	}
	return list
}
