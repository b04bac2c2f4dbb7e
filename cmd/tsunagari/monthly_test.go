package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"mime"
	"mime/multipart"
	netmail "net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"tsunagari/courses/accounts"
	"tsunagari/courses/counts"
	"tsunagari/courses/coursetest"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

const kitami = "012084"

// monthly is a school in which one person of 北見市 finished in October, and a post of
// 北見市 that wants the monthly mail.
func monthly(t *testing.T, db *storage.DB) (s *school, posts []accounts.Post) {
	t.Helper()
	s = newSchool(t, db, 5)
	s.hand.Set(time.Date(2026, 10, 20, 1, 0, 0, 0, time.UTC))
	id, town := "", ""
	for town != kitami {
		id = s.pupil()
		s.must(db.Read(ctx).Raw("SELECT municipality FROM accounts WHERE id = ?", id).Scan(&town).Error)
	}
	p := coursetest.Small("makes-supporters")
	p.ID, p.Supporters = "00000000-0000-4000-8000-000000000777", true
	rev, _, err := s.courses.Publish(ctx, p)
	s.must(err)
	s.rev = rev
	for _, step := range s.rev.Steps() {
		s.must(s.step(ctx, id, step))
	}
	post, err := s.accounts.AddPost(ctx, s.chief, accounts.PostInput{Name: "北見市 福祉課", Role: accounts.Officer, Municipalities: []string{kitami}, OfficeEmail: "fukushi@city.example.jp"})
	s.must(err)
	return s, []accounts.Post{*post}
}

// attachments are the files of a letter as a mail program reads it, and its text.
func attachments(t *testing.T, letter []byte) (text string, files map[string][]byte) {
	t.Helper()
	m, err := netmail.ReadMessage(bytes.NewReader(letter))
	if err != nil {
		t.Fatal(err)
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/mixed" {
		t.Fatalf("%s %v", kind, err)
	}
	files = map[string][]byte{}
	for r := multipart.NewReader(m.Body, params["boundary"]); ; {
		part, err := r.NextPart()
		if err == io.EOF {
			return text, files
		}
		if err != nil {
			t.Fatal(err)
		}
		var body io.Reader = part // quoted-printable is decoded by the reader
		if part.Header.Get("Content-Transfer-Encoding") == "base64" {
			body = base64.NewDecoder(base64.StdEncoding, part)
		}
		content, err := io.ReadAll(body)
		if err != nil {
			t.Fatal(err)
		}
		if name := part.FileName(); name != "" {
			files[name] = content
		} else {
			text = string(content)
		}
	}
}

// A post that wants it is written to once about each month that closes, however many
// instances look, and again and again until a server takes the letter.
func TestMonthlyMail(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s, posts := monthly(t, db)
		s.must(s.sendMonthly(ctx))
		s.must(s.counts.SetMailing(ctx, s.chief, posts, posts[0].ID, true))
		s.hand.Set(time.Date(2026, 11, 5, 1, 0, 0, 0, time.UTC))
		s.must(s.counts.CloseDue(ctx, db.Now()))
		var instances sync.WaitGroup
		for range 3 {
			instances.Go(func() {
				if err := s.sendMonthly(ctx); err != nil {
					t.Error(err)
				}
			})
		}
		instances.Wait()
		box, address := mailServer(t)
		way, err := newPost(address, "tsunagari@example.jp")
		s.must(err)
		box.refuse = true
		if sent, err := db.SendDue(ctx, way.send); sent != 0 || err == nil {
			t.Errorf("a refused letter: %d %v", sent, err)
		}
		list, err := s.counts.Mailings(ctx, posts)
		s.must(err)
		if len(list) != 1 || len(list[0].Sent) != 1 || !list[0].Sent[0].State.Waiting || list[0].Sent[0].Month != "2026-10" {
			t.Fatalf("%+v", list)
		}
		box.refuse = false
		s.hand.Add(time.Hour)
		if sent, err := db.SendDue(ctx, way.send); sent != 1 || err != nil {
			t.Errorf("%d letters, %v", sent, err)
		}
		s.letter(box)
		s.once(posts)
	})
}

