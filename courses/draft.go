package courses

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"tsunagari/courses/accounts"
	"tsunagari/courses/questions"
	"tsunagari/storage"
)

// PieceKind says what a piece of a draft is.
type PieceKind string

// The kinds of piece. The course's own piece has everything that is in no other.
const (
	CoursePiece   PieceKind = "course"
	ModulePiece   PieceKind = "module"
	LessonPiece   PieceKind = "lesson"
	QuestionPiece PieceKind = "question"
	PicturePiece  PieceKind = "picture"
)

// Label is the kind in Japanese.
func (k PieceKind) Label() string {
	return map[PieceKind]string{
		CoursePiece: "講座", ModulePiece: "単元", LessonPiece: "レッスン", QuestionPiece: "問題", PicturePiece: "図・写真など",
	}[k]
}

// Piece is one part of a draft, which one person writes at a time.
type Piece struct {
	CourseID   string
	Kind       PieceKind
	Name       string // its id in the course; "" for the course itself
	Parent     string // the module of a lesson or question
	Position   int
	Body       string // JSON of PackageModule, PackageLesson …, without the pieces in it
	Version    int
	ArchivedAt *time.Time
	UpdatedBy  string
	UpdatedAt  time.Time
}

// TableName is GORM's.
func (Piece) TableName() string { return "draft_pieces" }

// Drawing is the body of a picture's piece: the picture, and what it shows in
// words, for a lesson to begin with.
type Drawing struct {
	Picture
	Alt string `json:"alt,omitempty"`
}

// Draft is a course as it is being written.
type Draft struct {
	Course *Course
	Pieces []Piece   // archived ones too, in order
	Base   *Revision // what it began from or became last; nil before the first edition
	Behind bool      // another revision was published meanwhile, not from this draft

	course   Package
	modules  map[string]PackageModule
	lessons  map[string]PackageLesson
	bank     map[string]*questions.Question
	drawings map[string]Drawing
}

// Draft is the course's draft, for who may edit it (Editable). A published course
// without one gets it from its newest revision.
func (c *Courses) Draft(ctx context.Context, by accounts.Access, courseID string) (d *Draft, err error) {
	tx := c.db.Read(ctx)
	course, err := c.Editable(tx, by, courseID)
	if err != nil {
		return nil, err
	}
	if d, err = c.loadDraft(tx, course); err != nil || !d.missing() {
		return d, err
	}
	err = c.db.Tx(ctx, func(tx *gorm.DB) error {
		d, err = c.draft(tx, by, courseID)
		return err
	})
	return d, err
}

func (c *Courses) draft(tx *gorm.DB, by accounts.Access, courseID string) (*Draft, error) {
	course, err := c.Editable(tx, by, courseID)
	if err != nil {
		return nil, err
	}
	d, err := c.loadDraft(tx, course)
	if err != nil {
		return nil, err
	}
	if !d.missing() {
		return d, nil
	}
	if course.NewestRevision == nil {
		return nil, storage.ErrNotFound
	}
	if err := c.restart(tx, course, by.AccountID); err != nil {
		return nil, err
	}
	return c.loadDraft(tx, course)
}

// missing says whether the draft is still to be made: there is none, or nobody has
// changed anything in it since another revision was published.
func (d *Draft) missing() bool {
	return len(d.Pieces) == 0 || d.Behind && d.Course.EditedAt == nil
}

// restart makes the draft anew from the newest revision. What was in it is gone.
func (c *Courses) restart(tx *gorm.DB, course *Course, by string) error {
	var row revisionRow
	if err := tx.Where("id = ?", *course.NewestRevision).Take(&row).Error; err != nil {
		return err
	}
	p, err := ParseDocument([]byte(row.Document))
	if err != nil {
		return err
	}
	for _, rows := range []any{&Piece{}, &draftMedium{}} {
		if err := tx.Where("course_id = ?", course.ID).Delete(rows).Error; err != nil {
			return err
		}
	}
	if err := putDraft(tx, course.ID, p, by); err != nil {
		return err
	}
	course.DraftBase, course.EditedAt = &row.ID, nil
	return tx.Model(&Course{}).Where("id = ?", course.ID).
		Updates(map[string]any{"draft_base": row.ID, "edited_at": nil}).Error
}

