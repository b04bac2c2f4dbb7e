package views

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/google/uuid"

	"tsunagari/courses/accounts"
	"tsunagari/storage/storagetest"
	"tsunagari/views/browsertest"
)

// look is a page that is looked at: as whom, where, and what is sent there first.
type look struct {
	name, cookie, path string
	fill               map[string]string // fields of the first form in main that has them, which is then sent
}

// staffLooks fills a house with what its pages show, and lists them.
func staffLooks(t *testing.T, h *house) []look {
	t.Helper()
	id, hanako, cert := h.hanako()
	_, fresh := h.learner("小清水", "次郎", "こしみず", kitami)
	h.send("/certificates/correction", correctionForm(), hanako)
	revoked, revokedCookie := h.learner("山田", "三郎", "やまだ", kitami)
	h.finish(revoked)
	h.send("/desk/certificates/"+h.newest(revoked).ID+"/revoke", url.Values{"why": {"二重に登録していたため"}}, h.admin)
	h.must(h.deps.Accounts.AgreeToContact(t.Context(), id, accounts.ContactInput{How: "letter", Contact: "北1条1-1"}))
	for _, name := range []string{"孤独・孤立相談ダイヤル", "よりそいホットライン"} {
		h.send("/admin/helplines", url.Values{"name": {name}, "phone": {"0120-00-0000"}, "hours": {"24時間"}, "confirmed_on": {"2025-04-01"}}, h.admin)
	}
	again, _ := h.learner("喜多見", "花子", "きたみ", kitami)
	h.finish(again)
	pair := pairPath(id, again)
	three, four := h.pairOf("斜里", "しゃり")
	h.send(pairPath(three, four)+"/merge", merging("登録し直した"), h.admin)
	h.pairOf("置戸", "おけと")
	issuer := regexp.MustCompile(`/admin/issuers/[0-9a-f-]{36}`).FindString(h.shows("/admin/issuers", h.admin, 200))
	line := regexp.MustCompile(`/admin/helplines/[0-9a-f-]{36}`).FindString(h.shows("/admin/helplines", h.admin, 200))
	place := regexp.MustCompile(`/municipality/place/[0-9a-f-]{36}`).FindString(h.shows("/municipality/places/"+kitami, h.admin, 200))
	asked := regexp.MustCompile(`/desk/corrections/[0-9a-f-]{36}`).FindString(h.shows("/desk", h.desk, 200))
	_, body := h.send("/staff/posts/"+h.post+"/invite", url.Values{"email": {""}}, h.desk)
	code := h.codeIn(body)
	person := "/desk/people/" + id
	_, guest := h.guest()
	list, err := h.deps.Accounts.EnterList(t.Context(), h.access(h.desk), accounts.ListInput{Operation: uuid.NewString(), People: []accounts.Typed{
		{FamilyName: "美幌", GivenName: "春子", FamilyKana: "びほろ", GivenKana: "はるこ", Residence: kitami},
	}})
	h.must(err)
	return []look{
		{"desk-import", h.desk, "/desk/import", nil},
		{"desk-cards", h.desk, "/desk/imports/" + list, nil},
		{"certificates", hanako, "/certificates", nil},
		{"certificates-none", fresh, "/certificates", nil},
		{"certificates-revoked", revokedCookie, "/certificates", nil},
		{"signout", guest, "/signout", nil},
		{"signin-guest", guest, "/signin", nil},
		{"start-one-name", "", "/start", map[string]string{"family_name": "スカルノ", "family_kana": "すかるの"}},
		{"correction", hanako, "/certificates/correction", nil},
		{"correction-fault", hanako, "/certificates/correction", map[string]string{"given_name": "華😀", "family_kana": ""}},
		{"verify", "", "/verify", nil},
		{"verify-fault", "", "/verify", map[string]string{"number": "12345"}},
		{"verified", "", "/verify/" + cert.Number, nil},
		{"verified-none", "", "/verify/R8-001-9999", nil},
		{"verified-qr", "", "/v/" + *cert.Code, nil},
		{"signin-staff", "", "/signin/staff", nil},
		{"signin-code", "second=x.k***@town.example.jp", "/signin/staff/code", nil},
		{"invitation", "", "/invitation#" + code, map[string]string{}},
		{"staff", h.desk, "/staff", nil},
		{"staff-password", h.desk, "/staff/password", nil},
		{"staff-app", h.desk, "/staff/app", map[string]string{}},
		{"post", h.admin, "/staff/posts/" + h.post, nil},
		{"post-invited", h.desk, "/staff/posts/" + h.post, map[string]string{"email": "next@town.example.jp"}},
		{"desk", h.desk, "/desk", nil},
		{"desk-found", h.desk, "/desk?kana=" + url.QueryEscape("きた"), nil},
		{"desk-person", h.admin, person, nil},
		{"desk-name", h.desk, person + "/name", nil},
		{"desk-correction", h.desk, asked, nil},
		{"desk-duplicates", h.desk, "/desk/duplicates", nil},
		{"desk-duplicates-none", h.other, "/desk/duplicates", nil},
		{"desk-compare", h.desk, pair, nil},
		{"desk-merge", h.desk, pair + "/merge", nil},
		{"desk-merge-fault", h.desk, pair + "/merge", map[string]string{"why": ""}},
		{"desk-merged", h.desk, pairPath(three, four) + "/done", nil},
		{"start", "", "/start", nil},
		{"desk-contacts", h.desk, "/desk/contacts", nil},
		{"desk-register", h.admin, "/desk/register", nil},
		{"municipality-towns", h.admin, "/municipality/places", nil},
		{"municipality-places", h.desk, "/municipality/places/" + kitami, nil},
		{"municipality-place", h.desk, place, nil},
		{"admin", h.admin, "/admin", nil},
		{"admin-operator", h.admin, "/admin/operator", nil},
		{"admin-issuers", h.admin, "/admin/issuers", nil},
		{"admin-issuer-new", h.admin, "/admin/issuers/new", nil},
		{"admin-issuer", h.admin, issuer, nil},
		{"admin-profile", h.admin, issuer + "/profiles", nil},
		{"admin-profile-fault", h.admin, issuer + "/profiles", map[string]string{"person": "辻　直孝"}},
		{"admin-helplines", h.admin, "/admin/helplines", nil},
		{"admin-helpline", h.admin, line, nil},
		{"admin-posts", h.admin, "/admin/posts", nil},
		{"admin-post", h.admin, "/admin/posts/" + h.post, nil},
		{"admin-audit", h.admin, "/admin/audit", nil},
		{"admin-retention", h.admin, "/admin/retention", nil},
		{"desk-card", h.desk, person, map[string]string{"why": "紛失、窓口で本人を確認"}}, // the last one of hanako: it ends her sessions
	}
}

