package accounts

import (
	"context"
	"strings"
	"time"

	"gorm.io/gorm"

	"tsunagari/storage"
)

// Query is whom the front desk looks for.
type Query struct {
	Kana         string `query:"kana" form:"kana" validate:"required,max=80,kana"` // how the name begins
	Municipality string `query:"municipality" form:"municipality" validate:"omitempty,len=6,number"`
	Begun        string `query:"begun" form:"begun" validate:"omitempty,datetime=2006-01"` // month of registering, in Japan
}

// Found is one person as a list shows them.
type Found struct {
	ID, Number               string
	FamilyName, GivenName    string
	FamilyKana, GivenKana    string
	Municipality, Prefecture string
	AgeBand                  AgeBand
	RegisteredAt             time.Time
}

// Name is the whole name.
func (f *Found) Name() string { return FullName(f.FamilyName, f.GivenName) }

// Kana is the whole ふりがな.
func (f *Found) Kana() string { return FullName(f.FamilyKana, f.GivenKana) }

// findMost is how many people one search shows.
const findMost = 50

// Find looks for learners by the beginning of their ふりがな, among those of by's
// own municipalities (see Access). more says that there are more than the list
// holds. Every search is written down, without the name searched for. Errors:
// validator.ValidationErrors, storage.ErrNotFound for who is no front desk.
func (a *Accounts) Find(ctx context.Context, by Access, q Query) (list []Found, more bool, err error) {
	if !by.Role(Admin, Desk) {
		return nil, false, storage.ErrNotFound
	}
	q.Kana = strings.TrimSpace(q.Kana)
	if err := validate.Struct(q); err != nil {
		return nil, false, err
	}
	err = a.db.Tx(ctx, func(tx *gorm.DB) error {
		find := q.narrow(by.Within(tx.Model(&Account{}), "municipality", Desk))
		if err := find.Order("search_kana, registered_at, id").Limit(findMost + 1).Find(&list).Error; err != nil {
			return err
		}
		detail := strings.Join(strings.Fields(q.Municipality+" "+q.Begun), " ")
		return Audit(tx, by.AccountID, "person.find", "", detail, "")
	})
	if len(list) > findMost {
		return list[:findMost], true, err
	}
	return list, false, err
}

// narrow compares a prefix as a range, which both databases answer from the index
// whatever LIKE means to them.
func (q Query) narrow(tx *gorm.DB) *gorm.DB {
	key := searchKey(q.Kana)
	tx = tx.Where("state = ? AND number <> '' AND search_kana >= ? AND search_kana < ?", Active, key, key+"\U0010ffff")
	if q.Municipality != "" {
		tx = tx.Where("municipality = ?", q.Municipality)
	}
	if month, err := time.ParseInLocation("2006-01", q.Begun, japan); err == nil {
		tx = tx.Where("registered_at >= ? AND registered_at < ?", month.UTC(), month.AddDate(0, 1, 0).UTC())
	}
	return tx
}

// Open is one person whom by may look after, else storage.ErrNotFound. That the
// account was opened is written down.
func (a *Accounts) Open(ctx context.Context, by Access, accountID string) (person *Account, err error) {
	err = a.db.Tx(ctx, func(tx *gorm.DB) error {
		if person, err = by.person(tx, accountID); err != nil {
			return err
		}
		return Audit(tx, by.AccountID, "person.open", accountID, "", "")
	})
	return person, err
}
