package courses

import (
	"context"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"tsunagari/courses/accounts"
	"tsunagari/storage"
)

// Save is one state of a piece to return to.
type Save struct {
	ID       string
	CourseID string
	Kind     PieceKind
	Name     string
	Body     string
	How      SaveHow
	SavedBy  string
	BegunAt  time.Time // of a run of saves that the program made by itself
	SavedAt  time.Time

	ByName string `gorm:"-"` // for reading; "" once erased
}

// TableName is GORM's.
func (Save) TableName() string { return "draft_saves" }

// SaveHow says how a save came to be.
type SaveHow string

// The ways of saving.
const (
	Saved    SaveHow = "saved"    // by the button
	Auto     SaveHow = "auto"     // by itself, while somebody was writing
	Beside   SaveHow = "beside"   // somebody else had saved first; kept, but not the text of the lesson
	Restored SaveHow = "restored" // an older save was taken back
)

// Label says it in Japanese.
func (h SaveHow) Label() string {
	return map[SaveHow]string{
		Saved: "保存", Auto: "自動で保存", Beside: "ほかの人と重なったため、控えだけ", Restored: "前の文に戻した",
	}[h]
}

const (
	keptSaves = 20
	// autoRun is how long one row takes up what is saved by itself, so that twenty
	// of them reach further back than two minutes.
	autoRun = 10 * time.Minute
)

// Conflict says that somebody else saved the piece first. Both texts are kept:
// Theirs is the piece as it is now, Mine is among its saves.
type Conflict struct {
	Mine   string // the body that was not written
	Theirs Piece
	ByName string // who was first, "" once erased
}

func (e *Conflict) Error() string { return "courses: somebody else saved this piece first" }

// Is says that a conflict is a storage.ErrConflict.
func (e *Conflict) Is(target error) bool { return target == storage.ErrConflict }

// saving is one change of a piece's body.
type saving struct {
	kind    PieceKind
	name    string
	version int // the one that was shown
	how     SaveHow
	body    func(d *Draft) (any, error)
	also    func(tx *gorm.DB, d *Draft) error // what changes beside the body, unless somebody was first; or nil
}

// save writes a piece. Of two people who began from the same version the second
// gets a *Conflict, and their text is kept beside.
func (c *Courses) save(ctx context.Context, by accounts.Access, courseID string, s saving) (saved *Piece, err error) {
	var conflict *Conflict
	err = c.db.Tx(ctx, func(tx *gorm.DB) error {
		saved, conflict = nil, nil
		d, err := c.draft(tx, by, courseID)
		if err != nil {
			return err
		}
		if saved, err = d.Piece(s.kind, s.name); err != nil {
			return err
		}
		made, err := s.body(d)
		if err != nil {
			return err
		}
		body, err := encode(made)
		if err != nil {
			return err
		}
		if s.version != saved.Version && body != saved.Body {
			names, err := accounts.NamesOf(tx, saved.UpdatedBy)
			if err != nil {
				return err
			}
			conflict = &Conflict{Mine: body, Theirs: *saved, ByName: names[saved.UpdatedBy]}
			return keep(tx, saved, body, Beside, by.AccountID)
		}
		if s.also != nil {
			if err := s.also(tx, d); err != nil {
				return err
			}
		}
		if body == saved.Body {
			return nil
		}
		return write(tx, saved, body, s.how, by.AccountID)
	})
	if err == nil && conflict != nil {
		return nil, conflict
	}
	return saved, err
}

// write changes the body of a piece that the caller holds.
func write(tx *gorm.DB, p *Piece, body string, how SaveHow, by string) error {
	var n int64
	if err := tx.Model(&Save{}).Where("course_id = ? AND kind = ? AND name = ?", p.CourseID, p.Kind, p.Name).Count(&n).Error; err != nil {
		return err
	}
	if n == 0 { // the first change: what was there before is to return to as well
		if err := insertSave(tx, p, p.Body, Saved, p.UpdatedBy, p.UpdatedAt); err != nil {
			return err
		}
	}
	if err := keep(tx, p, body, how, by); err != nil {
		return err
	}
	p.Body, p.Version, p.UpdatedBy, p.UpdatedAt = body, p.Version+1, by, tx.NowFunc()
	return change(tx, p, map[string]any{"body": body, "version": p.Version})
}

