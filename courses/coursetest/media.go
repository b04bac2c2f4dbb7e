package coursetest

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"testing/fstest"

	"tsunagari/courses"
)

// Place is what Photo and Sound hold beside what is seen and heard, and nobody else
// may ever read.
const Place = "GPS 43.8053N 143.8963E"

// Photo is a photograph as a telephone writes it, of hills below a sky, with Place in
// it.
func Photo(w, h int) []byte {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			grain := uint8((x*7919 + y*104729) >> 3 & 15)
			c := color.RGBA{110 + grain, 170 + uint8(y*60/h), 235, 255}
			if hill := h/2 + (x-w/2)*(x-w/2)/(3*w) - (x*x%997)/60; y > hill {
				c = color.RGBA{60 + grain, 130 + grain - uint8((y-hill)*60/h), 70, 255}
			}
			img.SetRGBA(x, y, c)
		}
	}
	var b bytes.Buffer
	_ = jpeg.Encode(&b, img, nil) // a bytes.Buffer does not fail
	note := "Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x00" + Place
	head := append([]byte{0xff, 0xd8, 0xff, 0xe1, 0, byte(len(note) + 2)}, note...)
	return append(head, b.Bytes()[2:]...)
}

// Sound is so many seconds of silence as MP3, with Place in its tag.
func Sound(seconds int) []byte {
	out := append([]byte("ID3\x03\x00\x00\x00\x00\x00"), byte(len(Place)))
	out = append(out, Place...)
	frame := append([]byte("\xff\xfb\x90\x00"), make([]byte, 413)...)
	return append(out, bytes.Repeat(frame, seconds*44100/1152+1)...)
}

// Handout is a PDF of two pages.
func Handout() []byte {
	return []byte("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>endobj\n" +
		"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n4 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n" +
		"trailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n")
}

// Media is what the media of WithMedia are called.
const Media = "![丘の上に青い空が広がる景色](media/oka.jpg \"丘から\")\n\n![白鳥さんのお話](media/hanashi.mp3)\n\n![つながりチェック表](media/hyou.pdf)"

// WithMedia is the small course with a photograph, a recording and a hand-out in its
// first lesson.
func WithMedia(slug string) *courses.Package {
	small := Small(slug)
	small.Modules[0].Lessons[0].Body = text("ここは本文です。\n\n" + Media + "\n\n終わりです。")
	files := fstest.MapFS{}
	for _, f := range small.Files() {
		files[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	for name, data := range map[string][]byte{
		"oka.jpg": Photo(1200, 900), "hanashi.mp3": Sound(75), "hanashi.mp3.md": []byte("白鳥です。毎朝、**あいさつ**をしています。\n"),
		"hanashi.mp3.easy.md": []byte("あいさつの話です。\n"), "hyou.pdf": Handout(),
	} {
		files["media/"+name] = &fstest.MapFile{Data: data}
	}
	p, _ := courses.ReadPackage(files)
	return p
}
