package views

import (
	"archive/zip"
	"bytes"
	"io"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"tsunagari/courses/accounts"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

var (
	classPath = regexp.MustCompile(`/trainer/classes/[0-9a-f-]{36}`)
	joinPath  = regexp.MustCompile(`/j/\d{6}`)
	opField   = regexp.MustCompile(`name="operation" value="([0-9a-f-]{36})"`)
)

func classForm(day string) url.Values {
	return url.Values{
		"course": {"supporter"}, "operation": {uuid.NewString()}, "held_on": {day}, "starts_at": {"13:30"}, "ends_at": {"15:30"},
		"hall": {"北見市民会館 小ホール"}, "host": {kitami}, "seats": {"30"}, "rule": {"sheet"},
	}
}

// trains is a trainer's cookie.
func (h *house) trains() string {
	h.t.Helper()
	_, cookie := h.staff("北見市の講師", accounts.Trainer, kitami, "講師", "一郎")
	return cookie
}

// holds makes a class and returns its path and, where it has one, that of joining.
func (h *house) holds(cookie, day string) (path, join string) {
	h.t.Helper()
	res, body := h.send("/trainer/classes", classForm(day), cookie)
	path = res.Header.Get("Location")
	if res.StatusCode != 303 || !classPath.MatchString(path) {
		h.t.Fatalf("%d %s", res.StatusCode, mainOf(body))
	}
	return path, joinPath.FindString(h.shows(path, cookie, 200, "北見市民会館 小ホール"))
}

// posts sends a form that is to be accepted.
func (h *house) posts(path, cookie string, form url.Values) string {
	h.t.Helper()
	res, body := h.send(path, form, cookie)
	if res.StatusCode != 303 {
		h.t.Fatalf("%s: %d %s", path, res.StatusCode, mainOf(body))
	}
	return res.Header.Get("Location")
}

// refuses sends a form that is not, and wants the words in the answer.
func (h *house) refuses(path, cookie string, form url.Values, status int, words ...string) string {
	h.t.Helper()
	res, body := h.send(path, form, cookie)
	if res.StatusCode != status {
		h.t.Fatalf("%s: %d, want %d: %s", path, res.StatusCode, status, mainOf(body))
	}
	h.has(body, words...)
	return body
}

// joins takes a seat as a learner does, with the form of the page.
func (h *house) joins(join, cookie string) {
	h.t.Helper()
	op := opField.FindStringSubmatch(h.shows(join, cookie, 200, "参加する"))
	h.posts(join, cookie, url.Values{"operation": {op[1]}})
}

// seats are the seats' ids of a class, in the order of the roster.
func (h *house) seats(path, cookie string) (ids []string) {
	h.t.Helper()
	for _, m := range regexp.MustCompile(`<li id="s([0-9a-f-]{36})"`).FindAllStringSubmatch(h.shows(path+"/roster", cookie, 200), -1) {
		ids = append(ids, m[1])
	}
	return ids
}

// A class from its making to the certificates of the room, by links and forms.
func TestClassFromBeginningToEnd(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		h := newHouse(t, db)
		trainer := h.trains()
		h.shows("/trainer", trainer, 200, "予定している開催はありません", "この講座で開催する")
		h.shows("/trainer/classes/new?course=supporter", trainer, 200, `value="2026-11-26"`, `value="13:30"`, `<option value="`+kitami+`" selected`)
		path, join := h.holds(trainer, "2026-11-23")
		_, hanako := h.learner("北見", "花子", "きたみ", kitami)
		_, taro := h.learner("網走", "太郎", "あばしり", abashiri)
		h.joins(join, hanako)
		h.joins(join, taro)
		h.shows(join, taro, 200, "席が取れています", "席番号")
		h.shows("/learn", taro, 200, "参加する教室", "席番号 2", join)
		if at := h.posts(path+"/people", trainer, url.Values{
			"operation": {uuid.NewString()}, "family_name": {"紋別"}, "given_name": {"和子"}, "family_kana": {"モンベツ"}, "given_kana": {"かずこ"},
			"residence": {kitami}, "present": {"true"},
		}); !strings.HasPrefix(at, path+"/people?last=") {
			t.Errorf("after typing one in: %s", at)
		} else {
			h.shows(at, trainer, 200, "紋別 和子", "もんべつ かずこ")
		}
		seats := h.seats(path, trainer)
		if len(seats) != 3 {
			t.Fatalf("%d seats", len(seats))
		}
		h.shows(path+"/roster", trainer, 200, "番号で参加", "代行入力（講師 一郎）", "まだの2人を、出席にする", "ふり返りシート待ち")
		h.posts(path+"/roster", trainer, url.Values{"do": {"attendance"}})
		h.posts(path+"/seats/"+seats[1]+"/attendance", trainer, url.Values{"attendance": {"present"}, "late_at": {"14:10"}, "back": {"seat"}})
		if to := h.posts(path+"/seats/"+seats[0]+"/sheet", trainer, url.Values{"received": {"true"}}); to != path+"/roster#s"+seats[0] {
			t.Errorf("back at %s", to)
		}
		h.posts(path+"/seats/"+seats[2]+"/sheet", trainer, url.Values{"received": {"true"}})
		h.shows(path+"/roster", trainer, 200, "遅刻 14:10", "講師の判断待ち")
		h.shows(path+"/certificates", trainer, 200, "修了証　2人", "第R8-001-0001号", "修了証がない方　1人", "参加証　1人")

		res, file := h.get(path+"/certificates.pdf", trainer)
		text := solid(pdfText(t, file))
		if res.StatusCode != 200 || strings.Index(text, "北見花子") > strings.Index(text, "紋別和子") {
			t.Errorf("%d, the order of the room: %s", res.StatusCode, text)
		}
		for _, want := range []string{"第R8-001-0001号", "第R8-001-0002号", "令和8年11月23日", "修了証がない方（講師の控え）", "網走太郎", "講師の判断待ち"} {
			if !strings.Contains(text, solid(want)) {
				t.Errorf("%q is not in the certificates of the room: %s", want, text)
			}
		}
		_, file = h.get(path+"/attended.pdf", trainer)
		text = solid(pdfText(t, file))
		for _, want := range []string{"受講証明", "（参加証）", "網走　太郎", "令和8年11月23日", "北見市民会館", "北見市", "これは修了証ではありません"} {
			if !strings.Contains(text, solid(want)) {
				t.Errorf("%q is not in the 参加証: %s", want, text)
			}
		}
		if strings.Contains(text, "北見花子") {
			t.Error("who has finished has a 参加証")
		}
		res, file = h.get(path+"/certificates.zip", trainer)
		h.zipped(res.Header.Get("Content-Disposition"), file, "001_R8-001-0001.pdf", "003_R8-001-0002.pdf", "without.csv")

		h.refuses(path+"/seats/"+seats[1]+"/finish", trainer, url.Values{"why": {""}}, 422, "わけを入力してください")
		h.refuses(path+"/finish", trainer, url.Values{"why": {"わけ"}}, 422, "修了とする方を選んでください")
		h.refuses(path+"/finish", trainer, url.Values{"seats": {seats[1]}}, 422, "わけを入力してください", `value="`+seats[1]+`" checked`)
		h.posts(path+"/finish", trainer, url.Values{"seats": {seats[1]}, "why": {"遅れた分を補いました"}})
		h.shows(path+"/seats/"+seats[1], trainer, 200, "修了とする：講師 一郎", "出席：講師 一郎")
		h.shows(join, taro, 200, "講座を修了しました")
		h.shows("/certificates", taro, 200, "第R8-001-0003号")
		h.refuses(path+"/seats/"+seats[0]+"/attendance", trainer, url.Values{"attendance": {"absent"}}, 409, "修了を取り消す")
		h.posts(path+"/seats/"+seats[0]+"/withdraw", trainer, url.Values{"why": {"人ちがい"}, "back": {"seat"}})
		h.shows(path+"/seats/"+seats[0], trainer, 200, "出席がまだ")
		h.shows("/certificates", hanako, 200, "取り消")
		h.shows("/admin/audit", h.admin, 200, "講師による修了", "遅れた分を補いました", "修了の取り消し", "出欠の記録", "教室の修了証の印刷")
	})
}

