package counts_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/go-playground/validator/v10"
	"github.com/xuri/excelize/v2"
	"gorm.io/gorm"

	"tsunagari/courses/accounts"
	"tsunagari/courses/counts"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

// officer is somebody in an officer post of the municipalities.
func (w *town) officer(codes ...string) (by accounts.Access) {
	w.t.Helper()
	post, err := w.accounts.AddPost(ctx, accounts.Shell(), accounts.PostInput{
		Name: "福祉課", Role: accounts.Officer, Municipalities: codes, OfficeEmail: "fukushi@town.example.jp",
	})
	w.must(err)
	person := w.person(codes[0])
	w.tx(func(tx *gorm.DB) error {
		if err := tx.Create(&accounts.Member{ID: post.ID, PostID: post.ID, AccountID: person, BeganAt: tx.NowFunc()}).Error; err != nil {
			return err
		}
		by, err = accounts.AccessOf(tx, person)
		return err
	})
	return by
}

func separateIn(code, day, name, people string) counts.SeparateInput {
	return counts.SeparateInput{Municipality: code, HeldOn: day, Name: name, People: people, Source: "令和6年度 実績報告"}
}

func TestSeparates(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		w := newTown(t, db)
		by, scope := w.officer(kitami), counts.ScopeOfCodes([]string{kitami})
		in := separateIn(kitami, "2024-06-10", "養成講座（第1回）", "２４人")
		w.must(w.AddSeparate(ctx, by, in))
		if err := w.AddSeparate(ctx, by, in); !errors.Is(err, counts.ErrSeparateThere) {
			t.Errorf("the same class again: %v", err)
		}
		for about, c := range map[string]struct {
			in   counts.SeparateInput
			want error
		}{
			"somebody else's town": {separateIn(abashiri, "2024-06-10", "講座", "3"), storage.ErrNotFound},
			"no town":              {separateIn("999999", "2024-06-10", "講座", "3"), storage.ErrNotFound},
			"a day to come":        {separateIn(kitami, "2030-01-01", "講座", "3"), counts.ErrHeldOn},
			"nobody came":          {separateIn(kitami, "2024-06-11", "講座", "0"), counts.ErrAttended},
			"a guess":              {separateIn(kitami, "2024-06-11", "講座", "約20"), counts.ErrAttended},
			"less than nobody":     {separateIn(kitami, "2024-06-11", "講座", "-3"), counts.ErrAttended},
		} {
			if err := w.AddSeparate(ctx, by, c.in); !errors.Is(err, c.want) {
				t.Errorf("%s: %v", about, err)
			}
		}
		var invalid validator.ValidationErrors
		if err := w.AddSeparate(ctx, by, separateIn(kitami, "令和6年", "", "")); !errors.As(err, &invalid) || len(invalid) != 3 {
			t.Errorf("an empty form: %v", err)
		}
		list, err := w.Separates(ctx, scope, nil)
		w.must(err)
		if len(list) != 1 || list[0].People != 24 || list[0].Version != 1 {
			t.Fatalf("%+v", list)
		}
		head, err := w.Headline(ctx, scope, nil, "")
		w.must(err)
		if head.Separate != 24 || head.Total != 0 {
			t.Errorf("reported apart %d, counted %d", head.Separate, head.Total)
		}
		if _, err := w.Separates(ctx, scope, []string{abashiri}); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("another town's: %v", err)
		}
		w.changesSeparate(by, list[0])
	})
}

func (w *town) changesSeparate(by accounts.Access, one counts.Separate) {
	w.t.Helper()
	stranger := w.officer(abashiri)
	if _, err := w.Separate(ctx, stranger, one.ID); !errors.Is(err, storage.ErrNotFound) {
		w.t.Errorf("a stranger reads it: %v", err)
	}
	in := separateIn("", "2024-06-12", "養成講座", "30")
	in.Version = one.Version
	if err := w.SetSeparate(ctx, stranger, one.ID, in); !errors.Is(err, storage.ErrNotFound) {
		w.t.Errorf("a stranger changes it: %v", err)
	}
	w.must(w.SetSeparate(ctx, by, one.ID, in))
	if err := w.SetSeparate(ctx, by, one.ID, in); !errors.Is(err, storage.ErrConflict) {
		w.t.Errorf("a change of what somebody else changed: %v", err)
	}
	w.must(w.AddSeparate(ctx, by, separateIn(kitami, "2024-07-01", "第2回", "5")))
	in.Version, in.HeldOn, in.Name = 2, "2024-07-01", "第2回"
	if err := w.SetSeparate(ctx, by, one.ID, in); !errors.Is(err, counts.ErrSeparateThere) {
		w.t.Errorf("changed into another: %v", err)
	}
	if err := w.RemoveSeparate(ctx, stranger, one.ID); !errors.Is(err, storage.ErrNotFound) {
		w.t.Errorf("a stranger removes it: %v", err)
	}
	w.must(w.RemoveSeparate(ctx, by, one.ID))
	if _, err := w.Separate(ctx, by, one.ID); !errors.Is(err, storage.ErrNotFound) {
		w.t.Errorf("removed: %v", err)
	}
	log, _, err := w.accounts.AuditLog(ctx, accounts.AuditQuery{Subject: one.ID})
	w.must(err)
	if len(log) != 3 || log[0].Label() != "別途報告の削除" {
		w.t.Errorf("%+v", log)
	}
}

