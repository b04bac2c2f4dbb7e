package accounts

import (
	"context"
	"slices"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"tsunagari/storage"
)

// ShownMunicipality is a municipality whose figures everybody may see.
type ShownMunicipality struct {
	Municipality string
	Since        time.Time
}

// Shown are the municipalities whose figures everybody may see, by code.
func (a *Accounts) Shown(ctx context.Context) (list []ShownMunicipality, err error) {
	err = a.db.Read(ctx).Order("municipality").Find(&list).Error
	return list, err
}

// MayShow are those of the codes whose public page by may switch: the posts of one
// municipality decide for it, not the bureau above them; an administrator may on
// their behalf.
func (a *Accounts) MayShow(ctx context.Context, by Access) (codes []string, err error) {
	return ownMunicipalities(a.db.Read(ctx), by)
}

func ownMunicipalities(tx *gorm.DB, by Access) ([]string, error) {
	var posts []Post
	err := tx.Raw(`SELECT p.* FROM posts p JOIN members m ON m.post_id = p.id
		WHERE m.account_id = ? AND p.role = ? AND m.ended_at IS NULL AND p.ended_at IS NULL`, by.AccountID, Officer).Scan(&posts).Error
	var codes []string
	for _, p := range posts {
		if len(p.Municipalities) == 1 && by.Reaches(p.Municipalities[0], Officer) {
			codes = append(codes, p.Municipalities[0])
		}
	}
	slices.Sort(codes)
	return slices.Compact(codes), err
}

// Show opens or closes a municipality's public figures. Setting what is already so
// changes nothing. storage.ErrNotFound for whoever MayShow leaves out.
func (a *Accounts) Show(ctx context.Context, by Access, code string, public bool) error {
	if _, known := ByCode(code); !known {
		return storage.ErrNotFound
	}
	return a.db.Tx(ctx, func(tx *gorm.DB) error {
		own, err := ownMunicipalities(tx, by)
		if err != nil {
			return err
		}
		if !by.Role(Admin) && !slices.Contains(own, code) {
			return storage.ErrNotFound
		}
		return show(tx, by, code, public)
	})
}

func show(tx *gorm.DB, by Access, code string, public bool) error {
	act := "municipality.show"
	row := ShownMunicipality{Municipality: code, Since: tx.NowFunc()}
	changed := tx.Clauses(clause.OnConflict{DoNothing: true})
	if public {
		changed = changed.Create(&row)
	} else {
		act = "municipality.hide"
		changed = tx.Where("municipality = ?", code).Delete(&ShownMunicipality{})
	}
	if changed.Error != nil || changed.RowsAffected == 0 {
		return changed.Error
	}
	return Audit(tx, by.AccountID, act, code, "", "")
}
