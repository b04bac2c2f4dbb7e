package views

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"tsunagari/certificates"
	"tsunagari/courses/accounts"
)

type issuersPage struct {
	Page
	Issuers []issuerView
}

type issuerView struct {
	*certificates.Issuer
	Kind   string
	Signs  string // by whom, today
	Keeps  string
	Signed bool // a profile is in force today
}

var issuerKinds = map[certificates.Kind]string{
	certificates.Operator: "運営団体", certificates.Municipality: "市町村", certificates.Host: "教室の主催者",
}

// keeps is how long an issuer's register keeps an erased person's name, in words.
func keeps(years int) string {
	switch years {
	case 0:
		return "残さない"
	case certificates.Forever:
		return "ずっと残す（永久保存）"
	}
	return strconv.Itoa(years) + "年"
}

func (s *site) issuers(c *fiber.Ctx) error {
	p := &issuersPage{Page: s.page(c, "発行者")}
	p.Crumbs = []Crumb{{"/admin", "管理"}}
	list, err := s.Certificates.Issuers(c.UserContext())
	if err != nil {
		return err
	}
	for _, i := range list {
		profiles, err := s.Certificates.Profiles(c.UserContext(), i.ID)
		if err != nil {
			return err
		}
		p.Issuers = append(p.Issuers, s.issuerView(i, profiles))
	}
	return s.show(c, "admin-issuers", p)
}

func (s *site) issuerView(i *certificates.Issuer, profiles []*certificates.Profile) issuerView {
	v := issuerView{Issuer: i, Kind: issuerKinds[i.Kind], Keeps: keeps(i.RegisterYears)}
	today := s.Now().In(japan).Format("2006-01-02")
	for _, p := range profiles {
		if p.FromOn <= today && (p.UntilOn == "" || p.UntilOn >= today) {
			v.Signs, v.Signed = signers(certificates.Printed{Issuer: p.Name, Office: p.Office, Person: p.Person}), true
			break
		}
	}
	return v
}

type issuerPage struct {
	Page
	Issuer   certificates.Issuer
	Kind     string
	In       certificates.IssuerSettings
	Years    []Choice
	Profiles []profileView
	LastDay  string // typed
}

type profileView struct {
	certificates.Profile
	Signs, Seal, Idiom string
}

var seals = map[certificates.Seal]string{
	certificates.NoSeal: "なし", certificates.SealSpace: "押すための空き", certificates.SealOmitted: "（公印省略）", certificates.SealPicture: "印影の画像",
}

var idioms = map[certificates.Idiom]string{
	certificates.Friendly: "あなたは…修了されましたので", certificates.Administrative: "上記の者は…修了したことを証する",
}

// registerYears are the choices of how long the register keeps an erased person's name.
func registerYears(now int) []Choice {
	list := []Choice{}
	offered := false
	for _, n := range []int{0, 1, 3, 5, 10, 30, certificates.Forever} {
		list = append(list, Choice{Value: strconv.Itoa(n), Label: keeps(n)})
		offered = offered || n == now
	}
	if !offered {
		list = append(list, Choice{Value: strconv.Itoa(now), Label: keeps(now)})
	}
	return list
}

func (s *site) issuer(c *fiber.Ctx) error {
	p, err := s.issuerPage(c)
	if err != nil {
		return err
	}
	return s.show(c, "admin-issuer", p)
}

func (s *site) issuerPage(c *fiber.Ctx) (*issuerPage, error) {
	issuer, err := s.Certificates.Issuer(c.UserContext(), c.Params("id"))
	if err != nil {
		return nil, err
	}
	profiles, err := s.Certificates.Profiles(c.UserContext(), issuer.ID)
	if err != nil {
		return nil, err
	}
	p := &issuerPage{Page: s.page(c, issuer.Name), Issuer: *issuer, Kind: issuerKinds[issuer.Kind], Years: registerYears(issuer.RegisterYears)}
	p.Path = "/admin/issuers/" + issuer.ID
	p.Crumbs = []Crumb{{"/admin", "管理"}, {"/admin/issuers", "発行者"}}
	p.In = certificates.IssuerSettings{Name: issuer.Name, OptedIn: issuer.OptedIn, RegisterYears: issuer.RegisterYears, Version: issuer.Version}
	for _, one := range profiles {
		p.Profiles = append(p.Profiles, profileView{
			*one, signers(certificates.Printed{Issuer: one.Name, Office: one.Office, Person: one.Person}), seals[one.Seal], idioms[one.Idiom],
		})
	}
	return p, nil
}

func (s *site) saveIssuer(c *fiber.Ctx) error {
	var in certificates.IssuerSettings
	if err := parse(c, &in); err != nil {
		return err
	}
	if err := s.Certificates.SetIssuer(c.UserContext(), who(c).Access, c.Params("id"), in); err != nil {
		p, pageErr := s.issuerPage(c)
		if pageErr != nil {
			return pageErr
		}
		p.In, p.Years = in, registerYears(in.RegisterYears)
		return s.again(c, err, "admin-issuer", p)
	}
	s.issueWaiting(c)
	return s.done(c, "/admin/issuers/"+c.Params("id"), flashSaved)
}

// issueWaiting issues what waited for an issuer or a profile. What fails is tried
// again every hour; the change itself stands.
func (s *site) issueWaiting(c *fiber.Ctx) {
	n, err := s.Certificates.IssueWaiting(c.UserContext())
	if err != nil {
		s.Log.WarnContext(c.UserContext(), "issuing what waited", "issued", n, "err", err)
	}
}

type newIssuerPage struct {
	Page
	In    certificates.NewIssuer
	Towns []Choice
	Years []Choice
}

func (s *site) newIssuer(c *fiber.Ctx) error {
	return s.show(c, "admin-issuer-new", s.newIssuerPage(c, certificates.NewIssuer{Kind: certificates.Municipality}))
}

func (s *site) newIssuerPage(c *fiber.Ctx, in certificates.NewIssuer) *newIssuerPage {
	p := &newIssuerPage{Page: s.page(c, "発行者を増やす"), In: in, Years: registerYears(in.RegisterYears)}
	p.Crumbs = []Crumb{{"/admin", "管理"}, {"/admin/issuers", "発行者"}}
	p.Towns = append([]Choice{{Label: "市町村ではない"}}, towns(p.Operator)...)
	return p
}

func (s *site) addIssuer(c *fiber.Ctx) error {
	var in certificates.NewIssuer
	if err := parse(c, &in); err != nil {
		return err
	}
	if in.Kind == certificates.Municipality && in.Name == "" {
		in.Name = accounts.PlaceName(in.Municipality, "")
	}
	issuer, err := s.Certificates.AddIssuer(c.UserContext(), who(c).Access, in)
	if err != nil {
		return s.again(c, err, "admin-issuer-new", s.newIssuerPage(c, in))
	}
	return s.done(c, "/admin/issuers/"+issuer.ID+"/profiles", flashIssuerAdded)
}
