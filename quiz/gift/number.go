package gift

import (
	"math/big"
	"regexp"
	"strconv"
	"strings"
)

const maxNumber = 1e15 // that of questions.yaml

var decimal = regexp.MustCompile(`^[+-]?(?:[0-9]{1,30}\.?[0-9]{0,30}|\.[0-9]{1,30})(?:[eE][+-]?[0-9]{1,3})?$`)

// exactly is a decimal number without the error of a float: 3.142 − 3.141 is
// 0.001 then.
func exactly(s string) (*big.Rat, bool) {
	s = strings.TrimSpace(s)
	if !decimal.MatchString(s) {
		return nil, false
	}
	return new(big.Rat).SetString(strings.TrimSuffix(s, "."))
}

// within reads 3, 3:0.5 and 2.5..3.5 as a number and how far from it is right.
func within(s string) (value, tolerance float64, ok bool) {
	if low, high, ranged := strings.Cut(s, ".."); ranged {
		a, okA := exactly(low)
		b, okB := exactly(high)
		if !okA || !okB {
			return 0, 0, false
		}
		half := big.NewRat(1, 2)
		return float(new(big.Rat).Mul(new(big.Rat).Add(a, b), half)), float(new(big.Rat).Mul(new(big.Rat).Sub(b, a), half)), true
	}
	number, margin, found := strings.Cut(s, ":")
	if !found {
		margin = "0"
	}
	a, okA := exactly(number)
	b, okB := exactly(margin)
	if !okA || !okB {
		return 0, 0, false
	}
	return float(a), float(b), true
}

func float(r *big.Rat) float64 {
	f, _ := r.Float64()
	return f
}

// hundredth is a percentage as a share. It moves the decimal point instead of
// dividing, so that the share that percent wrote comes back to the last bit.
func hundredth(s string) (float64, bool) {
	f, err := strconv.ParseFloat(s+"e-2", 64)
	return f, err == nil
}

// percent is a share as a percentage, exactly.
func percent(share float64) string {
	s := strconv.FormatFloat(share, 'f', -1, 64)
	sign := ""
	if s[0] == '-' {
		sign, s = "-", s[1:]
	}
	whole, part, _ := strings.Cut(s, ".")
	part += strings.Repeat("0", max(2-len(part), 0))
	whole = strings.TrimLeft(whole+part[:2], "0")
	part = strings.TrimRight(part[2:], "0")
	if whole == "" {
		whole = "0"
	}
	if part != "" {
		part = "." + part
	}
	return sign + whole + part
}
