package courses

import (
	"encoding/xml"
	"io"
	"strings"
	"testing"
)

func TestCleanSVG(t *testing.T) {
	const in = `<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY e "x">]>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 10 10" width="100" height="50" style="color:red" onload="alert(1)">
<title>もとの題</title><script>alert(1)</script><style>*{fill:red}</style>
<a href="javascript:alert(1)"><text>リンク</text></a><use xlink:href="#a"/><image href="https://example.jp/x.png"/>
<foreignObject><div xmlns="http://www.w3.org/1999/xhtml">x</div></foreignObject>
<animate attributeName="x"/><!-- note -->
<g id="a b" fill="url(https://example.jp/x)" stroke="url(#ok)" transform="translate(1,2) rotate(45)"><path d="M0 0L1 1z" onclick="x" class="y"/></g>
<rect id="ok" width="4" height="4" fill="rgb(1,2,3)" stroke="var(--line)" clip-path="url(#ok)"/>
<text x="1">孤独 &lt;と&gt; <tspan>孤立 &amp; &quot;x&quot;</tspan></text>
</svg>`
	clean, dropped, err := CleanSVG([]byte(in))
	if err != nil {
		t.Fatal(err)
	}
	const want = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10">` +
		`<g stroke="url(#ok)" transform="translate(1,2) rotate(45)"><path d="M0 0L1 1z"/></g>` +
		`<rect id="ok" width="4" height="4" fill="rgb(1,2,3)" stroke="var(--line)" clip-path="url(#ok)"/>` +
		`<text x="1">孤独 &lt;と&gt; <tspan>孤立 &amp; &#34;x&#34;</tspan></text></svg>`
	if clean != want {
		t.Errorf("got\n%s\nwant\n%s", clean, want)
	}
	if got, want := strings.Join(dropped, " "), "style onload <script> <style> <a> <use> <image> <foreignObject> <animate> id fill onclick class"; got != want {
		t.Errorf("dropped %s, want %s", got, want)
	}
}

func TestCleanSVGRefuses(t *testing.T) {
	for name, in := range map[string]string{
		"nothing":         "",
		"html":            "<html></html>",
		"another space":   `<svg viewBox="0 0 1 1"></svg>`,
		"no viewBox":      `<svg xmlns="http://www.w3.org/2000/svg"></svg>`,
		"unclosed":        `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><g>`,
		"two roots":       `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/><svg/>`,
		"own entity":      `<!DOCTYPE svg [<!ENTITY e "x">]><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><text>&e;</text></svg>`,
		"too deep":        `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">` + strings.Repeat("<g>", 1000),
		"too many":        `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">` + strings.Repeat("<g/>", maxSVGElements+1) + "</svg>",
		"too large":       strings.Repeat("x", maxSVG+1),
		"other encodings": `<?xml version="1.0" encoding="UTF-7"?><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>`,
	} {
		if clean, _, err := CleanSVG([]byte(in)); err == nil {
			t.Errorf("%s: read as %s", name, clean)
		}
	}
}

// FuzzCleanSVG: what comes out has only our elements and attributes, reads the
// same again, and stands well-formed in a page.
func FuzzCleanSVG(f *testing.F) {
	f.Add(picture)
	f.Add(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><text>&lt;script&gt;</text></svg>`)
	f.Add(`<svg xmlns="http://www.w3.org/2000/svg" xmlns:a="b" viewBox="0 0 1 1" a:onload="x"><a:g/><g fill="url(#a)" id="a"/></svg>`)
	f.Fuzz(func(t *testing.T, in string) {
		clean, _, err := CleanSVG([]byte(in))
		if err != nil {
			return
		}
		again, dropped, err := CleanSVG([]byte(clean))
		if err != nil || again != clean || len(dropped) > 0 {
			t.Fatalf("cleaned again: %v %v\n%s\n%s", err, dropped, clean, again)
		}
		dec := xml.NewDecoder(strings.NewReader(clean))
		for {
			token, err := dec.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			start, ok := token.(xml.StartElement)
			if !ok {
				continue
			}
			if !svgElements[start.Name.Local] {
				t.Fatalf("element %s in %s", start.Name.Local, clean)
			}
			for _, a := range start.Attr {
				if a.Name.Local != "xmlns" && !svgAttributes[a.Name.Local] {
					t.Fatalf("attribute %s in %s", a.Name.Local, clean)
				}
			}
		}
		page := newPage(&site{media: map[string]*Picture{"a.svg": {Name: "a.svg", SVG: clean}}}, "a", Reading{})
		wellFormed(t, page.medium(&segment{figure: figure{name: "a.svg", alt: "図。説明", caption: "題"}}))
	})
}
