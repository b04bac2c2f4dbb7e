package certificates

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"tsunagari/courses"
	"tsunagari/courses/accounts"
	"tsunagari/storage"
)

// Kind says in which role somebody issues.
type Kind string

// The operator issues to everybody whom nobody else issues to; a municipality,
// once opted in, to its residents; a host to those who attended its classes.
const (
	Operator     Kind = "operator"
	Municipality Kind = "municipality"
	Host         Kind = "host"
)

// Forever keeps the names of the 交付台帳 without end (永久保存).
const Forever = -1

// Issuer is somebody who issues certificates (発行者).
type Issuer struct {
	ID            string
	Kind          Kind
	Code          string // in its numbers: six digits of a municipality, or three
	Name          string
	OptedIn       bool // municipality: issues to its residents
	RegisterYears int  // 交付台帳: 年度 an erased person's name is kept, 0 none, Forever
	Version       int
	CreatedAt     time.Time
}

// NewIssuer is asked for when an issuer is added.
type NewIssuer struct {
	Kind          Kind   `form:"kind" validate:"oneof=operator municipality host"`
	Municipality  string `form:"municipality" validate:"required_if=Kind municipality,excluded_unless=Kind municipality"`
	Name          string `form:"name" validate:"required,max=60,printable"`
	OptedIn       bool   `form:"opted_in"`
	RegisterYears int    `form:"register_years" validate:"min=-1,max=100"`
}

// IssuerSettings are what may be changed of an issuer; Version is the one that was
// shown, so that two people do not overwrite each other.
type IssuerSettings struct {
	Name          string `form:"name" validate:"required,max=60,printable"`
	OptedIn       bool   `form:"opted_in"`
	RegisterYears int    `form:"register_years" validate:"min=-1,max=100"`
	Version       int    `form:"version"`
}

// The rules of issuers that no tag can say.
var (
	ErrNoMunicipality = errors.New("certificates: no municipality has this code")
	ErrIssuerExists   = errors.New("certificates: this issuer exists already")
	ErrStale          = errors.New("certificates: somebody else changed this meanwhile")
)

// SetUp makes the operator the issuer, under its name and without a seal, in the
// first-run set-up. ErrIssuerExists when there is one.
func (c *Certificates) SetUp(tx *gorm.DB, name, by string) error {
	issuer, err := c.addIssuer(tx, NewIssuer{Kind: Operator, Name: name})
	if err != nil {
		return err
	}
	_, err = addProfile(tx, issuer.ID, NewProfile{Name: name, Seal: NoSeal, Idiom: Friendly}, by)
	return err
}

// AddIssuer adds an issuer. It issues nothing before it has a profile. Errors:
// validator.ValidationErrors, ErrNoMunicipality, ErrIssuerExists,
// storage.ErrNotFound for who is no administrator.
func (c *Certificates) AddIssuer(ctx context.Context, by accounts.Access, in NewIssuer) (issuer *Issuer, err error) {
	if !by.Role(accounts.Admin) {
		return nil, storage.ErrNotFound
	}
	err = c.db.Tx(ctx, func(tx *gorm.DB) error {
		if issuer, err = c.addIssuer(tx, in); err != nil {
			return err
		}
		return accounts.Audit(tx, by.AccountID, "issuer.add", issuer.ID, issuer.Name, "")
	})
	return issuer, err
}

func (c *Certificates) addIssuer(tx *gorm.DB, in NewIssuer) (*Issuer, error) {
	if err := check().Struct(in); err != nil {
		return nil, err
	}
	code := in.Municipality
	if in.Kind == Municipality {
		if _, known := accounts.ByCode(code); !known {
			return nil, ErrNoMunicipality
		}
	} else {
		var last string
		err := tx.Model(&Issuer{}).Where("kind <> ?", Municipality).Select("COALESCE(MAX(code), '000')").Scan(&last).Error
		if err != nil {
			return nil, err
		}
		n, err := strconv.Atoi(last)
		if err != nil || n >= 999 {
			return nil, fmt.Errorf("no issuer code after %q: %w", last, err)
		}
		code = fmt.Sprintf("%03d", n+1)
	}
	issuer := &Issuer{
		ID: uuid.NewString(), Kind: in.Kind, Code: code, Name: in.Name, OptedIn: in.OptedIn,
		RegisterYears: in.RegisterYears, Version: 1, CreatedAt: tx.NowFunc(),
	}
	res := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(issuer)
	if res.Error == nil && res.RowsAffected == 0 {
		return nil, ErrIssuerExists
	}
	return issuer, res.Error
}

