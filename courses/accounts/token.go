package accounts

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"tsunagari/storage"
)

// Token lets another system pull the counts of some municipalities. It belongs to a
// post of officers and stays when its people change; it ends with the post.
type Token struct {
	ID             string
	TokenSHA256    string `gorm:"column:token_sha256"`
	PostID         string
	Municipalities Codes
	Purpose        string
	CreatedAt      time.Time
	UsedAt         *time.Time // to the hour; nil for never
	EndedAt        *time.Time
	Minute         int64 // since 1970, of the newest pull
	Pulls          int   // in that minute
}

// TokenInput asks for a new token. Who names no municipalities gets all of the post.
type TokenInput struct {
	Operation      string   `form:"operation" validate:"required,uuid"`
	PostID         string   `form:"post" validate:"required"`
	Municipalities []string `form:"municipalities" validate:"max=200"`
	Purpose        string   `form:"purpose" validate:"required,max=80,name"`
}

// PostTokens is a post of officers with its tokens, the newest first.
type PostTokens struct {
	Post
	Own    bool // by is in the post, and may make a token
	Tokens []Token
}

// The rules of tokens.
var (
	// ErrToken says that a token is not, or no longer, valid: unknown, revoked, or of a
	// post that has ended.
	ErrToken = errors.New("accounts: this token is not, or no longer, valid")
	// ErrTokenArea says that a token was asked for what is not the post's.
	ErrTokenArea = errors.New("accounts: the municipality is none of the post's")
)

// TokenPrefix begins every token, so that one that got into a file or an address can
// be recognised.
const TokenPrefix = "tsunagari_"

// PullsPerMinute is how often a token may pull.
const PullsPerMinute = 60

// usedEvery is how exact the last use is kept.
const usedEvery = time.Hour

// Tokens are the current posts of officers that by is in, an administrator's all of
// them, with their tokens that have not ended. storage.ErrNotFound for who has none.
func (a *Accounts) Tokens(ctx context.Context, by Access) ([]PostTokens, error) {
	tx := a.db.Read(ctx)
	own, err := officerPosts(tx, by)
	if err != nil {
		return nil, err
	}
	posts := own
	if by.Role(Admin) {
		if err := tx.Where("role = ? AND ended_at IS NULL", Officer).Order("created_at, id").Find(&posts).Error; err != nil {
			return nil, err
		}
	} else if len(own) == 0 {
		return nil, storage.ErrNotFound
	}
	list := make([]PostTokens, len(posts))
	for i, p := range posts {
		list[i].Post = p
		list[i].Own = slices.ContainsFunc(own, func(o Post) bool { return o.ID == p.ID })
		err := tx.Where("post_id = ? AND ended_at IS NULL", p.ID).Order("created_at DESC, id").Find(&list[i].Tokens).Error
		if err != nil {
			return nil, err
		}
	}
	return list, nil
}

// officerPosts are the current posts of officers that by is a member of.
func officerPosts(tx *gorm.DB, by Access) (posts []Post, err error) {
	err = tx.Raw(`SELECT p.* FROM posts p JOIN members m ON m.post_id = p.id WHERE m.account_id = ? AND p.role = ?
		AND m.ended_at IS NULL AND p.ended_at IS NULL ORDER BY p.created_at, p.id`, by.AccountID, Officer).Scan(&posts).Error
	return posts, err
}

// AddToken makes a token for a post of officers that by is a member of. The secret is
// given out this one time; a repeat of the operation gives the token without it.
// Errors: validator.ValidationErrors, ErrTokenArea, storage.ErrOperationReused,
// storage.ErrNotFound for who is not in the post.
func (a *Accounts) AddToken(ctx context.Context, by Access, in TokenInput) (token *Token, plain string, err error) {
	trim(&in.Purpose)
	if err := validate.Struct(in); err != nil {
		return nil, "", err
	}
	in.Municipalities = slices.Compact(slices.Sorted(slices.Values(in.Municipalities)))
	err = a.db.Tx(ctx, func(tx *gorm.DB) error {
		plain = ""
		post, err := ownPost(tx, by, in.PostID)
		if err != nil {
			return err
		}
		op := storage.Operation{
			ID: in.Operation, Actor: by.AccountID, Kind: "token",
			Body: strings.Join([]string{in.PostID, strings.Join(in.Municipalities, " "), in.Purpose}, "\n"),
		}
		id, _, err := storage.Once(tx, op, func() (id string, err error) {
			id, plain, err = addToken(tx, by, post, in)
			return id, err
		})
		if err != nil {
			return err
		}
		return tx.Where("id = ?", id).Take(&token).Error
	})
	if err != nil {
		return nil, "", err
	}
	return token, plain, nil
}

