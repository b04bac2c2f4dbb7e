package certificates

import (
	"errors"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"tsunagari/courses"
	"tsunagari/storage"
)

// mergedReason is why the later certificate of one person ended.
const mergedReason = "同じ方の修了証が2枚になっていたため、先に修了したほうにまとめました。"

// Merge moves the certificates, waits and requests of one account of a person to
// another. Where two completions became one, the certificate of the earlier one
// stays and the other one is replaced by it; a valid certificate ends for nothing
// less than a valid one. It comes after courses.Merge, which says which completion
// stays, and issues at the end what waited only for a name that can be printed.
func (c *Certificates) Merge(tx *gorm.DB, from, into string) error {
	certs, err := held(tx, from, into)
	if err != nil {
		return err
	}
	for _, table := range []any{&Certificate{}, &Wait{}} {
		if err := tx.Model(table).Where("account_id = ?", from).Update("account_id", into).Error; err != nil {
			return err
		}
	}
	if err := joinCorrections(tx, from, into); err != nil {
		return err
	}
	for _, cert := range certs {
		if err := settle(tx, cert); err != nil {
			return err
		}
	}
	return c.settleWaits(tx, into)
}

// held are the certificates of both people, so that nothing else changes them
// until the transaction ends.
func held(tx *gorm.DB, from, into string) (certs []*Certificate, err error) {
	err = tx.Clauses(clause.Locking{Strength: "UPDATE"}).Where("account_id IN ?", []string{from, into}).Order("id").Find(&certs).Error
	return certs, err
}

// staying is the completion that the given one became part of, "" when it stands
// for itself.
func staying(tx *gorm.DB, completionID string) (string, error) {
	var done courses.Completion
	if err := tx.Where("id = ?", completionID).Take(&done).Error; err != nil || done.MergedInto == nil {
		return "", err
	}
	return *done.MergedInto, nil
}

// settle finds the place of a certificate whose completion became part of another:
// replaced by the valid certificate of that one, else valid in its place.
func settle(tx *gorm.DB, cert *Certificate) error {
	completion, err := staying(tx, cert.CompletionID)
	if err != nil || completion == "" || cert.State != Issued {
		return err
	}
	var stays Certificate
	err = tx.Where("completion_id = ? AND state = ?", completion, Issued).Take(&stays).Error
	change := map[string]any{"completion_id": completion}
	if err == nil {
		change = map[string]any{"state": Replaced, "replaced_by": stays.ID, "ended_at": tx.NowFunc(), "reason": mergedReason}
	} else if !errors.Is(err, storage.ErrNotFound) {
		return err
	}
	return tx.Model(&Certificate{}).Where("id = ?", cert.ID).Updates(change).Error
}

// settleWaits leaves at most one wait to every completion that stays, and none where
// there is a certificate.
func (c *Certificates) settleWaits(tx *gorm.DB, account string) error {
	_, waits, err := c.of(tx, account)
	if err != nil {
		return err
	}
	for _, w := range waits {
		if err := settleWait(tx, w); err != nil {
			return err
		}
	}
	if _, waits, err = c.of(tx, account); err != nil {
		return err
	}
	for _, w := range waits {
		if _, err := c.issueWaiting(tx, w.CompletionID); err != nil {
			return err
		}
	}
	return nil
}

func settleWait(tx *gorm.DB, w *Wait) error {
	stands, err := staying(tx, w.CompletionID)
	if err != nil {
		return err
	}
	if stands == "" {
		stands = w.CompletionID
	}
	var certs, waits int64
	if err := tx.Model(&Certificate{}).Where("completion_id = ?", stands).Count(&certs).Error; err != nil {
		return err
	}
	if err := tx.Model(&Wait{}).Where("completion_id = ? AND completion_id <> ?", stands, w.CompletionID).Count(&waits).Error; err != nil {
		return err
	}
	q := tx.Where("completion_id = ?", w.CompletionID)
	if certs+waits > 0 {
		return q.Delete(&Wait{}).Error
	}
	return q.Model(&Wait{}).Update("completion_id", stands).Error
}

// joinCorrections: of two open requests the later one is what the person wants.
func joinCorrections(tx *gorm.DB, from, into string) error {
	var open []*Correction
	err := tx.Where("account_id IN ? AND state = ?", []string{from, into}, Asked).Order("asked_at DESC, id").Find(&open).Error
	if err != nil {
		return err
	}
	if len(open) > 1 {
		if err := tx.Where("id = ?", open[1].ID).Delete(&Correction{}).Error; err != nil {
			return err
		}
	}
	return tx.Model(&Correction{}).Where("account_id = ?", from).Update("account_id", into).Error
}
