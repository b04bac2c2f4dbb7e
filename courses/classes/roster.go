package classes

import (
	"context"

	"gorm.io/gorm"

	"tsunagari/courses"
	"tsunagari/courses/accounts"
)

// Roster is a class with everybody in it, in the order of their numbers.
type Roster struct {
	Class   *Class
	Title   courses.Text
	Rows    []Row
	Removed []Row
}

// Row is one line of a roster. The names of who is erased are "".
type Row struct {
	Seat
	Name, Kana               string
	Account                  string // 受講番号
	Municipality, Prefecture string
	AgeBand                  accounts.AgeBand
	Done, All                int // steps of the course
	Closing                  bool
	Outcome                  Outcome
	Completion               *courses.Completion // nil while it lasts
	Twin                     int                 // number of another seat with the same ふりがな, 0 for none
}

// Roster is the roster of a class that by may act on, else storage.ErrNotFound.
func (k *Classes) Roster(ctx context.Context, by accounts.Access, classID string) (*Roster, error) {
	db := k.db.Read(ctx)
	c, err := k.Own(db, by, classID)
	if err != nil {
		return nil, err
	}
	return k.roster(db, c)
}

func (k *Classes) roster(db *gorm.DB, c *Class) (*Roster, error) {
	rev, err := k.courses.RevisionTx(db, c.RevisionID)
	if err != nil {
		return nil, err
	}
	newest, err := k.courses.StandingTx(db, "", rev.Slug)
	if err != nil {
		return nil, err
	}
	var seats []Seat
	if err := db.Where("class_id = ?", c.ID).Order("number").Find(&seats).Error; err != nil {
		return nil, err
	}
	f := &roll{class: c}
	if err := f.load(db, k.courses, newest.Revision, seats); err != nil {
		return nil, err
	}
	r := &Roster{Class: c, Title: rev.Title}
	for _, s := range seats {
		row := f.row(s)
		if s.RemovedAt != nil {
			r.Removed = append(r.Removed, row)
			continue
		}
		r.Rows = append(r.Rows, row)
	}
	return r, nil
}

// roll is what a roster knows of the people in it, read at once for all.
type roll struct {
	class     *Class
	people    map[string]*accounts.Account
	standings map[string]*courses.Standing
	done      map[string]*courses.Completion
	kana      map[string]int // search key → first seat with it
}

func (f *roll) load(db *gorm.DB, c *courses.Courses, rev *courses.Revision, seats []Seat) (err error) {
	var ids []string
	for _, s := range seats {
		if s.AccountID != nil {
			ids = append(ids, *s.AccountID)
		}
	}
	var people []*accounts.Account
	if err := db.Where("id IN ?", ids).Find(&people).Error; err != nil {
		return err
	}
	f.people, f.kana = map[string]*accounts.Account{}, map[string]int{}
	for _, p := range people {
		f.people[p.ID] = p
	}
	if f.standings, err = c.StandingsTx(db, rev, ids); err != nil {
		return err
	}
	f.done, err = c.CompletionsTx(db, f.class.CourseID, ids)
	return err
}

func (f *roll) row(s Seat) Row {
	row := Row{Seat: s, Outcome: Gone}
	if s.AccountID == nil || f.people[*s.AccountID] == nil {
		return row
	}
	p, standing := f.people[*s.AccountID], f.standings[*s.AccountID]
	row.Name, row.Kana, row.Account, row.AgeBand = p.Name(), p.Kana(), p.Number, p.AgeBand
	row.Municipality, row.Prefecture = p.Municipality, p.Prefecture
	row.Done, row.All = standing.Progress()
	row.Closing = standing.ClosingDone()
	row.Completion = f.done[p.ID]
	row.Outcome = f.class.outcome(&s, standing, row.Completion)
	if s.RemovedAt == nil {
		if first, twice := f.kana[p.SearchKana]; twice {
			row.Twin = first
		} else {
			f.kana[p.SearchKana] = s.Number
		}
	}
	return row
}

func (c *Class) outcome(s *Seat, standing *courses.Standing, done *courses.Completion) Outcome {
	switch {
	case done == nil:
		if left := c.left(s, standing); left != "" {
			return left
		}
		return Unmarked // met, and settled with the next event
	case done.ClassID != nil && *done.ClassID == c.ID:
		return Here
	case done.CompletedOn >= c.HeldOn && s.Attendance == Present:
		return Alone
	}
	return Before
}

// Tally counts a roster.
type Tally struct{ Seats, Present, Absent, Unmarked, Sheets, Finished, Waiting int }

// Tally counts who has a seat, was there, and finished in this class or since its day.
func (r *Roster) Tally() (t Tally) {
	for _, row := range r.Rows {
		t.Seats++
		switch row.Attendance {
		case Present:
			t.Present++
		case Absent:
			t.Absent++
		default:
			t.Unmarked++
		}
		if row.SheetAt != nil {
			t.Sheets++
		}
		switch {
		case row.Outcome == Here, row.Outcome == Alone:
			t.Finished++
		case row.Attendance == Present && !row.Outcome.Finished():
			t.Waiting++
		}
	}
	return t
}

// Row is the row of a seat, nil for none.
func (r *Roster) Row(seatID string) *Row {
	for _, list := range [][]Row{r.Rows, r.Removed} {
		for i := range list {
			if list[i].ID == seatID {
				return &list[i]
			}
		}
	}
	return nil
}
