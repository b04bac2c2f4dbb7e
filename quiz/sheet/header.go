package sheet

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// field says what a column holds.
type field string

const (
	typeField        field = "形式"
	textField        field = "問題文"
	optionField      field = "選択肢" // numbered, as the next three
	rightField       field = "組"
	feedbackField    field = "フィードバック"
	weightField      field = "割合"
	answerField      field = "正解"
	explanationField field = "解説"
	otherwiseField   field = "ほかの答えへの言葉"
	unitField        field = "単位"
	toleranceField   field = "誤差"
	groupsField      field = "グループ"
	lessonField      field = "レッスン"
	tagsField        field = "タグ"
	nameField        field = "題名"
	idField          field = "番号"
	categoryField    field = "分類"
	usesField        field = "使うところ"
)

// downward says whether a merged cell counts for every row that it spans.
func (f field) downward() bool {
	return f == typeField || f == lessonField || f == tagsField || f == categoryField || f == usesField
}

// column is one column: of a numbered field with its number from 1, of its text in
// やさしい日本語 with easy.
type column struct {
	field field
	n     int
	easy  bool
}

const easyMark = "（やさしい）"

func (c column) String() string {
	name := string(c.field)
	if c.n > 0 {
		name += strconv.Itoa(c.n)
	}
	if c.easy {
		name += easyMark
	}
	return name
}

// names are what people call the fields, normalised. A numbered field is looked
// for before one without a number.
var names = map[field]*regexp.Regexp{
	typeField:        regexp.MustCompile(`^(?:問題)?(?:の)?(?:形式|種類|タイプ|型|type)$`),
	textField:        regexp.MustCompile(`^(?:問題文?|設問文?|質問文?|問い?|本文|question(?:text)?|text)$`),
	answerField:      regexp.MustCompile(`^(?:正解|正答|答え|こたえ|解答|正しい答え|正解番号|answers?|correct(?:answer)?|key)$`),
	explanationField: regexp.MustCompile(`^(?:解説|説明|全体の説明|総評|(?:全体|共通)(?:の)?フィードバック|explanation|generalfeedback)$`),
	otherwiseField:   regexp.MustCompile(`^(?:ほかの答え(?:への(?:言葉|フィードバック))?|その他の答え(?:への(?:言葉|フィードバック))?|otherwise)$`),
	unitField:        regexp.MustCompile(`^(?:単位|unit)$`),
	toleranceField:   regexp.MustCompile(`^(?:(?:許容)?誤差|tolerance)$`),
	groupsField:      regexp.MustCompile(`^(?:グループ(?:の一覧)?|groups?)$`),
	lessonField:      regexp.MustCompile(`^(?:レッスン(?:名|id)?|lesson(?:id)?)$`),
	tagsField:        regexp.MustCompile(`^(?:タグ|キーワード|tags?|keywords?)$`),
	nameField:        regexp.MustCompile(`^(?:題名|問題名|タイトル|名前|name|title)$`),
	idField:          regexp.MustCompile(`^(?:問題)?(?:番号|no\.?|id|№)$`),
	categoryField:    regexp.MustCompile(`^(?:分類|カテゴリー?|category)$`),
	usesField:        regexp.MustCompile(`^(?:使うところ|使う場所|use)$`),
}

const ordinal = `([0-9]{1,2}|[a-z]|[ア-コ]|[○×])`

var numbered = []struct {
	field field
	names *regexp.Regexp
}{
	{feedbackField, regexp.MustCompile(`^(?:選択肢|選択|答え)?` + ordinal + `(?:への|の)?(?:フィードバック|説明|解説|コメント|言葉)$`)},
	{feedbackField, regexp.MustCompile(`^(?:フィードバック|説明|解説|コメント|言葉|feedback)` + ordinal + `$`)},
	{weightField, regexp.MustCompile(`^(?:割合|配点|点|weight|fraction)` + ordinal + `$`)},
	{rightField, regexp.MustCompile(`^(?:組|組み合わせ|組合せ|相手|右|グループ|match|right)` + ordinal + `$`)},
	{optionField, regexp.MustCompile(`^(?:選択肢|選択|項目|左|答え|カード|choice|option|item|answer)?` + ordinal + `$`)},
}

var (
	easyName = regexp.MustCompile(`\(?やさしい(?:日本語)?\)?$`)
	noise    = regexp.MustCompile(`[\s　*※_]+|\((?:必須|任意|必ず)\)`)
)

// head says which column of the sheet holds what.
type head map[int]column

// enough says whether a row is a header and not a title or a question.
func (h head) enough() bool {
	has := map[field]bool{}
	for _, c := range h {
		has[c.field] = true
	}
	return has[textField] && (has[answerField] || has[optionField] || has[typeField])
}

// header reads a row as a header. unknown are its cells that name nothing.
func header(cells []string) (h head, unknown []string) {
	h = head{}
	seen := map[column]bool{}
	for i, cell := range cells {
		if strings.TrimSpace(cell) == "" {
			continue
		}
		c, ok := columnOf(cell)
		if !ok || seen[c] {
			unknown = append(unknown, "「"+shorten(cell)+"」")
			continue
		}
		seen[c], h[i] = true, c
	}
	return h, unknown
}

func columnOf(cell string) (column, bool) {
	name := strings.ToLower(noise.ReplaceAllString(norm.NFKC.String(cell), ""))
	bare := easyName.ReplaceAllString(name, "")
	easy := bare != name && bare != ""
	for _, f := range numbered {
		if m := f.names.FindStringSubmatch(bare); m != nil {
			n := place(m[1])
			return column{f.field, n, easy}, n >= 1 && n <= maxParts
		}
	}
	for f, pattern := range names {
		if pattern.MatchString(bare) {
			return column{field: f, easy: easy}, true
		}
	}
	return column{}, false
}

// place is the number that a number or a letter stands for, 0 for none.
func place(s string) int {
	if n, err := strconv.Atoi(s); err == nil {
		return n
	}
	r := []rune(s)
	if len(r) != 1 {
		return 0
	}
	switch kana := []rune("アイウエオカキクケコ"); {
	case r[0] >= 'a' && r[0] <= 'z':
		return int(r[0]-'a') + 1
	case r[0] >= 'A' && r[0] <= 'Z':
		return int(r[0]-'A') + 1
	case slices.Contains(kana, r[0]):
		return slices.Index(kana, r[0]) + 1
	case r[0] == '○':
		return 1
	case r[0] == '×':
		return 2
	}
	return 0
}
