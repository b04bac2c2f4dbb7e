package main

import (
	"cmp"
	"context"
	"fmt"

	"tsunagari/courses/accounts"
	"tsunagari/courses/counts"
)

type countsVerifyCommand struct {
	database `embed:""`
}

func (c *countsVerifyCommand) run(ctx context.Context, p *program) error {
	db, err := c.openMigrated(ctx, c.backups(""), p.stdout)
	if err != nil {
		return err
	}
	defer db.Close()
	wrong, err := open(db, "", false).counts.Verify(ctx)
	if err != nil {
		return err
	}
	for _, m := range wrong {
		fmt.Fprintf(p.stdout, "%s\t%s %s\t%s\t講座 %s\t記録 %d\t数えなおし %d\n", m.Month, cmp.Or(m.Area, "-"), countedPlace(m),
			map[counts.Geo]string{counts.Residence: "居住地", counts.Host: "主催"}[m.Geo], cmp.Or(m.Course, "（実人数）"), m.People, m.Recounted)
	}
	if len(wrong) > 0 {
		fmt.Fprintf(p.stdout, "ちがう数が%d件あります。\n", len(wrong))
		return errFaulty
	}
	fmt.Fprintln(p.stdout, "すべての数が、数えなおした数と同じです。")
	return nil
}

func countedPlace(m counts.Mismatch) string {
	if m.Geo == counts.Host && m.Area == counts.Unknown {
		return "自習"
	}
	if len(m.Area) == 2 {
		return accounts.PlaceName("", m.Area)
	}
	return accounts.PlaceName(m.Area, "")
}
