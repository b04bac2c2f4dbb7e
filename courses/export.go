package courses

import "context"

// Package is the newest revision of the course with this slug as it was written
// with its media, or storage.ErrNotFound.
func (c *Courses) Package(ctx context.Context, slug string) (*Package, error) {
	var row revisionRow
	err := c.db.Read(ctx).Joins("JOIN courses ON courses.newest_revision = revisions.id").
		Where("courses.slug = ?", slug).Take(&row).Error
	if err != nil {
		return nil, err
	}
	p, err := ParseDocument([]byte(row.Document))
	if err != nil {
		return nil, err
	}
	return p, c.LoadMedia(ctx, p)
}
