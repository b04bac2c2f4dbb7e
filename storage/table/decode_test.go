package table

import (
	"errors"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	utf "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
	"pgregory.net/rapid"
)

// encoded is text in another encoding.
func encoded(t interface{ Fatal(...any) }, e encoding.Encoding, text string) string {
	out, err := e.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

var (
	utf16LE     = utf.UTF16(utf.LittleEndian, utf.IgnoreBOM)
	utf16BE     = utf.UTF16(utf.BigEndian, utf.IgnoreBOM)
	utf16LEMark = utf.UTF16(utf.LittleEndian, utf.UseBOM)
	utf16BEMark = utf.UTF16(utf.BigEndian, utf.UseBOM)
)

func TestDecode(t *testing.T) {
	const sentence = "孤独とは、どのような気持ちですか。"
	for _, test := range []struct{ about, data, text, name string }{
		{"nothing", "", "", UTF8},
		{"ASCII", "a{T}\r\n", "a{T}\r\n", UTF8},
		{"UTF-8", sentence, sentence, UTF8},
		{"UTF-8, one letter", "あ", "あ", UTF8},
		{"UTF-8 with a mark", "\ufeff問い", "問い", UTF8},
		{"UTF-8, Western", "café × naïve", "café × naïve", UTF8},
		{"UTF-8, Romanised", "Kyūshū, Tōkyō", "Kyūshū, Tōkyō", UTF8},
		{"UTF-8, Greek", "αβγ", "αβγ", UTF8},
		{"UTF-16LE with a mark", encoded(t, utf16LEMark, "問い\n𠮷"), "問い\n𠮷", UTF16LE},
		{"UTF-16BE with a mark", encoded(t, utf16BEMark, "問い\n𠮷"), "問い\n𠮷", UTF16BE},
		{"UTF-16LE", encoded(t, utf16LE, sentence+"{T}\r\n"), sentence + "{T}\r\n", UTF16LE},
		{"UTF-16BE, short", encoded(t, utf16BE, "あ\n"), "あ\n", UTF16BE},
		{"CP932", encoded(t, japanese.ShiftJIS, sentence), sentence, CP932},
		{"CP932, one letter", encoded(t, japanese.ShiftJIS, "あ"), "あ", CP932},
		{"CP932, one kanji", encoded(t, japanese.ShiftJIS, "表"), "表", CP932},
		{"CP932, half width", encoded(t, japanese.ShiftJIS, "ﾃｽﾄ,ﾊｲ"), "ﾃｽﾄ,ﾊｲ", CP932},
		{"CP932, half width that is UTF-8 too", encoded(t, japanese.ShiftJIS, "::1::ﾈｺ{T}"), "::1::ﾈｺ{T}", CP932},
		{"CP932, signs of Windows", encoded(t, japanese.ShiftJIS, "①～－髙﨑㈱"), "①～－髙﨑㈱", CP932},
		{"CP932, backslash and tilde", "\x82\xa0\\~", "あ\\~", CP932},
		{"CP932, end of an old file", "\x82\xa0\x1a", "あ", CP932},
	} {
		t.Run(test.about, func(t *testing.T) {
			text, name, err := Decode([]byte(test.data))
			if err != nil || text != test.text || name != test.name {
				t.Errorf("got %q as %s, %v; want %q as %s", text, name, err, test.text, test.name)
			}
		})
	}
}

func TestDecodeSaysWhatToDo(t *testing.T) {
	const sentence = "一行目です。\n二行目です。"
	for _, test := range []struct{ about, data, want string }{
		{"cut off", sentence[:len(sentence)-1], "UTF-8のようですが、読めない文字があります（2行目）"},
		{"a mark, then nonsense", "\ufeffa\n\xff", "UTF-8のようですが、読めない文字があります（2行目）"},
		{"half a character", "\xff\xfea\x00\n\x00\x42", "UTF-16のようですが、読めない文字があります"},
		{"half a pair", "\xff\xfea\x00\n\x00\x00\xd8a\x00", "UTF-16のようですが、読めない文字があります（2行目）"},
		{"EUC-JP", encoded(t, japanese.EUCJP, sentence), "EUC-JP"},
		{"JIS", encoded(t, japanese.ISO2022JP, sentence), "JIS"},
		{"UTF-32", encoded(t, utf32.UTF32(utf32.LittleEndian, utf32.UseBOM), "あ"), "UTF-32"},
		{"Latin 1", encoded(t, charmap.ISO8859_1, "Crème brûlée\ndéjà vu"), "文字コードが読み取れません"},
		{"Chinese", encoded(t, simplifiedchinese.GBK, "孤独是什么样的感觉"), "文字コードが読み取れません"},
		{"Korean", encoded(t, korean.EUCKR, "외로움이란 무엇입니까"), "文字コードが読み取れません"},
		{"broken CP932", "\x82\xa0\n\x82", "文字コードが読み取れません（2行目）"},
		{"own character", "\x82\xa0\n\xf0\x40", "2行目に、そのパソコンだけの文字（外字）"},
		{"a document", "PK\x03\x04\x14\x00\x06\x00", "文字だけのファイルではない"},
		{"a picture", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "文字だけのファイルではない"},
		{"a bell", "あ\n\a", "（2行目に、文字でないデータがあります）"},
	} {
		t.Run(test.about, func(t *testing.T) {
			text, _, err := Decode([]byte(test.data))
			var wrong *EncodingError
			if !errors.As(err, &wrong) || !strings.Contains(err.Error(), test.want) || !strings.HasSuffix(err.Error(), "ください。") {
				t.Errorf("got %q, %v; want %q", text, err, test.want)
			}
		})
	}
}

// japaneseText is what a person types: sentences with a line end, or one line.
func japaneseText(t *rapid.T) string {
	line := rapid.StringOfN(rapid.SampledFrom([]rune("あいうえおかがきのはをんアイウー、。「」一人孤独相談町家族表能ソ１２abcXYZ 0129{}=~#%:,\"")), 1, 30, -1).
		Filter(func(s string) bool {
			return strings.IndexFunc(s, func(r rune) bool { return unicode.Is(unicode.Hiragana, r) }) >= 0
		})
	return strings.Join(rapid.SliceOfN(line, 1, 4).Draw(t, "lines"), "\r\n")
}

func TestDecodeFindsTheEncoding(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := japaneseText(t)
		for _, e := range []encoding.Encoding{encoding.Nop, utf.UTF8BOM, utf16LEMark, utf16BEMark, japanese.ShiftJIS} {
			got, name, err := Decode([]byte(encoded(t, e, want)))
			if err != nil || got != want {
				t.Fatalf("%v read as %s: %q, %v; want %q", e, name, got, err, want)
			}
		}
		for _, e := range []encoding.Encoding{utf16LE, utf16BE} {
			got, _, err := Decode([]byte(encoded(t, e, want+"\n")))
			if err != nil || got != want+"\n" {
				t.Fatalf("%v: %q, %v; want %q", e, got, err, want)
			}
		}
		if got, name, err := Decode([]byte(encoded(t, japanese.ISO2022JP, want))); err == nil {
			t.Fatalf("JIS read as %s: %q", name, got)
		}
	})
}

func FuzzDecode(f *testing.F) {
	for _, s := range []string{"問い", "\x82\xa0", "\xff\xfea\x00", "\x00\x00", "\xa4\xa2\xa4\xa4"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		text, name, err := Decode(data)
		if (err == nil) != (name != "") || !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
			t.Errorf("%q as %s, %v", text, name, err)
		}
	})
}
