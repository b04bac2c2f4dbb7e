package paper_test

import (
	"fmt"
	"image"
	"io/fs"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tsunagari/certificates/paper"
	"tsunagari/courses/curriculum"
)

// Every figure of the built-in courses is drawn whole, on paper as on a screen.
func TestFiguresOfTheCourses(t *testing.T) {
	n := 0
	err := fs.WalkDir(curriculum.FS(), ".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".svg") {
			return err
		}
		n++
		svg, err := fs.ReadFile(curriculum.FS(), path)
		if err != nil {
			return err
		}
		d := paper.New(paper.Info{Title: path})
		p := d.Page(120, 120)
		if missing := p.Figure(10, 10, 100, 100, string(svg)); len(missing) > 0 {
			t.Errorf("%s: %v cannot be drawn", path, missing)
		}
		build(t, d)
		return d.SVG(&strings.Builder{}, 0)
	})
	if err != nil || n < 10 {
		t.Fatal(n, err)
	}
}

const shapes = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">
<g transform="translate(50 0)"><rect width="40" height="40" fill="#c00"/></g>
<path d="M0 60h40v40H0zm10 10v20h20V70z" fill="#00c" fill-rule="evenodd"/>
<circle cx="70" cy="80" r="15" fill="none" stroke="#0a0" stroke-width="6"/>
<path d="M5 5a15 15 0 0 1 30 0z" transform="translate(0 15)" opacity="0.5"/>
<text x="50" y="55" font-size="8" text-anchor="middle" font-weight="700"><tspan>図の</tspan><tspan fill="#c00">中の字</tspan></text>
</svg>`

// Shapes stand where SVG has them, in the colours that it says.
func TestShapesOnPaper(t *testing.T) {
	d := paper.New(paper.Info{})
	if missing := d.Page(100, 100).Figure(0, 0, 100, 100, shapes); len(missing) > 0 {
		t.Fatal(missing)
	}
	pdf := build(t, d)
	page := raster(t, pdf, "100")
	for _, at := range []struct {
		x, y float64
		want string
	}{
		{70, 20, "cc0000"}, {45, 20, "ffffff"}, // moved
		{5, 80, "0000cc"}, {20, 80, "ffffff"}, // a hole
		{70, 65, "00aa00"}, {70, 80, "ffffff"}, // an edge without an inside
		{20, 12, "808080"}, {20, 25, "ffffff"}, // an arc, half through
	} {
		if got := colorAt(page, at.x, at.y); got != at.want {
			t.Errorf("at %g, %g: %s, not %s", at.x, at.y, got, at.want)
		}
	}
	if text := run(t, pdf, "pdftotext"); !strings.Contains(text, "図の中の字") {
		t.Errorf("text %q", text)
	}
	run(t, pdf, "qpdf", "--check")
}

// colorAt is the colour at a place of a page of 100 mm.
func colorAt(page image.Image, x, y float64) string {
	side := float64(page.Bounds().Dx())
	r, g, b, _ := page.At(int(x*side/100), int(y*side/100)).RGBA()
	return fmt.Sprintf("%02x%02x%02x", r>>8, g>>8, b>>8)
}

func TestFigureSaysWhatItLeavesOut(t *testing.T) {
	for svg, want := range map[string]string{
		`<rect width="5" height="5" fill="url(#a)"/>`:                    "url(#a)",
		`<defs><clipPath id="a"><rect/></clipPath></defs>`:               "defs",
		`<rect width="5" height="5" mask="url(#a)"/>`:                    "mask",
		`<path d="M0 0 L 5"/>`:                                           "path",
		`<g transform="turn(5)"><rect/></g>`:                             "transform",
		`<use/>`:                                                         "use",
		`<text x="1" y="9">あ<circle r="1"/></text>`:                      "circle",
		`<rect width="5" height="5" fill="#12345"/>`:                     "#12345",
		`<text x="1" y="9" letter-spacing="2">あ</text>`:                  "letter-spacing",
		`<text x="1" y="9"><tspan transform="scale(2)">あ</tspan></text>`: "tspan transform",
	} {
		d := paper.New(paper.Info{})
		missing := d.Page(50, 50).Figure(0, 0, 50, 50, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 50 50">`+svg+`</svg>`)
		if len(missing) != 1 || missing[0] != want {
			t.Errorf("%s: %v", svg, missing)
		}
		build(t, d)
	}
}

func TestNoFigure(t *testing.T) {
	for _, svg := range []string{"", "<svg", "<p/>", `<svg xmlns="http://www.w3.org/2000/svg"/>`, `<svg viewBox="0 0 0 5"/>`} {
		d := paper.New(paper.Info{})
		d.Page(50, 50).Figure(0, 0, 50, 50, svg)
		if _, err := d.PDF(); err == nil {
			t.Errorf("%q is a figure", svg)
		}
		if _, _, err := paper.FigureSize(svg); err == nil {
			t.Errorf("%q has a size", svg)
		}
	}
}

// Whatever stands in a path, it is drawn or named, and the file stays whole.
func TestAnyPath(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		path := rapid.StringMatching(`[MmLlHhVvCcSsQqTtAaZz0-9eE.,+\- ]{0,40}`).Draw(t, "path")
		d := paper.New(paper.Info{})
		d.Page(50, 50).Figure(0, 0, 50, 50, `<svg viewBox="0 0 50 50"><path d="`+path+`"/></svg>`)
		if _, err := d.PDF(); err != nil {
			t.Fatal(err)
		}
	})
}
