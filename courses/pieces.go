package courses

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"

	"gorm.io/gorm"

	"tsunagari/courses/accounts"
	"tsunagari/courses/questions"
	"tsunagari/storage"
)

// ErrFull says that a course holds no more pieces of this kind.
var ErrFull = errors.New("courses: no more pieces of this kind")

// ErrParentArchived says that a piece cannot come back before its module does.
var ErrParentArchived = errors.New("courses: the module of this piece is archived")

// most is how many pieces of a kind one parent holds.
var most = map[PieceKind]int{ModulePiece: maxModules, LessonPiece: maxLessons, QuestionPiece: 500, PicturePiece: 300}

// prefixes begin the made-up names of pieces.
var prefixes = map[PieceKind]string{ModulePiece: "unit", LessonPiece: "lesson", QuestionPiece: "q"}

// NewPiece adds a module with a lesson, or a lesson, with something to begin with.
type NewPiece struct {
	Title     string `form:"title" validate:"required,max=100"`
	Operation string `form:"operation" validate:"required,uuid"`
}

// AddModule adds a module at the end of the course, with a lesson to begin with.
// Errors: validator.ValidationErrors, ErrFull, storage.ErrNotFound.
func (c *Courses) AddModule(ctx context.Context, by accounts.Access, courseID string, in NewPiece) (name string, err error) {
	in.Title = tidyLine(in.Title)
	if err := validate().Struct(in); err != nil {
		return "", err
	}
	return c.add(ctx, by, courseID, ModulePiece, in, func(tx *gorm.DB, d *Draft, by string) (string, error) {
		m := PackageModule{ID: d.freeName(ModulePiece), Title: Text{questions.JA: in.Title}, Minutes: 15}
		if err := d.insert(tx, by, ModulePiece, m.ID, "", m); err != nil {
			return "", err
		}
		l := PackageLesson{ID: d.freeName(LessonPiece), Title: Text{questions.JA: "レッスン1"}, Required: true, Body: Text{questions.JA: firstText}}
		return m.ID, d.insert(tx, by, LessonPiece, l.ID, m.ID, l)
	})
}

// AddLesson adds a lesson at the end of a module. Errors as of AddModule.
func (c *Courses) AddLesson(ctx context.Context, by accounts.Access, courseID, module string, in NewPiece) (name string, err error) {
	in.Title = tidyLine(in.Title)
	if err := validate().Struct(in); err != nil {
		return "", err
	}
	return c.add(ctx, by, courseID, LessonPiece, in, func(tx *gorm.DB, d *Draft, by string) (string, error) {
		if _, err := d.Piece(ModulePiece, module); err != nil {
			return "", err
		}
		l := PackageLesson{ID: d.freeName(LessonPiece), Title: Text{questions.JA: in.Title}, Required: true, Body: Text{questions.JA: firstText}}
		return l.ID, d.insert(tx, by, LessonPiece, l.ID, module, l)
	})
}

func (c *Courses) add(ctx context.Context, by accounts.Access, courseID string, kind PieceKind, in NewPiece,
	make func(tx *gorm.DB, d *Draft, by string) (string, error),
) (name string, err error) {
	op := storage.Operation{ID: in.Operation, Actor: by.AccountID, Kind: "draft.add", Body: courseID + " " + string(kind) + " " + in.Title}
	err = c.db.Tx(ctx, func(tx *gorm.DB) error {
		d, err := c.draft(tx, by, courseID)
		if err != nil {
			return err
		}
		name, _, err = storage.Once(tx, op, func() (string, error) { return make(tx, d, by.AccountID) })
		return err
	})
	return name, err
}

// insert adds a piece behind those of its kind below the parent.
func (d *Draft) insert(tx *gorm.DB, by string, kind PieceKind, name, parent string, body any) error {
	beside := d.Under(kind, parent)
	if len(beside) >= most[kind] {
		return ErrFull
	}
	text, err := encode(body)
	if err != nil {
		return err
	}
	p := Piece{
		CourseID: d.Course.ID, Kind: kind, Name: name, Parent: parent, Position: behind(beside), Body: text, Version: 1,
		UpdatedBy: by, UpdatedAt: tx.NowFunc(),
	}
	if err := tx.Create(&p).Error; err != nil {
		return err
	}
	d.Pieces = append(d.Pieces, p)
	return errors.Join(d.take(&p), edited(tx, d.Course.ID))
}

