package accounts

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"tsunagari/storage"
)

// Invitation is a one-time link: into a post, or to a new password.
type Invitation struct {
	ID          string
	TokenSHA256 string  `gorm:"column:token_sha256"`
	PostID      *string // null: a new password only
	AccountID   *string // who sets a new password, null for an invitation into a post
	InvitedBy   string
	CreatedAt   time.Time
	ExpiresAt   time.Time
	AcceptedAt  *time.Time

	Post *Post `gorm:"-"` // of an invitation that was opened
}

// ErrInvitation says that a link is not, or no longer, valid: unknown, used,
// withdrawn, run out, or into a post that has ended.
var ErrInvitation = errors.New("accounts: this invitation is not, or no longer, valid")

const invitationLife = 7 * 24 * time.Hour

// Invitee says where an invitation is sent.
type Invitee struct {
	Email string `form:"email" validate:"omitempty,max=254,email"` // "": the link is handed over
}

// Invite makes the one-time link into a post, as an administrator or anybody in
// the post may: a predecessor invites the successor. It is mailed when an address
// is given; link makes the address of the page from the secret. Errors:
// validator.ValidationErrors, ErrPostEnded, storage.ErrNotFound.
func (a *Accounts) Invite(ctx context.Context, by Access, postID string, in Invitee, link func(token string) string) (token string, err error) {
	in.Email = strings.TrimSpace(in.Email)
	if err := validate.Struct(in); err != nil {
		return "", err
	}
	operator, err := a.Operator(ctx)
	if err != nil {
		return "", err
	}
	err = a.db.Tx(ctx, func(tx *gorm.DB) error {
		if err := mayAct(tx, by, postID); err != nil {
			return err
		}
		post, err := currentPost(tx, postID)
		if err != nil {
			return err
		}
		if token, err = invite(tx, by, &postID, nil); err != nil {
			return err
		}
		if in.Email != "" {
			if err := storage.Queue(tx, invitationMail(in.Email, operator, post, link(token), token, tx.NowFunc().Add(invitationLife))); err != nil {
				return err
			}
		}
		return Audit(tx, by.AccountID, "invitation.new", postID, "", "")
	})
	if err != nil {
		return "", err
	}
	return token, nil
}

func invite(tx *gorm.DB, by Access, postID, accountID *string) (token string, err error) {
	token, hash := secret()
	now := tx.NowFunc()
	return token, tx.Create(&Invitation{
		ID: uuid.NewString(), TokenSHA256: hash, PostID: postID, AccountID: accountID,
		InvitedBy: by.AccountID, CreatedAt: now, ExpiresAt: now.Add(invitationLife),
	}).Error
}

func invitationMail(to string, o Operator, post *Post, link, token string, until time.Time) storage.Mail {
	until = until.In(japan)
	body := fmt.Sprintf("つながりサポーター養成講座の係「%s」（%s）に招待されました。\n\n次のページを開いて、お名前とパスワードを決めてください。\n%s\n\n開いた画面の「コード」のらんが空いていたら、つぎの文字を入れてください。\n%s\n\n%d月%d日まで、1回だけ使えます。\n心あたりがないときは、このメールを捨ててください。\n\n%s\n電話 %s（%s）\n",
		post.Name, post.Role.Label(), link, token, int(until.Month()), until.Day(), o.Name, o.Phone, o.Hours)
	return storage.Mail{To: to, Subject: "【つながりサポーター】係への招待", Body: body, Until: until.UTC()}
}

// Uninvite withdraws an open invitation into a post. One that is gone already is
// storage.ErrNotFound.
func (a *Accounts) Uninvite(ctx context.Context, by Access, id string) error {
	return a.db.Tx(ctx, func(tx *gorm.DB) error {
		var in Invitation
		if err := tx.Where("id = ? AND post_id IS NOT NULL AND accepted_at IS NULL", id).Take(&in).Error; err != nil {
			return err
		}
		if err := mayAct(tx, by, *in.PostID); err != nil {
			return err
		}
		if err := tx.Where("id = ? AND accepted_at IS NULL", id).Delete(&Invitation{}).Error; err != nil {
			return err
		}
		return Audit(tx, by.AccountID, "invitation.cancel", *in.PostID, "", "")
	})
}

