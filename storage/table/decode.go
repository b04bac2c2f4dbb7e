package table

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"
)

// Names of the encodings that Decode reads.
const (
	UTF8    = "UTF-8"
	UTF16LE = "UTF-16LE"
	UTF16BE = "UTF-16BE"
	CP932   = "CP932" // what Windows and Excel call Shift_JIS
)

// EncodingError says in plain Japanese why the characters of a file cannot be
// read and what to do.
type EncodingError struct{ Reason string }

func (e *EncodingError) Error() string { return e.Reason }

const saveAgain = "そのファイルを作ったソフトで、文字コードを「UTF-8」にして保存し直してください。"

func unreadable(format string, args ...any) error {
	return &EncodingError{fmt.Sprintf(format, args...) + saveAgain}
}

// Decode finds out how the characters of a text file are written and reads them:
// UTF-8 and UTF-16 with or without a byte order mark, and CP932. The mark is left
// out, line ends stay. Error: *EncodingError, for what is none of these or is
// broken; nothing is guessed over a doubt, since a wrong guess is read as nonsense.
func Decode(data []byte) (text, name string, err error) {
	switch {
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		data, name = data[3:], UTF8
	case bytes.HasPrefix(data, []byte("\xff\xfe\x00\x00")), bytes.HasPrefix(data, []byte("\x00\x00\xfe\xff")):
		return "", "", unreadable("UTF-32という文字コードのファイルのようです。")
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		data, name = data[2:], UTF16LE
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		data, name = data[2:], UTF16BE
	case bytes.IndexByte(data, 0) >= 0:
		name = utf16Order(data)
	case bytes.Contains(data, []byte("\x1b$")) || bytes.Contains(data, []byte("\x1b(")):
		return "", "", unreadable("JIS（ISO-2022-JP）という文字コードのファイルのようです。")
	case utf8.Valid(data):
		name = UTF8
		if looksHalfWidth(data) {
			name = CP932
		}
	case mostlyUTF8(data):
		name = UTF8
	case looksEUC(data):
		return "", "", unreadable("EUC-JPという文字コードのファイルのようです。")
	case onlyRareKanji(data):
		return "", "", unreadable("文字コードが読み取れません。")
	default:
		name = CP932
	}
	text, err = decodeAs(data, name)
	if err != nil {
		return "", "", err
	}
	text = strings.TrimSuffix(text, "\x1a") // the end of a file of old Windows programs
	if at := strings.IndexFunc(text, isControl); at >= 0 {
		return "", "", unreadable("文字だけのファイルではないようです（%d行目に、文字でないデータがあります）。", lineAt(text, at))
	}
	return text, name, nil
}

func lineAt(text string, at int) int { return strings.Count(text[:at], "\n") + 1 }

// isControl holds for characters that no text has; a break of line, page or
// column is none of them.
func isControl(r rune) bool {
	return r < 0x20 && (r < '\t' || r > '\r') || r == 0x7f || r == 0xfffe || r == 0xffff
}

func decodeAs(data []byte, name string) (string, error) {
	switch name {
	case UTF8:
		if at := firstInvalid(data); at >= 0 {
			return "", unreadable("文字コードはUTF-8のようですが、読めない文字があります（%d行目）。", bytes.Count(data[:at], []byte("\n"))+1)
		}
		return string(data), nil
	case UTF16LE:
		return utf16(data, unicode.LittleEndian)
	case UTF16BE:
		return utf16(data, unicode.BigEndian)
	}
	return cp932(data)
}

func cp932(data []byte) (string, error) {
	if at := ownCharacter(data); at >= 0 {
		return "", &EncodingError{fmt.Sprintf("%d行目に、そのパソコンだけの文字（外字）があります。ふつうの文字に直してから、もう一度選んでください。", bytes.Count(data[:at], []byte("\n"))+1)}
	}
	text, err := japanese.ShiftJIS.NewDecoder().String(string(data))
	at := strings.IndexFunc(text, func(r rune) bool { return r == utf8.RuneError || r >= 0x80 && r < 0xa0 })
	if err != nil || at >= 0 {
		return "", unreadable("文字コードが読み取れません（%d行目）。", lineAt(text, max(at, 0)))
	}
	return text, nil
}

