package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"tsunagari/courses/accounts"
)

// shell is what the commands for people share: whoever works on the machine itself
// may do what an administrator may.
type shell struct {
	database `embed:""`
	BaseURL  string `placeholder:"URL" default:"http://localhost:8080" env:"BASE_URL" help:"Public address of the site, for the link. Default: http://localhost:8080."`
}

// with opens the rooms for one act.
func (s *shell) with(ctx context.Context, p *program, do func(r *rooms) error) error {
	db, err := s.openMigrated(ctx, s.backups(""), p.stdout)
	if err != nil {
		return err
	}
	defer db.Close()
	return do(open(db, strings.TrimSuffix(s.BaseURL, "/"), false))
}

var errNotSetUp = errors.New("the site is not set up yet (tsunagari account setup makes the link for that)")

type setupCommand struct {
	shell `embed:""`
}

func (c *setupCommand) run(ctx context.Context, p *program) error {
	return c.with(ctx, p, func(r *rooms) error {
		link, err := setupLink(ctx, r)
		if err != nil {
			return err
		}
		if link == "" {
			return errors.New("the site is set up already (tsunagari account admin lets a further administrator in)")
		}
		_, err = fmt.Fprintf(p.stdout, "はじめての設定のリンクです。1回だけ使えます。\n%s", showLink(link, ""))
		return err
	})
}

type adminCommand struct {
	shell `embed:""`
}

func (c *adminCommand) run(ctx context.Context, p *program) error {
	return c.with(ctx, p, func(r *rooms) error {
		posts, err := r.accounts.Posts(ctx, accounts.Shell())
		if err != nil {
			return err
		}
		for _, post := range posts {
			if post.Role != accounts.Admin || post.EndedAt != nil {
				continue
			}
			token, err := r.accounts.Invite(ctx, accounts.Shell(), post.ID, accounts.Invitee{}, r.invitationLink)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(p.stdout, "「%s」への招待のリンクです。7日のあいだ、1回だけ使えます。\n%s", post.Name, showLink(r.invitationLink(token), ""))
			return err
		}
		return errNotSetUp
	})
}

type resetCommand struct {
	shell `embed:""`
	Email string `arg:"" help:"The address with which the person signs in."`
	Why   string `required:"" help:"For the record: who asked, and how you made sure of it."`
}

func (c *resetCommand) run(ctx context.Context, p *program) error {
	return c.with(ctx, p, func(r *rooms) error {
		id, err := r.member(ctx, c.Email)
		if err != nil {
			return err
		}
		token, err := r.accounts.InviteToPassword(ctx, accounts.Shell(), id, c.Why)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(p.stdout, "新しいパスワードを決めるリンクです。7日のあいだ、1回だけ使えます。認証アプリの登録も、そのとき外れます。\n%s", showLink(r.invitationLink(token), ""))
		return err
	})
}

// member is the account of a current member of staff.
func (r *rooms) member(ctx context.Context, email string) (string, error) {
	posts, err := r.accounts.Posts(ctx, accounts.Shell())
	if err != nil {
		return "", err
	}
	for _, post := range posts {
		for _, m := range post.Members {
			if strings.EqualFold(m.Email, strings.TrimSpace(email)) {
				return m.AccountID, nil
			}
		}
	}
	return "", fmt.Errorf("nobody in a current post signs in with %s", email)
}

func (r *rooms) invitationLink(token string) string { return r.base + "/invitation#" + token }

// showLink is a one-time link in lines of its own, and beneath it the code in it
// for whoever cannot open it with a script.
func showLink(link, indent string) string {
	_, code, _ := strings.Cut(link, "#")
	return fmt.Sprintf("%s%s\n%s（開いた画面の「コード」のらんが空いていたら、次の文字を入れてください）\n%s%s\n", indent, link, indent, indent, code)
}