// Restart throws the draft away and begins again from the newest revision.
// storage.ErrNotFound also when the course was never published.
func (c *Courses) Restart(ctx context.Context, by accounts.Access, courseID string) error {
	return c.db.Tx(ctx, func(tx *gorm.DB) error {
		course, err := c.Editable(tx, by, courseID)
		if err != nil {
			return err
		}
		if course.NewestRevision == nil {
			return storage.ErrNotFound
		}
		if err := c.restart(tx, course, by.AccountID); err != nil {
			return err
		}
		return accounts.Audit(tx, by.AccountID, "course.restart", courseID, course.Slug, "")
	})
}

func (c *Courses) loadDraft(tx *gorm.DB, course *Course) (*Draft, error) {
	d := &Draft{
		Course: course, modules: map[string]PackageModule{}, lessons: map[string]PackageLesson{},
		bank: map[string]*questions.Question{}, drawings: map[string]Drawing{},
	}
	if err := tx.Where("course_id = ?", course.ID).Order("kind, position, name").Find(&d.Pieces).Error; err != nil {
		return nil, err
	}
	for i := range d.Pieces {
		if err := d.take(&d.Pieces[i]); err != nil {
			return nil, fmt.Errorf("reading the draft of course %s: %w", course.Slug, err)
		}
	}
	if course.DraftBase != nil {
		var err error
		if d.Base, err = c.RevisionTx(tx, *course.DraftBase); err != nil {
			return nil, err
		}
	}
	d.Behind = course.NewestRevision != nil && (course.DraftBase == nil || *course.DraftBase != *course.NewestRevision)
	return d, nil
}

// take decodes one piece.
func (d *Draft) take(p *Piece) (err error) {
	switch p.Kind {
	case CoursePiece:
		err = decode(p.Body, &d.course)
	case ModulePiece:
		var m PackageModule
		err = decode(p.Body, &m)
		d.modules[p.Name] = m
	case LessonPiece:
		var l PackageLesson
		err = decode(p.Body, &l)
		d.lessons[p.Name] = l
	case QuestionPiece:
		q := new(questions.Question)
		err = decode(p.Body, q)
		d.bank[p.Name] = q
	case PicturePiece:
		var drawing Drawing
		err = decode(p.Body, &drawing)
		d.drawings[p.Name] = drawing
	}
	return err
}

// Package is the draft without what is archived. The questions are numbered from
// 1 in their module, as if each stood on a line of its own: see PieceOf.
func (d *Draft) Package() *Package {
	p := d.course
	p.ID, p.Slug = d.Course.ID, d.Course.Slug
	for _, piece := range d.Under(ModulePiece, "") {
		m := d.modules[piece.Name]
		for _, l := range d.Under(LessonPiece, piece.Name) {
			m.Lessons = append(m.Lessons, d.lessons[l.Name])
		}
		for i, q := range d.Under(QuestionPiece, piece.Name) {
			question := *d.bank[q.Name]
			question.Module, question.Line = piece.Name, i+1
			m.Questions = append(m.Questions, &question)
		}
		p.Modules = append(p.Modules, m)
	}
	for _, picture := range d.Under(PicturePiece, "") {
		p.Media = append(p.Media, d.drawings[picture.Name].Picture)
	}
	return &p
}

// Under are the pieces of a kind below a parent that are not archived, in order.
func (d *Draft) Under(kind PieceKind, parent string) []Piece {
	var list []Piece
	for _, p := range d.Pieces {
		if p.Kind == kind && p.Parent == parent && p.ArchivedAt == nil {
			list = append(list, p)
		}
	}
	return list
}

// Archived are the pieces that were put away, the latest first.
func (d *Draft) Archived() []Piece {
	var list []Piece
	for _, p := range d.Pieces {
		if p.ArchivedAt != nil {
			list = append(list, p)
		}
	}
	slices.SortStableFunc(list, func(a, b Piece) int { return b.ArchivedAt.Compare(*a.ArchivedAt) })
	return list
}

