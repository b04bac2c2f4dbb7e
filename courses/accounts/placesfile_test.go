package accounts_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"tsunagari/courses/accounts"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
	"tsunagari/storage/table"
)

// file is the municipality's list as a CSV file, changed by edit.
func (s *site) file(by accounts.Access, code string, edit func(rows [][]string) [][]string) []byte {
	s.t.Helper()
	list, err := s.EditPlaces(ctx, by, code)
	s.must(err)
	rows := edit(accounts.PlacesTable(list))
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	for _, row := range rows {
		for i := range row {
			row[i] = table.Guarded(row[i])
		}
		s.must(w.Write(row))
	}
	w.Flush()
	return b.Bytes()
}

func same(rows [][]string) [][]string { return rows }

// takes reads the file, plans it and takes it; said is what every row was to change.
func (s *site) takesFile(by accounts.Access, code string, data []byte) (said string, err error) {
	s.t.Helper()
	rows, err := accounts.ReadPlaces(data)
	s.must(err)
	plan, err := s.PreviewPlaces(ctx, by, code, rows)
	s.must(err)
	for _, r := range rows {
		if r.Err != nil {
			said += fmt.Sprintf("%d! ", r.Number)
			continue
		}
		said += fmt.Sprintf("%d%s ", r.Number, r.Change)
	}
	rows, _ = accounts.ReadPlaces(data)
	return said, s.ImportPlaces(ctx, by, code, rows, plan)
}

func TestPlacesFileGoesRound(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		desk := s.staff(accounts.Desk, kitami)
		_, err := s.AddPlace(ctx, desk, kitami, accounts.PlaceInput{
			Kind: accounts.Everyday, Name: "＝サロン", ForWhom: "+どなたでも", Opens: []string{"1", "3"}, Hours: "-10時", Phone: "0157-00-0000", ConfirmedOn: "2026-11-01",
		})
		s.must(err)
		said, err := s.takesFile(desk, kitami, s.file(desk, kitami, same))
		if err != nil || said != "2same 3same 4same 5same " {
			t.Errorf("the list itself: %s %v", said, err)
		}
		data := s.file(desk, kitami, func(rows [][]string) [][]string {
			rows[1][8], rows[1][10] = "0157-11-1111", "2026/11/3"
			rows[4][6] = "月曜日、金曜日"
			row := make([]string, len(rows[0]))
			row[3], row[4], row[6], row[10] = "居場所", "新しい喫茶", "平日", "令和8年"
			row[10] = "11-05-26"
			return append(rows, row)
		})
		said, err = s.takesFile(desk, kitami, data)
		if err != nil || said != "2changed 3same 4same 5changed 6new " {
			t.Errorf("changed: %s %v", said, err)
		}
		before := len(s.acts())
		said, err = s.takesFile(desk, kitami, data)
		if err != nil || said != "2same 3same 4same 5same 6same " || len(s.acts()) != before {
			t.Errorf("the same file again: %s %v", said, err)
		}
		list, err := s.Places(ctx, kitami)
		s.must(err)
		got := ""
		for _, p := range list {
			got += p.Name + p.Opens.Label() + p.Phone + p.ConfirmedOn + " "
		}
		if want := "役場の福祉担当0157-11-11112026-11-03 社会福祉協議会 地域包括支援センター 新しい喫茶月・火・水・木・金2026-11-05 ＝サロン月・金0157-00-00002026-11-01 "; got != want {
			t.Errorf("%s, want %s", got, want)
		}
	})
}

// What the file has no column for stays as it was; an empty cell empties it.
func TestPlacesFileWithFewColumns(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		desk := s.staff(accounts.Desk, kitami)
		place, err := s.AddPlace(ctx, desk, kitami, accounts.PlaceInput{
			Kind: accounts.Everyday, Name: "サロン", Opens: []string{"2"}, Hours: "10時", Phone: "0157-00-0000", Address: "北町", ConfirmedOn: "2026-11-01",
		})
		s.must(err)
		said, err := s.takesFile(desk, kitami, []byte("種類,名前,時間,電話番号\n居場所,サロン,,0157-11-1111\n"))
		if err != nil || said != "2changed " {
			t.Errorf("%s %v", said, err)
		}
		place, err = s.EditPlace(ctx, desk, place.ID)
		s.must(err)
		if got := string(place.Opens) + place.Hours + place.Phone + place.Address + place.ConfirmedOn; got != "20157-11-1111北町2026-11-01" {
			t.Error(got)
		}
	})
}

