package accounts

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"tsunagari/storage"
)

// Duplicate is two registrations that may be one person's: the same ふりがな, the
// same place and the same age band. A registered first.
type Duplicate struct{ A, B Found }

// DuplicateQuery says which of them are wanted.
type DuplicateQuery struct {
	Different bool `query:"different"` // those that were found to be two people
	Page      int  `query:"page"`      // from 1
}

// duplicatePage is how many pairs a page shows.
const duplicatePage = 20

// different says that two accounts are two people (別の人). FirstID is the smaller.
type different struct {
	FirstID, SecondID string
	DecidedBy         string
	DecidedAt         time.Time
}

func (different) TableName() string { return "different_people" }

func differentOf(a, b string) different { return different{FirstID: min(a, b), SecondID: max(a, b)} }

// The candidates are looked for whenever the desk asks, and never when somebody
// registers: nothing in a registration may depend on who is there already.
const duplicateSQL = `SELECT a.id AS first, b.id AS second
FROM accounts a JOIN accounts b ON b.municipality = a.municipality AND b.search_kana = a.search_kana
	AND b.prefecture = a.prefecture AND b.age_band = a.age_band AND a.id < b.id
LEFT JOIN different_people d ON d.first_id = a.id AND d.second_id = b.id
WHERE a.state = 'active' AND a.number <> '' AND b.state = 'active' AND b.number <> '' AND a.search_kana <> ''
	AND (d.first_id IS NOT NULL) = ? AND (? OR a.municipality IN ?)
ORDER BY a.search_kana, a.id, b.id LIMIT ? OFFSET ?`

// Duplicates are the pairs among the people of by's own municipalities (see
// Access), without those that were found to be two people, unless those are asked
// for. more says that there is a next page. Every look is written down. Error:
// storage.ErrNotFound for who is no front desk.
func (a *Accounts) Duplicates(ctx context.Context, by Access, q DuplicateQuery) (list []Duplicate, more bool, err error) {
	if !by.Role(Admin, Desk) {
		return nil, false, storage.ErrNotFound
	}
	offset := (min(max(q.Page, 1), 1000) - 1) * duplicatePage
	err = a.db.Tx(ctx, func(tx *gorm.DB) error {
		var rows []struct{ First, Second string }
		err := tx.Raw(duplicateSQL, q.Different, by.Role(Admin), by.Of(Desk), duplicatePage+1, offset).Scan(&rows).Error
		if err != nil {
			return err
		}
		if more = len(rows) > duplicatePage; more {
			rows = rows[:duplicatePage]
		}
		var ids []string
		for _, r := range rows {
			ids = append(ids, r.First, r.Second)
		}
		people, err := foundByID(tx, ids)
		if err != nil {
			return err
		}
		list = nil
		for _, r := range rows {
			d := Duplicate{people[r.First], people[r.Second]}
			if d.B.RegisteredAt.Before(d.A.RegisteredAt) {
				d.A, d.B = d.B, d.A
			}
			list = append(list, d)
		}
		return Audit(tx, by.AccountID, "person.duplicates", "", "", "")
	})
	return list, more, err
}

func foundByID(tx *gorm.DB, ids []string) (map[string]Found, error) {
	var list []Found
	err := tx.Model(&Account{}).Where("id IN ?", ids).Find(&list).Error
	people := map[string]Found{}
	for _, p := range list {
		people[p.ID] = p
	}
	return people, err
}

// Different keeps that two people whom by may look after (see Access) are not one:
// they are no candidates any more. Said again it changes nothing. Error:
// storage.ErrNotFound.
func (a *Accounts) Different(ctx context.Context, by Access, first, second string) error {
	return a.db.Tx(ctx, func(tx *gorm.DB) error {
		if _, _, err := by.pair(tx, first, second); err != nil {
			return err
		}
		d := differentOf(first, second)
		d.DecidedBy, d.DecidedAt = by.AccountID, tx.NowFunc()
		kept := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&d)
		if kept.Error != nil || kept.RowsAffected == 0 {
			return kept.Error
		}
		return Audit(tx, by.AccountID, "person.different", d.FirstID, d.SecondID, "")
	})
}

// joinDifferent: who is somebody else than from is somebody else than into.
func joinDifferent(tx *gorm.DB, from, into string) error {
	var list []different
	if err := tx.Where("first_id = ? OR second_id = ?", from, from).Find(&list).Error; err != nil {
		return err
	}
	for _, d := range list {
		other := d.FirstID
		if other == from {
			other = d.SecondID
		}
		if other == into {
			continue
		}
		moved := differentOf(into, other)
		moved.DecidedBy, moved.DecidedAt = d.DecidedBy, d.DecidedAt
		if err := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&moved).Error; err != nil {
			return err
		}
	}
	return forgetDifferent(tx, from)
}

func forgetDifferent(tx *gorm.DB, accountID string) error {
	return tx.Where("first_id = ? OR second_id = ?", accountID, accountID).Delete(&different{}).Error
}

// decided is when the two were found to be two people, nil when they were not.
func decided(tx *gorm.DB, first, second string) (*time.Time, error) {
	d := differentOf(first, second)
	err := tx.Where("first_id = ? AND second_id = ?", d.FirstID, d.SecondID).Take(&d).Error
	if errors.Is(err, storage.ErrNotFound) {
		return nil, nil
	}
	return &d.DecidedAt, err
}
