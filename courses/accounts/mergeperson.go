package accounts

import (
	"errors"

	"gorm.io/gorm"
)

// joinPerson joins what this package keeps of from to into, but for the row of
// from itself.
func joinPerson(tx *gorm.DB, from, into *Account) error {
	for _, part := range []func(tx *gorm.DB, from, into string) error{
		endWaysIn, joinResidences, joinConsents, joinDifferent, followMerged,
	} {
		if err := part(tx, from.ID, into.ID); err != nil {
			return err
		}
	}
	return fillPerson(tx, from, into)
}

// endWaysIn ends sessions, codes and cards. The last card keeps its words, so that
// its holder, and nobody else, can be told where the account went.
func endWaysIn(tx *gorm.DB, from, _ string) error {
	return errors.Join(
		endSessions(tx, from, ""),
		tx.Exec("DELETE FROM challenges WHERE account_id = ?", from).Error,
		tx.Where("account_id = ? AND ended_at IS NOT NULL", from).Delete(&card{}).Error,
		tx.Model(&card{}).Where("account_id = ?", from).Updates(map[string]any{"ended_at": tx.NowFunc(), "shown_in": nil}).Error,
		forgetRegistering(tx, from),
	)
}

// forgetRegistering forgets the receipt of registering: it holds a hash that
// somebody's name could be tried on, and would let the form in again.
func forgetRegistering(tx *gorm.DB, accountID string) error {
	return tx.Exec("DELETE FROM receipts WHERE kind = 'register' AND receipt = ?", accountID).Error
}

// joinResidences: where into lived is known from its own first day on; from tells
// of the days before.
func joinResidences(tx *gorm.DB, from, into string) error {
	err := tx.Exec(`DELETE FROM residences WHERE account_id = ?
		AND since >= (SELECT min(since) FROM residences WHERE account_id = ?)`, from, into).Error
	if err != nil {
		return err
	}
	return tx.Exec("UPDATE residences SET account_id = ? WHERE account_id = ?", into, from).Error
}

// joinConsents: both were given. Where both want to hear from the town, the way
// that into chose stays.
func joinConsents(tx *gorm.DB, from, into string) error {
	_, err := contactOf(tx, into)
	both, err := found(err)
	if err == nil && both {
		err = withdraw(tx, from)
	}
	if err != nil {
		return err
	}
	return tx.Model(&Consent{}).Where("account_id = ?", from).Update("account_id", into).Error
}

// followMerged: what had become part of from is now part of into.
func followMerged(tx *gorm.DB, from, into string) error {
	return tx.Model(&Account{}).Where("merged_into = ?", from).Update("merged_into", into).Error
}

// fillPerson gives into what only from has, and the earlier days.
func fillPerson(tx *gorm.DB, from, into *Account) error {
	change := map[string]any{"version": gorm.Expr("version + 1")}
	if into.EmailKey == "" && from.EmailKey != "" {
		change["email"], change["email_key"] = from.Email, from.EmailKey
	}
	if from.CreatedAt.Before(into.CreatedAt) {
		change["created_at"] = from.CreatedAt
	}
	if from.RegisteredAt != nil && into.RegisteredAt != nil && from.RegisteredAt.Before(*into.RegisteredAt) {
		change["registered_at"] = from.RegisteredAt
	}
	if from.SeenAt.After(into.SeenAt) {
		change["seen_at"] = from.SeenAt
	}
	return tx.Model(&Account{}).Where("id = ?", into.ID).Updates(change).Error
}

// forgetMerged forgets, with a person who is erased, what their other accounts
// still knew: the rows stay empty for good.
func forgetMerged(tx *gorm.DB, accountID string) error {
	var ids []string
	if err := tx.Model(&Account{}).Where("merged_into = ?", accountID).Pluck("id", &ids).Error; err != nil || len(ids) == 0 {
		return err
	}
	return errors.Join(
		tx.Where("account_id IN ?", ids).Delete(&card{}).Error,
		tx.Model(&Entry{}).Where("subject_id IN ?", ids).Update("why", "").Error,
		tx.Model(&Account{}).Where("id IN ?", ids).Updates(map[string]any{"number": "", "merged_into": nil}).Error,
	)
}

// selves are the account and all that became part of it.
func selves(tx *gorm.DB, accountID string) (ids []string, err error) {
	err = tx.Model(&Account{}).Where("id = ? OR merged_into = ?", accountID, accountID).Order("id").Pluck("id", &ids).Error
	return ids, err
}
