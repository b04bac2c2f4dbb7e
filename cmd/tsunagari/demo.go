package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"gorm.io/gorm"

	"tsunagari/courses"
	"tsunagari/courses/accounts"
	"tsunagari/quiz"
	"tsunagari/storage"
)

// demoSetting marks a database that --demo filled. Its value is demoBuilding, then
// what is printed for signing in: the people are fictional.
const (
	demoSetting  = "demo"
	demoBuilding = "building"
	noDemo       = ""
)

var (
	errDemoPeople = errors.New("--demo needs an empty database, and there are people in this one (choose another folder with --data)")
	errDemoHalf   = errors.New("a demonstration was begun here and not finished (choose another folder with --data, or delete this one)")
)

// demoOf is the state of the demonstration in the database. wanted begins one,
// unless there are people.
func demoOf(ctx context.Context, db *storage.DB, wanted bool) (state string, err error) {
	err = db.Tx(ctx, func(tx *gorm.DB) error {
		if state, err = storage.Setting(tx, demoSetting); err != nil {
			return err
		}
		switch {
		case state == demoBuilding:
			return errDemoHalf
		case state != noDemo || !wanted:
			return nil
		}
		var people int64
		if err := tx.Model(&accounts.Account{}).Count(&people).Error; err != nil {
			return err
		}
		if people > 0 {
			return errDemoPeople
		}
		state = demoBuilding
		begun := map[string]any{"name": demoSetting, "value": demoBuilding, "updated_at": tx.NowFunc()}
		return tx.Table("settings").Create(begun).Error // of two programs one begins
	})
	return state, err
}

// showDemo fills the database when the demonstration has just begun, and prints
// how to sign in.
func (r *rooms) showDemo(ctx context.Context, state string) error {
	if state == demoBuilding {
		fmt.Fprintln(r.out, "見本の人と記録を作っています。少しお待ちください…")
		var err error
		if state, err = r.fillDemo(ctx, time.Now); err != nil {
			return fmt.Errorf("making the demonstration: %w", err)
		}
	}
	_, err := fmt.Fprintln(r.out, "\n"+state)
	return err
}

// demo builds the demonstration through the methods that real people's requests
// use, on a clock that is moved by hand.
type demo struct {
	*rooms
	rnd     *rand.Rand
	clock   time.Time
	now     time.Time // when the demonstration begins
	quizzes *quiz.Quizzes
	rev     *courses.Revision
	admin   accounts.Access
	signIns strings.Builder
}

// fillDemo makes the people of the demonstration and gives the text that tells how
// to sign in. Names, places, days and answers are the same each time, counted
// back from now; clock is the one that goes on afterwards.
func (r *rooms) fillDemo(ctx context.Context, clock func() time.Time) (string, error) {
	d := &demo{rooms: r, rnd: rand.New(rand.NewPCG(2026, 11)), now: r.db.Now()}
	seeds := rand.New(rand.NewPCG(11, 23))
	d.quizzes = quiz.New(r.db, r.courses, seeds.Uint64)
	r.db.SetClock(func() time.Time { return d.clock })
	defer r.db.SetClock(clock)
	for _, do := range []func(context.Context) error{d.office, d.town, d.officers, d.people, d.classroom, d.finish} {
		if err := do(ctx); err != nil {
			return "", err
		}
	}
	return d.signIns.String(), nil
}

func (d *demo) finish(ctx context.Context) error {
	d.clock = d.now
	return d.db.Tx(ctx, func(tx *gorm.DB) error { return storage.SetSetting(tx, demoSetting, d.signIns.String()) })
}

// The way in for staff of the demonstration.
const (
	demoAdmin    = "kanri@example.jp"
	demoDesk     = "madoguchi@example.jp"
	demoPassword = "りゅうひょうのみえるまち"
	demoTown     = "012084" // 北見市
)

// months is how far back the demonstration reaches.
const demoDays = 92

// office sets the site up: operator, administrator, help lines.
func (d *demo) office(ctx context.Context) error {
	d.clock = d.now.AddDate(0, 0, -demoDays-20)
	token, err := d.accounts.SetupToken(ctx)
	if err != nil {
		return err
	}
	session, err := d.accounts.Setup(ctx, token, accounts.Operator{
		Name: "オホーツクつながり見本協議会", Address: "北海道網走市（見本のため実在しません）", Phone: "0152-00-0000",
		Hours: "平日 9時から17時", Prefecture: "01", Bureau: "オホーツク総合振興局",
	}, accounts.FirstAdmin{FamilyName: "流氷", GivenName: "治", Email: demoAdmin, Password: demoPassword}, "見本のパソコン")
	if err != nil {
		return err
	}
	signed, err := d.accounts.BySession(ctx, session)
	if err != nil {
		return err
	}
	d.admin = signed.Access
	fmt.Fprintf(&d.signIns, "見本のサインイン（人も団体も実在しません）\n"+
		"  管理者　　 /signin/staff　%s　パスワード %s（確認のコードは、この画面にメールとして出ます）\n", demoAdmin, demoPassword)
	return nil
}

// town gives one municipality a front desk and its つながり先.
func (d *demo) town(ctx context.Context) error {
	_, err := d.staff(ctx, accounts.PostInput{
		Name: "見本市 地域福祉係", Role: accounts.Desk, Municipalities: []string{demoTown}, OfficeEmail: demoDesk,
	}, "薄荷", "香")
	if err != nil {
		return err
	}
	for _, p := range []accounts.PlaceInput{
		{Kind: accounts.Everyday, Name: "見本サロン「ストーブのまわり」", ForWhom: "どなたでも", Hours: "毎週水曜 10時から12時", Phone: "0157-00-0001"},
		{Kind: accounts.Everyday, Name: "見本カフェ「ハッカの風」", ForWhom: "お茶を飲みたい方", Hours: "第2・第4土曜 13時から15時", Phone: "0157-00-0002"},
	} {
		p.ConfirmedOn = d.clock.In(courses.Japan).Format(time.DateOnly)
		if _, err := d.accounts.AddPlace(ctx, d.admin, demoTown, p); err != nil {
			return err
		}
	}
	fmt.Fprintf(&d.signIns, "  窓口担当　 /signin/staff　%s　パスワード 同じ（北見市の人だけを探せます）\n", demoDesk)
	return nil
}

// staff makes a post with one member, who signs in with the post's own address.
func (d *demo) staff(ctx context.Context, in accounts.PostInput, family, given string) (accountID string, err error) {
	post, err := d.accounts.AddPost(ctx, d.admin, in)
	if err != nil {
		return "", err
	}
	token, err := d.accounts.Invite(ctx, d.admin, post.ID, accounts.Invitee{}, d.invitationLink)
	if err != nil {
		return "", err
	}
	return d.accounts.Accept(ctx, token, accounts.Acceptance{FamilyName: family, GivenName: given, Email: in.OfficeEmail, Password: demoPassword}, "")
}
