package courses

import (
	"context"
	"encoding/json"
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

// ErrNoQuestions says that a file has no question that can be taken.
var ErrNoQuestions = errors.New("courses: no question can be taken")

// ImportInput is what is taken from another system into a module. Lesson is where
// the answers are read to questions whose file names no lesson of the course.
type ImportInput struct {
	Lesson    string               `form:"lesson" validate:"max=64"`
	Operation string               `form:"operation" validate:"required,uuid"`
	Questions []questions.Imported `form:"-"`
}

// AsOurs is a question of another system as a course takes it, with the words of its
// pictures in their place, and what keeps it from being taken.
func AsOurs(q questions.Imported) (taken questions.Imported, faults []string) {
	eachText(&q.Question, withoutPictures)
	q.Files = nil
	return q, q.Faults()
}

// Good are the questions that can be taken, as they are taken.
func Good(list []questions.Imported) []questions.Imported {
	var good []questions.Imported
	for _, q := range list {
		if taken, faults := AsOurs(q); len(faults) == 0 {
			good = append(good, taken)
		}
	}
	return good
}

// ImportQuestions adds the good ones of the questions to a module, all of them or
// none, with ids of our own, and says how many they are. Pictures do not come
// along: their words stand in for them. Errors: validator.ValidationErrors,
// ErrNoQuestions, ErrFull, storage.ErrNotFound.
func (c *Courses) ImportQuestions(ctx context.Context, by accounts.Access, courseID, module string, in ImportInput) (n int, err error) {
	if err := validate().Struct(in); err != nil {
		return 0, err
	}
	good := Good(in.Questions)
	if len(good) == 0 {
		return 0, ErrNoQuestions
	}
	body, err := json.Marshal(good)
	if err != nil {
		return 0, err
	}
	op := NewPiece{Title: module + " " + in.Lesson + " " + string(body), Operation: in.Operation}
	kept, err := c.add(ctx, by, courseID, QuestionPiece, op, func(tx *gorm.DB, d *Draft, by string) (string, error) {
		return strconv.Itoa(len(good)), d.bring(tx, by, module, in.Lesson, good)
	})
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(kept)
}

func (d *Draft) bring(tx *gorm.DB, by, module, lesson string, good []questions.Imported) error {
	if _, err := d.Piece(ModulePiece, module); err != nil {
		return err
	}
	if len(good) > d.Room(module) {
		return ErrFull
	}
	if l, err := d.Piece(LessonPiece, lesson); lesson != "" && (err != nil || l.ArchivedAt != nil) {
		return storage.ErrNotFound
	}
	for i := range good {
		q := good[i].Question
		q.ID, q.Module, q.Lesson = d.freeName(QuestionPiece), module, d.lessonCalled(q.Lesson, lesson)
		if err := d.insert(tx, by, QuestionPiece, q.ID, module, &q); err != nil {
			return err
		}
	}
	return nil
}

// lessonCalled is the lesson that a file names by its id or its title, else otherwise.
func (d *Draft) lessonCalled(name, otherwise string) string {
	for _, p := range d.Pieces {
		if name != "" && p.Kind == LessonPiece && p.ArchivedAt == nil && (p.Name == name || d.Title(p) == name) {
			return p.Name
		}
	}
	return otherwise
}

// Room is how many questions a module can still take.
func (d *Draft) Room(module string) int {
	return most[QuestionPiece] - len(d.Under(QuestionPiece, module))
}

var imageMark = regexp.MustCompile(`!\[((?:\\.|[^\]\\])*)\]\([^)]*\)`)

// eachText changes all texts of a question. What the question shares with others is
// left as it is.
func eachText(q *questions.Question, change func(string) string) {
	all := func(texts ...*Text) {
		for _, t := range texts {
			changed := Text{}
			for lang, s := range *t {
				changed[lang] = change(s)
			}
			if *t != nil {
				*t = changed
			}
		}
	}
	q.Options, q.Pairs, q.Items = slices.Clone(q.Options), slices.Clone(q.Pairs), slices.Clone(q.Items)
	q.Groups, q.Answers = slices.Clone(q.Groups), slices.Clone(q.Answers)
	all(&q.Text, &q.Explanation, &q.Otherwise)
	for i := range q.Options {
		all(&q.Options[i].Text, &q.Options[i].Feedback)
	}
	for i := range q.Pairs {
		all(&q.Pairs[i].Left, &q.Pairs[i].Right, &q.Pairs[i].Feedback)
	}
	for i := range q.Items {
		all(&q.Items[i].Text, &q.Items[i].Feedback)
	}
	for i := range q.Groups {
		all(&q.Groups[i].Text)
	}
	for i := range q.Answers {
		all(&q.Answers[i].Feedback)
	}
}

// withoutPictures puts the words of the pictures in their place.
func withoutPictures(s string) string {
	return imageMark.ReplaceAllString(s, "$1")
}

// Foreign are the questions of a module of the draft, or of all of them for "", for
// other systems: named by their words, in a category for each module.
func (d *Draft) Foreign(module string) ([]questions.Imported, error) {
	if module != "" {
		if _, err := d.Piece(ModulePiece, module); err != nil {
			return nil, err
		}
	}
	var list []questions.Imported
	for _, m := range d.Under(ModulePiece, "") {
		if module != "" && m.Name != module {
			continue
		}
		for _, piece := range d.Under(QuestionPiece, m.Name) {
			q := questions.Imported{Question: *d.bank[piece.Name], Name: short(d.Title(piece)), ForeignID: piece.Name}
			if module == "" {
				q.Category = strings.ReplaceAll(d.Title(m), "/", "／")
			}
			list = append(list, q)
		}
	}
	return list, nil
}

func short(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}
