package media

import (
	"bytes"
	"compress/zlib"
	"io"
	"regexp"
	"strconv"
)

var errPDF = refuse("PDFとして開けませんでした。ファイルがこわれているようです。もういちどPDFで保存しなおして、送ってください。")

var (
	pdfStream = regexp.MustCompile(`/ObjStm\b[^\x00]{0,400}?stream\r?\n`)
	pdfActive = regexp.MustCompile(`/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA|SubmitForm|ImportData)\b`)
	pdfPages  = regexp.MustCompile(`/Type\s*/Pages\b[^>]*?/Count\s+(\d{1,5})\b|/Count\s+(\d{1,5})\b[^<>]*?/Type\s*/Pages\b`)
	pdfInside = regexp.MustCompile(`(?s)\bstream\r?\n.*?\bendstream\b`)
	pdfHexed  = regexp.MustCompile(`/[A-Za-z]*#[0-9A-Fa-f]{2}`)
	pdfLocked = regexp.MustCompile(`/Encrypt\b`)
)

// maxObjects bounds what is unpacked of the objects of a PDF, in bytes.
const maxObjects = 16 << 20

// readPDF checks that a file is a PDF for reading and printing. A reader outside the
// browser may do what a PDF asks of it, so one that asks for anything is refused.
func readPDF(data []byte) (*File, error) {
	if len(data) > MaxHandout {
		return nil, refuse("PDFが大きすぎます（%d MBまで）。ページを分けるか、写真を小さくしてから送ってください。", MaxHandout>>20)
	}
	tail := data[max(0, len(data)-2048):]
	if !bytes.Contains(tail, []byte("%%EOF")) || !bytes.Contains(tail, []byte("startxref")) {
		return nil, errPDF
	}
	objects, err := pdfObjects(data)
	if err != nil {
		return nil, err
	}
	pages := 0
	outside := pdfInside.ReplaceAll(data, []byte("endstream"))
	for _, part := range append(objects, outside) {
		// A name may be written with #xx for its letters, to hide it.
		plain := pdfHexed.ReplaceAllFunc(part, unhex)
		switch {
		case pdfLocked.Match(plain):
			return nil, refuse("パスワードや制限のかかったPDFです。制限なしで保存しなおして、送ってください。")
		case pdfActive.Match(plain):
			return nil, refuse("動くしかけや、ほかのファイルが入ったPDFです。「PDFとして印刷」で保存しなおして、送ってください。")
		}
		for _, m := range pdfPages.FindAllSubmatch(plain, 5000) {
			n, _ := strconv.Atoi(string(m[1]) + string(m[2])) // digits only
			pages = max(pages, n)                             // the root of the tree counts them all
		}
	}
	return &File{Kind: Handout, Ext: "pdf", Content: data, Pages: pages}, nil
}

// pdfObjects are the objects that stand packed in a PDF.
func pdfObjects(data []byte) (list [][]byte, err error) {
	left := int64(maxObjects)
	for _, at := range pdfStream.FindAllIndex(data, 4096) {
		r, err := zlib.NewReader(bytes.NewReader(data[at[1]:]))
		if err != nil {
			continue // not packed, or by something that readers of today do not use for objects
		}
		part, err := io.ReadAll(io.LimitReader(r, left+1))
		if err != nil && len(part) == 0 {
			return nil, errPDF
		}
		if left -= int64(len(part)); left < 0 {
			return nil, refuse("PDFを開くと大きくなりすぎます。「PDFとして印刷」で保存しなおして、送ってください。")
		}
		list = append(list, part)
	}
	return list, nil
}

var hexed = regexp.MustCompile(`#[0-9A-Fa-f]{2}`)

func unhex(name []byte) []byte {
	return hexed.ReplaceAllFunc(name, func(b []byte) []byte {
		digit := func(c byte) byte {
			if c > '9' {
				return c&7 + 9
			}
			return c - '0'
		}
		return []byte{digit(b[1])<<4 | digit(b[2])}
	})
}
