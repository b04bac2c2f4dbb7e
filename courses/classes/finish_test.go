package classes_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"tsunagari/certificates"
	"tsunagari/courses"
	"tsunagari/courses/accounts"
	"tsunagari/courses/classes"
	"tsunagari/courses/coursetest"
	"tsunagari/quiz"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

// read marks lessons of the small course as read.
func (h *hall) read(account string, lessons ...string) {
	h.t.Helper()
	for _, l := range lessons {
		_, err := h.courses.MarkRead(ctx, account, "supporter", l)
		h.must(err)
	}
}

// take answers a quiz on the phone, rightly.
func (h *hall) take(account, key string) {
	h.t.Helper()
	h.must(h.answers(account, key))
}

func (h *hall) valid(account string) *certificates.Certificate {
	h.t.Helper()
	list, _, err := h.certificates.Of(ctx, account)
	h.must(err)
	for _, c := range list {
		if c.State == certificates.Issued {
			return c
		}
	}
	return nil
}

// key is what one circles to answer the paper rightly, and a wrong one.
func (h *hall) key() (right, wrong []string) {
	for _, q := range quiz.Paper(h.rev) {
		for i, o := range q.Options {
			if strings.HasSuffix(o.In("ja"), "選択肢1") {
				right = append(right, string(rune('1'+i)))
				wrong = append(wrong, string(rune('1'+(i+1)%3)))
			}
		}
	}
	return right, wrong
}

func TestFinishBySheet(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		h := newHall(t, db)
		c := h.class(today)
		account, seat := h.joined(c)
		h.waits(c, seat, classes.Unmarked)
		h.present(c, seat)
		h.waits(c, seat, classes.NoSheet)
		h.clock.Add(30 * time.Hour) // typed the day after
		h.must(h.Sheet(ctx, h.me, c.ID, seat, true))
		h.waits(c, seat, classes.Here)
		done := h.done(account)
		if done == nil || *done.ClassID != c.ID || done.Host != kitami || done.CompletedOn != today || done.Municipality != abashiri || done.RevisionID != c.RevisionID {
			t.Fatalf("%+v", done)
		}
		cert := h.valid(account)
		if cert == nil || cert.Method != certificates.InClass || cert.Printed.CompletedOn != today || cert.Printed.IssuedOn != "2026-11-24" {
			t.Fatalf("%+v", cert)
		}
		h.is(h.Attend(ctx, h.me, c.ID, seat, classes.Attendance{State: classes.Absent}), classes.ErrFinished)
		h.is(h.Sheet(ctx, h.me, c.ID, seat, false), classes.ErrFinished)
		h.is(h.Remove(ctx, h.me, c.ID, seat), classes.ErrSeatKept)
		in := input(yesterday)
		in.Version = h.load(c.ID).Version
		h.is(h.Change(ctx, h.me, c.ID, in), classes.ErrCompleted)
		h.is(h.Cancel(ctx, h.me, c.ID, "まちがい"), classes.ErrCompleted)

		// The other way round, and everybody at once.
		var accounts, seats []string
		for range 3 {
			a, s := h.joinedLate(c)
			accounts, seats = append(accounts, a), append(seats, s)
		}
		n, err := h.SheetsAll(ctx, h.me, c.ID)
		h.must(err)
		if n != 0 {
			t.Errorf("%d sheets of nobody", n)
		}
		n, err = h.AttendAll(ctx, h.me, c.ID)
		h.must(err)
		if n != 3 {
			t.Errorf("%d were there", n)
		}
		h.must(h.Sheet(ctx, h.me, c.ID, seats[0], true))
		n, err = h.SheetsAll(ctx, h.me, c.ID)
		h.must(err)
		if n != 2 {
			t.Errorf("%d sheets", n)
		}
		for _, a := range accounts {
			if h.done(a) == nil {
				t.Error("somebody did not finish")
			}
		}
		if h.audited("seat.attendance") != 4 || h.audited("seat.sheet") != 4 {
			t.Errorf("%d and %d lines of the record", h.audited("seat.attendance"), h.audited("seat.sheet"))
		}
		r, err := h.Roster(ctx, h.me, c.ID)
		h.must(err)
		if got := r.Tally(); got != (classes.Tally{Seats: 4, Present: 4, Sheets: 4, Finished: 4}) {
			t.Errorf("%+v", got)
		}
	})
}

