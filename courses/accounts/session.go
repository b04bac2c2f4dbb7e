package accounts

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"tsunagari/storage"
)

// Kind says whose session it is: a learner's lasts long, a member of staff's a day.
type Kind string

// The kinds of session.
const (
	LearnerSession Kind = "learner"
	StaffSession   Kind = "staff"
)

// How long a session lasts without being used, and a wrong guess is remembered.
const (
	LearnerLife = 400 * 24 * time.Hour
	StaffLife   = 12 * time.Hour
	GuessLife   = 48 * time.Hour
)

// Session is one browser that is signed in.
type Session struct {
	TokenSHA256 string `gorm:"column:token_sha256;primaryKey"`
	ID          string
	AccountID   string
	Kind        Kind
	Device      string // what the person recognises it by, as Androidのスマホ
	CreatedAt   time.Time
	SeenAt      time.Time
	ExpiresAt   time.Time
}

// secret is 256 random bits for a link or a cookie, and what is stored of it.
func secret() (plain, hash string) {
	b := make([]byte, 32)
	rand.Read(b)
	plain = base64.RawURLEncoding.EncodeToString(b)
	return plain, hashToken(plain)
}

// hashToken is what is stored of a secret of 256 bits: nothing slower is needed.
func hashToken(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

func life(k Kind) time.Duration {
	if k == StaffSession {
		return StaffLife
	}
	return LearnerLife
}

// newSession signs a browser in: a new secret every time, so that one planted
// before is worth nothing.
func newSession(tx *gorm.DB, accountID string, kind Kind, device string) (string, *Session, error) {
	plain, hash := secret()
	now := tx.NowFunc()
	s := &Session{
		TokenSHA256: hash, ID: uuid.NewString(), AccountID: accountID, Kind: kind, Device: device,
		CreatedAt: now, SeenAt: now, ExpiresAt: now.Add(life(kind)),
	}
	return plain, s, tx.Create(s).Error
}

// Guest makes an account without a name and its session, for a visitor who does
// the first thing worth keeping.
func (a *Accounts) Guest(ctx context.Context, device string) (secret, accountID string, err error) {
	err = a.db.Tx(ctx, func(tx *gorm.DB) error {
		guest, err := Visitor(tx)
		if err != nil {
			return err
		}
		accountID = guest.ID
		secret, _, err = newSession(tx, guest.ID, LearnerSession, device)
		return err
	})
	return secret, accountID, err
}

// Signed is who is behind a session.
type Signed struct {
	Session
	State                 State
	FamilyName, GivenName string
	Access                Access
}

// Name is the whole name.
func (s *Signed) Name() string { return FullName(s.FamilyName, s.GivenName) }

// SignedSQL finds in one row the session, the person, and the posts of staff, given
// the SignedArgs. A room above may join its own rows to it by account_id, for a page
// that needs both in one query.
const SignedSQL = `
SELECT s.id, s.account_id, s.kind, s.device, s.seen_at, a.state, a.family_name, a.given_name,
	CASE WHEN s.kind = 'staff' THEN (SELECT string_agg(p.role || ' ' || p.municipalities, ';')
		FROM members m JOIN posts p ON p.id = m.post_id
		WHERE m.account_id = s.account_id AND m.ended_at IS NULL AND p.ended_at IS NULL) END AS posts
FROM sessions s JOIN accounts a ON a.id = s.account_id
WHERE s.token_sha256 = $1 AND s.expires_at > $2`

// SignedArgs are what SignedSQL asks for, to find the session with this secret.
func (a *Accounts) SignedArgs(secret string) []any { return []any{hashToken(secret), a.db.Now()} }

// SignedRow takes in the row of SignedSQL.
type SignedRow struct {
	signed Signed
	posts  *string
}

// Into is where the columns of SignedSQL go.
func (r *SignedRow) Into() []any {
	s := &r.signed
	return []any{&s.ID, &s.AccountID, &s.Kind, &s.Device, &s.SeenAt, &s.State, &s.FamilyName, &s.GivenName, &r.posts}
}

// BySession is who the secret of a session belongs to, or storage.ErrNotFound. A
// session that is used lives on; that is written at most once an hour.
func (a *Accounts) BySession(ctx context.Context, secret string) (*Signed, error) {
	var row SignedRow
	if err := storage.One(a.db.Read(ctx), row.Into(), SignedSQL, a.SignedArgs(secret)...); err != nil {
		return nil, err
	}
	return a.Recognise(ctx, &row)
}

// Recognise is whom the row shows: see BySession.
func (a *Accounts) Recognise(ctx context.Context, row *SignedRow) (*Signed, error) {
	s := &row.signed
	s.Access.AccountID = s.AccountID
	if row.posts != nil {
		for post := range strings.SplitSeq(*row.posts, ";") {
			role, codes, _ := strings.Cut(post, " ")
			s.Access.add(Role(role), codes)
		}
	}
	if a.db.Now().Sub(s.SeenAt) > time.Hour {
		if err := a.seen(ctx, s); err != nil && !errors.Is(err, storage.ErrUnavailable) { // a full disk must not stop reading
			return nil, err
		}
	}
	return s, nil
}

func (a *Accounts) seen(ctx context.Context, s *Signed) error {
	return a.db.Tx(ctx, func(tx *gorm.DB) error {
		now := tx.NowFunc()
		seen := tx.Model(&Session{}).Where("id = ? AND seen_at = ?", s.ID, s.SeenAt).
			Updates(map[string]any{"seen_at": now, "expires_at": now.Add(life(s.Kind))})
		if seen.Error != nil || seen.RowsAffected == 0 { // of several requests at once, one writes
			return seen.Error
		}
		return tx.Model(&Account{}).Where("id = ?", s.AccountID).Update("seen_at", now).Error
	})
}

// Sessions are the account's sessions, the newest first.
func (a *Accounts) Sessions(ctx context.Context, accountID string) ([]Session, error) {
	var list []Session
	err := a.db.Read(ctx).Where("account_id = ? AND expires_at > ?", accountID, a.db.Now()).
		Order("seen_at DESC").Find(&list).Error
	return list, err
}

// EndSession ends one of the account's sessions; one that is gone already is fine.
func (a *Accounts) EndSession(ctx context.Context, accountID, id string) error {
	return a.db.Tx(ctx, func(tx *gorm.DB) error {
		return tx.Where("account_id = ? AND id = ?", accountID, id).Delete(&Session{}).Error
	})
}

// endSessions ends all sessions of the account but the one with the id except.
func endSessions(tx *gorm.DB, accountID, except string) error {
	return tx.Where("account_id = ? AND id <> ?", accountID, except).Delete(&Session{}).Error
}

// PurgeSessions forgets sessions, challenges and guesses that are over.
func (a *Accounts) PurgeSessions(ctx context.Context) error {
	return a.db.Tx(ctx, func(tx *gorm.DB) error {
		now := tx.NowFunc()
		if err := tx.Where("expires_at <= ?", now).Delete(&Session{}).Error; err != nil {
			return err
		}
		if err := tx.Exec("DELETE FROM challenges WHERE expires_at <= ?", now.Add(-24*time.Hour)).Error; err != nil {
			return err
		}
		return tx.Where("at <= ?", now.Add(-GuessLife)).Delete(&guess{}).Error
	})
}