func ownPost(tx *gorm.DB, by Access, id string) (*Post, error) {
	own, err := officerPosts(tx, by)
	if err != nil {
		return nil, err
	}
	for _, p := range own {
		if p.ID == id {
			return &p, nil
		}
	}
	return nil, storage.ErrNotFound
}

func addToken(tx *gorm.DB, by Access, post *Post, in TokenInput) (id, plain string, err error) {
	codes := Codes(in.Municipalities)
	if len(codes) == 0 {
		codes = post.Municipalities
	}
	if slices.ContainsFunc(codes, func(code string) bool { return !slices.Contains(post.Municipalities, code) }) {
		return "", "", ErrTokenArea
	}
	random, _ := secret()
	plain = TokenPrefix + random
	token := Token{
		ID: uuid.NewString(), TokenSHA256: hashToken(plain), PostID: post.ID,
		Municipalities: codes, Purpose: in.Purpose, CreatedAt: tx.NowFunc(),
	}
	if err := tx.Create(&token).Error; err != nil {
		return "", "", err
	}
	return token.ID, plain, Audit(tx, by.AccountID, "token.new", post.ID, token.ID+" "+strings.Join(codes, " "), in.Purpose)
}

// RevokeToken ends a token, as anybody in its post or an administrator may. One that
// has ended already, or is somebody else's, is storage.ErrNotFound.
func (a *Accounts) RevokeToken(ctx context.Context, by Access, id string) error {
	return a.db.Tx(ctx, func(tx *gorm.DB) error {
		var token Token
		if err := tx.Where("id = ? AND ended_at IS NULL", id).Take(&token).Error; err != nil {
			return err
		}
		if !by.Role(Admin) {
			if _, err := ownPost(tx, by, token.PostID); err != nil {
				return err
			}
		}
		ended := tx.Model(&Token{}).Where("id = ? AND ended_at IS NULL", id).Update("ended_at", tx.NowFunc())
		if ended.Error != nil {
			return ended.Error
		}
		if ended.RowsAffected == 0 {
			return storage.ErrNotFound
		}
		return Audit(tx, by.AccountID, "token.revoke", token.PostID, token.ID, token.Purpose)
	})
}

// Pull lets the bearer of a token in for one request: the token has the
// municipalities that are still the post's. Errors: ErrToken, *WaitError beyond
// PullsPerMinute, over all instances together.
func (a *Accounts) Pull(ctx context.Context, plain string) (*Token, error) {
	var t struct {
		Token `gorm:"embedded"`
		Codes Codes // of the post today
	}
	err := a.db.Read(ctx).Raw(`SELECT t.*, p.municipalities AS codes FROM tokens t JOIN posts p ON p.id = t.post_id
		WHERE t.token_sha256 = ? AND t.ended_at IS NULL AND p.ended_at IS NULL AND p.role = ?`, hashToken(plain), Officer).Take(&t).Error
	if errors.Is(err, storage.ErrNotFound) {
		return nil, ErrToken
	}
	if err != nil {
		return nil, err
	}
	t.Municipalities = slices.DeleteFunc(t.Municipalities, func(code string) bool { return !slices.Contains(t.Codes, code) })
	if len(t.Municipalities) == 0 {
		return nil, ErrToken
	}
	return &t.Token, a.countPull(ctx, &t.Token)
}

// countPull counts a request of the token. Who is beyond the limit is told so without
// writing anything.
func (a *Accounts) countPull(ctx context.Context, t *Token) error {
	now := a.db.Now()
	minute := now.Unix() / 60
	wait := &WaitError{For: time.Unix((minute+1)*60, 0).Sub(now)}
	if t.Minute == minute && t.Pulls >= PullsPerMinute {
		return wait
	}
	change := map[string]any{
		"minute": minute,
		"pulls":  gorm.Expr("CASE WHEN minute = ? THEN pulls + 1 ELSE 1 END", minute),
	}
	if t.UsedAt == nil || now.Sub(*t.UsedAt) >= usedEvery {
		change["used_at"] = now
	}
	counted := int64(0)
	err := a.db.Tx(ctx, func(tx *gorm.DB) error {
		done := tx.Model(&Token{}).Where("id = ? AND ended_at IS NULL AND (minute <> ? OR pulls < ?)", t.ID, minute, PullsPerMinute).Updates(change)
		counted = done.RowsAffected
		return done.Error
	})
	if err == nil && counted == 0 {
		return wait
	}
	return err
}
