package main

import (
	"bytes"
	"image/png"
	"io/fs"
	"net/url"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
	"golang.org/x/net/html"

	"tsunagari/courses"
	"tsunagari/courses/curriculum"
	"tsunagari/courses/questions"
	"tsunagari/storage/storagetest"
	"tsunagari/views/browsertest"
)

// A volunteer goes from nothing to a certificate on a phone, comes back on another
// one, and the front desk helps when the card is lost: in a real browser.
func TestJourneyInABrowser(t *testing.T) {
	b := browsertest.Start(t)
	s := start(t, "--data", t.TempDir(), "--no-backup")
	base := "http://" + s.addr
	surfers := func() walker { return newSurfer(t, b, base) }
	journey(t, s, surfers)
}

// The same with nothing but links and forms, on PostgreSQL.
func TestJourneyWithoutScript(t *testing.T) {
	s := start(t, "--data", t.TempDir(), "--no-backup", "--database-url", storagetest.Postgres(t))
	base := "http://" + s.addr
	journey(t, s, func() walker { return newPlain(t, base) })
}

func journey(t *testing.T, s *server, someone func() walker) {
	staff := newPlain(t, "http://"+s.addr)
	setUp(t, s, staff)

	me := someone()
	key := answerKey(t)
	readFirstModule(t, me, key)
	number, words := register(t, me)
	readTheRest(t, me, key)
	code := takeCertificate(t, me)

	stranger := someone()
	stranger.open(code)
	if say := text(stranger.page()); !strings.Contains(say, "発行済み") || !strings.Contains(say, "北見 花子") {
		t.Errorf("the QR of the certificate leads to %q", say)
	}
	stranger.open("/verify/" + regexp.MustCompile(`R\d+-\d+-\d+`).FindString(text(stranger.page())))
	if say := text(stranger.page()); !strings.Contains(say, "発行済み") || strings.Contains(say, "花子") {
		t.Errorf("the number of the certificate leads to %q", say)
	}

	second := someone()
	comeBack(t, second, number, words)
	if say := text(second.page()); !strings.Contains(say, "修了証を見る") {
		t.Errorf("back on a second phone: %q", say)
	}
	number, fresh := lostCard(t, staff)
	third := someone()
	comeBack(t, third, number, words)
	if third.path() != "/signin/card" {
		t.Errorf("the old words still work: %s", third.path())
	}
	comeBack(t, third, number, fresh)
	if third.path() != "/learn" {
		t.Errorf("the new words do not work: %s", text(third.page()))
	}
	second.open("/certificates")
	if !strings.HasPrefix(second.path(), "/signin") {
		t.Errorf("the old sessions still work: %s", second.path())
	}
}

// setUp is the first run: the code from the console, and the form behind it.
func setUp(t *testing.T, s *server, staff *plain) {
	t.Helper()
	code := s.out.find(link.String(), s.ended)
	staff.open("/setup")
	staff.set("token", code)
	staff.press("すすむ")
	for name, value := range map[string]string{
		"name": "オホーツクつながり協議会", "address": "北海道網走市北7条西3丁目", "phone": "0152-00-0000", "hours": "平日 9時から17時",
		"prefecture": "01", "bureau": "オホーツク総合振興局",
		"family_name": "管理", "given_name": "太郎", "email": "admin@example.jp", "password": "きたのおおきなみずうみのほとり",
	} {
		staff.set(name, value)
	}
	staff.press("この内容ではじめる")
	if staff.path() != "/admin" {
		t.Fatalf("after the set-up: %s: %s", staff.path(), text(staff.page()))
	}
}

func readFirstModule(t *testing.T, me walker, key map[string]*questions.Question) {
	t.Helper()
	me.open("/")
	me.press("読んでみる")
	me.press("読みました")
	if s, browser := me.(*surfer); browser {
		w := s.weight()
		t.Logf("to the first lesson marked as read: %d taps, %d requests, %d bytes", s.taps, w.Requests, w.Bytes)
		if s.taps > 5 || w.Requests > 10 || w.Bytes > 80_000 {
			t.Errorf("that is too much: %v", w.URLs)
		}
	}
	readOn(t, me)
	answerAll(t, me, key, nil)
	if say := text(me.page()); !strings.Contains(say, "この単元の確認は、終わりました") {
		t.Fatalf("after the first check: %s", say)
	}
}

// readOn reads lessons until a quiz stands in the way.
func readOn(t *testing.T, me walker) {
	t.Helper()
	for range 60 {
		if !strings.Contains(text(first(me.page(), "main")), "読みました") {
			return
		}
		me.press("読みました")
	}
	t.Fatal("there is no end of lessons")
}

