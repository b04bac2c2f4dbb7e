package views

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/valyala/fasthttp"

	"tsunagari/courses/coursetest"
	"tsunagari/quiz"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
	"tsunagari/views/browsertest"
)

// visitors is how many people press at the same time in a load.
const visitors = 16

// BenchmarkLearner measures what people do over HTTP against the plain text of the
// same server ("÷plain"), and what they write against one prepared INSERT in one
// transaction of the same database ("÷insert"). Both sides take turns within one
// run, so that what else the machine does meanwhile weighs on both alike.
func BenchmarkLearner(b *testing.B) {
	for name, address := range map[string]func(testing.TB) string{"sqlite": storagetest.SQLite, "postgres": storagetest.Postgres} {
		b.Run(name, func(b *testing.B) {
			l := newLoad(b, storagetest.Open(b, address(b)))
			plain, insert := l.get("/livez", ""), l.insert(b)
			b.Run("lesson", func(b *testing.B) {
				l.compare(b, l.get("/courses/small/ichi-1", l.people[0]), plain, "÷plain")
			})
			b.Run("read", func(b *testing.B) { l.compare(b, l.post("/courses/small/ichi-%d", ""), insert, "÷insert") })
			b.Run("answer", func(b *testing.B) { l.compare(b, l.answer(b), insert, "÷insert") })
		})
	}
}

type load struct {
	db     *storage.DB
	at     string
	people []string // session cookies
	ids    []string
	quiz   *quiz.Quizzes
	client *fasthttp.Client
	done   atomic.Int64 // requests and inserts so far
}

func newLoad(b *testing.B, db *storage.DB) *load {
	ctx := context.Background()
	d := wired(db)
	if _, _, err := d.Courses.Publish(ctx, coursetest.Small("small")); err != nil {
		b.Fatal(err)
	}
	l := &load{db: db, quiz: d.Quizzes, client: &fasthttp.Client{MaxConnsPerHost: visitors}}
	for range visitors {
		secret, id, err := d.Accounts.Guest(ctx, "")
		if err != nil {
			b.Fatal(err)
		}
		l.people, l.ids = append(l.people, secret), append(l.ids, id)
	}
	l.at = browsertest.Serve(b, New(d))
	return l
}

// act is one thing that a visitor does; i is another number every time.
type act func(visitor, i int)

// run lets all visitors together do n acts.
func (l *load) run(n int, do act) time.Duration {
	start, last := time.Now(), l.done.Load()+int64(n)
	var wg sync.WaitGroup
	for v := range visitors {
		wg.Go(func() {
			for i := l.done.Add(1); i <= last; i = l.done.Add(1) {
				do(v, int(i))
			}
		})
	}
	wg.Wait()
	return time.Since(start)
}

// compare does b.N acts in turns with as many of base.
func (l *load) compare(b *testing.B, do, base act, unit string) {
	const turn = 500
	l.run(turn, base) // connections, caches
	l.run(turn, do)
	var took, baseTook time.Duration
	for left := b.N; left > 0; left -= turn {
		n := min(left, turn)
		baseTook += l.run(n, base)
		took += l.run(n, do)
	}
	b.ReportMetric(0, "ns/op") // both together say nothing
	b.ReportMetric(float64(b.N)/took.Seconds(), "req/s")
	b.ReportMetric(baseTook.Seconds()/took.Seconds(), unit)
}

func (l *load) do(method, path, cookie, form string, want int) {
	req, res := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	defer fasthttp.ReleaseRequest(req)
	defer fasthttp.ReleaseResponse(res)
	req.Header.SetMethod(method)
	req.SetRequestURI(l.at + path)
	req.Header.Set("Origin", l.at)
	if cookie != "" {
		req.Header.Set("Cookie", "session="+cookie)
	}
	if form != "" {
		req.Header.SetContentType("application/x-www-form-urlencoded")
		req.SetBodyString(form)
	}
	if err := l.client.Do(req, res); err != nil {
		panic(err)
	}
	if res.StatusCode() != want {
		panic(fmt.Sprintf("%s %s: %d", method, path, res.StatusCode()))
	}
}

func (l *load) get(path, cookie string) act {
	return func(int, int) { l.do(http.MethodGet, path, cookie, "", http.StatusOK) }
}

func (l *load) post(path, form string) act {
	return func(v, i int) {
		l.do(http.MethodPost, fmt.Sprintf(path, i%2+1), l.people[v], form, http.StatusSeeOther)
	}
}

// answer keeps changing its mind about the first question of a check.
func (l *load) answer(b *testing.B) act {
	var attempts []string
	for _, id := range l.ids {
		a, err := l.quiz.Start(context.Background(), id, "small", quiz.Check("ichi"))
		if err != nil {
			b.Fatal(err)
		}
		attempts = append(attempts, a.ID)
	}
	return func(v, i int) {
		l.do(http.MethodPost, "/quiz/"+attempts[v]+"/1", l.people[v], fmt.Sprintf("do=save&a=%d&sequence=%d", i%3, i), http.StatusSeeOther)
	}
}

// insert is the least that keeps anything: one prepared INSERT, committed.
func (l *load) insert(b *testing.B) act {
	b.Helper()
	pool, err := l.db.Pool()
	if err != nil {
		b.Fatal(err)
	}
	stmt, err := pool.Prepare("INSERT INTO settings (name, value, updated_at) VALUES ($1, $2, $3)")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { stmt.Close() })
	run := time.Now().UnixNano()
	return func(v, i int) {
		tx, err := pool.BeginTx(context.Background(), &sql.TxOptions{})
		if err == nil {
			_, err = tx.Stmt(stmt).Exec(fmt.Sprintf("load-%d-%d", run, i), "x", l.db.Now())
		}
		if err == nil {
			err = tx.Commit()
		}
		if err != nil {
			panic(err)
		}
	}
}
