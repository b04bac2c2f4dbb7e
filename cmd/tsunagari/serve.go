package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"tsunagari/storage"
	"tsunagari/views"
)

type serveCommand struct {
	database `embed:""`

	Addr    string `placeholder:"HOST:PORT" env:"TSUNAGARI_ADDR" help:"Address to listen on. Default: :8080, with --domain :443."`
	BaseURL string `placeholder:"URL" env:"BASE_URL" help:"Public address of the site, as printed in mail, on cards and certificates: https://name."`
	Domain  string `placeholder:"NAME" env:"TSUNAGARI_DOMAIN" help:"Serve HTTPS under this name, with a certificate from Let's Encrypt. Needs ports 443 and 80."`
	HTTP    string `name:"http-addr" placeholder:"HOST:PORT" default:":80" env:"TSUNAGARI_HTTP_ADDR" help:"With --domain: where plain HTTP is led to HTTPS."`

	TrustedProxy []string `placeholder:"IP" env:"TSUNAGARI_TRUSTED_PROXY" help:"Proxies (addresses or networks) whose X-Forwarded-For is believed."`
	SMTPURL      string   `name:"smtp-url" placeholder:"URL" env:"SMTP_URL" secret:"" help:"Mail server: smtp://user:password@host:587 or smtps://…:465. Without it mail is printed here."`
	MailFrom     string   `placeholder:"ADDRESS" env:"TSUNAGARI_MAIL_FROM" help:"Sender of the mail. Default: the user of --smtp-url."`

	BackupDir string `placeholder:"DIR" env:"TSUNAGARI_BACKUP_DIR" help:"Folder of the nightly backups. Default: backups in the data folder."`
	Backup    bool   `negatable:"" default:"true" env:"TSUNAGARI_BACKUP" help:"Back up every night at 03:00 Japan time and keep 14."`
	Demo      bool   `env:"TSUNAGARI_DEMO" help:"Fill an empty database with fictional people and mark every page 「見本」."`
}

// Validate is called by kong.
func (s *serveCommand) Validate() error {
	if err := s.database.Validate(); err != nil {
		return err
	}
	if s.BaseURL != "" {
		u, err := url.Parse(s.BaseURL)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.Path != "" || u.RawQuery != "" {
			return errors.New("--base-url must be http:// or https:// and a host, without a path: https://tsunagari.example.jp")
		}
	}
	if s.Domain != "" && (net.ParseIP(s.Domain) != nil || s.Domain == "localhost" || url.PathEscape(s.Domain) != s.Domain) {
		return errors.New("--domain must be a public name: tsunagari.example.jp")
	}
	for _, p := range s.TrustedProxy {
		if _, _, err := net.ParseCIDR(p); err != nil && net.ParseIP(p) == nil {
			return fmt.Errorf("--trusted-proxy %s is neither an address nor a network", p)
		}
	}
	_, err := newPost(s.SMTPURL, s.MailFrom)
	return err
}

func (s *serveCommand) addr() string {
	switch {
	case s.Addr != "":
		return s.Addr
	case s.Domain != "":
		return ":443"
	}
	return ":8080"
}

// run serves until ctx ends, then lets open requests finish.
func (s *serveCommand) run(ctx context.Context, p *program) error {
	log := slog.New(slog.NewTextHandler(p.stderr, nil))
	for _, name := range unknownVariables(p.env) {
		log.Warn("unknown environment variable", "name", name)
	}
	l, err := listen(s.addr())
	if err != nil {
		return err
	}
	defer l.Close()
	db, err := s.prepare(ctx, p.stdout)
	if err != nil {
		return err
	}
	defer db.Close()
	r, err := s.rooms(ctx, db, l.Addr(), log, p.stdout)
	if err != nil {
		return err
	}
	return s.serve(ctx, l, r)
}

// prepare opens and migrates the database. A server that has just been started
// together with this program is waited for.
func (s *serveCommand) prepare(ctx context.Context, out io.Writer) (*storage.DB, error) {
	for try := 0; ; try++ {
		db, err := s.openMigrated(ctx, s.backups(s.BackupDir), out)
		if err == nil || !comingUp(err) || try == 30 {
			return db, err
		}
		if try == 0 {
			fmt.Fprintf(out, "データベース %s の準備を待っています…\n", s.where())
		}
		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(time.Second):
		}
	}
}

// serve runs the web server and the loops until ctx ends or one of them cannot
// go on.
func (s *serveCommand) serve(ctx context.Context, l net.Listener, r *rooms) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	if s.Domain != "" {
		m := certificatesFor(s.Domain, &s.database, r.db)
		plain, err := listen(s.HTTP)
		if err != nil {
			return err
		}
		r.log.Info("listening for plain HTTP", "http", plain.Addr())
		l = secure(l, m)
		go func() {
			if err := serveRedirects(ctx, plain, redirector(s.Domain, m)); err != nil {
				stop(err)
			}
		}()
	}
	var loops sync.WaitGroup
	for _, t := range s.tasks(r) {
		loops.Go(func() { t.loop(ctx, r.db, r.log) })
	}
	app := views.New(r.deps(s))
	shutdown := stoppable(app, l)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := app.Listener(l); err != nil && ctx.Err() == nil {
			stop(err)
		}
	}()
	r.log.Info("listening", "addr", l.Addr(), "version", version())
	if err := s.announce(ctx, l.Addr(), r); err != nil {
		stop(err)
	}
	// Starting compresses every static file and may read the courses: what that
	// used lies in pools, which it takes two collections to empty.
	runtime.GC()
	debug.FreeOSMemory()
	<-ctx.Done()
	r.log.Info("stopping", "open", app.Server().GetOpenConnectionsCount())
	err := shutdown()
	<-ended
	loops.Wait()
	if cause := context.Cause(ctx); !errors.Is(cause, context.Canceled) {
		err = errors.Join(cause, err)
	}
	return err
}
