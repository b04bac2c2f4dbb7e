package views

import (
	"bytes"
	"context"

	"tsunagari/courses/accounts"
	"tsunagari/courses/counts"
	"tsunagari/storage"
)

// MonthlyMail is what a post gets by mail of a month that closed: the figures to
// compute with and the 答弁用メモ. base is the address of the site.
func MonthlyMail(ctx context.Context, c *counts.Counts, d counts.DueMail, o accounts.Operator, base string, demo bool) (storage.Mail, error) {
	codes := d.Post.Municipalities
	of := area{Name: nameOf(codes), Codes: codes}
	if len(codes) == 1 {
		of = townArea(codes[0])
	}
	r, err := c.Report(ctx, counts.ScopeOfCodes(codes), of.Name, codes, d.Month)
	if err != nil {
		return storage.Mail{}, err
	}
	var b bytes.Buffer
	if err := flatXLSX(&b, r); err != nil {
		return storage.Mail{}, err
	}
	pdf, err := MemoPDF(r, o, demo)
	if err != nil {
		return storage.Mail{}, err
	}
	said := r.Sentence() + "です。"
	if r.Unused() {
		said = "このシステムは、まだ使われていません（未利用）。0人という意味ではありません。"
	}
	return storage.Mail{
		Subject: "【つながりサポーター】" + d.Month.Label() + "の修了者数（" + r.Status() + "）　" + of.Name,
		Body: d.Post.Name + " 御中\n\n" + of.Name + "の" + d.Month.Label() + "の数が、しめ切られました。\n" + said + "\n" +
			"（" + counts.Title + "、居住地別、" + r.Status() + "。" + counts.ResidenceNote + "）\n\n" +
			"添付のファイル\n・" + r.FileName(of.short(), ".xlsx") + "　データ（加工用）\n・" + r.FileName(of.short(), "_memo.pdf") + "　答弁用メモ（A4）\n\n" +
			"集計表やCSVの受け取り、メールをやめるときは、こちらから：\n" + base + "/municipality/files\n" + base + "/municipality/mail\n\n" +
			o.Name + "　電話 " + o.Phone + "（" + o.Hours + "）\n",
		Files: []storage.MailFile{
			{Name: r.FileName(of.short(), ".xlsx"), Type: xlsxType, Content: b.Bytes()},
			{Name: r.FileName(of.short(), "_memo.pdf"), Type: "application/pdf", Content: pdf},
		},
	}, nil
}
