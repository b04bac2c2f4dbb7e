package views

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tsunagari/courses/accounts"
	"tsunagari/courses/counts"
)

// tokenNames are parameters with which other systems take tokens in an address.
var tokenNames = []string{"token", "access_token", "api_key", "apikey", "key", "authorization", "bearer"}

// byToken lets the bearer of a token in. Only the header counts: an address is kept
// in logs and histories, and a cookie would let any page of the web ask.
func (s *site) byToken(c *fiber.Ctx) error {
	c.Vary(fiber.HeaderAuthorization)
	if tokenInAddress(c) {
		return &apiError{key: problemAddress}
	}
	scheme, plain, _ := strings.Cut(c.Get(fiber.HeaderAuthorization), " ")
	plain = strings.TrimSpace(plain)
	if !strings.EqualFold(scheme, "Bearer") || plain == "" {
		return &apiError{key: problemNoToken}
	}
	token, err := s.Accounts.Pull(c.UserContext(), plain)
	if err != nil {
		return err
	}
	c.Locals(tokenKey, token)
	return c.Next()
}

func tokenInAddress(c *fiber.Ctx) (found bool) {
	for name, value := range c.Context().QueryArgs().All() {
		found = found || slices.Contains(tokenNames, strings.ToLower(string(name))) || strings.HasPrefix(string(value), accounts.TokenPrefix)
	}
	return found
}

// scopeOf is what the token of a request reaches.
func scopeOf(c *fiber.Ctx) counts.Scope {
	token, _ := c.Locals(tokenKey).(*accounts.Token)
	if token == nil {
		return counts.Scope{}
	}
	return counts.ScopeOfCodes(token.Municipalities)
}

// parameters are those of the request, each of which has to be allowed and may stand
// there once.
func parameters(c *fiber.Ctx, allowed ...string) (map[string]string, error) {
	given := map[string]string{}
	var err error
	for name, value := range c.Context().QueryArgs().All() {
		key := string(name)
		_, twice := given[key]
		switch {
		case err != nil:
		case !slices.Contains(allowed, key):
			err = &apiError{problemUnknown, shortened(key)}
		case twice:
			err = &apiError{problemParameter, key}
		}
		given[key] = string(value)
	}
	return given, err
}

// shortened is a name that is said back, of a length that nobody minds.
func shortened(name string) string {
	if r := []rune(name); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return name
}

// oneOf is the parameter's value, the first of the allowed ones when it is missing.
func oneOf(given map[string]string, name string, allowed ...string) (string, error) {
	value, there := given[name]
	if !there {
		return allowed[0], nil
	}
	if !slices.Contains(allowed, value) {
		return "", &apiError{problemParameter, name}
	}
	return value, nil
}

func monthIn(given map[string]string, name string) (counts.Month, error) {
	value, there := given[name]
	if there && !counts.Month(value).Valid() {
		return "", &apiError{problemParameter, name}
	}
	return counts.Month(value), nil
}

// The rows of one page.
const (
	usualRows = 1000
	mostRows  = 5000
)

func limitIn(given map[string]string) (int, error) {
	value, there := given["limit"]
	if !there {
		return usualRows, nil
	}
	n, err := strconv.Atoi(value)
	if err != nil || n < 1 || n > mostRows {
		return 0, &apiError{problemParameter, "limit"}
	}
	return n, nil
}

// place is where a page of rows begins: after this row.
type place struct{ Area, Course, Period string }

func (p place) String() string {
	b, _ := json.Marshal([]string{p.Area, p.Course, p.Period}) // strings always are JSON
	return base64.RawURLEncoding.EncodeToString(b)
}

func placeIn(given map[string]string) (*place, error) {
	value, there := given["cursor"]
	if !there {
		return nil, nil
	}
	wrong := &apiError{problemParameter, "cursor"}
	b, err := base64.RawURLEncoding.DecodeString(value)
	if err != nil {
		return nil, wrong
	}
	var parts []string
	if json.Unmarshal(b, &parts) != nil || len(parts) != 3 {
		return nil, wrong
	}
	return &place{parts[0], parts[1], parts[2]}, nil
}

// scopeMark tells two scopes apart: with other municipalities everything is new.
func scopeMark(s counts.Scope) string {
	sum := sha256.Sum256([]byte(strings.Join(s.Codes(), " ")))
	return hex.EncodeToString(sum[:4])
}

// sinceIn is the epoch of a cursor of changes, 0 for the first time and for a token
// with other municipalities.
func sinceIn(given map[string]string, s counts.Scope) (int64, error) {
	value, there := given["since"]
	if !there {
		return 0, nil
	}
	number, mark, found := strings.Cut(value, "-")
	epoch, err := strconv.ParseInt(number, 10, 64)
	if err != nil || !found || epoch < 0 {
		return 0, &apiError{problemParameter, "since"}
	}
	if mark != scopeMark(s) {
		return 0, nil
	}
	return epoch, nil
}
