package views

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/gofiber/fiber/v2"

	"tsunagari/courses/accounts"
	"tsunagari/storage"
)

type mePage struct {
	Page
	Account    *accounts.Account
	Number     string // 受講番号 as people read it, "" without a card
	Town       string
	In         accounts.Profile
	Residences []Choice
	AgeBands   []Choice
}

// Guest says whether the name is still to be given.
func (p *mePage) Guest() bool { return p.Account != nil && p.Account.State == accounts.Guest }

// me is what is registered, and the way to everything that people may do with it.
func (s *site) me(c *fiber.Ctx) error {
	p, err := s.mePage(c)
	if err != nil {
		return err
	}
	p.In = profileOf(p.Account)
	return s.show(c, "me", p)
}

// profileOf is what is kept as the form has it.
func profileOf(a *accounts.Account) accounts.Profile {
	in := accounts.Profile{PrintedName: a.PrintedName, AgeBand: string(a.AgeBand), Residence: a.Municipality, Version: a.Version}
	if a.Municipality == "" && a.Prefecture != "" {
		in.Residence = "p" + a.Prefecture
	}
	return in
}

func (s *site) mePage(c *fiber.Ctx) (*mePage, error) {
	p := &mePage{Page: s.page(c, "わたしの情報"), AgeBands: ageBands()}
	p.Path = "/me"
	p.Residences = residences(p.Operator)
	var err error
	if p.Account, err = s.Accounts.Account(c.UserContext(), p.Who.Account); err != nil {
		return nil, err
	}
	if p.Account.Number != "" {
		p.Number = accounts.ShowNumber(p.Account.Number)
	}
	if p.Account.Prefecture != "" {
		p.Town = accounts.PlaceName(p.Account.Municipality, p.Account.Prefecture)
	}
	return p, nil
}

func ageBands() (list []Choice) {
	for _, b := range accounts.AgeBands {
		list = append(list, Choice{Value: string(b), Label: b.Label()})
	}
	return list
}

// saveProfile changes what people may change themselves. Where another window was
// faster, the page shows what is kept now and what was typed, and the button keeps
// the latter.
func (s *site) saveProfile(c *fiber.Ctx) error {
	if !who(c).Learner() {
		return c.Redirect("/me", fiber.StatusSeeOther)
	}
	var in accounts.Profile
	if err := parse(c, &in); err != nil {
		return err
	}
	err := s.keepProfile(c.UserContext(), who(c).Account, in)
	if err == nil {
		return s.done(c, "/me", flashSaved)
	}
	p, away := s.mePage(c)
	if away != nil {
		return away
	}
	kept := profileOf(p.Account)
	kept.Version = in.Version
	if errors.Is(err, storage.ErrConflict) && kept == in { // sent twice
		return s.done(c, "/me", flashSaved)
	}
	p.In, p.In.Version = in, p.Account.Version
	return s.again(c, err, "me", p)
}

// keepProfile also issues what waited for a name that can be printed.
func (s *site) keepProfile(ctx context.Context, account string, in accounts.Profile) error {
	if err := s.Accounts.UpdateProfile(ctx, account, in); err != nil {
		return err
	}
	return s.Certificates.IssueWaitingOf(ctx, account)
}

type sessionsPage struct {
	Page
	Here   *sessionView
	Others []sessionView
}

type sessionView struct {
	ID, Device string
	Begun      time.Time
	Used       string // in words
}

// sessions lists the phones and computers that are signed in.
func (s *site) sessions(c *fiber.Ctx) error {
	p := &sessionsPage{Page: s.page(c, "入っているスマホ・パソコン")}
	p.Crumbs = []Crumb{{"/me", "わたしの情報"}}
	list, err := s.Accounts.Sessions(c.UserContext(), p.Who.Account)
	if err != nil {
		return err
	}
	for _, one := range list {
		v := sessionView{ID: one.ID, Device: one.Device, Begun: one.CreatedAt, Used: ago(one.SeenAt, s.Now())}
		if v.Device == "" {
			v.Device = "名前のわからない機器"
		}
		if one.ID == p.Who.Session {
			p.Here = &v
		} else {
			p.Others = append(p.Others, v)
		}
	}
	return s.show(c, "me-sessions", p)
}

// ago says on which day something was, seen from now.
func ago(t, now time.Time) string {
	day := func(t time.Time) time.Time {
		y, m, d := t.In(japan).Date()
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	}
	switch days := int(day(now).Sub(day(t)).Hours() / 24); {
	case days <= 0:
		return "きょう"
	case days == 1:
		return "きのう"
	case days <= 30:
		return fmt.Sprintf("%d日前", days)
	}
	return t.In(japan).Format("2006年1月2日")
}

// endSessionOf ends one of the person's own sessions; another person's has none
// with this id, and what is gone already is gone.
func (s *site) endSessionOf(c *fiber.Ctx) error {
	if c.Params("id") == who(c).Session {
		return s.signOut(c)
	}
	if err := s.Accounts.EndSession(c.UserContext(), who(c).Account, c.Params("id")); err != nil {
		return err
	}
	return s.done(c, "/me/sessions", flashSessionEnded)
}

func (s *site) endOtherSessions(c *fiber.Ctx) error {
	if err := s.Accounts.EndOtherSessions(c.UserContext(), who(c).Account, who(c).Session); err != nil {
		return err
	}
	return s.done(c, "/me/sessions", flashSessionEnded)
}
