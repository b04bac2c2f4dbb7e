package certificates

import (
	"strings"

	"gorm.io/gorm"

	"tsunagari/courses/accounts"
)

// PreviewMerge says what Merge would do.
func (c *Certificates) PreviewMerge(tx *gorm.DB, from, into string) (part accounts.MergePart, err error) {
	stays, err := c.courses.Later(tx, from, into)
	if err != nil {
		return part, err
	}
	person, err := accounts.Load(tx, into)
	if err != nil {
		return part, err
	}
	valid := map[string]*Certificate{} // by completion
	said := map[string]string{}        // by account
	var first, later []*Certificate
	for _, id := range []string{from, into} {
		certs, waits, err := c.of(tx, id)
		if err != nil {
			return part, err
		}
		for _, cert := range certs {
			if cert.State == Issued {
				valid[cert.CompletionID] = cert
				if stays[cert.CompletionID] == "" {
					first = append(first, cert)
				} else {
					later = append(later, cert)
				}
			}
		}
		said[id] = sayCertificates(certs, waits)
	}
	if said[from]+said[into] != "" {
		part.Rows = []accounts.MergeRow{{Label: "修了証", From: said[from], Into: said[into]}}
	}
	for _, cert := range append(first, later...) {
		part.Changes = append(part.Changes, becomes(cert, valid[stays[cert.CompletionID]], person))
	}
	return part, nil
}

func sayCertificates(certs []*Certificate, waits []*Wait) string {
	var say []string
	for _, cert := range certs {
		say = append(say, "第"+cert.Number+"号（"+map[State]string{Issued: "有効", Replaced: "差し替え済み", Revoked: "取り消し"}[cert.State]+"）")
	}
	for range waits {
		say = append(say, "発行待ち")
	}
	return strings.Join(say, "、")
}

// becomes says what happens to a valid certificate: another one takes its place, or
// it stays, perhaps with another name than the person's.
func becomes(cert, instead *Certificate, person *accounts.Account) string {
	if instead != nil {
		return "修了証の第" + cert.Number + "号は「差し替え済み」になります。その番号を確かめた人には、残る第" + instead.Number + "号を案内します。"
	}
	say := "修了証の第" + cert.Number + "号は、そのまま有効です。"
	if name, _ := namesOf(person); name != cert.Printed.Name {
		say += "お名前は「" + cert.Printed.Name + "」です。直すときは、まとめたあとで「名前を直す」を使ってください。"
	}
	return say
}
