package counts

import (
	"context"
	"time"

	"gorm.io/gorm"

	"tsunagari/courses"
)

// delta is a row of count_deltas.
type delta struct {
	Area, Host, Course string
	Month              Month
	Person, Finished   int
}

func (delta) TableName() string { return "count_deltas" }

// append keeps what changed, in the transaction that changed it. It locks nothing
// that another completion needs.
func (c *Counts) append(tx *gorm.DB, changes []courses.Counted) error {
	rows := make([]delta, 0, len(changes))
	var late []lateChange
	kind, today := kindOf(changes), tx.NowFunc().In(courses.Japan)
	for _, change := range changes {
		row := delta{
			Area: areaOf(change.Municipality, change.Prefecture), Host: change.Host, Course: change.CourseID,
			Month: Month(change.CompletedOn[:len(monthLayout)]), Person: change.Person, Finished: change.Course,
		}
		rows = append(rows, row)
		if row.Month < MonthOf(today) {
			late = append(late, lateChange{row, kind, today.Format(time.DateOnly)})
		}
	}
	if err := tx.Create(rows).Error; err != nil || len(late) == 0 {
		return err
	}
	return tx.Create(late).Error
}

func areaOf(municipality, prefecture string) Area {
	if municipality != "" {
		return municipality
	}
	return prefecture
}

// foldLock is the key of PostgreSQL's advisory lock while folding.
const foldLock = 0x7473756e61 + 1 // beside storage's

// Fold adds what changed into the stored numbers and marks the areas that it
// changed. The numbers that Rows gives are the same before, during and after. Of
// several instances one does it; the others find nothing to do.
func (c *Counts) Fold(ctx context.Context) error {
	var waiting bool
	err := c.db.Read(ctx).Raw("SELECT EXISTS (SELECT 1 FROM count_deltas)").Scan(&waiting).Error
	if err != nil || !waiting {
		return err
	}
	return c.db.Tx(ctx, func(tx *gorm.DB) error {
		mine, err := c.alone(tx, foldLock)
		if err != nil || !mine {
			return err
		}
		for _, sql := range []string{
			`INSERT INTO counts (geo, area, course, month, people)
				SELECT geo, area, course, month, sum(people) FROM ` + pendingSQL + ` AS pending
				GROUP BY geo, area, course, month HAVING sum(people) <> 0
				ON CONFLICT (geo, area, course, month) DO UPDATE SET people = counts.people + excluded.people`,
			`INSERT INTO count_heads (area, epoch)
				SELECT DISTINCT area, (SELECT COALESCE(max(epoch), 0) + 1 FROM count_heads) FROM (SELECT area FROM ` + pendingSQL + ` AS pending
				GROUP BY geo, area, course, month HAVING sum(people) <> 0) AS changed WHERE true
				ON CONFLICT (area) DO UPDATE SET epoch = excluded.epoch`,
			`DELETE FROM count_deltas`,
		} {
			if err := tx.Exec(sql).Error; err != nil {
				return err
			}
		}
		return nil
	})
}

// alone says whether this transaction may go on with what the key of an advisory
// lock stands for. On PostgreSQL all its statements see one state: else a change that
// arrives between adding and deleting would be lost.
func (c *Counts) alone(tx *gorm.DB, key int64) (mine bool, err error) {
	if !c.db.Postgres() {
		return true, nil
	}
	if err := tx.Exec("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ").Error; err != nil {
		return false, err
	}
	return mine, tx.Raw("SELECT pg_try_advisory_xact_lock(?)", key).Scan(&mine).Error
}

// Changed are the areas of the scope that may have changed since the epoch that the
// last call gave (0: since ever), and the epoch to ask with next time. An area may be
// named twice in a row; one that changed is never left out, whatever commits late.
// Errors: storage.ErrNotFound for who has no scope.
func (c *Counts) Changed(ctx context.Context, s Scope, since int64) (areas []string, epoch int64, err error) {
	within, err := s.areas(nil)
	if err != nil {
		return nil, 0, err
	}
	areas, epoch, err = c.changed(ctx, within, since)
	if err == nil && epoch < since { // of a time that a restored backup does not know
		areas, epoch, err = c.changed(ctx, within, 0)
	}
	return areas, epoch, err
}

func (c *Counts) changed(ctx context.Context, within []string, since int64) (areas []string, epoch int64, err error) {
	of, args := func(string) string { return "" }, []any{since}
	if within != nil {
		of = func(column string) string { return " AND " + column + " IN ?" }
		args = []any{within, since, within, within, within}
	}
	var rows []struct {
		Area  *string
		Epoch int64
	}
	err = c.db.Read(ctx).Raw(`SELECT changed.area, newest.epoch FROM
		(SELECT COALESCE(max(epoch), 0) AS epoch FROM count_heads WHERE true`+of("area")+`) AS newest LEFT JOIN
		(SELECT area FROM count_heads WHERE epoch > ?`+of("area")+` UNION SELECT area FROM count_deltas WHERE true`+of("area")+`
		UNION SELECT host FROM count_deltas WHERE true`+of("host")+`) AS changed ON true ORDER BY changed.area`, args...).Scan(&rows).Error
	for _, r := range rows {
		epoch = r.Epoch
		if r.Area != nil {
			areas = append(areas, *r.Area)
		}
	}
	return areas, epoch, err
}
