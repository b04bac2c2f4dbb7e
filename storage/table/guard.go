package table

import (
	"strings"
	"unicode"
)

// Guarded is a cell of a CSV file with an apostrophe before what a spreadsheet
// would take for a formula (OWASP, CSV Injection), be it after spaces and marks
// that nobody sees, or in full width. Unguarded takes it away again.
func Guarded(cell string) string {
	if Formula(cell) {
		return "'" + cell
	}
	return cell
}

// Unguarded is what Guarded was given.
func Unguarded(cell string) string {
	if rest, quoted := strings.CutPrefix(cell, "'"); quoted && Formula(rest) {
		return rest
	}
	return cell
}

// Formula says whether a spreadsheet could take the cell for a formula.
func Formula(cell string) bool {
	begin := strings.TrimLeftFunc(cell, func(r rune) bool {
		return r != '\t' && r != '\r' && (unicode.IsSpace(r) || unicode.Is(unicode.Cf, r))
	})
	return begin != "" && strings.ContainsRune("=+-@\t\r＝＋－＠−|%'", []rune(begin)[0])
}
