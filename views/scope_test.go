package views

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"
	"golang.org/x/net/html"

	"tsunagari/courses"
	"tsunagari/courses/accounts"
	"tsunagari/courses/questions"
	"tsunagari/quiz"
)

// belongings are what people and places have, by the beginning of an address and
// the parameter, and as whom its pages can be read. Every new parameter has to be
// told whose it is.
type belongings struct {
	*author
	learner string            // cookie, who has a certificate
	sits    string            // cookie, who has a seat and is answering a check
	officer string            // cookie
	ids     map[string]string // by "/trainer/classes :id"
}

// everybodys are the addresses that are not one person's or one town's.
var everybodys = regexp.MustCompile(`^/(?:courses|j|c|v|verify|places|media|static|trainer/slides|municipality/bureaus)/`)

// belongings makes them, with extra at the end of whatever is typed.
func (h *house) belongings(extra string) *belongings {
	h.t.Helper()
	b := &belongings{author: h.writes(), ids: map[string]string{}}
	h.answering()
	id, cookie := h.learner("北見"+extra, "花子", "きたみ", kitami)
	h.finish(id)
	cert := h.newest(id)
	twin, _ := h.learner("喜多見", "花子", "きたみ", kitami)
	b.learner, b.officer = cookie, h.officer(kitami)
	correction := correctionForm()
	correction.Set("note", "直してください"+extra)
	h.send("/certificates/correction", correction, cookie)
	h.send("/staff/posts/"+h.post+"/invite", url.Values{"email": {"next@town.example.jp"}}, h.desk)
	h.send("/admin/helplines", url.Values{"name": {"相談" + extra}, "note": {extra}, "phone": {"0120-00-0000"}, "hours": {"24時間"}, "confirmed_on": {"2026-04-01"}}, h.admin)
	list, err := h.deps.Accounts.EnterList(h.t.Context(), h.access(h.desk), accounts.ListInput{Operation: uuid.NewString(), People: []accounts.Typed{
		{FamilyName: "美幌" + extra, GivenName: "春子", FamilyKana: "びほろ", GivenKana: "はるこ", Residence: kitami},
	}})
	h.must(err)
	hall := classForm("2026-11-23")
	for _, name := range []string{"hall", "address", "host_name", "note"} {
		hall.Set(name, "会館"+extra)
	}
	class := h.posts("/trainer/classes", b.cookie, hall)
	join := joinPath.FindString(h.shows(class, b.cookie, 200))
	sat, sits := h.learner("置戸", "太郎", "おけと", kitami)
	h.joins(join, sits)
	b.sits = sits
	question := b.asks(questions.Choice, "つながりとは"+extra)
	b.uploads("/pictures", map[string]string{"alt": "二つの輪がならんでいる図です" + extra, "operation": uuid.NewString()}, "file", drawn, 303)
	attempt, err := h.deps.Quizzes.Start(h.t.Context(), sat, "renshuu", quiz.Check("ichi"))
	h.must(err)
	page := func(path, cookie, pattern string) string {
		m := regexp.MustCompile(pattern).FindStringSubmatch(h.shows(path, cookie, 200))
		if m == nil {
			h.t.Fatalf("%s has no %s", path, pattern)
		}
		return m[1]
	}
	picture := page(b.base+"/pictures", b.cookie, `/pictures/([^/"]+)`)
	const uid = `([0-9a-f-]{36})`
	h.send("/admin/issuers", url.Values{"kind": {"municipality"}, "municipality": {kitami}, "name": {"北見市" + extra}, "opted_in": {"true"}, "register_years": {"10"}}, h.admin)
	issuer := page("/admin/issuers", h.admin, `/admin/issuers/`+uid)
	h.send("/municipality/areas/"+kitami+"/population", url.Values{"people": {"115608"}, "counted_on": {"2020-10-01"}, "source": {"国勢調査" + extra}, "version": {"0"}}, b.officer)
	h.send("/municipality/separate", url.Values{"municipality": {kitami}, "held_on": {"2024-06-10"}, "class_name": {"講座" + extra}, "attended": {"24"}, "source": {"実績報告" + extra}}, b.officer)
	h.tokenOf(b.officer, kitami)
	for at, value := range map[string]string{
		"/municipality/files :area": kitami, "/municipality/files :file": "data.csv",
		"/municipality/separate :id": page("/municipality/separate", b.officer, `/municipality/separate/`+uid), "/municipality/mail :post": page("/municipality/mail", b.officer, `/municipality/mail/`+uid),
		"/municipality/tokens :id": page("/municipality/tokens", b.officer, `/municipality/tokens/`+uid),
		"/admin/helplines :id":     page("/admin/helplines", h.admin, `/admin/helplines/`+uid), "/admin/issuers :id": issuer, "/admin/issuers :profile": uuid.NewString(),
		"/admin/posts :id": h.post, "/staff/posts :id": h.post, "/staff/posts :invitation": page("/staff/posts/"+h.post, h.desk, `/invitations/`+uid), "/staff/posts :member": page("/staff/posts/"+h.post, h.admin, `/members/`+uid),
		"/certificates :id": cert.ID, "/desk/certificates :id": cert.ID, "/desk/corrections :id": page("/desk", h.desk, `/desk/corrections/`+uid),
		"/desk/duplicates :a": min(id, twin), "/desk/duplicates :b": max(id, twin), "/desk/duplicates :from": twin, "/desk/duplicates :into": id,
		"/desk/imports :import": list, "/desk/people :id": id, "/desk/register :issuer": issuer, "/me/sessions :id": uuid.NewString(),
		"/municipality/areas :code": kitami, "/municipality/areas :day": "2020-10-01", "/municipality/place :id": page("/municipality/places/"+kitami, h.desk, `/municipality/place/`+uid),
		"/municipality/places :code": kitami, "/municipality/settings :code": kitami,
		"/trainer/classes :id": class[len("/trainer/classes/"):], "/trainer/classes :seat": h.seats(class, b.cookie)[0], "/trainer/classes :sheet": "poster",
		"/trainer/courses :course": b.course, "/trainer/courses :module": b.module, "/trainer/courses :lesson": b.lesson, "/trainer/courses :question": question,
		"/trainer/courses :kind": string(courses.LessonPiece), "/trainer/courses :name": b.lesson, "/trainer/courses :number": "1", "/trainer/courses :format": "gift",
		"/trainer/courses :picture": picture, "/trainer/courses :file": picture,
		"/quiz :attempt": attempt.ID, "/quiz :number": "1",
	} {
		b.ids[at] = value
	}
	return b
}