func (h *house) zipped(disposition, file string, names ...string) {
	h.t.Helper()
	z, err := zip.NewReader(bytes.NewReader([]byte(file)), int64(len(file)))
	h.must(err)
	var got []string
	for _, f := range z.File {
		got = append(got, f.Name)
		r, err := f.Open()
		h.must(err)
		body, err := io.ReadAll(r)
		h.must(err)
		if len(body) == 0 {
			h.t.Errorf("%s is empty", f.Name)
		}
	}
	if strings.Join(got, " ") != strings.Join(names, " ") || !strings.Contains(disposition, "attachment") {
		h.t.Errorf("%s: %s", disposition, got)
	}
}

// Somebody new comes by the code: one registration gives the name, the seat and
// the card.
func TestJoinAsSomebodyNew(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		h := newHouse(t, db)
		trainer := h.trains()
		path, join := h.holds(trainer, "2026-11-23")
		h.refuses("/join", "", url.Values{"code": {"12 34"}}, 422, "この番号の教室はありません")
		code := strings.TrimPrefix(join, "/j/")
		if to := h.posts("/join", "", url.Values{"code": {code[:3] + "−" + code[3:]}}); to != join {
			t.Errorf("the code leads to %s", to)
		}
		h.shows(join, "", 200, "はじめての方", `"/start?back=%2fj%2f`+code+`"`, `"/signin?back=%2fj%2f`+code+`"`)
		h.shows("/start?back="+join, "", 200, "教室の席も取れます")
		form := url.Values{
			"operation": {uuid.NewString()}, "family_name": {"美幌"}, "given_name": {"恵"}, "family_kana": {"びほろ"}, "given_kana": {"めぐみ"},
			"residence": {abashiri}, "age_band": {"60"}, "consent": {"yes"}, "back": {join},
		}
		res, _ := h.send("/start", form, "")
		if to := res.Header.Get("Location"); res.StatusCode != 303 || to != "/card?back="+join {
			t.Fatalf("%d %s", res.StatusCode, to)
		}
		cookie := sessionOf(res)
		h.shows(join, cookie, 200, "席が取れています")
		if n := len(h.seats(path, trainer)); n != 1 {
			t.Errorf("%d seats", n)
		}
		h.posts(join+"/leave", cookie, nil)
		h.shows(join, cookie, 200, "参加する")
		h.shows(path+"/roster", trainer, 200, "取り消した席　1人")
	})
}

