package classes

import (
	"context"

	"gorm.io/gorm"

	"tsunagari/courses"
	"tsunagari/courses/accounts"
	"tsunagari/courses/questions"
)

// Erase forgets that the account had seats and helped. The seats stay without the
// person: a class keeps how many were there.
func (k *Classes) Erase(tx *gorm.DB, accountID string) error {
	// The receipt of typing somebody in holds a hash that a name could be tried on.
	err := tx.Exec(`DELETE FROM receipts WHERE kind = 'seat.add' AND receipt IN (SELECT id FROM seats WHERE account_id = ?)`, accountID).Error
	if err != nil {
		return err
	}
	if err := tx.Model(&Seat{}).Where("account_id = ?", accountID).Update("account_id", nil).Error; err != nil {
		return err
	}
	return tx.Where("account_id = ?", accountID).Delete(&helper{}).Error
}

// Held is one class that somebody had a seat in, for the person to read.
type Held struct {
	Seat
	Class  Class
	Course string // title
}

// Held are all seats of the account, the oldest first; removed ones too.
func (k *Classes) Held(ctx context.Context, accountID string) ([]Held, error) {
	db := k.db.Read(ctx)
	return k.heldSeats(db, db.Where("account_id = ?", accountID).Order("joined_at, id"))
}

// Coming are the account's seats in classes of today and later, the next first.
func (k *Classes) Coming(ctx context.Context, accountID string) ([]Held, error) {
	db := k.db.Read(ctx)
	return k.heldSeats(db, db.Joins("JOIN classes ON classes.id = seats.class_id").
		Where("seats.account_id = ? AND seats.removed_at IS NULL AND classes.held_on >= ? AND classes.code <> ''", accountID, dayOf(k.db.Now())).
		Order("classes.held_on, classes.starts_at, seats.id"))
}

func (k *Classes) heldSeats(db, find *gorm.DB) ([]Held, error) {
	var seats []Seat
	if err := find.Find(&seats).Error; err != nil {
		return nil, err
	}
	list := make([]Held, 0, len(seats))
	for _, s := range seats {
		h := Held{Seat: s}
		if err := db.Where("id = ?", s.ClassID).Take(&h.Class).Error; err != nil {
			return nil, err
		}
		rev, err := k.courses.RevisionTx(db, h.Class.RevisionID)
		if err != nil {
			return nil, err
		}
		h.Course = courses.Plain(rev.Title.In(questions.JA))
		list = append(list, h)
	}
	return list, nil
}

// Led are the classes that the account holds or helps in, the oldest first: what is
// kept about a trainer.
func (k *Classes) Led(ctx context.Context, accountID string) (list []Class, err error) {
	db := k.db.Read(ctx)
	err = mine(db, accounts.Access{AccountID: accountID}).Order("held_on, starts_at, id").Find(&list).Error
	return list, err
}
