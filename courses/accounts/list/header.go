package list

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Field says what a column holds.
type Field string

// The fields of a list. Other is what nobody needs.
const (
	Other      Field = ""
	FullName   Field = "name" // 姓 and 名 with a space between
	FamilyName Field = "family"
	GivenName  Field = "given"
	FullKana   Field = "kana"
	FamilyKana Field = "family-kana"
	GivenKana  Field = "given-kana"
	Town       Field = "town" // name, or an address that begins with it
	Code       Field = "code" // 全国地方公共団体コード
	Prefecture Field = "prefecture"
	Birth      Field = "birth"
	Age        Field = "age"
	Band       Field = "band"
)

// Fields are all of them, in the order in which a form offers them.
var Fields = []Field{FullName, FamilyName, GivenName, FullKana, FamilyKana, GivenKana, Town, Code, Prefecture, Birth, Age, Band, Other}

// Label is the field in Japanese.
func (f Field) Label() string {
	return map[Field]string{
		Other: "使わない", FullName: "氏名（姓と名）", FamilyName: "姓", GivenName: "名",
		FullKana: "ふりがな（姓と名）", FamilyKana: "姓のふりがな", GivenKana: "名のふりがな",
		Town: "市町村・住所", Code: "市町村コード", Prefecture: "都道府県",
		Birth: "生年月日", Age: "年齢", Band: "年代",
	}[f]
}

const (
	kanaWord   = `(?:ふりがな|フリガナ|振り?仮名|よみがな|ヨミガナ|読み仮名|よみ|ヨミ|読み|カナ|かな|カタカナ|ひらがな|kana)`
	familyWord = `(?:姓|氏|名字|苗字|せい|セイ|familyname|lastname)`
	givenWord  = `(?:名|名前|めい|メイ|givenname|firstname)`
)

// headNames are what people call the fields, folded by fold; the first that fits counts.
var headNames = []struct {
	field Field
	names *regexp.Regexp
}{
	{Code, regexp.MustCompile(`^(?:(?:全国)?(?:地方公共団体|自治体|市区?町村|団体)(?:コード|番号)|コード|citycode)$`)},
	{FamilyKana, regexp.MustCompile(`^(?:` + familyWord + `(?:の)?` + kanaWord + `|` + kanaWord + familyWord + `|せい|セイ)$`)},
	{GivenKana, regexp.MustCompile(`^(?:` + givenWord + `(?:の)?` + kanaWord + `|` + kanaWord + givenWord + `|めい|メイ)$`)},
	{FullKana, regexp.MustCompile(`^(?:(?:氏名|お?名前|受講者名?|参加者名?|姓名)?(?:の)?` + kanaWord + `|` + kanaWord + `(?:氏名|お?名前)|(?:シメイ|しめい))$`)},
	{FamilyName, regexp.MustCompile(`^(?:` + familyWord + `)$`)},
	{FullName, regexp.MustCompile(`^(?:氏名|お?名前|姓名|(?:受講|参加|申込)者(?:氏?名|の?お?名前)?|氏名漢字|漢字氏名|name|fullname)$`)},
	{GivenName, regexp.MustCompile(`^(?:` + givenWord + `)$`)},
	{Prefecture, regexp.MustCompile(`^都道府県(?:名)?$`)},
	{Town, regexp.MustCompile(`^(?:(?:お?住まい|居住地|在住|居住)(?:の)?(?:市区?町村|自治体)?(?:名)?|市区?町村(?:名)?|自治体(?:名)?|お?住所(?:1)?|現住所|住所地|居所|address|city)$`)},
	{Birth, regexp.MustCompile(`^(?:生年月日|誕生日|生年|生まれ(?:た年)?|birth(?:day|date)?|dateofbirth)$`)},
	{Age, regexp.MustCompile(`^(?:年齢|満?年令|歳|age)$`)},
	{Band, regexp.MustCompile(`^(?:年代|年齢層|世代|年齢区分|ageband)$`)},
}

var noise = regexp.MustCompile(`[\s*※_・:：/／\[\]【】「」-]+|\(.*?\)`)

// fold makes the ways of writing one header equal: width, spaces, remarks in brackets.
func fold(head string) string {
	return strings.ToLower(noise.ReplaceAllString(norm.NFKC.String(head), ""))
}

// inKana are the brackets of 氏名（ふりがな）.
var inKana = regexp.MustCompile(`\(` + kanaWord + `\)`)

// header reads a row as a header: a field for each cell.
func header(cells []string) []Field {
	fields := make([]Field, len(cells))
	for i, cell := range cells {
		name := fold(inKana.ReplaceAllString(norm.NFKC.String(cell), "ふりがな"))
		for _, h := range headNames {
			if h.names.MatchString(name) && !slices.Contains(fields, h.field) {
				fields[i] = h.field
				break
			}
		}
	}
	if first := slices.Index(fields, FullName); first >= 0 && slices.Contains(fields, FamilyName) && !slices.Contains(fields, GivenName) {
		fields[first] = GivenName // 姓 and 名前
	}
	return fields
}

// enough says whether a row is the header: it names people and one thing more.
func enough(fields []Field) bool {
	named := slices.Contains(fields, FullName) || slices.Contains(fields, FamilyName)
	known := 0
	for _, f := range fields {
		if f != Other {
			known++
		}
	}
	return named && known >= 2
}
