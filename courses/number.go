package courses

import (
	"math"
	"strconv"
	"strings"
)

// percentage reads a share of the mark in percent, digits of any width.
func percentage(s string, least float64) (float64, error) {
	n, err := number(strings.TrimSuffix(strings.TrimSuffix(s, "%"), "％"))
	if err != nil || n < least || n > 100 {
		return 0, ErrQuestionWeight
	}
	return math.Round(n*1e5) / 1e7, nil
}

var wideDigits = strings.NewReplacer("０", "0", "１", "1", "２", "2", "３", "3", "４", "4", "５", "5", "６", "6", "７", "7", "８", "8", "９", "9",
	"．", ".", "－", "-", "−", "-", "ー", "-", "，", "", ",", "")

func number(s string) (float64, error) {
	n, err := strconv.ParseFloat(strings.TrimSpace(wideDigits.Replace(s)), 64)
	if err != nil || math.IsNaN(n) || math.Abs(n) > 1e15 {
		return 0, ErrQuestionNumber
	}
	return n, nil
}
