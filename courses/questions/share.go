package questions

import (
	"math"
	"strconv"
)

// ParsePercent reads a percentage as a share of the mark: 33.33333 as a third.
// What other programs round after five places are thirds to twelfths exactly.
func ParsePercent(s string) (share float64, ok bool) {
	share, err := strconv.ParseFloat(s+"e-2", 64)
	if err != nil || math.IsNaN(share) || math.IsInf(share, 0) {
		return 0, false
	}
	for of := 3.0; of <= 12; of++ {
		if near := math.Round(share*of) / of; math.Abs(share-near) < 1e-7 {
			return near, true
		}
	}
	return share, true
}

// Percent is a share of the mark as a percentage that ParsePercent reads as the
// same share.
func Percent(share float64) string {
	s := ""
	for places := range 18 {
		s = strconv.FormatFloat(share*100, 'f', places, 64)
		if back, ok := ParsePercent(s); ok && back == share {
			break
		}
	}
	return s
}
