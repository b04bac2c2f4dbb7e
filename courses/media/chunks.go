package media

import (
	"bytes"
	"encoding/binary"
)

const pngMark = "\x89PNG\r\n\x1a\n"

// head is what the parts of a file say without decoding it.
type head struct {
	clean    bool   // only what draws the picture is in the file, in its plainest form
	baseline bool   // of a JPEG: it is decoded row by row
	exif     []byte // TIFF
}

// walkJPEG goes through the segments of a JPEG up to its scan. It is clean when it
// has one scan, neither comments nor anything of a camera's or a program's, and
// nothing behind its end.
func walkJPEG(data []byte) head {
	h := head{clean: true}
	for at := 2; at+4 <= len(data) && data[at] == 0xff; {
		marker, size := data[at+1], int(binary.BigEndian.Uint16(data[at+2:]))
		if size < 2 || at+2+size > len(data) {
			break
		}
		body := data[at+4 : at+2+size]
		switch {
		case marker == 0xda: // the scan
			h.clean = h.clean && h.baseline && endsWithScan(data[at+2+size:])
			return h
		case marker == 0xc0 && len(body) >= 6:
			h.baseline = true
			h.clean = h.clean && (body[5] == 1 || body[5] == 3)
		case marker == 0xe1 && bytes.HasPrefix(body, []byte("Exif\x00\x00")):
			h.exif, h.clean = body[6:], false
		case marker != 0xdb && marker != 0xc4:
			h.clean = false
		}
		at += 2 + size
	}
	h.clean = false
	return h
}

// endsWithScan says whether the compressed rows end with the end of the picture and
// of the file.
func endsWithScan(rows []byte) bool {
	for i := 0; i+1 < len(rows); i++ {
		if rows[i] != 0xff || rows[i+1] == 0 {
			continue
		}
		return rows[i+1] == 0xd9 && i+2 == len(rows)
	}
	return false
}

// walkPNG goes through the chunks of a PNG. It is clean when it has only those that
// draw it, eight bits a channel and no interlacing.
func walkPNG(data []byte) head {
	h := head{clean: true}
	for at := len(pngMark); at+12 <= len(data); {
		size := int64(binary.BigEndian.Uint32(data[at:]))
		if size > int64(len(data)-at-12) {
			break
		}
		body := data[at+8 : at+8+int(size)]
		switch name := string(data[at+4 : at+8]); name {
		case "IHDR":
			h.clean = h.clean && size == 13 && body[8] == 8 && body[12] == 0
		case "PLTE", "tRNS", "IDAT":
		case "eXIf":
			h.exif, h.clean = body, false
		case "IEND":
			h.clean = h.clean && at+12 == len(data)
			return h
		default:
			h.clean = false
		}
		at += 12 + int(size)
	}
	h.clean = false
	return h
}

// riffChunk is a part of a WebP, nil when there is none.
func riffChunk(data []byte, name string) []byte {
	for at := 12; at+8 <= len(data); {
		size := int64(binary.LittleEndian.Uint32(data[at+4:]))
		if size > int64(len(data)-at-8) {
			return nil
		}
		if string(data[at:at+4]) == name {
			return data[at+8 : at+8+int(size)]
		}
		at += 8 + int(size+size%2)
	}
	return nil
}

// orientation is how a camera was held: the tag 0x0112 of the first directory, 1 when
// there is none.
func orientation(tiff []byte) int {
	tiff = bytes.TrimPrefix(tiff, []byte("Exif\x00\x00"))
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.BigEndian
	if string(tiff[:2]) == "II" {
		order = binary.LittleEndian
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 1
	}
	count := int64(order.Uint16(tiff[at:]))
	for i := range count {
		entry := at + 2 + i*12
		if entry+12 > int64(len(tiff)) {
			return 1
		}
		if order.Uint16(tiff[entry:]) == 0x0112 {
			if how := int(order.Uint16(tiff[entry+8:])); how >= 1 && how <= 8 {
				return how
			}
			return 1
		}
	}
	return 1
}
