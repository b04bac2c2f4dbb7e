package main

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"golang.org/x/net/html"

	"tsunagari/views/browsertest"
)

// walker is somebody on the site: in a browser, or with nothing but links and forms.
type walker interface {
	open(path string)
	press(label string)      // a link or button by its words, which leads on
	set(name, value string)  // a field; of radio buttons and check boxes the one with value
	page() *html.Node        // what is shown
	path() string            // where
	file(path string) []byte // what a link downloads
}

// plain walks by HTTP alone: what works for it works without script.
type plain struct {
	t      *testing.T
	base   string
	client *http.Client
	now    *url.URL
	doc    *html.Node
	typed  map[string][]string
}

func newPlain(t *testing.T, base string) *plain {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &plain{t: t, base: base, client: &http.Client{Jar: jar}}
}

func (p *plain) page() *html.Node { return p.doc }
func (p *plain) path() string     { return p.now.Path }

func (p *plain) open(path string) { p.do(http.MethodGet, p.base+path, nil) }

func (p *plain) do(method, to string, form url.Values) {
	p.t.Helper()
	res := p.send(method, to, form)
	defer res.Body.Close()
	doc, err := html.Parse(res.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	p.now, p.doc, p.typed = res.Request.URL, doc, map[string][]string{}
	if res.StatusCode >= 400 && res.StatusCode != http.StatusUnprocessableEntity {
		p.t.Fatalf("%s %s: %s\n%s", method, to, res.Status, text(doc))
	}
}

func (p *plain) send(method, to string, form url.Values) *http.Response {
	p.t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	req, err := http.NewRequest(method, to, body)
	if err != nil {
		p.t.Fatal(err)
	}
	req.Header.Set("Origin", p.base)
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	res, err := p.client.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	return res
}

func (p *plain) file(path string) []byte {
	res := p.send(http.MethodGet, p.base+path, nil)
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		p.t.Fatalf("%s: %s %v", path, res.Status, err)
	}
	return b
}

func (p *plain) set(name, value string) { p.typed[name] = append(p.typed[name], value) }

func (p *plain) press(label string) {
	p.t.Helper()
	n := pressable(p.doc, label)
	if n == nil {
		p.t.Fatalf("%s: nothing to press says %q:\n%s", p.now, label, text(p.doc))
	}
	if n.Data == "a" {
		p.do(http.MethodGet, p.resolve(attr(n, "href")), nil)
		return
	}
	form := n
	for form.Data != "form" {
		form = form.Parent
	}
	values := p.values(form)
	if name := attr(n, "name"); name != "" {
		values.Set(name, attr(n, "value"))
	}
	to := p.resolve(attr(form, "action"))
	if strings.EqualFold(attr(form, "method"), "post") {
		p.do(http.MethodPost, to, values)
	} else {
		p.do(http.MethodGet, to+"?"+values.Encode(), nil)
	}
}

func (p *plain) resolve(ref string) string {
	u, err := p.now.Parse(ref)
	if err != nil {
		p.t.Fatal(err)
	}
	return u.String()
}

// values are what the form would send, with what was typed over what stands there.
func (p *plain) values(form *html.Node) url.Values {
	v := url.Values{}
	for _, n := range all(form, "input", "select", "textarea") {
		name := attr(n, "name")
		if _, typed := p.typed[name]; typed || name == "" {
			continue
		}
		switch {
		case n.Data == "select":
			for _, o := range all(n, "option") {
				if has(o, "selected") {
					v.Add(name, attr(o, "value"))
				}
			}
		case n.Data == "textarea":
			v.Add(name, text(n))
		case (attr(n, "type") == "radio" || attr(n, "type") == "checkbox") && !has(n, "checked"):
		default:
			v.Add(name, attr(n, "value"))
		}
	}
	for name, values := range p.typed {
		v[name] = values
	}
	return v
}

// surfer walks in a real browser.
type surfer struct {
	t      *testing.T
	base   string
	tab    context.Context
	seen   map[string]bool // templates of pages that axe has looked at
	taps   int
	weight func() browsertest.Weight // of all that came so far
}

func newSurfer(t *testing.T, b *browsertest.Browser, base string) *surfer {
	tab := b.Tab(t, browsertest.Phone)
	return &surfer{t: t, base: base, tab: tab, seen: map[string]bool{}, weight: browsertest.Scales(t, tab)}
}

func (s *surfer) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatalf("%s: %v", s.path(), err)
	}
}

func (s *surfer) open(path string) {
	s.t.Helper()
	s.must(chromedp.Do(s.tab, chromedp.Navigate(s.base+path)))
	s.look()
}

