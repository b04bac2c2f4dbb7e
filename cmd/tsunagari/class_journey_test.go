package main

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"tsunagari/courses"
	"tsunagari/storage/storagetest"
	"tsunagari/views/browsertest"
)

// watcher is a walker whose page may change while it is looked at.
type watcher interface {
	walker
	sees(words string)       // waits until the page shows the words, without script by loading it again
	tap(label, words string) // presses what may change the page where it is, and waits for the words
}

func (p *plain) sees(words string) {
	p.t.Helper()
	p.open(p.path())
	p.shows(words)
}

func (p *plain) tap(label, words string) {
	p.t.Helper()
	p.press(label)
	p.shows(words)
}

func (p *plain) shows(words string) {
	p.t.Helper()
	if say := text(p.doc); !strings.Contains(solid(say), solid(words)) {
		p.t.Fatalf("%s does not say %q:\n%s", p.now, words, say)
	}
}

// solid is text without white space, which stands in other places with and without
// a browser.
func solid(s string) string { return strings.Join(strings.Fields(s), "") }

const untilSeen = `new Promise((seen, late) => {
	const look = () => document.querySelector("main").innerText.replace(/\s+/g, "").includes(%q) && seen(true);
	if (look()) return;
	new MutationObserver(look).observe(document.body, {subtree: true, childList: true, characterData: true});
	setTimeout(() => late(new Error(document.querySelector("main").innerText)), 15000);
})`

func (s *surfer) sees(words string) {
	s.t.Helper()
	if _, err := chromedp.Run(s.tab, chromedp.Evaluate[bool](fmt.Sprintf(untilSeen, solid(words)), chromedp.EvalAwaitPromise)); err != nil {
		s.t.Fatalf("%s does not come to say %q: %v", s.path(), words, err)
	}
}

func (s *surfer) tap(label, words string) {
	s.t.Helper()
	// In one go: the page may replace what it shows at any moment.
	found, err := chromedp.Run(s.tab, chromedp.Evaluate[bool](fmt.Sprintf(mark, label)+` && (document.querySelector("[data-press]").click(), true)`))
	s.must(err)
	if !found {
		s.t.Fatalf("%s: nothing to press says %q:\n%s", s.path(), label, text(s.page()))
	}
	s.sees(words)
}

// A class with two phones that join, one person typed in, who was there, and the
// certificates of the room: in a real browser.
func TestClassInABrowser(t *testing.T) {
	b := browsertest.Start(t)
	s := start(t, "--data", t.TempDir(), "--no-backup")
	classJourney(t, s, func() watcher { return newSurfer(t, b, "http://"+s.addr) })
}

// The same with nothing but links and forms, on PostgreSQL.
func TestClassWithoutScript(t *testing.T) {
	s := start(t, "--data", t.TempDir(), "--no-backup", "--database-url", storagetest.Postgres(t))
	classJourney(t, s, func() watcher { return newPlain(t, "http://"+s.addr) })
}