// behind is the place behind the pieces of a list.
func behind(list []Piece) int {
	if len(list) == 0 {
		return 0
	}
	return list[len(list)-1].Position + 1
}

// freeName makes up a name that no piece of the draft has.
func (d *Draft) freeName(kind PieceKind) string {
	for {
		name := randomName(prefixes[kind])
		if !slices.ContainsFunc(d.Pieces, func(p Piece) bool { return p.Name == name }) {
			return name
		}
	}
}

// PieceMove moves a piece one place up or down among its like, or to the end of
// another module.
type PieceMove struct {
	Do     string `form:"do" validate:"required,oneof=up down to"`
	Module string `form:"module" validate:"required_if=Do to"`
}

// Move changes the order of a draft. Moving the first one up changes nothing.
func (c *Courses) Move(ctx context.Context, by accounts.Access, courseID string, kind PieceKind, name string, in PieceMove) error {
	if err := validate().Struct(in); err != nil {
		return err
	}
	return c.change(ctx, by, courseID, kind, name, func(tx *gorm.DB, d *Draft, p *Piece) error {
		if in.Do == "to" {
			return d.moveTo(tx, p, in.Module)
		}
		list := d.Under(kind, p.Parent)
		i := slices.IndexFunc(list, func(o Piece) bool { return o.Name == name })
		j := i + 1
		if in.Do == "up" {
			j = i - 1
		}
		if i < 0 || j < 0 || j >= len(list) {
			return nil
		}
		list[i], list[j] = list[j], list[i]
		return d.number(tx, list)
	})
}

// moveTo puts a lesson or question at the end of another module.
func (d *Draft) moveTo(tx *gorm.DB, p *Piece, module string) error {
	if p.Kind != LessonPiece && p.Kind != QuestionPiece {
		return storage.ErrNotFound
	}
	to, err := d.Piece(ModulePiece, module)
	if err != nil {
		return err
	}
	list := d.Under(p.Kind, to.Name)
	if len(list) >= most[p.Kind] {
		return ErrFull
	}
	p.UpdatedAt = tx.NowFunc()
	return change(tx, p, map[string]any{"parent": to.Name, "position": behind(list)})
}

// number gives the pieces their places.
func (d *Draft) number(tx *gorm.DB, list []Piece) error {
	for i := range list {
		if list[i].Position == i {
			continue
		}
		err := tx.Model(&Piece{}).Where("course_id = ? AND kind = ? AND name = ?", d.Course.ID, list[i].Kind, list[i].Name).
			Update("position", i).Error
		if err != nil {
			return err
		}
	}
	return edited(tx, d.Course.ID)
}

// Archive puts a piece away; a module takes its lessons and questions with it.
// Nothing is lost: Unarchive brings it back.
func (c *Courses) Archive(ctx context.Context, by accounts.Access, courseID string, kind PieceKind, name string) error {
	return c.change(ctx, by, courseID, kind, name, func(tx *gorm.DB, _ *Draft, p *Piece) error {
		if kind == CoursePiece {
			return storage.ErrNotFound
		}
		p.UpdatedBy, p.UpdatedAt = by.AccountID, tx.NowFunc()
		return change(tx, p, map[string]any{"archived_at": p.UpdatedAt})
	})
}

// Unarchive brings an archived piece back to the end of where it was.
// ErrParentArchived, ErrFull.
func (c *Courses) Unarchive(ctx context.Context, by accounts.Access, courseID string, kind PieceKind, name string) error {
	return c.change(ctx, by, courseID, kind, name, func(tx *gorm.DB, d *Draft, p *Piece) error {
		if p.Parent != "" {
			if m, err := d.Piece(ModulePiece, p.Parent); err != nil || m.ArchivedAt != nil {
				return errors.Join(err, ErrParentArchived)
			}
		}
		list := d.Under(kind, p.Parent)
		if len(list) >= most[kind] {
			return ErrFull
		}
		p.UpdatedBy, p.UpdatedAt = by.AccountID, tx.NowFunc()
		return change(tx, p, map[string]any{"archived_at": nil, "position": behind(list)})
	})
}

// change runs fn on one piece of a draft that by may edit.
func (c *Courses) change(ctx context.Context, by accounts.Access, courseID string, kind PieceKind, name string,
	fn func(tx *gorm.DB, d *Draft, p *Piece) error,
) error {
	return c.db.Tx(ctx, func(tx *gorm.DB) error {
		d, err := c.draft(tx, by, courseID)
		if err != nil {
			return err
		}
		p, err := d.Piece(kind, name)
		if err != nil {
			return err
		}
		return fn(tx, d, p)
	})
}

