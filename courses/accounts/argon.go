package accounts

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"runtime"
	"strings"
	"sync"

	"golang.org/x/crypto/argon2"
)

// What one hash costs: the second choice of OWASP's Password Storage Cheat Sheet.
const (
	argonMemory = 19 * 1024 // KiB
	argonTime   = 2
	argonLanes  = 1
)

// kitchen lets in as many hashes at a time as there are processors, so that a
// crowd at the door waits in a queue and does not take all the memory.
var kitchen = make(chan struct{}, runtime.GOMAXPROCS(0))

func argon(secret string, salt []byte, time, memory uint32, lanes uint8, length uint32) []byte {
	kitchen <- struct{}{}
	defer func() { <-kitchen }()
	return argon2.IDKey([]byte(secret), salt, time, memory, lanes, length)
}

// hashSecret is the argon2id hash of a password or of card words, as a PHC string
// with a salt of its own.
func hashSecret(secret string) string {
	salt := make([]byte, 16)
	rand.Read(salt)
	key := argon(secret, salt, argonTime, argonMemory, argonLanes, 32)
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonTime, argonLanes, b64(salt), b64(key))
}

// matches says whether secret is the one that hash was made of. What is no hash,
// as the empty text of an ended card, matches nothing.
func matches(hash, secret string) bool {
	var version int
	var memory, time uint32
	var lanes uint8
	part := strings.Split(hash, "$")
	if len(part) != 6 || part[1] != "argon2id" {
		return false
	}
	if _, err := fmt.Sscanf(part[2]+" "+part[3], "v=%d m=%d,t=%d,p=%d", &version, &memory, &time, &lanes); err != nil || version != argon2.Version {
		return false
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(part[4])
	want, err2 := base64.RawStdEncoding.DecodeString(part[5])
	if err1 != nil || err2 != nil || len(want) < 16 || time == 0 || lanes == 0 {
		return false
	}
	got := argon(secret, salt, time, memory, lanes, uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1
}

// nobodys is a hash that nothing matches: checking against it takes as long as for
// somebody who exists, so that the time tells nothing.
var nobodys = sync.OnceValue(func() string { return hashSecret(rand.Text()) })
