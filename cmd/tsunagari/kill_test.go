package main

import (
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"gorm.io/gorm"

	"tsunagari/courses"
	"tsunagari/courses/counts"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

// trial lets people take the course while what serves them is killed again and
// again.
type trial struct {
	t     *testing.T
	rooms *rooms
	child *child
	forms int // to be answered with success
	die   []func()

	acks, failures atomic.Int64
	more           chan struct{} // one for each answered form
	mu             sync.Mutex
	alive          *sync.Cond
	dead           bool
}

const (
	atOnce      = 6
	maxFailures = 5000
)

func (k *trial) run() []*pupil {
	k.alive = sync.NewCond(&k.mu)
	k.more = make(chan struct{}, 2*k.forms+10_000)
	var all []*pupil
	var work, kill sync.WaitGroup
	kill.Go(k.kill)
	for range atOnce {
		work.Go(func() {
			for int(k.acks.Load()) < k.forms && !k.t.Failed() {
				p := k.pupil()
				if err := p.finish(ctx, "supporter"); err != nil {
					k.t.Errorf("%s: %v\n%s", p.name, err, k.child.log)
					return
				}
				k.mu.Lock()
				all = append(all, p)
				k.mu.Unlock()
			}
		})
	}
	work.Wait()
	close(k.more)
	kill.Wait()
	return all
}

func (k *trial) pupil() *pupil {
	p := &pupil{browser: newBrowser(func() string { return k.child.addr }), rooms: k.rooms}
	p.name = fmt.Sprintf("太郎%d", k.acks.Load())
	p.acked = func() { k.acks.Add(1); k.more <- struct{}{} }
	p.failed = func(error) bool {
		k.mu.Lock()
		defer k.mu.Unlock()
		for k.dead {
			k.alive.Wait()
		}
		return k.failures.Add(1) < maxFailures
	}
	return p
}

// kill lets each death happen after its share of answered forms.
func (k *trial) kill() {
	for i, die := range k.die {
		for range k.forms / (len(k.die) + 1) {
			if _, open := <-k.more; !open {
				k.t.Errorf("only %d of %d deaths", i, len(k.die))
				return
			}
		}
		k.set(true)
		die()
		k.set(false)
	}
	for range k.more { // what is left
	}
}

func (k *trial) set(dead bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.dead = dead
	k.alive.Broadcast()
}

func (k *trial) killProgram() { k.child.end(syscall.SIGKILL); k.child.start() }

// begin sets the site up on the database at url.
func begin(t *testing.T, url string, forms int, args ...string) *trial {
	t.Helper()
	k := &trial{t: t, forms: forms, child: newChild(t, args...)}
	db, err := storage.Open(ctx, storage.Options{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	k.rooms = open(db, "http://example.jp", false)
	err = db.Tx(ctx, func(tx *gorm.DB) error { return k.rooms.certificates.SetUp(tx, "見本町", "test") })
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// verify finds everything that was answered with success once, and nothing twice.
func (k *trial) verify(all []*pupil) {
	k.child.end(syscall.SIGTERM)
	if !k.child.cmd.ProcessState.Success() {
		k.t.Errorf("the last stop: %s\n%s", k.child.cmd.ProcessState, k.child.log)
	}
	rev, err := all[0].revision(ctx, "supporter")
	if err != nil {
		k.t.Fatal(err)
	}
	for _, p := range all {
		k.verifyPupil(rev, p)
	}
	var serials []int
	if err := k.rooms.db.Read(ctx).Raw("SELECT serial FROM certificates ORDER BY serial").Scan(&serials).Error; err != nil {
		k.t.Fatal(err)
	}
	for i, serial := range serials {
		if serial != i+1 {
			k.t.Fatalf("numbers of certificates: %v", serials)
		}
	}
	if len(serials) != len(all) {
		k.t.Errorf("%d certificates for %d people", len(serials), len(all))
	}
	if n := k.counted(); n != len(all) {
		k.t.Errorf("%d people are counted of %d", n, len(all))
	}
	if got := int(k.acks.Load()); got < k.forms {
		k.t.Errorf("only %d forms were answered", got)
	}
	k.t.Logf("%d people, %d forms answered, %d not, %d deaths", len(all), k.acks.Load(), k.failures.Load(), len(k.die))
}

// counted is how many people the numbers know, which are those of a recount.
func (k *trial) counted() (n int) {
	if wrong, err := k.rooms.counts.Verify(ctx); err != nil || len(wrong) > 0 {
		k.t.Errorf("counted anew: %+v %v", wrong, err)
	}
	rows, err := k.rooms.counts.Rows(ctx, counts.Everything(), counts.Filter{})
	if err != nil {
		k.t.Fatal(err)
	}
	for _, r := range rows {
		n += r.People
	}
	return n
}

func (k *trial) verifyPupil(rev *courses.Revision, p *pupil) {
	quizzes := 1
	for _, m := range rev.Modules {
		if m.Check > 0 {
			quizzes++
		}
	}
	for what, c := range map[string]struct {
		query string
		want  int
	}{
		"enrolments":     {"SELECT count(*) FROM enrolments WHERE account_id = ?", 1},
		"steps":          {"SELECT count(*) FROM progress p JOIN enrolments e ON e.id = p.enrolment_id WHERE e.account_id = ?", len(p.kept)},
		"attempts":       {"SELECT count(*) FROM attempts WHERE account_id = ?", quizzes},
		"done attempts":  {"SELECT count(*) FROM attempts WHERE account_id = ? AND done_at IS NOT NULL", quizzes},
		"right answers":  {"SELECT count(*) FROM answers w JOIN attempts a ON a.id = w.attempt_id WHERE a.account_id = ? AND w.confirmed_at IS NOT NULL", k.questions(p)},
		"not understood": {"SELECT count(*) FROM answers w JOIN attempts a ON a.id = w.attempt_id WHERE a.account_id = ? AND w.score < 0.999", 0},
		"completions":    {"SELECT count(*) FROM completions WHERE account_id = ?", 1},
		"certificates":   {"SELECT count(*) FROM certificates WHERE account_id = ?", 1},
	} {
		var got int
		if err := k.rooms.db.Read(ctx).Raw(c.query, p.account).Scan(&got).Error; err != nil {
			k.t.Fatal(err)
		}
		if got != c.want {
			k.t.Errorf("%s has %d %s, want %d", p.name, got, what, c.want)
		}
	}
}

// questions is how many questions the person was told were confirmed.
func (k *trial) questions(p *pupil) int {
	n := 0
	for _, id := range p.attempts {
		v, err := k.rooms.quizzes.View(ctx, p.account, id)
		if err != nil {
			k.t.Fatal(err)
		}
		n += len(v.Drawn)
	}
	return n
}

func TestKilledOnSQLite(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	k := begin(t, filepath.Join(data, "tsunagari.db"), 2000, "--data", data)
	for range 20 {
		k.die = append(k.die, k.killProgram)
	}
	k.verify(k.run())
	var whole string
	if err := k.rooms.db.Read(ctx).Raw("PRAGMA integrity_check").Scan(&whole).Error; err != nil || whole != "ok" {
		t.Errorf("integrity: %s %v", whole, err)
	}
}

func TestKilledOnPostgres(t *testing.T) {
	t.Parallel()
	cluster, err := storagetest.NewCluster()
	if err != nil {
		storagetest.Missing(t, "%v", err)
	}
	t.Cleanup(func() { cluster.Stop(syscall.SIGQUIT); cluster.Remove() })
	if err := cluster.Start(); err != nil {
		t.Fatal(err)
	}
	url := cluster.URL("postgres")
	k := begin(t, url, 1000, "--data", t.TempDir(), "--database-url", url)
	crash := func() {
		cluster.Stop(syscall.SIGQUIT)
		if err := cluster.Start(); err != nil {
			t.Error(err)
		}
	}
	for range 5 {
		k.die = append(k.die, k.killProgram, crash)
	}
	k.verify(k.run())
}
