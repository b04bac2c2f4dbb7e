package storage

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// ErrOperationReused says that an operation id came back with another body: what
// was kept the first time stands, and the form needs a new id.
var ErrOperationReused = errors.New("storage: this operation id was used for something else")

// Operation names one act that creates or finishes something.
type Operation struct {
	ID    string // UUID made by the form or the device
	Actor string // account id: another actor's receipt is never given out
	Kind  string // the act, as "enrol" or "submit"
	Body  string // what was asked for, in a canonical form; only its SHA-256 is kept
}

type receipt struct {
	ID, Actor, Kind, BodySHA256, Receipt string
	CreatedAt                            time.Time
}

// Once runs effect when op is new and keeps the receipt in the same transaction.
// A repeat gets the receipt of the first time and repeated = true, and effect
// does not run. A receipt never holds a secret or a person's data: it is an id.
func Once(tx *gorm.DB, op Operation, effect func() (string, error)) (kept string, repeated bool, err error) {
	r := receipt{ID: op.ID, Actor: op.Actor, Kind: op.Kind, BodySHA256: hash(op.Body), CreatedAt: tx.NowFunc()}
	res := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&r)
	if res.Error != nil {
		return "", false, res.Error
	}
	if res.RowsAffected == 0 {
		return repeat(tx, r)
	}
	if kept, err = effect(); err != nil {
		return "", false, err
	}
	return kept, false, tx.Model(&receipt{}).Where("id = ?", op.ID).Update("receipt", kept).Error
}

func repeat(tx *gorm.DB, asked receipt) (string, bool, error) {
	var first receipt
	if err := tx.Where("id = ?", asked.ID).Take(&first).Error; err != nil {
		return "", false, err
	}
	if first.Actor != asked.Actor || first.Kind != asked.Kind || first.BodySHA256 != asked.BodySHA256 {
		return "", false, ErrOperationReused
	}
	return first.Receipt, true, nil
}

func hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}