// change updates columns of a piece and notes that the draft was changed.
func change(tx *gorm.DB, p *Piece, columns map[string]any) error {
	columns["updated_by"], columns["updated_at"] = p.UpdatedBy, p.UpdatedAt
	err := tx.Model(&Piece{}).Where("course_id = ? AND kind = ? AND name = ?", p.CourseID, p.Kind, p.Name).Updates(columns).Error
	if err != nil {
		return err
	}
	return edited(tx, p.CourseID)
}

func edited(tx *gorm.DB, courseID string) error {
	return tx.Model(&Course{}).Where("id = ?", courseID).Update("edited_at", tx.NowFunc()).Error
}

// keep adds a state to the saves of a piece; a run of saves made by the program
// itself is one.
func keep(tx *gorm.DB, p *Piece, body string, how SaveHow, by string) error {
	last, err := lastSave(tx, p, how, by)
	if err != nil {
		return err
	}
	if last != nil {
		return tx.Model(&Save{}).Where("id = ?", last.ID).
			Updates(map[string]any{"body": body, "how": how, "saved_at": tx.NowFunc()}).Error
	}
	if err := insertSave(tx, p, body, how, by, tx.NowFunc()); err != nil {
		return err
	}
	return trimSaves(tx, p)
}

// lastSave is the save that a further one takes the place of, or nil: the run of
// its own writer that is not over yet.
func lastSave(tx *gorm.DB, p *Piece, how SaveHow, by string) (*Save, error) {
	find := tx.Where("course_id = ? AND kind = ? AND name = ?", p.CourseID, p.Kind, p.Name)
	if how == Beside {
		find = find.Where("how = ? AND saved_by = ?", Beside, by)
	}
	var last []Save
	if err := find.Order("saved_at DESC, id DESC").Limit(1).Find(&last).Error; err != nil || len(last) == 0 {
		return nil, err
	}
	s := &last[0]
	run := s.How == Auto && how != Restored || s.How == Beside && how == Beside
	if !run || s.SavedBy != by || tx.NowFunc().Sub(s.BegunAt) > autoRun {
		return nil, nil
	}
	return s, nil
}

func insertSave(tx *gorm.DB, p *Piece, body string, how SaveHow, by string, at time.Time) error {
	id, err := uuid.NewV7() // in the order of writing, also within one microsecond
	if err != nil {
		return err
	}
	return tx.Create(&Save{
		ID: id.String(), CourseID: p.CourseID, Kind: p.Kind, Name: p.Name, Body: body, How: how,
		SavedBy: by, BegunAt: at, SavedAt: at,
	}).Error
}

func trimSaves(tx *gorm.DB, p *Piece) error {
	var old []string
	err := tx.Model(&Save{}).Where("course_id = ? AND kind = ? AND name = ?", p.CourseID, p.Kind, p.Name).
		Order("saved_at DESC, id DESC").Pluck("id", &old).Error
	if err != nil || len(old) <= keptSaves {
		return err
	}
	return tx.Where("id IN ?", old[keptSaves:]).Delete(&Save{}).Error
}

// Saves are the last states of a piece, the newest first, for who may edit it.
func (c *Courses) Saves(ctx context.Context, by accounts.Access, courseID string, kind PieceKind, name string) ([]Save, error) {
	tx := c.db.Read(ctx)
	if _, err := c.Editable(tx, by, courseID); err != nil {
		return nil, err
	}
	var list []Save
	err := tx.Where("course_id = ? AND kind = ? AND name = ?", courseID, kind, name).Order("saved_at DESC, id DESC").Find(&list).Error
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, s := range list {
		ids = append(ids, s.SavedBy)
	}
	names, err := accounts.NamesOf(tx, ids...)
	for i := range list {
		list[i].ByName = names[list[i].SavedBy]
	}
	return list, err
}

// Restore takes an older state of a piece back; what is there now stays among the
// saves.
func (c *Courses) Restore(ctx context.Context, by accounts.Access, courseID, saveID string) (p *Piece, err error) {
	err = c.db.Tx(ctx, func(tx *gorm.DB) error {
		d, err := c.draft(tx, by, courseID)
		if err != nil {
			return err
		}
		var s Save
		if err := tx.Where("id = ? AND course_id = ?", saveID, courseID).Take(&s).Error; err != nil {
			return err
		}
		if p, err = d.Piece(s.Kind, s.Name); err != nil || p.Body == s.Body {
			return err
		}
		return write(tx, p, s.Body, Restored, by.AccountID)
	})
	return p, err
}
