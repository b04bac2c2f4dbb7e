package accounts

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"math/big"
	"strings"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"tsunagari/storage"
)

// The purposes of a learner's code by mail.
const (
	toSignIn = "signin"
	toSet    = "email"
)

// How many codes may be asked for within guessWindow: a class of 40 behind one
// address may ask twice, and one person cannot fill somebody's post box.
const (
	asksPerAddress   = 100
	asksPerRecipient = 5
)

// EmailForm is an address as somebody types it.
type EmailForm struct {
	Email string `form:"email" validate:"required,max=254,email"`
}

// Person is somebody to choose where a couple shares an e-mail address.
type Person struct{ ID, Name, Number string }

// AskCode sends six digits to the address, if somebody has confirmed it as theirs;
// the answer is the same if nobody has. browser is a secret for a cookie: the code
// works only in the browser that asked, within 10 minutes, once. from is where the
// request comes from. Errors: validator.ValidationErrors, *WaitError.
func (a *Accounts) AskCode(ctx context.Context, in EmailForm, from string) (browser string, err error) {
	if err := a.mayAsk(ctx, &in, from); err != nil {
		return "", err
	}
	err = a.db.Tx(ctx, func(tx *gorm.DB) error {
		people, err := peopleBy(tx, emailKey(in.Email))
		if err != nil {
			return err
		}
		to := ""
		if len(people) > 0 {
			to = people[0].Email
		}
		browser, err = ask(tx, challenge{Purpose: toSignIn, Email: to}, signInMail)
		return err
	})
	return browser, err
}

// mayAsk validates the address and holds back who asks for too many mails.
func (a *Accounts) mayAsk(ctx context.Context, in *EmailForm, from string) error {
	in.Email = strings.TrimSpace(in.Email)
	if err := validate.Struct(in); err != nil {
		return err
	}
	if err := a.Look(ctx, "mail", from, asksPerAddress); err != nil {
		return err
	}
	return a.Look(ctx, "mail to", from+" "+emailKey(in.Email), asksPerRecipient)
}

// peopleBy are the learners who confirmed the address, the oldest card first.
func peopleBy(tx *gorm.DB, key string) (list []Account, err error) {
	if key == "" {
		return nil, nil
	}
	err = tx.Where("email_key = ? AND email_key <> '' AND state = ? AND number <> ''", key, Active).
		Order("registered_at, id").Find(&list).Error
	return list, err
}

// ask keeps a challenge and mails its code to c.Email, when there is one. Without,
// the same is kept, so that nothing tells the two apart.
func ask(tx *gorm.DB, c challenge, mail func(code string) storage.Mail) (browser string, err error) {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return "", err
	}
	code := fmt.Sprintf("%06d", n.Int64())
	browser, hash := secret()
	now := tx.NowFunc()
	c.ID, c.BrowserSHA256, c.CodeSHA256 = uuid.NewString(), hash, hashToken(browser+code)
	c.CreatedAt, c.ExpiresAt = now, now.Add(codeLife)
	if c.Email == "" {
		c.CodeSHA256 = "" // no code leads to it
		return browser, tx.Create(&c).Error
	}
	m := mail(code)
	m.To, m.Until = c.Email, c.ExpiresAt
	if err := storage.Queue(tx, m); err != nil {
		return "", err
	}
	return browser, tx.Create(&c).Error
}

func signInMail(code string) storage.Mail {
	return storage.Mail{Subject: "【つながりサポーター講座】確認の番号 " + code, Body: fmt.Sprintf(`続きを始めるための、確認の番号です。

　%s

番号を入れる画面に、この6けたの数字を入れてください。
10分のあいだ、1回だけ使えます。番号をたのんだスマホやパソコンでだけ使えます。

この番号を、電話やメールでおたずねすることはありません。
心あたりのない方は、このメールを捨ててください。
`, code)}
}

