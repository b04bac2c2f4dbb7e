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

		{get, "/start", visitor, s.start},
		{post, "/start", visitor, s.register},
		{get, "/card", learner, s.card},
		{post, "/card/kept", learner, s.keptCard},
		{get, "/signin", visitor, s.signin},
		{get, "/signin/card", visitor, s.signinCard},
		{post, "/signin/card", visitor, s.enterWithCard},
		{get, "/c/:token", visitor, s.cardDoor},
		{post, "/c/:token", visitor, s.enterByToken},
		{post, "/signout", learner, s.signOut},

		{get, "/learn", visitor, s.learn},
		{get, "/courses/:slug", visitor, s.course},
		{get, "/courses/:slug/closing", visitor, s.closing},
		{get, "/courses/:slug/:lesson", visitor, s.lesson},
		{get, "/courses/:slug/:lesson/check", visitor, s.check},
		{post, "/courses/:slug/:lesson", visitor, s.markRead},
		{post, "/courses/:slug/:lesson/:activity", visitor, s.practice},
		{post, "/quiz", visitor, s.startQuiz},
		{get, "/quiz/:attempt", learner, s.attempt},
		{get, "/quiz/:attempt/next", learner, s.nextQuestion},
		{post, "/quiz/:attempt/submit", learner, s.submit},
		{get, "/quiz/:attempt/:number", learner, s.question},
		{post, "/quiz/:attempt/:number", learner, s.answer},

		{get, "/certificates", learner, s.certificates},
		{get, "/certificates/correction", learner, s.correction},
		{post, "/certificates/correction", learner, s.askCorrection},
		{get, "/certificates/:id.pdf", learner, s.certificatePDF},
		{get, "/certificates/:id.svg", learner, s.certificatePicture},
		{get, "/verify", visitor, s.verify},
		{get, "/verify/:number", visitor, s.verifyNumber},
		{get, "/v/:code", visitor, s.verifyCode},

		{get, "/static/*", public, s.static.serve},
		{get, "/manifest.webmanifest", public, s.manifest},
		{get, "/favicon.ico", public, s.favicon},
		{get, "/robots.txt", public, s.robots},
		{get, "/livez", public, s.livez},
		{get, "/readyz", public, s.readyz},
	}
}

// mount puts the table on app and returns which addresses take uploads.
func (s *site) mount(app *fiber.App) (large func(uri string) bool) {
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