// joinedLate is a seat that the trainer types in, for who comes when joining is over.
func (h *hall) joinedLate(c *classes.Class) (account, seat string) {
	h.t.Helper()
	h.people++
	seat, err := h.Enter(ctx, h.me, c.ID, classes.Entry{Operation: uuid.NewString(), Typed: somebody(h.people)})
	h.must(err)
	return *h.row(c, seat).AccountID, seat
}

func TestNotBeforeTheDay(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		h := newHall(t, db)
		c := h.class(thursday)
		_, seat := h.joinedLate(c)
		h.is(h.Attend(ctx, h.me, c.ID, seat, classes.Attendance{State: classes.Present}), classes.ErrTooEarly)
		h.is(h.Sheet(ctx, h.me, c.ID, seat, true), classes.ErrTooEarly)
		_, err := h.AttendAll(ctx, h.me, c.ID)
		h.is(err, classes.ErrTooEarly)
		right, _ := h.key()
		h.is(h.TypePaper(ctx, h.me, c.ID, seat, uuid.NewString(), right), classes.ErrTooEarly)
		h.is(h.Grant(ctx, h.me, c.ID, []string{seat}, "早く"), classes.ErrTooEarly)
		_, err = h.Enter(ctx, h.me, c.ID, classes.Entry{Operation: uuid.NewString(), Typed: somebody(9), Present: true})
		h.is(err, classes.ErrTooEarly)
		h.must(h.Cancel(ctx, h.me, c.ID, "大雪"))
		h.clock.Set(c.Begins())
		h.is(h.Attend(ctx, h.me, c.ID, seat, classes.Attendance{State: classes.Present}), classes.ErrCancelled)
		_, err = h.AttendAll(ctx, h.me, c.ID)
		h.is(err, classes.ErrCancelled)
	})
}

func TestFinishByCheckOnThePhone(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		h := newHall(t, db)
		c := h.class(today, by(classes.Check))
		account, seat := h.joined(c)
		outside := h.learner()
		if _, err := h.quizzes.Start(ctx, outside, "supporter", quiz.Closing); !errors.Is(err, quiz.ErrClosingNotOpen) {
			t.Errorf("outside of the class: %v", err)
		}
		h.take(account, quiz.Closing)
		h.waits(c, seat, classes.Unmarked)
		if h.done(account) != nil {
			t.Error("finished without having been there")
		}
		h.present(c, seat)
		h.waits(c, seat, classes.Here)
		if d := h.done(account); d == nil || d.CompletedOn != today || d.ClassID == nil {
			t.Errorf("%+v", d)
		}
		// The other way round: the phone is last.
		second, seat := h.joined(c)
		h.present(c, seat)
		h.waits(c, seat, classes.NoCheck)
		h.take(second, quiz.Closing)
		h.waits(c, seat, classes.Here)
	})
}

func TestFinishByPaper(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		h := newHall(t, db)
		c := h.class(yesterday, by(classes.Check))
		account, seat := h.joinedLate(c)
		h.present(c, seat)
		right, wrong := h.key()
		if len(right) != 3 {
			t.Fatalf("the paper has %d questions", len(right))
		}
		mixed := []string{right[0], wrong[1], ""}
		operation := uuid.NewString()
		h.must(h.TypePaper(ctx, h.me, c.ID, seat, operation, mixed))
		h.must(h.TypePaper(ctx, h.me, c.ID, seat, operation, mixed)) // sent twice
		h.waits(c, seat, classes.NoCheck)
		papers, err := h.quizzes.PapersOf(ctx, h.rev, []string{account})
		h.must(err)
		if p := papers[account]; p.Understood != 1 || p.Of != 3 || p.Met {
			t.Errorf("%+v", p)
		}
		var typed *quiz.TypedError
		if err := h.TypePaper(ctx, h.me, c.ID, seat, uuid.NewString(), []string{right[0], "9", right[2]}); !errors.As(err, &typed) || typed.Number != 2 || typed.Most != 3 {
			t.Errorf("nine of three: %v", err)
		}
		h.is(h.TypePaper(ctx, h.me, c.ID, seat, uuid.NewString(), right[:2]), storage.ErrNotFound)
		h.clock.Add(time.Minute)
		h.must(h.TypePaper(ctx, h.me, c.ID, seat, uuid.NewString(), right))
		h.waits(c, seat, classes.Here)
		if d := h.done(account); d == nil || d.CompletedOn != yesterday {
			t.Errorf("%+v", d)
		}
		held, err := h.quizzes.Held(ctx, account)
		h.must(err)
		if len(held) != 2 || !held[0].Typed || held[0].Understood != 1 || held[1].Round != 2 {
			t.Errorf("%+v", held)
		}
		if h.audited("seat.paper") != 2 {
			t.Errorf("%d lines of the record", h.audited("seat.paper"))
		}
	})
}

