package media

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"strings"
	"testing"
)

// scene is something like a photograph: smooth, with a little noise, its upper left
// quarter red.
func scene(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	noise := rand.New(rand.NewPCG(1, 2))
	for y := range h {
		for x := range w {
			c := color.RGBA{uint8(x * 255 / w), uint8(y * 255 / h), uint8(90 + noise.IntN(40)), 255}
			if x < w/2 && y < h/2 {
				c = color.RGBA{220, 10, 10, 255}
			}
			img.SetRGBA(x, y, c)
		}
	}
	return img
}

func asJPEG(t *testing.T, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 90}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asPNG(t *testing.T, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const place = "43.8053N 143.8963E Kitami"

// exif is a TIFF with an orientation and a place, as a telephone writes it.
func exif(how uint16) []byte {
	b := []byte("MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01")
	b = binary.BigEndian.AppendUint16(b, how)
	return append(append(b, 0, 0, 0, 0, 0, 0), "GPS "+place...)
}

func withExif(photo []byte, how uint16) []byte {
	body := append([]byte("Exif\x00\x00"), exif(how)...)
	head := binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(body)+2))
	out := append([]byte{0xff, 0xd8}, append(head, body...)...)
	return append(append(out, photo[2:]...), "\x00behind the end <script>"...)
}

func chunk(name string, body []byte) []byte {
	out := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	out = append(append(out, name...), body...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[4:]))
}

func taken(t *testing.T, data []byte, as string) *File {
	t.Helper()
	f, err := Read(data, as)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestPhotographLosesItsPlaceAndStandsUpright(t *testing.T) {
	for how, corner := range map[uint16]image.Point{1: {10, 10}, 3: {-10, -10}, 6: {-10, 10}, 8: {10, -10}, 2: {-10, 10}, 4: {10, -10}, 5: {10, 10}, 7: {-10, -10}} {
		sent := withExif(asJPEG(t, scene(1600, 1200)), how)
		f := taken(t, sent, "")
		if f.Ext != "jpg" || bytes.Contains(f.Content, []byte(place)) || bytes.Contains(f.Content, []byte("script")) || bytes.Contains(f.Content, []byte("Exif")) {
			t.Fatalf("%d: %s with %q", how, f.Ext, place)
		}
		want := image.Pt(960, 720)
		if how >= 5 {
			want = image.Pt(960, 1280)
		}
		if f.Width != want.X || f.Height != want.Y || f.Small == nil || f.Small.Width != 480 || f.Small.Height != 480*want.Y/want.X {
			t.Errorf("%d: %d×%d, small %+v", how, f.Width, f.Height, f.Small)
		}
		img, err := jpeg.Decode(bytes.NewReader(f.Content))
		if err != nil || img.Bounds().Dx() != f.Width || img.Bounds().Dy() != f.Height {
			t.Fatal(how, err)
		}
		at := image.Pt((corner.X+f.Width)%f.Width, (corner.Y+f.Height)%f.Height)
		if r, g, _, _ := img.At(at.X, at.Y).RGBA(); r < 0xb000 || g > 0x3000 {
			t.Errorf("%d: the red corner is not at %v", how, at)
		}
		again := taken(t, f.Content, "jpg")
		if !bytes.Equal(again.Content, f.Content) || !bytes.Equal(again.Small.Content, f.Small.Content) {
			t.Errorf("%d: read again it is another file", how)
		}
	}
}

func TestWhatIsDrawnOrTransparentStaysPNG(t *testing.T) {
	drawn := image.NewRGBA(image.Rect(0, 0, 1200, 600))
	for i := range drawn.Pix {
		drawn.Pix[i] = 255
	}
	for x := range 1200 {
		drawn.Set(x, 300, color.Black)
	}
	hole := scene(300, 200)
	hole.Set(5, 5, color.Transparent)
	for name, c := range map[string]struct {
		img  image.Image
		want string
	}{"line art": {drawn, "png"}, "transparent": {hole, "png"}, "photograph": {scene(700, 500), "jpg"}} {
		f := taken(t, asPNG(t, c.img), "")
		if f.Ext != c.want {
			t.Errorf("%s: %s", name, f.Ext)
		}
		again := taken(t, f.Content, f.Ext)
		if !bytes.Equal(again.Content, f.Content) {
			t.Errorf("%s: read again it is another file", name)
		}
	}
	plain := asPNG(t, drawn)
	end := len(plain) - 12
	texty := append(append(bytes.Clone(plain[:end]), chunk("tEXt", []byte("Comment\x00"+place))...), plain[end:]...)
	if f := taken(t, append(texty, "<?php"...), ""); bytes.Contains(f.Content, []byte(place)) || bytes.Contains(f.Content, []byte("php")) {
		t.Error("a PNG keeps its comments")
	}
}

func TestAnimationBecomesItsFirstPicture(t *testing.T) {
	g := &gif.GIF{}
	for _, c := range []color.Color{color.White, color.Black} {
		frame := image.NewPaletted(image.Rect(0, 0, 40, 30), color.Palette{color.White, color.Black})
		for i := range frame.Pix {
			frame.Pix[i] = uint8(frame.Palette.Index(c))
		}
		g.Image, g.Delay = append(g.Image, frame), append(g.Delay, 10)
	}
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, g); err != nil {
		t.Fatal(err)
	}
	f := taken(t, b.Bytes(), "")
	img, err := png.Decode(bytes.NewReader(f.Content))
	if err != nil || f.Ext != "png" {
		t.Fatal(f.Ext, err)
	}
	if r, _, _, _ := img.At(3, 3).RGBA(); r != 0xffff {
		t.Error("not the first frame")
	}
}

