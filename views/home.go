package views

import (
	"context"
	"html/template"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tsunagari/courses"
)

// siteName is what the site is called on every page.
const siteName = "つながりサポーター養成講座"

// Offer is the course as the start page offers it. Texts are rendered by package
// courses, with furigana when wished.
type Offer struct {
	Title, Summary template.HTML
	Path           string // the course page
	Read           string // the first lesson, to be read without a name
	Minutes        int
	Modules        []OfferModule
}

// OfferModule is one line of the outline.
type OfferModule struct {
	Title   template.HTML
	Minutes int
}

type homePage struct {
	Page
	Offer  *Offer
	Share  string // LINE's address for sending the public address, "" while there is none
	InLINE string // this page's address in the real browser, inside LINE only
}

func (s *site) home(c *fiber.Ctx) error {
	p := homePage{Page: s.page(c, ""), Share: s.shareLink(), InLINE: s.outOfLINE(c)}
	var err error
	if p.Offer, err = s.offer(c.UserContext(), p.Reading.forCourse()); err != nil {
		return err
	}
	return s.show(c, "home", &p)
}

// offer is the first course, nil while there is none.
func (s *site) offer(ctx context.Context, how courses.Reading) (*Offer, error) {
	list, err := s.Courses.List(ctx)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	rev := list[0]
	o := &Offer{
		Title: courses.Inline(rev.Title, how), Summary: courses.Inline(rev.Summary, how),
		Path: "/courses/" + rev.Slug, Read: "/courses/" + rev.Slug, Minutes: rev.Minutes,
	}
	if len(rev.Modules) > 0 && len(rev.Modules[0].Lessons) > 0 {
		o.Read += "/" + rev.Modules[0].Lessons[0].ID
	}
	for _, m := range rev.Modules {
		o.Modules = append(o.Modules, OfferModule{Title: courses.Inline(m.Title, how), Minutes: m.Minutes})
	}
	return o, nil
}

// shareLink hands the public address, and nothing else, to LINE.
func (s *site) shareLink() string {
	if s.base.Host == "" {
		return ""
	}
	return "https://line.me/R/share?text=" + url.QueryEscape(siteName+"（無料） "+s.base.String())
}

// outOfLINE is the address that makes LINE open its phone's own browser, where the
// card, printing and files work and progress is found again; "" elsewhere.
func (s *site) outOfLINE(c *fiber.Ctx) string {
	if !strings.Contains(c.Get(fiber.HeaderUserAgent), " Line/") {
		return ""
	}
	return c.Path() + "?openExternalBrowser=1"
}
