// Package views is the whole web: routes, who may use them, handlers, pages,
// forms and the sentences for errors. It is the only package with Fiber, and it
// knows no table: it asks the rooms below and shows what they say.
package views

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/url"
	"runtime/debug"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"tsunagari/certificates"
	"tsunagari/courses"
	"tsunagari/courses/accounts"
	"tsunagari/courses/classes"
	"tsunagari/courses/counts"
	"tsunagari/quiz"
)

// Deps is what the web stands on; cmd fills it.
type Deps struct {
	// BaseURL is the public address, as in mail, PDF and QR; "" while there is none.
	BaseURL string
	// TrustedProxies may say who a request really comes from (X-Forwarded-*).
	TrustedProxies []string
	// Demo marks every page as 「見本」.
	Demo bool
	Now  func() time.Time
	Log  *slog.Logger

	Accounts     *accounts.Accounts
	Courses      *courses.Courses
	Quizzes      *quiz.Quizzes
	Certificates *certificates.Certificates
	Classes      *classes.Classes
	Counts       *counts.Counts

	// Backup says how the nightly backups go; nil when none are made here.
	Backup func(ctx context.Context) (Backup, error)
	// Ready says whether requests can be served: nil, or why not.
	Ready func(ctx context.Context) error
}

type site struct {
	Deps
	base      *url.URL
	https     bool
	static    *static
	lastKnown atomic.Pointer[operatorAt]
}

const (
	kib       = 1 << 10
	bodyLimit = 1 << 20
	// uploadLimit is for the routes marked upload.
	uploadLimit = 32 << 20
)

// New is the web on d. It panics on a broken template or static file: both are
// part of the program.
func New(d Deps) *fiber.App {
	s := newSite(d)
	pages, err := newEngine(templateFiles, s.funcs())
	if err != nil {
		panic(err)
	}
	return s.app(pages)
}

func newSite(d Deps) *site {
	s := &site{Deps: d}
	if s.Now == nil {
		s.Now = time.Now
	}
	if s.Log == nil {
		s.Log = slog.Default()
	}
	var err error
	if s.base, err = url.Parse(d.BaseURL); err != nil {
		panic(fmt.Errorf("views: base URL: %w", err))
	}
	s.https = s.base.Scheme == "https"
	if s.static, err = embedded(); err != nil {
		panic(err)
	}
	return s
}

func (s *site) app(pages *engine) *fiber.App {
	app := fiber.New(fiber.Config{
		AppName:                 "Tsunagari",
		Views:                   pages,
		ErrorHandler:            s.broken,
		Immutable:               true,
		UnescapePath:            true,
		ReadBufferSize:          16 * kib,
		BodyLimit:               bodyLimit,
		ReadTimeout:             time.Minute,
		WriteTimeout:            3 * time.Minute,
		IdleTimeout:             2 * time.Minute,
		EnableTrustedProxyCheck: true,
		TrustedProxies:          s.TrustedProxies,
		ProxyHeader:             fiber.HeaderXForwardedFor,
		EnableIPValidation:      true,
		DisableStartupMessage:   true,
	})
	app.Use(s.request)
	large := s.mount(app)
	app.Server().HeaderReceived = func(h *fasthttp.RequestHeader) fasthttp.RequestConfig {
		if large(string(h.RequestURI())) {
			return fasthttp.RequestConfig{MaxRequestBodySize: uploadLimit}
		}
		return fasthttp.RequestConfig{}
	}
	return app
}

// request goes round every request: headers, deadline, panics, the error's page,
// compression and one line of log without personal data.
func (s *site) request(c *fiber.Ctx) error {
	start := time.Now()
	c.Locals(idKey, rand.Text()[:8])
	defer withDeadline(c)()
	s.harden(c)
	if err := safely(c); err != nil {
		if err := s.fail(c, err); err != nil {
			return err
		}
	}
	finish(c)
	s.logRequest(c, time.Since(start))
	return nil
}

// safely runs the handlers and turns a panic into an error.
func safely(c *fiber.Ctx) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("views: panic: %v\n%s", r, debug.Stack())
		}
	}()
	return c.Next()
}

// broken answers what never reached a handler, as a request that is too large.
func (s *site) broken(c *fiber.Ctx, err error) error {
	s.harden(c)
	return s.fail(c, err)
}

// logRequest writes the route's pattern and never the address itself: a path may
// hold a secret, a query a name.
func (s *site) logRequest(c *fiber.Ctx, took time.Duration) {
	level := slog.LevelInfo
	if s.static.owns(c.Path()) {
		level = slog.LevelDebug
	}
	size := c.Response().Header.ContentLength()
	if !c.Response().IsBodyStream() { // whose body would be read to its end
		size = len(c.Response().Body())
	}
	s.Log.Log(c.UserContext(), level, "request", "id", requestID(c), "method", c.Method(), "route", c.Route().Path,
		"status", c.Response().StatusCode(), "bytes", size, "ms", took.Milliseconds())
}

func requestID(c *fiber.Ctx) string {
	id, _ := c.Locals(idKey).(string)
	return id
}

// operatorKept is for how long the operator is not asked for again.
const operatorKept = 30 * time.Second

type operatorAt struct {
	Operator
	at time.Time
}

// operator asks who runs the site at most every half minute, and remembers it for
// the moment when the database is away: that is when people need the telephone.
func (s *site) operator(ctx context.Context) Operator {
	last := s.lastKnown.Load()
	if last != nil && time.Since(last.at) < operatorKept {
		return last.Operator
	}
	now, err := s.runner(ctx)
	if err != nil {
		if last == nil {
			return Operator{}
		}
		now = last.Operator
	}
	s.lastKnown.Store(&operatorAt{now, time.Now()})
	return now
}
