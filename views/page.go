package views

import (
	"errors"
	"html/template"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"tsunagari/certificates"
	"tsunagari/storage"
)

// Page is what every page knows. A page's own struct embeds it and adds what its
// template shows; handlers fill it with (*site).page.
type Page struct {
	Title     string // "" on the start page
	Path      string // the address of this page, where the reading settings lead back to
	Reading   Reading
	Who       Who
	Operator  Operator
	Demo      bool   // 「見本」
	Flash     string // said once after an act, "" for nothing
	Operation string // id of the act that a form of this page asks for, see storage.Once
	Faults    Faults // what was wrong with the form
	Stale     bool   // somebody else changed it meanwhile: the form shows what was typed
	Crumbs    []Crumb
	Scripts   []string // static files beside app.js
	Bare      bool     // without the line of reading settings
	Refresh   int      // seconds after which a browser without script loads the page again, 0 for never
}

// Crumb is one step of the way from the start to this page.
type Crumb struct{ Path, Label string }

// Operator is who runs this site, as printed on every page.
type Operator struct {
	Name, Address string
	Phone, Hours  string // hours as a sentence: 平日 9時から17時
	Fax           string // for 申込書, "" without
	Area          string // the home area: オホーツク管内
	Bureau        string // of the home area, as オホーツク総合振興局
	Prefecture    string // of the home area, two digits
}

// pageOf gives the embedded Page of any page struct.
type pageOf interface{ base() *Page }

func (p *Page) base() *Page { return p }

// Fault is the sentence under the field name, "" when it is fine.
func (p Page) Fault(name string) string { return p.Faults.Of(name) }

// Frame is the page without what a handler added: in a template its fields are found
// directly, where those of an embedded struct are searched for at every use.
func (p *Page) Frame() *Page { return p }

// top and foot are all that the frame of a page depends on.
type top struct{ Demo, SignedIn, Staff bool }

type foot struct {
	Operator
	SignedIn, Staff bool
}

// Top is what the head of the page depends on.
func (p *Page) Top() any { return top{p.Demo, p.Who.SignedIn(), p.Who.Staff()} }

// Foot is what the foot of the page depends on.
func (p *Page) Foot() any { return foot{p.Operator, p.Who.SignedIn(), p.Who.Staff()} }

// page is the common part of a page: every handler begins with it.
func (s *site) page(c *fiber.Ctx, title string) Page {
	return Page{
		Title:     title,
		Path:      c.Path(),
		Reading:   reading(c),
		Who:       who(c),
		Operator:  s.operator(c.UserContext()),
		Demo:      s.Demo,
		Flash:     s.takeFlash(c),
		Operation: uuid.NewString(),
	}
}

// show answers with the page of the template name.
func (s *site) show(c *fiber.Ctx, name string, page pageOf) error {
	return c.Render(name, page)
}

// part answers with one part of a page, which a script asks for again and again:
// as long as it stays the same, with 304 and nothing else.
func (s *site) part(c *fiber.Ctx, name string, page pageOf) error {
	c.Locals(liveKey, true)
	return c.Render(partOf+name, page)
}

// done answers an act that succeeded: 303 to a page that says so once. A script
// that keeps a part of the page live shows what came of it there.
func (s *site) done(c *fiber.Ctx, to string, say Flash) error {
	if c.Get("X-Live") == "" {
		s.setFlash(c, say)
	}
	return c.Redirect(to, fiber.StatusSeeOther)
}

// again answers a form that could not be accepted: the same page with what was
// typed, and the sentences where they belong. An error that is no fault of the
// form (not found, forbidden, a broken program) is returned as it is.
func (s *site) again(c *fiber.Ctx, err error, name string, page pageOf) error {
	status, faults, ok := faultsOf(err)
	if !ok {
		return err
	}
	page.base().Faults = faults
	page.base().Stale = errors.Is(err, storage.ErrConflict) || errors.Is(err, certificates.ErrStale)
	c.Status(status)
	return s.show(c, name, page)
}

// Receipt is the 受講カード as the part "receipt" draws it: it fits one picture of
// a phone's screen.
type Receipt struct {
	Name, Number string
	Words        []string // four, on the one page that may show them; none afterwards
	QR           template.HTML
	Address      string // of the site, without https://
	Operator     Operator
	Demo         bool
}
