package counts

import (
	"context"
	"slices"
	"time"

	"tsunagari/courses"
)

// closing says whether the report's month is closed, and what has been corrected of
// its area since.
func (c *Counts) closing(ctx context.Context, s Scope, r *Report, towns []string) error {
	list, err := c.Closings(ctx)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(list, func(one Closing) bool { return one.Month == r.Month })
	if at < 0 {
		return nil
	}
	r.Closed = &list[at]
	_, corrections, err := c.ClosedRows(ctx, s, Filter{Areas: towns, Until: r.Month})
	for _, one := range corrections {
		if !r.known(one) {
			r.Corrections = append(r.Corrections, one)
		}
	}
	return err
}

// known says whether a correction of an earlier month was noted before the report's
// month was closed, so that it is in its figures.
func (r *Report) known(one Correction) bool {
	return one.Month < r.Month && one.Day < r.Closed.ClosedAt.In(courses.Japan).Format(time.DateOnly)
}

// reported are the rows of a report: of this moment, or of a closed month as they
// stood when it was closed.
func (c *Counts) reported(ctx context.Context, s Scope, r *Report, f Filter) ([]Row, error) {
	if r.Closed == nil {
		return c.Rows(ctx, s, f)
	}
	rows, corrections, err := c.ClosedRows(ctx, s, f)
	for _, one := range corrections {
		if r.known(one) {
			rows = append(rows, one.Row)
		}
	}
	return rows, err
}
