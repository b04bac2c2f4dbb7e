package main

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"tsunagari/certificates"
	"tsunagari/courses"
	"tsunagari/courses/accounts"
	"tsunagari/courses/coursetest"
	"tsunagari/quiz"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

// school is the house with two small courses and chance. The second course ends
// without まとめの確認, so that two people may finish it only together.
type school struct {
	*demo
	t     *testing.T
	hand  *storagetest.Hand
	revs  []*courses.Revision
	chief accounts.Access
	seen  map[string]int // how often previews said what
}

func newSchool(t *testing.T, db *storage.DB, seed uint64) *school {
	t.Helper()
	r := open(db, "http://example.jp", false)
	rnd := rand.New(rand.NewPCG(seed, 7))
	s := &school{t: t, hand: storagetest.Clock(db), chief: accounts.Shell(), seen: map[string]int{}}
	s.demo = &demo{rooms: r, rnd: rnd, quizzes: quiz.New(db, r.courses, rnd.Uint64)}
	for _, slug := range []string{"supporter", "small"} {
		p := coursetest.Small(slug)
		if slug == "small" {
			p.Closing = courses.Closing{}
		}
		rev, _, err := r.courses.Publish(ctx, p)
		s.must(err)
		s.revs = append(s.revs, rev)
	}
	return s
}

func (s *school) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *school) issuer() {
	s.must(s.db.Tx(ctx, func(tx *gorm.DB) error { return s.certificates.SetUp(tx, "つながり推進協議会", "shell") }))
}

// pupil registers somebody; all of them have the same name.
func (s *school) pupil() string {
	s.t.Helper()
	secret, err := s.accounts.Register(ctx, "", accounts.Registration{
		Operation: uuid.NewString(), FamilyName: "北見", GivenName: "花子", FamilyKana: "きたみ", GivenKana: "はなこ",
		Residence: []string{"012084", "012114"}[s.rnd.IntN(2)], AgeBand: "70", Consent: "yes",
	}, "")
	s.must(err)
	signed, err := s.accounts.BySession(ctx, secret)
	s.must(err)
	return signed.AccountID
}

// studies lets somebody do none, some or all of every course, in no order, and
// leave quizzes half done.
func (s *school) studies(account string) {
	s.t.Helper()
	for _, rev := range s.revs {
		s.rev = rev
		all := rev.Steps()
		n := []int{0, s.rnd.IntN(len(all)), len(all) - 1, len(all) - 1, len(all), len(all)}[s.rnd.IntN(6)]
		body, closing := all[:len(all)-1], all[len(all)-1]
		if rev.Closing.Questions == 0 {
			body, closing = all, courses.Step{}
		}
		for _, i := range s.rnd.Perm(len(body))[:min(n, len(body))] {
			s.hand.Add(time.Duration(s.rnd.IntN(3000)) * time.Minute)
			s.must(s.step(ctx, account, body[i]))
		}
		if n > len(body) {
			s.hand.Add(time.Duration(s.rnd.IntN(3000)) * time.Minute)
			s.must(s.step(ctx, account, closing))
		}
		if s.rnd.IntN(2) == 0 {
			s.begins(account, rev.Modules[s.rnd.IntN(2)])
		}
	}
}

// begins leaves the check of a module open, after none, one or two answers.
func (s *school) begins(account string, m *courses.Module) {
	s.t.Helper()
	a, err := s.quizzes.Start(ctx, account, s.rev.Slug, quiz.Check(m.ID))
	s.must(err)
	for n := range s.rnd.IntN(2) {
		s.must(s.quizzes.Answer(ctx, account, a.ID, n+1, solve(s.rev.Question(a.Drawn[n].ID), a.Drawn[n], true), 0))
	}
}

// chapter is what one account has of one course.
type chapter struct {
	steps map[string]bool
	done  *courses.Completion
	valid *certificates.Certificate
	wait  bool
}

func (s *school) chapter(account string, rev *courses.Revision) (c chapter) {
	s.t.Helper()
	standing, err := s.courses.Standing(ctx, account, rev.Slug)
	s.must(err)
	c.steps = map[string]bool{}
	for _, step := range rev.Steps() {
		if standing.Done(step.Key()) {
			c.steps[step.Key()] = true
		}
	}
	var done []*courses.Completion
	s.must(s.db.Read(ctx).Where("account_id = ? AND course_id = ?", account, rev.CourseID).Find(&done).Error)
	if len(done) > 1 || (len(done) == 1) != standing.Completed {
		s.t.Errorf("%d completions, completed %v", len(done), standing.Completed)
	}
	if len(done) == 0 {
		return c
	}
	c.done = done[0]
	certs, waits, err := s.certificates.Of(ctx, account)
	s.must(err)
	for _, cert := range certs {
		if cert.State == certificates.Issued && cert.CompletionID == c.done.ID {
			c.valid = cert
		}
	}
	c.wait = slices.ContainsFunc(waits, func(w *certificates.Wait) bool { return w.CompletionID == c.done.ID })
	return c
}

