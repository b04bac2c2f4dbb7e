package media

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	xdraw "golang.org/x/image/draw"
	"golang.org/x/image/webp"
)

// Sizes of pictures in pixels. Phones get the narrow one.
const (
	wide    = 960
	narrow  = 480
	tallest = 1920
	// A picture is decoded only when it has no more than this: a plain photograph
	// of a telephone has up to 48 million, and takes 1.5 bytes each; all others up
	// to 8.
	maxPhotoPixels = 50 << 20
	maxPixels      = 24 << 20
	maxSide        = 30000
)

// light is up to how many bytes a picture that is sent is left as it is, if it can be.
const light = 200 << 10

// quality is that of every JPEG; a photograph of 480 pixels has about 30 KB.
const quality = 72

// decoding lets one picture at a time take that much memory.
var decoding = make(chan struct{}, 1)

var errPicture = refuse("写真として開けませんでした。ファイルがこわれているようです。もういちど撮るか、別の写真を選んでください。")

func readPicture(data []byte, as string) (*File, error) {
	if KindOf(as) != Picture {
		as = ""
	}
	if len(data) > MaxPicture {
		return nil, refuse("写真が大きすぎます（%d MBまで）。小さくしてから送ってください。", MaxPicture>>20)
	}
	f, err := formatOf(data)
	if err != nil {
		return nil, err
	}
	decoding <- struct{}{}
	defer func() { <-decoding }()
	img, err := f.decode(bytes.NewReader(data))
	if err != nil {
		return nil, errPicture
	}
	if f.clean && img.Bounds().Dx() <= wide && img.Bounds().Dy() <= tallest && (as == f.ext || as == "" && len(data) <= light) {
		return withSmall(&File{Kind: Picture, Ext: f.ext, Content: data, Width: img.Bounds().Dx(), Height: img.Bounds().Dy()}, img)
	}
	fitted := turn(fit(img, f.turned), f.turned)
	out, err := write(fitted, pick(fitted, f, as))
	if err != nil {
		return nil, err
	}
	img, _, err = image.Decode(bytes.NewReader(out.Content)) // the small one is that of the file, not of what was sent
	if err != nil {
		return nil, errPicture
	}
	return withSmall(out, img)
}

// format is how a picture is read.
type format struct {
	ext    string // jpg or png: what it is kept as when it is kept as it is
	decode func(io.Reader) (image.Image, error)
	clean  bool // nothing but the picture is in the file
	turned int  // by EXIF: 1 to 8
	drawn  bool // more likely line art than a photograph
}

// formatOf looks at the head of a picture, before anything is decoded.
func formatOf(data []byte) (f format, err error) {
	var config image.Config
	most := maxPixels
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xd8")):
		head := walkJPEG(data)
		f = format{ext: "jpg", decode: jpeg.Decode, clean: head.clean, turned: orientation(head.exif)}
		if head.baseline {
			most = maxPhotoPixels
		}
		config, err = jpeg.DecodeConfig(bytes.NewReader(data))
	case bytes.HasPrefix(data, []byte(pngMark)):
		head := walkPNG(data)
		f = format{ext: "png", decode: png.Decode, clean: head.clean, turned: orientation(head.exif), drawn: true}
		config, err = png.DecodeConfig(bytes.NewReader(data))
	case bytes.HasPrefix(data, []byte("GIF")):
		f = format{decode: gif.Decode, drawn: true} // its first frame: what moves cannot be stopped
		config, err = gif.DecodeConfig(bytes.NewReader(data))
	default:
		f = format{decode: webp.Decode, turned: orientation(riffChunk(data, "EXIF"))}
		config, err = webp.DecodeConfig(bytes.NewReader(data))
		if riffChunk(data, "ANIM") != nil {
			return f, refuse("動くWebPは使えません。動かない写真にしてから送ってください。")
		}
	}
	switch {
	case err != nil || config.Width < 1 || config.Height < 1:
		return f, errPicture
	case config.Width > maxSide || config.Height > maxSide || config.Width*config.Height > most:
		return f, refuse("写真の画素が多すぎます（%d × %d）。%d万画素までに小さくしてから送ってください。", config.Width, config.Height, most/10000)
	}
	return f, nil
}

// pick is the extension of the file to write: JPEG for photographs, PNG for what is
// transparent or drawn.
func pick(img *image.RGBA, f format, as string) string {
	switch {
	case as != "":
		return as
	case !img.Opaque():
		return "png"
	case f.drawn && flat(img):
		return "png"
	}
	return "jpg"
}

