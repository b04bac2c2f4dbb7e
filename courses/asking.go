package courses

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gorm.io/gorm"

	"tsunagari/courses/accounts"
	"tsunagari/courses/questions"
	"tsunagari/storage"
)

// What may be wrong with a typed question that no tag can say.
var (
	ErrQuestionNumber = errors.New("courses: an answer is no number")
	ErrQuestionWeight = errors.New("courses: a weight is no percentage")
	ErrExample        = errors.New("courses: the question is still the example")
)

// QuestionInput is a question as it is typed. The parts are its choices, pairs,
// items or answers; a part without any text is none. Ids are those of the parts
// that were there before.
type QuestionInput struct {
	Type            questions.Type `form:"type" validate:"required,oneof=choice multiple truefalse matching ordering sort short numerical reflection"`
	Text            string         `form:"text" validate:"required,max=1000"`
	EasyText        string         `form:"easy_text" validate:"max=2000"`
	Explanation     string         `form:"explanation" validate:"max=2000"`
	EasyExplanation string         `form:"easy_explanation" validate:"max=4000"`
	Lesson          string         `form:"lesson" validate:"max=64"`
	Uses            []string       `form:"use" validate:"max=2,dive,oneof=check closing"`
	Tags            string         `form:"tags" validate:"max=200"`

	IDs          []string `form:"part_id" validate:"max=40,dive,max=64"`
	Texts        []string `form:"part_text" validate:"max=40,dive,max=1000"`
	EasyTexts    []string `form:"part_easy" validate:"max=40,dive,max=2000"`
	Rights       []string `form:"part_right" validate:"max=40,dive,max=1000"`      // matching: the right side
	EasyRights   []string `form:"part_easy_right" validate:"max=40,dive,max=2000"` // matching
	Weights      []string `form:"part_weight" validate:"max=40,dive,max=12"`       // percent; "" for the usual
	Tolerances   []string `form:"part_tolerance" validate:"max=40,dive,max=20"`    // numerical
	Feedback     []string `form:"part_feedback" validate:"max=40,dive,max=2000"`
	EasyFeedback []string `form:"part_easy_feedback" validate:"max=40,dive,max=4000"`
	Right        []string `form:"right" validate:"max=40"` // places of the right choices; truefalse: "0" when the sentence is right
	Same         []string `form:"same" validate:"max=40"`  // ordering: places that may stand before the item above them as well

	GroupIDs   []string `form:"group_id" validate:"max=10,dive,max=64"`
	Groups     []string `form:"group_text" validate:"max=10,dive,max=200"`
	EasyGroups []string `form:"group_easy" validate:"max=10,dive,max=400"`
	Sorted     []string `form:"sorted" validate:"max=400"` // sort: "item group" by places

	Unit          string `form:"unit" validate:"max=20"`
	Otherwise     string `form:"otherwise" validate:"max=2000"`
	EasyOtherwise string `form:"easy_otherwise" validate:"max=4000"`
	Version       int    `form:"version"`
}

func nth(list []string, i int) string {
	if i < len(list) {
		return tidyLine(list[i])
	}
	return ""
}

// parts are the places of the parts that have a text.
func (in QuestionInput) parts() []int {
	var out []int
	for i := range max(len(in.Texts), len(in.Rights)) {
		if nth(in.Texts, i) != "" || nth(in.Rights, i) != "" {
			out = append(out, i)
		}
	}
	return out
}

// ids gives every part an id: the one that it had, or the first free number.
func ids(had []string, parts []int) map[int]string {
	out, taken := map[int]string{}, map[string]bool{}
	for _, i := range parts {
		if id := nth(had, i); id != "" && !taken[id] {
			out[i], taken[id] = id, true
		}
	}
	next := 1
	for _, i := range parts {
		for out[i] == "" {
			if id := strconv.Itoa(next); !taken[id] {
				out[i], taken[id] = id, true
			}
			next++
		}
	}
	return out
}

