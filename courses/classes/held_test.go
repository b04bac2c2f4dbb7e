package classes_test

import (
	"fmt"
	"testing"

	"gorm.io/gorm"

	"tsunagari/courses/classes"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

// A class counts once its day is there, unless it was cancelled; who holds two is
// one trainer.
func TestHeld(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		h := newHall(t, db)
		for _, day := range []string{yesterday, today, thursday} {
			h.class(day, func(in *classes.Input) { in.Helpers = []string{h.other.AccountID} })
		}
		h.must(h.Cancel(ctx, h.me, h.class(today).ID, "大雪"))
		for _, c := range []struct {
			hosts       []string
			from, until string
			want        string
		}{
			{nil, "", "9999-12-31", "map[012084:2] 2"},
			{[]string{kitami}, today, today, "map[012084:1] 2"},
			{[]string{abashiri}, "", "9999-12-31", "map[] 0"},
			{[]string{}, "", "9999-12-31", "map[] 0"},
		} {
			h.must(db.Tx(ctx, func(tx *gorm.DB) error {
				byHost, trainers, err := classes.HeldTx(tx, c.hosts, c.from, c.until)
				if got := fmt.Sprint(byHost, trainers); got != c.want {
					t.Errorf("%+v: %s", c, got)
				}
				return err
			}))
		}
	})
}
