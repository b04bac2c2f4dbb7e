package views

import (
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"tsunagari/certificates"
	"tsunagari/courses/accounts"
)

// Backup is how the nightly backups go.
type Backup struct {
	LastGood time.Time // zero: none yet
	File     string
	Size     int64 // bytes
	FailedAt time.Time
	Error    string
	Keep     int // how many are kept
}

// Failing says whether the newest attempt failed.
func (b Backup) Failing() bool { return b.FailedAt.After(b.LastGood) }

// Old says whether two nights went by without one, seen from now.
func (b Backup) Old(now time.Time) bool {
	return !b.LastGood.IsZero() && now.Sub(b.LastGood) > 48*time.Hour
}

// Megabytes is the size of the newest backup in MB, at least 0.1.
func (b Backup) Megabytes() float64 { return max(0.1, float64(b.Size/100_000)/10) }

type adminPage struct {
	Page
	Backup       Backup
	NoBackup     bool // this program makes none
	Old          bool
	Corrections  int
	StalePlaces  int64
	StaleLines   int
	NoLines      bool
	NobodyIssues bool
}

// admin is where an administrator begins: what is well, and what waits for them.
func (s *site) admin(c *fiber.Ctx) error {
	p := &adminPage{Page: s.page(c, "管理"), NoBackup: s.Backup == nil}
	ctx, access := c.UserContext(), p.Who.Access
	var err error
	if s.Backup != nil {
		if p.Backup, err = s.Backup(ctx); err != nil {
			return err
		}
		p.Old = p.Backup.Old(s.Now())
	}
	asked, err := s.Certificates.OpenCorrections(ctx, access)
	if err != nil {
		return err
	}
	p.Corrections = len(asked)
	if p.StalePlaces, err = s.Accounts.StalePlaces(ctx, access); err != nil {
		return err
	}
	lines, err := s.Accounts.Helplines(ctx)
	if err != nil {
		return err
	}
	p.NoLines = len(lines) == 0
	for _, l := range lines {
		if l.Stale || l.ConfirmedOn == "" {
			p.StaleLines++
		}
	}
	issuers, err := s.Certificates.Issuers(ctx)
	if err != nil {
		return err
	}
	p.NobodyIssues = len(issuers) == 0
	return s.show(c, "admin", p)
}

type operatorPage struct {
	Page
	In          accounts.Operator
	Prefectures []Choice
	Bureaus     []Choice
}

func (s *site) operatorForm(c *fiber.Ctx) error {
	o, err := s.Accounts.Operator(c.UserContext())
	if err != nil {
		return err
	}
	return s.show(c, "admin-operator", s.operatorPage(c, o))
}

func (s *site) operatorPage(c *fiber.Ctx, in accounts.Operator) *operatorPage {
	p := &operatorPage{Page: s.page(c, "運営団体"), In: in, Prefectures: prefectures(), Bureaus: bureaus()}
	p.Crumbs = []Crumb{{"/admin", "管理"}}
	return p
}

func (s *site) saveOperator(c *fiber.Ctx) error {
	var in accounts.Operator
	if err := parse(c, &in); err != nil {
		return err
	}
	if err := s.Accounts.SetOperator(c.UserContext(), who(c).Access, in); err != nil {
		return s.again(c, err, "admin-operator", s.operatorPage(c, in))
	}
	s.lastKnown.Store(nil)
	return s.done(c, "/admin", flashSaved)
}

type auditPage struct {
	Page
	Query   accounts.AuditQuery
	Entries []accounts.Entry
	Next    string // address of the page that follows
}

// auditLog is who did what to whom, and why, fifty at a time.
func (s *site) auditLog(c *fiber.Ctx) error {
	p := &auditPage{Page: s.page(c, "操作の記録")}
	p.Crumbs = []Crumb{{"/admin", "管理"}}
	if err := c.QueryParser(&p.Query); err != nil {
		return errUnreadable
	}
	var err error
	if p.Entries, p.Next, err = s.Accounts.AuditLog(c.UserContext(), p.Query); err != nil {
		return err
	}
	for i := range p.Entries {
		if uuid.Validate(p.Entries[i].Detail) == nil { // says nothing to a reader
			p.Entries[i].Detail = ""
		}
	}
	return s.show(c, "admin-audit", p)
}

type retentionPage struct {
	Page
	Issuers                           []*certificates.Issuer
	GuestDays, LearnerDays, GuessDays int
	StaffHours                        int
	Backups                           int // 0: this program makes none
}

// retention is what is kept for how long, and where that is decided.
func (s *site) retention(c *fiber.Ctx) error {
	p := &retentionPage{
		Page: s.page(c, "保存する期間"), GuestDays: days(accounts.GuestLife), LearnerDays: days(accounts.LearnerLife),
		GuessDays: days(accounts.GuessLife), StaffHours: int(accounts.StaffLife / time.Hour),
	}
	p.Crumbs = []Crumb{{"/admin", "管理"}}
	if s.Backup != nil {
		b, err := s.Backup(c.UserContext())
		if err != nil {
			return err
		}
		p.Backups = b.Keep
	}
	var err error
	if p.Issuers, err = s.Certificates.Issuers(c.UserContext()); err != nil {
		return err
	}
	return s.show(c, "admin-retention", p)
}

func days(d time.Duration) int { return int(d / (24 * time.Hour)) }
