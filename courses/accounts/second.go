package accounts

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"time"

	"github.com/google/uuid"
	"golang.org/x/text/unicode/norm"
	"gorm.io/gorm"

	"tsunagari/storage"
)

// Errors of the second step.
var (
	ErrWrongCode   = errors.New("accounts: this is not the code")
	ErrCodeExpired = errors.New("accounts: the code has run out or was used up; sign in again")
)

const (
	codeLife  = 10 * time.Minute
	codeTries = 5
	// codeTriesADay are a person's wrong codes in a day. Only who knows the password
	// can use them up; a new password starts from none.
	codeTriesADay = 30
)

// challenge is one more proof that was asked for: the second step of staff, or a
// code by mail.
type challenge struct {
	ID, Purpose   string
	BrowserSHA256 string `gorm:"column:browser_sha256"`
	AccountID     *string
	Email         string
	CodeSHA256    string `gorm:"column:code_sha256"`
	Tries         int
	CreatedAt     time.Time
	ExpiresAt     time.Time
	PassedAt      *time.Time
}

// The purposes of the second step.
const (
	byApp    = "totp"
	byOffice = "office"
)

// Second is the second step of a sign-in that has begun.
type Second struct {
	Browser string // secret for a cookie of the browser that began; lost with it
	App     bool   // the code comes from the person's app, else by mail
	Office  string // where it went, as k***@town.example.jp; "" for the app
	Until   time.Time
}

// beginSecond asks for the code of the person's app, or sends one to the office
// address of their post. ErrNoPost.
func (a *Accounts) beginSecond(ctx context.Context, accountID string) (second *Second, err error) {
	browser, hash := secret()
	err = a.db.Tx(ctx, func(tx *gorm.DB) error {
		if used, err := codesUsed(tx, accountID); err != nil {
			return err
		} else if used >= codeTriesADay {
			return &WaitError{24 * time.Hour}
		}
		office, err := officeOf(tx, accountID)
		if err != nil {
			return err
		}
		var s staff
		if err := tx.Where("account_id = ?", accountID).Take(&s).Error; err != nil {
			return err
		}
		now := tx.NowFunc()
		c := challenge{
			ID: uuid.NewString(), Purpose: byApp, BrowserSHA256: hash, AccountID: &accountID,
			CreatedAt: now, ExpiresAt: now.Add(codeLife),
		}
		second = &Second{Browser: browser, App: true, Until: c.ExpiresAt}
		if s.TOTPSecret == "" {
			second.App, second.Office = false, maskEmail(office)
			c.Purpose, c.Email = byOffice, office
			if c.CodeSHA256, err = mailCode(tx, browser, office, c.ExpiresAt); err != nil {
				return err
			}
		}
		return tx.Create(&c).Error
	})
	return second, err
}

// officeOf is where the person's codes go: the office of their most powerful post.
func officeOf(tx *gorm.DB, accountID string) (office string, err error) {
	var offices []string
	err = tx.Raw(`SELECT p.office_email FROM members m JOIN posts p ON p.id = m.post_id
		WHERE m.account_id = ? AND m.ended_at IS NULL AND p.ended_at IS NULL
		ORDER BY CASE p.role WHEN 'admin' THEN 0 ELSE 1 END, m.began_at, m.id`, accountID).Scan(&offices).Error
	if err == nil && len(offices) == 0 {
		err = ErrNoPost
	}
	if err != nil {
		return "", err
	}
	return offices[0], nil
}

// codesUsed are the person's wrong codes within a day.
func codesUsed(tx *gorm.DB, accountID string) (tries int, err error) {
	err = tx.Raw(`SELECT COALESCE(SUM(tries), 0) FROM challenges
		WHERE account_id = ? AND purpose IN ('totp', 'office') AND passed_at IS NULL AND created_at > ?`,
		accountID, tx.NowFunc().Add(-24*time.Hour)).Scan(&tries).Error
	return tries, err
}