// One wrong row, and nothing is written.
func TestPlacesFileIsTakenWholeOrNot(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		desk, other := s.staff(accounts.Desk, kitami), s.staff(accounts.Officer, abashiri)
		theirs, err := s.EditPlaces(ctx, other, abashiri)
		s.must(err)
		for name, c := range map[string]struct {
			cells [11]string
			want  error
		}{
			"town":    {[11]string{"", abashiri, "", "相談", "窓口"}, accounts.ErrPlaceTown},
			"number":  {[11]string{theirs[0].ID, "", "", "相談", "窓口"}, accounts.ErrPlaceNumber},
			"twice":   {[11]string{"", "", "", "相談", "よい窓口"}, accounts.ErrPlaceTwice},
			"days":    {[11]string{"", "", "", "相談", "窓口", "", "第2水曜"}, accounts.ErrPlaceDays},
			"day":     {[11]string{"", "", "", "相談", "窓口", "", "", "", "", "", "きのう"}, nil},
			"future":  {[11]string{"", "", "", "相談", "窓口", "", "", "", "", "", "2026-11-24"}, accounts.ErrFuture},
			"kind":    {[11]string{"", "", "", "公園", "窓口"}, nil},
			"no name": {[11]string{"", "", "", "相談", ""}, nil},
		} {
			data := s.file(desk, kitami, func(rows [][]string) [][]string {
				good := make([]string, 11)
				good[3], good[4] = "相談・支援の窓口", "よい窓口"
				return append(rows, good, c.cells[:])
			})
			said, err := s.takesFile(desk, kitami, data)
			s.is(err, accounts.ErrPlaceRows)
			if !strings.HasSuffix(said, "5new 6! ") {
				t.Errorf("%s: %s", name, said)
			}
			rows, _ := accounts.ReadPlaces(data)
			if _, err := s.PreviewPlaces(ctx, desk, kitami, rows); err != nil || c.want != nil && !errors.Is(rows[4].Err, c.want) {
				t.Errorf("%s: %v %v", name, rows[4].Err, err)
			}
		}
		if list, _ := s.Places(ctx, kitami); len(list) != 3 {
			t.Errorf("%d places", len(list))
		}
		rows, _ := accounts.ReadPlaces(s.file(desk, kitami, same))
		_, err = s.PreviewPlaces(ctx, other, kitami, rows)
		s.is(err, storage.ErrNotFound)
		s.is(s.ImportPlaces(ctx, other, kitami, rows, ""), storage.ErrNotFound)
		_, err = accounts.ReadPlaces([]byte("名前,住所\nサロン,北見市\n"))
		s.is(err, accounts.ErrPlaceHeader)
	})
}

// What somebody else changed after the preview is not written over, and two at once
// add a place once.
func TestPlacesFileAndOthers(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		s := newSite(t, db)
		desk := s.staff(accounts.Desk, kitami)
		data := s.file(desk, kitami, func(rows [][]string) [][]string {
			row := make([]string, 11)
			row[3], row[4] = "居場所", "サロン"
			return append(rows, row)
		})
		rows, err := accounts.ReadPlaces(data)
		s.must(err)
		plan, err := s.PreviewPlaces(ctx, desk, kitami, rows)
		s.must(err)
		var wg sync.WaitGroup
		errs := make([]error, 4)
		for i := range errs {
			wg.Go(func() {
				mine, _ := accounts.ReadPlaces(data)
				errs[i] = s.ImportPlaces(ctx, desk, kitami, mine, plan)
			})
		}
		wg.Wait()
		taken := 0
		for _, err := range errs {
			if err == nil {
				taken++
			} else {
				s.is(err, storage.ErrConflict)
			}
		}
		if list, _ := s.Places(ctx, kitami); taken != 1 || len(list) != 4 {
			t.Errorf("%d took it, %d places", taken, len(list))
		}
	})
}
