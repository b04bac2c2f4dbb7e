package views

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"tsunagari/courses/accounts"
)

type signinPage struct {
	Page
	Query string // leads back to where the person wanted to go
}

func (s *site) signin(c *fiber.Ctx) error {
	if who(c).Learner() {
		return c.Redirect("/learn", fiber.StatusSeeOther)
	}
	p := &signinPage{Page: s.page(c, "つづきから")}
	if back := local(c.Query("back"), ""); back != "" {
		p.Query = "?back=" + back
	}
	return s.show(c, "signin", p)
}

type cardForm struct {
	Number string `form:"number"`
	Words  string `form:"words"`
	Back   string `form:"back"`
}

type signinCardPage struct {
	Page
	In   cardForm
	Back string
}

func (s *site) signinCard(c *fiber.Ctx) error {
	p := &signinCardPage{Page: s.page(c, "受講カードで入る"), Back: local(c.Query("back"), "/learn")}
	return s.show(c, "signin-card", p)
}

func (s *site) enterWithCard(c *fiber.Ctx) error {
	var in cardForm
	if err := parse(c, &in); err != nil {
		return err
	}
	secret, err := s.Accounts.SignInCard(c.UserContext(), in.Number, in.Words, c.IP(), visit(c))
	if err != nil {
		p := &signinCardPage{Page: s.page(c, "受講カードで入る"), In: in, Back: local(in.Back, "/learn")}
		return s.again(c, err, "signin-card", p)
	}
	return s.cameIn(c, secret, in.Back)
}

// visit is the browser that somebody comes in by.
func visit(c *fiber.Ctx) accounts.Visit {
	return accounts.Visit{Device: device(c), Session: who(c).Session}
}

// cameIn leads on whoever signed in; what they did here before came along.
func (s *site) cameIn(c *fiber.Ctx, secret, back string) error {
	s.setSession(c, secret)
	say := flashNone
	if who(c).Unnamed {
		say = flashBrought
	}
	return s.done(c, local(back, "/learn"), say)
}

// cardDoor is where the QR of a card leads: a button, for whatever opens links by
// itself must not sign in.
func (s *site) cardDoor(c *fiber.Ctx) error {
	return s.show(c, "card-door", &Page{Title: "受講カードで入る", Path: c.Path(), Reading: reading(c), Operator: s.operator(c.UserContext()), Demo: s.Demo, Bare: true})
}

func (s *site) enterByToken(c *fiber.Ctx) error {
	secret, err := s.Accounts.SignInToken(c.UserContext(), c.Params("token"), visit(c))
	if err != nil {
		return err
	}
	return s.cameIn(c, secret, "/learn")
}

type signOutPage struct{ Page }

// askSignOut asks a guest before leaving: nobody finds an account without a card again.
func (s *site) askSignOut(c *fiber.Ctx) error {
	if !who(c).Unnamed {
		return c.Redirect("/me", fiber.StatusSeeOther)
	}
	p := &signOutPage{s.page(c, "出る前に、お読みください")}
	p.Bare = true
	return s.show(c, "signout", p)
}

// signOut ends this browser's session and no other.
func (s *site) signOut(c *fiber.Ctx) error {
	w := who(c)
	if w.Unnamed && c.FormValue("sure") == "" {
		return c.Redirect("/signout", fiber.StatusSeeOther)
	}
	if err := s.Accounts.EndSession(c.UserContext(), w.Account, w.Session); err != nil {
		return err
	}
	s.endSession(c)
	switch {
	case w.Unnamed:
		return s.done(c, "/", flashGuestOut)
	case !w.Learner():
		return s.done(c, "/", flashStaffOut)
	}
	return s.done(c, "/", flashSignedOut)
}

type emailForm struct {
	Email  string `form:"email"`
	Code   string `form:"code"`
	Person string `form:"person"`
	Back   string `form:"back"`
}

type signinEmailPage struct {
	Page
	In     emailForm
	Back   string
	Sent   bool
	People []accounts.Person // who shares the address
}

// askedCookie binds a code to the browser that asked for it.
const askedCookie = "asked"

func (s *site) emailPage(c *fiber.Ctx, in emailForm) *signinEmailPage {
	return &signinEmailPage{Page: s.page(c, "メールで入る"), In: in, Back: local(in.Back, "/learn")}
}

func (s *site) signinEmail(c *fiber.Ctx) error {
	return s.show(c, "signin-email", s.emailPage(c, emailForm{Back: c.Query("back")}))
}

// askCode sends the code. The page is the same for an address that nobody has.
func (s *site) askCode(c *fiber.Ctx) error {
	var in emailForm
	if err := parse(c, &in); err != nil {
		return err
	}
	p := s.emailPage(c, in)
	browser, err := s.Accounts.AskCode(c.UserContext(), accounts.EmailForm{Email: in.Email}, c.IP())
	if err != nil {
		return s.again(c, err, "signin-email", p)
	}
	s.setCookie(c, askedCookie, browser, 10*time.Minute)
	p.Sent = true
	return s.show(c, "signin-email", p)
}

func (s *site) enterWithCode(c *fiber.Ctx) error {
	var in emailForm
	if err := parse(c, &in); err != nil {
		return err
	}
	ctx, browser := c.UserContext(), c.Cookies(askedCookie)
	var secret string
	var people []accounts.Person
	var err error
	if in.Person != "" {
		secret, err = s.Accounts.ChoosePerson(ctx, browser, in.Person, visit(c))
	} else {
		secret, people, err = s.Accounts.SignInCode(ctx, browser, in.Code, visit(c))
	}
	p := s.emailPage(c, in)
	p.Sent, p.People = true, people
	if err != nil {
		return s.again(c, err, "signin-email", p)
	}
	if len(people) > 0 {
		return s.show(c, "signin-email", p)
	}
	s.dropCookie(c, askedCookie)
	return s.cameIn(c, secret, in.Back)
}
