package views

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tsunagari/courses/accounts"
	"tsunagari/storage"
)

// apiProblem is one way in which a request of another system fails (RFC 9457): its
// place on the page of the API, and what to do, in two languages.
type apiProblem struct {
	Key     string
	Status  int
	Title   string
	English string
	Do      string
	DoThis  string
}

// apiError is a problem with the parameter that it is about, "" for none.
type apiError struct {
	key       string
	parameter string
}

func (e *apiError) Error() string { return "views: api: " + e.key + " " + e.parameter }

// The keys of the problems; they are addresses on the page and never change.
const (
	problemNoToken   = "token-missing"
	problemToken     = "token-invalid"
	problemAddress   = "token-in-address"
	problemUnknown   = "unknown-parameter"
	problemParameter = "invalid-parameter"
	problemNotFound  = "not-found"
	problemMethod    = "method-not-allowed"
	problemOften     = "too-many-requests"
	problemAway      = "unavailable"
	problemBroken    = "internal"
)

var apiProblems = []apiProblem{
	{
		problemNoToken, 401, "トークンがありません", "No token",
		"Authorization ヘッダーに「Bearer 」とトークンを付けて、もう一度送ってください。トークンは、市町村の係の画面で作れます。",
		"Send the header \"Authorization: Bearer TOKEN\". A post of the municipality makes tokens on its own page.",
	},
	{
		problemToken, 401, "使えないトークンです", "Token not valid",
		"トークンの写しまちがいか、取り消されたか、係が終わっています。係の画面で確かめて、新しいトークンを作ってください。",
		"The token is mistyped or revoked, or its post has ended. Ask the post for a new one.",
	},
	{
		problemAddress, 400, "アドレスにトークンを入れないでください", "Token in the address",
		"アドレスは、いろいろな記録に残ります。このトークンを係の画面で取り消し、新しいトークンを Authorization ヘッダーで送ってください。",
		"Addresses are kept in logs. Revoke this token, make a new one and send it in the Authorization header only.",
	},
	{
		problemUnknown, 400, "使えないパラメーターがあります", "Unknown parameter",
		"parameter に書かれた名前を、このページの表で確かめてください。まちがった条件のまま、数を返さないようにしています。",
		"Check the name given in \"parameter\" against the documentation. Nothing is answered with a condition ignored.",
	},
	{
		problemParameter, 400, "パラメーターの値が正しくありません", "Invalid parameter",
		"parameter に書かれたものの値を、このページの表で確かめてください。ひとつの名前は、一回だけ使えます。",
		"Check the value of \"parameter\" against the documentation. Every name may be used once.",
	},
	{
		problemNotFound, 404, "見つかりません", "Not found",
		"アドレスがちがうか、このトークンで取れる市町村ではありません。取れる市町村は /api/v1/municipalities で確かめられます。",
		"The address is wrong, or the area is none of the token's. See /api/v1/municipalities for those.",
	},
	{
		problemMethod, 405, "GET だけが使えます", "Method not allowed",
		"このAPIは、読むためだけのものです。GET で送ってください。",
		"This API is read-only. Use GET.",
	},
	{
		problemOften, 429, "回数が多すぎます", "Too many requests",
		"Retry-After ヘッダーの秒数だけ待ってから、もう一度送ってください。ひとつのトークンで、1分に60回までです。",
		"Wait for the seconds in Retry-After. A token may be used 60 times a minute.",
	},
	{
		problemAway, 503, "ただいま使えません", "Unavailable",
		"混み合っているか、点検中です。Retry-After ヘッダーの秒数だけ待ってから、もう一度送ってください。",
		"Busy or under maintenance. Wait for the seconds in Retry-After and try again.",
	},
	{
		problemBroken, 500, "こちらの不具合です", "Internal error",
		"しばらくしてから、もう一度送ってください。続くときは、request の番号を運営団体に伝えてください。",
		"Try again later. If it stays, tell the operator the number in \"request\".",
	},
}

func problemOf(key string) apiProblem {
	for _, p := range apiProblems {
		if p.Key == key {
			return p
		}
	}
	return apiProblem{Key: key, Status: 500}
}

// isAPI says whether a request is another system's, which is answered in JSON.
func isAPI(c *fiber.Ctx) bool { return strings.HasPrefix(c.Path(), "/api/") }

type problemAnswer struct {
	Type      string `json:"type"`
	Title     string `json:"title"`
	TitleEn   string `json:"title_en"`
	Status    int    `json:"status"`
	Detail    string `json:"detail"`
	DetailEn  string `json:"detail_en"`
	Parameter string `json:"parameter,omitempty"`
	Request   string `json:"request,omitempty"` // to tell the operator
}

// problem answers a request of another system that failed.
func (s *site) problem(c *fiber.Ctx, err error) error {
	key, parameter := problemKey(err)
	p := problemOf(key)
	if key == problemBroken {
		s.Log.ErrorContext(c.UserContext(), "failed", "id", requestID(c), "route", c.Route().Path, "err", err)
	}
	var wait *accounts.WaitError
	switch {
	case errors.As(err, &wait):
		c.Set(fiber.HeaderRetryAfter, strconv.Itoa(int(math.Ceil(wait.For.Seconds()))))
	case key == problemAway:
		c.Set(fiber.HeaderRetryAfter, "60")
	case key == problemNoToken:
		c.Set(fiber.HeaderWWWAuthenticate, "Bearer")
	case key == problemToken:
		c.Set(fiber.HeaderWWWAuthenticate, `Bearer error="invalid_token"`)
	}
	a := problemAnswer{
		Type: s.address(c) + "/municipality/api#" + p.Key, Title: p.Title, TitleEn: p.English, Status: p.Status,
		Detail: p.Do, DetailEn: p.DoThis, Parameter: parameter,
	}
	if p.Status >= 500 {
		a.Request = requestID(c)
	}
	body, err := json.Marshal(a)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Set(fiber.HeaderContentType, "application/problem+json")
	return c.Status(p.Status).Send(body)
}

// problemKey is the problem that an error is, with the parameter that it is about.
func problemKey(err error) (key, parameter string) {
	var wait *accounts.WaitError
	var ours *apiError
	var fe *fiber.Error
	switch {
	case errors.As(err, &ours):
		return ours.key, ours.parameter
	case errors.As(err, &wait):
		return problemOften, ""
	case errors.Is(err, accounts.ErrToken):
		return problemToken, ""
	case errors.Is(err, storage.ErrNotFound):
		return problemNotFound, ""
	case errors.Is(err, storage.ErrUnavailable), errors.Is(err, context.DeadlineExceeded):
		return problemAway, ""
	case errors.As(err, &fe) && fe.Code == fiber.StatusMethodNotAllowed:
		return problemMethod, ""
	case errors.As(err, &fe) && fe.Code < fiber.StatusInternalServerError:
		return problemNotFound, ""
	}
	return problemBroken, ""
}
