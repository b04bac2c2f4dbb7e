package courses

import (
	"context"
	"errors"
	"slices"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"tsunagari/courses/accounts"
	"tsunagari/storage"
)

// ErrArchived says that nobody new may begin the course.
var ErrArchived = errors.New("courses: this course takes nobody new")

type share struct {
	CourseID, AccountID string
	SharedAt            time.Time
}

func (share) TableName() string { return "course_shares" }

// Sharing is who may edit a course beside its owner, and who else could.
type Sharing struct {
	Course *Course
	Owner  string // name; "" for the operator's
	With   []accounts.Colleague
	Others []accounts.Colleague // trainers with whom it is not shared
}

// Sharing is for the owner and administrators, else storage.ErrNotFound.
func (c *Courses) Sharing(ctx context.Context, by accounts.Access, courseID string) (*Sharing, error) {
	tx := c.db.Read(ctx)
	course, err := c.owned(tx, by, courseID)
	if err != nil {
		return nil, err
	}
	s := &Sharing{Course: course}
	if course.Owner != nil {
		names, err := accounts.NamesOf(tx, *course.Owner)
		if err != nil {
			return nil, err
		}
		s.Owner = names[*course.Owner]
	}
	var with []string
	if err := tx.Model(&share{}).Where("course_id = ?", courseID).Pluck("account_id", &with).Error; err != nil {
		return nil, err
	}
	trainers, err := accounts.Trainers(tx)
	if err != nil {
		return nil, err
	}
	for _, t := range trainers {
		switch {
		case course.Owner != nil && t.AccountID == *course.Owner:
		case slices.Contains(with, t.AccountID):
			s.With = append(s.With, t)
		default:
			s.Others = append(s.Others, t)
		}
	}
	return s, nil
}

// ShareInput names the trainer whom a course is shared with.
type ShareInput struct {
	Account string `form:"account" validate:"required"`
}

// Share lets another trainer edit the course. Errors: validator.ValidationErrors,
// storage.ErrNotFound also when the account is no trainer's.
func (c *Courses) Share(ctx context.Context, by accounts.Access, courseID string, in ShareInput) error {
	if err := validate().Struct(in); err != nil {
		return err
	}
	return c.db.Tx(ctx, func(tx *gorm.DB) error {
		if _, err := c.owned(tx, by, courseID); err != nil {
			return err
		}
		access, err := accounts.AccessOf(tx, in.Account)
		if err != nil {
			return err
		}
		if !access.Role(accounts.Trainer, accounts.Admin) {
			return storage.ErrNotFound
		}
		row := share{CourseID: courseID, AccountID: in.Account, SharedAt: tx.NowFunc()}
		if err := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&row).Error; err != nil {
			return err
		}
		return accounts.Audit(tx, by.AccountID, "course.share", in.Account, courseID, "")
	})
}

// Unshare ends it.
func (c *Courses) Unshare(ctx context.Context, by accounts.Access, courseID, accountID string) error {
	return c.db.Tx(ctx, func(tx *gorm.DB) error {
		if _, err := c.owned(tx, by, courseID); err != nil {
			return err
		}
		if err := tx.Where("course_id = ? AND account_id = ?", courseID, accountID).Delete(&share{}).Error; err != nil {
			return err
		}
		return accounts.Audit(tx, by.AccountID, "course.unshare", accountID, courseID, "")
	})
}

// Close lets nobody new begin the course (archived); who has begun goes on and
// finishes, and certificates stay as they are. Open takes it back.
func (c *Courses) Close(ctx context.Context, by accounts.Access, courseID string) error {
	return c.setArchived(ctx, by, courseID, "course.archive", c.db.Now())
}

// Open takes Close back.
func (c *Courses) Open(ctx context.Context, by accounts.Access, courseID string) error {
	return c.setArchived(ctx, by, courseID, "course.unarchive", nil)
}

func (c *Courses) setArchived(ctx context.Context, by accounts.Access, courseID, act string, at any) error {
	return c.db.Tx(ctx, func(tx *gorm.DB) error {
		if _, err := c.owned(tx, by, courseID); err != nil {
			return err
		}
		if err := tx.Model(&Course{}).Where("id = ?", courseID).Update("archived_at", at).Error; err != nil {
			return err
		}
		return accounts.Audit(tx, by.AccountID, act, courseID, "", "")
	})
}

// Middle is how many people have begun the newest cycle of the course and not
// finished it, for who may edit it.
func (c *Courses) Middle(ctx context.Context, by accounts.Access, courseID string) (int, error) {
	tx := c.db.Read(ctx)
	if _, err := c.Editable(tx, by, courseID); err != nil {
		return 0, err
	}
	people, err := inTheMiddle(tx, courseID)
	return len(people), err
}

// forgetAuthor takes somebody out of what they wrote, and puts heir, if there is
// one, in their place. Without one their courses become the operator's.
func forgetAuthor(tx *gorm.DB, accountID string, heir *string) error {
	name := ""
	if heir != nil {
		name = *heir
		err := tx.Exec(`INSERT INTO course_shares (course_id, account_id, shared_at)
			SELECT course_id, ?, shared_at FROM course_shares WHERE account_id = ? ON CONFLICT DO NOTHING`, name, accountID).Error
		if err != nil {
			return err
		}
	}
	for _, column := range []struct {
		table, name string
		value       any
	}{
		{"courses", "owner", heir},
		{"revisions", "published_by", heir},
		{"draft_pieces", "updated_by", name},
		{"draft_saves", "saved_by", name},
	} {
		if err := tx.Table(column.table).Where(column.name+" = ?", accountID).Update(column.name, column.value).Error; err != nil {
			return err
		}
	}
	return tx.Where("account_id = ?", accountID).Delete(&share{}).Error
}
