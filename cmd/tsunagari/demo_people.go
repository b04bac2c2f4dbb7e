package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"tsunagari/certificates"
	"tsunagari/courses"
	"tsunagari/courses/accounts"
)

// Names that nobody has: what one sees in Okhotsk, with everyday given names.
var (
	demoFamilies = [][2]string{
		{"流氷", "りゅうひょう"},
		{"砂丘", "さきゅう"},
		{"帆立", "ほたて"},
		{"海明", "うみあけ"},
		{"芝桜", "しばざくら"},
		{"玉葱", "たまねぎ"},
		{"氷柱", "つらら"},
		{"鮭川", "さけかわ"},
		{"星空", "ほしぞら"},
		{"白鳥湖", "はくちょうこ"},
		{"薄荷", "はっか"},
		{"原生花", "げんせいか"},
	}
	demoGivens = [][2]string{
		{"花子", "はなこ"},
		{"太郎", "たろう"},
		{"和子", "かずこ"},
		{"茂", "しげる"},
		{"恵", "めぐみ"},
		{"健一", "けんいち"},
		{"美代", "みよ"},
		{"昭", "あきら"},
		{"さくら", "さくら"},
		{"正", "ただし"},
		{"陽菜", "ひな"},
		{"幸子", "さちこ"},
	}
	// Many are about 70, as in life.
	demoAges = []accounts.AgeBand{"70", "70", "70", "60", "60", "60", "80", "80", "50", "50", "40", "30", "20", "10", accounts.NoAge}
)

// demoPerson is one person and how far they come.
type demoPerson struct {
	family, given [2]string
	residence     string
	age           accounts.AgeBand
	steps         int       // how many steps they do
	last          time.Time // when they do the last one
	signIn        string    // what the list of sign-ins says of them, "" for the others
}

const (
	demoFinished = 26
	demoUnderway = 10
	demoGuests   = 3
)

// people lets everybody learn, in the order in which they come to their last step,
// so that the numbers of certificates follow the days.
func (d *demo) people(ctx context.Context) error {
	list, err := d.courses.List(ctx)
	if err != nil {
		return err
	}
	d.rev = list[0]
	people := d.draw()
	for i := range people {
		if err := d.live(ctx, &people[i]); err != nil {
			return err
		}
	}
	return d.visitors(ctx)
}

func (d *demo) draw() []demoPerson {
	all := len(d.rev.Steps())
	var people []demoPerson
	for i := range demoFinished + demoUnderway {
		p := demoPerson{
			family: demoFamilies[i%len(demoFamilies)], given: demoGivens[(i/len(demoFamilies)*5+i*7)%len(demoGivens)],
			residence: d.home(i), age: demoAges[d.rnd.IntN(len(demoAges))], steps: all,
			last: d.moment(demoDays - i*demoDays/demoFinished),
		}
		if i >= demoFinished {
			p.steps = all * (i - demoFinished) / demoUnderway
			p.last = d.moment(1 + d.rnd.IntN(20))
		}
		people = append(people, p)
	}
	people[demoFinished-1].signIn, people[demoFinished-1].residence = "修了した人", demoTown
	people[demoFinished].signIn, people[demoFinished].steps = "始めたばかりの人", 1
	people[demoFinished+demoUnderway/2].signIn, people[demoFinished+demoUnderway/2].residence = "途中の人", demoTown
	people[len(people)-1].signIn, people[len(people)-1].steps = "まとめの前の人", all-1
	slices.SortStableFunc(people, func(a, b demoPerson) int { return a.last.Compare(b.last) })
	return people
}

// The towns of the demonstration that use the system beside demoTown, and the village
// where two people finished. The seven others of the bureau do not use it.
var demoTowns = []string{"012114", "012190", "015431", "015458", "015491", "015521", "015555", "015598", "015644"}

const (
	demoVillage      = "015628" // 西興部村
	demoVillageTwo   = 2
	demoElsewhere    = "012025" // 函館市
	demoFarElsewhere = "p13"
)

// home is where the person with the number lives: of every town that uses the system
// somebody finishes.
func (d *demo) home(i int) string {
	switch {
	case i < len(demoTowns):
		return demoTowns[i]
	case i < len(demoTowns)+demoVillageTwo:
		return demoVillage
	}
	return d.residence()
}

// residence is mostly a town of the area, the largest the oftenest; some live
// elsewhere.
func (d *demo) residence() string {
	switch n := d.rnd.IntN(20); {
	case n == 0:
		return demoFarElsewhere
	case n == 1:
		return demoElsewhere
	case n < 8:
		return demoTown
	}
	return demoTowns[d.rnd.IntN(len(demoTowns))]
}