// pairOf registers somebody twice, who has finished twice.
func (h *house) pairOf(family, kana string) (first, second string) {
	h.t.Helper()
	for _, id := range []*string{&first, &second} {
		*id, _ = h.learner(family, "花子", kana, kitami)
		h.finish(*id)
	}
	return first, second
}

func TestStaffPagesInABrowser(t *testing.T) {
	b := browsertest.Start(t)
	for _, screen := range []browsertest.Screen{browsertest.Phone, browsertest.Desk, browsertest.Phone.InDark()} {
		h := readyHouse(t)
		h.deps.BaseURL = ""
		looks := staffLooks(t, h)
		at := browsertest.Serve(t, New(h.deps))
		tab := b.Tab(t, screen)
		for _, l := range looks {
			t.Run(screen.Name+"/"+l.name, func(t *testing.T) {
				name, value, _ := strings.Cut(l.cookie, "=")
				if name == "" {
					name = "session"
				}
				if err := chromedp.Do(tab, cookie(at, name, value), chromedp.Navigate(at+l.path)); err != nil {
					t.Fatal(err)
				}
				if l.fill != nil {
					if err := submit(l.fill, tab); err != nil {
						t.Fatal(err)
					}
				}
				fits(t, tab)
				browsertest.Shot(t, tab, l.name+"-"+screen.Name)
				browsertest.Axe(t, tab)
			})
		}
	}
}

// submit fills in the first form of main that has all the fields and sends it.
func submit(fill map[string]string, tab context.Context) error {
	var set strings.Builder
	for name, value := range fill {
		fmt.Fprintf(&set, "f.elements[%q].value = %q;", name, value)
	}
	var has strings.Builder
	for name := range fill {
		fmt.Fprintf(&has, " && f.elements[%q]", name)
	}
	script := `(() => { const f = [...document.querySelectorAll("main form")].find(f => true` + has.String() + `); ` + set.String() + ` f.requestSubmit(); })()`
	_, err := chromedp.RunResponse(tab, chromedp.Evaluate[chromedp.Void](script))
	return err
}

func TestSetupInABrowser(t *testing.T) {
	b := browsertest.Start(t)
	db := storagetest.Open(t, storagetest.SQLite(t))
	d := wired(db)
	d.BaseURL = ""
	token, err := d.Accounts.SetupToken(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	at := browsertest.Serve(t, New(d))
	fills := map[string]map[string]string{"setup": {}, "setup-fault": {"name": "オホーツクつながり協議会", "password": "tsunagari2026"}}
	for _, screen := range []browsertest.Screen{browsertest.Phone, browsertest.Desk} {
		tab := b.Tab(t, screen)
		if err := chromedp.Do(tab, chromedp.Navigate("about:blank"), chromedp.Navigate(at+"/setup#"+token)); err != nil {
			t.Fatal(err)
		}
		left, err := chromedp.Run(tab, chromedp.Evaluate[string](`document.getElementById("token").value + " " + location.href`))
		if err != nil || left != token+" "+at+"/setup" {
			t.Errorf("the script leaves %q, %v", left, err)
		}
		for _, name := range []string{"setup-code", "setup", "setup-fault"} {
			if fill := fills[name]; fill != nil {
				if err := submit(fill, tab); err != nil {
					t.Fatal(err)
				}
			}
			fits(t, tab)
			browsertest.Shot(t, tab, name+"-"+screen.Name)
			browsertest.Axe(t, tab)
		}
	}
}
