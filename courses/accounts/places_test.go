package accounts_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"tsunagari/courses/accounts"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

func TestPlacesBeginWithBlanks(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		labels := func(list []accounts.Place) (names string) {
			for _, p := range list {
				names += p.Name + " "
			}
			return names
		}
		const blanks = "役場の福祉担当 社会福祉協議会 地域包括支援センター "
		list, err := s.Places(ctx, kitami)
		if err != nil || labels(list) != blanks || list[0].ID != "" || !list[0].Blank() || list[0].Kind != accounts.Support {
			t.Errorf("for everybody: %+v %v", list, err)
		}
		_, err = s.Places(ctx, "012085")
		s.is(err, storage.ErrNotFound)

		desk := s.staff(accounts.Desk, kitami)
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				if _, err := s.EditPlaces(ctx, desk, kitami); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		list, err = s.EditPlaces(ctx, desk, kitami)
		if err != nil || labels(list) != blanks || list[2].ID == "" {
			t.Errorf("to edit: %+v %v", list, err)
		}
		s.must(s.SetPlace(ctx, desk, list[0].ID, accounts.PlaceInput{
			Kind: accounts.Everyday, Name: "保健福祉部 社会福祉課", Phone: "0157-00-0000", ConfirmedOn: "2026-11-23", Version: 1,
		}))
		_, err = s.AddPlace(ctx, desk, kitami, accounts.PlaceInput{Kind: accounts.Everyday, Name: "ふれあいサロン"})
		s.must(err)
		list, err = s.Places(ctx, kitami)
		if err != nil || labels(list) != "保健福祉部 社会福祉課 社会福祉協議会 地域包括支援センター ふれあいサロン " || list[0].Kind != accounts.Support || list[0].Blank() || list[0].Stale {
			t.Errorf("filled in: %+v %v", list, err)
		}
		if n, err := s.StalePlaces(ctx, desk); err != nil || n != 1 { // the サロン, not the blanks
			t.Errorf("%d to look after, %v", n, err)
		}
		s.clock.Set(time.Date(2027, 11, 22, 14, 59, 0, 0, time.UTC)) // a minute before the year is over in Japan
		list, _ = s.Places(ctx, kitami)
		early := list[0].Stale
		s.clock.Add(time.Minute)
		if list, err = s.Places(ctx, kitami); err != nil || early || !list[0].Stale || list[1].Stale {
			t.Errorf("after 12 months: %v, then %+v %v", early, list, err)
		}
		if n, err := s.StalePlaces(ctx, s.admin); err != nil || n != 2 {
			t.Errorf("%d to look after, %v", n, err)
		}
		s.must(s.RemovePlace(ctx, desk, list[0].ID))
		if list, err = s.Places(ctx, kitami); err != nil || labels(list) != blanks+"ふれあいサロン " {
			t.Errorf("removed: %+v %v", list, err)
		}
	})
}

func TestWhoEditsPlaces(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		in := accounts.PlaceInput{Kind: accounts.Everyday, Name: "サロン", Version: 1}
		place, err := s.AddPlace(ctx, s.staff(accounts.Officer, kitami, abashiri), kitami, in)
		s.must(err)
		for name, by := range map[string]accounts.Access{
			"another town's desk": s.staff(accounts.Desk, abashiri), "a trainer of the town": s.staff(accounts.Trainer, kitami), "nobody": {},
		} {
			if _, err := s.AddPlace(ctx, by, kitami, in); err != storage.ErrNotFound {
				t.Errorf("%s adds: %v", name, err)
			}
			if _, err := s.EditPlaces(ctx, by, kitami); err != storage.ErrNotFound {
				t.Errorf("%s lists: %v", name, err)
			}
			if _, err := s.EditPlace(ctx, by, place.ID); err != storage.ErrNotFound {
				t.Errorf("%s opens: %v", name, err)
			}
			if err := s.SetPlace(ctx, by, place.ID, in); err != storage.ErrNotFound {
				t.Errorf("%s changes: %v", name, err)
			}
			if err := s.RemovePlace(ctx, by, place.ID); err != storage.ErrNotFound {
				t.Errorf("%s removes: %v", name, err)
			}
		}
		desk := s.staff(accounts.Desk, kitami)
		s.must(s.SetPlace(ctx, desk, place.ID, in))
		s.is(s.SetPlace(ctx, s.admin, place.ID, in), storage.ErrConflict)
		in.Version = 2
		s.must(s.SetPlace(ctx, s.admin, place.ID, in))
		s.must(s.RemovePlace(ctx, desk, place.ID))
		s.is(s.RemovePlace(ctx, desk, place.ID), storage.ErrNotFound)
	})
}

func TestPlaceRules(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		for field, in := range map[string]accounts.PlaceInput{
			"kind":         {Kind: "shop", Name: "x"},
			"name":         {Kind: accounts.Support, Name: " 　"},
			"phone":        {Kind: accounts.Support, Name: "x", Phone: "なし"},
			"hours":        {Kind: accounts.Support, Name: "x", Hours: "9時\x00"},
			"confirmed_on": {Kind: accounts.Support, Name: "x", ConfirmedOn: "2026-02-30"},
		} {
			if _, err := s.AddPlace(ctx, s.admin, kitami, in); !invalid(err, field) {
				t.Errorf("%s: %v", field, err)
			}
		}
		_, err := s.AddPlace(ctx, s.admin, kitami, accounts.PlaceInput{Kind: accounts.Support, Name: "x", ConfirmedOn: "2026-11-24"})
		s.is(err, accounts.ErrFuture)
	})
}

