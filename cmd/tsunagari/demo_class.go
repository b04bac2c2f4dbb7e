package main

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"tsunagari/courses"
	"tsunagari/courses/accounts"
	"tsunagari/courses/classes"
)

const (
	demoTrainer = "koushi@example.jp"
	demoPhones  = 7 // come to the past class with a phone
	demoTyped   = 5 // come without one
	demoCame    = demoPhones + demoTyped
	demoSheets  = 9 // hand in their sheet, and finish
	demoApplied = 4 // have applied for the next class on paper
)

// classroom gives the demonstration a trainer with a class that was held,
// and one next Thursday, which can be joined already.
func (d *demo) classroom(ctx context.Context) error {
	d.clock = d.now.AddDate(0, 0, -demoDays)
	trainer, err := d.trainer(ctx)
	if err != nil {
		return err
	}
	thursday := nextThursday(d.now)
	if err := d.pastClass(ctx, trainer, thursday.AddDate(0, 0, -14)); err != nil {
		return err
	}
	return d.nextClass(ctx, trainer, thursday)
}

// nextThursday is the day of the next class, after today.
func nextThursday(now time.Time) time.Time {
	day := now.In(courses.Japan).AddDate(0, 0, 1)
	for day.Weekday() != time.Thursday {
		day = day.AddDate(0, 0, 1)
	}
	return day
}

func (d *demo) trainer(ctx context.Context) (by accounts.Access, err error) {
	id, err := d.staff(ctx, accounts.PostInput{
		Name: "見本市 つながりサポーター講師", Role: accounts.Trainer, Municipalities: []string{demoTown}, OfficeEmail: demoTrainer,
	}, "帆立", "みなと")
	if err != nil {
		return by, err
	}
	fmt.Fprintf(&d.signIns, "  講師　　　 /signin/staff　%s　パスワード 同じ（開催は /trainer にあります）\n", demoTrainer)
	return accounts.AccessOf(d.db.Read(ctx), id)
}

func (d *demo) class(ctx context.Context, by accounts.Access, day time.Time, hall string) (*classes.Class, error) {
	id, err := d.classes.Create(ctx, by, classes.Input{
		Course: d.rev.Slug, Operation: uuid.NewString(), HeldOn: day.Format(time.DateOnly), StartsAt: "13:30", EndsAt: "15:30",
		Hall: hall, Host: demoTown, HostName: "見本市社会福祉協議会", Seats: 30, Rule: classes.Sheet, Note: "上ばきをお持ちください。",
	})
	if err != nil {
		return nil, err
	}
	return d.classes.Class(ctx, by, id)
}

// pastClass was held, and everything about it was noted on its day, but the sheets:
// those were counted this morning.
func (d *demo) pastClass(ctx context.Context, by accounts.Access, day time.Time) error {
	c, err := d.class(ctx, by, day, "見本市民会館 2階 小ホール")
	if err != nil {
		return err
	}
	d.clock = c.Begins().Add(-20 * time.Minute)
	for i := range demoCame {
		if err := d.comes(ctx, by, c, i); err != nil {
			return err
		}
		d.clock = d.clock.Add(time.Minute)
	}
	roster, err := d.classes.Roster(ctx, by, c.ID)
	if err != nil {
		return err
	}
	for i, row := range roster.Rows {
		in := classes.Attendance{State: classes.Present}
		switch i {
		case demoCame - 1:
			in.State = classes.Absent
		case demoCame - 2:
			in.LateAt = "14:10"
		}
		if err := d.classes.Attend(ctx, by, c.ID, row.ID, in); err != nil {
			return err
		}
	}
	d.clock = d.now.Add(-time.Hour)
	for _, row := range roster.Rows[:demoSheets] {
		if err := d.classes.Sheet(ctx, by, c.ID, row.ID, true); err != nil {
			return err
		}
	}
	return nil
}

// comes is one person at the door: with the phone, or typed in by the trainer.
func (d *demo) comes(ctx context.Context, by accounts.Access, c *classes.Class, i int) error {
	p := d.guest(i)
	if i >= demoPhones {
		return d.enter(ctx, by, c, p)
	}
	secret, err := d.register(ctx, "", p)
	if err != nil {
		return err
	}
	signed, err := d.accounts.BySession(ctx, secret)
	if err == nil {
		_, err = d.classes.Join(ctx, signed.AccountID, c.Code, uuid.NewString(), "")
	}
	return err
}

// guest is somebody who comes to a class; nobody else has the name.
func (d *demo) guest(i int) *demoPerson {
	return &demoPerson{
		family: demoFamilies[(i*5+3+i/len(demoFamilies))%len(demoFamilies)], given: [2]string{demoGivens[i%len(demoGivens)][0] + "乃", demoGivens[i%len(demoGivens)][1] + "の"},
		residence: d.residence(), age: demoAges[d.rnd.IntN(len(demoAges))],
	}
}

func (d *demo) enter(ctx context.Context, by accounts.Access, c *classes.Class, p *demoPerson) error {
	_, err := d.classes.Enter(ctx, by, c.ID, classes.Entry{Operation: uuid.NewString(), Typed: accounts.Typed{
		FamilyName: p.family[0], GivenName: p.given[0], FamilyKana: p.family[1], GivenKana: p.given[1], Residence: p.residence, AgeBand: string(p.age),
	}})
	return err
}

// nextClass has a few who applied on paper, and lets everybody in who tries it out.
func (d *demo) nextClass(ctx context.Context, by accounts.Access, day time.Time) error {
	c, err := d.class(ctx, by, day, "見本公民館 和室")
	if err != nil {
		return err
	}
	for i := range demoApplied {
		if err := d.enter(ctx, by, c, d.guest(demoCame+i)); err != nil {
			return err
		}
	}
	if err := d.classes.Door(ctx, by, c.ID, true); err != nil {
		return err
	}
	fmt.Fprintf(&d.signIns, "  教室に参加 /j/%s　（%sの教室。ためしに参加できます）\n", c.Code, day.Format("1月2日"))
	return nil
}
