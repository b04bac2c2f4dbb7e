package counts

import (
	"context"
	"slices"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"tsunagari/courses/accounts"
	"tsunagari/storage"
)

// Mailing is one officer post and whether it wants the files of each closed month by
// mail, with what was sent.
type Mailing struct {
	Post  accounts.Post
	Since *time.Time // nil while it is off
	Sent  []Mailed   // the newest first
}

// Mailed is one month's mail to a post.
type Mailed struct {
	PostID    string
	Month     Month
	Recipient string
	QueuedAt  time.Time
	State     storage.MailState `gorm:"-"`
}

func (Mailed) TableName() string { return "mailed" }

// mailing is a row of mailings.
type mailing struct {
	PostID string
	Since  time.Time
}

func (mailing) TableName() string { return "mailings" }

// mailedShown is how many mails of a post its page shows.
const mailedShown = 24

// receipt is under which name storage keeps what became of the mail.
func (m Mailed) receipt() string { return "counts/" + m.PostID + "/" + string(m.Month) }

// Mailings are the officer posts among posts, which the caller may see.
func (c *Counts) Mailings(ctx context.Context, posts []accounts.Post) (list []Mailing, err error) {
	err = c.db.Snapshot(ctx, func(tx *gorm.DB) error {
		for _, p := range posts {
			if p.Role != accounts.Officer || p.EndedAt != nil {
				continue
			}
			m := Mailing{Post: p}
			var on []mailing
			if err := tx.Where("post_id = ?", p.ID).Find(&on).Error; err != nil {
				return err
			}
			if len(on) > 0 {
				m.Since = &on[0].Since
			}
			if err := tx.Where("post_id = ?", p.ID).Order("month DESC").Limit(mailedShown).Find(&m.Sent).Error; err != nil {
				return err
			}
			for i := range m.Sent {
				if m.Sent[i].State, err = storage.MailStateOf(tx, m.Sent[i].receipt()); err != nil {
					return err
				}
			}
			list = append(list, m)
		}
		return nil
	})
	return list, err
}

// SetMailing switches the monthly mail of an officer post on or off, for a member of
// the post or an administrator; else storage.ErrNotFound. posts are those that the
// person may see.
func (c *Counts) SetMailing(ctx context.Context, by accounts.Access, posts []accounts.Post, id string, on bool) error {
	at := slices.IndexFunc(posts, func(p accounts.Post) bool { return p.ID == id && p.Role == accounts.Officer && p.EndedAt == nil })
	if at < 0 {
		return storage.ErrNotFound
	}
	return c.db.Tx(ctx, func(tx *gorm.DB) error {
		act, done := "mailing.off", tx.Where("post_id = ?", id).Delete(&mailing{})
		if on {
			act, done = "mailing.on", tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&mailing{PostID: id, Since: tx.NowFunc()})
		}
		if done.Error != nil || done.RowsAffected == 0 {
			return done.Error
		}
		return accounts.Audit(tx, by.AccountID, act, id, "", "")
	})
}

// DueMail is a month that a post waits for.
type DueMail struct {
	Post  accounts.Post
	Month Month
}

// DueMails are the closed months of which posts with the mail switched on have not
// been written to: those that closed since they switched it on.
func (c *Counts) DueMails(ctx context.Context) (list []DueMail, err error) {
	err = c.db.Snapshot(ctx, func(tx *gorm.DB) error {
		list = nil
		var due []struct{ PostID, Month string }
		err := tx.Raw(`SELECT m.post_id, c.month FROM mailings m JOIN posts p ON p.id = m.post_id AND p.ended_at IS NULL AND p.role = ?
			JOIN closings c ON c.closed_at >= m.since
			WHERE NOT EXISTS (SELECT 1 FROM mailed s WHERE s.post_id = m.post_id AND s.month = c.month)
			ORDER BY c.month, m.post_id`, accounts.Officer).Scan(&due).Error
		if err != nil {
			return err
		}
		for _, d := range due {
			one := DueMail{Month: Month(d.Month)}
			if err := tx.Where("id = ?", d.PostID).Take(&one.Post).Error; err != nil {
				return err
			}
			list = append(list, one)
		}
		return nil
	})
	return list, err
}

// mailLife is for how long the mail of a month is tried.
const mailLife = 365 * 24 * time.Hour

// SendMail queues the mail of a month to a post, unless another instance has done so
// or the post does not want it any more. A post is written to once about a month.
func (c *Counts) SendMail(ctx context.Context, d DueMail, m storage.Mail) (queued bool, err error) {
	err = c.db.Tx(ctx, func(tx *gorm.DB) error {
		queued = false
		var on []mailing
		err := tx.Clauses(clause.Locking{Strength: "UPDATE"}).Where("post_id = ?", d.Post.ID).Find(&on).Error
		if err != nil || len(on) == 0 {
			return err
		}
		row := Mailed{PostID: d.Post.ID, Month: d.Month, Recipient: d.Post.OfficeEmail, QueuedAt: tx.NowFunc()}
		made := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&row)
		if made.Error != nil || made.RowsAffected == 0 {
			return made.Error
		}
		queued = true
		m.To, m.Until, m.Receipt = row.Recipient, row.QueuedAt.Add(mailLife), row.receipt()
		return storage.Queue(tx, m)
	})
	return queued, err
}