// moment is a time of day in Japan at which people learn, some days ago.
func (d *demo) moment(daysAgo int) time.Time {
	day := d.now.In(courses.Japan).AddDate(0, 0, -max(1, daysAgo))
	return time.Date(day.Year(), day.Month(), day.Day(), 9+d.rnd.IntN(12), d.rnd.IntN(60), 0, 0, courses.Japan)
}

// live registers the person after the first module and lets them learn.
func (d *demo) live(ctx context.Context, p *demoPerson) error {
	steps := d.rev.Steps()[:p.steps]
	pauses := d.pauses(steps)
	d.clock = p.last
	for _, pause := range pauses {
		d.clock = d.clock.Add(-pause)
	}
	secret, account, err := d.accounts.Guest(ctx, demoDevice(d.rnd.IntN(3)))
	if err != nil {
		return err
	}
	registered := false
	for i, step := range steps {
		d.clock = d.clock.Add(pauses[i])
		if !registered && step.Module != d.rev.Modules[0] {
			if secret, err = d.register(ctx, account, p); err != nil {
				return err
			}
			registered = true
		}
		if err := d.step(ctx, account, step); err != nil {
			return fmt.Errorf("%s: %w", step.Key(), err)
		}
	}
	if !registered {
		if secret, err = d.register(ctx, account, p); err != nil {
			return err
		}
	}
	return d.afterwards(ctx, account, secret, p)
}

func demoDevice(n int) string { return []string{"Androidのスマホ", "iPhone", "パソコン"}[n] }

// pauses are the times before each step: a few minutes, and some days between the
// modules.
func (d *demo) pauses(steps []courses.Step) []time.Duration {
	pauses := make([]time.Duration, len(steps))
	for i, step := range steps {
		pauses[i] = time.Duration(step.Minutes(d.rev))*time.Minute + time.Duration(d.rnd.IntN(90))*time.Second
		if i > 0 && step.Module != steps[i-1].Module {
			pauses[i] += time.Duration(d.rnd.IntN(4)) * 24 * time.Hour
		}
	}
	return pauses
}

func (d *demo) register(ctx context.Context, account string, p *demoPerson) (secret string, err error) {
	return d.accounts.Register(ctx, account, accounts.Registration{
		Operation: uuid.NewString(), FamilyName: p.family[0], GivenName: p.given[0], FamilyKana: p.family[1], GivenKana: p.given[1],
		Residence: p.residence, AgeBand: string(p.age), Consent: "yes",
	}, demoDevice(d.rnd.IntN(3)))
}

// afterwards: some hear from their town, one asks for a correction, and a few can
// be signed in as.
func (d *demo) afterwards(ctx context.Context, account, secret string, p *demoPerson) error {
	finished := p.steps == len(d.rev.Steps())
	if finished && p.residence == demoTown && d.rnd.IntN(2) == 0 {
		in := accounts.ContactInput{How: "phone", Contact: "0157-00-0000"}
		if err := d.accounts.AgreeToContact(ctx, account, in); err != nil {
			return err
		}
	}
	if p.signIn == "" {
		return nil
	}
	if finished {
		err := d.certificates.Ask(ctx, account, certificates.AskCorrection{
			Name: certificates.Name{Family: p.family[0], Given: p.given[0] + "代", FamilyKana: p.family[1], GivenKana: p.given[1] + "よ"},
			Note: "名前の字をまちがえて入れてしまいました。",
		})
		if err != nil {
			return err
		}
	}
	return d.card(ctx, account, secret, p)
}

func (d *demo) card(ctx context.Context, account, secret string, p *demoPerson) error {
	signed, err := d.accounts.BySession(ctx, secret)
	if err != nil {
		return err
	}
	shown, err := d.accounts.ShowCard(ctx, account, signed.ID)
	if err != nil {
		return err
	}
	if err := d.accounts.KeepCard(ctx, account, signed.ID); err != nil {
		return err
	}
	fmt.Fprintf(&d.signIns, "  %s　/signin/card　%s　番号 %s　合言葉 %s\n",
		p.signIn, shown.Name, accounts.ShowNumber(shown.Number), strings.Join(shown.Words, "　"))
	return nil
}

// visitors have read a little and not given a name.
func (d *demo) visitors(ctx context.Context) error {
	for n := range demoGuests {
		d.clock = d.moment(n + 1)
		_, account, err := d.accounts.Guest(ctx, demoDevice(n))
		if err != nil {
			return err
		}
		for _, step := range d.rev.Steps()[:n+1] {
			if err := d.step(ctx, account, step); err != nil {
				return err
			}
		}
	}
	return nil
}
