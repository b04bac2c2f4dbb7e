package certificates

import (
	"context"
	"errors"
	"strings"

	"golang.org/x/text/unicode/norm"

	"tsunagari/storage"
)

// Verified is what anybody may learn of a number: never the name.
type Verified struct {
	Number     string
	State      State
	ReplacedBy string // number that took its place
	Merged     bool   // it is an earlier one of the same person, not a new one
	Course     string
	Month      string // of the 修了日, 2026-11
	Issuer     string
}

// ByNumber says what became of a number, typed in whatever way. A number that
// was never given has the state None.
func (c *Certificates) ByNumber(ctx context.Context, typed string) (*Verified, error) {
	number, ok := ReadNumber(typed)
	if !ok {
		return &Verified{State: None}, nil
	}
	cert, err := c.one(ctx, "number = ?", number)
	if errors.Is(err, storage.ErrNotFound) {
		return &Verified{Number: number, State: None}, nil
	}
	if err != nil {
		return nil, err
	}
	return c.verified(ctx, cert)
}

// ByCode is ByNumber for the code of a QR, and with it all that is printed: who
// has the code has the paper. With the state None there is nothing printed.
func (c *Certificates) ByCode(ctx context.Context, code string) (*Verified, *Printed, error) {
	code = strings.ToLower(strings.TrimSpace(norm.NFKC.String(code)))
	cert, err := c.one(ctx, "code = ?", code)
	if errors.Is(err, storage.ErrNotFound) {
		return &Verified{State: None}, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	v, err := c.verified(ctx, cert)
	return v, &cert.Printed, err
}

func (c *Certificates) verified(ctx context.Context, cert *Certificate) (*Verified, error) {
	v := &Verified{
		Number: cert.Number, State: cert.State, Course: cert.Printed.Course,
		Month: cert.Printed.CompletedOn[:len("2026-11")], Issuer: cert.Printed.Issuer,
	}
	if cert.ReplacedBy == nil {
		return v, nil
	}
	next, err := c.one(ctx, "id = ?", *cert.ReplacedBy)
	if err != nil {
		return nil, err
	}
	v.ReplacedBy, v.Merged = next.Number, next.Replaces == nil || *next.Replaces != cert.ID
	return v, nil
}

func (c *Certificates) one(ctx context.Context, where string, value string) (*Certificate, error) {
	var cert Certificate
	if err := c.db.Read(ctx).Where(where, value).Take(&cert).Error; err != nil {
		return nil, err
	}
	return &cert, nil
}