func register(t *testing.T, me walker) (number, words string) {
	t.Helper()
	me.press("名前を登録する")
	me.set("family_name", "北見")
	me.press("受講カードを受け取る")
	if say := text(me.page()); !strings.Contains(say, "名を入力してください") || attr(field(me.page(), "family_name"), "value") != "北見" {
		t.Errorf("a form with one field: %s", say)
	}
	for name, value := range map[string]string{
		"family_name": "北見", "given_name": "花子", "family_kana": "キタミ", "given_kana": "はなこ", "residence": "012084", "age_band": "70", "consent": "yes",
	} {
		me.set(name, value)
	}
	me.press("受講カードを受け取る")
	card := byClass(me.page(), "words")
	if me.path() != "/card" || len(card) == 0 {
		t.Fatalf("no card at %s: %s", me.path(), text(me.page()))
	}
	number = regexp.MustCompile(`\d{4}-\d{4}`).FindString(text(me.page()))
	words = text(card[0])
	me.press("紙に書いた")
	me.open("/card")
	if say := text(me.page()); strings.Contains(say, strings.Fields(words)[0]) {
		t.Error("the words of a kept card are shown again")
	}
	me.open("/learn")
	return number, words
}

func field(doc *html.Node, name string) *html.Node {
	for _, n := range all(doc, "input", "select") {
		if attr(n, "name") == name {
			return n
		}
	}
	return &html.Node{}
}

// readTheRest goes where 「つづきから」 leads until the course is finished.
func readTheRest(t *testing.T, me walker, key map[string]*questions.Question) {
	t.Helper()
	missed := 0
	for range 30 {
		me.open("/courses/supporter")
		if strings.Contains(text(me.page()), "修了証を見る") {
			if missed == 0 {
				t.Error("nothing was asked again")
			}
			return
		}
		me.press("つづきから")
		if strings.Contains(text(me.page()), "読みました") {
			readOn(t, me)
			continue
		}
		closing := strings.HasSuffix(me.path(), "/closing")
		answerAll(t, me, key, func(n int) bool { return closing && missed == 0 && n == 1 })
		if closing && missed == 0 {
			missed++
			if say := text(me.page()); !strings.Contains(say, "もういちど答える") {
				t.Fatalf("one was missed: %s", say)
			}
		}
	}
	t.Fatal("the course has no end")
}

var doneQuiz = regexp.MustCompile(`^/quiz/[^/]+$`)

// answerAll begins the quiz that is shown and answers it, rightly but where wrong
// says so, to the page of its result.
func answerAll(t *testing.T, me walker, key map[string]*questions.Question, wrong func(n int) bool) {
	t.Helper()
	me.press("はじめる")
	for n := 1; !doneQuiz.MatchString(me.path()); n++ {
		if n > 30 {
			t.Fatal("the quiz has no end")
		}
		doc := me.page()
		asked := text(byClass(doc, "question")[0])
		q := key[asked]
		if q == nil {
			t.Fatalf("an unknown question: %q", asked)
		}
		secret(t, doc, q)
		answer(t, me, doc, q, wrong != nil && wrong(n))
		me.press("答えをきめる")
		if say := text(first(me.page(), "main")); !strings.Contains(say, "そのとおり") && !strings.Contains(say, "あと少し") && !strings.Contains(say, "もういちど見て") {
			t.Fatalf("no answer to an answer: %s", say)
		}
		if strings.Contains(text(me.page()), "けっかを見る") {
			me.press("けっかを見る")
		} else {
			me.press("つぎの問いへ")
		}
	}
}

// secret fails when a page that asks tells anything of the key or the feedback.
func secret(t *testing.T, doc *html.Node, q *questions.Question) {
	t.Helper()
	var b bytes.Buffer
	if err := html.Render(&b, doc); err != nil {
		t.Fatal(err)
	}
	for _, o := range q.Options {
		if said := bare(o.Feedback.In(questions.JA)); strings.Contains(text(doc), said) {
			t.Errorf("%s: the page that asks holds the feedback %q", q.ID, said)
		}
	}
	if strings.Contains(b.String(), `"`+q.ID+`"`) || strings.Contains(b.String(), "data-right") {
		t.Errorf("%s: the page that asks tells the question's id or key", q.ID)
	}
}

func answer(t *testing.T, me walker, doc *html.Node, q *questions.Question, wrong bool) {
	t.Helper()
	switch {
	case len(q.Options) > 0:
		for _, row := range byClass(doc, "row") {
			for _, o := range q.Options {
				if bare(o.Text.In(questions.JA)) == text(row) && o.Right() != wrong && (!wrong || !picked(me, q)) {
					me.set("a", attr(first(row, "input"), "value"))
				}
			}
		}
	case q.Type == questions.Ordering:
		answerOrder(me, doc, q, wrong)
	case len(q.Pairs) > 0 || len(q.Items) > 0:
		for _, line := range byClass(doc, "line") {
			answerLine(me, line, q, wrong)
		}
	default:
		value := q.Answers[0].Text
		if q.Type == questions.Numerical {
			value = strconv.FormatFloat(q.Answers[0].Value, 'f', -1, 64)
		}
		if wrong {
			value = "99"
		}
		me.set("text", value)
	}
}

// picked says whether a wrong choice was set already, for a question that takes one.
func picked(me walker, q *questions.Question) bool {
	p, plainly := me.(*plain)
	return plainly && q.Type != questions.Multiple && len(p.typed["a"]) > 0
}