// filled is a form as a town sends it back: rows of cells under the form's own head.
func (w *town) filled(scope counts.Scope, rows ...[]any) []byte {
	w.t.Helper()
	form, err := w.InquiryForm(ctx, scope)
	w.must(err)
	var b bytes.Buffer
	w.must(form.XLSX(&b, w.db.Now()))
	x, err := excelize.OpenReader(&b)
	w.must(err)
	defer x.Close()
	first := 0
	have, err := x.GetRows("照会様式")
	w.must(err)
	for i, row := range have {
		if len(row) > 2 && row[2] == "開催日" {
			first = i + 2
		}
	}
	for i, row := range rows {
		for j, v := range row {
			at, _ := excelize.CoordinatesToCellName(j+1, first+i)
			if v != nil {
				w.must(x.SetCellValue("照会様式", at, v))
			}
		}
	}
	var out bytes.Buffer
	w.must(x.Write(&out))
	return out.Bytes()
}

func said(q *counts.Inquiry) string {
	var b strings.Builder
	for _, r := range q.Rows {
		fmt.Fprintf(&b, "%s %s %s %s %s|%s\n", r.In.Municipality, r.In.HeldOn, r.In.Name, r.In.People, r.State, r.Fault)
	}
	for _, f := range q.Faults {
		fmt.Fprintf(&b, "%d: %s\n", f.Row, f.Reason)
	}
	return b.String()
}

func TestInquiry(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		w := newTown(t, db)
		by, scope := w.officer(kitami, abashiri), counts.ScopeOfCodes([]string{kitami, abashiri})
		file := w.filled(scope,
			[]any{12084, "北見市", "令和6年6月10日", "第1回", "２４", "実績報告"},
			[]any{"012114", "網走市", "2024/7/1", "第1回", 8, "実績報告"},
			[]any{"", "網走市", "R6.8.1", "第2回", "9人", "実績報告"})
		q, err := w.ReadInquiry(ctx, by, file)
		w.must(err)
		const want = "012084 2024-06-10 第1回 24 new|\n012114 2024-07-01 第1回 8 new|\n012114 2024-08-01 第2回 9 new|\n"
		if got := said(q); got != want || !q.Good() {
			t.Fatalf("read as\n%s", got)
		}
		for _, want := range []int{3, 0} {
			added, changed, err := w.TakeSeparates(ctx, by, q.Inputs())
			w.must(err)
			if added != want || changed != 0 {
				t.Errorf("added %d, changed %d", added, changed)
			}
		}
		q, err = w.ReadInquiry(ctx, by, file)
		w.must(err)
		if q.Count(counts.InquirySame) != 3 {
			t.Errorf("the same file again: %s", said(q))
		}
		q, err = w.ReadInquiry(ctx, by, w.filled(scope, []any{"012084", "北見市", "2024-06-10", "第1回", "25", "実績報告"}))
		w.must(err)
		if q.Count(counts.InquiryChanged) != 1 || q.Rows[0].Was != 24 {
			t.Errorf("a corrected file: %s", said(q))
		}
		if added, changed, err := w.TakeSeparates(ctx, by, q.Inputs()); err != nil || added != 0 || changed != 1 {
			t.Errorf("added %d, changed %d, %v", added, changed, err)
		}
	})
}

// One line that cannot be kept keeps all of them out.
func TestInquiryFaults(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		w := newTown(t, db)
		by := w.officer(kitami)
		head := "題\r\n全国地方公共団体コード,市町村名,開催日,講座・教室の名前,人数,出典\r\n"
		for line, want := range map[string]string{
			"012084,北見市,2024-06-10,第1回,24,実績":                             "",
			"012084,網走市,2024-06-10,第1回,24,実績":                             "コードは北見市のもので",
			"012114,網走市,2024-06-10,第1回,24,実績":                             "あなたの係が受けもつ市町村ではありません",
			"999999,北見市,2024-06-10,第1回,24,実績":                             "というコードは",
			",,2024-06-10,第1回,24,実績":                                      "コードがありません",
			"012084,北見市,6月10日,第1回,24,実績":                                  "開催日が読めません",
			"012084,北見市,2030-06-10,第1回,24,実績":                             "今日までの日",
			"012084,北見市,2024-06-10,,24,実績":                                "名前がありません",
			"012084,北見市,2024-06-10,第1回,約20,実績":                            "1からの数",
			"012084,北見市,2024-06-10,第1回,24,":                               "出典がありません",
			"012084,北見市,2024-06-10,第1回,2,a\r\n012084,,2024/6/10,第1回,3,b":  "3行目と同じ教室です",
			"012084,北見市,2024-06-10," + strings.Repeat("あ", 81) + ",24,実績": "長すぎる",
			"012084,北見市,,,,":                                              "書きこまれた行が、ひとつもありません",
		} {
			q, err := w.ReadInquiry(ctx, by, []byte(head+line+"\r\n"))
			w.must(err)
			got := said(q)
			if want == "というコードは" {
				want = "という市町村のコードはありません"
			}
			if q.Good() != (want == "") || !strings.Contains(got, want) {
				t.Errorf("%s\n%s", line, got)
			}
		}
		q, err := w.ReadInquiry(ctx, by, []byte("a,b\r\n1,2\r\n"))
		w.must(err)
		if q.Good() || !strings.Contains(said(q), "見出し") {
			t.Errorf("another table: %s", said(q))
		}
		_, _, err = w.TakeSeparates(ctx, by, []counts.SeparateInput{separateIn(kitami, "2024-06-10", "第1回", "24"), separateIn(abashiri, "2024-06-10", "第1回", "24")})
		if !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("another town among them: %v", err)
		}
		list, err := w.Separates(ctx, counts.Everything(), nil)
		w.must(err)
		if len(list) != 0 {
			t.Errorf("half of it was kept: %+v", list)
		}
	})
}
