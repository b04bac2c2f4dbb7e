package views

import (
	"context"
	"errors"
	"net/url"
	"time"

	"github.com/gofiber/fiber/v2"

	"tsunagari/courses"
	"tsunagari/courses/accounts"
	"tsunagari/storage"
)

// Rule says who may use a route: any of its bits is enough. The zero Rule lets
// nobody in.
type Rule uint16

const (
	// public: the same for everybody. The session is not even looked up.
	public Rule = 1 << iota
	// visitor: everybody; the page knows who is signed in.
	visitor
	// learner: everybody with an account, also a guest who has not given a name.
	learner
	desk    // 窓口担当
	officer // 自治体担当
	trainer // 講師
	admin   // 管理者
	// bearer: another system with a post's token in its Authorization header. Nobody's
	// session lets in here, and no token anywhere else.
	bearer
)

const staff = desk | officer | trainer | admin

// Who is the person behind a request, as the session says.
type Who struct {
	Account    string // account id; "" without a session
	Session    string // id of the session's row
	Name       string // to greet; "" for a guest
	Registered bool   // has given a name; a guest has not
	Unnamed    bool   // a guest who did something worth keeping
	Roles      Rule   // desk, officer, trainer, admin

	// Access is what the posts of staff allow, for the rooms below to ask.
	Access accounts.Access
}

// SignedIn says whether there is an account, be it a guest's.
func (w Who) SignedIn() bool { return w.Account != "" }

// Guest says whether the name is still to be given, with an account or without.
func (w Who) Guest() bool { return !w.Registered }

// Learner says whether the person has registered.
func (w Who) Learner() bool { return w.Registered }

// Staff says whether the person works here.
func (w Who) Staff() bool { return w.Roles&staff != 0 }

// Is says whether the person has the role named desk, officer, trainer or admin.
func (w Who) Is(role string) bool {
	return w.Roles&map[string]Rule{"desk": desk, "officer": officer, "trainer": trainer, "admin": admin}[role] != 0
}

// may says whether w may use a route of rule r. An administrator may use what any
// other role may.
func (w Who) may(r Rule) bool {
	has := visitor
	if w.SignedIn() {
		has |= learner | w.Roles&staff
	}
	if has&admin != 0 {
		has |= staff
	}
	return has&r != 0
}

func who(c *fiber.Ctx) Who {
	w, _ := c.Locals(whoKey).(Who)
	return w
}

type localKey int

const (
	whoKey localKey = iota
	idKey
	plainKey
	liveKey
	standingKey // of the person in the course of the address, see session
	tokenKey
)

// gate stands before the handler of one route and lets through whom r allows.
func (s *site) gate(r Rule) fiber.Handler {
	return func(c *fiber.Ctx) error {
		if !safe(c) && !s.sameOrigin(c) {
			return errForeign
		}
		switch {
		case r&public != 0:
			return c.Next()
		case r&bearer != 0:
			return s.byToken(c)
		}
		w, err := s.session(c)
		if err != nil {
			return err
		}
		c.Locals(whoKey, w)
		if w.SignedIn() || r&visitor == 0 {
			c.Set(fiber.HeaderCacheControl, "no-store")
		}
		switch {
		case w.may(r):
			return c.Next()
		case w.SignedIn():
			return storage.ErrNotFound
		case r&learner == 0:
			return s.signIn(c, "/signin/staff")
		}
		return s.signIn(c, "/signin")
	}
}

// signIn sends somebody without a session to the door; a form that was being sent
// stays in the browser, one step back.
func (s *site) signIn(c *fiber.Ctx, door string) error {
	if !safe(c) {
		return errSignedOut
	}
	return c.Redirect(door+"?back="+url.QueryEscape(c.Path()), fiber.StatusSeeOther)
}

// session is who the cookie says. An unknown, ended or missing session is a visitor.
// On a page of a course the person's standing comes in the same query and waits for
// (*site).standing.
func (s *site) session(c *fiber.Ctx) (Who, error) {
	token := c.Cookies(s.sessionCookie())
	if token == "" {
		return Who{}, nil
	}
	w, standing, err := s.bySession(c.UserContext(), token, c.Params("slug"))
	if errors.Is(err, storage.ErrNotFound) {
		return Who{}, nil
	}
	if standing != nil {
		c.Locals(standingKey, standing)
	}
	return w, err
}

// standing is how far the person is in the course that the address names.
func (s *site) standing(c *fiber.Ctx) (*courses.Standing, error) {
	if standing, ok := c.Locals(standingKey).(*courses.Standing); ok {
		return standing, nil
	}
	return s.Courses.Standing(c.UserContext(), who(c).Account, c.Params("slug"))
}

// sessionCookie is the cookie's name: with HTTPS a browser takes __Host- only from
// this very host.
func (s *site) sessionCookie() string {
	if s.https {
		return "__Host-session"
	}
	return "session"
}

// setSession gives the browser its session's secret, after every sign-in a new one.
// It keeps the cookie for the longest session; the row may end sooner.
func (s *site) setSession(c *fiber.Ctx, token string) {
	s.setCookie(c, s.sessionCookie(), token, accounts.LearnerLife)
}

// endSession takes the secret away again.
func (s *site) endSession(c *fiber.Ctx) { s.dropCookie(c, s.sessionCookie()) }

// safe says whether the request only asks.
func safe(c *fiber.Ctx) bool {
	switch c.Method() {
	case fiber.MethodGet, fiber.MethodHead, fiber.MethodOptions:
		return true
	}
	return false
}

// sameOrigin says whether a request that changes something comes from a page of
// ours. Sec-Fetch-Site is missing on plain HTTP and in older browsers, Origin is
// sent with every POST for years; a request with neither is refused. Referer says
// nothing: it may be cut off anywhere.
func (s *site) sameOrigin(c *fiber.Ctx) bool {
	if site := c.Get("Sec-Fetch-Site"); site != "" {
		return site == "same-origin"
	}
	origin, err := url.Parse(c.Get(fiber.HeaderOrigin))
	if err != nil || origin.Host == "" {
		return false
	}
	return origin.Host == c.Hostname() || origin.Host == s.base.Host
}

// deadline is how long a request may take in all.
const deadline = 30 * time.Second

func withDeadline(c *fiber.Ctx) context.CancelFunc {
	ctx, cancel := context.WithTimeout(c.UserContext(), deadline)
	c.SetUserContext(ctx)
	return cancel
}