// Repeat copies a piece to the end of its module or course; a module with all its
// lessons and questions. It is once only by its operation.
func (c *Courses) Repeat(ctx context.Context, by accounts.Access, courseID string, kind PieceKind, name, operation string) (copied string, err error) {
	op := storage.Operation{ID: operation, Actor: by.AccountID, Kind: "draft.copy", Body: courseID + " " + string(kind) + " " + name}
	err = c.change(ctx, by, courseID, kind, name, func(tx *gorm.DB, d *Draft, p *Piece) error {
		copied, _, err = storage.Once(tx, op, func() (string, error) {
			r := &repeater{tx: tx, d: d, by: by.AccountID, lessons: map[string]string{}}
			switch kind {
			case ModulePiece:
				return r.module(p)
			case LessonPiece:
				r.lessons[p.Name] = d.freeName(LessonPiece)
				return r.lessons[p.Name], r.lesson(p, p.Parent, "（写し）")
			case QuestionPiece:
				return r.question(p, p.Parent)
			}
			return "", storage.ErrNotFound
		})
		return err
	})
	return copied, err
}

// repeater copies pieces. lessons maps the copied lessons to their copies, so that
// what refers to one refers to the other.
type repeater struct {
	tx      *gorm.DB
	d       *Draft
	by      string
	lessons map[string]string
}

func (r *repeater) module(p *Piece) (string, error) {
	m := r.d.modules[p.Name]
	m.ID = r.d.freeName(ModulePiece)
	m.Title = copiedTitle(m.Title, "（写し）")
	lessons, bank := r.d.Under(LessonPiece, p.Name), r.d.Under(QuestionPiece, p.Name)
	if err := r.d.insert(r.tx, r.by, ModulePiece, m.ID, "", m); err != nil {
		return "", err
	}
	for _, l := range lessons {
		r.lessons[l.Name] = r.d.freeName(LessonPiece)
	}
	for _, l := range lessons {
		if err := r.lesson(&l, m.ID, ""); err != nil {
			return "", err
		}
	}
	for _, q := range bank {
		if _, err := r.question(&q, m.ID); err != nil {
			return "", err
		}
	}
	return m.ID, nil
}

func copiedTitle(title Text, mark string) Text {
	out := Text{}
	for lang, s := range title {
		out[lang] = s + mark
	}
	return out
}

var (
	activityLine = regexp.MustCompile(`(?m)^(:::\s*(?:` + strings.Join(activityKinds, "|") + `)[ \t]+)([a-z0-9-]+)`)
	lessonLink   = regexp.MustCompile(`\]\(([a-z0-9-]+)\)`)
)

// lesson copies a lesson. Its activities get names of their own, for each is once
// in a course.
func (r *repeater) lesson(p *Piece, module, mark string) error {
	l := r.d.lessons[p.Name]
	l.ID = r.lessons[p.Name]
	l.Title = copiedTitle(l.Title, mark)
	suffix := strings.TrimPrefix(l.ID, prefixes[LessonPiece])
	body := Text{}
	for lang, s := range l.Body {
		s = activityLine.ReplaceAllString(s, "${1}${2}"+suffix)
		body[lang] = lessonLink.ReplaceAllStringFunc(s, func(link string) string {
			if to, copied := r.lessons[link[2:len(link)-1]]; copied {
				return "](" + to + ")"
			}
			return link
		})
	}
	l.Body = body
	return r.d.insert(r.tx, r.by, LessonPiece, l.ID, module, l)
}

func (r *repeater) question(p *Piece, module string) (string, error) {
	q := *r.d.bank[p.Name]
	q.ID, q.Module = r.d.freeName(QuestionPiece), module
	if to, copied := r.lessons[q.Lesson]; copied {
		q.Lesson = to
	}
	return q.ID, r.d.insert(r.tx, r.by, QuestionPiece, q.ID, module, q)
}

// tidyLine is one line of typed text: trimmed, without what cannot be shown.
func tidyLine(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r == '\n' || r == '\r' || r == '\t' {
			return ' '
		}
		if unprintable(r) {
			return -1
		}
		return r
	}, s))
}

// tidy is a typed text of several lines.
func tidy(s string) string {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	s = strings.Map(func(r rune) rune {
		if unprintable(r) {
			return -1
		}
		return r
	}, s)
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " \t")
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}
