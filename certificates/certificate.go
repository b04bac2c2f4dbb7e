package certificates

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"tsunagari/courses"
	"tsunagari/courses/accounts"
	"tsunagari/courses/questions"
	"tsunagari/storage"
)

// State says whether a certificate is valid.
type State string

// Issued is valid; Replaced and Revoked ended, and say why. None is what the
// verification says of a number that was never given.
const (
	Issued   State = "issued"
	Replaced State = "replaced"
	Revoked  State = "revoked"
	None     State = "none"
)

// Method is how a certificate reached the person (交付方法).
type Method string

// The person's own screen, printed at a front desk, handed out in class.
const (
	OnScreen Method = "screen"
	AtDesk   Method = "desk"
	InClass  Method = "class"
)

// Certificate is one certificate. When its person is erased the account, the code
// and the names in Printed go; number, state and hash stay.
type Certificate struct {
	ID           string
	CompletionID string
	AccountID    *string
	IssuerID     string
	FiscalYear   int // 年度 of the 修了日
	Serial       int
	Number       string
	State        State
	Printed      Printed
	Code         *string // content of the QR and salt of the hash
	SHA256       string  `gorm:"column:sha256"`
	Municipality string  // of residence at the completion
	Method       Method
	IssuedAt     time.Time
	Replaces     *string // id of the certificate before it
	ReplacedBy   *string
	EndedAt      *time.Time
	Reason       string // why it ended

	RegisterName, RegisterKana, RegisterUntil string // of an erased person
}

// WaitReason says why a certificate cannot be made yet.
type WaitReason string

// Nobody is there to issue it, or it would carry a character that cannot be printed.
const (
	NoIssuer    WaitReason = "no_issuer"
	Unprintable WaitReason = "unprintable"
)

// Wait is a completion whose certificate waits (発行待ち).
type Wait struct {
	CompletionID, AccountID string
	Reason                  WaitReason
	Detail                  string // the characters that cannot be printed
	Since                   time.Time

	Course      string `gorm:"-"` // title, as Of fills it in
	CompletedOn string `gorm:"-"` // 修了日
}

// TableName is the table of waiting certificates.
func (Wait) TableName() string { return "certificate_waits" }

// ErrErased says that the person is erased: there is nothing left to print.
var ErrErased = errors.New("certificates: the person was erased")

// Issue makes the certificate of a completion in the completion's transaction, or
// notes that and why it waits. Repeated, it changes nothing. It is the last thing
// a transaction does: it takes the number that others wait for.
func (c *Certificates) Issue(tx *gorm.DB, done *courses.Completion) error {
	var n int64
	err := tx.Model(&Certificate{}).Where("completion_id = ?", done.ID).Count(&n).Error
	if err != nil || n > 0 {
		return err
	}
	draft, wait, err := c.draft(tx, done)
	if err != nil {
		return err
	}
	if wait != nil {
		return tx.Clauses(clause.OnConflict{
			Columns:   []clause.Column{{Name: "completion_id"}},
			DoUpdates: clause.AssignmentColumns([]string{"reason", "detail"}),
		}).Create(wait).Error
	}
	if err := tx.Where("completion_id = ?", done.ID).Delete(&Wait{}).Error; err != nil {
		return err
	}
	return c.number(tx, draft)
}

// draft is the certificate of a completion without its number, or why it waits.
func (c *Certificates) draft(tx *gorm.DB, done *courses.Completion) (*Certificate, *Wait, error) {
	if done.AccountID == nil {
		return nil, nil, ErrErased
	}
	wait := &Wait{CompletionID: done.ID, AccountID: *done.AccountID, Since: tx.NowFunc()}
	account, err := accounts.Load(tx, *done.AccountID)
	if err != nil {
		return nil, nil, err
	}
	rev, err := c.courses.RevisionTx(tx, done.RevisionID)
	if err != nil {
		return nil, nil, err
	}
	issuer, profile, err := c.issuerOf(tx, done)
	if err != nil {
		return nil, nil, err
	}
	if issuer == nil {
		wait.Reason = NoIssuer
		return nil, wait, nil
	}
	p := facts(courses.Plain(rev.Title.In(questions.JA)), rev.Number, profile, done.CompletedOn, today(tx.NowFunc()))
	p.Name, p.Kana = namesOf(account)
	if missing := p.unprintable(); len(missing) > 0 {
		wait.Reason, wait.Detail = Unprintable, string(missing)
		return nil, wait, nil
	}
	fiscalYear, err := FiscalYear(done.CompletedOn)
	if err != nil {
		return nil, nil, err
	}
	method := OnScreen
	if done.ClassID != nil {
		method = InClass
	}
	return &Certificate{
		CompletionID: done.ID, AccountID: done.AccountID, IssuerID: issuer.ID, FiscalYear: fiscalYear, Printed: p,
		Municipality: done.Municipality, Method: method,
	}, nil, nil
}

// facts is what a certificate says apart from its number and its person.
func facts(course string, revision int, profile *Profile, completedOn, issuedOn string) Printed {
	p := Printed{
		Statement: statement(profile.Idiom, course), Course: course, Revision: revision,
		CompletedOn: completedOn, IssuedOn: issuedOn,
		Issuer: profile.Name, Office: profile.Office, Person: profile.Person, Seal: profile.Seal,
	}
	if profile.SealSHA256 != nil {
		p.SealSHA256 = *profile.SealSHA256
	}
	return p
}

