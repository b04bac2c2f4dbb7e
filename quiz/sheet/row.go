package sheet

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"tsunagari/courses/questions"
)

// draft is one question being read.
type draft struct {
	*reader
	record
	questions.Imported
	broken bool
}

func (d *draft) look(reason string, args ...any) {
	d.out.Problems = append(d.out.Problems, questions.Remark{Line: d.row, Name: d.about(), Reason: fmt.Sprintf(reason, args...)})
}

// fail notes why the question cannot be taken.
func (d *draft) fail(reason string, args ...any) {
	d.look(reason, args...)
	d.broken = true
}

// about is what a remark calls the question.
func (d *draft) about() string {
	if d.Name != "" {
		return d.Name
	}
	words, _ := questions.ToWords(d.Text[questions.JA])
	return shorten(words)
}

// record reads one question.
func (r *reader) record(rec record) {
	d := &draft{reader: r, record: rec, Imported: questions.Imported{Question: questions.Question{Line: rec.row}}}
	d.head()
	if d.Text == nil {
		if rec.joined {
			d.fail("この行のセルは、上の行とつながっています。セルの結合をやめて、ひとつの問題を1行に書いてください。")
		} else {
			d.fail("問題文がありません。")
		}
		return
	}
	for c, value := range rec.cells {
		switch {
		case len(value) > maxText:
			d.fail("「%s」の文が長すぎます（%d字ほどまで）。短くしてください。", c, maxText/3)
			return
		case errorValue.MatchString(value):
			d.fail("「%s」の式の結果がエラー（%s）になっています。式を直すか、文字を書いてください。", c, value)
			return
		}
	}
	d.kind()
	if read := readers[d.Type]; read != nil && !d.broken {
		read(d)
	}
	d.done()
}

var errorValue = regexp.MustCompile(`^#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!)$`)

var readers = map[questions.Type]func(*draft){
	questions.Choice: (*draft).choices, questions.Multiple: (*draft).choices, questions.TrueFalse: (*draft).trueFalse,
	questions.Matching: (*draft).pairs, questions.Ordering: (*draft).ordering, questions.Sort: (*draft).sorting,
	questions.Short: (*draft).short, questions.Numerical: (*draft).numerical,
}

func (d *draft) done() {
	if d.broken {
		return
	}
	for _, reason := range d.Faults() {
		d.fail("%s", reason)
	}
	if !d.broken {
		d.out.Questions = append(d.out.Questions, d.Imported)
	}
}

// head reads what every question has.
func (d *draft) head() {
	d.Text, d.Explanation, d.Otherwise = d.text(textField, 0), d.text(explanationField, 0), nil
	d.Name = oneLine(d.cell(nameField, 0))
	d.ForeignID = oneLine(d.cell(idField, 0))
	d.Category = strings.Trim(oneLine(d.cell(categoryField, 0)), "/")
	d.Lesson = oneLine(d.cell(lessonField, 0))
	for _, tag := range listed(d.cell(tagsField, 0)) {
		if tag = oneLine(tag); tag != "" && !slices.Contains(d.Tags, tag) {
			d.Tags = append(d.Tags, tag)
		}
	}
	uses := d.cell(usesField, 0)
	for use, word := range useWords {
		if strings.Contains(uses, word) {
			d.Uses = append(d.Uses, use)
		}
	}
	slices.Sort(d.Uses)
}

var useWords = map[questions.Use]string{questions.InCheck: "確認", questions.InClosing: "まとめ"}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// listed are the parts of a cell on lines of their own, or else between commas.
func listed(s string) []string {
	if strings.Contains(s, "\n") {
		return strings.Split(s, "\n")
	}
	return strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("、,，；;", r) })
}

// text reads a text: every line of the cell is one for the reader.
func (d *draft) text(f field, n int) questions.Text {
	t := questions.Text{}
	for lang, easy := range map[questions.Lang]bool{questions.JA: false, questions.Easy: true} {
		if s := markdown(d.cells[column{f, n, easy}]); s != "" {
			t[lang] = s
		}
	}
	switch {
	case len(t) == 0:
		return nil
	case t[questions.JA] == "":
		d.fail("「%s」がありますが、「%s」がありません。", column{f, n, true}, column{f, n, false})
	}
	return t
}

