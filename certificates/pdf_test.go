package certificates_test

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"image/png"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
	"gorm.io/gorm"

	"tsunagari/certificates"
	"tsunagari/certificates/paper"
	"tsunagari/storage/storagetest"
)

var helplines = []string{"役場の福祉担当　0152-00-0000（平日 8:45〜17:30）", "いのちにかかわるときは　119番・110番"}

// desk is an office on SQLite with a town whose mayor signs with a seal.
func newDesk(t testing.TB, o certificates.Options) *office {
	w := newOffice(t, storagetest.Open(t, filepath.Join(t.TempDir(), "test.db")), o)
	w.must(w.db.Tx(ctx, func(tx *gorm.DB) error {
		return w.SetUp(tx, "オホーツク孤独・孤立対策連携協議会", "admin")
	}))
	return w
}

// read runs one of poppler's programs on a PDF.
func read(t *testing.T, pdf []byte, program string, args ...string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		storagetest.Missing(t, "%v", err)
	}
	file := filepath.Join(t.TempDir(), "x.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	args = append(args, file)
	if program == "pdftotext" {
		args = append(args, "-")
	}
	out, err := exec.Command(path, args...).Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func solid(s string) string { return strings.Join(strings.Fields(s), "") }

func TestPaperSaysEverything(t *testing.T) {
	w := newDesk(t, certificates.Options{})
	w.issuer(certificates.NewIssuer{Kind: certificates.Municipality, Municipality: kitami, Name: "北見市", OptedIn: true}, mayor("一代　太郎", "2026-04-01", ""))
	a := w.person("髙﨑", "𠮷子")
	cert := w.certificate(a, "2026-11-22")
	for form, want := range map[certificates.Form][]string{
		certificates.A4: {
			"第R8-012084-0001号", "修了証", "たかさき", "髙﨑", "𠮷子", "上記の者は", "小さな講座supporterの", "所定の課程を修了したことを証する",
			"令和8年11月22日", "（令和8年11月23日交付）", "北見市長", "一代　太郎", "（公印省略）", "tsunagari.example.jp/verify/R8-012084-0001",
		},
		certificates.Card: {
			"第R8-012084-0001号", "修了証", "髙﨑", "𠮷子", "令和8年11月22日修了", "北見市長　一代　太郎（公印省略）",
			"できることを、できる範囲で", "相談窓口", helplines[0], helplines[1],
		},
	} {
		pdf, err := w.PDF(ctx, cert, form, helplines)
		w.must(err)
		text := solid(read(t, pdf, "pdftotext", "-raw"))
		for _, s := range want {
			if !strings.Contains(text, solid(s)) {
				t.Errorf("%s: %q is not in %q", form, s, text)
			}
		}
		if strings.Contains(text, "様") || strings.Contains(text, "見本") {
			t.Errorf("%s: %q", form, text)
		}
		if code := scan(t, pdf); code != "https://tsunagari.example.jp/v/"+*cert.Code {
			t.Errorf("%s: the QR says %q", form, code)
		}
		if len(pdf) > 60<<10 {
			t.Errorf("%s: %d bytes", form, len(pdf))
		}
	}
}

// scan reads the QR from the page as a phone sees it.
func scan(t *testing.T, pdf []byte) string {
	t.Helper()
	img, err := png.Decode(strings.NewReader(read(t, pdf, "pdftoppm", "-png", "-r", "150", "-singlefile")))
	if err != nil {
		t.Fatal(err)
	}
	bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		t.Fatal(err)
	}
	result, err := qrcode.NewQRCodeReader().Decode(bitmap, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
	if err != nil {
		t.Fatal(err)
	}
	return result.GetText()
}

func TestPaperKnowsItself(t *testing.T) {
	w := newDesk(t, certificates.Options{})
	cert := w.certificate(w.person("髙﨑", "𠮷子"), "2026-11-23")
	pdf, err := w.PDF(ctx, cert, certificates.A4, nil)
	w.must(err)
	again := certificates.New(w.db, nil, certificates.Options{BaseURL: "https://tsunagari.example.jp"})
	if other, err := again.PDF(ctx, cert, certificates.A4, nil); err != nil || !bytes.Equal(pdf, other) {
		t.Errorf("another program makes other bytes: %v", err)
	}
	info := read(t, pdf, "pdfinfo")
	for _, want := range []string{"修了証 R8-001-0001", "オホーツク孤独・孤立対策連携協議会", "Pages:           1", "(A4)"} {
		if !strings.Contains(info, want) {
			t.Errorf("%q is not in %s", want, info)
		}
	}
	if !bytes.Contains(pdf, []byte("/Lang (ja-JP)")) {
		t.Error("no language")
	}
}

func TestSealStandsOnlyWhereItWasUploaded(t *testing.T) {
	w := newDesk(t, certificates.Options{})
	town := w.issuer(certificates.NewIssuer{Kind: certificates.Municipality, Municipality: kitami, Name: "北見市", OptedIn: true}, sealed(stamp(t, 100)))
	a := w.person("髙﨑", "𠮷子")
	for _, form := range []certificates.Form{certificates.A4, certificates.Card} {
		pdf, err := w.PDF(ctx, w.certificate(a, "2026-11-23"), form, nil)
		w.must(err)
		if list := read(t, pdf, "pdfimages", "-list"); !strings.Contains(list, " 100 ") {
			t.Errorf("%s: no seal: %s", form, list)
		}
	}
	for _, seal := range []certificates.Seal{certificates.NoSeal, certificates.SealSpace, certificates.SealOmitted} {
		p := mayor("山田　太郎", "2026-05-01", "")
		p.Seal = seal
		_, err := w.AddProfile(ctx, admin, town.ID, p)
		w.must(err)
		w.db.SetClock(func() time.Time { return storagetest.Start.Add(time.Hour) })
		pdf, err := w.PDF(ctx, w.certificate(w.person("山田", "花子"), "2026-11-23"), certificates.A4, nil)
		w.must(err)
		if bytes.Contains(pdf, []byte("/Subtype /Image")) {
			t.Errorf("%s: a picture", seal)
		}
	}
}

func TestScreenShowsWhatIsPrinted(t *testing.T) {
	w := newDesk(t, certificates.Options{})
	w.issuer(certificates.NewIssuer{Kind: certificates.Municipality, Municipality: kitami, Name: "北見市", OptedIn: true}, sealed(stamp(t, 100)))
	cert := w.certificate(w.person("髙﨑", "𠮷子"), "2026-11-23")
	for form, size := range map[certificates.Form]string{certificates.A4: `viewBox="0 0 210 297"`, certificates.Front: `viewBox="0 0 91 55"`} {
		svg, err := w.SVG(ctx, cert, form)
		w.must(err)
		if !bytes.Contains(svg, []byte(size)) || !bytes.Contains(svg, []byte("<title>修了証 R8-012084-0001</title>")) || !bytes.Contains(svg, []byte("data:image/png")) {
			t.Errorf("%s: %.300s", form, svg)
		}
		for d := xml.NewDecoder(bytes.NewReader(svg)); ; {
			if _, err := d.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestSample(t *testing.T) {
	w := newOffice(t, storagetest.Open(t, storagetest.SQLite(t)), certificates.Options{})
	for _, form := range []certificates.Form{certificates.A4, certificates.Card} {
		pdf, err := w.Sample(ctx, "髙﨑　𠮷子", "たかさき　よしこ", form)
		w.must(err)
		if text := solid(read(t, pdf, "pdftotext", "-raw")); !strings.Contains(text, "髙﨑𠮷子") || !strings.Contains(text, "（発行者の名前）") || strings.Count(text, "本") == 0 {
			t.Errorf("%s: %s", form, text)
		}
	}
	w.must(w.db.Tx(ctx, func(tx *gorm.DB) error { return w.SetUp(tx, "つながり推進協議会", "admin") }))
	pdf, err := w.Sample(ctx, "山田　花子", "やまだ　はなこ", certificates.A4)
	w.must(err)
	if text := solid(read(t, pdf, "pdftotext", "-raw")); !strings.Contains(text, "つながり推進協議会") || !strings.Contains(text, "第R8-000-0000号") {
		t.Error(text)
	}
	_, err = w.Sample(ctx, "⼭田　花子", "やまだ　はなこ", certificates.A4)
	var e *paper.UnprintableError
	if !errors.As(err, &e) || e.Char != '⼭' {
		t.Errorf("%v", err)
	}
}

// Long names, courses and issuers still fit: nothing is cut off or lies on the QR.
func TestLongTextsFit(t *testing.T) {
	w := newDesk(t, certificates.Options{BaseURL: "https://" + strings.Repeat("long-", 12) + ".example.jp"})
	long := plain(strings.Repeat("長い名前の推進協議会", 6))
	w.issuer(certificates.NewIssuer{Kind: certificates.Municipality, Municipality: kitami, Name: "北見市", OptedIn: true}, long)
	a := w.person(strings.Repeat("長", 50), strings.Repeat("W", 50))
	cert := w.certificate(a, "2026-11-22")
	cert.Printed.Course = strings.Repeat("とても長い名前の講座", 9)
	cert.Printed.Statement = "あなたは\n" + cert.Printed.Course + "の\n所定の課程を修了されましたので\nこれを証します"
	for _, form := range []certificates.Form{certificates.A4, certificates.Card} {
		pdf, err := w.PDF(ctx, cert, form, []string{strings.Repeat("相談", 60)})
		w.must(err)
		text := solid(read(t, pdf, "pdftotext", "-raw"))
		if !strings.Contains(text, strings.Repeat("長", 50)+strings.Repeat("W", 50)) || !strings.Contains(text, long.Name) {
			t.Errorf("%s: cut off: %s", form, text)
		}
		if code := scan(t, pdf); !strings.HasSuffix(code, *cert.Code) {
			t.Errorf("%s: the QR says %q", form, code)
		}
	}
}

func TestDownloadsWaitTheirTurnAndCanLeave(t *testing.T) {
	w := newDesk(t, certificates.Options{Specimen: true})
	cert := w.certificate(w.person("髙﨑", "𠮷子"), "2026-11-23")
	var wg sync.WaitGroup
	files := make([][]byte, 16)
	for i := range files {
		wg.Go(func() {
			var err error
			if files[i], err = w.PDF(ctx, cert, certificates.A4, []string{fmt.Sprint(i % 4)}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for _, f := range files {
		if !bytes.Equal(f, files[0]) { // the A4 has no lines
			t.Error("other bytes")
		}
	}
	left, leave := context.WithCancel(ctx)
	leave()
	if _, err := w.PDF(left, cert, certificates.Card, []string{"まだない"}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
