package views

import (
	"embed"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"maps"
	"path"
	"strings"
	"sync"
)

//go:embed templates
var templateFiles embed.FS

// engine renders templates/NAME.html inside templates/layout.html. Every page has
// its own clone of the layout and the parts, so that two pages may both define
// "main". It is a fiber.Views.
type engine struct {
	files fs.FS
	funcs template.FuncMap
	pages map[string]*template.Template
	parts *template.Template
	kept  sync.Map // of fixed: by keptKey
}

type keptKey struct {
	name string
	key  any
}

func newEngine(files fs.FS, funcs template.FuncMap) (*engine, error) {
	e := &engine{files: files, funcs: template.FuncMap{}}
	maps.Copy(e.funcs, funcs)
	e.funcs["fixed"] = e.fixed
	return e, e.Load()
}

// fixed is the part name, drawn once for every key and kept as bytes: the frame of
// a page depends on few things, and drawing it costs more than the page in it. A
// part of a path, a name or anything else without end is no key.
func (e *engine) fixed(name string, key any) (template.HTML, error) {
	if html, ok := e.kept.Load(keptKey{name, key}); ok {
		return html.(template.HTML), nil
	}
	var b strings.Builder
	if err := e.parts.ExecuteTemplate(&b, name, key); err != nil {
		return "", err
	}
	html := template.HTML(b.String())
	e.kept.Store(keptKey{name, key}, html)
	return html, nil
}

// Load parses every page. A fault in any of them is an error of the start, never
// of a request.
func (e *engine) Load() error {
	base, err := template.New("layout.html").Funcs(e.funcs).ParseFS(e.files, "templates/layout.html", "templates/parts/*.html")
	if err != nil {
		return err
	}
	names, err := fs.Glob(e.files, "templates/*.html")
	if err != nil {
		return err
	}
	e.pages = map[string]*template.Template{}
	for _, file := range names {
		name := strings.TrimSuffix(path.Base(file), ".html")
		if name == "layout" {
			continue
		}
		clone, err := base.Clone()
		if err != nil {
			return err
		}
		if e.pages[name], err = clone.ParseFS(e.files, file); err != nil {
			return err
		}
	}
	e.parts, err = base.Clone()
	return err
}

// partOf marks the name of a part that is an answer of its own.
const partOf = "part:"

// Render writes the page name with its typed struct, or after partOf one part
// alone. Fiber throws away what was written when the template fails.
func (e *engine) Render(w io.Writer, name string, page any, _ ...string) error {
	if part, ok := strings.CutPrefix(name, partOf); ok {
		return e.parts.ExecuteTemplate(w, part, page)
	}
	t, ok := e.pages[name]
	if !ok {
		return fmt.Errorf("views: no template %q", name)
	}
	return t.Execute(w, page)
}
