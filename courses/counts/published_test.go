package counts

import (
	"context"
	"testing"

	"gorm.io/gorm"

	"tsunagari/courses"
	"tsunagari/courses/accounts"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

// codesOf are some municipalities, in order.
var codesOf = []Area{"012084", "012114", "012190", "015431", "015440", "015458"}

// closesAll puts closed months as they are frozen and lets every quarter decide.
func closesAll(t *testing.T, db *storage.DB, months calendar, people [][]amount, places []place) {
	t.Helper()
	err := db.Tx(context.Background(), func(tx *gorm.DB) error {
		for m, month := range months {
			if err := tx.Create(&Closing{Month: month, ClosedAt: tx.NowFunc()}).Error; err != nil {
				return err
			}
			total := 0
			for i, of := range people {
				total += of[m][0]
				if err := tx.Exec("INSERT INTO closed_ages (month, area, age_band, people) VALUES (?, ?, ?, ?)", month, codesOf[0], accounts.AgeBands[i], of[m][0]).Error; err != nil {
					return err
				}
			}
			if err := tx.Create(&closed{month, Residence, codesOf[0], "", total}).Error; err != nil {
				return err
			}
			for _, p := range places {
				if p.Month == month {
					if err := tx.Exec("INSERT INTO closed_places (month, area, host, course, people) VALUES (?, ?, ?, ?, ?)", p.Month, p.Area, p.Host, p.Course, p.People).Error; err != nil {
						return err
					}
				}
			}
			if (m+1)%3 == 0 {
				if err := release(tx, month, usual); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// inside is what the blocks show of a period.
func inside(s *sheet, item int, from, until int) (people amount) {
	for _, b := range s.blocks[item] {
		if from <= b.from && b.until <= until {
			people = people.plus(s.sum(item, b.from, b.until))
		}
	}
	return people
}

// What the program shows, of every period and to everybody, is what the attacker was
// given, and no more.
func TestTablesAreWhatTheAttackerSaw(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		c := New(db, courses.New(db), Options{})
		months := yearsOf(2)
		rnd := newRandom(23)
		people := aTown(rnd, len(months), len(accounts.AgeBands), 6)
		region, months, shown := simulateMethods(rnd, 1, false)
		var places []place
		for _, p := range region.places(months) {
			p.Area = codesOf[p.Area[5]-'0']
			if p.Host != Unknown {
				p.Host = codesOf[p.Host[5]-'0']
			}
			places = append(places, p)
		}
		closesAll(t, db, months, people, places)
		own, outside := ours(people, months.quarters())
		of := placesOf(places, months)
		cells := 0
		same := func(s *sheet, audience Audience, g Geo, area Area, d Dim, keys func(k int) amount) {
			for from := 0; from < len(months); from += 3 {
				for until := from + 2; until < len(months); until += 3 {
					p := Period{months[from], months[until]}
					table, err := c.Table(context.Background(), ScopeOfCodes([]string{area}), audience, g, area, d, p)
					if !months.spans(p) {
						if err == nil {
							t.Errorf("a table of %v", p)
						}
						continue
					}
					if err != nil {
						t.Fatal(err)
					}
					for k, cell := range table.Cells {
						item, part := keys(k)[0], keys(k)[1]
						if want := inside(s, item, from, until)[part]; cell.Value != want || cell.Hidden && want > 0 {
							t.Errorf("%s of %s to %s, %v, %s: %+v, want %d", d, area, audience, p, table.Keys[k], cell, want)
						}
						if cell.Value > 0 {
							cells++
						}
					}
				}
			}
		}
		byItem := func(k int) amount { return amount{k, 0} }
		same(bandSheet(people, months.quarters(), own), ToOwn, Residence, codesOf[0], Band, byItem)
		same(bandSheet(people, months.quarters(), outside), ToOthers, Residence, codesOf[0], Band, byItem)
		for town := range region {
			byPart := func(k int) amount { return amount{town, k} }
			same(of.method(months.quarters(), shown.method), ToOwn, Residence, codesOf[town], Method, byPart)
			same(of.other(months.quarters(), shown.other), ToOwn, Residence, codesOf[town], OtherGeo, byPart)
			same(of.other(months.quarters(), shown.other), ToOwn, Host, codesOf[town], OtherGeo, func(k int) amount { return amount{town, 2 * k} })
		}
		if cells < 60 {
			t.Errorf("only %d cells were compared", cells)
		}
	})
}
