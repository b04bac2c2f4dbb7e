package main

import (
	"context"
	"errors"

	"tsunagari/views"
)

// sendMonthly writes to every post that wants it about each month that closed, once.
// Several instances may do this at the same time.
func (r *rooms) sendMonthly(ctx context.Context) error {
	due, err := r.counts.DueMails(ctx)
	if err != nil || len(due) == 0 {
		return err
	}
	o, err := r.accounts.Operator(ctx)
	if err != nil {
		return err
	}
	var faults []error // of one post, which are no reason to leave the others out
	for _, d := range due {
		m, err := views.MonthlyMail(ctx, r.counts, d, o, r.base, r.demo)
		if err == nil {
			_, err = r.counts.SendMail(ctx, d, m)
		}
		faults = append(faults, err)
	}
	return errors.Join(faults...)
}
