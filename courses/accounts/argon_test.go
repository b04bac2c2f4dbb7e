package accounts

import (
	"strings"
	"testing"
)

func TestSecretsMatch(t *testing.T) {
	hash := hashSecret("あさひ かもめ")
	if !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("not the agreed cost: %s", hash)
	}
	if hash == hashSecret("あさひ かもめ") {
		t.Error("two hashes share a salt")
	}
	if !matches(hash, "あさひ かもめ") || matches(hash, "あさひ かもめ ") || matches(hash, "") {
		t.Error("matches lets the wrong one in, or not the right one")
	}
	if matches(nobodys(), "") {
		t.Error("nobody's hash matches")
	}
}

// A hash by the reference implementation (argon2-cffi's documentation prints it).
func TestMatchesOtherCosts(t *testing.T) {
	const hash = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	if !matches(hash, "password") || matches(hash, "Password") {
		t.Error("the reference vector does not hold")
	}
}

func TestMatchesNothing(t *testing.T) {
	whole := hashSecret("x")
	for _, bad := range []string{
		"", "x", "$$$$$", "$2a$10$x", strings.Replace(whole, "argon2id", "argon2i", 1), strings.Replace(whole, "v=19", "v=16", 1),
		strings.Replace(whole, "t=2", "t=0", 1), strings.Replace(whole, "p=1", "p=0", 1), whole[:len(whole)-30], whole[:strings.LastIndex(whole, "$")+1],
	} {
		if matches(bad, "x") || matches(bad, "") {
			t.Errorf("%q matches", bad)
		}
	}
}