// question is the question with this id as it was typed.
func (in QuestionInput) question(id, module string) (*questions.Question, error) {
	q := &questions.Question{
		ID: id, Type: in.Type, Module: module, Lesson: in.Lesson,
		Text: typedText(tidyLine(in.Text), tidyLine(in.EasyText)), Explanation: typedText(tidyLine(in.Explanation), tidyLine(in.EasyExplanation)),
	}
	if len(in.Uses) == 1 {
		q.Uses = []questions.Use{questions.Use(in.Uses[0])}
	}
	for _, tag := range strings.FieldsFunc(tidyLine(in.Tags), func(r rune) bool { return strings.ContainsRune("、,， 　", r) }) {
		if !slices.Contains(q.Tags, tag) {
			q.Tags = append(q.Tags, tag)
		}
	}
	parts := in.parts()
	names := ids(in.IDs, parts)
	var err error
	switch in.Type {
	case questions.Choice, questions.Multiple:
		err = in.options(q, parts, names)
	case questions.TrueFalse:
		in.trueFalse(q)
	case questions.Matching:
		in.pairs(q, parts, names)
	case questions.Ordering:
		in.ordering(q, parts, names)
	case questions.Sort:
		in.sorting(q, parts, names)
	case questions.Short, questions.Numerical:
		err = in.answers(q, parts)
	}
	return q, err
}

func (in QuestionInput) feedback(i int) Text {
	return typedText(nth(in.Feedback, i), nth(in.EasyFeedback, i))
}

func (in QuestionInput) options(q *questions.Question, parts []int, names map[int]string) error {
	right := 0
	for _, i := range parts {
		if slices.Contains(in.Right, strconv.Itoa(i)) {
			right++
		}
	}
	for _, i := range parts {
		o := questions.Option{ID: names[i], Text: typedText(nth(in.Texts, i), nth(in.EasyTexts, i)), Feedback: in.feedback(i)}
		chosen := slices.Contains(in.Right, strconv.Itoa(i))
		switch {
		case q.Type == questions.Choice && chosen:
			o.Weight = 1
		case q.Type == questions.Multiple && chosen:
			o.Weight = 1 / float64(right)
		case q.Type == questions.Multiple && right > 0:
			o.Weight = -1 / float64(right)
		}
		if w := nth(in.Weights, i); w != "" {
			var err error
			if o.Weight, err = percentage(w, -100); err != nil {
				return err
			}
		}
		q.Options = append(q.Options, o)
	}
	return nil
}

func (in QuestionInput) trueFalse(q *questions.Question) {
	q.Options = questions.TrueOrFalse(slices.Contains(in.Right, "0"))
	for i := range q.Options {
		q.Options[i].Feedback = in.feedback(i)
	}
}

// pairs: the right sides without a left one, the extra ones, stand at the end.
func (in QuestionInput) pairs(q *questions.Question, parts []int, names map[int]string) {
	var extra []questions.Pair
	for _, i := range parts {
		p := questions.Pair{
			ID: names[i], Left: typedText(nth(in.Texts, i), nth(in.EasyTexts, i)),
			Right: typedText(nth(in.Rights, i), nth(in.EasyRights, i)), Feedback: in.feedback(i),
		}
		if p.Left == nil {
			extra = append(extra, p)
		} else {
			q.Pairs = append(q.Pairs, p)
		}
	}
	q.Pairs = append(q.Pairs, extra...)
}

func (in QuestionInput) ordering(q *questions.Question, parts []int, names map[int]string) {
	rank := 0
	for at, i := range parts {
		if at == 0 || !slices.Contains(in.Same, strconv.Itoa(i)) {
			rank = at + 1
		}
		q.Items = append(q.Items, questions.Item{
			ID: names[i], Text: typedText(nth(in.Texts, i), nth(in.EasyTexts, i)), Rank: rank, Feedback: in.feedback(i),
		})
	}
}

