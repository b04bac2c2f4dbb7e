package certificates

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"database/sql/driver"
	"encoding/base32"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"strings"

	"tsunagari/certificates/paper"
	"tsunagari/courses/accounts"
)

// Printed is everything that a certificate says. Dates are YYYY-MM-DD in Japan.
type Printed struct {
	Number      string `json:"number"`
	Name        string `json:"name"` // as printed
	Kana        string `json:"kana"`
	Statement   string `json:"statement"` // a line feed where a new line begins
	Course      string `json:"course"`
	Revision    int    `json:"revision"` // 第○版
	CompletedOn string `json:"completed_on"`
	IssuedOn    string `json:"issued_on"`
	ReissuedOn  string `json:"reissued_on"` // "" unless it replaces another one
	Issuer      string `json:"issuer"`
	Office      string `json:"office"`
	Person      string `json:"person"`
	Seal        Seal   `json:"seal"`
	SealSHA256  string `json:"seal_sha256"`
}

// canonical is p as canonical JSON (RFC 8785, for objects of strings and small
// whole numbers) without its empty members, so that a fact that certificates gain
// later changes no old hash; the salt is one more member when there is one.
func canonical(p Printed, salt string) ([]byte, error) {
	plain, err := json.Marshal(p)
	if err != nil {
		return nil, err
	}
	members := map[string]any{}
	if err := json.Unmarshal(plain, &members); err != nil {
		return nil, err
	}
	members["salt"] = salt
	maps.DeleteFunc(members, func(_ string, v any) bool { return v == "" })
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(members); err != nil { // the keys of a map come sorted
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// Sum is the SHA-256, in hexadecimal, of the canonical JSON of what is printed and
// the salt. Who holds the paper can show later that it says what was issued; who
// holds only the hash learns nothing, not even by trying out names.
func (p Printed) Sum(salt string) (string, error) {
	b, err := canonical(p, salt)
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), err
}

// Value keeps what is printed as JSON.
func (p Printed) Value() (driver.Value, error) {
	b, err := canonical(p, "")
	return string(b), err
}

// Scan reads what Value kept.
func (p *Printed) Scan(value any) error {
	switch v := value.(type) {
	case string:
		return json.Unmarshal([]byte(v), p)
	case []byte:
		return json.Unmarshal(v, p)
	}
	return fmt.Errorf("printed facts as %T", value)
}

// newCode makes a salt: 16 random bytes in lower-case base32, as the QR carries it.
func newCode() string {
	b := make([]byte, 16)
	rand.Read(b)
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b))
}

// statement is the sentence of the certificate, set like a 賞状: without 。 and 、.
func statement(idiom Idiom, course string) string {
	if idiom == Administrative {
		return "上記の者は\n" + course + "の\n所定の課程を修了したことを証する"
	}
	return "あなたは\n" + course + "の\n所定の課程を修了されましたので\nこれを証します"
}

// onPaper is a name in two parts with a full-width space, and the form of its own
// that a person asked for (通称, 旧姓併記) before it.
func onPaper(family, given, own string) string {
	if own != "" {
		return own
	}
	if family == "" || given == "" {
		return family + given
	}
	return family + "　" + given
}

func namesOf(a *accounts.Account) (name, kana string) {
	return onPaper(a.FamilyName, a.GivenName, a.PrintedName), onPaper(a.FamilyKana, a.GivenKana, "")
}

// unprintable lists, once each, the characters of p that cannot be printed.
func (p Printed) unprintable() []rune {
	return paper.Missing(p.Name + p.Kana + strings.ReplaceAll(p.Statement, "\n", "") + p.Issuer + p.Office + p.Person)
}
