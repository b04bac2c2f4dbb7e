package main

import (
	"context"
	"io"
	"log/slog"
	"net"

	"gorm.io/gorm"

	"tsunagari/certificates"
	"tsunagari/certificates/paper"
	"tsunagari/courses"
	"tsunagari/courses/accounts"
	"tsunagari/courses/classes"
	"tsunagari/courses/counts"
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
	classes      *classes.Classes
	counts       *counts.Counts

	base string // where people reach the site, without a slash at the end
	demo bool
	post post
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
	r.classes = classes.New(db, r.courses, r.accounts)
	r.certificates = certificates.New(db, r.courses, certificates.Options{
		BaseURL: base, Specimen: demo, Host: r.classes.Host, Rename: r.accounts.Rename,
	})
	r.counts = counts.New(db, r.courses, counts.Options{
		Population: r.accounts.LatestDenominators,
		Held: func(tx *gorm.DB, hosts []string, from, until string) (h counts.Held, err error) {
			h.ByHost, h.Trainers, err = classes.HeldTx(tx, hosts, from, until)
			return h, err
		},
	})
	r.courses.OnCompleted(r.certificates.Issue)
	r.courses.OnWithdrawn(r.certificates.Withdrawn)
	r.courses.OnStep(r.classes.Stepped)
	r.quizzes.OnClosing(r.classes.OpensClosing)
	r.classes.OnPaper(func(tx *gorm.DB, p classes.Paper) error {
		return r.quizzes.Typed(tx, p.AccountID, p.Revision, p.By, p.Answers)
	})
	r.accounts.OnRegistered(r.courses.Registered)
	r.accounts.OnSetUp(func(tx *gorm.DB, o accounts.Operator, by string) error { return r.certificates.SetUp(tx, o.Name, by) })
	r.accounts.OnErase(r.quizzes.Erase)
	r.accounts.OnErase(r.certificates.Erase)
	r.accounts.OnErase(r.classes.Erase)
	r.accounts.OnErase(r.courses.Erase)
	r.merging()
	return r
}

// merging wires what becomes of two accounts of one person. The order counts:
// seats come first and attempts leave their enrolments before these are joined, certificates follow the
// completions, and what is finished only together is completed at the end.
func (r *rooms) merging() {
	r.accounts.OnMerge(r.classes.Merge)
	r.accounts.OnMerge(r.quizzes.Merge)
	r.accounts.OnMerge(r.courses.Merge)
	r.accounts.OnMerge(r.certificates.Merge)
	r.accounts.OnMerge(func(tx *gorm.DB, _, into string) error { return r.courses.Registered(tx, into) })
	r.accounts.OnMergePreview(r.courses.PreviewMerge)
	r.accounts.OnMergePreview(r.quizzes.PreviewMerge)
	r.accounts.OnMergePreview(r.classes.PreviewMerge)
	r.accounts.OnMergePreview(r.certificates.PreviewMerge)
}

// rooms opens the rooms for serving on addr and brings the built-in courses in.
func (s *serveCommand) rooms(ctx context.Context, db *storage.DB, addr net.Addr, log *slog.Logger, out io.Writer) (*rooms, error) {
	demo, err := demoOf(ctx, db, s.Demo)
	if err != nil {
		return nil, err
	}
	r := open(db, s.base(addr), demo != noDemo)
	r.log, r.out = log, out
	if r.post, err = newPost(s.SMTPURL, s.MailFrom); err != nil {
		return nil, err
	}
	if r.post == nil || r.demo { // fictional people have no letterbox
		r.post = &console{out: out}
	}
	if err := publishBuiltIn(ctx, db, r.courses, log); err != nil || demo == noDemo {
		return r, err
	}
	return r, r.showDemo(ctx, demo)
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

// deps is what the web stands on.
func (r *rooms) deps(s *serveCommand) views.Deps {
	d := views.Deps{
		BaseURL: s.public(), TrustedProxies: s.TrustedProxy, Demo: r.demo, Now: r.db.Now, Log: r.log,
		Accounts: r.accounts, Courses: r.courses, Quizzes: r.quizzes, Certificates: r.certificates, Classes: r.classes, Counts: r.counts,
		Ready: r.db.Ping,
	}
	if s.Backup {
		d.Backup = r.backup
	}
	return d
}

// backup is how the nightly backups go, whichever instance makes them.
func (r *rooms) backup(ctx context.Context) (views.Backup, error) {
	state, err := (&nightly{db: r.db}).state(ctx)
	return views.Backup{
		LastGood: state.LastGood, File: state.File, Size: state.Size, FailedAt: state.FailedAt, Error: state.Error, Keep: keepBackups,
	}, err
}
