package views

import (
	"fmt"
	"testing"

	"github.com/valyala/fasthttp"
)

// BenchmarkPage measures what a page costs beside its queries: routing, template,
// ETag and compression, against the plain text of the same server. Pages of a
// reader with all settings on.
func BenchmarkPage(b *testing.B) {
	app := readyHouse(b).app
	handler := app.Handler()
	for _, path := range []string{"/livez", "/help", "/"} {
		for _, encoding := range []string{"", "gzip", "br"} {
			b.Run(fmt.Sprintf("%s/%s", path, encoding), func(b *testing.B) {
				var size int
				for b.Loop() {
					var c fasthttp.RequestCtx
					c.Request.SetRequestURI(path)
					c.Request.Header.Set("Cookie", "reading=xfe")
					c.Request.Header.Set("Accept-Encoding", encoding)
					handler(&c)
					size = len(c.Response.Body())
				}
				b.ReportMetric(float64(size), "bytes")
			})
		}
	}
}
