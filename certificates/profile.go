package certificates

import (
	"bytes"
	"context"
	"errors"
	"image"
	_ "image/jpeg" // a seal may be either
	_ "image/png"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"tsunagari/courses/accounts"
	"tsunagari/storage"
)

// Seal says what stands where a seal belongs. There is no made-up seal.
type Seal string

// Nothing; a free space for a stamp; （公印省略）; or an uploaded picture of the
// seal, which needs an approval of its own (印影の印刷).
const (
	NoSeal      Seal = "none"
	SealSpace   Seal = "space"
	SealOmitted Seal = "omitted"
	SealPicture Seal = "picture"
)

// Idiom is the wording of the statement.
type Idiom string

// 「あなたは…修了されましたので」 or 「上記の者は…修了したことを証する」.
const (
	Friendly       Idiom = "friendly"
	Administrative Idiom = "administrative"
)

// Profile is how an issuer signs from one day to another. It never changes; a new
// one takes its place. Dates are YYYY-MM-DD in Japan.
type Profile struct {
	ID, IssuerID    string
	FromOn, UntilOn string // "": always, open
	Name            string // 団体名, 市町村名
	Office, Person  string // 職名 and 首長名, mostly empty

	ApprovedOn, Document, ApprovedBy string

	Seal                                         Seal
	SealSHA256                                   *string `gorm:"column:seal_sha256"` // a storage.Medium
	SealApprovedOn, SealDocument, SealApprovedBy string

	Idiom     Idiom
	CreatedBy string
	CreatedAt time.Time
}

// TableName is the table of profiles.
func (Profile) TableName() string { return "issuer_profiles" }

// NewProfile is asked for when an issuer gets a profile. A person signs only with
// 承認日・文書番号・承認者, a picture of a seal likewise.
type NewProfile struct {
	FromOn     string `form:"from_on" validate:"omitempty,datetime=2006-01-02"`
	UntilOn    string `form:"until_on" validate:"omitempty,datetime=2006-01-02"`
	Name       string `form:"name" validate:"required,max=60,printable"`
	Office     string `form:"office" validate:"required_with=Person,max=30,printable"`
	Person     string `form:"person" validate:"max=30,printable"`
	ApprovedOn string `form:"approved_on" validate:"required_with=Person,omitempty,datetime=2006-01-02"`
	Document   string `form:"document" validate:"required_with=Person,max=60"`
	ApprovedBy string `form:"approved_by" validate:"required_with=Person,max=60"`

	Seal           Seal   `form:"seal" validate:"oneof=none space omitted picture"`
	SealPicture    []byte `form:"-"`
	SealApprovedOn string `form:"seal_approved_on" validate:"required_if=Seal picture,omitempty,datetime=2006-01-02"`
	SealDocument   string `form:"seal_document" validate:"required_if=Seal picture,max=60"`
	SealApprovedBy string `form:"seal_approved_by" validate:"required_if=Seal picture,max=60"`

	Idiom Idiom `form:"idiom" validate:"oneof=friendly administrative"`
}

// The rules of profiles that no tag can say.
var (
	ErrBackwards   = errors.New("certificates: the last day is before the first")
	ErrSealPicture = errors.New("certificates: a seal is a PNG or JPEG of at most 1 MiB and 2000 pixels a side")
)

const maxSealBytes, maxSealPixels = 1 << 20, 2000

// AddProfile gives an issuer a profile. Where several are in force on a day, the
// one that began last signs. Errors: validator.ValidationErrors, ErrBackwards,
// ErrSealPicture, storage.ErrNotFound also for who is no administrator.
func (c *Certificates) AddProfile(ctx context.Context, by accounts.Access, issuerID string, in NewProfile) (p *Profile, err error) {
	if !by.Role(accounts.Admin) {
		return nil, storage.ErrNotFound
	}
	err = c.db.Tx(ctx, func(tx *gorm.DB) error {
		if p, err = addProfile(tx, issuerID, in, by.AccountID); err != nil {
			return err
		}
		return accounts.Audit(tx, by.AccountID, "issuer.profile", issuerID, p.ID, "")
	})
	return p, err
}

func addProfile(tx *gorm.DB, issuerID string, in NewProfile, by string) (*Profile, error) {
	if err := check().Struct(in); err != nil {
		return nil, err
	}
	if in.UntilOn != "" && in.UntilOn < in.FromOn {
		return nil, ErrBackwards
	}
	if err := tx.Where("id = ?", issuerID).Take(&Issuer{}).Error; err != nil {
		return nil, err
	}
	p := &Profile{
		ID: uuid.NewString(), IssuerID: issuerID, FromOn: in.FromOn, UntilOn: in.UntilOn,
		Name: in.Name, Office: in.Office, Person: in.Person,
		ApprovedOn: in.ApprovedOn, Document: in.Document, ApprovedBy: in.ApprovedBy,
		Seal: in.Seal, SealApprovedOn: in.SealApprovedOn, SealDocument: in.SealDocument, SealApprovedBy: in.SealApprovedBy,
		Idiom: in.Idiom, CreatedBy: by, CreatedAt: tx.NowFunc(),
	}
	if in.Seal == SealPicture {
		sha, err := keepSeal(tx, in.SealPicture)
		if err != nil {
			return nil, err
		}
		p.SealSHA256 = &sha
	}
	return p, tx.Create(p).Error
}

func keepSeal(tx *gorm.DB, picture []byte) (sha256 string, err error) {
	size, kind, err := image.DecodeConfig(bytes.NewReader(picture))
	if err != nil || len(picture) > maxSealBytes || max(size.Width, size.Height) > maxSealPixels {
		return "", ErrSealPicture
	}
	if _, _, err := image.Decode(bytes.NewReader(picture)); err != nil {
		return "", ErrSealPicture
	}
	return storage.PutMedium(tx, "image/"+kind, picture)
}

// EndProfile gives a profile its last day, as when a mayor's term ends. Days that
// have passed may be given: what is issued already stays. Errors:
// validator.ValidationErrors, ErrBackwards, storage.ErrNotFound also for who is no
// administrator.
func (c *Certificates) EndProfile(ctx context.Context, by accounts.Access, issuerID, profileID, lastDay string) error {
	if !by.Role(accounts.Admin) {
		return storage.ErrNotFound
	}
	if err := check().Var(lastDay, "required,datetime=2006-01-02"); err != nil {
		return err
	}
	return c.db.Tx(ctx, func(tx *gorm.DB) error {
		var p Profile
		if err := tx.Where("id = ? AND issuer_id = ?", profileID, issuerID).Take(&p).Error; err != nil {
			return err
		}
		if lastDay < p.FromOn {
			return ErrBackwards
		}
		err := tx.Model(&Profile{}).Where("id = ?", p.ID).Update("until_on", lastDay).Error
		return errors.Join(err, accounts.Audit(tx, by.AccountID, "issuer.profile", issuerID, p.ID, lastDay))
	})
}

// Profiles lists an issuer's profiles, the newest first.
func (c *Certificates) Profiles(ctx context.Context, issuerID string) ([]*Profile, error) {
	var list []*Profile
	err := c.db.Read(ctx).Where("issuer_id = ?", issuerID).Order("from_on DESC, created_at DESC, id").Find(&list).Error
	return list, err
}