// mailCode sends six digits and returns what is kept of them: a hash together with
// the browser's secret, for six digits alone are soon tried out.
func mailCode(tx *gorm.DB, browser, to string, until time.Time) (hash string, err error) {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return "", err
	}
	code := fmt.Sprintf("%06d", n.Int64())
	body := fmt.Sprintf("職員サインインの確認コードは、次の6けたの数字です。\n\n　%s\n\n10分のあいだ、1回だけ使えます。サインインを始めた画面に入力してください。\nこのコードを、電話やメールでお聞きすることはありません。\n\n心あたりがないときは、パスワードをほかの人が知っているおそれがあります。管理者に知らせてください。\n", code)
	err = storage.Queue(tx, storage.Mail{To: to, Subject: "【つながりサポーター】確認コード", Body: body, Until: until})
	return hashToken(browser + code), err
}

// maskEmail shows enough of an address to know it again.
func maskEmail(email string) string {
	local, host, ok := strings.Cut(email, "@")
	if !ok || local == "" {
		return "***"
	}
	first := []rune(local)[0]
	return string(first) + "***@" + host
}

// readCode reads six digits as people type them: full-width, with spaces.
func readCode(typed string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' {
			return -1
		}
		return r
	}, norm.NFKC.String(typed))
}

// VerifySecond is the second step: the code, from the browser that began. It signs
// the browser in as staff. Errors: ErrWrongCode, ErrCodeExpired (begin again),
// *WaitError after too many wrong codes in a day.
func (a *Accounts) VerifySecond(ctx context.Context, browser, code, device string) (session string, err error) {
	var denied error // kept beside the count of tries, which must not be undone
	err = a.db.Tx(ctx, func(tx *gorm.DB) error {
		session, denied = "", nil
		c, err := tryChallenge(tx, browser)
		if err != nil || c == nil {
			denied = ErrCodeExpired
			return err
		}
		if denied, err = c.check(tx, browser, readCode(code)); err != nil || denied != nil {
			return err
		}
		session, err = c.pass(tx, device)
		return err
	})
	if err == nil {
		err = denied
	}
	if err != nil {
		return "", err
	}
	return session, nil
}

// tryChallenge counts one try and returns the browser's challenge, held until the
// transaction ends; nil when there is none, or no try is left.
func tryChallenge(tx *gorm.DB, browser string) (*challenge, error) {
	hash := hashToken(browser)
	tried := tx.Exec(`UPDATE challenges SET tries = tries + 1 WHERE browser_sha256 = ? AND purpose IN ('totp', 'office')
		AND passed_at IS NULL AND tries < ? AND expires_at > ?`, hash, codeTries, tx.NowFunc())
	if tried.Error != nil || tried.RowsAffected == 0 {
		return nil, tried.Error
	}
	var c challenge
	return &c, tx.Where("browser_sha256 = ?", hash).Take(&c).Error
}

// check says whether the code is right: nil, ErrWrongCode or *WaitError.
func (c *challenge) check(tx *gorm.DB, browser, code string) (denied, err error) {
	used, err := codesUsed(tx, *c.AccountID)
	if err != nil {
		return nil, err
	}
	if used > codeTriesADay {
		return &WaitError{24 * time.Hour}, nil
	}
	right := subtle.ConstantTimeCompare([]byte(hashToken(browser+code)), []byte(c.CodeSHA256)) == 1
	if c.Purpose == byApp {
		right, err = useTOTP(tx, *c.AccountID, code)
	}
	if !right {
		denied = ErrWrongCode
	}
	return denied, err
}

func (c *challenge) pass(tx *gorm.DB, device string) (session string, err error) {
	if _, err := officeOf(tx, *c.AccountID); err != nil { // the post may have ended meanwhile
		return "", err
	}
	now := tx.NowFunc()
	if err := tx.Model(&challenge{}).Where("id = ?", c.ID).Update("passed_at", now).Error; err != nil {
		return "", err
	}
	if err := tx.Model(&Account{}).Where("id = ?", c.AccountID).Update("seen_at", now).Error; err != nil {
		return "", err
	}
	if err := Audit(tx, *c.AccountID, "signin.staff", *c.AccountID, device, ""); err != nil {
		return "", err
	}
	session, _, err = newSession(tx, *c.AccountID, StaffSession, device)
	return session, err
}
