package views

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"tsunagari/certificates"
	"tsunagari/courses/accounts"
	"tsunagari/storage"
)

type downloadPage struct{ Page }

// download says what the record holds, and hands it out as PDF and as files for
// spreadsheets (開示, 個人情報の保護に関する法律).
func (s *site) download(c *fiber.Ctx) error {
	p := &downloadPage{s.page(c, "記録を受け取る")}
	p.Crumbs = []Crumb{{"/me", "わたしの情報"}}
	return s.show(c, "me-download", p)
}

func (s *site) recordPDF(c *fiber.Ctx) error {
	r, err := s.record(c)
	if err != nil {
		return err
	}
	file, err := r.pdf()
	if err != nil {
		return err
	}
	return sendPDF(c, "tsunagari-kiroku-"+r.At.Format("20060102")+".pdf", file)
}

func (s *site) recordZip(c *fiber.Ctx) error {
	r, err := s.record(c)
	if err != nil {
		return err
	}
	file, err := r.zip()
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "application/zip")
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="tsunagari-kiroku-`+r.At.Format("20060102")+`.zip"`)
	return c.Send(file)
}

type deletePage struct {
	Page
	Certificates []certificates.Keeping
	Names        []certificates.Keeping // whose register keeps the name for a while
	Keeps        []accounts.Kept
	Staff        bool
	Guest        bool // nothing was registered
}

func (s *site) deletePage(c *fiber.Ctx) (*deletePage, error) {
	p := &deletePage{Page: s.page(c, "すべて消す"), Keeps: accounts.Keeps()}
	p.Path, p.Crumbs = "/me/delete", []Crumb{{"/me", "わたしの情報"}}
	a, err := s.Accounts.Account(c.UserContext(), p.Who.Account)
	if err != nil {
		return nil, err
	}
	p.Guest, p.Staff = a.State == accounts.Guest, p.Who.Staff()
	if p.Certificates, err = s.Certificates.Stays(c.UserContext(), a.ID); err != nil {
		return nil, err
	}
	for _, k := range p.Certificates {
		if k.Until != "" {
			p.Names = append(p.Names, k)
		}
	}
	return p, nil
}

// askDelete says what would stay, until when and why, before anything is deleted.
func (s *site) askDelete(c *fiber.Ctx) error {
	p, err := s.deletePage(c)
	if err != nil {
		return err
	}
	return s.show(c, "me-delete", p)
}

type deleteForm struct {
	Sure string `form:"sure"`
}

type deletedPage struct {
	Page
	Unsure bool // nobody is signed in: perhaps it was done a moment ago
}

// delete forgets the person. A second tap comes without a session that is worth
// anything, and must not look like a failure, nor like success to somebody whose
// session had ended before: it is told how to find out.
func (s *site) delete(c *fiber.Ctx) error {
	if !who(c).SignedIn() {
		return s.show(c, "me-deleted", &deletedPage{Page: s.page(c, "いまは、入っていません"), Unsure: true})
	}
	var in deleteForm
	if err := parse(c, &in); err != nil {
		return err
	}
	err := errNotSure
	if in.Sure == "yes" {
		err = s.Accounts.Erase(c.UserContext(), who(c).Account, "")
	}
	if err != nil && !errors.Is(err, storage.ErrNotFound) { // not found: the other of two taps was faster
		p, away := s.deletePage(c)
		if away != nil {
			return away
		}
		return s.again(c, err, "me-delete", p)
	}
	for _, name := range []string{s.sessionCookie(), askedCookie} {
		s.dropCookie(c, name)
	}
	return c.Redirect("/me/deleted", fiber.StatusSeeOther)
}

// deleted is where a deletion ends.
func (s *site) deleted(c *fiber.Ctx) error {
	if who(c).SignedIn() {
		return c.Redirect("/me", fiber.StatusSeeOther)
	}
	return s.show(c, "me-deleted", &deletedPage{Page: s.page(c, "すべて消しました")})
}
