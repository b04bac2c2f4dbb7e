package counts

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/go-playground/validator/v10"
	"gorm.io/gorm"

	"tsunagari/courses"
	"tsunagari/storage"
)

// Closing is a month whose numbers stand: 確定値.
type Closing struct {
	Month      Month
	ClosedAt   time.Time
	Definition int    // edition of the definitions
	Rule       int    // edition of the rule of disclosure
	SHA256     string // over SealText of everything; see there
	Rows       int    `gorm:"column:rows_closed"`
}

// closed is a row of closed_counts.
type closed struct {
	Month  Month
	Geo    Geo
	Area   Area
	Course string
	People int
}

func (closed) TableName() string { return "closed_counts" }

// Rules are the operator's settings of closing and of disclosure.
type Rules struct {
	Day      int `json:"day" validate:"min=2,max=28"`       // of the next month, on which a month closes
	MarchDay int `json:"march_day" validate:"min=2,max=30"` // of April, on which March closes
	Own      int `json:"own" validate:"min=3"`              // smallest cell for a municipality about its own residents
	Outside  int `json:"outside" validate:"gtefield=Own"`   // and for everybody else
}

const rulesSetting = "counts"

// usual is what holds while nothing else is set.
var usual = Rules{Day: 5, MarchDay: 30, Own: 5, Outside: 10}

// Rules are the settings that hold now.
func (c *Counts) Rules(ctx context.Context) (Rules, error) { return rulesTx(c.db.Read(ctx)) }

func rulesTx(tx *gorm.DB) (Rules, error) {
	rules := usual
	value, err := storage.Setting(tx, rulesSetting)
	if err == nil && value != "" {
		err = json.Unmarshal([]byte(value), &rules)
	}
	return rules, err
}

// SetRules sets them for what closes from now on; what is closed stays.
func (c *Counts) SetRules(ctx context.Context, rules Rules) error {
	if err := validator.New(validator.WithRequiredStructEnabled()).Struct(rules); err != nil {
		return err
	}
	value, err := json.Marshal(rules)
	if err != nil {
		return err
	}
	return c.db.Tx(ctx, func(tx *gorm.DB) error { return storage.SetSetting(tx, rulesSetting, string(value)) })
}

// ClosesAt is the moment at which a month closes: 00:00 in Japan.
func (r Rules) ClosesAt(m Month) time.Time {
	day := r.Day
	if m.first().Month() == time.March {
		day = r.MarchDay
	}
	next := m.Next().first()
	return time.Date(next.Year(), next.Month(), day, 0, 0, 0, 0, courses.Japan)
}

// Closings are the closed months, the earliest first.
func (c *Counts) Closings(ctx context.Context) (list []Closing, err error) {
	return list, c.db.Read(ctx).Order("month").Find(&list).Error
}

// closeLock is the key of PostgreSQL's advisory lock while closing.
const closeLock = foldLock + 1

// CloseDue closes every month whose day has come by now, one after another, each in
// a transaction of its own. It may be called at any time, by several instances.
func (c *Counts) CloseDue(ctx context.Context, now time.Time) error {
	for {
		rules, err := c.Rules(ctx)
		if err != nil {
			return err
		}
		m, err := nextToClose(c.db.Read(ctx))
		if err != nil || m == "" || rules.ClosesAt(m).After(now) {
			return err
		}
		if done, err := c.close(ctx, m, rules); err != nil || !done {
			return err
		}
	}
}

// nextToClose is the month after the last one closed, at first the earliest in which
// anybody finished; "" while nobody did.
func nextToClose(tx *gorm.DB) (m Month, err error) {
	err = tx.Raw("SELECT COALESCE(max(month), '') FROM closings").Scan(&m).Error
	if err != nil {
		return "", err
	}
	if m != "" {
		return m.Next(), nil
	}
	return m, now(tx, "COALESCE(min(month), '')", "", Filter{Course: EachCourse}, nil).Scan(&m).Error
}

// close closes one month; false when another instance is at it.
func (c *Counts) close(ctx context.Context, m Month, rules Rules) (done bool, err error) {
	err = c.db.Tx(ctx, func(tx *gorm.DB) error {
		if done, err = c.alone(tx, closeLock); err != nil || !done {
			return err
		}
		if next, err := nextToClose(tx); err != nil || next != m {
			return err
		}
		rows, err := rowsToClose(tx, m)
		if err != nil {
			return err
		}
		closing := Closing{Month: m, ClosedAt: tx.NowFunc(), Definition: Edition, Rule: RuleEdition, Rows: len(rows)}
		closing.SHA256 = sealAll(closing, rows)
		if err := freeze(tx, &closing, rows); err != nil {
			return err
		}
		if m.first().Month()%3 != 0 {
			return nil
		}
		return release(tx, m, rules)
	})
	return done, err
}

