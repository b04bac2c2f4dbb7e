package accounts

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"tsunagari/storage"
)

// AskEmail sends a code to an address that the account is to have; the address
// counts only after ConfirmEmail, so that a mistyped one opens nobody's account.
// browser is a secret for a cookie. Errors: validator.ValidationErrors,
// *WaitError, ErrNoCard for a guest.
func (a *Accounts) AskEmail(ctx context.Context, accountID string, in EmailForm, from string) (browser string, err error) {
	if err := a.mayAsk(ctx, &in, from); err != nil {
		return "", err
	}
	err = a.db.Tx(ctx, func(tx *gorm.DB) error {
		person, err := Load(tx, accountID)
		if err != nil {
			return err
		}
		if person.State != Active {
			return ErrNoCard
		}
		browser, err = ask(tx, challenge{Purpose: toSet, Email: in.Email, AccountID: &accountID}, confirmMail)
		return err
	})
	return browser, err
}

func confirmMail(code string) storage.Mail {
	return storage.Mail{Subject: "【つながりサポーター講座】メールアドレスの確認 " + code, Body: fmt.Sprintf(`このメールアドレスを登録するための、確認の番号です。

　%s

番号を入れる画面に、この6けたの数字を入れてください。10分のあいだ、1回だけ使えます。
登録すると、受講カードが手元にないときも、メールで続きを始められます。

心あたりのない方は、このメールを捨ててください。何も登録されません。
`, code)}
}

// ConfirmEmail sets the address that the code was sent to. The address before is
// told that it was replaced. Errors: ErrWrongCode, ErrCodeExpired.
func (a *Accounts) ConfirmEmail(ctx context.Context, accountID, browser, code string) error {
	want := challenge{Purpose: toSet, AccountID: &accountID}
	return a.answer(ctx, browser, code, want, func(tx *gorm.DB, c *challenge) error {
		person, err := Load(tx, accountID)
		if err != nil {
			return err
		}
		if person.Email != "" && person.EmailKey != emailKey(c.Email) {
			if err := storage.Queue(tx, replacedMail(person.Email)); err != nil {
				return err
			}
		}
		return setEmail(tx, accountID, c.Email)
	})
}

func replacedMail(to string) storage.Mail {
	return storage.Mail{To: to, Subject: "【つながりサポーター講座】メールアドレスが変わりました", Body: `登録のメールアドレスが、別のアドレスに変わりました。
このアドレスには、これから番号をお送りしません。

心あたりのない方は、お手数ですが、講座のページにある電話番号へお知らせください。
`}
}

// RemoveEmail forgets the account's address.
func (a *Accounts) RemoveEmail(ctx context.Context, accountID string) error {
	return a.db.Tx(ctx, func(tx *gorm.DB) error { return setEmail(tx, accountID, "") })
}

func setEmail(tx *gorm.DB, accountID, email string) error {
	return tx.Model(&Account{}).Where("id = ? AND state = ?", accountID, Active).
		Updates(map[string]any{"email": email, "email_key": emailKey(email), "version": gorm.Expr("version + 1")}).Error
}