// SignInCode signs the browser in with the code that it asked for. Where several
// people share the address nobody is signed in yet: people are who it may be, for
// ChoosePerson. Errors: ErrWrongCode, ErrCodeExpired (ask for a new one).
func (a *Accounts) SignInCode(ctx context.Context, browser, code string, v Visit) (session string, people []Person, err error) {
	err = a.answer(ctx, browser, code, challenge{Purpose: toSignIn}, func(tx *gorm.DB, c *challenge) error {
		session, people = "", nil
		list, err := peopleBy(tx, emailKey(c.Email))
		if err != nil {
			return err
		}
		switch len(list) {
		case 0: // erased, or the address was changed meanwhile
			return ErrCodeExpired
		case 1:
			session, err = a.enterByCode(tx, c, list[0].ID, v)
			return err
		}
		for _, p := range list {
			people = append(people, Person{ID: p.ID, Name: p.Name(), Number: p.Number})
		}
		return nil
	})
	return session, people, err
}

// ChoosePerson signs in one of the people whom SignInCode named, in the same
// browser and while the code is valid. Errors: ErrCodeExpired, storage.ErrNotFound
// for somebody with another address.
func (a *Accounts) ChoosePerson(ctx context.Context, browser, accountID string, v Visit) (session string, err error) {
	err = a.db.Tx(ctx, func(tx *gorm.DB) error {
		var c challenge
		err := tx.Where("browser_sha256 = ? AND purpose = ? AND passed_at IS NOT NULL AND expires_at > ?",
			hashToken(browser), toSignIn, tx.NowFunc()).Take(&c).Error
		if errors.Is(err, storage.ErrNotFound) {
			return ErrCodeExpired
		}
		if err != nil {
			return err
		}
		list, err := peopleBy(tx, emailKey(c.Email))
		if err != nil {
			return err
		}
		for _, p := range list {
			if p.ID == accountID {
				session, err = a.enterByCode(tx, &c, accountID, v)
				return err
			}
		}
		return storage.ErrNotFound
	})
	return session, err
}

// enterByCode uses the challenge up: of two requests with it one comes in.
func (a *Accounts) enterByCode(tx *gorm.DB, c *challenge, accountID string, v Visit) (session string, err error) {
	used := tx.Where("id = ?", c.ID).Delete(&challenge{})
	if used.Error != nil {
		return "", used.Error
	}
	if used.RowsAffected == 0 {
		return "", ErrCodeExpired
	}
	return a.comeIn(tx, accountID, v)
}

// answer counts one try at the browser's challenge of the purpose and account of
// want, and with the right code runs then in the same transaction. A wrong try
// stays counted.
func (a *Accounts) answer(ctx context.Context, browser, code string, want challenge, then func(tx *gorm.DB, c *challenge) error) error {
	var denied error
	err := a.db.Tx(ctx, func(tx *gorm.DB) error {
		denied = nil
		now := tx.NowFunc()
		q := tx.Model(&challenge{}).Where("browser_sha256 = ? AND purpose = ? AND passed_at IS NULL AND tries < ? AND expires_at > ?",
			hashToken(browser), want.Purpose, codeTries, now)
		if want.AccountID != nil {
			q = q.Where("account_id = ?", *want.AccountID)
		}
		tried := q.Update("tries", gorm.Expr("tries + 1"))
		if tried.Error != nil {
			return tried.Error
		}
		if tried.RowsAffected == 0 {
			denied = ErrCodeExpired
			return nil
		}
		var c challenge
		if err := tx.Where("browser_sha256 = ?", hashToken(browser)).Take(&c).Error; err != nil {
			return err
		}
		if subtle.ConstantTimeCompare([]byte(hashToken(browser+readCode(code))), []byte(c.CodeSHA256)) != 1 {
			denied = ErrWrongCode
			return nil
		}
		if err := tx.Model(&challenge{}).Where("id = ?", c.ID).Update("passed_at", now).Error; err != nil {
			return err
		}
		return then(tx, &c)
	})
	if err != nil {
		return err
	}
	return denied
}
