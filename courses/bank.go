package courses

import (
	"context"
	"slices"
	"strings"

	"gorm.io/gorm"

	"tsunagari/courses/accounts"
	"tsunagari/courses/questions"
	"tsunagari/storage"
)

// Bank is a module's questions in a published course, to choose from.
type Bank struct {
	Course, Slug, Module, Title string // Module is the id, Title its title
	Questions                   []*questions.Question
}

// Banks are the questions of all published courses that people may begin, for
// trainers.
func (c *Courses) Banks(ctx context.Context, by accounts.Access) ([]Bank, error) {
	if !by.Role(accounts.Trainer, accounts.Admin) {
		return nil, storage.ErrNotFound
	}
	list, err := c.List(ctx)
	var banks []Bank
	for _, rev := range list {
		for _, m := range rev.Modules {
			if len(m.Questions) > 0 {
				banks = append(banks, Bank{plainly(rev.Title), rev.Slug, m.ID, plainly(m.Title), m.Questions})
			}
		}
	}
	return banks, err
}

// Chosen are questions that are taken over, each as "slug id".
type Chosen struct {
	Questions []string `form:"question" validate:"required,max=200"`
	Lesson    string   `form:"lesson" validate:"max=64"` // where their answers are read, in the new course
	Operation string   `form:"operation" validate:"required,uuid"`
}

// TakeQuestions copies questions of published courses into a module. They become
// the course's own: a later change of the first one does not reach them.
func (c *Courses) TakeQuestions(ctx context.Context, by accounts.Access, courseID, module string, in Chosen) error {
	if err := validate().Struct(in); err != nil {
		return err
	}
	banks, err := c.Banks(ctx, by)
	if err != nil {
		return err
	}
	body := NewPiece{Title: module + " " + strings.Join(in.Questions, " "), Operation: in.Operation}
	_, err = c.add(ctx, by, courseID, QuestionPiece, body, func(tx *gorm.DB, d *Draft, by string) (string, error) {
		if _, err := d.Piece(ModulePiece, module); err != nil {
			return "", err
		}
		for _, bank := range banks {
			for _, from := range bank.Questions {
				if !slices.Contains(in.Questions, bank.Slug+" "+from.ID) {
					continue
				}
				q := *from
				q.ID, q.Module = d.freeName(QuestionPiece), module
				if _, here := d.lessons[q.Lesson]; !here || in.Lesson != "" {
					q.Lesson = in.Lesson
				}
				if err := d.insert(tx, by, QuestionPiece, q.ID, module, &q); err != nil {
					return "", err
				}
			}
		}
		return "", nil
	})
	return err
}
