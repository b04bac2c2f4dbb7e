// Package counts knows how many people finished a course, and where: 修了者数（実人数）.
// It gives numbers and never a person. Every method takes a Scope and knows nothing
// outside it. What is counted is said once, in definitions.go.
package counts

import (
	"context"
	"strings"

	"gorm.io/gorm"

	"tsunagari/courses"
	"tsunagari/storage"
)

// Counts keeps the numbers.
type Counts struct {
	db      *storage.DB
	courses *courses.Courses
	o       Options
}

// Options are what counts knows from other rooms.
type Options struct {
	// Held are the classes that the hosts (nil: all) held from the first day to the
	// last, both 2026-11-26; nil when there are no classes.
	Held func(tx *gorm.DB, hosts []string, from, until string) (Held, error)
}

// Held is how many classes were held.
type Held struct {
	ByHost   map[string]int // municipality's code → classes
	Trainers int            // people who held or helped one
}

// New is the counts of db.
func New(db *storage.DB, c *courses.Courses, o Options) *Counts {
	return &Counts{db: db, courses: c, o: o}
}

// Geo is by which of two places people are counted.
type Geo string

// By where the person lived on the 修了日, as they said themselves (居住地別); by the
// municipality that held the class (主催市町村別), where Unknown is 自習.
const (
	Residence Geo = "residence"
	Host      Geo = "host"
)

// Filter says what is asked.
type Filter struct {
	Geo    Geo      // "" is Residence
	Areas  []string // nil: all of the scope
	Course string   // "": 実人数 over the courses that make supporters, each person once; EachCourse; or one course's id
	From   Month    // inclusive, "" open
	Until  Month    // inclusive, "" open
}

// EachCourse as a Filter's Course asks for one row a course: who finished two
// courses is in two rows, which are not to be added up.
const EachCourse = "*"

// Row is how many people finished in a month; months without any have no row.
type Row struct {
	Area   Area
	Course string // id, "" for 実人数
	Month  Month
	People int
}

// Rows are the numbers of a scope by area, course and month, exact at this moment.
// Errors: storage.ErrNotFound when anything asked for lies outside the scope.
func (c *Counts) Rows(ctx context.Context, s Scope, f Filter) ([]Row, error) {
	return c.RowsTx(c.db.Read(ctx), s, f)
}

// RowsTx is Rows inside a transaction.
func (c *Counts) RowsTx(tx *gorm.DB, s Scope, f Filter) ([]Row, error) {
	areas, err := s.areas(f.Areas)
	if err != nil {
		return nil, err
	}
	return recount(tx, f, areas)
}

// recount is Rows by looking at every completion.
func recount(tx *gorm.DB, f Filter, areas []string) (rows []Row, err error) {
	area, course := "CASE WHEN municipality <> '' THEN municipality ELSE prefecture END", "course_id"
	if f.Geo == Host {
		area = "host"
	}
	of := "course_id, "
	where := []string{"withdrawn_at IS NULL", "merged_into IS NULL"}
	if f.Course == "" {
		of, course = "", "''"
		where = append(where, "supporters")
	}
	q := tx.Table(`(SELECT ` + area + ` AS area, ` + course + ` AS course, substr(completed_on, 1, 7) AS month,
		ROW_NUMBER() OVER (PARTITION BY ` + of + `COALESCE(account_id, id) ORDER BY completed_on, completed_at, id) AS turn
		FROM completions WHERE ` + strings.Join(where, " AND ") + `) AS counted`).
		Select("area, course, month, count(*) AS people").Where("turn = 1")
	if f.Course != "" && f.Course != EachCourse {
		q = q.Where("course = ?", f.Course)
	}
	err = f.months(in(q, "area", areas)).Group("area, course, month").Order("area, course, month").Scan(&rows).Error
	return rows, err
}

func (f Filter) months(q *gorm.DB) *gorm.DB {
	if f.From != "" {
		q = q.Where("month >= ?", f.From)
	}
	if f.Until != "" {
		q = q.Where("month <= ?", f.Until)
	}
	return q
}
