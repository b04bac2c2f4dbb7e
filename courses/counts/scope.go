package counts

import (
	"slices"

	"gorm.io/gorm"

	"tsunagari/courses/accounts"
	"tsunagari/storage"
)

// Area is where a count belongs: a municipality's six digits; two digits of a
// prefecture for people who live outside the municipalities that the site knows
// (道外); "" when it is not known (不明), and by host for who finished without a class.
type Area = string

// Unknown is the area of people of whom no place is known, and by host that of
// 自習.
const Unknown Area = ""

// Scope is what somebody may see. The zero Scope reaches nothing. Whatever lies
// outside is storage.ErrNotFound, never a half that was filtered away.
type Scope struct {
	all   bool
	codes []string // sorted
}

// ScopeOf is the scope of the officer posts of by; an administrator's is everything.
func ScopeOf(by accounts.Access) Scope {
	if by.Role(accounts.Admin) {
		return Everything()
	}
	return ScopeOfCodes(by.Of(accounts.Officer))
}

// ScopeOfCodes is the scope of some municipalities, as a token has it.
func ScopeOfCodes(codes []string) Scope {
	return Scope{codes: slices.Compact(slices.Sorted(slices.Values(codes)))}
}

// Everything is the scope of who works on the machine itself.
func Everything() Scope { return Scope{all: true} }

// Reaches says whether the area is in the scope. Areas that are no municipality
// (道外, 不明) belong to nobody but who sees everything.
func (s Scope) Reaches(area Area) bool {
	return s.all || slices.Contains(s.codes, area)
}

// All says whether the scope is everything.
func (s Scope) All() bool { return s.all }

// Codes are the municipalities of the scope, sorted; nil for everything.
func (s Scope) Codes() []string { return slices.Clone(s.codes) }

// areas are the areas that a caller asked for (nil: all of the scope), checked;
// nil for everything. Errors: storage.ErrNotFound.
func (s Scope) areas(asked []string) ([]string, error) {
	if !s.all && len(s.codes) == 0 {
		return nil, storage.ErrNotFound
	}
	if asked == nil {
		return s.codes, nil
	}
	for _, area := range asked {
		if !s.Reaches(area) {
			return nil, storage.ErrNotFound
		}
	}
	return slices.Compact(slices.Sorted(slices.Values(asked))), nil
}

// in narrows a query to areas; nil is all. column is the program's own text.
func in(q *gorm.DB, column string, areas []string) *gorm.DB {
	if areas == nil {
		return q
	}
	return q.Where(column+" IN ?", areas)
}
