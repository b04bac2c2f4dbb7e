package views

import (
	"context"
	"fmt"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tsunagari/certificates"
)

type certificatesPage struct {
	Page
	Valid []certificateView
	Past  []certificateView // replaced or revoked
	Waits []certificates.Wait
	Asked *certificates.Correction // the newest request for a correction
	Next  *Next                    // where to go on while there is nothing
}

// None says whether the person has finished nothing yet.
func (p *certificatesPage) None() bool {
	return len(p.Valid)+len(p.Past)+len(p.Waits) == 0
}

type certificateView struct {
	*certificates.Certificate
	Heading string // what it says, for whoever cannot see the picture
	By      string // who issued it
	Next    string // number that took its place
}

// certificates shows every certificate of the person as it prints.
func (s *site) certificates(c *fiber.Ctx) error {
	p := &certificatesPage{Page: s.page(c, "修了証")}
	list, waits, err := s.Certificates.Of(c.UserContext(), p.Who.Account)
	if err != nil {
		return err
	}
	p.sort(list)
	for _, w := range waits {
		p.Waits = append(p.Waits, *w)
	}
	asked, err := s.Certificates.Corrections(c.UserContext(), p.Who.Account)
	if err != nil {
		return err
	}
	if len(asked) > 0 {
		p.Asked = asked[0]
	}
	if p.None() {
		if p.Next, err = s.nextOf(c.UserContext(), &p.Page); err != nil {
			return err
		}
	}
	return s.show(c, "certificates", p)
}

// nextOf is the next thing in the first course that is not finished, or nil.
func (s *site) nextOf(ctx context.Context, p *Page) (*Next, error) {
	revs, err := s.Courses.List(ctx)
	for _, rev := range revs {
		standing, err := s.Courses.Standing(ctx, p.Who.Account, rev.Slug)
		if err != nil {
			return nil, err
		}
		if next := p.next(standing); next != nil {
			return next, nil
		}
	}
	return nil, err
}

func (p *certificatesPage) sort(list []*certificates.Certificate) {
	numbers := map[string]string{}
	for _, cert := range list {
		numbers[cert.ID] = cert.Number
	}
	for _, cert := range list {
		v := certificateView{Certificate: cert, Heading: certificateText(cert.Printed), By: signers(cert.Printed)}
		if cert.ReplacedBy != nil {
			v.Next = numbers[*cert.ReplacedBy]
		}
		if cert.State == certificates.Issued {
			p.Valid = append(p.Valid, v)
		} else {
			p.Past = append(p.Past, v)
		}
	}
}

// certificateText is the certificate in one line, the text alternative of its picture.
func certificateText(p certificates.Printed) string {
	day, _ := wareki(p.CompletedOn) // what cannot be read as a date is left out
	return fmt.Sprintf("修了証 第%s号 %s（%s） %s %s %s", p.Number, p.Name, p.Kana, p.Course, day, signers(p))
}

// signers are who issues, in one line.
func signers(p certificates.Printed) string {
	switch {
	case p.Person == "":
		return p.Issuer
	case strings.HasPrefix(p.Office, p.Issuer): // 北見市長 needs no 北見市 before it
		return p.Office + "　" + p.Person
	}
	return p.Issuer + "　" + p.Office + "　" + p.Person
}

// certificatePDF is the person's own certificate on A4, or as a card (?form=card).
func (s *site) certificatePDF(c *fiber.Ctx) error {
	cert, err := s.Certificates.Certificate(c.UserContext(), who(c).Account, c.Params("id"))
	if err != nil {
		return err
	}
	if cert.State != certificates.Issued { // the page says what became of it
		return c.Redirect("/certificates", fiber.StatusSeeOther)
	}
	return s.sendCertificate(c, cert)
}

func (s *site) sendCertificate(c *fiber.Ctx, cert *certificates.Certificate) error {
	form, name := certificates.A4, "shuryosho-"
	if c.Query("form") == string(certificates.Card) {
		form, name = certificates.Card, "shuryosho-card-"
	}
	lines, err := s.helpLines(c.UserContext())
	if err != nil {
		return err
	}
	file, err := s.Certificates.PDF(c.UserContext(), cert, form, lines)
	if err != nil {
		return err
	}
	return sendPDF(c, name+cert.Number+".pdf", file)
}

// sendPDF answers with a PDF that the browser shows or keeps. The page's content
// policy would take the browser's own viewer its style.
func sendPDF(c *fiber.Ctx, name string, file []byte) error {
	c.Set(fiber.HeaderContentSecurityPolicy, "frame-ancestors 'none'")
	c.Set(fiber.HeaderContentType, "application/pdf")
	c.Set(fiber.HeaderContentDisposition, `inline; filename="`+name+`"`)
	return c.Send(file)
}

// certificatePicture is the person's own certificate as it prints.
func (s *site) certificatePicture(c *fiber.Ctx) error {
	cert, err := s.Certificates.Certificate(c.UserContext(), who(c).Account, c.Params("id"))
	if err != nil {
		return err
	}
	svg, err := s.Certificates.SVG(c.UserContext(), cert, certificates.A4)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "image/svg+xml")
	return c.Send(svg)
}
