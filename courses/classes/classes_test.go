package classes_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"tsunagari/certificates"
	"tsunagari/courses"
	"tsunagari/courses/accounts"
	"tsunagari/courses/classes"
	"tsunagari/courses/coursetest"
	"tsunagari/quiz"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

func TestMain(m *testing.M) { storagetest.Main(m) }

var ctx = context.Background()

const (
	kitami   = "012084"
	abashiri = "012114"
	// The clock of tests stands on Monday 23 November 2026 at noon.
	today, thursday, yesterday = "2026-11-23", "2026-11-26", "2026-11-22"
)

// hall is the rooms that a class needs, with two trainers and a small course.
type hall struct {
	*classes.Classes
	t            *testing.T
	db           *storage.DB
	clock        *storagetest.Hand
	accounts     *accounts.Accounts
	courses      *courses.Courses
	quizzes      *quiz.Quizzes
	certificates *certificates.Certificates
	rev          *courses.Revision
	me, other    accounts.Access
	people       int
}

// open is one instance of the program on a database.
func open(t *testing.T, db *storage.DB) *hall {
	h := &hall{t: t, db: db}
	h.accounts, h.courses = accounts.New(db, accounts.Options{}), courses.New(db)
	h.quizzes, h.Classes = quiz.New(db, h.courses, nil), classes.New(db, h.courses, h.accounts)
	h.certificates = certificates.New(db, h.courses, certificates.Options{Host: h.Classes.Host})
	h.courses.OnCompleted(h.certificates.Issue)
	h.courses.OnWithdrawn(h.certificates.Withdrawn)
	h.courses.OnStep(h.Stepped)
	h.quizzes.OnClosing(h.OpensClosing)
	h.OnPaper(func(tx *gorm.DB, p classes.Paper) error {
		return h.quizzes.Typed(tx, p.AccountID, p.Revision, p.By, p.Answers)
	})
	h.accounts.OnRegistered(h.courses.Registered)
	for _, join := range []func(tx *gorm.DB, from, into string) error{
		h.Merge, h.quizzes.Merge, h.courses.Merge, h.certificates.Merge,
		func(tx *gorm.DB, _, into string) error { return h.courses.Registered(tx, into) },
	} {
		h.accounts.OnMerge(join)
	}
	for _, preview := range []func(tx *gorm.DB, from, into string) (accounts.MergePart, error){
		h.courses.PreviewMerge, h.PreviewMerge, h.certificates.PreviewMerge,
	} {
		h.accounts.OnMergePreview(preview)
	}
	h.accounts.OnErase(h.Erase)
	h.accounts.OnErase(h.quizzes.Erase)
	h.accounts.OnErase(h.certificates.Erase)
	h.accounts.OnErase(h.courses.Erase)
	return h
}

func newHall(t *testing.T, db *storage.DB) *hall {
	t.Helper()
	h := open(t, db)
	h.clock = storagetest.Clock(db)
	h.must(db.Tx(ctx, func(tx *gorm.DB) error { return h.certificates.SetUp(tx, "協議会", "admin") }))
	var err error
	h.rev, _, err = h.courses.Publish(ctx, coursetest.Small("supporter"))
	h.must(err)
	h.me, h.other = h.trainer("講師", "一郎"), h.trainer("別府", "次郎")
	return h
}

func (h *hall) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *hall) is(err, want error) {
	h.t.Helper()
	if !errors.Is(err, want) {
		h.t.Errorf("error %v, want %v", err, want)
	}
}

func (h *hall) trainer(family, given string) accounts.Access {
	h.t.Helper()
	post, err := h.accounts.AddPost(ctx, accounts.Shell(), accounts.PostInput{
		Name: family, Role: accounts.Trainer, Municipalities: []string{kitami}, OfficeEmail: "office@example.jp",
	})
	h.must(err)
	token, err := h.accounts.Invite(ctx, accounts.Shell(), post.ID, accounts.Invitee{}, func(s string) string { return s })
	h.must(err)
	id, err := h.accounts.Accept(ctx, token, accounts.Acceptance{
		FamilyName: family, GivenName: given, Email: uuid.NewString() + "@example.jp", Password: "ゆきどけ の 小川 と わらび",
	}, "")
	h.must(err)
	access, err := accounts.AccessOf(h.db.Read(ctx), id)
	h.must(err)
	return access
}

func input(day string) classes.Input {
	return classes.Input{
		Course: "supporter", Operation: uuid.NewString(), HeldOn: day, StartsAt: "13:30", EndsAt: "15:30",
		Hall: "市民会館 2階", Address: "北1条西1丁目", Host: kitami, Seats: 30, Rule: classes.Sheet,
	}
}