func (in QuestionInput) sorting(q *questions.Question, parts []int, names map[int]string) {
	var typed []int
	for i := range in.Groups {
		if nth(in.Groups, i) != "" {
			typed = append(typed, i)
		}
	}
	groups := ids(in.GroupIDs, typed)
	for _, i := range typed {
		q.Groups = append(q.Groups, questions.Group{ID: groups[i], Text: typedText(nth(in.Groups, i), nth(in.EasyGroups, i))})
	}
	for _, i := range parts {
		item := questions.Item{ID: names[i], Text: typedText(nth(in.Texts, i), nth(in.EasyTexts, i)), Feedback: in.feedback(i)}
		for _, g := range typed {
			if slices.Contains(in.Sorted, strconv.Itoa(i)+" "+strconv.Itoa(g)) {
				item.Groups = append(item.Groups, groups[g])
			}
		}
		q.Items = append(q.Items, item)
	}
}

func (in QuestionInput) answers(q *questions.Question, parts []int) (err error) {
	q.Unit, q.Otherwise = tidyLine(in.Unit), typedText(tidyLine(in.Otherwise), tidyLine(in.EasyOtherwise))
	for _, i := range parts {
		a := questions.Answer{Weight: 1, Feedback: in.feedback(i)}
		if q.Type == questions.Short {
			a.Text, q.Unit = nth(in.Texts, i), ""
		} else {
			if a.Value, err = number(nth(in.Texts, i)); err != nil {
				return err
			}
			if t := nth(in.Tolerances, i); t != "" {
				if a.Tolerance, err = number(t); err != nil || a.Tolerance < 0 {
					return ErrQuestionNumber
				}
			}
		}
		if w := nth(in.Weights, i); w != "" {
			if a.Weight, err = percentage(w, 0); err != nil {
				return err
			}
		}
		q.Answers = append(q.Answers, a)
	}
	return nil
}

// QuestionForm is a question as its form shows it.
func QuestionForm(q *questions.Question, version int) QuestionInput {
	in := QuestionInput{
		Type: q.Type, Text: q.Text[questions.JA], EasyText: q.Text[questions.Easy],
		Explanation: q.Explanation[questions.JA], EasyExplanation: q.Explanation[questions.Easy],
		Lesson: q.Lesson, Tags: strings.Join(q.Tags, "、"), Unit: q.Unit,
		Otherwise: q.Otherwise[questions.JA], EasyOtherwise: q.Otherwise[questions.Easy], Version: version,
	}
	for _, u := range q.Uses {
		in.Uses = append(in.Uses, string(u))
	}
	for i, o := range q.Options {
		weight := ""
		if !questions.PlainWeights(q) {
			weight = strings.TrimSuffix(percentOf(o.Weight), "%")
		}
		in.part(o.ID, o.Text, nil, weight, "", o.Feedback)
		if o.Right() {
			in.Right = append(in.Right, strconv.Itoa(i))
		}
	}
	for _, p := range q.Pairs {
		in.part(p.ID, p.Left, p.Right, "", "", p.Feedback)
	}
	for i, g := range q.Groups {
		in.GroupIDs = append(in.GroupIDs, g.ID)
		in.Groups, in.EasyGroups = append(in.Groups, g.Text[questions.JA]), append(in.EasyGroups, g.Text[questions.Easy])
		for j, item := range q.Items {
			if slices.Contains(item.Groups, g.ID) {
				in.Sorted = append(in.Sorted, strconv.Itoa(j)+" "+strconv.Itoa(i))
			}
		}
	}
	for i, item := range q.Items {
		in.part(item.ID, item.Text, nil, "", "", item.Feedback)
		if i > 0 && item.Rank == q.Items[i-1].Rank && q.Type == questions.Ordering {
			in.Same = append(in.Same, strconv.Itoa(i))
		}
	}
	for _, a := range q.Answers {
		in.answer(q.Type, a)
	}
	return in
}

func (in *QuestionInput) part(id string, text, right Text, weight, tolerance string, feedback Text) {
	in.IDs = append(in.IDs, id)
	in.Texts, in.EasyTexts = append(in.Texts, text[questions.JA]), append(in.EasyTexts, text[questions.Easy])
	in.Rights, in.EasyRights = append(in.Rights, right[questions.JA]), append(in.EasyRights, right[questions.Easy])
	in.Weights, in.Tolerances = append(in.Weights, weight), append(in.Tolerances, tolerance)
	in.Feedback, in.EasyFeedback = append(in.Feedback, feedback[questions.JA]), append(in.EasyFeedback, feedback[questions.Easy])
}