func TestFinishByStudy(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		h := newHall(t, db)
		c := h.class(today, by(classes.Study))
		account, seat := h.joined(c)
		h.present(c, seat)
		h.waits(c, seat, classes.NoStudy)
		h.clock.Add(48 * time.Hour)
		h.read(account, "ichi-1", "ichi-2", "ni-1", "ni-2")
		h.take(account, quiz.Check("ichi"))
		h.take(account, quiz.Check("ni"))
		h.waits(c, seat, classes.NoStudy)
		h.take(account, quiz.Closing)
		h.waits(c, seat, classes.Here)
		if d := h.done(account); d.CompletedOn != "2026-11-25" || *d.ClassID != c.ID {
			t.Errorf("%+v", d)
		}
	})
}

// Who has finished before does not finish twice.
func TestFinishOnce(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		h := newHall(t, db)
		before := h.learner()
		h.read(before, "ichi-1", "ichi-2", "ni-1", "ni-2")
		for _, key := range []string{quiz.Check("ichi"), quiz.Check("ni"), quiz.Closing} {
			h.take(before, key)
		}
		h.clock.Add(72 * time.Hour)
		c := h.class(thursday)
		s, err := h.join(before, c)
		h.must(err)
		h.present(c, s.ID)
		h.must(h.Sheet(ctx, h.me, c.ID, s.ID, true))
		h.waits(c, s.ID, classes.Before)
		if d := h.done(before); d.ClassID != nil || d.CompletedOn != today {
			t.Errorf("%+v", d)
		}
		h.is(h.Withdraw(ctx, h.me, c.ID, s.ID, "まちがい"), storage.ErrNotFound)
	})
}

func TestLateAndGranted(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		h := newHall(t, db)
		c := h.class(today)
		account, seat := h.joined(c)
		h.is(h.Grant(ctx, h.me, c.ID, []string{seat}, "来ていないのに"), classes.ErrNotThere)
		h.is(h.Attend(ctx, h.me, c.ID, seat, classes.Attendance{State: classes.Present, LateAt: "15:00", LeftAt: "14:00"}), classes.ErrLeftFirst)
		if err := h.Attend(ctx, h.me, c.ID, seat, classes.Attendance{State: classes.Present, LateAt: "25:00"}); err == nil {
			t.Error("25:00 was taken")
		}
		h.must(h.Attend(ctx, h.me, c.ID, seat, classes.Attendance{State: classes.Present, LateAt: "14:05"}))
		h.must(h.Sheet(ctx, h.me, c.ID, seat, true))
		h.waits(c, seat, classes.Partly)
		h.is(h.Grant(ctx, h.me, c.ID, []string{seat}, " "), classes.ErrNoWhy)
		h.must(h.Grant(ctx, h.me, c.ID, []string{seat}, "のこりを、休み時間に補いました"))
		h.waits(c, seat, classes.Here)
		h.must(h.Grant(ctx, h.me, c.ID, []string{seat}, "もう一度"))
		if h.done(account) == nil || h.audited("completion.by_trainer") != 1 {
			t.Errorf("%d lines of the record", h.audited("completion.by_trainer"))
		}
	})
}

func TestWithdraw(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		h := newHall(t, db)
		c := h.class(today)
		account, seat := h.joined(c)
		h.present(c, seat)
		h.must(h.Sheet(ctx, h.me, c.ID, seat, true))
		cert := h.valid(account)
		h.is(h.Withdraw(ctx, h.me, c.ID, seat, ""), classes.ErrNoWhy)
		h.must(h.Withdraw(ctx, h.me, c.ID, seat, "別の方とまちがえました"))
		h.is(h.Withdraw(ctx, h.me, c.ID, seat, "もう一度"), storage.ErrNotFound)
		h.waits(c, seat, classes.Unmarked)
		if h.done(account) != nil || h.valid(account) != nil {
			t.Error("the completion or its certificate stands")
		}
		h.present(c, seat) // it was right after all
		h.waits(c, seat, classes.Here)
		if next := h.valid(account); next == nil || next.Number == cert.Number {
			t.Errorf("%+v", next)
		}
		if standing, err := h.courses.Standing(ctx, account, "supporter"); err != nil || !standing.Completed {
			t.Errorf("%+v %v", standing, err)
		}
	})
}

