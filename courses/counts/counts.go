// Package counts knows how many people finished a course, and where: 修了者数（実人数）.
// It gives numbers and never a person. Every method takes a Scope and knows nothing
// outside it. What is counted is said once, in definitions.go.
package counts

import (
	"context"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"tsunagari/courses"
	"tsunagari/courses/accounts"
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
	// Population is how many people live in the municipalities, the newest figure not
	// later than a day; nil when nobody knows.
	Population func(ctx context.Context, codes []string, day string) (map[string]accounts.Denominator, error)
}

// Held is how many classes were held.
type Held struct {
	ByHost   map[string]int // municipality's code → classes
	Trainers int            // people who held or helped one
}

// New is the counts of db.
// Completions of c change them in their own transactions.
func New(db *storage.DB, c *courses.Courses, o Options) *Counts {
	counts := &Counts{db: db, courses: c, o: o}
	c.OnCounted(counts.append)
	return counts
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
	return rowsOf(tx, f, areas)
}

// nowSQL is every number of this moment, those that are still to be folded included.
const nowSQL = "(SELECT geo, area, course, month, people FROM counts WHERE %[1]s UNION ALL SELECT geo, area, course, month, people FROM " +
	pendingSQL + " AS pending WHERE %[1]s) AS now"

// pendingSQL are the changes that wait to be folded, one row for each number that
// they change.
const pendingSQL = `(SELECT 'residence' AS geo, area, '' AS course, month, person AS people FROM count_deltas WHERE person <> 0
	UNION ALL SELECT 'host', host, '', month, person FROM count_deltas WHERE person <> 0
	UNION ALL SELECT 'residence', area, course, month, finished FROM count_deltas WHERE finished <> 0
	UNION ALL SELECT 'host', host, course, month, finished FROM count_deltas WHERE finished <> 0)`

// where is the condition of a filter on areas (nil: all), with its arguments.
func (f Filter) where(areas []string) (string, []any) {
	if f.Geo == "" {
		f.Geo = Residence
	}
	conditions, args := []string{"geo = ?"}, []any{string(f.Geo)}
	add := func(condition string, value any) {
		conditions, args = append(conditions, condition), append(args, value)
	}
	if areas != nil {
		add("area IN ?", areas)
	}
	if f.Course == EachCourse {
		add("course <> ?", "")
	} else {
		add("course = ?", f.Course)
	}
	if f.From != "" {
		add("month >= ?", string(f.From))
	}
	if f.Until != "" {
		add("month <= ?", string(f.Until))
	}
	return strings.Join(conditions, " AND "), args
}

// now asks for what of the numbers of this moment, in one statement.
func now(tx *gorm.DB, what, rest string, f Filter, areas []string) *gorm.DB {
	where, args := f.where(areas)
	return tx.Raw("SELECT "+what+" FROM "+fmt.Sprintf(nowSQL, where)+rest, append(args, args...)...)
}

func rowsOf(tx *gorm.DB, f Filter, areas []string) (list []Row, err error) {
	rows, err := now(tx, "area, course, month, sum(people)",
		" GROUP BY area, course, month HAVING sum(people) <> 0 ORDER BY area, course, month", f, areas).Rows()
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var r Row
		if err := rows.Scan(&r.Area, &r.Course, &r.Month, &r.People); err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, rows.Err()
}

// total is how many people there are in all rows of the filter together.
func total(tx *gorm.DB, f Filter, areas []string) (n int, err error) {
	return n, now(tx, "COALESCE(sum(people), 0)", "", f, areas).Scan(&n).Error
}
