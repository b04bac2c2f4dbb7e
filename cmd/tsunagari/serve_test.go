package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// output is what a program prints, readable meanwhile.
type output struct {
	mu   sync.Mutex
	b    bytes.Buffer
	more chan struct{}
}

func newOutput() *output { return &output{more: make(chan struct{}, 1)} }

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.b.Write(p)
	select {
	case o.more <- struct{}{}:
	default:
	}
	return len(p), nil
}

func (o *output) String() string { o.mu.Lock(); defer o.mu.Unlock(); return o.b.String() }

// find waits for what pattern matches and gives its first group; "" when ended
// comes first.
func (o *output) find(pattern string, ended <-chan struct{}) string {
	re := regexp.MustCompile(pattern)
	late := time.After(time.Minute)
	for {
		if m := re.FindStringSubmatch(o.String()); m != nil {
			return m[1]
		}
		select {
		case <-o.more:
		case <-ended:
			return ""
		case <-late:
			return ""
		}
	}
}

// server is the whole program, running inside the test.
type server struct {
	t           *testing.T
	addr, plain string // of HTTP or HTTPS, of the redirects
	log, out    *output
	cancel      context.CancelFunc
	ended       chan struct{}
	err         error
}

const listening = `msg=listening addr=(\S+)`

// start runs serve on a free port until the test ends.
func start(t *testing.T, args ...string) *server {
	t.Helper()
	return startWith(t, nil, args...)
}

func startWith(t *testing.T, env map[string]string, args ...string) *server {
	t.Helper()
	s := &server{t: t, log: newOutput(), out: newOutput(), ended: make(chan struct{})}
	var stopped context.Context
	stopped, s.cancel = context.WithCancel(context.Background())
	go func() {
		defer close(s.ended)
		s.err = run(stopped, append([]string{"serve", "--addr=127.0.0.1:0"}, args...), env, s.out, s.log)
	}()
	t.Cleanup(func() { s.cancel(); <-s.ended })
	if s.addr = s.log.find(listening, s.ended); s.addr == "" {
		s.cancel()
		<-s.ended
		t.Fatalf("the program does not serve: %v\n%s", s.err, s.log)
	}
	if strings.Contains(s.log.String(), "http=") {
		s.plain = s.log.find(`http=(\S+)`, s.ended)
	}
	return s
}

// stop ends the program as SIGTERM does.
func (s *server) stop() {
	s.t.Helper()
	s.cancel()
	<-s.ended
	if s.err != nil {
		s.t.Errorf("stopping: %v", s.err)
	}
}

func (s *server) get(path string) (int, string) {
	s.t.Helper()
	res, err := http.Get("http://" + s.addr + path)
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

func TestServe(t *testing.T) {
	s := start(t, "--data", t.TempDir())
	for path, want := range map[string]int{"/": 200, "/livez": 200, "/readyz": 200, "/courses/supporter": 200, "/nothing": 404} {
		if got, body := s.get(path); got != want {
			t.Errorf("%s: %d %.300s", path, got, body)
		}
	}
	s.stop()
}

// The log tells what happened and nothing of whom.
func TestLogHasNoPersonalData(t *testing.T) {
	data := t.TempDir()
	s := start(t, "--data", data)
	p := finished(t, s, at(t, filepath.Join(data, "tsunagari.db")))
	p.get(t, "/verify/R8-001-0001?name=太郎")
	p.get(t, "/c/a-secret-of-a-card")
	s.stop()
	said := s.log.String()
	for _, want := range []string{"route=/quiz/:attempt/:number", "route=/c/:token", "status=303"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is missing", want)
		}
	}
	for _, secret := range []string{"太郎", "見本", p.account, p.attempts[0], "a-secret", "R8-001", "session"} {
		if strings.Contains(said, secret) {
			t.Errorf("%q is in the log", secret)
		}
	}
	if n := strings.Count(said, "127.0.0.1"); n != 1 { // its own
		t.Errorf("%d addresses are in the log", n)
	}
}
