package courses

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"

	"tsunagari/courses/media"
	"tsunagari/courses/questions"
)

// Picture is a medium of the course: a figure cleaned by CleanSVG, or a file.
type Picture struct {
	Name string     `json:"name"`           // kebab-case.svg, .jpg …
	SVG  string     `json:"svg,omitempty"`  // of a figure
	File *MediaFile `json:"file,omitempty"` // of everything else
	Text Text       `json:"text,omitempty"` // of a recording: what is said in it

	dropped []string // what the file had that a picture may not have
}

// MediaFile names a file among the media, and says what a page has to know of it.
type MediaFile struct {
	SHA256  string     `json:"sha256"`
	Bytes   int        `json:"bytes"`
	Width   int        `json:"width,omitempty"` // of a picture, in pixels
	Height  int        `json:"height,omitempty"`
	Seconds int        `json:"seconds,omitempty"` // of a recording, 0: unknown
	Pages   int        `json:"pages,omitempty"`   // of a hand-out, 0: unknown
	Small   *MediaFile `json:"small,omitempty"`   // the picture for phones

	content []byte // only between a package and the database
}

// MaxMedia is how many bytes the files of one course take together.
const MaxMedia = 24 << 20

// decorative is the alternative text of a picture that says nothing.
const decorative = "飾り"

var (
	mediumName = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*\.(svg|jpg|png|mp3|m4a|ogg|pdf)$`)
	shaForm    = regexp.MustCompile(`^[0-9a-f]{64}$`)
)

func ending(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }

// mediumKind is the kind of the medium with this name; of a figure that of a picture.
func mediumKind(name string) media.Kind {
	if ext := ending(name); ext != "svg" {
		return media.KindOf(ext)
	}
	return media.Picture
}

// newFile is a read medium as a package holds it.
func newFile(f *media.File) *MediaFile {
	if f == nil {
		return nil
	}
	sum := sha256.Sum256(f.Content)
	return &MediaFile{
		SHA256: hex.EncodeToString(sum[:]), Bytes: len(f.Content), Width: f.Width, Height: f.Height,
		Seconds: f.Seconds, Pages: f.Pages, Small: newFile(f.Small), content: f.Content,
	}
}

// all are the file and the one for phones.
func (f *MediaFile) all() []*MediaFile {
	switch {
	case f == nil:
		return nil
	case f.Small == nil:
		return []*MediaFile{f}
	}
	return []*MediaFile{f, f.Small}
}

// light is the file that a phone gets.
func (f *MediaFile) light() *MediaFile {
	if f.Small != nil {
		return f.Small
	}
	return f
}

// files are all files of a package with the extension of their names.
func (p *Package) files(each func(f *MediaFile, ext string) error) error {
	for i := range p.Media {
		for _, f := range p.Media[i].File.all() {
			if err := each(f, ending(p.Media[i].Name)); err != nil {
				return err
			}
		}
	}
	return nil
}

// Kind says what the medium is in Japanese.
func (m *Picture) Kind() string {
	switch {
	case ending(m.Name) == "svg":
		return "図"
	case mediumKind(m.Name) == media.Sound:
		return "音声"
	case mediumKind(m.Name) == media.Handout:
		return "配布資料（PDF）"
	}
	return "写真"
}

// IsPicture, IsSound and IsHandout say how the medium is shown.
func (m *Picture) IsPicture() bool { return mediumKind(m.Name) == media.Picture }
func (m *Picture) IsSound() bool   { return mediumKind(m.Name) == media.Sound }
func (m *Picture) IsHandout() bool { return mediumKind(m.Name) == media.Handout }

// Describe says how large the medium is: 960×720、180 KB.
func (m *Picture) Describe() string {
	f := m.File
	if f == nil {
		return ""
	}
	size := weight(f.Bytes)
	switch {
	case f.Width > 0:
		return fmt.Sprintf("%d×%d、%s", f.Width, f.Height, size)
	case f.Seconds > 0:
		return spoken(f.Seconds) + "、" + size
	case f.Pages > 0:
		return fmt.Sprintf("%dページ、%s", f.Pages, size)
	}
	return size
}

func weight(bytes int) string {
	if bytes < 1<<20 {
		return fmt.Sprintf("%d KB", max(1, bytes>>10))
	}
	return fmt.Sprintf("%.1f MB", float64(bytes)/(1<<20))
}

func spoken(seconds int) string {
	if seconds < 60 {
		return fmt.Sprintf("%d秒", seconds)
	}
	return fmt.Sprintf("%d分%02d秒", seconds/60, seconds%60)
}

// texts are what of a medium an edition may change, in words.
func (m *Picture) texts() []labelled {
	var t texts
	if m.File != nil {
		t.add("ファイル", m.Kind()+"　"+m.Describe()+"　"+m.File.SHA256[:min(8, len(m.File.SHA256))])
	}
	t.both("文字の版", m.Text)
	return t
}

// media finds what keeps a medium from being shown.
func (c *structure) media() {
	sum := 0
	for i := range c.p.Media {
		m := &c.p.Media[i]
		file := "media/" + m.Name
		switch {
		case !mediumName.MatchString(m.Name):
			c.fault(file, 0, "名前には半角の小文字・数字・- を使い、終わりを .svg .jpg .png .mp3 .m4a .ogg .pdf のどれかにしてください。")
			continue
		case (ending(m.Name) == "svg") != (m.File == nil):
			c.fault(file, 0, "中身がありません。")
			continue
		}
		for _, f := range m.File.all() {
			if !shaForm.MatchString(f.SHA256) {
				c.fault(file, 0, "中身がありません。")
			}
		}
		if m.File != nil {
			sum += m.File.Bytes
		}
		if m.IsSound() && m.Text[questions.JA] == "" {
			c.fault(file, 0, "音声の文字の版（%s.md）がありません。聞こえない人、音を出せない人のために、話していることを文で書いてください。", m.Name)
		}
		for _, lang := range languages {
			pg := newPage(c.site, "", Reading{Easy: lang == questions.Easy})
			pg.markdown(m.Text[lang], 1)
			c.take(fileOf(file, lang), 0, pg.faults)
		}
	}
	if sum > MaxMedia {
		c.fault("media", 0, "写真・音声・資料を合わせると大きすぎます（%d MBまで）。", MaxMedia>>20)
	}
}
