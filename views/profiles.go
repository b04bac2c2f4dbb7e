package views

import (
	"io"

	"github.com/gofiber/fiber/v2"

	"tsunagari/certificates"
)

type profilePage struct {
	Page
	Issuer certificates.Issuer
	In     certificates.NewProfile
	Seals  []Choice
	Idioms []Choice
}

// newProfile asks how an issuer signs from a day on.
func (s *site) newProfile(c *fiber.Ctx) error {
	p, err := s.profilePage(c, certificates.NewProfile{Seal: certificates.NoSeal, Idiom: certificates.Friendly})
	if err != nil {
		return err
	}
	p.In.Name = p.Issuer.Name
	return s.show(c, "admin-profile", p)
}

func (s *site) profilePage(c *fiber.Ctx, in certificates.NewProfile) (*profilePage, error) {
	issuer, err := s.Certificates.Issuer(c.UserContext(), c.Params("id"))
	if err != nil {
		return nil, err
	}
	p := &profilePage{Page: s.page(c, "修了証の発行者の書き方"), Issuer: *issuer, In: in}
	p.Crumbs = []Crumb{{"/admin", "管理"}, {"/admin/issuers", "発行者"}, {"/admin/issuers/" + issuer.ID, issuer.Name}}
	for _, seal := range []certificates.Seal{certificates.NoSeal, certificates.SealSpace, certificates.SealOmitted, certificates.SealPicture} {
		p.Seals = append(p.Seals, Choice{Value: string(seal), Label: seals[seal]})
	}
	for _, idiom := range []certificates.Idiom{certificates.Friendly, certificates.Administrative} {
		p.Idioms = append(p.Idioms, Choice{Value: string(idiom), Label: idioms[idiom]})
	}
	return p, nil
}

func (s *site) addProfile(c *fiber.Ctx) error {
	var in certificates.NewProfile
	if err := parse(c, &in); err != nil {
		return err
	}
	var err error
	if in.SealPicture, err = picture(c, "seal_picture"); err != nil {
		return err
	}
	if _, err = s.Certificates.AddProfile(c.UserContext(), who(c).Access, c.Params("id"), in); err != nil {
		p, pageErr := s.profilePage(c, in)
		if pageErr != nil {
			return pageErr
		}
		return s.again(c, err, "admin-profile", p)
	}
	s.issueWaiting(c)
	return s.done(c, "/admin/issuers/"+c.Params("id"), flashProfileAdded)
}

// picture is an uploaded file, nil when none was chosen.
func picture(c *fiber.Ctx, field string) ([]byte, error) {
	header, err := c.FormFile(field)
	if err != nil || header.Size == 0 {
		return nil, nil // no file, or no multipart form
	}
	f, err := header.Open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

type endProfileForm struct {
	LastDay string `form:"last_day"`
}

func (s *site) endProfile(c *fiber.Ctx) error {
	var in endProfileForm
	if err := parse(c, &in); err != nil {
		return err
	}
	err := s.Certificates.EndProfile(c.UserContext(), who(c).Access, c.Params("id"), c.Params("profile"), in.LastDay)
	if err != nil {
		p, pageErr := s.issuerPage(c)
		if pageErr != nil {
			return pageErr
		}
		p.LastDay = in.LastDay
		return s.again(c, err, "admin-issuer", p)
	}
	return s.done(c, "/admin/issuers/"+c.Params("id"), flashSaved)
}

// sample is how the operator's certificates look, marked 見本.
func (s *site) sample(c *fiber.Ctx) error {
	form := certificates.A4
	if c.Query("form") == string(certificates.Card) {
		form = certificates.Card
	}
	file, err := s.Certificates.Sample(c.UserContext(), "北見 花子", "きたみ はなこ", form)
	if err != nil {
		return err
	}
	return sendPDF(c, "sample.pdf", file)
}
