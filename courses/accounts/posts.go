package accounts

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"tsunagari/storage"
)

// Post is a 係. People come and go, the post with its role, municipalities and
// office address stays.
type Post struct {
	ID             string
	Name           string
	Role           Role
	Municipalities Codes
	OfficeEmail    string // where codes go for members without an app
	Version        int
	CreatedAt      time.Time
	EndedAt        *time.Time
}

// Codes are municipalities' codes, kept as text with a space between.
type Codes []string

// Value is for the database.
func (c Codes) Value() (driver.Value, error) { return strings.Join(c, " "), nil }

// Scan is for the database.
func (c *Codes) Scan(v any) error {
	s, ok := v.(string)
	if !ok {
		return fmt.Errorf("accounts: codes from %T", v)
	}
	*c = strings.Fields(s)
	return nil
}

// PostInput makes or changes a post. Version is the one that was shown.
type PostInput struct {
	Name           string   `form:"name" validate:"required,max=60,name"`
	Role           Role     `form:"role" validate:"required,oneof=admin desk officer trainer"`
	Municipalities []string `form:"municipalities" validate:"max=200"`
	OfficeEmail    string   `form:"office_email" validate:"required,max=254,email"`
	Version        int      `form:"version"`
}

// The rules of posts that no tag can say.
var (
	ErrPostArea  = errors.New("accounts: a desk or officer post needs municipalities that exist")
	ErrPostEnded = errors.New("accounts: this post has ended")
	ErrLastAdmin = errors.New("accounts: somebody must remain administrator")
)

func (in PostInput) checked() (PostInput, error) {
	in.Name, in.OfficeEmail = strings.TrimSpace(in.Name), strings.TrimSpace(in.OfficeEmail)
	if err := validate.Struct(in); err != nil {
		return in, err
	}
	if in.Role == Admin {
		in.Municipalities = nil
	}
	if len(in.Municipalities) == 0 && (in.Role == Desk || in.Role == Officer) {
		return in, ErrPostArea
	}
	for _, code := range in.Municipalities {
		if _, known := ByCode(code); !known {
			return in, ErrPostArea
		}
	}
	in.Municipalities = slices.Compact(slices.Sorted(slices.Values(in.Municipalities)))
	return in, nil
}

// AddPost makes a post: an administrator any, a front desk one of trainers within
// its municipalities. Errors: validator.ValidationErrors, ErrPostArea,
// storage.ErrNotFound for everybody else.
func (a *Accounts) AddPost(ctx context.Context, by Access, in PostInput) (post *Post, err error) {
	if !by.Role(Admin) && !by.trains(in.Role, in.Municipalities) {
		return nil, storage.ErrNotFound
	}
	err = a.db.Tx(ctx, func(tx *gorm.DB) error {
		if post, err = addPost(tx, in); err != nil {
			return err
		}
		return Audit(tx, by.AccountID, "post.add", post.ID, post.summary(), "")
	})
	return post, err
}

func addPost(tx *gorm.DB, in PostInput) (*Post, error) {
	in, err := in.checked()
	if err != nil {
		return nil, err
	}
	post := &Post{
		ID: uuid.NewString(), Name: in.Name, Role: in.Role, Municipalities: in.Municipalities,
		OfficeEmail: in.OfficeEmail, Version: 1, CreatedAt: tx.NowFunc(),
	}
	return post, tx.Create(post).Error
}

// summary is what the record keeps of a post: role and codes.
func (p *Post) summary() string {
	return strings.TrimSpace(string(p.Role) + " " + strings.Join(p.Municipalities, " "))
}

// SetPost changes a post; what its members may do changes at once. Errors as of
// AddPost, storage.ErrConflict when somebody else changed it meanwhile,
// ErrPostEnded, ErrLastAdmin.
func (a *Accounts) SetPost(ctx context.Context, by Access, id string, in PostInput) error {
	if !by.Role(Admin) {
		return storage.ErrNotFound
	}
	in, err := in.checked()
	if err != nil {
		return err
	}
	return a.keepingAdmin(ctx, func(tx *gorm.DB) error {
		post, err := currentPost(tx, id)
		if err != nil {
			return err
		}
		if post.Version != in.Version {
			return storage.ErrConflict
		}
		post.Name, post.Role, post.Municipalities, post.OfficeEmail = in.Name, in.Role, in.Municipalities, in.OfficeEmail
		err = tx.Model(&Post{}).Where("id = ?", id).Updates(map[string]any{
			"name": post.Name, "role": post.Role, "municipalities": post.Municipalities,
			"office_email": post.OfficeEmail, "version": post.Version + 1,
		}).Error
		if err != nil {
			return err
		}
		return Audit(tx, by.AccountID, "post.set", id, post.summary(), "")
	})
}

// currentPost is the post, held until the transaction ends.
func currentPost(tx *gorm.DB, id string) (*Post, error) {
	var post Post
	if err := tx.Clauses(clause.Locking{Strength: "UPDATE"}).Where("id = ?", id).Take(&post).Error; err != nil {
		return nil, err
	}
	if post.EndedAt != nil {
		return nil, ErrPostEnded
	}
	return &post, nil
}

// EndPost ends a post and the membership of everybody in it, and its open
// invitations. Errors: ErrPostEnded, ErrLastAdmin, storage.ErrNotFound.
func (a *Accounts) EndPost(ctx context.Context, by Access, id, why string) error {
	if !by.Role(Admin) {
		return storage.ErrNotFound
	}
	return a.keepingAdmin(ctx, func(tx *gorm.DB) error {
		if _, err := currentPost(tx, id); err != nil {
			return err
		}
		var members []Member
		if err := tx.Where("post_id = ? AND ended_at IS NULL", id).Find(&members).Error; err != nil {
			return err
		}
		if err := tx.Model(&Post{}).Where("id = ?", id).Update("ended_at", tx.NowFunc()).Error; err != nil {
			return err
		}
		for _, m := range members {
			if err := m.end(tx); err != nil {
				return err
			}
		}
		if err := tx.Where("post_id = ? AND accepted_at IS NULL", id).Delete(&Invitation{}).Error; err != nil {
			return err
		}
		return Audit(tx, by.AccountID, "post.end", id, "", why)
	})
}

// keepingAdmin runs fn, one of its kind at a time, and undoes it when nobody
// would remain administrator.
func (a *Accounts) keepingAdmin(ctx context.Context, fn func(tx *gorm.DB) error) error {
	return a.db.Tx(ctx, func(tx *gorm.DB) error {
		if err := holdAdmins(tx); err != nil {
			return err
		}
		before, err := admins(tx)
		if err != nil {
			return err
		}
		if err := fn(tx); err != nil {
			return err
		}
		after, err := admins(tx)
		if err == nil && before > 0 && after == 0 {
			err = ErrLastAdmin
		}
		return err
	})
}

func holdAdmins(tx *gorm.DB) error {
	var held []string
	return tx.Model(&Post{}).Clauses(clause.Locking{Strength: "UPDATE"}).
		Where("role = ?", Admin).Order("id").Pluck("id", &held).Error
}

// admins is how many people are administrators and can sign in.
func admins(tx *gorm.DB) (n int64, err error) {
	err = tx.Raw(`SELECT COUNT(DISTINCT m.account_id) FROM members m
		JOIN posts p ON p.id = m.post_id JOIN staff s ON s.account_id = m.account_id
		WHERE p.role = ? AND p.ended_at IS NULL AND m.ended_at IS NULL`, Admin).Scan(&n).Error
	return n, err
}