// flat says whether a picture has few colours, as line art and screenshots do.
func flat(img *image.RGBA) bool {
	seen := map[[3]byte]bool{}
	for i := 0; i+3 < len(img.Pix); i += 4 * 7 {
		seen[[3]byte{img.Pix[i] >> 3, img.Pix[i+1] >> 3, img.Pix[i+2] >> 3}] = true
		if len(seen) > 1200 {
			return false
		}
	}
	return true
}

func write(img *image.RGBA, ext string) (*File, error) {
	var b bytes.Buffer
	var err error
	if ext == "jpg" {
		err = jpeg.Encode(&b, onWhite(img), &jpeg.Options{Quality: quality})
	} else {
		ext = "png"
		err = (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, img)
	}
	if err != nil {
		return nil, errPicture
	}
	return &File{Kind: Picture, Ext: ext, Content: b.Bytes(), Width: img.Rect.Dx(), Height: img.Rect.Dy()}, nil
}

func onWhite(img *image.RGBA) *image.RGBA {
	if img.Opaque() {
		return img
	}
	out := image.NewRGBA(img.Rect)
	draw.Draw(out, out.Rect, image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(out, out.Rect, img, img.Rect.Min, draw.Over)
	return out
}

// withSmall adds the picture for phones, unless it would be no smaller.
func withSmall(f *File, img image.Image) (*File, error) {
	if f.Width <= narrow {
		return f, nil
	}
	small, err := write(scaled(img, narrow, max(1, f.Height*narrow/f.Width)), f.Ext)
	if err == nil && len(small.Content) < len(f.Content) {
		f.Small = small
	}
	return f, err
}

// fit makes a picture as small as it is kept, before it is turned.
func fit(img image.Image, turned int) *image.RGBA {
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	mostW, mostH := wide, tallest
	if turned >= 5 {
		mostW, mostH = mostH, mostW
	}
	scale := min(1, float64(mostW)/float64(w), float64(mostH)/float64(h))
	return scaled(img, max(1, int(float64(w)*scale+0.5)), max(1, int(float64(h)*scale+0.5)))
}

func scaled(img image.Image, w, h int) *image.RGBA {
	img = halved(img, w, h)
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	if img.Bounds().Dx() == w && img.Bounds().Dy() == h {
		draw.Draw(out, out.Rect, img, img.Bounds().Min, draw.Src)
		return out
	}
	xdraw.CatmullRom.Scale(out, out.Rect, img, img.Bounds(), draw.Src, nil)
	return out
}

// halved averages squares of pixels as long as the picture stays larger than w × h,
// strip by strip: a large photograph is never in memory a second time.
func halved(img image.Image, w, h int) image.Image {
	b := img.Bounds()
	n := min(b.Dx()/w, b.Dy()/h) / 2
	if n < 2 {
		return img
	}
	out := image.NewRGBA(image.Rect(0, 0, b.Dx()/n, b.Dy()/n))
	strip := image.NewRGBA(image.Rect(0, 0, out.Rect.Dx()*n, n))
	for y := range out.Rect.Dy() {
		draw.Draw(strip, strip.Rect, img, image.Pt(b.Min.X, b.Min.Y+y*n), draw.Src)
		average(out.Pix[y*out.Stride:], strip, n)
	}
	return out
}

// average writes one row of squares of n × n pixels.
func average(row []byte, strip *image.RGBA, n int) {
	for x := range strip.Rect.Dx() / n {
		var r, g, b, a uint32
		for dy := range n {
			at := dy*strip.Stride + x*n*4
			for p := strip.Pix[at : at+n*4]; len(p) >= 4; p = p[4:] {
				r, g, b, a = r+uint32(p[0]), g+uint32(p[1]), b+uint32(p[2]), a+uint32(p[3])
			}
		}
		all := uint32(n * n)
		row[x*4], row[x*4+1], row[x*4+2], row[x*4+3] = byte((r+all/2)/all), byte((g+all/2)/all), byte((b+all/2)/all), byte((a+all/2)/all)
	}
}

// turn puts a picture upright by its EXIF orientation (CIPA DC-008 4.6.4.A).
func turn(img *image.RGBA, how int) *image.RGBA {
	if how < 2 || how > 8 {
		return img
	}
	w, h := img.Rect.Dx(), img.Rect.Dy()
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	if how >= 5 {
		out = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			tx, ty := x, y
			if how == 2 || how == 3 || how == 7 || how == 8 {
				tx = w - 1 - x
			}
			if how == 3 || how == 4 || how == 6 || how == 7 {
				ty = h - 1 - y
			}
			if how >= 5 {
				tx, ty = ty, tx
			}
			copy(out.Pix[out.PixOffset(tx, ty):][:4], img.Pix[img.PixOffset(x, y):][:4])
		}
	}
	return out
}
