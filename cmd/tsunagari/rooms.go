package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"time"

	"tsunagari/certificates"
	"tsunagari/certificates/paper"
	"tsunagari/courses"
	"tsunagari/courses/accounts"
	"tsunagari/quiz"
	"tsunagari/storage"
	"tsunagari/views"
)

// rooms is the house: every room opened on one database and told of the others.
type rooms struct {
	db           *storage.DB
	accounts     *accounts.Accounts
	courses      *courses.Courses
	quizzes      *quiz.Quizzes
	certificates *certificates.Certificates

	base string // where people reach the site, without a slash at the end
	demo bool
	log  *slog.Logger
	out  io.Writer
}

// open wires the rooms. What crosses from a lower room to a higher one is
// registered here and nowhere else.
func open(db *storage.DB, base string, demo bool) *rooms {
	r := &rooms{db: db, base: base, demo: demo, log: slog.Default(), out: io.Discard}
	r.accounts = accounts.New(db, accounts.Options{Printable: paper.Check})
	r.courses = courses.New(db)
	r.quizzes = quiz.New(db, r.courses, nil)
	r.certificates = certificates.New(db, r.courses, certificates.Options{BaseURL: base, Specimen: demo})
	r.courses.OnCompleted(r.certificates.Issue)
	r.accounts.OnErase(r.quizzes.Erase)
	r.accounts.OnErase(r.certificates.Erase)
	r.accounts.OnErase(r.courses.Erase)
	return r
}

// rooms opens the rooms for serving on addr and brings the built-in courses in.
func (s *serveCommand) rooms(ctx context.Context, db *storage.DB, addr net.Addr, log *slog.Logger, out io.Writer) (*rooms, error) {
	demo, err := isDemo(ctx, db)
	if err != nil {
		return nil, err
	}
	if s.Demo && !demo {
		return nil, fmt.Errorf("not yet")
	}
	r := open(db, s.base(addr), demo)
	r.log, r.out = log, out
	return r, publishBuiltIn(ctx, db, r.courses, log)
}

// base is the public address: what was given, else where this machine is reached.
func (s *serveCommand) base(addr net.Addr) string {
	switch {
	case s.BaseURL != "":
		return s.BaseURL
	case s.Domain != "":
		return "https://" + s.Domain
	}
	here, network := reach(addr)
	if len(network) > 0 {
		return network[0]
	}
	return here
}

// public is the address that was given, "" when links work only in this network.
func (s *serveCommand) public() string {
	if s.BaseURL == "" && s.Domain == "" {
		return ""
	}
	return s.base(nil)
}

// demoSetting marks a database that --demo filled.
const demoSetting = "demo"

func isDemo(ctx context.Context, db *storage.DB) (bool, error) {
	value, err := readSetting(db.Read(ctx), demoSetting)
	return value != "", err
}

// deps is what the web stands on.
func (r *rooms) deps(s *serveCommand) views.Deps {
	return views.Deps{
		BaseURL: s.public(), TrustedProxies: s.TrustedProxy, Demo: r.demo, Now: r.db.Now, Log: r.log,
		Courses: r.courses, Quizzes: r.quizzes, Ready: r.db.Ping,
	}
}

// tasks are what goes on beside the requests.
func (s *serveCommand) tasks(r *rooms) []task {
	list := []task{
		{"waiting certificates", time.Hour, true, func(ctx context.Context) error {
			n, err := r.certificates.IssueWaiting(ctx)
			if n > 0 {
				r.log.Info("issued waiting certificates", "count", n)
			}
			return err
		}},
		{"register", 24 * time.Hour, true, func(ctx context.Context) error {
			_, err := r.certificates.ForgetRegister(ctx)
			return err
		}},
	}
	if s.Backup {
		n := &nightly{db: r.db, dir: s.backups(s.BackupDir)}
		list = append(list, task{"nightly backup", time.Minute, false, n.check})
	}
	return list
}

func (s *serveCommand) announce(_ context.Context, r *rooms) error {
	fmt.Fprintln(r.out, r.base)
	return nil
}
