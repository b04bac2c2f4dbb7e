package accounts

import (
	"slices"
	"strings"

	"gorm.io/gorm"
)

// Role is what a post (係) is for.
type Role string

// The roles of staff. A learner has none.
const (
	Admin   Role = "admin"   // 管理者
	Desk    Role = "desk"    // 窓口担当: finds people of its municipalities
	Officer Role = "officer" // 自治体担当: numbers and lists of its municipalities
	Trainer Role = "trainer" // 講師
)

// Label is the role in Japanese.
func (r Role) Label() string {
	return map[Role]string{Admin: "管理者", Desk: "窓口担当", Officer: "自治体担当", Trainer: "講師"}[r]
}

// Access is what somebody may do, as their current posts say. The zero Access
// may nothing. It counts in a staff session only: who comes in by a 受講カード is a
// learner, whatever their posts.
type Access struct {
	AccountID      string
	Roles          []Role
	Municipalities []string // codes of the desk and officer posts, sorted
	codes          map[Role][]string
}

// Shell is the access of whoever works on the machine itself, in a command.
func Shell() Access { return Access{AccountID: "shell", Roles: []Role{Admin}} }

// Role says whether one of the roles is held.
func (a Access) Role(any ...Role) bool {
	return slices.ContainsFunc(a.Roles, func(r Role) bool { return slices.Contains(any, r) })
}

// Of are the codes of the posts with one of the roles, sorted. An administrator's
// own list may be empty: Reaches and Within know that admins reach everything.
func (a Access) Of(any ...Role) []string {
	var codes []string
	for _, r := range any {
		codes = append(codes, a.codes[r]...)
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

// Reaches says whether the municipality belongs to a post with one of the roles.
func (a Access) Reaches(code string, any ...Role) bool {
	return a.Role(Admin) || slices.Contains(a.Of(any...), code)
}

// Within narrows a query to the municipalities of the posts with one of the roles;
// an administrator sees all. column is the program's own text.
func (a Access) Within(tx *gorm.DB, column string, any ...Role) *gorm.DB {
	if a.Role(Admin) {
		return tx
	}
	return tx.Where(column+" IN ?", a.Of(any...))
}

// add takes in one current post with its codes as stored.
func (a *Access) add(role Role, municipalities string) {
	if !slices.Contains(a.Roles, role) {
		a.Roles = append(a.Roles, role)
		slices.Sort(a.Roles)
	}
	if a.codes == nil {
		a.codes = map[Role][]string{}
	}
	a.codes[role] = append(a.codes[role], strings.Fields(municipalities)...)
	a.Municipalities = a.Of(Desk, Officer)
}

// AccessOf is what the account's current posts allow, for a job that has no
// session. Nobody's posts are no error.
func AccessOf(tx *gorm.DB, accountID string) (Access, error) {
	var rows []struct {
		Role           Role
		Municipalities string
	}
	err := tx.Raw(`SELECT p.role, p.municipalities FROM members m JOIN posts p ON p.id = m.post_id
		WHERE m.account_id = ? AND m.ended_at IS NULL AND p.ended_at IS NULL`, accountID).Scan(&rows).Error
	access := Access{AccountID: accountID}
	for _, r := range rows {
		access.add(r.Role, r.Municipalities)
	}
	return access, err
}
