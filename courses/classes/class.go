// Package classes knows 開催: sessions of a course in a room, who has a seat, who was
// there, and by which rule one finishes the course in one. It reports completions to
// courses and knows neither quizzes nor certificates.
package classes

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"tsunagari/courses"
	"tsunagari/courses/accounts"
	"tsunagari/storage"
)

// Classes keeps classes and their seats.
type Classes struct {
	db       *storage.DB
	courses  *courses.Courses
	accounts *accounts.Accounts
	paper    func(tx *gorm.DB, p Paper) error
}

// New is the classes of db.
func New(db *storage.DB, c *courses.Courses, a *accounts.Accounts) *Classes {
	return &Classes{db: db, courses: c, accounts: a, paper: func(*gorm.DB, Paper) error { return errNoPaper }}
}

// Rule says what finishes the course in a class, beside having been there.
type Rule string

// The rules: the ふり返りシート was handed in; まとめの確認 is done, on paper or on the
// phone; everything of the course is done on the phone, before or after.
const (
	Sheet Rule = "sheet"
	Check Rule = "check"
	Study Rule = "study"
)

// Rules are all rules, the usual one first.
var Rules = []Rule{Sheet, Check, Study}

// Label is the rule in Japanese.
func (r Rule) Label() string {
	return map[Rule]string{Sheet: "出席＋ふり返りシート", Check: "出席＋まとめの確認", Study: "出席＋自習もすべて"}[r]
}

// Class is one session. Its day and hours are Japan's.
type Class struct {
	ID, CourseID string
	RevisionID   string // whose papers are handed out, and are typed in afterwards
	Owner        string // account
	HeldOn       string // 2026-11-26
	StartsAt     string // 13:30
	EndsAt       string
	Hall         string
	Address      string
	Host         string // municipality, six digits
	HostName     string // 主催
	Seats        int
	Note         string // for those who come
	Rule         Rule
	Code         string // six digits; "" when recorded afterwards, and a year later
	Rotating     bool   // the code alone does not do: the number on the screen changes
	Secret       string
	OpensAt      time.Time // of joining
	ClosesAt     time.Time
	Afterwards   bool // 事後登録
	Version      int
	CreatedAt    time.Time
	CancelledAt  *time.Time
	CancelWhy    string

	Helpers []string `gorm:"-"` // accounts
}

// helper is one person beside the owner who may do everything in a class.
type helper struct{ ClassID, AccountID string }

func (helper) TableName() string { return "class_helpers" }

// Begins is when the class begins.
func (c *Class) Begins() time.Time { return moment(c.HeldOn, c.StartsAt) }

// Begun says whether the day of the class has come.
func (c *Class) Begun(now time.Time) bool { return c.HeldOn <= dayOf(now) }

// Over says whether the day of the class has passed.
func (c *Class) Over(now time.Time) bool { return c.HeldOn < dayOf(now) }

// Joining says whether one can join with the code just now.
func (c *Class) Joining(now time.Time) bool {
	return c.Code != "" && c.CancelledAt == nil && !now.Before(c.OpensAt) && now.Before(c.ClosesAt)
}

func dayOf(t time.Time) string { return t.In(courses.Japan).Format(time.DateOnly) }

// moment is a time of a day in Japan, both checked before.
func moment(day, clock string) time.Time {
	t, _ := time.ParseInLocation("2006-01-02 15:04", day+" "+clock, courses.Japan)
	return t.UTC()
}

// The rules of classes that no tag can say.
var (
	ErrBackwards = errors.New("classes: the end is not after the beginning")
	ErrDate      = errors.New("classes: the date is too far away")
	ErrHost      = errors.New("classes: no municipality has this code")
	ErrHelper    = errors.New("classes: who helps must be a trainer")
	ErrCompleted = errors.New("classes: somebody has finished, the date and the host stay")
	ErrCancelled = errors.New("classes: the class was cancelled")
	ErrNoWhy     = errors.New("classes: a reason is needed")
	errNoPaper   = errors.New("classes: nothing was wired that takes answers on paper")
)

// Own is the class with the given id if by may act on it: the trainer who holds
// it, who helps, an administrator; else storage.ErrNotFound. Everything about a
// class begins here.
func (k *Classes) Own(tx *gorm.DB, by accounts.Access, id string) (*Class, error) {
	if !by.Role(accounts.Trainer, accounts.Admin) {
		return nil, storage.ErrNotFound
	}
	var c Class
	if err := mine(tx, by).Where("id = ?", id).Take(&c).Error; err != nil {
		return nil, err
	}
	return &c, helpersOf(tx, &c)
}

// mine narrows a query to the classes that by may act on.
func mine(tx *gorm.DB, by accounts.Access) *gorm.DB {
	if by.Role(accounts.Admin) {
		return tx
	}
	return tx.Where("(owner = ? OR id IN (SELECT class_id FROM class_helpers WHERE account_id = ?))", by.AccountID, by.AccountID)
}

func helpersOf(tx *gorm.DB, c *Class) error {
	return tx.Model(&helper{}).Where("class_id = ?", c.ID).Order("account_id").Pluck("account_id", &c.Helpers).Error
}

// held is Own with the row locked until the transaction ends.
func (k *Classes) held(tx *gorm.DB, by accounts.Access, id string) (*Class, error) {
	if _, err := k.Own(tx, by, id); err != nil {
		return nil, err
	}
	var c Class
	if err := tx.Clauses(clause.Locking{Strength: "UPDATE"}).Where("id = ?", id).Take(&c).Error; err != nil {
		return nil, err
	}
	return &c, helpersOf(tx, &c)
}

// Class is Own outside a transaction.
func (k *Classes) Class(ctx context.Context, by accounts.Access, id string) (*Class, error) {
	return k.Own(k.db.Read(ctx), by, id)
}

// Revision is the edition of the course whose papers the class has.
func (k *Classes) Revision(ctx context.Context, c *Class) (*courses.Revision, error) {
	return k.courses.Revision(ctx, c.RevisionID)
}

// Seated are the accounts that have a seat in the class, as its caller may see it.
func (k *Classes) Seated(ctx context.Context, c *Class) (accounts []string, err error) {
	err = k.db.Read(ctx).Model(&Seat{}).Where("class_id = ? AND removed_at IS NULL AND account_id IS NOT NULL", c.ID).Pluck("account_id", &accounts).Error
	return accounts, err
}

// Host is who holds the class (主催): the municipality's code and a name.
func (k *Classes) Host(tx *gorm.DB, classID string) (municipality, name string, err error) {
	var c Class
	err = tx.Where("id = ?", classID).Take(&c).Error
	return c.Host, c.HostName, err
}