func (s *school) letter(box *letterbox) {
	s.t.Helper()
	text, files := attachments(s.t, box.got)
	for _, want := range []string{"北見市 福祉課 御中", "令和8年10月31日現在、累計1人、今年度1人", "確定値", "/municipality/mail"} {
		if !strings.Contains(text, want) {
			s.t.Errorf("%q is not in\n%s", want, text)
		}
	}
	if box.to != "fukushi@city.example.jp" || len(files) != 2 || !bytes.HasPrefix(files["R8_tsunagari_012084_202610_memo.pdf"], []byte("%PDF")) {
		s.t.Errorf("to %s, %d files", box.to, len(files))
	}
	x, err := excelize.OpenReader(bytes.NewReader(files["R8_tsunagari_012084_202610.xlsx"]))
	s.must(err)
	defer x.Close()
	rows, err := x.GetRows("データ")
	s.must(err)
	if rows[1][5] != kitami || rows[1][12] != "1" || rows[1][20] != "確定値" {
		s.t.Errorf("%v", rows[1])
	}
}

// once looks again and again, and later, and switches off.
func (s *school) once(posts []accounts.Post) {
	s.t.Helper()
	letters := func() (n int64) {
		s.must(s.db.Read(ctx).Table("outbox").Count(&n).Error)
		return n
	}
	s.must(s.sendMonthly(ctx))
	if n := letters(); n != 0 {
		s.t.Errorf("%d letters about the same month", n)
	}
	list, err := s.counts.Mailings(ctx, posts)
	s.must(err)
	if list[0].Sent[0].State.AcceptedAt == nil {
		s.t.Errorf("%+v", list[0].Sent)
	}
	s.hand.Set(time.Date(2026, 12, 5, 1, 0, 0, 0, time.UTC))
	s.must(s.counts.CloseDue(ctx, s.db.Now()))
	due, err := s.counts.DueMails(ctx)
	s.must(err)
	if len(due) != 1 || due[0].Month != "2026-11" {
		s.t.Fatalf("%+v", due)
	}
	s.must(s.counts.SetMailing(ctx, s.chief, posts, posts[0].ID, false))
	if queued, err := s.counts.SendMail(ctx, due[0], storage.Mail{}); queued || err != nil {
		s.t.Errorf("switched off meanwhile: %v %v", queued, err)
	}
	s.must(s.sendMonthly(ctx))
	if n := letters(); n != 0 {
		s.t.Errorf("%d letters to a post that does not want them", n)
	}
}

func TestCountsPrint(t *testing.T) {
	t.Parallel()
	everyDatabase(t, func(t *testing.T, flags []string, url string) {
		db := at(t, url).db
		if err := db.Migrate(ctx); err != nil {
			t.Fatal(err)
		}
		monthly(t, db)
		print := func(more ...string) string {
			return must(t, append(append([]string{"counts"}, flags...), append([]string{"--area", kitami, "--month", "2026-10"}, more...)...)...)
		}
		if out := print(); !strings.HasPrefix(out, "\ufeff年度（西暦）,") || !strings.Contains(out, ",012084,北海道,北見市,,（実人数）,1,1,1,") {
			t.Error(out)
		}
		var got struct {
			Title string
			Rows  []map[string]any
		}
		if err := json.Unmarshal([]byte(print("--format", "json")), &got); err != nil || got.Rows[0]["people_total"] != 1.0 || !strings.HasPrefix(got.Title, counts.Title) {
			t.Errorf("%v %+v", err, got)
		}
		x, err := excelize.OpenReader(strings.NewReader(print("--format", "xlsx")))
		if err != nil {
			t.Fatal(err)
		}
		x.Close()
		for _, wrong := range [][]string{{"--area", "999999"}, {"--area", kitami, "--month", "2100-01"}, {"--area", kitami, "--format", "ods"}} {
			if out, err := ran(t, append(append([]string{"counts"}, flags...), wrong...)...); err == nil {
				t.Errorf("%v: %s", wrong, out)
			}
		}
	})
}
