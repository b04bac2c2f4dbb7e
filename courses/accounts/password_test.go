package accounts

import (
	"errors"
	"strings"
	"testing"
)

func TestPasswordRule(t *testing.T) {
	for _, good := range []string{
		"correct horse battery", "みずうみの はくちょう 七羽", "ｇｒａｓｓ ｏｎ ｔｈｅ ｈｉｌｌ", "x7!kQ2#pLm9z", "こうていを はしる しろいぬ",
	} {
		if err := passwordRule(good, "北見", "花子", "hanako@town.example.jp"); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
	for _, bad := range []string{
		"", "short", "elevenchars", "aaaaaaaaaaaaaaaa", "123456789012", "1234567890abcdefghij", "qwertyuiop12", "qwertyqwertyqwerty",
		"password1234", "P@ssw0rdPassw0rd", "ｐａｓｓｗｏｒｄ１２３４", "okhotsk-okhotsk", "tsunagari2026", "abcabcabcabcabc", "1q2w3e4r5t6y",
		"hanako@town.example.jp", "hanakohanako", "北見花子北見花子北見花子", "1111222233334444", strings.Repeat("長い", 101),
	} {
		if err := passwordRule(bad, "北見", "花子", "hanako@town.example.jp"); !errors.Is(err, ErrWeakPassword) {
			t.Errorf("%q passes", bad)
		}
	}
}

func TestMaskEmail(t *testing.T) {
	for email, want := range map[string]string{"kitami@example.jp": "k***@example.jp", "北見@example.jp": "北***@example.jp", "@x": "***", "x": "***"} {
		if got := maskEmail(email); got != want {
			t.Errorf("%s: %s", email, got)
		}
	}
}