func (s *school) count(query string, args ...any) int { return count(s.t, s.db, query, args...) }

const counted = "SELECT count(*) FROM completions WHERE merged_into IS NULL"

// merges makes two people one and says whether the whole is what it was before.
func (s *school) merges(from, into string, issuing bool) {
	t := s.t
	t.Helper()
	before := map[string][2]chapter{}
	for _, rev := range s.revs {
		before[rev.Slug] = [2]chapter{s.chapter(from, rev), s.chapter(into, rev)}
	}
	attempts := s.count("SELECT count(*) FROM attempts WHERE account_id IN ?", []string{from, into})
	completions, replaced := s.count(counted), s.count("SELECT count(*) FROM certificates WHERE state = 'replaced'")
	preview, err := s.accounts.MergePreview(ctx, s.chief, from, into)
	s.must(err)
	says := strings.Join(preview.Changes, "\n")
	m := accounts.Merging{Operation: uuid.NewString(), From: from, Into: into, Why: "同じ方", Sure: "yes"}
	for range 2 {
		s.must(s.accounts.Merge(ctx, s.chief, m))
	}

	for _, word := range []string{"1人減ります", "きょうの日付で修了", "「差し替え済み」になります", "両方とも途中です", "そのまま有効です"} {
		s.seen[word] += strings.Count(says, word)
	}
	fewer, today := strings.Count(says, "1人減ります"), strings.Count(says, "きょうの日付で修了")
	if now := s.count(counted); now != completions-fewer+today {
		t.Errorf("%d completions are counted, of %d, after\n%s", now, completions, says)
	}
	if n := s.count("SELECT count(*) FROM certificates WHERE state = 'replaced'") - replaced; n != strings.Count(says, "「差し替え済み」になります") {
		t.Errorf("%d certificates were replaced, after\n%s", n, says)
	}
	gone := strings.Count(says, "両方とも途中です")
	if n := s.count("SELECT count(*) FROM attempts WHERE account_id = ?", into); n != attempts-gone {
		t.Errorf("%d attempts of %d, after\n%s", n, attempts, says)
	}
	if n := s.count("SELECT count(*) FROM attempts a JOIN enrolments e ON e.id = a.enrolment_id WHERE a.account_id <> e.account_id"); n != 0 {
		t.Errorf("%d attempts hang on somebody else's enrolment", n)
	}
	if n := s.count("SELECT count(*) FROM certificate_waits w JOIN certificates c ON c.completion_id = w.completion_id"); n != 0 {
		t.Errorf("%d wait for what is there", n)
	}
	for _, rev := range s.revs {
		s.isOne(rev, before[rev.Slug], s.chapter(into, rev), issuing)
	}
	s.leftOf(from)
}

// isOne compares what became of one course with what the two had of it.
func (s *school) isOne(rev *courses.Revision, had [2]chapter, now chapter, issuing bool) {
	s.t.Helper()
	union := maps.Clone(had[0].steps)
	maps.Copy(union, had[1].steps)
	if !maps.Equal(union, now.steps) {
		s.t.Errorf("%s: %v and %v became %v", rev.Slug, had[0].steps, had[1].steps, now.steps)
	}
	first, second := had[0], had[1]
	if first.done == nil || second.done != nil && second.done.CompletedAt.Before(first.done.CompletedAt) {
		first, second = second, first
	}
	switch {
	case first.done == nil && len(union) < len(rev.Steps()):
		if now.done != nil {
			s.t.Errorf("%s: completed with %d steps", rev.Slug, len(union))
		}
		return
	case now.done == nil:
		s.t.Fatalf("%s: not completed", rev.Slug)
	case first.done != nil && now.done.ID != first.done.ID:
		s.t.Errorf("%s: the later completion stays", rev.Slug)
	}
	want := first.valid
	if want == nil {
		want = second.valid
	}
	if first.wait && want != nil {
		s.seen["a wait beside a certificate"]++
	}
	switch {
	case want != nil && (now.valid == nil || now.valid.Number != want.Number):
		s.t.Errorf("%s: of %+v and %+v stays %+v", rev.Slug, first.valid, second.valid, now.valid)
	case want == nil && now.wait != (now.valid == nil && !issuing):
		s.t.Errorf("%s: waits %v beside %+v", rev.Slug, now.wait, now.valid)
	case want == nil && issuing && (first.done == nil || first.wait) && now.valid == nil:
		s.t.Errorf("%s: nothing was issued", rev.Slug)
	}
	if old := second.valid; old != nil && old != want {
		v, err := s.certificates.ByNumber(ctx, old.Number)
		s.must(err)
		if v.State != certificates.Replaced || v.ReplacedBy != want.Number || !v.Merged {
			s.t.Errorf("%+v, not replaced by %s", v, want.Number)
		}
	}
}

