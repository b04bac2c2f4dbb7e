package accounts

import (
	"fmt"
	"testing"

	"golang.org/x/text/width"
	"pgregory.net/rapid"
)

var numbers = rapid.Custom(func(t *rapid.T) string {
	s := fmt.Sprint(rapid.IntRange(1_000_000, 9_999_999).Draw(t, "number"))
	return s + fmt.Sprint(checkDigit(s))
})

func TestCheckDigitNoticesOneWrongDigit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := []byte(numbers.Draw(t, "number"))
		i := rapid.IntRange(0, 7).Draw(t, "place")
		n[i] = '0' + (n[i]-'0'+byte(rapid.IntRange(1, 9).Draw(t, "by")))%10
		if _, ok := ReadNumber(string(n)); ok {
			t.Fatalf("%s passed", n)
		}
	})
}

func TestCheckDigitNoticesExchangedNeighbours(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := []byte(numbers.Draw(t, "number"))
		i := rapid.IntRange(0, 6).Draw(t, "place")
		if n[i] == n[i+1] {
			t.Skip("the same digit twice")
		}
		n[i], n[i+1] = n[i+1], n[i]
		if _, ok := ReadNumber(string(n)); ok {
			t.Fatalf("%s passed", n)
		}
	})
}

func TestNumberAsPeopleTypeIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := numbers.Draw(t, "number")
		between := rapid.SampledFrom([]string{"", "-", " ", "　", "ー", "－", "−", "–", " - "}).Draw(t, "between")
		typed := n[:4] + between + n[4:]
		if rapid.Bool().Draw(t, "wide") {
			typed = width.Widen.String(typed)
		}
		if got, ok := ReadNumber(" " + typed + "　"); got != n || !ok {
			t.Fatalf("%q is read as %q %v", typed, got, ok)
		}
	})
}

func TestNotANumber(t *testing.T) {
	for _, typed := range []string{"", "1234", "123456789", "abcdefgh", "一二三四五六七八", "12a45678", "0000-0001"} {
		if got, ok := ReadNumber(typed); ok {
			t.Errorf("%q is read as %q", typed, got)
		}
	}
	if got := ShowNumber("12345678"); got != "1234-5678" {
		t.Error(got)
	}
}
