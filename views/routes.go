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
		{get, "/signin/email", visitor, s.signinEmail},
		{post, "/signin/email", visitor, s.askCode},
		{post, "/signin/email/code", visitor, s.enterWithCode},
		{get, "/c/:token", visitor, s.cardDoor},
		{post, "/c/:token", visitor, s.enterByToken},
		{get, "/signout", learner, s.askSignOut},
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

		{get, "/join", visitor, s.typeCode},
		{post, "/join", visitor, s.findClass},
		{get, "/j/:code", visitor, s.joinClass},
		{post, "/j/:code", visitor, s.join},
		{post, "/j/:code/leave", learner, s.leaveClass},
		{get, "/j/:code/screen", visitor, s.screen},
		{get, "/j/:code/screen/live", visitor, s.screenLive},

		{get, "/certificates", learner, s.certificates},
		{get, "/certificates/correction", learner, s.correction},
		{post, "/certificates/correction", learner, s.askCorrection},
		{get, "/certificates/:id.pdf", learner, s.certificatePDF},
		{get, "/certificates/:id.svg", learner, s.certificatePicture},
		{get, "/me", learner, s.me},
		{post, "/me", learner, s.saveProfile},
		{get, "/me/email", learner, s.email},
		{post, "/me/email", learner, s.askEmail},
		{post, "/me/email/code", learner, s.confirmEmail},
		{post, "/me/email/remove", learner, s.removeEmail},
		{get, "/me/sessions", learner, s.sessions},
		{post, "/me/sessions/end", learner, s.endOtherSessions},
		{post, "/me/sessions/:id/end", learner, s.endSessionOf},
		{get, "/me/contact", learner, s.contact},
		{post, "/me/contact", learner, s.agreeToContact},
		{post, "/me/contact/withdraw", learner, s.withdrawContact},
		{get, "/me/download", learner, s.download},
		{get, "/me/download/record.pdf", learner, s.recordPDF},
		{get, "/me/download/record.zip", learner, s.recordZip},
		{get, "/me/delete", learner, s.askDelete},
		{post, "/me/delete", visitor, s.delete},
		{get, "/me/deleted", visitor, s.deleted},
		{get, "/places", visitor, s.places},
		{get, "/places/:code", visitor, s.town},
		{get, "/places/:code/sheet", visitor, s.townSheet},
		{get, "/statistics", visitor, s.statistics},
		{get, "/statistics.csv", public, s.statisticsCSV},
		{get, "/statistics/definitions", visitor, s.publicDefinitions},
		{get, "/verify", visitor, s.verify},
		{get, "/verify/:number", visitor, s.verifyNumber},
		{get, "/v/:code", visitor, s.verifyCode},

		{get, "/setup", visitor, s.setup},
		{post, "/setup", visitor, s.saveSetup},
		{get, "/signin/staff", visitor, s.staffSignin},
		{post, "/signin/staff", visitor, s.enterStaff},
		{get, "/signin/staff/code", visitor, s.staffCode},
		{post, "/signin/staff/code", visitor, s.enterCode},
		{get, "/invitation", visitor, s.invitation},
		{post, "/invitation", visitor, s.accept},
		{get, "/staff", staff, s.staffSelf},
		{get, "/staff/password", staff, s.staffPassword},
		{post, "/staff/password", staff, s.changePassword},
		{get, "/staff/app", staff, s.staffApp},
		{post, "/staff/app", staff, s.beginApp},
		{post, "/staff/app/confirm", staff, s.confirmApp},
		{post, "/staff/app/remove", staff, s.removeApp},
		{get, "/staff/posts/:id", staff, s.post},
		{post, "/staff/posts/:id/invite", staff, s.invite},
		{post, "/staff/posts/:id/invitations/:invitation/cancel", staff, s.uninvite},
		{post, "/staff/posts/:id/members/:member/end", staff, s.endMember},
		{post, "/staff/posts/:id/members/:member/password", admin, s.invitePassword},

		{get, "/desk", desk, s.desk},
		{get, "/desk/people/:id", desk, s.person},
		{post, "/desk/people/:id/card", desk, s.newCard},
		{get, "/desk/people/:id/name", desk, s.deskName},
		{post, "/desk/people/:id/name", desk, s.saveName},
		{get, "/desk/certificates/:id.pdf", desk, s.printCertificate},
		{post, "/desk/certificates/:id/revoke", admin, s.revoke},
		{get, "/desk/corrections/:id", desk, s.askedCorrection},
		{post, "/desk/corrections/:id", desk, s.decide},
		{get, "/desk/duplicates", desk, s.duplicates},
		{get, "/desk/duplicates/:a/:b", desk, s.compare},
		{post, "/desk/duplicates/:a/:b/different", desk, s.different},
		{get, "/desk/duplicates/:from/:into/merge", desk, s.askMerge},
		{post, "/desk/duplicates/:from/:into/merge", desk, s.merge},
		{get, "/desk/duplicates/:from/:into/done", desk, s.merged},
		{get, "/desk/contacts", desk, s.contacts},
		{post, "/desk/contacts", desk, s.contactsFile},
		{get, "/desk/trainers", desk, s.trainers},
		{post, "/desk/trainers", desk, s.addTrainers},
		{get, "/desk/register", desk, s.registerForm},
		{get, "/desk/register/:issuer.csv", desk, s.registerFile},

		{get, "/trainer", trainer, s.trainer},
		{get, "/trainer/classes", trainer, s.pastClasses},
		{post, "/trainer/classes", trainer, s.addClass},
		{get, "/trainer/classes/new", trainer, s.newClass},
		{get, "/trainer/classes/:id", trainer, s.class},
		{post, "/trainer/classes/:id", trainer, s.saveClass},
		{get, "/trainer/classes/:id/edit", trainer, s.editClass},
		{post, "/trainer/classes/:id/door", trainer, s.door},
		{get, "/trainer/classes/:id/cancel", trainer, s.askCancel},
		{post, "/trainer/classes/:id/cancel", trainer, s.cancelClass},
		{get, "/trainer/classes/:id/roster", trainer, s.roster},
		{get, "/trainer/classes/:id/roster/live", trainer, s.rosterLive},
		{post, "/trainer/classes/:id/roster", trainer, s.markAll},
		{get, "/trainer/classes/:id/people", trainer, s.people},
		{post, "/trainer/classes/:id/people", trainer, s.addPerson},
		{post, "/trainer/classes/:id/known", trainer, s.addKnown},
		{get, "/trainer/classes/:id/papers", trainer, s.papers},
		{post, "/trainer/classes/:id/papers/:seat", trainer, s.typePaper},
		{post, "/trainer/classes/:id/edition", trainer, s.renewClass},
		{post, "/trainer/classes/:id/finish", trainer, s.finishSeats},
		{get, "/trainer/classes/:id/missed", trainer, s.missed},
		{get, "/trainer/classes/:id/print", trainer, s.print},
		{get, "/trainer/classes/:id/print.zip", trainer, s.printZip},
		{get, "/trainer/classes/:id/print/:sheet.pdf", trainer, s.printPDF},
		{get, "/trainer/classes/:id/slides", trainer, s.slides},
		{post, "/trainer/classes/:id/slides", trainer, s.moveSlide},
		{get, "/trainer/classes/:id/slides/at", trainer, s.slideAt},
		{get, "/trainer/classes/:id/slides/notes", trainer, s.slideNotes},
		{get, "/trainer/classes/:id/report", trainer, s.classReport},
		{post, "/trainer/classes/:id/report", trainer, s.saveReport},
		{get, "/trainer/classes/:id/report.pdf", trainer, s.reportPDF},
		{get, "/trainer/classes/:id/report.xlsx", trainer, s.reportXLSX},
		{get, "/trainer/slides/:slug", trainer, s.courseSlides},
		{get, "/trainer/slides/:slug/notes", trainer, s.courseSlideNotes},
		{get, "/trainer/slides/:slug/handout.pdf", trainer, s.courseHandout},
		{get, "/trainer/classes/:id/certificates", trainer, s.room},
		{get, "/trainer/classes/:id/certificates.pdf", trainer, s.roomPDF},
		{get, "/trainer/classes/:id/certificates.zip", trainer, s.roomZip},
		{get, "/trainer/classes/:id/attended.pdf", trainer, s.attendedPDF},
		{get, "/trainer/classes/:id/seats/:seat", trainer, s.seat},
		{post, "/trainer/classes/:id/seats/:seat/attendance", trainer, s.attend},
		{post, "/trainer/classes/:id/seats/:seat/sheet", trainer, s.sheet},
		{post, "/trainer/classes/:id/seats/:seat/finish", trainer, s.grant},
		{post, "/trainer/classes/:id/seats/:seat/withdraw", trainer, s.withdrawCompletion},
		{post, "/trainer/classes/:id/seats/:seat/remove", trainer, s.removeSeat},
		{post, "/trainer/classes/:id/seats/:seat/restore", trainer, s.restoreSeat},
		{post, "/trainer/classes/:id/seats/:seat/card", trainer, s.seatCard},

		{get, "/municipality", officer, s.municipality},
		{get, "/municipality/areas/:code", officer, s.municipalityArea},
		{get, "/municipality/bureaus/:number", officer, s.municipalityBureau},
		{get, "/municipality/definitions", officer, s.definitions},
		{get, "/municipality/areas/:code/population", officer, s.population},
		{post, "/municipality/areas/:code/population", officer, s.savePopulation},
		{post, "/municipality/areas/:code/population/:day/remove", officer, s.removePopulation},
		{get, "/municipality/settings", officer, s.municipalitySettings},
		{get, "/municipality/settings/:code", officer, s.askShow},
		{post, "/municipality/settings/:code", officer, s.saveShow},
		{get, "/municipality/places", desk | officer, s.townPlaces},
		{get, "/municipality/places/:code", desk | officer, s.placesOf},
		{post, "/municipality/places/:code", desk | officer, s.addPlace},
		{get, "/municipality/places/:code/new", desk | officer, s.newPlace},
		{get, "/municipality/place/:id", desk | officer, s.editPlace},
		{post, "/municipality/place/:id", desk | officer, s.savePlace},
		{post, "/municipality/place/:id/remove", desk | officer, s.removePlace},

		{get, "/trainer/courses", trainer, s.authoring},
		{post, "/trainer/courses", trainer, s.addCourse},
		{get, "/trainer/courses/new", trainer, s.newCourse},
		{post, "/trainer/courses/copy", trainer, s.copyCourse},
		{get, "/trainer/courses/import", trainer, s.bringForm},
		{upload, "/trainer/courses/import", trainer, s.bring},
		{get, "/trainer/courses/:course", trainer, s.draft},
		{get, "/trainer/courses/:course/settings", trainer, s.courseSettings},
		{post, "/trainer/courses/:course/settings", trainer, s.saveCourseSettings},
		{post, "/trainer/courses/:course/modules", trainer, s.addModule},
		{get, "/trainer/courses/:course/modules/:module", trainer, s.moduleForm},
		{post, "/trainer/courses/:course/modules/:module", trainer, s.saveModule},
		{post, "/trainer/courses/:course/modules/:module/lessons", trainer, s.addLesson},
		{post, "/trainer/courses/:course/modules/:module/check", trainer, s.saveCheck},
		{get, "/trainer/courses/:course/modules/:module/questions", trainer, s.bank},
		{post, "/trainer/courses/:course/modules/:module/questions", trainer, s.addQuestion},
		{get, "/trainer/courses/:course/modules/:module/questions/new", trainer, s.newQuestion},
		{get, "/trainer/courses/:course/modules/:module/questions/choose", trainer, s.chooseQuestions},
		{post, "/trainer/courses/:course/modules/:module/questions/choose", trainer, s.takeQuestions},
		{get, "/trainer/courses/:course/modules/:module/import", trainer, s.importForm},
		{upload, "/trainer/courses/:course/modules/:module/import", trainer, s.importQuestions},
		{get, "/trainer/courses/:course/modules/:module/import/template.xlsx", trainer, s.questionTemplate},
		{get, "/trainer/courses/:course/modules/:module/export", trainer, s.exportQuestions},
		{get, "/trainer/courses/:course/modules/:module/export/:format", trainer, s.questionFile},
		{get, "/trainer/courses/:course/export", trainer, s.exportQuestions},
		{get, "/trainer/courses/:course/export/:format", trainer, s.questionFile},
		{get, "/trainer/courses/:course/lessons/:lesson", trainer, s.editLesson},
		{post, "/trainer/courses/:course/lessons/:lesson", trainer, s.saveLesson},
		{post, "/trainer/courses/:course/lessons/:lesson/preview", trainer, s.previewLesson},
		{post, "/trainer/courses/:course/lessons/:lesson/autosave", trainer, s.autosaveLesson},
		{get, "/trainer/courses/:course/questions/:question", trainer, s.editQuestion},
		{post, "/trainer/courses/:course/questions/:question", trainer, s.saveQuestion},
		{get, "/trainer/courses/:course/pictures", trainer, s.pictures},
		{upload, "/trainer/courses/:course/pictures", trainer, s.addPicture},
		{post, "/trainer/courses/:course/pictures/:picture", trainer, s.savePicture},
		{post, "/trainer/courses/:course/pictures/:picture/remove", trainer, s.removePicture},
		{get, "/trainer/courses/:course/pictures/:picture/file.svg", trainer, s.pictureFile},
		{get, "/trainer/courses/:course/media/:file", trainer, s.draftMedium},
		{get, "/trainer/courses/:course/archived", trainer, s.archived},
		{get, "/trainer/courses/:course/publish", trainer, s.publishForm},
		{post, "/trainer/courses/:course/publish", trainer, s.publishDraft},
		{post, "/trainer/courses/:course/restart", trainer, s.restartDraft},
		{get, "/trainer/courses/:course/editions", trainer, s.editions},
		{get, "/trainer/courses/:course/editions/:number", trainer, s.difference},
		{get, "/trainer/courses/:course/analysis", trainer, s.analysis},
		{get, "/trainer/courses/:course/regrade/:question", trainer, s.regradeForm},
		{post, "/trainer/courses/:course/regrade/:question", trainer, s.regrade},
		{get, "/trainer/courses/:course/share", trainer, s.shareForm},
		{post, "/trainer/courses/:course/share", trainer, s.share},
		{post, "/trainer/courses/:course/unshare", trainer, s.unshare},
		{get, "/trainer/courses/:course/close", trainer, s.closeForm},
		{post, "/trainer/courses/:course/close", trainer, s.closeCourse},
		{post, "/trainer/courses/:course/open", trainer, s.openCourse},
		{get, "/trainer/courses/:course/export.zip", trainer, s.carryOff},
		{get, "/trainer/courses/:course/import", trainer, s.bringIntoForm},
		{upload, "/trainer/courses/:course/import", trainer, s.bringInto},
		{post, "/trainer/courses/:course/restore", trainer, s.restoreSave},
		{post, "/trainer/courses/:course/:kind/:name/move", trainer, s.movePiece},
		{post, "/trainer/courses/:course/:kind/:name/copy", trainer, s.copyPiece},
		{post, "/trainer/courses/:course/:kind/:name/archive", trainer, s.archivePiece},
		{post, "/trainer/courses/:course/:kind/:name/unarchive", trainer, s.unarchivePiece},
		{get, "/trainer/courses/:course/:kind/:name/saves", trainer, s.saves},

		{get, "/admin", admin, s.admin},
		{get, "/admin/operator", admin, s.operatorForm},
		{post, "/admin/operator", admin, s.saveOperator},
		{get, "/admin/issuers", admin, s.issuers},
		{post, "/admin/issuers", admin, s.addIssuer},
		{get, "/admin/issuers/new", admin, s.newIssuer},
		{get, "/admin/issuers/:id", admin, s.issuer},
		{post, "/admin/issuers/:id", admin, s.saveIssuer},
		{get, "/admin/issuers/:id/profiles", admin, s.newProfile},
		{upload, "/admin/issuers/:id/profiles", admin, s.addProfile},
		{post, "/admin/issuers/:id/profiles/:profile/end", admin, s.endProfile},
		{get, "/admin/sample.pdf", admin, s.sample},
		{get, "/admin/helplines", admin, s.helplines},
		{post, "/admin/helplines", admin, s.addHelpline},
		{get, "/admin/helplines/new", admin, s.newHelpline},
		{get, "/admin/helplines/:id", admin, s.editHelpline},
		{post, "/admin/helplines/:id", admin, s.saveHelpline},
		{post, "/admin/helplines/:id/move", admin, s.moveHelpline},
		{post, "/admin/helplines/:id/remove", admin, s.removeHelpline},
		{get, "/admin/audit", admin, s.auditLog},
		{get, "/admin/retention", admin, s.retention},
		{get, "/admin/posts", admin, s.posts},
		{post, "/admin/posts", admin, s.addPost},
		{get, "/admin/posts/new", admin, s.newPost},
		{get, "/admin/posts/:id", admin, s.editPost},
		{post, "/admin/posts/:id", admin, s.savePost},
		{post, "/admin/posts/:id/end", admin, s.endPost},

		{get, "/static/*", public, s.static.serve},
		{get, "/media/:file", public, s.medium},
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
