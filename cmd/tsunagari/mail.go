package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	netmail "net/mail"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/wneessen/go-mail"

	"tsunagari/storage"
)

// post carries one mail; an error means that nobody took it.
type post interface {
	send(ctx context.Context, m storage.Mail) error
}

// newPost is the way to the mail server at address (smtp:// or smtps://), or nil
// without one.
func newPost(address, from string) (post, error) {
	if address == "" {
		return nil, nil
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "smtp" && u.Scheme != "smtps" || u.Hostname() == "" { // not %w: the text holds the password
		return nil, errors.New("--smtp-url must look like smtp://user:password@host:587 or smtps://user:password@host:465")
	}
	if from == "" {
		from = u.User.Username()
	}
	if _, err := netmail.ParseAddress(from); err != nil {
		return nil, errors.New("the mail needs a sender: --mail-from tsunagari@example.jp")
	}
	options, err := smtpOptions(u)
	if err != nil {
		return nil, err
	}
	return &smtpPost{host: u.Hostname(), from: from, options: options}, nil
}

// smtpOptions: smtps:// speaks TLS from the start; smtp:// must switch to it,
// unless the server is this machine or the address ends in ?tls=optional.
func smtpOptions(u *url.URL) ([]mail.Option, error) {
	options := []mail.Option{mail.WithTimeout(30 * time.Second)}
	ip := net.ParseIP(u.Hostname())
	switch tls := u.Query().Get("tls"); {
	case tls != "" && tls != "optional":
		return nil, errors.New("--smtp-url knows ?tls=optional only")
	case u.Scheme == "smtps":
		options = append(options, mail.WithSSL(), mail.WithPort(465))
	case u.Hostname() == "localhost" || ip != nil && ip.IsLoopback():
		options = append(options, mail.WithTLSPolicy(mail.NoTLS), mail.WithPort(25))
	case tls == "optional":
		options = append(options, mail.WithTLSPolicy(mail.TLSOpportunistic), mail.WithPort(587))
	default:
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory), mail.WithPort(587))
	}
	if u.Port() != "" {
		port, err := strconv.Atoi(u.Port())
		if err != nil {
			return nil, err
		}
		options = append(options, mail.WithPort(port))
	}
	if password, ok := u.User.Password(); ok {
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover),
			mail.WithUsername(u.User.Username()), mail.WithPassword(password))
	}
	return options, nil
}

type smtpPost struct {
	host, from string
	options    []mail.Option
}

func (s *smtpPost) send(ctx context.Context, letter storage.Mail) error {
	client, err := mail.NewClient(s.host, s.options...)
	if err != nil {
		return err
	}
	m := mail.NewMsg(mail.WithNoDefaultUserAgent())
	if err := errors.Join(m.From(s.from), m.To(letter.To)); err != nil {
		return err
	}
	m.Subject(letter.Subject)
	m.SetDate()
	m.SetMessageID()
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	m.SetBodyString(mail.TypeTextPlain, letter.Body)
	for _, f := range letter.Files {
		if err := m.AttachReader(f.Name, bytes.NewReader(f.Content), mail.WithFileContentType(mail.ContentType(f.Type))); err != nil {
			return err
		}
	}
	return client.DialAndSendWithContext(ctx, m)
}

// console shows mail to whoever started the program.
type console struct {
	mu  sync.Mutex
	out io.Writer
}

func (c *console) send(_ context.Context, m storage.Mail) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	files := ""
	for _, f := range m.Files {
		files += fmt.Sprintf("\n添付: %s（%dバイト）", f.Name, len(f.Content))
	}
	_, err := fmt.Fprintf(c.out, "\n── メール（SMTP_URL がないので、ここに表示します）──\n宛先: %s\n件名: %s%s\n\n%s\n──\n",
		m.To, m.Subject, files, strings.TrimSpace(m.Body))
	return err
}
