package views

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// policy allows our own files and nothing else: no inline script, no inline style,
// nothing from another server.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; media-src 'self'; connect-src 'self'; " +
	"manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// harden sets the headers that every answer carries.
func (s *site) harden(c *fiber.Ctx) {
	c.Set(fiber.HeaderContentSecurityPolicy, policy)
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	c.Set(fiber.HeaderReferrerPolicy, "same-origin")
	c.Set(fiber.HeaderPermissionsPolicy, "camera=(), microphone=(), geolocation=(), payment=(), usb=()")
	c.Set("Cross-Origin-Opener-Policy", "same-origin")
	c.Set("Cross-Origin-Resource-Policy", "same-origin")
	if s.https {
		c.Set(fiber.HeaderStrictTransportSecurity, "max-age=31536000")
	}
	if secretPath(c.Path()) {
		// Not no-referrer: it also empties Origin, and without HTTPS the button
		// on the page could no longer show where it was pressed.
		c.Set(fiber.HeaderReferrerPolicy, "strict-origin")
		c.Set(fiber.HeaderCacheControl, "no-store")
		c.Set("X-Robots-Tag", "noindex, nofollow")
		secret(c)
	}
}

// secretPath says whether the address itself is a secret: card and certificate QR,
// and nothing else.
func secretPath(path string) bool {
	return strings.HasPrefix(path, "/c/") || strings.HasPrefix(path, "/v/")
}

// secret keeps an answer with a secret in it out of caches and uncompressed: the
// length of a compressed page tells about its words whoever can add to it (BREACH).
func secret(c *fiber.Ctx) {
	c.Locals(plainKey, true)
	c.Set(fiber.HeaderCacheControl, "no-store")
}

// minCompressed is below which compressing costs more than it saves.
const minCompressed = 1 * kib

// finish gives a text its ETag and compresses it.
func finish(c *fiber.Ctx) {
	res := c.Response()
	kind := string(res.Header.ContentType())
	if res.IsBodyStream() || !strings.HasPrefix(kind, "text/") && !strings.HasPrefix(kind, "application/json") {
		return
	}
	if len(res.Header.Peek(fiber.HeaderCacheControl)) == 0 {
		c.Set(fiber.HeaderCacheControl, "private, no-cache")
	}
	if tag(c) {
		return
	}
	compress(c)
}

// tag sets the ETag of a page that may be asked for again and says whether the
// browser has it already. A part that a script polls is asked for again by the
// script itself, which keeps it for as long as the page is open.
func tag(c *fiber.Ctx) bool {
	res := c.Response()
	stored := c.Locals(liveKey) != nil || !strings.Contains(string(res.Header.Peek(fiber.HeaderCacheControl)), "no-store")
	if res.StatusCode() != 200 || !safe(c) || !stored ||
		len(res.Header.Peek(fiber.HeaderETag)) > 0 {
		return false
	}
	h := fnv.New64a()
	h.Write(res.Body())
	etag := fmt.Sprintf(`W/"%x"`, h.Sum64())
	c.Set(fiber.HeaderETag, etag)
	c.Vary(fiber.HeaderCookie)
	if !bytes.Contains(c.Request().Header.Peek(fiber.HeaderIfNoneMatch), []byte(etag)) {
		return false
	}
	c.Status(fiber.StatusNotModified)
	res.ResetBody()
	return true
}

func compress(c *fiber.Ctx) {
	res := c.Response()
	if c.Locals(plainKey) != nil || len(res.Body()) < minCompressed || len(res.Header.Peek(fiber.HeaderContentEncoding)) > 0 {
		return
	}
	c.Vary(fiber.HeaderAcceptEncoding)
	switch encoding(c) {
	case "br":
		res.SetBodyRaw(fasthttp.AppendBrotliBytesLevel(nil, res.Body(), pageBrotli))
		c.Set(fiber.HeaderContentEncoding, "br")
	case "gzip":
		res.SetBodyRaw(fasthttp.AppendGzipBytesLevel(nil, res.Body(), fasthttp.CompressBestSpeed))
		c.Set(fiber.HeaderContentEncoding, "gzip")
	}
}

// pageBrotli is the level for pages, which are compressed at every request.
const pageBrotli = 1

// encoding is the compression that the browser asked for, "" for none: a missing
// header is no wish, though Fiber takes it for every wish.
func encoding(c *fiber.Ctx) string {
	if c.Get(fiber.HeaderAcceptEncoding) == "" {
		return ""
	}
	return c.AcceptsEncodings("br", "gzip")
}