// ownCharacter is where CP932 has a character of the user's own (F040 to F9FC),
// which other machines do not know, or -1.
func ownCharacter(data []byte) int {
	for i := 0; i+1 < len(data); i++ {
		b := data[i]
		if b >= 0xf0 && b <= 0xf9 && data[i+1] >= 0x40 {
			return i
		}
		if b >= 0x81 && b < 0xa0 || b >= 0xe0 {
			i++
		}
	}
	return -1
}

// utf16 reads data in one byte order. A half of a pair alone, or half a
// character at the end, is an error: the decoder would put U+FFFD there.
func utf16(data []byte, order unicode.Endianness) (string, error) {
	text, err := unicode.UTF16(order, unicode.IgnoreBOM).NewDecoder().String(string(data))
	if at := strings.IndexRune(text, utf8.RuneError); err != nil || len(data)%2 != 0 || at >= 0 {
		return "", unreadable("文字コードはUTF-16のようですが、読めない文字があります（%d行目）。", lineAt(text, max(at, 0)))
	}
	return text, nil
}

// utf16Order tells the byte order of a text without a mark: that in which more
// characters are kana, Japanese or ASCII signs. The zero bytes alone do not tell:
// 一 has one too.
func utf16Order(data []byte) string {
	var usual [2]int
	for i := 0; i+1 < len(data); i += 2 {
		for order, r := range [2]rune{rune(data[i+1])<<8 | rune(data[i]), rune(data[i])<<8 | rune(data[i+1])} {
			if r > 0 && r < 0x7f || r >= 0x3000 && r < 0x3100 {
				usual[order]++
			}
		}
	}
	if usual[1] > usual[0] {
		return UTF16BE
	}
	return UTF16LE
}

func firstInvalid(data []byte) int {
	for i := 0; i < len(data); {
		if data[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

// mostlyUTF8 says whether data is UTF-8 with some broken bytes, as a file cut off
// inside a character is: it has more whole characters of three or four bytes than
// bytes that fit nowhere. In CP932 the first byte of a kana fits nowhere.
func mostlyUTF8(data []byte) bool {
	whole, broken := 0, 0
	for len(data) > 0 {
		r, size := utf8.DecodeRune(data)
		switch {
		case r == utf8.RuneError && size == 1:
			broken++
		case size >= 3:
			whole++
		}
		data = data[size:]
	}
	return whole > broken
}

// looksHalfWidth says whether valid UTF-8 is more likely half-width katakana in
// CP932: ﾈｺ (C8 BA) is also Ⱥ. It holds when every byte beyond ASCII is one of
// half-width katakana, and the UTF-8 reading has rare letters that stand in no word.
func looksHalfWidth(data []byte) bool {
	rare := false
	for i := 0; i < len(data); {
		if data[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, size := utf8.DecodeRune(data[i:])
		if size != 2 || data[i+1] < 0xa1 {
			return false
		}
		if i > 0 && isLetter(data[i-1]) || i+2 < len(data) && isLetter(data[i+2]) {
			return false // Kyūshū
		}
		rare = rare || r >= 0x100 && r < 0x370 || r >= 0x530
		i += size
	}
	return rare
}

func isLetter(b byte) bool { return b|0x20 >= 'a' && b|0x20 <= 'z' }

// looksEUC says whether data is EUC-JP: pairs of bytes from A1 up, a third of
// them kana. Kana in CP932 have a byte below A0 that EUC-JP does not have, and
// half-width katakana have a comma or a dot (A4, A5) only now and then.
func looksEUC(data []byte) bool {
	pairs, kana := 0, 0
	for i := 0; i < len(data); {
		switch b := data[i]; {
		case b < utf8.RuneSelf:
			i++
		case b == 0x8e || b >= 0xa1 && b < 0xff:
			if i+1 >= len(data) || data[i+1] < 0xa1 || data[i+1] == 0xff {
				return false
			}
			if b == 0xa4 || b == 0xa5 {
				kana++
			}
			pairs++
			i += 2
		default:
			return false
		}
	}
	return kana*3 >= pairs && pairs > 0
}

// onlyRareKanji says whether data, read as CP932, has characters of two bytes but
// no kana, no sign and none of the 2,965 usual kanji: all of those begin with 81
// to 9F. It is then a file in an encoding of another country.
func onlyRareKanji(data []byte) bool {
	rare := false
	for i := 0; i < len(data); i++ {
		switch b := data[i]; {
		case b >= 0x81 && b < 0xa0:
			return false
		case b >= 0xe0:
			rare = true
			i++
		}
	}
	return rare
}
