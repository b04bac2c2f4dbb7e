package views

import (
	"strings"

	"github.com/gofiber/fiber/v2"
)

// route is one line of the table: how, where, who, what. The fields are written
// without names, so a line without a rule does not compile, and the zero rule lets
// nobody in.
type route struct {
	method string
	path   string
	rule   Rule
	handle fiber.Handler
}

const (
	get  = fiber.MethodGet
	post = fiber.MethodPost
	// upload is a POST whose body may be larger than a form's.
	upload = "UPLOAD"
)

// routes is every address of the site. Addresses on paper live for ever: see
// the list of fixed addresses in the README before changing one.
func (s *site) routes() []route {
	return []route{
		{get, "/", visitor, s.home},
		{get, "/settings", visitor, s.settings},
		{post, "/settings", visitor, s.saveSettings},
		{get, "/help", visitor, s.help},
		{get, "/privacy", visitor, s.privacy},
		{get, "/accessibility", visitor, s.accessibility},

		{get, "/static/*", public, s.static.serve},
		{get, "/manifest.webmanifest", public, s.manifest},
		{get, "/favicon.ico", public, s.favicon},
		{get, "/robots.txt", public, s.robots},
		{get, "/livez", public, s.livez},
		{get, "/readyz", public, s.readyz},
	}
}

// register puts the table on app and returns which addresses take uploads.
func (s *site) register(app *fiber.App) (large func(uri string) bool) {
	var uploads []string
	for _, r := range s.routes() {
		method := r.method
		if method == upload {
			method = post
			uploads = append(uploads, r.path)
		}
		if method == get {
			app.Get(r.path, s.gate(r.rule), r.handle) // answers HEAD too
			continue
		}
		app.Add(method, r.path, s.gate(r.rule), r.handle)
	}
	return func(uri string) bool {
		path, _, _ := strings.Cut(uri, "?")
		for _, pattern := range uploads {
			if fiber.RoutePatternMatch(path, pattern) {
				return true
			}
		}
		return false
	}
}
