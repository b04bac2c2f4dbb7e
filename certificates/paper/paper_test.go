package paper_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
	"tsunagari/certificates/paper"
	"tsunagari/storage/storagetest"
)

const name = "髙﨑　𠮷子と渡邉葛󠄀城、か\u3099は\u309a" // beyond Shift_JIS, beyond U+FFFF, a variation sequence, dakuten apart

func sample() *paper.Document {
	d := paper.New(paper.Info{Title: "修了証 𠮷", Author: "つながり市", Created: time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC)})
	p := d.Page(210, 297)
	p.Frame(10, 10, 190, 277, 0.5, paper.Color{R: 20, G: 60, B: 90})
	p.Text(20, 40, name, paper.Style{Size: 20})
	p.Text(105, 60, "まん中 ABC 123", paper.Style{Size: 14, Align: paper.Centre, Spacing: 0.2})
	p.Turned(105, 200, 30, "見本", paper.Style{Size: 100, Align: paper.Centre, Color: paper.Color{R: 220, G: 220, B: 220}})
	p.QR(150, 220, 30, "https://tsunagari.example.jp/v/abcdefghijklmnopqrstuvwxyz")
	p.Line(20, 62, 190, 62, 0.2, paper.Color{})
	p = d.Page(91, 55)
	p.Paragraph(5, 10, 81, "二ページ目の、折り返される長い文です。", paper.Style{Size: 12}, 1.5)
	return d
}

func build(t testing.TB, d *paper.Document) []byte {
	t.Helper()
	pdf, err := d.PDF()
	if err != nil {
		t.Fatal(err)
	}
	return pdf
}

// run runs a PDF program on a PDF and returns what it printed.
func run(t *testing.T, pdf []byte, program string, args ...string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		storagetest.Missing(t, "%v", err)
	}
	file := filepath.Join(t.TempDir(), "x.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	cmd := exec.Command(path, append(args, file)...)
	if program == "pdftotext" {
		cmd.Args = append(cmd.Args, "-")
	}
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil || stderr.Len() > 0 {
		t.Fatalf("%s: %v %s", program, err, stderr.String())
	}
	return string(out)
}

func TestTextCopiesAsTyped(t *testing.T) {
	solid := func(s string) string { return strings.Join(strings.Fields(s), "") } // pdftotext guesses at spaces
	text := solid(run(t, build(t, sample()), "pdftotext", "-raw"))
	for _, want := range []string{name, "まん中 ABC 123", "二ページ目の、折り返される長い文です。"} {
		if !strings.Contains(text, solid(want)) {
			t.Errorf("%q (% x) is not in %q", want, []rune(want), text)
		}
	}
}

func TestPDFSaysWhatItIs(t *testing.T) {
	pdf := build(t, sample())
	info := run(t, pdf, "pdfinfo")
	for _, want := range []string{"修了証 𠮷", "つながり市", "2026", "Pages:           2", "(A4)"} {
		if !strings.Contains(info, want) {
			t.Errorf("%q is not in %s", want, info)
		}
	}
	fonts := run(t, pdf, "pdffonts")
	if !strings.Contains(fonts, "NotoSerifJP-Regular") || !strings.Contains(fonts, "CID TrueType") || strings.Count(fonts, "yes yes yes") != 1 {
		t.Errorf("one font, embedded, a subset, with Unicode: %s", fonts)
	}
	if !bytes.Contains(pdf, []byte("/Lang (ja-JP)")) {
		t.Error("no language")
	}
	run(t, pdf, "qpdf", "--check")
}

func TestSameBytes(t *testing.T) {
	if a, b := build(t, sample()), build(t, sample()); !bytes.Equal(a, b) {
		t.Error("the same document gave other bytes")
	}
}

func TestFirstErrorIsKept(t *testing.T) {
	for _, draw := range []func(p *paper.Page){
		func(p *paper.Page) { p.Text(0, 0, "絵😀文字", paper.Style{Size: 10}) },
		func(p *paper.Page) { p.QR(0, 0, 10, strings.Repeat("長", 2000)) },
		func(p *paper.Page) { p.Picture(0, 0, 10, 10, []byte("no picture")) },
	} {
		d := paper.New(paper.Info{})
		p := d.Page(100, 100)
		draw(p)
		p.Text(0, 0, "あ", paper.Style{Size: 10})
		if _, err := d.PDF(); err == nil {
			t.Error("a PDF was made of what cannot be drawn")
		}
		if err := d.SVG(&bytes.Buffer{}, 0); err == nil {
			t.Error("an SVG was made of what cannot be drawn")
		}
	}
}

func TestEmptyPage(t *testing.T) {
	d := paper.New(paper.Info{Title: "白紙"})
	d.Page(210, 297)
	run(t, build(t, d), "qpdf", "--check")
}

func TestPictureIsEmbedded(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 40, 20))
	for i := range 40 * 20 {
		img.Set(i%40, i/40, color.NRGBA{200, 30, 30, uint8(i % 256)})
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	d := paper.New(paper.Info{})
	d.Page(100, 100).Picture(10, 10, 20, 20, b.Bytes())
	pdf := build(t, d)
	if !bytes.Equal(pdf, build(t, d)) {
		t.Error("the same picture gave other bytes")
	}
	if list := run(t, pdf, "pdfimages", "-list"); !strings.Contains(list, "image      40    20") {
		t.Errorf("no picture: %s", list)
	}
}

func TestQRIsReadFromThePage(t *testing.T) {
	page := raster(t, build(t, sample()), "110")
	if got := decode(t, page); got != "https://tsunagari.example.jp/v/abcdefghijklmnopqrstuvwxyz" {
		t.Errorf("read %q", got)
	}
}

func raster(t *testing.T, pdf []byte, dpi string) image.Image {
	t.Helper()
	out := run(t, pdf, "pdftoppm", "-png", "-r", dpi, "-f", "1", "-l", "1")
	img, err := png.Decode(strings.NewReader(out))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

func decode(t *testing.T, img image.Image) string {
	t.Helper()
	bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		t.Fatal(err)
	}
	result, err := qrcode.NewQRCodeReader().Decode(bitmap, nil)
	if err != nil {
		t.Fatal(err)
	}
	return result.GetText()
}
