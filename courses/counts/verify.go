package counts

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"gorm.io/gorm"
)

// Mismatch is a number that is not what counting every completion anew gives.
type Mismatch struct {
	Geo       Geo
	Row           // with the number that the program gives
	Recounted int // and the one that it should give
}

// Verify counts every completion anew and says where the numbers differ from it:
// nowhere, unless somebody wrote into the database by hand.
func (c *Counts) Verify(ctx context.Context) (list []Mismatch, err error) {
	err = c.db.Snapshot(ctx, func(tx *gorm.DB) error {
		for _, geo := range []Geo{Residence, Host} {
			for _, course := range []string{"", EachCourse} {
				f := Filter{Geo: geo, Course: course}
				given, err := rowsOf(tx, f, nil)
				if err != nil {
					return err
				}
				recounted, err := recount(tx, f)
				if err != nil {
					return err
				}
				list = append(list, differences(geo, given, recounted)...)
			}
		}
		return nil
	})
	return list, err
}

// recount looks at every completion. Which one counts is decided anew for everybody
// who is still known.
func recount(tx *gorm.DB, f Filter) (rows []Row, err error) {
	area, course, of, kept := "CASE WHEN municipality <> '' THEN municipality ELSE prefecture END", "course_id", "course_id, ", "counts_course"
	if f.Geo == Host {
		area = "host"
	}
	where := []string{"withdrawn_at IS NULL", "merged_into IS NULL"}
	if f.Course == "" {
		course, of, kept = "''", "", "counts_person"
		where = append(where, "supporters")
	}
	where = append(where, "(account_id IS NOT NULL OR "+kept+")")
	return rows, tx.Raw(`SELECT area, course, month, count(*) AS people FROM
		(SELECT ` + area + ` AS area, ` + course + ` AS course, substr(completed_on, 1, 7) AS month,
		ROW_NUMBER() OVER (PARTITION BY ` + of + `COALESCE(account_id, id) ORDER BY completed_on, completed_at, id) AS turn
		FROM completions WHERE ` + strings.Join(where, " AND ") + `) AS counted
		WHERE turn = 1 GROUP BY area, course, month`).Scan(&rows).Error
}

// differences are the rows in which two countings differ.
func differences(geo Geo, given, recounted []Row) (list []Mismatch) {
	people := map[Row][2]int{}
	for i, rows := range [][]Row{given, recounted} {
		for _, r := range rows {
			key := Row{Area: r.Area, Course: r.Course, Month: r.Month}
			both := people[key]
			both[i] = r.People
			people[key] = both
		}
	}
	for row, both := range people {
		if both[0] != both[1] {
			row.People = both[0]
			list = append(list, Mismatch{geo, row, both[1]})
		}
	}
	slices.SortFunc(list, func(a, b Mismatch) int {
		return cmp.Or(cmp.Compare(a.Area, b.Area), cmp.Compare(a.Course, b.Course), cmp.Compare(a.Month, b.Month))
	})
	return list
}