// number gives a certificate its identity, its number and its hash, and keeps it.
func (c *Certificates) number(tx *gorm.DB, cert *Certificate) error {
	var issuer Issuer
	if err := tx.Where("id = ?", cert.IssuerID).Take(&issuer).Error; err != nil {
		return err
	}
	code := newCode()
	if cert.ID == "" {
		cert.ID = uuid.NewString()
	}
	cert.State, cert.Code, cert.IssuedAt = Issued, &code, tx.NowFunc()
	var err error
	if cert.Serial, err = take(tx, issuer.ID, cert.FiscalYear); err != nil {
		return err
	}
	cert.Number = formatNumber(cert.FiscalYear, issuer.Code, cert.Serial)
	cert.Printed.Number = cert.Number
	if cert.SHA256, err = cert.Printed.Sum(code); err != nil {
		return err
	}
	return tx.Create(cert).Error
}

// IssueWaiting issues every waiting certificate whose reason is gone, each in a
// transaction of its own, and says how many. It is called when an issuer or a
// profile was added, and once a day.
func (c *Certificates) IssueWaiting(ctx context.Context) (issued int, err error) {
	var ids []string
	err = c.db.Read(ctx).Model(&Wait{}).Order("since, completion_id").Pluck("completion_id", &ids).Error
	for _, id := range ids {
		if err != nil {
			return issued, err
		}
		var done bool
		err = c.db.Tx(ctx, func(tx *gorm.DB) error {
			done, err = c.issueWaiting(tx, id)
			return err
		})
		if done && err == nil {
			issued++
		}
	}
	return issued, err
}

// issueWaiting tries one waiting completion again; somebody else may have been
// faster.
func (c *Certificates) issueWaiting(tx *gorm.DB, completionID string) (issued bool, err error) {
	var wait Wait
	err = tx.Clauses(clause.Locking{Strength: "UPDATE"}).Where("completion_id = ?", completionID).Take(&wait).Error
	if errors.Is(err, storage.ErrNotFound) {
		return false, nil
	}
	var done courses.Completion
	if err == nil {
		err = tx.Where("id = ?", completionID).Take(&done).Error
	}
	if err == nil {
		err = c.Issue(tx, &done)
	}
	if err != nil {
		return false, err
	}
	var left int64
	err = tx.Model(&Wait{}).Where("completion_id = ?", completionID).Count(&left).Error
	return left == 0, err
}

// Of lists a person's certificates, the newest first, and what waits.
func (c *Certificates) Of(ctx context.Context, accountID string) ([]*Certificate, []*Wait, error) {
	return c.of(c.db.Read(ctx), accountID)
}

func (c *Certificates) of(tx *gorm.DB, accountID string) (certs []*Certificate, waits []*Wait, err error) {
	if err := tx.Where("account_id = ?", accountID).Order("issued_at DESC, serial DESC").Find(&certs).Error; err != nil {
		return nil, nil, err
	}
	if err := tx.Where("account_id = ?", accountID).Order("since, completion_id").Find(&waits).Error; err != nil {
		return nil, nil, err
	}
	for _, w := range waits {
		if err := c.describe(tx, w); err != nil {
			return nil, nil, err
		}
	}
	return certs, waits, nil
}

// describe says of which course the certificate waits.
func (c *Certificates) describe(tx *gorm.DB, w *Wait) error {
	var done courses.Completion
	if err := tx.Where("id = ?", w.CompletionID).Take(&done).Error; err != nil {
		return err
	}
	rev, err := c.courses.RevisionTx(tx, done.RevisionID)
	if err != nil {
		return err
	}
	w.Course, w.CompletedOn = courses.Plain(rev.Title.In(questions.JA)), done.CompletedOn
	return nil
}

// Certificate is the person's own certificate with the given id, or storage.ErrNotFound.
func (c *Certificates) Certificate(ctx context.Context, accountID, id string) (*Certificate, error) {
	var cert Certificate
	if err := c.db.Read(ctx).Where("id = ? AND account_id = ?", id, accountID).Take(&cert).Error; err != nil {
		return nil, err
	}
	return &cert, nil
}

// ForDesk is the certificate with the given id if the desk may touch it, or
// storage.ErrNotFound.
func (c *Certificates) ForDesk(ctx context.Context, by accounts.Access, id string) (*Certificate, error) {
	var cert Certificate
	if err := reach(c.db.Read(ctx), by).Where("id = ?", id).Take(&cert).Error; err != nil {
		return nil, err
	}
	return &cert, nil
}

// Delivered notes how a certificate reached the person (交付方法), and who handed it out.
func (c *Certificates) Delivered(ctx context.Context, by accounts.Access, id string, how Method) error {
	return c.db.Tx(ctx, func(tx *gorm.DB) error {
		res := reach(tx.Model(&Certificate{}), by).Where("id = ?", id).Update("method", how)
		if res.Error == nil && res.RowsAffected == 0 {
			return storage.ErrNotFound
		}
		return errors.Join(res.Error, accounts.Audit(tx, by.AccountID, "certificate.print", id, string(how), ""))
	})
}