func (in *QuestionInput) answer(t questions.Type, a questions.Answer) {
	text, weight, tolerance := a.Text, "", ""
	if t == questions.Numerical {
		text = strconv.FormatFloat(a.Value, 'f', -1, 64)
		if a.Tolerance != 0 {
			tolerance = strconv.FormatFloat(a.Tolerance, 'f', -1, 64)
		}
	}
	if a.Weight != 1 {
		weight = strings.TrimSuffix(percentOf(a.Weight), "%")
	}
	in.part("", Text{questions.JA: text}, nil, weight, tolerance, a.Feedback)
}

// checked reads the form and refuses what could never be asked.
func (in QuestionInput) checked(id, module string) (*questions.Question, error) {
	q, err := in.read(id, module)
	if err != nil {
		return nil, err
	}
	if q.Text[questions.JA] == Example(q.Type).Text[questions.JA] {
		return nil, ErrExample
	}
	return q, nil
}

// Previewed is what was typed as the question that it would be; nothing is kept.
// Errors: those of AddQuestion for what cannot be read.
func (in QuestionInput) Previewed() (*questions.Question, error) { return in.read("preview", "") }

func (in QuestionInput) read(id, module string) (*questions.Question, error) {
	if err := validate().Struct(in); err != nil {
		return nil, err
	}
	return in.question(id, module)
}

// AddQuestion adds a question to a module. Errors: validator.ValidationErrors,
// ErrQuestionNumber, ErrQuestionWeight, ErrExample, ErrFull, storage.ErrNotFound.
func (c *Courses) AddQuestion(ctx context.Context, by accounts.Access, courseID, module, operation string, in QuestionInput) (name string, err error) {
	if _, err := in.checked("x", module); err != nil {
		return "", err
	}
	return c.add(ctx, by, courseID, QuestionPiece, NewPiece{Title: module + " " + in.Text, Operation: operation}, func(tx *gorm.DB, d *Draft, by string) (string, error) {
		if _, err := d.Piece(ModulePiece, module); err != nil {
			return "", err
		}
		q, err := in.question(d.freeName(QuestionPiece), module)
		if err != nil {
			return "", err
		}
		return q.ID, d.insert(tx, by, QuestionPiece, q.ID, module, q)
	})
}

// SaveQuestion keeps a question as it was typed, also one that cannot be asked
// yet. Errors as of AddQuestion, and *Conflict.
func (c *Courses) SaveQuestion(ctx context.Context, by accounts.Access, courseID, name string, in QuestionInput) (*Piece, error) {
	q, err := in.checked(name, "")
	if err != nil {
		return nil, err
	}
	return c.save(ctx, by, courseID, saving{kind: QuestionPiece, name: name, version: in.Version, how: Saved, body: func(d *Draft) (any, error) {
		was := d.bank[name]
		if was == nil {
			return nil, storage.ErrNotFound
		}
		q.Module = was.Module
		return q, nil
	}})
}

// QuestionFaults are what keeps a question from being asked, in Japanese.
func QuestionFaults(q *questions.Question) []string {
	var out []string
	for _, f := range questions.Check(q) {
		_, reason, _ := strings.Cut(f.Reason, "：")
		out = append(out, withoutKeys.ReplaceAllString(reason, ""))
	}
	return out
}

// withoutKeys takes the names of the file's fields out of a sentence: who fills in
// a form does not know them.
var withoutKeys = regexp.MustCompile(`（[a-z]+(?:: [a-z]+)?）`)

// Said is a fault in the words of somebody who writes by forms: without ids and
// without the names of fields.
func (d *Draft) Said(f Fault) string {
	say := withoutKeys.ReplaceAllString(f.Reason, "")
	if p := d.PieceOf(f); p != nil && p.Kind == QuestionPiece {
		say = strings.TrimPrefix(say, "問題 "+p.Name+"：")
		say = strings.TrimPrefix(say, p.Name)
	}
	return say
}
