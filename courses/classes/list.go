package classes

import (
	"context"

	"gorm.io/gorm"

	"tsunagari/courses"
	"tsunagari/courses/accounts"
	"tsunagari/storage"
)

// Listed is a class as a list shows it.
type Listed struct {
	Class
	Taken   int // seats
	Present int
	HeldBy  string       // name of the owner, "" once erased
	Title   courses.Text `gorm:"-"`
}

// ListPage is how many past classes a page shows.
const ListPage = 20

// Upcoming are the classes of by from today on, the next first; for an
// administrator everybody's.
func (k *Classes) Upcoming(ctx context.Context, by accounts.Access) ([]Listed, error) {
	db := k.db.Read(ctx)
	return k.list(db, by, db.Where("held_on >= ?", dayOf(k.db.Now())).Order("held_on, starts_at, id"))
}

// Past are a page of the classes of by before today, the latest first. next is the
// before of the page that follows, "" on the last one. An unknown before is
// storage.ErrNotFound.
func (k *Classes) Past(ctx context.Context, by accounts.Access, before string) (list []Listed, next string, err error) {
	db := k.db.Read(ctx)
	q := db.Where("held_on < ?", dayOf(k.db.Now()))
	if before != "" {
		last, err := k.Own(db, by, before)
		if err != nil {
			return nil, "", err
		}
		q = q.Where("(held_on, starts_at, id) < (?, ?, ?)", last.HeldOn, last.StartsAt, last.ID)
	}
	list, err = k.list(db, by, q.Order("held_on DESC, starts_at DESC, id DESC").Limit(ListPage+1))
	if len(list) > ListPage {
		list = list[:ListPage]
		next = list[ListPage-1].ID
	}
	return list, next, err
}

func (k *Classes) list(db *gorm.DB, by accounts.Access, q *gorm.DB) (list []Listed, err error) {
	if !by.Role(accounts.Trainer, accounts.Admin) {
		return nil, storage.ErrNotFound
	}
	err = mine(q, by).Model(&Class{}).Select(`*,
		(SELECT TRIM(family_name || ' ' || given_name) FROM accounts WHERE accounts.id = classes.owner) AS held_by,
		(SELECT count(*) FROM seats WHERE class_id = classes.id AND removed_at IS NULL) AS taken,
		(SELECT count(*) FROM seats WHERE class_id = classes.id AND removed_at IS NULL AND attendance = 'present') AS present`).
		Scan(&list).Error
	for i := range list {
		rev, err := k.courses.RevisionTx(db, list[i].RevisionID)
		if err != nil {
			return nil, err
		}
		list[i].Title = rev.Title
	}
	return list, err
}