func rowsToClose(tx *gorm.DB, m Month) (list []closed, err error) {
	for _, geo := range []Geo{Residence, Host} {
		for _, course := range []string{"", EachCourse} {
			rows, err := rowsOf(tx, Filter{Geo: geo, Course: course, From: m, Until: m}, nil)
			if err != nil {
				return nil, err
			}
			for _, r := range rows {
				list = append(list, closed{m, geo, r.Area, r.Course, r.People})
			}
		}
	}
	slices.SortFunc(list, func(a, b closed) int {
		return cmp.Or(cmp.Compare(a.Area, b.Area), -cmp.Compare(a.Geo, b.Geo), cmp.Compare(a.Course, b.Course))
	})
	return list, nil
}

// freeze keeps the month as it is. Late changes that the numbers have in them are
// no corrections.
func freeze(tx *gorm.DB, closing *Closing, rows []closed) error {
	if err := tx.Create(closing).Error; err != nil {
		return err
	}
	if len(rows) > 0 {
		if err := tx.CreateInBatches(rows, 500).Error; err != nil {
			return err
		}
	}
	first, last := closing.Month.FirstDay(), closing.Month.LastDay()
	const area = "CASE WHEN municipality <> '' THEN municipality ELSE prefecture END"
	const counted = " FROM completions WHERE counts_person AND completed_on BETWEEN ? AND ?"
	for _, sql := range []string{
		"INSERT INTO closed_ages (month, area, age_band, people) SELECT substr(completed_on, 1, 7), " + area + ", age_band, count(*)" + counted + " GROUP BY 1, 2, 3",
		"INSERT INTO closed_places (month, area, host, course, people) SELECT substr(completed_on, 1, 7), " + area + ", host, course_id, count(*)" + counted + " GROUP BY 1, 2, 3, 4",
		"INSERT INTO closed_classes (month, host, class_id, held_on, people) SELECT substr(completed_on, 1, 7), host, class_id, completed_on, count(*)" + counted + " AND class_id IS NOT NULL GROUP BY 1, 2, 3, 4",
	} {
		if err := tx.Exec(sql, first, last).Error; err != nil {
			return err
		}
	}
	return tx.Exec("DELETE FROM count_late WHERE month = ?", closing.Month).Error
}

// SealText is the text over which the SHA-256 of one area's closed month is made: five
// lines of what it is, then each number as geo,course,people in the order of these
// bytes (residence before host, 実人数 with an empty course first, courses by id).
// Every line ends in a line feed; it is UTF-8 without a mark.
func (c Closing) SealText(area Area, residence, host []Row) string {
	var b strings.Builder
	fmt.Fprintf(&b, "tsunagari-closing-1\nmonth,%s\ndefinition,%d\nrule,%d\narea,%s\n", c.Month, c.Definition, c.Rule, area)
	for _, of := range []struct {
		geo  Geo
		rows []Row
	}{{Residence, residence}, {Host, host}} {
		for _, r := range of.rows {
			if r.Area == area && r.Month == c.Month {
				fmt.Fprintf(&b, "%s,%s,%d\n", of.geo, r.Course, r.People)
			}
		}
	}
	return b.String()
}

func sum256(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// sealAll is the SHA-256 over the lines area,SHA-256 of all areas that have a number,
// in the order of their codes.
func sealAll(c Closing, rows []closed) string {
	byArea := map[Area][2][]Row{}
	var areas []Area
	for _, r := range rows {
		both, known := byArea[r.Area]
		if !known {
			areas = append(areas, r.Area)
		}
		i := 0
		if r.Geo == Host {
			i = 1
		}
		both[i] = append(both[i], Row{r.Area, r.Course, r.Month, r.People})
		byArea[r.Area] = both
	}
	var b strings.Builder
	for _, area := range areas {
		fmt.Fprintf(&b, "%s,%s\n", area, sum256(c.SealText(area, byArea[area][0], byArea[area][1])))
	}
	return sum256(b.String())
}

// Seal is the SHA-256 of one area's closed month, which whoever has its numbers can
// make again. Errors: storage.ErrNotFound when it is not closed or out of scope.
func (c *Counts) Seal(ctx context.Context, s Scope, area Area, m Month) (string, error) {
	if !s.Reaches(area) {
		return "", storage.ErrNotFound
	}
	var closing Closing
	if err := c.db.Read(ctx).Where("month = ?", m).Take(&closing).Error; err != nil {
		return "", err
	}
	var both [2][]Row
	for i, geo := range []Geo{Residence, Host} {
		err := c.db.Read(ctx).Raw("SELECT area, course, month, people FROM closed_counts WHERE geo = ? AND area = ? AND month = ? ORDER BY course",
			geo, area, m).Scan(&both[i]).Error
		if err != nil {
			return "", err
		}
	}
	return sum256(closing.SealText(area, both[0], both[1])), nil
}