// Every refusal says why.
func TestJoinRefused(t *testing.T) {
	db := storagetest.Open(t, storagetest.SQLite(t))
	h := newHouse(t, db)
	clock := storagetest.Clock(db)
	trainer := h.trains()
	_, hanako := h.learner("北見", "花子", "きたみ", kitami)
	_, taro := h.learner("網走", "太郎", "あばしり", abashiri)
	path, join := h.holds(trainer, "2026-11-26")
	h.shows(join, hanako, 200, "まだ始まっていません", "11月25日 00時00分から")
	h.refuses(join, hanako, url.Values{"operation": {uuid.NewString()}}, 409, "まだ始まっていません")
	h.posts(path+"/door", trainer, url.Values{"do": {"open"}})
	form := classForm("2026-11-26")
	form.Set("seats", "1")
	form.Set("version", "2")
	h.posts(path, trainer, form)
	h.joins(join, hanako)
	h.shows(join, taro, 200, "席がいっぱい")
	h.shows(join, hanako, 200, "席が取れています")
	h.shows(join+"?course=another", hanako, 200, "席が取れています") // a course that is none
	h.answering()
	h.shows(join+"?course=renshuu", taro, 200, "ではなく、下の講座の教室のものです")
	h.posts(path+"/door", trainer, url.Values{"do": {"close"}})
	h.shows(join, taro, 200, "受付は、終わりました")
	h.refuses(path+"/cancel", trainer, url.Values{"why": {""}}, 422, "わけを入力してください")
	h.posts(path+"/cancel", trainer, url.Values{"why": {"大雪のため"}})
	h.shows(join, hanako, 200, "中止になりました", "大雪のため")
	clock.Add(24 * time.Hour)
	h.shows("/j/000000", hanako, 422, "この番号の教室はありません")
	h.shows(join, h.desk, 200, "中止")
	for range 110 {
		h.get("/j/000000", "")
	}
	h.shows(join, "", 429, "少しお待ち")
	h.shows(join+"/screen", "", 429, "少しお待ち")
}