// SetIssuer changes an issuer's settings. Errors: validator.ValidationErrors,
// ErrStale, storage.ErrNotFound also for who is no administrator.
func (c *Certificates) SetIssuer(ctx context.Context, by accounts.Access, id string, in IssuerSettings) error {
	if !by.Role(accounts.Admin) {
		return storage.ErrNotFound
	}
	if err := check().Struct(in); err != nil {
		return err
	}
	return c.db.Tx(ctx, func(tx *gorm.DB) error {
		if err := tx.Where("id = ?", id).Take(&Issuer{}).Error; err != nil {
			return err
		}
		res := tx.Model(&Issuer{}).Where("id = ? AND version = ?", id, in.Version).Updates(map[string]any{
			"name": in.Name, "opted_in": in.OptedIn, "register_years": in.RegisterYears, "version": in.Version + 1,
		})
		if res.Error == nil && res.RowsAffected == 0 {
			return ErrStale
		}
		detail := fmt.Sprintf("opted in %v, register %d", in.OptedIn, in.RegisterYears)
		return errors.Join(res.Error, accounts.Audit(tx, by.AccountID, "issuer.set", id, detail, ""))
	})
}

// Issuers lists all issuers, the operator first.
func (c *Certificates) Issuers(ctx context.Context) ([]*Issuer, error) {
	var list []*Issuer
	err := c.db.Read(ctx).Order("CASE kind WHEN 'operator' THEN 0 WHEN 'municipality' THEN 1 ELSE 2 END, code").Find(&list).Error
	return list, err
}

// Issuer is the issuer with the given id, or storage.ErrNotFound.
func (c *Certificates) Issuer(ctx context.Context, id string) (*Issuer, error) {
	var i Issuer
	if err := c.db.Read(ctx).Where("id = ?", id).Take(&i).Error; err != nil {
		return nil, err
	}
	return &i, nil
}

// issuerOf says who issues for a completion and under which profile: the class's
// host, or the municipality where it was held, if it has an approved one, else the
// municipality of residence if it opted in, else the operator. A profile counts when it is in force on the 修了日, the
// date that is printed: nobody signs for a day on which they were not in office.
// Nil without an error: nobody, for now.
func (c *Certificates) issuerOf(tx *gorm.DB, done *courses.Completion) (*Issuer, *Profile, error) {
	town, name := "", ""
	if done.ClassID != nil && c.options.Host != nil {
		var err error
		if town, name, err = c.options.Host(tx, *done.ClassID); err != nil {
			return nil, nil, err
		}
	}
	for _, q := range []struct {
		where    string
		value    any
		approved bool
	}{
		{"kind = 'host' AND name = ?", name, true},
		{"kind = 'municipality' AND code = ?", town, true},
		{"kind = 'municipality' AND opted_in AND code = ?", done.Municipality, false},
		{"kind = ?", Operator, false},
	} {
		issuer, profile, err := signing(tx, done.CompletedOn, q.approved, q.where, q.value)
		if !errors.Is(err, storage.ErrNotFound) {
			return issuer, profile, err
		}
	}
	return nil, nil, nil
}

func signing(tx *gorm.DB, on string, approved bool, where string, value any) (*Issuer, *Profile, error) {
	var issuer Issuer
	if err := tx.Where(where, value).Take(&issuer).Error; err != nil {
		return nil, nil, err
	}
	var profile Profile
	err := tx.Where("issuer_id = ? AND from_on <= ? AND (until_on = '' OR until_on >= ?)", issuer.ID, on, on).
		Where("NOT ? OR approved_on <> ''", approved).
		Order("from_on DESC, created_at DESC, id").Take(&profile).Error
	if err != nil {
		return nil, nil, err
	}
	return &issuer, &profile, nil
}
