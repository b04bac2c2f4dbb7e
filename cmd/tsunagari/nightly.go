package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"tsunagari/courses"
	"tsunagari/courses/accounts"
	"tsunagari/storage"
)

// keepBackups is how many nightly backups are kept.
const keepBackups = 14

// The names of the settings that tell about backups. An admin page reads them.
const (
	backupSetting = "backup"
	nightlyPrefix = "tsunagari-"
)

// backupState is how the nightly backups go, as the setting "backup" keeps it.
type backupState struct {
	Since    time.Time `json:"since"` // nothing is due before
	LastGood time.Time `json:"last_good"`
	File     string    `json:"file"`
	Size     int64     `json:"size"`
	FailedAt time.Time `json:"failed_at"` // zero once one succeeded again
	Error    string    `json:"error"`
}

// nightly backs the database up once a night.
type nightly struct {
	db  *storage.DB
	dir string
	// failed tells people that there is no backup.
	failed func(ctx context.Context, err error) error
}

// lastNight is the newest 03:00 in Japan that is not after t.
func lastNight(t time.Time) time.Time {
	t = t.In(courses.Japan)
	night := time.Date(t.Year(), t.Month(), t.Day(), 3, 0, 0, 0, courses.Japan)
	if night.After(t) {
		night = night.AddDate(0, 0, -1)
	}
	return night
}

// due says whether the last night's backup is missing. A machine that was off at
// 03:00 makes it up once it is on again.
func (s backupState) due(now time.Time) bool {
	last := s.LastGood
	if last.Before(s.Since) {
		last = s.Since
	}
	return last.Before(lastNight(now))
}

// check makes the backup when it is due. Of several instances one does it; after a
// failure it is tried again an hour later.
func (n *nightly) check(ctx context.Context) error {
	state, err := n.state(ctx)
	if err != nil {
		return err
	}
	now := n.db.Now()
	if state.Since.IsZero() {
		state.Since = now
		return n.keep(ctx, state)
	}
	if !state.due(now) {
		return nil
	}
	if mine, err := claim(ctx, n.db, "task:backup", time.Hour); err != nil || !mine {
		return err
	}
	if state, err = n.state(ctx); err != nil || !state.due(now) { // another instance was faster
		return err
	}
	return n.backup(ctx, state)
}

func (n *nightly) backup(ctx context.Context, state backupState) error {
	now := n.db.Now()
	name := nightlyPrefix + now.In(courses.Japan).Format("20060102-1504") + ".zip"
	size, err := n.write(ctx, filepath.Join(n.dir, name))
	if err != nil {
		if ctx.Err() != nil {
			return err
		}
		first := state.FailedAt.IsZero()
		state.FailedAt, state.Error = now, err.Error()
		if err := n.keep(ctx, state); err != nil {
			return err
		}
		if first {
			if told := n.failed(ctx, err); told != nil {
				return fmt.Errorf("%w; and telling about it: %w", err, told)
			}
		}
		return fmt.Errorf("nightly backup: %w", err)
	}
	state = backupState{Since: state.Since, LastGood: now, File: name, Size: size}
	if err := n.keep(ctx, state); err != nil {
		return err
	}
	return n.prune()
}

func (n *nightly) write(ctx context.Context, file string) (int64, error) {
	if err := writeBackup(ctx, n.db, file); err != nil {
		return 0, err
	}
	info, err := os.Stat(file)
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// prune removes all but the newest nightly backups, and nothing else.
func (n *nightly) prune() error {
	files, err := filepath.Glob(filepath.Join(n.dir, nightlyPrefix+"????????-????.zip"))
	if err != nil {
		return err
	}
	slices.SortFunc(files, func(a, b string) int { return strings.Compare(b, a) })
	for _, old := range files[min(keepBackups, len(files)):] {
		if err := os.Remove(old); err != nil {
			return err
		}
	}
	return nil
}

func (n *nightly) state(ctx context.Context) (state backupState, err error) {
	value, err := storage.Setting(n.db.Read(ctx), backupSetting)
	if err == nil && value != "" {
		err = json.Unmarshal([]byte(value), &state)
	}
	return state, err
}

func (n *nightly) keep(ctx context.Context, state backupState) error {
	b, err := json.Marshal(state)
	if err != nil {
		return err
	}
	return n.db.Tx(ctx, func(tx *gorm.DB) error { return storage.SetSetting(tx, backupSetting, string(b)) })
}

// backupFailed writes to every administrators' post.
func (r *rooms) backupFailed(ctx context.Context, fault error) error {
	posts, err := r.accounts.Posts(ctx, accounts.Shell())
	if err != nil {
		return err
	}
	body := fmt.Sprintf("今夜の控え（バックアップ）を作れませんでした。1時間ごとに、もう一度ためします。\n"+
		"ディスクの空きと、控えを置くフォルダーを確かめてください。\n\n%s\n\n%s\n", explain(fault), r.base)
	return r.db.Tx(ctx, func(tx *gorm.DB) error {
		for _, p := range posts {
			if p.Role != accounts.Admin || p.EndedAt != nil {
				continue
			}
			m := storage.Mail{To: p.OfficeEmail, Subject: "【つながりサポーター】控え（バックアップ）が作れませんでした", Body: body}
			if err := storage.Queue(tx, m); err != nil {
				return err
			}
		}
		return nil
	})
}