// What a script polls answers 304 until something changes, also for who is signed in.
func TestLiveParts(t *testing.T) {
	db := storagetest.Open(t, storagetest.SQLite(t))
	h := newHouse(t, db)
	trainer := h.trains()
	path, join := h.holds(trainer, "2026-11-23")
	_, hanako := h.learner("北見", "花子", "きたみ", kitami)
	for _, poll := range []struct{ path, cookie string }{{path + "/roster/live", trainer}, {join + "/screen/live", ""}, {join + "/screen/live", trainer}} {
		res, body := h.get(poll.path, poll.cookie)
		tag := res.Header.Get("ETag")
		if res.StatusCode != 200 || tag == "" || strings.Contains(body, "<html") {
			t.Fatalf("%s: %d %q %s", poll.path, res.StatusCode, tag, body)
		}
		req := ask(poll.path, poll.cookie)
		req.Header.Set("If-None-Match", tag)
		if res, body := do(t, h.app, req); res.StatusCode != 304 || body != "" {
			t.Errorf("%s again: %d", poll.path, res.StatusCode)
		}
	}
	before, _ := h.get(path+"/roster/live", trainer)
	h.joins(join, hanako)
	req := ask(path+"/roster/live", trainer)
	req.Header.Set("If-None-Match", before.Header.Get("ETag"))
	if res, body := do(t, h.app, req); res.StatusCode != 200 || !strings.Contains(body, "北見 花子") || res.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("after somebody joined: %d", res.StatusCode)
	}
	if body := h.shows(join+"/screen", "", 200, `http-equiv="refresh"`, "参加"); strings.Contains(body, "北見 花子") {
		t.Error("the screen shows a name")
	}
}

// Where the code rotates, the QR of the screen is the trainer's to show, and it
// carries one through the registration.
func TestRotatingClass(t *testing.T) {
	db := storagetest.Open(t, storagetest.SQLite(t))
	h := newHouse(t, db)
	clock := storagetest.Clock(db)
	trainer := h.trains()
	form := classForm("2026-11-23")
	form.Set("rotating", "true")
	res, _ := h.send("/trainer/classes", form, trainer)
	join := joinPath.FindString(h.shows(res.Header.Get("Location"), trainer, 200, "会場の画面に出る数字"))
	h.lacks(h.shows(join+"/screen", "", 200, "講師がサインインした画面"), `class="turn"`)
	turn := regexp.MustCompile(`class="turn">(\d{4})<`).FindStringSubmatch(h.shows(join+"/screen", trainer, 200))
	_, hanako := h.learner("北見", "花子", "きたみ", kitami)
	h.refuses(join, hanako, url.Values{"operation": {uuid.NewString()}, "shown": {"99999"}}, 422, "1分ごとに変わります")
	res, body := h.get(join+"?n="+turn[1], hanako)
	h.lacks(body, `name="shown"`)
	pass := ""
	for _, c := range res.Cookies() {
		if c.Name == passCookie {
			pass = c.Name + "=" + c.Value
		}
	}
	clock.Add(30 * time.Minute)
	h.posts(join, hanako+"; "+pass, url.Values{"operation": {uuid.NewString()}})
	h.shows(join, hanako, 200, "席が取れています")
}

// A front desk invites the trainers of its own town, and nobody else's.
func TestDeskInvitesTrainers(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		h := newHouse(t, db)
		h.shows("/desk/trainers", h.desk, 200, "講師の係は、まだありません", `value="`+kitami+`" checked`)
		form := url.Values{"name": {"北見市の講師"}, "municipalities": {kitami}, "office_email": {"koushi@town.example.jp"}, "role": {"admin"}}
		at := h.posts("/desk/trainers", h.desk, form)
		h.has(h.shows(at, h.desk, 200, "講師", "招待のリンクを作る"), "北見市")
		_, body := h.send(at+"/invite", url.Values{"email": {""}}, h.desk)
		_, body = h.follow(h.codeIn(body))
		h.has(body, "北見市の講師")
		h.shows(at, h.other, 404)
		h.refuses(at+"/invite", h.other, url.Values{"email": {""}}, 404)
		form.Set("municipalities", abashiri)
		h.refuses("/desk/trainers", h.desk, form, 422, "市町村をひとつ以上選んでください")
		h.lacks(h.shows("/desk/trainers", h.other, 200), "北見市の講師")
		h.shows("/staff/posts/"+h.post, h.other, 404)
		trainer := h.trains()
		h.shows("/desk/trainers", trainer, 404)
		h.shows("/staff", trainer, 200, `href="/trainer"`)
	})
}
