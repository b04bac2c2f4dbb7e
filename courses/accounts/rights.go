package accounts

import (
	"context"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"tsunagari/storage"
)

// Kept says what stays of a person after they are erased, and why.
type Kept struct{ What, Why string }

// Keeps is what this package keeps of somebody who is erased. Certificates add
// what they keep.
func Keeps() []Kept {
	return []Kept{
		{"お名前も連絡先もない、空の記録（いつ削除したかだけ）", "修了者数の集計と修了証の確認が、削除のあとも正しく続くようにするため"},
		{"参加した教室の席と出席（お名前のない、数だけの記録）", "教室に何人いたかが、削除のあとも正しく残るようにするため"},
		{"だれが、いつ、何をしたかの記録と、係にいた期間（お名前も、書かれた理由もない、番号だけの記録）", "個人情報が正しく扱われたかを、あとから確かめられるようにするため"},
	}
}

// Erase forgets the person whose own wish it is, for good: first what every other
// room holds (OnErase), then everything here. An empty row stays, to which counts
// and certificates may refer. Erased twice, it is storage.ErrNotFound;
// ErrLastAdmin for who must hand over first.
func (a *Accounts) Erase(ctx context.Context, accountID, why string) error {
	return a.eraseBy(ctx, accountID, accountID, why)
}

// EraseFor is Erase by an administrator, for somebody who asked for it; else
// storage.ErrNotFound.
func (a *Accounts) EraseFor(ctx context.Context, by Access, accountID, why string) error {
	if !by.Role(Admin) {
		return storage.ErrNotFound
	}
	return a.eraseBy(ctx, by.AccountID, accountID, why)
}

func (a *Accounts) eraseBy(ctx context.Context, by, accountID, why string) error {
	return a.keepingAdmin(ctx, func(tx *gorm.DB) error {
		person, err := hold(tx, accountID)
		if err != nil {
			return err
		}
		if person.State == Erased {
			return storage.ErrNotFound
		}
		if err := a.forget(tx, person); err != nil {
			return err
		}
		if err := tx.Model(&Account{}).Where("id = ?", accountID).Updates(emptied(tx.NowFunc())).Error; err != nil {
			return err
		}
		return Audit(tx, by, "person.erase", accountID, "", why)
	})
}

// emptied are the columns of an erased account.
func emptied(now time.Time) map[string]any {
	empty := map[string]any{"state": Erased, "erased_at": now, "version": gorm.Expr("version + 1")}
	for _, column := range []string{
		"number", "family_name", "given_name", "family_kana", "given_kana", "printed_name", "search_kana",
		"municipality", "prefecture", "age_band", "email", "email_key",
	} {
		empty[column] = ""
	}
	return empty
}

// owned are the tables whose rows go with the person.
var owned = []string{"residences", "cards", "sessions", "challenges", "staff", "invitations", "consents"}

// forget deletes what belongs to a person, here and in the other rooms.
func (a *Accounts) forget(tx *gorm.DB, person *Account) error {
	for _, fn := range a.erase {
		if err := fn(tx, person.ID); err != nil {
			return err
		}
	}
	for _, address := range addresses(tx, person) {
		if err := storage.Unqueue(tx, address); err != nil {
			return err
		}
	}
	for _, table := range owned {
		if err := tx.Exec("DELETE FROM "+table+" WHERE account_id = ?", person.ID).Error; err != nil {
			return err
		}
	}
	for _, forget := range []func(*gorm.DB, string) error{forgetRegistering, forgetDifferent, forgetMerged} {
		if err := forget(tx, person.ID); err != nil {
			return err
		}
	}
	// A reason in somebody's own words may name the person.
	if err := tx.Model(&Entry{}).Where("subject_id = ?", person.ID).Update("why", "").Error; err != nil {
		return err
	}
	return tx.Model(&Member{}).Where("account_id = ? AND ended_at IS NULL", person.ID).Update("ended_at", tx.NowFunc()).Error
}

// addresses are where mail to the person may be on its way. Nobody else's mail is
// lost: a shared address stays out.
func addresses(tx *gorm.DB, person *Account) []string {
	if person.EmailKey == "" {
		return nil
	}
	if others, err := peopleBy(tx, person.EmailKey); err != nil || len(others) > 1 {
		return nil
	}
	return []string{person.Email}
}

// GuestLife is for how long a guest who does not come back is remembered.
const GuestLife = 90 * 24 * time.Hour

const guestBatch = 100

// PurgeGuests forgets guests who were not here for GuestLife, with what the other
// rooms keep of them, and says how many. Somebody who comes back or registers at
// that moment stays.
func (a *Accounts) PurgeGuests(ctx context.Context) (purged int, err error) {
	for {
		n := 0
		err := a.db.Tx(ctx, func(tx *gorm.DB) error {
			n = 0
			var old []Account
			err := tx.Clauses(clause.Locking{Strength: "UPDATE", Options: "SKIP LOCKED"}).
				Where("state = ? AND seen_at <= ?", Guest, tx.NowFunc().Add(-GuestLife)).
				Order("seen_at, id").Limit(guestBatch).Find(&old).Error
			if err != nil {
				return err
			}
			for _, guest := range old {
				if err := a.forget(tx, &guest); err != nil {
					return err
				}
				if err := tx.Where("id = ? AND state = ?", guest.ID, Guest).Delete(&Account{}).Error; err != nil {
					return err
				}
			}
			n = len(old)
			return nil
		})
		if err != nil {
			return purged, err
		}
		if purged += n; n < guestBatch {
			return purged, nil
		}
	}
}