// look lets axe read each kind of page once.
func (s *surfer) look() {
	s.t.Helper()
	kind := text(first(s.page(), "h1"))
	if !s.seen[kind] {
		s.seen[kind] = true
		browsertest.Axe(s.t, s.tab)
		browsertest.Shot(s.t, s.tab, fmt.Sprintf("journey-%02d", len(s.seen)))
	}
}

const mark = `(label => {
	const said = e => e.textContent.replace(/\s+/g, " ").trim();
	const list = [...document.querySelectorAll("main a[href], main button"), ...document.querySelectorAll("header a[href]")].filter(e => e.offsetParent !== null && said(e).includes(label));
	document.querySelectorAll("[data-press]").forEach(e => e.removeAttribute("data-press"));
	if (list[0]) list[0].setAttribute("data-press", "");
	return list.length > 0;
})(%q)`

func (s *surfer) press(label string) {
	s.t.Helper()
	found, err := chromedp.Run(s.tab, chromedp.Evaluate[bool](fmt.Sprintf(mark, label)))
	s.must(err)
	if !found {
		s.t.Fatalf("%s: nothing to press says %q:\n%s", s.path(), label, text(s.page()))
	}
	s.taps++
	_, err = chromedp.RunResponse(s.tab, chromedp.Click(chromedp.CSS("[data-press]")))
	s.must(err)
	s.look()
}

const put = `((name, value) => {
	const all = [...document.getElementsByName(name)];
	const e = all.length > 1 || ["radio", "checkbox"].includes(all[0].type) ? all.find(e => e.value === value) : all[0];
	if (["radio", "checkbox"].includes(e.type)) e.click();
	else { e.value = value; e.dispatchEvent(new Event("change", {bubbles: true})); }
})(%q, %q)`

func (s *surfer) set(name, value string) {
	s.t.Helper()
	s.must(chromedp.Do(s.tab, chromedp.Evaluate[chromedp.Void](fmt.Sprintf(put, name, value))))
}

func (s *surfer) page() *html.Node {
	s.t.Helper()
	source, err := chromedp.Run(s.tab, chromedp.Evaluate[string](`document.documentElement.outerHTML`))
	if err != nil {
		s.t.Fatal(err)
	}
	doc, err := html.Parse(strings.NewReader(source))
	if err != nil {
		s.t.Fatal(err)
	}
	return doc
}

func (s *surfer) path() string {
	at, err := chromedp.Run(s.tab, chromedp.Location())
	if err != nil {
		return err.Error()
	}
	u, err := url.Parse(at)
	if err != nil {
		return at
	}
	return u.Path
}

const fetchFile = `fetch(%q).then(r => r.ok ? r.arrayBuffer() : Promise.reject(new Error(r.status))).then(b => {
	let s = "";
	for (const x of new Uint8Array(b)) s += String.fromCharCode(x);
	return btoa(s);
})`

func (s *surfer) file(path string) []byte {
	s.t.Helper()
	coded, err := chromedp.Run(s.tab, chromedp.Evaluate[string](fmt.Sprintf(fetchFile, path), chromedp.EvalAwaitPromise))
	s.must(err)
	b, err := base64.StdEncoding.DecodeString(coded)
	s.must(err)
	return b
}

// What follows reads pages.

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

// all are the elements below n with one of the names, in order.
func all(n *html.Node, names ...string) (list []*html.Node) {
	for c := range n.Descendants() {
		for _, name := range names {
			if c.Type == html.ElementNode && c.Data == name {
				list = append(list, c)
			}
		}
	}
	return list
}

func first(n *html.Node, name string) *html.Node {
	if list := all(n, name); len(list) > 0 {
		return list[0]
	}
	return &html.Node{}
}

// byClass are the elements below n with the class.
func byClass(n *html.Node, class string) (list []*html.Node) {
	for c := range n.Descendants() {
		for _, f := range strings.Fields(attr(c, "class")) {
			if f == class {
				list = append(list, c)
			}
		}
	}
	return list
}

// text is what n says, white space made single.
func text(n *html.Node) string {
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
		if n.Data == "script" || n.Data == "svg" || n.Data == "rt" || n.Data == "rp" {
			return
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(n)
	return strings.Join(strings.Fields(b.String()), " ")
}

// pressable is the first link or button of the page, but for its foot, that says label.
func pressable(doc *html.Node, label string) *html.Node {
	for _, part := range append(all(doc, "main"), all(doc, "header")...) {
		for _, n := range all(part, "a", "button") {
			if strings.Contains(text(n), label) && !has(n, "hidden") {
				return n
			}
		}
	}
	return nil
}