func answerLine(me walker, line *html.Node, q *questions.Question, wrong bool) {
	about := text(first(line, "legend"))
	right := rightPlaces(q, about)
	for _, row := range byClass(line, "row") {
		if slices.Contains(right, text(row)) != wrong {
			in := first(row, "input")
			me.set(attr(in, "name"), attr(in, "value"))
			return
		}
	}
}

func rightPlaces(q *questions.Question, about string) (right []string) {
	for _, p := range q.Pairs {
		if bare(p.Left.In(questions.JA)) == about {
			right = append(right, bare(p.Right.In(questions.JA)))
		}
	}
	for _, it := range q.Items {
		for _, g := range q.Groups {
			if bare(it.Text.In(questions.JA)) == about && slices.Contains(it.Groups, g.ID) {
				right = append(right, bare(g.Text.In(questions.JA)))
			}
		}
	}
	return right
}

func answerOrder(me walker, doc *html.Node, q *questions.Question, wrong bool) {
	items := slices.Clone(q.Items)
	slices.SortStableFunc(items, func(a, b questions.Item) int { return a.Rank - b.Rank })
	if wrong {
		slices.Reverse(items)
	}
	for _, label := range all(doc, "label") {
		for place, it := range items {
			if bare(it.Text.In(questions.JA)) == text(label) {
				me.set(attr(label, "for"), strconv.Itoa(place+1))
			}
		}
	}
}

var ruby = regexp.MustCompile(`\{([^|{}]*)\|[^{}]*\}`)

// bare is a text as it is shown without furigana.
func bare(s string) string {
	s = strings.ReplaceAll(ruby.ReplaceAllString(s, "$1"), "**", "")
	return strings.Join(strings.Fields(s), " ")
}

// answerKey are the questions of the built-in course by what they ask.
func answerKey(t *testing.T) map[string]*questions.Question {
	t.Helper()
	folder, err := fs.Sub(curriculum.FS(), "supporter")
	if err != nil {
		t.Fatal(err)
	}
	p, faults := courses.ReadPackage(folder)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	key := map[string]*questions.Question{}
	for _, m := range p.Modules {
		for _, q := range m.Questions {
			key[bare(q.Text.In(questions.JA))] = q
		}
	}
	return key
}

// takeCertificate reads the certificate back from its PDF and gives the path of
// its QR.
func takeCertificate(t *testing.T, me walker) string {
	t.Helper()
	me.press("修了証を見る")
	var link string
	for _, a := range all(me.page(), "a") {
		if strings.HasSuffix(attr(a, "href"), ".pdf") {
			link = attr(a, "href")
		}
	}
	if link == "" {
		t.Fatalf("no certificate: %s", text(me.page()))
	}
	pdf := me.file(link)
	said := tool(t, pdf, "pdftotext", "-layout")
	for _, want := range []string{"北見", "花子", "きたみ", "オホーツクつながり協議会", "つながりサポーター養成講座"} {
		if !strings.Contains(said, want) {
			t.Errorf("the certificate does not say %q:\n%s", want, said)
		}
	}
	u, err := url.Parse(scan(t, pdf))
	if err != nil {
		t.Fatal(err)
	}
	return u.Path
}

// tool pipes the PDF through one of poppler's programs.
func tool(t *testing.T, pdf []byte, name string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		storagetest.Missing(t, "no %s (poppler-utils) on this machine", name)
	}
	cmd := exec.Command(name, append(args, "-", "-")...)
	if name == "pdftoppm" {
		cmd = exec.Command(name, append(args, "-")...)
	}
	cmd.Stdin = bytes.NewReader(pdf)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return string(out)
}

// scan reads the QR of the first page as a phone sees it: from nearer when it is not
// found at first.
func scan(t *testing.T, pdf []byte) string {
	t.Helper()
	var last error
	for _, dots := range []string{"150", "200", "300"} {
		img, err := png.Decode(strings.NewReader(tool(t, pdf, "pdftoppm", "-png", "-r", dots, "-singlefile")))
		if err != nil {
			t.Fatal(err)
		}
		bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
		if err != nil {
			t.Fatal(err)
		}
		read, err := qrcode.NewQRCodeReader().Decode(bitmap, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
		if err == nil {
			return read.GetText()
		}
		last = err
	}
	t.Fatal(last)
	return ""
}

func comeBack(t *testing.T, me walker, number, words string) {
	t.Helper()
	me.open("/signin")
	me.press("受講カードで入る")
	me.set("number", strings.ReplaceAll(number, "-", " "))
	me.set("words", strings.ReplaceAll(words, " ", "　"))
	me.press("入る")
}

// lostCard is the front desk helping somebody without a card.
func lostCard(t *testing.T, staff *plain) (number, words string) {
	t.Helper()
	staff.open("/desk")
	staff.set("kana", "きた")
	staff.set("municipality", "012084")
	staff.press("さがす")
	staff.press("北見 花子")
	staff.set("why", "紛失。窓口で本人を確認。")
	staff.press("新しいカードを作る")
	card := byClass(staff.page(), "words")
	if len(card) == 0 {
		t.Fatalf("no new card: %s", text(staff.page()))
	}
	return regexp.MustCompile(`\d{4}-\d{4}`).FindString(text(staff.page())), text(card[0])
}
