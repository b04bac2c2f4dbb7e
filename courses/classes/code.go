package classes

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"
	"gorm.io/gorm"
)

// codeDigits is the length of a class's code. It begins with no zero, so that no
// spreadsheet takes one away.
const codeDigits = 6

// newCode is a code that no class of the last year has: later ones may have it.
func newCode(tx *gorm.DB) (string, error) {
	yearAgo := dayOf(tx.NowFunc().AddDate(-1, 0, 0))
	err := tx.Model(&Class{}).Where("code <> '' AND held_on < ? AND closes_at < ?", yearAgo, tx.NowFunc()).Update("code", "").Error
	if err != nil {
		return "", err
	}
	for range 50 {
		n, err := rand.Int(rand.Reader, big.NewInt(900_000))
		if err != nil {
			return "", err
		}
		code := fmt.Sprint(n.Int64() + 100_000)
		var taken int64
		if err := tx.Model(&Class{}).Where("code = ?", code).Count(&taken).Error; err != nil || taken == 0 {
			return code, err
		}
	}
	return "", errors.New("classes: no free code was found")
}

// ReadCode reads a code as people type it: full-width digits, with spaces or
// hyphens between. ok is false for what cannot be one.
func ReadCode(typed string) (code string, ok bool) {
	code = strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -‐‑‒–—―−ー_.・", r) {
			return -1
		}
		return r
	}, norm.NFKC.String(typed))
	return code, len(code) == codeDigits && strings.Trim(code, "0123456789") == ""
}

func newSecret() string {
	b := make([]byte, 32)
	rand.Read(b)
	return hex.EncodeToString(b)
}

// How long the number on the screen stays, how many of the last ones are taken,
// and how long a pass lasts: somebody new gives a name between scanning and joining.
const (
	turnEvery = time.Minute
	turnsKept = 5
	passEvery = time.Hour
)

// Turn is the number that the screen of a rotating class shows now: four digits.
func (c *Class) Turn(now time.Time) string { return c.turn(now.Unix() / int64(turnEvery.Seconds())) }

func (c *Class) turn(slot int64) string {
	return fmt.Sprintf("%04d", binary.BigEndian.Uint32(c.mac("turn", slot))%10_000)
}

func (c *Class) mac(what string, slot int64) []byte {
	h := hmac.New(sha256.New, []byte(c.Secret))
	fmt.Fprintf(h, "%s %s %d", what, c.ID, slot)
	return h.Sum(nil)
}

// Pass is what somebody gets who showed a number of the screen, to join a little
// later: good for one to two hours.
func (c *Class) Pass(now time.Time) string {
	return hex.EncodeToString(c.mac("pass", now.Unix()/int64(passEvery.Seconds()))[:16])
}

// Admits says whether shown proves that somebody is in the room: a number of the
// last minutes, or a pass. Where the code does not rotate everything does.
func (c *Class) Admits(now time.Time, shown string) bool {
	if !c.Rotating {
		return true
	}
	slot := now.Unix() / int64(turnEvery.Seconds())
	for i := range int64(turnsKept) {
		if hmac.Equal([]byte(shown), []byte(c.turn(slot-i))) {
			return true
		}
	}
	return hmac.Equal([]byte(shown), []byte(c.Pass(now))) || hmac.Equal([]byte(shown), []byte(c.Pass(now.Add(-passEvery))))
}
