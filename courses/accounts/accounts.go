package accounts

import (
	"reflect"
	"strings"
	"sync/atomic"

	"github.com/go-playground/validator/v10"
	"gorm.io/gorm"

	"tsunagari/storage"
)

// Accounts keeps people, their ways in, and what belongs to a place.
type Accounts struct {
	db         *storage.DB
	printable  func(name string) error
	erase      []func(tx *gorm.DB, accountID string) error
	registered []func(tx *gorm.DB, accountID string) error
	setUp      []func(tx *gorm.DB, operator Operator, by string) error
	merge      []func(tx *gorm.DB, from, into string) error
	preview    []func(tx *gorm.DB, from, into string) (MergePart, error)
	operator   atomic.Pointer[knownOperator]
}

// Options are what accounts needs from the rooms above.
type Options struct {
	// Printable says whether a certificate can show the name; its error names the
	// character that it cannot. nil: everything can be printed.
	Printable func(name string) error
}

// New is the accounts of db.
func New(db *storage.DB, o Options) *Accounts {
	if o.Printable == nil {
		o.Printable = func(string) error { return nil }
	}
	return &Accounts{db: db, printable: o.Printable}
}

// OnErase registers what another room forgets of a person, in the transaction
// that erases the account and before it.
func (a *Accounts) OnErase(fn func(tx *gorm.DB, accountID string) error) {
	a.erase = append(a.erase, fn)
}

var validate = newValidator()

// newValidator names fields in its errors as forms do.
func newValidator() *validator.Validate {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(func(f reflect.StructField) string {
		name, _, _ := strings.Cut(f.Tag.Get("form"), ",")
		return name
	})
	return v
}

type fieldLevel = validator.FieldLevel