// dot is a WebP of one pixel.
var dot, _ = base64.StdEncoding.DecodeString("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==")

func TestWebP(t *testing.T) {
	f := taken(t, dot, "")
	if f.Width != 1 || f.Height != 1 || f.Kind != Picture || TypeOf(f.Ext) == "" {
		t.Errorf("%+v", f)
	}
}

// hugePNG says that it has 100,000 × 100,000 pixels.
func hugePNG() []byte {
	size := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, 100_000), 100_000)
	out := append([]byte(pngMark), chunk("IHDR", append(size, 8, 6, 0, 0, 0))...)
	return append(append(out, chunk("IDAT", make([]byte, 100))...), chunk("IEND", nil)...)
}

func mp3(frames int) []byte {
	var out []byte
	for range frames {
		frame := make([]byte, 417)
		copy(frame, "\xff\xfb\x90\x00")
		out = append(out, frame...)
	}
	return out
}

func atom(name string, parts ...[]byte) []byte {
	body := bytes.Join(parts, nil)
	return append(append(binary.BigEndian.AppendUint32(nil, uint32(len(body)+8)), name...), body...)
}

func m4a(handler string) []byte {
	mvhd := make([]byte, 100)
	binary.BigEndian.PutUint32(mvhd[12:], 1000)
	binary.BigEndian.PutUint32(mvhd[16:], 65_000)
	trak := atom("trak", atom("mdia", atom("hdlr", []byte("\x00\x00\x00\x00\x00\x00\x00\x00"+handler+"\x00\x00\x00\x00"))), atom("udta", []byte(place)))
	return bytes.Join([][]byte{
		atom("ftyp", []byte("M4A \x00\x00\x00\x00M4A ")), atom("moov", atom("mvhd", mvhd), trak, atom("udta", []byte(place))), atom("mdat", make([]byte, 64)),
	}, nil)
}

func oggPage(granule uint64, body []byte) []byte {
	out := append([]byte("OggS\x00\x02"), binary.LittleEndian.AppendUint64(nil, granule)...)
	out = append(out, make([]byte, 12)...)
	return append(append(out, 1, byte(len(body))), body...)
}

func TestSounds(t *testing.T) {
	tag := append([]byte("ID3\x03\x00\x00\x00\x00\x00\x1e"), place+"....."...)
	f := taken(t, append(append(tag, mp3(400)...), "TAG "+place...), "")
	if f.Kind != Sound || f.Ext != "mp3" || f.Seconds != 10 || len(f.Content) != 400*417 {
		t.Errorf("%s %s %d s, %d bytes", f.Kind, f.Ext, f.Seconds, len(f.Content))
	}
	f = taken(t, m4a("soun"), "m4a")
	if f.Seconds != 65 || bytes.Contains(f.Content, []byte(place)) || len(f.Content) != len(m4a("soun")) {
		t.Errorf("m4a: %d s", f.Seconds)
	}
	opus := append(oggPage(0, []byte("OpusHead\x01\x02")), oggPage(48000*7, []byte("sound"))...)
	if f = taken(t, opus, ""); f.Ext != "ogg" || f.Seconds != 7 {
		t.Errorf("ogg: %s %d s", f.Ext, f.Seconds)
	}
}

func pdf(inside string) []byte {
	return []byte("%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R" + inside + ">>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 3>>endobj\n" +
		"4 0 obj<</Length 9>>stream\n/JS /XFA!\nendstream endobj\ntrailer<<>>\nstartxref\n0\n%%EOF\n")
}

