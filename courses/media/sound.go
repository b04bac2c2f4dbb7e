package media

import (
	"bytes"
	"encoding/binary"
	"slices"
)

var errSound = refuse("音声として開けませんでした。ファイルがこわれているようです。MP3で保存しなおして、もういちど送ってください。")

func soundOf(ext string, content []byte, seconds int64) (*File, error) {
	if seconds < 0 || seconds > 24*60*60 {
		seconds = 0
	}
	return &File{Kind: Sound, Ext: ext, Content: content, Seconds: int(seconds)}, nil
}

func tooLong(data []byte) error {
	if len(data) > MaxSound {
		return refuse("音声が大きすぎます（%d MBまで）。短く分けるか、音質を下げてから送ってください。", MaxSound>>20)
	}
	return nil
}

// frame is one frame of an MP3.
type frame struct{ size, rate, samples int }

var (
	mp3Bits1 = [...]int{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320}
	mp3Bits2 = [...]int{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160}
	mp3Rates = [...]int{44100, 48000, 32000}
)

// mp3Frame reads the head of a frame of layer III; its size is 0 when there is none.
func mp3Frame(data []byte) frame {
	if len(data) < 4 || data[0] != 0xff || data[1]&0xe6 != 0xe2 {
		return frame{}
	}
	version, bits, rate := data[1]>>3&3, int(data[2]>>4), int(data[2]>>2&3)
	if version == 1 || bits == 0 || bits == 15 || rate == 3 {
		return frame{}
	}
	f := frame{rate: mp3Rates[rate], samples: 1152}
	kbit := mp3Bits1[bits]
	if version != 3 { // MPEG 2 and 2.5
		f.samples, kbit = 576, mp3Bits2[bits]
		f.rate /= map[byte]int{2: 2, 0: 4}[version]
	}
	f.size = f.samples/8*kbit*1000/f.rate + int(data[2]>>1&1)
	return f
}

// readMP3 keeps the frames and nothing around them: tags tell who recorded, and hold
// pictures.
func readMP3(data []byte) (*File, error) {
	if err := tooLong(data); err != nil {
		return nil, err
	}
	at := 0
	for len(data) >= at+10 && string(data[at:at+3]) == "ID3" {
		size := data[at+6 : at+10]
		at += 10 + int(size[0]&127)<<21 + int(size[1]&127)<<14 + int(size[2]&127)<<7 + int(size[3]&127)
	}
	var kept []byte
	var frames, samples, rate int64
	for at < len(data) {
		f := mp3Frame(data[at:])
		if f.size == 0 || at+f.size > len(data) {
			break // a tag behind the last frame, or a frame that was cut off
		}
		kept = append(kept, data[at:at+f.size]...)
		at += f.size
		frames, samples, rate = frames+1, samples+int64(f.samples), int64(f.rate)
	}
	if behind := len(data) - min(at, len(data)); frames < 4 || behind > 256<<10 || behind > len(kept) {
		return nil, errSound
	}
	return soundOf("mp3", kept, samples/rate)
}

// readOgg checks that a file is pages of Ogg with sound from its first byte to its last.
func readOgg(data []byte) (*File, error) {
	if err := tooLong(data); err != nil {
		return nil, err
	}
	var rate, last int64
	for at := 0; at < len(data); {
		page := data[at:]
		if len(page) < 27 || string(page[:4]) != "OggS" || len(page) < 27+int(page[26]) {
			return nil, errSound
		}
		size := 27 + int(page[26])
		for _, n := range page[27:size] {
			size += int(n)
		}
		if size > len(page) {
			return nil, errSound
		}
		body := page[27+int(page[26]) : size]
		switch {
		case at > 0:
		case bytes.HasPrefix(body, []byte("OpusHead")):
			rate = 48000
		case bytes.HasPrefix(body, []byte("\x01vorbis")) && len(body) >= 16:
			rate = int64(binary.LittleEndian.Uint32(body[12:]))
		}
		if granule := int64(binary.LittleEndian.Uint64(page[6:])); granule > 0 {
			last = granule
		}
		at += size
	}
	if rate == 0 {
		return nil, refuse("OGGのファイルですが、音声ではありません。VorbisかOpusの音声にしてください。")
	}
	return soundOf("ogg", data, last/rate)
}

// box is a part of an MP4.
type box struct {
	name       string
	begin, end int // of the whole box
	body       int // where its content begins
}

// boxes are the parts of data[from:to]; ok is false when they do not fill it.
func boxes(data []byte, from, to int) (list []box, ok bool) {
	for at := from; at < to; {
		if to-at < 8 {
			return list, false
		}
		size, body := int64(binary.BigEndian.Uint32(data[at:])), at+8
		if size == 1 && to-at >= 16 {
			size, body = int64(binary.BigEndian.Uint64(data[at+8:])), at+16
		}
		if size == 0 {
			size = int64(to - at)
		}
		if size < int64(body-at) || size > int64(to-at) || len(list) > 4096 {
			return list, false
		}
		list = append(list, box{string(data[at+4 : at+8]), at, at + int(size), body})
		at += int(size)
	}
	return list, true
}

// mp4 reads an M4A and blanks out what a telephone writes beside the sound: names,
// and where it was recorded.
type mp4 struct {
	data    []byte
	seconds int64
	tracks  []string // the handlers: soun, vide …
	broken  bool
}

func (m *mp4) walk(from, to int) {
	list, ok := boxes(m.data, from, to)
	m.broken = m.broken || !ok
	for _, b := range list {
		body := m.data[b.body:b.end]
		switch b.name {
		case "moov", "trak", "mdia":
			m.walk(b.body, b.end)
		case "udta", "meta", "uuid":
			copy(m.data[b.begin+4:], "free")
			clear(body)
		case "mvhd":
			m.seconds = mvhdSeconds(body)
		case "hdlr":
			if len(body) >= 12 {
				m.tracks = append(m.tracks, string(body[8:12]))
			}
		}
	}
}

func mvhdSeconds(body []byte) int64 {
	var scale, length int64
	switch {
	case len(body) >= 20 && body[0] == 0:
		scale, length = int64(binary.BigEndian.Uint32(body[12:])), int64(binary.BigEndian.Uint32(body[16:]))
	case len(body) >= 32:
		scale, length = int64(binary.BigEndian.Uint32(body[20:])), int64(binary.BigEndian.Uint64(body[24:]))
	}
	if scale == 0 {
		return 0
	}
	return length / scale
}

func readMP4(data []byte) (*File, error) {
	if err := tooLong(data); err != nil {
		return nil, err
	}
	m := &mp4{data: slices.Clone(data)}
	m.walk(0, len(data))
	top, _ := boxes(data, 0, len(data))
	has := func(name string) bool { return slices.ContainsFunc(top, func(b box) bool { return b.name == name }) }
	switch {
	case m.broken || !has("moov") || !has("mdat"):
		return nil, errSound
	case slices.Contains(m.tracks, "vide"):
		return nil, refuse("動画は使えません。音声だけのファイル（MP3・M4A・OGG）にするか、動画のページへのリンクを本文に書いてください。")
	case !slices.Contains(m.tracks, "soun"):
		return nil, errSound
	}
	return soundOf("m4a", m.data, m.seconds)
}
