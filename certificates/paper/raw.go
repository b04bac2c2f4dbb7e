package paper

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"regexp"
	"strconv"
)

// gopdf cannot write operators that it does not know. In their place it writes a
// dash pattern that nothing else has, with their number, and finish puts them in.
const rawMark = 7654321

var rawPlace = regexp.MustCompile(`\[(\d+)\.00\] 7654321\.00 d\n`)

// raw writes operators of PDF into the page as they are.
func (c *pdfCanvas) raw(operators string) {
	c.gp.SetCustomLineType([]float64{float64(len(c.raws))}, rawMark)
	c.raws = append(c.raws, operators)
}

// contentHead is how gopdf begins a page's content; no other stream has just this.
var contentHead = regexp.MustCompile(`^\d+ 0 obj\n<<\n/Filter/FlateDecode/Length (\d+)\n>>\nstream\n`)

// putRaws replaces the places in a page's content by the operators they stand for.
// Other objects are left as they are.
func putRaws(object []byte, raws []string) ([]byte, error) {
	head := contentHead.FindSubmatchIndex(object)
	if head == nil || len(raws) == 0 {
		return object, nil
	}
	length, err := strconv.Atoi(string(object[head[2]:head[3]]))
	if err != nil || head[1]+length > len(object) {
		return nil, errForeign
	}
	z, err := zlib.NewReader(bytes.NewReader(object[head[1] : head[1]+length]))
	if err != nil {
		return nil, errForeign
	}
	content, err := io.ReadAll(z)
	if err != nil {
		return nil, errForeign
	}
	content = rawPlace.ReplaceAllFunc(content, func(place []byte) []byte {
		n, err := strconv.Atoi(string(rawPlace.FindSubmatch(place)[1]))
		if err != nil || n >= len(raws) {
			return place
		}
		return []byte(raws[n])
	})
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	if _, err := w.Write(content); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	number, _, _ := bytes.Cut(object, []byte(" "))
	return fmt.Appendf(nil, "%s 0 obj\n<<\n/Filter/FlateDecode/Length %d\n>>\nstream\n%s\nendstream\nendobj\n\n", number, b.Len(), b.Bytes()), nil
}