// Everything about a class is there for its own people only; a seat is reached
// through its own class.
func TestOnlyOnesOwn(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		h := newHall(t, db)
		c := h.class(today)
		account, seat := h.joined(c)
		theirs, err := h.Create(ctx, h.other, input(today))
		h.must(err)
		in := input(today)
		in.Version = c.Version
		right, _ := h.key()
		ways := func(who accounts.Access, classID string) map[string]error {
			list := map[string]error{}
			_, list["class"] = h.Class(ctx, who, classID)
			_, list["roster"] = h.Roster(ctx, who, classID)
			list["change"] = h.Change(ctx, who, classID, in)
			list["door"] = h.Door(ctx, who, classID, true)
			list["attend"] = h.Attend(ctx, who, classID, seat, classes.Attendance{State: classes.Present})
			_, list["attend all"] = h.AttendAll(ctx, who, classID)
			list["sheet"] = h.Sheet(ctx, who, classID, seat, true)
			_, list["sheets"] = h.SheetsAll(ctx, who, classID)
			list["grant"] = h.Grant(ctx, who, classID, []string{seat}, "わけ")
			list["withdraw"] = h.Withdraw(ctx, who, classID, seat, "わけ")
			list["remove"] = h.Remove(ctx, who, classID, seat)
			list["restore"] = h.Restore(ctx, who, classID, seat)
			list["paper"] = h.TypePaper(ctx, who, classID, seat, uuid.NewString(), right)
			_, list["card"] = h.NewCard(ctx, who, classID, seat, "なくした")
			_, list["enter"] = h.Enter(ctx, who, classID, classes.Entry{Operation: uuid.NewString(), Typed: somebody(1)})
			_, list["seat"] = h.Seat(ctx, who, classID, classes.Known{Number: h.number(account), Kana: "きたみ"}, "192.0.2.1")
			_, list["report"] = h.Report(ctx, who, classID)
			list["save report"] = h.SaveReport(ctx, who, classID, classes.Report{})
			list["cancel"] = h.Cancel(ctx, who, classID, "わけ")
			return list
		}
		for name, who := range map[string]accounts.Access{"another trainer": h.other, "nobody": {}, "a learner": {AccountID: account}, "a desk": {AccountID: "x", Roles: []accounts.Role{accounts.Desk}}} {
			for way, err := range ways(who, c.ID) {
				if !errors.Is(err, storage.ErrNotFound) {
					t.Errorf("%s, %s: %v", name, way, err)
				}
			}
		}
		nested := ways(h.other, theirs) // their own class, somebody else's seat
		for _, way := range []string{"attend", "sheet", "grant", "withdraw", "remove", "restore", "paper", "card"} {
			if !errors.Is(nested[way], storage.ErrNotFound) {
				t.Errorf("a seat of another class, %s: %v", way, nested[way])
			}
		}
		h.waits(c, seat, classes.Unmarked)
		in.Helpers = []string{h.other.AccountID}
		h.must(h.Change(ctx, h.me, c.ID, in))
		if _, err := h.Roster(ctx, h.other, c.ID); err != nil {
			t.Errorf("who helps: %v", err)
		}
		if _, err := h.Roster(ctx, accounts.Shell(), c.ID); err != nil {
			t.Errorf("an administrator: %v", err)
		}
		for name, who := range map[string]accounts.Access{"me": h.me, "helper": h.other, "admin": accounts.Shell()} {
			list, err := h.Upcoming(ctx, who)
			h.must(err)
			if want := map[string]int{"me": 1, "helper": 2, "admin": 2}[name]; len(list) != want {
				t.Errorf("%s sees %d classes", name, len(list))
			}
		}
	})
}

func (h *hall) number(account string) string {
	h.t.Helper()
	a, err := h.accounts.Account(ctx, account)
	h.must(err)
	return a.Number
}

