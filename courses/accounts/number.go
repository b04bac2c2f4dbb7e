package accounts

import (
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"strings"

	"golang.org/x/text/unicode/norm"
	"gorm.io/gorm"
)

// damm is the quasigroup of H. M. Damm's check digit (Total anti-symmetrische
// Quasigruppen, Marburg 2004): it catches every single wrong digit and every
// swap of neighbours.
var damm = [10][10]int{
	{0, 3, 1, 7, 5, 9, 8, 6, 4, 2},
	{7, 0, 9, 2, 1, 5, 4, 8, 6, 3},
	{4, 2, 0, 6, 8, 7, 1, 3, 5, 9},
	{1, 7, 5, 0, 9, 8, 3, 4, 2, 6},
	{6, 1, 2, 3, 0, 4, 5, 9, 7, 8},
	{3, 6, 7, 4, 2, 0, 9, 5, 8, 1},
	{5, 8, 6, 9, 7, 2, 0, 1, 3, 4},
	{8, 9, 4, 5, 3, 6, 2, 0, 1, 7},
	{9, 4, 3, 8, 6, 1, 7, 2, 0, 5},
	{2, 5, 8, 1, 4, 3, 6, 7, 9, 0},
}

// checkDigit is 0 for digits that end in their check digit.
func checkDigit(digits string) int {
	d := 0
	for _, c := range digits {
		d = damm[d][c-'0']
	}
	return d
}

// numberDigits is the length of a 受講番号 with its check digit.
const numberDigits = 8

// newNumber is a 受講番号 that nobody has.
func newNumber(tx *gorm.DB) (string, error) {
	for range 20 {
		n, err := rand.Int(rand.Reader, big.NewInt(9_000_000))
		if err != nil {
			return "", err
		}
		digits := fmt.Sprint(n.Int64() + 1_000_000)
		digits += fmt.Sprint(checkDigit(digits))
		var taken int64
		if err := tx.Model(&Account{}).Where("number = ?", digits).Count(&taken).Error; err != nil {
			return "", err
		}
		if taken == 0 {
			return digits, nil
		}
	}
	return "", errors.New("accounts: no free number was found")
}

// ReadNumber reads a 受講番号 as people type it: full-width digits, spaces and
// hyphens of any kind. ok is false when a digit is wrong, missing or swapped.
func ReadNumber(typed string) (number string, ok bool) {
	var b strings.Builder
	for _, r := range norm.NFKC.String(typed) {
		switch {
		case r >= '0' && r <= '9':
			b.WriteRune(r)
		case strings.ContainsRune(" -‐‑‒–—―−ー_.・番号第", r):
		default:
			return "", false
		}
	}
	number = b.String()
	return number, len(number) == numberDigits && checkDigit(number) == 0
}

// ShowNumber writes a 受講番号 for people: 1234-5678.
func ShowNumber(number string) string {
	if len(number) != numberDigits {
		return number
	}
	return number[:4] + "-" + number[4:]
}
