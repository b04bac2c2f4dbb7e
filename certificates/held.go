package certificates

import (
	"context"

	"gorm.io/gorm"
)

// Held is everything kept about the account, for the person to read.
func (c *Certificates) Held(ctx context.Context, accountID string) (*Held, error) {
	return c.Export(c.db.Read(ctx), accountID)
}

// Stays says, for the person to read before they erase themselves, what would
// stay of each of their certificates.
func (c *Certificates) Stays(ctx context.Context, accountID string) ([]Keeping, error) {
	return c.Keeps(c.db.Read(ctx), accountID)
}

// IssueWaitingOf issues what waits of one person, as far as its reason is gone:
// after they chose a form of their name that can be printed.
func (c *Certificates) IssueWaitingOf(ctx context.Context, accountID string) error {
	return c.db.Tx(ctx, func(tx *gorm.DB) error {
		_, waits, err := c.of(tx, accountID)
		if err != nil {
			return err
		}
		for _, w := range waits {
			if _, err := c.issueWaiting(tx, w.CompletionID); err != nil {
				return err
			}
		}
		return nil
	})
}