var lineEnds = regexp.MustCompile(`\s*\n\s*`)

var newLines = strings.NewReplacer("\r\n", "\n", "\r", "\n")

func markdown(cell string) string {
	cell = newLines.Replace(cell)
	return questions.Normal(lineEnds.ReplaceAllString(strings.TrimSpace(cell), "\n\n"))
}

// typeWords are what people call the types, normalised; the first is ours.
var typeWords = map[questions.Type][]string{
	questions.Choice:     {"一つ選ぶ", "1つ選ぶ", "ひとつ選ぶ", "一つえらぶ", "単一選択", "択一", "選択", "選択問題", "選択式", "多肢選択", "四択", "4択", "三択", "3択", "choice", "single", "multichoice", "singlechoice"},
	questions.Multiple:   {"複数選ぶ", "複数選択", "いくつも選ぶ", "すべて選ぶ", "全て選ぶ", "あてはまるものをすべて選ぶ", "複数", "multiple", "multiplechoice"},
	questions.TrueFalse:  {"○×", "○×問題", "○×式", "まるばつ", "マルバツ", "正誤", "正誤問題", "正しいか", "truefalse", "true/false", "tf"},
	questions.Matching:   {"組み合わせ", "組合せ", "組み合せ", "組合わせ", "くみあわせ", "結ぶ", "線結び", "マッチング", "matching", "match"},
	questions.Ordering:   {"並べかえ", "並べ替え", "ならべかえ", "並び替え", "並びかえ", "並べる", "順番", "順番に並べる", "ordering", "order"},
	questions.Sort:       {"分ける", "仕分け", "グループ分け", "分類", "sort"},
	questions.Short:      {"みじかい答え", "短い答え", "短答", "記述", "記述式", "言葉で答える", "一問一答", "穴埋め", "穴うめ", "short", "shortanswer"},
	questions.Numerical:  {"数", "数値", "数字", "数で答える", "数値問題", "numerical", "number"},
	questions.Reflection: {"ふり返り", "振り返り", "ふりかえり", "振りかえり", "感想", "自由記述", "作文", "reflection", "essay"},
}

// TypeNames are the words of the template for the types, in their order.
var TypeNames = []string{"一つ選ぶ", "複数選ぶ", "○×", "組み合わせ", "並べかえ", "分ける", "みじかい答え", "数", "ふり返り"}

var circles = strings.NewReplacer("〇", "○", "◯", "○", "⭕", "○", "✕", "×", "✖", "×", "❌", "×", "╳", "×", "\ufe0f", "")

// folded is a cell as it is compared: full and half width, circles, spaces and
// letter case alike.
func folded(s string) string {
	s = circles.Replace(norm.NFKC.String(s))
	return strings.ToLower(strings.Join(strings.Fields(s), ""))
}

// kind finds the type, from the other cells where it is not said.
func (d *draft) kind() {
	said := folded(d.cell(typeField, 0))
	if said == "" {
		d.Type = d.guess()
		d.look("「形式」が空なので、「%s」として読みました。", typeWords[d.Type][0])
		return
	}
	for t, words := range typeWords {
		if slices.Contains(words, said) || slices.Contains(words, strings.TrimSuffix(said, "問題")) {
			d.Type = t
			return
		}
	}
	d.fail("「%s」という形式はありません。%s から選んでください。", shorten(d.cell(typeField, 0)), strings.Join(TypeNames, "・"))
}

func (d *draft) guess() questions.Type {
	answer := d.cell(answerField, 0)
	options := 0
	for n := 1; n <= maxParts; n++ {
		if d.cell(optionField, n) != "" {
			options++
		}
	}
	_, truth := truths[folded(answer)]
	_, number := parseNumber(answer, d.cell(unitField, 0))
	switch {
	case d.cell(rightField, 1) != "" && d.cell(groupsField, 0) != "":
		return questions.Sort
	case d.cell(rightField, 1) != "":
		return questions.Matching
	case options >= 2 && len(answers(answer)) > 1:
		return questions.Multiple
	case options >= 2:
		return questions.Choice
	case truth:
		return questions.TrueFalse
	case number:
		return questions.Numerical
	case answer != "":
		return questions.Short
	}
	return questions.Reflection
}

