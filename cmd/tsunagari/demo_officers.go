package main

import (
	"context"
	"fmt"
	"time"

	"tsunagari/courses"
	"tsunagari/courses/accounts"
)

// The people of the demonstration who only want to know how many.
const (
	demoOfficer = "tantou@example.jp"
	demoBureau  = "shinkoukyoku@example.jp"
)

// officers are a town's post and that of the bureau above it, with a population to
// take a share of.
func (d *demo) officers(ctx context.Context) error {
	var all []string
	for _, m := range accounts.InBureau("オホーツク総合振興局") {
		all = append(all, m.Code)
	}
	for _, p := range []struct {
		in            accounts.PostInput
		family, given string
	}{
		{accounts.PostInput{Name: "見本市 福祉政策係", Municipalities: []string{demoTown}, OfficeEmail: demoOfficer}, "帆立", "進"},
		{accounts.PostInput{Name: "見本総合振興局 社会福祉課", Municipalities: all, OfficeEmail: demoBureau}, "海明", "望"},
	} {
		p.in.Role = accounts.Officer
		if _, err := d.staff(ctx, p.in, p.family, p.given); err != nil {
			return err
		}
	}
	err := d.accounts.SetDenominator(ctx, d.admin, demoTown, accounts.DenominatorInput{
		CountedOn: d.clock.In(courses.Japan).Format(time.DateOnly), People: "110,000", Source: "見本（実際の人口ではありません）",
	})
	fmt.Fprintf(&d.signIns, "  自治体担当 /signin/staff　%s（北見市）　%s（振興局）　パスワード 同じ\n", demoOfficer, demoBureau)
	return err
}