func TestPastByPages(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		h := newHall(t, db)
		for range classes.ListPage {
			h.class("2026-10-01")
		}
		h.class(yesterday)
		first, next, err := h.Past(ctx, h.me, "")
		h.must(err)
		if len(first) != classes.ListPage || next == "" || first[0].HeldOn != yesterday || first[0].Title["ja"] == "" {
			t.Fatalf("%d, next %q", len(first), next)
		}
		second, next, err := h.Past(ctx, h.me, next)
		h.must(err)
		if len(second) != 1 || next != "" || second[0].ID == first[len(first)-1].ID {
			t.Errorf("%d, next %q", len(second), next)
		}
		_, _, err = h.Past(ctx, h.other, first[0].ID)
		h.is(err, storage.ErrNotFound)
	})
}

func TestEnter(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		h := newHall(t, db)
		c := h.class(today, func(in *classes.Input) { in.Seats = 1 })
		h.joined(c)
		e := classes.Entry{Operation: uuid.NewString(), Typed: somebody(50), Present: true}
		e.FamilyKana = "キタミ"
		id, err := h.Enter(ctx, h.me, c.ID, e)
		h.must(err)
		again, err := h.Enter(ctx, h.me, c.ID, e)
		h.must(err)
		row := h.row(c, id)
		if again != id || row.Name != "北見 花50" || !strings.HasPrefix(row.Kana, "きたみ ") || row.TypedBy != h.me.AccountID || row.Attendance != classes.Present || row.Municipality != abashiri {
			t.Errorf("%+v", row)
		}
		e.Operation = uuid.NewString()
		twin, err := h.Enter(ctx, h.me, c.ID, e)
		h.must(err)
		if h.row(c, twin).Twin != row.Number {
			t.Error("two people with one name are not pointed out")
		}
		e.FamilyName = ""
		if _, err := h.Enter(ctx, h.me, c.ID, e); err == nil {
			t.Error("nobody was taken")
		}

		known := h.learner()
		for _, in := range []classes.Known{{Number: h.number(known), Kana: "やまだ"}, {Number: h.number(*row.AccountID), Kana: "きた"}} {
			_, err := h.Seat(ctx, h.me, c.ID, in, "192.0.2.1")
			h.is(err, classes.ErrUnknown)
		}
		_, err = h.Seat(ctx, h.me, c.ID, classes.Known{Number: "12345678", Kana: "きたみ"}, "192.0.2.1")
		h.is(err, accounts.ErrNumber)
		seat, err := h.Seat(ctx, h.me, c.ID, classes.Known{Number: accounts.ShowNumber(h.number(known)), Kana: "キタミ", Present: true}, "192.0.2.1")
		h.must(err)
		same, err := h.Seat(ctx, h.me, c.ID, classes.Known{Number: h.number(known), Kana: "きたみ"}, "192.0.2.1")
		h.must(err)
		if seat != same || *h.row(c, seat).AccountID != known {
			t.Error("another seat")
		}
		shown, err := h.NewCard(ctx, h.me, c.ID, id, "紙に書いて渡す")
		h.must(err)
		if len(shown.Words) != 4 || shown.Name != "北見 花50" {
			t.Errorf("%+v", shown)
		}
		if _, err := h.accounts.SignInCard(ctx, shown.Number, strings.Join(shown.Words, " "), "192.0.2.1", accounts.Visit{}); err != nil {
			t.Errorf("the new card: %v", err)
		}
	})
}

func TestRightsOfPeople(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		h := newHall(t, db)
		c := h.class(today)
		account, seat := h.joinedLate(c)
		h.present(c, seat)
		h.must(h.Sheet(ctx, h.me, c.ID, seat, true))
		held, err := h.Held(ctx, account)
		h.must(err)
		if len(held) != 1 || held[0].Class.ID != c.ID || held[0].Course != "小さな講座supporter" || held[0].SheetAt == nil {
			t.Errorf("%+v", held)
		}
		h.must(h.accounts.Erase(ctx, account, ""))
		row := h.row(c, seat)
		if row.AccountID != nil || row.Name != "" || row.Outcome != classes.Gone || row.Attendance != classes.Present {
			t.Errorf("%+v", row)
		}
		var n int64
		h.must(db.Read(ctx).Table("receipts").Where("kind = 'seat.add'").Count(&n).Error)
		if n != 0 {
			t.Error("a hash of the name is left")
		}
		h.is(h.Attend(ctx, h.me, c.ID, seat, classes.Attendance{State: classes.Absent}), nil)
	})
}