func TestHelplines(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		var ids []string
		for _, name := range []string{"いのちの電話", "よりそいホットライン", "子どもの電話"} {
			line, err := s.AddHelpline(ctx, s.admin, accounts.HelplineInput{Name: name, Phone: "0120-000-000", Hours: "毎日 24時間"})
			s.must(err)
			ids = append(ids, line.ID)
		}
		order := func() (names string) {
			list, err := s.Helplines(ctx)
			s.must(err)
			for _, l := range list {
				names += l.Name[:6] + " "
			}
			return names
		}
		s.must(s.MoveHelpline(ctx, s.admin, ids[2], true))
		s.must(s.MoveHelpline(ctx, s.admin, ids[0], true))  // at the end: stays
		s.must(s.MoveHelpline(ctx, s.admin, ids[1], false)) // likewise
		if got := order(); got != "いの 子ど より " {
			t.Errorf("moved: %s", got)
		}
		in := accounts.HelplineInput{Name: "よりそい", Phone: "0120-111-111", Hours: "毎日", ConfirmedOn: "2026-11-23", Version: 1}
		s.must(s.SetHelpline(ctx, s.admin, ids[1], in))
		s.is(s.SetHelpline(ctx, s.admin, ids[1], in), storage.ErrConflict)
		in.ConfirmedOn = "2026-11-24"
		s.is(s.SetHelpline(ctx, s.admin, ids[1], in), accounts.ErrFuture)
		s.is(s.SetHelpline(ctx, s.admin, "none", accounts.HelplineInput{Name: "x", Phone: "1", Hours: "x"}), storage.ErrNotFound)
		if err := s.SetHelpline(ctx, s.admin, ids[1], accounts.HelplineInput{Name: "x", Phone: "x", Hours: "x"}); !invalid(err, "phone") {
			t.Errorf("no number: %v", err)
		}
		officer := s.staff(accounts.Officer, kitami)
		_, err := s.AddHelpline(ctx, officer, in)
		s.is(err, storage.ErrNotFound)
		s.is(s.SetHelpline(ctx, officer, ids[1], in), storage.ErrNotFound)
		s.is(s.MoveHelpline(ctx, officer, ids[1], true), storage.ErrNotFound)
		s.is(s.RemoveHelpline(ctx, officer, ids[1]), storage.ErrNotFound)
		s.must(s.RemoveHelpline(ctx, s.admin, ids[0]))
		s.is(s.RemoveHelpline(ctx, s.admin, ids[0]), storage.ErrNotFound)
		s.clock.Set(time.Date(2027, 11, 23, 0, 0, 0, 0, time.UTC))
		list, err := s.Helplines(ctx)
		if err != nil || order() != "子ど より " || list[0].Stale || !list[1].Stale {
			t.Errorf("a year later: %+v %v", list, err)
		}
	})
}

func TestWeekdays(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		desk := s.staff(accounts.Desk, kitami)
		place, err := s.AddPlace(ctx, desk, kitami, accounts.PlaceInput{Kind: accounts.Everyday, Name: "ふれあいサロン", Opens: []string{"7", "1", "1"}})
		s.must(err)
		if place.Opens != "17" || place.Opens.Label() != "月・日" || accounts.EveryDay.Label() != "毎日" || accounts.Weekdays("").Label() != "" {
			t.Errorf("%q %s", place.Opens, place.Opens.Label())
		}
		in := place.Input()
		in.Opens = []string{"3"}
		s.must(s.SetPlace(ctx, desk, place.ID, in))
		place, err = s.EditPlace(ctx, desk, place.ID)
		s.must(err)
		wednesday := time.Date(2026, 11, 24, 15, 0, 0, 0, time.UTC) // 00:00 on the 25th in Japan
		if !place.Opens.On(wednesday) || place.Opens.On(wednesday.Add(-time.Second)) || accounts.DayName(wednesday) != "水" {
			t.Errorf("%q on %s", place.Opens, accounts.DayName(wednesday))
		}
		in.Opens, in.Version = []string{"8"}, 2
		if err := s.SetPlace(ctx, desk, place.ID, in); err == nil {
			t.Error("an eighth day")
		}
	})
}

// Who keeps the lists is asked each March to look after what was not confirmed.
func TestStalePlacesAreInTheReminder(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		desk := s.staff(accounts.Desk, kitami)
		s.staff(accounts.Trainer, kitami)
		s.staff(accounts.Officer, abashiri)
		for _, name := range []string{"サロン", "畑"} {
			_, err := s.AddPlace(ctx, desk, kitami, accounts.PlaceInput{Kind: accounts.Everyday, Name: name})
			s.must(err)
		}
		s.clock.Set(time.Date(2027, 3, 1, 3, 0, 0, 0, time.UTC))
		_, err := s.RemindPosts(ctx, "")
		s.must(err)
		told := 0
		for _, m := range s.mail() {
			if strings.Contains(m.Body, "確認が要るつながり先が2件あります") {
				told++
			}
		}
		if told != 1 {
			t.Errorf("%d posts were told", told)
		}
	})
}
