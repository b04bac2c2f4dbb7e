package views

import (
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"tsunagari/courses/accounts"
)

type staffForm struct {
	Email    string `form:"email"`
	Password string `form:"password"`
	Back     string `form:"back"`
}

type staffSigninPage struct {
	Page
	In staffForm
}

// staffSignin is the door of staff: address and password, then a second step.
func (s *site) staffSignin(c *fiber.Ctx) error {
	back := local(c.Query("back"), "")
	if who(c).Staff() {
		return c.Redirect(staffHome(who(c), back), fiber.StatusSeeOther)
	}
	p := &staffSigninPage{Page: s.page(c, "職員サインイン"), In: staffForm{Back: back}}
	return s.show(c, "signin-staff", p)
}

// staffHome is where somebody goes who has just come in as staff.
func staffHome(w Who, back string) string {
	switch {
	case back != "":
		return back
	case w.Is("admin"):
		return "/admin"
	case w.Is("desk"):
		return "/desk"
	case w.Is("officer"):
		return "/municipality"
	case w.Is("trainer"):
		return "/trainer"
	}
	return "/staff"
}

func (s *site) enterStaff(c *fiber.Ctx) error {
	var in staffForm
	if err := parse(c, &in); err != nil {
		return err
	}
	in.Back = local(in.Back, "")
	second, err := s.Accounts.SignInStaff(c.UserContext(), in.Email, in.Password, c.IP())
	if err != nil {
		p := &staffSigninPage{Page: s.page(c, "職員サインイン"), In: in}
		p.In.Password = ""
		return s.again(c, err, "signin-staff", p)
	}
	s.keepSecond(c, second)
	return c.Redirect("/signin/staff/code?back="+url.QueryEscape(in.Back), fiber.StatusSeeOther)
}

// The cookie of a sign-in that has begun holds the browser's secret and where the
// code went, as an address that is mostly hidden.
const secondCookie = "second"

func (s *site) keepSecond(c *fiber.Ctx, second *accounts.Second) {
	s.setCookie(c, secondCookie, second.Browser+"."+url.QueryEscape(second.Office), 10*time.Minute)
}

func secondOf(c *fiber.Ctx) (browser, office string) {
	browser, office, _ = strings.Cut(c.Cookies(secondCookie), ".")
	if plain, err := url.QueryUnescape(office); err == nil {
		office = plain
	}
	return browser, office
}

type codeForm struct {
	Code string `form:"code"`
	Back string `form:"back"`
}

type staffCodePage struct {
	Page
	Office string // where the code went, "" when it is the app's
	In     codeForm
}

// staffCode asks for the second step.
func (s *site) staffCode(c *fiber.Ctx) error {
	browser, office := secondOf(c)
	if browser == "" {
		return c.Redirect("/signin/staff", fiber.StatusSeeOther)
	}
	p := &staffCodePage{Page: s.page(c, "確認コード"), Office: office, In: codeForm{Back: local(c.Query("back"), "")}}
	return s.show(c, "signin-code", p)
}

func (s *site) enterCode(c *fiber.Ctx) error {
	var in codeForm
	if err := parse(c, &in); err != nil {
		return err
	}
	in.Back = local(in.Back, "")
	browser, office := secondOf(c)
	secret, err := s.Accounts.VerifySecond(c.UserContext(), browser, in.Code, device(c))
	if errors.Is(err, accounts.ErrCodeExpired) {
		s.dropCookie(c, secondCookie)
		p := &staffSigninPage{Page: s.page(c, "職員サインイン"), In: staffForm{Back: in.Back}}
		p.Path = "/signin/staff"
		return s.again(c, err, "signin-staff", p)
	}
	if err != nil {
		p := &staffCodePage{Page: s.page(c, "確認コード"), Office: office, In: in}
		return s.again(c, err, "signin-code", p)
	}
	s.dropCookie(c, secondCookie)
	s.setSession(c, secret)
	w, _, err := s.bySession(c.UserContext(), secret, "")
	if err != nil {
		return err
	}
	return c.Redirect(staffHome(w, in.Back), fiber.StatusSeeOther)
}

type staffPage struct {
	Page
	Posts []accounts.PostMembers
	App   bool // the second step is an app
}

// staffSelf is the member of staff's own page: posts, password, second step.
func (s *site) staffSelf(c *fiber.Ctx) error {
	p := &staffPage{Page: s.page(c, "職員のページ")}
	var err error
	if p.Posts, err = s.Accounts.Posts(c.UserContext(), own(p.Who.Access)); err != nil {
		return err
	}
	if p.App, err = s.Accounts.HasTOTP(c.UserContext(), p.Who.Account); err != nil {
		return err
	}
	return s.show(c, "staff", p)
}

// own is the access without the administrator's: only the person's own posts.
func own(a accounts.Access) accounts.Access { return accounts.Access{AccountID: a.AccountID} }

type passwordPage struct{ Page }

func (s *site) staffPassword(c *fiber.Ctx) error {
	return s.show(c, "staff-password", s.passwordPage(c))
}

func (s *site) passwordPage(c *fiber.Ctx) *passwordPage {
	p := &passwordPage{s.page(c, "パスワードを変える")}
	p.Crumbs = []Crumb{{"/staff", "職員のページ"}}
	return p
}

func (s *site) changePassword(c *fiber.Ctx) error {
	var in accounts.PasswordChange
	if err := parse(c, &in); err != nil {
		return err
	}
	w := who(c)
	err := s.Accounts.ChangePassword(c.UserContext(), w.Account, w.Session, in, c.IP())
	if errors.Is(err, accounts.ErrWrongPassword) {
		err = errOldPassword
	}
	if err != nil {
		return s.again(c, err, "staff-password", s.passwordPage(c))
	}
	return s.done(c, "/staff", flashPassword)
}
