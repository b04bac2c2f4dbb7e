// Package certificates makes, corrects and verifies 修了証: who issues them, their
// numbers, what is printed, the register (交付台帳) and the paper. It knows what a
// completion is and who a person is; it does not know how one finishes a course.
package certificates

import (
	"errors"
	"reflect"
	"strings"
	"sync"
	"unicode"

	"github.com/go-playground/validator/v10"
	"golang.org/x/text/unicode/norm"
	"gorm.io/gorm"

	"tsunagari/certificates/paper"
	"tsunagari/courses"
	"tsunagari/courses/accounts"
	"tsunagari/storage"
)

// Options say what certificates need to know of the program around them.
type Options struct {
	// BaseURL is the fixed address of the site, https://…, printed and in the QR.
	BaseURL string
	// Specimen prints 見本 across everything: the demonstration.
	Specimen bool
	// Host is who holds a class (主催): a municipality's code, and a name. Nil: no classes.
	Host func(tx *gorm.DB, classID string) (municipality, name string, err error)
	// Rename corrects the name of an account (accounts.Rename). Nil: no correction
	// can be accepted.
	Rename func(tx *gorm.DB, accountID string, in accounts.Names, by, why string) error
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
		o.Rename = func(*gorm.DB, string, accounts.Names, string, string) error { return errNoRename }
	}
	return &Certificates{db: db, courses: c, options: o, press: newPress()}
}

var errNoRename = errors.New("certificates: nothing was wired that corrects the name of an account")

// reach narrows a query to people and certificates of the municipalities that the
// member of staff is the desk of; everybody's for an administrator.
func reach(q *gorm.DB, by accounts.Access) *gorm.DB {
	return by.Within(q, "municipality", accounts.Desk)
}

// keeps says whether the member of staff keeps the register of an issuer.
func keeps(by accounts.Access, i *Issuer) bool {
	return by.Role(accounts.Admin) || i.Kind == Municipality && by.Reaches(i.Code, accounts.Desk)
}

// check validates input structs. Beside validator's own tags there are
// "printable", every character can be put on paper, and "kana", as in accounts.
var check = sync.OnceValue(func() *validator.Validate {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(func(f reflect.StructField) string { return f.Tag.Get("form") })
	for tag, ok := range map[string]func(string) bool{
		"printable": func(s string) bool { return paper.Check(s) == nil },
		"kana":      isKana,
	} {
		if err := v.RegisterValidation(tag, func(f validator.FieldLevel) bool { return ok(f.Field().String()) }); err != nil {
			panic(err) // the name of the tag is ours
		}
	}
	return v
})

// isKana takes hiragana and katakana of any width; accounts makes hiragana of them.
func isKana(s string) bool {
	for _, r := range norm.NFKC.String(s) {
		if !unicode.In(r, unicode.Hiragana, unicode.Katakana) && !strings.ContainsRune("ー・ ", r) {
			return false
		}
	}
	return true
}
