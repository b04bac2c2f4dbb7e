package classes

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"tsunagari/courses/accounts"
	"tsunagari/storage"
)

// Report is the 実施報告 of a class: what the class and its roster do not say
// already. Fields as reports of the neighbouring schemes have them.
type Report struct {
	ClassID    string    `form:"-" gorm:"primaryKey"`
	Office     string    `form:"report_office" validate:"max=60"` // 自治体名／事務局名
	ReportedOn string    `form:"reported_on" validate:"omitempty,datetime=2006-01-02"`
	Cohost     string    `form:"cohost" validate:"max=100"` // 共催
	Audience   string    `form:"audience" validate:"omitempty,oneof=residents work school office"`
	GroupName  string    `form:"group_name" validate:"max=60"` // 団体名
	Tallies    Counts    `form:"-"`
	Trainers   string    `form:"trainers" validate:"max=200"`
	Materials  string    `form:"materials" validate:"max=200"`
	Cards      int       `form:"cards" validate:"min=0,max=1000"` // 配布したカード枚数
	Survey     string    `form:"survey" validate:"max=2000"`      // アンケート結果
	Remarks    string    `form:"remarks" validate:"max=2000"`     // 特記事項
	Version    int       `form:"version"`                         // the one that was shown, 0 before the first
	UpdatedBy  string    `form:"-"`
	UpdatedAt  time.Time `form:"-"`
}

// TableName is GORM's.
func (Report) TableName() string { return "class_reports" }

// Audiences are the 受講者区分 of a report.
var Audiences = []string{"residents", "work", "school", "office"}

// AudienceLabel is a 受講者区分 in Japanese.
func AudienceLabel(audience string) string {
	return map[string]string{"residents": "住民", "work": "企業・職域", "school": "学校", "office": "行政"}[audience]
}

// Counts are head counts of the whole class, told apart as far as somebody asked:
// nobody's sex is kept with the person.
type Counts struct {
	Men    int            `json:"men" form:"men"`
	Women  int            `json:"women" form:"women"`
	Others int            `json:"others" form:"others"` // 答えない・不明
	Ages   map[string]int `json:"ages" form:"-"`        // by ReportBands
}

// ReportBands are the age bands of a report: 10代以下 to 70代以上, and 不明.
var ReportBands = []string{"10", "20", "30", "40", "50", "60", "70", ""}

// BandLabel is an age band of a report in Japanese.
func BandLabel(band string) string {
	switch band {
	case "":
		return "不明"
	case "70":
		return "70代以上"
	}
	return accounts.AgeBand(band).Label()
}

// reportBand is the band of a report in which an account's age band counts.
func reportBand(b accounts.AgeBand) string {
	switch b {
	case "", accounts.NoAge:
		return ""
	case "80":
		return "70"
	}
	return string(b)
}

// Value and Scan keep counts as JSON.
func (c Counts) Value() (driver.Value, error) {
	b, err := json.Marshal(c)
	return string(b), err
}

// Scan reads what Value kept.
func (c *Counts) Scan(value any) error {
	switch v := value.(type) {
	case string:
		return json.Unmarshal([]byte(v), c)
	case []byte:
		return json.Unmarshal(v, c)
	}
	return fmt.Errorf("classes: counts as %T", value)
}

// Report is the report of a class, filled in beforehand where nobody has written
// it yet: ages by those who were there.
func (k *Classes) Report(ctx context.Context, by accounts.Access, classID string) (*Report, error) {
	db := k.db.Read(ctx)
	c, err := k.Own(db, by, classID)
	if err != nil {
		return nil, err
	}
	var r Report
	err = db.Where("class_id = ?", classID).Take(&r).Error
	if !errors.Is(err, storage.ErrNotFound) {
		return &r, err
	}
	return k.firstReport(ctx, db, c)
}

func (k *Classes) firstReport(ctx context.Context, db *gorm.DB, c *Class) (*Report, error) {
	roster, err := k.roster(db, c)
	if err != nil {
		return nil, err
	}
	operator, err := k.accounts.Operator(ctx)
	if err != nil {
		return nil, err
	}
	r := &Report{ClassID: c.ID, Office: operator.Name, Audience: "residents", Tallies: Counts{Ages: map[string]int{}}}
	for _, row := range roster.Rows {
		if row.Attendance == Present {
			r.Tallies.Others++
			r.Tallies.Ages[reportBand(row.AgeBand)]++
		}
	}
	var names []string
	for _, id := range append([]string{c.Owner}, c.Helpers...) {
		a, err := accounts.Load(db, id)
		if err != nil {
			return nil, err
		}
		if name := a.Name(); name != "" {
			names = append(names, name)
		}
	}
	r.Trainers = strings.Join(names, "、")
	return r, nil
}

// ErrCounts says that a head count is no number of people.
var ErrCounts = errors.New("classes: a head count is between 0 and 1000")

func (c Counts) valid() bool {
	all := []int{c.Men, c.Women, c.Others}
	for _, n := range c.Ages {
		all = append(all, n)
	}
	for _, n := range all {
		if n < 0 || n > 1000 {
			return false
		}
	}
	return true
}

// SaveReport keeps the report. Errors: validator.ValidationErrors, ErrCounts,
// storage.ErrConflict when somebody else wrote it meanwhile, storage.ErrNotFound.
func (k *Classes) SaveReport(ctx context.Context, by accounts.Access, classID string, in Report) error {
	if err := validate().Struct(in); err != nil {
		return err
	}
	if !in.Tallies.valid() {
		return ErrCounts
	}
	return k.db.Tx(ctx, func(tx *gorm.DB) error {
		if _, err := k.held(tx, by, classID); err != nil {
			return err
		}
		var version int
		err := tx.Model(&Report{}).Where("class_id = ?", classID).Select("COALESCE(MAX(version), 0)").Scan(&version).Error
		if err != nil {
			return err
		}
		if version != in.Version {
			return storage.ErrConflict
		}
		in.ClassID, in.Version, in.UpdatedBy, in.UpdatedAt = classID, version+1, by.AccountID, tx.NowFunc()
		err = tx.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "class_id"}}, UpdateAll: true}).Create(&in).Error
		if err != nil {
			return err
		}
		return accounts.Audit(tx, by.AccountID, "class.report", classID, "", "")
	})
}
