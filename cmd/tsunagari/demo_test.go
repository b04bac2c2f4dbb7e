package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

func filled(t *testing.T, db *storage.DB) (*rooms, string) {
	t.Helper()
	clock := storagetest.Clock(db)
	state, err := demoOf(ctx, db, true)
	if err != nil || state != demoBuilding {
		t.Fatalf("%q %v", state, err)
	}
	r := open(db, "http://example.jp", true)
	if err := publishBuiltIn(ctx, db, r.courses, quiet); err != nil {
		t.Fatal(err)
	}
	text, err := r.fillDemo(ctx, clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	return r, text
}

func count(t *testing.T, db *storage.DB, query string, args ...any) int {
	t.Helper()
	var n int
	if err := db.Read(ctx).Raw(query, args...).Scan(&n).Error; err != nil {
		t.Fatal(err)
	}
	return n
}

func TestDemo(t *testing.T) {
	t.Parallel()
	var before string
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		_, text := filled(t, db)
		if !db.Now().Equal(storagetest.Start) {
			t.Errorf("the clock stands at %s", db.Now())
		}
		for what, c := range map[string]struct{ got, least, most int }{
			"finished":            {count(t, db, "SELECT count(*) FROM completions"), demoFinished + demoSheets, demoFinished + demoSheets},
			"certificates":        {count(t, db, "SELECT count(*) FROM certificates WHERE state = 'issued'"), demoFinished + demoSheets, demoFinished + demoSheets},
			"months":              {count(t, db, "SELECT count(DISTINCT substr(completed_on, 1, 7)) FROM completions"), 3, 4},
			"in the future":       {count(t, db, "SELECT count(*) FROM progress WHERE done_at > ?", db.Now()), 0, 0},
			"underway":            {count(t, db, "SELECT count(*) FROM accounts WHERE state = 'active' AND number <> ''"), demoFinished + demoUnderway + demoCame + demoApplied, demoFinished + demoUnderway + demoCame + demoApplied},
			"guests":              {count(t, db, "SELECT count(*) FROM accounts WHERE state = 'guest'"), demoGuests, demoGuests},
			"numbers out of turn": {count(t, db, "SELECT count(*) FROM certificates a JOIN certificates b ON b.serial > a.serial AND b.issued_at < a.issued_at AND b.fiscal_year = a.fiscal_year"), 0, 0},
			"letters on the way":  {count(t, db, "SELECT count(*) FROM outbox"), 0, 0},
			"posts":               {count(t, db, "SELECT count(*) FROM posts"), 5, 5},
			"in the village":      {count(t, db, "SELECT count(*) FROM completions WHERE municipality = ?", demoVillage), demoVillageTwo, demoVillageTwo},
			"towns that use it":   {count(t, db, "SELECT count(DISTINCT municipality) FROM completions WHERE municipality NOT IN ('', ?)", demoElsewhere), 11, 11},
			"classes":             {count(t, db, "SELECT count(*) FROM classes"), 2, 2},
			"in a class":          {count(t, db, "SELECT count(*) FROM completions WHERE class_id IS NOT NULL AND host = ?", demoTown), demoSheets, demoSheets},
		} {
			if c.got < c.least || c.got > c.most {
				t.Errorf("%s: %d", what, c.got)
			}
		}
		for _, want := range []string{demoAdmin, demoDesk, demoOfficer, demoBureau, demoTrainer, demoPassword, "/j/", "番号", "合言葉"} {
			if !strings.Contains(text, want) {
				t.Errorf("%q is not printed:\n%s", want, text)
			}
		}
		// The same people, days and scores every time, on both databases.
		var people []string
		err := db.Read(ctx).Raw(`SELECT a.family_name || a.given_name || a.municipality || a.age_band || c.completed_on
			FROM completions c JOIN accounts a ON a.id = c.account_id ORDER BY c.completed_at, a.family_name, a.given_name`).Scan(&people).Error
		if err != nil {
			t.Fatal(err)
		}
		same := fmt.Sprint(people, count(t, db, "SELECT sum(understood) FROM attempts"))
		if before != "" && same != before {
			t.Errorf("another demonstration:\n%s\n%s", before, same)
		}
		before = same
	})
}

// The demonstration says on its pages what it is, lets everybody in whom it names,
// and is recognised when the program starts again without the flag.
func TestServeDemo(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	s := start(t, "--data", data, "--demo")
	printed := s.out.String()
	s.stop()
	if first := start(t, "--data", data); !strings.Contains(first.out.String(), regexp.MustCompile(`番号 \S+`).FindString(printed)) {
		t.Error("the second start does not say how to sign in")
	} else {
		s = first
	}
	if _, page := s.get("/"); !strings.Contains(page, "見本") {
		t.Error("the start page does not say 見本")
	}
	cards := regexp.MustCompile(`(\S+)　/signin/card　\S+ \S+　番号 (\S+)　合言葉 (.+)`).FindAllStringSubmatch(printed, -1)
	if len(cards) != 4 {
		t.Fatalf("%d cards in\n%s", len(cards), printed)
	}
	for _, card := range cards {
		b := newBrowser(func() string { return s.addr })
		if _, err := b.post("/signin/card", url.Values{"number": {card[2]}, "words": {card[3]}}); err != nil {
			t.Errorf("%s: %v", card[1], err)
		}
	}
	b := newBrowser(func() string { return s.addr })
	if _, err := b.post("/signin/staff", url.Values{"email": {demoAdmin}, "password": {demoPassword}}); err != nil {
		t.Fatal(err)
	}
	code := s.out.find(`(?s)宛先: `+demoAdmin+`.*?(\d{6}|\d{3} \d{3})`, s.ended)
	if _, err := b.post("/signin/staff/code", url.Values{"code": {code}}); err != nil {
		t.Fatalf("the code %q: %v", code, err)
	}
	res, err := b.client.Get("http://" + s.addr + "/admin/posts")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if page, _ := io.ReadAll(res.Body); res.StatusCode != http.StatusOK || !strings.Contains(string(page), "見本市 地域福祉係") {
		t.Errorf("the posts: %s", res.Status)
	}
	s.stop()
}

func TestDemoRefused(t *testing.T) {
	t.Parallel()
	everyDatabase(t, func(t *testing.T, flags []string, url string) {
		s := start(t, flags...)
		b := newBrowser(func() string { return s.addr })
		if _, err := b.post("/courses/supporter/naze", nil); err != nil {
			t.Fatal(err)
		}
		s.stop()
		if _, err := ran(t, append([]string{"--addr=127.0.0.1:0", "--demo"}, flags...)...); !errors.Is(err, errDemoPeople) {
			t.Errorf("a demonstration among people: %v", err)
		}
		if n := count(t, at(t, url).db, "SELECT count(*) FROM accounts"); n != 1 {
			t.Errorf("%d accounts", n)
		}
	})
	data := t.TempDir()
	db := storagetest.Open(t, filepath.Join(data, "tsunagari.db"))
	if _, err := demoOf(ctx, db, true); err != nil {
		t.Fatal(err)
	}
	if _, err := ran(t, "--addr=127.0.0.1:0", "--data", data); !errors.Is(err, errDemoHalf) {
		t.Errorf("half a demonstration: %v", err)
	}
}