func (h *hall) class(day string, change ...func(*classes.Input)) *classes.Class {
	h.t.Helper()
	in := input(day)
	for _, c := range change {
		c(&in)
	}
	id, err := h.Create(ctx, h.me, in)
	h.must(err)
	return h.load(id)
}

func (h *hall) load(id string) *classes.Class {
	h.t.Helper()
	c, err := h.Class(ctx, h.me, id)
	h.must(err)
	return c
}

func by(rule classes.Rule) func(*classes.Input) {
	return func(in *classes.Input) { in.Rule = rule }
}

func somebody(n int) accounts.Typed {
	return accounts.Typed{
		FamilyName: "北見", GivenName: fmt.Sprint("花", n), FamilyKana: "きたみ", GivenKana: string(rune('あ' + n%80)), Residence: abashiri, AgeBand: "70",
	}
}

// learner is somebody with an account.
func (h *hall) learner() string {
	h.t.Helper()
	h.people++
	var id string
	h.must(h.db.Tx(ctx, func(tx *gorm.DB) (err error) {
		id, err = h.accounts.Enter(tx, accounts.Access{AccountID: "test"}, somebody(h.people))
		return err
	}))
	return id
}

func (h *hall) join(account string, c *classes.Class) (*classes.Seat, error) {
	return h.Join(ctx, account, c.Code, uuid.NewString(), "")
}

// joined is a new learner with a seat in the class.
func (h *hall) joined(c *classes.Class) (account, seat string) {
	h.t.Helper()
	account = h.learner()
	s, err := h.join(account, c)
	h.must(err)
	return account, s.ID
}

func (h *hall) row(c *classes.Class, seat string) classes.Row {
	h.t.Helper()
	r, err := h.Roster(ctx, h.me, c.ID)
	h.must(err)
	row := r.Row(seat)
	if row == nil {
		h.t.Fatalf("no seat %s", seat)
	}
	return *row
}

func (h *hall) waits(c *classes.Class, seat string, want classes.Outcome) {
	h.t.Helper()
	if got := h.row(c, seat).Outcome; got != want {
		h.t.Errorf("the seat is %q, want %q", got, want)
	}
}

func (h *hall) present(c *classes.Class, seat string) {
	h.t.Helper()
	h.must(h.Attend(ctx, h.me, c.ID, seat, classes.Attendance{State: classes.Present}))
}

// done is the one completion of an account, nil for none.
func (h *hall) done(account string) *courses.Completion {
	h.t.Helper()
	d, err := h.courses.Completion(ctx, account, h.rev.CourseID)
	if errors.Is(err, storage.ErrNotFound) {
		return nil
	}
	h.must(err)
	var n int64
	h.must(h.db.Read(ctx).Model(&courses.Completion{}).Where("account_id = ? AND withdrawn_at IS NULL", account).Count(&n).Error)
	if n != 1 {
		h.t.Errorf("%d completions", n)
	}
	return d
}

func (h *hall) audited(act string) (n int64) {
	h.t.Helper()
	h.must(h.db.Read(ctx).Model(&accounts.Entry{}).Where("act = ?", act).Count(&n).Error)
	return n
}

func TestCreate(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		h := newHall(t, db)
		in := input(thursday)
		in.Helpers = []string{h.other.AccountID, h.me.AccountID}
		id, err := h.Create(ctx, h.me, in)
		h.must(err)
		again, err := h.Create(ctx, h.me, in)
		h.must(err)
		if again != id {
			t.Error("sent twice, two classes were made")
		}
		c := h.load(id)
		if _, ok := classes.ReadCode(c.Code); !ok || c.HostName != "北見市" || c.Afterwards || len(c.Helpers) != 1 ||
			c.OpensAt.Format(time.RFC3339) != "2026-11-24T15:00:00Z" || c.ClosesAt.Format(time.RFC3339) != "2026-11-26T15:00:00Z" {
			t.Errorf("%+v", c)
		}
		if past := h.class(yesterday); past.Code != "" || !past.Afterwards {
			t.Errorf("recorded afterwards: %+v", past)
		}
		for name, want := range map[string]struct {
			change func(*classes.Input)
			err    error
		}{
			"hours":        {func(in *classes.Input) { in.EndsAt = "13:30" }, classes.ErrBackwards},
			"host":         {func(in *classes.Input) { in.Host = "999999" }, classes.ErrHost},
			"far":          {func(in *classes.Input) { in.HeldOn = "2029-01-01" }, classes.ErrDate},
			"long ago":     {func(in *classes.Input) { in.HeldOn = "2010-01-01" }, classes.ErrDate},
			"helper":       {func(in *classes.Input) { in.Helpers = []string{h.learner()} }, classes.ErrHelper},
			"other course": {func(in *classes.Input) { in.Course = "nothing" }, storage.ErrNotFound},
		} {
			in := input(thursday)
			want.change(&in)
			_, err := h.Create(ctx, h.me, in)
			if !errors.Is(err, want.err) {
				t.Errorf("%s: %v", name, err)
			}
		}
		for _, change := range []func(*classes.Input){
			func(in *classes.Input) { in.HeldOn = "26.11.2026" }, func(in *classes.Input) { in.StartsAt = "25:00" },
			func(in *classes.Input) { in.Seats = 0 }, func(in *classes.Input) { in.Hall = " " }, func(in *classes.Input) { in.Rule = "" },
		} {
			in := input(thursday)
			change(&in)
			if _, err := h.Create(ctx, h.me, in); err == nil {
				t.Errorf("%+v was taken", in)
			}
		}
		_, err = h.Create(ctx, accounts.Access{AccountID: h.me.AccountID}, input(thursday))
		h.is(err, storage.ErrNotFound)
	})
}

