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
	tree "text/template/parse"
)

//go:embed templates
var templateFiles embed.FS

// engine renders templates/NAME.html inside templates/layout.html. Every page has
// its own copy of the layout and of the parts that it uses, so that two pages may
// both define "main". It is a fiber.Views.
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
	return e, e.load()
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

// Load is for Fiber, which asks for it: everything is parsed by then.
func (e *engine) Load() error { return nil }

// load parses every page. A fault in any of them is an error of the start, never
// of a request.
func (e *engine) load() (err error) {
	e.parts, err = template.New("layout.html").Funcs(e.funcs).ParseFS(e.files, "templates/layout.html", "templates/parts/*.html")
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
		own, err := template.New(name).Funcs(e.funcs).ParseFS(e.files, file)
		if err != nil {
			return err
		}
		page := template.New("layout.html").Funcs(e.funcs)
		if err := gather(page, "layout.html", own, e.parts); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		e.pages[name] = page.Lookup("layout.html")
	}
	return nil
}

// gather copies the template name into page from the first set that has it, with
// all that it uses and nothing else: copies of every part for every page were most
// of the program's memory.
func gather(page *template.Template, name string, sets ...*template.Template) error {
	if t := page.Lookup(name); t != nil && t.Tree != nil {
		return nil
	}
	for _, set := range sets {
		t := set.Lookup(name)
		if t == nil || t.Tree == nil {
			continue
		}
		if _, err := page.AddParseTree(name, t.Tree.Copy()); err != nil {
			return err
		}
		for _, used := range uses(t.Tree.Root) {
			if err := gather(page, used, sets...); err != nil {
				return err
			}
		}
		return nil
	}
	return fmt.Errorf("views: no template %q", name)
}

// uses are the names of the templates that stand under a node.
func uses(node tree.Node) (names []string) {
	switch n := node.(type) {
	case *tree.ListNode:
		if n == nil {
			return nil
		}
		for _, child := range n.Nodes {
			names = append(names, uses(child)...)
		}
	case *tree.TemplateNode:
		names = append(names, n.Name)
	case *tree.IfNode:
		names = append(uses(n.List), uses(n.ElseList)...)
	case *tree.RangeNode:
		names = append(uses(n.List), uses(n.ElseList)...)
	case *tree.WithNode:
		names = append(uses(n.List), uses(n.ElseList)...)
	}
	return names
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
