package courses

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
	"unicode/utf8"

	"tsunagari/courses/media"
)

// Bounds of a course as a zip.
const (
	maxZip      = 30 << 20
	maxUnpacked = maxCourse + 2*MaxMedia
	maxRatio    = 200 // how many times its packed size a larger file may unpack to
	ratioFrom   = 64 << 10
)

// What may be wrong with a zip. The texts are shown to whoever sent it; what is
// returned wraps them and names the file.
var (
	ErrNotZip        = errors.New("zipファイルとして開けませんでした。もういちど書き出して、送ってください。")
	ErrZipTooBig     = errors.New("zipファイルが大きすぎます。30 MBまでです。")
	ErrZipTooMany    = errors.New("zipファイルの中のファイルが多すぎます。1000個までです。")
	ErrZipBomb       = errors.New("zipファイルを広げると大きくなりすぎます。")
	ErrZipPath       = errors.New("zipファイルの中に、使えない名前のファイルがあります。")
	ErrZipType       = errors.New("zipファイルの中に、使えない種類のファイルがあります。使えるのは .md、.yaml、.svg、.jpg、.png、.mp3、.m4a、.ogg、.pdf です。")
	ErrZipTwice      = errors.New("zipファイルの中に、同じ名前のファイルが二つあります。")
	ErrZipEncrypted  = errors.New("zipファイルにパスワードがかかっています。パスワードなしで、もういちど作ってください。")
	ErrZipNoCourse   = errors.New("zipファイルの中に、講座（course.md）がありません。")
	ErrZipTwoCourses = errors.New("zipファイルの中に、講座（course.md）が二つ以上あります。講座ごとに分けてください。")
)

// OpenZip opens a course that was sent as a zip, for ReadPackage. Every file is
// unpacked once within bounds before any of it is used. The course may stand in
// a folder of its own, as when somebody packed the folder.
func OpenZip(r io.ReaderAt, size int64) (fs.FS, error) {
	if size > maxZip {
		return nil, ErrZipTooBig
	}
	archive, err := zip.NewReader(r, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, ErrNotZip
	}
	files := memory{}
	seen := map[string]bool{}
	unpacked := 0
	for _, f := range archive.File {
		if len(seen) >= maxFiles {
			return nil, ErrZipTooMany
		}
		if seen[strings.ToLower(f.Name)] {
			return nil, fmt.Errorf("%w（%s）", ErrZipTwice, display(f.Name))
		}
		seen[strings.ToLower(f.Name)] = true
		if err := allowed(f); err != nil {
			return nil, err
		}
		if f.FileInfo().IsDir() || ignored(f.Name) {
			continue
		}
		data, err := unpack(f, maxUnpacked-unpacked)
		if err != nil {
			return nil, err
		}
		unpacked += len(data)
		files[f.Name] = data
	}
	return files.course()
}

func display(name string) string {
	return shortened(strings.Map(func(r rune) rune {
		if unprintable(r) || r == utf8.RuneError {
			return '?'
		}
		return r
	}, name))
}

func allowed(f *zip.File) error {
	name := strings.TrimSuffix(f.Name, "/")
	switch {
	case f.Flags&1 != 0:
		return ErrZipEncrypted
	case !fs.ValidPath(name) || name == "." || strings.ContainsAny(f.Name, "\\:") || strings.ContainsFunc(name, unprintable),
		strings.Count(name, "/") > 3, !f.Mode().IsRegular() && !f.Mode().IsDir():
		return fmt.Errorf("%w（%s）", ErrZipPath, display(f.Name))
	case f.Mode().IsDir() || ignored(f.Name):
		return nil
	}
	switch path.Ext(name) {
	case ".md", ".yaml", ".svg":
		return nil
	}
	if isMedium(name) {
		return nil
	}
	return fmt.Errorf("%w（%s）", ErrZipType, display(f.Name))
}

// isMedium says whether a file is named like a photograph, a recording or a hand-out.
func isMedium(name string) bool {
	return path.Base(path.Dir(name)) == "media" && media.TypeOf(strings.TrimPrefix(path.Ext(name), ".")) != ""
}

// unpack reads one file, whatever sizes the archive claims.
func unpack(f *zip.File, left int) ([]byte, error) {
	most := maxFile
	if isMedium(f.Name) {
		most = media.MaxSent
	}
	limit := int64(min(left, most))
	packed := f.CompressedSize64
	if packed < 1 {
		packed = 1
	}
	if f.UncompressedSize64 > uint64(limit) || f.UncompressedSize64 > ratioFrom && f.UncompressedSize64/packed > maxRatio {
		return nil, fmt.Errorf("%w（%s）", ErrZipBomb, display(f.Name))
	}
	rc, err := f.Open()
	if err != nil {
		return nil, ErrNotZip
	}
	defer rc.Close()
	data, err := io.ReadAll(io.LimitReader(rc, limit+1))
	if err != nil {
		return nil, ErrNotZip
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("%w（%s）", ErrZipBomb, display(f.Name))
	}
	return data, nil
}

// memory is a small read-only file system: names of files with their content.
type memory map[string][]byte

// course finds the folder with course.md.
func (m memory) course() (fs.FS, error) {
	root, found := "", 0
	for name := range m {
		if path.Base(name) == "course.md" {
			root, found = path.Dir(name), found+1
		}
	}
	switch {
	case found == 0:
		return nil, ErrZipNoCourse
	case found > 1:
		return nil, ErrZipTwoCourses
	}
	inside := memory{}
	for name, data := range m {
		if root == "." {
			inside[name] = data
		} else if rest, ok := strings.CutPrefix(name, root+"/"); ok {
			inside[rest] = data
		}
	}
	return inside.pack()
}

// pack makes the files a file system by way of an uncompressed archive.
func (m memory) pack() (fs.FS, error) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, data := range m {
		f, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
		if err == nil {
			_, err = f.Write(data)
		}
		if err != nil {
			return nil, ErrNotZip
		}
	}
	if err := w.Close(); err != nil {
		return nil, ErrNotZip
	}
	return zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
}

// IsZipError says whether err is one of the sentences about a zip.
func IsZipError(err error) bool {
	for _, known := range []error{
		ErrNotZip, ErrZipTooBig, ErrZipTooMany, ErrZipBomb, ErrZipPath, ErrZipType,
		ErrZipTwice, ErrZipEncrypted, ErrZipNoCourse, ErrZipTwoCourses,
	} {
		if errors.Is(err, known) {
			return true
		}
	}
	return false
}