var parameter = regexp.MustCompile(`:[a-z]+`)

// group is the beginning of an address by which belongings are kept.
func group(path string) string {
	words, _, _ := strings.Cut(path, "/:")
	parts := strings.Split(words, "/")
	return strings.Join(parts[:min(len(parts), 3)], "/")
}

// of is the address with what belongs to somebody in it.
func (b *belongings) of(path string) string {
	b.t.Helper()
	return parameter.ReplaceAllStringFunc(path, func(name string) string {
		value, known := b.ids[group(path)+" "+name]
		if !known {
			b.t.Errorf("%s: say in belongings whose %s is", path, name)
		}
		return value
	})
}

// owner is who may read a page at the path.
func (b *belongings) owner(r route) string {
	switch {
	case strings.HasPrefix(r.path, "/trainer/"):
		return b.cookie
	case strings.HasPrefix(r.path, "/quiz/"):
		return b.sits
	case r.rule == staff:
		return b.desk
	case r.rule == learner:
		return b.learner
	case r.rule&officer != 0:
		return b.officer
	case strings.HasPrefix(r.path, "/desk/") && !strings.HasPrefix(r.path, "/desk/register"):
		return b.desk
	}
	return b.admin
}

// anyForm is something in every field that a form of the site has.
func anyForm(path string) url.Values {
	form := classForm("2026-11-23")
	for key, value := range map[string]string{
		"operation": uuid.NewString(), "do": "open", "why": "わけ", "attendance": "present", "received": "true", "a1": "1", "kana": "きたみ", "version": "1", "n": "1",
		"title": "題", "text": "文", "body": "文", "people": "3", "date": "2026-11-01", "people_id": uuid.NewString(), "answer": "1",
	} {
		form.Set(key, value)
	}
	for key, values := range correctionForm() {
		form[key] = values
	}
	form.Set("reason", "わけ")
	switch {
	case strings.HasSuffix(path, "/roster"):
		form.Set("do", "attendance")
	case strings.HasPrefix(path, "/desk/corrections/"):
		form.Set("do", "accept")
	}
	return form
}

// nested are addresses of what belongs to a class or a course.
var nested = regexp.MustCompile(`:(?:seat|module|lesson|question|name|picture)`)

// unready are pages that nothing of the belongings has yet: an edition, a save, a merge.
var unready = regexp.MustCompile(`:file|/analysis|/regrade/|/editions/|/saves|/done|/questions/new`)

