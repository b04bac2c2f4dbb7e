package accounts

import "slices"

// AgeBand is an age in decades, as told by the person. It is stored as the
// decade ("10" … "80"), "none" for 答えない, "" before it was asked.
type AgeBand string

// NoAge is 答えない.
const NoAge AgeBand = "none"

// AgeBands are the answers in the order in which a form shows them.
var AgeBands = []AgeBand{"10", "20", "30", "40", "50", "60", "70", "80", NoAge}

// Valid says whether b is one of AgeBands.
func (b AgeBand) Valid() bool { return slices.Contains(AgeBands, b) }

// Label is the band in Japanese.
func (b AgeBand) Label() string {
	switch b {
	case "":
		return ""
	case NoAge:
		return "答えない"
	case "10":
		return "10代以下"
	case "80":
		return "80代以上"
	}
	return string(b) + "代"
}
