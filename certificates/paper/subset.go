package paper

import (
	"encoding/binary"
	"slices"
)

// firstChar is the character that stands for a document's first glyph in its
// small font. gopdf cannot say what a glyph above U+FFFF or a variation sequence
// means, so it is given one plain character a glyph, and finish writes the truth.
const firstChar = 0x4e00

// glyphSet numbers the glyphs of one document in the order of their first use.
type glyphSet struct {
	font    *font
	list    []cluster // list[i] is glyph i+1 of the small font
	numbers map[string]int
}

func newGlyphSet(f *font) *glyphSet { return &glyphSet{font: f, numbers: map[string]int{}} }

func (g *glyphSet) add(line []cluster) {
	for _, c := range line {
		if _, seen := g.numbers[c.text]; !seen {
			g.numbers[c.text] = len(g.list)
			g.list = append(g.list, c)
		}
	}
}

// chars is the line as gopdf gets it.
func (g *glyphSet) chars(line []cluster) string {
	runes := make([]rune, len(line))
	for i, c := range line {
		runes[i] = firstChar + rune(g.numbers[c.text])
	}
	return string(runes)
}

// file is a TrueType font of these glyphs alone: a font a document, small enough
// that gopdf need not carry 17,000 empty places into every file.
func (g *glyphSet) file() []byte {
	n := len(g.list) + 1 // glyph 0 is the font's own .notdef
	var glyf, loca, hmtx []byte
	for i := range n {
		glyph := 0
		if i > 0 {
			glyph = g.list[i-1].glyph
		}
		loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
		at, size := g.font.outline(glyph)
		glyf = append(glyf, g.font.data[at:at+size]...)
		for len(glyf)%4 != 0 {
			glyf = append(glyf, 0)
		}
		hmtx = append(hmtx, be16(g.font.advance(glyph), g.font.sideBearing(glyph))...)
	}
	loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
	head := g.font.copyOf("head")
	binary.BigEndian.PutUint32(head[8:], 0)  // checkSumAdjustment: of the whole file, which this is not
	binary.BigEndian.PutUint16(head[50:], 1) // long loca
	hhea, maxp := g.font.copyOf("hhea"), g.font.copyOf("maxp")
	binary.BigEndian.PutUint16(hhea[34:], uint16(n))
	binary.BigEndian.PutUint16(maxp[4:], uint16(n))
	return sfnt([]part{
		{"OS/2", g.font.copyOf("OS/2")},
		{"cmap", cmapOf(n - 1)},
		{"glyf", glyf},
		{"head", head},
		{"hhea", hhea},
		{"hmtx", hmtx},
		{"loca", loca},
		{"maxp", maxp},
		{"name", nameTable},
		{"post", g.font.copyOf("post")},
		{"prep", g.font.copyOf("prep")},
	})
}

func (f *font) copyOf(tag string) []byte {
	t := f.tables[tag]
	return slices.Clone(f.data[t.at : t.at+t.size])
}

// nameTable holds one record, the PostScript name, which gopdf insists on.
var nameTable = func() []byte {
	const name = "NotoSerifJP"
	b := be16(0, 1, 18, 1, 0, 0, 6, len(name), 0)
	return append(b, name...)
}()

// cmapOf maps firstChar and the n-1 characters after it to glyphs 1 to n.
func cmapOf(n int) []byte {
	last := firstChar + max(n, 1) - 1
	return be16(0, 1, 3, 1, 0, 12, // one subtable, Windows Unicode, at byte 12
		4, 32, 0, 4, 4, 1, 0, // format 4, two segments
		last, 0xffff, 0, firstChar, 0xffff, 0x10000+1-firstChar, 1, 0, 0)
}

func be16(values ...int) []byte {
	b := make([]byte, 0, 2*len(values))
	for _, v := range values {
		b = binary.BigEndian.AppendUint16(b, uint16(v))
	}
	return b
}

type part struct {
	tag  string
	data []byte
}

// sfnt puts tables, sorted by tag, into a font file.
func sfnt(parts []part) []byte {
	head := be16(0, 0, len(parts), 0, 0, 0)
	binary.BigEndian.PutUint32(head, 0x00010000)
	at := 12 + 16*len(parts)
	var body []byte
	for _, p := range parts {
		head = append(head, p.tag...)
		for _, v := range []int{int(checksum(p.data)), at + len(body), len(p.data)} {
			head = binary.BigEndian.AppendUint32(head, uint32(v))
		}
		body = append(body, p.data...)
		for len(body)%4 != 0 {
			body = append(body, 0)
		}
	}
	return append(head, body...)
}

func checksum(data []byte) (sum uint32) {
	for i, b := range data {
		sum += uint32(b) << (24 - 8*(i%4))
	}
	return sum
}