func TestChangeAndCancel(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		h := newHall(t, db)
		c := h.class(thursday)
		in := input("2026-12-03")
		in.Version, in.Hall = c.Version, "別の会場"
		h.must(h.Change(ctx, h.me, c.ID, in))
		h.is(h.Change(ctx, h.me, c.ID, in), storage.ErrConflict)
		moved := h.load(c.ID)
		if moved.Hall != "別の会場" || moved.Code != c.Code || moved.OpensAt.Format(time.RFC3339) != "2026-12-01T15:00:00Z" || moved.Owner != h.me.AccountID {
			t.Errorf("%+v", moved)
		}
		h.must(h.Door(ctx, h.me, c.ID, true))
		if !h.load(c.ID).Joining(db.Now()) {
			t.Error("opened by button, one cannot join")
		}
		h.joined(c)
		h.must(h.Door(ctx, h.me, c.ID, false))
		_, err := h.join(h.learner(), c)
		h.is(err, classes.ErrClosed)
		h.is(h.Cancel(ctx, h.me, c.ID, "  "), classes.ErrNoWhy)
		h.must(h.Cancel(ctx, h.me, c.ID, "大雪のため"))
		h.is(h.Cancel(ctx, h.me, c.ID, "もう一度"), classes.ErrCancelled)
		in.Version = h.load(c.ID).Version
		h.is(h.Change(ctx, h.me, c.ID, in), classes.ErrCancelled)
		_, err = h.join(h.learner(), c)
		h.is(err, classes.ErrCancelled)
	})
}

func TestJoin(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		h := newHall(t, db)
		c := h.class(thursday, func(in *classes.Input) { in.Seats = 2 })
		early := h.learner()
		var notYet *classes.NotOpenError
		if _, err := h.join(early, c); !errors.As(err, &notYet) || !notYet.Opens.Equal(c.OpensAt) {
			t.Errorf("three days before: %v", err)
		}
		h.clock.Set(c.OpensAt)
		first, err := h.join(early, c)
		h.must(err)
		again, err := h.join(early, c)
		h.must(err)
		if again.ID != first.ID || first.Number != 1 {
			t.Errorf("two seats: %+v %+v", first, again)
		}
		_, second := h.joined(c)
		_, err = h.join(h.learner(), c)
		h.is(err, classes.ErrFull)
		_, err = h.Join(ctx, early, "000000", uuid.NewString(), "")
		h.is(err, classes.ErrNoCode)

		h.must(h.Leave(ctx, early, c.Code))
		h.is(h.Leave(ctx, early, c.Code), storage.ErrNotFound)
		third, thirdSeat := h.joined(c)
		_, err = h.join(early, c)
		h.is(err, classes.ErrFull)
		h.must(h.Leave(ctx, third, c.Code))
		back, err := h.join(early, c)
		h.must(err)
		if back.ID != first.ID || h.row(c, thirdSeat).Number != 3 {
			t.Errorf("the old seat was not given back: %+v", back)
		}
		h.must(h.Remove(ctx, h.me, c.ID, second))
		h.must(h.Restore(ctx, h.me, c.ID, second))
		h.must(h.Remove(ctx, h.me, c.ID, first.ID))
		_, err = h.join(early, c)
		h.is(err, classes.ErrRemoved)

		var guest string
		h.must(db.Tx(ctx, func(tx *gorm.DB) error { a, err := accounts.Visitor(tx); guest = a.ID; return err }))
		_, err = h.join(guest, c)
		h.is(err, courses.ErrRegisterFirst)
		h.clock.Set(c.ClosesAt)
		_, err = h.join(third, c)
		h.is(err, classes.ErrClosed)
		e, err := h.ByCode(ctx, c.Code, early)
		h.must(err)
		if e.Taken != 1 || e.Seat != nil || !errors.Is(e.Shut, classes.ErrRemoved) {
			t.Errorf("%+v", e)
		}
	})
}

