package accounts

import (
	"context"
	"time"

	"gorm.io/gorm"
)

// MergePreview says what merging would change, before it is done.
type MergePreview struct {
	From, Into  Account
	DifferentAt *time.Time // when the desk found them to be two people, nil if it did not
	MergePart
}

// MergePart is what one room says of a merge. It is Japanese, for people to read.
type MergePart struct {
	Rows    []MergeRow // what both have, beside each other
	Changes []string   // what merging does: whole sentences
}

// MergeRow is one line of the comparison; "" is nothing.
type MergeRow struct{ Label, From, Into string }

// OnMergePreview registers what another room says of a merge. It changes nothing,
// and says what that room's OnMerge would do.
func (a *Accounts) OnMergePreview(fn func(tx *gorm.DB, from, into string) (MergePart, error)) {
	a.preview = append(a.preview, fn)
}

// MergePreview puts two people whom by may look after (see Access) beside each
// other and says what merging from into into would do. That both were looked at is
// written down. Error: storage.ErrNotFound.
func (a *Accounts) MergePreview(ctx context.Context, by Access, from, into string) (p *MergePreview, err error) {
	err = a.db.Tx(ctx, func(tx *gorm.DB) error {
		ends, stays, err := by.pair(tx, from, into)
		if err != nil {
			return err
		}
		p = &MergePreview{From: *ends, Into: *stays, MergePart: previewPerson(ends, stays)}
		if p.DifferentAt, err = decided(tx, from, into); err != nil {
			return err
		}
		for _, fn := range a.preview {
			part, err := fn(tx, from, into)
			if err != nil {
				return err
			}
			p.Rows, p.Changes = append(p.Rows, part.Rows...), append(p.Changes, part.Changes...)
		}
		for _, id := range []string{from, into} {
			if err := Audit(tx, by.AccountID, "person.open", id, "", ""); err != nil {
				return err
			}
		}
		return nil
	})
	return p, err
}

func previewPerson(from, into *Account) (part MergePart) {
	for _, row := range []struct {
		label string
		of    func(a *Account) string
	}{
		{"お名前", (*Account).Name},
		{"ふりがな", (*Account).Kana},
		{"証に載せる表記", func(a *Account) string { return a.PrintedName }},
		{"お住まい", func(a *Account) string { return PlaceName(a.Municipality, a.Prefecture) }},
		{"登録した日", func(a *Account) string { return day(a.RegisteredAt) }},
		{"最後に使った日", func(a *Account) string { return day(&a.SeenAt) }},
		{"メール", func(a *Account) string { return map[bool]string{true: "登録あり"}[a.EmailKey != ""] }},
	} {
		if r := (MergeRow{row.label, row.of(from), row.of(into)}); r.From+r.Into != "" {
			part.Rows = append(part.Rows, r)
		}
	}
	part.Changes = []string{
		"お名前とお住まいは、残す登録のとおりになります。",
		"受講カードは、番号" + ShowNumber(into.Number) + "のものだけが使えます。番号" + ShowNumber(from.Number) + "では入れなくなり、その番号で入っているスマホやパソコンも出ます。",
	}
	if from.EmailKey != "" && into.EmailKey == "" {
		part.Changes = append(part.Changes, "メールアドレスは、なくなる登録のものを引きつぎます。")
	} else if from.EmailKey != "" && from.EmailKey != into.EmailKey {
		part.Changes = append(part.Changes, "メールアドレスは、残す登録のものだけになります。")
	}
	return part
}

func day(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.In(japan).Format("2006年1月2日")
}
