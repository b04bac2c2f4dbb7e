package views

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"

	"github.com/gofiber/fiber/v2"
	"github.com/molecule-man/go-brrr"
	"github.com/valyala/fasthttp"
)

//go:embed static
var staticFiles embed.FS

// static serves the embedded files under names that hold a hash of their content,
// so that a browser may keep them for ever; compressed once, at the start.
type static struct {
	files map[string]*file  // by address
	urls  map[string]string // address by plain name
}

type file struct {
	kind            string
	plain, br, gzip []byte
}

var kinds = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
	".png": "image/png",
}

// embedded are the files of the program, compressed once: at its best that takes a while.
var embedded = sync.OnceValues(func() (*static, error) { return newStatic(staticFiles) })

func newStatic(files fs.FS) (*static, error) {
	s := &static{files: map[string]*file{}, urls: map[string]string{}}
	names, err := fs.Glob(files, "static/*.*")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		body, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		if err := s.add(path.Base(name), body); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func (s *static) add(name string, body []byte) error {
	ext := path.Ext(name)
	f := &file{kind: kinds[ext], plain: body}
	if f.kind == "" {
		return fmt.Errorf("static: no content type for %s", name)
	}
	if ext != ".png" {
		var err error
		if f.br, err = smallest(body); err != nil {
			return err
		}
		f.gzip = fasthttp.AppendGzipBytesLevel(nil, body, fasthttp.CompressBestCompression)
	}
	sum := sha256.Sum256(body)
	address := "/static/" + strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:5]) + ext
	s.files[address], s.urls[name] = f, address
	return nil
}

// smallest is body by brotli at its best, which takes 30 MiB: fasthttp would keep
// them for the next time.
func smallest(body []byte) ([]byte, error) {
	var b bytes.Buffer
	w, err := brrr.NewWriter(&b, brrr.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(body); err != nil {
		return nil, err
	}
	err = w.Close()
	return b.Bytes(), err
}

// url is the address of a static file, an error when there is none.
func (s *static) url(name string) (string, error) {
	if u, ok := s.urls[name]; ok {
		return u, nil
	}
	return "", fmt.Errorf("static: no file %s", name)
}

// owns says whether the path is one of a static file.
func (s *static) owns(p string) bool { return strings.HasPrefix(p, "/static/") }

func (s *static) serve(c *fiber.Ctx) error {
	f, ok := s.files[c.Path()]
	if !ok {
		return fiber.ErrNotFound
	}
	c.Set(fiber.HeaderContentType, f.kind)
	c.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
	c.Vary(fiber.HeaderAcceptEncoding)
	body := f.plain
	switch enc := encoding(c); {
	case enc == "br" && f.br != nil:
		c.Set(fiber.HeaderContentEncoding, "br")
		body = f.br
	case enc == "gzip" && f.gzip != nil:
		c.Set(fiber.HeaderContentEncoding, "gzip")
		body = f.gzip
	}
	c.Response().SetBodyRaw(body)
	return nil
}
