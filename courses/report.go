package courses

import (
	"bytes"
	"fmt"
	"io"
)

// WriteTo writes the report for a person to read: faults and warnings with file
// and line, then the figures.
func (r *Report) WriteTo(w io.Writer) (int64, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "講座「%s」（%s）\n", r.Title, r.Slug)
	r.writeFaults(&b)
	for _, kind := range WarningKinds {
		if n := r.Count(kind); n > 0 {
			fmt.Fprintf(&b, "\n注意　%s：%d件\n", kind, n)
		}
		for _, warning := range r.Warnings {
			if warning.Kind == kind {
				fmt.Fprintf(&b, "  %s\n", warning.Fault)
			}
		}
	}
	if len(r.Unconfirmed) > 0 {
		fmt.Fprintf(&b, "\n確認前：%d件\n", len(r.Unconfirmed))
		for _, f := range r.Unconfirmed {
			fmt.Fprintf(&b, "  %s\n", f)
		}
	}
	r.writeFigures(&b)
	return b.WriteTo(w)
}

func (r *Report) writeFaults(b *bytes.Buffer) {
	if r.OK() {
		fmt.Fprintln(b, "\nまちがい：ありません")
		return
	}
	fmt.Fprintf(b, "\nまちがい：%d件（このままでは公開できません）\n", len(r.Faults))
	for _, f := range r.Faults {
		fmt.Fprintf(b, "  %s\n", f)
	}
}

func (r *Report) writeFigures(b *bytes.Buffer) {
	f := r.Figures
	fmt.Fprintf(b, "\n読む時間（1分に%d字。必ず読むレッスンの本文・活動・答えたあとの言葉と、確認の問題）\n", ReadingPace)
	for _, m := range f.Modules {
		fmt.Fprintf(b, "  %s %s：%.1f分", m.ID, m.Title, m.Minutes)
		if m.Given > 0 {
			fmt.Fprintf(b, "／%d分", m.Given)
		}
		fmt.Fprintf(b, "（うち確認 %.1f分）　問題 %d問\n", m.Check, m.Bank)
		for _, l := range f.Lessons {
			if l.Module != m.ID {
				continue
			}
			fmt.Fprintf(b, "    %s %s：%.1f分　%d字　やさしい日本語 %d字", l.ID, l.Title, l.Minutes, l.Letters, l.EasyLetters)
			if l.Pictures > 0 {
				fmt.Fprintf(b, "　写真 %s", weight(l.Pictures))
			}
			if !l.Required {
				fmt.Fprint(b, "　（もっと知りたい方へ）")
			}
			fmt.Fprintln(b)
		}
	}
	fmt.Fprintf(b, "  まとめの確認：%.1f分\n  必ず読むところ全体：%.1f分", f.Closing, f.Required)
	if f.Given > 0 {
		fmt.Fprintf(b, "／%d分", f.Given)
	}
	fmt.Fprintf(b, "\n\nまちがい %d件、注意 %d件、確認前 %d件\n", len(r.Faults), len(r.Warnings), len(r.Unconfirmed))
}