// Invitation is what the link with the token leads to: a post, or a new password
// (AccountID). ErrInvitation.
func (a *Accounts) Invitation(ctx context.Context, token string) (*Invitation, error) {
	return openInvitation(a.db.Read(ctx), token)
}

func openInvitation(tx *gorm.DB, token string) (*Invitation, error) {
	var in Invitation
	err := tx.Clauses(clause.Locking{Strength: "UPDATE"}).
		Where("token_sha256 = ? AND accepted_at IS NULL AND expires_at > ?", hashToken(token), tx.NowFunc()).Take(&in).Error
	if errors.Is(err, storage.ErrNotFound) {
		return nil, ErrInvitation
	}
	if err != nil || in.PostID == nil {
		return &in, err
	}
	in.Post, err = currentPost(tx, *in.PostID)
	if errors.Is(err, ErrPostEnded) {
		return nil, ErrInvitation
	}
	return &in, err
}

// Acceptance is what somebody says who follows an invitation into a post. Who has
// a way in as staff already gives its address and password; the names are then
// not asked for.
type Acceptance struct {
	FamilyName string `form:"family_name" validate:"max=40,name"`
	GivenName  string `form:"given_name" validate:"max=40,name"`
	Email      string `form:"email" validate:"required,max=254,email"`
	Password   string `form:"password" validate:"required"`
}

// ErrNoName says that somebody new gave no name.
var ErrNoName = errors.New("accounts: somebody new needs a name")

// Accept takes the person into the post of the invitation and uses it up. Somebody
// new gets an account; who signs in as staff with the address already must know
// its password, and keeps account, posts and second step. They sign in next.
// Errors: ErrInvitation, validator.ValidationErrors, ErrNoName, ErrWeakPassword,
// ErrWrongPassword or *WaitError when the address belongs to somebody.
func (a *Accounts) Accept(ctx context.Context, token string, in Acceptance, address string) (accountID string, err error) {
	if _, err := a.Invitation(ctx, token); err != nil {
		return "", err
	}
	next, accountID, err := a.acceptance(ctx, in, address)
	if err != nil {
		return "", err
	}
	err = a.db.Tx(ctx, func(tx *gorm.DB) error {
		id := accountID
		inv, err := openInvitation(tx, token)
		if err != nil {
			return err
		}
		if inv.PostID == nil {
			return ErrInvitation
		}
		if id == "" {
			if id, err = next.create(tx); err != nil {
				return err
			}
		}
		accountID = id
		return inv.accept(tx, id)
	})
	if err != nil {
		return "", err
	}
	return accountID, nil
}

// acceptance checks what was said; accountID is "" for somebody new.
func (a *Accounts) acceptance(ctx context.Context, in Acceptance, address string) (next newStaff, accountID string, err error) {
	in.FamilyName, in.GivenName, in.Email = strings.TrimSpace(in.FamilyName), strings.TrimSpace(in.GivenName), strings.TrimSpace(in.Email)
	if err := validate.Struct(in); err != nil {
		return next, "", err
	}
	_, err = staffBy(a.db.Read(ctx), in.Email)
	exists, err := found(err)
	if err != nil {
		return next, "", err
	}
	if exists {
		s, err := a.checkPassword(ctx, in.Email, in.Password, address)
		if err != nil {
			return next, "", err
		}
		return next, s.AccountID, nil
	}
	if in.FamilyName == "" {
		return next, "", ErrNoName
	}
	if err := passwordRule(in.Password, in.FamilyName, in.GivenName, in.Email); err != nil {
		return next, "", err
	}
	return newStaff{FamilyName: in.FamilyName, GivenName: in.GivenName, Email: in.Email, hash: hashSecret(narrow(in.Password))}, "", nil
}

func (in *Invitation) accept(tx *gorm.DB, accountID string) error {
	if err := in.use(tx); err != nil {
		return err
	}
	if err := enter(tx, *in.PostID, accountID); err != nil {
		return err
	}
	return Audit(tx, accountID, "member.join", accountID, *in.PostID, "")
}

func (in *Invitation) use(tx *gorm.DB) error {
	return tx.Model(&Invitation{}).Where("id = ?", in.ID).Update("accepted_at", tx.NowFunc()).Error
}
