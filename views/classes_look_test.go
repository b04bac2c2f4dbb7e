package views

import (
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/google/uuid"

	"tsunagari/courses/coursetest"
	"tsunagari/views/browsertest"
)

// room12 is a class of twelve on its day, everybody in another state.
func (h *house) room12(trainer string, change url.Values) (path, join string, seats []string) {
	h.t.Helper()
	form := classForm("2026-11-23")
	for name, value := range change {
		form[name] = value
	}
	path = h.posts("/trainer/classes", trainer, form)
	join = joinPath.FindString(h.shows(path, trainer, 200))
	families := []string{"北見", "網走", "紋別", "美幌", "津別", "斜里", "清里", "小清水", "訓子府", "置戸", "佐呂間", "遠軽"}
	kana := []string{"きたみ", "あばしり", "もんべつ", "びほろ", "つべつ", "しゃり", "きよさと", "こしみず", "くんねっぷ", "おけと", "さろま", "えんがる"}
	for i, family := range families {
		if i%3 == 2 {
			h.posts(path+"/people", trainer, url.Values{
				"operation": {uuid.NewString()}, "family_name": {family}, "given_name": {"和子"}, "family_kana": {kana[i]}, "given_kana": {"かずこ"}, "residence": {abashiri},
			})
			continue
		}
		_, cookie := h.learner(family, "花子", kana[i], kitami)
		h.joins(join, cookie)
	}
	seats = h.seats(path, trainer)
	for i, seat := range seats {
		switch {
		case i < 8:
			h.posts(path+"/seats/"+seat+"/attendance", trainer, url.Values{"attendance": {"present"}})
		case i == 8:
			h.posts(path+"/seats/"+seat+"/attendance", trainer, url.Values{"attendance": {"absent"}})
		case i == 9:
			h.posts(path+"/seats/"+seat+"/attendance", trainer, url.Values{"attendance": {"present"}, "late_at": {"14:05"}})
		}
		if i < 5 {
			h.posts(path+"/seats/"+seat+"/sheet", trainer, url.Values{"received": {"true"}})
		}
	}
	return path, join, seats
}

// classLooks are the pages of a class, and of those who come to it.
func classLooks(t *testing.T, h *house) []look {
	t.Helper()
	trainer := h.trains()
	_, fresh := h.learner("大空", "次郎", "おおぞら", kitami)
	empty := look{"trainer-empty", trainer, "/trainer", nil}
	path, join, seats := h.room12(trainer, nil)
	_, full := h.holds(trainer, "2026-11-26")
	h.posts(strings.TrimSuffix(path, "/"), trainer, edited())
	p := coursetest.Small("matome")
	_, _, err := h.deps.Courses.Publish(t.Context(), p)
	h.must(err)
	papers, _, _ := h.room12(trainer, url.Values{"course": {"matome"}, "rule": {"check"}})
	_, hanako := h.learner("湧別", "花子", "ゆうべつ", kitami)
	h.joins(join, hanako)
	cancelled, _ := h.holds(trainer, "2026-12-03")
	h.posts(cancelled+"/cancel", trainer, url.Values{"why": {"大雪のため、12月10日に延期します。"}})
	past := h.posts("/trainer/classes", trainer, classForm("2026-11-01"))
	return []look{
		empty,
		{"trainer", trainer, "/trainer", nil},
		{"classes-past", trainer, "/trainer/classes", nil},
		{"class-form", trainer, "/trainer/classes/new?course=supporter", nil},
		{"class-form-fault", trainer, "/trainer/classes/new?course=supporter", map[string]string{"hall": "", "ends_at": "09:00", "seats": "0"}},
		{"class", trainer, path, nil},
		{"class-cancelled", trainer, cancelled, nil},
		{"class-past", trainer, past, nil},
		{"class-edit", trainer, path + "/edit", nil},
		{"class-cancel", trainer, papers + "/cancel", nil},
		{"roster", trainer, path + "/roster", nil},
		{"roster-empty", trainer, past + "/roster", nil},
		{"seat", trainer, path + "/seats/" + seats[9], nil},
		{"seat-finished", trainer, path + "/seats/" + seats[0], nil},
		{"seat-fault", trainer, path + "/seats/" + seats[9], map[string]string{"why": ""}},
		{"class-people", trainer, path + "/people?last=" + seats[2], nil},
		{"class-people-fault", trainer, path + "/people", map[string]string{"family_name": "北見", "family_kana": "北"}},
		{"class-papers", trainer, papers + "/papers", nil},
		{"class-papers-fault", trainer, papers + "/papers", map[string]string{"a1": "9"}},
		{"class-certificates", trainer, path + "/certificates", nil},
		{"join", "", "/join", nil},
		{"join-fault", "", "/join", map[string]string{"code": "12345"}},
		{"class-join-new", "", join, nil},
		{"class-join", fresh, join, nil},
		{"class-join-seat", hanako, join, nil},
		{"class-join-early", fresh, full, nil},
		{"screen", "", join + "/screen", nil},
		{"home-join", "", "/", nil},
		{"start-join", "", "/start?back=" + join, nil},
		{"learn-join", hanako, "/learn", nil},
		{"seat-card", trainer, path + "/seats/" + seats[1], map[string]string{"why": "教室で、ご本人から"}},
	}
}

// edited lets a class take more people, with everything else as it was.
func edited() url.Values {
	form := classForm("2026-11-23")
	form.Set("version", "1")
	form.Set("note", "駐車場は裏手です。上ばきをお持ちください。")
	return form
}

func TestClassPagesInABrowser(t *testing.T) {
	b := browsertest.Start(t)
	for _, screen := range []browsertest.Screen{browsertest.Phone, browsertest.Desk, browsertest.Phone.InDark()} {
		h := readyHouse(t)
		h.deps.BaseURL = ""
		looks := classLooks(t, h)
		at := browsertest.Serve(t, New(h.deps))
		tab := b.Tab(t, screen)
		for _, l := range looks {
			t.Run(screen.Name+"/"+l.name, func(t *testing.T) {
				_, value, _ := strings.Cut(l.cookie, "=")
				if err := chromedp.Do(tab, cookie(at, "session", value), chromedp.Navigate(at+l.path)); err != nil {
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