// Whatever stands in an address, somebody of another town, another class, another
// course or another person gets the answer of what is not there, whatever their role
// and whatever they send; and who it belongs to finds it.
func TestEveryAddressIsItsOwners(t *testing.T) {
	h := readyHouse(t)
	b := h.belongings("")
	_, other := h.learner("網走", "太郎", "あばしり", abashiri)
	_, otherTrainer := h.staff("網走市の講師", accounts.Trainer, abashiri, "別府", "次郎")
	strangers := map[string]string{
		"a learner": other, "a desk": h.other, "an officer": h.officer(abashiri), "a trainer": otherTrainer, "nobody": "",
	}
	class, _ := h.holds(otherTrainer, "2026-11-23")
	course, err := h.deps.Courses.Create(t.Context(), h.access(otherTrainer), courses.NewCourse{Title: "ほかの講座", Operation: uuid.NewString()})
	h.must(err)
	theirs := map[string]string{"/trainer/classes": class[len("/trainer/classes/"):], "/trainer/courses": course}
	tried := 0
	for _, r := range (&site{Deps: h.deps}).routes() {
		if !strings.Contains(r.path, ":") || everybodys.MatchString(r.path) {
			continue
		}
		at := b.of(r.path)
		if r.method == get {
			if res, body := h.get(at, b.owner(r)); res.StatusCode == 404 && !unready.MatchString(r.path) {
				t.Errorf("%s: its owner gets %d %s", r.path, res.StatusCode, mainOf(body))
			}
		}
		for name, cookie := range strangers {
			tried++
			b.gets404(r, at, name, cookie)
		}
		if theirs[group(r.path)] != "" && nested.MatchString(r.path) {
			b.gets404(r, b.under(r.path, theirs[group(r.path)]), "a trainer with another parent of their own", otherTrainer)
		}
	}
	if tried < 500 {
		t.Errorf("%d tries", tried)
	}
}

// under is the address with everything of somebody's, below a parent that is not theirs.
func (b *belongings) under(path, parent string) string {
	first := parameter.FindString(path)
	return b.of(strings.Replace(path, first, parent, 1))
}

// gets404 asks for the address in the way of its route. Who is not signed in is led
// to the door instead, and who has no such session has ended it.
func (b *belongings) gets404(r route, at, as, cookie string) {
	b.t.Helper()
	res, body := b.get(at, cookie)
	switch r.method {
	case post:
		res, body = b.send(at, anyForm(r.path), cookie)
	case upload:
		res, body = do(b.t, b.app, sendFile(at, anyForm(r.path), "file", []byte("氏名,ふりがな,市町村\n"), cookie))
	}
	door := cookie == "" && (res.StatusCode == 401 || res.StatusCode == 303 && strings.HasPrefix(res.Header.Get("Location"), "/signin"))
	if res.StatusCode != 404 && !door && r.path != "/me/sessions/:id/end" {
		b.t.Errorf("%s %s as %s: %d %.300s", r.method, r.path, as, res.StatusCode, wordsOf(body))
	}
}

// Whatever somebody typed is inert wherever it is shown: no element and no attribute
// is born of it.
func TestWhatIsTypedIsInert(t *testing.T) {
	h := readyHouse(t)
	b := h.belongings(`"'><zzq zzq="1"></zzq>{{zzq}}`)
	b.leads("/settings", url.Values{"title": {`題"><zzq>`}, "summary": {`<zzq>`}, "version": {"1"}, "slug": {"zzq"}, "minutes": {"60"}, "closing_rule": {"understood"}})
	b.leads("/lessons/"+b.lesson, url.Values{"title": {`題"><zzq>`}, "body": {"<zzq>\n\n[a](javascript:zzq) ![\"zzq=](x.svg \"zzq\")"}, "version": {"1"}, "lang": {"ja"}})
	shown := 0
	for _, r := range (&site{Deps: h.deps}).routes() {
		if r.method != get || everybodys.MatchString(r.path) || r.rule == public {
			continue
		}
		for _, cookie := range []string{b.owner(r), h.admin, b.sits} {
			res, body := h.get(b.of(r.path), cookie)
			if !strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
				continue
			}
			if strings.Contains(body, "zzq") {
				shown++
			}
			page, err := html.Parse(strings.NewReader(body))
			h.must(err)
			for n := range page.Descendants() {
				born := n.Type == html.ElementNode && n.Data == "zzq"
				for _, a := range n.Attr {
					born = born || strings.Contains(a.Key, "zzq") || strings.HasPrefix(strings.ToLower(a.Val), "javascript:")
				}
				if born {
					t.Errorf("%s: <%s %v>", r.path, n.Data, n.Attr)
				}
			}
		}
	}
	if shown < 25 {
		t.Errorf("only %d pages show what was typed", shown)
	}
}
