package certificates_test

import (
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"tsunagari/certificates"
	"tsunagari/courses/accounts"
	"tsunagari/storage/storagetest"
)

// merge joins the two as courses does before: the completions are into's, and the
// later one part of the earlier.
func (w *office) merge(from, into *accounts.Account, later, earlier string) {
	w.t.Helper()
	w.must(w.db.Tx(ctx, func(tx *gorm.DB) error {
		if err := tx.Exec("UPDATE completions SET account_id = ? WHERE account_id = ?", into.ID, from.ID).Error; err != nil {
			return err
		}
		if err := tx.Exec("UPDATE completions SET account_id = NULL, merged_into = ? WHERE id = ?", earlier, later).Error; err != nil {
			return err
		}
		return w.Merge(tx, from.ID, into.ID)
	}))
}

func TestMergeReplacesTheLater(t *testing.T) {
	run(t, func(t *testing.T, w *office) {
		a, b := w.person("髙崎", "𠮷子"), w.person("高崎", "吉子")
		first, second := w.completion(a, "2026-10-01"), w.completion(b, "2026-11-23")
		w.must(w.complete(first))
		w.must(w.complete(second))
		stays, goes := w.newest(a), w.newest(b)
		w.merge(a, b, second.ID, first.ID)

		list, _, err := w.Of(ctx, b.ID)
		w.must(err)
		if len(list) != 2 {
			t.Fatalf("%d certificates", len(list))
		}
		v, err := w.ByNumber(ctx, goes.Number)
		w.must(err)
		if v.State != certificates.Replaced || v.ReplacedBy != stays.Number || !v.Merged {
			t.Errorf("%+v", v)
		}
		if v, err := w.ByNumber(ctx, stays.Number); err != nil || v.State != certificates.Issued {
			t.Errorf("%+v %v", v, err)
		}
		// A name that is corrected afterwards gives a new one, which is not a merge.
		n := certificates.Name{Family: "髙﨑", Given: "𠮷子", FamilyKana: "たかさき", GivenKana: "よしこ"}
		w.must(w.Correct(ctx, admin, b.ID, n, "戸籍の字に"))
		if v, err := w.ByNumber(ctx, stays.Number); err != nil || v.State != certificates.Replaced || v.Merged || v.ReplacedBy != w.newest(b).Number {
			t.Errorf("%+v %v", v, err)
		}
		if v, err := w.ByNumber(ctx, goes.Number); err != nil || v.ReplacedBy != stays.Number {
			t.Errorf("%+v %v", v, err)
		}
		w.must(w.db.Tx(ctx, func(tx *gorm.DB) error { return w.Erase(tx, b.ID) }))
		for _, c := range list {
			if _, printed, err := w.ByCode(ctx, *c.Code); err != nil || printed != nil {
				t.Errorf("%s is still readable: %+v %v", c.Number, printed, err)
			}
		}
	})
}

// What waits only for a name that can be printed is issued with the name that stays.
func TestMergeIssuesWhatWaited(t *testing.T) {
	run(t, func(t *testing.T, w *office) {
		a, b := w.person("⼭田", "花子"), w.person("山田", "花子")
		w.must(w.complete(w.completion(a, "2026-10-01")))
		w.merge(a, b, "", "")
		cert := w.newest(b)
		_, waits, err := w.Of(ctx, b.ID)
		w.must(err)
		if cert.Printed.Name != "山田　花子" || cert.Printed.CompletedOn != "2026-10-01" || len(waits) != 0 {
			t.Errorf("%+v, %d waits", cert, len(waits))
		}
	})
}

// Of two open requests the later one is what the person wants.
func TestMergeJoinsRequests(t *testing.T) {
	run(t, func(t *testing.T, w *office) {
		clock := storagetest.Clock(w.db)
		for _, laterIsFrom := range []bool{true, false} {
			from, into := w.person("山田", "花子"), w.person("山田", "花子")
			order := []*accounts.Account{from, into}
			if laterIsFrom {
				order = []*accounts.Account{into, from}
			}
			w.must(w.Ask(ctx, from.ID, certificates.AskCorrection{Name: certificates.Name{Family: "山田", FamilyKana: "やまだ"}, Note: "まえの"}))
			open, err := w.OpenCorrections(ctx, admin)
			w.must(err)
			w.must(w.Decide(ctx, admin, open[0].ID, false, "いまのままで"))
			for _, a := range order {
				clock.Add(time.Hour)
				w.must(w.Ask(ctx, a.ID, certificates.AskCorrection{Name: certificates.Name{Family: "山田", FamilyKana: "やまだ"}, Note: a.ID}))
			}
			w.must(w.db.Tx(ctx, func(tx *gorm.DB) error { return w.Merge(tx, from.ID, into.ID) }))
			asked, err := w.Corrections(ctx, into.ID)
			w.must(err)
			if len(asked) != 2 || asked[0].State != certificates.Asked || asked[0].Note != order[1].ID || asked[1].Note != "まえの" {
				t.Errorf("%+v", asked)
			}
			w.must(w.Decide(ctx, admin, asked[0].ID, false, "いまのままで"))
		}
	})
}

func TestMergePreviewOfCertificates(t *testing.T) {
	run(t, func(t *testing.T, w *office) {
		a, b := w.person("髙崎", "𠮷子"), w.person("高崎", "吉子")
		w.must(w.complete(w.completion(a, "2026-10-01")))
		var part accounts.MergePart
		w.must(w.db.Tx(ctx, func(tx *gorm.DB) (err error) {
			part, err = w.PreviewMerge(tx, a.ID, b.ID)
			return err
		}))
		number := w.newest(a).Number
		if len(part.Rows) != 1 || part.Rows[0].From != "第"+number+"号（有効）" || part.Rows[0].Into != "" || len(part.Changes) != 1 ||
			!strings.Contains(part.Changes[0], "そのまま有効") || !strings.Contains(part.Changes[0], "髙崎　𠮷子") {
			t.Errorf("%+v", part)
		}
	})
}