func classJourney(t *testing.T, s *server, someone func() watcher) {
	admin := newPlain(t, "http://"+s.addr)
	setUp(t, s, admin)
	trainer := someone()
	becomeTrainer(t, s, admin, trainer)

	known := someone() // has a card already
	known.open("/start")
	fillIn(known, "網走", "太郎", "アバシリ", "たろう")
	known.press("受講カードを受け取る")
	known.press("紙に書いた")

	trainer.open("/trainer")
	trainer.press("この講座で開催する")
	trainer.set("held_on", time.Now().In(courses.Japan).Format(time.DateOnly))
	trainer.set("hall", "北見市民会館 小ホール")
	trainer.press("この内容で開催する")
	code := regexp.MustCompile(`\d{3} \d{3}`).FindString(text(byClass(trainer.page(), "code")[0]))
	class := trainer.path()
	trainer.press("名簿と出席")
	trainer.sees("まだ、だれもいません")

	fresh := someone()
	fresh.open("/join")
	fresh.set("code", code)
	fresh.press("教室を見る")
	fresh.press("はじめての方")
	fillIn(fresh, "北見", "花子", "キタミ", "はなこ")
	fresh.press("受講カードを受け取る")
	fresh.press("紙に書いた")
	if say := text(fresh.page()); !strings.Contains(say, "席が取れています") || !strings.Contains(say, "席番号 1") {
		t.Fatalf("after the card: %s", say)
	}
	trainer.sees("北見 花子")
	known.open("/join")
	known.set("code", strings.ReplaceAll(code, " ", ""))
	known.press("教室を見る")
	known.press("参加する")
	trainer.sees("網走 太郎")

	trainer.press("代行入力")
	for name, value := range map[string]string{
		"family_name": "紋別", "given_name": "和子", "family_kana": "もんべつ", "given_kana": "かずこ", "residence": "012190",
	} {
		trainer.set(name, value)
	}
	trainer.press("名簿に入れて")
	trainer.open(class + "/roster")
	trainer.tap("まだの2人を、出席にする", "ふり返りシート待ち")
	trainer.tap("欠席（網走 太郎）", "欠席 1")
	trainer.tap("シート（北見 花子）", "修了 1")
	trainer.tap("シート（紋別 和子）", "修了 2")

	trainer.press("修了証と参加証")
	if say := text(trainer.page()); !strings.Contains(say, "修了証 2人") || !strings.Contains(solid(say), "2網走太郎欠席") {
		t.Errorf("the certificates of the room: %s", say)
	}
	room(t, trainer.file(class+"/certificates.pdf"))
	fresh.open("/certificates")
	if say := text(fresh.page()); !strings.Contains(say, "第R") {
		t.Errorf("no certificate on the phone: %s", say)
	}
}

// room reads the file of all certificates back: in the order of the roster, each
// with its own QR, and the trainer's list at the end.
func room(t *testing.T, pdf []byte) {
	t.Helper()
	said := tool(t, pdf, "pdftotext", "-layout")
	if pages := strings.Count(said, "\f"); pages != 3 {
		t.Errorf("%d pages:\n%s", pages, said)
	}
	at := -1
	for _, want := range []string{"北見", "紋別", "修了証がない方", "網走"} {
		i := strings.Index(said, want)
		if i < at {
			t.Errorf("%q stands before the one before it:\n%s", want, said)
		}
		at = i
	}
	if link := scan(t, pdf); !strings.Contains(link, "/v/") {
		t.Errorf("the QR of the first certificate leads to %s", link)
	}
}

// becomeTrainer: an administrator makes a post and hands over the link, the trainer
// follows it and signs in with the code that the office gets.
func becomeTrainer(t *testing.T, s *server, admin *plain, trainer walker) {
	t.Helper()
	const email, password = "koushi@example.jp", "ゆきどけ の 小川 と わらび"
	admin.open("/desk/trainers")
	admin.set("name", "北見市の講師")
	admin.set("municipalities", "012084")
	admin.set("office_email", "kakari@example.jp")
	admin.press("招待へすすむ")
	admin.press("招待のリンクを作る")
	link := text(byClass(admin.page(), "secret")[0])
	_, code, _ := strings.Cut(link, "/invitation#")
	trainer.open("/invitation")
	trainer.set("token", code)
	trainer.press("すすむ")
	for name, value := range map[string]string{"family_name": "講師", "given_name": "一郎", "email": email, "password": password} {
		trainer.set(name, value)
	}
	trainer.press("係に入る")
	trainer.open("/signin/staff")
	trainer.set("email", email)
	trainer.set("password", password)
	trainer.press("つぎへ")
	trainer.set("code", s.out.find(`(?s)宛先: kakari@example\.jp.*?(\d{6}|\d{3} \d{3})`, s.ended))
	trainer.press("入る")
	if trainer.path() != "/trainer" {
		t.Fatalf("after signing in: %s: %s", trainer.path(), text(trainer.page()))
	}
}

func fillIn(me walker, family, given, familyKana, givenKana string) {
	for name, value := range map[string]string{
		"family_name": family, "given_name": given, "family_kana": familyKana, "given_kana": givenKana, "residence": "012084", "age_band": "70", "consent": "yes",
	} {
		me.set(name, value)
	}
}
