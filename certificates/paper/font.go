// Package paper is a page on paper over gopdf: the font, which characters can be
// printed, line breaking, QR codes and Japanese dates, as PDF and, from the same
// layout, as SVG for a screen. It knows no certificate and no learner.
package paper

import (
	_ "embed" // the font
	"fmt"
	"sort"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// Noto Serif JP Regular, SIL Open Font License 1.1 (fonts/OFL.txt), unmodified but
// compressed: zstd --ultra -22 makes 3.6 MB of 7.7.
//
//go:embed fonts/NotoSerifJP-Regular.ttf.zst
var notoSerif []byte

// font reads an OpenType font with TrueType outlines in place: nothing of it is
// copied or indexed.
// https://learn.microsoft.com/typography/opentype/spec/otff
type font struct {
	data   []byte
	tables map[string]table

	unitsPerEm, glyphs, hMetrics int
	longLoca                     bool
	groups, variants             int // where cmap's formats 12 and 14 begin
}

type table struct{ at, size int }

// serif is the one font of the process, opened when something is first printed or
// checked. A fault in it is one of the program.
var serif = sync.OnceValue(func() *font {
	data, err := unpack(notoSerif)
	if err != nil {
		panic(err)
	}
	f, err := readFont(data)
	if err != nil {
		panic(err)
	}
	return f
})

func unpack(packed []byte) ([]byte, error) {
	r, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return r.DecodeAll(packed, nil)
}

func readFont(data []byte) (*font, error) {
	f := &font{data: data, tables: map[string]table{}}
	for i := range f.u16(4) {
		at := 12 + 16*i
		f.tables[string(data[at:at+4])] = table{f.u32(at + 8), f.u32(at + 12)}
	}
	for _, tag := range []string{"cmap", "glyf", "head", "hhea", "hmtx", "loca", "maxp", "OS/2", "post"} {
		if f.tables[tag].size == 0 {
			return nil, fmt.Errorf("font without table %q", tag)
		}
	}
	f.unitsPerEm = f.u16(f.tables["head"].at + 18)
	f.longLoca = f.u16(f.tables["head"].at+50) == 1
	f.glyphs = f.u16(f.tables["maxp"].at + 4)
	f.hMetrics = f.u16(f.tables["hhea"].at + 34)
	for g := range f.glyphs {
		if at, size := f.outline(g); size > 0 && f.i16(at) < 0 {
			return nil, fmt.Errorf("font composes glyph %d of others", g)
		}
	}
	return f, f.readCmap()
}

func (f *font) readCmap() error {
	cmap := f.tables["cmap"].at
	for i := range f.u16(cmap + 2) {
		at := cmap + f.u32(cmap+4+8*i+4)
		switch f.u16(at) {
		case 12:
			f.groups = at
		case 14:
			f.variants = at
		}
	}
	if f.groups == 0 {
		return fmt.Errorf("font without cmap format 12")
	}
	return nil
}

func (f *font) u16(at int) int { return int(f.data[at])<<8 | int(f.data[at+1]) }
func (f *font) i16(at int) int { return int(int16(f.u16(at))) }
func (f *font) u24(at int) int { return f.u16(at)<<8 | int(f.data[at+2]) }
func (f *font) u32(at int) int { return f.u16(at)<<16 | f.u16(at+2) }

// glyph is the glyph number of r, 0 when the font has none.
func (f *font) glyph(r rune) int {
	n, c := f.u32(f.groups+12), int(r)
	at := func(i int) int { return f.groups + 16 + 12*i }
	i := sort.Search(n, func(i int) bool { return f.u32(at(i)+4) >= c })
	if i == n || f.u32(at(i)) > c {
		return 0
	}
	return f.u32(at(i)+8) + c - f.u32(at(i))
}

// variant is the glyph that the font keeps for r followed by the variation
// selector vs, 0 when it has none of its own: then r is drawn plainly.
func (f *font) variant(r, vs rune) int {
	if f.variants == 0 {
		return 0
	}
	for i := range f.u32(f.variants + 6) {
		record := f.variants + 10 + 11*i
		if f.u24(record) != int(vs) || f.u32(record+7) == 0 {
			continue
		}
		list := f.variants + f.u32(record+7)
		n := f.u32(list)
		at := func(i int) int { return list + 4 + 5*i }
		j := sort.Search(n, func(i int) bool { return f.u24(at(i)) >= int(r) })
		if j < n && f.u24(at(j)) == int(r) {
			return f.u16(at(j) + 3)
		}
	}
	return 0
}

// advance is the width of a glyph in units of the em.
func (f *font) advance(glyph int) int {
	return f.u16(f.tables["hmtx"].at + 4*min(glyph, f.hMetrics-1))
}

func (f *font) sideBearing(glyph int) int {
	hmtx := f.tables["hmtx"].at
	if glyph < f.hMetrics {
		return f.i16(hmtx + 4*glyph + 2)
	}
	return f.i16(hmtx + 4*f.hMetrics + 2*(glyph-f.hMetrics))
}

// outline is the position and the length of a glyph's outline; an empty glyph,
// as a space, has none.
func (f *font) outline(glyph int) (at, size int) {
	loca := f.tables["loca"].at
	offset := func(i int) int {
		if f.longLoca {
			return f.u32(loca + 4*i)
		}
		return 2 * f.u16(loca+2*i)
	}
	return f.tables["glyf"].at + offset(glyph), offset(glyph+1) - offset(glyph)
}