func TestReport(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		h := newHall(t, db)
		c := h.class(today)
		for range 2 {
			_, seat := h.joined(c)
			h.present(c, seat)
		}
		h.joined(c)
		r, err := h.Report(ctx, h.me, c.ID)
		h.must(err)
		if r.Version != 0 || r.Tallies.Ages["70"] != 2 || r.Tallies.Others != 2 || r.Trainers != "講師 一郎" {
			t.Errorf("%+v", r)
		}
		r.Tallies.Men, r.Tallies.Women, r.Tallies.Others, r.Remarks = 1, 1, 0, "よい会でした"
		h.must(h.SaveReport(ctx, h.me, c.ID, *r))
		h.is(h.SaveReport(ctx, h.me, c.ID, *r), storage.ErrConflict)
		kept, err := h.Report(ctx, h.me, c.ID)
		h.must(err)
		if kept.Version != 1 || kept.Tallies.Men != 1 || kept.Tallies.Ages["70"] != 2 || kept.Remarks != "よい会でした" {
			t.Errorf("%+v", kept)
		}
		kept.Tallies.Women = -1
		h.is(h.SaveReport(ctx, h.me, c.ID, *kept), classes.ErrCounts)
		kept.Tallies.Women, kept.Audience = 1, "others"
		if h.SaveReport(ctx, h.me, c.ID, *kept) == nil {
			t.Error("an unknown audience was taken")
		}
	})
}

// The trainer marks everybody as present while they answer on their phones, on two
// instances: whichever is last, everybody finishes, once.
func TestLastEventsTogether(t *testing.T) {
	for name, url := range map[string]string{"sqlite": storagetest.SQLite(t), "postgres": storagetest.Postgres(t)} {
		t.Run(name, func(t *testing.T) {
			h := newHall(t, storagetest.Open(t, url))
			two := open(t, storagetest.Open(t, url))
			c := h.class(today, by(classes.Check))
			var people, seats []string
			for range 12 {
				account, seat := h.joined(c)
				people, seats = append(people, account), append(seats, seat)
			}
			errs := make(chan error)
			for i := range people {
				go func() { errs <- two.answers(people[i], quiz.Closing) }()
				go func() {
					errs <- h.Attend(ctx, h.me, c.ID, seats[i], classes.Attendance{State: classes.Present})
				}()
			}
			go func() { _, err := two.AttendAll(ctx, h.me, c.ID); errs <- err }()
			for range 2*len(people) + 1 {
				if err := <-errs; err != nil {
					t.Error(err)
				}
			}
			for i, account := range people {
				h.waits(c, seats[i], classes.Here)
				if h.done(account) == nil || h.valid(account) == nil {
					t.Errorf("%d has not finished", i)
				}
			}
		})
	}
}

func (h *hall) answers(account, key string) error {
	a, err := h.quizzes.Start(ctx, account, "supporter", key)
	if err != nil {
		return err
	}
	for i, d := range a.Drawn {
		g := quiz.Given{Chosen: []int{slices.Index(d.Show, "1")}}
		if err := h.quizzes.Confirm(ctx, account, a.ID, i+1, g, 0); err != nil {
			return err
		}
	}
	return nil
}

func TestRenew(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		h := newHall(t, db)
		c := h.class(today)
		p := coursetest.Small("supporter")
		p.Title = courses.Text{"ja": "新しい講座", "ja-x-easy": "新しい講座"}
		rev, _, err := h.courses.Publish(ctx, p)
		h.must(err)
		if h.load(c.ID).RevisionID == rev.ID {
			t.Error("a class changes its papers by itself")
		}
		h.is(h.Renew(ctx, h.other, c.ID), storage.ErrNotFound)
		h.must(h.Renew(ctx, h.me, c.ID))
		if h.load(c.ID).RevisionID != rev.ID {
			t.Error("the class has the old papers")
		}
		_, seat := h.joined(c)
		h.present(c, seat)
		h.must(h.Sheet(ctx, h.me, c.ID, seat, true))
		h.is(h.Renew(ctx, h.me, c.ID), classes.ErrCompleted)
	})
}