// Piece is the piece with this name, or storage.ErrNotFound.
func (d *Draft) Piece(kind PieceKind, name string) (*Piece, error) {
	for i := range d.Pieces {
		if p := &d.Pieces[i]; p.Kind == kind && p.Name == name {
			return p, nil
		}
	}
	return nil, storage.ErrNotFound
}

// Title is what a piece is called in a list.
func (d *Draft) Title(p Piece) string {
	switch p.Kind {
	case CoursePiece:
		return Plain(d.course.Title.In(questions.JA))
	case ModulePiece:
		return Plain(d.modules[p.Name].Title.In(questions.JA))
	case LessonPiece:
		return Plain(d.lessons[p.Name].Title.In(questions.JA))
	case QuestionPiece:
		return Plain(d.bank[p.Name].Text.In(questions.JA))
	case PicturePiece:
		if alt := d.drawings[p.Name].Alt; alt != "" && alt != decorative {
			return Plain(alt)
		}
	}
	return p.Name
}

// Settings, Module, Lesson, Question and Drawing are what the pieces say.
func (d *Draft) Settings() Package                        { return d.course }
func (d *Draft) Module(name string) PackageModule         { return d.modules[name] }
func (d *Draft) Lesson(name string) PackageLesson         { return d.lessons[name] }
func (d *Draft) Question(name string) *questions.Question { return d.bank[name] }
func (d *Draft) Drawing(name string) Drawing              { return d.drawings[name] }

// PieceOf is the piece that a fault of the check list is about.
func (d *Draft) PieceOf(f Fault) *Piece {
	kind, name := CoursePiece, ""
	folder, file, inside := strings.Cut(f.File, "/")
	file = strings.TrimSuffix(strings.TrimSuffix(file, ".md"), ".easy")
	switch {
	case !inside:
	case folder == "media":
		kind, name = PicturePiece, file
	case file == "questions.yaml":
		bank := d.Under(QuestionPiece, folder)
		if f.Line < 1 || f.Line > len(bank) {
			kind, name = ModulePiece, folder
			break
		}
		kind, name = QuestionPiece, bank[f.Line-1].Name
	case file == "module":
		kind, name = ModulePiece, folder
	default:
		kind, name = LessonPiece, file
	}
	if p, err := d.Piece(kind, name); err == nil {
		return p
	}
	p, err := d.Piece(CoursePiece, "")
	if err != nil {
		return nil
	}
	return p
}

func decode(body string, into any) error { return json.Unmarshal([]byte(body), into) }

func encode(body any) (string, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(body)
	return strings.TrimSuffix(b.String(), "\n"), err
}

// putDraft writes every piece of a package as a new draft.
func putDraft(tx *gorm.DB, courseID string, p *Package, by string) error {
	if err := holdMedia(tx, courseID, p); err != nil {
		return err
	}
	pieces, err := piecesOf(p)
	if err != nil {
		return err
	}
	for i := range pieces {
		pieces[i].CourseID, pieces[i].Version = courseID, 1
		pieces[i].UpdatedBy, pieces[i].UpdatedAt = by, tx.NowFunc()
	}
	if err := tx.CreateInBatches(pieces, 50).Error; err != nil {
		return err
	}
	return nil
}

// piecesOf takes a package apart.
func piecesOf(p *Package) ([]Piece, error) {
	var pieces []Piece
	var failed error
	add := func(kind PieceKind, name, parent string, position int, body any) {
		text, err := encode(body)
		failed = errors.Join(failed, err)
		pieces = append(pieces, Piece{Kind: kind, Name: name, Parent: parent, Position: position, Body: text})
	}
	top := *p
	top.Modules, top.Media = nil, nil
	add(CoursePiece, "", "", 0, top)
	for i, m := range p.Modules {
		inner := m
		inner.Lessons, inner.Questions = nil, nil
		add(ModulePiece, m.ID, "", i, inner)
		for j, l := range m.Lessons {
			add(LessonPiece, l.ID, m.ID, j, l)
		}
		for j, q := range m.Questions {
			add(QuestionPiece, q.ID, m.ID, j, q)
		}
	}
	alts := p.alternatives()
	for i, m := range p.Media {
		add(PicturePiece, m.Name, "", i, Drawing{m, alts[m.Name]})
	}
	return pieces, failed
}
