package views

import (
	"github.com/gofiber/fiber/v2"

	"tsunagari/storage"
)

// livez says that the program runs. It asks nobody.
func (s *site) livez(c *fiber.Ctx) error {
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.SendString("ok\n")
}

// readyz says whether requests can be served, for a load balancer.
func (s *site) readyz(c *fiber.Ctx) error {
	c.Set(fiber.HeaderCacheControl, "no-store")
	if s.Ready != nil {
		if err := s.Ready(c.UserContext()); err != nil {
			s.Log.WarnContext(c.UserContext(), "not ready", "err", err)
			return c.Status(fiber.StatusServiceUnavailable).SendString(storage.ErrUnavailable.Error() + "\n")
		}
	}
	return c.SendString("ok\n")
}

// robots keeps the pages of persons and the numbers of certificates out of search.
func (s *site) robots(c *fiber.Ctx) error {
	return c.SendString("User-agent: *\nAllow: /$\nAllow: /courses/\nAllow: /help\nAllow: /privacy\nAllow: /accessibility\nAllow: /static/\nDisallow: /\n")
}

func (s *site) favicon(c *fiber.Ctx) error {
	to, err := s.static.url("favicon.svg")
	if err != nil {
		return err
	}
	return c.Redirect(to, fiber.StatusMovedPermanently)
}

// manifest lets a phone keep the site on its home screen.
func (s *site) manifest(c *fiber.Ctx) error {
	icon, err := s.static.url("favicon.svg")
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderCacheControl, "public, max-age=86400")
	return c.JSON(fiber.Map{
		"name": siteName, "short_name": "つながり", "lang": "ja", "start_url": "/", "display": "browser",
		"background_color": "#ffffff", "theme_color": "#0017c1",
		"icons": []fiber.Map{{"src": icon, "sizes": "any", "type": "image/svg+xml"}},
	}, "application/manifest+json")
}
