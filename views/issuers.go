package views

import (
	"io"
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
