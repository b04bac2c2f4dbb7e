package views

import (
	"context"
	"fmt"
	"time"

	"github.com/gofiber/fiber/v2"

	"tsunagari/certificates"
	"tsunagari/courses"
	"tsunagari/courses/accounts"
	"tsunagari/courses/classes"
	"tsunagari/quiz"
)

// record is everything that is held about one person. It is handed out as a PDF to
// read (record_pdf.go) and as CSV to compute with.
type record struct {
	At           time.Time // in Japan
	Operator     Operator
	Demo         bool
	Account      *accounts.Account
	Sections     []accounts.Section
	Courses      []courses.Taken
	Attempts     []quiz.Held
	Classes      []classes.Held
	Led          []classes.Class // as a trainer
	Certificates *certificates.Held
	Log          []logLine // what was done with the certificates
}

type logLine struct {
	Number string // of the certificate
	accounts.Entry
}

// record gathers what every room holds about the person behind the request.
func (s *site) record(c *fiber.Ctx) (*record, error) {
	ctx, id := c.UserContext(), who(c).Account
	r := &record{At: s.Now().In(japan), Operator: s.operator(ctx), Demo: s.Demo}
	var err error
	if r.Account, err = s.Accounts.Account(ctx, id); err != nil {
		return nil, err
	}
	if r.Sections, err = s.Accounts.Held(ctx, id); err != nil {
		return nil, err
	}
	if r.Courses, err = s.Courses.Held(ctx, id); err != nil {
		return nil, err
	}
	if r.Attempts, err = s.Quizzes.Held(ctx, id); err != nil {
		return nil, err
	}
	if r.Classes, err = s.Classes.Held(ctx, id); err != nil {
		return nil, err
	}
	if r.Led, err = s.Classes.Led(ctx, id); err != nil {
		return nil, err
	}
	if r.Certificates, err = s.Certificates.Held(ctx, id); err != nil {
		return nil, err
	}
	for _, cert := range r.Certificates.Certificates {
		entries, err := s.auditOf(ctx, cert.ID)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			r.Log = append(r.Log, logLine{cert.Number, e})
		}
	}
	return r, nil
}

// auditOf is all of the record about one certificate, page by page.
func (s *site) auditOf(ctx context.Context, subject string) (list []accounts.Entry, err error) {
	q := accounts.AuditQuery{Subject: subject}
	for {
		page, next, err := s.Accounts.AuditLog(ctx, q)
		list = append(list, page...)
		if err != nil || next == "" {
			return list, err
		}
		q.Before = next
	}
}

// by says who did something, without another person's name.
func (r *record) by(actor string) string {
	if actor == r.Account.ID {
		return "ご本人"
	}
	return "係の人"
}

// name is how the file calls the person.
func (r *record) name() string {
	if name := r.Account.Name(); name != "" {
		return name
	}
	return fmt.Sprintf("お名前をうかがっていない方（%s から）", r.Account.CreatedAt.In(japan).Format("2006-01-02"))
}
