// Package media knows what a picture, a recording or a hand-out of a course may be:
// it looks at the content, never at a name, and makes files that carry nothing but
// what is seen or heard. It knows no course and no database.
package media

import (
	"bytes"
	"fmt"
)

// File is a medium that is ready to be kept and shown.
type File struct {
	Kind          Kind
	Ext           string // without the dot
	Content       []byte
	Width, Height int   // of a picture, in pixels
	Seconds       int   // of a recording, 0: unknown
	Pages         int   // of a hand-out, 0: unknown
	Small         *File // of a wide picture: the same for phones
}

// Kind says what a medium is.
type Kind string

// The kinds of media.
const (
	Picture Kind = "picture" // JPEG or PNG
	Sound   Kind = "sound"   // MP3, M4A or Ogg
	Handout Kind = "handout" // PDF
)

// Bounds of a file as it is sent.
const (
	MaxPicture = 20 << 20
	MaxSound   = 20 << 20
	MaxHandout = 10 << 20
	MaxSent    = 20 << 20 // the largest of them
)

// extensions are the kinds of file that courses hold.
var extensions = map[string]struct {
	kind      Kind
	mediaType string
}{
	"jpg": {Picture, "image/jpeg"},
	"png": {Picture, "image/png"},
	"mp3": {Sound, "audio/mpeg"},
	"m4a": {Sound, "audio/mp4"},
	"ogg": {Sound, "audio/ogg"},
	"pdf": {Handout, "application/pdf"},
}

// KindOf is the kind of the files with this extension, "" for none of ours.
func KindOf(ext string) Kind { return extensions[ext].kind }

// TypeOf is the media type of the files with this extension, "" for none of ours.
func TypeOf(ext string) string { return extensions[ext].mediaType }

// Refusal says in Japanese why a file is not taken, and what to do.
type Refusal struct{ Reason string }

func (r *Refusal) Error() string { return r.Reason }

func refuse(format string, args ...any) error { return &Refusal{fmt.Sprintf(format, args...)} }

// Read makes a medium of what was sent. Pictures of every kind become JPEG or PNG.
// as is the extension that the file has to end up with, "" for whatever fits.
// What Read made it reads again unchanged. The error is a *Refusal.
func Read(data []byte, as string) (*File, error) {
	f, err := read(data, as)
	if err != nil {
		return nil, err
	}
	if as != "" && f.Ext != as {
		return nil, refuse("名前は .%s ですが、中身は %s のファイルです。", as, f.Ext)
	}
	return f, nil
}

func read(data []byte, as string) (*File, error) {
	switch {
	case len(data) == 0:
		return nil, refuse("ファイルが空です。もういちど選んでください。")
	case bytes.HasPrefix(data, []byte("\xff\xd8\xff")), bytes.HasPrefix(data, []byte(pngMark)),
		bytes.HasPrefix(data, []byte("GIF8")), riff(data, "WEBP"):
		return readPicture(data, as)
	case bytes.HasPrefix(data, []byte("%PDF-")):
		return readPDF(data)
	case bytes.HasPrefix(data, []byte("OggS")):
		return readOgg(data)
	case isHEIC(data):
		return nil, refuse("iPhoneの「HEIC」という形式の写真です。iPhoneの「設定」→「カメラ」→「フォーマット」で「互換性優先」を選んで撮りなおすか、写真を画面に出してスクリーンショットを撮り、それを送ってください。")
	case brand(data) != "":
		return readMP4(data)
	case bytes.HasPrefix(data, []byte("ID3")), mp3Frame(data).size > 0:
		return readMP3(data)
	}
	return nil, refuse("この種類のファイルは使えません。写真はJPEG・PNG・GIF・WebP、図はSVG、音声はMP3・M4A・OGG、資料はPDFにしてください。")
}

func riff(data []byte, kind string) bool {
	return len(data) > 12 && string(data[:4]) == "RIFF" && string(data[8:12]) == kind
}

// brand is what kind of MP4 a file says it is, "" for no MP4.
func brand(data []byte) string {
	if len(data) < 16 || string(data[4:8]) != "ftyp" {
		return ""
	}
	return string(data[8:12])
}

func isHEIC(data []byte) bool {
	switch brand(data) {
	case "heic", "heix", "hevc", "hevx", "heim", "heis", "mif1", "msf1", "avif", "avis":
		return true
	}
	return false
}
