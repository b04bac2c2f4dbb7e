// Package certificates makes, corrects and verifies 修了証: who issues them, their
// numbers, what is printed, the register (交付台帳) and the paper. It knows what a
// completion is and who a person is; it does not know how one finishes a course.
package certificates

import (
	"errors"
	"reflect"
	"slices"
	"sync"

	"github.com/go-playground/validator/v10"
	"gorm.io/gorm"

	"tsunagari/certificates/paper"
	"tsunagari/courses"
	"tsunagari/storage"
)

// Options say what certificates need to know of the program around them.
type Options struct {
	// BaseURL is the fixed address of the site, https://…, printed and in the QR.
	BaseURL string
	// Specimen prints 見本 across everything: the demonstration.
	Specimen bool
	// Host is the issuer of a class, "" when its host is none. Nil: no classes.
	Host func(tx *gorm.DB, classID string) (issuerID string, err error)
	// Rename corrects the name of an account. Nil: no correction can be accepted.
	Rename func(tx *gorm.DB, accountID string, n Name, by, why string) error
}

// Certificates keeps certificates and those who issue them.
type Certificates struct {
	db      *storage.DB
	courses *courses.Courses
	options Options
	press   *press
}

// New is the certificates of db.
func New(db *storage.DB, c *courses.Courses, o Options) *Certificates {
	if o.Rename == nil {
		o.Rename = func(*gorm.DB, string, Name, string, string) error { return errNoRename }
	}
	return &Certificates{db: db, courses: c, options: o, press: newPress()}
}

var errNoRename = errors.New("certificates: nothing was wired that corrects the name of an account")

// Desk is a member of staff: who acts, and for whose certificates.
type Desk struct {
	ID             string // account
	Everywhere     bool
	Municipalities []string // of residence, when not everywhere
}

// reach narrows a query to rows of municipalities for which the desk is responsible.
func (d Desk) reach(q *gorm.DB) *gorm.DB {
	if d.Everywhere {
		return q
	}
	return q.Where("municipality IN ?", d.Municipalities)
}

// keeps says whether the desk keeps the register of an issuer.
func (d Desk) keeps(i *Issuer) bool {
	return d.Everywhere || i.Kind == Municipality && slices.Contains(d.Municipalities, i.Code)
}

// check validates input structs. Beside validator's own tags there is
// "printable": every character can be put on paper.
var check = sync.OnceValue(func() *validator.Validate {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(func(f reflect.StructField) string { return f.Tag.Get("form") })
	err := v.RegisterValidation("printable", func(f validator.FieldLevel) bool {
		return paper.Check(f.Field().String()) == nil
	})
	if err != nil {
		panic(err) // the name of the tag is ours
	}
	return v
})
