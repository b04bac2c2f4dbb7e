package paper

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"strconv"
	"unicode/utf16"
)

var errForeign = errors.New("paper: gopdf wrote a PDF of another shape than expected")

// finish rewrites what gopdf wrote into a file that says its language and title,
// and what each glyph means, also above U+FFFF, and puts the raws into the drawing. The
// file's ID is made of its content: nothing in it comes from a clock.
func finish(pdf []byte, info Info, glyphs *glyphSet, raws []string) ([]byte, error) {
	objects, err := split(pdf)
	if err != nil {
		return nil, err
	}
	for i, o := range objects {
		if objects[i], err = putRaws(o, raws); err != nil {
			return nil, err
		}
		dict, _, _ := bytes.Cut(o, []byte("stream\n"))
		switch {
		case bytes.Contains(dict, []byte("/Type /Catalog\n")):
			objects[i] = bytes.Replace(o, []byte("/Type /Catalog\n"),
				[]byte("/Type /Catalog\n  /Lang (ja-JP)\n  /ViewerPreferences << /DisplayDocTitle true >>\n"), 1)
		case bytes.Contains(dict, []byte("/Subtype /CIDFontType2\n")):
			objects[i] = bytes.Replace(o, []byte("/Subtype /CIDFontType2\n"), []byte("/Subtype /CIDFontType2\n/CIDToGIDMap /Identity\n"), 1)
		case bytes.Contains(dict, []byte("/Subtype /Type0\n")):
			n, err := reference(dict, "/ToUnicode ")
			if err != nil || n > len(objects) {
				return nil, errForeign
			}
			objects[n-1] = toUnicode(n, glyphs.list)
		}
	}
	return join(append(objects, infoObject(len(objects)+1, info))), nil
}

// split cuts a file into its objects by its cross-reference table; objects[i] is
// number i+1.
func split(pdf []byte) ([][]byte, error) {
	at := bytes.LastIndex(pdf, []byte("startxref\n"))
	if at < 0 {
		return nil, errForeign
	}
	xref, _, _ := bytes.Cut(pdf[at+len("startxref\n"):], []byte("\n"))
	start, err := strconv.Atoi(string(xref))
	if err != nil || start > len(pdf) || !bytes.HasPrefix(pdf[start:], []byte("xref\n0 ")) {
		return nil, errForeign
	}
	lines := bytes.Split(pdf[start:at], []byte("\n"))[3:] // after "xref", "0 n" and the free entry
	var offsets []int
	for _, l := range lines {
		if !bytes.HasSuffix(l, []byte(" 00000 n ")) {
			break
		}
		n, err := strconv.Atoi(string(l[:10]))
		if err != nil || n > start {
			return nil, errForeign
		}
		offsets = append(offsets, n)
	}
	var objects [][]byte
	for i, from := range offsets {
		to := start
		if i+1 < len(offsets) {
			to = offsets[i+1]
		}
		objects = append(objects, pdf[from:to:to])
	}
	return objects, nil
}

// reference reads the number after key in "key N 0 R".
func reference(dict []byte, key string) (int, error) {
	_, after, _ := bytes.Cut(dict, []byte(key))
	digits, _, _ := bytes.Cut(after, []byte(" "))
	return strconv.Atoi(string(digits))
}

// toUnicode says which text each glyph stands for (PDF 32000-1, 9.10.3).
func toUnicode(object int, list []cluster) []byte {
	var b bytes.Buffer
	b.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n" +
		"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n" +
		"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n" +
		"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n")
	for from := 0; from < len(list); from += 100 { // at most 100 entries a section
		section := list[from:min(from+100, len(list))]
		fmt.Fprintf(&b, "%d beginbfchar\n", len(section))
		for i, c := range section {
			fmt.Fprintf(&b, "<%04X> <%s>\n", from+i+1, utf16Hex(c.text))
		}
		b.WriteString("endbfchar\n")
	}
	b.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n")
	return fmt.Appendf(nil, "%d 0 obj\n<<\n/Length %d\n>>\nstream\n%sendstream\nendobj\n\n", object, b.Len(), b.Bytes())
}

func utf16Hex(s string) string {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = fmt.Appendf(b, "%04X", u)
	}
	return string(b)
}

func infoObject(object int, info Info) []byte {
	b := fmt.Appendf(nil, "%d 0 obj\n<<\n", object)
	for _, f := range []struct{ key, value string }{
		{"Title", info.Title}, {"Author", info.Author}, {"Subject", info.Subject}, {"Creator", "Tsunagari"},
	} {
		if f.value != "" {
			b = fmt.Appendf(b, "/%s <FEFF%s>\n", f.key, utf16Hex(f.value))
		}
	}
	if !info.Created.IsZero() {
		b = info.Created.UTC().AppendFormat(append(b, "/CreationDate (D:"...), "20060102150405")
		b = append(b, "Z)\n"...)
	}
	return append(b, ">>\nendobj\n\n"...)
}

// join writes objects, the last of them the information dictionary, into a file.
func join(objects [][]byte) []byte {
	out := []byte("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n\n")
	offsets := make([]int, len(objects))
	for i, o := range objects {
		offsets[i] = len(out)
		out = append(out, o...)
	}
	start, id := len(out), sha256.Sum256(out)
	out = fmt.Appendf(out, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, at := range offsets {
		out = fmt.Appendf(out, "%010d 00000 n \n", at)
	}
	return fmt.Appendf(out, "trailer\n<<\n/Size %d\n/Root 1 0 R\n/Info %d 0 R\n/ID [<%X> <%X>]\n>>\nstartxref\n%d\n%%%%EOF\n",
		len(objects)+1, len(objects), id[:16], id[:16], start)
}

// name is the PostScript name of the small font. Its tag names what is in it
// (PDF 32000-1, 9.6.4), so that two documents' fonts are never taken for one.
func (g *glyphSet) name() string {
	h := sha256.New()
	for _, c := range g.list {
		h.Write([]byte(c.text))
	}
	tag := h.Sum(nil)[:6]
	for i := range tag {
		tag[i] = 'A' + tag[i]%26
	}
	return string(tag) + "+NotoSerifJP-Regular"
}
