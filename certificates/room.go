package certificates

import (
	"context"

	"gorm.io/gorm"

	"tsunagari/certificates/paper"
	"tsunagari/courses/accounts"
)

// ByCompletion are the valid certificates of completions and what waits, by
// completion: those of a room, whose roster the caller may see.
func (c *Certificates) ByCompletion(ctx context.Context, completions []string) (certs map[string]*Certificate, waits map[string]*Wait, err error) {
	db := c.db.Read(ctx)
	var issued []*Certificate
	if err := db.Where("completion_id IN ? AND state = ?", completions, Issued).Find(&issued).Error; err != nil {
		return nil, nil, err
	}
	var waiting []*Wait
	if err := db.Where("completion_id IN ?", completions).Find(&waiting).Error; err != nil {
		return nil, nil, err
	}
	certs, waits = map[string]*Certificate{}, map[string]*Wait{}
	for _, cert := range issued {
		certs[cert.CompletionID] = cert
	}
	for _, w := range waiting {
		waits[w.CompletionID] = w
	}
	return certs, waits, nil
}

// Together prints certificates on the pages of one document, in their order; more
// adds what the document says after them.
func (c *Certificates) Together(ctx context.Context, title string, list []*Certificate, more func(d *paper.Document)) ([]byte, error) {
	sheets := make([]*sheet, len(list))
	for i, cert := range list {
		var err error
		if sheets[i], err = c.sheet(ctx, cert, nil); err != nil {
			return nil, err
		}
	}
	if err := c.press.wait(ctx); err != nil {
		return nil, err
	}
	defer c.press.done()
	d := paper.New(paper.Info{Title: title, Created: c.db.Now()})
	for _, s := range sheets {
		s.drawOn(d, A4)
	}
	if more != nil {
		more(d)
	}
	return d.PDF()
}

// Handed writes down that by printed the certificates of a class to hand them out.
func (c *Certificates) Handed(ctx context.Context, by accounts.Access, classID, what string) error {
	return c.db.Tx(ctx, func(tx *gorm.DB) error {
		return accounts.Audit(tx, by.AccountID, "class.certificates", classID, what, "")
	})
}
