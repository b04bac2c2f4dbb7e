package views

import (
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
)

// Reading is how a person reads: remembered in a cookie of this browser, never
// with the person.
type Reading struct {
	Size     string // "" standard, "l" large, "x" extra large
	Furigana bool
	Easy     bool // やさしい日本語
}

const readingCookie = "reading"

// Class is the class of <html>.
func (r Reading) Class() string {
	var c []string
	if r.Size != "" {
		c = append(c, "size-"+r.Size)
	}
	if r.Furigana {
		c = append(c, "furigana")
	}
	return strings.Join(c, " ")
}

func (r Reading) String() string {
	b := []byte(r.Size)
	if r.Furigana {
		b = append(b, 'f')
	}
	if r.Easy {
		b = append(b, 'e')
	}
	return string(b)
}

// parseReading reads any text: what it does not know it leaves out.
func parseReading(v string) (r Reading) {
	switch {
	case strings.Contains(v, "x"):
		r.Size = "x"
	case strings.Contains(v, "l"):
		r.Size = "l"
	}
	r.Furigana, r.Easy = strings.Contains(v, "f"), strings.Contains(v, "e")
	return r
}

func reading(c *fiber.Ctx) Reading { return parseReading(c.Cookies(readingCookie)) }

// apply changes what the form names and leaves the rest. Turning easy Japanese on
// turns furigana on too; it can be turned off again.
func (r Reading) apply(in readingForm) Reading {
	switch in.Size {
	case "s":
		r.Size = ""
	case "l", "x":
		r.Size = in.Size
	}
	if in.Furigana != "" {
		r.Furigana = in.Furigana == "on"
	}
	if in.Easy != "" {
		r.Furigana = r.Furigana || in.Easy == "on" && !r.Easy
		r.Easy = in.Easy == "on"
	}
	return r
}

type readingForm struct {
	Size     string `form:"size"`
	Furigana string `form:"furigana"`
	Easy     string `form:"easy"`
	Back     string `form:"back"`
}

type settingsPage struct {
	Page
	Back string
}

func (s *site) settings(c *fiber.Ctx) error {
	return s.show(c, "settings", &settingsPage{Page: s.page(c, "文字の大きさ・ふりがな"), Back: local(c.Query("back"), "/settings")})
}

func (s *site) saveSettings(c *fiber.Ctx) error {
	var in readingForm
	if err := parse(c, &in); err != nil {
		return err
	}
	s.setCookie(c, readingCookie, reading(c).apply(in).String(), 2*365*24*time.Hour)
	return c.Redirect(local(in.Back, "/settings"), fiber.StatusSeeOther)
}