// leftOf fails unless nothing refers to the account but its last card.
func (s *school) leftOf(account string) {
	s.t.Helper()
	for _, table := range tablesOfPeople(s.t, s.db) {
		n := s.count(`SELECT count(*) FROM "`+table+`" WHERE account_id = ?`, account)
		if n > 0 && table != "cards" {
			s.t.Errorf("%d rows are left in %s", n, table)
		}
	}
}

// tablesOfPeople are the tables with rows of people.
func tablesOfPeople(t *testing.T, db *storage.DB) (tables []string) {
	t.Helper()
	m := db.Read(ctx).Migrator()
	all, err := m.GetTables()
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range all {
		columns, err := m.ColumnTypes(table)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range columns {
			if c.Name() == "account_id" {
				tables = append(tables, table)
			}
		}
	}
	slices.Sort(tables)
	return tables
}

// joins says what becomes of the rows of every table of people when two accounts
// become one. A room with a new table registers itself (see rooms.merging) and
// says it here.
var joins = map[string]string{
	"attempts": "quiz.Merge", "enrolments": "courses.Merge", "completions": "courses.Merge",
	"certificates": "certificates.Merge", "certificate_waits": "certificates.Merge", "corrections": "certificates.Merge",
	"seats":         "classes.Merge",
	"class_helpers": "as members", "course_shares": "as members",
	"cards": "accounts ends them", "sessions": "accounts ends them", "challenges": "accounts ends them",
	"consents": "accounts moves them", "residences": "accounts moves them",
	"members": "staff have no card and are never merged", "staff": "as members", "invitations": "as members",
}

func TestEveryTableOfPeopleIsMerged(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		tables := tablesOfPeople(t, db)
		for _, table := range tables {
			if joins[table] == "" {
				t.Errorf("%s: say in joins what becomes of its rows when two accounts of one person become one", table)
			}
		}
		for table := range joins {
			if !slices.Contains(tables, table) {
				t.Errorf("joins names %s, and there is no such table", table)
			}
		}
	})
}

// Whatever two accounts of a person did, in whatever order: the one that is left
// has the steps of both, one completion of a course and one certificate, the
// earlier one, and what the desk read beforehand is what happened.
func TestMergedPersonIsTheUnion(t *testing.T) {
	t.Parallel()
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		const pairs = 30
		s := newSchool(t, db, 20261123)
		people := make([][2]string, pairs)
		for i := range people {
			people[i] = [2]string{s.pupil(), s.pupil()}
			if i < 16 { // before anybody issues
				s.studies(people[i][0])
			}
			if i < 8 {
				s.studies(people[i][1])
			}
			if i < 4 {
				at := s.rnd.IntN(2)
				s.merges(people[i][at], people[i][1-at], false)
			}
		}
		s.issuer()
		for i, p := range people[4:] {
			if i >= 12 {
				s.studies(p[0])
			}
			if i >= 4 {
				s.studies(p[1])
			}
			if certs, _, err := s.certificates.Of(ctx, p[s.rnd.IntN(2)]); err == nil && len(certs) > 0 && s.rnd.IntN(3) == 0 {
				s.must(s.certificates.Revoke(ctx, s.chief, certs[0].ID, "まちがい"))
			}
			at := s.rnd.IntN(2)
			s.merges(p[at], p[1-at], true)
		}
		if wrong, err := s.counts.Verify(ctx); err != nil || len(wrong) > 0 {
			t.Errorf("counted anew: %+v %v", wrong, err)
		}
		for word, n := range s.seen {
			if n == 0 || len(s.seen) < 6 {
				t.Errorf("%d cases of %q, %d kinds", n, word, len(s.seen))
			}
		}
	})
}

// A guest who finishes only together with the card's account has finished.
func TestAGuestFinishesTheCourseOfTheCard(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSchool(t, db, 1)
		s.issuer()
		rev := s.revs[1]
		s.rev = rev
		account := s.pupil()
		for _, step := range rev.Steps() {
			if step.Lesson != rev.Modules[0].Lessons[0] {
				s.must(s.step(ctx, account, step))
			}
		}
		secret, guest, err := s.accounts.Guest(ctx, "スマホ")
		s.must(err)
		s.must(s.step(ctx, guest, rev.Steps()[0]))
		s.begins(guest, rev.Modules[0])
		session, err := s.accounts.BySession(ctx, secret)
		s.must(err)
		shown, err := s.accounts.NewCard(ctx, s.chief, account, "紛失")
		s.must(err)
		_, err = s.accounts.SignInToken(ctx, shown.Token, accounts.Visit{Session: session.ID})
		s.must(err)
		if c := s.chapter(account, rev); c.done == nil || c.valid == nil {
			t.Errorf("%+v", c)
		}
		s.leftOf(guest)
		if n := s.count("SELECT count(*) FROM attempts WHERE account_id = ? AND done_at IS NULL", account); n != 1 {
			t.Errorf("%d open quizzes", n)
		}
	})
}
