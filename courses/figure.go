package courses

import (
	"encoding/xml"
	"fmt"
	"html/template"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// figure is a medium in a lesson.
type figure struct{ name, alt, caption string }

// Bounds of a picture.
const (
	maxSVG         = 200 << 10
	maxSVGElements = 4000
	maxSVGDepth    = 24
)

// svgElements are the elements of a picture. There is none that runs, loads,
// links or styles anything.
var svgElements = words(`svg g path rect circle ellipse line polyline polygon text tspan
	defs linearGradient radialGradient stop clipPath mask marker pattern symbol`)

// svgAttributes are the attributes of a picture. Colours and shapes are written
// as attributes, never as style.
var svgAttributes = words(`viewBox width height x y x1 y1 x2 y2 cx cy r rx ry fx fy d points dx dy rotate
	transform preserveAspectRatio id offset gradientUnits gradientTransform spreadMethod clipPathUnits maskUnits
	maskContentUnits patternUnits patternContentUnits patternTransform markerWidth markerHeight markerUnits
	refX refY orient textLength lengthAdjust
	fill fill-opacity fill-rule stroke stroke-width stroke-linecap stroke-linejoin stroke-miterlimit
	stroke-dasharray stroke-dashoffset stroke-opacity opacity color clip-path clip-rule mask
	marker-start marker-mid marker-end stop-color stop-opacity vector-effect paint-order
	font-family font-size font-weight font-style text-anchor dominant-baseline alignment-baseline
	baseline-shift letter-spacing word-spacing text-decoration writing-mode`)

func words(s string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(s) {
		out[w] = true
	}
	return out
}

const svgSpace = "http://www.w3.org/2000/svg"

var (
	svgID = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]*$`)
	// A value is numbers, names, colours, path data. A function may be a
	// transformation, a colour, a custom property, or a reference into the picture.
	svgValue     = regexp.MustCompile(`^[^<>&"\\(){};@]*$`)
	svgFunction  = regexp.MustCompile(`^(?:\s*,?\s*(?:matrix|translate|scale|rotate|skewX|skewY|rgb|rgba|hsl|hsla)\([-+0-9eE.,%\s]*\))+\s*$`)
	svgVariable  = regexp.MustCompile(`^var\(--[a-z0-9-]+(?:,\s*#?[A-Za-z0-9]+)?\)$`)
	svgReference = regexp.MustCompile(`^url\(#([A-Za-z][A-Za-z0-9_-]*)\)$`)
)

// svgNode is a cleaned element with its children; text has no name.
type svgNode struct {
	name     string
	attrs    []xml.Attr
	children []*svgNode
	text     string
}

// CleanSVG reads a picture and writes it again with only the elements and
// attributes of our own lists: no style, no script, no links, nothing foreign.
// dropped names what was left out. It fails when the file is no picture.
// Cleaning a cleaned picture changes nothing.
func CleanSVG(data []byte) (clean string, dropped []string, err error) {
	root, dropped, err := readSVG(data)
	if err != nil {
		return "", nil, err
	}
	var b strings.Builder
	root.write(&b, "")
	return b.String(), dropped, nil
}

func readSVG(data []byte) (*svgNode, []string, error) {
	if len(data) > maxSVG {
		return nil, nil, fmt.Errorf("図が大きすぎます（%d KBまで）。", maxSVG>>10)
	}
	r := &svgReader{dec: xml.NewDecoder(strings.NewReader(string(data)))}
	for {
		token, err := r.dec.Token()
		if err != nil {
			return nil, nil, fmt.Errorf("SVGとして読み取れません。")
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		if start.Name.Local != "svg" || start.Name.Space != svgSpace {
			return nil, nil, fmt.Errorf("いちばん外側が <svg xmlns=\"%s\"> ではありません。", svgSpace)
		}
		root, err := r.element(start, 0)
		if err != nil {
			return nil, nil, err
		}
		if !slices.ContainsFunc(root.attrs, func(a xml.Attr) bool { return a.Name.Local == "viewBox" }) {
			return nil, nil, fmt.Errorf("<svg> に viewBox がありません。")
		}
		if err := r.rest(); err != nil {
			return nil, nil, err
		}
		return root, r.dropped, nil
	}
}

type svgReader struct {
	dec     *xml.Decoder
	count   int
	dropped []string
}

// rest reads to the end, so that a file with two roots is not half a picture.
func (r *svgReader) rest() error {
	for {
		token, err := r.dec.Token()
		if err == io.EOF {
			return nil
		}
		if _, ok := token.(xml.StartElement); err != nil || ok {
			return fmt.Errorf("SVGとして読み取れません。")
		}
	}
}

func (r *svgReader) drop(what string) {
	if !slices.Contains(r.dropped, what) && len(r.dropped) < 20 {
		r.dropped = append(r.dropped, what)
	}
}

func (r *svgReader) element(start xml.StartElement, depth int) (*svgNode, error) {
	if r.count++; r.count > maxSVGElements || depth > maxSVGDepth {
		return nil, fmt.Errorf("図が細かすぎます（%d個、%d段まで）。", maxSVGElements, maxSVGDepth)
	}
	node := &svgNode{name: start.Name.Local, attrs: r.attributes(start)}
	for {
		token, err := r.dec.Token()
		if err != nil {
			return nil, fmt.Errorf("SVGとして読み取れません。")
		}
		switch t := token.(type) {
		case xml.EndElement:
			return node, nil
		case xml.CharData:
			if node.name == "text" || node.name == "tspan" {
				node.children = append(node.children, &svgNode{text: string(t)})
			}
		case xml.StartElement:
			if t.Name.Space != svgSpace || !svgElements[t.Name.Local] || t.Name.Local == "svg" {
				if t.Name.Space == svgSpace && t.Name.Local != "title" && t.Name.Local != "desc" && t.Name.Local != "metadata" {
					r.drop("<" + t.Name.Local + ">")
				}
				if err := r.dec.Skip(); err != nil {
					return nil, fmt.Errorf("SVGとして読み取れません。")
				}
				continue
			}
			child, err := r.element(t, depth+1)
			if err != nil {
				return nil, err
			}
			node.children = append(node.children, child)
		}
	}
}

func (r *svgReader) attributes(start xml.StartElement) []xml.Attr {
	var out []xml.Attr
	for _, a := range start.Attr {
		name := a.Name.Local
		if a.Name.Space != "" || name == "xmlns" {
			continue
		}
		value := strings.Join(strings.Fields(a.Value), " ")
		size := start.Name.Local == "svg" && (name == "width" || name == "height")
		switch {
		case size: // a picture is as wide as the page
		case name == "role" || strings.HasPrefix(name, "aria-") || name == "version":
		case !svgAttributes[name] || !svgSafe(name, value) || len(value) > 64<<10:
			r.drop(name)
		case !slices.ContainsFunc(out, func(b xml.Attr) bool { return b.Name.Local == name }):
			out = append(out, xml.Attr{Name: xml.Name{Local: name}, Value: value})
		}
	}
	return out
}

func svgSafe(name, value string) bool {
	if name == "id" {
		return svgID.MatchString(value)
	}
	return svgValue.MatchString(value) || svgFunction.MatchString(value) ||
		svgVariable.MatchString(value) || svgReference.MatchString(value)
}

// write serialises the element; prefix keeps its ids apart from others of the page.
func (n *svgNode) write(b *strings.Builder, prefix string) {
	b.WriteString("<" + n.name)
	if n.name == "svg" && prefix == "" {
		b.WriteString(` xmlns="` + svgSpace + `"`)
	}
	for _, a := range n.attrs {
		value := a.Value
		if a.Name.Local == "id" {
			value = prefix + value
		} else if m := svgReference.FindStringSubmatch(value); m != nil {
			value = "url(#" + prefix + m[1] + ")"
		}
		b.WriteString(" " + a.Name.Local + `="` + template.HTMLEscapeString(value) + `"`)
	}
	n.finish(b, prefix)
}

func (n *svgNode) finish(b *strings.Builder, prefix string) {
	if len(n.children) == 0 {
		b.WriteString("/>")
		return
	}
	b.WriteString(">")
	for _, child := range n.children {
		if child.name == "" {
			b.WriteString(template.HTMLEscapeString(child.text))
			continue
		}
		child.write(b, prefix)
	}
	b.WriteString("</" + n.name + ">")
}

// figure inlines a picture: it is an image whose title is the first sentence of
// the alternative text and whose description is the rest.
func (pg *page) figure(seg *segment, source string) string {
	root, _, err := readSVG([]byte(source))
	if err != nil {
		return "" // the fault is the file's, noted when it was read
	}
	pg.figures++
	prefix := "f" + strconv.Itoa(pg.figures) + "-"
	title, rest := firstSentence(seg.figure.alternative())
	var b strings.Builder
	switch {
	case title == "":
		b.WriteString(`<figure class="figure"><svg aria-hidden="true"`)
	case rest == "":
		b.WriteString(`<figure class="figure"><svg role="img" aria-labelledby="` + prefix + `title"`)
	default:
		b.WriteString(`<figure class="figure"><svg role="img" aria-labelledby="` + prefix + `title" aria-describedby="` + prefix + `desc"`)
	}
	var svg strings.Builder
	root.write(&svg, prefix)
	attributes, content, _ := strings.Cut(strings.TrimPrefix(svg.String(), "<svg"), ">")
	b.WriteString(strings.TrimSuffix(attributes, "/") + ">")
	if title != "" {
		b.WriteString(`<title id="` + prefix + `title">` + template.HTMLEscapeString(title) + `</title>`)
	}
	if rest != "" {
		b.WriteString(`<desc id="` + prefix + `desc">` + template.HTMLEscapeString(rest) + `</desc>`)
	}
	if content == "" {
		content = "</svg>"
	}
	b.WriteString(content)
	pg.caption(&b, seg)
	b.WriteString("</figure>\n")
	return b.String()
}

func firstSentence(s string) (first, rest string) {
	first, rest, found := strings.Cut(s, "。")
	if !found || strings.TrimSpace(rest) == "" {
		return s, ""
	}
	return first + "。", strings.TrimSpace(rest)
}