func TestRotatingCode(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		h := newHall(t, db)
		c := h.class(today, func(in *classes.Input) { in.Rotating = true })
		_, err := h.join(h.learner(), c)
		h.is(err, classes.ErrNotHere)
		shown, pass := c.Turn(db.Now()), c.Pass(db.Now())
		h.clock.Add(4 * time.Minute)
		_, err = h.Join(ctx, h.learner(), c.Code, uuid.NewString(), shown)
		h.must(err)
		h.clock.Add(2 * time.Minute)
		if shown == c.Turn(db.Now()) || c.Turn(db.Now()) == h.class(today).Turn(db.Now()) {
			t.Error("the number does not turn, or is every class's")
		}
		_, err = h.Join(ctx, h.learner(), c.Code, uuid.NewString(), shown)
		h.is(err, classes.ErrNotHere)
		h.clock.Add(50 * time.Minute)
		_, err = h.Join(ctx, h.learner(), c.Code, uuid.NewString(), pass)
		h.must(err)
		h.clock.Add(2 * time.Hour)
		_, err = h.Join(ctx, h.learner(), c.Code, uuid.NewString(), pass)
		h.is(err, classes.ErrNotHere)
	})
}

// A code is given to another class only after a year.
func TestCodesComeBack(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		h := newHall(t, db)
		c := h.class(today)
		h.clock.Set(storagetest.Start.AddDate(1, 0, 0))
		h.class("2027-11-23")
		if h.load(c.ID).Code == "" {
			t.Error("after a year to the day the code is gone")
		}
		h.clock.Set(storagetest.Start.AddDate(1, 0, 1))
		h.class("2027-11-24")
		if h.load(c.ID).Code != "" {
			t.Error("after more than a year the code is still taken")
		}
	})
}

func TestReadCode(t *testing.T) {
	for typed, want := range map[string]string{"123456": "123456", "１２３４５６": "123456", " 123 456 ": "123456", "123-456": "123456", "12345": "", "1234567": "", "abcdef": ""} {
		code, ok := classes.ReadCode(typed)
		if ok != (want != "") || ok && code != want {
			t.Errorf("%q: %q %v", typed, code, ok)
		}
	}
}

// Forty phones on two instances, each pressing twice, never lose or double a seat.
func TestFortyPhones(t *testing.T) {
	for name, url := range map[string]string{"sqlite": storagetest.SQLite(t), "postgres": storagetest.Postgres(t)} {
		t.Run(name, func(t *testing.T) {
			h := newHall(t, storagetest.Open(t, url))
			two := open(t, storagetest.Open(t, url))
			c := h.class(today, func(in *classes.Input) { in.Seats = 38 })
			people := make([]string, 40)
			for i := range people {
				people[i] = h.learner()
			}
			type answer struct {
				account string
				seat    *classes.Seat
				err     error
			}
			answers := make(chan answer)
			for i, account := range people {
				operation := uuid.NewString()
				for press := range 2 {
					instance := []*hall{h, two}[(i+press)%2]
					go func() {
						s, err := instance.Join(ctx, account, c.Code, operation, "")
						answers <- answer{account, s, err}
					}()
				}
			}
			seats, full := map[string]string{}, map[string]bool{}
			for range 2 * len(people) {
				a := <-answers
				switch {
				case errors.Is(a.err, classes.ErrFull):
					full[a.account] = true
				case a.err != nil:
					t.Fatal(a.err)
				case seats[a.account] != "" && seats[a.account] != a.seat.ID:
					t.Errorf("two seats for %s", a.account)
				default:
					seats[a.account] = a.seat.ID
				}
			}
			r, err := h.Roster(ctx, h.me, c.ID)
			h.must(err)
			if len(seats) != 38 || len(full) != 2 || len(r.Rows) != 38 {
				t.Fatalf("%d seats, %d refused, %d rows", len(seats), len(full), len(r.Rows))
			}
			for i, row := range r.Rows {
				if row.Number != i+1 || seats[*row.AccountID] != row.ID {
					t.Errorf("row %d is number %d", i, row.Number)
				}
			}
		})
	}
}
