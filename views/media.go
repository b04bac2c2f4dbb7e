package views

import (
	"fmt"
	"io"
	"regexp"

	"github.com/gofiber/fiber/v2"

	"tsunagari/courses/media"
	"tsunagari/storage"
)

// mediaPolicy lets a file that is opened by itself do nothing at all.
const mediaPolicy = "default-src 'none'; sandbox"

var mediumAddress = regexp.MustCompile(`^([0-9a-f]{64})\.([a-z0-9]{3})$`)

// medium is a file that a published edition shows. Its address says its content, so a
// browser may keep it for ever.
func (s *site) medium(c *fiber.Ctx) error {
	m := mediumAddress.FindStringSubmatch(c.Params("file"))
	if m == nil {
		return storage.ErrNotFound
	}
	r, err := s.Courses.Medium(c.UserContext(), m[1])
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
	return sendMedium(c, r, m[2])
}

// draftMedium is a file of a draft, for who writes it.
func (s *site) draftMedium(c *fiber.Ctx) error {
	m := mediumAddress.FindStringSubmatch(c.Params("file"))
	if m == nil {
		return storage.ErrNotFound
	}
	r, err := s.Courses.DraftMedium(c.UserContext(), who(c).Access, c.Params("course"), m[1])
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderCacheControl, "private, max-age=600")
	return sendMedium(c, r, m[2])
}

// sendMedium answers with a file or a part of it: players of sound ask for parts.
func sendMedium(c *fiber.Ctx, r *storage.MediumReader, ext string) error {
	if r.Type != media.TypeOf(ext) {
		return storage.ErrNotFound
	}
	c.Set(fiber.HeaderContentType, r.Type)
	c.Set(fiber.HeaderContentSecurityPolicy, mediaPolicy)
	c.Set(fiber.HeaderAcceptRanges, "bytes")
	if media.KindOf(ext) == media.Handout {
		c.Set(fiber.HeaderContentDisposition, "attachment") // the link gives the name
	}
	from, to := int64(0), r.Size-1
	if c.Get(fiber.HeaderRange) != "" {
		asked, err := c.Range(int(r.Size))
		if err != nil || asked.Type != "bytes" || len(asked.Ranges) != 1 {
			c.Set(fiber.HeaderContentRange, fmt.Sprintf("bytes */%d", r.Size))
			return c.SendStatus(fiber.StatusRequestedRangeNotSatisfiable)
		}
		from, to = int64(asked.Ranges[0].Start), int64(asked.Ranges[0].End)
		c.Set(fiber.HeaderContentRange, fmt.Sprintf("bytes %d-%d/%d", from, to, r.Size))
		c.Status(fiber.StatusPartialContent)
	}
	r.From(from)
	return c.SendStream(io.LimitReader(r, to-from+1), int(to-from+1))
}