// packed is a PDF whose objects stand in a compressed stream.
func packed(objects string) []byte {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	_, _ = w.Write([]byte(objects)) // a bytes.Buffer does not fail
	_ = w.Close()
	return []byte("%PDF-1.7\n1 0 obj<</Type/ObjStm/Filter/FlateDecode>>stream\n" + b.String() + "\nendstream endobj\nstartxref\n0\n%%EOF\n")
}

func TestHandout(t *testing.T) {
	f := taken(t, pdf(""), "pdf")
	if f.Kind != Handout || f.Pages != 3 {
		t.Errorf("%s with %d pages", f.Kind, f.Pages)
	}
	if f = taken(t, packed("<</Type/Pages/Kids[3 0 R]/Count 7>>"), ""); f.Pages != 7 {
		t.Errorf("packed: %d pages", f.Pages)
	}
}

func TestWhatIsRefusedAndWhy(t *testing.T) {
	photo := asJPEG(t, scene(640, 480))
	for name, c := range map[string]struct {
		data []byte
		as   string
		say  string
	}{
		"nothing":             {nil, "", "空です"},
		"SVG named .png":      {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), "png", "この種類のファイルは使えません"},
		"page named .jpg":     {[]byte("<!doctype html><script>alert(1)</script>"), "jpg", "この種類のファイルは使えません"},
		"program":             {[]byte("MZ\x90\x00\x03"), "", "この種類のファイルは使えません"},
		"bomb":                {hugePNG(), "", "画素が多すぎます（100000 × 100000）"},
		"truncated":           {photo[:len(photo)/2], "", "こわれて"},
		"only a head":         {photo[:20], "", "こわれて"},
		"too large":           {append(bytes.Clone(photo), make([]byte, MaxPicture)...), "", "写真が大きすぎます（20 MBまで）"},
		"HEIC":                {[]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), "", "互換性優先"},
		"photograph as sound": {photo, "mp3", "中身は jpg"},
		"sound as photograph": {mp3(50), "jpg", "中身は mp3"},
		"WebP that moves":     {[]byte("RIFF\x26\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x02\x00\x00\x00\x09\x00\x00\x09\x00\x00ANIM\x06\x00\x00\x00\x00\x00\x00\x00\x00\x00"), "", "動くWebP"},
		"film":                {m4a("vide"), "", "動画は使えません"},
		"cut M4A":             {m4a("soun")[:150], "", "音声として開けません"},
		"two frames of MP3":   {mp3(2), "", "音声として開けません"},
		"page behind an MP3":  {append(mp3(5), bytes.Repeat([]byte("<script>"), 1000)...), "", "音声として開けません"},
		"film in Ogg":         {oggPage(0, []byte("\x80theora")), "", "音声ではありません"},
		"page behind an Ogg":  {append(oggPage(0, []byte("OpusHead\x01\x02")), "<script>"...), "", "音声として開けません"},
		"PDF with a script":   {pdf("/OpenAction<</S/JavaScript/JS(app.alert(1))>>"), "", "動くしかけ"},
		"hidden script":       {pdf("/OpenAction<</S/J#61vaScript>>"), "", "動くしかけ"},
		"packed script":       {packed("<</S/JavaScript/JS(app.alert(1))>>"), "", "動くしかけ"},
		"PDF that swells":     {packed(strings.Repeat(" ", maxObjects+1)), "", "大きくなりすぎます"},
		"locked PDF":          {pdf("/Encrypt 9 0 R"), "", "パスワード"},
		"cut PDF":             {pdf("")[:60], "", "PDFとして開けません"},
	} {
		f, err := Read(c.data, c.as)
		var refusal *Refusal
		if !errors.As(err, &refusal) || !strings.Contains(refusal.Reason, c.say) {
			t.Errorf("%s: %v, %v", name, f, err)
		}
	}
}

// FuzzRead: whatever is sent, there is no panic, and what is taken is read again
// unchanged.
func FuzzRead(f *testing.F) {
	small := image.NewRGBA(image.Rect(0, 0, 9, 7))
	var photo, drawn bytes.Buffer
	if err := errors.Join(jpeg.Encode(&photo, small, nil), png.Encode(&drawn, small)); err != nil {
		f.Fatal(err)
	}
	for _, seed := range [][]byte{withExif(photo.Bytes(), 6), drawn.Bytes(), mp3(5), m4a("soun"), pdf(""), oggPage(0, []byte("OpusHead\x01\x02")), []byte("GIF89a"), []byte("RIFF\x00\x00\x00\x00WEBPVP8X")} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 64<<10 {
			return
		}
		made, err := Read(data, "")
		if err != nil {
			return
		}
		again, err := Read(made.Content, made.Ext)
		if err != nil || !bytes.Equal(again.Content, made.Content) {
			t.Fatalf("%s read again: %v", made.Ext, err)
		}
	})
}
