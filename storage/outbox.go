package storage

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// Mail is a plain letter to one address.
type Mail struct {
	To, Subject, Body string
	// Until is when the letter is of no more use, as a code that has run out; zero:
	// it is tried for three days.
	Until time.Time
	// Files go along with the letter and are deleted with it.
	Files []MailFile
	// Receipt is a name under which MailStateOf tells what became of the letter; ""
	// when nobody asks.
	Receipt string
}

// MailFile is a file attached to a letter.
type MailFile struct {
	Name    string // ASCII
	Type    string // media type
	Content []byte
}

// outboxFile is a MailFile on its way.
type outboxFile struct {
	Letter     string
	Position   int
	Name, Type string
	Content    []byte
}

func (outboxFile) TableName() string { return "outbox_files" }

// letter is a Mail on its way; it is deleted once a server has taken it.
type letter struct {
	ID, Recipient, Subject, Body string
	Tries                        int
	DueAt, ExpiresAt             time.Time
	LastError                    string
	CreatedAt                    time.Time
	Receipt                      string
}

func (letter) TableName() string { return "outbox" }

const (
	mailLife    = 3 * 24 * time.Hour
	mailTimeout = time.Minute
	// mailLease is how long a letter belongs to whoever is sending it. It is longer
	// than mailTimeout, so that another instance takes it only after a crash.
	mailLease = 5 * time.Minute
	// mailFaults in a row end a round: the server, not the letters, is at fault.
	mailFaults = 3
)

// mailPauses are the pauses before the next try, the last one again and again.
var mailPauses = []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 4 * time.Hour}

// Queue keeps the letter in the transaction that is the reason for it: it is sent
// when, and only when, the transaction is kept.
func Queue(tx *gorm.DB, m Mail) error {
	now := tx.NowFunc()
	until := m.Until
	if until.IsZero() {
		until = now.Add(mailLife)
	}
	l := &letter{
		ID: uuid.NewString(), Recipient: m.To, Subject: m.Subject, Body: m.Body,
		DueAt: now, ExpiresAt: until, CreatedAt: now, Receipt: m.Receipt,
	}
	if err := tx.Create(l).Error; err != nil {
		return err
	}
	for i, f := range m.Files {
		if err := tx.Create(&outboxFile{l.ID, i, f.Name, f.Type, f.Content}).Error; err != nil {
			return err
		}
	}
	return nil
}

// MailState is what became of a letter with a receipt.
type MailState struct {
	AcceptedAt *time.Time // when a mail server took it
	Waiting    bool       // it is tried again and again
	Tries      int
}

// MailStateOf is what became of the letter with the receipt. One that is neither
// waiting nor accepted was given up, or thrown away with its address.
func MailStateOf(tx *gorm.DB, name string) (state MailState, err error) {
	var accepted []mailReceipt
	if err := tx.Where("receipt = ?", name).Limit(1).Find(&accepted).Error; err != nil {
		return state, err
	}
	if len(accepted) > 0 {
		state.AcceptedAt = &accepted[0].AcceptedAt
		return state, nil
	}
	var waiting []letter
	err = tx.Where("receipt = ?", name).Limit(1).Find(&waiting).Error
	if len(waiting) > 0 {
		state.Waiting, state.Tries = true, waiting[0].Tries
	}
	return state, err
}

// mailReceipt says that a letter was taken.
type mailReceipt struct {
	Receipt    string
	AcceptedAt time.Time
}

func (mailReceipt) TableName() string { return "outbox_receipts" }

// Unqueue throws away what waits for an address, as for somebody who is erased.
func Unqueue(tx *gorm.DB, to string) error {
	return tx.Where("recipient = ?", to).Delete(&letter{}).Error
}

// SendDue gives every letter that is due to send and deletes what was taken; what
// was not is tried again after growing pauses. Several instances may do this at
// the same time: a letter belongs to one of them. It is sent twice only when the
// program or the database dies between the server's yes and the deletion. The
// error tells what was not taken, without addresses.
func (db *DB) SendDue(ctx context.Context, send func(context.Context, Mail) error) (sent int, err error) {
	var faults []error
	for row := 0; row < mailFaults && ctx.Err() == nil; {
		l, err := db.claimLetter(ctx)
		if errors.Is(err, ErrNotFound) {
			break
		}
		if err != nil {
			return sent, errors.Join(append(faults, err)...)
		}
		if err := db.deliver(ctx, l, send); err != nil {
			faults = append(faults, err)
			row++
			continue
		}
		sent++
		row = 0
	}
	return sent, errors.Join(faults...)
}

// claimLetter takes the letter that has been due for longest by moving it out of
// the others' sight. Letters of no more use are thrown away on the way.
func (db *DB) claimLetter(ctx context.Context) (*letter, error) {
	skip := ""
	if db.postgres {
		skip = " FOR UPDATE SKIP LOCKED"
	}
	var taken []letter
	err := db.Tx(ctx, func(tx *gorm.DB) error {
		taken = nil
		now := tx.NowFunc()
		if err := tx.Where("expires_at <= ? AND due_at <= ?", now, now).Delete(&letter{}).Error; err != nil {
			return err
		}
		return tx.Raw(`UPDATE outbox SET due_at = ?, tries = tries + 1 WHERE id = (
			SELECT id FROM outbox WHERE due_at <= ? ORDER BY due_at, id LIMIT 1`+skip+`) RETURNING *`,
			now.Add(mailLease), now).Scan(&taken).Error
	})
	if err == nil && len(taken) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return &taken[0], nil
}

func (db *DB) deliver(ctx context.Context, l *letter, send func(context.Context, Mail) error) error {
	limited, cancel := context.WithTimeout(ctx, mailTimeout)
	defer cancel()
	m := Mail{To: l.Recipient, Subject: l.Subject, Body: l.Body, Until: l.ExpiresAt, Receipt: l.Receipt}
	var files []outboxFile
	if err := db.Read(ctx).Where("letter = ?", l.ID).Order("position").Find(&files).Error; err != nil {
		return err
	}
	for _, f := range files {
		m.Files = append(m.Files, MailFile{f.Name, f.Type, f.Content})
	}
	fault := send(limited, m)
	kept := context.WithoutCancel(ctx) // a stop must not lead to a second letter
	if fault == nil {
		return db.Tx(kept, l.taken)
	}
	said := strings.ReplaceAll(fault.Error(), l.Recipient, "…")
	err := db.Tx(kept, func(tx *gorm.DB) error {
		pause := mailPauses[min(l.Tries, len(mailPauses))-1]
		return tx.Model(&letter{}).Where("id = ? AND tries = ?", l.ID, l.Tries).
			Updates(map[string]any{"due_at": tx.NowFunc().Add(pause), "last_error": said}).Error
	})
	return errors.Join(fmt.Errorf("storage: mail %s, try %d: %s", l.ID, l.Tries, said), err)
}

// taken deletes a letter that a server has taken, and keeps the receipt.
func (l *letter) taken(tx *gorm.DB) error {
	if l.Receipt != "" {
		if err := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&mailReceipt{l.Receipt, tx.NowFunc()}).Error; err != nil {
			return err
		}
	}
	return tx.Where("id = ?", l.ID).Delete(&letter{}).Error
}
