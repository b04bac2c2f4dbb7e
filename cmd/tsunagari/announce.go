package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"

	"tsunagari/courses/accounts"
)

// announce prints where the site is, and, before it is set up, the link that sets
// it up.
func (s *serveCommand) announce(ctx context.Context, addr net.Addr, r *rooms) error {
	var b strings.Builder
	fmt.Fprintln(&b, "\nつながりサポーター養成講座が始まりました。止めるときは Ctrl+C を押してください。")
	here, network := reach(addr)
	if public := s.public(); public != "" {
		fmt.Fprintf(&b, "  公開アドレス　　　　　　 %s\n", public)
	}
	if s.Domain == "" {
		fmt.Fprintf(&b, "  このパソコンから　　　　 %s\n", here)
		for _, a := range network {
			fmt.Fprintf(&b, "  同じネットワークの中から %s\n", a)
		}
	}
	if s.public() == "" {
		fmt.Fprintf(&b, "  修了証とカードのQRには、%s が入ります。公開するときは --base-url で正式なアドレスを決めてください。\n", r.base)
	}
	link, err := setupLink(ctx, r)
	if err != nil {
		return err
	}
	if link != "" {
		fmt.Fprintf(&b, "\n  はじめての設定（運営団体と管理者を決めます。このリンクは1回だけ使えます）\n%s", showLink(link, "  "))
	}
	_, err = fmt.Fprintln(r.out, b.String())
	return err
}

// setupLink is a new one-time link, "" once there is an administrator.
func setupLink(ctx context.Context, r *rooms) (string, error) {
	token, err := r.accounts.SetupToken(ctx)
	if errors.Is(err, accounts.ErrSetUp) {
		return "", nil
	}
	return r.base + "/setup#" + token, err
}
