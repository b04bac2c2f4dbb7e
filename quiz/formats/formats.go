// Package formats is the table of the formats in which other systems give and take
// questions, and tells by its content which of them a file is. It knows no course.
package formats

import (
	"bytes"
	"io"
	"regexp"
	"strings"

	"tsunagari/courses/questions"
	"tsunagari/quiz/aiken"
	"tsunagari/quiz/gift"
	"tsunagari/quiz/moodlexml"
	"tsunagari/quiz/sheet"
	"tsunagari/storage/table"
)

// Format is one way in which another system writes questions.
type Format struct {
	Name  string // in addresses and commands
	Label string // in Japanese
	File  string // the end of its files' names
	Type  string // media type
	Read  func([]byte, questions.ReadOptions) *questions.Import
	Write func(io.Writer, []questions.Imported) ([]questions.Remark, error)
}

// All are the formats, the one that holds most first.
var All = []Format{
	{"moodlexml", "Moodle XML（ムードルの問題）", ".xml", "application/xml", moodlexml.Read, moodlexml.Write},
	{"sheet", "Excelの表（xlsx）", ".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", sheet.Read, sheet.WriteXLSX},
	{"csv", "CSVの表", ".csv", "text/csv; charset=utf-8", sheet.Read, sheet.WriteCSV},
	{"gift", "GIFT（ムードルなどの文字の形）", ".txt", "text/plain; charset=utf-8", gift.Read, gift.Write},
	{"aiken", "Aiken（選択肢がひとつ正しい問題だけの、やさしい形）", ".txt", "text/plain; charset=utf-8", aiken.Read, aiken.Write},
}

// Find is the format with this name.
func Find(name string) (Format, bool) {
	for _, f := range All {
		if f.Name == name {
			return f, true
		}
	}
	return Format{}, false
}

var (
	aikenKey = regexp.MustCompile(`(?mi)^[ \t]*ANSWER[ \t]*[:：]`)
	giftKey  = regexp.MustCompile(`(?s)(^|[^\\])[{｛].*[}｝]`)
)

// Detect tells by its content which format a file is; false when it could be
// several, or none.
func Detect(data []byte) (Format, bool) {
	if bytes.HasPrefix(data, []byte("PK\x03\x04")) || bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0")) {
		return Find("sheet")
	}
	text, _, err := table.Decode(data)
	if err != nil {
		return Format{}, false
	}
	if strings.HasPrefix(strings.TrimSpace(text), "<") {
		if strings.Contains(text[:min(len(text), 4096)], "<quiz") {
			return Find("moodlexml")
		}
		return Format{}, false
	}
	// Furigana in a table has braces too.
	if strings.ContainsAny(text[:min(len(text), 4096)], ",\t;") && len(sheet.Read(data, questions.ReadOptions{}).Questions) > 0 {
		return Find("csv")
	}
	inBraces, answered := giftKey.MatchString(text), aikenKey.MatchString(text)
	switch {
	case inBraces && !answered:
		return Find("gift")
	case answered && !inBraces:
		return Find("aiken")
	}
	return Format{}, false
}
