package accounts

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/go-playground/validator/v10"
	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"tsunagari/storage"
)

// ConsentKind says what somebody agreed to.
type ConsentKind string

// The kinds of consent: to what registering keeps, and 「町からの連絡を受け取る」.
const (
	ToPrivacy ConsentKind = "privacy"
	ToContact ConsentKind = "contact"
)

// Consent is what somebody agreed to, from a day until it is withdrawn. What was
// withdrawn keeps its dates and loses the address.
type Consent struct {
	ID, AccountID string
	Kind          ConsentKind
	How           string // to privacy: "web"; to contact: mail, phone or letter
	Contact       string
	Municipality  string // to contact: the town that may write
	GivenAt       time.Time
	WithdrawnAt   *time.Time
}

// HowLabel is the way of contact in Japanese.
func (c Consent) HowLabel() string {
	return map[string]string{"mail": "メール", "phone": "電話", "letter": "郵便", "web": "画面で", "paper": "書面で"}[c.How]
}

// ContactInput says how somebody wants to hear from their town.
type ContactInput struct {
	How     string `form:"how" validate:"required,oneof=mail phone letter"`
	Contact string `form:"contact" validate:"required,max=200,name"`
}

func init() {
	validate.RegisterStructValidation(func(l validator.StructLevel) {
		in := l.Current().Interface().(ContactInput)
		switch {
		case in.How == "mail" && validate.Var(in.Contact, "email") != nil:
			l.ReportError(in.Contact, "contact", "Contact", "email", "")
		case in.How == "phone" && !isPhone(in.Contact):
			l.ReportError(in.Contact, "contact", "Contact", "phone", "")
		}
	}, ContactInput{})
}

// ErrNotRegistered says that only who has given a name can do this.
var ErrNotRegistered = errors.New("accounts: only who has registered can do this")

// ErrNoTown says that somebody lives where no town takes part.
var ErrNoTown = errors.New("accounts: only who lives in a municipality of the prefecture can hear from it")

// AgreeToContact keeps that the person wants to hear from the town where they
// live; another way takes the place of the one before. Who moves away has to agree
// anew, for the consent was not to another town. Errors:
// validator.ValidationErrors, ErrNotRegistered, ErrNoTown, storage.ErrNotFound.
func (a *Accounts) AgreeToContact(ctx context.Context, accountID string, in ContactInput) error {
	in.Contact = strings.TrimSpace(in.Contact)
	if err := validate.Struct(in); err != nil {
		return err
	}
	return a.db.Tx(ctx, func(tx *gorm.DB) error {
		person, err := hold(tx, accountID)
		if err != nil {
			return err
		}
		if person.State != Active {
			return ErrNotRegistered
		}
		if person.Municipality == "" {
			return ErrNoTown
		}
		now, err := contactOf(tx, accountID)
		if err == nil && now.How == in.How && now.Contact == in.Contact && now.Municipality == person.Municipality {
			return nil // sent twice
		}
		if err != nil && !errors.Is(err, storage.ErrNotFound) {
			return err
		}
		if err := withdraw(tx, accountID); err != nil {
			return err
		}
		return tx.Create(&Consent{
			ID: uuid.NewString(), AccountID: accountID, Kind: ToContact, How: in.How, Contact: in.Contact,
			Municipality: person.Municipality, GivenAt: tx.NowFunc(),
		}).Error
	})
}

// hold is the account, so that nothing else changes it until the transaction ends.
func hold(tx *gorm.DB, accountID string) (*Account, error) {
	return Load(tx.Clauses(clause.Locking{Strength: "UPDATE"}), accountID)
}

func contactOf(tx *gorm.DB, accountID string) (*Consent, error) {
	var c Consent
	return &c, tx.Where("account_id = ? AND kind = ? AND withdrawn_at IS NULL", accountID, ToContact).Take(&c).Error
}

func withdraw(tx *gorm.DB, accountID string) error {
	return tx.Model(&Consent{}).Where("account_id = ? AND kind = ? AND withdrawn_at IS NULL", accountID, ToContact).
		Updates(map[string]any{"withdrawn_at": tx.NowFunc(), "contact": ""}).Error
}

// Contact is how the person wants to hear from the town in it, or
// storage.ErrNotFound when they do not.
func (a *Accounts) Contact(ctx context.Context, accountID string) (*Consent, error) {
	return contactOf(a.db.Read(ctx), accountID)
}

// WithdrawContact ends it at once; who had not agreed is fine. The address is
// forgotten, the dates stay.
func (a *Accounts) WithdrawContact(ctx context.Context, accountID string) error {
	return a.db.Tx(ctx, func(tx *gorm.DB) error { return withdraw(tx, accountID) })
}

// Reachable is one line of 連絡を受け取る人の名簿.
type Reachable struct {
	AccountID, Number     string
	FamilyName, GivenName string
	FamilyKana, GivenKana string
	How, Contact          string
	GivenAt               time.Time
}

// Name is the whole name.
func (r Reachable) Name() string { return FullName(r.FamilyName, r.GivenName) }

// Kana is the whole ふりがな.
func (r Reachable) Kana() string { return FullName(r.FamilyKana, r.GivenKana) }

// HowLabel is the way of contact in Japanese.
func (r Reachable) HowLabel() string { return Consent{How: r.How}.HowLabel() }

// Contacts are the people of a municipality who want to hear from it, by ふりがな,
// for its front desk or an administrator; else storage.ErrNotFound. Every look at
// the list is written down, with the reason given.
func (a *Accounts) Contacts(ctx context.Context, by Access, code, why string) (list []Reachable, err error) {
	if _, known := ByCode(code); !known || !by.Reaches(code, Desk) {
		return nil, storage.ErrNotFound
	}
	err = a.db.Tx(ctx, func(tx *gorm.DB) error {
		list = nil
		err := tx.Raw(`SELECT a.id AS account_id, a.number, a.family_name, a.given_name, a.family_kana, a.given_kana, c.how, c.contact, c.given_at
			FROM consents c JOIN accounts a ON a.id = c.account_id
			WHERE c.kind = 'contact' AND c.withdrawn_at IS NULL AND a.state = 'active'
			AND a.municipality = ? AND c.municipality = a.municipality
			ORDER BY a.search_kana, a.id`, code).Scan(&list).Error
		if err != nil {
			return err
		}
		return Audit(tx, by.AccountID, "contact.list", "", code, why)
	})
	return list, err
}
