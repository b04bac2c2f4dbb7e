package paper_test

import (
	"bytes"
	"encoding/xml"
	"io"
	"strings"
	"testing"

	"tsunagari/certificates/paper"
)

func TestSVGIsWellFormed(t *testing.T) {
	d := paper.New(paper.Info{Title: `<"&>`})
	d.Page(100, 50).Text(5, 20, "あ&い<う> あ", paper.Style{Size: 20})
	var b bytes.Buffer
	if err := d.SVG(&b, 0); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(b.String(), "<path id="); n != 7 {
		t.Errorf("%d glyphs are defined, not each of 7 once", n)
	}
	wellFormed(t, b.String())
	qr, err := paper.QRSVG("https://tsunagari.example.jp/verify/R8-012084-0001", `照合 "QR"`)
	if err != nil {
		t.Fatal(err)
	}
	wellFormed(t, qr)
	if _, err := paper.QRSVG(strings.Repeat("長", 2000), ""); err == nil {
		t.Error("a QR code of 6000 bytes")
	}
}

func wellFormed(t *testing.T, s string) {
	t.Helper()
	for d := xml.NewDecoder(strings.NewReader(s)); ; {
		if _, err := d.Token(); err == io.EOF {
			return
		} else if err != nil {
			t.Fatalf("%v in %s", err, s)
		}
	}
}