var truths = map[string]bool{
	"○": true, "正しい": true, "正": true, "true": true, "t": true, "はい": true, "yes": true, "まる": true, "マル": true,
	"×": false, "正しくない": false, "誤": false, "誤り": false, "まちがい": false, "間違い": false, "false": false, "f": false, "いいえ": false, "no": false, "ばつ": false, "バツ": false, "x": false,
}

func (d *draft) trueFalse() {
	truth, ok := truths[folded(d.cell(answerField, 0))]
	if !ok {
		d.fail("「正解」には ○ か × を書いてください（いまは「%s」）。", shorten(d.cell(answerField, 0)))
		return
	}
	d.Options = questions.TrueOrFalse(truth)
	for i := range d.Options {
		d.Options[i].Feedback = d.text(feedbackField, i+1)
	}
}

// pairs reads left sides and right sides; a right side alone belongs to none. Where
// there are no columns for right sides, 「左 → 右」 is one cell.
func (d *draft) pairs() {
	for n := 1; n <= maxParts; n++ {
		p := questions.Pair{Left: d.text(optionField, n), Right: d.text(rightField, n), Feedback: d.text(feedbackField, n)}
		if p.Right == nil {
			if left, right, ok := arrow(p.Left[questions.JA]); ok {
				p.Left, p.Right = questions.Text{questions.JA: left}, questions.Text{questions.JA: right}
			}
		}
		switch {
		case p.Left == nil && p.Right == nil:
			continue
		case p.Right == nil:
			d.fail("「選択肢%d」と組になる「組%d」がありません。", n, n)
		}
		p.ID = strconv.Itoa(len(d.Pairs) + 1)
		d.Pairs = append(d.Pairs, p)
	}
}

var arrows = regexp.MustCompile(`\s*(?:→|⇒|=>|＝＞|->)\s*`)

func arrow(s string) (left, right string, ok bool) {
	at := arrows.FindAllStringIndex(s, -1)
	if len(at) != 1 {
		return "", "", false
	}
	left, right = questions.Normal(s[:at[0][0]]), questions.Normal(s[at[0][1]:])
	return left, right, left != "" && right != ""
}

// sorting reads items and the names of the groups where each belongs.
func (d *draft) sorting() {
	easy := listedLines(d.cells[column{groupsField, 0, true}])
	for i, name := range listedLines(d.cell(groupsField, 0)) {
		d.group(name)
		if i < len(easy) && i < len(d.Groups) {
			d.Groups[i].Text[questions.Easy] = easy[i]
		}
	}
	for n := 1; n <= maxParts; n++ {
		item := questions.Item{ID: strconv.Itoa(len(d.Items) + 1), Text: d.text(optionField, n), Feedback: d.text(feedbackField, n)}
		cell := d.cell(rightField, n)
		if item.Text == nil {
			continue
		}
		if cell == "" {
			d.fail("「選択肢%d」をどのグループに分けるかを、「組%d」に書いてください。", n, n)
			return
		}
		item.Groups = d.groupsOf(cell)
		d.Items = append(d.Items, item)
	}
}

func listedLines(cell string) []string {
	var list []string
	for _, s := range strings.Split(cell, "\n") {
		if s = questions.Normal(s); s != "" {
			list = append(list, s)
		}
	}
	if len(list) == 1 && !strings.Contains(cell, "\n") {
		list = nil
		for _, s := range listed(cell) {
			list = append(list, questions.Normal(s))
		}
	}
	return list
}

// group is the id of the group with the name, which is new or not.
func (d *draft) group(name string) string {
	for _, g := range d.Groups {
		if folded(g.Text[questions.JA]) == folded(name) {
			return g.ID
		}
	}
	id := strconv.Itoa(len(d.Groups) + 1)
	d.Groups = append(d.Groups, questions.Group{ID: id, Text: questions.Text{questions.JA: name}})
	return id
}

// groupsOf are the groups that a cell names: one, or several on lines of their own
// or between commas.
func (d *draft) groupsOf(cell string) []string {
	whole := questions.Normal(cell)
	known := slices.ContainsFunc(d.Groups, func(g questions.Group) bool { return folded(g.Text[questions.JA]) == folded(whole) })
	if known {
		return []string{d.group(whole)}
	}
	var ids []string
	for _, name := range listed(cell) {
		if name = questions.Normal(name); name != "" {
			if id := d.group(name); !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	return ids
}
