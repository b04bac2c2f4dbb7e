package main

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"mime/quotedprintable"
	"net"
	netmail "net/mail"
	"strings"
	"testing"

	"github.com/emersion/go-smtp"
	"github.com/wneessen/go-mail"

	"tsunagari/storage"
)

// letterbox is a mail server that keeps what it gets.
type letterbox struct {
	from, to string
	got      []byte
	refuse   bool
}

func (b *letterbox) NewSession(*smtp.Conn) (smtp.Session, error) { return b, nil }
func (b *letterbox) Mail(from string, _ *smtp.MailOptions) error { b.from = from; return nil }
func (b *letterbox) Rcpt(to string, _ *smtp.RcptOptions) error   { b.to = to; return nil }
func (b *letterbox) Reset()                                      {}
func (b *letterbox) Logout() error                               { return nil }
func (b *letterbox) Data(r io.Reader) (err error) {
	if b.refuse {
		return &smtp.SMTPError{Code: 550, Message: "no such mailbox"}
	}
	b.got, err = io.ReadAll(r)
	return err
}

func mailServer(t *testing.T) (*letterbox, string) {
	t.Helper()
	box := &letterbox{}
	server := smtp.NewServer(box)
	server.Domain = "localhost"
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go server.Serve(l)
	t.Cleanup(func() { server.Close() })
	return box, "smtp://" + l.Addr().String()
}

func TestMail(t *testing.T) {
	box, address := mailServer(t)
	p, err := newPost(address, "tsunagari@example.jp")
	if err != nil {
		t.Fatal(err)
	}
	const subject, body = "確認の番号（つながりサポーター養成講座）", "番号は 123456 です。\n10分のあいだ使えます。"
	if err := p.send(ctx, storage.Mail{To: "hanako@example.jp", Subject: subject, Body: body}); err != nil {
		t.Fatal(err)
	}
	m, err := netmail.ReadMessage(bytes.NewReader(box.got))
	if err != nil {
		t.Fatal(err)
	}
	got, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil || got != subject || box.from != "tsunagari@example.jp" || box.to != "hanako@example.jp" {
		t.Errorf("%q %v from %s to %s", got, err, box.from, box.to)
	}
	if m.Header.Get("Auto-Submitted") != "auto-generated" || m.Header.Get("Date") == "" || m.Header.Get("Message-Id") == "" {
		t.Errorf("headers: %v", m.Header)
	}
	if text, err := decoded(m); err != nil || strings.ReplaceAll(strings.TrimSpace(text), "\r\n", "\n") != body {
		t.Errorf("body %q %v", text, err)
	}
	box.refuse = true
	if err := p.send(ctx, storage.Mail{To: "hanako@example.jp", Subject: subject, Body: body}); err == nil {
		t.Error("a refused mail counts as sent")
	}
}

func decoded(m *netmail.Message) (string, error) {
	var r io.Reader = m.Body
	switch strings.ToLower(m.Header.Get("Content-Transfer-Encoding")) {
	case "quoted-printable":
		r = quotedprintable.NewReader(r)
	case "base64":
		r = base64.NewDecoder(base64.StdEncoding, r)
	}
	b, err := io.ReadAll(r)
	return string(b), err
}

func TestMailWithoutServer(t *testing.T) {
	if p, err := newPost("", ""); p != nil || err != nil {
		t.Errorf("%v %v", p, err)
	}
	var out bytes.Buffer
	c := &console{out: &out}
	if err := c.send(ctx, storage.Mail{To: "hanako@example.jp", Subject: "件名です", Body: "本文です"}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"hanako@example.jp", "件名です", "本文です"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in %q", want, out.String())
		}
	}
}

// A server elsewhere must speak TLS, be it asked for in the address or not.
func TestMailNeedsTLS(t *testing.T) {
	for address, want := range map[string]mail.TLSPolicy{
		"smtp://mail.example.jp":              mail.TLSMandatory,
		"smtp://mail.example.jp?tls=optional": mail.TLSOpportunistic,
		"smtp://127.0.0.1:25":                 mail.NoTLS,
	} {
		p, err := newPost(address, "tsunagari@example.jp")
		if err != nil {
			t.Fatal(err)
		}
		client, err := mail.NewClient("x", p.(*smtpPost).options...)
		if err != nil {
			t.Fatal(err)
		}
		if got := client.TLSPolicy(); got != want.String() {
			t.Errorf("%s: %s, want %s", address, got, want)
		}
	}
	if _, err := newPost("smtp://mail.example.jp?tls=never", "tsunagari@example.jp"); err == nil {
		t.Error("an unknown word for TLS is taken")
	}
}
